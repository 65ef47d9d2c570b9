// What a program tells the system of itself: packages, restarts, error reports, power requests, free memory,
// names.
#include <windows.h>
#include <string.h>
#include <tlhelp32.h>
#include "tests/check.h"

#define NO_PACKAGE 15700 // APPMODEL_ERROR_NO_PACKAGE
#define NOT_FOUND  HRESULT_FROM_WIN32(ERROR_NOT_FOUND)

static void *function(const char *name)
{
    void *found = (void *)GetProcAddress(GetModuleHandleA("kernel32"), name);
    CHECK(found, "%s", name);
    return found;
}

static void test_packages(void)
{
    LONG(WINAPI * full_name)(UINT32 *, WCHAR *) = function("GetCurrentPackageFullName");
    LONG(WINAPI * name_of)(HANDLE, UINT32 *, WCHAR *) = function("GetPackageFullName");
    LONG(WINAPI * windowing)(HANDLE, LONG *) = function("AppPolicyGetWindowingModel");
    UINT32 length = 0;
    LONG model = 9;

    CHECK_EQUAL(full_name(&length, NULL), NO_PACKAGE);
    length = 5;
    CHECK_EQUAL(full_name(&length, NULL), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(full_name(NULL, NULL), ERROR_INVALID_PARAMETER);
    length = 0;
    CHECK_EQUAL(name_of(GetCurrentProcess(), &length, NULL), NO_PACKAGE);
    CHECK_EQUAL(name_of(NULL, &length, NULL), ERROR_INVALID_HANDLE);
    CHECK_EQUAL(windowing((HANDLE)-4, &model), ERROR_SUCCESS);
    CHECK_EQUAL(model, 2);
}

static void test_restart(void)
{
    HRESULT(WINAPI * set)(const WCHAR *, DWORD) = function("RegisterApplicationRestart");
    HRESULT(WINAPI * unset)(void) = function("UnregisterApplicationRestart");
    HRESULT(WINAPI * get)(HANDLE, WCHAR *, DWORD *, DWORD *) = function("GetApplicationRestartSettings");
    WCHAR line[16], longer[1100];
    DWORD size = 16, flags = 0;

    CHECK_EQUAL(get(GetCurrentProcess(), line, &size, &flags), NOT_FOUND);
    CHECK_EQUAL(set(L"/again", 2), S_OK);
    CHECK_EQUAL(get(GetCurrentProcess(), line, &size, &flags), S_OK);
    CHECK(size == 7 && flags == 2 && !lstrcmpW(line, L"/again"), "size %lu", size);
    size = 3;
    CHECK_EQUAL(get(GetCurrentProcess(), line, &size, &flags), HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER));
    CHECK_EQUAL(size, 7);
    for (int i = 0; i < 1099; i++) longer[i] = 'x';
    longer[1099] = 0;
    CHECK_EQUAL(set(longer, 0), E_INVALIDARG);
    CHECK_EQUAL(unset(), S_OK);
}

static void test_reports(void)
{
    HRESULT(WINAPI * add)(const WCHAR *, void *) = function("WerRegisterRuntimeExceptionModule");
    HRESULT(WINAPI * take)(const WCHAR *, void *) = function("WerUnregisterRuntimeExceptionModule");
    HRESULT(WINAPI * block)(void *, DWORD) = function("WerRegisterMemoryBlock");
    HRESULT(WINAPI * unblock)(void *) = function("WerUnregisterMemoryBlock");
    int some;

    CHECK_EQUAL(add(L"c:\\m.dll", &some), S_OK);
    CHECK_EQUAL(take(L"c:\\m.dll", NULL), NOT_FOUND);
    CHECK_EQUAL(take(L"C:\\M.DLL", &some), S_OK);
    CHECK_EQUAL(take(L"c:\\m.dll", &some), NOT_FOUND);
    CHECK_EQUAL(block(&some, sizeof(some)), S_OK);
    CHECK_EQUAL(unblock(&some), S_OK);
    CHECK_EQUAL(unblock(&some), NOT_FOUND);
}

static void test_power(void)
{
    HANDLE(WINAPI * create)(REASON_CONTEXT *) = function("PowerCreateRequest");
    BOOL(WINAPI * set)(HANDLE, int) = function("PowerSetRequest");
    BOOL(WINAPI * clear)(HANDLE, int) = function("PowerClearRequest");
    REASON_CONTEXT reason = {0, POWER_REQUEST_CONTEXT_SIMPLE_STRING, {}};

    CHECK(create(&reason) == INVALID_HANDLE_VALUE, "no reason");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    reason.Reason.SimpleReasonString = (WCHAR[]){L"working"};
    HANDLE request = create(&reason);
    CHECK(request != INVALID_HANDLE_VALUE, "create");
    CHECK(!clear(request, 1), "nothing was set");
    CHECK(set(request, 1) && set(request, 1) && clear(request, 1) && clear(request, 1), "counted");
    CHECK(!clear(request, 1) && !set(request, 9), "not more");
    CHECK(!set(NULL, 1), "no request");
    CHECK(CloseHandle(request), "close");
}

static void test_memory(void)
{
    HANDLE low = CreateMemoryResourceNotification(LowMemoryResourceNotification);
    HANDLE high = CreateMemoryResourceNotification(HighMemoryResourceNotification);
    BOOL is_low = 5, is_high = 5;

    CHECK(low && high, "create");
    CHECK(QueryMemoryResourceNotification(low, &is_low) && QueryMemoryResourceNotification(high, &is_high),
          "query");
    CHECK(!(is_low && is_high), "low %d, high %d", is_low, is_high);
    CHECK((WaitForSingleObject(high, 0) == WAIT_OBJECT_0) == is_high, "waited for");
    CHECK(!SetEvent(high), "not to be set");
    CHECK(!QueryMemoryResourceNotification(NULL, &is_low), "no notification");
    CHECK(!CreateMemoryResourceNotification(7), "no such");
    CloseHandle(low);
    CloseHandle(high);
}

static void test_names(void)
{
    char name[32], value[8];
    int here = 0x1234, there = 0;
    SIZE_T read;
    DWORD size = sizeof(name);

    CHECK(DnsHostnameToComputerNameA("some-long-hostname.example.org", name, &size), "name");
    CHECK(!strcmp(name, "SOME-LONG-HOSTN") && size == 15, "%s, %lu", name, size);
    CHECK(!SetComputerNameExA(ComputerNamePhysicalNetBIOS, "a b"), "no name");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(Toolhelp32ReadProcessMemory(0, &here, &there, sizeof(here), &read) && there == here, "memory");
    char *old = GetEnvironmentStringsA();
    BOOL(WINAPI * set)(char *) = function("SetEnvironmentStringsA");
    CHECK(set((char[]){"a=1\0b=2\0"}), "environment");
    CHECK(GetEnvironmentVariableA("b", value, sizeof(value)) == 1 && !strcmp(value, "2"), "%s", value);
    CHECK(!GetEnvironmentVariableA("SystemRoot", value, sizeof(value)), "others are gone");
    CHECK(set(old), "environment");
    FreeEnvironmentStringsA(old);
}

int main(void)
{
    test_packages();
    test_restart();
    test_reports();
    test_power();
    test_memory();
    test_names();
    return check_summary();
}
