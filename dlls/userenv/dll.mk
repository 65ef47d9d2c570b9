userenv_BASE = 70400000
userenv_IMPORTS = ntdll kernel32 advapi32
