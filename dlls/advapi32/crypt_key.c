// Keys: making, deriving, copying them, their parameters.
#include "crypt.h"
#include "crypt_key.h"

// What each cipher's keys may be, in bits: of the base provider and of the others.
static const struct cipher {
    ALG_ID algorithm;
    DWORD block;
    DWORD usual, least, most;    // bits
    DWORD base_usual, base_most; // 0: not in the base provider
} ciphers[] = {
    {CALG_RC2, 8, 128, 40, 1024, 40, 56},    {CALG_RC4, 0, 128, 40, 2048, 40, 56},
    {CALG_DES, 8, 64, 64, 64, 64, 64},       {CALG_3DES_112, 8, 128, 128, 128, 0, 0},
    {CALG_3DES, 8, 192, 192, 192, 0, 0},     {CALG_AES_128, 16, 128, 128, 128, 0, 0},
    {CALG_AES_192, 16, 192, 192, 192, 0, 0}, {CALG_AES_256, 16, 256, 256, 256, 0, 0},
};

static const struct cipher *find_cipher(ALG_ID algorithm)
{
    for (size_t i = 0; i < ARRAY_LENGTH(ciphers); i++)
        if (ciphers[i].algorithm == algorithm) return &ciphers[i];
    return NULL;
}

DWORD crypt_block_size(ALG_ID algorithm)
{
    const struct cipher *cipher = find_cipher(algorithm);
    return cipher ? cipher->block : 0;
}

DWORD crypt_check_size(const struct crypt_provider *provider, ALG_ID algorithm, DWORD *bits)
{
    const struct cipher *cipher = find_cipher(algorithm);
    if (!cipher || (provider->base && !cipher->base_most)) return (DWORD)NTE_BAD_ALGID;
    if (!*bits) *bits = provider->base ? cipher->base_usual : cipher->usual;
    DWORD most = provider->base ? cipher->base_most : cipher->most;
    return *bits % 8 || *bits < cipher->least || *bits > most ? (DWORD)NTE_BAD_LEN : ERROR_SUCCESS;
}

void crypt_key_reset(struct crypt_key *key)
{
    key->under_way = false;
    memcpy(key->chain, key->iv, sizeof(key->chain));
    if (key->algorithm == CALG_RC4 && key->size) rc4_begin(&key->rc4, key->bytes, key->size);
}

struct crypt_key *crypt_new_session_key(ALG_ID algorithm, const BYTE *bytes, DWORD size, DWORD flags)
{
    struct crypt_key *key = heap_alloc(sizeof(*key));
    if (!key) return NULL;
    key->algorithm = algorithm;
    key->exportable = flags & CRYPT_EXPORTABLE;
    key->mode = CRYPT_MODE_CBC;
    key->size = size;
    key->effective_bits = algorithm == CALG_RC2 ? size * 8 : 0;
    memcpy(key->bytes, bytes, size);
    crypt_key_reset(key);
    return key;
}

// ---- making keys ----

static DWORD generate_rsa(struct crypt_provider *provider, ALG_ID algorithm, DWORD bits, DWORD flags,
                          struct crypt_key **result)
{
    if (!bits) bits = provider->base ? 512 : 1024;
    if (bits < 384 || bits > 16384 || bits % 16) return (DWORD)NTE_BAD_FLAGS;
    struct crypt_key *key = heap_alloc(sizeof(*key));
    if (!key) return ERROR_NOT_ENOUGH_MEMORY;
    key->algorithm = algorithm;
    key->exportable = flags & CRYPT_EXPORTABLE;
    key->body_size = sizeof(RSAPUBKEY) + bits / 16 * 9;
    key->body = heap_alloc(key->body_size);
    DWORD error = key->body ? RtlNtStatusToDosError(CryptoRsaGenerate(bits, key->body, key->body_size))
                            : ERROR_NOT_ENOUGH_MEMORY;
    if (!error) error = crypt_container_store(provider, key);
    if (error) {
        heap_free(key->body);
        heap_free(key);
        return error;
    }
    *result = key;
    return ERROR_SUCCESS;
}

