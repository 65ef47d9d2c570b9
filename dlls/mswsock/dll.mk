mswsock_BASE = 70800000
mswsock_IMPORTS = ntdll kernelbase kernel32 ws2_32
mswsock_ENTRY =
mswsock_PRECOMPILED = extension.h
