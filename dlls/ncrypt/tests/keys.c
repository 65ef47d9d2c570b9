// Keys of the software key storage provider: made, kept, opened, used, exported, deleted; wrong use.
// link: -lncrypt
#include <windows.h>
#include <ncrypt.h>
#include <string.h>
#include "check.h"

static const WCHAR name[] = L"Lowland test key";
static NCRYPT_PROV_HANDLE provider;
static BYTE digest[32] = {1, 2, 3};

static void test_kept(void)
{
    NCRYPT_KEY_HANDLE key, again;
    BYTE signature[64], blob[512];
    WCHAR text[64];
    DWORD size, policy = NCRYPT_ALLOW_EXPORT_FLAG | NCRYPT_ALLOW_PLAINTEXT_EXPORT_FLAG, bits = 0;
    if (!NCryptOpenKey(provider, &key, name, 0, 0)) NCryptDeleteKey(key, 0);
    CHECK_EQUAL(NCryptOpenKey(provider, &key, name, 0, 0), NTE_BAD_KEYSET);
    CHECK_EQUAL(NCryptCreatePersistedKey(provider, &key, L"Nothing", name, 0, 0), NTE_NOT_SUPPORTED);
    CHECK_EQUAL(NCryptCreatePersistedKey(provider, &key, BCRYPT_ECDSA_P256_ALGORITHM, name, 0, 0), 0);
    CHECK_EQUAL(NCryptSignHash(key, NULL, digest, 32, signature, 64, &size, 0), NTE_INVALID_HANDLE);
    CHECK_EQUAL(NCryptFinalizeKey(key, 0), 0);
    CHECK_EQUAL(NCryptFinalizeKey(key, 0), NTE_INVALID_HANDLE);
    CHECK_EQUAL(NCryptSignHash(key, NULL, digest, 32, signature, 64, &size, 0), 0);
    CHECK_EQUAL(NCryptExportKey(key, 0, BCRYPT_ECCPRIVATE_BLOB, NULL, blob, sizeof blob, &size, 0),
                NTE_NOT_SUPPORTED);
    CHECK_EQUAL(NCryptFreeObject(key), 0);
    CHECK_EQUAL(NCryptFreeObject(key), NTE_INVALID_HANDLE);
    CHECK_EQUAL(NCryptCreatePersistedKey(provider, &again, BCRYPT_ECDSA_P256_ALGORITHM, name, 0, 0),
                NTE_EXISTS);
    CHECK_EQUAL(NCryptOpenKey(provider, &again, name, 0, 0), 0);
    CHECK(NCryptIsKeyHandle(again) && !NCryptIsKeyHandle(provider), "what is a key");
    CHECK_EQUAL(NCryptVerifySignature(again, NULL, digest, 32, signature, 64, 0), 0);
    signature[0] ^= 1;
    CHECK_EQUAL(NCryptVerifySignature(again, NULL, digest, 32, signature, 64, 0), NTE_BAD_SIGNATURE);
    CHECK_EQUAL(
        NCryptGetProperty(again, NCRYPT_ALGORITHM_GROUP_PROPERTY, (BYTE *)text, sizeof text, &size, 0), 0);
    CHECK(!wcscmp(text, L"ECDSA") && size == 12, "%ls", text);
    CHECK_EQUAL(NCryptGetProperty(again, NCRYPT_NAME_PROPERTY, (BYTE *)text, 4, &size, 0),
                NTE_BUFFER_TOO_SMALL);
    CHECK_EQUAL(NCryptGetProperty(again, NCRYPT_LENGTH_PROPERTY, (BYTE *)&bits, 4, &size, 0), 0);
    CHECK_EQUAL(bits, 256);
    CHECK_EQUAL(NCryptDeleteKey(again, 0), 0);
    CHECK_EQUAL(NCryptOpenKey(provider, &key, name, 0, 0), NTE_BAD_KEYSET);

    CHECK_EQUAL(NCryptCreatePersistedKey(provider, &key, BCRYPT_ECDH_P256_ALGORITHM, NULL, 0, 0), 0);
    CHECK_EQUAL(NCryptSetProperty(key, NCRYPT_EXPORT_POLICY_PROPERTY, (BYTE *)&policy, 4, 0), 0);
    CHECK_EQUAL(NCryptFinalizeKey(key, 0), 0);
    CHECK_EQUAL(NCryptExportKey(key, 0, BCRYPT_ECCPRIVATE_BLOB, NULL, blob, sizeof blob, &size, 0), 0);
    CHECK_EQUAL(NCryptImportKey(provider, 0, BCRYPT_ECCPRIVATE_BLOB, NULL, &again, blob, size, 0), 0);
    NCryptFreeObject(key);
    NCryptFreeObject(again);
}

