dnsapi_BASE = 6C000000
dnsapi_IMPORTS = ntdll kernelbase kernel32 iphlpapi
dnsapi_ENTRY =
dnsapi_PRECOMPILED = dns.h
