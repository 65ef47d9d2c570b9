// RSA keys: making and moving them.
#ifndef LOWLAND_BCRYPT_RSA_KEY_H
#define LOWLAND_BCRYPT_RSA_KEY_H

#include "cng.h"

// As struct cng_pair_functions has them.
NTSTATUS rsa_generate(struct cng_key *key);
NTSTATUS rsa_import(struct cng_key *key, const WCHAR *type, const BYTE *blob, ULONG size);
NTSTATUS rsa_export(const struct cng_key *key, const WCHAR *type, BYTE *blob, ULONG room, ULONG *result);

#endif
