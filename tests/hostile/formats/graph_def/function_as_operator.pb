

xPlaceholder*
dtype0

smy_functionx#
!

my_function
iIdentitya