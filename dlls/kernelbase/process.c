// Processes: ending them, opening them, and what can be asked and set. Making them: process_create.c.
#include "base.h"
#include "kernel_user_times.h"

// Runs the DLLs' detach calls and ends the process. Never returns.
HOTPATCH void WINAPI ExitProcess(UINT code)
{
    RtlExitUserProcess((NTSTATUS)code);
}

HOTPATCH BOOL WINAPI TerminateProcess(HANDLE process, UINT code)
{
    // NT's call takes NULL for the own process; the Win32 call does not.
    if (!process) return fail_with(ERROR_INVALID_HANDLE);
    return bool_from_status(NtTerminateProcess(process, (NTSTATUS)code));
}

HOTPATCH HANDLE WINAPI OpenProcess(DWORD access, BOOL inherit, DWORD id)
{
    HANDLE process = NULL;
    OBJECT_ATTRIBUTES attributes;
    CLIENT_ID client = {(HANDLE)(ULONG_PTR)id, NULL};
    InitializeObjectAttributes(&attributes, NULL, inherit ? OBJ_INHERIT : 0, NULL, NULL);
    if (!id) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return bool_from_status(NtOpenProcess(&process, access, &attributes, &client)) ? process : NULL;
}

HOTPATCH HANDLE WINAPI GetCurrentProcess(void)
{
    return NtCurrentProcess();
}

HOTPATCH DWORD WINAPI GetCurrentProcessId(void)
{
    return (DWORD)(ULONG_PTR)teb_self()->ClientId.UniqueProcess;
}

static bool query_process(HANDLE process, PROCESSINFOCLASS class, void *data, ULONG size)
{
    return bool_from_status(NtQueryInformationProcess(process, class, data, size, NULL));
}

static BOOL set_process(HANDLE process, PROCESSINFOCLASS class, void *data, ULONG size)
{
    return bool_from_status(NtSetInformationProcess(process, class, data, size));
}

HOTPATCH DWORD WINAPI GetProcessId(HANDLE process)
{
    PROCESS_BASIC_INFORMATION info;
    if (!query_process(process, ProcessBasicInformation, &info, sizeof(info))) return 0;
    return (DWORD)(ULONG_PTR)info.UniqueProcessId;
}

HOTPATCH BOOL WINAPI GetExitCodeProcess(HANDLE process, DWORD *code)
{
    PROCESS_BASIC_INFORMATION info;
    if (!query_process(process, ProcessBasicInformation, &info, sizeof(info))) return FALSE;
    if (code) *code = (DWORD)info.ExitStatus;
    return TRUE;
}

HOTPATCH BOOL WINAPI GetProcessTimes(HANDLE process, FILETIME *creation, FILETIME *exit, FILETIME *kernel,
                                     FILETIME *user)
{
    KERNEL_USER_TIMES times;
    if (!query_process(process, ProcessTimes, &times, sizeof(times))) return FALSE;
    give_times(&times, creation, exit, kernel, user);
    return TRUE;
}

HOTPATCH BOOL WINAPI GetProcessHandleCount(HANDLE process, DWORD *count)
{
    return query_process(process, ProcessHandleCount, count, sizeof(*count));
}

HOTPATCH BOOL WINAPI GetProcessIoCounters(HANDLE process, IO_COUNTERS *counters)
{
    return query_process(process, ProcessIoCounters, counters, sizeof(*counters));
}

// One session: the console's.
HOTPATCH BOOL WINAPI ProcessIdToSessionId(DWORD id, DWORD *session)
{
    if (id != GetCurrentProcessId()) {
        AUTO_CLOSE HANDLE process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, id);
        if (!process) return FALSE;
        return query_process(process, ProcessSessionInformation, session, sizeof(*session));
    }
    *session = peb_self()->SessionId;
    return TRUE;
}

// 32-bit programs run on a 64-bit system: TRUE for each process that has a WoW64 PEB.
HOTPATCH BOOL WINAPI IsWow64Process(HANDLE process, BOOL *wow64)
{
    ULONG_PTR peb = 0;
    if (!query_process(process, ProcessWow64Information, &peb, sizeof(peb))) return FALSE;
    *wow64 = peb != 0;
    return TRUE;
}

HOTPATCH BOOL WINAPI IsWow64Process2(HANDLE process, USHORT *machine, USHORT *native)
{
    BOOL wow64;
    if (!IsWow64Process(process, &wow64)) return FALSE;
    *machine = wow64 ? IMAGE_FILE_MACHINE_I386 : IMAGE_FILE_MACHINE_UNKNOWN;
    if (native) *native = IMAGE_FILE_MACHINE_AMD64;
    return TRUE;
}

