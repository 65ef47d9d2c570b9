// Trustees: whom an entry of an access control list is about.
#ifndef LOWLAND_ADVAPI32_TRUSTEE_H
#define LOWLAND_ADVAPI32_TRUSTEE_H

#include "base.h"
#include <accctrl.h>
#include <aclapi.h>

// The SID of a trustee into sid (SECURITY_MAX_SID_SIZE bytes). ERROR_INVALID_PARAMETER for a bad form or
// several trustees in one, ERROR_NONE_MAPPED for an unknown name.
DWORD trustee_sid(const TRUSTEEW *trustee, SID *sid);

// A wide copy of an ANSI trustee; name is to be freed with heap_free (NULL: none). ERROR_NOT_ENOUGH_MEMORY.
DWORD trustee_from_ansi(TRUSTEEW *wide, const TRUSTEEA *ansi, WCHAR **name);

#endif
