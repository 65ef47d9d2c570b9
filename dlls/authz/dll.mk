authz_BASE = 74000000
authz_IMPORTS = ntdll kernelbase
