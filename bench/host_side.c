// The 64-bit side of the benchmark's rows: the calls that a row of bench.c makes, through the same unpackers,
// on a host that need not run 32-bit code. What such a row takes is this, a mode switch a call ('raw mode
// switch') and what kernelbase does about it. Prints lines like bench.c; the prefix is a temporary one. An
// argument is a part of the names of the rows to measure.
#include "dlls/ntdll/unix/prefix.h"
#include "dlls/ntdll/unix/tests/test_threads.h"
#include "guest_constants.h"
#include "kernelbase_host.h"
#include "loader/address_space.h"
#include "loader/gate.h"
#include "ntdll_host.h"
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 100, FILES = 500, LOW_SIZE = 1 << 20, MOST_ARGUMENTS = 12 };

static gptr low, stack;

static void *host(gptr address)
{
    return (void *)(uintptr_t)address;
}

// Memory below 4 GB that stays.
static gptr keep(const void *data, size_t size)
{
    static size_t used;
    gptr at = low + (gptr)used;
    used = (used + size + 15) & ~(size_t)15;
    if (used > LOW_SIZE / 2) exit(1);
    memcpy(host(at), data, size);
    return at;
}

// One call of an interface as the gate makes it: arguments on the guest's stack.
#define CALL_OF(interface, name, ...)                                                                        \
    call(&interface##_thunk_table, interface##_call_##name, (uint32_t[MOST_ARGUMENTS]){__VA_ARGS__})
#define CALL(name, ...) CALL_OF(ntdll, name, __VA_ARGS__)
static uint32_t call(const struct thunk_table *table, unsigned index, const uint32_t *arguments)
{
    memcpy(host(stack), arguments, MOST_ARGUMENTS * sizeof *arguments);
    return (uint32_t)table->functions[index](stack);
}

static void succeed(const char *what, uint32_t status)
{
    if (!(status >> 31)) return;
    fprintf(stderr, "host_side: %s: %08x\n", what, status);
    exit(1);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static const char *wanted = ""; // part of the names of the rows to measure

static void measure(const char *name, unsigned calls, void (*operation)(void))
{
    double best = 1e12;
    if (!strstr(name, wanted)) return;
    operation();
    for (int round = 0; round < ROUNDS; round++) {
        double start = now();
        for (unsigned i = 0; i < calls; i++) operation();
        double each = (now() - start) / calls;
        if (each < best) best = each;
    }
    printf("64-bit side, %s\t%.1f\n", name, best);
    fflush(stdout);
}

static gptr counted(const char *text)
{
    uint16_t units[256];
    size_t n = strlen(text);
    for (size_t i = 0; i < n; i++) units[i] = (uint8_t)text[i];
    UNICODE_STRING32 string = {
        .Length = (uint16_t)(n * 2), .MaximumLength = (uint16_t)(n * 2), .Buffer = keep(units, n * 2)};
    return keep(&string, sizeof string);
}

static gptr named(const char *text)
{
    OBJECT_ATTRIBUTES32 attributes = {.Length = sizeof attributes,
                                      .ObjectName = text ? counted(text) : 0,
                                      .Attributes = OBJ_CASE_INSENSITIVE};
    return keep(&attributes, sizeof attributes);
}

// Where calls leave handles and status blocks, and a buffer.
static gptr result, block, buffer;

static HANDLE32 made(const char *what, uint32_t status)
{
    succeed(what, status);
    return *(HANDLE32 *)host(result);
}

// ---- objects

static gptr unnamed;
static HANDLE32 event, signalled, mutex, semaphore;
static gptr many;

static void set_reset(void)
{
    CALL(NtSetEvent, event);
    CALL(NtResetEvent, event);
}
static void wait_signalled(void)
{
    CALL(NtWaitForSingleObject, signalled);
}
static void mutex_pair(void)
{
    CALL(NtWaitForSingleObject, mutex);
    CALL(NtReleaseMutant, mutex);
}
static void semaphore_pair(void)
{
    CALL(NtReleaseSemaphore, semaphore, 1);
    CALL(NtWaitForSingleObject, semaphore);
}
static void wait_many(void)
{
    CALL(NtWaitForMultipleObjects, 32, many, WaitAny);
}
static void create_event(void)
{
    CALL(NtCreateEvent, result, EVENT_ALL_ACCESS, unnamed, SynchronizationEvent);
    CALL(NtClose, *(HANDLE32 *)host(result));
}
static void duplicate(void)
{
    CALL(NtDuplicateObject, 0xFFFFFFFF, event, 0xFFFFFFFF, result, 0, 0, DUPLICATE_SAME_ACCESS);
    CALL(NtClose, *(HANDLE32 *)host(result));
}

static HANDLE32 make_event(bool manual, bool set)
{
    return made("event", CALL(NtCreateEvent, result, EVENT_ALL_ACCESS, unnamed,
                              manual ? NotificationEvent : SynchronizationEvent, set));
}

static void measure_objects(void)
{
    HANDLE32 handles[32];
    unnamed = named(NULL);
    event = make_event(false, false);
    signalled = make_event(true, true);
    mutex = made("mutex", CALL(NtCreateMutant, result, MUTANT_ALL_ACCESS, unnamed));
    semaphore = made("semaphore", CALL(NtCreateSemaphore, result, SEMAPHORE_ALL_ACCESS, unnamed, 0, 10));
    for (int i = 0; i < 32; i++) handles[i] = make_event(true, i == 31);
    many = keep(handles, sizeof handles);
    measure("SetEvent+ResetEvent", 2000, set_reset);
    measure("wait, signalled", 2000, wait_signalled);
    measure("mutex", 2000, mutex_pair);
    measure("semaphore", 2000, semaphore_pair);
    measure("wait for 32", 1000, wait_many);
    measure("CreateEvent+CloseHandle", 1000, create_event);
    measure("DuplicateHandle+CloseHandle", 1000, duplicate);
}

// ---- files

static HANDLE32 file;
static gptr file_name, folder_name, offset;

static HANDLE32 open_file(gptr name, uint32_t access, uint32_t disposition, uint32_t options)
{
    return made("file", CALL(NtCreateFile, result, access | SYNCHRONIZE, name, block, 0, 0,
                             FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, disposition,
                             options | FILE_SYNCHRONOUS_IO_NONALERT));
}
static void write_16(void)
{
    CALL(NtWriteFile, file, 0, 0, 0, block, buffer, 16);
}
static void read_16(void)
{
    CALL(NtReadFile, file, 0, 0, 0, block, buffer, 16);
}
static void open_close(void)
{
    CALL(NtClose, open_file(file_name, GENERIC_READ, FILE_OPEN, FILE_NON_DIRECTORY_FILE));
}
static void attributes(void)
{
    CALL(NtQueryAttributesFile, file_name, buffer);
}
static void enumerate(void)
{
    HANDLE32 folder = open_file(folder_name, FILE_LIST_DIRECTORY, FILE_OPEN, FILE_DIRECTORY_FILE);
    while (!CALL(NtQueryDirectoryFile, folder, 0, 0, 0, block, buffer, 65536, FileBothDirectoryInformation))
        continue;
    CALL(NtClose, folder);
}

static void measure_files(void)
{
    gptr used = 0;
    file_name = named("\\??\\C:\\bench.tmp");
    folder_name = named("\\??\\C:\\bench.dir");
    file = open_file(file_name, GENERIC_READ | GENERIC_WRITE, FILE_CREATE, 0);
    measure("WriteFile 16", 1000, write_16);
    *(LARGE_INTEGER32 *)host(offset) = (LARGE_INTEGER32){0};
    succeed("position", CALL(NtSetInformationFile, file, block, offset, 8, FilePositionInformation));
    measure("ReadFile 16", 900, read_16);
    measure("CreateFile+CloseHandle", 500, open_close);
    measure("GetFileAttributes", 1000, attributes);
    CALL(NtClose, open_file(folder_name, FILE_LIST_DIRECTORY, FILE_CREATE, FILE_DIRECTORY_FILE));
    for (int i = 0; i < FILES; i++) {
        char name[64];
        uint16_t *units = host(buffer);
        int n = snprintf(name, sizeof name, "\\??\\C:\\bench.dir\\a file's name %d.txt", i);
        if (!used) used = named(name);
        OBJECT_ATTRIBUTES32 *attributes_ = host(used);
        UNICODE_STRING32 *string = host(attributes_->ObjectName);
        for (int k = 0; k < n; k++) units[k] = (uint8_t)name[k];
        *string = (UNICODE_STRING32){
            .Length = (uint16_t)(n * 2), .MaximumLength = (uint16_t)(n * 2), .Buffer = buffer};
        CALL(NtClose, open_file(used, GENERIC_WRITE, FILE_CREATE, 0));
    }
    measure("enumerate 500 files", 1, enumerate);
}

// ---- memory

static void virtual_64k(void)
{
    uint32_t *base = host(result), *size = base + 1;
    *base = 0, *size = 65536;
    CALL(NtAllocateVirtualMemory, 0xFFFFFFFF, result, 0, result + 4, MEM_RESERVE | MEM_COMMIT,
         PAGE_READWRITE);
    *size = 0;
    CALL(NtFreeVirtualMemory, 0xFFFFFFFF, result, result + 4, MEM_RELEASE);
}

// ---- registry

static HANDLE32 key;
static gptr key_name, value_name, value;

static void query_value(void)
{
    CALL(NtQueryValueKey, key, value_name, KeyValuePartialInformation, buffer, 64, result);
}
static void set_value(void)
{
    ++*(uint32_t *)host(value);
    CALL(NtSetValueKey, key, value_name, 0, REG_DWORD, value, 4);
}
static void open_key(void)
{
    CALL(NtOpenKeyEx, result, KEY_READ, key_name);
    CALL(NtClose, *(HANDLE32 *)host(result));
}

static void measure_registry(void)
{
    key_name = named("\\Registry\\Machine\\Software\\Lowland bench");
    value_name = counted("number");
    value = keep(&(uint32_t){0}, 4);
    key = made("key", CALL(NtCreateKey, result, KEY_ALL_ACCESS, key_name));
    succeed("value", CALL(NtSetValueKey, key, value_name, 0, REG_DWORD, value, 4));
    measure("RegQueryValueEx", 1000, query_value);
    measure("RegSetValueEx", 200, set_value);
    measure("RegOpenKeyEx+RegCloseKey", 1000, open_key);
}

// ---- the console, where the output is a terminal

static const char line[] = "\rThis line of sixty characters is written again and again....";
static HANDLE32 console;
static gptr line_units;

static void write_console(void)
{
    CALL_OF(kernelbase, ConsoleWrite, console, line_units, 120, result);
}

static void measure_console(void)
{
    uint16_t units[60];
    for (int i = 0; i < 60; i++) units[i] = (uint8_t)line[i];
    line_units = keep(units, sizeof units);
    succeed("console", CALL_OF(kernelbase, ConsoleAllocate, 0, 0, 1, result));
    console = open_file(named("\\??\\CONOUT$"), GENERIC_READ | GENERIC_WRITE, FILE_OPEN, 0);
    measure("WriteConsole 60", 1000, write_console);
}

static int remove_entry(const char *name, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(name);
}

int main(int argc, char **argv)
{
    if (argc > 1) wanted = argv[1];
    char prefix[] = "/tmp/lowland-bench-XXXXXX";
    if (!mkdtemp(prefix)) return 1;
    setenv("LOWLAND_PREFIX", prefix, 1);
    uint32_t size = LOW_SIZE;
    if (!address_space_init() || !prefix_open() || test_threads_setup(NULL) != 0 ||
        vm_allocate(&low, 0, &size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE)) {
        fputs("host_side: the host side does not start\n", stderr);
        return 1;
    }
    stack = low + LOW_SIZE - 4096;
    buffer = low + LOW_SIZE / 2;
    result = keep(&(uint64_t){0}, 8), block = keep(&(uint64_t){0}, 8), offset = keep(&(uint64_t){0}, 8);
    measure_objects();
    measure_files();
    measure("VirtualAlloc+VirtualFree 64 KiB", 500, virtual_64k);
    measure_registry();
    if (isatty(STDOUT_FILENO)) measure_console();
    nftw(prefix, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    return 0;
}
