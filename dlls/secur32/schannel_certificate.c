// The peer's certificate: as a context, and whether Schannel trusts a server's.
#include "tls.h"

PCCERT_CONTEXT remote_certificate(struct context *context)
{
    ULONG size;
    PCCERT_CONTEXT first = NULL;
    AUTO_FREE BYTE *bytes = query_bytes(context, TLS_PEER_CERTIFICATES, &size);
    HCERTSTORE store = bytes ? CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, 0, NULL) : NULL;
    if (!store) return NULL;
    for (ULONG at = 0; at < size;) {
        PCCERT_CONTEXT added;
        // A context takes as many bytes as its certificate has.
        if (!CertAddEncodedCertificateToStore(store, X509_ASN_ENCODING, bytes + at, size - at,
                                              CERT_STORE_ADD_ALWAYS, &added))
            break;
        at += added->cbCertEncoded;
        if (first)
            CertFreeCertificateContext(added);
        else
            first = added;
    }
    CertCloseStore(store, 0);
    return first;
}

static SECURITY_STATUS status_from_policy(DWORD error)
{
    switch (error) {
    case 0: return SEC_E_OK;
    case (DWORD)CERT_E_UNTRUSTEDROOT:
    case (DWORD)CERT_E_CHAINING: return SEC_E_UNTRUSTED_ROOT;
    case (DWORD)CERT_E_EXPIRED: return SEC_E_CERT_EXPIRED;
    case (DWORD)CERT_E_CN_NO_MATCH: return SEC_E_WRONG_PRINCIPAL;
    case (DWORD)CERT_E_WRONG_USAGE: return SEC_E_CERT_WRONG_USAGE;
    }
    return SEC_E_CERT_UNKNOWN;
}

static HCERTCHAINENGINE engine_for(HCERTSTORE roots)
{
    enum { CONFIG_SIZE = 48 }; // with the exclusive root
    BYTE config[CONFIG_SIZE] = {CONFIG_SIZE};
    HCERTCHAINENGINE engine = NULL;
    memcpy(config + 40, &roots, sizeof roots);
    if (roots) CertCreateCertificateChainEngine((PCERT_CHAIN_ENGINE_CONFIG)config, &engine);
    return engine;
}

SECURITY_STATUS validate_server(struct context *context)
{
    PCCERT_CHAIN_CONTEXT chain;
    LPSTR usage[] = {(LPSTR)szOID_PKIX_KP_SERVER_AUTH};
    CERT_CHAIN_PARA parameters = {.cbSize = sizeof parameters,
                                  .RequestedUsage = {USAGE_MATCH_TYPE_OR, {1, usage}}};
    bool check_name = !(context->credential->flags & SCH_CRED_NO_SERVERNAME_CHECK);
    HTTPSPolicyCallbackData https = {.cbSize = sizeof https,
                                     .dwAuthType = AUTHTYPE_SERVER,
                                     .pwszServerName = check_name ? context->target : NULL};
    CERT_CHAIN_POLICY_PARA policy = {.cbSize = sizeof policy, .pvExtraPolicyPara = &https};
    CERT_CHAIN_POLICY_STATUS result = {.cbSize = sizeof result};
    PCCERT_CONTEXT certificate = remote_certificate(context);
    if (!certificate) return SEC_E_CERT_UNKNOWN;
    HCERTCHAINENGINE engine = engine_for(context->credential->roots);
    SECURITY_STATUS status = SEC_E_INTERNAL_ERROR;
    if (CertGetCertificateChain(engine, certificate, NULL, certificate->hCertStore, &parameters, 0, NULL,
                                &chain)) {
        CertVerifyCertificateChainPolicy(CERT_CHAIN_POLICY_SSL, chain, &policy, &result);
        status = status_from_policy(result.dwError);
        CertFreeCertificateChain(chain);
    }
    CertFreeCertificateChainEngine(engine);
    CertFreeCertificateContext(certificate);
    return status;
}
