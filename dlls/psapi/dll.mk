psapi_BASE = 75C00000
psapi_IMPORTS = ntdll kernel32
