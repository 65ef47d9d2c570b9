// TYPE.
#include "builtin.h"
#include "find.h"
#include "output.h"
#include "switches.h"

enum { PIECE = 16 * 1024 };

static bool type_text(HANDLE file, char *buffer, DWORD got)
{
    // UTF-16 with a byte order mark becomes text of the console's code page.
    bool wide = got >= 2 && (BYTE)buffer[0] == 0xff && (BYTE)buffer[1] == 0xfe, first = true;
    bool console = is_console(shell.handles[1]);
    DWORD written;
    do {
        if (wide) {
            const WCHAR *text = (const WCHAR *)(const void *)buffer;
            write_part(1, text + first, got / sizeof(WCHAR) - first);
        } else if (console) {
            const WCHAR *text = decode_bytes(buffer, got);
            write_part(1, text, wcslen(text));
        } else if (!WriteFile(shell.handles[1], buffer, got, &written, NULL)) {
            complain_error(GetLastError());
            return false;
        }
        first = false;
    } while (ReadFile(file, buffer, PIECE, &got, NULL) && got);
    return true;
}

static bool type_file(const WCHAR *path)
{
    struct mark mark = region_mark();
    char *buffer = region_take(PIECE);
    DWORD got;
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                              NULL, OPEN_EXISTING, 0, NULL);
    bool done = file != INVALID_HANDLE_VALUE;
    if (!done)
        complain_error(GetLastError());
    else if (ReadFile(file, buffer, PIECE, &got, NULL) && got)
        done = type_text(file, buffer, got);
    if (file != INVALID_HANDLE_VALUE) CloseHandle(file);
    region_release(mark);
    return done;
}

static bool type_named(WCHAR *name, bool several)
{
    strip_quotes(name);
    if (!has_wildcards(name)) {
        if (several) complain(L"\r\n%s\r\n\r\n", name);
        if (type_file(name)) return true;
        if (several) complain(L"Error occurred while processing: %s.", name);
        return false;
    }
    struct found *found = find_all(name);
    bool done = found != NULL;
    if (!found) complain_error(GetLastError());
    for (; found; found = found->next) {
        if (found->data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) continue;
        complain(L"\r\n%s\r\n\r\n", found->path);
        done = type_file(found->path) && done;
    }
    return done;
}

int command_type(const WCHAR *arguments)
{
    struct words words;
    bool done = true;
    if (!words_take(&words, arguments, L"")) return 1;
    if (!words.count) {
        complain(MESSAGE_SYNTAX);
        return 1;
    }
    for (int i = 0; i < words.count; i++) done = type_named(words.names[i], words.count > 1) && done;
    return !done;
}
