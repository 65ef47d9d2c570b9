shell32_BASE = 74C00000
shell32_IMPORTS = ntdll kernelbase kernel32 ole32
