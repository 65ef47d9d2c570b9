// CNG's key pairs: RSA, DSA, Diffie-Hellman and elliptic curves; blobs, signatures, agreed secrets.
// link: -lbcrypt
#include <windows.h>
#include <bcrypt.h>
#include <ntstatus.h>
#include <stdlib.h>
#include <string.h>
#include "check.h"
#include "hex.h"

enum { RSA = 0xE1, ECDH_P256 = 0x2A1, ECDSA_P256 = 0x2D1, DH = 0x281, DSA = 0x301 }; // pseudo-handles
#define ALGORITHM(number) ((BCRYPT_ALG_HANDLE)(ULONG_PTR)(number))

static BYTE digest[32]; // SHA-256 of "abc"

// ---- RSA: a key, signatures of "abc" and a ciphertext of "lowland" made by OpenSSL ----

static const char modulus[] =
    "bd1d16693e6b39db6a97368305af91dadac90f08a1e298caa0f6c3d92d8c695f72826bc94a4c7a50f1a7b9912c41"
    "bd5ea06c319f08d5c3827b2ee8663d857e778e2c2d94416ddb968d168a34d7ba9582392145057e4aad7bc465c123"
    "cb68a668a70d3124acfe33f0d7c72175ef4b2af9d99e157d57172e81145ea609fdcea2a1";
static const char prime_p[] =
    "f79fe00cada724ef6b7e2f1f752588502ab83fcb64bbae182bb45ce6dc95c4e9e5010b68ac33ed2caa319b6e5b1e"
    "6b6c74ff4210b14222d0cc6fb8adba8ec4af";
static const char prime_q[] =
    "c382946ae15a0e8dbd5fdafb0a2342a823842203c32a335600547025bc18cceed5b75f3a10241c9c1f195a37efaf"
    "e11257bc64a34facb57073a1607de70681af";
static const char private_exponent[] =
    "85f54fc5b7204f387cb5a63883538d76c099c15b7508c5006baac0aa5b5865dfe5863b01b7ee9a8a31d384603040"
    "54faed9a1640380aebd5c69a40a7039747300110971e9bc8d9fe3a7ec747623520aa3748712631666f208637f9f3"
    "60cc6cfa5206ef22662bde1ac7bfef6cc3706c4c2fa149a6b6b016005acba028769d6f1d";
static const char pkcs1_signature[] =
    "53118962acc7fbd91405940e43fa7f53126f1fef5da7bf32ee4a65015a954969b9f416b2ac8cccc3fb4f086294c5"
    "3263e1e9f1451e65cdfd5d42f4eee56ff05e2ad8d7d00c284d42f86022119ec03b49ca977225316aea247ee94565"
    "adfaf480f34ec4f0b6d0ddb8e6be71b139f58061dd7be17f09b89da0e7e8354440d71558";
static const char pss_signature[] =
    "270fa90b201932080825f50a39ffd594ed71b78bd71c4a3edca63342250fb3534c5cd9b0c441b2f86dde14b5f82d"
    "bd348b7afa634b5b53547bfe491dc253cfa6b8fe6437036ebf4d4ad8f867503a04c6c50f4bdf8dc9b672113c26c2"
    "148592cb90e471133476ccac88dd790bc6f099a3634439510f88e0763fa24d8951851316";
static const char oaep_secret[] =
    "ad1e2921611939ff267596e940932ee16f42a3788e51eda4fa3f0744c0dd21311b29ee55df26ecbee6a34d251782"
    "a8a8c1abbd78066e1251241b226d5b0fdd28eeb6911b1fc4a8c627f5fbf8e6c12dd222eb9193490bcad2c2a3c960"
    "2eebc6b416c0296bbe4edf6e8004718f4bbe5b630ee4290463cc9305892653b335883ca7";

