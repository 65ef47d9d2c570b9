netapi32_BASE = 70000000
netapi32_IMPORTS = ntdll kernel32 advapi32
