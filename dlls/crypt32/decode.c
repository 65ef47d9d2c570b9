// CryptDecodeObject and what decoders are made of. A structure is decoded into a block large enough for the
// worst; then its size is known, and where the caller has room it is decoded once more there, so that its
// pointers are right.
#include "encoding.h"

enum { BLOCK_FACTOR = 24, BLOCK_EXTRA = 512, INPUT_MAX = 0x2000000 };

// --- parts

void *decoding_take(struct decoding *to, DWORD size)
{
    DWORD start = (to->used + 7) & ~7u;
    if (start > to->room || size > to->room - start) {
        SetLastError(ERROR_MORE_DATA);
        return NULL;
    }
    void *memory = to->block + start;
    to->used = start + size;
    return memset(memory, 0, size);
}

bool decode_blob(struct decoding *to, struct der in, DATA_BLOB *out)
{
    out->cbData = in.size;
    if (to->flags & CRYPT_DECODE_NOCOPY_FLAG || !in.size) {
        out->pbData = in.size ? (BYTE *)in.data : NULL;
        return true;
    }
    out->pbData = decoding_take(to, in.size);
    if (out->pbData) memcpy(out->pbData, in.data, in.size);
    return out->pbData;
}

bool decode_reversed(struct decoding *to, struct der in, DATA_BLOB *out)
{
    out->cbData = in.size;
    out->pbData = decoding_take(to, in.size);
    if (!out->pbData) return false;
    for (DWORD i = 0; i < in.size; i++) out->pbData[i] = in.data[in.size - 1 - i];
    return true;
}

bool decode_bit_blob(struct decoding *to, struct der content, CRYPT_BIT_BLOB *out)
{
    const BYTE *data;
    DATA_BLOB blob;
    DWORD size;
    if (!der_bits(content, &data, &size, &out->cUnusedBits) ||
        !decode_blob(to, (struct der){data, size}, &blob))
        return false;
    out->cbData = blob.cbData;
    out->pbData = blob.pbData;
    return true;
}

bool decode_oid(struct decoding *to, struct der *in, LPSTR *out)
{
    struct der content;
    DWORD length;
    if (!der_take(in, DER_OID, &content)) return false;
    *out = content.size ? NULL : decoding_take(to, 1); // an empty one is what an empty string was encoded as
    if (!content.size) return *out;
    if (!der_oid_text(content, NULL, 0, &length)) return false;
    *out = decoding_take(to, length);
    return *out && der_oid_text(content, *out, length, &length);
}

bool decode_ascii(struct decoding *to, struct der in, WCHAR **out)
{
    *out = in.size < INPUT_MAX ? decoding_take(to, (in.size + 1) * sizeof(WCHAR)) : NULL;
    if (!*out) return false;
    for (DWORD i = 0; i < in.size; i++) {
        // A NUL inside would make the name end early for whoever compares it.
        if (!in.data[i]) return der_fail((DWORD)CRYPT_E_INVALID_IA5_STRING);
        (*out)[i] = in.data[i];
    }
    return true;
}

bool decode_array(struct decoding *to, struct der in, DWORD size, decoder *decode, DWORD *count, void *array)
{
    if (!der_count(in, count)) return false;
    if (*count > INPUT_MAX / size) return der_fail((DWORD)CRYPT_E_ASN1_LARGE);
    BYTE *items = *count ? decoding_take(to, *count * size) : NULL;
    if (*count && !items) return false;
    memcpy(array, &items, sizeof items);
    for (DWORD i = 0; i < *count; i++) {
        struct der whole;
        if (!der_take_whole(&in, &whole) || !decode(to, whole, items + i * size)) return false;
    }
    return true;
}

// --- kinds

static const struct encoding_kind *const kinds[] = {certificate_kinds, extension_kinds, key_kinds,
                                                    basic_kinds, name_kinds};

static const struct encoding_kind *find_kind(DWORD encoding, const char *kind)
{
    bool number = !((ULONG_PTR)kind >> 16);
    if (!(encoding & (X509_ASN_ENCODING | PKCS_7_ASN_ENCODING))) {
        SetLastError(ERROR_FILE_NOT_FOUND);
        return NULL;
    }
    for (DWORD i = 0; i < ARRAY_LENGTH(kinds); i++)
        for (const struct encoding_kind *k = kinds[i]; k->size; k++)
            if (number ? k->number == (DWORD)(ULONG_PTR)kind : k->oid && !strcmp(k->oid, kind)) return k;
    SetLastError(ERROR_FILE_NOT_FOUND);
    return NULL;
}

static bool run(const struct encoding_kind *kind, struct decoding *to, const BYTE *data, DWORD size)
{
    struct der in = {data, size};
    to->used = 0;
    void *structure = decoding_take(to, kind->size);
    return structure && kind->decode(to, in, structure);
}

