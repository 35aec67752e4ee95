I
"serve*2.21.0

xPlaceholder*
dtype02

a:0../../secret