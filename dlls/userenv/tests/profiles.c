// Profiles: their directories, buffers that are too small, loading, and environments made for a user.
// link: -luserenv -ladvapi32
#include <windows.h>
#include <userenv.h>
#include "tests/check.h"
#include <string.h>
#include <wchar.h>

static HANDLE token;

static void directories(void)
{
    WCHAR path[MAX_PATH], folder[MAX_PATH];
    char ansi[MAX_PATH];
    DWORD size = MAX_PATH, small = 3;
    CHECK(GetUserProfileDirectoryW(token, path, &size), "error %lu", GetLastError());
    CHECK_EQUAL(size, wcslen(path) + 1);
    GetEnvironmentVariableW(L"USERPROFILE", folder, MAX_PATH);
    CHECK(!_wcsicmp(path, folder), "%ls, not %ls", path, folder);
    CHECK(!GetUserProfileDirectoryW(token, path, &small), "it fitted");
    CHECK_EQUAL(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQUAL(small, size);
    small = 0;
    CHECK(!GetUserProfileDirectoryA(token, NULL, &small), "it fitted");
    CHECK_EQUAL(small, size);
    CHECK(GetUserProfileDirectoryA(token, ansi, &small), "error %lu", GetLastError());
    CHECK(!GetUserProfileDirectoryW(NULL, path, &size), "without a token");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK(!GetProfilesDirectoryW(path, NULL), "without a size");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    size = MAX_PATH;
    CHECK(GetProfilesDirectoryW(path, &size) && !_wcsnicmp(path, folder, wcslen(path)), "%ls", path);
    size = MAX_PATH;
    CHECK(GetAllUsersProfileDirectoryA(ansi, &size) && !_stricmp(ansi, getenv("ProgramData")), "%s", ansi);
    size = MAX_PATH;
    CHECK(GetDefaultUserProfileDirectoryW(path, &size) && wcsstr(path, L"Default"), "%ls", path);
}

static const WCHAR *value_of(const WCHAR *block, const WCHAR *name)
{
    size_t length = wcslen(name);
    for (; *block; block += wcslen(block) + 1)
        if (!_wcsnicmp(block, name, length) && block[length] == '=') return block + length + 1;
    return NULL;
}

static void set_user_variable(const WCHAR *name, const WCHAR *value)
{
    HKEY key;
    RegOpenKeyExW(HKEY_CURRENT_USER, L"Environment", 0, KEY_SET_VALUE, &key);
    if (value)
        RegSetValueExW(key, name, 0, REG_EXPAND_SZ, (const BYTE *)value,
                       (DWORD)(wcslen(value) + 1) * sizeof(WCHAR));
    else
        RegDeleteValueW(key, name);
    RegCloseKey(key);
}

static void environments(void)
{
    void *block = NULL;
    WCHAR text[64];
    char ansi[64];
    set_user_variable(L"LowlandTest", L"<%OS%>");
    SetEnvironmentVariableW(L"OnlyHere", L"x");
    CHECK(CreateEnvironmentBlock(&block, token, FALSE), "error %lu", GetLastError());
    const WCHAR *value = value_of(block, L"LowlandTest");
    CHECK(value && !wcscmp(value, L"<Windows_NT>"), "%ls", value);
    CHECK(!value_of(block, L"OnlyHere"), "the process's variable came along");
    CHECK(value_of(block, L"SystemRoot") && value_of(block, L"USERPROFILE") &&
              value_of(block, L"ProgramFiles") && value_of(block, L"USERNAME") && value_of(block, L"PATH") &&
              value_of(block, L"COMPUTERNAME"),
          "a variable is lacking");
    CHECK(DestroyEnvironmentBlock(block), "error %lu", GetLastError());
    CHECK(CreateEnvironmentBlock(&block, NULL, TRUE), "error %lu", GetLastError());
    CHECK(value_of(block, L"OnlyHere") != NULL, "not inherited");
    CHECK(!value_of(block, L"LowlandTest"), "the user's without a token");
    DestroyEnvironmentBlock(block);
    CHECK(ExpandEnvironmentStringsForUserW(token, L"a %LowlandTest% b", text, 64), "error %lu",
          GetLastError());
    CHECK(!wcscmp(text, L"a <Windows_NT> b"), "%ls", text);
    CHECK(ExpandEnvironmentStringsForUserA(token, "%LowlandTest%", ansi, 64) && !strcmp(ansi, "<Windows_NT>"),
          "%s", ansi);
    CHECK(!ExpandEnvironmentStringsForUserW(token, L"%LowlandTest%", text, 4), "it fitted");
    CHECK_EQUAL(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    CHECK(!CreateEnvironmentBlock(NULL, token, FALSE), "into nothing");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(!CreateEnvironmentBlock(&block, (HANDLE)0x7774, FALSE), "of no token");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    set_user_variable(L"LowlandTest", NULL);
}

static void loading(void)
{
    WCHAR name[] = L"user";
    PROFILEINFOW info = {.dwSize = sizeof(info), .lpUserName = name};
    DWORD type = 99;
    HKEY key;
    CHECK(LoadUserProfileW(token, &info), "error %lu", GetLastError());
    CHECK(!RegOpenKeyExW(info.hProfile, L"Environment", 0, KEY_READ, &key), "not the user's key");
    RegCloseKey(key);
    CHECK(UnloadUserProfile(token, info.hProfile), "error %lu", GetLastError());
    info.lpUserName = NULL;
    CHECK(!LoadUserProfileW(token, &info), "nobody's");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(GetProfileType(&type) && !type, "%lx", type);
}

int main(void)
{
    OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY | TOKEN_IMPERSONATE | TOKEN_DUPLICATE, &token);
    directories();
    environments();
    loading();
    return check_summary();
}
