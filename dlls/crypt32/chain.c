// Building chains: from a certificate over those that signed it up to a root, and what is wrong with each.
#include "store.h"

enum { CHAIN_MAX = 20 };

struct engine {
    LONG references;
    struct store *exclusive_root; // the only roots (NULL: the system's)
    bool trusts_authorities;      // a chain may end at any authority there, not only where it signed itself
    HCERTSTORE others[COLLECTION_MAX];
    DWORD other_count;
};

// A chain is one block; programs get its context.
struct chain {
    CERT_CHAIN_CONTEXT context;
    LONG references;
    CERT_SIMPLE_CHAIN simple, *simple_pointer;
    CERT_CHAIN_ELEMENT elements[CHAIN_MAX], *element_pointers[CHAIN_MAX];
};

// --- the engine

// The system's roots are read once in a process.
static HCERTSTORE system_roots(void)
{
    static HCERTSTORE roots;
    HCERTSTORE opened = roots;
    if (opened) return opened;
    opened = CertOpenSystemStoreW(0, L"Root");
    HCERTSTORE earlier = InterlockedCompareExchangePointer(&roots, opened, NULL);
    if (!earlier) return opened;
    CertCloseStore(opened, 0);
    return earlier;
}

static void engine_release(struct engine *engine)
{
    if (!engine || InterlockedDecrement(&engine->references)) return;
    if (engine->exclusive_root) CertCloseStore(engine->exclusive_root, 0);
    for (DWORD i = 0; i < engine->other_count; i++) CertCloseStore(engine->others[i], 0);
    heap_free(engine);
}

HOTPATCH BOOL WINAPI CertCreateCertificateChainEngine(PCERT_CHAIN_ENGINE_CONFIG config,
                                                      HCERTCHAINENGINE *handle)
{
    // The structure has grown with Windows: exclusive roots are in its later form.
    enum { EXCLUSIVE_OFFSET = 40, EXCLUSIVE_SIZE = 48, FLAGS_SIZE = 52 };
    HCERTSTORE exclusive = NULL;
    DWORD flags = 0;
    if (!config || config->cbSize < EXCLUSIVE_OFFSET) return fail_with((DWORD)E_INVALIDARG);
    if (config->cbSize >= EXCLUSIVE_SIZE)
        memcpy(&exclusive, (const BYTE *)config + EXCLUSIVE_OFFSET, sizeof exclusive);
    if (exclusive && config->cbSize >= FLAGS_SIZE)
        memcpy(&flags, (const BYTE *)config + EXCLUSIVE_SIZE, sizeof flags);
    if (!exclusive) exclusive = config->hRestrictedRoot;
    struct engine *engine = heap_alloc(sizeof *engine);
    if (!engine) return FALSE;
    engine->references = 1;
    engine->exclusive_root = exclusive ? CertDuplicateStore(exclusive) : NULL;
    if (exclusive && !engine->exclusive_root) {
        // Never the system's roots instead.
        heap_free(engine);
        return FALSE;
    }
    engine->trusts_authorities = flags & CERT_CHAIN_EXCLUSIVE_ENABLE_CA_FLAG;
    if (config->hRestrictedOther)
        engine->others[engine->other_count++] = CertDuplicateStore(config->hRestrictedOther);
    for (DWORD i = 0; i < config->cAdditionalStore && engine->other_count < COLLECTION_MAX; i++)
        engine->others[engine->other_count++] = CertDuplicateStore(config->rghAdditionalStore[i]);
    *handle = (HCERTCHAINENGINE)engine;
    return TRUE;
}

// NULL for those that Windows has numbers for: all of them trust the system's roots.
static struct engine *engine_of(HCERTCHAINENGINE handle)
{
    enum { NUMBERED_MAX = 2 }; // HCCE_SERIAL_LOCAL_MACHINE
    return (ULONG_PTR)handle <= NUMBERED_MAX ? NULL : (struct engine *)handle;
}

HOTPATCH void WINAPI CertFreeCertificateChainEngine(HCERTCHAINENGINE handle)
{
    engine_release(engine_of(handle));
}

