// CreateProcess: finding the program, its parameters, handles and attributes.
#include "console_pseudo.h"
#include "dlls/ntdll/ldr_options.h"
#include "process_attributes.h"

// ---- finding the program ----

static bool ends_with(const WCHAR *text, const WCHAR *end)
{
    SIZE_T length = wide_length(text), n = wide_length(end);
    if (length < n) return false;
    for (SIZE_T i = 0; i < n; i++)
        if (RtlDowncaseUnicodeChar(text[length - n + i]) != end[i]) return false;
    return true;
}

static bool is_file(const WCHAR *path)
{
    DWORD attributes = GetFileAttributesW(path);
    return attributes != INVALID_FILE_ATTRIBUTES && !(attributes & FILE_ATTRIBUTE_DIRECTORY);
}

// A path of the host's ("/bin/sh") as it is called on the drive that shows the host's root. Allocated; NULL
// if it is none, or no file.
static WCHAR *find_host_program(const WCHAR *name)
{
    static const WCHAR drive[] = L"Z:";
    SIZE_T length = wide_length(name);
    if (name[0] != '/' || name[1] == '/') return NULL;
    WCHAR *path = heap_alloc((length + ARRAYSIZE(drive)) * sizeof(WCHAR));
    if (!path) return NULL;
    memcpy(path, drive, sizeof(drive));
    for (SIZE_T i = 0; i <= length; i++) path[ARRAYSIZE(drive) - 1 + i] = name[i] == '/' ? '\\' : name[i];
    if (is_file(path)) return path;
    heap_free(path);
    return NULL;
}

static bool has_directory(const WCHAR *name)
{
    while (*name && *name != '\\' && *name != '/' && *name != ':') name++;
    return *name;
}

// Looks for a program by the name as given, with ".exe" if it has no extension; a path may also mean a file
// without one. The full path, allocated, or NULL.
static WCHAR *find_program(const WCHAR *name)
{
    const WCHAR *extensions[] = {L".exe", NULL};
    WCHAR *path = heap_alloc(0x8000 * sizeof(WCHAR));
    if (!path) return NULL;
    for (unsigned i = 0; i < (has_directory(name) ? 2 : 1); i++) {
        DWORD length = SearchPathW(NULL, name, extensions[i], 0x8000, path, NULL);
        if (length && length < 0x8000 && is_file(path)) return path;
    }
    heap_free(path);
    if ((path = find_host_program(name))) return path;
    SetLastError(ERROR_FILE_NOT_FOUND);
    return NULL;
}

// What a command line says of its program.
struct program {
    WCHAR *path; // allocated; NULL with the last error set
    SIZE_T bare; // characters of the name, where it stands without quotation marks and has blanks in it
};

// The program of a command line: what is quoted, or the shortest beginning up to a blank that names a file.
static struct program program_of_command_line(const WCHAR *line)
{
    struct program program = {NULL, 0};
    SIZE_T length = wide_length(line);
    AUTO_FREE WCHAR *name = heap_alloc((length + 1) * sizeof(WCHAR));
    if (!name) return program;
    if (line[0] == '"') {
        SIZE_T n = 0;
        while (line[n + 1] && line[n + 1] != '"') {
            name[n] = line[n + 1];
            n++;
        }
        name[n] = 0;
        program.path = find_program(name);
        return program;
    }
    if (!length) SetLastError(ERROR_FILE_NOT_FOUND);
    for (SIZE_T end = 0, names = 0; !program.path && end < length; names++) {
        while (end < length && (line[end] == ' ' || line[end] == '\t')) end++;
        while (end < length && line[end] != ' ' && line[end] != '\t') end++;
        memcpy(name, line, end * sizeof(WCHAR));
        name[end] = 0;
        program.path = find_program(name);
        program.bare = names ? end : 0;
    }
    return program;
}

// The line with its program's name put into quotation marks, as the program is to see it. Allocated.
static WCHAR *line_with_quotes(const WCHAR *line, SIZE_T bare)
{
    SIZE_T rest = wide_length(line) - bare;
    WCHAR *text = heap_alloc((bare + rest + 3) * sizeof(WCHAR));
    if (!text) return NULL;
    text[0] = '"';
    memcpy(text + 1, line, bare * sizeof(WCHAR));
    text[bare + 1] = '"';
    memcpy(text + bare + 2, line + bare, (rest + 1) * sizeof(WCHAR));
    return text;
}

