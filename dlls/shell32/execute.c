// ShellExecute and FindExecutable: what opens a file, a folder or a URL, and the process that does it. There
// is no desktop: a failure is only returned, and no dialog asks for a program to open something with.
#include "execute.h"
#include <shellapi.h>
#include <shlobj.h>
#include <shlwapi.h>

#define STARTED ((HINSTANCE)42) // anything above 32 says success

// Errors as hInstApp has them (ShellExecute's documentation); all below 32 that programs know are here.
static HINSTANCE instance_of(DWORD error)
{
    switch (error) {
    case 0: return STARTED;
    case ERROR_FILE_NOT_FOUND:
    case ERROR_INVALID_NAME: return (HINSTANCE)SE_ERR_FNF;
    case ERROR_PATH_NOT_FOUND:
    case ERROR_DIRECTORY: return (HINSTANCE)SE_ERR_PNF;
    case ERROR_NOT_ENOUGH_MEMORY: return (HINSTANCE)SE_ERR_OOM;
    case ERROR_BAD_EXE_FORMAT: return (HINSTANCE)ERROR_BAD_FORMAT;
    case ERROR_SHARING_VIOLATION: return (HINSTANCE)SE_ERR_SHARE;
    case ERROR_DLL_NOT_FOUND: return (HINSTANCE)SE_ERR_DLLNOTFOUND;
    case ERROR_DDE_FAIL: return (HINSTANCE)SE_ERR_DDEFAIL;
    case ERROR_NO_ASSOCIATION: return (HINSTANCE)SE_ERR_NOASSOC;
    }
    return (HINSTANCE)SE_ERR_ACCESSDENIED;
}

// A copy in which environment variables are filled in if EXPAND; HeapAlloc'ed, NULL without memory.
static WCHAR *copied(const WCHAR *text, bool expand)
{
    DWORD units = expand ? ExpandEnvironmentStringsW(text, NULL, 0) : (DWORD)lstrlenW(text) + 1;
    WCHAR *copy = HeapAlloc(GetProcessHeap(), 0, units * sizeof(WCHAR));
    if (!copy) return NULL;
    if (!expand)
        lstrcpyW(copy, text);
    else if (ExpandEnvironmentStringsW(text, copy, units) > units)
        *copy = 0;
    return copy;
}

static void release(WCHAR *text)
{
    if (text) HeapFree(GetProcessHeap(), 0, text);
}

// The caller's texts, with their environment variables filled in if it asks for that.
struct request {
    WCHAR *name, *folder;
    WCHAR path[MAX_PATH]; // of a file
    enum target_kind kind;
};

// A name in quotes is its inside, however often they are doubled; quotes anywhere else make no file's name.
static void unquote(WCHAR *name)
{
    size_t length = (size_t)lstrlenW(name);
    while (length > 1 && name[0] == '"' && name[length - 1] == '"') {
        memmove(name, name + 1, (length -= 2) * sizeof(WCHAR));
        name[length] = 0;
    }
}

static bool is_file_url(const WCHAR *name)
{
    return !_wcsnicmp(name, L"file:", 5);
}

// `file:` and up to four slashes, or the local host, before a drive's path.
static DWORD find_file_url(struct request *request)
{
    WCHAR path[MAX_PATH];
    DWORD size = MAX_PATH;
    if (FAILED(PathCreateFromUrlW(request->name, path, &size, 0))) return ERROR_FILE_NOT_FOUND;
    return find_file(path, request->folder, request->path, &request->kind);
}

// A quote in a URL would end the quotes around it in the command, and begin arguments of its own.
static DWORD escape_quotes(struct request *request)
{
    WCHAR *escaped =
              HeapAlloc(GetProcessHeap(), 0, ((size_t)lstrlenW(request->name) * 3 + 1) * sizeof(WCHAR)),
          *to = escaped;
    if (!escaped) return ERROR_NOT_ENOUGH_MEMORY;
    for (const WCHAR *from = request->name; *from; from++) {
        if (*from != '"')
            *to++ = *from;
        else
            for (const char *code = "%22"; *code; code++) *to++ = (WCHAR)*code;
    }
    *to = 0;
    release(request->name);
    request->name = escaped;
    return 0;
}

