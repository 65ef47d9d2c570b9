// Named objects between processes: the test starts itself as the other side, which does one thing and says by
// its exit code how that went.
#include <windows.h>
#include "tests/check.h"
#include <stdlib.h>
#include <string.h>

#define NAME(what) "lowland-shared-" what
enum { SOON = 20000 };

// --- the other side
// ---------------------------------------------------------------------------------------------------

static int open_none(void)
{
    HANDLE event = OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME("event"));
    return event ? 1 : GetLastError() == ERROR_FILE_NOT_FOUND ? 0 : 2;
}

static int set_event(void)
{
    HANDLE event = OpenEventA(EVENT_MODIFY_STATE, FALSE, NAME("event"));
    return event && SetEvent(event) ? 0 : 1;
}

static int pulse(void)
{
    HANDLE event = OpenEventA(EVENT_MODIFY_STATE, FALSE, NAME("event"));
    return event && SetEvent(event) && ResetEvent(event) ? 0 : 1;
}

static int wait_event(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NAME("event"));
    HANDLE ready = OpenEventA(EVENT_MODIFY_STATE, FALSE, NAME("ready"));
    if (!event || GetLastError() == ERROR_FILE_NOT_FOUND || !ready) return 1;
    return SignalObjectAndWait(ready, event, SOON, FALSE) == WAIT_OBJECT_0 ? 0 : 2;
}

static int wait_all(void)
{
    HANDLE objects[3] = {OpenEventA(SYNCHRONIZE, FALSE, NAME("event")), CreateEventA(NULL, FALSE, TRUE, NULL),
                         OpenSemaphoreA(SYNCHRONIZE, FALSE, NAME("semaphore"))};
    HANDLE ready = OpenEventA(EVENT_MODIFY_STATE, FALSE, NAME("ready"));
    SetEvent(ready);
    if (WaitForMultipleObjects(3, objects, TRUE, SOON) != WAIT_OBJECT_0) return 1;
    return WaitForSingleObject(objects[1], 0) == WAIT_TIMEOUT ? 0 : 2; // all three were taken
}

static int hold_mutex(void)
{
    HANDLE mutex = OpenMutexA(SYNCHRONIZE, FALSE, NAME("mutex"));
    HANDLE ready = OpenEventA(EVENT_MODIFY_STATE, FALSE, NAME("ready"));
    if (WaitForSingleObject(mutex, SOON) != WAIT_OBJECT_0) return 1;
    SetEvent(ready);
    Sleep(INFINITE);
    return 2;
}

static int end_with_mutex(void)
{
    HANDLE mutex = OpenMutexA(SYNCHRONIZE, FALSE, NAME("mutex"));
    return WaitForSingleObject(mutex, SOON) == WAIT_OBJECT_0 ? 0 : 1;
}

static int make_event(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, TRUE, NAME("event"));
    HANDLE ready = OpenEventA(EVENT_MODIFY_STATE, FALSE, NAME("ready"));
    if (!event || GetLastError() == ERROR_ALREADY_EXISTS) return 1;
    SetEvent(ready);
    Sleep(INFINITE);
    return 2;
}

static int find_private(void)
{
    HANDLE boundary = OpenEventA(EVENT_ALL_ACCESS, FALSE, "Global\\" NAME("global"));
    HANDLE local = OpenEventA(EVENT_ALL_ACCESS, FALSE, "Local\\" NAME("global"));
    return boundary && !local && GetLastError() == ERROR_FILE_NOT_FOUND ? 0 : 1;
}

// Objects that were inherited: their handles came by the environment.
static HANDLE inherited(const char *variable)
{
    char text[32] = "";
    GetEnvironmentVariableA(variable, text, sizeof(text));
    return (HANDLE)(ULONG_PTR)strtoul(text, NULL, 16);
}

