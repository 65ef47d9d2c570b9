// The values of certificates' extensions.
#include "encoding.h"

// --- basic constraints and usages

static bool take_path_length(struct der *in, BOOL *there, DWORD *length)
{
    int number = 0;
    *there = der_is(in, DER_INTEGER);
    if (*there && !der_take_int(in, DER_INTEGER, &number)) return false;
    if (number < 0) return der_fail((DWORD)CRYPT_E_ASN1_CORRUPT);
    *length = (DWORD)number;
    return true;
}

static bool decode_constraints2(struct decoding *to, struct der in, void *result)
{
    CERT_BASIC_CONSTRAINTS2_INFO *out = result;
    struct der content;
    (void)to;
    if (!der_take(&in, DER_SEQUENCE, &content)) return false;
    if (der_is(&content, DER_BOOLEAN) && !der_take_bool(&content, &out->fCA)) return false;
    return take_path_length(&content, &out->fPathLenConstraint, &out->dwPathLenConstraint) &&
           der_end(&content);
}

static void encode_constraints2(struct der_writer *out, const void *structure)
{
    const CERT_BASIC_CONSTRAINTS2_INFO *in = structure;
    DWORD mark = der_open(out, DER_SEQUENCE);
    if (in->fCA) der_put_bool(out, TRUE);
    if (in->fPathLenConstraint) der_put_int(out, DER_INTEGER, (int)in->dwPathLenConstraint);
    der_close(out, mark);
}

static bool decode_any(struct decoding *to, struct der in, void *out)
{
    return decode_blob(to, in, out);
}

// The form of early drafts (2.5.29.10).
static bool decode_constraints(struct decoding *to, struct der in, void *result)
{
    CERT_BASIC_CONSTRAINTS_INFO *out = result;
    struct der content, bits, trees;
    return der_take(&in, DER_SEQUENCE, &content) && der_take(&content, DER_BIT_STRING, &bits) &&
           decode_bit_blob(to, bits, &out->SubjectType) &&
           take_path_length(&content, &out->fPathLenConstraint, &out->dwPathLenConstraint) &&
           der_take_optional(&content, DER_SEQUENCE, &trees) &&
           decode_array(to, trees, sizeof(DATA_BLOB), decode_any, &out->cSubtreesConstraint,
                        &out->rgSubtreesConstraint) &&
           der_end(&content);
}

static void encode_constraints(struct der_writer *out, const void *structure)
{
    const CERT_BASIC_CONSTRAINTS_INFO *in = structure;
    const CRYPT_BIT_BLOB *type = &in->SubjectType;
    DWORD mark = der_open(out, DER_SEQUENCE);
    der_put_bits(out, DER_BIT_STRING, type->pbData, type->cbData, type->cUnusedBits);
    if (in->fPathLenConstraint) der_put_int(out, DER_INTEGER, (int)in->dwPathLenConstraint);
    if (in->cSubtreesConstraint) {
        DWORD trees = der_open(out, DER_SEQUENCE);
        for (DWORD i = 0; i < in->cSubtreesConstraint; i++)
            encode_blob(out, (const DATA_BLOB *)&in->rgSubtreesConstraint[i]);
        der_close(out, trees);
    }
    der_close(out, mark);
}

static bool decode_one_usage(struct decoding *to, struct der in, void *out)
{
    return decode_oid(to, &in, out);
}

static bool decode_usage(struct decoding *to, struct der in, void *result)
{
    CERT_ENHKEY_USAGE *out = result;
    struct der content;
    return der_take(&in, DER_SEQUENCE, &content) &&
           decode_array(to, content, sizeof(LPSTR), decode_one_usage, &out->cUsageIdentifier,
                        &out->rgpszUsageIdentifier);
}

