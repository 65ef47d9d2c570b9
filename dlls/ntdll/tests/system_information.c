// NtQuerySystemInformation: the classes that programs ask, their sizes, and buffers that do not fit.
#define DECLSPEC_IMPORT
#include "ntdll.h"
#include "tests/check.h"
#include <stdlib.h>
#include <string.h>

static void test_basic(void)
{
    SYSTEM_BASIC_INFORMATION info;
    ULONG needed = 0;

    memset(&info, 0, sizeof(info));
    CHECK_EQUAL(NtQuerySystemInformation(SystemBasicInformation, &info, sizeof(info), &needed), 0);
    CHECK_EQUAL(needed, sizeof(info));
    CHECK_EQUAL(info.PhysicalPageSize, 4096);
    CHECK_EQUAL(info.AllocationGranularity, 65536);
    CHECK_EQUAL((ULONG)info.LowestUserAddress, 0x10000);
    CHECK(info.NumberOfProcessors > 0 && (info.ActiveProcessors & 1), "processors");
    CHECK_EQUAL(NtQuerySystemInformation(SystemBasicInformation, &info, 4, &needed),
                STATUS_INFO_LENGTH_MISMATCH);
    CHECK_EQUAL(NtQuerySystemInformation(SystemBasicInformation, (void *)16, sizeof(info), NULL),
                STATUS_ACCESS_VIOLATION);
    CHECK_EQUAL(NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)0x7777, &info, sizeof(info), &needed),
                STATUS_INVALID_INFO_CLASS);
}

static void test_processor(void)
{
    SYSTEM_PROCESSOR_INFORMATION info;
    SYSTEM_PERFORMANCE_INFORMATION performance;

    CHECK_EQUAL(NtQuerySystemInformation(SystemProcessorInformation, &info, sizeof(info), NULL), 0);
    CHECK_EQUAL(info.ProcessorArchitecture, PROCESSOR_ARCHITECTURE_INTEL);
    CHECK(info.ProcessorLevel >= 6, "family %u", info.ProcessorLevel);
    CHECK_EQUAL(
        NtQuerySystemInformation(SystemPerformanceInformation, &performance, sizeof(performance), NULL), 0);
    CHECK(performance.AvailablePages && performance.TotalCommitLimit > performance.TotalCommittedPages,
          "memory");
}

static void test_time(void)
{
    SYSTEM_TIMEOFDAY_INFORMATION info;
    LARGE_INTEGER now;

    CHECK_EQUAL(NtQuerySystemInformation(SystemTimeOfDayInformation, &info, sizeof(info), NULL), 0);
    NtQuerySystemTime(&now);
    CHECK(now.QuadPart - info.CurrentTime.QuadPart < 10000000, "time");
    CHECK(info.BootTime.QuadPart < info.CurrentTime.QuadPart, "boot time");
    ULONG needed = 0;
    CHECK_EQUAL(NtQuerySystemInformation(SystemTimeOfDayInformation, &info, 24, &needed), 0);
    CHECK_EQUAL(needed, 24);
    CHECK_EQUAL(NtQuerySystemInformation(SystemTimeOfDayInformation, &info, sizeof(info) + 1, &needed),
                STATUS_INFO_LENGTH_MISMATCH);
}

static void test_processes(void)
{
    ULONG needed = 0, size = 0;
    char *buffer = NULL;
    NTSTATUS status;

    do {
        size += 65536;
        buffer = realloc(buffer, size);
        status = NtQuerySystemInformation(SystemProcessInformation, buffer, size, &needed);
    } while (status == STATUS_INFO_LENGTH_MISMATCH);
    CHECK_EQUAL(status, 0);
    SYSTEM_PROCESS_INFORMATION *process = (void *)buffer;
    while (process->NextEntryOffset && (DWORD)process->UniqueProcessId != GetCurrentProcessId())
        process = (void *)((char *)process + process->NextEntryOffset);
    CHECK_EQUAL((DWORD)process->UniqueProcessId, GetCurrentProcessId());
    SYSTEM_THREAD_INFORMATION *thread = (void *)(process + 1);
    CHECK(process->NumberOfThreads >= 1, "threads");
    CHECK_EQUAL((DWORD)thread->ClientId.UniqueThread, GetCurrentThreadId());
    CHECK(process->ImageName.Length > 8 &&
              !memcmp(process->ImageName.Buffer + process->ImageName.Length / 2 - 4, L".exe", 8),
          "name");
    CHECK_EQUAL(NtQuerySystemInformation(SystemProcessInformation, buffer, 16, &needed),
                STATUS_INFO_LENGTH_MISMATCH);
    CHECK(needed > sizeof(*process), "%lu", needed);
    free(buffer);
}

