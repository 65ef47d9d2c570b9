dbghelp_BASE = 6EC00000
dbghelp_IMPORTS = ntdll kernelbase kernel32 msvcrt
dbghelp_ENTRY =