static void encode_usage(struct der_writer *out, const void *structure)
{
    const CERT_ENHKEY_USAGE *in = structure;
    DWORD mark = der_open(out, DER_SEQUENCE);
    for (DWORD i = 0; i < in->cUsageIdentifier; i++) der_put_oid(out, in->rgpszUsageIdentifier[i]);
    der_close(out, mark);
}

// --- general names

static bool decode_other_name(struct decoding *to, struct der in, PCERT_OTHER_NAME *result)
{
    struct der value;
    CERT_OTHER_NAME *out = *result = decoding_take(to, sizeof *out);
    return out && decode_oid(to, &in, &out->pszObjId) && der_take(&in, DER_CONSTRUCTED(0), &value) &&
           decode_blob(to, value, (DATA_BLOB *)&out->Value);
}

bool decode_general_name(struct decoding *to, struct der in, void *result)
{
    CERT_ALT_NAME_ENTRY *out = result;
    struct der content, whole = in;
    BYTE tag;
    DWORD length;
    if (!der_next(&in, &tag, &content)) return false;
    out->dwAltNameChoice = (tag & 0x1Fu) + 1;
    switch (tag) {
    case DER_CONSTRUCTED(0): return decode_other_name(to, content, &out->pOtherName);
    case DER_CONTEXT(1):
    case DER_CONTEXT(2):
    case DER_CONTEXT(6): return decode_ascii(to, content, &out->pwszURL);
    case DER_CONSTRUCTED(4): return decode_blob(to, content, (DATA_BLOB *)&out->DirectoryName);
    case DER_CONTEXT(7): return decode_blob(to, content, (DATA_BLOB *)&out->IPAddress);
    case DER_CONTEXT(8):
        if (!der_oid_text(content, NULL, 0, &length)) return false;
        out->pszRegisteredID = decoding_take(to, length);
        return out->pszRegisteredID && der_oid_text(content, out->pszRegisteredID, length, &length);
    case DER_CONSTRUCTED(3):
    case DER_CONSTRUCTED(5): return decode_blob(to, whole, (DATA_BLOB *)&out->DirectoryName);
    }
    return der_fail((DWORD)CRYPT_E_ASN1_BADTAG);
}

// Names of the net are IA5 strings.
static void put_ascii(struct der_writer *out, BYTE tag, const WCHAR *text)
{
    DWORD mark = der_open(out, tag);
    for (; text && *text; text++) {
        BYTE byte = (BYTE)*text;
        if (*text > 0x7F) der_write_fail(out, (DWORD)CRYPT_E_INVALID_IA5_STRING);
        der_put(out, &byte, 1);
    }
    der_close(out, mark);
}

void encode_general_name(struct der_writer *out, const void *structure)
{
    const CERT_ALT_NAME_ENTRY *in = structure;
    DWORD mark, inner;
    switch (in->dwAltNameChoice) {
    case CERT_ALT_NAME_OTHER_NAME:
        mark = der_open(out, DER_CONSTRUCTED(0));
        der_put_oid(out, in->pOtherName->pszObjId);
        inner = der_open(out, DER_CONSTRUCTED(0));
        encode_blob(out, (const DATA_BLOB *)&in->pOtherName->Value);
        der_close(out, inner);
        der_close(out, mark);
        break;
    case CERT_ALT_NAME_RFC822_NAME:
    case CERT_ALT_NAME_DNS_NAME:
    case CERT_ALT_NAME_URL: put_ascii(out, (BYTE)DER_CONTEXT(in->dwAltNameChoice - 1), in->pwszURL); break;
    case CERT_ALT_NAME_DIRECTORY_NAME:
        der_put_element(out, DER_CONSTRUCTED(4), in->DirectoryName.pbData, in->DirectoryName.cbData);
        break;
    case CERT_ALT_NAME_IP_ADDRESS:
        der_put_element(out, DER_CONTEXT(7), in->IPAddress.pbData, in->IPAddress.cbData);
        break;
    case CERT_ALT_NAME_REGISTERED_ID:
        mark = out->size;
        der_put_oid(out, in->pszRegisteredID);
        if (!out->error) out->data[mark] = DER_CONTEXT(8);
        break;
    default: der_write_fail(out, (DWORD)E_INVALIDARG);
    }
}

