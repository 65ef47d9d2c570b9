# ncrypt: CNG's keys that last. What they compute is bcrypt's.
ncrypt_BASE = 6E000000
ncrypt_IMPORTS = ntdll kernelbase kernel32 bcrypt
ncrypt_ENTRY =
