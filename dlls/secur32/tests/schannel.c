// link: -lsecur32 -lcrypt32
// Both ends of TLS in one process: handshakes, messages, what may be asked, the end.
#include "certificates.h"
#include "check.h"
#define SECURITY_WIN32
#define SCHANNEL_USE_BLACKLISTS
#include <winsock2.h>
#include <windows.h>
#include <winternl.h>
#include <schannel.h>
#include <security.h>

enum {
    ROOM = 20000,
    CLIENT_FLAGS =
        ISC_REQ_STREAM | ISC_REQ_CONFIDENTIALITY | ISC_REQ_ALLOCATE_MEMORY | ISC_REQ_EXTENDED_ERROR,
    SERVER_FLAGS = ASC_REQ_STREAM | ASC_REQ_CONFIDENTIALITY | ASC_REQ_ALLOCATE_MEMORY | ASC_REQ_EXTENDED_ERROR
};

// One end: its handles, and what lies on the way to it.
struct end {
    CredHandle credential;
    CtxtHandle context;
    BOOL started, done;
    ULONG size;
    BYTE data[ROOM];
};

static struct end client, server;
static HCERTSTORE pfx, roots;

static PCCERT_CONTEXT server_certificate(void)
{
    CRYPT_DATA_BLOB blob = {sizeof leaf_pfx, (BYTE *)leaf_pfx};
    pfx = PFXImportCertStore(&blob, L"secret", 0);
    return CertFindCertificateInStore(pfx, X509_ASN_ENCODING, 0, CERT_FIND_HAS_PRIVATE_KEY, NULL, NULL);
}

static SECURITY_STATUS acquire(struct end *end, ULONG use, DWORD disabled, DWORD flags,
                               PCCERT_CONTEXT certificate)
{
    TLS_PARAMETERS parameters = {.grbitDisabledProtocols = disabled};
    SCH_CREDENTIALS data = {.dwVersion = SCH_CREDENTIALS_VERSION,
                            .cCreds = certificate ? 1 : 0,
                            .paCred = &certificate,
                            .hRootStore = roots,
                            .dwFlags = flags,
                            .cTlsParameters = 1,
                            .pTlsParameters = &parameters};
    memset(end, 0, sizeof *end);
    return AcquireCredentialsHandleW(NULL, (LPWSTR)UNISP_NAME_W, use, NULL, &data, NULL, NULL,
                                     &end->credential, NULL);
}

static void send_to(struct end *to, SecBuffer *token)
{
    memcpy(to->data + to->size, token->pvBuffer, token->cbBuffer);
    to->size += token->cbBuffer;
    if (token->pvBuffer) FreeContextBuffer(token->pvBuffer);
}

// Drops what was used of the data: all but what is said to be left.
static void use_up(struct end *end, const SecBuffer *spare)
{
    ULONG left = spare->BufferType == SECBUFFER_EXTRA ? spare->cbBuffer : 0;
    memmove(end->data, end->data + end->size - left, left);
    end->size = left;
}