static void test_handles(void)
{
    char *buffer = calloc(1, 1 << 20);
    SYSTEM_HANDLE_INFORMATION_EX *handles = (void *)buffer;
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);
    int found = 0;

    CHECK_EQUAL(NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)SystemExtendedHandleInformation, buffer,
                                         1 << 20, NULL),
                0);
    for (ULONG i = 0; i < handles->NumberOfHandles; i++)
        if (handles->Handles[i].HandleValue == (ULONG_PTR)event &&
            handles->Handles[i].UniqueProcessId == GetCurrentProcessId())
            found += handles->Handles[i].GrantedAccess == EVENT_ALL_ACCESS;
    CHECK_EQUAL(found, 1);
    CloseHandle(event);
    free(buffer);
}

static void test_topology(void)
{
    ULONG needed = 0, cores = 0, mask = 0;
    SYSTEM_LOGICAL_PROCESSOR_INFORMATION info[256];
    char buffer[8192];

    CHECK_EQUAL(NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)SystemLogicalProcessorInformation, info,
                                         sizeof(info), &needed),
                0);
    for (ULONG i = 0; i < needed / sizeof(*info); i++) {
        if (info[i].Relationship != RelationProcessorCore) continue;
        CHECK(!(mask & info[i].ProcessorMask), "a processor in two cores");
        mask |= info[i].ProcessorMask;
        cores++;
    }
    CHECK(cores > 0 && (mask & 1), "cores");
    LOGICAL_PROCESSOR_RELATIONSHIP relation = RelationGroup;
    CHECK_EQUAL(NtQuerySystemInformationEx((SYSTEM_INFORMATION_CLASS)SystemLogicalProcessorInformationEx,
                                           &relation, sizeof(relation), buffer, sizeof(buffer), &needed),
                0);
    SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX *group = (void *)buffer;
    CHECK_EQUAL(group->Relationship, RelationGroup);
    CHECK_EQUAL(group->Size, needed);
    CHECK_EQUAL(group->Group.ActiveGroupCount, 1);
    CHECK_EQUAL(group->Group.GroupInfo[0].ActiveProcessorMask, mask);
}

// What NT tells of a process's program, of its own and of one that has not run yet.
static void test_image_information(const char *program)
{
    const IMAGE_DOS_HEADER *dos = (const void *)GetModuleHandleA(NULL);
    const IMAGE_NT_HEADERS *headers = (const void *)((const char *)dos + dos->e_lfanew);
    STARTUPINFOA startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process = {0};
    char path[MAX_PATH];
    strcpy(path, program);
    CHECK(CreateProcessA(NULL, path, NULL, NULL, FALSE, CREATE_SUSPENDED, NULL, NULL, &startup, &process),
          "start");
    const HANDLE processes[] = {GetCurrentProcess(), process.hProcess};
    for (int i = 0; i < 2; i++) {
        SECTION_IMAGE_INFORMATION info = {0};
        ULONG size = 0;
        CHECK_EQUAL(
            NtQueryInformationProcess(processes[i], ProcessImageInformation, &info, sizeof(info), &size), 0);
        CHECK_EQUAL(size, sizeof(info));
        CHECK_EQUAL(info.ImageCharacteristics, headers->FileHeader.Characteristics);
        CHECK_EQUAL(info.SubSystemType, headers->OptionalHeader.Subsystem);
        CHECK_EQUAL(info.MaximumStackSize, headers->OptionalHeader.SizeOfStackReserve);
        CHECK_EQUAL(NtQueryInformationProcess(processes[i], ProcessImageInformation, &info, 4, &size),
                    STATUS_INFO_LENGTH_MISMATCH);
    }
    TerminateProcess(process.hProcess, 0);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
}

int main(int argc, char **argv)
{
    (void)argc;
    test_basic();
    test_processor();
    test_time();
    test_processes();
    test_image_information(argv[0]);
    test_handles();
    test_topology();
    return check_summary();
}
