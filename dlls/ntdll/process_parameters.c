// Process parameters: one block with all strings behind the structure, in which addresses are real
// (normalized) or offsets from the block's start.
#include "rtl.h"

// Strings begin at multiples of this, as in Windows' blocks.
#define ALIGN(size) (((size) + 3) & ~3u)

static void strings_of(RTL_USER_PROCESS_PARAMETERS *p, UNICODE_STRING *out[9])
{
    out[0] = &p->CurrentDirectory.DosPath;
    out[1] = &p->DllPath;
    out[2] = &p->ImagePathName;
    out[3] = &p->CommandLine;
    out[4] = &p->WindowTitle;
    out[5] = &p->DesktopInfo;
    out[6] = &p->ShellInfo;
    out[7] = &p->RuntimeData;
    out[8] = &p->RedirectionDllName;
}

/** Makes offsets addresses, unless they are already. Returns its argument. */
PRTL_USER_PROCESS_PARAMETERS WINAPI RtlNormalizeProcessParams(PRTL_USER_PROCESS_PARAMETERS parameters)
{
    UNICODE_STRING *strings[9];

    if (!parameters || parameters->Flags & RTL_USER_PROC_PARAMS_NORMALIZED) return parameters;
    strings_of(parameters, strings);
    for (ULONG i = 0; i < ARRAYSIZE(strings); i++) {
        if (strings[i]->Buffer)
            strings[i]->Buffer = (PWSTR)((BYTE *)parameters + (ULONG_PTR)strings[i]->Buffer);
    }
    parameters->Flags |= RTL_USER_PROC_PARAMS_NORMALIZED;
    return parameters;
}

/** Makes addresses offsets, so that the block can be moved. Returns its argument. */
PRTL_USER_PROCESS_PARAMETERS WINAPI RtlDeNormalizeProcessParams(PRTL_USER_PROCESS_PARAMETERS parameters)
{
    UNICODE_STRING *strings[9];

    if (!parameters || !(parameters->Flags & RTL_USER_PROC_PARAMS_NORMALIZED)) return parameters;
    strings_of(parameters, strings);
    for (ULONG i = 0; i < ARRAYSIZE(strings); i++) {
        if (strings[i]->Buffer)
            strings[i]->Buffer = (PWSTR)((BYTE *)strings[i]->Buffer - (ULONG_PTR)parameters);
    }
    parameters->Flags &= ~RTL_USER_PROC_PARAMS_NORMALIZED;
    return parameters;
}

static void append(BYTE **at, UNICODE_STRING *out, const UNICODE_STRING *in, USHORT room)
{
    if (!in || (!in->Buffer && !room)) return;
    out->Length = in->Length;
    out->MaximumLength = room;
    if (!room) return;
    out->Buffer = (PWSTR)*at;
    memcpy(out->Buffer, in->Buffer, in->Length);
    *at += ALIGN(room);
}

static SIZE_T environment_size(const WCHAR *block)
{
    const WCHAR *p = block;

    if (!p) return 0;
    while (*p) p += wcslen(p) + 1;
    return (p - block + 1) * sizeof(WCHAR);
}

/**
 * Makes a parameter block; free it with RtlDestroyProcessParameters. NULL stands for the calling process's
 * DLL path, current directory and environment, for the image path as command line, and for empty others.
 */
NTSTATUS WINAPI RtlCreateProcessParametersEx(PRTL_USER_PROCESS_PARAMETERS *result,
                                             const UNICODE_STRING *image, const UNICODE_STRING *dll_path,
                                             const UNICODE_STRING *directory,
                                             const UNICODE_STRING *command_line, PVOID environment,
                                             const UNICODE_STRING *title, const UNICODE_STRING *desktop,
                                             const UNICODE_STRING *shell, const UNICODE_STRING *runtime,
                                             ULONG flags)
{
    static const UNICODE_STRING empty = {0, sizeof(WCHAR), (PWSTR)L""};
    static const UNICODE_STRING none;
    const RTL_USER_PROCESS_PARAMETERS *own;
    RTL_USER_PROCESS_PARAMETERS *p;
    SIZE_T size, env_size;
    BYTE *at;

    RtlAcquirePebLock();
    own = peb_self()->ProcessParameters;
    if (!dll_path) dll_path = &own->DllPath;
    if (!directory) directory = &own->CurrentDirectory.DosPath;
    if (!command_line) command_line = image;
    if (!environment) environment = own->Environment;
    if (!title) title = &empty;
    if (!desktop) desktop = &empty;
    if (!shell) shell = &empty;
    if (!runtime) runtime = &none;
    env_size = environment_size(environment);
    size = sizeof(*p) + ALIGN(MAX_PATH * sizeof(WCHAR)) + ALIGN(dll_path->Length + 2) +
           ALIGN(image->Length + 2) + ALIGN(command_line->Length + 2) + ALIGN(title->MaximumLength) +
           ALIGN(desktop->MaximumLength) + ALIGN(shell->MaximumLength) + ALIGN(runtime->MaximumLength);
    p = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, size + env_size);
    if (!p) {
        RtlReleasePebLock();
        return STATUS_NO_MEMORY;
    }
    p->MaximumLength = p->Length = size;
    p->Flags = RTL_USER_PROC_PARAMS_NORMALIZED;
    p->DebugFlags = own->DebugFlags;
    p->ConsoleHandle = own->ConsoleHandle;
    p->ConsoleFlags = own->ConsoleFlags;
    p->ProcessGroupId = own->ProcessGroupId;
    at = (BYTE *)(p + 1);
    append(&at, &p->CurrentDirectory.DosPath, directory, MAX_PATH * sizeof(WCHAR));
    append(&at, &p->DllPath, dll_path, dll_path->Length + 2);
    append(&at, &p->ImagePathName, image, image->Length + 2);
    append(&at, &p->CommandLine, command_line, command_line->Length + 2);
    append(&at, &p->WindowTitle, title, title->MaximumLength);
    append(&at, &p->DesktopInfo, desktop, desktop->MaximumLength);
    append(&at, &p->ShellInfo, shell, shell->MaximumLength);
    append(&at, &p->RuntimeData, runtime, runtime->MaximumLength);
    if (env_size) {
        p->Environment = (PWSTR)((BYTE *)p + size);
        p->EnvironmentSize = env_size;
        memcpy(p->Environment, environment, env_size);
    }
    RtlReleasePebLock();
    *result = flags & RTL_USER_PROC_PARAMS_NORMALIZED ? p : RtlDeNormalizeProcessParams(p);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlCreateProcessParameters(PRTL_USER_PROCESS_PARAMETERS *result, const UNICODE_STRING *image,
                                           const UNICODE_STRING *dll_path, const UNICODE_STRING *directory,
                                           const UNICODE_STRING *command_line, PVOID environment,
                                           const UNICODE_STRING *title, const UNICODE_STRING *desktop,
                                           const UNICODE_STRING *shell, const UNICODE_STRING *runtime)
{
    return RtlCreateProcessParametersEx(result, image, dll_path, directory, command_line, environment, title,
                                        desktop, shell, runtime, 0);
}

NTSTATUS WINAPI RtlDestroyProcessParameters(PRTL_USER_PROCESS_PARAMETERS parameters)
{
    return RtlFreeHeap(process_heap(), 0, parameters) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}
