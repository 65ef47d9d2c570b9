// Names as text: CertNameToStr and CertGetNameString.
#include "store.h"

// A text that is written as far as there is room.
struct text {
    WCHAR *at;
    DWORD room, length;
};

static void put(struct text *text, WCHAR unit)
{
    if (text->at && text->length + 1 < text->room) text->at[text->length] = unit;
    text->length++;
}

static void put_all(struct text *text, const WCHAR *units)
{
    while (*units) put(text, *units++);
}

// Ends it; how long it is with its NUL (what was written, where there was a buffer).
static DWORD finish(struct text *text)
{
    if (!text->at) return text->length + 1;
    if (!text->room) return 0;
    DWORD end = text->length < text->room ? text->length : text->room - 1;
    text->at[end] = 0;
    return end + 1;
}

static bool needs_quotes(const WCHAR *value, DWORD length)
{
    if (!length) return true;
    if (value[0] == ' ' || value[length - 1] == ' ') return true;
    for (DWORD i = 0; i < length; i++)
        if (value[i] < 0x80 && value[i] && strchr(",+=\"\n<>#;", (char)value[i])) return true;
    return false;
}

static void put_value(struct text *text, const CERT_RDN_ATTR *attribute, bool quoting)
{
    const WCHAR *value = (const WCHAR *)attribute->Value.pbData;
    DWORD length = attribute->Value.cbData / sizeof(WCHAR);
    DWORD type = attribute->dwValueType & CERT_RDN_TYPE_MASK;
    if (type == CERT_RDN_ENCODED_BLOB || type == CERT_RDN_OCTET_STRING) {
        put(text, '#');
        for (DWORD i = 0; i < attribute->Value.cbData; i++) {
            put(text, L"0123456789ABCDEF"[attribute->Value.pbData[i] >> 4]);
            put(text, L"0123456789ABCDEF"[attribute->Value.pbData[i] & 15]);
        }
        return;
    }
    bool quotes = quoting && needs_quotes(value, length);
    if (quotes) put(text, '"');
    for (DWORD i = 0; i < length; i++) {
        if (quotes && value[i] == '"') put(text, '"');
        put(text, value[i]);
    }
    if (quotes) put(text, '"');
}

static void put_prefix(struct text *text, const char *oid, DWORD form)
{
    PCCRYPT_OID_INFO info = form == CERT_X500_NAME_STR ? CryptFindOIDInfo(CRYPT_OID_INFO_OID_KEY, (void *)oid,
                                                                          CRYPT_RDN_ATTR_OID_GROUP_ID)
                                                       : NULL;
    if (info) {
        put_all(text, info->pwszName);
    } else {
        if (form == CERT_X500_NAME_STR) put_all(text, L"OID.");
        for (; *oid; oid++) put(text, (WCHAR)*oid);
    }
    put(text, '=');
}

static void put_name(struct text *text, const CERT_NAME_INFO *info, DWORD how)
{
    DWORD form = how & 0xFFFF;
    const WCHAR *between = how & CERT_NAME_STR_CRLF_FLAG        ? L"\r\n"
                           : how & CERT_NAME_STR_SEMICOLON_FLAG ? L"; "
                                                                : L", ";
    for (DWORD i = 0; i < info->cRDN; i++) {
        const CERT_RDN *set = &info->rgRDN[how & CERT_NAME_STR_REVERSE_FLAG ? info->cRDN - 1 - i : i];
        if (i) put_all(text, between);
        for (DWORD j = 0; j < set->cRDNAttr; j++) {
            if (j) put_all(text, how & CERT_NAME_STR_NO_PLUS_FLAG ? L" " : L" + ");
            if (form != CERT_SIMPLE_NAME_STR) put_prefix(text, set->rgRDNAttr[j].pszObjId, form);
            put_value(text, &set->rgRDNAttr[j], !(how & CERT_NAME_STR_NO_QUOTING_FLAG));
        }
    }
}

