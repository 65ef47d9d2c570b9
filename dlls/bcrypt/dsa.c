// DSA. A body is p, q, g, then the public number (p's size) and the private one (q's). Keys of up to 1,024
// bits are in the first version's blobs, larger ones in the second's.
#include "group.h"

static ULONG width(const struct cng_key *key)
{
    return key->bits / 8;
}

static ULONG group_size(const struct cng_key *key)
{
    return 2 * width(key) + key->q_size;
}

static BYTE *public_of(const struct cng_key *key)
{
    return key->body + group_size(key);
}

static BYTE *private_of(const struct cng_key *key)
{
    return public_of(key) + width(key);
}

static NTSTATUS new_body(struct cng_key *key, ULONG size, ULONG q_size)
{
    if (size < 64 || size > 384 || (q_size != 20 && q_size != 28 && q_size != 32))
        return STATUS_INVALID_PARAMETER;
    key->bits = 8 * size;
    key->q_size = q_size;
    return cng_new_body(key, 3 * size + 2 * q_size);
}

static NTSTATUS generate(struct cng_key *key)
{
    ULONG size = width(key), q_size = key->bits <= 1024 ? 20 : 32;
    NTSTATUS status = STATUS_SUCCESS;
    if (!key->body) {
        status = new_body(key, size, q_size);
        if (NT_SUCCESS(status)) status = CryptoDlGenerate(key->bits, 8 * q_size, key->body, group_size(key));
        if (!NT_SUCCESS(status)) cng_drop_body(key); // no number is below a group's q that is zero
    }
    if (NT_SUCCESS(status)) status = group_random_below(private_of(key), key->body + size, key->q_size);
    if (!NT_SUCCESS(status)) return status;
    return CryptoDlPower(key->body + size + key->q_size, private_of(key), key->q_size, key->body,
                         public_of(key), size);
}

// ---- blobs ----

// What both versions' heads say. Numbers follow: q (within the head in the first version), p, g, public,
// private.
struct head {
    bool second, with_private;
    ULONG size, q_size, before; // before: bytes up to q
};

static bool read_head(struct head *head, const BYTE *blob, ULONG size)
{
    BCRYPT_DSA_KEY_BLOB first;
    BCRYPT_DSA_KEY_BLOB_V2 second;
    if (size < sizeof(first) || size < sizeof(second)) return false;
    memcpy(&first, blob, sizeof(first));
    memcpy(&second, blob, sizeof(second));
    head->second =
        first.dwMagic == BCRYPT_DSA_PUBLIC_MAGIC_V2 || first.dwMagic == BCRYPT_DSA_PRIVATE_MAGIC_V2;
    head->with_private =
        first.dwMagic == BCRYPT_DSA_PRIVATE_MAGIC || first.dwMagic == BCRYPT_DSA_PRIVATE_MAGIC_V2;
    if (!head->second && !head->with_private && first.dwMagic != BCRYPT_DSA_PUBLIC_MAGIC) return false;
    head->size = first.cbKey;
    head->q_size = head->second ? second.cbGroupSize : sizeof(first.q);
    if (head->size > 384 || head->q_size > 32 || (head->second && second.cbSeedLength > 64)) return false;
    head->before =
        head->second ? (ULONG)sizeof(second) + second.cbSeedLength : offsetof(BCRYPT_DSA_KEY_BLOB, q);
    return size >= head->before + head->q_size + 3 * head->size + (head->with_private ? head->q_size : 0);
}

static bool is_blob(const WCHAR *type, bool *with_private)
{
    *with_private = cng_same(type, BCRYPT_DSA_PRIVATE_BLOB) || cng_same(type, BCRYPT_PRIVATE_KEY_BLOB);
    return *with_private || cng_same(type, BCRYPT_DSA_PUBLIC_BLOB) || cng_same(type, BCRYPT_PUBLIC_KEY_BLOB);
}

