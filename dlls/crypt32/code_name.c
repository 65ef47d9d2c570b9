// Names: sequences of sets of attributes, whose values are strings of many kinds.
#include "encoding.h"

static const struct {
    BYTE tag;
    DWORD type;
} string_types[] = {
    {DER_OCTET_STRING, CERT_RDN_OCTET_STRING},
    {DER_NUMERIC_STRING, CERT_RDN_NUMERIC_STRING},
    {DER_PRINTABLE_STRING, CERT_RDN_PRINTABLE_STRING},
    {DER_TELETEX_STRING, CERT_RDN_TELETEX_STRING},
    {0x15, CERT_RDN_VIDEOTEX_STRING},
    {DER_IA5_STRING, CERT_RDN_IA5_STRING},
    {0x19, CERT_RDN_GRAPHIC_STRING},
    {0x1A, CERT_RDN_VISIBLE_STRING},
    {0x1B, CERT_RDN_GENERAL_STRING},
    {DER_UNIVERSAL_STRING, CERT_RDN_UNIVERSAL_STRING},
    {DER_BMP_STRING, CERT_RDN_BMP_STRING},
    {DER_UTF8_STRING, CERT_RDN_UTF8_STRING},
};

static DWORD type_of_tag(BYTE tag)
{
    for (DWORD i = 0; i < ARRAY_LENGTH(string_types); i++)
        if (string_types[i].tag == tag) return string_types[i].type;
    return CERT_RDN_ENCODED_BLOB;
}

static BYTE tag_of_type(DWORD type)
{
    for (DWORD i = 0; i < ARRAY_LENGTH(string_types); i++)
        if (string_types[i].type == (type & CERT_RDN_TYPE_MASK)) return string_types[i].tag;
    return 0;
}

// --- reading

// UTF-16 from a string's content, ended by a NUL that the size doesn't count.
static bool decode_wide(struct decoding *to, DWORD type, struct der in, DATA_BLOB *out)
{
    if (in.size > 0x1000000) return der_fail((DWORD)CRYPT_E_ASN1_LARGE);
    WCHAR *text = decoding_take(to, (in.size + 1) * sizeof(WCHAR));
    DWORD length = 0;
    if (!text) return false;
    if (type == CERT_RDN_UTF8_STRING) {
        length =
            (DWORD)MultiByteToWideChar(CP_UTF8, 0, (const char *)in.data, (int)in.size, text, (int)in.size);
    } else if (type == CERT_RDN_BMP_STRING) {
        for (; in.size > 1; in.size -= 2, in.data += 2)
            text[length++] = (WCHAR)(in.data[0] << 8 | in.data[1]);
    } else if (type == CERT_RDN_UNIVERSAL_STRING) {
        for (; in.size > 3; in.size -= 4, in.data += 4)
            text[length++] = (WCHAR)(in.data[2] << 8 | in.data[3]);
    } else {
        for (; in.size; in.size--) text[length++] = *in.data++;
    }
    out->cbData = length * sizeof(WCHAR);
    out->pbData = (BYTE *)text;
    return true;
}

// Whether a type's value is UTF-16 also in CERT_NAME_INFOs that are not of UTF-16.
static bool always_wide(DWORD type)
{
    return type == CERT_RDN_UTF8_STRING || type == CERT_RDN_BMP_STRING;
}

static bool decode_value(struct decoding *to, struct der whole, bool wide, DWORD *type, DATA_BLOB *out)
{
    struct der in = whole, content;
    BYTE tag;
    if (!der_next(&in, &tag, &content)) return false;
    *type = type_of_tag(tag);
    if (*type == CERT_RDN_ENCODED_BLOB) return decode_blob(to, whole, out);
    if (*type != CERT_RDN_OCTET_STRING && (wide || always_wide(*type)))
        return decode_wide(to, *type, content, out);
    return decode_blob(to, content, out);
}

static bool decode_attribute(struct decoding *to, struct der in, CERT_RDN_ATTR *out, bool wide)
{
    struct der content;
    return der_take(&in, DER_SEQUENCE, &content) && decode_oid(to, &content, &out->pszObjId) &&
           decode_value(to, content, wide, &out->dwValueType, (DATA_BLOB *)&out->Value);
}

static bool decode_narrow_attribute(struct decoding *to, struct der in, void *out)
{
    return decode_attribute(to, in, out, false);
}

