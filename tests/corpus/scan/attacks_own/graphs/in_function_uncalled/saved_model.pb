7
"serve*2.15.0$


f
w	WriteFilefd"Ú