static void test_rsa(void)
{
    NCRYPT_KEY_HANDLE key, public;
    BYTE blob[256], secret[64], clear[64];
    DWORD size, used, bits = 512;
    CHECK_EQUAL(NCryptCreatePersistedKey(provider, &key, BCRYPT_RSA_ALGORITHM, NULL, 0, 0), 0);
    CHECK_EQUAL(NCryptSetProperty(key, NCRYPT_LENGTH_PROPERTY, (BYTE *)&bits, 4, 0), 0);
    CHECK_EQUAL(NCryptFinalizeKey(key, NCRYPT_SILENT_FLAG), 0);
    CHECK_EQUAL(NCryptExportKey(key, 0, BCRYPT_RSAPUBLIC_BLOB, NULL, blob, sizeof blob, &size, 0), 0);
    CHECK_EQUAL(NCryptImportKey(provider, 0, BCRYPT_RSAPUBLIC_BLOB, NULL, &public, blob, size, 0), 0);
    CHECK_EQUAL(NCryptEncrypt(public, (BYTE *)"abc", 3, NULL, secret, 64, &used,
                              NCRYPT_PAD_PKCS1_FLAG | NCRYPT_SILENT_FLAG),
                0);
    CHECK_EQUAL(NCryptDecrypt(key, secret, 64, NULL, clear, 64, &used, NCRYPT_PAD_PKCS1_FLAG), 0);
    CHECK(used == 3 && !memcmp(clear, "abc", 3), "%lu", used);
    blob[0] ^= 1;
    CHECK_EQUAL(NCryptImportKey(provider, 0, BCRYPT_RSAPUBLIC_BLOB, NULL, &public, blob, size, 0),
                NTE_INVALID_PARAMETER);
    NCryptFreeObject(key);
}

// Names that are too long, and the end of a key that was not finished.
static void test_names(void)
{
    NCRYPT_KEY_HANDLE key;
    WCHAR long_name[512];
    for (int i = 0; i < 512; i++) long_name[i] = i < 511 ? 'a' : 0;
    CHECK_EQUAL(NCryptCreatePersistedKey(provider, &key, BCRYPT_ECDSA_P256_ALGORITHM, long_name, 0, 0),
                NTE_INVALID_PARAMETER);
    CHECK_EQUAL(NCryptOpenKey(provider, &key, long_name, 0, 0), NTE_INVALID_PARAMETER);
    CHECK_EQUAL(NCryptCreatePersistedKey(provider, &key, BCRYPT_ECDSA_P256_ALGORITHM, name, 0, 0), 0);
    CHECK_EQUAL(NCryptDeleteKey(key, 0), 0);
    CHECK_EQUAL(NCryptFreeObject(key), NTE_INVALID_HANDLE);
}

int main(void)
{
    DWORD size;
    CHECK_EQUAL(NCryptOpenStorageProvider(NULL, NULL, 0), NTE_INVALID_PARAMETER);
    CHECK_EQUAL(NCryptOpenStorageProvider(&provider, L"Nobody", 0), NTE_NOT_FOUND);
    CHECK_EQUAL(NCryptOpenStorageProvider(&provider, MS_KEY_STORAGE_PROVIDER, 0), 0);
    CHECK_EQUAL(NCryptIsAlgSupported(provider, BCRYPT_RSA_ALGORITHM, 0), 0);
    CHECK_EQUAL(NCryptIsAlgSupported(provider, L"Nothing", 0), NTE_NOT_SUPPORTED);
    CHECK_EQUAL(NCryptGetProperty(0x12340, NCRYPT_NAME_PROPERTY, NULL, 0, &size, 0), NTE_INVALID_HANDLE);
    test_kept();
    test_names();
    test_rsa();
    CHECK_EQUAL(NCryptFreeObject(provider), 0);
    return check_summary();
}
