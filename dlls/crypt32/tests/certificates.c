// link: -lcrypt32
// Certificates, stores, chains and PKCS #12 files.
#include "certificates.h"
#include "check.h"
#include <windows.h>
#include <wincrypt.h>

static PCCERT_CONTEXT leaf, root;

static void test_context(void)
{
    static const BYTE sha1[] = {0x3E, 0xB1, 0x4B, 0x3E, 0x29, 0xB5, 0x6E, 0xCC, 0x4C, 0xFA,
                                0x54, 0x64, 0x8A, 0x18, 0xDD, 0xA2, 0xCD, 0x96, 0x90, 0x7B};
    WCHAR text[200];
    char ansi[100];
    BYTE hash[64];
    DWORD size = sizeof hash;
    CHECK(CertGetCertificateContextProperty(leaf, CERT_SHA1_HASH_PROP_ID, hash, &size) && size == 20 &&
              !memcmp(hash, sha1, 20),
          "%lx", GetLastError());
    CertNameToStrW(X509_ASN_ENCODING, &leaf->pCertInfo->Subject, CERT_X500_NAME_STR, text, 200);
    CHECK(!wcscmp(text, L"C=NL, O=\"Lowland, Inc\", CN=localhost"), "%ls", text);
    CHECK_EQUAL(CertGetNameStringA(leaf, CERT_NAME_SIMPLE_DISPLAY_TYPE, 0, NULL, ansi, 100), 10);
    CHECK(!strcmp(ansi, "localhost"), "%s", ansi);
    CertGetNameStringA(leaf, CERT_NAME_SIMPLE_DISPLAY_TYPE, CERT_NAME_ISSUER_FLAG, NULL, ansi, 100);
    CHECK(!strcmp(ansi, "Lowland test root"), "%s", ansi);
    CHECK_EQUAL(CertGetPublicKeyLength(X509_ASN_ENCODING, &leaf->pCertInfo->SubjectPublicKeyInfo), 256);
    CHECK_EQUAL(CertVerifyTimeValidity(NULL, leaf->pCertInfo), 0);
    CERT_ENHKEY_USAGE *usage = (CERT_ENHKEY_USAGE *)text;
    size = sizeof text;
    CHECK(CertGetEnhancedKeyUsage(leaf, 0, usage, &size) && usage->cUsageIdentifier == 2, "%lu",
          usage->cUsageIdentifier);
    CHECK(CertGetEnhancedKeyUsage(root, 0, usage, &size) && GetLastError() == (DWORD)CRYPT_E_NOT_FOUND,
          "no restriction");
    CHECK(!CertCreateCertificateContext(X509_ASN_ENCODING, leaf_certificate, 100), "a part of one");
}

static void test_signature(void)
{
    static BYTE copy[sizeof leaf_certificate];
    PCERT_PUBLIC_KEY_INFO key = &root->pCertInfo->SubjectPublicKeyInfo;
    CHECK(
        CryptVerifyCertificateSignature(0, X509_ASN_ENCODING, leaf->pbCertEncoded, leaf->cbCertEncoded, key),
        "%lx", GetLastError());
    memcpy(copy, leaf_certificate, sizeof copy);
    copy[20] ^= 1; // in the serial number
    CHECK(!CryptVerifyCertificateSignature(0, X509_ASN_ENCODING, copy, sizeof copy, key) &&
              GetLastError() == (DWORD)NTE_BAD_SIGNATURE,
          "%lx", GetLastError());
}

