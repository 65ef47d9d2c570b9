imagehlp_BASE = 6DC00000
imagehlp_IMPORTS = ntdll kernelbase kernel32 dbghelp
imagehlp_ENTRY =
