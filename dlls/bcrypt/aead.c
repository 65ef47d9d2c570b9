// GCM and CCM as BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO describes them. Between chained calls the caller keeps
// the state: the counter in its IV buffer, the hash in pbMacContext.
#include "cng.h"

static bool valid_info(const struct cng_key *key, const BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO *info)
{
    if (info->cbSize != sizeof(*info) || info->dwInfoVersion != BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO_VERSION)
        return false;
    if (!info->pbNonce || (!info->pbAuthData && info->cbAuthData)) return false;
    return key->settings.mode == MODE_GCM ? info->cbNonce == 12 : info->cbNonce >= 7 && info->cbNonce <= 13;
}

static bool valid_tag(const struct cng_key *key, const BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO *info)
{
    if (!info->pbTag || info->cbTag > 16) return false;
    return key->settings.mode == MODE_GCM ? info->cbTag >= 12 : info->cbTag >= 4 && info->cbTag % 2 == 0;
}

// Whole whatever the bytes are: how long it takes tells nothing.
static bool same_tag(const BYTE *a, const BYTE *b, ULONG size)
{
    BYTE difference = 0;
    for (ULONG i = 0; i < size; i++) difference |= a[i] ^ b[i];
    return !difference;
}

static NTSTATUS check_tag(bool encrypt, const BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO *info, const BYTE *tag,
                          BYTE *out, ULONG size)
{
    if (encrypt) {
        memcpy(info->pbTag, tag, info->cbTag);
    } else if (!same_tag(info->pbTag, tag, info->cbTag)) {
        memset(out, 0, size); // nobody is to use what was not authenticated
        return STATUS_AUTH_TAG_MISMATCH;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS run_ccm(const struct cng_key *key, bool encrypt,
                        const BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO *info, BYTE *out, ULONG size)
{
    BYTE tag[16];
    if (info->dwFlags) return STATUS_NOT_SUPPORTED; // in parts
    if (!valid_tag(key, info)) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = CryptoCcm(encrypt, key->secret, key->secret_size, info->pbNonce, info->cbNonce,
                                info->pbAuthData, info->cbAuthData, out, size, tag, info->cbTag);
    return NT_SUCCESS(status) ? check_tag(encrypt, info, tag, out, size) : status;
}

NTSTATUS aead_run(const struct cng_key *key, bool encrypt, BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO *info,
                  BYTE *iv, ULONG iv_size, BYTE *out, ULONG size)
{
    BYTE tag[16];
    CRYPTO_GCM_STATE state = {0};
    if (!valid_info(key, info)) return STATUS_INVALID_PARAMETER;
    if (key->settings.mode == MODE_CCM) return run_ccm(key, encrypt, info, out, size);
    bool more = info->dwFlags & BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
    bool going_on = info->dwFlags & BCRYPT_AUTH_MODE_IN_PROGRESS_FLAG;
    if (!more && !valid_tag(key, info)) return STATUS_INVALID_PARAMETER;
    if ((more || going_on) && (!info->pbMacContext || info->cbMacContext < sizeof(state.hash) || !iv ||
                               iv_size < sizeof(state.counter)))
        return STATUS_INVALID_PARAMETER;
    if (going_on) {
        memcpy(state.hash, info->pbMacContext, sizeof(state.hash));
        memcpy(state.counter, iv, sizeof(state.counter));
        state.authenticated = info->cbAAD;
        state.encrypted = info->cbData;
    }
    NTSTATUS status =
        CryptoGcm(encrypt, key->secret, key->secret_size, info->pbNonce, info->cbNonce, info->pbAuthData,
                  info->cbAuthData, &state, out, size, tag, more ? 0 : info->cbTag);
    if (!NT_SUCCESS(status)) return status;
    if (!more) {
        info->dwFlags &= ~(ULONG)BCRYPT_AUTH_MODE_IN_PROGRESS_FLAG;
        return check_tag(encrypt, info, tag, out, size);
    }
    memcpy(info->pbMacContext, state.hash, sizeof(state.hash));
    memcpy(iv, state.counter, sizeof(state.counter));
    info->cbAAD = (ULONG)state.authenticated;
    info->cbData = state.encrypted;
    info->dwFlags |= BCRYPT_AUTH_MODE_IN_PROGRESS_FLAG;
    return STATUS_SUCCESS;
}