// The version of Windows that a process's program asks for: MAKELONG(minor, major). 0: an error.
HOTPATCH DWORD WINAPI GetProcessVersion(DWORD id)
{
    if (!id || id == GetCurrentProcessId())
        return MAKELONG(peb_self()->ImageSubsystemMinorVersion, peb_self()->ImageSubsystemMajorVersion);
    AUTO_CLOSE HANDLE process = OpenProcess(PROCESS_QUERY_INFORMATION | PROCESS_VM_READ, FALSE, id);
    ULONG_PTR peb = 0;
    ULONG major, minor;
    if (!process || !query_process(process, ProcessWow64Information, &peb, sizeof(peb)) ||
        !ReadProcessMemory(process, (char *)peb + offsetof(PEB, ImageSubsystemMajorVersion), &major,
                           sizeof(major), NULL) ||
        !ReadProcessMemory(process, (char *)peb + offsetof(PEB, ImageSubsystemMinorVersion), &minor,
                           sizeof(minor), NULL))
        return 0;
    return MAKELONG(minor, major);
}

// The session of who sits in front of the machine: there is one.
HOTPATCH DWORD WINAPI WTSGetActiveConsoleSessionId(void)
{
    return peb_self()->SessionId;
}

HOTPATCH BOOL WINAPI GetSystemRegistryQuota(DWORD *allowed, DWORD *used)
{
    ULONG info[3];
    NTSTATUS status = NtQuerySystemInformation(SystemRegistryQuotaInformation, info, sizeof(info), NULL);
    if (!bool_from_status(status)) return FALSE;
    if (allowed) *allowed = info[0];
    if (used) *used = info[1];
    return TRUE;
}

HOTPATCH BOOL WINAPI GetSystemCpuSetInformation(void *info, ULONG length, ULONG *returned, HANDLE process,
                                                ULONG flags)
{
    enum { SystemCpuSetInformation = 175 };
    if (flags) return fail_with(ERROR_INVALID_PARAMETER);
    return bool_from_status(NtQuerySystemInformationEx((SYSTEM_INFORMATION_CLASS)SystemCpuSetInformation,
                                                       &process, sizeof(process), info, length, returned));
}

// ---- priority and affinity ----

// NT's numbers of the classes, in ascending order of their names' values there.
static const DWORD priority_classes[] = {
    0,
    IDLE_PRIORITY_CLASS,
    NORMAL_PRIORITY_CLASS,
    HIGH_PRIORITY_CLASS,
    REALTIME_PRIORITY_CLASS,
    BELOW_NORMAL_PRIORITY_CLASS,
    ABOVE_NORMAL_PRIORITY_CLASS,
};

DWORD priority_class_from_nt(ULONG class)
{
    return class < ARRAY_LENGTH(priority_classes) ? priority_classes[class] : 0;
}

UCHAR priority_class_to_nt(DWORD class)
{
    for (unsigned i = 1; i < ARRAY_LENGTH(priority_classes); i++)
        if (class == priority_classes[i]) return (UCHAR)i;
    return PROCESS_PRIORITY_CLASS_UNKNOWN;
}

HOTPATCH DWORD WINAPI GetPriorityClass(HANDLE process)
{
    PROCESS_PRIORITY_CLASS info = {};
    if (!query_process(process, ProcessPriorityClass, &info, sizeof(info))) return 0;
    return priority_class_from_nt(info.PriorityClass);
}

HOTPATCH BOOL WINAPI SetPriorityClass(HANDLE process, DWORD class)
{
    PROCESS_PRIORITY_CLASS info = {.PriorityClass = priority_class_to_nt(class)};
    if (!info.PriorityClass) return fail_with(ERROR_INVALID_PARAMETER);
    return set_process(process, ProcessPriorityClass, &info, sizeof(info));
}

HOTPATCH BOOL WINAPI SetProcessPriorityBoost(HANDLE process, BOOL disable)
{
    ULONG value = disable != 0;
    return set_process(process, ProcessPriorityBoost, &value, sizeof(value));
}

HOTPATCH BOOL WINAPI GetProcessPriorityBoost(HANDLE process, BOOL *disabled)
{
    ULONG value = 0;
    if (!query_process(process, ProcessPriorityBoost, &value, sizeof(value))) return FALSE;
    *disabled = value != 0;
    return TRUE;
}

HOTPATCH BOOL WINAPI GetProcessAffinityMask(HANDLE process, DWORD_PTR *process_mask, DWORD_PTR *system_mask)
{
    PROCESS_BASIC_INFORMATION info;
    SYSTEM_BASIC_INFORMATION system;
    if (!query_process(process, ProcessBasicInformation, &info, sizeof(info)) ||
        !bool_from_status(NtQuerySystemInformation(SystemBasicInformation, &system, sizeof(system), NULL)))
        return FALSE;
    *process_mask = info.AffinityMask;
    *system_mask = system.ActiveProcessors;
    return TRUE;
}

HOTPATCH BOOL WINAPI SetProcessAffinityMask(HANDLE process, DWORD_PTR mask)
{
    return set_process(process, ProcessAffinityMask, &mask, sizeof(mask));
}

// ---- images ----

