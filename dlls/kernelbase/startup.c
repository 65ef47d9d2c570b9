// What a process was started with: command line, STARTUPINFO, standard handles.
#include "base.h"

static char *ansi_command_line;

// The ANSI form is made once, at load: GetCommandLineA must return the same pointer each time.
void command_line_init(void)
{
    const UNICODE_STRING *line = &current_parameters()->CommandLine;
    ANSI_STRING ansi;
    if (NT_SUCCESS(RtlUnicodeStringToAnsiString(&ansi, line, TRUE))) ansi_command_line = ansi.Buffer;
}

HOTPATCH WCHAR *WINAPI GetCommandLineW(void)
{
    return current_parameters()->CommandLine.Buffer;
}

HOTPATCH char *WINAPI GetCommandLineA(void)
{
    return ansi_command_line;
}

// The three handles are only written when the creator passed some.
HOTPATCH void WINAPI GetStartupInfoW(STARTUPINFOW *info)
{
    const RTL_USER_PROCESS_PARAMETERS *parameters = current_parameters();
    memset(info, 0, offsetof(STARTUPINFOW, hStdInput));
    info->cb = sizeof(*info);
    info->lpReserved = parameters->ShellInfo.Buffer;
    info->lpDesktop = parameters->DesktopInfo.Buffer;
    info->lpTitle = parameters->WindowTitle.Buffer;
    info->dwX = parameters->StartingX;
    info->dwY = parameters->StartingY;
    info->dwXSize = parameters->CountX;
    info->dwYSize = parameters->CountY;
    info->dwXCountChars = parameters->CountCharsX;
    info->dwYCountChars = parameters->CountCharsY;
    info->dwFillAttribute = parameters->FillAttribute;
    info->dwFlags = parameters->WindowFlags;
    info->wShowWindow = (WORD)parameters->ShowWindowFlags;
    info->cbReserved2 = parameters->RuntimeData.Length;
    info->lpReserved2 = (BYTE *)parameters->RuntimeData.Buffer;
    if (parameters->WindowFlags & (STARTF_USESTDHANDLES | STARTF_USEHOTKEY)) {
        info->hStdInput = parameters->StandardInput;
        info->hStdOutput = parameters->StandardOutput;
        info->hStdError = parameters->StandardError;
    }
}

// The ANSI strings are made on the first call and stay, as their pointers are handed out.
static char *ansi_copy(const UNICODE_STRING *text)
{
    ANSI_STRING ansi;
    if (!text->Buffer || !NT_SUCCESS(RtlUnicodeStringToAnsiString(&ansi, text, TRUE))) return NULL;
    return ansi.Buffer;
}

HOTPATCH void WINAPI GetStartupInfoA(STARTUPINFOA *info)
{
    static char *strings[3];
    static LONG made;
    const RTL_USER_PROCESS_PARAMETERS *parameters = current_parameters();
    if (!__atomic_load_n(&made, __ATOMIC_ACQUIRE)) {
        RtlAcquirePebLock();
        if (!made) {
            strings[0] = ansi_copy(&parameters->ShellInfo);
            strings[1] = ansi_copy(&parameters->DesktopInfo);
            strings[2] = ansi_copy(&parameters->WindowTitle);
            __atomic_store_n(&made, 1, __ATOMIC_RELEASE);
        }
        RtlReleasePebLock();
    }
    // Both forms have one layout: only the strings differ, and what stands for no handle.
    info->hStdInput = info->hStdOutput = info->hStdError = INVALID_HANDLE_VALUE;
    GetStartupInfoW((STARTUPINFOW *)info);
    info->lpReserved = strings[0];
    info->lpDesktop = strings[1];
    info->lpTitle = strings[2];
}

HOTPATCH HANDLE WINAPI GetStdHandle(DWORD which)
{
    if (which != STD_INPUT_HANDLE && which != STD_OUTPUT_HANDLE && which != STD_ERROR_HANDLE) {
        SetLastError(ERROR_INVALID_HANDLE);
        return INVALID_HANDLE_VALUE;
    }
    return resolve_standard_handle((HANDLE)(ULONG_PTR)which);
}

HOTPATCH BOOL WINAPI SetStdHandleEx(DWORD which, HANDLE handle, HANDLE *previous)
{
    RTL_USER_PROCESS_PARAMETERS *parameters = current_parameters();
    HANDLE *slot;
    switch (which) {
    case STD_INPUT_HANDLE: slot = &parameters->StandardInput; break;
    case STD_OUTPUT_HANDLE: slot = &parameters->StandardOutput; break;
    case STD_ERROR_HANDLE: slot = &parameters->StandardError; break;
    default: return fail_with(ERROR_INVALID_HANDLE);
    }
    HANDLE old = InterlockedExchangePointer(slot, handle);
    if (previous) *previous = old;
    return TRUE;
}

HOTPATCH BOOL WINAPI SetStdHandle(DWORD which, HANDLE handle)
{
    return SetStdHandleEx(which, handle, NULL);
}

// Handles are not limited on NT: answers the number asked for.
HOTPATCH UINT WINAPI SetHandleCount(UINT count)
{
    return count;
}

HANDLE resolve_standard_handle(HANDLE handle)
{
    RTL_USER_PROCESS_PARAMETERS *parameters = current_parameters();
    switch ((DWORD)(ULONG_PTR)handle) {
    case STD_INPUT_HANDLE: return parameters->StandardInput;
    case STD_OUTPUT_HANDLE: return parameters->StandardOutput;
    case STD_ERROR_HANDLE: return parameters->StandardError;
    default: return handle;
    }
}
