// REN and MOVE.
#include "ask.h"
#include "builtin.h"
#include "find.h"
#include "output.h"
#include "overwrite.h"
#include "switches.h"

// ---- REN ----

int command_ren(const WCHAR *arguments)
{
    struct words words;
    if (!words_take(&words, arguments, L"")) return 1;
    if (words.count != 2 || wcspbrk(strip_quotes(words.names[1]), L"\\:")) {
        complain(MESSAGE_SYNTAX);
        return 1;
    }
    WCHAR *pattern = strip_quotes(words.names[0]);
    size_t prefix = directory_length(pattern);
    struct found *found = find_all(pattern);
    if (!found) {
        complain_error(GetLastError());
        return 1;
    }
    for (; found; found = found->next) {
        struct text target = {};
        text_add_part(&target, pattern, prefix);
        text_add_string(&target, fill_pattern(words.names[1], found->name));
        if (MoveFileW(found->path, target.data)) continue;
        DWORD error = GetLastError();
        if (error == ERROR_ALREADY_EXISTS || error == ERROR_FILE_EXISTS)
            complain(L"A duplicate file name exists, or the file\r\ncannot be found.");
        else
            complain_error(error);
        return 1;
    }
    return 0;
}

// ---- MOVE ----

static bool move_one(const struct found *found, const WCHAR *target, enum overwrite *mode)
{
    if (is_directory(target)) target = join_path(target, found->name);
    bool same = same_text(absolute(found->path), absolute(target));
    if (!same && GetFileAttributesW(target) != INVALID_FILE_ATTRIBUTES && !is_directory(target) &&
        !overwrite_allowed(target, mode))
        return false;
    bool directory = found->data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY;
    if (same && !directory) return true;
    if (MoveFileExW(found->path, target, MOVEFILE_COPY_ALLOWED | MOVEFILE_REPLACE_EXISTING)) return true;
    complain_error(GetLastError());
    return false;
}

int command_move(const WCHAR *arguments)
{
    struct words words;
    int files = 0, directories = 0, result = 0;
    if (!words_take(&words, arguments, L"y")) return 1;
    if (words.count < 1 || words.count > 2) {
        complain(MESSAGE_SYNTAX);
        return 1;
    }
    enum overwrite mode = overwrite_mode(words.on['y'], words.off['y']);
    WCHAR *pattern = strip_quotes(words.names[0]),
          *target = words.count == 2 ? strip_quotes(words.names[1]) : L".";
    struct found *found = find_all(pattern);
    if (!found) {
        complain_error(GetLastError());
        return 1;
    }
    bool wild = has_wildcards(pattern);
    for (; found; found = found->next) {
        bool directory = found->data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY;
        if (directory && wild) continue;
        if (wild) print(L"%s\r\n", absolute(found->path));
        if (!move_one(found, target, &mode))
            result = 1;
        else if (directory)
            directories++;
        else
            files++;
    }
    if (directories)
        print(L"%8d dir(s) moved.\r\n", directories);
    else
        print(L"%8d file(s) moved.\r\n", files);
    return result;
}
