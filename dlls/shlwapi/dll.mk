shlwapi_BASE = 71800000
shlwapi_IMPORTS = ntdll kernelbase
shlwapi_ENTRY =
shlwapi_LIBS = -luuid
