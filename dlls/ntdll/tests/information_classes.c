// Information classes of system, processes, threads, tokens and jobs: which lengths each takes, rights, and
// what a 32-bit program learns of the 64-bit system.
#define DECLSPEC_IMPORT
#include "ntdll.h"
#include "nt/rtl_object.h"
#include "tests/check.h"
#include "tests/child.h"
#include <string.h>

static char buffer[1 << 16] __attribute__((aligned(8)));

static NTSTATUS query_system(ULONG class, ULONG length, ULONG *needed)
{
    memset(buffer, 0, sizeof(buffer));
    return NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS) class, buffer, length, needed);
}

static void test_system_lengths(void)
{
    static const struct {
        ULONG class, size;
        BOOLEAN exact;
    } classes[] = {
        {SystemBasicInformation, sizeof(SYSTEM_BASIC_INFORMATION), TRUE},
        {SystemDeviceInformation, sizeof(SYSTEM_DEVICE_INFORMATION), TRUE},
        {SystemFlagsInformation, 4, TRUE},
        {SystemFileCacheInformation, sizeof(SYSTEM_FILECACHE_INFORMATION), FALSE},
        {SystemContextSwitchInformation, sizeof(SYSTEM_CONTEXT_SWITCHES), FALSE},
        {SystemMemoryListInformation, sizeof(SYSTEM_MEMORY_LIST_INFORMATION), TRUE},
        {SystemBootEnvironmentInformation, sizeof(SYSTEM_BOOT_ENVIRONMENT_INFORMATION), TRUE},
        {SystemCodeIntegrityInformation, sizeof(SYSTEM_CODEINTEGRITY_INFORMATION), TRUE},
        {SystemBasicPerformanceInformation, sizeof(SYSTEM_BASIC_PERFORMANCE_INFORMATION), TRUE},
        {SystemKernelDebuggerInformationEx, sizeof(SYSTEM_KERNEL_DEBUGGER_INFORMATION_EX), TRUE},
        {SystemProcessorFeaturesInformation, sizeof(SYSTEM_PROCESSOR_FEATURES_INFORMATION), TRUE},
        {SystemMemoryUsageInformation, sizeof(SYSTEM_MEMORY_USAGE_INFORMATION), TRUE},
        {SystemPhysicalMemoryInformation, sizeof(SYSTEM_PHYSICAL_MEMORY_INFORMATION), TRUE},
        {SystemLeapSecondInformation, sizeof(SYSTEM_LEAP_SECOND_INFORMATION), TRUE},
        {SystemModuleInformation, sizeof(RTL_PROCESS_MODULES), FALSE},
        {77, 300 + 2, FALSE}, // SystemModuleInformationEx
    };
    ULONG needed;

    for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
        NTSTATUS status = query_system(classes[i].class, classes[i].size, &needed);
        CHECK(status == 0 && needed == classes[i].size, "class %lu: %lx, %lu", classes[i].class, status,
              needed);
        status = query_system(classes[i].class, classes[i].size - 1, &needed);
        CHECK(status == STATUS_INFO_LENGTH_MISMATCH, "class %lu, short: %lx", classes[i].class, status);
        status = query_system(classes[i].class, classes[i].size + 1, &needed);
        CHECK((status == 0) != classes[i].exact, "class %lu, long: %lx", classes[i].class, status);
    }
}

