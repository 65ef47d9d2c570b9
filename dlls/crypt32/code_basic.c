// Numbers, bits, octets and sequences of anything.
#include "encoding.h"

static bool decode_integer(struct decoding *to, struct der in, void *out)
{
    (void)to;
    return der_take_int(&in, DER_INTEGER, out);
}

static void encode_integer(struct der_writer *out, const void *in)
{
    der_put_int(out, DER_INTEGER, *(const int *)in);
}

static bool decode_enumerated(struct decoding *to, struct der in, void *out)
{
    (void)to;
    return der_take_int(&in, DER_ENUMERATED, out);
}

static void encode_enumerated(struct der_writer *out, const void *in)
{
    der_put_int(out, DER_ENUMERATED, *(const int *)in);
}

static bool decode_multi_byte(struct decoding *to, struct der in, void *out)
{
    struct der content;
    return der_take(&in, DER_INTEGER, &content) && decode_reversed(to, content, out);
}

static void encode_multi_byte(struct der_writer *out, const void *structure)
{
    const DATA_BLOB *in = structure;
    der_put_integer(out, in->pbData, in->cbData, false);
}

static bool decode_multi_byte_unsigned(struct decoding *to, struct der in, void *out)
{
    struct der content;
    if (!der_take(&in, DER_INTEGER, &content)) return false;
    if (content.size > 1 && !content.data[0]) {
        content.data++;
        content.size--;
    }
    return decode_reversed(to, content, out);
}

static void encode_multi_byte_unsigned(struct der_writer *out, const void *structure)
{
    const DATA_BLOB *in = structure;
    der_put_integer(out, in->pbData, in->cbData, true);
}

static bool decode_octets(struct decoding *to, struct der in, void *out)
{
    struct der content;
    return der_take(&in, DER_OCTET_STRING, &content) && decode_blob(to, content, out);
}

static void encode_octets(struct der_writer *out, const void *structure)
{
    const DATA_BLOB *in = structure;
    der_put_element(out, DER_OCTET_STRING, in->pbData, in->cbData);
}

static bool decode_bits(struct decoding *to, struct der in, void *out)
{
    struct der content;
    return der_take(&in, DER_BIT_STRING, &content) && decode_bit_blob(to, content, out);
}

static void encode_bits(struct der_writer *out, const void *structure)
{
    const CRYPT_BIT_BLOB *in = structure;
    der_put_bits(out, DER_BIT_STRING, in->pbData, in->cbData, in->cUnusedBits);
}

// Bits whose last ones are left out when they are zero, as in lists of named bits.
static void encode_named_bits(struct der_writer *out, const void *structure)
{
    const CRYPT_BIT_BLOB *in = structure;
    DWORD size = in->cbData, unused = in->cUnusedBits & 7;
    BYTE last = size ? (BYTE)(in->pbData[size - 1] & 0xFF << unused) : 0;
    while (size && !last) {
        unused = 0;
        last = --size ? in->pbData[size - 1] : 0;
    }
    while (size && !(last >> unused & 1)) unused++;
    der_put_bits(out, DER_BIT_STRING, in->pbData, size, unused);
}

static bool decode_any(struct decoding *to, struct der in, void *out)
{
    return decode_blob(to, in, out);
}

static bool decode_sequence(struct decoding *to, struct der in, void *result)
{
    CRYPT_SEQUENCE_OF_ANY *out = result;
    struct der content;
    return der_take(&in, DER_SEQUENCE, &content) &&
           decode_array(to, content, sizeof(DATA_BLOB), decode_any, &out->cValue, &out->rgValue);
}

static void encode_sequence(struct der_writer *out, const void *structure)
{
    const CRYPT_SEQUENCE_OF_ANY *in = structure;
    DWORD mark = der_open(out, DER_SEQUENCE);
    for (DWORD i = 0; i < in->cValue; i++) encode_blob(out, (const DATA_BLOB *)&in->rgValue[i]);
    der_close(out, mark);
}

static bool decode_identifier(struct decoding *to, struct der in, void *out)
{
    return decode_oid(to, &in, out);
}