static int use_inherited(void)
{
    HANDLE event = inherited("EVENT"), mutex = inherited("MUTEX"), semaphore = inherited("SEMAPHORE");
    LONG count;
    if (WaitForSingleObject(event, SOON) != WAIT_OBJECT_0) return 1;
    if (!ReleaseSemaphore(semaphore, 2, &count) || count != 1) return 2;
    if (WaitForSingleObject(mutex, 0) != WAIT_TIMEOUT) return 3; // the parent has it
    if (WaitForSingleObject(inherited("PRIVATE"), 0) != WAIT_FAILED) return 4;
    SetEvent(OpenEventA(EVENT_MODIFY_STATE, FALSE, NAME("ready")));
    return WaitForSingleObject(mutex, SOON) == WAIT_OBJECT_0 && ReleaseMutex(mutex) ? 0 : 5;
}

static int use_sections(void)
{
    HANDLE memory = OpenFileMappingA(FILE_MAP_ALL_ACCESS, FALSE, NAME("memory"));
    HANDLE file = OpenFileMappingA(FILE_MAP_READ, FALSE, NAME("file"));
    char *one = MapViewOfFile(memory, FILE_MAP_WRITE, 0, 0, 0),
         *two = MapViewOfFile(file, FILE_MAP_READ, 0, 0, 0);
    if (!one || !two || strcmp(one, "from the parent") || strcmp(two, "in the file")) return 1;
    strcpy(one, "from the child");
    if (OpenFileMappingA(FILE_MAP_ALL_ACCESS, FALSE, NAME("MEMORY"))) return 2;
    // Inherited without a name.
    char *three = MapViewOfFile(inherited("SECTION"), FILE_MAP_WRITE, 0, 0, 0);
    if (!three || strcmp(three, "unnamed")) return 3;
    strcpy(three, "written");
    return 0;
}

static int use_timer(void)
{
    HANDLE timer = OpenWaitableTimerA(TIMER_ALL_ACCESS, FALSE, NAME("timer"));
    HANDLE go = OpenEventA(EVENT_MODIFY_STATE, FALSE, NAME("ready"));
    LARGE_INTEGER due = {.QuadPart = -1000000};
    if (WaitForSingleObject(timer, 0) != WAIT_TIMEOUT) return 1;
    SetEvent(go);
    if (WaitForSingleObject(timer, SOON) != WAIT_OBJECT_0) return 2; // set by the parent while we wait
    if (WaitForSingleObject(timer, 0) != WAIT_TIMEOUT) return 3;
    return SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE) ? 0 : 4; // and goes off when we are gone
}

static const struct {
    const char *name;
    int (*run)(void);
} roles[] = {
    {"open_none", open_none},           {"set_event", set_event},       {"pulse", pulse},
    {"wait_event", wait_event},         {"wait_all", wait_all},         {"hold_mutex", hold_mutex},
    {"end_with_mutex", end_with_mutex}, {"make_event", make_event},     {"find_private", find_private},
    {"use_inherited", use_inherited},   {"use_sections", use_sections}, {"use_timer", use_timer},
};

static int run_role(const char *name)
{
    for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++)
        if (!strcmp(roles[i].name, name)) return roles[i].run();
    return 100;
}

static HANDLE start(const char *role)
{
    char path[MAX_PATH], line[MAX_PATH + 64];
    STARTUPINFOA startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process = {0};
    GetModuleFileNameA(NULL, path, sizeof(path));
    snprintf(line, sizeof(line), "\"%s\" %s", path, role);
    CHECK(CreateProcessA(path, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process), "error %lu",
          GetLastError());
    CloseHandle(process.hThread);
    return process.hProcess;
}

static DWORD finish(HANDLE process)
{
    DWORD code = 1000;
    CHECK_EQUAL(WaitForSingleObject(process, SOON), WAIT_OBJECT_0);
    GetExitCodeProcess(process, &code);
    CloseHandle(process);
    return code;
}

// --- this side
// --------------------------------------------------------------------------------------------------------

static HANDLE ready;