static struct program locate(const WCHAR *application, const WCHAR *line)
{
    if (!application) return program_of_command_line(line);
    struct program program = {NULL, 0};
    // No search and no extension for an application name.
    WCHAR *path = heap_alloc(0x8000 * sizeof(WCHAR));
    if (!path) return program;
    DWORD length = GetFullPathNameW(application, 0x8000, path, NULL);
    if (length && length < 0x8000) {
        DWORD attributes = GetFileAttributesW(path);
        if (attributes != INVALID_FILE_ATTRIBUTES && !(attributes & FILE_ATTRIBUTE_DIRECTORY)) {
            program.path = path;
            return program;
        }
        if (attributes != INVALID_FILE_ATTRIBUTES) SetLastError(ERROR_ACCESS_DENIED);
    }
    heap_free(path);
    program.path = find_host_program(application);
    return program;
}

// ---- batch files ----

// A batch file is run by the command interpreter: CMD.EXE /C "LINE", whose outer quotation marks it takes off
// again, so that quoted names and arguments in LINE arrive as they are. Allocated; NULL without memory.
static WCHAR *interpreter_line(const WCHAR *interpreter, const WCHAR *line)
{
    static const WCHAR before[] = L" /c \"";
    SIZE_T lengths[] = {wide_length(interpreter), ARRAYSIZE(before) - 1, wide_length(line)};
    WCHAR *text = heap_alloc((lengths[0] + lengths[1] + lengths[2] + 4) * sizeof(WCHAR)), *p = text;
    if (!text) return NULL;
    *p++ = '"';
    memcpy(p, interpreter, lengths[0] * sizeof(WCHAR));
    p += lengths[0];
    *p++ = '"';
    memcpy(p, before, lengths[1] * sizeof(WCHAR));
    p += lengths[1];
    memcpy(p, line, lengths[2] * sizeof(WCHAR));
    p += lengths[2];
    *p++ = '"';
    *p = 0;
    return text;
}

// The interpreter's path, allocated: what COMSPEC names, or the system's. NULL with the last error set.
static WCHAR *find_interpreter(void)
{
    WCHAR named[MAX_PATH];
    DWORD length = GetEnvironmentVariableW(L"COMSPEC", named, MAX_PATH);
    WCHAR *path = length && length < MAX_PATH ? find_program(named) : NULL;
    return path ? path : find_program(L"cmd.exe");
}

static bool is_batch_file(const WCHAR *path)
{
    return ends_with(path, L".bat") || ends_with(path, L".cmd");
}

// ---- parameters ----

// An ANSI environment block as a wide one, allocated.
static WCHAR *wide_environment(const char *block)
{
    SIZE_T length = 1;
    while (block[length - 1] || block[length]) length++;
    length++;
    WCHAR *wide = heap_alloc((length + 1) * sizeof(WCHAR));
    ULONG bytes = 0;
    if (!wide) return NULL;
    RtlMultiByteToUnicodeN(wide, (ULONG)(length * sizeof(WCHAR)), &bytes, block, (ULONG)length);
    return wide;
}

// The handles of a new process: those of STARTUPINFO, which take inheritance, or the own ones, which a
// console program shares.
static void set_standard_handles(RTL_USER_PROCESS_PARAMETERS *parameters, const STARTUPINFOW *info,
                                 bool inherit, DWORD flags)
{
    const RTL_USER_PROCESS_PARAMETERS *own = current_parameters();
    if (info->dwFlags & STARTF_USESTDHANDLES) {
        if (!inherit) return;
        parameters->StandardInput = info->hStdInput;
        parameters->StandardOutput = info->hStdOutput;
        parameters->StandardError = info->hStdError;
    } else if (!(flags & (DETACHED_PROCESS | CREATE_NEW_CONSOLE))) {
        parameters->StandardInput = own->StandardInput;
        parameters->StandardOutput = own->StandardOutput;
        parameters->StandardError = own->StandardError;
    }
}

static void init_optional(UNICODE_STRING *string, const WCHAR *text)
{
    RtlInitUnicodeString(string, text ? text : L"");
}