static void encode_identifier(struct der_writer *out, const void *in)
{
    der_put_oid(out, *(const LPCSTR *)in);
}

// --- attributes and contents

static bool decode_attribute(struct decoding *to, struct der in, void *result)
{
    CRYPT_ATTRIBUTE *out = result;
    struct der content, values;
    return der_take(&in, DER_SEQUENCE, &content) && decode_oid(to, &content, &out->pszObjId) &&
           der_take(&content, DER_SET, &values) &&
           decode_array(to, values, sizeof(DATA_BLOB), decode_any, &out->cValue, &out->rgValue);
}

static void encode_attribute(struct der_writer *out, const void *structure)
{
    const CRYPT_ATTRIBUTE *in = structure;
    DWORD mark = der_open(out, DER_SEQUENCE);
    der_put_oid(out, in->pszObjId);
    DWORD set = der_open(out, DER_SET);
    for (DWORD i = 0; i < in->cValue; i++) encode_blob(out, (const DATA_BLOB *)&in->rgValue[i]);
    der_sort_set(out, set);
    der_close(out, set);
    der_close(out, mark);
}

bool decode_attributes(struct decoding *to, struct der in, void *result)
{
    CRYPT_ATTRIBUTES *out = result;
    struct der content;
    return der_take(&in, DER_SET, &content) &&
           decode_array(to, content, sizeof(CRYPT_ATTRIBUTE), decode_attribute, &out->cAttr, &out->rgAttr);
}

void encode_attributes(struct der_writer *out, const void *structure)
{
    const CRYPT_ATTRIBUTES *in = structure;
    DWORD mark = der_open(out, DER_SET);
    for (DWORD i = 0; i < in->cAttr; i++) encode_attribute(out, &in->rgAttr[i]);
    der_sort_set(out, mark);
    der_close(out, mark);
}

static bool decode_content_info(struct decoding *to, struct der in, void *result)
{
    CRYPT_CONTENT_INFO *out = result;
    struct der content, inner;
    return der_take(&in, DER_SEQUENCE, &content) && decode_oid(to, &content, &out->pszObjId) &&
           der_take_optional(&content, DER_CONSTRUCTED(0), &inner) &&
           decode_blob(to, inner, (DATA_BLOB *)&out->Content);
}

static void encode_content_info(struct der_writer *out, const void *structure)
{
    const CRYPT_CONTENT_INFO *in = structure;
    DWORD mark = der_open(out, DER_SEQUENCE);
    der_put_oid(out, in->pszObjId);
    if (in->Content.cbData) der_put_element(out, DER_CONSTRUCTED(0), in->Content.pbData, in->Content.cbData);
    der_close(out, mark);
}

const struct encoding_kind basic_kinds[] = {
    {22, NULL, sizeof(CRYPT_ATTRIBUTE), decode_attribute, encode_attribute},
    {25, NULL, sizeof(DATA_BLOB), decode_octets, encode_octets},
    {26, NULL, sizeof(CRYPT_BIT_BLOB), decode_bits, encode_bits},
    {27, NULL, sizeof(int), decode_integer, encode_integer},
    {28, NULL, sizeof(DATA_BLOB), decode_multi_byte, encode_multi_byte},
    {29, szOID_CRL_REASON_CODE, sizeof(int), decode_enumerated, encode_enumerated},
    {33, NULL, sizeof(CRYPT_CONTENT_INFO), decode_content_info, encode_content_info},
    {34, NULL, sizeof(CRYPT_SEQUENCE_OF_ANY), decode_sequence, encode_sequence},
    {38, NULL, sizeof(DATA_BLOB), decode_multi_byte_unsigned, encode_multi_byte_unsigned},
    {48, NULL, sizeof(CRYPT_ATTRIBUTES), decode_attributes, encode_attributes},
    {51, NULL, sizeof(CRYPT_BIT_BLOB), decode_bits, encode_named_bits},
    {73, NULL, sizeof(LPSTR), decode_identifier, encode_identifier},
    {14, szOID_KEY_USAGE, sizeof(CRYPT_BIT_BLOB), decode_bits, encode_named_bits},
    {0},
};