static void test_system_content(void)
{
    ULONG needed = 0;
    SYSTEM_INFO info;
    GetSystemInfo(&info);

    CHECK_EQUAL(query_system(SystemInterruptInformation, sizeof(buffer), &needed), 0);
    CHECK_EQUAL(needed, info.dwNumberOfProcessors * sizeof(SYSTEM_INTERRUPT_COUNTS));
    CHECK(((SYSTEM_INTERRUPT_COUNTS *)buffer)->ContextSwitches, "no switches");
    CHECK_EQUAL(query_system(SystemProcessorIdleInformation, sizeof(buffer), &needed), 0);
    CHECK_EQUAL(needed, info.dwNumberOfProcessors * sizeof(SYSTEM_PROCESSOR_IDLE_INFORMATION));
    CHECK_EQUAL(query_system(SystemProcessorBrandString, sizeof(buffer), &needed), 0);
    CHECK_EQUAL(needed, strlen(buffer) + 1);
    CHECK_EQUAL(query_system(SystemObjectInformation, sizeof(buffer), &needed), STATUS_UNSUCCESSFUL);
    CHECK_EQUAL(query_system(SystemExtendedProcessInformation, sizeof(buffer), &needed), 0);
    SYSTEM_PROCESS_INFORMATION *process = (void *)buffer;
    while ((DWORD)process->UniqueProcessId != GetCurrentProcessId() && process->NextEntryOffset)
        process = (void *)((char *)process + process->NextEntryOffset);
    const SYSTEM_EXTENDED_THREAD_INFORMATION *thread = (void *)(process + 1);
    CHECK_EQUAL((DWORD)thread->ThreadInfo.ClientId.UniqueThread, GetCurrentThreadId());
    CHECK_EQUAL((ULONG)thread->TebBase, (ULONG)NtCurrentTeb());
    CHECK_EQUAL((ULONG)thread->StackBase, (ULONG)NtCurrentTeb()->NtTib.StackBase);

    WCHAR name[512];
    SYSTEM_PROCESS_ID_INFORMATION id = {.ProcessId = (HANDLE)GetCurrentProcessId(),
                                        .ImageName = {0, sizeof(name), name}};
    CHECK_EQUAL(
        NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)SystemProcessIdInformation, &id, sizeof(id), NULL),
        0);
    CHECK(!wcsncmp(name, L"\\Device\\HarddiskVolume", 22) && name[id.ImageName.Length / 2] == 0, "%ls", name);
    id.ImageName = (UNICODE_STRING){0, 4, name};
    CHECK_EQUAL(
        NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)SystemProcessIdInformation, &id, sizeof(id), NULL),
        STATUS_INFO_LENGTH_MISMATCH);
    CHECK(id.ImageName.MaximumLength > 4, "needed");
    id.ProcessId = (HANDLE)0x7ffffff0;
    CHECK_EQUAL(
        NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)SystemProcessIdInformation, &id, sizeof(id), NULL),
        STATUS_INVALID_CID);
    ULONG flags = 0;
    CHECK_EQUAL(NtSetSystemInformation((SYSTEM_INFORMATION_CLASS)SystemFlagsInformation, &flags, 4),
                STATUS_PRIVILEGE_NOT_HELD);
    CHECK_EQUAL(NtSetSystemInformation((SYSTEM_INFORMATION_CLASS)0x7777, &flags, 4),
                STATUS_INVALID_INFO_CLASS);
}

static void test_firmware(void)
{
    SYSTEM_FIRMWARE_TABLE_INFORMATION *table = (void *)buffer;
    ULONG needed = 0, head = FIELD_OFFSET(SYSTEM_FIRMWARE_TABLE_INFORMATION, TableBuffer);

    CHECK_EQUAL(query_system(SystemFirmwareTableInformation, 4, &needed), STATUS_INFO_LENGTH_MISMATCH);
    CHECK_EQUAL(needed, head);
    memset(buffer, 0, sizeof(buffer));
    *table =
        (SYSTEM_FIRMWARE_TABLE_INFORMATION){.ProviderSignature = 0x52534D42, .Action = SYSTEM_FIRMWARE_TABLE_GET};
    CHECK_EQUAL(NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)SystemFirmwareTableInformation, table,
                                         head, &needed),
                STATUS_BUFFER_TOO_SMALL);
    CHECK(table->TableBufferLength > 8 && needed == head + table->TableBufferLength, "%lu", needed);
    CHECK_EQUAL(NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)SystemFirmwareTableInformation, table,
                                         needed, &needed),
                0);
    // RawSMBIOSData: the length of the structures is the rest.
    CHECK_EQUAL(*(ULONG *)(table->TableBuffer + 4), table->TableBufferLength - 8);
    table->ProviderSignature = 0x58585858;
    CHECK_EQUAL(NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)SystemFirmwareTableInformation, table,
                                         1024, &needed),
                STATUS_NOT_IMPLEMENTED);
}

static NTSTATUS query_process(HANDLE process, ULONG class, ULONG length)
{
    memset(buffer, 0xcc, sizeof(buffer));
    return NtQueryInformationProcess(process, (PROCESSINFOCLASS) class, buffer, length, NULL);
}