static DWORD generate_session(struct crypt_provider *provider, ALG_ID algorithm, DWORD bits, DWORD flags,
                              struct crypt_key **result)
{
    BYTE bytes[SESSION_KEY_MAX];
    DWORD error = crypt_check_size(provider, algorithm, &bits);
    if (error) return error == (DWORD)NTE_BAD_LEN ? (DWORD)NTE_BAD_FLAGS : error;
    if (!NT_SUCCESS(LowlandRandom(bytes, bits / 8))) return (DWORD)NTE_FAIL;
    *result = crypt_new_session_key(algorithm, bytes, bits / 8, flags);
    RtlSecureZeroMemory(bytes, sizeof(bytes));
    return *result ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

HOTPATCH BOOL WINAPI CryptGenKey(HCRYPTPROV handle, ALG_ID algorithm, DWORD flags, HCRYPTKEY *result)
{
    struct crypt_key *key = NULL;
    struct crypt_provider *provider AUTO_CRYPT = crypt_resolve(handle, CRYPT_KIND_PROVIDER);
    if (!provider) return FALSE;
    if (!result) return crypt_fail(ERROR_INVALID_PARAMETER);
    if (algorithm == AT_KEYEXCHANGE) algorithm = CALG_RSA_KEYX;
    if (algorithm == AT_SIGNATURE) algorithm = CALG_RSA_SIGN;
    DWORD error = crypt_is_rsa(algorithm) ? generate_rsa(provider, algorithm, flags >> 16, flags, &key)
                                          : generate_session(provider, algorithm, flags >> 16, flags, &key);
    if (error) return crypt_fail(error);
    *result = crypt_add(key, CRYPT_KIND_KEY, provider);
    return TRUE;
}

// More bytes than a hash has come of the hash with two paddings, hashed again (CryptDeriveKey's
// documentation).
static DWORD stretch(struct crypt_hash *hash, BYTE out[2 * DIGEST_MAX])
{
    static const BYTE pads[] = {0x36, 0x5C};
    for (int half = 0; half < 2; half++) {
        BYTE buffer[64];
        memset(buffer, pads[half], sizeof(buffer));
        for (DWORD i = 0; i < hash->size && i < sizeof(buffer); i++) buffer[i] ^= hash->digest[i];
        NTSTATUS status = CryptoHash(hash->algorithm, FALSE, NULL, 0, buffer, sizeof(buffer),
                                     out + (DWORD)half * hash->size, hash->size);
        if (!NT_SUCCESS(status)) return RtlNtStatusToDosError(status);
    }
    return ERROR_SUCCESS;
}

HOTPATCH BOOL WINAPI CryptDeriveKey(HCRYPTPROV handle, ALG_ID algorithm, HCRYPTHASH hash_handle, DWORD flags,
                                    HCRYPTKEY *result)
{
    BYTE bytes[2 * DIGEST_MAX];
    DWORD bits = flags >> 16;
    struct crypt_provider *provider AUTO_CRYPT = crypt_resolve(handle, CRYPT_KIND_PROVIDER);
    struct crypt_hash *hash AUTO_CRYPT = crypt_resolve(hash_handle, CRYPT_KIND_HASH);
    if (!provider || !hash || !result) return crypt_fail(ERROR_INVALID_PARAMETER);
    DWORD error = crypt_check_size(provider, algorithm, &bits);
    if (error) return crypt_fail(error == (DWORD)NTE_BAD_LEN ? (DWORD)NTE_BAD_FLAGS : error);
    error = crypt_hash_finish(hash);
    if (error) return crypt_fail(error);
    bool aes = crypt_block_size(algorithm) == 16;
    memcpy(bytes, hash->digest, hash->size);
    if (bits / 8 > hash->size || (aes && hash->algorithm == CALG_SHA1)) error = stretch(hash, bytes);
    if (!error && bits / 8 > 2 * hash->size) error = (DWORD)NTE_BAD_LEN;
    struct crypt_key *key = error ? NULL : crypt_new_session_key(algorithm, bytes, bits / 8, flags);
    if (!key) return error ? crypt_fail(error) : FALSE;
    *result = crypt_add(key, CRYPT_KIND_KEY, provider);
    return TRUE;
}

HOTPATCH BOOL WINAPI CryptGetUserKey(HCRYPTPROV handle, DWORD which, HCRYPTKEY *result)
{
    struct crypt_provider *provider AUTO_CRYPT = crypt_resolve(handle, CRYPT_KIND_PROVIDER);
    if (!provider) return FALSE;
    if (!result) return crypt_fail(ERROR_INVALID_PARAMETER);
    struct crypt_key *key = crypt_container_load(provider, which);
    if (!key) return FALSE;
    *result = crypt_add(key, CRYPT_KIND_KEY, provider);
    return TRUE;
}

HOTPATCH BOOL WINAPI CryptDestroyKey(HCRYPTKEY handle)
{
    return crypt_close(handle, CRYPT_KIND_KEY);
}

HOTPATCH BOOL WINAPI CryptDuplicateKey(HCRYPTKEY handle, DWORD *reserved, DWORD flags, HCRYPTKEY *result)
{
    struct crypt_key *key AUTO_CRYPT = crypt_resolve(handle, CRYPT_KIND_KEY);
    if (!key) return FALSE;
    if (reserved || flags || !result) return crypt_fail(ERROR_INVALID_PARAMETER);
    struct crypt_key *copy = heap_alloc(sizeof(*copy));
    if (!copy) return FALSE;
    *copy = *key;
    copy->body = key->body ? heap_alloc(key->body_size) : NULL;
    copy->imported = key->imported ? heap_alloc(key->imported_size) : NULL;
    if ((key->body && !copy->body) || (key->imported && !copy->imported)) {
        heap_free(copy->body);
        heap_free(copy->imported);
        heap_free(copy);
        return FALSE;
    }
    if (key->body) memcpy(copy->body, key->body, key->body_size);
    if (key->imported) memcpy(copy->imported, key->imported, key->imported_size);
    *result = crypt_add(copy, CRYPT_KIND_KEY, key->object.provider);
    return TRUE;
}

// ---- parameters ----

HOTPATCH BOOL WINAPI CryptGetKeyParam(HCRYPTKEY handle, DWORD which, BYTE *buffer, DWORD *length, DWORD flags)
{
    DWORD number;
    struct crypt_key *key AUTO_CRYPT = crypt_resolve_plain(handle, CRYPT_KIND_KEY, flags);
    if (!key) return FALSE;
    DWORD block = crypt_block_size(key->algorithm);
    switch (which) {
    case KP_ALGID: number = key->algorithm; break;
    case KP_KEYLEN: number = key->body ? crypt_rsa_size(key) * 8 : key->size * 8; break;
    case KP_BLOCKLEN: number = key->body ? crypt_rsa_size(key) * 8 : block * 8; break;
    case KP_MODE: number = key->mode; break;
    case KP_MODE_BITS: number = 8; break; // what CFB feeds back
    case KP_PADDING: number = PKCS5_PADDING; break;
    case KP_EFFECTIVE_KEYLEN: number = key->effective_bits ? key->effective_bits : key->size * 8; break;
    case KP_PERMISSIONS:
        number = CRYPT_ENCRYPT | CRYPT_DECRYPT | CRYPT_READ | CRYPT_WRITE | CRYPT_MAC |
                 (key->exportable ? CRYPT_EXPORT : 0);
        break;
    case KP_IV:
        if (!block) return crypt_fail((DWORD)NTE_BAD_TYPE);
        return crypt_put(key->iv, block, buffer, length);
    default: return crypt_fail((DWORD)NTE_BAD_TYPE);
    }
    return crypt_put(&number, sizeof(number), buffer, length);
}

HOTPATCH BOOL WINAPI CryptSetKeyParam(HCRYPTKEY handle, DWORD which, const BYTE *data, DWORD flags)
{
    DWORD number;
    struct crypt_key *key AUTO_CRYPT = crypt_resolve_plain(handle, CRYPT_KIND_KEY, flags);
    if (!key) return FALSE;
    if (!data) return crypt_fail(ERROR_INVALID_PARAMETER);
    if (which == KP_IV) {
        memcpy(key->iv, data, crypt_block_size(key->algorithm));
        crypt_key_reset(key);
        return TRUE;
    }
    memcpy(&number, data, sizeof(number));
    switch (which) {
    case KP_MODE:
        if (number < CRYPT_MODE_CBC || number > CRYPT_MODE_CFB) return crypt_fail((DWORD)NTE_BAD_DATA);
        key->mode = number;
        return TRUE;
    case KP_PADDING: return number == PKCS5_PADDING ? TRUE : crypt_fail((DWORD)NTE_BAD_DATA);
    case KP_EFFECTIVE_KEYLEN:
        if (key->algorithm != CALG_RC2) return crypt_fail((DWORD)NTE_BAD_TYPE);
        if (!number || number > (key->object.provider->base ? 56u : 1024u))
            return crypt_fail((DWORD)NTE_BAD_DATA);
        key->effective_bits = number;
        return TRUE;
    default: return crypt_fail((DWORD)NTE_BAD_TYPE);
    }
}