static bool decode_wide_attribute(struct decoding *to, struct der in, void *out)
{
    return decode_attribute(to, in, out, true);
}

static bool decode_narrow_set(struct decoding *to, struct der in, void *result)
{
    CERT_RDN *out = result;
    struct der content;
    return der_take(&in, DER_SET, &content) &&
           decode_array(to, content, sizeof(CERT_RDN_ATTR), decode_narrow_attribute, &out->cRDNAttr,
                        &out->rgRDNAttr);
}

static bool decode_wide_set(struct decoding *to, struct der in, void *result)
{
    CERT_RDN *out = result;
    struct der content;
    return der_take(&in, DER_SET, &content) &&
           decode_array(to, content, sizeof(CERT_RDN_ATTR), decode_wide_attribute, &out->cRDNAttr,
                        &out->rgRDNAttr);
}

static bool decode_name(struct decoding *to, struct der in, void *result)
{
    CERT_NAME_INFO *out = result;
    struct der content;
    return der_take(&in, DER_SEQUENCE, &content) &&
           decode_array(to, content, sizeof(CERT_RDN), decode_narrow_set, &out->cRDN, &out->rgRDN);
}

bool decode_unicode_name(struct decoding *to, struct der in, void *result)
{
    CERT_NAME_INFO *out = result;
    struct der content;
    return der_take(&in, DER_SEQUENCE, &content) &&
           decode_array(to, content, sizeof(CERT_RDN), decode_wide_set, &out->cRDN, &out->rgRDN);
}

static bool decode_name_value(struct decoding *to, struct der in, void *result)
{
    CERT_NAME_VALUE *out = result;
    return decode_value(to, in, false, &out->dwValueType, (DATA_BLOB *)&out->Value);
}

static bool decode_unicode_value(struct decoding *to, struct der in, void *result)
{
    CERT_NAME_VALUE *out = result;
    return decode_value(to, in, true, &out->dwValueType, (DATA_BLOB *)&out->Value);
}

// --- writing

static bool is_printable(WCHAR unit)
{
    return (unit >= 'a' && unit <= 'z') || (unit >= 'A' && unit <= 'Z') || (unit >= '0' && unit <= '9') ||
           (unit && unit < 0x80 && strchr(" '()+,-./:=?", unit));
}

// What a text that may be anything is best kept as.
static DWORD choose_type(const WCHAR *text, DWORD length)
{
    for (DWORD i = 0; i < length; i++)
        if (!is_printable(text[i])) return CERT_RDN_UNICODE_STRING;
    return CERT_RDN_PRINTABLE_STRING;
}

static void put_utf8(struct der_writer *out, const WCHAR *text, DWORD length)
{
    int size = length ? WideCharToMultiByte(CP_UTF8, 0, text, (int)length, NULL, 0, NULL, NULL) : 0;
    AUTO_FREE char *bytes = heap_alloc((SIZE_T)size + 1);
    if (!bytes) {
        der_write_fail(out, ERROR_NOT_ENOUGH_MEMORY);
        return;
    }
    if (size) WideCharToMultiByte(CP_UTF8, 0, text, (int)length, bytes, size, NULL, NULL);
    der_put_element(out, DER_UTF8_STRING, bytes, (DWORD)size);
}

static DWORD error_of_type(DWORD type)
{
    switch (type) {
    case CERT_RDN_NUMERIC_STRING: return (DWORD)CRYPT_E_INVALID_NUMERIC_STRING;
    case CERT_RDN_PRINTABLE_STRING: return (DWORD)CRYPT_E_INVALID_PRINTABLE_STRING;
    default: return (DWORD)CRYPT_E_INVALID_IA5_STRING;
    }
}

static bool fits(DWORD type, WCHAR unit)
{
    switch (type) {
    case CERT_RDN_NUMERIC_STRING: return (unit >= '0' && unit <= '9') || unit == ' ';
    case CERT_RDN_PRINTABLE_STRING: return is_printable(unit);
    case CERT_RDN_IA5_STRING: return unit < 0x80;
    default: return unit < 0x100;
    }
}

