// What object identifiers stand for: algorithms, attributes of names, usages.
#include "store.h"

#define HASH(oid, name, id)                                                                                  \
    {                                                                                                        \
        sizeof(CRYPT_OID_INFO), oid, name, CRYPT_HASH_ALG_OID_GROUP_ID, {.Algid = id},                       \
        {                                                                                                    \
            0, NULL                                                                                          \
        }                                                                                                    \
    }
#define PUBLIC_KEY(oid, name, id)                                                                            \
    {                                                                                                        \
        sizeof(CRYPT_OID_INFO), oid, name, CRYPT_PUBKEY_ALG_OID_GROUP_ID, {.Algid = id},                     \
        {                                                                                                    \
            0, NULL                                                                                          \
        }                                                                                                    \
    }
#define SIGNATURE(oid, name, id)                                                                             \
    {                                                                                                        \
        sizeof(CRYPT_OID_INFO), oid, name, CRYPT_SIGN_ALG_OID_GROUP_ID, {.Algid = id},                       \
        {                                                                                                    \
            0, NULL                                                                                          \
        }                                                                                                    \
    }
#define ATTRIBUTE(oid, name)                                                                                 \
    {                                                                                                        \
        sizeof(CRYPT_OID_INFO), oid, name, CRYPT_RDN_ATTR_OID_GROUP_ID, {0},                                 \
        {                                                                                                    \
            0, NULL                                                                                          \
        }                                                                                                    \
    }
#define EXTENSION(oid, name)                                                                                 \
    {                                                                                                        \
        sizeof(CRYPT_OID_INFO), oid, name, CRYPT_EXT_OR_ATTR_OID_GROUP_ID, {0},                              \
        {                                                                                                    \
            0, NULL                                                                                          \
        }                                                                                                    \
    }
#define USAGE(oid, name)                                                                                     \
    {                                                                                                        \
        sizeof(CRYPT_OID_INFO), oid, name, CRYPT_ENHKEY_USAGE_OID_GROUP_ID, {0},                             \
        {                                                                                                    \
            0, NULL                                                                                          \
        }                                                                                                    \
    }

static const CRYPT_OID_INFO infos[] = {
    HASH("1.3.14.3.2.26", L"sha1", CALG_SHA1),
    HASH("1.2.840.113549.2.5", L"md5", CALG_MD5),
    HASH("2.16.840.1.101.3.4.2.1", L"sha256", CALG_SHA_256),
    HASH("2.16.840.1.101.3.4.2.2", L"sha384", CALG_SHA_384),
    HASH("2.16.840.1.101.3.4.2.3", L"sha512", CALG_SHA_512),
    PUBLIC_KEY("1.2.840.113549.1.1.1", L"RSA", CALG_RSA_KEYX),
    PUBLIC_KEY("1.2.840.10045.2.1", L"ECC", 0),
    SIGNATURE("1.2.840.113549.1.1.5", L"sha1RSA", CALG_SHA1),
    SIGNATURE("1.2.840.113549.1.1.4", L"md5RSA", CALG_MD5),
    SIGNATURE("1.2.840.113549.1.1.11", L"sha256RSA", CALG_SHA_256),
    SIGNATURE("1.2.840.113549.1.1.12", L"sha384RSA", CALG_SHA_384),
    SIGNATURE("1.2.840.113549.1.1.13", L"sha512RSA", CALG_SHA_512),
    SIGNATURE("1.2.840.10045.4.1", L"sha1ECDSA", CALG_SHA1),
    SIGNATURE("1.2.840.10045.4.3.2", L"sha256ECDSA", CALG_SHA_256),
    SIGNATURE("1.2.840.10045.4.3.3", L"sha384ECDSA", CALG_SHA_384),
    SIGNATURE("1.2.840.10045.4.3.4", L"sha512ECDSA", CALG_SHA_512),
    ATTRIBUTE(szOID_COMMON_NAME, L"CN"),
    ATTRIBUTE(szOID_LOCALITY_NAME, L"L"),
    ATTRIBUTE(szOID_ORGANIZATION_NAME, L"O"),
    ATTRIBUTE(szOID_ORGANIZATIONAL_UNIT_NAME, L"OU"),
    ATTRIBUTE(szOID_RSA_emailAddr, L"E"),
    ATTRIBUTE(szOID_COUNTRY_NAME, L"C"),
    ATTRIBUTE(szOID_STATE_OR_PROVINCE_NAME, L"S"),
    ATTRIBUTE(szOID_STATE_OR_PROVINCE_NAME, L"ST"),
    ATTRIBUTE(szOID_STREET_ADDRESS, L"STREET"),
    ATTRIBUTE(szOID_TITLE, L"T"),
    ATTRIBUTE(szOID_GIVEN_NAME, L"G"),
    ATTRIBUTE(szOID_INITIALS, L"I"),
    ATTRIBUTE(szOID_SUR_NAME, L"SN"),
    ATTRIBUTE(szOID_DOMAIN_COMPONENT, L"DC"),
    ATTRIBUTE(szOID_DEVICE_SERIAL_NUMBER, L"SERIALNUMBER"),
    EXTENSION(szOID_SUBJECT_ALT_NAME2, L"Subject Alternative Name"),
    EXTENSION(szOID_ISSUER_ALT_NAME2, L"Issuer Alternative Name"),
    EXTENSION(szOID_BASIC_CONSTRAINTS2, L"Basic Constraints"),
    EXTENSION(szOID_KEY_USAGE, L"Key Usage"),
    EXTENSION(szOID_ENHANCED_KEY_USAGE, L"Enhanced Key Usage"),
    EXTENSION(szOID_SUBJECT_KEY_IDENTIFIER, L"Subject Key Identifier"),
    EXTENSION(szOID_AUTHORITY_KEY_IDENTIFIER2, L"Authority Key Identifier"),
    EXTENSION(szOID_CRL_DIST_POINTS, L"CRL Distribution Points"),
    EXTENSION(szOID_CERT_POLICIES, L"Certificate Policies"),
    EXTENSION(szOID_AUTHORITY_INFO_ACCESS, L"Authority Information Access"),
    USAGE(szOID_PKIX_KP_SERVER_AUTH, L"Server Authentication"),
    USAGE(szOID_PKIX_KP_CLIENT_AUTH, L"Client Authentication"),
    USAGE(szOID_PKIX_KP_CODE_SIGNING, L"Code Signing"),
    USAGE(szOID_PKIX_KP_EMAIL_PROTECTION, L"Secure Email"),
    USAGE(szOID_PKIX_KP_TIMESTAMP_SIGNING, L"Time Stamping"),
    USAGE("1.3.6.1.5.5.7.3.9", L"OCSP Signing"),
};

HOTPATCH PCCRYPT_OID_INFO WINAPI CryptFindOIDInfo(DWORD type, void *key, DWORD group)
{
    group &= 0xFFFF; // the rest is a length in bits
    for (DWORD i = 0; i < ARRAY_LENGTH(infos); i++) {
        const CRYPT_OID_INFO *info = &infos[i];
        if (group && info->dwGroupId != group) continue;
        switch (type & ~CRYPT_OID_INFO_OID_KEY_FLAGS_MASK) {
        case CRYPT_OID_INFO_OID_KEY:
            if (!strcmp(info->pszOID, key)) return info;
            break;
        case CRYPT_OID_INFO_NAME_KEY:
            if (!_wcsicmp(info->pwszName, key)) return info;
            break;
        case CRYPT_OID_INFO_ALGID_KEY:
            if (info->Algid && info->Algid == *(ALG_ID *)key) return info;
            break;
        }
    }
    return NULL;
}