static void test_process(void)
{
    HANDLE self = NtCurrentProcess();
    HANDLE limited = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, GetCurrentProcessId());
    PROCESS_EXTENDED_BASIC_INFORMATION basic = {.Size = sizeof(basic)};
    ULONG value = 0, needed = 0;

    CHECK_EQUAL(NtQueryInformationProcess(self, ProcessBasicInformation, &basic, sizeof(basic), &needed), 0);
    CHECK(needed == sizeof(basic) && basic.Flags == PROCESS_EXTENDED_IS_WOW64, "%lx", basic.Flags);
    CHECK_EQUAL((ULONG)basic.BasicInfo.UniqueProcessId, GetCurrentProcessId());
    CHECK_EQUAL(query_process(self, ProcessQuotaLimits, sizeof(QUOTA_LIMITS)), 0);
    CHECK_EQUAL(query_process(self, ProcessQuotaLimits, sizeof(QUOTA_LIMITS_EX)), 0);
    CHECK_EQUAL(query_process(self, ProcessQuotaLimits, 4), STATUS_INFO_LENGTH_MISMATCH);
    CHECK_EQUAL(query_process(self, ProcessVmCounters, sizeof(VM_COUNTERS_EX)), 0);
    CHECK_EQUAL(query_process(self, ProcessVmCounters, sizeof(VM_COUNTERS_EX2)), 0);
    CHECK_EQUAL(query_process(self, ProcessVmCounters, sizeof(VM_COUNTERS_EX) + 4),
                STATUS_INFO_LENGTH_MISMATCH);
    CHECK_EQUAL(query_process(self, ProcessHandleCount, 4), 0);
    CHECK_EQUAL(query_process(self, ProcessHandleCount, 8), 0);
    CHECK_EQUAL(query_process(self, ProcessHandleInformation, sizeof(buffer)), 0);
    CHECK(((PROCESS_HANDLE_SNAPSHOT_INFORMATION *)buffer)->NumberOfHandles > 2, "handles");
    CHECK_EQUAL(query_process(limited, ProcessHandleInformation, sizeof(buffer)), STATUS_ACCESS_DENIED);
    CHECK_EQUAL(query_process(limited, ProcessDebugPort, 4), STATUS_ACCESS_DENIED);
    CHECK_EQUAL(query_process(limited, ProcessCommandLineInformation, sizeof(buffer)), 0);
    CHECK(!wcscmp(((UNICODE_STRING *)buffer)->Buffer, GetCommandLineW()), "command line");
    CHECK_EQUAL(query_process(self, ProcessWindowInformation, sizeof(buffer)), 0);
    CHECK_EQUAL(query_process(self, ProcessIoPriority, 4), 0);
    CHECK_EQUAL(*(ULONG *)buffer, 2);
    CHECK_EQUAL(query_process(self, ProcessDeviceMap, sizeof(PROCESS_DEVICEMAP_INFORMATION)), 0);
    CHECK_EQUAL(((PROCESS_DEVICEMAP_INFORMATION *)buffer)->DriveMap, GetLogicalDrives());
    CHECK_EQUAL(query_process(self, ProcessHandleTracing, 8), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(query_process(self, ProcessWorkingSetWatch, 64), STATUS_UNSUCCESSFUL);
    CHECK_EQUAL(query_process(self, 0x7777, 4), STATUS_INVALID_INFO_CLASS);
    CHECK_EQUAL(NtQueryInformationProcess(self, ProcessDebugPort, buffer + 1, 4, NULL),
                STATUS_DATATYPE_MISALIGNMENT);
    CHECK_EQUAL(NtSetInformationProcess(self, ProcessBreakOnTermination, &value, 4),
                STATUS_PRIVILEGE_NOT_HELD);
    value = 9;
    CHECK_EQUAL(NtSetInformationProcess(self, ProcessPagePriority, &value, 4), STATUS_INVALID_PARAMETER);
    value = 3;
    CHECK_EQUAL(NtSetInformationProcess(self, ProcessPagePriority, &value, 4), 0);
    CHECK_EQUAL(query_process(self, ProcessPagePriority, 4), 0);
    CHECK_EQUAL(*(ULONG *)buffer, 3);
    POWER_THROTTLING_STATE state = {1, 1, 1};
    CHECK_EQUAL(
        NtSetInformationProcess(self, (PROCESSINFOCLASS)ProcessPowerThrottlingState, &state, sizeof(state)),
        0);
    state.ControlMask = 0;
    CHECK_EQUAL(
        NtSetInformationProcess(self, (PROCESSINFOCLASS)ProcessPowerThrottlingState, &state, sizeof(state)),
        STATUS_INVALID_PARAMETER);
    PROCESS_MITIGATION_POLICY_INFORMATION policy = {ProcessExtensionPointDisablePolicy, 1};
    CHECK_EQUAL(
        NtSetInformationProcess(self, (PROCESSINFOCLASS)ProcessMitigationPolicy, &policy, sizeof(policy)), 0);
    policy.Flags = 0;
    CHECK_EQUAL(NtQueryInformationProcess(self, (PROCESSINFOCLASS)ProcessMitigationPolicy, &policy,
                                          sizeof(policy), NULL),
                0);
    CHECK_EQUAL(policy.Flags, 1);
    CloseHandle(limited);
}

