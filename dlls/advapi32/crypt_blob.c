// Keys as blobs: importing and exporting them.
#include "crypt_key.h"
#include "dlls/bcrypt/rsa_padding.h"

enum { RSA1 = 0x31415352, RSA2 = 0x32415352 };

static DWORD session_size_error(DWORD error)
{
    return error == (DWORD)NTE_BAD_LEN ? (DWORD)NTE_BAD_DATA : error;
}

// ---- in ----

static DWORD import_plain(struct crypt_provider *provider, const BLOBHEADER *head, const BYTE *data,
                          DWORD size, DWORD flags, struct crypt_key **key)
{
    DWORD key_size;
    if (size < sizeof(key_size)) return (DWORD)NTE_BAD_DATA;
    memcpy(&key_size, data, sizeof(key_size));
    data += sizeof(key_size);
    if (key_size != size - sizeof(key_size) || !key_size) return (DWORD)NTE_BAD_DATA;
    DWORD bits = key_size * 8;
    DWORD error = crypt_check_size(provider, head->aiKeyAlg, &bits);
    if (!error) {
        *key = crypt_new_session_key(head->aiKeyAlg, data, key_size, flags);
        return *key ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
    }
    // As the key of an HMAC it may have any length.
    if (error != (DWORD)NTE_BAD_LEN || !(flags & CRYPT_IPSEC_HMAC_KEY) || head->aiKeyAlg != CALG_RC2)
        return session_size_error(error);
    *key = crypt_new_session_key(CALG_RC2, data, 1, flags);
    BYTE *copy = *key ? heap_alloc(key_size) : NULL;
    if (!copy) {
        heap_free(*key);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    memcpy(copy, data, key_size);
    (*key)->imported = copy;
    (*key)->imported_size = key_size;
    return ERROR_SUCCESS;
}

static DWORD import_rsa(struct crypt_provider *provider, const BLOBHEADER *head, const BYTE *data, DWORD size,
                        DWORD flags, struct crypt_key **result)
{
    RSAPUBKEY start;
    bool with_private = head->bType == PRIVATEKEYBLOB;
    if (!crypt_is_rsa(head->aiKeyAlg)) return (DWORD)NTE_BAD_ALGID;
    if (size < sizeof(start)) return (DWORD)NTE_BAD_DATA;
    memcpy(&start, data, sizeof(start));
    if (start.magic != (with_private ? RSA2 : RSA1) || start.bitlen < 384 ||
        start.bitlen > RSA_BLOCK_MAX * 8 || start.bitlen % 16)
        return (DWORD)NTE_BAD_DATA;
    DWORD needed = sizeof(start) + (with_private ? start.bitlen / 16 * 9 : start.bitlen / 8);
    if (size < needed) return (DWORD)NTE_BAD_DATA;
    struct crypt_key *key = heap_alloc(sizeof(*key));
    if (!key) return ERROR_NOT_ENOUGH_MEMORY;
    key->algorithm = head->aiKeyAlg;
    key->exportable = !with_private || flags & CRYPT_EXPORTABLE;
    key->body_size = needed;
    key->body = heap_alloc(needed);
    DWORD error = key->body ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
    if (!error) memcpy(key->body, data, needed);
    if (!error && with_private) error = crypt_container_store(provider, key);
    if (error) {
        heap_free(key->body);
        heap_free(key);
        return error;
    }
    *result = key;
    return ERROR_SUCCESS;
}

// A session key, encrypted with an RSA key.
static DWORD import_simple(struct crypt_provider *provider, const BLOBHEADER *head, const BYTE *data,
                           DWORD size, const struct crypt_key *rsa, DWORD flags, struct crypt_key **key)
{
    BYTE block[RSA_BLOCK_MAX], message[RSA_BLOCK_MAX];
    DWORD length = 0;
    if (!rsa || !rsa->body || !crypt_has_private(rsa)) return (DWORD)NTE_BAD_KEY;
    DWORD whole = crypt_rsa_size(rsa);
    if (size < sizeof(ALG_ID) + whole) return (DWORD)NTE_BAD_DATA;
    memcpy(block, data + sizeof(ALG_ID), whole);
    DWORD error = crypt_rsa_apply(rsa, true, block);
    if (!error) error = crypt_rsa_unpad(rsa, flags & CRYPT_OAEP, block, message, &length);
    DWORD bits = length * 8;
    if (!error && (!length || length > SESSION_KEY_MAX)) error = (DWORD)NTE_BAD_DATA;
    if (!error) error = session_size_error(crypt_check_size(provider, head->aiKeyAlg, &bits));
    if (!error && !(*key = crypt_new_session_key(head->aiKeyAlg, message, length, flags)))
        error = ERROR_NOT_ENOUGH_MEMORY;
    RtlSecureZeroMemory(block, sizeof(block));
    RtlSecureZeroMemory(message, sizeof(message));
    return error;
}

HOTPATCH BOOL WINAPI CryptImportKey(HCRYPTPROV handle, const BYTE *data, DWORD size, HCRYPTKEY with,
                                    DWORD flags, HCRYPTKEY *result)
{
    BLOBHEADER head;
    struct crypt_key *key = NULL;
    struct crypt_provider *provider AUTO_CRYPT = crypt_resolve(handle, CRYPT_KIND_PROVIDER);
    if (!provider) return FALSE;
    struct crypt_key *other AUTO_CRYPT = with ? crypt_resolve(with, CRYPT_KIND_KEY) : NULL;
    if ((with && !other) || !data || !result) return crypt_fail(ERROR_INVALID_PARAMETER);
    if (size < sizeof(head)) return crypt_fail((DWORD)NTE_BAD_DATA);
    memcpy(&head, data, sizeof(head));
    if (head.bVersion != CUR_BLOB_VERSION) return crypt_fail((DWORD)NTE_BAD_VER);
    data += sizeof(head);
    size -= sizeof(head);
    DWORD error;
    switch (head.bType) {
    case PLAINTEXTKEYBLOB: error = import_plain(provider, &head, data, size, flags, &key); break;
    case PUBLICKEYBLOB:
    case PRIVATEKEYBLOB: error = import_rsa(provider, &head, data, size, flags, &key); break;
    case SIMPLEBLOB: error = import_simple(provider, &head, data, size, other, flags, &key); break;
    default: error = (DWORD)NTE_BAD_TYPE;
    }
    if (error) return crypt_fail(error);
    *result = crypt_add(key, CRYPT_KIND_KEY, provider);
    return TRUE;
}

// ---- out ----

static DWORD export_rsa(const struct crypt_key *key, DWORD type, BYTE *out, DWORD *size)
{
    bool with_private = type == PRIVATEKEYBLOB;
    if (!key->body || (with_private && !crypt_has_private(key))) return (DWORD)NTE_BAD_KEY;
    if (with_private && !key->exportable) return (DWORD)NTE_BAD_KEY_STATE;
    *size = with_private ? key->body_size : sizeof(RSAPUBKEY) + crypt_rsa_size(key);
    if (!out) return ERROR_SUCCESS;
    memcpy(out, key->body, *size);
    ((RSAPUBKEY *)out)->magic = with_private ? RSA2 : RSA1;
    return ERROR_SUCCESS;
}

static DWORD export_plain(const struct crypt_key *key, BYTE *out, DWORD *size)
{
    if (key->body || key->imported) return (DWORD)NTE_BAD_KEY;
    if (!key->exportable) return (DWORD)NTE_BAD_KEY_STATE;
    *size = sizeof(DWORD) + key->size;
    if (!out) return ERROR_SUCCESS;
    memcpy(out, &key->size, sizeof(DWORD));
    memcpy(out + sizeof(DWORD), key->bytes, key->size);
    return ERROR_SUCCESS;
}

static DWORD export_simple(const struct crypt_key *key, const struct crypt_key *rsa, DWORD flags, BYTE *out,
                           DWORD *size)
{
    const ALG_ID exchange = CALG_RSA_KEYX;
    if (!rsa || !rsa->body || key->body || key->imported) return (DWORD)NTE_BAD_KEY;
    if (!key->exportable) return (DWORD)NTE_BAD_KEY_STATE;
    *size = sizeof(ALG_ID) + crypt_rsa_size(rsa);
    if (!out) return ERROR_SUCCESS;
    memcpy(out, &exchange, sizeof(exchange));
    DWORD error = crypt_rsa_pad(rsa, flags & CRYPT_OAEP, key->bytes, key->size, out + sizeof(ALG_ID));
    return error ? error : crypt_rsa_apply(rsa, false, out + sizeof(ALG_ID));
}

static DWORD export_body(const struct crypt_key *key, const struct crypt_key *other, DWORD type, DWORD flags,
                         BYTE *out, DWORD *size)
{
    switch (type) {
    case PUBLICKEYBLOB:
    case PRIVATEKEYBLOB: return export_rsa(key, type, out, size);
    case PLAINTEXTKEYBLOB: return export_plain(key, out, size);
    case SIMPLEBLOB: return export_simple(key, other, flags, out, size);
    default: return (DWORD)NTE_BAD_TYPE;
    }
}

HOTPATCH BOOL WINAPI CryptExportKey(HCRYPTKEY handle, HCRYPTKEY with, DWORD type, DWORD flags, BYTE *buffer,
                                    DWORD *length)
{
    DWORD size;
    struct crypt_key *key AUTO_CRYPT = crypt_resolve(handle, CRYPT_KIND_KEY);
    if (!key) return FALSE;
    struct crypt_key *other AUTO_CRYPT = with ? crypt_resolve(with, CRYPT_KIND_KEY) : NULL;
    if ((with && !other) || !length) return crypt_fail(ERROR_INVALID_PARAMETER);
    if (flags && (flags != CRYPT_OAEP || type != SIMPLEBLOB)) return crypt_fail((DWORD)NTE_BAD_FLAGS);
    DWORD error = export_body(key, other, type, flags, NULL, &size);
    if (error) return crypt_fail(error);
    DWORD room = *length;
    *length = sizeof(BLOBHEADER) + size;
    if (!buffer) return TRUE;
    if (room < *length) return crypt_fail(ERROR_MORE_DATA);
    const BLOBHEADER head = {(BYTE)type, CUR_BLOB_VERSION, 0, key->algorithm};
    memcpy(buffer, &head, sizeof(head));
    error = export_body(key, other, type, flags, buffer + sizeof(head), &size);
    return error ? crypt_fail(error) : TRUE;
}