static HCERTSTORE roots_of(const struct engine *engine)
{
    return engine && engine->exclusive_root ? engine->exclusive_root : system_roots();
}

// --- finding the issuer

static bool is_self_issued(PCCERT_CONTEXT context)
{
    return blobs_equal((const DATA_BLOB *)&context->pCertInfo->Subject,
                       (const DATA_BLOB *)&context->pCertInfo->Issuer);
}

// Whether the subject's authority key, where it names one, is the issuer's.
static bool key_matches(PCCERT_CONTEXT subject, PCCERT_CONTEXT issuer)
{
    BYTE id[DIGEST_MAX];
    DWORD size = sizeof id;
    CERT_AUTHORITY_KEY_ID2_INFO *wanted =
        decode_extension_of(subject->pCertInfo, szOID_AUTHORITY_KEY_IDENTIFIER2);
    bool same = !wanted || !wanted->KeyId.cbData ||
                !CertGetCertificateContextProperty(issuer, CERT_KEY_IDENTIFIER_PROP_ID, id, &size) ||
                (size == wanted->KeyId.cbData && !memcmp(id, wanted->KeyId.pbData, size));
    if (wanted) LocalFree(wanted);
    return same;
}

static bool signed_by(PCCERT_CONTEXT subject, PCCERT_CONTEXT issuer)
{
    return signature_fits(subject->pbCertEncoded, subject->cbCertEncoded,
                          &issuer->pCertInfo->SubjectPublicKeyInfo);
}

// A certificate in the store that signed subject, or one whose name fits.
static PCCERT_CONTEXT issuer_in(HCERTSTORE store, PCCERT_CONTEXT subject, bool signer)
{
    PCCERT_CONTEXT found = NULL;
    while (store && (found = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_ISSUER_OF,
                                                        subject, found)))
        if (!signer || (key_matches(subject, found) && signed_by(subject, found))) break;
    return found;
}

static PCCERT_CONTEXT issuer_anywhere(const struct engine *engine, HCERTSTORE additional,
                                      PCCERT_CONTEXT subject, bool signer)
{
    PCCERT_CONTEXT found = issuer_in(roots_of(engine), subject, signer);
    if (!found) found = issuer_in(additional, subject, signer);
    for (DWORD i = 0; !found && engine && i < engine->other_count; i++)
        found = issuer_in(engine->others[i], subject, signer);
    return found;
}

// The signer wherever it is: a root that only has its name must not hide it.
static PCCERT_CONTEXT find_issuer(const struct engine *engine, HCERTSTORE additional, PCCERT_CONTEXT subject)
{
    PCCERT_CONTEXT found = issuer_anywhere(engine, additional, subject, true);
    return found ? found : issuer_anywhere(engine, additional, subject, false);
}

static bool is_trusted(const struct engine *engine, PCCERT_CONTEXT context)
{
    PCCERT_CONTEXT found =
        CertFindCertificateInStore(roots_of(engine), X509_ASN_ENCODING, 0, CERT_FIND_EXISTING, context, NULL);
    CertFreeCertificateContext(found);
    return found;
}

// --- checks

// An extension that is there but can't be read allows nothing.
static bool may_sign(PCCERT_CONTEXT issuer, DWORD below)
{
    const CERT_INFO *about = issuer->pCertInfo;
    CERT_BASIC_CONSTRAINTS2_INFO *info = decode_extension_of(about, szOID_BASIC_CONSTRAINTS2);
    BYTE usage = 0;
    bool good = info ? info->fCA && (!info->fPathLenConstraint || below <= info->dwPathLenConstraint)
                     : !extension_of(about, szOID_BASIC_CONSTRAINTS2) &&
                           (about->dwVersion < CERT_V3 || is_self_issued(issuer));
    if (info) LocalFree(info);
    if (!extension_of(about, szOID_KEY_USAGE)) return good;
    return good && CertGetIntendedKeyUsage(X509_ASN_ENCODING, issuer->pCertInfo, &usage, 1) &&
           usage & CERT_KEY_CERT_SIGN_KEY_USAGE;
}

