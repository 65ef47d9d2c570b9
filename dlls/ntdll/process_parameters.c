// RTL_USER_PROCESS_PARAMETERS for a new process: one block with all strings behind it, the environment last.
#include "rtl.h"

// A string's place in the block; strings that may grow in the child get room for more.
static PWSTR put_string(UNICODE_STRING *target, PWSTR at, const UNICODE_STRING *source, USHORT maximum)
{
    if (!source || !source->Buffer) {
        *target = (UNICODE_STRING){0};
        return at;
    }
    if (maximum < source->Length + sizeof(WCHAR)) maximum = (source->Length + sizeof(WCHAR) + 3) & ~3u;
    target->Length = source->Length;
    target->MaximumLength = maximum;
    target->Buffer = at;
    memcpy(at, source->Buffer, source->Length);
    at[source->Length / sizeof(WCHAR)] = 0;
    return (PWSTR)((char *)at + ((maximum + 3) & ~3u));
}

static SIZE_T room(const UNICODE_STRING *source, USHORT maximum)
{
    SIZE_T size;

    if (!source || !source->Buffer) return 0;
    size = source->Length + sizeof(WCHAR);
    return ((size > maximum ? size : maximum) + 3) & ~3u;
}

// Bytes of an environment block with both NULs.
static SIZE_T environment_size(const WCHAR *block)
{
    const WCHAR *at = block;

    if (!block) return 0;
    while (*at)
        while (*at++)
            ;
    return (at - block + 1 + (at == block)) * sizeof(WCHAR);
}

#define DIRECTORY_MAXIMUM (MAX_PATH * sizeof(WCHAR))

// The block has absolute pointers (normalized), which the calls that take it accept whatever Flags asks for.
// Absent arguments are the own process's: DLL path, directory, environment. STATUS_NO_MEMORY. Free with
// RtlDestroyProcessParameters.
NTSTATUS NTAPI RtlCreateProcessParametersEx(
    PRTL_USER_PROCESS_PARAMETERS *Parameters, const UNICODE_STRING *ImagePathName,
    const UNICODE_STRING *DllPath, const UNICODE_STRING *CurrentDirectory, const UNICODE_STRING *CommandLine,
    PVOID Environment, const UNICODE_STRING *WindowTitle, const UNICODE_STRING *DesktopInfo,
    const UNICODE_STRING *ShellInfo, const UNICODE_STRING *RuntimeData, ULONG Flags)
{
    RTL_USER_PROCESS_PARAMETERS *own = peb_self()->ProcessParameters, *block;
    SIZE_T strings, environment;
    PWSTR at;

    (void)Flags;
    RtlAcquirePebLock();
    if (!CurrentDirectory) CurrentDirectory = &own->CurrentDirectory.DosPath;
    if (!DllPath) DllPath = &own->DllPath;
    if (!CommandLine) CommandLine = ImagePathName;
    if (!Environment) Environment = own->Environment;
    strings = room(CurrentDirectory, DIRECTORY_MAXIMUM) + room(DllPath, 0) + room(ImagePathName, 0) +
              room(CommandLine, 0) + room(WindowTitle, 0) + room(DesktopInfo, 0) + room(ShellInfo, 0) +
              room(RuntimeData, 0);
    environment = environment_size(Environment);
    block = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, sizeof(*block) + strings + environment);
    if (block) {
        block->MaximumLength = block->Length = sizeof(*block) + strings;
        block->Flags = RTL_USER_PROC_PARAMS_NORMALIZED;
        block->ConsoleFlags = own->ConsoleFlags;
        block->ProcessGroupId = own->ProcessGroupId;
        at = (PWSTR)(block + 1);
        at = put_string(&block->CurrentDirectory.DosPath, at, CurrentDirectory, DIRECTORY_MAXIMUM);
        at = put_string(&block->DllPath, at, DllPath, 0);
        at = put_string(&block->ImagePathName, at, ImagePathName, 0);
        at = put_string(&block->CommandLine, at, CommandLine, 0);
        at = put_string(&block->WindowTitle, at, WindowTitle, 0);
        at = put_string(&block->DesktopInfo, at, DesktopInfo, 0);
        at = put_string(&block->ShellInfo, at, ShellInfo, 0);
        at = put_string(&block->RuntimeData, at, RuntimeData, 0);
        if (environment) {
            memcpy(at, Environment, environment);
            block->Environment = at;
            block->EnvironmentSize = environment;
        }
    }
    RtlReleasePebLock();
    if (!block) return STATUS_NO_MEMORY;
    *Parameters = block;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlDestroyProcessParameters(PRTL_USER_PROCESS_PARAMETERS Parameters)
{
    RtlFreeHeap(process_heap(), 0, Parameters);
    return STATUS_SUCCESS;
}
