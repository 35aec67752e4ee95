#
"serve*2.15.0
	
nNoOp"Ú&
"train

w	WriteFilefd"Ú