iphlpapi_BASE = 71000000
iphlpapi_IMPORTS = ntdll kernelbase kernel32
iphlpapi_ENTRY =
iphlpapi_PRECOMPILED = network.h