static void await_ready(void)
{
    CHECK_EQUAL(WaitForSingleObject(ready, SOON), WAIT_OBJECT_0);
}

static void test_events(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NAME("event")), child;

    CHECK_EQUAL(finish(start("set_event")), 0);
    CHECK_EQUAL(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    child = start("wait_event");
    await_ready();
    SetEvent(event);
    CHECK_EQUAL(finish(child), 0);
    CHECK_EQUAL(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    child = start("set_event");
    CHECK_EQUAL(WaitForSingleObject(event, SOON), WAIT_OBJECT_0);
    CHECK_EQUAL(finish(child), 0);
    CloseHandle(event);
    CHECK_EQUAL(finish(start("open_none")), 0);
}

// SetEvent directly followed by ResetEvent frees all who wait, wherever they are.
static void test_hand_off(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NAME("event"));
    HANDLE children[3], own = CreateEventA(NULL, TRUE, FALSE, NULL), both[2] = {own, event};

    for (int i = 0; i < 3; i++) {
        children[i] = start("wait_event");
        await_ready();
    }
    Sleep(200);
    HANDLE pulser = start("pulse");
    CHECK_EQUAL(WaitForMultipleObjects(2, both, FALSE, SOON), WAIT_OBJECT_0 + 1);
    CHECK_EQUAL(finish(pulser), 0);
    for (int i = 0; i < 3; i++) CHECK_EQUAL(finish(children[i]), 0);
    CHECK_EQUAL(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    CloseHandle(event);
    CloseHandle(own);
}

static void test_wait_all(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NAME("event"));
    HANDLE semaphore = CreateSemaphoreA(NULL, 0, 10, NAME("semaphore"));
    HANDLE child = start("wait_all");

    await_ready();
    SetEvent(event);
    Sleep(50);
    CHECK_EQUAL(WaitForSingleObject(event, 0), WAIT_OBJECT_0); // not taken while the other lacks
    CHECK(ReleaseSemaphore(semaphore, 2, NULL), "error %lu", GetLastError());
    SetEvent(event);
    CHECK_EQUAL(finish(child), 0);
    LONG count = -1;
    CHECK_EQUAL(WaitForSingleObject(semaphore, 0), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitForSingleObject(semaphore, 0), WAIT_TIMEOUT);
    CHECK(ReleaseSemaphore(semaphore, 1, &count) && count == 0, "count %ld", count);
    CloseHandle(event);
    CloseHandle(semaphore);
}

static DWORD WINAPI set_private(void *event)
{
    Sleep(100);
    SetEvent(event);
    return 0;
}

// Any of private and shared objects: whoever comes first decides.
static void test_mixed(void)
{
    HANDLE own = CreateEventA(NULL, FALSE, FALSE, NULL),
           event = CreateEventA(NULL, FALSE, FALSE, NAME("event"));
    HANDLE objects[2] = {own, event}, thread = CreateThread(NULL, 0, set_private, own, 0, NULL);

    CHECK_EQUAL(WaitForMultipleObjects(2, objects, FALSE, SOON), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitForMultipleObjects(2, objects, FALSE, 50), WAIT_TIMEOUT);
    HANDLE child = start("set_event");
    CHECK_EQUAL(WaitForMultipleObjects(2, objects, FALSE, SOON), WAIT_OBJECT_0 + 1);
    CHECK_EQUAL(finish(child), 0);
    WaitForSingleObject(thread, SOON);
    CloseHandle(thread);
    CloseHandle(own);
    CloseHandle(event);
}

