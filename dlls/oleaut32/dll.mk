oleaut32_BASE = 76000000
oleaut32_IMPORTS = ntdll kernelbase kernel32 msvcrt
oleaut32_CFLAGS = -DCOBJMACROS
oleaut32_LIBS = -luuid