static void test_other_process(void)
{
    PROCESS_INFORMATION child = child_start("child", CREATE_SUSPENDED);
    CHECK_EQUAL(query_process(child.hProcess, ProcessCommandLineInformation, sizeof(buffer)), 0);
    const UNICODE_STRING *line = (void *)buffer;
    CHECK(line->Length > 10 && !wcscmp(line->Buffer + line->Length / 2 - 5, L"child"), "%ls", line->Buffer);
    ULONG value = 2;
    CHECK_EQUAL(NtSetInformationProcess(child.hProcess, ProcessPagePriority, &value, 4), 0);
    CHECK_EQUAL(query_process(child.hProcess, ProcessPagePriority, 4), 0);
    CHECK_EQUAL(*(ULONG *)buffer, 2);
    CHECK_EQUAL(query_process(child.hProcess, ProcessCookie, 4), STATUS_INVALID_PARAMETER);
    HANDLE thread = NULL;
    CHECK_EQUAL(NtGetNextThread(child.hProcess, NULL, THREAD_QUERY_INFORMATION, 0, 0, &thread), 0);
    CHECK_EQUAL(GetThreadId(thread), child.dwThreadId);
    CloseHandle(thread);
    ResumeThread(child.hThread);
    CHECK_EQUAL(child_end(child), 0);
}

static NTSTATUS query_thread(ULONG class, ULONG length)
{
    memset(buffer, 0xcc, sizeof(buffer));
    return NtQueryInformationThread(NtCurrentThread(), (THREADINFOCLASS) class, buffer, length, NULL);
}

static void test_thread(void)
{
    ULONG value = 1;
    HANDLE limited = OpenThread(THREAD_SET_LIMITED_INFORMATION, FALSE, GetCurrentThreadId());

    CHECK_EQUAL(query_thread(ThreadHideFromDebugger, 1), 0);
    CHECK_EQUAL(buffer[0], 0);
    CHECK_EQUAL(query_thread(ThreadHideFromDebugger, 4), STATUS_INFO_LENGTH_MISMATCH);
    CHECK_EQUAL(NtSetInformationThread(NtCurrentThread(), ThreadHideFromDebugger, &value, 4),
                STATUS_INFO_LENGTH_MISMATCH);
    CHECK_EQUAL(NtSetInformationThread(limited, ThreadHideFromDebugger, NULL, 0), STATUS_ACCESS_DENIED);
    CHECK_EQUAL(NtSetInformationThread(NtCurrentThread(), ThreadHideFromDebugger, NULL, 0), 0);
    CHECK_EQUAL(query_thread(ThreadHideFromDebugger, 1), 0);
    CHECK_EQUAL(buffer[0], 1);
    CHECK_EQUAL(query_thread(ThreadBreakOnTermination, 4), 0);
    CHECK_EQUAL(
        NtSetInformationThread(NtCurrentThread(), (THREADINFOCLASS)ThreadBreakOnTermination, &value, 4),
        STATUS_PRIVILEGE_NOT_HELD);
    CHECK_EQUAL(query_thread(ThreadDynamicCodePolicyInfo, 4), 0);
    CHECK_EQUAL(query_thread(ThreadSystemThreadInformation, sizeof(SYSTEM_THREAD_INFORMATION)), 0);
    CHECK_EQUAL((ULONG)((SYSTEM_THREAD_INFORMATION *)buffer)->ClientId.UniqueThread, GetCurrentThreadId());
    CHECK_EQUAL(query_thread(ThreadWow64Context, sizeof(buffer)), STATUS_INVALID_INFO_CLASS);
    PVOID self = NULL;
    THREAD_TEB_INFORMATION teb = {&self, FIELD_OFFSET(TEB, NtTib.Self), sizeof(self)};
    CHECK_EQUAL(NtQueryInformationThread(NtCurrentThread(), (THREADINFOCLASS)ThreadTebInformation, &teb,
                                         sizeof(teb), NULL),
                0);
    CHECK(self == NtCurrentTeb(), "teb");
    CloseHandle(limited);
}