// Writes the path of the process's program; *size counts characters, without the NUL afterwards.
HOTPATCH BOOL WINAPI QueryFullProcessImageNameW(HANDLE process, DWORD flags, WCHAR *buffer, DWORD *size)
{
    const ULONG bytes = sizeof(UNICODE_STRING) + 0x8000 * sizeof(WCHAR);
    if (flags & ~(DWORD)PROCESS_NAME_NATIVE) return fail_with(ERROR_INVALID_PARAMETER);
    AUTO_FREE UNICODE_STRING *name = heap_alloc(bytes);
    if (!name) return FALSE;
    PROCESSINFOCLASS class = flags & PROCESS_NAME_NATIVE ? ProcessImageFileName : ProcessImageFileNameWin32;
    if (!query_process(process, class, name, bytes)) return FALSE;
    DWORD length = name->Length / sizeof(WCHAR);
    if (length >= *size) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    memcpy(buffer, name->Buffer, name->Length);
    buffer[length] = 0;
    *size = length;
    return TRUE;
}

HOTPATCH BOOL WINAPI QueryFullProcessImageNameA(HANDLE process, DWORD flags, char *buffer, DWORD *size)
{
    DWORD length = 0x7FFF;
    AUTO_FREE WCHAR *wide = heap_alloc(length * sizeof(WCHAR));
    if (!wide || !QueryFullProcessImageNameW(process, flags, wide, &length)) return FALSE;
    DWORD written = ansi_from_wide(buffer, *size, wide, length);
    if (written >= *size) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    *size = written;
    return TRUE;
}

// ---- handles ----

#define HANDLE_FLAGS ((OBJECT_INFORMATION_CLASS)ObjectHandleFlagInformation)

HOTPATCH BOOL WINAPI CloseHandle(HANDLE handle)
{
    RTL_USER_PROCESS_PARAMETERS *parameters = current_parameters();
    // Pseudo handles of tokens need no closing.
    if ((LONG_PTR)handle <= -4 && (LONG_PTR)handle >= -6) return TRUE;
    // A standard handle named by its number is forgotten when it is closed.
    HANDLE *standard = NULL;
    switch ((DWORD)(ULONG_PTR)handle) {
    case STD_INPUT_HANDLE: standard = &parameters->StandardInput; break;
    case STD_OUTPUT_HANDLE: standard = &parameters->StandardOutput; break;
    case STD_ERROR_HANDLE: standard = &parameters->StandardError; break;
    }
    if (standard) handle = InterlockedExchangePointer(standard, NULL);
    return bool_from_status(NtClose(handle));
}

HOTPATCH BOOL WINAPI DuplicateHandle(HANDLE source_process, HANDLE source, HANDLE target_process,
                                     HANDLE *target, DWORD access, BOOL inherit, DWORD options)
{
    return bool_from_status(NtDuplicateObject(source_process, resolve_standard_handle(source), target_process,
                                              target, access, inherit ? OBJ_INHERIT : 0, options));
}

HOTPATCH BOOL WINAPI GetHandleInformation(HANDLE handle, DWORD *flags)
{
    OBJECT_HANDLE_FLAG_INFORMATION info;
    NTSTATUS status = NtQueryObject(handle, HANDLE_FLAGS, &info, sizeof(info), NULL);
    if (!bool_from_status(status)) return FALSE;
    *flags = (info.Inherit ? HANDLE_FLAG_INHERIT : 0) |
             (info.ProtectFromClose ? HANDLE_FLAG_PROTECT_FROM_CLOSE : 0);
    return TRUE;
}

HOTPATCH BOOL WINAPI SetHandleInformation(HANDLE handle, DWORD mask, DWORD flags)
{
    OBJECT_HANDLE_FLAG_INFORMATION info;
    handle = resolve_standard_handle(handle);
    NTSTATUS status = NtQueryObject(handle, HANDLE_FLAGS, &info, sizeof(info), NULL);
    if (!bool_from_status(status)) return FALSE;
    if (mask & HANDLE_FLAG_INHERIT) info.Inherit = (flags & HANDLE_FLAG_INHERIT) != 0;
    if (mask & HANDLE_FLAG_PROTECT_FROM_CLOSE)
        info.ProtectFromClose = (flags & HANDLE_FLAG_PROTECT_FROM_CLOSE) != 0;
    return bool_from_status(NtSetInformationObject(handle, HANDLE_FLAGS, &info, sizeof(info)));
}

// Newer than the headers.
#ifndef STATUS_NOT_SAME_OBJECT
#define STATUS_NOT_SAME_OBJECT ((NTSTATUS)0xC00001AC)
#endif
#ifndef ERROR_NOT_SAME_OBJECT
#define ERROR_NOT_SAME_OBJECT 1656
#endif

HOTPATCH BOOL WINAPI CompareObjectHandles(HANDLE first, HANDLE second)
{
    NTSTATUS status = NtCompareObjects(first, second);
    if (status == STATUS_NOT_SAME_OBJECT) return fail_with(ERROR_NOT_SAME_OBJECT);
    return bool_from_status(status);
}
