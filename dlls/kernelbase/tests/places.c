// Nations and regions.
#include <windows.h>
#include <string.h>
#include "tests/check.h"

#define IMPORT(name)                                                                                         \
    name##_function name =                                                                                   \
        (name##_function)(void (*)(void))GetProcAddress(GetModuleHandleA("kernel32.dll"), #name)

typedef int(WINAPI *GetGeoInfoEx_function)(const WCHAR *name, DWORD type, WCHAR *buffer, int size);
typedef int(WINAPI *GetUserDefaultGeoName_function)(WCHAR *buffer, int size);
typedef BOOL(WINAPI *SetUserGeoName_function)(const WCHAR *name);

enum { TYPE_NAME = 0x11, TYPE_ID = 0x12 }; // new in Windows 10

static void check_text(GEOID id, GEOTYPE type, const WCHAR *expected)
{
    WCHAR buffer[64] = L"";
    int n = GetGeoInfoW(id, type, buffer, 64, 0);
    CHECK_EQUAL(n, lstrlenW(expected) + 1);
    CHECK(!wcscmp(buffer, expected));
}

static void test_texts(void)
{
    char small[3];
    check_text(203, GEO_ISO2, L"RU");
    check_text(203, GEO_ISO3, L"RUS");
    check_text(203, GEO_NATION, L"203");
    check_text(94, GEO_FRIENDLYNAME, L"Germany");
    check_text(94, GEO_ISO_UN_NUMBER, L"276");
    check_text(94, GEO_PARENT, L"10210824");
    check_text(94, (GEOTYPE)GEO_CURRENCYCODE, L"EUR");
    check_text(10541, TYPE_NAME, L"150");
    check_text(10541, TYPE_ID, L"10541");
    CHECK_EQUAL(GetGeoInfoA(203, GEO_ISO3, small, 3, 0), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    CHECK(!memcmp(small, "RUS", 3));
    CHECK_EQUAL(GetGeoInfoA(344, GEO_ISO2, NULL, 0, 0), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(GetGeoInfoA(203, 0x13, NULL, 0, 0), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_FLAGS);
}

static int nations, regions;

static BOOL CALLBACK count_nation(GEOID id)
{
    CHECK_EQUAL(GetGeoInfoW(id, GEO_ISO2, NULL, 0, 0), 3);
    CHECK(GetGeoInfoW(id, GEO_FRIENDLYNAME, NULL, 0, 0) > 1);
    nations++;
    return TRUE;
}

static BOOL CALLBACK count_region(GEOID id)
{
    CHECK(GetGeoInfoW(id, GEO_PARENT, NULL, 0, 0) > 1);
    regions++;
    return regions < 3;
}

static void test_enumeration(void)
{
    CHECK(EnumSystemGeoID(GEOCLASS_NATION, 0, count_nation));
    CHECK(nations > 200);
    CHECK(EnumSystemGeoID(GEOCLASS_REGION, 0, count_region));
    CHECK_EQUAL(regions, 3);
    CHECK(!EnumSystemGeoID(1, 0, count_nation));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_FLAGS);
}

static void test_user(void)
{
    IMPORT(GetGeoInfoEx);
    IMPORT(GetUserDefaultGeoName);
    IMPORT(SetUserGeoName);
    WCHAR name[8], before[8];
    CHECK(GetUserGeoID(GEOCLASS_NATION) > 0);
    CHECK(GetUserDefaultGeoName(before, 8) >= 3);
    CHECK(SetUserGeoName(L"ar"));
    CHECK_EQUAL(GetUserDefaultGeoName(name, 8), 3);
    CHECK(!wcscmp(name, L"AR"));
    CHECK_EQUAL(GetUserGeoID(GEOCLASS_NATION), 11);
    CHECK(SetUserGeoName(L"150"));
    CHECK_EQUAL(GetUserDefaultGeoName(name, 8), 4);
    CHECK_EQUAL(GetUserGeoID(GEOCLASS_NATION), 11);
    CHECK_EQUAL(GetUserGeoID(GEOCLASS_REGION), 10541);
    CHECK(!SetUserGeoName(L"QQ"));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(GetGeoInfoEx(L"AR", GEO_ISO3, name, 8), 4);
    CHECK(!wcscmp(name, L"ARG"));
    CHECK(!GetGeoInfoEx(L"032", GEO_ISO3, name, 8));
    CHECK(SetUserGeoName(before));
}

int main(void)
{
    test_texts();
    test_enumeration();
    test_user();
    return check_summary();
}