static void test_memory_store(void)
{
    HCERTSTORE store = CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, 0, NULL), copy;
    PCCERT_CONTEXT found = NULL, added;
    CRYPT_DATA_BLOB blob = {0, NULL}, friendly = {8, (BYTE *)L"abc"};
    CHECK(CertAddCertificateContextToStore(store, leaf, CERT_STORE_ADD_NEW, &added), "%lx", GetLastError());
    CHECK(!CertAddCertificateContextToStore(store, leaf, CERT_STORE_ADD_NEW, NULL) &&
              GetLastError() == (DWORD)CRYPT_E_EXISTS,
          "%lx", GetLastError());
    CHECK(CertSetCertificateContextProperty(added, CERT_FRIENDLY_NAME_PROP_ID, 0, &friendly), "%lx",
          GetLastError());
    CertFreeCertificateContext(added);
    CHECK(CertAddEncodedCertificateToStore(store, X509_ASN_ENCODING, root_certificate,
                                           sizeof root_certificate, CERT_STORE_ADD_ALWAYS, NULL),
          "%lx", GetLastError());
    int count = 0;
    while ((found = CertEnumCertificatesInStore(store, found))) count++;
    CHECK_EQUAL(count, 2);
    found = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_SUBJECT_STR_W, L"LOWLAND TEST",
                                       NULL);
    CHECK(found && CertCompareCertificate(X509_ASN_ENCODING, found->pCertInfo, root->pCertInfo),
          "by a part of its name");
    CertFreeCertificateContext(found);
    found = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_ISSUER_OF, leaf, NULL);
    CHECK(found != NULL, "the issuer");
    CHECK(CertDeleteCertificateFromStore(found), "%lx", GetLastError());
    CHECK(!CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_ISSUER_OF, leaf, NULL),
          "is gone");
    // Saved and opened again, with its property.
    CHECK(CertSaveStore(store, 0, CERT_STORE_SAVE_AS_STORE, CERT_STORE_SAVE_TO_MEMORY, &blob, 0), "%lx",
          GetLastError());
    blob.pbData = malloc(blob.cbData);
    CHECK(CertSaveStore(store, 0, CERT_STORE_SAVE_AS_STORE, CERT_STORE_SAVE_TO_MEMORY, &blob, 0), "%lx",
          GetLastError());
    copy = CertOpenStore(CERT_STORE_PROV_SERIALIZED, 0, 0, 0, &blob);
    found =
        copy ? CertFindCertificateInStore(copy, X509_ASN_ENCODING, 0, CERT_FIND_EXISTING, leaf, NULL) : NULL;
    WCHAR name[8];
    DWORD size = sizeof name;
    CHECK(found && CertGetCertificateContextProperty(found, CERT_FRIENDLY_NAME_PROP_ID, name, &size) &&
              !wcscmp(name, L"abc"),
          "%lx", GetLastError());
    CertFreeCertificateContext(found);
    CertCloseStore(copy, 0);
    free(blob.pbData);
    found = CertEnumCertificatesInStore(store, NULL);
    CHECK(!CertCloseStore(store, CERT_CLOSE_STORE_CHECK_FLAG) &&
              GetLastError() == (DWORD)CRYPT_E_PENDING_CLOSE,
          "is held");
    CertFreeCertificateContext(found);
}

static void test_system_store(void)
{
    HCERTSTORE store = CertOpenSystemStoreA(0, "LowlandTest");
    CHECK(store && CertAddCertificateContextToStore(store, root, CERT_STORE_ADD_REPLACE_EXISTING, NULL),
          "%lx", GetLastError());
    CertCloseStore(store, 0);
    store = CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0, CERT_SYSTEM_STORE_CURRENT_USER, L"LowlandTest");
    PCCERT_CONTEXT found = CertEnumCertificatesInStore(store, NULL);
    CHECK(found && CertCompareCertificate(X509_ASN_ENCODING, found->pCertInfo, root->pCertInfo), "is kept");
    CertDeleteCertificateFromStore(found);
    CertCloseStore(store, 0);
    store = CertOpenSystemStoreA(0, "LowlandTest");
    CHECK(!CertEnumCertificatesInStore(store, NULL), "is no longer kept");
    CertCloseStore(store, 0);
}

