secur32_BASE = 73000000
secur32_IMPORTS = ntdll kernelbase kernel32 advapi32 crypt32
