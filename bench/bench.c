// The benchmark program: one 32-bit Windows program, run under Lowland and under the peer alike. Prints a
// line per figure: name, a tab, nanoseconds per operation. Each figure is the best of many short rounds: some
// of them are not interrupted, also on a busy machine.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>
#include <winternl.h>

enum { ROUNDS = 100, FILES = 500 };

static double frequency;
static const char *wanted = ""; // only figures whose names contain this

static double now(void)
{
    LARGE_INTEGER counter;
    QueryPerformanceCounter(&counter);
    return (double)counter.QuadPart / frequency * 1e9;
}

// Runs operation about `count` times and prints the best round.
static void measure(const char *name, unsigned count, void (*operation)(void))
{
    double best = INFINITY;
    if (!strstr(name, wanted)) return;
    count = count / ROUNDS + 1;
    operation();
    for (int round = 0; round < ROUNDS; round++) {
        double start = now();
        for (unsigned i = 0; i < count; i++) operation();
        double each = (now() - start) / count;
        if (each < best) best = each;
    }
    printf("%s\t%.1f\n", name, best);
    fflush(stdout);
}

// --- calls that stay in 32-bit code, and the emptiest that crosses

static NTSTATUS(NTAPI *test_alert)(void);
static CRITICAL_SECTION section;
static DWORD tls;
static HANDLE heap;

static void empty_thunk(void)
{
    test_alert();
}
static void last_error(void)
{
    SetLastError(GetLastError());
}
static void thread_id(void)
{
    GetCurrentThreadId();
}
static void tls_get(void)
{
    TlsGetValue(tls);
}
static void tick_count(void)
{
    GetTickCount();
}
static void performance_counter(void)
{
    LARGE_INTEGER counter;
    QueryPerformanceCounter(&counter);
}
static void critical_section(void)
{
    EnterCriticalSection(&section);
    LeaveCriticalSection(&section);
}
static void heap_64(void)
{
    HeapFree(heap, 0, HeapAlloc(heap, 0, 64));
}

// --- objects

static HANDLE event, signalled, mutex, semaphore, many[32];

static void set_reset(void)
{
    SetEvent(event);
    ResetEvent(event);
}
static void wait_signalled(void)
{
    WaitForSingleObject(signalled, INFINITE);
}
static void mutex_pair(void)
{
    WaitForSingleObject(mutex, INFINITE);
    ReleaseMutex(mutex);
}
static void semaphore_pair(void)
{
    ReleaseSemaphore(semaphore, 1, NULL);
    WaitForSingleObject(semaphore, INFINITE);
}
static void wait_many(void)
{
    WaitForMultipleObjects(32, many, FALSE, INFINITE);
}
static void create_event(void)
{
    CloseHandle(CreateEventA(NULL, FALSE, FALSE, NULL));
}
static void duplicate(void)
{
    HANDLE copy;
    DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), &copy, 0, FALSE, DUPLICATE_SAME_ACCESS);
    CloseHandle(copy);
}

static HANDLE ping, pong;
static DWORD WINAPI ponger(void *argument)
{
    (void)argument;
    while (WaitForSingleObject(ping, INFINITE) == WAIT_OBJECT_0) SetEvent(pong);
    return 0;
}
static void ping_pong(void)
{
    SetEvent(ping);
    WaitForSingleObject(pong, INFINITE);
}

// --- files

static HANDLE file;
static char buffer[65536];

static void rewind_file(void)
{
    SetFilePointer(file, 0, NULL, FILE_BEGIN);
}
static void write_n(DWORD n)
{
    DWORD done;
    WriteFile(file, buffer, n, &done, NULL);
}
static void read_n(DWORD n)
{
    DWORD done;
    ReadFile(file, buffer, n, &done, NULL);
}
static void write_16(void)
{
    write_n(16);
}
static void read_16(void)
{
    read_n(16);
}
static void write_64k(void)
{
    rewind_file();
    write_n(sizeof buffer);
}
static void read_64k(void)
{
    rewind_file();
    read_n(sizeof buffer);
}
static void open_close(void)
{
    CloseHandle(CreateFileA("bench.tmp", GENERIC_READ, 7, NULL, OPEN_EXISTING, 0, NULL));
}
static void attributes(void)
{
    GetFileAttributesA("bench.tmp");
}