static bool decode_names(struct decoding *to, struct der in, CERT_ALT_NAME_INFO *out)
{
    return decode_array(to, in, sizeof(CERT_ALT_NAME_ENTRY), decode_general_name, &out->cAltEntry,
                        &out->rgAltEntry);
}

bool decode_alternate_name(struct decoding *to, struct der in, void *out)
{
    struct der content;
    return der_take(&in, DER_SEQUENCE, &content) && decode_names(to, content, out);
}

static void put_names(struct der_writer *out, BYTE tag, const CERT_ALT_NAME_INFO *in)
{
    DWORD mark = der_open(out, tag);
    for (DWORD i = 0; i < in->cAltEntry; i++) encode_general_name(out, &in->rgAltEntry[i]);
    der_close(out, mark);
}

void encode_alternate_name(struct der_writer *out, const void *in)
{
    put_names(out, DER_SEQUENCE, in);
}

// --- authority's key and access

static bool decode_authority_key(struct decoding *to, struct der in, void *result)
{
    CERT_AUTHORITY_KEY_ID2_INFO *out = result;
    struct der content, part;
    if (!der_take(&in, DER_SEQUENCE, &content) || !der_take_optional(&content, DER_CONTEXT(0), &part) ||
        !decode_blob(to, part, (DATA_BLOB *)&out->KeyId) ||
        !der_take_optional(&content, DER_CONSTRUCTED(1), &part) ||
        !decode_names(to, part, &out->AuthorityCertIssuer) ||
        !der_take_optional(&content, DER_CONTEXT(2), &part))
        return false;
    return !part.data || decode_reversed(to, part, (DATA_BLOB *)&out->AuthorityCertSerialNumber);
}

static void encode_authority_key(struct der_writer *out, const void *structure)
{
    const CERT_AUTHORITY_KEY_ID2_INFO *in = structure;
    DWORD mark = der_open(out, DER_SEQUENCE), serial;
    if (in->KeyId.cbData) der_put_element(out, DER_CONTEXT(0), in->KeyId.pbData, in->KeyId.cbData);
    if (in->AuthorityCertIssuer.cAltEntry) put_names(out, DER_CONSTRUCTED(1), &in->AuthorityCertIssuer);
    if (in->AuthorityCertSerialNumber.cbData) {
        serial = out->size;
        der_put_integer(out, in->AuthorityCertSerialNumber.pbData, in->AuthorityCertSerialNumber.cbData,
                        false);
        if (!out->error) out->data[serial] = DER_CONTEXT(2);
    }
    der_close(out, mark);
}

static bool decode_access(struct decoding *to, struct der in, void *result)
{
    CERT_ACCESS_DESCRIPTION *out = result;
    struct der content;
    return der_take(&in, DER_SEQUENCE, &content) && decode_oid(to, &content, &out->pszAccessMethod) &&
           decode_general_name(to, content, &out->AccessLocation);
}

static bool decode_access_list(struct decoding *to, struct der in, void *result)
{
    CERT_AUTHORITY_INFO_ACCESS *out = result;
    struct der content;
    return der_take(&in, DER_SEQUENCE, &content) &&
           decode_array(to, content, sizeof(CERT_ACCESS_DESCRIPTION), decode_access, &out->cAccDescr,
                        &out->rgAccDescr);
}

static void encode_access_list(struct der_writer *out, const void *structure)
{
    const CERT_AUTHORITY_INFO_ACCESS *in = structure;
    DWORD mark = der_open(out, DER_SEQUENCE);
    for (DWORD i = 0; i < in->cAccDescr; i++) {
        DWORD inner = der_open(out, DER_SEQUENCE);
        der_put_oid(out, in->rgAccDescr[i].pszAccessMethod);
        encode_general_name(out, &in->rgAccDescr[i].AccessLocation);
        der_close(out, inner);
    }
    der_close(out, mark);
}

