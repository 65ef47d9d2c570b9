secur32_BASE = 73000000
secur32_IMPORTS = ntdll kernel32 advapi32
