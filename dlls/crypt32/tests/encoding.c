// link: -lcrypt32
// Structures to and from DER, and binary data to and from text.
#include "certificates.h"
#include "check.h"
#include <windows.h>
#include <wincrypt.h>

static const BYTE hello[] = "Hello, certificate!!";

static void test_base64(void)
{
    char text[200];
    BYTE data[64];
    DWORD length = sizeof text, size = sizeof data, skipped = 9, form = 9;
    CHECK(CryptBinaryToStringA(hello, 20, CRYPT_STRING_BASE64, text, &length), "%lx", GetLastError());
    CHECK(!strcmp(text, "SGVsbG8sIGNlcnRpZmljYXRlISE=\r\n"), "%s", text);
    CHECK_EQUAL(length, 30);
    CHECK(CryptBinaryToStringA(hello, 20, CRYPT_STRING_BASE64 | CRYPT_STRING_NOCRLF, NULL, &length), "%lx",
          GetLastError());
    CHECK_EQUAL(length, 29);
    length = 10;
    CHECK(!CryptBinaryToStringA(hello, 20, CRYPT_STRING_BASE64, text, &length) &&
              GetLastError() == ERROR_MORE_DATA,
          "small");
    CHECK(CryptStringToBinaryA("SGVsbG8sIGNl\ncnRpZmljYXRlISE=", 0, CRYPT_STRING_BASE64, data, &size,
                               &skipped, &form),
          "%lx", GetLastError());
    CHECK(size == 20 && !memcmp(data, hello, 20) && !skipped && form == CRYPT_STRING_BASE64, "%lu", size);
    size = sizeof data;
    CHECK(CryptStringToBinaryW(L"x\n-----BEGIN THING-----\nSGVsbG8=\n-----END THING-----\n", 0,
                               CRYPT_STRING_ANY, data, &size, &skipped, &form),
          "%lx", GetLastError());
    CHECK(size == 5 && skipped == 2 && form == CRYPT_STRING_BASE64HEADER, "%lu %lu %lu", size, skipped, form);
    CHECK(!CryptStringToBinaryA("SGVsb*", 0, CRYPT_STRING_BASE64, NULL, &size, NULL, NULL) &&
              GetLastError() == ERROR_INVALID_DATA,
          "bad digits");
}

static void test_hexadecimal(void)
{
    char text[400];
    BYTE data[64];
    DWORD length = sizeof text, size = sizeof data;
    CHECK(CryptBinaryToStringA(hello, 4, CRYPT_STRING_HEXRAW | CRYPT_STRING_NOCRLF, text, &length), "%lx",
          GetLastError());
    CHECK(!strcmp(text, "48656c6c"), "%s", text);
    length = sizeof text;
    CryptBinaryToStringA(hello, 10, CRYPT_STRING_HEX, text, &length);
    CHECK(!strcmp(text, "48 65 6c 6c 6f 2c 20 63  65 72\r\n"), "%s", text);
    CHECK(CryptStringToBinaryA(text, 0, CRYPT_STRING_HEX_ANY, data, &size, NULL, NULL) && size == 10 &&
              !memcmp(data, hello, 10),
          "%lu", size);
    length = sizeof text;
    size = sizeof data;
    CryptBinaryToStringA(hello, 20, CRYPT_STRING_HEXASCIIADDR, text, &length);
    CHECK(CryptStringToBinaryA(text, 0, CRYPT_STRING_HEXASCIIADDR, data, &size, NULL, NULL) && size == 20 &&
              !memcmp(data, hello, 20),
          "%lu", size);
}

// Encodes and compares; then decodes what was encoded into *back (LocalFree).
static void round_trip(int line, LPCSTR kind, const void *in, const BYTE *wanted, DWORD wanted_size,
                       void *back)
{
    BYTE encoded[256];
    DWORD size = sizeof encoded, length;
    BOOL good = CryptEncodeObject(X509_ASN_ENCODING, kind, in, encoded, &size);
    CHECK(good && size == wanted_size && !memcmp(encoded, wanted, size), "line %d: %lu bytes, error %lx",
          line, size, GetLastError());
    good = CryptDecodeObjectEx(X509_ASN_ENCODING, kind, wanted, wanted_size, CRYPT_DECODE_ALLOC_FLAG, NULL,
                               back, &length);
    CHECK(good, "line %d: error %lx", line, GetLastError());
}
#define ROUND_TRIP(kind, in, wanted, back) round_trip(__LINE__, kind, in, wanted, sizeof(wanted), back)

