kernel32_BASE = 0x77000000
kernel32_IMPORTS = ntdll kernelbase
kernel32_ENTRY = DllMain
