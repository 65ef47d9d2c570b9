// CNG's hashes, MACs, ciphers and key derivation by the vectors of NIST and the RFCs; wrong use.
// link: -lbcrypt
#include <windows.h>
#include <bcrypt.h>
#include <ntstatus.h>
#include <string.h>
#include "check.h"
#include "hex.h"

#ifndef STATUS_AUTH_TAG_MISMATCH
#define STATUS_AUTH_TAG_MISMATCH ((NTSTATUS)0xC000A002)
#endif

static BCRYPT_ALG_HANDLE open_algorithm(const WCHAR *name, ULONG flags)
{
    BCRYPT_ALG_HANDLE algorithm = NULL;
    CHECK_EQUAL(BCryptOpenAlgorithmProvider(&algorithm, name, NULL, flags), STATUS_SUCCESS);
    return algorithm;
}

// FIPS 180-4's and RFC 1321's "abc"; HMAC: RFC 4231, 4.3; CMAC: RFC 4493, 4.
static void test_hashes(void)
{
    static const WCHAR *const names[] = {L"MD5", L"SHA1", L"SHA256"};
    static const char *const digests[] = {"900150983cd24fb0d6963f7d28e17f72",
                                          "a9993e364706816aba3e25717850c26c9cd0d89d",
                                          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"};
    BYTE digest[64], key[16];
    BCRYPT_HASH_HANDLE hash, copy;
    ULONG size, used;
    for (int i = 0; i < 3; i++) {
        BCRYPT_ALG_HANDLE algorithm = open_algorithm(names[i], 0);
        CHECK_EQUAL(BCryptGetProperty(algorithm, BCRYPT_HASH_LENGTH, (BYTE *)&size, sizeof size, &used, 0),
                    0);
        CHECK(size == strlen(digests[i]) / 2 && used == 4, "%lu", size);
        CHECK_EQUAL(BCryptCreateHash(algorithm, &hash, NULL, 0, NULL, 0, 0), 0);
        CHECK_EQUAL(BCryptHashData(hash, (BYTE *)"a", 1, 0), 0);
        CHECK_EQUAL(BCryptDuplicateHash(hash, &copy, NULL, 0, 0), 0);
        CHECK_EQUAL(BCryptHashData(copy, (BYTE *)"bc", 2, 0), 0);
        CHECK_EQUAL(BCryptFinishHash(copy, digest, size - 1, 0), STATUS_INVALID_PARAMETER);
        CHECK_EQUAL(BCryptFinishHash(copy, digest, size, 0), 0);
        CHECK_HEX(digest, digests[i]);
        CHECK_EQUAL(BCryptHashData(copy, (BYTE *)"a", 1, 0), STATUS_INVALID_HANDLE);
        CHECK_EQUAL(BCryptDestroyHash(copy), 0);
        CHECK_EQUAL(BCryptDestroyHash(copy), STATUS_INVALID_PARAMETER);
        CHECK_EQUAL(BCryptDestroyHash(hash), 0);
        CHECK_EQUAL(BCryptCloseAlgorithmProvider(algorithm, 0), 0);
    }
    // pseudo-handles: HMAC-SHA-256, AES-CMAC
    CHECK_EQUAL(BCryptHash((BCRYPT_ALG_HANDLE)0xB1, (BYTE *)"Jefe", 4, (BYTE *)"what do ya want for nothing?",
                           28, digest, 32),
                0);
    CHECK_HEX(digest, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    hex_read(key, "2b7e151628aed2a6abf7158809cf4f3c");
    CHECK_EQUAL(BCryptHash((BCRYPT_ALG_HANDLE)0x101, key, 16, NULL, 0, digest, 16), 0);
    CHECK_HEX(digest, "bb1d6929e95937287fa37d129b756746");
    BCRYPT_ALG_HANDLE again = open_algorithm(L"SHA1", BCRYPT_HASH_REUSABLE_FLAG);
    CHECK_EQUAL(BCryptCreateHash(again, &hash, NULL, 0, NULL, 0, 0), 0);
    for (int i = 0; i < 2; i++) {
        CHECK_EQUAL(BCryptHashData(hash, (BYTE *)"abc", 3, 0), 0);
        CHECK_EQUAL(BCryptFinishHash(hash, digest, 20, 0), 0);
        CHECK_HEX(digest, digests[1]);
    }
    BCryptDestroyHash(hash);
    BCryptCloseAlgorithmProvider(again, 0);
}

// ---- ciphers ----

struct vector {
    const WCHAR *algorithm, *mode;
    ULONG message_block, effective_bits;
    const char *key, *iv, *clear, *encrypted;
};

// SP 800-38A (AES), RFC 2268 (RC2), FIPS 81 (DES).
static const struct vector vectors[] = {
    {L"AES", BCRYPT_CHAIN_MODE_ECB, 0, 0, "2b7e151628aed2a6abf7158809cf4f3c", NULL,
     "6bc1bee22e409f96e93d7e117393172a", "3ad77bb40d7a3660a89ecaf32466ef97"},
    {L"AES", BCRYPT_CHAIN_MODE_CBC, 0, 0, "2b7e151628aed2a6abf7158809cf4f3c",
     "000102030405060708090a0b0c0d0e0f", "6bc1bee22e409f96e93d7e117393172a",
     "7649abac8119b246cee98e9b12e9197d"},
    {L"AES", BCRYPT_CHAIN_MODE_CFB, 1, 0, "2b7e151628aed2a6abf7158809cf4f3c",
     "000102030405060708090a0b0c0d0e0f", "6bc1bee22e409f96e93d7e117393172aae2d",
     "3b79424c9c0dd436bace9e0ed4586a4f32b9"},
    {L"AES", BCRYPT_CHAIN_MODE_CFB, 16, 0, "2b7e151628aed2a6abf7158809cf4f3c",
     "000102030405060708090a0b0c0d0e0f", "6bc1bee22e409f96e93d7e117393172a",
     "3b3fd92eb72dad20333449f8e83cfb4a"},
    {L"DES", BCRYPT_CHAIN_MODE_ECB, 0, 0, "0123456789abcdef", NULL, "4e6f772069732074", "3fa40e8a984d4815"},
    {L"RC2", BCRYPT_CHAIN_MODE_ECB, 0, 64, "ffffffffffffffff", NULL, "ffffffffffffffff", "278b27e42e2f0d49"},
};

static void set_text(BCRYPT_HANDLE object, const WCHAR *name, const WCHAR *value)
{
    CHECK_EQUAL(BCryptSetProperty(object, name, (BYTE *)value, (wcslen(value) + 1) * sizeof(WCHAR), 0), 0);
}

static void test_vector(const struct vector *vector)
{
    BYTE key[32], iv[16] = {0}, data[64], out[64];
    BCRYPT_ALG_HANDLE algorithm = open_algorithm(vector->algorithm, 0);
    BCRYPT_KEY_HANDLE handle;
    ULONG number = vector->message_block, bits = vector->effective_bits, used;
    ULONG key_size = hex_read(key, vector->key), size = hex_read(data, vector->clear);
    ULONG iv_size = vector->iv ? hex_read(iv, vector->iv) : 0;
    set_text(algorithm, BCRYPT_CHAINING_MODE, vector->mode);
    if (bits) CHECK_EQUAL(BCryptSetProperty(algorithm, BCRYPT_EFFECTIVE_KEY_LENGTH, (BYTE *)&bits, 4, 0), 0);
    CHECK_EQUAL(BCryptGenerateSymmetricKey(algorithm, &handle, NULL, 0, key, key_size, 0), 0);
    if (number) CHECK_EQUAL(BCryptSetProperty(handle, BCRYPT_MESSAGE_BLOCK_LENGTH, (BYTE *)&number, 4, 0), 0);
    CHECK_EQUAL(
        BCryptEncrypt(handle, data, size, NULL, iv_size ? iv : NULL, iv_size, out, sizeof out, &used, 0), 0);
    CHECK_EQUAL(used, size);
    CHECK_HEX(out, vector->encrypted);
    if (iv_size) hex_read(iv, vector->iv);
    CHECK_EQUAL(BCryptDecrypt(handle, out, size, NULL, iv_size ? iv : NULL, iv_size, out, size, &used, 0), 0);
    CHECK_HEX(out, vector->clear);
    CHECK_EQUAL(BCryptDestroyKey(handle), 0);
    BCryptCloseAlgorithmProvider(algorithm, 0);
}

// Padding, sizes asked for, the IV that goes on, blobs, copies.
static void test_messages(void)
{
    BYTE key[16] = {1, 2, 3}, iv[16] = {4}, second[16] = {4}, out[64], back[64], blob[64];
    BCRYPT_KEY_HANDLE handle, other;
    ULONG used, size;
    BCRYPT_ALG_HANDLE aes = open_algorithm(L"AES", 0);
    CHECK_EQUAL(BCryptGenerateSymmetricKey(aes, &handle, NULL, 0, key, 15, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(BCryptGenerateSymmetricKey(aes, &handle, NULL, 0, key, 16, 0), 0);
    CHECK_EQUAL(BCryptEncrypt(handle, key, 15, NULL, iv, 16, out, 64, &used, 0), STATUS_INVALID_BUFFER_SIZE);
    CHECK_EQUAL(used, 15);
    CHECK_EQUAL(BCryptSetProperty(handle, BCRYPT_CHAINING_MODE, (BYTE *)BCRYPT_CHAIN_MODE_CBC, 0, 0), 0);
    CHECK_EQUAL(BCryptEncrypt(handle, key, 16, NULL, iv, 15, out, 64, &used, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(BCryptEncrypt(handle, key, 16, NULL, iv, 16, NULL, 0, &used, BCRYPT_BLOCK_PADDING), 0);
    CHECK_EQUAL(used, 32);
    CHECK_EQUAL(BCryptEncrypt(handle, key, 16, NULL, iv, 16, out, 31, &used, BCRYPT_BLOCK_PADDING),
                STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(BCryptEncrypt(handle, key, 16, NULL, iv, 16, out, 64, &used, BCRYPT_BLOCK_PADDING), 0);
    CHECK(!memcmp(iv, out + 16, 16), "the IV goes on");
    CHECK_EQUAL(BCryptExportKey(handle, NULL, BCRYPT_KEY_DATA_BLOB, blob, sizeof blob, &size, 0), 0);
    CHECK_EQUAL(size, sizeof(BCRYPT_KEY_DATA_BLOB_HEADER) + 16);
    CHECK_EQUAL(BCryptImportKey(aes, NULL, BCRYPT_KEY_DATA_BLOB, &other, NULL, 0, blob, size, 0), 0);
    CHECK_EQUAL(BCryptDecrypt(other, out, 32, NULL, second, 16, back, 16, &used, BCRYPT_BLOCK_PADDING), 0);
    CHECK(used == 16 && !memcmp(back, key, 16), "%lu", used);
    CHECK_EQUAL(BCryptDestroyKey(other), 0);
    CHECK_EQUAL(BCryptDuplicateKey(handle, &other, NULL, 0, 0), 0);
    CHECK_EQUAL(BCryptDecrypt(handle, out, 16, NULL, second, 16, back, 16, &used, BCRYPT_BLOCK_PADDING),
                STATUS_DATA_ERROR); // the last block, which is the padding, is not there
    CHECK_EQUAL(BCryptDestroyKey(handle), 0);
    memset(second, 0, 16);
    second[0] = 4;
    CHECK_EQUAL(BCryptDecrypt(other, out, 32, NULL, second, 16, back, 64, &used, BCRYPT_BLOCK_PADDING), 0);
    CHECK_EQUAL(BCryptDestroyKey(other), 0);
    CHECK_EQUAL(BCryptGenerateSymmetricKey((BCRYPT_ALG_HANDLE)0x71, &handle, NULL, 0, (BYTE *)"Key", 3, 0),
                0);
    CHECK_EQUAL(BCryptEncrypt(handle, (BYTE *)"Plaintext", 9, NULL, NULL, 0, out, 9, &used, 0), 0);
    CHECK_HEX(out, "bbf316e8d940af0ad3"); // RC4's usual example
    BCryptDestroyKey(handle);
    BCryptCloseAlgorithmProvider(aes, 0);
}

// Without an IV a call goes on where the last one ended; a caller's stays when there is too little room. CFB
// is padded to whole blocks, ECB has no IV.
static void test_vectors_of_calls(void)
{
    BYTE key[17] = {7}, data[32] = {1}, iv[16] = {0}, whole[32], parts[32], back[32];
    WCHAR mode[32];
    BCRYPT_KEY_HANDLE handle;
    ULONG used;
    CHECK_EQUAL(BCryptGenerateSymmetricKey((BCRYPT_ALG_HANDLE)0x1A1, &handle, NULL, 0, key, 17, 0),
                STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(BCryptGenerateSymmetricKey((BCRYPT_ALG_HANDLE)0x1A1, &handle, NULL, 0, key, 16, 0), 0);
    CHECK_EQUAL(BCryptEncrypt(handle, data, 32, NULL, NULL, 0, whole, 32, &used, 0), 0);
    CHECK_EQUAL(BCryptEncrypt(handle, data, 16, NULL, iv, 16, parts, 16, &used, 0), 0);
    CHECK_EQUAL(BCryptEncrypt(handle, data + 16, 16, NULL, NULL, 0, parts + 16, 16, &used, 0), 0);
    CHECK(!memcmp(whole, parts, 32), "one message in two calls");
    memset(iv, 0, sizeof iv);
    CHECK_EQUAL(BCryptEncrypt(handle, data, 10, NULL, iv, 16, whole, 32, &used, BCRYPT_BLOCK_PADDING), 0);
    memset(iv, 0, sizeof iv);
    CHECK_EQUAL(BCryptDecrypt(handle, whole, 16, NULL, iv, 16, back, 9, &used, BCRYPT_BLOCK_PADDING),
                STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(used, 10);
    CHECK_EQUAL(BCryptDecrypt(handle, whole, 16, NULL, iv, 16, back, 10, &used, BCRYPT_BLOCK_PADDING), 0);
    CHECK(used == 10 && !memcmp(back, data, 10), "%lu", used);
    CHECK_EQUAL(BCryptGetProperty(handle, BCRYPT_CHAINING_MODE, (BYTE *)mode, sizeof mode, &used, 0), 0);
    CHECK(used == sizeof mode && !wcscmp(mode, BCRYPT_CHAIN_MODE_CBC), "%lu %ls", used, mode);
    set_text(handle, BCRYPT_CHAINING_MODE, BCRYPT_CHAIN_MODE_CFB);
    CHECK_EQUAL(BCryptEncrypt(handle, data, 17, NULL, iv, 16, NULL, 0, &used, BCRYPT_BLOCK_PADDING), 0);
    CHECK_EQUAL(used, 32);
    set_text(handle, BCRYPT_CHAINING_MODE, BCRYPT_CHAIN_MODE_ECB);
    CHECK_EQUAL(BCryptEncrypt(handle, data, 16, NULL, iv, 16, whole, 16, &used, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(BCryptEncrypt(handle, data, 16, NULL, NULL, 16, whole, 16, &used, 0), 0);
    BCryptDestroyKey(handle);
}

// ---- authenticated modes ----

static const char gcm_clear[] =
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e"
    "2449a6b525b16aedf5aa0de657ba637b39";
static const char gcm_encrypted[] =
    "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8"
    "f6a5aac84aa051ba30b396a0aac973d58e091";

// The GCM specification's test case 4 (McGrew and Viega), whole and in parts.
static void test_gcm(void)
{
    BYTE key[16], nonce[12], auth[20], data[60], out[60], tag[16], context[16], iv[16];
    BCRYPT_KEY_HANDLE handle;
    ULONG used;
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    hex_read(key, "feffe9928665731c6d6a8f9467308308");
    hex_read(nonce, "cafebabefacedbaddecaf888");
    hex_read(auth, "feedfacedeadbeeffeedfacedeadbeefabaddad2");
    hex_read(data, gcm_clear);
    BCRYPT_INIT_AUTH_MODE_INFO(info);
    info.pbNonce = nonce;
    info.cbNonce = 12;
    info.pbAuthData = auth;
    info.cbAuthData = 20;
    info.pbTag = tag;
    info.cbTag = 16;
    CHECK_EQUAL(BCryptGenerateSymmetricKey((BCRYPT_ALG_HANDLE)0x1E1, &handle, NULL, 0, key, 16, 0), 0);
    CHECK_EQUAL(BCryptEncrypt(handle, data, 60, NULL, NULL, 0, out, 60, &used, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(BCryptEncrypt(handle, data, 60, &info, NULL, 0, out, 60, &used, 0), 0);
    CHECK_HEX(out, gcm_encrypted);
    CHECK_HEX(tag, "5bc94fbc3221a5db94fae95ae7121a47");
    CHECK_EQUAL(BCryptDecrypt(handle, out, 60, &info, NULL, 0, data, 60, &used, 0), 0);
    CHECK_HEX(data, gcm_clear);
    tag[0] ^= 1;
    CHECK_EQUAL(BCryptDecrypt(handle, out, 60, &info, NULL, 0, data, 60, &used, 0), STATUS_AUTH_TAG_MISMATCH);
    hex_read(data, gcm_clear);
    info.pbMacContext = context;
    info.cbMacContext = 16;
    info.dwFlags = BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
    CHECK_EQUAL(BCryptEncrypt(handle, data, 32, &info, iv, 16, out, 32, &used, 0), 0);
    info.pbAuthData = NULL;
    info.cbAuthData = 0;
    info.dwFlags &= ~(ULONG)BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
    CHECK_EQUAL(BCryptEncrypt(handle, data + 32, 28, &info, iv, 16, out + 32, 28, &used, 0), 0);
    CHECK_HEX(out, gcm_encrypted);
    CHECK_HEX(tag, "5bc94fbc3221a5db94fae95ae7121a47");
    BCryptDestroyKey(handle);
}

// SP 800-38C, example 1.
static void test_ccm(void)
{
    BYTE key[16], nonce[7], auth[8], data[4], tag[4];
    BCRYPT_KEY_HANDLE handle;
    ULONG used;
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    hex_read(key, "404142434445464748494a4b4c4d4e4f");
    hex_read(nonce, "10111213141516");
    hex_read(auth, "0001020304050607");
    hex_read(data, "20212223");
    BCRYPT_INIT_AUTH_MODE_INFO(info);
    info.pbNonce = nonce;
    info.cbNonce = 7;
    info.pbAuthData = auth;
    info.cbAuthData = 8;
    info.pbTag = tag;
    info.cbTag = 4;
    CHECK_EQUAL(BCryptGenerateSymmetricKey((BCRYPT_ALG_HANDLE)0x1D1, &handle, NULL, 0, key, 16, 0), 0);
    CHECK_EQUAL(BCryptEncrypt(handle, data, 4, &info, NULL, 0, data, 4, &used, 0), 0);
    CHECK_HEX(data, "7162015b");
    CHECK_HEX(tag, "4dac255d");
    CHECK_EQUAL(BCryptDecrypt(handle, data, 4, &info, NULL, 0, data, 4, &used, 0), 0);
    CHECK_HEX(data, "20212223");
    BCryptDestroyKey(handle);
}

// ---- derivation ----

static NTSTATUS derive(const WCHAR *name, BCRYPT_KEY_HANDLE key, BCryptBuffer *buffers, ULONG count,
                       BYTE *out, ULONG size)
{
    BCryptBufferDesc list = {BCRYPTBUFFER_VERSION, count, buffers};
    ULONG used = 0;
    (void)name;
    NTSTATUS status = BCryptKeyDerivation(key, &list, out, size, &used, 0);
    CHECK(status || used == size, "%lu", used);
    return status;
}

// RFC 6070, RFC 5869 (A.1); SP 800-108 by its definition.
static void test_derivation(void)
{
    static WCHAR sha1[] = L"SHA1", sha256[] = L"SHA256";
    BYTE out[64], salt[13], info[10], secret[22];
    ULONGLONG iterations = 2;
    BCRYPT_KEY_HANDLE key;
    CHECK_EQUAL(BCryptDeriveKeyPBKDF2((BCRYPT_ALG_HANDLE)0xA1, (BYTE *)"password", 8, (BYTE *)"salt", 4, 2,
                                      out, 20, 0),
                0);
    CHECK_HEX(out, "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957");
    CHECK_EQUAL(BCryptDeriveKeyPBKDF2((BCRYPT_ALG_HANDLE)0x31, (BYTE *)"password", 8, (BYTE *)"salt", 4, 2,
                                      out, 20, 0),
                STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(BCryptGenerateSymmetricKey((BCRYPT_ALG_HANDLE)0x331, &key, NULL, 0, (BYTE *)"password", 8, 0),
                0);
    BCryptBuffer pbkdf2[] = {{sizeof sha1, KDF_HASH_ALGORITHM, sha1},
                             {4, KDF_SALT, "salt"},
                             {8, KDF_ITERATION_COUNT, &iterations}};
    memset(out, 0, sizeof out);
    CHECK_EQUAL(derive(L"PBKDF2", key, pbkdf2, 3, out, 20), 0);
    CHECK_HEX(out, "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957");
    BCryptDestroyKey(key);

    BCryptBuffer counter[] = {
        {sizeof sha256, KDF_HASH_ALGORITHM, sha256}, {5, KDF_LABEL, "label"}, {7, KDF_CONTEXT, "context"}};
    CHECK_EQUAL(BCryptGenerateSymmetricKey((BCRYPT_ALG_HANDLE)0x341, &key, NULL, 0, (BYTE *)"key", 3, 0), 0);
    CHECK_EQUAL(derive(L"SP800_108_CTR_HMAC", key, counter, 3, out, 32), 0);
    CHECK_HEX(out, "b954e31d2d6749830dd1d2a6a95371ea32c434b0e16b037e7f313d2efe64984b");
    BCryptDestroyKey(key);

    for (int i = 0; i < 13; i++) salt[i] = (BYTE)i;
    for (int i = 0; i < 10; i++) info[i] = (BYTE)(0xF0 + i);
    memset(secret, 0x0B, sizeof secret);
    BCryptBuffer hkdf = {10, 0x14, info}; // KDF_HKDF_INFO
    CHECK_EQUAL(BCryptGenerateSymmetricKey((BCRYPT_ALG_HANDLE)0x391, &key, NULL, 0, secret, 22, 0), 0);
    CHECK_EQUAL(derive(L"HKDF", key, &hkdf, 1, out, 42), STATUS_INVALID_PARAMETER);
    set_text(key, L"HkdfHashAlgorithm", L"SHA256");
    CHECK_EQUAL(BCryptSetProperty(key, L"HkdfSaltAndFinalize", salt, 13, 0), 0);
    CHECK_EQUAL(derive(L"HKDF", key, &hkdf, 1, out, 42), 0);
    CHECK_HEX(out, "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
    BCryptDestroyKey(key);
}

// ---- wrong use ----

static void test_wrong(void)
{
    static const ULONG_PTR wild[] = {0, 2, 4, 0x1000, 0x7FFF0004, 0xFFFFFFFC, 0x111, 0x3F1};
    BYTE bytes[32] = {0};
    ULONG used, count;
    BCRYPT_ALG_HANDLE algorithm, sha1 = open_algorithm(L"SHA1", 0);
    BCRYPT_HASH_HANDLE hash;
    BCRYPT_ALGORITHM_IDENTIFIER *list;
    for (size_t i = 0; i < sizeof wild / sizeof *wild; i++) {
        HANDLE handle = (HANDLE)wild[i];
        CHECK_EQUAL(BCryptHashData(handle, bytes, 1, 0), STATUS_INVALID_HANDLE);
        CHECK_EQUAL(BCryptDestroyKey(handle), STATUS_INVALID_HANDLE);
        CHECK_EQUAL(BCryptEncrypt(handle, bytes, 16, NULL, NULL, 0, bytes, 16, &used, 0),
                    STATUS_INVALID_HANDLE);
        CHECK_EQUAL(BCryptGetProperty(handle, BCRYPT_OBJECT_LENGTH, bytes, 4, &used, 0),
                    STATUS_INVALID_HANDLE);
        CHECK_EQUAL(BCryptCloseAlgorithmProvider(handle, 0), STATUS_INVALID_HANDLE);
    }
    CHECK_EQUAL(BCryptDestroyKey(sha1), STATUS_INVALID_HANDLE);
    CHECK_EQUAL(BCryptOpenAlgorithmProvider(NULL, L"AES", NULL, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(BCryptOpenAlgorithmProvider(&algorithm, NULL, NULL, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(BCryptOpenAlgorithmProvider(&algorithm, L"Nothing", NULL, 0), STATUS_NOT_FOUND);
    CHECK_EQUAL(BCryptOpenAlgorithmProvider(&algorithm, L"AES", L"Nobody", 0), STATUS_NOT_FOUND);
    CHECK_EQUAL(BCryptOpenAlgorithmProvider(&algorithm, L"AES", NULL, 0x80000000), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(BCryptGetProperty(sha1, NULL, bytes, 4, &used, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(BCryptGetProperty(sha1, BCRYPT_HASH_LENGTH, bytes, 4, NULL, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(BCryptGetProperty(sha1, BCRYPT_HASH_LENGTH, bytes, 3, &used, 0), STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(BCryptGetProperty(sha1, L"Nothing", bytes, 4, &used, 0), STATUS_NOT_SUPPORTED);
    CHECK_EQUAL(BCryptCreateHash(sha1, &hash, bytes, 4, NULL, 0, 0), STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(BCryptGenRandom(NULL, bytes, 32, 0), STATUS_INVALID_HANDLE);
    CHECK_EQUAL(BCryptGenRandom(NULL, NULL, 32, BCRYPT_USE_SYSTEM_PREFERRED_RNG), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(BCryptGenRandom(NULL, bytes, 32, BCRYPT_USE_SYSTEM_PREFERRED_RNG), 0);
    CHECK(bytes[0] | bytes[9] | bytes[20] | bytes[31], "random bytes");
    CHECK_EQUAL(BCryptHash(sha1, NULL, 0, (BYTE *)16, 3, bytes, 20), STATUS_ACCESS_VIOLATION);
    CHECK_EQUAL(BCryptEnumAlgorithms(~0u, &count, &list, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(BCryptGetProperty((HANDLE)0x81, BCRYPT_OBJECT_LENGTH, bytes, 4, &used, 0),
                STATUS_NOT_SUPPORTED);
    CHECK_EQUAL(BCryptSetProperty(sha1, BCRYPT_CHAINING_MODE, NULL, 0, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(BCryptEnumAlgorithms(BCRYPT_HASH_OPERATION, &count, &list, 0), 0);
    CHECK(count >= 7 && list[0].dwClass == BCRYPT_HASH_INTERFACE, "%lu", count);
    BCryptFreeBuffer(list);
    BCryptCloseAlgorithmProvider(sha1, 0);
}

int main(void)
{
    test_hashes();
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) test_vector(&vectors[i]);
    test_messages();
    test_vectors_of_calls();
    test_gcm();
    test_ccm();
    test_derivation();
    test_wrong();
    return check_summary();
}
