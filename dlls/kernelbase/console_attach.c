// Whether the process has a console, and which. Programs for the console have one from the start, unless
// their creator said otherwise; others get one by AllocConsole or AttachConsole. ConsoleHandle of the process
// parameters is the process's reference to it.
#include "console.h"
#include "console_pseudo.h"

bool console_required(void)
{
    return console_is_attached() ? true : fail_with(ERROR_INVALID_HANDLE);
}

static ULONG own_group(void)
{
    return current_parameters()->ProcessGroupId;
}

// A standard handle for the console that the process has at each moment, unlike CONIN$'s and CONOUT$'s.
static void set_handle(DWORD which, const WCHAR *device)
{
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK io;
    HANDLE handle;
    RtlInitUnicodeString(&name, device);
    InitializeObjectAttributes(&attributes, &name, OBJ_INHERIT, NULL, NULL);
    if (NT_SUCCESS(NtCreateFile(&handle, FILE_GENERIC_READ | FILE_GENERIC_WRITE, &attributes, &io, NULL,
                                FILE_ATTRIBUTE_NORMAL, FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_OPEN,
                                FILE_SYNCHRONOUS_IO_NONALERT, NULL, 0)))
        SetStdHandle(which, handle);
}

// Those of STARTUPINFO stay; others are the new console's if they are to be replaced or name nothing.
static void set_standard_handles(bool replace)
{
    static const struct {
        DWORD which;
        const WCHAR *device;
    } handles[] = {{STD_INPUT_HANDLE, L"\\Device\\ConDrv\\Input"},
                   {STD_OUTPUT_HANDLE, L"\\Device\\ConDrv\\Output"},
                   {STD_ERROR_HANDLE, L"\\Device\\ConDrv\\Output"}};
    bool keep = !replace || (current_parameters()->WindowFlags & STARTF_USESTDHANDLES);
    for (unsigned i = 0; i < ARRAY_LENGTH(handles); i++) {
        HANDLE handle = GetStdHandle(handles[i].which);
        bool valid = handle && handle != INVALID_HANDLE_VALUE && GetFileType(handle) != FILE_TYPE_UNKNOWN;
        if (!keep || !valid) set_handle(handles[i].which, handles[i].device);
    }
}

static void note_console(HANDLE reference, bool replace)
{
    current_parameters()->ConsoleHandle = reference;
    console_forget_handlers();
    set_standard_handles(replace);
}

static BOOL allocate(bool window)
{
    HANDLE reference;
    const RTL_USER_PROCESS_PARAMETERS *parameters = current_parameters();
    bool hidden = parameters->WindowFlags & STARTF_USESHOWWINDOW && parameters->ShowWindowFlags == SW_HIDE;
    if (!bool_from_status(ConsoleAllocate(own_group(), window, !hidden, &reference))) return FALSE;
    note_console(reference, false);
    return TRUE;
}

// A new console is the host's terminal, or without one kept in memory; its window is on no screen.
// ERROR_ACCESS_DENIED with a console.
HOTPATCH BOOL WINAPI AllocConsole(void)
{
    return allocate(true);
}

HOTPATCH BOOL WINAPI AttachConsole(DWORD process)
{
    HANDLE reference;
    if (!bool_from_status(ConsoleAttach(process, own_group(), &reference))) return FALSE;
    note_console(reference, true);
    return TRUE;
}

// A terminal's handles stay valid, as they do for redirected ones.
HOTPATCH BOOL WINAPI FreeConsole(void)
{
    if (!console_is_attached()) return fail_with(ERROR_INVALID_PARAMETER);
    NtClose(current_parameters()->ConsoleHandle);
    current_parameters()->ConsoleHandle = NULL;
    console_forget_handlers();
    ConsoleFree();
    return TRUE;
}

HOTPATCH HWND WINAPI GetConsoleWindow(void)
{
    return console_required() ? (HWND)(ULONG_PTR)ConsoleGetWindow() : NULL;
}

// What a wait for input waits for.
HOTPATCH HANDLE WINAPI GetConsoleInputWaitHandle(void)
{
    return GetStdHandle(STD_INPUT_HANDLE);
}

HOTPATCH DWORD WINAPI GetConsoleProcessList(DWORD *list, DWORD count)
{
    ULONG n = 0;
    if (!list || !count) return (DWORD)fail_with(ERROR_INVALID_PARAMETER);
    if (!console_required() || !bool_from_status(ConsoleProcesses((ULONG *)list, count, &n))) return 0;
    return n;
}

static bool is_console_program(void)
{
    const IMAGE_NT_HEADERS *headers = RtlImageNtHeader(current_peb()->ImageBaseAddress);
    return headers && headers->OptionalHeader.Subsystem == IMAGE_SUBSYSTEM_WINDOWS_CUI;
}

static bool is_wish(HANDLE wanted)
{
    return wanted == CONSOLE_DETACHED_PROCESS || wanted == CONSOLE_CREATE_NEW_CONSOLE ||
           wanted == CONSOLE_CREATE_NO_WINDOW;
}

static bool is_console_handle(HANDLE handle)
{
    FILE_FS_DEVICE_INFORMATION info;
    IO_STATUS_BLOCK io;
    return handle &&
           NT_SUCCESS(
               NtQueryVolumeInformationFile(handle, &io, &info, sizeof(info), FileFsDeviceInformation)) &&
           info.DeviceType == FILE_DEVICE_CONSOLE;
}

static bool has_parent(void)
{
    PROCESS_BASIC_INFORMATION info;
    return NT_SUCCESS(NtQueryInformationProcess(GetCurrentProcess(), ProcessBasicInformation, &info,
                                                sizeof(info), NULL)) &&
           info.InheritedFromUniqueProcessId;
}

// A program without a console has no use for handles of its creator's. (Whoever starts one on a terminal sees
// its output there.)
static void drop_console_handles(void)
{
    static const DWORD which[] = {STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};
    if (!has_parent()) return;
    for (unsigned i = 0; i < ARRAY_LENGTH(which); i++)
        if (is_console_handle(GetStdHandle(which[i]))) SetStdHandle(which[i], NULL);
}

// A creator without a console leaves none: then the program gets its own.
void console_init(void)
{
    RTL_USER_PROCESS_PARAMETERS *parameters = current_parameters();
    HANDLE wanted = parameters->ConsoleHandle;
    bool gives_handles = parameters->ConsoleFlags & CONSOLE_GIVES_HANDLES;
    parameters->ConsoleHandle = NULL;
    parameters->ConsoleFlags &= ~CONSOLE_GIVES_HANDLES;
    if (!parameters->ProcessGroupId) parameters->ProcessGroupId = GetCurrentProcessId();
    if (!is_console_program() || wanted == CONSOLE_DETACHED_PROCESS) {
        if (wanted && !is_wish(wanted)) NtClose(wanted);
        if (!is_console_program()) drop_console_handles();
        return;
    }
    if (wanted && !is_wish(wanted) && NT_SUCCESS(ConsoleStart(wanted, own_group())))
        parameters->ConsoleHandle = wanted;
    else
        allocate(wanted != CONSOLE_CREATE_NO_WINDOW);
    if (gives_handles) set_standard_handles(false);
}