HOTPATCH DWORD WINAPI CertNameToStrW(DWORD encoding, PCERT_NAME_BLOB name, DWORD how, LPWSTR buffer,
                                     DWORD room)
{
    struct text text = {buffer, room, 0};
    CERT_NAME_INFO *info = decode_local(X509_UNICODE_NAME, name->pbData, name->cbData);
    (void)encoding;
    if (info) put_name(&text, info, how);
    if (info) LocalFree(info);
    return finish(&text);
}

// A wide result as ANSI, by a function that writes it.
static DWORD to_ansi(const WCHAR *wide, LPSTR buffer, DWORD room)
{
    DWORD needed = (DWORD)WideCharToMultiByte(CP_ACP, 0, wide, -1, NULL, 0, NULL, NULL);
    if (!buffer || !room) return needed;
    if (room >= needed) return (DWORD)WideCharToMultiByte(CP_ACP, 0, wide, -1, buffer, (int)room, NULL, NULL);
    AUTO_FREE char *whole = heap_alloc(needed);
    if (!whole) return 0;
    WideCharToMultiByte(CP_ACP, 0, wide, -1, whole, (int)needed, NULL, NULL);
    memcpy(buffer, whole, room - 1);
    buffer[room - 1] = 0;
    return room;
}

HOTPATCH DWORD WINAPI CertNameToStrA(DWORD encoding, PCERT_NAME_BLOB name, DWORD how, LPSTR buffer,
                                     DWORD room)
{
    DWORD length = CertNameToStrW(encoding, name, how, NULL, 0);
    AUTO_FREE WCHAR *wide = heap_alloc(length * sizeof(WCHAR));
    if (!wide) return 0;
    CertNameToStrW(encoding, name, how, wide, length);
    return to_ansi(wide, buffer, room);
}

HOTPATCH DWORD WINAPI CertRDNValueToStrW(DWORD type, PCERT_RDN_VALUE_BLOB value, LPWSTR buffer, DWORD room)
{
    struct text text = {buffer, room, 0};
    if (type == CERT_RDN_UTF8_STRING || type == CERT_RDN_BMP_STRING)
        for (DWORD i = 0; i < value->cbData / sizeof(WCHAR); i++)
            put(&text, ((const WCHAR *)value->pbData)[i]);
    else
        for (DWORD i = 0; i < value->cbData; i++) put(&text, value->pbData[i]);
    return finish(&text);
}

HOTPATCH DWORD WINAPI CertRDNValueToStrA(DWORD type, PCERT_RDN_VALUE_BLOB value, LPSTR buffer, DWORD room)
{
    DWORD length = CertRDNValueToStrW(type, value, NULL, 0);
    AUTO_FREE WCHAR *wide = heap_alloc(length * sizeof(WCHAR));
    if (!wide) return 0;
    CertRDNValueToStrW(type, value, wide, length);
    return to_ansi(wide, buffer, room);
}

// --- CertGetNameString

static void put_attribute(struct text *text, const CERT_NAME_INFO *name, const char *oid)
{
    PCERT_RDN_ATTR attribute = name ? CertFindRDNAttr(oid, (PCERT_NAME_INFO)name) : NULL;
    if (attribute) put_value(text, attribute, false);
}

static void put_alternate(struct text *text, const CERT_INFO *info, const char *oid, DWORD choice)
{
    CERT_ALT_NAME_INFO *names = decode_extension_of(info, oid);
    for (DWORD i = 0; names && i < names->cAltEntry && !text->length; i++)
        if (names->rgAltEntry[i].dwAltNameChoice == choice) put_all(text, names->rgAltEntry[i].pwszURL);
    if (names) LocalFree(names);
}

// The first of these attributes that is there.
static void put_simple(struct text *text, const CERT_NAME_INFO *name)
{
    static const char *const order[] = {szOID_COMMON_NAME, szOID_ORGANIZATIONAL_UNIT_NAME,
                                        szOID_ORGANIZATION_NAME, szOID_RSA_emailAddr};
    for (DWORD i = 0; i < ARRAY_LENGTH(order) && !text->length; i++) put_attribute(text, name, order[i]);
    if (!text->length && name->cRDN && name->rgRDN[0].cRDNAttr)
        put_value(text, &name->rgRDN[0].rgRDNAttr[0], false);
}

