// What belongs to a process: environment, messages, TLS, fibers, global memory, atoms, ini files, modules,
// timers.
#include <windows.h>
#include <string.h>
#include "tests/check.h"

static void test_environment(void)
{
    char buffer[64];

    CHECK(SetEnvironmentVariableA("LowlandTest", "value"), "set");
    CHECK_EQUAL(GetEnvironmentVariableA("LOWLANDTEST", buffer, 64), 5);
    CHECK(!strcmp(buffer, "value"), "%s", buffer);
    CHECK_EQUAL(GetEnvironmentVariableA("LowlandTest", buffer, 5), 6);
    DWORD length = ExpandEnvironmentStringsA("<%LowlandTest%>%None%", buffer, 64);
    CHECK_EQUAL(length, 14);
    CHECK(!strcmp(buffer, "<value>%None%"), "%s", buffer);
    CHECK(SetEnvironmentVariableA("LowlandTest", NULL), "remove");
    CHECK_EQUAL(GetEnvironmentVariableA("LowlandTest", buffer, 64), 0);
    CHECK_EQUAL(GetLastError(), ERROR_ENVVAR_NOT_FOUND);
}

static DWORD format(DWORD flags, const char *text, char *buffer, DWORD size, ...)
{
    va_list list;
    va_start(list, size);
    DWORD length = FormatMessageA(FORMAT_MESSAGE_FROM_STRING | flags, text, 0, 0, buffer, size, &list);
    va_end(list);
    return length;
}

static void test_messages(void)
{
    char buffer[128], *allocated;

    DWORD length = format(0, "%1 %2!d! %3!04x!%%", buffer, 128, "one", 2, 0xAB);
    CHECK_EQUAL(length, 11);
    CHECK(!strcmp(buffer, "one 2 00ab%"), "%s", buffer);
    length = format(FORMAT_MESSAGE_IGNORE_INSERTS, "a%1b", buffer, 128);
    CHECK_EQUAL(length, 4);
    length = format(0, "line%nnext%0rest", buffer, 128);
    CHECK_EQUAL(length, 10);
    CHECK_EQUAL(format(10, "short long line", buffer, 128), 16);
    CHECK(!strcmp(buffer, "short\r\nlong line"), "%s", buffer);
    CHECK_EQUAL(format(0, "long text", buffer, 4), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    length = FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_ALLOCATE_BUFFER, NULL,
                            ERROR_FILE_NOT_FOUND, 0, (char *)&allocated, 0, NULL);
    CHECK(length > 2 && !strcmp(allocated + length - 2, "\r\n"), "system message");
    LocalFree(allocated);
    CHECK_EQUAL(FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM, NULL, 0x12345678, 0, buffer, 128, NULL), 0);
    CHECK_EQUAL(GetLastError(), ERROR_MR_MID_NOT_FOUND);
}

static DWORD WINAPI read_tls(void *index)
{
    return TlsGetValue((DWORD)(ULONG_PTR)index) == NULL;
}

static void test_tls(void)
{
    DWORD indexes[80], code = 0;

    for (int i = 0; i < 80; i++) {
        indexes[i] = TlsAlloc();
        CHECK(indexes[i] != TLS_OUT_OF_INDEXES, "slot %d", i);
        CHECK(TlsGetValue(indexes[i]) == NULL, "starts with NULL");
        TlsSetValue(indexes[i], (void *)(ULONG_PTR)(i + 1));
    }
    SetLastError(5);
    CHECK_EQUAL((ULONG_PTR)TlsGetValue(indexes[79]), 80);
    CHECK_EQUAL(GetLastError(), 0);
    HANDLE thread = CreateThread(NULL, 0, read_tls, (void *)(ULONG_PTR)indexes[79], 0, NULL);
    CHECK_EQUAL(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &code) && code == 1, "other threads have their own");
    CloseHandle(thread);
    for (int i = 0; i < 80; i++) CHECK(TlsFree(indexes[i]), "free");
    CHECK(!TlsFree(indexes[0]), "freed already");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
}

static void *main_fiber, *other_fiber;
static int steps;

