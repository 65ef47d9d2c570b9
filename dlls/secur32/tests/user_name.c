// GetUserNameEx: the one form there is without a domain, and buffers that are too small.
// link: -lsecur32 -ladvapi32
#include <windows.h>
#define SECURITY_WIN32
#include <security.h>
#include "tests/check.h"
#include <string.h>

int main(void)
{
    WCHAR name[512] = L"", user[256];
    char ansi[512];
    ULONG size = ARRAYSIZE(name), small = 3;
    DWORD length = ARRAYSIZE(user);
    CHECK(GetUserNameExW(NameSamCompatible, name, &size), "error %lu", GetLastError());
    CHECK_EQUAL(size, wcslen(name));
    GetUserNameW(user, &length);
    WCHAR *slash = wcschr(name, '\\');
    CHECK(slash && !wcscmp(slash + 1, user), "%ls", name);
    CHECK(!GetUserNameExW(NameSamCompatible, name, &small), "it fitted");
    CHECK_EQUAL(GetLastError(), ERROR_MORE_DATA);
    CHECK_EQUAL(small, size + 1);
    small = size + 1;
    CHECK(GetUserNameExA(NameSamCompatible, ansi, &small), "error %lu", GetLastError());
    CHECK_EQUAL(small, strlen(ansi));
    small = sizeof(ansi);
    CHECK(!GetUserNameExA(NameUserPrincipal, ansi, &small), "a domain's name");
    CHECK_EQUAL(GetLastError(), ERROR_NONE_MAPPED);
    return check_summary();
}
