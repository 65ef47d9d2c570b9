// The cryptography API: known answers, round trips, containers, wrong use.
// link: -ladvapi32
#include <windows.h>
#include <wincrypt.h>
#include "check.h"
#include <stdlib.h>
#include <string.h>

static HCRYPTPROV provider;

static void digest_of(ALG_ID algorithm, const char *text, const char *expected)
{
    HCRYPTHASH hash;
    BYTE digest[64];
    char hex[129] = "";
    DWORD size = sizeof digest;
    CHECK(CryptCreateHash(provider, algorithm, 0, 0, &hash), "%lx", GetLastError());
    CHECK(CryptHashData(hash, (const BYTE *)text, (DWORD)strlen(text), 0), "%lx", GetLastError());
    CHECK(CryptGetHashParam(hash, HP_HASHVAL, digest, &size, 0), "%lx", GetLastError());
    for (DWORD i = 0; i < size; i++) sprintf(hex + 2 * i, "%02x", digest[i]);
    CHECK(!strcmp(hex, expected), "%s", hex);
    CHECK(CryptDestroyHash(hash), "%lx", GetLastError());
    CHECK(!CryptDestroyHash(hash) && GetLastError() == ERROR_INVALID_PARAMETER, "%lx", GetLastError());
}

static const BYTE cfb_key[] = {0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6,
                               0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c};