static DWORD find_target(struct request *request, const SHELLEXECUTEINFOW *info)
{
    if (info->fMask & SEE_MASK_IDLIST && info->lpIDList) {
        WCHAR path[MAX_PATH];
        if (!SHGetPathFromIDListW(info->lpIDList, path)) return ERROR_FILE_NOT_FOUND;
        return find_file(path, NULL, request->path, &request->kind);
    }
    if (is_file_url(request->name)) return find_file_url(request);
    request->kind = TARGET_URL;
    if (PathIsURLW(info->lpFile ? info->lpFile : L"")) return escape_quotes(request);
    unquote(request->name);
    return find_file(request->name, request->folder, request->path, &request->kind);
}

// The environment of a program that App Paths has folders for: they come first in its PATH.
static WCHAR *environment_of(const WCHAR *program)
{
    WCHAR *folders = app_path_folders(program);
    if (!folders) return NULL;
    DWORD old_units = GetEnvironmentVariableW(L"PATH", NULL, 0);
    WCHAR *path = HeapAlloc(GetProcessHeap(), 0, ((size_t)lstrlenW(folders) + old_units + 2) * sizeof(WCHAR));
    PVOID environment = NULL;
    UNICODE_STRING name, value;
    if (path) {
        lstrcpyW(path, folders);
        lstrcatW(path, L";");
        if (!GetEnvironmentVariableW(L"PATH", path + lstrlenW(path), old_units)) path[lstrlenW(path) - 1] = 0;
        RtlInitUnicodeString(&name, L"PATH");
        RtlInitUnicodeString(&value, path);
        if (!RtlCreateEnvironment(TRUE, &environment) &&
            RtlSetEnvironmentVariable(&environment, &name, &value)) {
            RtlDestroyEnvironment(environment);
            environment = NULL;
        }
    }
    release(path);
    release(folders);
    return environment;
}

static DWORD start(const struct request *request, const SHELLEXECUTEINFOW *info, WCHAR *command,
                   HANDLE *process)
{
    STARTUPINFOW startup = {
        .cb = sizeof startup, .dwFlags = STARTF_USESHOWWINDOW, .wShowWindow = (WORD)info->nShow};
    PROCESS_INFORMATION started;
    DWORD flags = CREATE_UNICODE_ENVIRONMENT | CREATE_DEFAULT_ERROR_MODE;
    if (!(info->fMask & SEE_MASK_NO_CONSOLE)) flags |= CREATE_NEW_CONSOLE;
    WCHAR *environment = request->kind == TARGET_FILE ? environment_of(request->path) : NULL;
    const WCHAR *folder = *request->folder ? request->folder : NULL;
    BOOL done =
        CreateProcessW(NULL, command, NULL, NULL, FALSE, flags, environment, folder, &startup, &started);
    DWORD error = done ? 0 : GetLastError();
    if (environment) RtlDestroyEnvironment(environment);
    if (!done) return error;
    CloseHandle(started.hThread);
    if (info->fMask & SEE_MASK_NOCLOSEPROCESS)
        *process = started.hProcess;
    else
        CloseHandle(started.hProcess);
    return 0;
}