static void WINAPI fiber_routine(void *parameter)
{
    for (;;) {
        steps += *(int *)parameter;
        SwitchToFiber(main_fiber);
    }
}

static void test_fibers(void)
{
    int increment = 3;

    CHECK(!IsThreadAFiber(), "not yet");
    main_fiber = ConvertThreadToFiber(NULL);
    CHECK(main_fiber && IsThreadAFiber(), "converted");
    CHECK(ConvertThreadToFiber(NULL) == NULL, "again");
    CHECK_EQUAL(GetLastError(), ERROR_ALREADY_FIBER);
    other_fiber = CreateFiber(0, fiber_routine, &increment);
    CHECK(other_fiber != NULL, "create");
    SwitchToFiber(other_fiber);
    SwitchToFiber(other_fiber);
    CHECK_EQUAL(steps, 6);
    DeleteFiber(other_fiber);
    CHECK(ConvertFiberToThread(), "back");
    CHECK(!IsThreadAFiber(), "a thread again");
}

static void test_global_memory(void)
{
    HGLOBAL memory = GlobalAlloc(GMEM_MOVEABLE | GMEM_ZEROINIT, 100);
    char *block = GlobalLock(memory);

    CHECK(block && (void *)block != memory, "movable");
    CHECK_EQUAL(GlobalSize(memory), 100);
    CHECK(GlobalHandle(block) == memory, "handle");
    CHECK_EQUAL(GlobalFlags(memory) & GMEM_LOCKCOUNT, 1);
    SetLastError(99);
    CHECK(!GlobalUnlock(memory), "unlocked");
    CHECK_EQUAL(GetLastError(), 0);
    CHECK(!GlobalUnlock(memory), "not locked");
    CHECK_EQUAL(GetLastError(), ERROR_NOT_LOCKED);
    memory = GlobalReAlloc(memory, 200, GMEM_MOVEABLE);
    CHECK_EQUAL(GlobalSize(memory), 200);
    CHECK(GlobalFree(memory) == NULL, "free");
    memory = GlobalAlloc(GMEM_FIXED, 10);
    CHECK(GlobalLock(memory) == memory, "fixed");
    CHECK(GlobalFree(memory) == NULL, "free");
}

static void test_atoms(void)
{
    char name[32];
    ATOM atom = GlobalAddAtomA("LowlandAtom");

    CHECK(atom >= 0xC000, "atom");
    CHECK_EQUAL(GlobalFindAtomA("LOWLANDATOM"), atom);
    CHECK_EQUAL(GlobalGetAtomNameA(atom, name, 32), 11);
    CHECK_EQUAL(GlobalDeleteAtom(atom), 0);
    CHECK_EQUAL(AddAtomA("#123"), 123);
    CHECK_EQUAL(GetAtomNameA(123, name, 32), 4);
    CHECK(!strcmp(name, "#123"), "%s", name);
}

static void test_profile(void)
{
    char path[MAX_PATH], buffer[64];

    GetTempPathA(MAX_PATH, path);
    lstrcatA(path, "lowland-profile.ini");
    DeleteFileA(path);
    CHECK(WritePrivateProfileStringA("first", "key", "value", path), "write");
    CHECK(WritePrivateProfileStringA("second", "number", "42", path), "write");
    CHECK(WritePrivateProfileStringA("first", "other", " \"quoted\" ", path), "write");
    CHECK_EQUAL(GetPrivateProfileStringA("FIRST", "KEY", "none", buffer, 64, path), 5);
    CHECK(!strcmp(buffer, "value"), "%s", buffer);
    GetPrivateProfileStringA("first", "other", "", buffer, 64, path);
    CHECK(!strcmp(buffer, "quoted"), "%s", buffer);
    CHECK_EQUAL(GetPrivateProfileIntA("second", "number", 7, path), 42);
    CHECK_EQUAL(GetPrivateProfileIntA("second", "none", 7, path), 7);
    CHECK_EQUAL(GetPrivateProfileStringA(NULL, NULL, NULL, buffer, 64, path), 13);
    CHECK(!memcmp(buffer, "first\0second\0", 14), "sections");
    CHECK(WritePrivateProfileStringA("first", NULL, NULL, path), "remove");
    CHECK_EQUAL(GetPrivateProfileStringA("first", "key", "gone", buffer, 64, path), 4);
    DeleteFileA(path);
}

