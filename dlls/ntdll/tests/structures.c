// Network addresses as text, GUIDs, SIDs, times, bit maps, versions.
#include "nt/nt.h"
#include <inaddr.h>
#include <in6addr.h>
#include "check.h"
#include <string.h>
#include <wchar.h>

PSTR WINAPI RtlIpv4AddressToStringA(const IN_ADDR *, PSTR);
NTSTATUS WINAPI RtlIpv4StringToAddressA(PCSTR, BOOLEAN, PCSTR *, IN_ADDR *);
NTSTATUS WINAPI RtlIpv4StringToAddressExA(PCSTR, BOOLEAN, IN_ADDR *, PUSHORT);
PSTR WINAPI RtlIpv6AddressToStringA(const IN6_ADDR *, PSTR);
NTSTATUS WINAPI RtlIpv6StringToAddressA(PCSTR, PCSTR *, IN6_ADDR *);
NTSTATUS WINAPI RtlIpv6StringToAddressExA(PCSTR, IN6_ADDR *, PULONG, PUSHORT);
NTSTATUS WINAPI RtlIpv6AddressToStringExA(const IN6_ADDR *, ULONG, USHORT, PSTR, PULONG);

static void test_ipv4(void)
{
    static const struct {
        const char *text;
        ULONG address; // as the bytes are written
        int end;
        NTSTATUS strict, loose;
    } tests[] = {
        {"127.0.0.1", 0x7F000001, 9, 0, 0},
        {"1.2.3.4x", 0x01020304, 7, 0, 0},
        {"255.255.255.255", 0xFFFFFFFF, 15, 0, 0},
        {"1.2.3.256", 0, -1, STATUS_INVALID_PARAMETER, STATUS_INVALID_PARAMETER},
        {"1.2.3", 0x01020003, 5, STATUS_INVALID_PARAMETER, 0},
        {"0x7f.1", 0x7F000001, 6, STATUS_INVALID_PARAMETER, 0},
        {"010.0.0.1", 0x08000001, 9, STATUS_INVALID_PARAMETER, 0},
        {"", 0, -1, STATUS_INVALID_PARAMETER, STATUS_INVALID_PARAMETER},
        {"a.b", 0, -1, STATUS_INVALID_PARAMETER, STATUS_INVALID_PARAMETER},
    };
    IN_ADDR address;
    USHORT port;
    char buffer[20];
    const char *end;

    for (unsigned i = 0; i < ARRAYSIZE(tests); i++) {
        CHECK(RtlIpv4StringToAddressA(tests[i].text, TRUE, &end, &address) == tests[i].strict, "%s",
              tests[i].text);
        CHECK(RtlIpv4StringToAddressA(tests[i].text, FALSE, &end, &address) == tests[i].loose, "%s",
              tests[i].text);
        if (tests[i].loose) continue;
        CHECK(__builtin_bswap32(*(ULONG *)&address) == tests[i].address, "%s: %lx", tests[i].text,
              *(ULONG *)&address);
        CHECK(end - tests[i].text == tests[i].end, "%s: %d", tests[i].text, (int)(end - tests[i].text));
    }
    *(ULONG *)&address = 0x0401A8C0;
    CHECK(RtlIpv4AddressToStringA(&address, buffer) == buffer + 11, "end");
    CHECK(!strcmp(buffer, "192.168.1.4"), "%s", buffer);
    CHECK_EQUAL(RtlIpv4StringToAddressExA("1.2.3.4:80", TRUE, &address, &port), STATUS_SUCCESS);
    CHECK_EQUAL(port, 0x5000);
    CHECK_EQUAL(RtlIpv4StringToAddressExA("1.2.3.4:", TRUE, &address, &port), STATUS_INVALID_PARAMETER);
}