// The parameter block; NULL with the last error set.
static RTL_USER_PROCESS_PARAMETERS *make_parameters(const WCHAR *path, const WCHAR *line, void *environment,
                                                    const WCHAR *directory, const STARTUPINFOW *info,
                                                    bool inherit, DWORD flags)
{
    UNICODE_STRING image, command, current, title, desktop, shell, runtime;
    RTL_USER_PROCESS_PARAMETERS *parameters = NULL;
    WCHAR full[MAX_PATH + 2];
    // Not cut: what is missing might be what matters.
    if (!bool_from_status(RtlInitUnicodeStringEx(&command, line))) return NULL;
    if (directory) {
        DWORD length = GetFullPathNameW(directory, MAX_PATH, full, NULL);
        DWORD attributes = GetFileAttributesW(directory);
        if (!length || length >= MAX_PATH || attributes == INVALID_FILE_ATTRIBUTES ||
            !(attributes & FILE_ATTRIBUTE_DIRECTORY)) {
            SetLastError(ERROR_DIRECTORY);
            return NULL;
        }
        if (full[length - 1] != '\\') lstrcatW(full, L"\\");
        RtlInitUnicodeString(&current, full);
    }
    RtlInitUnicodeString(&image, path);
    init_optional(&title, info->lpTitle ? info->lpTitle : path);
    if (info->lpDesktop)
        RtlInitUnicodeString(&desktop, info->lpDesktop);
    else
        desktop = current_parameters()->DesktopInfo;
    init_optional(&shell, info->lpReserved);
    runtime = (UNICODE_STRING){info->cbReserved2, info->cbReserved2, (WCHAR *)info->lpReserved2};
    AUTO_FREE WCHAR *wide =
        environment && !(flags & CREATE_UNICODE_ENVIRONMENT) ? wide_environment(environment) : NULL;
    NTSTATUS status = RtlCreateProcessParametersEx(&parameters, &image, NULL, directory ? &current : NULL,
                                                   &command, wide ? wide : environment, &title, &desktop,
                                                   &shell, &runtime, RTL_USER_PROC_PARAMS_NORMALIZED);
    if (!bool_from_status(status)) return NULL;
    HANDLE pseudo = pseudo_console_reference(info, flags);
    if (pseudo)
        parameters->ConsoleHandle = pseudo;
    else if (flags & DETACHED_PROCESS)
        parameters->ConsoleHandle = CONSOLE_DETACHED_PROCESS;
    else if (flags & CREATE_NEW_CONSOLE)
        parameters->ConsoleHandle = CONSOLE_CREATE_NEW_CONSOLE;
    else if (flags & CREATE_NO_WINDOW)
        parameters->ConsoleHandle = CONSOLE_CREATE_NO_WINDOW;
    parameters->StartingX = info->dwX;
    parameters->StartingY = info->dwY;
    parameters->CountX = info->dwXSize;
    parameters->CountY = info->dwYSize;
    parameters->CountCharsX = info->dwXCountChars;
    parameters->CountCharsY = info->dwYCountChars;
    parameters->FillAttribute = info->dwFillAttribute;
    parameters->WindowFlags = info->dwFlags;
    parameters->ShowWindowFlags = info->wShowWindow;
    if (flags & CREATE_NEW_PROCESS_GROUP) {
        // Its own group, in which Ctrl-C is off to begin with unless the console is its own, too.
        parameters->ProcessGroupId = 0;
        if (!(flags & CREATE_NEW_CONSOLE)) parameters->ConsoleFlags = 1;
    }
    if (pseudo) parameters->ConsoleFlags |= CONSOLE_GIVES_HANDLES;
    set_standard_handles(parameters, info, inherit, pseudo ? flags | CREATE_NEW_CONSOLE : flags);
    return parameters;
}

// ---- creating ----

// What a failed creation is called: a file that is no program gets ERROR_BAD_EXE_FORMAT.
static DWORD creation_error(NTSTATUS status)
{
    switch (status) {
    case STATUS_INVALID_IMAGE_FORMAT:
    case STATUS_INVALID_IMAGE_NOT_MZ:
    case STATUS_INVALID_IMAGE_PROTECT:
    case STATUS_INVALID_FILE_FOR_SECTION: return ERROR_BAD_EXE_FORMAT;
    case STATUS_INVALID_IMAGE_WIN_16:
    case STATUS_INVALID_IMAGE_NE_FORMAT: return ERROR_BAD_EXE_FORMAT;
    case STATUS_IMAGE_MACHINE_TYPE_MISMATCH: return ERROR_EXE_MACHINE_TYPE_MISMATCH;
    default: return RtlNtStatusToDosError(status);
    }
}

