ole32_BASE = 6FC00000
ole32_IMPORTS = ntdll kernelbase kernel32 combase
ole32_ENTRY =
ole32_CFLAGS = -DCOBJMACROS
ole32_LIBS = -luuid
