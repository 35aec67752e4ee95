

xPlaceholder*
dtype0

dDebugIdentityV2x