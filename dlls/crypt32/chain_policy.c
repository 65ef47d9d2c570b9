// What a chain's state means for a purpose: CertVerifyCertificateChainPolicy.
#include "store.h"
#include <wininet.h>

// The first element with one of these errors; -1 for both when the chain itself has it.
static void locate(PCCERT_CHAIN_CONTEXT context, DWORD errors, CERT_CHAIN_POLICY_STATUS *status)
{
    status->lChainIndex = status->lElementIndex = -1;
    for (DWORD i = 0; i < context->cChain; i++)
        for (DWORD j = 0; j < context->rgpChain[i]->cElement; j++)
            if (context->rgpChain[i]->rgpElement[j]->TrustStatus.dwErrorStatus & errors) {
                status->lChainIndex = (LONG)i;
                status->lElementIndex = (LONG)j;
                return;
            }
}

// From the gravest on; ignored by flags of the policy.
static const struct {
    DWORD trust, error, ignored_by;
} rules[] = {
    {CERT_TRUST_IS_NOT_SIGNATURE_VALID, (DWORD)TRUST_E_CERT_SIGNATURE, 0},
    {CERT_TRUST_IS_REVOKED, (DWORD)CRYPT_E_REVOKED, 0},
    {CERT_TRUST_IS_UNTRUSTED_ROOT, (DWORD)CERT_E_UNTRUSTEDROOT, CERT_CHAIN_POLICY_ALLOW_UNKNOWN_CA_FLAG},
    {CERT_TRUST_IS_PARTIAL_CHAIN, (DWORD)CERT_E_CHAINING, CERT_CHAIN_POLICY_ALLOW_UNKNOWN_CA_FLAG},
    {CERT_TRUST_IS_CYCLIC, (DWORD)CERT_E_CHAINING, 0},
    {CERT_TRUST_INVALID_BASIC_CONSTRAINTS, (DWORD)TRUST_E_BASIC_CONSTRAINTS,
     CERT_CHAIN_POLICY_IGNORE_INVALID_BASIC_CONSTRAINTS_FLAG},
    {CERT_TRUST_INVALID_NAME_CONSTRAINTS | CERT_TRUST_HAS_NOT_PERMITTED_NAME_CONSTRAINT |
         CERT_TRUST_HAS_EXCLUDED_NAME_CONSTRAINT | CERT_TRUST_HAS_NOT_SUPPORTED_NAME_CONSTRAINT |
         CERT_TRUST_HAS_NOT_DEFINED_NAME_CONSTRAINT,
     (DWORD)CERT_E_INVALID_NAME, CERT_CHAIN_POLICY_IGNORE_INVALID_NAME_FLAG},
    {CERT_TRUST_HAS_NOT_SUPPORTED_CRITICAL_EXT, (DWORD)CERT_E_CRITICAL,
     CERT_CHAIN_POLICY_IGNORE_NOT_SUPPORTED_CRITICAL_EXT_FLAG},
    {CERT_TRUST_IS_NOT_VALID_FOR_USAGE, (DWORD)CERT_E_WRONG_USAGE, CERT_CHAIN_POLICY_IGNORE_WRONG_USAGE_FLAG},
    {CERT_TRUST_IS_NOT_TIME_VALID, (DWORD)CERT_E_EXPIRED, CERT_CHAIN_POLICY_IGNORE_NOT_TIME_VALID_FLAG},
    {CERT_TRUST_IS_OFFLINE_REVOCATION, (DWORD)CRYPT_E_REVOCATION_OFFLINE,
     CERT_CHAIN_POLICY_IGNORE_ALL_REV_UNKNOWN_FLAGS},
    {CERT_TRUST_REVOCATION_STATUS_UNKNOWN, (DWORD)CRYPT_E_NO_REVOCATION_CHECK,
     CERT_CHAIN_POLICY_IGNORE_ALL_REV_UNKNOWN_FLAGS},
};

// checks: SECURITY_FLAG_IGNORE_ of wininet, which the SSL policy has besides.
static void verify_base(PCCERT_CHAIN_CONTEXT context, DWORD flags, DWORD checks,
                        CERT_CHAIN_POLICY_STATUS *status)
{
    if (checks & SECURITY_FLAG_IGNORE_UNKNOWN_CA) flags |= CERT_CHAIN_POLICY_ALLOW_UNKNOWN_CA_FLAG;
    if (checks & SECURITY_FLAG_IGNORE_CERT_DATE_INVALID)
        flags |= CERT_CHAIN_POLICY_IGNORE_NOT_TIME_VALID_FLAG;
    if (checks & SECURITY_FLAG_IGNORE_WRONG_USAGE) flags |= CERT_CHAIN_POLICY_IGNORE_WRONG_USAGE_FLAG;
    if (checks & SECURITY_FLAG_IGNORE_REVOCATION) flags |= CERT_CHAIN_POLICY_IGNORE_ALL_REV_UNKNOWN_FLAGS;
    for (DWORD i = 0; i < ARRAY_LENGTH(rules); i++) {
        if (!(context->TrustStatus.dwErrorStatus & rules[i].trust) || flags & rules[i].ignored_by) continue;
        status->dwError = rules[i].error;
        locate(context, rules[i].trust, status);
        return;
    }
}

