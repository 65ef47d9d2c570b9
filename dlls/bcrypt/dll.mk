# bcrypt: CNG, Windows' newer interface to cryptography. What it computes is below bcryptprimitives' interface.
bcrypt_BASE = 6F400000
bcrypt_IMPORTS = ntdll kernelbase
bcrypt_ENTRY =
bcrypt_SHARED = thunks/bcryptprimitives_stubs dlls/advapi32/rc4
