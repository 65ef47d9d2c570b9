advapi32_BASE = 76800000
advapi32_IMPORTS = ntdll kernelbase kernel32
advapi32_SHARED = thunks/bcryptprimitives_stubs dlls/bcrypt/rsa_padding
