# vcruntime140: what compilers of Visual C++ call. It lies in ucrtbase, with the thread's state that it works on.
vcruntime140_BASE = 6C000000
vcruntime140_IMPORTS = ntdll kernelbase kernel32 ucrtbase
vcruntime140_ENTRY =
