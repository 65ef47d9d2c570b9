// QueryContextAttributes: what a finished context tells of its connection.
#include "tls.h"

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
