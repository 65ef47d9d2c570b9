// Encrypting and decrypting: the block modes, their padding, RC4; AEAD modes are in aead.c, RSA in rsa.c.
#include "cng.h"

// One call's arguments.
struct request {
    bool encrypt, padded;
    BYTE *data;
    ULONG size;
    BYTE *iv; // NULL: the key's own
    ULONG iv_size;
    BYTE *out;
    ULONG room, *result;
};

// ---- the IV: without one of the caller's a call goes on where the last one of its key ended ----

static NTSTATUS begin_iv(const struct cng_key *key, const struct request *request, BYTE iv[BLOCK_MAX])
{
    ULONG block = key->info->block;
    if (request->iv && (key->settings.mode == MODE_ECB || request->iv_size != block))
        return STATUS_INVALID_PARAMETER;
    memcpy(iv, request->iv ? request->iv : key->iv, block);
    return STATUS_SUCCESS;
}

// Padding ends a message: nothing goes on there.
static void end_iv(struct cng_key *key, const struct request *request, const BYTE iv[BLOCK_MAX])
{
    if (request->iv) memcpy(request->iv, iv, key->info->block);
    if (!request->padded) memcpy(key->iv, iv, key->info->block);
}

// ---- blocks ----

// iv is left as the next call needs it.
static NTSTATUS run_cipher(const struct cng_key *key, bool encrypt, BYTE iv[BLOCK_MAX], BYTE *data,
                           ULONG size)
{
    ULONG number = key->info->number;
    if (number == CALG_AES_128) number += (key->secret_size - 16) / 8; // CALG_AES_192, _256 follow
    return CryptoCipher(number, encrypt, key->settings.mode, key->settings.feedback, key->secret,
                        key->secret_size, key->settings.effective_bits, iv, key->info->block, data, size);
}

static NTSTATUS run_blocks(struct cng_key *key, const struct request *request, BYTE *data, ULONG size)
{
    BYTE iv[BLOCK_MAX];
    NTSTATUS status = begin_iv(key, request, iv);
    if (NT_SUCCESS(status)) status = run_cipher(key, request->encrypt, iv, data, size);
    if (NT_SUCCESS(status)) end_iv(key, request, iv);
    return status;
}

static NTSTATUS encrypt_blocks(struct cng_key *key, const struct request *request, ULONG unit)
{
    ULONG size = request->size, whole = request->padded ? (size / unit + 1) * unit : size;
    *request->result = whole;
    if (whole % unit || whole < size) return STATUS_INVALID_BUFFER_SIZE;
    if (!request->out) return STATUS_SUCCESS;
    if (request->room < whole) return STATUS_BUFFER_TOO_SMALL;
    memmove(request->out, request->data, size);
    memset(request->out + size, (int)(whole - size), whole - size);
    return run_blocks(key, request, request->out, whole);
}

// The size without its padding; 0xFFFFFFFF for a padding that is none.
static ULONG unpadded(const BYTE *data, ULONG size, ULONG unit)
{
    BYTE fill = data[size - 1];
    if (!fill || fill > unit) return MAXDWORD;
    for (ULONG i = 1; i <= fill; i++)
        if (data[size - i] != fill) return MAXDWORD;
    return size - fill;
}

// On failure the IV stays where it was: the caller may try again with more room.
static NTSTATUS decrypt_padded(struct cng_key *key, const struct request *request)
{
    BYTE iv[BLOCK_MAX];
    ULONG size = request->size, block = key->info->block;
    if (request->room < size - block) return STATUS_BUFFER_TOO_SMALL; // whatever the padding is
    NTSTATUS status = begin_iv(key, request, iv);
    if (!NT_SUCCESS(status)) return status;
    BYTE *clear = cng_alloc(size);
    if (!clear) return STATUS_NO_MEMORY;
    memcpy(clear, request->data, size);
    status = run_cipher(key, false, iv, clear, size);
    ULONG used = NT_SUCCESS(status) ? unpadded(clear, size, block) : 0;
    if (NT_SUCCESS(status) && used == MAXDWORD) status = STATUS_DATA_ERROR;
    if (NT_SUCCESS(status)) *request->result = used;
    if (NT_SUCCESS(status) && used > request->room) status = STATUS_BUFFER_TOO_SMALL;
    if (NT_SUCCESS(status)) {
        memcpy(request->out, clear, used);
        end_iv(key, request, iv);
    }
    cng_free_secret(clear, size);
    return status;
}

