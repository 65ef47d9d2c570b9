// MD and RD.
#include "ask.h"
#include "builtin.h"
#include "find.h"
#include "output.h"
#include "switches.h"

// ---- MD ----

// Makes a directory and those above it that are lacking.
static DWORD make(const WCHAR *path)
{
    if (CreateDirectoryW(path, NULL)) return ERROR_SUCCESS;
    DWORD error = GetLastError();
    if (error != ERROR_PATH_NOT_FOUND && error != ERROR_INVALID_NAME) return error;
    size_t length = wcslen(path);
    while (length && path[length - 1] != '\\') length--;
    if (length < 2 || path[length - 2] == ':' || path[length - 2] == '\\') return error;
    DWORD above = make(region_copy(path, length - 1));
    if (above && above != ERROR_ALREADY_EXISTS) return above;
    return CreateDirectoryW(path, NULL) ? ERROR_SUCCESS : GetLastError();
}

static int make_named(WCHAR *name)
{
    strip_quotes(name);
    for (size_t n = wcslen(name); n > 1 && name[n - 1] == '\\' && name[n - 2] != ':'; n--) name[n - 1] = 0;
    DWORD error = make(name);
    if (!error) return 0;
    if (error == ERROR_ALREADY_EXISTS || error == ERROR_FILE_EXISTS)
        complain(L"A subdirectory or file %s already exists.", name);
    else
        complain_error(error);
    return 1;
}

int command_md(const WCHAR *arguments)
{
    struct words words;
    int result = 0;
    if (!words_take(&words, arguments, L"") || !words.count) {
        if (!words.count) complain(MESSAGE_SYNTAX);
        return 1;
    }
    for (int i = 0; i < words.count; i++) result |= make_named(words.names[i]);
    return result;
}

// ---- RD ----

static DWORD remove_tree(const WCHAR *path)
{
    struct mark mark = region_mark();
    DWORD error = stack_is_low() ? ERROR_STACK_OVERFLOW : ERROR_SUCCESS;
    struct found *found = error ? NULL : find_all(join_path(path, L"*"));
    for (; found; found = found->next) {
        DWORD attributes = found->data.dwFileAttributes, failed = 0;
        if (attributes & FILE_ATTRIBUTE_READONLY)
            SetFileAttributesW(found->path, attributes & ~(DWORD)FILE_ATTRIBUTE_READONLY);
        if (!(attributes & FILE_ATTRIBUTE_DIRECTORY))
            failed = DeleteFileW(found->path) ? 0 : GetLastError();
        else if (attributes & FILE_ATTRIBUTE_REPARSE_POINT)
            failed = RemoveDirectoryW(found->path) ? 0 : GetLastError();
        else
            failed = remove_tree(found->path);
        if (failed) error = failed;
    }
    if (!error && !RemoveDirectoryW(path)) error = GetLastError();
    region_release(mark);
    return error;
}

static DWORD remove_named(WCHAR *name, bool tree, bool quiet)
{
    strip_quotes(name);
    DWORD attributes = GetFileAttributesW(name);
    if (attributes == INVALID_FILE_ATTRIBUTES) return GetLastError();
    if (!(attributes & FILE_ATTRIBUTE_DIRECTORY)) return ERROR_DIRECTORY;
    if (tree && !quiet && ask(L"%s, Are you sure (Y/N)? ", name) == ANSWER_NO) return ERROR_SUCCESS;
    if (tree && !(attributes & FILE_ATTRIBUTE_REPARSE_POINT)) return remove_tree(name);
    return RemoveDirectoryW(name) ? ERROR_SUCCESS : GetLastError();
}

int command_rd(const WCHAR *arguments)
{
    struct words words;
    DWORD result = 0;
    if (!words_take(&words, arguments, L"sq")) return 1;
    if (!words.count) {
        complain(MESSAGE_SYNTAX);
        return 1;
    }
    for (int i = 0; i < words.count; i++) {
        DWORD error = remove_named(words.names[i], words.on['s'], words.on['q']);
        if (error) complain_error(error);
        if (error) result = error;
    }
    return (int)result;
}
