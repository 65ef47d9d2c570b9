// CD, PUSHD, POPD and changing the drive. Each drive's own directory is in the variable =X:, as programs
// expect it.
#include "directory.h"
#include "builtin.h"
#include "find.h"
#include "output.h"
#include "variables.h"
#include <stdlib.h>

struct pushed {
    struct pushed *below;
    WCHAR *directory; // heap
};
static struct pushed *stack;

int pushed_directories(void)
{
    int count = 0;
    for (const struct pushed *p = stack; p; p = p->below) count++;
    return count;
}

static void remember(const WCHAR *directory)
{
    WCHAR name[] = L"=C:";
    if (directory[1] != ':') return;
    name[1] = towupper(directory[0]);
    SetEnvironmentVariableW(name, directory);
}

static bool enter(const WCHAR *directory)
{
    if (!SetCurrentDirectoryW(directory)) return false;
    remember(current_directory());
    return true;
}

int change_drive(WCHAR letter, bool called)
{
    WCHAR name[] = L"=C:", root[] = L"C:\\";
    name[1] = root[0] = towupper(letter);
    const WCHAR *last = variable_get(name, 3);
    if (!(last && enter(last)) && !enter(root)) {
        complain_error(ERROR_INVALID_DRIVE);
        return shell.errorlevel = 1;
    }
    if (called) shell.errorlevel = 0;
    return 0;
}

static int not_entered(void)
{
    DWORD error = GetLastError();
    complain_error(error == ERROR_FILE_NOT_FOUND ? ERROR_PATH_NOT_FOUND : error);
    return 1;
}

// Without /D a directory of another drive becomes that drive's own, and the current one stays.
static bool enter_other(const WCHAR *path)
{
    const WCHAR *full = absolute(path);
    if (full[1] != ':' || towupper(full[0]) == towupper(*current_directory())) return enter(path);
    if (!is_directory(full)) {
        SetLastError(ERROR_PATH_NOT_FOUND);
        return false;
    }
    remember(full);
    return true;
}

int command_cd(const WCHAR *arguments)
{
    const WCHAR *rest = skip_separators(arguments);
    bool drive_too = rest[0] == '/' && towlower(rest[1]) == 'd' && (!rest[2] || is_blank(rest[2]));
    WCHAR *path = whole_name(drive_too ? rest + 2 : rest);
    if (path[0] && path[1] == ':' && !path[2] && !drive_too) {
        print(L"%s\r\n", absolute(path));
        return 0;
    }
    if (!*path) {
        print(L"%s\r\n", current_directory());
        return 0;
    }
    if (path[0] == '\\' && path[1] == '\\') {
        complain(L"'%s'\r\nCMD does not support UNC paths as current directories.", path);
        return 1;
    }
    return (drive_too ? enter(path) : enter_other(path)) ? 0 : not_entered();
}

int command_pushd(const WCHAR *arguments)
{
    WCHAR *path = whole_name(arguments);
    if (!*path) {
        for (const struct pushed *p = stack; p; p = p->below) print(L"%s\r\n", p->directory);
        return 0;
    }
    WCHAR *old = current_directory();
    if (!enter(path)) return not_entered();
    struct pushed *pushed = heap_take(sizeof(*pushed));
    *pushed = (struct pushed){stack, heap_copy(old)};
    stack = pushed;
    return 0;
}

int command_popd(const WCHAR *arguments)
{
    (void)arguments;
    struct pushed *pushed = stack;
    if (!pushed) return 1;
    stack = pushed->below;
    bool entered = enter(pushed->directory);
    free(pushed->directory);
    free(pushed);
    return entered ? 0 : not_entered();
}
