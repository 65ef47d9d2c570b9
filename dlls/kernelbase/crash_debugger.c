// The postmortem debugger: HKLM\...\AeDebug has a command line in which the process, an event and the address
// of a description of the exception are filled in. Who debugs sets the event once it has attached.
#include "crash_debugger.h"

#define AE_DEBUG       L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\AeDebug"
#define AUTO_EXCLUSION AE_DEBUG L"\\AutoExclusionList"

enum { COMMAND_MAX = 1024, VALUES = 3, DIGITS_MAX = 11 };

// What a debugger reads behind the third value: minidump tools know it as JIT_DEBUG_INFO.
static struct {
    DWORD size, architecture, thread, reserved;
    ULONG64 address, record, context;
} description;
_Static_assert(sizeof(description) == 0x28, "dbgeng's layout");

// ---- what the registry says ----

static bool read_text(const WCHAR *name, WCHAR *text, DWORD units)
{
    DWORD size = units * sizeof(WCHAR);
    return !RegGetValueW(HKEY_LOCAL_MACHINE, AE_DEBUG, name, RRF_RT_REG_SZ, NULL, text, &size);
}

// Starting without asking is all that can be done: there is nobody to ask.
static bool is_automatic(void)
{
    WCHAR text[8];
    return read_text(L"Auto", text, ARRAYSIZE(text)) && text[0] == '1' && !text[1];
}

static bool is_excluded(void)
{
    const UNICODE_STRING *path = &current_parameters()->ImagePathName;
    WCHAR name[MAX_PATH];
    SIZE_T start = path->Length / sizeof(WCHAR), length = start;
    DWORD value = 0, size = sizeof(value);
    while (start && path->Buffer[start - 1] != '\\') start--;
    length -= start;
    if (length >= MAX_PATH) return false;
    memcpy(name, path->Buffer + start, length * sizeof(WCHAR));
    name[length] = 0;
    return !RegGetValueW(HKEY_LOCAL_MACHINE, AUTO_EXCLUSION, name, RRF_RT_REG_DWORD, NULL, &value, &size) &&
           value;
}

// ---- the command line ----

static unsigned put_number(WCHAR *at, ULONG_PTR value, unsigned base, unsigned width)
{
    WCHAR digits[DIGITS_MAX];
    unsigned n = 0;
    do digits[n++] = L"0123456789ABCDEF"[value % base];
    while ((value /= base) || n < width);
    for (unsigned i = 0; i < n; i++) at[i] = digits[n - 1 - i];
    return n;
}

// Fills the values into a format of printf's kind: a conversion to an integer or a pointer takes the next
// one. False when it does not fit.
static bool fill_in(WCHAR *line, unsigned room, const WCHAR *format, const ULONG_PTR values[VALUES])
{
    unsigned length = 0, next = 0;
    for (const WCHAR *at = format; *at; at++) {
        if (length + DIGITS_MAX >= room) return false;
        const WCHAR *conversion = at + 1;
        while (*at == '%' && (*conversion == 'l' || (*conversion >= '0' && *conversion <= '9'))) conversion++;
        bool pointer = *conversion == 'p', hexadecimal = pointer || *conversion == 'x' || *conversion == 'X';
        bool decimal = *conversion == 'd' || *conversion == 'i' || *conversion == 'u';
        if (*at == '%' && next < VALUES && (hexadecimal || decimal)) {
            length += put_number(line + length, values[next++], hexadecimal ? 16 : 10, pointer ? 8 : 1);
            at = conversion;
        } else {
            line[length++] = *at;
            if (at[0] == '%' && at[1] == '%') at++;
        }
    }
    line[length] = 0;
    return true;
}

// ---- starting ----

static void describe(const EXCEPTION_POINTERS *exception)
{
    description.size = sizeof(description);
    description.architecture = PROCESSOR_ARCHITECTURE_INTEL;
    description.thread = GetCurrentThreadId();
    description.address = (ULONG_PTR)exception->ExceptionRecord->ExceptionAddress;
    description.record = (ULONG_PTR)exception->ExceptionRecord;
    description.context = (ULONG_PTR)exception->ContextRecord;
}

static bool start(WCHAR *line, PROCESS_INFORMATION *process)
{
    STARTUPINFOW info = {.cb = sizeof(info)};
    if (!CreateProcessW(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &info, process)) return false;
    NtClose(process->hThread);
    return true;
}

// Both the format and what becomes of it: the crashed thread may have little stack left.
struct command {
    WCHAR format[COMMAND_MAX], line[COMMAND_MAX];
};

static void start_and_wait(struct command *command, const EXCEPTION_POINTERS *exception)
{
    SECURITY_ATTRIBUTES inheritable = {sizeof(inheritable), NULL, TRUE};
    PROCESS_INFORMATION process;
    if (!read_text(L"Debugger", command->format, COMMAND_MAX) || !command->format[0]) return;
    AUTO_CLOSE HANDLE attached = CreateEventW(&inheritable, TRUE, FALSE, NULL);
    if (!attached) return;
    const ULONG_PTR values[VALUES] = {GetCurrentProcessId(), (ULONG_PTR)attached, (ULONG_PTR)&description};
    describe(exception);
    if (!fill_in(command->line, COMMAND_MAX, command->format, values) || !start(command->line, &process))
        return;
    HANDLE either[] = {attached, process.hProcess};
    WaitForMultipleObjects(ARRAYSIZE(either), either, FALSE, INFINITE);
    NtClose(process.hProcess);
}

static bool is_debugged(void)
{
    BOOL present = FALSE;
    return CheckRemoteDebuggerPresent(NtCurrentProcess(), &present) && present;
}

void crash_debugger_run(EXCEPTION_POINTERS *exception)
{
    static LONG owner; // the thread that has a debugger started: an exception meanwhile starts no other one
    LONG self = (LONG)GetCurrentThreadId(), other;
    if (owner == self || !is_automatic() || is_excluded()) return;
    while ((other = InterlockedCompareExchange(&owner, self, 0)))
        WaitOnAddress(&owner, &other, sizeof(owner), INFINITE);
    AUTO_FREE struct command *command = is_debugged() ? NULL : heap_alloc(sizeof(*command));
    if (command) start_and_wait(command, exception);
    InterlockedExchange(&owner, 0);
    RtlWakeAddressAll(&owner);
}
