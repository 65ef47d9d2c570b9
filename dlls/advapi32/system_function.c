// The numbered functions: what advapi32 exports of password hashing (MS-SAMR 2.2.11.1, MS-NLMP 3.3.1) and of
// encrypting memory. Names of numbers that are documented: SystemFunction036 RtlGenRandom (random.c), 040
// RtlEncryptMemory, 041 RtlDecryptMemory.
#include "des.h"
#include "rc4.h"

enum { BLOCK = 8, KEY = 7, HASH = 16 };

// What the functions on strings take.
struct buffer {
    DWORD Length, MaximumLength;
    BYTE *Buffer;
};

typedef struct {
    ULONG state[4], bits[2];
    BYTE block[64], digest[16];
} MD4_CTX;
void WINAPI MD4Init(MD4_CTX *context);
void WINAPI MD4Update(MD4_CTX *context, const BYTE *data, ULONG length);
void WINAPI MD4Final(MD4_CTX *context);

// --- one block

HOTPATCH NTSTATUS WINAPI SystemFunction001(const BYTE *in, const BYTE *key, BYTE *out)
{
    if (!in || !out) return STATUS_UNSUCCESSFUL;
    return des_block(key, in, out, false);
}

HOTPATCH NTSTATUS WINAPI SystemFunction002(const BYTE *in, const BYTE *key, BYTE *out)
{
    if (!in || !out) return STATUS_UNSUCCESSFUL;
    return des_block(key, in, out, true);
}

static const BYTE lm_text[BLOCK] = "KGS!@#$%";

// Encrypts the constant of LM hashes.
HOTPATCH NTSTATUS WINAPI SystemFunction003(const BYTE *key, BYTE *out)
{
    if (!out) return STATUS_UNSUCCESSFUL;
    return des_block(key, lm_text, out, false);
}

// --- strings: length and version, then the data in blocks

enum { VERSION = 1 };

static bool make_key(const struct buffer *given, BYTE key[KEY])
{
    memset(key, 0, KEY);
    if (!given->Length) return false;
    memcpy(key, given->Buffer, given->Length < KEY ? given->Length : KEY);
    return true;
}

HOTPATCH NTSTATUS WINAPI SystemFunction004(const struct buffer *in, const struct buffer *key_buffer,
                                           struct buffer *out)
{
    BYTE key[KEY], block[BLOCK] = {0};
    if (!make_key(key_buffer, key)) return STATUS_INVALID_PARAMETER_2;
    DWORD blocks = (in->Length + BLOCK - 1) / BLOCK;
    if (blocks * BLOCK + BLOCK > out->MaximumLength) return STATUS_BUFFER_TOO_SMALL;
    const DWORD head[2] = {in->Length, VERSION};
    NTSTATUS status = des_block(key, (const BYTE *)head, out->Buffer, false);
    for (DWORD i = 0; i < blocks && NT_SUCCESS(status); i++) {
        DWORD left = in->Length - i * BLOCK;
        memset(block, 0, BLOCK);
        memcpy(block, in->Buffer + i * BLOCK, left < BLOCK ? left : BLOCK);
        status = des_block(key, block, out->Buffer + BLOCK + i * BLOCK, false);
    }
    if (!NT_SUCCESS(status)) return status;
    out->Length = blocks * BLOCK + BLOCK;
    return STATUS_SUCCESS;
}

