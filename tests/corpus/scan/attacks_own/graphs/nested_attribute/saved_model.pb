^
"serve*2.15.0K
D
dDatasetFromGraphc**
	graph_def

w	WriteFilefd"Ú"Ú