static void for_each_file(BOOL(WINAPI *visit)(const char *name))
{
    char name[40];
    for (int i = 0; i < FILES; i++) {
        sprintf(name, "bench.dir\\a file's name %d.txt", i);
        visit(name);
    }
}
static BOOL WINAPI make_file(const char *name)
{
    return CloseHandle(CreateFileA(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL));
}
static void enumerate(void)
{
    WIN32_FIND_DATAA data;
    HANDLE find = FindFirstFileA("bench.dir\\*", &data);
    while (FindNextFileA(find, &data)) continue;
    FindClose(find);
}
static void measure_enumeration(unsigned count)
{
    CreateDirectoryA("bench.dir", NULL);
    for_each_file(make_file);
    measure("enumerate 500 files", count, enumerate);
    for_each_file(DeleteFileA);
    RemoveDirectoryA("bench.dir");
}

// --- modules, strings

static void load_free(void)
{
    FreeLibrary(LoadLibraryA("psapi.dll"));
}
static void widen(void)
{
    static const char text[] = "Sixty characters of plain text, as names and messages are it";
    WCHAR wide[60];
    MultiByteToWideChar(CP_ACP, 0, text, 60, wide, 60);
}
static void compare(void)
{
    lstrcmpiA("A short file name.txt", "a short File name.txt");
}

// --- memory, threads, exceptions

