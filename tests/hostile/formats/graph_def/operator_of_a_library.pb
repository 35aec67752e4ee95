

xPlaceholder*
dtype0

sMyLibrary>Runx