static void test_wow64(void)
{
    ULONGLONG done = 7, size = 65536, base = 0, big = 0x100001000ull;
    PROCESS_BASIC_INFORMATION_WOW64 basic;
    SYSTEM_PROCESSOR_INFORMATION processor;
    USHORT machine = 1, native = 1;
    BOOLEAN supported = 9;
    int number = 5, copy = 0;

    CHECK_EQUAL(
        NtWow64ReadVirtualMemory64(NtCurrentProcess(), (ULONG_PTR)&number, &copy, sizeof(copy), &done), 0);
    CHECK(done == sizeof(copy) && copy == 5, "read");
    CHECK_EQUAL(NtWow64ReadVirtualMemory64(NtCurrentProcess(), big, &copy, sizeof(copy), &done),
                STATUS_PARTIAL_COPY);
    CHECK(!done, "read");
    // Not in the import library.
    NTSTATUS(NTAPI * allocate)(HANDLE, ULONGLONG *, ULONGLONG, ULONGLONG *, ULONG, ULONG) =
        (void *)GetProcAddress(GetModuleHandleA("ntdll"), "NtWow64AllocateVirtualMemory64");
    CHECK_EQUAL(allocate(NtCurrentProcess(), &base, 0, &size, MEM_COMMIT, PAGE_READWRITE), 0);
    CHECK(base && base < 0x100000000ull && size == 65536, "allocated");
    number = 6;
    CHECK_EQUAL(NtWow64WriteVirtualMemory64(NtCurrentProcess(), base, &number, sizeof(number), NULL), 0);
    CHECK_EQUAL(*(int *)(ULONG_PTR)base, 6);
    CHECK_EQUAL(NtWow64QueryInformationProcess64(NtCurrentProcess(), ProcessBasicInformation, &basic,
                                                 sizeof(basic), NULL),
                0);
    CHECK_EQUAL((ULONG)basic.UniqueProcessId, GetCurrentProcessId());
    CHECK_EQUAL(
        NtWow64GetNativeSystemInformation(SystemProcessorInformation, &processor, sizeof(processor), NULL),
        0);
    CHECK_EQUAL(processor.ProcessorArchitecture, PROCESSOR_ARCHITECTURE_AMD64);
    CHECK_EQUAL(RtlWow64GetProcessMachines(NtCurrentProcess(), &machine, &native), 0);
    CHECK(machine == IMAGE_FILE_MACHINE_I386 && native == IMAGE_FILE_MACHINE_AMD64, "machines");
    CHECK_EQUAL(RtlWow64IsWowGuestMachineSupported(IMAGE_FILE_MACHINE_ARMNT, &supported), 0);
    CHECK_EQUAL(supported, FALSE);
    CHECK_EQUAL(RtlWow64GetCurrentMachine(), IMAGE_FILE_MACHINE_I386);

    HANDLE none = NULL;
    ULONG machines[8] = {}, needed = 0;
    CHECK_EQUAL(NtQuerySystemInformationEx((SYSTEM_INFORMATION_CLASS)SystemSupportedProcessorArchitectures,
                                           &none, sizeof(none), machines, sizeof(machines), &needed),
                0);
    CHECK_EQUAL(needed, 12);
    CHECK_EQUAL(machines[0] & 0xffff, IMAGE_FILE_MACHINE_AMD64);
    CHECK_EQUAL(NtQuerySystemInformationEx((SYSTEM_INFORMATION_CLASS)SystemSupportedProcessorArchitectures,
                                           &none, sizeof(none), machines, 4, &needed),
                STATUS_BUFFER_TOO_SMALL);
}

