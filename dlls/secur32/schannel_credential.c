// Credentials: protocols, and a certificate with its key where there is one.
#include "tls.h"
#include "dlls/crypt32/private_key.h"

enum { SERVER_BITS = 0x1540, CLIENT_BITS = 0x2A80, CHAIN_MAX = 8 };

// What both forms of a program's description say.
struct description {
    DWORD protocols, flags, count;
    PCCERT_CONTEXT *certificates;
    HCERTSTORE roots;
};

struct credential *credential_of(PCredHandle handle)
{
    return handle && handle->dwUpper == CREDENTIAL_MARK ? (struct credential *)handle->dwLower : NULL;
}

void credential_release(struct credential *credential)
{
    if (InterlockedDecrement(&credential->references)) return;
    if (credential->tls) NtClose(credential->tls);
    if (credential->roots) CertCloseStore(credential->roots, 0);
    CertFreeCertificateContext(credential->certificate);
    heap_free(credential);
}

// The old form never means TLS 1.3 unless it names it; the new one says what is not wanted.
static SECURITY_STATUS describe(const void *data, struct description *out)
{
    enum { DEFAULT_OLD = SP_PROT_TLS1_2, DEFAULT_NEW = SP_PROT_TLS1_2 | SP_PROT_TLS1_3 };
    const SCHANNEL_CRED *old = data;
    const SCH_CREDENTIALS *new = data;
    *out = (struct description){.protocols = DEFAULT_OLD};
    if (!data) return SEC_E_OK;
    if (old->dwVersion == SCHANNEL_CRED_VERSION) {
        if (old->grbitEnabledProtocols) out->protocols = old->grbitEnabledProtocols;
        *out = (struct description){out->protocols, old->dwFlags, old->cCreds, old->paCred, old->hRootStore};
        return SEC_E_OK;
    }
    if (new->dwVersion != SCH_CREDENTIALS_VERSION) return SEC_E_UNKNOWN_CREDENTIALS;
    *out = (struct description){DEFAULT_NEW, new->dwFlags, new->cCreds, new->paCred, new->hRootStore};
    for (DWORD i = 0; i < new->cTlsParameters; i++)
        out->protocols &= ~new->pTlsParameters[i].grbitDisabledProtocols;
    return SEC_E_OK;
}

// The certificate and those above it that lie in its store; the root itself is the peer's to know.
static BYTE *collect_chain(PCCERT_CONTEXT certificate, DWORD *size)
{
    PCCERT_CONTEXT chain[CHAIN_MAX] = {CertDuplicateCertificateContext(certificate)};
    DWORD count = 1;
    *size = certificate->cbCertEncoded;
    while (count < CHAIN_MAX && certificate->hCertStore) {
        DWORD flags = CERT_STORE_SIGNATURE_FLAG;
        PCCERT_CONTEXT issuer =
            CertGetIssuerCertificateFromStore(certificate->hCertStore, chain[count - 1], NULL, &flags);
        if (!issuer) break;
        chain[count++] = issuer;
        *size += issuer->cbCertEncoded;
    }
    BYTE *bytes = heap_alloc(*size), *at = bytes;
    for (DWORD i = 0; i < count; i++) {
        if (bytes) memcpy(at, chain[i]->pbCertEncoded, chain[i]->cbCertEncoded);
        at += chain[i]->cbCertEncoded;
        CertFreeCertificateContext(chain[i]);
    }
    return bytes;
}

static SECURITY_STATUS open_tls(struct credential *credential, PCCERT_CONTEXT certificate)
{
    DWORD chain_size = 0, key_size = 0;
    if (!certificate) return TlsOpenCredential(NULL, 0, NULL, 0, &credential->tls);
    if (!CertGetCertificateContextProperty(certificate, LOWLAND_PRIVATE_KEY_PROP_ID, NULL, &key_size))
        return SEC_E_NO_CREDENTIALS;
    AUTO_FREE BYTE *chain = collect_chain(certificate, &chain_size);
    AUTO_FREE BYTE *key = heap_alloc(key_size);
    if (!chain || !key) return SEC_E_INSUFFICIENT_MEMORY;
    if (!CertGetCertificateContextProperty(certificate, LOWLAND_PRIVATE_KEY_PROP_ID, key, &key_size))
        return SEC_E_NO_CREDENTIALS;
    SECURITY_STATUS status = TlsOpenCredential(chain, chain_size, key, key_size, &credential->tls);
    SecureZeroMemory(key, key_size);
    credential->certificate = CertDuplicateCertificateContext(certificate);
    return status;
}

static SECURITY_STATUS acquire(const WCHAR *package, ULONG use, const void *data, PCredHandle handle)
{
    PSecPkgInfoW info;
    struct description description;
    SECURITY_STATUS status = QuerySecurityPackageInfoW((LPWSTR)package, &info);
    if (status) return status;
    FreeContextBuffer(info);
    if (use != SECPKG_CRED_INBOUND && use != SECPKG_CRED_OUTBOUND) return SEC_E_UNKNOWN_CREDENTIALS;
    status = describe(data, &description);
    if (status) return status;
    bool server = use == SECPKG_CRED_INBOUND;
    if (server && !description.count) return SEC_E_NO_CREDENTIALS;
    if (!(description.protocols & (server ? SERVER_BITS : CLIENT_BITS))) return SEC_E_ALGORITHM_MISMATCH;
    struct credential *credential = heap_alloc(sizeof *credential);
    if (!credential) return SEC_E_INSUFFICIENT_MEMORY;
    credential->references = 1;
    credential->server = server;
    credential->protocols = description.protocols & (server ? SERVER_BITS : CLIENT_BITS);
    credential->flags = description.flags;
    if (description.roots) credential->roots = CertDuplicateStore(description.roots);
    status = open_tls(credential, description.count ? description.certificates[0] : NULL);
    if (status) {
        credential_release(credential);
        return status == STATUS_NOT_SUPPORTED ? SEC_E_SECPKG_NOT_FOUND : status;
    }
    handle->dwLower = (ULONG_PTR)credential;
    handle->dwUpper = CREDENTIAL_MARK;
    return SEC_E_OK;
}

HOTPATCH SECURITY_STATUS WINAPI AcquireCredentialsHandleW(LPWSTR principal, LPWSTR package, ULONG use,
                                                          void *logon, void *data, SEC_GET_KEY_FN get_key,
                                                          void *argument, PCredHandle handle,
                                                          PTimeStamp expiry)
{
    (void)principal;
    (void)logon;
    (void)get_key;
    (void)argument;
    set_expiry(expiry);
    return acquire(package, use, data, handle);
}

HOTPATCH SECURITY_STATUS WINAPI AcquireCredentialsHandleA(LPSTR principal, LPSTR package, ULONG use,
                                                          void *logon, void *data, SEC_GET_KEY_FN get_key,
                                                          void *argument, PCredHandle handle,
                                                          PTimeStamp expiry)
{
    WCHAR wide[64] = {0};
    (void)principal;
    (void)logon;
    (void)get_key;
    (void)argument;
    for (DWORD i = 0; package && package[i] && i + 1 < ARRAY_LENGTH(wide); i++) wide[i] = (BYTE)package[i];
    set_expiry(expiry);
    return acquire(wide, use, data, handle);
}

HOTPATCH SECURITY_STATUS WINAPI FreeCredentialsHandle(PCredHandle handle)
{
    struct credential *credential = credential_of(handle);
    if (!credential) return SEC_E_INVALID_HANDLE;
    handle->dwUpper = handle->dwLower = 0;
    credential_release(credential);
    return SEC_E_OK;
}