static BYTE alpn[] = {14, 0, 0, 0, 2, 0, 0, 0, 12, 0, 2, 'h', '2', 8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

static SECURITY_STATUS step(struct end *end, struct end *peer, BOOL is_client, const WCHAR *target)
{
    SecBuffer in[3] = {{end->size, SECBUFFER_TOKEN, end->data},
                       {0, SECBUFFER_EMPTY, NULL},
                       {sizeof alpn, SECBUFFER_APPLICATION_PROTOCOLS, alpn}};
    SecBuffer out[1] = {{0, SECBUFFER_TOKEN, NULL}}, first[1] = {in[2]};
    SecBufferDesc input = {SECBUFFER_VERSION, end->started ? 2 : 3, in}, output = {SECBUFFER_VERSION, 1, out},
                  first_input = {SECBUFFER_VERSION, 1, first};
    SECURITY_STATUS status;
    ULONG attributes;
    CtxtHandle *old = end->started ? &end->context : NULL;
    if (is_client)
        status = InitializeSecurityContextW(&end->credential, old, (SEC_WCHAR *)target, CLIENT_FLAGS, 0, 0,
                                            end->started ? &input : &first_input, 0, &end->context, &output,
                                            &attributes, NULL);
    else
        status = AcceptSecurityContext(&end->credential, old, &input, SERVER_FLAGS, 0, &end->context, &output,
                                       &attributes, NULL);
    if (status == SEC_E_INCOMPLETE_MESSAGE) return status;
    if (is_client && !end->started)
        in[1].BufferType = SECBUFFER_EMPTY;
    else
        use_up(end, &in[1]);
    end->started = TRUE;
    send_to(peer, &out[0]);
    end->done = status == SEC_E_OK;
    return status;
}

static SECURITY_STATUS handshake(const WCHAR *target)
{
    SECURITY_STATUS status = step(&client, &server, TRUE, target);
    for (int i = 0; i < 10 && status >= 0 && !(client.done && server.done); i++) {
        if (!server.done && server.size) status = step(&server, &client, FALSE, NULL);
        if (status >= 0 && !client.done && client.size) status = step(&client, &server, TRUE, target);
    }
    return status;
}

static void send_message(struct end *from, struct end *to, const char *text)
{
    SecPkgContext_StreamSizes sizes;
    static BYTE data[ROOM];
    ULONG length = (ULONG)strlen(text);
    CHECK_EQUAL(QueryContextAttributesW(&from->context, SECPKG_ATTR_STREAM_SIZES, &sizes), 0);
    memcpy(data + sizes.cbHeader, text, length);
    SecBuffer buffers[4] = {{sizes.cbHeader, SECBUFFER_STREAM_HEADER, data},
                            {length, SECBUFFER_DATA, data + sizes.cbHeader},
                            {sizes.cbTrailer, SECBUFFER_STREAM_TRAILER, data + sizes.cbHeader + length},
                            {0, SECBUFFER_EMPTY, NULL}};
    SecBufferDesc message = {SECBUFFER_VERSION, 4, buffers};
    CHECK_EQUAL(EncryptMessage(&from->context, 0, &message, 0), 0);
    ULONG whole = buffers[0].cbBuffer + buffers[1].cbBuffer + buffers[2].cbBuffer;
    memcpy(to->data + to->size, data, whole);
    to->size += whole;
}

// Decrypts the first of what lies there, of which only limit bytes have come yet.
static SECURITY_STATUS receive(struct end *end, ULONG limit, char text[100])
{
    SecBuffer buffers[4] = {{limit < end->size ? limit : end->size, SECBUFFER_DATA, end->data},
                            {0, SECBUFFER_EMPTY, NULL},
                            {0, SECBUFFER_EMPTY, NULL},
                            {0, SECBUFFER_EMPTY, NULL}};
    SecBufferDesc message = {SECBUFFER_VERSION, 4, buffers};
    SECURITY_STATUS status = DecryptMessage(&end->context, &message, 0, NULL);
    *text = 0;
    if (status < 0) return status;
    CHECK_EQUAL(buffers[0].BufferType, SECBUFFER_STREAM_HEADER);
    CHECK_EQUAL(buffers[1].BufferType, SECBUFFER_DATA);
    memcpy(text, buffers[1].pvBuffer, buffers[1].cbBuffer);
    text[buffers[1].cbBuffer] = 0;
    use_up(end, &buffers[3]);
    return status;
}

static void check_messages(void)
{
    char text[100];
    send_message(&client, &server, "a question");
    send_message(&client, &server, "another");
    CHECK_EQUAL(receive(&server, 9, text), SEC_E_INCOMPLETE_MESSAGE);
    CHECK_EQUAL(receive(&server, ROOM, text), 0);
    CHECK(!strcmp(text, "a question"), "%s", text);
    CHECK_EQUAL(receive(&server, ROOM, text), 0);
    CHECK(!strcmp(text, "another") && !server.size, "%s", text);
    send_message(&server, &client, "an answer");
    CHECK_EQUAL(receive(&client, ROOM, text), 0);
    CHECK(!strcmp(text, "an answer"), "%s", text);
    send_message(&server, &client, "changed on its way");
    client.data[client.size - 3] ^= 1;
    SECURITY_STATUS status = receive(&client, ROOM, text);
    CHECK(status == SEC_E_MESSAGE_ALTERED || status == SEC_E_DECRYPT_FAILURE, "%lx", status);
}

static void check_queries(DWORD protocol)
{
    SecPkgContext_ConnectionInfo info;
    SecPkgContext_ApplicationProtocol application;
    SecPkgContext_Bindings bindings;
    PCCERT_CONTEXT certificate;
    CHECK_EQUAL(QueryContextAttributesW(&client.context, SECPKG_ATTR_CONNECTION_INFO, &info), 0);
    CHECK_EQUAL(info.dwProtocol, protocol);
    CHECK(info.dwCipherStrength >= 128, "%lu", info.dwCipherStrength);
    CHECK_EQUAL(QueryContextAttributesW(&server.context, SECPKG_ATTR_APPLICATION_PROTOCOL, &application), 0);
    CHECK(application.ProtocolIdSize == 2 && !memcmp(application.ProtocolId, "h2", 2), "%u",
          application.ProtocolIdSize);
    CHECK_EQUAL(QueryContextAttributesW(&client.context, SECPKG_ATTR_REMOTE_CERT_CONTEXT, &certificate), 0);
    CHECK(certificate->cbCertEncoded == sizeof leaf_certificate, "%lu", certificate->cbCertEncoded);
    CertFreeCertificateContext(certificate);
    CHECK_EQUAL(QueryContextAttributesW(&client.context, SECPKG_ATTR_ENDPOINT_BINDINGS, &bindings), 0);
    CHECK_EQUAL(bindings.Bindings->cbApplicationDataLength, 21 + 32);
    FreeContextBuffer(bindings.Bindings);
    CHECK_EQUAL(QueryContextAttributesW(&client.context, 0x1234, &bindings), SEC_E_UNSUPPORTED_FUNCTION);
}

static void check_end(void)
{
    DWORD shutdown = SCHANNEL_SHUTDOWN;
    char text[100];
    SecBuffer token = {sizeof shutdown, SECBUFFER_TOKEN, &shutdown};
    SecBufferDesc control = {SECBUFFER_VERSION, 1, &token};
    CHECK_EQUAL(ApplyControlToken(&client.context, &control), 0);
    client.size = server.size = 0;
    step(&client, &server, TRUE, L"localhost");
    CHECK_EQUAL(receive(&server, ROOM, text), SEC_I_CONTEXT_EXPIRED);
}

static void close_both(void)
{
    DeleteSecurityContext(&client.context);
    DeleteSecurityContext(&server.context);
    FreeCredentialsHandle(&client.credential);
    FreeCredentialsHandle(&server.credential);
}

static void test_version(DWORD disabled, DWORD protocol, PCCERT_CONTEXT certificate)
{
    CHECK_EQUAL(acquire(&client, SECPKG_CRED_OUTBOUND, disabled, 0, NULL), 0);
    CHECK_EQUAL(acquire(&server, SECPKG_CRED_INBOUND, disabled, 0, certificate), 0);
    CHECK_EQUAL(handshake(L"localhost"), 0);
    CHECK(client.done && server.done, "both are done");
    check_queries(protocol);
    check_messages();
    close_both();
}

// What Schannel itself thinks of the server's certificate.
static void test_validation(PCCERT_CONTEXT certificate)
{
    acquire(&client, SECPKG_CRED_OUTBOUND, 0, 0, NULL);
    acquire(&server, SECPKG_CRED_INBOUND, 0, 0, certificate);
    CHECK_EQUAL(handshake(L"elsewhere.example"), SEC_E_WRONG_PRINCIPAL);
    close_both();
    acquire(&client, SECPKG_CRED_OUTBOUND, 0, SCH_CRED_MANUAL_CRED_VALIDATION, NULL);
    acquire(&server, SECPKG_CRED_INBOUND, 0, 0, certificate);
    CHECK_EQUAL(handshake(L"elsewhere.example"), 0);
    check_end();
    close_both();
}

static void test_packages(void)
{
    PSecPkgInfoW infos;
    PSecPkgInfoA info;
    ULONG count = 0;
    CHECK_EQUAL(EnumerateSecurityPackagesW(&count, &infos), 0);
    CHECK(count >= 1, "%lu", count);
    FreeContextBuffer(infos);
    CHECK_EQUAL(QuerySecurityPackageInfoA((LPSTR)UNISP_NAME_A, &info), 0);
    CHECK(!strcmp(info->Name, UNISP_NAME_A), "%s", info->Name);
    FreeContextBuffer(info);
    CHECK_EQUAL(QuerySecurityPackageInfoA((LPSTR) "Nothing", &info), SEC_E_SECPKG_NOT_FOUND);
    CHECK((FARPROC)InitSecurityInterfaceW()->EncryptMessage ==
              GetProcAddress(GetModuleHandleA("secur32"), "EncryptMessage"),
          "the table");
    CHECK_EQUAL(acquire(&server, SECPKG_CRED_INBOUND, 0, 0, NULL), SEC_E_NO_CREDENTIALS);
}

int main(void)
{
    roots = CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, 0, NULL);
    CertAddEncodedCertificateToStore(roots, X509_ASN_ENCODING, root_certificate, sizeof root_certificate,
                                     CERT_STORE_ADD_ALWAYS, NULL);
    PCCERT_CONTEXT certificate = server_certificate();
    CHECK(certificate != NULL, "%lx", GetLastError());
    if (!certificate) return check_summary();
    test_packages();
    test_version(SP_PROT_TLS1_3, SP_PROT_TLS1_2_CLIENT, certificate);
    test_version(SP_PROT_TLS1_2, SP_PROT_TLS1_3_CLIENT, certificate);
    test_validation(certificate);
    CertFreeCertificateContext(certificate);
    CertCloseStore(pfx, 0);
    CertCloseStore(roots, 0);
    return check_summary();
}