// --- where revocation lists are

static bool decode_point_name(struct decoding *to, struct der in, CRL_DIST_POINT_NAME *out)
{
    struct der content;
    if (der_is(&in, DER_CONSTRUCTED(0))) {
        out->dwDistPointNameChoice = CRL_DIST_POINT_FULL_NAME;
        return der_take(&in, DER_CONSTRUCTED(0), &content) && decode_names(to, content, &out->FullName);
    }
    out->dwDistPointNameChoice = CRL_DIST_POINT_ISSUER_RDN_NAME;
    return true;
}

static bool decode_point(struct decoding *to, struct der in, void *result)
{
    CRL_DIST_POINT *out = result;
    struct der content, part;
    if (!der_take(&in, DER_SEQUENCE, &content) || !der_take_optional(&content, DER_CONSTRUCTED(0), &part))
        return false;
    if (part.data && !decode_point_name(to, part, &out->DistPointName)) return false;
    if (!der_take_optional(&content, DER_CONTEXT(1), &part)) return false;
    if (part.data && !decode_bit_blob(to, part, &out->ReasonFlags)) return false;
    return der_take_optional(&content, DER_CONSTRUCTED(2), &part) && decode_names(to, part, &out->CRLIssuer);
}

static bool decode_points(struct decoding *to, struct der in, void *result)
{
    CRL_DIST_POINTS_INFO *out = result;
    struct der content;
    return der_take(&in, DER_SEQUENCE, &content) &&
           decode_array(to, content, sizeof(CRL_DIST_POINT), decode_point, &out->cDistPoint,
                        &out->rgDistPoint);
}

static void encode_points(struct der_writer *out, const void *structure)
{
    const CRL_DIST_POINTS_INFO *in = structure;
    DWORD mark = der_open(out, DER_SEQUENCE);
    for (DWORD i = 0; i < in->cDistPoint; i++) {
        const CRL_DIST_POINT *point = &in->rgDistPoint[i];
        const CRYPT_BIT_BLOB *reasons = &point->ReasonFlags;
        DWORD inner = der_open(out, DER_SEQUENCE);
        if (point->DistPointName.dwDistPointNameChoice == CRL_DIST_POINT_FULL_NAME) {
            DWORD name = der_open(out, DER_CONSTRUCTED(0));
            put_names(out, DER_CONSTRUCTED(0), &point->DistPointName.FullName);
            der_close(out, name);
        }
        if (reasons->cbData)
            der_put_bits(out, DER_CONTEXT(1), reasons->pbData, reasons->cbData, reasons->cUnusedBits);
        if (point->CRLIssuer.cAltEntry) put_names(out, DER_CONSTRUCTED(2), &point->CRLIssuer);
        der_close(out, inner);
    }
    der_close(out, mark);
}

// --- policies

static bool decode_qualifier(struct decoding *to, struct der in, void *result)
{
    CERT_POLICY_QUALIFIER_INFO *out = result;
    struct der content;
    return der_take(&in, DER_SEQUENCE, &content) && decode_oid(to, &content, &out->pszPolicyQualifierId) &&
           decode_blob(to, content, (DATA_BLOB *)&out->Qualifier);
}

static bool decode_policy(struct decoding *to, struct der in, void *result)
{
    CERT_POLICY_INFO *out = result;
    struct der content, list;
    return der_take(&in, DER_SEQUENCE, &content) && decode_oid(to, &content, &out->pszPolicyIdentifier) &&
           der_take_optional(&content, DER_SEQUENCE, &list) &&
           decode_array(to, list, sizeof(CERT_POLICY_QUALIFIER_INFO), decode_qualifier,
                        &out->cPolicyQualifier, &out->rgPolicyQualifier);
}