static NTSTATUS decrypt_blocks(struct cng_key *key, const struct request *request, ULONG unit)
{
    ULONG size = request->size;
    *request->result = size;
    if (size % unit || (!size && request->padded)) return STATUS_INVALID_BUFFER_SIZE;
    if (!request->out) return STATUS_SUCCESS;
    if (request->padded) return decrypt_padded(key, request);
    if (request->room < size) return STATUS_BUFFER_TOO_SMALL;
    memmove(request->out, request->data, size);
    return run_blocks(key, request, request->out, size);
}

static NTSTATUS run_aead(const struct cng_key *key, const struct request *request, void *info)
{
    if (!info) return STATUS_INVALID_PARAMETER;
    *request->result = request->size;
    if (!request->out && request->data) return STATUS_SUCCESS; // asks for the size; without data: for the tag
    if (request->room < request->size) return STATUS_BUFFER_TOO_SMALL;
    if (request->size) memmove(request->out, request->data, request->size);
    return aead_run(key, request->encrypt, info, request->iv, request->iv_size, request->out, request->size);
}

static NTSTATUS run_rc4(struct cng_key *key, const struct request *request)
{
    *request->result = request->size;
    if (!request->out) return STATUS_SUCCESS;
    if (request->room < request->size) return STATUS_BUFFER_TOO_SMALL;
    memmove(request->out, request->data, request->size);
    rc4_run(&key->rc4, request->out, request->size);
    return STATUS_SUCCESS;
}

static NTSTATUS run(struct cng_key *key, const struct request *request, void *padding, ULONG flags)
{
    enum cng_mode mode = key->settings.mode;
    if (key->info->family == FAMILY_RSA)
        return (request->encrypt ? rsa_encrypt : rsa_decrypt)(
            key, padding, flags, request->data, request->size, request->out, request->room, request->result);
    if (flags & ~(ULONG)BCRYPT_BLOCK_PADDING) return STATUS_INVALID_PARAMETER;
    if (key->info->family == FAMILY_RC4) return run_rc4(key, request);
    if (key->info->family != FAMILY_BLOCK) return STATUS_NOT_SUPPORTED;
    if (mode == MODE_GCM || mode == MODE_CCM)
        return request->padded ? STATUS_INVALID_PARAMETER : run_aead(key, request, padding);
    // Padding fills up to whole blocks, also where the mode takes less.
    ULONG unit = mode == MODE_CFB && !request->padded ? key->settings.feedback : key->info->block;
    return (request->encrypt ? encrypt_blocks : decrypt_blocks)(key, request, unit);
}

static NTSTATUS start(BCRYPT_KEY_HANDLE handle, const struct request *request, void *padding, ULONG flags)
{
    struct cng_key *key AUTO_CNG = cng_resolve(handle, CNG_KEY);
    if (!key || (key->pair && !key->final)) return STATUS_INVALID_HANDLE;
    if (!request->result || (!request->data && request->size)) return STATUS_INVALID_PARAMETER;
    return run(key, request, padding, flags);
}

HOTPATCH NTSTATUS WINAPI BCryptEncrypt(BCRYPT_KEY_HANDLE handle, UCHAR *data, ULONG size, void *padding,
                                       UCHAR *iv, ULONG iv_size, UCHAR *out, ULONG room, ULONG *result,
                                       ULONG flags)
{
    const struct request request = {true,  flags & BCRYPT_BLOCK_PADDING, data, size, iv, iv_size, out, room,
                                    result};
    return start(handle, &request, padding, flags);
}

HOTPATCH NTSTATUS WINAPI BCryptDecrypt(BCRYPT_KEY_HANDLE handle, UCHAR *data, ULONG size, void *padding,
                                       UCHAR *iv, ULONG iv_size, UCHAR *out, ULONG room, ULONG *result,
                                       ULONG flags)
{
    const struct request request = {false, flags & BCRYPT_BLOCK_PADDING, data, size, iv, iv_size, out, room,
                                    result};
    return start(handle, &request, padding, flags);
}
