// Structures of wincrypt.h to and from DER: one decoder and one encoder for each kind, by number or object
// identifier.
#ifndef LOWLAND_CRYPT32_ENCODING_H
#define LOWLAND_CRYPT32_ENCODING_H

#include "der.h"
#include "dlls/advapi32/base.h"
#include <wincrypt.h>

// Where a decoder puts what a structure points to: a block with the structure at its beginning.
struct decoding {
    BYTE *block;
    DWORD used, room;
    DWORD flags; // CRYPT_DECODE_
};

// Reads all of in into out, which is zeroed. False with the last error.
typedef bool decoder(struct decoding *to, struct der in, void *out);
// Writes one structure. Failures are the writer's.
typedef void encoder(struct der_writer *out, const void *in);

struct encoding_kind {
    DWORD number;    // X509_...
    const char *oid; // of the extension that holds it, or NULL
    DWORD size;      // of the structure
    decoder *decode;
    encoder *encode;
};
extern const struct encoding_kind certificate_kinds[], extension_kinds[], key_kinds[], basic_kinds[],
    name_kinds[];

// Decodes without going through the exported functions: a structure by LocalAlloc, NULL with the last error.
void *decode_local(const char *kind, const void *data, DWORD size);

// --- what decoders are made of (decode.c)

// Zeroed, aligned to 8; NULL with the last error.
void *decoding_take(struct decoding *to, DWORD size);
bool decode_blob(struct decoding *to, struct der in, DATA_BLOB *out);
bool decode_reversed(struct decoding *to, struct der in, DATA_BLOB *out);
bool decode_bit_blob(struct decoding *to, struct der content, CRYPT_BIT_BLOB *out);
bool decode_oid(struct decoding *to, struct der *in, LPSTR *out);
bool decode_ascii(struct decoding *to, struct der in, WCHAR **out);
// The elements of in, each of size bytes in an array that is made; decode gets one with its head.
bool decode_array(struct decoding *to, struct der in, DWORD size, decoder *decode, DWORD *count, void *array);

decoder decode_algorithm, decode_public_key, decode_extensions, decode_time, decode_unicode_name,
    decode_alternate_name, decode_general_name, decode_attributes;
encoder encode_algorithm, encode_public_key, encode_extensions, encode_time, encode_alternate_name,
    encode_general_name, encode_attributes;
void encode_blob(struct der_writer *out, const DATA_BLOB *blob);

#endif