static bool decode_policies(struct decoding *to, struct der in, void *result)
{
    CERT_POLICIES_INFO *out = result;
    struct der content;
    return der_take(&in, DER_SEQUENCE, &content) &&
           decode_array(to, content, sizeof(CERT_POLICY_INFO), decode_policy, &out->cPolicyInfo,
                        &out->rgPolicyInfo);
}

// --- name constraints

static bool decode_subtree(struct decoding *to, struct der in, void *result)
{
    CERT_GENERAL_SUBTREE *out = result;
    struct der content, name;
    return der_take(&in, DER_SEQUENCE, &content) && der_take_whole(&content, &name) &&
           decode_general_name(to, name, &out->Base);
}

static bool decode_name_constraints(struct decoding *to, struct der in, void *result)
{
    CERT_NAME_CONSTRAINTS_INFO *out = result;
    struct der content, permitted, excluded;
    return der_take(&in, DER_SEQUENCE, &content) &&
           der_take_optional(&content, DER_CONSTRUCTED(0), &permitted) &&
           der_take_optional(&content, DER_CONSTRUCTED(1), &excluded) &&
           decode_array(to, permitted, sizeof(CERT_GENERAL_SUBTREE), decode_subtree, &out->cPermittedSubtree,
                        &out->rgPermittedSubtree) &&
           decode_array(to, excluded, sizeof(CERT_GENERAL_SUBTREE), decode_subtree, &out->cExcludedSubtree,
                        &out->rgExcludedSubtree);
}

static bool decode_key_identifier(struct decoding *to, struct der in, void *out)
{
    struct der content;
    return der_take(&in, DER_OCTET_STRING, &content) && decode_blob(to, content, out);
}

static void encode_key_identifier(struct der_writer *out, const void *structure)
{
    const DATA_BLOB *in = structure;
    der_put_element(out, DER_OCTET_STRING, in->pbData, in->cbData);
}

const struct encoding_kind extension_kinds[] = {
    {12, szOID_SUBJECT_ALT_NAME2, sizeof(CERT_ALT_NAME_INFO), decode_alternate_name, encode_alternate_name},
    {12, szOID_ISSUER_ALT_NAME2, sizeof(CERT_ALT_NAME_INFO), decode_alternate_name, encode_alternate_name},
    {12, szOID_SUBJECT_ALT_NAME, sizeof(CERT_ALT_NAME_INFO), decode_alternate_name, encode_alternate_name},
    {13, szOID_BASIC_CONSTRAINTS, sizeof(CERT_BASIC_CONSTRAINTS_INFO), decode_constraints,
     encode_constraints},
    {15, szOID_BASIC_CONSTRAINTS2, sizeof(CERT_BASIC_CONSTRAINTS2_INFO), decode_constraints2,
     encode_constraints2},
    {16, szOID_CERT_POLICIES, sizeof(CERT_POLICIES_INFO), decode_policies, NULL},
    {31, szOID_AUTHORITY_KEY_IDENTIFIER2, sizeof(CERT_AUTHORITY_KEY_ID2_INFO), decode_authority_key,
     encode_authority_key},
    {32, szOID_AUTHORITY_INFO_ACCESS, sizeof(CERT_AUTHORITY_INFO_ACCESS), decode_access_list,
     encode_access_list},
    {35, szOID_CRL_DIST_POINTS, sizeof(CRL_DIST_POINTS_INFO), decode_points, encode_points},
    {36, szOID_ENHANCED_KEY_USAGE, sizeof(CERT_ENHKEY_USAGE), decode_usage, encode_usage},
    {55, szOID_NAME_CONSTRAINTS, sizeof(CERT_NAME_CONSTRAINTS_INFO), decode_name_constraints, NULL},
    {25, szOID_SUBJECT_KEY_IDENTIFIER, sizeof(DATA_BLOB), decode_key_identifier, encode_key_identifier},
    {0},
};