HOTPATCH NTSTATUS WINAPI SystemFunction005(const struct buffer *in, const struct buffer *key_buffer,
                                           struct buffer *out)
{
    BYTE key[KEY], block[BLOCK];
    DWORD head[2];
    if (!make_key(key_buffer, key)) return STATUS_INVALID_PARAMETER_2;
    if (in->Length < BLOCK) return STATUS_INVALID_PARAMETER_1;
    NTSTATUS status = des_block(key, in->Buffer, (BYTE *)head, true);
    if (!NT_SUCCESS(status)) return status;
    if (head[1] != VERSION) return STATUS_UNKNOWN_REVISION;
    if (head[0] > out->MaximumLength) return STATUS_BUFFER_TOO_SMALL;
    if (head[0] > in->Length - BLOCK) return STATUS_INVALID_PARAMETER_1;
    for (DWORD at = 0; at < head[0]; at += BLOCK) {
        status = des_block(key, in->Buffer + BLOCK + at, block, true);
        if (!NT_SUCCESS(status)) return status;
        memcpy(out->Buffer + at, block, head[0] - at < BLOCK ? head[0] - at : BLOCK);
    }
    out->Length = head[0];
    return STATUS_SUCCESS;
}

// --- hashes

// The LM hash of a password of up to 14 OEM characters, taken as they are: the caller makes them capital.
HOTPATCH void WINAPI SystemFunction006(const char *password, BYTE *hash)
{
    BYTE key[2 * KEY] = {0};
    for (int i = 0; i < 2 * KEY && password[i]; i++) key[i] = (BYTE)password[i];
    des_block(key, lm_text, hash, false);
    des_block(key + KEY, lm_text, hash + BLOCK, false);
}

static void md4(const void *data, ULONG length, BYTE *hash)
{
    MD4_CTX context;
    MD4Init(&context);
    MD4Update(&context, data, length);
    MD4Final(&context);
    memcpy(hash, context.digest, HASH);
}

// The NT hash of a password.
HOTPATCH NTSTATUS WINAPI SystemFunction007(const UNICODE_STRING *password, BYTE *hash)
{
    md4(password->Buffer, password->Length, hash);
    return STATUS_SUCCESS;
}

// The response of a hash to a challenge: three blocks under the hash's 16 bytes and five zeros.
static NTSTATUS respond(const BYTE *challenge, const BYTE *hash, BYTE *response)
{
    BYTE key[3 * KEY] = {0};
    if (!challenge || !response) return STATUS_UNSUCCESSFUL;
    memcpy(key, hash, HASH);
    NTSTATUS status = STATUS_SUCCESS;
    for (int i = 0; i < 3 && NT_SUCCESS(status); i++)
        status = des_block(key + i * KEY, challenge, response + i * BLOCK, false);
    return status;
}

HOTPATCH NTSTATUS WINAPI SystemFunction008(const BYTE *challenge, const BYTE *hash, BYTE *response)
{
    return respond(challenge, hash, response);
}

HOTPATCH NTSTATUS WINAPI SystemFunction009(const BYTE *challenge, const BYTE *hash, BYTE *response)
{
    return respond(challenge, hash, response);
}

HOTPATCH NTSTATUS WINAPI SystemFunction010(void *unused, const BYTE *in, BYTE *hash)
{
    (void)unused;
    md4(in, HASH, hash);
    return STATUS_SUCCESS;
}

HOTPATCH NTSTATUS WINAPI SystemFunction011(void *unused, const BYTE *in, BYTE *hash)
{
    (void)unused;
    md4(in, HASH, hash);
    return STATUS_SUCCESS;
}

// --- two blocks with two keys: hashes encrypted under hashes. Each pair of numbers has its place in MS-SAMR.

static NTSTATUS two_blocks(const BYTE *in, const BYTE *key, BYTE *out, bool decrypt)
{
    if (!in || !out) return STATUS_UNSUCCESSFUL;
    NTSTATUS status = des_block(key, in, out, decrypt);
    return NT_SUCCESS(status) ? des_block(key + KEY, in + BLOCK, out + BLOCK, decrypt) : status;
}

HOTPATCH NTSTATUS WINAPI SystemFunction012(const BYTE *in, const BYTE *key, BYTE *out)
{
    return two_blocks(in, key, out, false);
}

HOTPATCH NTSTATUS WINAPI SystemFunction013(const BYTE *in, const BYTE *key, BYTE *out)
{
    return two_blocks(in, key, out, true);
}