static DWORD open_target(const struct request *request, const SHELLEXECUTEINFOW *info, HANDLE *process)
{
    const WCHAR *path = request->kind == TARGET_URL ? request->name : request->path;
    struct class_request class = {
        .kind = request->kind,
        .path = path,
        .class = (info->fMask & SEE_MASK_CLASSKEY) == SEE_MASK_CLASSNAME ? info->lpClass : NULL,
        .key = (info->fMask & SEE_MASK_CLASSKEY) == SEE_MASK_CLASSKEY ? info->hkeyClass : NULL,
        .verb = info->lpVerb};
    struct command_values values = {.path = path,
                                    .parameters = info->lpParameters ? info->lpParameters : L"",
                                    .folder = request->folder,
                                    .show = info->nShow,
                                    .hotkey = info->fMask & SEE_MASK_HOTKEY ? info->dwHotKey : 0};
    WCHAR *template = NULL;
    DWORD error = class_command(&class, &template);
    if (error) return error;
    WCHAR *command = command_fill(template, &values);
    error = command ? start(request, info, command, process) : ERROR_NOT_ENOUGH_MEMORY;
    release(command);
    release(template);
    return error;
}

// Starts what opens a file, folder or URL by a verb (Microsoft's documentation of ShellExecuteEx). hInstApp
// says above 32 that it started, or an SE_ERR_ code. Verbs that speak DDE fail with SE_ERR_DDEFAIL.
BOOL WINAPI ShellExecuteExW(SHELLEXECUTEINFOW *info)
{
    if (info->cbSize != sizeof *info) {
        info->hInstApp = (HINSTANCE)SE_ERR_ACCESSDENIED;
        SetLastError(ERROR_ACCESS_DENIED);
        return FALSE;
    }
    info->hProcess = NULL;
    bool expand = info->fMask & SEE_MASK_DOENVSUBST;
    const WCHAR *name = info->lpFile ? info->lpFile : L"";
    struct request request = {.name = copied(name, expand && !is_file_url(name)),
                              .folder = copied(info->lpDirectory ? info->lpDirectory : L"", expand)};
    DWORD error = request.name && request.folder ? find_target(&request, info) : ERROR_NOT_ENOUGH_MEMORY;
    if (!error) error = open_target(&request, info, &info->hProcess);
    release(request.name);
    release(request.folder);
    info->hInstApp = instance_of(error);
    if (error) SetLastError(error);
    return !error;
}

HINSTANCE WINAPI ShellExecuteW(HWND window, LPCWSTR verb, LPCWSTR file, LPCWSTR parameters, LPCWSTR folder,
                               INT show)
{
    SHELLEXECUTEINFOW info = {.cbSize = sizeof info,
                              .fMask = SEE_MASK_FLAG_NO_UI,
                              .hwnd = window,
                              .lpVerb = verb,
                              .lpFile = file,
                              .lpParameters = parameters,
                              .lpDirectory = folder,
                              .nShow = show};
    ShellExecuteExW(&info);
    return info.hInstApp;
}

// --- the narrow forms

static bool widen(const char *text, UNICODE_STRING *wide)
{
    return RtlCreateUnicodeStringFromAsciiz(wide, text) || !text;
}

BOOL WINAPI ShellExecuteExA(SHELLEXECUTEINFOA *narrow)
{
    SHELLEXECUTEINFOW info;
    if (narrow->cbSize != sizeof *narrow) {
        narrow->hInstApp = (HINSTANCE)SE_ERR_ACCESSDENIED;
        SetLastError(ERROR_ACCESS_DENIED);
        return FALSE;
    }
    _Static_assert(sizeof info == sizeof *narrow, "they only differ in what their texts consist of");
    memcpy(&info, narrow, sizeof info);
    UNICODE_STRING verb = {}, file = {}, parameters = {}, folder = {}, class = {};
    bool by_name = (narrow->fMask & SEE_MASK_CLASSKEY) == SEE_MASK_CLASSNAME;
    BOOL done = FALSE;
    if (widen(narrow->lpVerb, &verb) && widen(narrow->lpFile, &file) &&
        widen(narrow->lpParameters, &parameters) && widen(narrow->lpDirectory, &folder) &&
        (!by_name || widen(narrow->lpClass, &class))) {
        info.lpVerb = verb.Buffer;
        info.lpFile = file.Buffer;
        info.lpParameters = parameters.Buffer;
        info.lpDirectory = folder.Buffer;
        if (by_name) info.lpClass = class.Buffer;
        done = ShellExecuteExW(&info);
    } else {
        info.hInstApp = (HINSTANCE)SE_ERR_OOM;
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    }
    RtlFreeUnicodeString(&verb);
    RtlFreeUnicodeString(&file);
    RtlFreeUnicodeString(&parameters);
    RtlFreeUnicodeString(&folder);
    RtlFreeUnicodeString(&class);
    narrow->hInstApp = info.hInstApp;
    narrow->hProcess = info.hProcess;
    return done;
}