static void test_numbers(void)
{
    static const BYTE minus[] = {2, 2, 0xFF, 0x7F}, large[] = {2, 3, 0, 0x80, 1};
    static const BYTE bits[] = {3, 2, 5, 0xA0}, time[] = "\x17\x0D"
                                                         "500101000000Z";
    int number = -129, *back;
    ROUND_TRIP(X509_INTEGER, &number, minus, &back);
    CHECK_EQUAL(*back, -129);
    LocalFree(back);
    BYTE bytes[] = {1, 0x80};
    CRYPT_UINT_BLOB blob = {2, bytes}, *blob_back;
    ROUND_TRIP(X509_MULTI_BYTE_UINT, &blob, large, &blob_back);
    CHECK(blob_back->cbData == 2 && !memcmp(blob_back->pbData, bytes, 2), "%lu", blob_back->cbData);
    LocalFree(blob_back);
    BYTE usage = 0xA0;
    CRYPT_BIT_BLOB bit_blob = {1, &usage, 0}, *bits_back;
    ROUND_TRIP(X509_KEY_USAGE, &bit_blob, bits, &bits_back);
    CHECK_EQUAL(bits_back->cUnusedBits, 5);
    LocalFree(bits_back);
    SYSTEMTIME system = {1950, 1, 0, 1, 0, 0, 0, 0};
    FILETIME file, *time_back;
    SystemTimeToFileTime(&system, &file);
    round_trip(__LINE__, X509_CHOICE_OF_TIME, &file, time, 15, &time_back);
    CHECK(!CompareFileTime(time_back, &file), "1950 comes back");
    LocalFree(time_back);
}

static void test_extensions(void)
{
    static const BYTE constraints[] = {0x30, 6, 1, 1, 0xFF, 2, 1, 2};
    static const BYTE usage[] = "\x30\x0A\x06\x08\x2B\x06\x01\x05\x05\x07\x03\x01";
    static const BYTE names[] = "\x30\x0B\x82\x03"
                                "a.b\x87\x04\x7F\0\0\x01";
    CERT_BASIC_CONSTRAINTS2_INFO info = {TRUE, TRUE, 2}, *info_back;
    ROUND_TRIP(X509_BASIC_CONSTRAINTS2, &info, constraints, &info_back);
    CHECK(info_back->fCA && info_back->fPathLenConstraint && info_back->dwPathLenConstraint == 2,
          "constraints");
    LocalFree(info_back);
    LPSTR oids[] = {(LPSTR)szOID_PKIX_KP_SERVER_AUTH};
    CERT_ENHKEY_USAGE use = {1, oids}, *use_back;
    round_trip(__LINE__, szOID_ENHANCED_KEY_USAGE, &use, usage, 12, &use_back);
    CHECK(use_back->cUsageIdentifier == 1 && !strcmp(use_back->rgpszUsageIdentifier[0], oids[0]), "usage");
    LocalFree(use_back);
    BYTE address[] = {127, 0, 0, 1};
    CERT_ALT_NAME_ENTRY entries[2] = {
        {.dwAltNameChoice = CERT_ALT_NAME_DNS_NAME, .pwszDNSName = (LPWSTR)L"a.b"},
        {.dwAltNameChoice = CERT_ALT_NAME_IP_ADDRESS, .IPAddress = {4, address}}};
    CERT_ALT_NAME_INFO alternate = {2, entries}, *alternate_back;
    round_trip(__LINE__, X509_ALTERNATE_NAME, &alternate, names, 13, &alternate_back);
    CHECK(!wcscmp(alternate_back->rgAltEntry[0].pwszDNSName, L"a.b") &&
              alternate_back->rgAltEntry[1].IPAddress.cbData == 4,
          "names");
    LocalFree(alternate_back);
}

static void test_name(void)
{
    static const BYTE name[] = "\x30\x0F\x31\x0D\x30\x0B\x06\x03\x55\x04\x03\x0C\x04\xC3\xA9"
                               "ab";
    CERT_RDN_ATTR attribute = {(LPSTR)szOID_COMMON_NAME, CERT_RDN_UTF8_STRING, {6, (BYTE *)L"\u00E9ab"}};
    CERT_RDN set = {1, &attribute};
    CERT_NAME_INFO info = {1, &set}, *back;
    round_trip(__LINE__, X509_UNICODE_NAME, &info, name, 17, &back);
    CHECK(back->cRDN == 1 && !wcscmp((WCHAR *)back->rgRDN[0].rgRDNAttr[0].Value.pbData, L"\u00E9ab"), "name");
    LocalFree(back);
}

// What is cut or changed anywhere fails or decodes, and does nothing else.
static void test_damage(void)
{
    static BYTE copy[sizeof leaf_certificate];
    DWORD size, good = 0;
    for (DWORD cut = 0; cut < sizeof copy; cut += 7)
        good += CryptDecodeObject(X509_ASN_ENCODING, X509_CERT_TO_BE_SIGNED, leaf_certificate, cut, 0, NULL,
                                  &size);
    CHECK_EQUAL(good, 0);
    for (DWORD at = 0; at < sizeof copy; at += 3) {
        void *info;
        memcpy(copy, leaf_certificate, sizeof copy);
        copy[at] ^= (BYTE)(at * 31 + 1);
        if (CryptDecodeObjectEx(X509_ASN_ENCODING, X509_CERT_TO_BE_SIGNED, copy, sizeof copy,
                                CRYPT_DECODE_ALLOC_FLAG, NULL, &info, &size))
            LocalFree(info);
    }
    CHECK(!CryptDecodeObject(X509_ASN_ENCODING, "1.2.3.4", leaf_certificate, 9, 0, NULL, &size) &&
              GetLastError() == ERROR_FILE_NOT_FOUND,
          "an unknown kind");
}

int main(void)
{
    test_base64();
    test_hexadecimal();
    test_numbers();
    test_extensions();
    test_name();
    test_damage();
    return check_summary();
}
