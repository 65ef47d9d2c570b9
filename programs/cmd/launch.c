// Finding and starting programs.
#include "launch.h"
#include "batch.h"
#include "output.h"
#include "shell.h"
#include "variables.h"

// ---- finding ----

static bool is_file(const WCHAR *path)
{
    DWORD attributes = GetFileAttributesW(path);
    return attributes != INVALID_FILE_ATTRIBUTES && !(attributes & FILE_ATTRIBUTE_DIRECTORY);
}

static const WCHAR *extension_of(const WCHAR *path)
{
    const WCHAR *dot = wcsrchr(path, '.');
    return dot && !wcspbrk(dot, L"\\/:") ? dot : L"";
}

static bool has_extension(const WCHAR *path, const WCHAR *extension)
{
    return same_text(extension_of(path), extension);
}

bool is_batch_file(const WCHAR *path)
{
    return has_extension(path, L".bat") || has_extension(path, L".cmd");
}

static WCHAR *full_path(const WCHAR *path)
{
    DWORD size = GetFullPathNameW(path, 0, NULL, NULL);
    WCHAR *full = region_take((size + 1) * sizeof(WCHAR));
    return size && GetFullPathNameW(path, size + 1, full, NULL) ? full : NULL;
}

// PATH as it is, if it has an extension, or with one of PATHEXT's.
static WCHAR *with_extension(const WCHAR *path)
{
    const WCHAR *list = variable_get(L"PATHEXT", 7);
    if (*extension_of(path) && is_file(path)) return full_path(path);
    if (!list) list = L".COM;.EXE;.BAT;.CMD";
    while (*list) {
        struct text candidate = {};
        size_t length = wcscspn(list, L";");
        text_add_string(&candidate, path);
        for (size_t i = 0; i < length; i++) text_add(&candidate, towlower(list[i]));
        if (length && is_file(candidate.data)) return full_path(candidate.data);
        list += length;
        while (*list == ';') list++;
    }
    return NULL;
}

// The next directory of a list, without quotation marks, which keep semicolons in it; NULL at the end.
static WCHAR *next_directory(const WCHAR **list)
{
    const WCHAR *p = *list;
    bool quoted = false;
    while (*p == ';') p++;
    const WCHAR *start = p;
    for (; *p && (quoted || *p != ';'); p++)
        if (*p == '"') quoted = !quoted;
    *list = p;
    return p == start ? NULL : strip_quotes(region_copy(start, p - start));
}

WCHAR *find_program(const WCHAR *name)
{
    WCHAR *plain = whole_name(name), *found;
    if (!*plain || wcspbrk(plain, L"*?<>|")) return NULL;
    if (wcspbrk(plain, L"\\/:")) return with_extension(plain);
    if (NeedCurrentDirectoryForExePathW(plain) && (found = with_extension(plain))) return found;
    const WCHAR *list = variable_get(L"PATH", 4);
    for (WCHAR *directory; list && (directory = next_directory(&list));) {
        struct text candidate = {};
        text_add_string(&candidate, directory);
        if (candidate.length && !wcschr(L"\\/:", candidate.data[candidate.length - 1]))
            text_add(&candidate, '\\');
        text_add_string(&candidate, plain);
        if ((found = with_extension(candidate.data))) return found;
    }
    return NULL;
}

// ---- starting ----

// A handle that a child may inherit; *OURS when it is a copy to close afterwards.
static HANDLE inheritable(HANDLE handle, bool *ours)
{
    DWORD flags;
    HANDLE copy;
    *ours = false;
    if (!handle || handle == INVALID_HANDLE_VALUE) return handle;
    if (GetHandleInformation(handle, &flags) && flags & HANDLE_FLAG_INHERIT) return handle;
    if (!DuplicateHandle(GetCurrentProcess(), handle, GetCurrentProcess(), &copy, 0, TRUE,
                         DUPLICATE_SAME_ACCESS))
        return handle;
    *ours = true;
    return copy;
}

