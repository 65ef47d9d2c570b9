// Debugging: being debugged, breaking, and text for the debugger.
#include "debug_monitor.h"
#include "dlls/ntdll/guard.h"

HOTPATCH BOOL WINAPI IsDebuggerPresent(void)
{
    return peb_self()->BeingDebugged;
}

HOTPATCH BOOL WINAPI CheckRemoteDebuggerPresent(HANDLE process, BOOL *present)
{
    ULONG_PTR port = 0;
    if (!process || !present) return fail_with(ERROR_INVALID_PARAMETER);
    NTSTATUS status = NtQueryInformationProcess(process, ProcessDebugPort, &port, sizeof(port), NULL);
    if (!bool_from_status(status)) return FALSE;
    *present = port != 0;
    return TRUE;
}

HOTPATCH void WINAPI DebugBreak(void)
{
    DbgBreakPoint();
}

// ---- text: an exception that a debugger or a vectored handler may take; what nobody takes ends here ----

static void raise_ansi(void *context)
{
    const char *text = context;
    ULONG_PTR arguments[2] = {strlen(text) + 1, (ULONG_PTR)text};
    RaiseException(DBG_PRINTEXCEPTION_C, 0, ARRAYSIZE(arguments), arguments);
}

// A monitor gets the text that nobody took, if there is one.
HOTPATCH void WINAPI OutputDebugStringA(const char *text)
{
    if (!text) text = "";
    if (lowland_guarded_call(raise_ansi, (void *)text) == DBG_PRINTEXCEPTION_C) debug_monitor_write(text);
}

struct wide_text {
    UNICODE_STRING wide;
    ANSI_STRING ansi;
};

static void raise_wide(void *context)
{
    const struct wide_text *text = context;
    ULONG_PTR arguments[4] = {text->wide.Length / sizeof(WCHAR) + 1, (ULONG_PTR)text->wide.Buffer,
                              text->ansi.Length + 1, (ULONG_PTR)text->ansi.Buffer};
    RaiseException(DBG_PRINTEXCEPTION_WIDE_C, 0, ARRAYSIZE(arguments), arguments);
}

// Who takes no wide text may take it in the ANSI code page.
HOTPATCH void WINAPI OutputDebugStringW(const WCHAR *text)
{
    struct wide_text both;
    RtlInitUnicodeString(&both.wide, text ? text : L"");
    if (!NT_SUCCESS(RtlUnicodeStringToAnsiString(&both.ansi, &both.wide, TRUE))) return;
    if (lowland_guarded_call(raise_wide, &both)) OutputDebugStringA(both.ansi.Buffer);
    RtlFreeAnsiString(&both.ansi);
}