// The size of the decoded structure, 0 with the last error.
static DWORD measure(const struct encoding_kind *kind, const BYTE *data, DWORD size, DWORD flags)
{
    if (size > INPUT_MAX) return der_fail((DWORD)CRYPT_E_ASN1_LARGE);
    struct decoding to = {.room = kind->size + size * BLOCK_FACTOR + BLOCK_EXTRA, .flags = flags};
    to.block = HeapAlloc(GetProcessHeap(), 0, to.room);
    if (!to.block) return der_fail(ERROR_NOT_ENOUGH_MEMORY);
    bool good = run(kind, &to, data, size);
    HeapFree(GetProcessHeap(), 0, to.block);
    return good ? to.used : 0;
}

static void *allocate(const CRYPT_DECODE_PARA *parameters, DWORD size)
{
    void *memory = parameters && parameters->cbSize >= sizeof *parameters && parameters->pfnAlloc
                       ? parameters->pfnAlloc(size)
                       : LocalAlloc(LMEM_FIXED, size);
    if (!memory) SetLastError(ERROR_OUTOFMEMORY);
    return memory;
}

HOTPATCH BOOL WINAPI CryptDecodeObjectEx(DWORD encoding, LPCSTR name, const BYTE *data, DWORD size,
                                         DWORD flags, PCRYPT_DECODE_PARA parameters, void *structure,
                                         DWORD *structure_size)
{
    bool allocates = flags & CRYPT_DECODE_ALLOC_FLAG;
    if (!structure && allocates) return fail_with(ERROR_INVALID_PARAMETER);
    const struct encoding_kind *kind = find_kind(encoding, name);
    if (!kind) return FALSE;
    if (!data || !size) return fail_with((DWORD)CRYPT_E_ASN1_EOD);
    DWORD needed = measure(kind, data, size, flags), room = *structure_size;
    if (!needed) return FALSE;
    *structure_size = needed;
    if (!structure) return TRUE;
    if (!allocates && room < needed) return fail_with(ERROR_MORE_DATA);
    struct decoding to = {.block = structure, .room = needed, .flags = flags};
    if (allocates) {
        to.block = allocate(parameters, needed);
        if (!to.block) return FALSE;
        *(void **)structure = to.block;
    }
    return run(kind, &to, data, size);
}

HOTPATCH BOOL WINAPI CryptDecodeObject(DWORD encoding, LPCSTR name, const BYTE *data, DWORD size, DWORD flags,
                                       void *structure, DWORD *structure_size)
{
    return CryptDecodeObjectEx(encoding, name, data, size, flags, NULL, structure, structure_size);
}

void *decode_local(const char *kind, const void *data, DWORD size)
{
    void *structure;
    DWORD length;
    return CryptDecodeObjectEx(X509_ASN_ENCODING, kind, data, size, CRYPT_DECODE_ALLOC_FLAG, NULL, &structure,
                               &length)
               ? structure
               : NULL;
}

// --- encoding

HOTPATCH BOOL WINAPI CryptEncodeObjectEx(DWORD encoding, LPCSTR name, const void *structure, DWORD flags,
                                         PCRYPT_ENCODE_PARA parameters, void *encoded, DWORD *encoded_size)
{
    AUTO_WRITER struct der_writer out = {0};
    const struct encoding_kind *kind = find_kind(encoding, name);
    if (!kind) return FALSE;
    if (!kind->encode) return fail_with(ERROR_FILE_NOT_FOUND);
    kind->encode(&out, structure);
    if (out.error) return fail_with(out.error);
    DWORD room = *encoded_size;
    *encoded_size = out.size;
    if (flags & CRYPT_ENCODE_ALLOC_FLAG) {
        if (!encoded) return fail_with(ERROR_INVALID_PARAMETER);
        bool custom = parameters && parameters->cbSize >= sizeof *parameters && parameters->pfnAlloc;
        void *memory = custom ? parameters->pfnAlloc(out.size) : LocalAlloc(LMEM_FIXED, out.size);
        if (!memory) return fail_with(ERROR_OUTOFMEMORY);
        memcpy(memory, out.data, out.size);
        *(void **)encoded = memory;
        return TRUE;
    }
    if (!encoded) return TRUE;
    if (room < out.size) return fail_with(ERROR_MORE_DATA);
    memcpy(encoded, out.data, out.size);
    return TRUE;
}

HOTPATCH BOOL WINAPI CryptEncodeObject(DWORD encoding, LPCSTR name, const void *structure, BYTE *encoded,
                                       DWORD *encoded_size)
{
    return CryptEncodeObjectEx(encoding, name, structure, 0, NULL, encoded, encoded_size);
}
