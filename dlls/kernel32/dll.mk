kernel32_BASE = 77000000
kernel32_IMPORTS = ntdll kernelbase
