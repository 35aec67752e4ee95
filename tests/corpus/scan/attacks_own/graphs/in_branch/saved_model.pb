‡
"serve*2.15.0t
<
iStatelessIf*
then_branchR
t*
else_branchR
e/


t
w	WriteFilefd


e	
nNoOp"Ú