static NTSTATUS import(struct cng_key *key, const WCHAR *type, const BYTE *blob, ULONG size)
{
    struct head head;
    bool with_private;
    if (!is_blob(type, &with_private)) return STATUS_NOT_SUPPORTED;
    if (!read_head(&head, blob, size) || head.with_private != with_private) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = new_body(key, head.size, head.q_size);
    if (!NT_SUCCESS(status)) return status;
    const BYTE *q = blob + head.before, *p = q + head.q_size;
    memcpy(key->body, p, head.size);
    memcpy(key->body + head.size, q, head.q_size);
    memcpy(key->body + head.size + head.q_size, p + head.size, head.size);
    memcpy(public_of(key), p + 2 * head.size, head.size);
    if (with_private) memcpy(private_of(key), p + 3 * head.size, head.q_size);
    key->has_private = with_private;
    return STATUS_SUCCESS;
}

// The head up to q's place; Count and Seed are all ones and zero, which says that there are none.
static ULONG write_head(const struct cng_key *key, bool with_private, BYTE *blob)
{
    if (key->q_size == 20 && key->bits <= 1024) {
        BCRYPT_DSA_KEY_BLOB head = {.dwMagic =
                                        with_private ? BCRYPT_DSA_PRIVATE_MAGIC : BCRYPT_DSA_PUBLIC_MAGIC,
                                    .cbKey = width(key),
                                    .Count = {0xFF, 0xFF, 0xFF, 0xFF}};
        if (blob) memcpy(blob, &head, sizeof(head));
        return offsetof(BCRYPT_DSA_KEY_BLOB, q);
    }
    BCRYPT_DSA_KEY_BLOB_V2 head = {.dwMagic = with_private ? BCRYPT_DSA_PRIVATE_MAGIC_V2
                                                           : BCRYPT_DSA_PUBLIC_MAGIC_V2,
                                   .cbKey = width(key),
                                   .hashAlgorithm = DSA_HASH_ALGORITHM_SHA256,
                                   .standardVersion = DSA_FIPS186_3,
                                   .cbSeedLength = key->q_size,
                                   .cbGroupSize = key->q_size,
                                   .Count = {0xFF, 0xFF, 0xFF, 0xFF}};
    if (blob) {
        memcpy(blob, &head, sizeof(head));
        memset(blob + sizeof(head), 0xFF, key->q_size);
    }
    return sizeof(head) + key->q_size;
}

static NTSTATUS export(const struct cng_key *key, const WCHAR *type, BYTE *blob, ULONG room, ULONG *result)
{
    bool with_private;
    ULONG size = width(key), q_size = key->q_size;
    if (!is_blob(type, &with_private) || (with_private && !key->has_private)) return STATUS_NOT_SUPPORTED;
    *result = write_head(key, with_private, NULL) + q_size + 3 * size + (with_private ? q_size : 0);
    if (!blob) return STATUS_SUCCESS;
    if (room < *result) return STATUS_BUFFER_TOO_SMALL;
    BYTE *to = blob + write_head(key, with_private, blob);
    memcpy(to, key->body + size, q_size);
    memcpy(to + q_size, key->body, size);
    memcpy(to + q_size + size, key->body + size + q_size, 2 * size + (with_private ? q_size : 0));
    return STATUS_SUCCESS;
}

// ---- use ----

static ULONG signature_size(const struct cng_key *key)
{
    return 2 * key->q_size;
}

static NTSTATUS sign(const struct cng_key *key, const void *padding, ULONG flags, const BYTE *digest,
                     ULONG size, BYTE *signature)
{
    if (padding || flags) return STATUS_INVALID_PARAMETER;
    return CryptoDsaSign(width(key), key->q_size, key->body, group_size(key), private_of(key), digest, size,
                         signature, signature_size(key));
}

static NTSTATUS verify(const struct cng_key *key, const void *padding, ULONG flags, const BYTE *digest,
                       ULONG size, const BYTE *signature, ULONG whole)
{
    if (padding || flags) return STATUS_INVALID_PARAMETER;
    return CryptoDsaVerify(width(key), key->q_size, key->body, group_size(key), public_of(key), digest, size,
                           signature, whole);
}

const struct cng_pair_functions dsa_functions = {.generate = generate,
                                                 .import = import,
                                                 .export = export,
                                                 .sign = sign,
                                                 .verify = verify,
                                                 .signature_size = signature_size};