HOTPATCH NTSTATUS WINAPI SystemFunction014(const BYTE *in, const BYTE *key, BYTE *out)
{
    return two_blocks(in, key, out, false);
}

HOTPATCH NTSTATUS WINAPI SystemFunction015(const BYTE *in, const BYTE *key, BYTE *out)
{
    return two_blocks(in, key, out, true);
}

HOTPATCH NTSTATUS WINAPI SystemFunction016(const BYTE *in, const BYTE *key, BYTE *out)
{
    return two_blocks(in, key, out, false);
}

HOTPATCH NTSTATUS WINAPI SystemFunction017(const BYTE *in, const BYTE *key, BYTE *out)
{
    return two_blocks(in, key, out, true);
}

HOTPATCH NTSTATUS WINAPI SystemFunction018(const BYTE *in, const BYTE *key, BYTE *out)
{
    return two_blocks(in, key, out, false);
}

HOTPATCH NTSTATUS WINAPI SystemFunction019(const BYTE *in, const BYTE *key, BYTE *out)
{
    return two_blocks(in, key, out, true);
}

HOTPATCH NTSTATUS WINAPI SystemFunction020(const BYTE *in, const BYTE *key, BYTE *out)
{
    return two_blocks(in, key, out, false);
}

HOTPATCH NTSTATUS WINAPI SystemFunction021(const BYTE *in, const BYTE *key, BYTE *out)
{
    return two_blocks(in, key, out, true);
}

HOTPATCH NTSTATUS WINAPI SystemFunction022(const BYTE *in, const BYTE *key, BYTE *out)
{
    return two_blocks(in, key, out, false);
}

HOTPATCH NTSTATUS WINAPI SystemFunction023(const BYTE *in, const BYTE *key, BYTE *out)
{
    return two_blocks(in, key, out, true);
}

// The two keys are four bytes over and over: a relative identifier.
static NTSTATUS two_blocks_short_key(const BYTE *in, const BYTE *key, BYTE *out, bool decrypt)
{
    BYTE repeated[2 * KEY];
    for (int i = 0; i < 2 * KEY; i++) repeated[i] = key[i % 4];
    return two_blocks(in, repeated, out, decrypt);
}

HOTPATCH NTSTATUS WINAPI SystemFunction024(const BYTE *in, const BYTE *key, BYTE *out)
{
    return two_blocks_short_key(in, key, out, false);
}

HOTPATCH NTSTATUS WINAPI SystemFunction025(const BYTE *in, const BYTE *key, BYTE *out)
{
    return two_blocks_short_key(in, key, out, true);
}

HOTPATCH NTSTATUS WINAPI SystemFunction026(const BYTE *in, const BYTE *key, BYTE *out)
{
    return two_blocks_short_key(in, key, out, false);
}

HOTPATCH NTSTATUS WINAPI SystemFunction027(const BYTE *in, const BYTE *key, BYTE *out)
{
    return two_blocks_short_key(in, key, out, true);
}

// --- comparing hashes

static BOOL same_hash(const BYTE *a, const BYTE *b)
{
    return memcmp(a, b, HASH) == 0;
}

HOTPATCH BOOL WINAPI SystemFunction030(const BYTE *a, const BYTE *b)
{
    return same_hash(a, b);
}

HOTPATCH BOOL WINAPI SystemFunction031(const BYTE *a, const BYTE *b)
{
    return same_hash(a, b);
}

// --- RC4

HOTPATCH NTSTATUS WINAPI SystemFunction032(struct buffer *data, const struct buffer *key)
{
    struct rc4 rc4;
    rc4_begin(&rc4, key->Buffer, key->Length);
    rc4_run(&rc4, data->Buffer, data->Length);
    RtlSecureZeroMemory(&rc4, sizeof(rc4));
    return STATUS_SUCCESS;
}

HOTPATCH NTSTATUS WINAPI SystemFunction033(struct buffer *data, const struct buffer *key)
{
    return SystemFunction032(data, key);
}
