a
"serve*2.15.0N
(
pStatefulPartitionedCall*

fR
f


f
w	WriteFilefd"Ú