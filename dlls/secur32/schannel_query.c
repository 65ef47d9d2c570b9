// QueryContextAttributes, and what Schannel thinks of a server's certificate.
#include "tls.h"

// The bytes of TlsQuery by heap_alloc; NULL when there are none.
static BYTE *query_bytes(struct context *context, ULONG kind, ULONG *size)
{
    if (TlsQuery(context->session, kind, NULL, 0, size) != STATUS_BUFFER_TOO_SMALL) return NULL;
    BYTE *bytes = heap_alloc(*size);
    if (!bytes || NT_SUCCESS(TlsQuery(context->session, kind, bytes, *size, size))) return bytes;
    heap_free(bytes);
    return NULL;
}

// The peer's certificate in a store with the others it sent, NULL when there is none.
static PCCERT_CONTEXT remote_certificate(struct context *context)
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

// --- attributes

static SECURITY_STATUS query_sizes(struct context *context, SecPkgContext_StreamSizes *sizes)
{
    ULONG head = RECORD_HEAD + context->connection.explicit_iv;
    *sizes =
        (SecPkgContext_StreamSizes){head, context->connection.overhead - head, RECORD_CONTENT_MAX, 4, 16};
    return SEC_E_OK;
}

static DWORD protocol_bits(const struct context *context)
{
    switch (context->connection.version) {
    case 0x304: return context->server ? SP_PROT_TLS1_3_SERVER : SP_PROT_TLS1_3_CLIENT;
    case 0x303: return context->server ? SP_PROT_TLS1_2_SERVER : SP_PROT_TLS1_2_CLIENT;
    case 0x302: return context->server ? SP_PROT_TLS1_1_SERVER : SP_PROT_TLS1_1_CLIENT;
    }
    return context->server ? SP_PROT_TLS1_SERVER : SP_PROT_TLS1_CLIENT;
}

static SECURITY_STATUS query_connection(struct context *context, SecPkgContext_ConnectionInfo *info)
{
    const TLS_CONNECTION *c = &context->connection;
    *info = (SecPkgContext_ConnectionInfo){protocol_bits(context), c->cipher,   c->cipher_bits,  c->hash,
                                           c->hash_bits,           c->exchange, c->exchange_bits};
    return SEC_E_OK;
}

static SECURITY_STATUS query_protocol(struct context *context, SecPkgContext_ApplicationProtocol *protocol)
{
    ULONG size = 0;
    AUTO_FREE BYTE *name = query_bytes(context, TLS_PROTOCOL, &size);
    memset(protocol, 0, sizeof *protocol);
    if (!name || size > sizeof protocol->ProtocolId) return SEC_E_OK;
    protocol->ProtoNegoStatus = SecApplicationProtocolNegotiationStatus_Success;
    protocol->ProtoNegoExt = SecApplicationProtocolNegotiationExt_ALPN;
    protocol->ProtocolIdSize = (BYTE)size;
    memcpy(protocol->ProtocolId, name, size);
    return SEC_E_OK;
}

static SECURITY_STATUS query_cipher(struct context *context, SecPkgContext_CipherInfo *info)
{
    const TLS_CONNECTION *c = &context->connection;
    memset(info, 0, sizeof *info);
    info->dwVersion = SECPKGCONTEXT_CIPHERINFO_V1;
    info->dwProtocol = c->version;
    info->dwCipherSuite = info->dwBaseCipherSuite = c->suite;
    for (DWORD i = 0; c->suite_name[i]; i++) info->szCipherSuite[i] = (BYTE)c->suite_name[i];
    wcscpy(info->szCipher, c->cipher ? L"AES" : L"CHACHA20_POLY1305");
    info->dwCipherLen = c->cipher_bits;
    info->dwCipherBlockLen = 16;
    return SEC_E_OK;
}

