// Keys out of blobs, whose first bytes tell the algorithm.
#include "ncrypt_internal.h"

// The algorithm that a blob's first four bytes stand for; NULL for none.
static const WCHAR *algorithm_of(DWORD magic)
{
    static const WCHAR *const ecdh[] = {BCRYPT_ECDH_P256_ALGORITHM, BCRYPT_ECDH_P384_ALGORITHM,
                                        BCRYPT_ECDH_P521_ALGORITHM};
    static const WCHAR *const ecdsa[] = {BCRYPT_ECDSA_P256_ALGORITHM, BCRYPT_ECDSA_P384_ALGORITHM,
                                         BCRYPT_ECDSA_P521_ALGORITHM};
    DWORD number = (magic >> 24) - '1', kind = magic & 0xFFFFFF;
    if (magic == BCRYPT_DH_PUBLIC_MAGIC || magic == BCRYPT_DH_PRIVATE_MAGIC) return BCRYPT_DH_ALGORITHM;
    if (magic == BCRYPT_DSA_PUBLIC_MAGIC || magic == BCRYPT_DSA_PRIVATE_MAGIC ||
        magic == BCRYPT_DSA_PUBLIC_MAGIC_V2 || magic == BCRYPT_DSA_PRIVATE_MAGIC_V2)
        return BCRYPT_DSA_ALGORITHM;
    if (magic >= BCRYPT_RSAPUBLIC_MAGIC && kind == (BCRYPT_RSAPUBLIC_MAGIC & 0xFFFFFF) && number < 3)
        return BCRYPT_RSA_ALGORITHM;
    if (number >= 6) return NULL;
    if (kind == (BCRYPT_ECDH_PUBLIC_P256_MAGIC & 0xFFFFFF)) return ecdh[number / 2];
    return kind == (BCRYPT_ECDSA_PUBLIC_P256_MAGIC & 0xFFFFFF) ? ecdsa[number / 2] : NULL;
}

SECURITY_STATUS import_blob(struct ncrypt_object *key, const WCHAR *type, const BYTE *blob, DWORD size)
{
    DWORD magic = 0;
    BCRYPT_ALG_HANDLE algorithm;
    if (size >= sizeof(magic)) memcpy(&magic, blob, sizeof(magic));
    bool capi = same_text(type, LEGACY_RSAPUBLIC_BLOB) || same_text(type, LEGACY_RSAPRIVATE_BLOB);
    const WCHAR *name = capi ? BCRYPT_RSA_ALGORITHM : algorithm_of(magic);
    if (!name) return NTE_INVALID_PARAMETER;
    copy_text(key->algorithm, ALGORITHM_NAME_MAX, name);
    NTSTATUS status = BCryptOpenAlgorithmProvider(&algorithm, name, NULL, 0);
    if (!NT_SUCCESS(status)) return status_from_nt(status);
    status = BCryptImportKeyPair(algorithm, NULL, type, &key->key, (UCHAR *)blob, size, 0);
    BCryptCloseAlgorithmProvider(algorithm, 0);
    key->final = NT_SUCCESS(status);
    return status_from_nt(status);
}