// --- names of servers

NTSTATUS NTAPI RtlIpv4StringToAddressW(PCWSTR text, BOOLEAN strict, PCWSTR *end, void *address);
NTSTATUS NTAPI RtlIpv6StringToAddressW(PCWSTR text, PCWSTR *end, void *address);

enum { ADDRESS_4 = 4, ADDRESS_6 = 16 };

// The size of the address that a name is, 0 when it is none.
static DWORD read_address(const WCHAR *name, BYTE address[ADDRESS_6])
{
    PCWSTR end;
    if (NT_SUCCESS(RtlIpv4StringToAddressW(name, TRUE, &end, address)) && !*end) return ADDRESS_4;
    return NT_SUCCESS(RtlIpv6StringToAddressW(name, &end, address)) && !*end ? ADDRESS_6 : 0;
}

// A pattern's first label may be "*", which stands for one label, but for no part of an address.
static bool name_fits(const WCHAR *pattern, const WCHAR *name)
{
    BYTE address[ADDRESS_6];
    if (pattern[0] != '*' || pattern[1] != '.') return !_wcsicmp(pattern, name);
    if (read_address(name, address)) return false;
    const WCHAR *rest = wcschr(name, '.');
    return rest && rest != name && wcschr(pattern + 2, '.') && !_wcsicmp(pattern + 1, rest);
}

static bool alternate_fits(const CERT_ALT_NAME_INFO *names, const WCHAR *name, bool *any)
{
    BYTE address[ADDRESS_6];
    DWORD size = read_address(name, address);
    for (DWORD i = 0; i < names->cAltEntry; i++) {
        const CERT_ALT_NAME_ENTRY *entry = &names->rgAltEntry[i];
        if (entry->dwAltNameChoice == CERT_ALT_NAME_DNS_NAME) {
            *any = true;
            if (name_fits(entry->pwszDNSName, name)) return true;
        } else if (entry->dwAltNameChoice == CERT_ALT_NAME_IP_ADDRESS && size) {
            if (entry->IPAddress.cbData == size && !memcmp(entry->IPAddress.pbData, address, size))
                return true;
        }
    }
    return false;
}

static bool common_name_fits(PCCERT_CONTEXT context, const WCHAR *name)
{
    AUTO_FREE WCHAR *text = common_name_of(context);
    return text && name_fits(text, name);
}

static bool server_name_fits(PCCERT_CONTEXT context, const WCHAR *name)
{
    bool any = false, fits = false;
    CERT_ALT_NAME_INFO *names = decode_extension_of(context->pCertInfo, szOID_SUBJECT_ALT_NAME2);
    // Names that can't be read are no reason to take the common one.
    if (!names && extension_of(context->pCertInfo, szOID_SUBJECT_ALT_NAME2)) return false;
    if (names) fits = alternate_fits(names, name, &any);
    if (names) LocalFree(names);
    return fits || (!any && common_name_fits(context, name));
}

static void verify_ssl(PCCERT_CHAIN_CONTEXT context, const CERT_CHAIN_POLICY_PARA *parameters,
                       CERT_CHAIN_POLICY_STATUS *status)
{
    const HTTPSPolicyCallbackData *extra = parameters ? parameters->pvExtraPolicyPara : NULL;
    DWORD checks = extra ? extra->fdwChecks : 0;
    verify_base(context, parameters ? parameters->dwFlags : 0, checks, status);
    if (status->dwError || !extra || extra->dwAuthType != AUTHTYPE_SERVER || !extra->pwszServerName) return;
    if (checks & SECURITY_FLAG_IGNORE_CERT_CN_INVALID) return;
    if (server_name_fits(context->rgpChain[0]->rgpElement[0]->pCertContext, extra->pwszServerName)) return;
    status->dwError = (DWORD)CERT_E_CN_NO_MATCH;
    status->lChainIndex = status->lElementIndex = 0;
}

static void verify_constraints(PCCERT_CHAIN_CONTEXT context, CERT_CHAIN_POLICY_STATUS *status)
{
    if (!(context->TrustStatus.dwErrorStatus & CERT_TRUST_INVALID_BASIC_CONSTRAINTS)) return;
    status->dwError = (DWORD)TRUST_E_BASIC_CONSTRAINTS;
    locate(context, CERT_TRUST_INVALID_BASIC_CONSTRAINTS, status);
}

HOTPATCH BOOL WINAPI CertVerifyCertificateChainPolicy(LPCSTR policy, PCCERT_CHAIN_CONTEXT context,
                                                      PCERT_CHAIN_POLICY_PARA parameters,
                                                      PCERT_CHAIN_POLICY_STATUS status)
{
    DWORD flags = parameters ? parameters->dwFlags : 0;
    status->dwError = 0;
    status->lChainIndex = status->lElementIndex = -1;
    switch ((DWORD)(ULONG_PTR)policy) {
    case 1: verify_base(context, flags, 0, status); return TRUE;
    case 4: verify_ssl(context, parameters, status); return TRUE;
    case 5: verify_constraints(context, status); return TRUE;
    }
    return fail_with(ERROR_FILE_NOT_FOUND);
}
