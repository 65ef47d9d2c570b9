// Logging on, programs started with a token, several values at once, and what is left of older calls.
// link: -ladvapi32
#include <windows.h>
#include <winsvc.h>
#include <string.h>
#include "tests/check.h"

static char self[MAX_PATH];

static void test_logon(void)
{
    HANDLE token = &token;
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;

    CHECK(!LogonUserA("nobody", NULL, "secret", LOGON32_LOGON_INTERACTIVE, LOGON32_PROVIDER_DEFAULT, &token),
          "nobody");
    CHECK_EQUAL(GetLastError(), ERROR_LOGON_FAILURE);
    CHECK(!token, "no token");
    CHECK(!LogonUserW(L"nobody", NULL, NULL, 77, LOGON32_PROVIDER_DEFAULT, &token), "no such type");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_LOGON_TYPE);
    CHECK(!CreateProcessWithLogonW(L"nobody", NULL, L"secret", 0, NULL, (WCHAR[]){L"program"}, 0, NULL, NULL,
                                   &startup, &process),
          "nobody's program");
    CHECK_EQUAL(GetLastError(), ERROR_LOGON_FAILURE);
}

static void test_token(void)
{
    HANDLE token;
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;
    WCHAR line[MAX_PATH + 16];
    DWORD code = 0;

    CHECK(OpenProcessToken(GetCurrentProcess(), TOKEN_ALL_ACCESS, &token), "own token");
    wsprintfW(line, L"\"%S\" child", self);
    CHECK(!CreateProcessWithTokenW(token, 9, NULL, line, 0, NULL, NULL, &startup, &process), "flags");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(CreateProcessWithTokenW(token, 0, NULL, line, 0, NULL, NULL, &startup, &process), "start: %lu",
          GetLastError());
    WaitForSingleObject(process.hProcess, 20000);
    CHECK(GetExitCodeProcess(process.hProcess, &code) && code == 7, "exit code %lu", code);
    CloseHandle(process.hProcess);
    CloseHandle(process.hThread);
    CloseHandle(token);
}

static void test_values(void)
{
    HKEY key;
    char buffer[32];
    DWORD number = 5, size = sizeof(buffer);
    VALENTA values[2] = {{.ve_valuename = (char[]){"text"}}, {.ve_valuename = (char[]){"number"}}};

    RegCreateKeyA(HKEY_CURRENT_USER, "Software\\LowlandLogonTest", &key);
    RegSetValueExA(key, "text", 0, REG_SZ, (const BYTE *)"abc", 4);
    RegSetValueExA(key, "number", 0, REG_DWORD, (const BYTE *)&number, 4);
    CHECK_EQUAL(RegQueryMultipleValuesA(key, values, 2, buffer, &size), ERROR_SUCCESS);
    CHECK(size == 8 && values[0].ve_type == REG_SZ && values[1].ve_valuelen == 4, "size %lu", size);
    CHECK(!strcmp((char *)values[0].ve_valueptr, "abc") && *(DWORD *)values[1].ve_valueptr == 5, "data");
    size = 5;
    CHECK_EQUAL(RegQueryMultipleValuesA(key, values, 2, buffer, &size), ERROR_MORE_DATA);
    CHECK_EQUAL(size, 8);
    values[1].ve_valuename = (char[]){"none"};
    CHECK_EQUAL(RegQueryMultipleValuesA(key, values, 2, buffer, &size), ERROR_FILE_NOT_FOUND);
    RegCloseKey(key);
    RegDeleteKeyA(HKEY_CURRENT_USER, "Software\\LowlandLogonTest");
}

static void test_older(void)
{
    HW_PROFILE_INFOA first, second;
    SC_HANDLE manager = OpenSCManagerA(NULL, NULL, SC_MANAGER_LOCK | SC_MANAGER_QUERY_LOCK_STATUS);
    char buffer[64];
    DWORD needed;

    CHECK(GetCurrentHwProfileA(&first) && GetCurrentHwProfileA(&second), "profile");
    CHECK(strlen(first.szHwProfileGuid) == 38 && !strcmp(first.szHwProfileGuid, second.szHwProfileGuid),
          "%s, %s", first.szHwProfileGuid, second.szHwProfileGuid);
    SC_LOCK lock = LockServiceDatabase(manager);
    CHECK(lock, "lock");
    CHECK(QueryServiceLockStatusA(manager, (QUERY_SERVICE_LOCK_STATUSA *)buffer, sizeof(buffer), &needed),
          "status");
    CHECK_EQUAL(((QUERY_SERVICE_LOCK_STATUSA *)buffer)->fIsLocked, 0);
    CHECK(UnlockServiceDatabase(lock) && !UnlockServiceDatabase(&needed), "unlock");
    CloseServiceHandle(manager);
}

int main(int argc, char **argv)
{
    if (argc > 1 && !strcmp(argv[1], "child")) return 7;
    GetModuleFileNameA(NULL, self, sizeof(self));
    test_logon();
    test_token();
    test_values();
    test_older();
    return check_summary();
}
