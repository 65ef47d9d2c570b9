ws2_32_BASE = 72C00000
ws2_32_IMPORTS = ntdll kernelbase kernel32
ws2_32_ENTRY = DllMain
ws2_32_PRECOMPILED = winsock.h
