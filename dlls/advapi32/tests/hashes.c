// Message digests by their RFCs' test vectors, and the numbered functions of password hashes.
// link: -ladvapi32
#include <windows.h>
#include <string.h>
#include "tests/check.h"

typedef struct {
    ULONG state[4], bits[2];
    BYTE block[64], digest[16];
} MD4_CTX;

typedef struct {
    ULONG bits[2], state[4];
    BYTE block[64], digest[16];
} MD5_CTX;

typedef struct {
    ULONG reserved[6], state[5], count[2];
    BYTE block[64];
} SHA_CTX;

static void *function(const char *name)
{
    void *found = (void *)GetProcAddress(LoadLibraryA("advapi32.dll"), name);
    CHECK(found != NULL, "%s", name);
    return found;
}

static void check_hex(const BYTE *bytes, const char *wanted)
{
    char text[65];
    int length = (int)strlen(wanted) / 2;
    for (int i = 0; i < length; i++) sprintf(text + 2 * i, "%02x", bytes[i]);
    CHECK(strcmp(text, wanted) == 0, "%s, not %s", text, wanted);
}

static const char message[] = "abcdefghijklmnopqrstuvwxyz";

static void test_digests(void)
{
    MD4_CTX md4;
    MD5_CTX md5;
    SHA_CTX sha;
    ULONG result[5];
    ((void(WINAPI *)(MD4_CTX *))function("MD4Init"))(&md4);
    ((void(WINAPI *)(MD4_CTX *, const void *, ULONG))function("MD4Update"))(&md4, message, 26);
    ((void(WINAPI *)(MD4_CTX *))function("MD4Final"))(&md4);
    check_hex(md4.digest, "d79e1c308aa5bbcdeea8ed63df412da9");
    ((void(WINAPI *)(MD5_CTX *))function("MD5Init"))(&md5);
    for (int i = 0; i < 26; i++) // byte by byte
        ((void(WINAPI *)(MD5_CTX *, const void *, ULONG))function("MD5Update"))(&md5, message + i, 1);
    ((void(WINAPI *)(MD5_CTX *))function("MD5Final"))(&md5);
    check_hex(md5.digest, "c3fcd3d76192e4007dfb496cca67e13b");
    ((void(WINAPI *)(SHA_CTX *))function("A_SHAInit"))(&sha);
    ((void(WINAPI *)(SHA_CTX *, const void *, ULONG))function("A_SHAUpdate"))(&sha, "abc", 3);
    ((void(WINAPI *)(SHA_CTX *, ULONG *))function("A_SHAFinal"))(&sha, result);
    check_hex((BYTE *)result, "a9993e364706816aba3e25717850c26c9cd0d89d");
}

static void test_passwords(void)
{
    BYTE hash[16], block[8] = {0};
    static const BYTE plain[8] = {1, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
    static const BYTE key[7] = {0xff, 0x37, 0x50, 0xbc, 0xc2, 0xb2, 0x24};
    ((void(WINAPI *)(const char *, BYTE *))function("SystemFunction006"))("secret", hash);
    check_hex(hash, "85f5289f09dca7ebaad3b435b51404ee");
    CHECK_EQUAL(((LONG(WINAPI *)(const BYTE *, const BYTE *, BYTE *))function("SystemFunction001"))(
                    plain, key, block),
                0);
    check_hex(block, "c337cd5cbd44fc97");
    CHECK_EQUAL(
        ((LONG(WINAPI *)(const BYTE *, const BYTE *, BYTE *))function("SystemFunction002"))(block, key, hash),
        0);
    CHECK(memcmp(hash, plain, 8) == 0);
}

int main(void)
{
    test_digests();
    test_passwords();
    return check_summary();
}