static void test_power(void)
{
    SYSTEM_INFO info;
    GetSystemInfo(&info);
    ULONG size = info.dwNumberOfProcessors * sizeof(PROCESSOR_POWER_INFORMATION);
    CHECK_EQUAL(NtPowerInformation(ProcessorInformation, NULL, 0, buffer, size), 0);
    CHECK_EQUAL(NtPowerInformation(ProcessorInformation, NULL, 0, buffer, size - 1), STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(
        NtPowerInformation(SystemPowerCapabilities, NULL, 0, buffer, sizeof(SYSTEM_POWER_CAPABILITIES)), 0);
    CHECK_EQUAL(NtPowerInformation(SystemPowerCapabilities, buffer, 4, buffer, 512),
                STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(NtPowerInformation(LastWakeTime, NULL, 0, buffer, 8), 0);
}

// Classes that mingw-w64's enumerations lack have their number.
static void test_token(void)
{
    static const struct {
        ULONG class, size;
    } zeroes[] = {{40, 4}, {41, 4}, {42, 4}, {44, 8}, {45, 4}, {46, 4}, {47, 4}, {TokenDeviceGroups, 4}};
    HANDLE token;
    ULONG needed;
    CHECK_EQUAL(NtOpenProcessToken(NtCurrentProcess(), TOKEN_QUERY, &token), 0);
    for (unsigned i = 0; i < ARRAYSIZE(zeroes); i++) {
        memset(buffer, 0xcc, 16);
        needed = 0;
        NTSTATUS status =
            NtQueryInformationToken(token, (TOKEN_INFORMATION_CLASS)zeroes[i].class, buffer, 16, &needed);
        CHECK(status == 0 && needed == zeroes[i].size && !*(ULONG *)buffer, "%lu: %lx %lu", zeroes[i].class,
              status, needed);
    }
    CHECK_EQUAL(NtQueryInformationToken(token, (TOKEN_INFORMATION_CLASS)200, buffer, 16, &needed),
                STATUS_INVALID_INFO_CLASS);
    NtClose(token);
}

static void test_job(void)
{
    JOBOBJECT_BASIC_AND_IO_ACCOUNTING_INFORMATION *accounting = (void *)buffer;
    HANDLE job = CreateJobObjectW(NULL, NULL);
    ULONG needed = 0;
    memset(buffer, 0xcc, 128);
    CHECK_EQUAL(AssignProcessToJobObject(job, GetCurrentProcess()), TRUE);
    CHECK_EQUAL(NtQueryInformationJobObject(job, JobObjectBasicAndIoAccountingInformation, buffer,
                                            sizeof(*accounting), &needed),
                0);
    CHECK_EQUAL(needed, sizeof(*accounting));
    CHECK_EQUAL(accounting->BasicInfo.ActiveProcesses, 1);
    CHECK(accounting->IoInfo.ReadOperationCount > 0, "what was read");
    CHECK_EQUAL(NtQueryInformationJobObject(job, JobObjectBasicAndIoAccountingInformation, buffer,
                                            sizeof(*accounting) - 1, &needed),
                STATUS_INFO_LENGTH_MISMATCH);
    CHECK_EQUAL(NtQueryInformationJobObject(NULL, JobObjectCpuRateControlInformation, buffer, 8, &needed), 0);
    CHECK_EQUAL(*(ULONG *)buffer, 0);
    CHECK_EQUAL(NtQueryInformationJobObject(job, JobObjectGroupInformation, buffer, 2, &needed), 0);
    CHECK_EQUAL(needed, 2);
    CHECK_EQUAL(*(USHORT *)buffer, 0);
    CloseHandle(job);
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) return 0; // a child
    test_system_lengths();
    test_system_content();
    test_firmware();
    test_process();
    test_other_process();
    test_thread();
    test_wow64();
    test_power();
    test_token();
    test_job();
    return check_summary();
}
