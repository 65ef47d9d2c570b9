kernelbase_BASE = 77400000
kernelbase_IMPORTS = ntdll
kernelbase_ENTRY = DllMain