static BCRYPT_KEY_HANDLE import_rsa(void)
{
    BYTE blob[1024];
    BCRYPT_KEY_HANDLE key = NULL;
    BCRYPT_RSAKEY_BLOB head = {BCRYPT_RSAPRIVATE_MAGIC, 1024, 3, 128, 64, 64};
    ULONG size = sizeof head;
    memcpy(blob, &head, sizeof head);
    size += hex_read(blob + size, "010001");
    size += hex_read(blob + size, modulus);
    size += hex_read(blob + size, prime_p);
    size += hex_read(blob + size, prime_q);
    CHECK_EQUAL(BCryptImportKeyPair(ALGORITHM(RSA), NULL, BCRYPT_RSAPRIVATE_BLOB, &key, blob, size - 1, 0),
                STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(BCryptImportKeyPair(ALGORITHM(RSA), NULL, BCRYPT_RSAPUBLIC_BLOB, &key, blob, size, 0),
                STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(BCryptImportKeyPair(ALGORITHM(RSA), NULL, BCRYPT_RSAPRIVATE_BLOB, &key, blob, size, 0), 0);
    return key;
}

static void test_rsa(void)
{
    BYTE blob[1024], again[1024], signature[128], secret[128], clear[128];
    BCRYPT_KEY_HANDLE key = import_rsa(), other;
    BCRYPT_PKCS1_PADDING_INFO pkcs1 = {L"SHA256"};
    BCRYPT_PSS_PADDING_INFO pss = {L"SHA256", 32};
    BCRYPT_OAEP_PADDING_INFO oaep = {L"SHA1", (BYTE *)"label", 5};
    ULONG size, used;
    CHECK_EQUAL(BCryptExportKey(key, NULL, BCRYPT_RSAFULLPRIVATE_BLOB, blob, sizeof blob, &size, 0), 0);
    CHECK_EQUAL(size, 24 + 3 + 128 + 5 * 64 + 128);
    hex_read(blob + size - 128, private_exponent); // another one than ours
    CHECK_EQUAL(BCryptImportKeyPair(ALGORITHM(RSA), NULL, BCRYPT_RSAFULLPRIVATE_BLOB, &other, blob, size, 0),
                0);
    CHECK_EQUAL(BCryptExportKey(other, NULL, BCRYPT_RSAFULLPRIVATE_BLOB, again, sizeof again, &used, 0), 0);
    CHECK(used == size && !memcmp(blob, again, size), "what was given comes back");
    BCryptDestroyKey(key);
    key = other;
    CHECK_EQUAL(BCryptSignHash(key, &pkcs1, digest, 32, NULL, 0, &used, BCRYPT_PAD_PKCS1), 0);
    CHECK_EQUAL(used, 128);
    CHECK_EQUAL(BCryptSignHash(key, &pkcs1, digest, 32, signature, 127, &used, BCRYPT_PAD_PKCS1),
                STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(BCryptSignHash(key, &pkcs1, digest, 31, signature, 128, &used, BCRYPT_PAD_PKCS1),
                STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(BCryptSignHash(key, &pkcs1, digest, 32, signature, 128, &used, BCRYPT_PAD_PKCS1), 0);
    CHECK_HEX(signature, pkcs1_signature);
    hex_read(signature, pss_signature);
    CHECK_EQUAL(BCryptVerifySignature(key, &pss, digest, 32, signature, 128, BCRYPT_PAD_PSS), 0);
    CHECK_EQUAL(BCryptVerifySignature(key, &pkcs1, digest, 32, signature, 128, BCRYPT_PAD_PKCS1),
                STATUS_INVALID_SIGNATURE);
    CHECK_EQUAL(BCryptSignHash(key, &pss, digest, 32, signature, 128, &used, BCRYPT_PAD_PSS), 0);
    CHECK_EQUAL(BCryptVerifySignature(key, &pss, digest, 32, signature, 128, BCRYPT_PAD_PSS), 0);
    signature[9] ^= 1;
    CHECK_EQUAL(BCryptVerifySignature(key, &pss, digest, 32, signature, 128, BCRYPT_PAD_PSS),
                STATUS_INVALID_SIGNATURE);

    hex_read(secret, oaep_secret);
    CHECK_EQUAL(BCryptDecrypt(key, secret, 128, &oaep, NULL, 0, NULL, 0, &used, BCRYPT_PAD_OAEP), 0);
    CHECK_EQUAL(used, 7);
    CHECK_EQUAL(BCryptDecrypt(key, secret, 128, &oaep, NULL, 0, clear, 128, &used, BCRYPT_PAD_OAEP), 0);
    CHECK(used == 7 && !memcmp(clear, "lowland", 7), "%lu", used);
    oaep.cbLabel = 4;
    CHECK_EQUAL(BCryptDecrypt(key, secret, 128, &oaep, NULL, 0, clear, 128, &used, BCRYPT_PAD_OAEP),
                STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(BCryptExportKey(key, NULL, LEGACY_RSAPUBLIC_BLOB, blob, sizeof blob, &size, 0), 0);
    CHECK_EQUAL(size, 8 + 12 + 128);
    CHECK_EQUAL(BCryptImportKeyPair(ALGORITHM(RSA), NULL, LEGACY_RSAPUBLIC_BLOB, &other, blob, size, 0), 0);
    CHECK_EQUAL(BCryptEncrypt(other, (BYTE *)"abc", 3, NULL, NULL, 0, secret, 128, &used, BCRYPT_PAD_PKCS1),
                0);
    CHECK_EQUAL(BCryptEncrypt(other, (BYTE *)"abc", 3, NULL, NULL, 0, secret, 128, &used, BCRYPT_PAD_NONE),
                STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(BCryptDecrypt(key, secret, 128, NULL, NULL, 0, clear, 128, &used, BCRYPT_PAD_PKCS1), 0);
    CHECK(used == 3 && !memcmp(clear, "abc", 3), "%lu", used);
    CHECK(BCryptDecrypt(other, secret, 128, NULL, NULL, 0, clear, 128, &used, BCRYPT_PAD_PKCS1) != 0,
          "without a private key");
    CHECK_EQUAL(BCryptExportKey(other, NULL, BCRYPT_RSAPRIVATE_BLOB, blob, sizeof blob, &size, 0),
                STATUS_INVALID_PARAMETER);
    BCryptDestroyKey(other);
    BCryptDestroyKey(key);

    CHECK_EQUAL(BCryptGenerateKeyPair(ALGORITHM(RSA), &key, 511, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(BCryptGenerateKeyPair(ALGORITHM(RSA), &key, 512, 0), 0);
    CHECK_EQUAL(BCryptExportKey(key, NULL, BCRYPT_RSAPUBLIC_BLOB, NULL, 0, &size, 0), STATUS_INVALID_HANDLE);
    CHECK_EQUAL(BCryptFinalizeKeyPair(key, 0), 0);
    CHECK_EQUAL(BCryptFinalizeKeyPair(key, 0), STATUS_INVALID_HANDLE);
    CHECK_EQUAL(BCryptExportKey(key, NULL, BCRYPT_RSAPUBLIC_BLOB, NULL, 0, &size, 0), 0);
    CHECK_EQUAL(size, 24 + 3 + 64);
    BCryptDestroyKey(key);
}

// ---- curves ----

// A blob of these numbers, the last of which may be NULL.
static ULONG ecc_blob(BYTE *blob, ULONG magic, const char *x, const char *y, const char *d)
{
    BCRYPT_ECCKEY_BLOB head = {magic, 32};
    ULONG size = sizeof head;
    memcpy(blob, &head, sizeof head);
    size += hex_read(blob + size, x);
    size += hex_read(blob + size, y);
    return d ? size + hex_read(blob + size, d) : size;
}

// RFC 6979, A.2.5: P-256, SHA-256, "sample".
static void test_ecdsa(void)
{
    BYTE blob[256], hash[32], signature[64];
    BCRYPT_KEY_HANDLE key;
    ULONG used, size = ecc_blob(blob, BCRYPT_ECDSA_PRIVATE_P256_MAGIC,
                                "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6",
                                "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
                                "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
    CHECK_EQUAL(BCryptHash(ALGORITHM(0x41), NULL, 0, (BYTE *)"sample", 6, hash, 32), 0);
    CHECK_EQUAL(BCryptImportKeyPair(ALGORITHM(ECDH_P256), NULL, BCRYPT_ECCPRIVATE_BLOB, &key, blob, size, 0),
                STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(BCryptImportKeyPair(ALGORITHM(ECDSA_P256), NULL, BCRYPT_ECCPRIVATE_BLOB, &key, blob, size, 0),
                0);
    hex_read(signature, "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                        "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
    CHECK_EQUAL(BCryptVerifySignature(key, NULL, hash, 32, signature, 64, 0), 0);
    signature[0] ^= 1;
    CHECK_EQUAL(BCryptVerifySignature(key, NULL, hash, 32, signature, 64, 0), STATUS_INVALID_SIGNATURE);
    CHECK_EQUAL(BCryptSignHash(key, NULL, hash, 32, signature, 64, &used, 0), 0);
    CHECK_EQUAL(BCryptVerifySignature(key, NULL, hash, 32, signature, 64, 0), 0);
    BCryptDestroyKey(key);
    blob[8] ^= 1;
    CHECK_EQUAL(BCryptImportKeyPair(ALGORITHM(ECDSA_P256), NULL, BCRYPT_ECCPRIVATE_BLOB, &key, blob, size, 0),
                STATUS_INVALID_PARAMETER);
}

// RFC 5903, 8.1.
static void test_ecdh(void)
{
    BYTE blob[256], out[64];
    BCRYPT_KEY_HANDLE key, other;
    BCRYPT_SECRET_HANDLE secret;
    static WCHAR sha256[] = L"SHA256";
    BCryptBuffer buffer = {sizeof sha256, KDF_HASH_ALGORITHM, sha256};
    BCryptBufferDesc list = {BCRYPTBUFFER_VERSION, 1, &buffer};
    ULONG used, size = ecc_blob(blob, BCRYPT_ECDH_PRIVATE_P256_MAGIC,
                                "dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c3772581180",
                                "5271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3",
                                "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433");
    CHECK_EQUAL(BCryptImportKeyPair(ALGORITHM(ECDH_P256), NULL, BCRYPT_ECCPRIVATE_BLOB, &key, blob, size, 0),
                0);
    size = ecc_blob(blob, BCRYPT_ECDH_PUBLIC_P256_MAGIC,
                    "d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63",
                    "56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab", NULL);
    CHECK_EQUAL(BCryptImportKeyPair(ALGORITHM(ECDH_P256), NULL, BCRYPT_ECCPUBLIC_BLOB, &other, blob, size, 0),
                0);
    CHECK_EQUAL(BCryptSecretAgreement(other, key, &secret, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(BCryptSecretAgreement(key, other, &secret, 0), 0);
    CHECK_EQUAL(BCryptDeriveKey(secret, L"TRUNCATE", NULL, out, 32, &used, 0), 0);
    for (int i = 0; i < 16; i++) { // least significant byte first
        BYTE one = out[i];
        out[i] = out[31 - i];
        out[31 - i] = one;
    }
    CHECK_HEX(out, "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de");
    CHECK_EQUAL(BCryptDeriveKey(secret, BCRYPT_KDF_HASH, &list, out, 32, &used, 0), 0);
    CHECK_HEX(out, "0519dc09b36efad1d00aef1d5b53b100202eb910b5de0dede75f190a357a367d");
    CHECK_EQUAL(BCryptDeriveKey(secret, BCRYPT_KDF_TLS_PRF, NULL, out, 48, &used, 0),
                STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(BCryptDestroySecret(secret), 0);
    CHECK_EQUAL(BCryptDestroySecret(secret), STATUS_INVALID_HANDLE);
    BCryptDestroyKey(key);
    BCryptDestroyKey(other);
}

// Two fresh keys of an algorithm agree on the same secret.
static void agree(BCRYPT_ALG_HANDLE algorithm, const WCHAR *public_type, ULONG bits, BCRYPT_KEY_HANDLE one)
{
    BYTE blob[1024], first[32], second[32];
    BCRYPT_KEY_HANDLE keys[2] = {one, NULL}, moved;
    BCRYPT_SECRET_HANDLE secret;
    ULONG used, size;
    for (int i = 0; i < 2; i++) {
        if (keys[i]) continue;
        CHECK_EQUAL(BCryptGenerateKeyPair(algorithm, &keys[i], bits, 0), 0);
        CHECK_EQUAL(BCryptFinalizeKeyPair(keys[i], 0), 0);
    }
    for (int i = 0; i < 2; i++) {
        CHECK_EQUAL(BCryptExportKey(keys[1 - i], NULL, public_type, blob, sizeof blob, &size, 0), 0);
        CHECK_EQUAL(BCryptImportKeyPair(algorithm, NULL, public_type, &moved, blob, size, 0), 0);
        CHECK_EQUAL(BCryptSecretAgreement(keys[i], moved, &secret, 0), 0);
        CHECK_EQUAL(BCryptDeriveKey(secret, BCRYPT_KDF_HMAC, NULL, i ? second : first, 20, &used,
                                    KDF_USE_SECRET_AS_HMAC_KEY_FLAG),
                    0);
        BCryptDestroySecret(secret);
        BCryptDestroyKey(moved);
    }
    CHECK(!memcmp(first, second, 20), "%ls", public_type);
    BCryptDestroyKey(keys[0]);
    BCryptDestroyKey(keys[1]);
}

static void test_curves(void)
{
    static const WCHAR name[] = L"curve25519";
    BCRYPT_ALG_HANDLE algorithm;
    BCRYPT_KEY_HANDLE key;
    agree(ALGORITHM(0x2B1), BCRYPT_ECCPUBLIC_BLOB, 384, NULL);
    agree(ALGORITHM(0x2C1), BCRYPT_ECCPUBLIC_BLOB, 521, NULL);
    CHECK_EQUAL(BCryptOpenAlgorithmProvider(&algorithm, L"ECDH", NULL, 0), 0);
    CHECK_EQUAL(BCryptGenerateKeyPair(algorithm, &key, 0, 0), 0);
    CHECK_EQUAL(BCryptFinalizeKeyPair(key, 0), STATUS_INVALID_PARAMETER); // of no curve yet
    BCryptDestroyKey(key);
    CHECK_EQUAL(BCryptSetProperty(algorithm, L"ECCCurveName", (BYTE *)name, sizeof name, 0), 0);
    agree(algorithm, BCRYPT_ECCPUBLIC_BLOB, 255, NULL);
    BCryptCloseAlgorithmProvider(algorithm, 0);
}

// ---- modulo a prime ----

static void test_dh(void)
{
    BYTE blob[512], parameters[sizeof(BCRYPT_DH_PARAMETER_HEADER) + 128];
    BCRYPT_KEY_HANDLE key, other;
    ULONG size, longer = 1024, odd = 520;
    CHECK_EQUAL(BCryptGenerateKeyPair(ALGORITHM(DH), &key, 512, 0), 0);
    CHECK_EQUAL(BCryptSetProperty(key, BCRYPT_KEY_LENGTH, (BYTE *)&odd, 4, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(BCryptFinalizeKeyPair(key, 0), 0);
    CHECK_EQUAL(BCryptExportKey(key, NULL, BCRYPT_DH_PUBLIC_BLOB, blob, sizeof blob, &size, 0), 0);
    CHECK_EQUAL(size, 8 + 3 * 64);
    BCRYPT_DH_PARAMETER_HEADER head = {sizeof parameters, BCRYPT_DH_PARAMETERS_MAGIC, 64};
    memcpy(parameters, &head, sizeof head);
    memcpy(parameters + sizeof head, blob + 8, 128);
    CHECK_EQUAL(BCryptGenerateKeyPair(ALGORITHM(DH), &other, 512, 0), 0);
    CHECK_EQUAL(BCryptSetProperty(other, BCRYPT_DH_PARAMETERS, parameters, sizeof parameters, 0), 0);
    CHECK_EQUAL(BCryptSetProperty(other, BCRYPT_KEY_LENGTH, (BYTE *)&longer, 4, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(BCryptFinalizeKeyPair(other, 0), 0);
    CHECK_EQUAL(BCryptGetProperty(other, BCRYPT_DH_PARAMETERS, blob, sizeof blob, &size, 0), 0);
    CHECK(size == sizeof parameters && !memcmp(blob, parameters, size), "%lu", size);
    BCRYPT_SECRET_HANDLE secrets[2];
    BYTE first[64], second[64];
    CHECK_EQUAL(BCryptSecretAgreement(key, other, &secrets[0], 0), 0);
    CHECK_EQUAL(BCryptSecretAgreement(other, key, &secrets[1], 0), 0);
    CHECK_EQUAL(BCryptDeriveKey(secrets[0], L"TRUNCATE", NULL, first, 64, &size, 0), 0);
    CHECK_EQUAL(BCryptDeriveKey(secrets[1], L"TRUNCATE", NULL, second, 64, &size, 0), 0);
    CHECK(size == 64 && !memcmp(first, second, 64), "%lu", size);
    BCryptDestroySecret(secrets[0]);
    BCryptDestroySecret(secrets[1]);
    BCryptDestroyKey(key);
    BCryptDestroyKey(other);
}

static void test_dsa(void)
{
    BYTE blob[1024], signature[40];
    BCRYPT_KEY_HANDLE key, other;
    ULONG size, used;
    CHECK_EQUAL(BCryptGenerateKeyPair(ALGORITHM(DSA), &key, 512, 0), 0);
    CHECK_EQUAL(BCryptFinalizeKeyPair(key, 0), 0);
    CHECK_EQUAL(BCryptExportKey(key, NULL, BCRYPT_DSA_PUBLIC_BLOB, blob, sizeof blob, &size, 0), 0);
    CHECK_EQUAL(size, sizeof(BCRYPT_DSA_KEY_BLOB) + 3 * 64);
    CHECK_EQUAL(BCryptImportKeyPair(ALGORITHM(DSA), NULL, BCRYPT_DSA_PUBLIC_BLOB, &other, blob, size, 0), 0);
    CHECK_EQUAL(BCryptSignHash(key, NULL, digest, 20, signature, 40, &used, 0), 0);
    CHECK_EQUAL(BCryptVerifySignature(other, NULL, digest, 20, signature, 40, 0), 0);
    signature[3] ^= 1;
    CHECK_EQUAL(BCryptVerifySignature(other, NULL, digest, 20, signature, 40, 0), STATUS_INVALID_SIGNATURE);
    CHECK(BCryptSignHash(other, NULL, digest, 20, signature, 40, &used, 0) != 0, "without a private key");
    BCryptDestroyKey(key);
    BCryptDestroyKey(other);
}

int main(void)
{
    CHECK_EQUAL(BCryptHash(ALGORITHM(0x41), NULL, 0, (BYTE *)"abc", 3, digest, 32), 0);
    test_rsa();
    test_ecdsa();
    test_ecdh();
    test_curves();
    test_dh();
    test_dsa();
    return check_summary();
}