static void test_mutexes(void)
{
    HANDLE mutex = CreateMutexA(NULL, FALSE, NAME("mutex")), child = start("hold_mutex");

    await_ready();
    CHECK_EQUAL(WaitForSingleObject(mutex, 0), WAIT_TIMEOUT);
    CHECK(!ReleaseMutex(mutex) && GetLastError() == ERROR_NOT_OWNER, "error %lu", GetLastError());
    CHECK(TerminateProcess(child, 7), "error %lu", GetLastError());
    CHECK_EQUAL(WaitForSingleObject(mutex, SOON), WAIT_ABANDONED);
    CHECK_EQUAL(finish(child), 7);
    CHECK_EQUAL(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0); // again
    CHECK(ReleaseMutex(mutex) && ReleaseMutex(mutex) && !ReleaseMutex(mutex), "not twice");
    // Killed when nobody waits: the next to ask finds out.
    child = start("hold_mutex");
    await_ready();
    TerminateProcess(child, 7);
    CHECK_EQUAL(finish(child), 7);
    CHECK_EQUAL(WaitForSingleObject(mutex, 0), WAIT_ABANDONED);
    ReleaseMutex(mutex);
    // A process that ends without releasing.
    CHECK_EQUAL(finish(start("end_with_mutex")), 0);
    CHECK_EQUAL(WaitForSingleObject(mutex, 0), WAIT_ABANDONED);
    ReleaseMutex(mutex);
    CloseHandle(mutex);
}

// The name of what only a killed process had is free again.
static void test_dead_names(void)
{
    HANDLE child = start("make_event"), event;

    await_ready();
    event = CreateEventA(NULL, FALSE, FALSE, NAME("event"));
    CHECK_EQUAL(GetLastError(), ERROR_ALREADY_EXISTS);
    CHECK_EQUAL(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
    CloseHandle(event);
    TerminateProcess(child, 7);
    CHECK_EQUAL(finish(child), 7);
    SetLastError(0);
    event = CreateEventA(NULL, FALSE, FALSE, NAME("event"));
    CHECK_EQUAL(GetLastError(), 0);
    CHECK_EQUAL(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    CloseHandle(event);
}

static void test_spaces(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, "Global\\" NAME("global"));

    CHECK_EQUAL(finish(start("find_private")), 0);
    CloseHandle(event);
}

static HANDLE waited_for;

static DWORD WINAPI wait_in_thread(void *unused)
{
    (void)unused;
    return WaitForSingleObject(waited_for, SOON);
}

static void pass_on(const char *variable, HANDLE handle)
{
    char text[32];
    snprintf(text, sizeof(text), "%lx", (unsigned long)(ULONG_PTR)handle);
    SetEnvironmentVariableA(variable, text);
}

// Unnamed objects become shared when they are inherited, also while somebody waits for them.
static void test_inheritance(void)
{
    SECURITY_ATTRIBUTES inherit = {.nLength = sizeof(inherit), .bInheritHandle = TRUE};
    HANDLE event = CreateEventA(&inherit, FALSE, TRUE, NULL), mutex = CreateMutexA(&inherit, TRUE, NULL);
    HANDLE semaphore = CreateSemaphoreA(&inherit, 1, 10, NULL), own = CreateEventA(NULL, TRUE, TRUE, NULL);
    HANDLE threads[2], both[2] = {own, semaphore};

    pass_on("EVENT", event);
    pass_on("MUTEX", mutex);
    pass_on("SEMAPHORE", semaphore);
    pass_on("PRIVATE", own);
    waited_for = mutex;
    for (int i = 0; i < 2; i++) threads[i] = CreateThread(NULL, 0, wait_in_thread, NULL, 0, NULL);
    Sleep(100);
    CHECK_EQUAL(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0); // twice
    HANDLE child = start("use_inherited");
    CHECK_EQUAL(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0); // thrice
    await_ready();
    CHECK_EQUAL(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    for (int i = 0; i < 3; i++) CHECK(ReleaseMutex(mutex), "error %lu", GetLastError());
    CHECK(!ReleaseMutex(mutex), "a fourth time");
    // The threads take it in turn and end with it.
    for (int i = 0; i < 2; i++) {
        DWORD result = 1000;
        CHECK_EQUAL(WaitForSingleObject(threads[i], SOON), WAIT_OBJECT_0);
        GetExitCodeThread(threads[i], &result);
        CHECK(result == WAIT_OBJECT_0 || result == WAIT_ABANDONED, "result %lx", result);
        CloseHandle(threads[i]);
    }
    DWORD code = finish(child);
    CHECK(code == 0 || code == 5, "code %lu", code); // 5: after a thread that ended with it
    CHECK_EQUAL(WaitForMultipleObjects(2, both, TRUE, 0), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitForSingleObject(semaphore, 0), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitForSingleObject(semaphore, 0), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitForSingleObject(semaphore, 0), WAIT_TIMEOUT);
    CloseHandle(event);
    CloseHandle(mutex);
    CloseHandle(semaphore);
    CloseHandle(own);
}

static void test_sections(void)
{
    SECURITY_ATTRIBUTES inherit = {.nLength = sizeof(inherit), .bInheritHandle = TRUE};
    char path[MAX_PATH], folder[MAX_PATH];
    DWORD written;

    GetTempPathA(sizeof(folder), folder);
    GetTempFileNameA(folder, "shr", 0, path);
    HANDLE file = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    WriteFile(file, "in the file", 12, &written, NULL);
    HANDLE memory = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 8192, NAME("memory"));
    HANDLE mapped = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, 0, NAME("file"));
    HANDLE unnamed = CreateFileMappingA(INVALID_HANDLE_VALUE, &inherit, PAGE_READWRITE, 0, 8192, NULL);
    char *view = MapViewOfFile(memory, FILE_MAP_WRITE, 0, 0, 0),
         *other = MapViewOfFile(unnamed, FILE_MAP_WRITE, 0, 0, 0);
    strcpy(view, "from the parent");
    strcpy(other, "unnamed");
    pass_on("SECTION", unnamed);
    CHECK_EQUAL(finish(start("use_sections")), 0);
    CHECK(!strcmp(view, "from the child"), "\"%s\"", view);
    CHECK(!strcmp(other, "written"), "\"%s\"", other);
    UnmapViewOfFile(view);
    UnmapViewOfFile(other);
    CloseHandle(memory);
    CloseHandle(mapped);
    CloseHandle(unnamed);
    CloseHandle(file);
    CHECK(!OpenFileMappingA(FILE_MAP_READ, FALSE, NAME("memory")) && GetLastError() == ERROR_FILE_NOT_FOUND,
          "error %lu", GetLastError());
    DeleteFileA(path);
}

