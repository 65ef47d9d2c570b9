normaliz_BASE = 72400000
normaliz_IMPORTS = ntdll kernel32
normaliz_ENTRY =
