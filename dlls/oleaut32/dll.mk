oleaut32_BASE = 76000000
oleaut32_IMPORTS = ntdll kernelbase kernel32