// A chain with these roots, and its errors.
static PCCERT_CHAIN_CONTEXT chain_of(HCERTSTORE roots, DWORD *errors)
{
    CERT_CHAIN_ENGINE_CONFIG config = {.cbSize = sizeof config, .hRestrictedRoot = roots};
    CERT_CHAIN_PARA parameters = {.cbSize = sizeof parameters};
    HCERTCHAINENGINE engine;
    PCCERT_CHAIN_CONTEXT chain = NULL;
    CHECK(CertCreateCertificateChainEngine(&config, &engine), "%lx", GetLastError());
    CHECK(CertGetCertificateChain(engine, leaf, NULL, NULL, &parameters, 0, NULL, &chain), "%lx",
          GetLastError());
    CertFreeCertificateChainEngine(engine);
    *errors = chain->TrustStatus.dwErrorStatus;
    return chain;
}

// The structure as it is since Windows 8, which not all headers have.
struct exclusive_config {
    DWORD size;
    HCERTSTORE restricted[3];
    DWORD count;
    HCERTSTORE *additional;
    DWORD flags, timeout, cached, modulus;
    HCERTSTORE roots, people;
    DWORD exclusive_flags;
};

// The errors of a chain for a server whose only roots are these.
static DWORD exclusive_errors(HCERTSTORE roots, DWORD size, DWORD flags, DWORD *length)
{
    struct exclusive_config config = {.size = size, .roots = roots, .exclusive_flags = flags};
    LPSTR usage[] = {(LPSTR)szOID_PKIX_KP_SERVER_AUTH};
    CERT_CHAIN_PARA parameters = {.cbSize = 16, .RequestedUsage = {USAGE_MATCH_TYPE_AND, {1, usage}}};
    HCERTCHAINENGINE engine;
    PCCERT_CHAIN_CONTEXT chain = NULL;
    CHECK(CertCreateCertificateChainEngine((PCERT_CHAIN_ENGINE_CONFIG)&config, &engine), "%lx",
          GetLastError());
    CHECK(CertGetCertificateChain(engine, leaf, NULL, leaf->hCertStore, &parameters, 0, NULL, &chain), "%lx",
          GetLastError());
    DWORD errors = chain->TrustStatus.dwErrorStatus;
    *length = chain->rgpChain[0]->cElement;
    CertFreeCertificateChain(chain);
    CertFreeCertificateChainEngine(engine);
    return errors;
}

// As programs with a file of roots do it: each is cut out of the text, without the end of its last line.
static void test_exclusive_roots(void)
{
    enum { CONFIG_7 = 48, CONFIG_8 = 52, ENABLE_CA = 1 };
    static const char end[] = "-----END CERTIFICATE-----";
    char text[2000];
    DWORD length = sizeof text, content = 0;
    PCCERT_CONTEXT context = NULL;
    HCERTSTORE roots = CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, CERT_STORE_CREATE_NEW_FLAG, NULL);
    CHECK_EQUAL(exclusive_errors(roots, CONFIG_8, ENABLE_CA, &length), CERT_TRUST_IS_PARTIAL_CHAIN);
    CertAddCertificateContextToStore(roots, leaf, CERT_STORE_ADD_ALWAYS, NULL);
    CHECK_EQUAL(exclusive_errors(roots, CONFIG_8, ENABLE_CA, &length), CERT_TRUST_IS_PARTIAL_CHAIN);
    length = sizeof text;
    CHECK(CryptBinaryToStringA(root_certificate, sizeof root_certificate, CRYPT_STRING_BASE64HEADER, text,
                               &length),
          "%lx", GetLastError());
    CERT_BLOB blob = {(DWORD)(strstr(text, end) - text) + sizeof end - 1, (BYTE *)text};
    CHECK(CryptQueryObject(CERT_QUERY_OBJECT_BLOB, &blob, CERT_QUERY_CONTENT_FLAG_CERT,
                           CERT_QUERY_FORMAT_FLAG_BASE64_ENCODED, 0, NULL, &content, NULL, NULL, NULL,
                           (const void **)&context),
          "%lx", GetLastError());
    CHECK_EQUAL(content, CERT_QUERY_CONTENT_CERT);
    CHECK(CertAddCertificateContextToStore(roots, context, CERT_STORE_ADD_ALWAYS, NULL), "%lx",
          GetLastError());
    CertFreeCertificateContext(context);
    CHECK_EQUAL(exclusive_errors(roots, CONFIG_7, 0, &length), 0);
    CHECK_EQUAL(length, 2);
    CHECK_EQUAL(exclusive_errors(roots, CONFIG_8, ENABLE_CA, &length), 0);
    CHECK_EQUAL(length, 2);
    CertCloseStore(roots, 0);
}

