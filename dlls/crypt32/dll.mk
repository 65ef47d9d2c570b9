crypt32_BASE = 6F000000
crypt32_IMPORTS = ntdll kernelbase kernel32 advapi32
crypt32_SHARED = thunks/bcryptprimitives_stubs