static bool has_usage(const CERT_ENHKEY_USAGE *usage, const char *wanted)
{
    for (DWORD i = 0; i < usage->cUsageIdentifier; i++)
        if (!strcmp(usage->rgpszUsageIdentifier[i], wanted) ||
            !strcmp(usage->rgpszUsageIdentifier[i], "2.5.29.37.0"))
            return true;
    return false;
}

static bool usage_fits(PCCERT_CONTEXT context, const CERT_USAGE_MATCH *match)
{
    const CERT_ENHKEY_USAGE *wanted = &match->Usage;
    if (!wanted->cUsageIdentifier) return true;
    CERT_ENHKEY_USAGE *usage = decode_extension_of(context->pCertInfo, szOID_ENHANCED_KEY_USAGE);
    if (!usage) return !extension_of(context->pCertInfo, szOID_ENHANCED_KEY_USAGE);
    DWORD fitting = 0;
    for (DWORD i = 0; i < wanted->cUsageIdentifier; i++)
        fitting += has_usage(usage, wanted->rgpszUsageIdentifier[i]);
    LocalFree(usage);
    return match->dwType == USAGE_MATCH_TYPE_OR ? fitting > 0 : fitting == wanted->cUsageIdentifier;
}

// The extensions that may be critical, since they are heeded. Of policies only those that say nothing unless
// policy constraints (which aren't here) demand a policy.
static bool knows_extension(const char *oid)
{
    static const char *const known[] = {
        szOID_KEY_USAGE,
        szOID_BASIC_CONSTRAINTS2,
        szOID_ENHANCED_KEY_USAGE,
        szOID_SUBJECT_ALT_NAME2,
        szOID_NAME_CONSTRAINTS,
        szOID_CERT_POLICIES,
        szOID_CRL_DIST_POINTS,
        szOID_AUTHORITY_KEY_IDENTIFIER2,
        szOID_SUBJECT_KEY_IDENTIFIER,
        szOID_POLICY_MAPPINGS,
        "2.5.29.54", // inhibitAnyPolicy
    };
    for (DWORD i = 0; i < ARRAY_LENGTH(known); i++)
        if (!strcmp(known[i], oid)) return true;
    return false;
}

static DWORD check_one(PCCERT_CONTEXT context, FILETIME *time, const CERT_USAGE_MATCH *usage)
{
    const CERT_INFO *info = context->pCertInfo;
    DWORD status = 0;
    if (CertVerifyTimeValidity(time, context->pCertInfo)) status |= CERT_TRUST_IS_NOT_TIME_VALID;
    if (!usage_fits(context, usage)) status |= CERT_TRUST_IS_NOT_VALID_FOR_USAGE;
    for (DWORD i = 0; i < info->cExtension; i++)
        if (info->rgExtension[i].fCritical && !knows_extension(info->rgExtension[i].pszObjId))
            status |= CERT_TRUST_HAS_NOT_SUPPORTED_CRITICAL_EXT;
    return status;
}

// --- name constraints. A name of another kind that is limited can't be checked, and the chain says so.

static bool is_below(const WCHAR *name, const WCHAR *base)
{
    size_t length = wcslen(name), base_length = wcslen(base);
    if (!base_length) return true;
    if (length < base_length || _wcsicmp(name + length - base_length, base)) return false;
    return length == base_length || *base == '.' || name[length - base_length - 1] == '.';
}

// base: an address and a mask.
static bool address_is_below(const CRYPT_DATA_BLOB *address, const CRYPT_DATA_BLOB *base)
{
    DWORD size = address->cbData;
    if (base->cbData != 2 * size) return false;
    for (DWORD i = 0; i < size; i++)
        if ((address->pbData[i] ^ base->pbData[i]) & base->pbData[size + i]) return false;
    return true;
}

static bool directory_is_below(const CERT_NAME_BLOB *name, const CERT_NAME_BLOB *base)
{
    struct der name_in = {name->pbData, name->cbData}, base_in = {base->pbData, base->cbData}, parts, first;
    return der_take(&name_in, DER_SEQUENCE, &parts) && der_take(&base_in, DER_SEQUENCE, &first) &&
           first.size <= parts.size && !memcmp(parts.data, first.data, first.size);
}