HINSTANCE WINAPI ShellExecuteA(HWND window, LPCSTR verb, LPCSTR file, LPCSTR parameters, LPCSTR folder,
                               INT show)
{
    SHELLEXECUTEINFOA info = {.cbSize = sizeof info,
                              .fMask = SEE_MASK_FLAG_NO_UI,
                              .hwnd = window,
                              .lpVerb = verb,
                              .lpFile = file,
                              .lpParameters = parameters,
                              .lpDirectory = folder,
                              .nShow = show};
    ShellExecuteExA(&info);
    return info.hInstApp;
}

// --- FindExecutable

// Cuts a command line behind its program, which a blank may follow or be part of.
static void cut_program(WCHAR *command)
{
    if (*command == '"') {
        WCHAR *end = wcschr(command + 1, '"');
        memmove(command, command + 1, ((size_t)lstrlenW(command + 1) + 1) * sizeof(WCHAR));
        if (end) end[-1] = 0;
        return;
    }
    for (WCHAR *end = command; (end = wcschr(end, ' ')); *end++ = ' ') {
        *end = 0;
        DWORD attributes = GetFileAttributesW(command);
        if (attributes != INVALID_FILE_ATTRIBUTES && !(attributes & FILE_ATTRIBUTE_DIRECTORY)) return;
    }
    if (GetFileAttributesW(command) != INVALID_FILE_ATTRIBUTES) return;
    WCHAR *blank = wcschr(command, ' ');
    if (blank) *blank = 0;
}

// Finds the program that opens a file, RESULT: MAX_PATH units; empty if none does.
HINSTANCE WINAPI FindExecutableW(LPCWSTR file, LPCWSTR folder, LPWSTR result)
{
    WCHAR path[MAX_PATH], program[MAX_PATH], *template = NULL, *command = NULL;
    enum target_kind kind = TARGET_FILE;
    *result = 0;
    DWORD error = find_file(file ? file : L"", folder, path, &kind);
    struct class_request class = {.kind = kind, .path = path};
    struct command_values values = {.path = path, .parameters = L"", .folder = L""};
    if (!error) error = kind == TARGET_FILE ? class_command(&class, &template) : ERROR_NO_ASSOCIATION;
    if (!error && !(command = command_fill(template, &values))) error = ERROR_NOT_ENOUGH_MEMORY;
    if (!error) {
        cut_program(command);
        error = find_file(command, NULL, program, &kind);
        if (!error) lstrcpyW(result, program);
    }
    release(template);
    release(command);
    return instance_of(error);
}

HINSTANCE WINAPI FindExecutableA(LPCSTR file, LPCSTR folder, LPSTR result)
{
    UNICODE_STRING wide_file = {}, wide_folder = {};
    WCHAR wide[MAX_PATH];
    HINSTANCE instance = (HINSTANCE)SE_ERR_OOM;
    *result = 0;
    if (widen(file, &wide_file) && widen(folder, &wide_folder))
        instance = FindExecutableW(wide_file.Buffer, wide_folder.Buffer, wide);
    if (instance > (HINSTANCE)32 && !WideCharToMultiByte(CP_ACP, 0, wide, -1, result, MAX_PATH, NULL, NULL)) {
        *result = 0;
        instance = (HINSTANCE)SE_ERR_OOM;
    }
    RtlFreeUnicodeString(&wide_file);
    RtlFreeUnicodeString(&wide_folder);
    return instance;
}
