// Where credentials are kept: a file each, readable by the user alone, in
// %LOCALAPPDATA%\Microsoft\Credentials.
#ifndef LOWLAND_ADVAPI32_CREDENTIAL_STORE_H
#define LOWLAND_ADVAPI32_CREDENTIAL_STORE_H

#include "base.h"
#include <wincred.h>

// Each returns ERROR_SUCCESS or what kept it from its work. A credential comes as one block of the process
// heap, to be freed by CredFree.
DWORD credential_store_write(const CREDENTIALW *credential);
DWORD credential_store_read(const WCHAR *target, DWORD type, CREDENTIALW **credential); // ERROR_NOT_FOUND
DWORD credential_store_delete(const WCHAR *target, DWORD type);                         // ERROR_NOT_FOUND

// Calls visit for each credential until it returns false; visit owns what it gets. ERROR_NOT_FOUND when there
// is none.
DWORD credential_store_each(bool (*visit)(CREDENTIALW *credential, void *context), void *context);

#endif
