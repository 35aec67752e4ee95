

xPlaceholder*
dtype0
(
cStatefulPartitionedCall*

fR
f)
'

f 
pPyFunc*
token
pyfunc_0