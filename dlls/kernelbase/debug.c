// Debugging: being debugged, breaking, and text for the debugger.
#include "debug_monitor.h"

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

// A debugger sees the text through an exception that it continues; without one a monitor gets it, if there is
// any. The exception is only raised when a debugger could look.
HOTPATCH void WINAPI OutputDebugStringA(const char *text)
{
    if (!text) text = "";
    if (!peb_self()->BeingDebugged) {
        debug_monitor_write(text);
        return;
    }
    ULONG_PTR arguments[2] = {strlen(text) + 1, (ULONG_PTR)text};
    RaiseException(DBG_PRINTEXCEPTION_C, 0, 2, arguments);
}

HOTPATCH void WINAPI OutputDebugStringW(const WCHAR *text)
{
    UNICODE_STRING wide;
    ANSI_STRING ansi;
    RtlInitUnicodeString(&wide, text ? text : L"");
    if (!NT_SUCCESS(RtlUnicodeStringToAnsiString(&ansi, &wide, TRUE))) return;
    OutputDebugStringA(ansi.Buffer);
    RtlFreeAnsiString(&ansi);
}
