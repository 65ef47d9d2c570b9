// PKCS #1's paddings.
#include "rsa_padding.h"
#include "bcryptprimitives.h"
#include "ntdll.h"

// ---- encryption, version 1.5 ----

NTSTATUS rsa_pad_pkcs1(BYTE *block, ULONG block_size, const BYTE *message, ULONG size)
{
    if (block_size < 11 || size > block_size - 11) return STATUS_INVALID_PARAMETER;
    ULONG fill = block_size - 3 - size;
    block[0] = 0;
    block[1] = 2;
    NTSTATUS status = LowlandRandom(block + 2, fill);
    if (!NT_SUCCESS(status)) return status;
    for (ULONG i = 0; i < fill; i++)
        if (!block[2 + i]) block[2 + i] = 0x5A; // zero would end the filling
    block[2 + fill] = 0;
    memcpy(block + 3 + fill, message, size);
    return STATUS_SUCCESS;
}

NTSTATUS rsa_unpad_pkcs1(const BYTE *block, ULONG block_size, const BYTE **message, ULONG *size)
{
    ULONG at = 2;
    if (block_size < 11 || block[0] || block[1] != 2) return STATUS_INVALID_PARAMETER;
    while (at < block_size && block[at]) at++;
    if (at == block_size || at < 10) return STATUS_INVALID_PARAMETER;
    *message = block + at + 1;
    *size = block_size - at - 1;
    return STATUS_SUCCESS;
}

// ---- OAEP ----

// Changes target by MGF1 of a seed (appendix B.2.1).
static NTSTATUS mask(BYTE *target, ULONG size, const struct rsa_hash *hash, const BYTE *seed, ULONG seed_size)
{
    BYTE input[RSA_BLOCK_MAX + 4], digest[RSA_DIGEST_MAX];
    if (seed_size > RSA_BLOCK_MAX) return STATUS_INVALID_PARAMETER;
    memcpy(input, seed, seed_size);
    for (ULONG done = 0, counter = 0; done < size; counter++) {
        for (int i = 0; i < 4; i++) input[seed_size + (ULONG)i] = (BYTE)(counter >> (24 - 8 * i));
        NTSTATUS status = CryptoHash(hash->number, FALSE, NULL, 0, input, seed_size + 4, digest, hash->size);
        if (!NT_SUCCESS(status)) return status;
        for (ULONG i = 0; i < hash->size && done < size; i++) target[done++] ^= digest[i];
    }
    return STATUS_SUCCESS;
}

NTSTATUS rsa_pad_oaep(BYTE *block, ULONG block_size, const struct rsa_hash *hash, const BYTE *label,
                      ULONG label_size, const BYTE *message, ULONG size)
{
    ULONG h = hash->size;
    if (block_size < 2 * h + 2 || size > block_size - 2 * h - 2) return STATUS_INVALID_PARAMETER;
    BYTE *seed = block + 1, *data = seed + h;
    ULONG data_size = block_size - h - 1;
    memset(block, 0, block_size);
    NTSTATUS status = CryptoHash(hash->number, FALSE, NULL, 0, label, label_size, data, h);
    data[data_size - size - 1] = 1;
    memcpy(data + data_size - size, message, size);
    if (NT_SUCCESS(status)) status = LowlandRandom(seed, h);
    if (NT_SUCCESS(status)) status = mask(data, data_size, hash, seed, h);
    return NT_SUCCESS(status) ? mask(seed, h, hash, data, data_size) : status;
}

NTSTATUS rsa_unpad_oaep(BYTE *block, ULONG block_size, const struct rsa_hash *hash, const BYTE *label,
                        ULONG label_size, const BYTE **message, ULONG *size)
{
    BYTE wanted[RSA_DIGEST_MAX], wrong = block[0];
    ULONG h = hash->size, at = h;
    if (block_size < 2 * h + 2) return STATUS_INVALID_PARAMETER;
    BYTE *seed = block + 1, *data = seed + h;
    ULONG data_size = block_size - h - 1;
    NTSTATUS status = mask(seed, h, hash, data, data_size);
    if (NT_SUCCESS(status)) status = mask(data, data_size, hash, seed, h);
    if (NT_SUCCESS(status)) status = CryptoHash(hash->number, FALSE, NULL, 0, label, label_size, wanted, h);
    if (!NT_SUCCESS(status)) return status;
    for (ULONG i = 0; i < h; i++) wrong |= data[i] ^ wanted[i];
    while (at < data_size && !data[at]) at++;
    if (wrong || at == data_size || data[at] != 1) return STATUS_INVALID_PARAMETER;
    *message = data + at + 1;
    *size = data_size - at - 1;
    return STATUS_SUCCESS;
}

// ---- signatures, version 1.5 ----