// The command line of the debugger that the registry names for programs with such a file, with the program's
// own line behind it; NULL: there is none, or no memory (not told apart: the program starts without).
static WCHAR *debugger_line(const WCHAR *path, const WCHAR *line)
{
    WCHAR debugger[MAX_PATH] = L"";
    UNICODE_STRING image;
    RtlInitUnicodeString(&image, path);
    NTSTATUS status = LdrQueryImageFileExecutionOptions(&image, L"Debugger", REG_SZ, debugger,
                                                        sizeof(debugger) - sizeof(WCHAR), NULL);
    if (!NT_SUCCESS(status) || !debugger[0]) return NULL;
    SIZE_T head = wide_length(debugger), rest = wide_length(line);
    WCHAR *whole = heap_alloc((head + rest + 2) * sizeof(WCHAR));
    if (!whole) return NULL;
    memcpy(whole, debugger, head * sizeof(WCHAR));
    whole[head] = ' ';
    memcpy(whole + head + 1, line, (rest + 1) * sizeof(WCHAR));
    return whole;
}

// What the registry wants as NtGlobalFlag of programs with such a file.
static ULONG global_flags(const WCHAR *path)
{
    UNICODE_STRING image;
    ULONG flags;
    RtlInitUnicodeString(&image, path);
    return NT_SUCCESS(LdrQueryImageFileExecutionOptions(&image, L"GlobalFlag", REG_DWORD, &flags,
                                                        sizeof(flags), NULL))
               ? flags
               : 0;
}

// Gives a process that has not run yet its NtGlobalFlag.
static void set_global_flags(HANDLE process, ULONG flags)
{
    PROCESS_BASIC_INFORMATION info;
    if (!NT_SUCCESS(NtQueryInformationProcess(process, ProcessBasicInformation, &info, sizeof(info), NULL)))
        return;
    NtWriteVirtualMemory(process, (BYTE *)info.PebBaseAddress + offsetof(PEB, NtGlobalFlag), &flags,
                         sizeof(flags), NULL);
}

static ULONG process_flags(DWORD flags, BOOL inherit)
{
    return (inherit ? PROCESS_CREATE_FLAGS_INHERIT_HANDLES : 0) |
           (flags & CREATE_BREAKAWAY_FROM_JOB ? PROCESS_CREATE_FLAGS_BREAKAWAY : 0) |
           (flags & DEBUG_ONLY_THIS_PROCESS ? PROCESS_CREATE_FLAGS_NO_DEBUG_INHERIT : 0);
}

