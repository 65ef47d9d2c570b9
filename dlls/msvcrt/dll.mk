msvcrt_BASE = 76C00000
msvcrt_IMPORTS = ntdll kernelbase kernel32
msvcrt_ENTRY = DllMain
msvcrt_LIBS = -lmingwex
msvcrt_PRECOMPILED = msvcrt.h