// Bindings are a structure and then the text of RFC 5929 (a prefix and bytes) in one block.
static SECURITY_STATUS make_bindings(SecPkgContext_Bindings *bindings, const char *prefix, const BYTE *data,
                                     ULONG size)
{
    ULONG prefix_size = (ULONG)strlen(prefix), whole = sizeof(SEC_CHANNEL_BINDINGS) + prefix_size + size;
    SEC_CHANNEL_BINDINGS *block = heap_alloc(whole);
    if (!block) return SEC_E_INSUFFICIENT_MEMORY;
    block->cbApplicationDataLength = prefix_size + size;
    block->dwApplicationDataOffset = sizeof *block;
    memcpy(block + 1, prefix, prefix_size);
    memcpy((BYTE *)(block + 1) + prefix_size, data, size);
    bindings->BindingsLength = whole;
    bindings->Bindings = block;
    return SEC_E_OK;
}

// The digest of the server's certificate by its signature's algorithm, but never a weaker one than SHA-256.
static SECURITY_STATUS query_endpoint(struct context *context, SecPkgContext_Bindings *bindings)
{
    BYTE hash[64];
    DWORD size = sizeof hash;
    PCCERT_CONTEXT certificate = context->server
                                     ? CertDuplicateCertificateContext(context->credential->certificate)
                                     : remote_certificate(context);
    if (!certificate) return SEC_E_UNSUPPORTED_FUNCTION;
    PCCRYPT_OID_INFO info =
        CryptFindOIDInfo(CRYPT_OID_INFO_OID_KEY, certificate->pCertInfo->SignatureAlgorithm.pszObjId, 0);
    ALG_ID algorithm =
        info && (info->Algid == CALG_SHA_384 || info->Algid == CALG_SHA_512) ? info->Algid : CALG_SHA_256;
    bool good = CryptHashCertificate(0, algorithm, 0, certificate->pbCertEncoded, certificate->cbCertEncoded,
                                     hash, &size);
    CertFreeCertificateContext(certificate);
    return good ? make_bindings(bindings, "tls-server-end-point:", hash, size) : SEC_E_INTERNAL_ERROR;
}

static SECURITY_STATUS query_unique(struct context *context, SecPkgContext_Bindings *bindings)
{
    ULONG size;
    AUTO_FREE BYTE *data = query_bytes(context, TLS_UNIQUE, &size);
    return data ? make_bindings(bindings, "tls-unique:", data, size) : SEC_E_UNSUPPORTED_FUNCTION;
}

static SECURITY_STATUS query_certificate(PCCERT_CONTEXT certificate, PCCERT_CONTEXT *result)
{
    *result = certificate;
    return certificate ? SEC_E_OK : SEC_E_NO_CREDENTIALS;
}

HOTPATCH SECURITY_STATUS WINAPI QueryContextAttributesW(PCtxtHandle handle, ULONG attribute, void *buffer)
{
    struct context *context = context_of(handle);
    if (!context || !context->done) return SEC_E_INVALID_HANDLE;
    switch (attribute) {
    case SECPKG_ATTR_STREAM_SIZES: return query_sizes(context, buffer);
    case SECPKG_ATTR_CONNECTION_INFO: return query_connection(context, buffer);
    case SECPKG_ATTR_REMOTE_CERT_CONTEXT: return query_certificate(remote_certificate(context), buffer);
    case SECPKG_ATTR_LOCAL_CERT_CONTEXT:
        return query_certificate(CertDuplicateCertificateContext(context->credential->certificate), buffer);
    case SECPKG_ATTR_APPLICATION_PROTOCOL: return query_protocol(context, buffer);
    case SECPKG_ATTR_CIPHER_INFO: return query_cipher(context, buffer);
    case SECPKG_ATTR_ENDPOINT_BINDINGS: return query_endpoint(context, buffer);
    case SECPKG_ATTR_UNIQUE_BINDINGS: return query_unique(context, buffer);
    }
    return SEC_E_UNSUPPORTED_FUNCTION;
}

// None of the attributes that there are has a text of its own.
HOTPATCH SECURITY_STATUS WINAPI QueryContextAttributesA(PCtxtHandle handle, ULONG attribute, void *buffer)
{
    return QueryContextAttributesW(handle, attribute, buffer);
}
