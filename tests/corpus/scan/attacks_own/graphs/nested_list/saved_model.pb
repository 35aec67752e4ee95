W
"serve*2.15.0D

cCase*
branches
J
f


f
w	WriteFilefd"Ú