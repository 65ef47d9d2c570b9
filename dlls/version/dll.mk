version_BASE = 75800000
version_IMPORTS = ntdll kernelbase kernel32