static void virtual_64k(void)
{
    VirtualFree(VirtualAlloc(NULL, 65536, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE), 0, MEM_RELEASE);
}
static DWORD WINAPI nothing(void *argument)
{
    return (DWORD)(ULONG_PTR)argument;
}
static void thread_join(void)
{
    HANDLE thread = CreateThread(NULL, 0, nothing, NULL, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

// empty.exe lies beside this program.
static char empty_program[MAX_PATH + 2];
static void process_exit(void)
{
    STARTUPINFOA startup = {.cb = sizeof startup};
    PROCESS_INFORMATION process;
    if (!CreateProcessA(empty_program, NULL, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process)) exit(1);
    WaitForSingleObject(process.hProcess, INFINITE);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
}

static HANDLE console;
static void write_console(void)
{
    static const WCHAR line[] = L"\rThis line of sixty characters is written again and again....";
    DWORD written;
    WriteConsoleW(console, line, 60, &written, NULL);
}

static char *page;
static LONG CALLBACK handler(EXCEPTION_POINTERS *pointers)
{
    DWORD old;
    if (pointers->ExceptionRecord->ExceptionCode == 0xE0000001) return EXCEPTION_CONTINUE_EXECUTION;
    if (pointers->ExceptionRecord->ExceptionCode != EXCEPTION_ACCESS_VIOLATION)
        return EXCEPTION_CONTINUE_SEARCH;
    VirtualProtect(page, 4096, PAGE_READWRITE, &old);
    return EXCEPTION_CONTINUE_EXECUTION;
}
static void raise_catch(void)
{
    RaiseException(0xE0000001, 0, 0, NULL);
}

// A frame on the list at fs:0, caught as a compiler's __except does: unwind, then go on behind it.
static void *landing[5];
static EXCEPTION_DISPOSITION __cdecl frame_handler(EXCEPTION_RECORD *record, void *frame, CONTEXT *context,
                                                   void *dispatcher)
{
    (void)context, (void)dispatcher;
    if (record->ExceptionFlags & 6) return ExceptionContinueSearch; // unwinding
    RtlUnwind(frame, NULL, record, NULL);
    __builtin_longjmp(landing, 1);
}
static __attribute__((noinline)) void raise_frame(void)
{
    EXCEPTION_REGISTRATION_RECORD frame = {.Next = (void *)__readfsdword(0),
                                           .Handler = (void *)frame_handler};
    __writefsdword(0, (DWORD)&frame);
    if (!__builtin_setjmp(landing)) RaiseException(0xE0000002, 0, 0, NULL);
    __writefsdword(0, *(volatile DWORD *)__readfsdword(0));
}
static void page_fault(void)
{
    DWORD old;
    *(volatile char *)page = 1;
    VirtualProtect(page, 4096, PAGE_READONLY, &old);
}

static HKEY key;
static void query_value(void)
{
    DWORD value, size = sizeof value;
    RegQueryValueExA(key, "number", NULL, NULL, (BYTE *)&value, &size);
}
static void set_value(void)
{
    static DWORD value;
    value++;
    RegSetValueExA(key, "number", 0, REG_DWORD, (const BYTE *)&value, sizeof value);
}
static void open_key(void)
{
    HKEY opened;
    if (RegOpenKeyExA(HKEY_CURRENT_USER, "Software\\Lowland bench", 0, KEY_READ, &opened) == 0) RegCloseKey(opened);
}

static void set_up(void)
{
    LARGE_INTEGER f;
    QueryPerformanceFrequency(&f);
    frequency = (double)f.QuadPart;
    test_alert = (void *)GetProcAddress(GetModuleHandleA("ntdll.dll"), "NtTestAlert");
    InitializeCriticalSection(&section);
    tls = TlsAlloc();
    heap = GetProcessHeap();
    event = CreateEventA(NULL, FALSE, FALSE, NULL);
    signalled = CreateEventA(NULL, TRUE, TRUE, NULL);
    mutex = CreateMutexA(NULL, FALSE, NULL);
    semaphore = CreateSemaphoreA(NULL, 0, 10, NULL);
    for (int i = 0; i < 32; i++) many[i] = CreateEventA(NULL, TRUE, i == 31, NULL);
    ping = CreateEventA(NULL, FALSE, FALSE, NULL);
    pong = CreateEventA(NULL, FALSE, FALSE, NULL);
    file = CreateFileA("bench.tmp", GENERIC_READ | GENERIC_WRITE, 7, NULL, CREATE_ALWAYS, 0, NULL);
    console = CreateFileA("CONOUT$", GENERIC_READ | GENERIC_WRITE, 3, NULL, OPEN_EXISTING, 0, NULL);
    GetModuleFileNameA(NULL, empty_program, MAX_PATH);
    strcpy(strrchr(empty_program, '\\') + 1, "empty.exe");
    page = VirtualAlloc(NULL, 4096, MEM_RESERVE | MEM_COMMIT, PAGE_READONLY);
    AddVectoredExceptionHandler(1, handler);
    RegCreateKeyA(HKEY_CURRENT_USER, "Software\\Lowland bench", &key);
    set_value();
}

int main(int argc, char **argv)
{
    DWORD mode;
    unsigned scale = argc > 1 ? (unsigned)atoi(argv[1]) : 1; // divides the counts: the peer is slower
    if (!scale) return 2;
    if (argc > 2) wanted = argv[2];
    set_up();
    measure("empty thunk", 1000000 / scale, empty_thunk);
    measure("GetLastError+SetLastError", 1000000, last_error);
    measure("GetCurrentThreadId", 1000000, thread_id);
    measure("TlsGetValue", 1000000, tls_get);
    measure("GetTickCount", 1000000, tick_count);
    measure("QueryPerformanceCounter", 1000000 / scale, performance_counter);
    measure("critical section", 1000000, critical_section);
    measure("HeapAlloc+HeapFree 64", 1000000, heap_64);
    measure("SetEvent+ResetEvent", 200000 / scale, set_reset);
    measure("wait, signalled", 200000 / scale, wait_signalled);
    measure("mutex", 200000 / scale, mutex_pair);
    measure("semaphore", 200000 / scale, semaphore_pair);
    measure("wait for 32", 100000 / scale, wait_many);
    measure("CreateEvent+CloseHandle", 100000 / scale, create_event);
    measure("DuplicateHandle+CloseHandle", 100000 / scale, duplicate);
    CloseHandle(CreateThread(NULL, 0, ponger, NULL, 0, NULL));
    measure("event ping-pong", 20000 / scale, ping_pong);
    measure("WriteFile 16", 100000 / scale, write_16);
    rewind_file();
    measure("ReadFile 16", 100000 / scale, read_16);
    measure("WriteFile 64 KiB", 5000 / scale, write_64k);
    measure("ReadFile 64 KiB", 5000 / scale, read_64k);
    measure("CreateFile+CloseHandle", 50000 / scale, open_close);
    measure("GetFileAttributes", 100000 / scale, attributes);
    measure_enumeration(100 / scale);
    measure("LoadLibrary+FreeLibrary", 2000 / scale, load_free);
    measure("MultiByteToWideChar 60", 1000000, widen);
    measure("lstrcmpi", 1000000, compare);
    measure("VirtualAlloc+VirtualFree 64 KiB", 50000 / scale, virtual_64k);
    measure("CreateThread+join", 10000 / scale, thread_join);
    measure("CreateProcess to exit", 200 / scale, process_exit);
    if (GetConsoleMode(console, &mode)) measure("WriteConsole 60", 20000 / scale, write_console);
    measure("RaiseException, vectored", 100000 / scale, raise_catch);
    measure("RaiseException, frame", 50000 / scale, raise_frame);
    measure("page fault, vectored", 50000 / scale, page_fault);
    measure("RegQueryValueEx", 100000 / scale, query_value);
    measure("RegSetValueEx", 20000 / scale, set_value);
    measure("RegOpenKeyEx+RegCloseKey", 100000 / scale, open_key);
    RegCloseKey(key);
    RegDeleteKeyA(HKEY_CURRENT_USER, "Software\\Lowland bench");
    CloseHandle(file);
    DeleteFileA("bench.tmp");
    return 0;
}