static void put_wide(struct der_writer *out, DWORD type, const WCHAR *text, DWORD length)
{
    if (type == CERT_RDN_UTF8_STRING) {
        put_utf8(out, text, length);
        return;
    }
    DWORD mark = der_open(out, tag_of_type(type));
    for (DWORD i = 0; i < length; i++) {
        BYTE bytes[4] = {0, 0, (BYTE)(text[i] >> 8), (BYTE)text[i]};
        DWORD skip = type == CERT_RDN_UNIVERSAL_STRING ? 0 : type == CERT_RDN_BMP_STRING ? 2 : 3;
        if (skip == 3 && !fits(type, text[i])) der_write_fail(out, error_of_type(type));
        der_put(out, bytes + skip, 4 - skip);
    }
    der_close(out, mark);
}

// A value of a UTF-16 name; size 0: the text ends with a NUL.
static void put_unicode_value(struct der_writer *out, DWORD value_type, const DATA_BLOB *value)
{
    DWORD type = value_type & CERT_RDN_TYPE_MASK, length = value->cbData / sizeof(WCHAR);
    const WCHAR *text = (const WCHAR *)value->pbData;
    if (type == CERT_RDN_ENCODED_BLOB || type == CERT_RDN_OCTET_STRING) {
        if (type == CERT_RDN_ENCODED_BLOB)
            der_put(out, value->pbData, value->cbData);
        else
            der_put_element(out, DER_OCTET_STRING, value->pbData, value->cbData);
        return;
    }
    if (!length && text) length = (DWORD)wcslen(text);
    if (type == CERT_RDN_ANY_TYPE) type = choose_type(text, length);
    if (type == CERT_RDN_BMP_STRING && value_type & CERT_RDN_ENABLE_UTF8_UNICODE_FLAG)
        type = CERT_RDN_UTF8_STRING;
    if (tag_of_type(type))
        put_wide(out, type, text, length);
    else
        der_write_fail(out, (DWORD)CRYPT_E_ASN1_CHOICE);
}

static void put_value(struct der_writer *out, DWORD type, const DATA_BLOB *value)
{
    if (type == CERT_RDN_ENCODED_BLOB)
        der_put(out, value->pbData, value->cbData);
    else if (always_wide(type))
        put_unicode_value(out, type, value);
    else if (tag_of_type(type))
        der_put_element(out, tag_of_type(type), value->pbData, value->cbData);
    else
        der_write_fail(out, (DWORD)CRYPT_E_ASN1_CHOICE);
}

static void put_name(struct der_writer *out, const CERT_NAME_INFO *in,
                     void (*put)(struct der_writer *out, DWORD type, const DATA_BLOB *value))
{
    DWORD mark = der_open(out, DER_SEQUENCE);
    for (DWORD i = 0; i < in->cRDN; i++) {
        DWORD set = der_open(out, DER_SET);
        for (DWORD j = 0; j < in->rgRDN[i].cRDNAttr; j++) {
            const CERT_RDN_ATTR *attribute = &in->rgRDN[i].rgRDNAttr[j];
            DWORD inner = der_open(out, DER_SEQUENCE);
            der_put_oid(out, attribute->pszObjId);
            put(out, attribute->dwValueType, (const DATA_BLOB *)&attribute->Value);
            der_close(out, inner);
        }
        der_sort_set(out, set);
        der_close(out, set);
    }
    der_close(out, mark);
}

static void encode_name(struct der_writer *out, const void *in)
{
    put_name(out, in, put_value);
}

static void encode_unicode_name(struct der_writer *out, const void *in)
{
    put_name(out, in, put_unicode_value);
}

static void encode_name_value(struct der_writer *out, const void *structure)
{
    const CERT_NAME_VALUE *in = structure;
    put_value(out, in->dwValueType, (const DATA_BLOB *)&in->Value);
}

static void encode_unicode_value(struct der_writer *out, const void *structure)
{
    const CERT_NAME_VALUE *in = structure;
    put_unicode_value(out, in->dwValueType, (const DATA_BLOB *)&in->Value);
}

const struct encoding_kind name_kinds[] = {
    {6, NULL, sizeof(CERT_NAME_VALUE), decode_name_value, encode_name_value},
    {7, NULL, sizeof(CERT_NAME_INFO), decode_name, encode_name},
    {20, NULL, sizeof(CERT_NAME_INFO), decode_unicode_name, encode_unicode_name},
    {24, NULL, sizeof(CERT_NAME_VALUE), decode_unicode_value, encode_unicode_value},
    {0},
};
