advapi32_BASE = 76800000
advapi32_IMPORTS = ntdll kernelbase kernel32
