// Diffie-Hellman modulo a prime. A body is p, g, public, private: each of the key's size, as blobs have them.
#include "group.h"

enum { EXPONENT_MAX = 32 }; // bytes: twice the strength of the largest group

static ULONG width(const struct cng_key *key)
{
    return key->bits / 8;
}

NTSTATUS group_random_below(BYTE *number, const BYTE *limit, ULONG size)
{
    for (;;) {
        BYTE any = 0;
        NTSTATUS status = LowlandRandom(number, size);
        if (!NT_SUCCESS(status)) return status;
        for (ULONG i = 0; i < size; i++) any |= number[i];
        if (any && memcmp(number, limit, size) < 0) return STATUS_SUCCESS;
    }
}

// Parameters of our own: a prime with a subgroup that has no small parts.
static NTSTATUS make_parameters(struct cng_key *key)
{
    ULONG size = width(key), q_bits = key->bits <= 1024 ? 160 : 256, all = 2 * size + q_bits / 8;
    BYTE *group = cng_alloc(all);
    if (!group) return STATUS_NO_MEMORY;
    NTSTATUS status = CryptoDlGenerate(key->bits, q_bits, group, all);
    if (NT_SUCCESS(status)) status = cng_new_body(key, 4 * size);
    if (NT_SUCCESS(status)) {
        memcpy(key->body, group, size);
        memcpy(key->body + size, group + all - size, size);
    }
    cng_free(group);
    return status;
}

static NTSTATUS generate(struct cng_key *key)
{
    NTSTATUS status = key->body ? STATUS_SUCCESS : make_parameters(key);
    if (!NT_SUCCESS(status)) return status;
    ULONG size = width(key), exponent = size < EXPONENT_MAX ? size : EXPONENT_MAX;
    BYTE *private = key->body + 3 * size;
    memset(private, 0, size);
    status = LowlandRandom(private + size - exponent, exponent);
    private[size - 1] |= 2; // neither 0 nor 1
    if (!NT_SUCCESS(status)) return status;
    return CryptoDlPower(key->body + size, private, size, key->body, key->body + 2 * size, size);
}

// ---- blobs and parameters ----

// A body that begins with these numbers. size: in bytes, of each.
static NTSTATUS take(struct cng_key *key, ULONG size, const BYTE *numbers, ULONG count)
{
    if (size < 64 || size > 512) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = cng_new_body(key, 4 * size);
    if (!NT_SUCCESS(status)) return status;
    memcpy(key->body, numbers, count * size);
    key->bits = 8 * size;
    return key->body[size - 1] & 1 ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER; // a prime is odd
}

static NTSTATUS import_parameters(struct cng_key *key, const BYTE *blob, ULONG size)
{
    BCRYPT_DH_PARAMETER_HEADER head;
    if (size < sizeof(head)) return STATUS_INVALID_PARAMETER;
    memcpy(&head, blob, sizeof(head));
    if (head.dwMagic != BCRYPT_DH_PARAMETERS_MAGIC || head.cbKeyLength != width(key) ||
        head.cbLength > size || head.cbLength != sizeof(head) + 2 * head.cbKeyLength)
        return STATUS_INVALID_PARAMETER;
    return take(key, head.cbKeyLength, blob + sizeof(head), 2);
}

static bool is_blob(const WCHAR *type, bool *with_private)
{
    *with_private = cng_same(type, BCRYPT_DH_PRIVATE_BLOB) || cng_same(type, BCRYPT_PRIVATE_KEY_BLOB);
    return *with_private || cng_same(type, BCRYPT_DH_PUBLIC_BLOB) || cng_same(type, BCRYPT_PUBLIC_KEY_BLOB);
}

static NTSTATUS import(struct cng_key *key, const WCHAR *type, const BYTE *blob, ULONG size)
{
    BCRYPT_DH_KEY_BLOB head;
    bool with_private;
    if (cng_same(type, BCRYPT_DH_PARAMETERS)) return import_parameters(key, blob, size);
    if (!is_blob(type, &with_private)) return STATUS_NOT_SUPPORTED;
    if (size < sizeof(head)) return STATUS_INVALID_PARAMETER;
    memcpy(&head, blob, sizeof(head));
    ULONG count = with_private ? 4 : 3;
    if (head.dwMagic != (ULONG)(with_private ? BCRYPT_DH_PRIVATE_MAGIC : BCRYPT_DH_PUBLIC_MAGIC) ||
        head.cbKey > 512 || size != sizeof(head) + count * head.cbKey)
        return STATUS_INVALID_PARAMETER;
    key->has_private = with_private;
    return take(key, head.cbKey, blob + sizeof(head), count);
}

static NTSTATUS export_parameters(const struct cng_key *key, BYTE *blob, ULONG room, ULONG *result)
{
    BCRYPT_DH_PARAMETER_HEADER head = {0, BCRYPT_DH_PARAMETERS_MAGIC, width(key)};
    if (!key->body) return STATUS_NOT_SUPPORTED; // not made yet
    *result = head.cbLength = sizeof(head) + 2 * head.cbKeyLength;
    if (!blob) return STATUS_SUCCESS;
    if (room < *result) return STATUS_BUFFER_TOO_SMALL;
    memcpy(blob, &head, sizeof(head));
    memcpy(blob + sizeof(head), key->body, 2 * head.cbKeyLength);
    return STATUS_SUCCESS;
}

static NTSTATUS export(const struct cng_key *key, const WCHAR *type, BYTE *blob, ULONG room, ULONG *result)
{
    bool with_private;
    if (cng_same(type, BCRYPT_DH_PARAMETERS)) return export_parameters(key, blob, room, result);
    if (!is_blob(type, &with_private) || (with_private && !key->has_private)) return STATUS_NOT_SUPPORTED;
    const BCRYPT_DH_KEY_BLOB head = {with_private ? BCRYPT_DH_PRIVATE_MAGIC : BCRYPT_DH_PUBLIC_MAGIC,
                                     width(key)};
    *result = sizeof(head) + (with_private ? 4 : 3) * head.cbKey;
    if (!blob) return STATUS_SUCCESS;
    if (room < *result) return STATUS_BUFFER_TOO_SMALL;
    memcpy(blob, &head, sizeof(head));
    memcpy(blob + sizeof(head), key->body, *result - sizeof(head));
    return STATUS_SUCCESS;
}

static NTSTATUS agree(const struct cng_key *key, const struct cng_key *other, BYTE secret[SECRET_MAX],
                      ULONG *size)
{
    *size = width(key);
    if (other->bits != key->bits || memcmp(other->body, key->body, 2 * *size))
        return STATUS_INVALID_PARAMETER;
    return CryptoDlPower(other->body + 2 * *size, key->body + 3 * *size, *size, key->body, secret, *size);
}

static ULONG signature_size(const struct cng_key *key)
{
    (void)key;
    return 0;
}

const struct cng_pair_functions dh_functions = {.generate = generate,
                                                .import = import,
                                                .export = export,
                                                .agree = agree,
                                                .signature_size = signature_size};