// Whether a name lies below a base of its own kind. *status: that nobody here knows.
static bool is_in_tree(const CERT_ALT_NAME_ENTRY *name, const CERT_ALT_NAME_ENTRY *base, DWORD *status)
{
    switch (name->dwAltNameChoice) {
    case CERT_ALT_NAME_DNS_NAME: return is_below(name->pwszDNSName, base->pwszDNSName);
    case CERT_ALT_NAME_IP_ADDRESS: return address_is_below(&name->IPAddress, &base->IPAddress);
    case CERT_ALT_NAME_DIRECTORY_NAME: return directory_is_below(&name->DirectoryName, &base->DirectoryName);
    }
    *status |= CERT_TRUST_HAS_NOT_SUPPORTED_NAME_CONSTRAINT;
    return false;
}

static DWORD check_name(const CERT_ALT_NAME_ENTRY *name, const CERT_NAME_CONSTRAINTS_INFO *limits)
{
    bool limited = false, permitted = false;
    DWORD status = 0;
    for (DWORD i = 0; i < limits->cExcludedSubtree; i++) {
        const CERT_ALT_NAME_ENTRY *base = &limits->rgExcludedSubtree[i].Base;
        if (base->dwAltNameChoice == name->dwAltNameChoice && is_in_tree(name, base, &status))
            return CERT_TRUST_HAS_EXCLUDED_NAME_CONSTRAINT;
    }
    for (DWORD i = 0; i < limits->cPermittedSubtree; i++) {
        const CERT_ALT_NAME_ENTRY *base = &limits->rgPermittedSubtree[i].Base;
        if (base->dwAltNameChoice != name->dwAltNameChoice) continue;
        limited = true;
        permitted |= is_in_tree(name, base, &status);
    }
    return limited && !permitted ? status | CERT_TRUST_HAS_NOT_PERMITTED_NAME_CONSTRAINT : status;
}

// The subject itself, and its common name where that stands for a domain's name that isn't given otherwise.
static DWORD check_subject(PCCERT_CONTEXT subject, const CERT_NAME_CONSTRAINTS_INFO *limits, bool has_domain)
{
    enum { EMPTY_NAME = 2 };
    CERT_ALT_NAME_ENTRY directory = {.dwAltNameChoice = CERT_ALT_NAME_DIRECTORY_NAME},
                        domain = {.dwAltNameChoice = CERT_ALT_NAME_DNS_NAME};
    directory.DirectoryName = subject->pCertInfo->Subject;
    DWORD status = directory.DirectoryName.cbData > EMPTY_NAME ? check_name(&directory, limits) : 0;
    AUTO_FREE WCHAR *common = has_domain ? NULL : common_name_of(subject);
    domain.pwszDNSName = common;
    return common && wcschr(common, '.') && !wcschr(common, ' ') ? status | check_name(&domain, limits)
                                                                 : status;
}

static DWORD check_names(PCCERT_CONTEXT subject, PCCERT_CONTEXT issuer)
{
    if (!extension_of(issuer->pCertInfo, szOID_NAME_CONSTRAINTS)) return 0;
    CERT_NAME_CONSTRAINTS_INFO *limits = decode_extension_of(issuer->pCertInfo, szOID_NAME_CONSTRAINTS);
    if (!limits) return CERT_TRUST_INVALID_NAME_CONSTRAINTS;
    CERT_ALT_NAME_INFO *names = decode_extension_of(subject->pCertInfo, szOID_SUBJECT_ALT_NAME2);
    bool unread = !names && extension_of(subject->pCertInfo, szOID_SUBJECT_ALT_NAME2), domain = false;
    DWORD status = unread ? CERT_TRUST_HAS_NOT_SUPPORTED_NAME_CONSTRAINT : 0;
    for (DWORD i = 0; names && i < names->cAltEntry; i++) {
        status |= check_name(&names->rgAltEntry[i], limits);
        domain |= names->rgAltEntry[i].dwAltNameChoice == CERT_ALT_NAME_DNS_NAME;
    }
    status |= check_subject(subject, limits, domain);
    LocalFree(limits);
    if (names) LocalFree(names);
    return status;
}

// --- building

