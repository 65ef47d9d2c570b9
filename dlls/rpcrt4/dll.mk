rpcrt4_BASE = 6F800000
rpcrt4_IMPORTS = ntdll kernelbase kernel32 bcryptprimitives
rpcrt4_ENTRY =
