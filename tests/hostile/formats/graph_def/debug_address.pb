

xPlaceholder*
dtype0
C
dDebugIdentityV2x**

debug_urls
grpc://example.invalid:1