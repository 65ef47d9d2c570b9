combase_BASE = 6E400000
combase_IMPORTS = ntdll kernelbase kernel32 rpcrt4
combase_ENTRY = DllMain
combase_CFLAGS = -DCOBJMACROS
combase_LIBS = -luuid
