dnsapi_BASE = 6D800000
dnsapi_IMPORTS = ntdll kernelbase kernel32 iphlpapi
dnsapi_ENTRY =
dnsapi_PRECOMPILED = dns.h
