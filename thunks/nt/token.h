// Security: what ntdll's token calls need beyond winnt.h. Source: phnt's ntseapi.h.
#ifndef LOWLAND_NT_TOKEN_H
#define LOWLAND_NT_TOKEN_H

#define NtCurrentProcessToken()         ((HANDLE)(LONG_PTR)-4)
#define NtCurrentThreadToken()          ((HANDLE)(LONG_PTR)-5)
#define NtCurrentThreadEffectiveToken() ((HANDLE)(LONG_PTR)-6)

#endif
