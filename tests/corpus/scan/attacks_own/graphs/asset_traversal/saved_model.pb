7
"serve*2.15.0
	
nNoOp"Ú2../../etc/passwd