HANDLE start_process(const WCHAR *path, const WCHAR *command_line, const HANDLE *standard, DWORD flags,
                     const WCHAR *directory)
{
    STARTUPINFOW info = {.cb = sizeof(info), .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION process;
    HANDLE handles[3];
    bool ours[3];
    for (int i = 0; i < 3; i++) handles[i] = inheritable(standard[i], &ours[i]);
    info.hStdInput = handles[0];
    info.hStdOutput = handles[1];
    info.hStdError = handles[2];
    BOOL started = CreateProcessW(path, region_copy(command_line, wcslen(command_line)), NULL, NULL, TRUE,
                                  flags, NULL, directory, &info, &process);
    DWORD error = GetLastError();
    for (int i = 0; i < 3; i++)
        if (ours[i]) CloseHandle(handles[i]);
    SetLastError(error);
    if (!started) return NULL;
    CloseHandle(process.hThread);
    return process.hProcess;
}

// %=ExitCode% has the last program's code in hexadecimal, %=ExitCodeAscii% the character that it is.
static void note_code(DWORD code)
{
    WCHAR digits[16], character[] = {code >= ' ' && code < 0x7F ? (WCHAR)code : 0, 0};
    _snwprintf(digits, ARRAYSIZE(digits), L"%08lX", code);
    variable_set(L"=ExitCode", digits);
    variable_set(L"=ExitCodeAscii", character);
}

int wait_for(HANDLE process)
{
    DWORD code = 1;
    WaitForSingleObject(process, INFINITE);
    GetExitCodeProcess(process, &code);
    CloseHandle(process);
    note_code(code);
    return (int)code;
}

const WCHAR *interpreter_line(const WCHAR *command)
{
    struct text line = {};
    text_add(&line, '"');
    text_add_string(&line, own_path());
    text_add_string(&line, L"\" /S /D /C\" ");
    text_add_string(&line, command);
    text_add(&line, '"');
    return text_get(&line);
}

// A window's program, which the prompt does not wait for.
static bool has_windows(const WCHAR *path)
{
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                              NULL, OPEN_EXISTING, 0, NULL);
    IMAGE_DOS_HEADER dos;
    IMAGE_NT_HEADERS32 nt;
    DWORD got;
    bool windows = false;
    if (file == INVALID_HANDLE_VALUE) return false;
    if (ReadFile(file, &dos, sizeof(dos), &got, NULL) && got == sizeof(dos) &&
        dos.e_magic == IMAGE_DOS_SIGNATURE &&
        SetFilePointer(file, dos.e_lfanew, NULL, FILE_BEGIN) != INVALID_SET_FILE_POINTER &&
        ReadFile(file, &nt, sizeof(nt), &got, NULL) && got == sizeof(nt) &&
        nt.Signature == IMAGE_NT_SIGNATURE)
        windows = nt.OptionalHeader.Subsystem == IMAGE_SUBSYSTEM_WINDOWS_GUI;
    CloseHandle(file);
    return windows;
}

static int not_found(const WCHAR *name)
{
    const WCHAR *plain = whole_name(name);
    WCHAR *slash = wcsrchr(plain, '\\');
    if (slash) {
        // With a directory that doesn't exist, that is what is wrong.
        DWORD attributes = GetFileAttributesW(region_copy(plain, slash - plain + 1));
        if (attributes == INVALID_FILE_ATTRIBUTES) {
            complain_error(ERROR_PATH_NOT_FOUND);
            shell.errorlevel = ERROR_PATH_NOT_FOUND;
            return 1;
        }
    }
    complain(L"'%s' is not recognized as an internal or external command,\r\noperable program or batch file.",
             name);
    shell.errorlevel = 9009;
    return 1;
}

static int launch_batch(const WCHAR *path, const WCHAR *name, const WCHAR *arguments, bool called)
{
    struct batch *caller = shell.batch;
    int result = batch_run(path, name, arguments);
    if (called && !result) result = shell.errorlevel;
    // Without CALL a batch file takes its caller's place.
    if (caller && !called) batch_end(caller);
    return result;
}

int launch(const WCHAR *name, const WCHAR *arguments, bool called)
{
    WCHAR *path = find_program(name);
    if (!path) return not_found(name);
    if (is_batch_file(path)) return launch_batch(path, name, arguments, called);
    struct text line = {};
    text_add_string(&line, name);
    text_add_string(&line, arguments);
    HANDLE process = start_process(path, line.data, shell.handles, 0, NULL);
    if (!process) {
        complain_error(GetLastError());
        return shell.errorlevel = 1;
    }
    if (shell.interactive && !shell.batch && has_windows(path)) {
        CloseHandle(process);
        return 0;
    }
    return shell.errorlevel = wait_for(process);
}