// CreateProcessAsUserW; is_debugger: what starts is the debugger that the registry names for a program, and
// has none itself, or two that name each other would start each other without end.
static BOOL create_process(HANDLE token, const WCHAR *application, WCHAR *line,
                           SECURITY_ATTRIBUTES *process_security, SECURITY_ATTRIBUTES *thread_security,
                           BOOL inherit, DWORD flags, void *environment, const WCHAR *directory,
                           STARTUPINFOW *info, PROCESS_INFORMATION *result, bool is_debugger)
{
    memset(result, 0, sizeof(*result));
    if (!application && !line) return fail_with(ERROR_INVALID_PARAMETER);
    if ((flags & DETACHED_PROCESS) && (flags & CREATE_NEW_CONSOLE)) return fail_with(ERROR_INVALID_PARAMETER);
    if ((flags & EXTENDED_STARTUPINFO_PRESENT) && info->cb != sizeof(STARTUPINFOEXW))
        return fail_with(ERROR_INVALID_PARAMETER);
    struct program program = locate(application, line);
    AUTO_FREE WCHAR *path = program.path;
    if (!path) return FALSE;
    AUTO_FREE WCHAR *quoted = program.bare ? line_with_quotes(line, program.bare) : NULL;
    if (program.bare && !quoted) return fail_with(ERROR_NOT_ENOUGH_MEMORY);
    if (quoted) line = quoted;
    if (is_batch_file(path)) {
        AUTO_FREE WCHAR *interpreter = find_interpreter();
        if (!interpreter) return FALSE;
        // COMSPEC may not name another batch file, whose interpreter would be itself.
        if (is_batch_file(interpreter)) return fail_with(ERROR_BAD_EXE_FORMAT);
        AUTO_FREE WCHAR *whole = interpreter_line(interpreter, line && line[0] ? line : path);
        if (!whole) return fail_with(ERROR_NOT_ENOUGH_MEMORY);
        return create_process(token, interpreter, whole, process_security, thread_security, inherit, flags,
                              environment, directory, info, result, is_debugger);
    }
    const bool debugs = flags & (DEBUG_PROCESS | DEBUG_ONLY_THIS_PROCESS);
    // A debugger starts the program itself, and debugs it from the first moment.
    AUTO_FREE WCHAR *debugger =
        debugs || is_debugger ? NULL : debugger_line(path, line && line[0] ? line : path);
    if (debugger)
        return create_process(token, NULL, debugger, process_security, thread_security, inherit, flags,
                              environment, directory, info, result, true);
    if (debugs && !bool_from_status(DbgUiConnectToDbg())) return FALSE;
    AUTO_NAME struct nt_name name = {};
    if (!nt_name_from_path(&name, path, NULL)) return FALSE;
    // A missing command line is the quoted or plain application name.
    RTL_USER_PROCESS_PARAMETERS *parameters = make_parameters(path, line && line[0] ? line : application,
                                                              environment, directory, info, inherit, flags);
    if (!parameters) return FALSE;

    OBJECT_ATTRIBUTES process_attributes, thread_attributes;
    PS_CREATE_INFO create = {.Size = sizeof(create)};
    CLIENT_ID client = {};
    struct ps_list list;
    InitializeObjectAttributes(&process_attributes, NULL,
                               process_security && process_security->bInheritHandle ? OBJ_INHERIT : 0, NULL,
                               NULL);
    InitializeObjectAttributes(&thread_attributes, NULL,
                               thread_security && thread_security->bInheritHandle ? OBJ_INHERIT : 0, NULL,
                               NULL);
    // Without inheritance a console program gets duplicates of the own handles, and others none.
    PS_STD_HANDLE_INFO standard = {PsRequestDuplicate, IMAGE_SUBSYSTEM_WINDOWS_CUI};
    ps_list_init(&list);
    if (!inherit && !(info->dwFlags & STARTF_USESTDHANDLES))
        ps_list_add(&list, PS_ATTRIBUTE_STD_HANDLE_INFO, sizeof(standard), (ULONG_PTR)&standard);
    ps_list_add(&list, PS_ATTRIBUTE_IMAGE_NAME, name.name.Length, (ULONG_PTR)name.name.Buffer);
    ps_list_add(&list, PS_ATTRIBUTE_CLIENT_ID, sizeof(client), (ULONG_PTR)&client);
    if (token) ps_list_add(&list, PS_ATTRIBUTE_TOKEN, sizeof(token), (ULONG_PTR)token);
    if (flags & (DEBUG_PROCESS | DEBUG_ONLY_THIS_PROCESS))
        ps_list_add(&list, PS_ATTRIBUTE_DEBUG_OBJECT, sizeof(HANDLE), (ULONG_PTR)DbgUiGetThreadDebugObject());
    if (flags & EXTENDED_STARTUPINFO_PRESENT)
        ps_list_add_attributes(&list, ((STARTUPINFOEXW *)info)->lpAttributeList);
    const ULONG global = global_flags(path);
    const bool suspended = flags & CREATE_SUSPENDED;
    NTSTATUS status =
        NtCreateUserProcess(&result->hProcess, &result->hThread, PROCESS_ALL_ACCESS, THREAD_ALL_ACCESS,
                            &process_attributes, &thread_attributes, process_flags(flags, inherit),
                            suspended || global ? THREAD_CREATE_FLAGS_CREATE_SUSPENDED : 0, parameters,
                            &create, ps_list_get(&list));
    RtlDestroyProcessParameters(parameters);
    if (!NT_SUCCESS(status)) {
        memset(result, 0, sizeof(*result));
        return fail_with(creation_error(status));
    }
    result->dwProcessId = (DWORD)(ULONG_PTR)client.UniqueProcess;
    result->dwThreadId = (DWORD)(ULONG_PTR)client.UniqueThread;
    const DWORD classes =
        IDLE_PRIORITY_CLASS | BELOW_NORMAL_PRIORITY_CLASS | ABOVE_NORMAL_PRIORITY_CLASS | HIGH_PRIORITY_CLASS;
    if (flags & classes) SetPriorityClass(result->hProcess, flags & classes);
    if (global) set_global_flags(result->hProcess, global);
    if (global && !suspended) NtResumeThread(result->hThread, NULL);
    return TRUE;
}

