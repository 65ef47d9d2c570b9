oleaut32_BASE = 76000000
# msvcrt first: its _snprintf knows floating point, ntdll's does not.
oleaut32_IMPORTS = msvcrt ntdll kernelbase kernel32 combase ole32
oleaut32_CFLAGS = -DCOBJMACROS
oleaut32_LIBS = -luuid
