// The local security authority: policy handles and memory that LsaFreeMemory frees.
#ifndef LOWLAND_ADVAPI32_LSA_H
#define LOWLAND_ADVAPI32_LSA_H

#include "account.h"
#include <ntsecapi.h>

// STATUS_SUCCESS when handle is an open policy with these rights; STATUS_INVALID_HANDLE,
// STATUS_ACCESS_DENIED.
NTSTATUS lsa_check_policy(LSA_HANDLE handle, ACCESS_MASK access);

// Zeroed memory for LsaFreeMemory. NULL without.
void *lsa_alloc(SIZE_T size);

// Room for text with its NUL is taken at *at, which moves on.
void lsa_string(LSA_UNICODE_STRING *string, const WCHAR *text, BYTE **at);

#endif
