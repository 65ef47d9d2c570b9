kernelbase_BASE = 0x77400000
kernelbase_IMPORTS = ntdll
kernelbase_ENTRY = DllMain