HOTPATCH BOOL WINAPI CreateProcessAsUserW(HANDLE token, const WCHAR *application, WCHAR *line,
                                          SECURITY_ATTRIBUTES *process_security,
                                          SECURITY_ATTRIBUTES *thread_security, BOOL inherit, DWORD flags,
                                          void *environment, const WCHAR *directory, STARTUPINFOW *info,
                                          PROCESS_INFORMATION *result)
{
    return create_process(token, application, line, process_security, thread_security, inherit, flags,
                          environment, directory, info, result, false);
}

HOTPATCH BOOL WINAPI CreateProcessW(const WCHAR *application, WCHAR *line,
                                    SECURITY_ATTRIBUTES *process_security,
                                    SECURITY_ATTRIBUTES *thread_security, BOOL inherit, DWORD flags,
                                    void *environment, const WCHAR *directory, STARTUPINFOW *info,
                                    PROCESS_INFORMATION *result)
{
    return CreateProcessAsUserW(NULL, application, line, process_security, thread_security, inherit, flags,
                                environment, directory, info, result);
}

HOTPATCH BOOL WINAPI CreateProcessAsUserA(HANDLE token, const char *application, char *line,
                                          SECURITY_ATTRIBUTES *process_security,
                                          SECURITY_ATTRIBUTES *thread_security, BOOL inherit, DWORD flags,
                                          void *environment, const char *directory, STARTUPINFOA *info,
                                          PROCESS_INFORMATION *result)
{
    AUTO_FREE WCHAR *wide_application = wide_from_file_ansi(application);
    AUTO_FREE WCHAR *wide_line = wide_from_ansi(line);
    AUTO_FREE WCHAR *wide_directory = wide_from_file_ansi(directory);
    AUTO_FREE WCHAR *title = wide_from_ansi(info->lpTitle);
    AUTO_FREE WCHAR *desktop = wide_from_ansi(info->lpDesktop);
    if (conversion_failed(application, wide_application) || conversion_failed(line, wide_line) ||
        conversion_failed(directory, wide_directory))
        return FALSE;
    STARTUPINFOEXW wide;
    memset(&wide, 0, sizeof(wide));
    // Both forms have one layout but for the strings.
    const bool extended = (flags & EXTENDED_STARTUPINFO_PRESENT) && info->cb == sizeof(wide);
    memcpy(&wide, info, extended ? sizeof(wide) : sizeof(wide.StartupInfo));
    wide.StartupInfo.lpTitle = title;
    wide.StartupInfo.lpDesktop = desktop;
    wide.StartupInfo.lpReserved = NULL;
    return CreateProcessAsUserW(token, wide_application, wide_line, process_security, thread_security,
                                inherit, flags, environment, wide_directory, &wide.StartupInfo, result);
}

HOTPATCH BOOL WINAPI CreateProcessA(const char *application, char *line,
                                    SECURITY_ATTRIBUTES *process_security,
                                    SECURITY_ATTRIBUTES *thread_security, BOOL inherit, DWORD flags,
                                    void *environment, const char *directory, STARTUPINFOA *info,
                                    PROCESS_INFORMATION *result)
{
    return CreateProcessAsUserA(NULL, application, line, process_security, thread_security, inherit, flags,
                                environment, directory, info, result);
}

// 32 and more mean success; errors below that stand for themselves.
HOTPATCH UINT WINAPI WinExec(const char *line, UINT show)
{
    STARTUPINFOA info = {.cb = sizeof(info), .dwFlags = STARTF_USESHOWWINDOW, .wShowWindow = (WORD)show};
    PROCESS_INFORMATION process;
    AUTO_FREE char *copy = heap_alloc(strlen(line) + 1);
    if (!copy) return ERROR_NOT_ENOUGH_MEMORY;
    memcpy(copy, line, strlen(line) + 1);
    if (!CreateProcessA(NULL, copy, NULL, NULL, FALSE, 0, NULL, NULL, &info, &process)) {
        DWORD error = GetLastError();
        return error < 32 ? error : ERROR_GEN_FAILURE;
    }
    NtClose(process.hProcess);
    NtClose(process.hThread);
    return 33;
}