static DWORD ssl_error(PCCERT_CHAIN_CONTEXT chain, const WCHAR *name)
{
    HTTPSPolicyCallbackData https = {
        .cbSize = sizeof https, .dwAuthType = AUTHTYPE_SERVER, .pwszServerName = (WCHAR *)name};
    CERT_CHAIN_POLICY_PARA policy = {sizeof policy, 0, &https};
    CERT_CHAIN_POLICY_STATUS status = {.cbSize = sizeof status};
    CHECK(CertVerifyCertificateChainPolicy(CERT_CHAIN_POLICY_SSL, chain, &policy, &status), "%lx",
          GetLastError());
    return status.dwError;
}

static void test_chain(void)
{
    DWORD errors;
    HCERTSTORE roots = CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, 0, NULL);
    PCCERT_CHAIN_CONTEXT chain = chain_of(roots, &errors);
    CHECK_EQUAL(errors, CERT_TRUST_IS_PARTIAL_CHAIN);
    CHECK_EQUAL(ssl_error(chain, L"localhost"), CERT_E_CHAINING);
    CertFreeCertificateChain(chain);
    CertAddCertificateContextToStore(roots, root, CERT_STORE_ADD_ALWAYS, NULL);
    chain = chain_of(roots, &errors);
    CHECK_EQUAL(errors, 0);
    CHECK_EQUAL(chain->rgpChain[0]->cElement, 2);
    CHECK_EQUAL(ssl_error(chain, L"localhost"), 0);
    CHECK_EQUAL(ssl_error(chain, L"a.test.example"), 0);
    CHECK_EQUAL(ssl_error(chain, L"127.0.0.1"), 0);
    CHECK_EQUAL(ssl_error(chain, L"a.b.test.example"), CERT_E_CN_NO_MATCH);
    CertFreeCertificateChain(chain);
    CertCloseStore(roots, 0);
}

// A key stays with its certificate in a system store, but leaves no store as bytes.
static void check_kept_key(PCCERT_CONTEXT certificate)
{
    CRYPT_DATA_BLOB blob = {0, NULL};
    HCERTSTORE store = CertOpenSystemStoreA(0, "LowlandKeyTest");
    CHECK(CertAddCertificateContextToStore(store, certificate, CERT_STORE_ADD_REPLACE_EXISTING, NULL), "%lx",
          GetLastError());
    CertCloseStore(store, 0);
    store = CertOpenSystemStoreA(0, "LowlandKeyTest");
    PCCERT_CONTEXT found =
        CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_HAS_PRIVATE_KEY, NULL, NULL);
    CHECK(found != NULL, "%lx", GetLastError());
    CHECK(CertSaveStore(store, 0, CERT_STORE_SAVE_AS_STORE, CERT_STORE_SAVE_TO_MEMORY, &blob, 0), "%lx",
          GetLastError());
    blob.pbData = malloc(blob.cbData);
    CHECK(CertSaveStore(store, 0, CERT_STORE_SAVE_AS_STORE, CERT_STORE_SAVE_TO_MEMORY, &blob, 0), "%lx",
          GetLastError());
    HCERTSTORE copy = CertOpenStore(CERT_STORE_PROV_SERIALIZED, 0, 0, 0, &blob);
    CHECK(copy &&
              !CertFindCertificateInStore(copy, X509_ASN_ENCODING, 0, CERT_FIND_HAS_PRIVATE_KEY, NULL, NULL),
          "%lx", GetLastError());
    CertCloseStore(copy, 0);
    free(blob.pbData);
    CertDeleteCertificateFromStore(found);
    CertCloseStore(store, 0);
}