static void put_kind(struct text *text, PCCERT_CONTEXT context, const CERT_NAME_INFO *name, DWORD type,
                     bool issuer, const void *parameter)
{
    const CERT_INFO *info = context->pCertInfo;
    const char *alternate = issuer ? szOID_ISSUER_ALT_NAME2 : szOID_SUBJECT_ALT_NAME2;
    switch (type) {
    case CERT_NAME_EMAIL_TYPE:
        put_alternate(text, info, alternate, CERT_ALT_NAME_RFC822_NAME);
        if (!text->length) put_attribute(text, name, szOID_RSA_emailAddr);
        break;
    case CERT_NAME_RDN_TYPE:
        put_name(text, name, parameter ? *(const DWORD *)parameter : CERT_SIMPLE_NAME_STR);
        break;
    case CERT_NAME_ATTR_TYPE: put_attribute(text, name, parameter); break;
    case CERT_NAME_FRIENDLY_DISPLAY_TYPE: {
        WCHAR friendly[256];
        DWORD size = sizeof friendly - sizeof(WCHAR);
        if (CertGetCertificateContextProperty(context, CERT_FRIENDLY_NAME_PROP_ID, friendly, &size)) {
            friendly[size / sizeof(WCHAR)] = 0;
            put_all(text, friendly);
            break;
        }
    } // fall through
    case CERT_NAME_SIMPLE_DISPLAY_TYPE:
        put_simple(text, name);
        if (!text->length) put_alternate(text, info, alternate, CERT_ALT_NAME_RFC822_NAME);
        break;
    case CERT_NAME_DNS_TYPE:
        put_alternate(text, info, alternate, CERT_ALT_NAME_DNS_NAME);
        if (!text->length) put_attribute(text, name, szOID_COMMON_NAME);
        break;
    case CERT_NAME_URL_TYPE: put_alternate(text, info, alternate, CERT_ALT_NAME_URL); break;
    }
}

HOTPATCH DWORD WINAPI CertGetNameStringW(PCCERT_CONTEXT context, DWORD type, DWORD flags, void *parameter,
                                         LPWSTR buffer, DWORD room)
{
    struct text text = {buffer, room, 0};
    bool issuer = flags & CERT_NAME_ISSUER_FLAG;
    if (!context) return finish(&text);
    CERT_NAME_BLOB *blob = issuer ? &context->pCertInfo->Issuer : &context->pCertInfo->Subject;
    CERT_NAME_INFO *name = decode_local(X509_UNICODE_NAME, blob->pbData, blob->cbData);
    if (name) put_kind(&text, context, name, type, issuer, parameter);
    if (name) LocalFree(name);
    return finish(&text);
}

HOTPATCH DWORD WINAPI CertGetNameStringA(PCCERT_CONTEXT context, DWORD type, DWORD flags, void *parameter,
                                         LPSTR buffer, DWORD room)
{
    DWORD length = CertGetNameStringW(context, type, flags, parameter, NULL, 0);
    AUTO_FREE WCHAR *wide = heap_alloc(length * sizeof(WCHAR));
    if (!wide) return 0;
    CertGetNameStringW(context, type, flags, parameter, wide, length);
    return to_ansi(wide, buffer, room);
}

WCHAR *common_name_of(PCCERT_CONTEXT context)
{
    DWORD length = CertGetNameStringW(context, CERT_NAME_ATTR_TYPE, 0, (void *)szOID_COMMON_NAME, NULL, 0);
    WCHAR *text = heap_alloc(length * sizeof(WCHAR));
    if (!text) return NULL;
    CertGetNameStringW(context, CERT_NAME_ATTR_TYPE, 0, (void *)szOID_COMMON_NAME, text, length);
    if (length > 1 && wcslen(text) + 1 == length) return text;
    heap_free(text);
    return NULL;
}
