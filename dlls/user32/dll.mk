user32_BASE = 76400000
user32_IMPORTS = kernelbase kernel32 ntdll
user32_ENTRY = DllMain