static void test_timers(void)
{
    HANDLE timer = CreateWaitableTimerA(NULL, FALSE, NAME("timer")), child = start("use_timer");
    LARGE_INTEGER due = {.QuadPart = -100000};

    await_ready();
    CHECK(SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE), "error %lu", GetLastError());
    CHECK_EQUAL(finish(child), 0);
    CHECK_EQUAL(WaitForSingleObject(timer, SOON), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitForSingleObject(timer, 0), WAIT_TIMEOUT);
    CHECK(SetWaitableTimer(timer, &due, 20, NULL, NULL, FALSE), "error %lu", GetLastError());
    for (int i = 0; i < 3; i++) CHECK_EQUAL(WaitForSingleObject(timer, SOON), WAIT_OBJECT_0);
    CHECK(CancelWaitableTimer(timer), "error %lu", GetLastError());
    WaitForSingleObject(timer, 0);
    CHECK_EQUAL(WaitForSingleObject(timer, 60), WAIT_TIMEOUT);
    CloseHandle(timer);
}

int main(int argc, char **argv)
{
    if (argc == 2) return run_role(argv[1]);
    ready = CreateEventA(NULL, FALSE, FALSE, NAME("ready"));
    test_events();
    test_hand_off();
    test_wait_all();
    test_mixed();
    test_mutexes();
    test_dead_names();
    test_spaces();
    test_inheritance();
    test_sections();
    test_timers();
    return check_summary();
}