static void test_pfx(void)
{
    CRYPT_DATA_BLOB blob = {sizeof leaf_pfx, (BYTE *)leaf_pfx};
    CHECK(PFXIsPFXBlob(&blob), "is one");
    CHECK(!PFXVerifyPassword(&blob, L"wrong", 0), "another password");
    CHECK(!PFXImportCertStore(&blob, L"wrong", 0) && GetLastError() == ERROR_INVALID_PASSWORD, "%lx",
          GetLastError());
    HCERTSTORE store = PFXImportCertStore(&blob, L"secret", 0);
    CHECK(store != NULL, "%lx", GetLastError());
    PCCERT_CONTEXT found =
        CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_HAS_PRIVATE_KEY, NULL, NULL);
    CHECK(found && CertCompareCertificate(X509_ASN_ENCODING, found->pCertInfo, leaf->pCertInfo), "%lx",
          GetLastError());
    check_kept_key(found);
    CertFreeCertificateContext(found);
    CertCloseStore(store, 0);
}

static void test_query(void)
{
    CERT_BLOB blob = {sizeof leaf_certificate, (BYTE *)leaf_certificate};
    DWORD content = 0;
    PCCERT_CONTEXT context = NULL;
    CHECK(CryptQueryObject(CERT_QUERY_OBJECT_BLOB, &blob, CERT_QUERY_CONTENT_FLAG_ALL,
                           CERT_QUERY_FORMAT_FLAG_ALL, 0, NULL, &content, NULL, NULL, NULL,
                           (const void **)&context),
          "%lx", GetLastError());
    CHECK(content == CERT_QUERY_CONTENT_CERT && context, "%lu", content);
    CertFreeCertificateContext(context);
}

static void test_protect(void)
{
    DATA_BLOB plain = {6, (BYTE *)"secret"}, entropy = {2, (BYTE *)"xy"}, sealed, opened;
    LPWSTR text;
    CHECK(CryptProtectData(&plain, L"what", &entropy, NULL, NULL, 0, &sealed), "%lx", GetLastError());
    CHECK(CryptUnprotectData(&sealed, &text, &entropy, NULL, NULL, 0, &opened), "%lx", GetLastError());
    CHECK(opened.cbData == 6 && !memcmp(opened.pbData, "secret", 6) && !wcscmp(text, L"what"), "%lu",
          opened.cbData);
    LocalFree(text);
    LocalFree(opened.pbData);
    CHECK(!CryptUnprotectData(&sealed, NULL, NULL, NULL, NULL, 0, &opened) &&
              GetLastError() == ERROR_INVALID_DATA,
          "without the entropy: %lx", GetLastError());
    sealed.pbData[sealed.cbData - 1] ^= 1;
    CHECK(!CryptUnprotectData(&sealed, NULL, &entropy, NULL, NULL, 0, &opened), "changed");
    LocalFree(sealed.pbData);
}

int main(void)
{
    leaf = CertCreateCertificateContext(X509_ASN_ENCODING, leaf_certificate, sizeof leaf_certificate);
    root = CertCreateCertificateContext(X509_ASN_ENCODING, root_certificate, sizeof root_certificate);
    if (!leaf || !root) return 1;
    test_context();
    test_signature();
    test_memory_store();
    test_system_store();
    test_chain();
    test_exclusive_roots();
    test_pfx();
    test_query();
    test_protect();
    CertFreeCertificateContext(leaf);
    CertFreeCertificateContext(root);
    return check_summary();
}