static CERT_CHAIN_ELEMENT *append(struct chain *chain, PCCERT_CONTEXT context)
{
    DWORD i = chain->simple.cElement++;
    CERT_CHAIN_ELEMENT *element = chain->element_pointers[i] = &chain->elements[i];
    element->cbSize = sizeof *element;
    element->pCertContext = context;
    return element;
}

static bool is_in(const struct chain *chain, PCCERT_CONTEXT context)
{
    for (DWORD i = 0; i < chain->simple.cElement; i++)
        if (chain->elements[i].pCertContext->cbCertEncoded == context->cbCertEncoded &&
            !memcmp(chain->elements[i].pCertContext->pbCertEncoded, context->pbCertEncoded,
                    context->cbCertEncoded))
            return true;
    return false;
}

// Takes over issuer. False when the chain ends here.
static bool add_issuer(struct chain *chain, CERT_CHAIN_ELEMENT *subject, PCCERT_CONTEXT issuer)
{
    PCCERT_CONTEXT context = subject->pCertContext;
    if (!issuer) {
        chain->simple.TrustStatus.dwErrorStatus |= CERT_TRUST_IS_PARTIAL_CHAIN;
        return false;
    }
    if (chain->simple.cElement == CHAIN_MAX || is_in(chain, issuer)) {
        chain->simple.TrustStatus.dwErrorStatus |= CERT_TRUST_IS_CYCLIC;
        CertFreeCertificateContext(issuer);
        return false;
    }
    DWORD below = chain->simple.cElement - 1;
    subject->TrustStatus.dwInfoStatus |=
        extension_of(context->pCertInfo, szOID_AUTHORITY_KEY_IDENTIFIER2) && key_matches(context, issuer)
            ? CERT_TRUST_HAS_KEY_MATCH_ISSUER
            : CERT_TRUST_HAS_NAME_MATCH_ISSUER;
    if (!signed_by(context, issuer)) subject->TrustStatus.dwErrorStatus |= CERT_TRUST_IS_NOT_SIGNATURE_VALID;
    CERT_CHAIN_ELEMENT *element = append(chain, issuer);
    if (!may_sign(issuer, below)) element->TrustStatus.dwErrorStatus |= CERT_TRUST_INVALID_BASIC_CONSTRAINTS;
    for (DWORD i = 0; i <= below; i++)
        chain->elements[i].TrustStatus.dwErrorStatus |= check_names(chain->elements[i].pCertContext, issuer);
    return true;
}

// Whether it is an authority that the engine's user trusts although another one signed it.
static bool ends_here(const struct engine *engine, PCCERT_CONTEXT context)
{
    return engine && engine->trusts_authorities && is_trusted(engine, context) && may_sign(context, 0);
}

static void build(struct chain *chain, const struct engine *engine, PCCERT_CONTEXT context,
                  HCERTSTORE additional, FILETIME *time, const CERT_USAGE_MATCH *usage)
{
    CERT_CHAIN_ELEMENT *element = append(chain, CertDuplicateCertificateContext(context));
    for (bool more = true; more;) {
        element->TrustStatus.dwErrorStatus |= check_one(element->pCertContext, time, usage);
        if (is_self_issued(element->pCertContext)) {
            element->TrustStatus.dwInfoStatus |= CERT_TRUST_IS_SELF_SIGNED | CERT_TRUST_HAS_NAME_MATCH_ISSUER;
            if (!signed_by(element->pCertContext, element->pCertContext))
                element->TrustStatus.dwErrorStatus |= CERT_TRUST_IS_NOT_SIGNATURE_VALID;
            if (!is_trusted(engine, element->pCertContext))
                element->TrustStatus.dwErrorStatus |= CERT_TRUST_IS_UNTRUSTED_ROOT;
            more = false;
        } else if (ends_here(engine, element->pCertContext)) {
            element->TrustStatus.dwInfoStatus |= CERT_TRUST_IS_CA_TRUSTED;
            more = false;
        } else {
            more = add_issuer(chain, element, find_issuer(engine, additional, element->pCertContext));
            element = &chain->elements[chain->simple.cElement - 1];
        }
    }
    for (DWORD i = 0; i < chain->simple.cElement; i++) {
        chain->simple.TrustStatus.dwErrorStatus |= chain->elements[i].TrustStatus.dwErrorStatus;
        chain->simple.TrustStatus.dwInfoStatus |=
            chain->elements[i].TrustStatus.dwInfoStatus & CERT_TRUST_IS_SELF_SIGNED;
    }
}