// The DER of DigestInfo before a digest (RFC 8017, 9.2, note 1; MD2, MD4, MD5: RFC 2313, RFC 3447).
static const struct {
    ULONG number;
    BYTE size, bytes[19];
} prefixes[] = {
    {CALG_MD2,
     18,
     {0x30, 0x20, 0x30, 0x0C, 0x06, 8, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 2, 2, 5, 0, 4, 0x10}},
    {CALG_MD4,
     18,
     {0x30, 0x20, 0x30, 0x0C, 0x06, 8, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 2, 4, 5, 0, 4, 0x10}},
    {CALG_MD5,
     18,
     {0x30, 0x20, 0x30, 0x0C, 0x06, 8, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 2, 5, 5, 0, 4, 0x10}},
    {CALG_SHA1, 15, {0x30, 0x21, 0x30, 0x09, 0x06, 5, 0x2B, 0x0E, 3, 2, 0x1A, 5, 0, 4, 0x14}},
    {CALG_SHA_256,
     19,
     {0x30, 0x31, 0x30, 0x0D, 0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20}},
    {CALG_SHA_384,
     19,
     {0x30, 0x41, 0x30, 0x0D, 0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2, 5, 0, 4, 0x30}},
    {CALG_SHA_512,
     19,
     {0x30, 0x51, 0x30, 0x0D, 0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3, 5, 0, 4, 0x40}},
};

NTSTATUS rsa_pad_signature(BYTE *block, ULONG block_size, ULONG number, const BYTE *digest, ULONG digest_size)
{
    const BYTE *prefix = NULL;
    ULONG prefix_size = 0;
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
        if (number && prefixes[i].number == number) {
            prefix = prefixes[i].bytes;
            prefix_size = prefixes[i].size;
        }
    if (number && !prefix) return STATUS_NOT_SUPPORTED;
    if (block_size < prefix_size + 11 || digest_size > block_size - prefix_size - 11)
        return STATUS_INVALID_PARAMETER;
    ULONG at = block_size - digest_size - prefix_size;
    memset(block, 0xFF, at);
    block[0] = 0;
    block[1] = 1;
    block[at - 1] = 0;
    if (prefix) memcpy(block + at, prefix, prefix_size);
    memcpy(block + at + prefix_size, digest, digest_size);
    return STATUS_SUCCESS;
}

// ---- PSS ----

enum { PSS_ZEROS = 8, PSS_TRAILER = 0xBC };

// The hash of eight zeros, the digest and the salt.
static NTSTATUS pss_hash(const struct rsa_hash *hash, const BYTE *digest, const BYTE *salt, ULONG salt_size,
                         BYTE *result)
{
    BYTE input[PSS_ZEROS + RSA_DIGEST_MAX + RSA_BLOCK_MAX] = {0};
    memcpy(input + PSS_ZEROS, digest, hash->size);
    memcpy(input + PSS_ZEROS + hash->size, salt, salt_size);
    return CryptoHash(hash->number, FALSE, NULL, 0, input, PSS_ZEROS + hash->size + salt_size, result,
                      hash->size);
}

static bool pss_fits(ULONG block_size, const struct rsa_hash *hash, ULONG salt_size)
{
    return block_size <= RSA_BLOCK_MAX && block_size >= hash->size + 2 &&
           salt_size <= block_size - hash->size - 2;
}

NTSTATUS rsa_pad_pss(BYTE *block, ULONG block_size, const struct rsa_hash *hash, const BYTE *digest,
                     ULONG salt_size)
{
    if (!pss_fits(block_size, hash, salt_size)) return STATUS_INVALID_PARAMETER;
    ULONG data_size = block_size - hash->size - 1;
    BYTE *salt = block + data_size - salt_size, *result = block + data_size;
    memset(block, 0, block_size);
    salt[-1] = 1;
    NTSTATUS status = LowlandRandom(salt, salt_size);
    if (NT_SUCCESS(status)) status = pss_hash(hash, digest, salt, salt_size, result);
    if (NT_SUCCESS(status)) status = mask(block, data_size, hash, result, hash->size);
    block[0] &= 0x7F; // the modulus has a multiple of eight bits
    block[block_size - 1] = PSS_TRAILER;
    return status;
}

NTSTATUS rsa_check_pss(BYTE *block, ULONG block_size, const struct rsa_hash *hash, const BYTE *digest,
                       ULONG salt_size)
{
    BYTE wanted[RSA_DIGEST_MAX];
    if (!pss_fits(block_size, hash, salt_size)) return STATUS_INVALID_SIGNATURE;
    ULONG data_size = block_size - hash->size - 1, at = 0;
    if (block[block_size - 1] != PSS_TRAILER || block[0] & 0x80) return STATUS_INVALID_SIGNATURE;
    NTSTATUS status = mask(block, data_size, hash, block + data_size, hash->size);
    if (!NT_SUCCESS(status)) return status;
    block[0] &= 0x7F;
    while (at < data_size - salt_size - 1 && !block[at]) at++;
    if (at != data_size - salt_size - 1 || block[at] != 1) return STATUS_INVALID_SIGNATURE;
    status = pss_hash(hash, digest, block + at + 1, salt_size, wanted);
    if (!NT_SUCCESS(status)) return status;
    return memcmp(wanted, block + data_size, hash->size) ? STATUS_INVALID_SIGNATURE : STATUS_SUCCESS;
}
