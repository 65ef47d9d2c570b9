lz32_BASE = 71C00000
lz32_IMPORTS = ntdll kernel32
lz32_ENTRY =
