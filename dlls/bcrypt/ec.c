// Pairs on elliptic curves: ECDSA and ECDH. A body is x, y and the private number (zero without one).
#include "cng.h"

static ULONG width(const struct cng_key *key)
{
    return key->settings.curve == 25519 ? 32 : (key->settings.curve + 7) / 8;
}

static NTSTATUS generate(struct cng_key *key)
{
    if (!key->settings.curve) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = cng_new_body(key, 3 * width(key));
    key->bits = cng_curve_bits(key->settings.curve); // the curve may have been set after the key was begun
    return NT_SUCCESS(status) ? CryptoEcGenerate(key->settings.curve, key->body, key->body_size) : status;
}

// ---- blobs ----

static bool is_ecdsa(const struct cng_key *key)
{
    return key->info->class == BCRYPT_SIGNATURE_INTERFACE;
}

static ULONG magic_of(const struct cng_key *key, bool with_private)
{
    ULONG first = is_ecdsa(key) ? BCRYPT_ECDSA_PUBLIC_P256_MAGIC : BCRYPT_ECDH_PUBLIC_P256_MAGIC;
    ULONG place = key->settings.curve == 256 ? 0 : key->settings.curve == 384 ? 2 : 4;
    if (key->settings.curve == 25519)
        return with_private ? BCRYPT_ECDH_PRIVATE_GENERIC_MAGIC : BCRYPT_ECDH_PUBLIC_GENERIC_MAGIC;
    return first + ((place + with_private) << 24); // "ECS1", "ECS2", ...
}

static bool is_magic(const struct cng_key *key, bool with_private, ULONG magic)
{
    ULONG generic = is_ecdsa(key)  ? (with_private ? BCRYPT_ECDSA_PRIVATE_GENERIC_MAGIC
                                                   : BCRYPT_ECDSA_PUBLIC_GENERIC_MAGIC)
                    : with_private ? BCRYPT_ECDH_PRIVATE_GENERIC_MAGIC
                                   : BCRYPT_ECDH_PUBLIC_GENERIC_MAGIC;
    return magic == magic_of(key, with_private) || (!key->info->number && magic == generic);
}

// Whether a type of blob is known, and has the private number.
static bool is_blob(const WCHAR *type, bool *with_private)
{
    *with_private = cng_same(type, BCRYPT_ECCPRIVATE_BLOB) || cng_same(type, BCRYPT_PRIVATE_KEY_BLOB);
    return *with_private || cng_same(type, BCRYPT_ECCPUBLIC_BLOB) || cng_same(type, BCRYPT_PUBLIC_KEY_BLOB);
}

// An algorithm that leaves the curve open takes the one that the magic names.
static void learn_curve(struct cng_key *key, bool with_private, ULONG magic)
{
    static const ULONG curves[] = {256, 384, 521};
    for (size_t i = 0; i < ARRAY_LENGTH(curves) && !key->settings.curve; i++) {
        key->settings.curve = curves[i];
        if (magic != magic_of(key, with_private)) key->settings.curve = 0;
    }
}

static NTSTATUS import(struct cng_key *key, const WCHAR *type, const BYTE *blob, ULONG size)
{
    BCRYPT_ECCKEY_BLOB head;
    bool with_private;
    if (!is_blob(type, &with_private)) return STATUS_NOT_SUPPORTED;
    if (size < sizeof(head)) return STATUS_INVALID_PARAMETER;
    memcpy(&head, blob, sizeof(head));
    learn_curve(key, with_private, head.dwMagic);
    ULONG one = width(key), numbers = with_private ? 3 : 2;
    if (!key->settings.curve || !is_magic(key, with_private, head.dwMagic) || head.cbKey != one ||
        size != sizeof(head) + numbers * one)
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = cng_new_body(key, 3 * one);
    if (!NT_SUCCESS(status)) return status;
    memcpy(key->body, blob + sizeof(head), numbers * one);
    key->has_private = with_private;
    key->bits = cng_curve_bits(key->settings.curve);
    return CryptoEcCheck(key->settings.curve, key->body, 2 * one);
}

static NTSTATUS export(const struct cng_key *key, const WCHAR *type, BYTE *blob, ULONG room, ULONG *result)
{
    bool with_private;
    if (!is_blob(type, &with_private)) return STATUS_NOT_SUPPORTED;
    if (with_private && !key->has_private) return STATUS_NOT_SUPPORTED;
    const BCRYPT_ECCKEY_BLOB head = {magic_of(key, with_private), width(key)};
    *result = sizeof(head) + (with_private ? 3 : 2) * head.cbKey;
    if (!blob) return STATUS_SUCCESS;
    if (room < *result) return STATUS_BUFFER_TOO_SMALL;
    memcpy(blob, &head, sizeof(head));
    memcpy(blob + sizeof(head), key->body, *result - sizeof(head));
    return STATUS_SUCCESS;
}

// ---- use ----

static ULONG signature_size(const struct cng_key *key)
{
    return is_ecdsa(key) ? 2 * width(key) : 0;
}

static NTSTATUS sign(const struct cng_key *key, const void *padding, ULONG flags, const BYTE *digest,
                     ULONG size, BYTE *signature)
{
    if (padding || flags) return STATUS_INVALID_PARAMETER;
    return CryptoEcSign(key->settings.curve, key->body, key->body_size, digest, size, signature,
                        signature_size(key));
}

static NTSTATUS verify(const struct cng_key *key, const void *padding, ULONG flags, const BYTE *digest,
                       ULONG size, const BYTE *signature, ULONG whole)
{
    if (padding || flags) return STATUS_INVALID_PARAMETER;
    if (whole != signature_size(key)) return STATUS_INVALID_SIGNATURE;
    return CryptoEcVerify(key->settings.curve, key->body, 2 * width(key), digest, size, signature, whole);
}

static NTSTATUS agree(const struct cng_key *key, const struct cng_key *other, BYTE secret[SECRET_MAX],
                      ULONG *size)
{
    if (is_ecdsa(key) || key->settings.curve != other->settings.curve) return STATUS_INVALID_PARAMETER;
    *size = width(key);
    return CryptoEcAgree(key->settings.curve, key->body, key->body_size, other->body, 2 * *size, secret,
                         *size);
}

const struct cng_pair_functions ec_functions = {generate, import, export,        sign,
                                                verify,   agree,  signature_size};
