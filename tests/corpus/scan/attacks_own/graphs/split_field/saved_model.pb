/
	
nNoOp"Ú

w	WriteFilefd"Ú