static const BYTE cfb_iv[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
static const BYTE cfb_clear[] = {0x6b, 0xc1, 0xbe, 0xe2, 0x2e, 0x40, 0x9f, 0x96,
                                 0xe9, 0x3d, 0x7e, 0x11, 0x73, 0x93, 0x17, 0x2a};
static const BYTE cfb_encrypted[] = {0x3b, 0x79, 0x42, 0x4c, 0x9c, 0x0d, 0xd4, 0x36,
                                     0xba, 0xce, 0x9e, 0x0e, 0xd4, 0x58, 0x6a, 0x4f};

// An HMAC has neither a size nor a value before its kind of hash is set.
static void test_hmac_without_hash(void)
{
    struct {
        BLOBHEADER head;
        DWORD size;
        BYTE bytes[16];
    } blob = {{PLAINTEXTKEYBLOB, CUR_BLOB_VERSION, 0, CALG_AES_128}, 16, {1}};
    BYTE value[64] = {0};
    HCRYPTKEY key;
    HCRYPTHASH hash;
    CHECK(CryptImportKey(provider, (BYTE *)&blob, sizeof blob, 0, 0, &key), "%lx", GetLastError());
    CHECK(CryptCreateHash(provider, CALG_HMAC, key, 0, &hash), "%lx", GetLastError());
    CHECK(!CryptSetHashParam(hash, HP_HASHVAL, value, 0) && GetLastError() == (DWORD)NTE_BAD_HASH_STATE,
          "%lx", GetLastError());
    CryptDestroyHash(hash);
    CryptDestroyKey(key);
}

// The first block of FIPS 197's example.
static void test_known_answer(void)
{
    struct {
        BLOBHEADER head;
        DWORD size;
        BYTE bytes[16];
    } blob = {{PLAINTEXTKEYBLOB, CUR_BLOB_VERSION, 0, CALG_AES_128},
              16,
              {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}};
    static const BYTE expected[] = {0x69, 0xc4, 0xe0, 0xd8, 0x6a, 0x7b, 0x04, 0x30,
                                    0xd8, 0xcd, 0xb7, 0x80, 0x70, 0xb4, 0xc5, 0x5a};
    BYTE data[16];
    DWORD mode = CRYPT_MODE_ECB, length = 16;
    HCRYPTKEY key;
    for (int i = 0; i < 16; i++) data[i] = (BYTE)(i * 0x11);
    CHECK(CryptImportKey(provider, (BYTE *)&blob, sizeof blob, 0, 0, &key), "%lx", GetLastError());
    CHECK(CryptSetKeyParam(key, KP_MODE, (BYTE *)&mode, 0), "%lx", GetLastError());
    CHECK(CryptEncrypt(key, 0, FALSE, 0, data, &length, sizeof data), "%lx", GetLastError());
    CHECK(!memcmp(data, expected, 16), "%02x%02x", data[0], data[1]);
    mode = CRYPT_MODE_CFB; // SP 800-38A, F.3.7
    memcpy(blob.bytes, cfb_key, 16);
    CryptDestroyKey(key);
    CHECK(CryptImportKey(provider, (BYTE *)&blob, sizeof blob, 0, 0, &key), "%lx", GetLastError());
    CHECK(CryptSetKeyParam(key, KP_MODE, (BYTE *)&mode, 0), "%lx", GetLastError());
    CHECK(CryptSetKeyParam(key, KP_IV, cfb_iv, 0), "%lx", GetLastError());
    memcpy(data, cfb_clear, 16);
    CHECK(CryptEncrypt(key, 0, FALSE, 0, data, &length, sizeof data), "%lx", GetLastError());
    CHECK(!memcmp(data, cfb_encrypted, 16), "%02x%02x", data[0], data[1]);
    mode = CRYPT_MODE_OFB;
    CHECK(CryptSetKeyParam(key, KP_MODE, (BYTE *)&mode, 0), "%lx", GetLastError());
    CHECK(!CryptEncrypt(key, 0, FALSE, 0, data, &length, sizeof data), "no provider has it");
    CHECK_EQUAL(GetLastError(), NTE_BAD_ALGID);
    CryptDestroyKey(key);
}

static void test_messages(void)
{
    static const ALG_ID algorithms[] = {CALG_RC2, CALG_RC4, CALG_DES, CALG_3DES, CALG_AES_256};
    static BYTE data[40000], copy[40000];
    for (size_t a = 0; a < sizeof algorithms / sizeof *algorithms; a++) {
        HCRYPTKEY key;
        DWORD length = 33333;
        for (DWORD i = 0; i < length; i++) copy[i] = data[i] = (BYTE)(i * 3 + a);
        CHECK(CryptGenKey(provider, algorithms[a], CRYPT_EXPORTABLE, &key), "%lx", GetLastError());
        CHECK(CryptEncrypt(key, 0, TRUE, 0, data, &length, sizeof data), "%lx", GetLastError());
        CHECK(memcmp(data, copy, 64), "it is encrypted");
        CHECK(CryptDecrypt(key, 0, TRUE, 0, data, &length), "%lx", GetLastError());
        CHECK(length == 33333 && !memcmp(data, copy, length), "%x comes back", algorithms[a]);
        CHECK(CryptDestroyKey(key), "%lx", GetLastError());
    }
}

static void test_rsa(void)
{
    HCRYPTPROV store;
    HCRYPTKEY pair, public;
    HCRYPTHASH hash;
    BYTE blob[1024], signature[256], data[256] = "secret";
    DWORD size = sizeof blob, signed_size = sizeof signature, length = 7;
    CryptAcquireContextA(&store, "Lowland test", NULL, PROV_RSA_AES, CRYPT_DELETEKEYSET);
    CHECK(!CryptAcquireContextA(&store, "Lowland test", NULL, PROV_RSA_AES, 0), "there is no such container");
    CHECK(CryptAcquireContextA(&store, "Lowland test", NULL, PROV_RSA_AES, CRYPT_NEWKEYSET), "%lx",
          GetLastError());
    CHECK(CryptGenKey(store, AT_SIGNATURE, 512 << 16, &pair), "%lx", GetLastError());
    CHECK(CryptReleaseContext(store, 0), "%lx", GetLastError());
    CHECK(!CryptDestroyKey(pair) && GetLastError() == ERROR_INVALID_PARAMETER, "it went with its context");
    CHECK(CryptAcquireContextA(&store, "Lowland test", NULL, PROV_RSA_AES, 0), "%lx", GetLastError());
    CHECK(CryptGetUserKey(store, AT_SIGNATURE, &pair), "%lx", GetLastError());
    CHECK(CryptExportKey(pair, 0, PUBLICKEYBLOB, 0, blob, &size), "%lx", GetLastError());
    CHECK(CryptImportKey(provider, blob, size, 0, 0, &public), "%lx", GetLastError());
    CHECK(CryptCreateHash(store, CALG_SHA1, 0, 0, &hash), "%lx", GetLastError());
    CHECK(CryptHashData(hash, (const BYTE *)"message", 7, 0), "%lx", GetLastError());
    CHECK(CryptSignHashA(hash, AT_SIGNATURE, NULL, 0, signature, &signed_size), "%lx", GetLastError());
    CHECK_EQUAL(signed_size, 64);
    CHECK(CryptVerifySignatureA(hash, signature, signed_size, public, NULL, 0), "%lx", GetLastError());
    signature[5] ^= 1;
    CHECK(!CryptVerifySignatureA(hash, signature, signed_size, public, NULL, 0), "it was changed");
    CHECK(CryptEncrypt(public, 0, TRUE, 0, data, &length, sizeof data), "%lx", GetLastError());
    CHECK(CryptDecrypt(pair, 0, TRUE, 0, data, &length), "%lx", GetLastError());
    CHECK(length == 7 && !memcmp(data, "secret", 7), "%lu", length);
    CHECK(CryptEncrypt(public, 0, TRUE, CRYPT_OAEP, data, &length, sizeof data), "%lx", GetLastError());
    CHECK(CryptDecrypt(pair, 0, TRUE, CRYPT_OAEP, data, &length), "%lx", GetLastError());
    CHECK(length == 7 && !memcmp(data, "secret", 7), "%lu", length);
    CryptDestroyHash(hash);
    CHECK(CryptReleaseContext(store, 0), "%lx", GetLastError());
    CHECK(CryptAcquireContextA(&store, "Lowland test", NULL, PROV_RSA_AES, CRYPT_DELETEKEYSET), "%lx",
          GetLastError());
}

int main(void)
{
    CHECK(!CryptAcquireContextA(&provider, NULL, NULL, 0, CRYPT_VERIFYCONTEXT), "no such type");
    CHECK(CryptAcquireContextA(&provider, NULL, NULL, PROV_RSA_AES, CRYPT_VERIFYCONTEXT), "%lx",
          GetLastError());
    digest_of(CALG_MD5, "abc", "900150983cd24fb0d6963f7d28e17f72");
    digest_of(CALG_SHA1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d");
    digest_of(CALG_SHA_256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    test_known_answer();
    test_hmac_without_hash();
    test_messages();
    test_rsa();
    CHECK(CryptReleaseContext(provider, 0), "%lx", GetLastError());
    return check_summary();
}
