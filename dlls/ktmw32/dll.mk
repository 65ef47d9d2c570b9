ktmw32_BASE = 6B400000
ktmw32_IMPORTS = ntdll kernel32
ktmw32_ENTRY =
