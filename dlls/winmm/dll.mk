winmm_BASE = 6E800000
winmm_IMPORTS = ntdll kernelbase kernel32
winmm_ENTRY =
