2
"serve*2.21.0

xPlaceholder*
dtype0