// Whether the certificate says where its revocation could be learnt: by a list, or from a responder (OCSP).
static bool names_revocation_place(const CERT_INFO *info)
{
    if (extension_of(info, szOID_CRL_DIST_POINTS)) return true;
    CERT_AUTHORITY_INFO_ACCESS *access = decode_extension_of(info, szOID_AUTHORITY_INFO_ACCESS);
    bool found = false;
    for (DWORD i = 0; access && i < access->cAccDescr; i++)
        found |= !strcmp(access->rgAccDescr[i].pszAccessMethod, szOID_PKIX_OCSP);
    if (access) LocalFree(access);
    return found;
}

// Where revocation is asked for: nothing is fetched, so it stays unknown, as on a machine without a network.
// It is "offline" only where there is something to reach.
static void mark_revocation(struct chain *chain, DWORD flags)
{
    DWORD wanted = flags & (CERT_CHAIN_REVOCATION_CHECK_END_CERT | CERT_CHAIN_REVOCATION_CHECK_CHAIN |
                            CERT_CHAIN_REVOCATION_CHECK_CHAIN_EXCLUDE_ROOT);
    if (!wanted) return;
    DWORD count = wanted & CERT_CHAIN_REVOCATION_CHECK_END_CERT ? 1 : chain->simple.cElement;
    for (DWORD i = 0; i < count; i++) {
        if (i && i + 1 == chain->simple.cElement && wanted & CERT_CHAIN_REVOCATION_CHECK_CHAIN_EXCLUDE_ROOT)
            break;
        DWORD status = CERT_TRUST_REVOCATION_STATUS_UNKNOWN;
        if (names_revocation_place(chain->elements[i].pCertContext->pCertInfo))
            status |= CERT_TRUST_IS_OFFLINE_REVOCATION;
        chain->elements[i].TrustStatus.dwErrorStatus |= status;
        chain->simple.TrustStatus.dwErrorStatus |= status;
    }
}

HOTPATCH BOOL WINAPI CertGetCertificateChain(HCERTCHAINENGINE engine, PCCERT_CONTEXT context, LPFILETIME time,
                                             HCERTSTORE additional, PCERT_CHAIN_PARA parameters, DWORD flags,
                                             void *reserved, PCCERT_CHAIN_CONTEXT *result)
{
    (void)reserved;
    if (!context || !parameters || !parameters->cbSize || !result) return fail_with((DWORD)E_INVALIDARG);
    *result = NULL;
    struct chain *chain = heap_alloc(sizeof *chain);
    if (!chain) return FALSE;
    chain->references = 1;
    chain->simple.cbSize = sizeof chain->simple;
    chain->simple.rgpElement = chain->element_pointers;
    chain->simple_pointer = &chain->simple;
    build(chain, engine_of(engine), context, additional, time, &parameters->RequestedUsage);
    mark_revocation(chain, flags);
    chain->context.cbSize = sizeof chain->context;
    chain->context.cChain = 1;
    chain->context.rgpChain = &chain->simple_pointer;
    chain->context.TrustStatus = chain->simple.TrustStatus;
    *result = &chain->context;
    return TRUE;
}

HOTPATCH PCCERT_CHAIN_CONTEXT WINAPI CertDuplicateCertificateChain(PCCERT_CHAIN_CONTEXT context)
{
    if (context) InterlockedIncrement(&((struct chain *)context)->references);
    return context;
}

HOTPATCH void WINAPI CertFreeCertificateChain(PCCERT_CHAIN_CONTEXT context)
{
    struct chain *chain = (struct chain *)context;
    if (!chain || InterlockedDecrement(&chain->references)) return;
    for (DWORD i = 0; i < chain->simple.cElement; i++)
        CertFreeCertificateContext(chain->elements[i].pCertContext);
    heap_free(chain);
}
