wsock32_BASE = 72800000
wsock32_IMPORTS = ntdll ws2_32 mswsock
wsock32_ENTRY =