static void test_modules(void)
{
    char path[MAX_PATH];
    HMODULE module = GetModuleHandleA("kernel32"), by_address = NULL;

    CHECK(module != NULL && module == GetModuleHandleA("KERNEL32.dll"), "handle");
    CHECK(GetProcAddress(module, "GetTickCount") != NULL, "procedure");
    CHECK(GetProcAddress(module, "NoSuchFunction") == NULL, "no procedure");
    CHECK_EQUAL(GetLastError(), ERROR_PROC_NOT_FOUND);
    CHECK(GetModuleHandleA("nosuchmodule") == NULL, "no module");
    CHECK_EQUAL(GetLastError(), ERROR_MOD_NOT_FOUND);
    CHECK(LoadLibraryA("nosuchmodule.dll") == NULL, "no module");
    CHECK_EQUAL(GetLastError(), ERROR_MOD_NOT_FOUND);
    CHECK(GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, (char *)test_modules, &by_address),
          "address");
    CHECK(by_address == GetModuleHandleA(NULL), "own module");
    DWORD length = GetModuleFileNameA(NULL, path, MAX_PATH);
    CHECK(length && path[1] == ':', "%s", path);
    CHECK_EQUAL(GetModuleFileNameA(NULL, path, 4), 4);
    CHECK_EQUAL(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
}

static void CALLBACK count_up(void *counter, BOOLEAN fired)
{
    (void)fired;
    InterlockedIncrement(counter);
}

static void test_timers(void)
{
    LONG count = 0;
    HANDLE timer, event = CreateEventA(NULL, FALSE, FALSE, NULL), wait;

    CHECK(CreateTimerQueueTimer(&timer, NULL, count_up, &count, 5, 5, 0), "timer");
    for (int i = 0; i < 200 && count < 3; i++) Sleep(10);
    CHECK(count >= 3, "fired %ld times", count);
    CHECK(DeleteTimerQueueTimer(NULL, timer, INVALID_HANDLE_VALUE), "delete");
    count = 0;
    CHECK(RegisterWaitForSingleObject(&wait, event, count_up, &count, INFINITE, WT_EXECUTEONLYONCE), "wait");
    SetEvent(event);
    for (int i = 0; i < 200 && count < 1; i++) Sleep(10);
    CHECK_EQUAL(count, 1);
    CHECK(UnregisterWaitEx(wait, INVALID_HANDLE_VALUE), "unregister");
    CloseHandle(event);
}

static void test_times(void)
{
    SYSTEMTIME time = {.wYear = 2000, .wMonth = 2, .wDay = 29, .wHour = 23, .wMinute = 59, .wSecond = 59},
               back;
    FILETIME file;
    WORD date, dos;

    CHECK(SystemTimeToFileTime(&time, &file), "file time");
    CHECK_EQUAL(file.dwHighDateTime, 0x01BF8311);
    CHECK(FileTimeToSystemTime(&file, &back), "back");
    CHECK_EQUAL(back.wDay, 29);
    CHECK_EQUAL(back.wDayOfWeek, 2);
    time.wSecond = 58;
    CHECK(SystemTimeToFileTime(&time, &file) && FileTimeToDosDateTime(&file, &date, &dos), "dos");
    CHECK_EQUAL(date, 20 << 9 | 2 << 5 | 29);
    CHECK_EQUAL(dos, 23 << 11 | 59 << 5 | 29);
    time.wDay = 30;
    CHECK(!SystemTimeToFileTime(&time, &file), "no such day");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(MulDiv(7, 3, 2), 11);
    CHECK_EQUAL(MulDiv(-7, 3, 2), -11);
    CHECK_EQUAL(MulDiv(1, 1, 0), -1);
}

int main(void)
{
    test_environment();
    test_messages();
    test_tls();
    test_fibers();
    test_global_memory();
    test_atoms();
    test_profile();
    test_modules();
    test_timers();
    test_times();
    return check_summary();
}
