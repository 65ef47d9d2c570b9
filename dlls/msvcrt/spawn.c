/* Child processes: _spawn, _exec, _cwait, system, and pipes to commands. */
#include "spawn.h"

enum { PATH_SIZE = 1024 };

static size_t narrow_length(const char *text)
{
    return MultiByteToWideChar(CP_ACP, 0, text, -1, NULL, 0);
}
static size_t widen(wchar_t *out, const char *text)
{
    return MultiByteToWideChar(CP_ACP, 0, text, -1, out, INT_MAX / 4) - 1;
}

static bool is_file(const wchar_t *path)
{
    DWORD attributes = GetFileAttributesW(path);
    return attributes != INVALID_FILE_ATTRIBUTES && !(attributes & FILE_ATTRIBUTE_DIRECTORY);
}

/* PATH itself, or with one of the extensions of programs. */
static bool with_extension(wchar_t *path, size_t room)
{
    static const wchar_t *const extensions[] = {L".com", L".exe", L".bat", L".cmd"};
    size_t length = wcslen(path);
    const wchar_t *p = path + length;

    while (p > path && *p != '.' && *p != '\\' && *p != '/' && *p != ':') p--;
    if (*p == '.') return is_file(path);
    for (size_t i = 0; i < ARRAY_SIZE(extensions) && length + 5 < room; i++) {
        wcscpy(path + length, extensions[i]);
        if (is_file(path)) return true;
    }
    path[length] = 0;
    return is_file(path);
}

static bool find_program(const wchar_t *name, unsigned options, wchar_t *out)
{
    const wchar_t *path;

    if (wcslen(name) >= PATH_SIZE - 5) return false;
    wcscpy(out, name);
    if (with_extension(out, PATH_SIZE)) return true;
    if (!(options & SEARCH_PATH) || wcspbrk(name, L"\\/:")) return false;
    for (path = _wgetenv(L"PATH"); path && *path;) {
        size_t n = 0;
        while (path[n] && path[n] != ';') n++;
        if (n && n + wcslen(name) + 6 < PATH_SIZE) {
            memcpy(out, path, n * sizeof(*out));
            if (out[n - 1] != '\\' && out[n - 1] != '/') out[n++] = '\\', path--;
            wcscpy(out + n, name);
            if (with_extension(out, PATH_SIZE)) return true;
        }
        path += n;
        if (*path) path++;
    }
    return false;
}

intptr_t spawn_process(int mode, const wchar_t *path, wchar_t *command_line, wchar_t *block, unsigned options,
                       const HANDLE *standard)
{
    wchar_t program[PATH_SIZE];
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;
    DWORD flags = CREATE_UNICODE_ENVIRONMENT, status = 0;
    BOOL ok;

    REQUIRE(mode >= SPAWN_WAIT && mode <= SPAWN_DETACH, EINVAL, -1);
    if (!find_program(path, options, program)) {
        errno = ENOENT;
        *__doserrno() = ERROR_FILE_NOT_FOUND;
        return -1;
    }
    if (mode == SPAWN_DETACH) flags |= DETACHED_PROCESS;
    if (!standard) startup.lpReserved2 = fd_inherit_block(&startup.cbReserved2);
    if (standard) { /* of a pipe's command: those and nothing else */
        startup.dwFlags |= STARTF_USESTDHANDLES;
        startup.hStdInput = standard[0];
        startup.hStdOutput = standard[1];
        startup.hStdError = standard[2];
    }
    ok = CreateProcessW(program, command_line, NULL, NULL, TRUE, flags, block, NULL, &startup, &process);
    if (!ok) set_os_error(GetLastError());
    free(startup.lpReserved2);
    if (!ok) return -1;
    CloseHandle(process.hThread);
    switch (mode) {
    case SPAWN_WAIT:
        WaitForSingleObject(process.hProcess, INFINITE);
        GetExitCodeProcess(process.hProcess, &status);
        CloseHandle(process.hProcess);
        return (int)status;
    case SPAWN_OVERLAY: _exit(0);
    case SPAWN_DETACH: CloseHandle(process.hProcess); return 0;
    default: return (intptr_t)process.hProcess;
    }
}

#include "spawn_template.h"
#define WIDE
#include "spawn_template.h"

/* Waits for a child of _spawn(_P_NOWAIT) and closes its handle. */
intptr_t EXPORT _cwait(int *status, intptr_t process, int action)
{
    DWORD code;

    (void)action;
    if (process && process != -1 && WaitForSingleObject((HANDLE)process, INFINITE) != WAIT_FAILED) {
        if (status && GetExitCodeProcess((HANDLE)process, &code)) *status = code;
        CloseHandle((HANDLE)process);
        return process;
    }
    errno = GetLastError() == ERROR_INVALID_HANDLE ? ECHILD : EINVAL;
    *__doserrno() = GetLastError();
    return -1;
}

/* ---- through the command interpreter ---- */