static void test_ipv6(void)
{
    static const struct {
        const char *text, *canonical;
        int end;
    } tests[] = {
        {"::", "::", 2},
        {"::1", "::1", 3},
        {"1::", "1::", 3},
        {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8", 15},
        {"2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1", 21},
        {"fe80::1%3", "fe80::1", 7},
        {"::ffff:1.2.3.4", "::ffff:1.2.3.4", 14},
        {"::1.2.3.4", "::1.2.3.4", 9},
        {"64:ff9b::1.2.3.4", "64:ff9b::102:304", 16},
        {"1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8", 15},
        {"0:0:3:4:5:6:7:8", "::3:4:5:6:7:8", 15},
        {"1:2:3:4:5:6:7", NULL, 0},
        {"1::2::3", "1::2", 4},
        {":1", NULL, 0},
        {"12345::", NULL, 0},
        {"", NULL, 0},
    };
    IN6_ADDR address;
    ULONG scope, size;
    USHORT port;
    char buffer[66];
    const char *end;

    for (unsigned i = 0; i < ARRAYSIZE(tests); i++) {
        NTSTATUS status = RtlIpv6StringToAddressA(tests[i].text, &end, &address);

        CHECK(status == (tests[i].canonical ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER), "%s",
              tests[i].text);
        if (!tests[i].canonical) continue;
        CHECK(end - tests[i].text == tests[i].end, "%s: %d", tests[i].text, (int)(end - tests[i].text));
        RtlIpv6AddressToStringA(&address, buffer);
        CHECK(!strcmp(buffer, tests[i].canonical), "%s: %s", tests[i].text, buffer);
    }
    CHECK(!RtlIpv6StringToAddressExA("[fe80::1%3]:80", &address, &scope, &port), "with scope and port");
    CHECK(scope == 3 && port == 0x5000, "%lu %x", scope, port);
    size = sizeof(buffer);
    CHECK_EQUAL(RtlIpv6AddressToStringExA(&address, 3, 0x5000, buffer, &size), STATUS_SUCCESS);
    CHECK(!strcmp(buffer, "[fe80::1%3]:80") && size == 15, "%s %lu", buffer, size);
}

static void test_guid(void)
{
    static const GUID guid = {0x01020304, 0x0506, 0x0708, {9, 10, 11, 12, 13, 14, 15, 16}};
    UNICODE_STRING string;
    GUID back;

    CHECK_EQUAL(RtlStringFromGUID(&guid, &string), STATUS_SUCCESS);
    CHECK(!wcscmp(string.Buffer, L"{01020304-0506-0708-090A-0B0C0D0E0F10}"), "%ls", string.Buffer);
    CHECK_EQUAL(RtlGUIDFromString(&string, &back), STATUS_SUCCESS);
    CHECK(!memcmp(&guid, &back, sizeof(guid)), "back");
    string.Buffer[1] = 'g';
    CHECK_EQUAL(RtlGUIDFromString(&string, &back), STATUS_INVALID_PARAMETER);
    RtlFreeUnicodeString(&string);
}

static void test_sid(void)
{
    SID_IDENTIFIER_AUTHORITY nt = {{0, 0, 0, 0, 0, 5}};
    UNICODE_STRING string;
    PSID sid;
    BYTE acl_space[100], relative[200];
    ACL *acl = (ACL *)acl_space;
    SECURITY_DESCRIPTOR descriptor;
    PACL dacl;
    BOOLEAN present, defaulted;
    ULONG size = 10;
    void *ace;

    CHECK_EQUAL(RtlAllocateAndInitializeSid(&nt, 2, 32, 544, 0, 0, 0, 0, 0, 0, &sid), STATUS_SUCCESS);
    CHECK_EQUAL(RtlLengthSid(sid), 16);
    CHECK(RtlValidSid(sid), "valid");
    CHECK_EQUAL(RtlConvertSidToUnicodeString(&string, sid, TRUE), STATUS_SUCCESS);
    CHECK(!wcscmp(string.Buffer, L"S-1-5-32-544"), "%ls", string.Buffer);
    RtlFreeUnicodeString(&string);
    CHECK_EQUAL(RtlCreateAcl(acl, sizeof(acl_space), ACL_REVISION), STATUS_SUCCESS);
    CHECK_EQUAL(RtlAddAccessAllowedAce(acl, ACL_REVISION, GENERIC_ALL, sid), STATUS_SUCCESS);
    CHECK_EQUAL(acl->AceCount, 1);
    CHECK_EQUAL(RtlGetAce(acl, 0, &ace), STATUS_SUCCESS);
    CHECK_EQUAL(((ACCESS_ALLOWED_ACE *)ace)->Mask, GENERIC_ALL);
    CHECK_EQUAL(RtlGetAce(acl, 1, &ace), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlCreateSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION), STATUS_SUCCESS);
    CHECK_EQUAL(RtlSetDaclSecurityDescriptor(&descriptor, TRUE, acl, FALSE), STATUS_SUCCESS);
    CHECK_EQUAL(RtlSetOwnerSecurityDescriptor(&descriptor, sid, FALSE), STATUS_SUCCESS);
    CHECK_EQUAL(RtlMakeSelfRelativeSD(&descriptor, relative, &size), STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(size, 20 + 16 + 100);
    size = sizeof(relative);
    CHECK_EQUAL(RtlMakeSelfRelativeSD(&descriptor, relative, &size), STATUS_SUCCESS);
    CHECK(RtlValidSecurityDescriptor(relative), "valid");
    CHECK_EQUAL(RtlGetDaclSecurityDescriptor(relative, &present, &dacl, &defaulted), STATUS_SUCCESS);
    CHECK(present && !memcmp(dacl, acl, 100), "dacl");
    RtlFreeSid(sid);
}

static void test_time(void)
{
    static const struct {
        LONGLONG time;
        TIME_FIELDS fields;
    } tests[] = {
        {0, {1601, 1, 1, 0, 0, 0, 0, 1}},
        {116444736000000000ll, {1970, 1, 1, 0, 0, 0, 0, 4}},
        {125963423999990000ll, {2000, 2, 29, 23, 59, 59, 999, 2}},
        {133485407105000000ll, {2023, 12, 31, 23, 58, 30, 500, 0}},
    };
    LARGE_INTEGER time;
    ULONG seconds;

    for (unsigned i = 0; i < ARRAYSIZE(tests); i++) {
        TIME_FIELDS fields;

        time.QuadPart = tests[i].time;
        RtlTimeToTimeFields(&time, &fields);
        CHECK(!memcmp(&fields, &tests[i].fields, sizeof(fields)), "%u: %d-%d-%d %d:%d:%d.%d %d", i,
              fields.Year, fields.Month, fields.Day, fields.Hour, fields.Minute, fields.Second,
              fields.Milliseconds, fields.Weekday);
        CHECK(RtlTimeFieldsToTime(&fields, &time), "%u", i);
        CHECK(time.QuadPart == tests[i].time, "%u", i);
    }
    time.QuadPart = 116444736000000000ll + 1234567890ll * 10000000;
    CHECK(RtlTimeToSecondsSince1970(&time, &seconds), "1970");
    CHECK_EQUAL(seconds, 1234567890);
    time.QuadPart = 0;
    CHECK(!RtlTimeToSecondsSince1970(&time, &seconds), "before 1970");
}

static void test_bitmap(void)
{
    ULONG words[4], at;
    RTL_BITMAP map;

    RtlInitializeBitMap(&map, words, 100);
    RtlClearAllBits(&map);
    RtlSetBits(&map, 10, 50);
    CHECK_EQUAL(RtlNumberOfSetBits(&map), 50);
    CHECK(RtlAreBitsSet(&map, 10, 50) && !RtlAreBitsSet(&map, 9, 2) && RtlAreBitsClear(&map, 60, 40),
          "ranges");
    CHECK_EQUAL(RtlFindClearBits(&map, 11, 0), 60);
    CHECK_EQUAL(RtlFindClearBits(&map, 10, 0), 0);
    CHECK_EQUAL(RtlFindClearBits(&map, 41, 0), -1);
    CHECK_EQUAL(RtlFindClearBitsAndSet(&map, 40, 20), 60);
    CHECK_EQUAL(RtlFindLongestRunClear(&map, &at), 10);
    CHECK_EQUAL(at, 0);
    RtlClearBits(&map, 31, 2);
    CHECK_EQUAL(RtlFindNextForwardRunClear(&map, 12, &at), 2);
    CHECK_EQUAL(at, 31);
    CHECK_EQUAL(RtlFindSetBits(&map, 60, 0), 33);
}

static void test_version(void)
{
    RTL_OSVERSIONINFOEXW info = {
        .dwOSVersionInfoSize = sizeof(info), .dwMajorVersion = 6, .dwMinorVersion = 1};
    ULONGLONG mask = VerSetConditionMask(0, VER_MAJORVERSION, VER_GREATER_EQUAL);

    mask = VerSetConditionMask(mask, VER_MINORVERSION, VER_GREATER_EQUAL);
    CHECK_EQUAL(RtlVerifyVersionInfo(&info, VER_MAJORVERSION | VER_MINORVERSION, mask), STATUS_SUCCESS);
    info.dwMajorVersion = 10;
    CHECK_EQUAL(RtlVerifyVersionInfo(&info, VER_MAJORVERSION | VER_MINORVERSION, mask),
                STATUS_REVISION_MISMATCH);
    info.dwMinorVersion = 0;
    CHECK_EQUAL(RtlVerifyVersionInfo(&info, VER_MAJORVERSION | VER_MINORVERSION, mask), STATUS_SUCCESS);
    CHECK_EQUAL(RtlVerifyVersionInfo(&info, 0, mask), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlGetVersion((RTL_OSVERSIONINFOW *)&info), STATUS_SUCCESS);
    CHECK(info.dwMajorVersion == 10 && info.dwPlatformId == VER_PLATFORM_WIN32_NT, "%lu",
          info.dwMajorVersion);
}

static void test_errors(void)
{
    CHECK_EQUAL(RtlNtStatusToDosError(STATUS_SUCCESS), 0);
    CHECK_EQUAL(RtlNtStatusToDosError(STATUS_ACCESS_DENIED), ERROR_ACCESS_DENIED);
    CHECK_EQUAL(RtlNtStatusToDosError(STATUS_OBJECT_NAME_NOT_FOUND), ERROR_FILE_NOT_FOUND);
    CHECK_EQUAL(RtlNtStatusToDosError(STATUS_ACCESS_VIOLATION), ERROR_NOACCESS);
    CHECK_EQUAL(RtlNtStatusToDosError(STATUS_BREAKPOINT), STATUS_BREAKPOINT);
    CHECK_EQUAL(RtlNtStatusToDosError(0xC0070005), 5);
    CHECK_EQUAL(RtlNtStatusToDosError(0x20000123), 0x20000123);
    CHECK_EQUAL(RtlNtStatusToDosError(0xC1234567), ERROR_MR_MID_NOT_FOUND);
    CHECK_EQUAL(RtlGetLastNtStatus(), 0xC1234567);
    CHECK_EQUAL(RtlComputeCrc32(0, "123456789", 9), 0xCBF43926);
}

int main(void)
{
    test_ipv4();
    test_ipv6();
    test_guid();
    test_sid();
    test_time();
    test_bitmap();
    test_version();
    test_errors();
    return check_summary();
}
