// What making keys and moving them in blobs share.
#ifndef LOWLAND_ADVAPI32_CRYPT_KEY_H
#define LOWLAND_ADVAPI32_CRYPT_KEY_H

#include "crypt.h"

// Whether a provider has keys of this size; *bits 0 becomes the usual one. NTE_BAD_ALGID, NTE_BAD_LEN.
DWORD crypt_check_size(const struct crypt_provider *provider, ALG_ID algorithm, DWORD *bits);
// A session key, not yet added. NULL without memory.
struct crypt_key *crypt_new_session_key(ALG_ID algorithm, const BYTE *bytes, DWORD size, DWORD flags);

#endif
