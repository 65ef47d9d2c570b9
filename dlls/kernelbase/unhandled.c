// The last resort of exceptions: the program's top-level filter, and raising exceptions from C.
#include "crash_debugger.h"

// Encoded, so that an overwritten pointer can't be aimed.
static void *top_level_filter;

HOTPATCH LPTOP_LEVEL_EXCEPTION_FILTER WINAPI SetUnhandledExceptionFilter(LPTOP_LEVEL_EXCEPTION_FILTER filter)
{
    void *old =
        InterlockedExchangePointer(&top_level_filter, filter ? RtlEncodePointer((void *)filter) : NULL);
    return old ? (LPTOP_LEVEL_EXCEPTION_FILTER)RtlDecodePointer(old) : NULL;
}

static bool is_debugged(void)
{
    ULONG_PTR port = 0;
    return NT_SUCCESS(
               NtQueryInformationProcess(NtCurrentProcess(), ProcessDebugPort, &port, sizeof(port), NULL)) &&
           port;
}

// A write to a resource section (old programs patch dialogs in place) is allowed once and retried.
static bool unlock_resource_page(const EXCEPTION_RECORD *record)
{
    if (record->ExceptionCode != (DWORD)EXCEPTION_ACCESS_VIOLATION || record->NumberParameters < 2 ||
        record->ExceptionInformation[0] != 1)
        return false;
    void *address = (void *)record->ExceptionInformation[1], *base = NULL;
    if (!RtlPcToFileHeader(address, &base)) return false;
    ULONG size = 0;
    char *resources = RtlImageDirectoryEntryToData(base, TRUE, IMAGE_DIRECTORY_ENTRY_RESOURCE, &size);
    if (!resources || (char *)address < resources || (char *)address >= resources + size) return false;
    SIZE_T length = 1;
    ULONG old;
    return NT_SUCCESS(NtProtectVirtualMemory(NtCurrentProcess(), &address, &length, PAGE_READWRITE, &old));
}

// A job may want its processes to die without further ado.
static bool job_wants_death(void)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits;
    NTSTATUS status =
        NtQueryInformationJobObject(NULL, JobObjectExtendedLimitInformation, &limits, sizeof(limits), NULL);
    return NT_SUCCESS(status) &&
           (limits.BasicLimitInformation.LimitFlags & JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION);
}

// Called when nothing else handled an exception. What the program's filter says decides; without one the
// search goes on, to a debugger if AeDebug names one, and the host reports the crash and ends the process
// with the exception's code.
HOTPATCH LONG WINAPI UnhandledExceptionFilter(EXCEPTION_POINTERS *pointers)
{
    if (unlock_resource_page(pointers->ExceptionRecord)) return EXCEPTION_CONTINUE_EXECUTION;
    if (is_debugged()) return EXCEPTION_CONTINUE_SEARCH;
    void *encoded = __atomic_load_n(&top_level_filter, __ATOMIC_ACQUIRE);
    if (encoded) {
        LONG result = ((LPTOP_LEVEL_EXCEPTION_FILTER)RtlDecodePointer(encoded))(pointers);
        if (result != EXCEPTION_CONTINUE_SEARCH) return result;
    }
    if ((GetErrorMode() & SEM_NOGPFAULTERRORBOX) || (GetThreadErrorMode() & SEM_NOGPFAULTERRORBOX))
        return EXCEPTION_EXECUTE_HANDLER;
    if (!job_wants_death()) crash_debugger_run(pointers);
    return EXCEPTION_CONTINUE_SEARCH;
}

// Raises a software exception at the caller's address.
HOTPATCH void WINAPI RaiseException(DWORD code, DWORD flags, DWORD count, const ULONG_PTR *arguments)
{
    EXCEPTION_RECORD record;
    memset(&record, 0, sizeof(record));
    record.ExceptionCode = code;
    record.ExceptionFlags = flags & EXCEPTION_NONCONTINUABLE;
    record.ExceptionAddress = (void *)RaiseException;
    if (arguments) {
        if (count > EXCEPTION_MAXIMUM_PARAMETERS) count = EXCEPTION_MAXIMUM_PARAMETERS;
        record.NumberParameters = count;
        memcpy(record.ExceptionInformation, arguments, count * sizeof(*arguments));
    }
    RtlRaiseException(&record);
}

// Ends the process at once: a second-chance exception that no handler of the program sees.
HOTPATCH void WINAPI RaiseFailFastException(EXCEPTION_RECORD *record, CONTEXT *context, DWORD flags)
{
    EXCEPTION_RECORD own_record;
    CONTEXT own_context;
    if (!context) {
        RtlCaptureContext(&own_context);
        context = &own_context;
    }
    if (!record) {
        memset(&own_record, 0, sizeof(own_record));
        own_record.ExceptionCode = STATUS_FAIL_FAST_EXCEPTION;
        own_record.ExceptionAddress = __builtin_return_address(0);
        record = &own_record;
    } else if (flags & FAIL_FAST_GENERATE_EXCEPTION_ADDRESS) {
        record->ExceptionAddress = __builtin_return_address(0);
    }
    record->ExceptionFlags = EXCEPTION_NONCONTINUABLE;
    NtRaiseException(record, context, FALSE);
    NtTerminateProcess(NtCurrentProcess(), (NTSTATUS)record->ExceptionCode);
}

// Shows the text where the user can read it and ends the process.
HOTPATCH void WINAPI FatalAppExitW(UINT action, const WCHAR *text)
{
    HANDLE file = GetStdHandle(STD_ERROR_HANDLE);
    char line[512];
    DWORD written,
        length = ansi_from_wide(line, sizeof(line) - 1, text ? text : L"", text ? wide_length(text) : 0);
    (void)action;
    if (length < sizeof(line) - 1) {
        line[length++] = '\n';
        WriteFile(file, line, length, &written, NULL);
    }
    ExitProcess(0);
}

HOTPATCH void WINAPI FatalAppExitA(UINT action, const char *text)
{
    AUTO_FREE WCHAR *wide = wide_from_ansi(text);
    FatalAppExitW(action, wide);
}

HOTPATCH void WINAPI FatalExit(int code)
{
    ExitProcess((UINT)code);
}