/* "cmd.exe /c COMMAND", malloc'ed, and the interpreter's path. */
static wchar_t *interpreter_line(const wchar_t *command, const wchar_t **interpreter)
{
    const wchar_t *comspec = _wgetenv(L"COMSPEC");
    wchar_t *line;

    *interpreter = comspec && *comspec ? comspec : L"cmd.exe";
    line = malloc((wcslen(*interpreter) + wcslen(command) + 5) * sizeof(*line));
    if (line) wcscat(wcscat(wcscpy(line, *interpreter), L" /c "), command);
    return line;
}

int EXPORT _wsystem(const wchar_t *command)
{
    const wchar_t *interpreter;
    wchar_t *line;
    int result;

    if (!command) {
        const wchar_t *comspec = _wgetenv(L"COMSPEC");
        if (comspec && *comspec && is_file(comspec)) return 1;
        errno = ENOENT;
        return 0;
    }
    line = interpreter_line(command, &interpreter);
    if (!line) return -1;
    result = spawn_process(SPAWN_WAIT, interpreter, line, NULL, SEARCH_PATH, NULL);
    free(line);
    return result;
}

int EXPORT system(const char *command)
{
    wchar_t *wide = wide_copy(command);
    int result = command && !wide ? -1 : _wsystem(wide);

    free(wide);
    return result;
}

struct piped {
    FILE *file;
    HANDLE process;
};
static struct piped *piped_list;
static int piped_count;

static bool remember(FILE *file, HANDLE process)
{
    struct piped *bigger;
    int i;

    for (i = 0; i < piped_count && piped_list[i].file; i++) {
    }
    if (i == piped_count) {
        bigger = realloc(piped_list, (piped_count + 8) * sizeof(*bigger));
        if (!bigger) return false;
        piped_list = bigger;
        memset(bigger + piped_count, 0, 8 * sizeof(*bigger));
        piped_count += 8;
    }
    piped_list[i] = (struct piped){file, process};
    return true;
}

FILE *EXPORT _wpopen(const wchar_t *command, const wchar_t *mode)
{
    HANDLE standard[3];
    const wchar_t *interpreter;
    wchar_t *line;
    int fds[2], flags = _O_NOINHERIT, ours, theirs;
    intptr_t process = -1;
    FILE *file = NULL;
    bool reads;

    REQUIRE(command && mode, EINVAL, NULL);
    REQUIRE(*mode == 'r' || *mode == 'w', EINVAL, NULL);
    reads = *mode == 'r';
    flags |= wcschr(mode, 'b') ? _O_BINARY : wcschr(mode, 't') ? _O_TEXT : 0;
    if (_pipe(fds, 0, flags)) return NULL;
    ours = fds[!reads];
    theirs = fds[reads];
    for (int i = 0; i < 3; i++) {
        standard[i] = (HANDLE)_get_osfhandle(i);
        if (standard[i] == (HANDLE)-2) standard[i] = NULL;
    }
    /* The command gets an inheritable copy of its end; ours must not stay open in it. */
    if (DuplicateHandle(GetCurrentProcess(), (HANDLE)_get_osfhandle(theirs), GetCurrentProcess(),
                        &standard[reads], 0, TRUE, DUPLICATE_SAME_ACCESS)) {
        line = interpreter_line(command, &interpreter);
        _lock(LOCK_POPEN);
        file = line ? _wfdopen(ours, mode) : NULL;
        if (file) process = spawn_process(SPAWN_NOWAIT, interpreter, line, NULL, SEARCH_PATH, standard);
        if (process != -1 && !remember(file, (HANDLE)process)) {
            CloseHandle((HANDLE)process);
            process = -1;
        }
        _unlock(LOCK_POPEN);
        free(line);
        CloseHandle(standard[reads]);
    } else {
        set_os_error(GetLastError());
    }
    _close(theirs);
    if (process != -1) return file;
    if (file)
        fclose(file);
    else
        _close(ours);
    return NULL;
}

FILE *EXPORT _popen(const char *command, const char *mode)
{
    wchar_t *wide_command = wide_copy(command), *wide_mode = wide_copy(mode);
    FILE *file;

    REQUIRE(command && mode, EINVAL, NULL);
    file = wide_command && wide_mode ? _wpopen(wide_command, wide_mode) : NULL;
    free(wide_command);
    free(wide_mode);
    return file;
}

int EXPORT _pclose(FILE *file)
{
    HANDLE process = NULL;
    DWORD status;
    int i;

    REQUIRE(file, EINVAL, -1);
    _lock(LOCK_POPEN);
    for (i = 0; i < piped_count && piped_list[i].file != file; i++) {
    }
    if (i < piped_count) {
        process = piped_list[i].process;
        piped_list[i].file = NULL;
    }
    _unlock(LOCK_POPEN);
    if (!process) {
        errno = EBADF;
        return -1;
    }
    fclose(file);
    WaitForSingleObject(process, INFINITE);
    if (!GetExitCodeProcess(process, &status)) status = -1;
    CloseHandle(process);
    return status;
}
