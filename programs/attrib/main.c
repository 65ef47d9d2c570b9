// attrib.exe: shows and changes attributes of files.
#include "../shared/file_walk.h"
#include <stdlib.h>
#include <wchar.h>

// In the order of the columns in which they are shown.
static const struct attribute {
    WCHAR letter;
    DWORD bit;
    int column;
    bool settable;
} attributes[] = {
    {'A', FILE_ATTRIBUTE_ARCHIVE, 0, true},         {'S', FILE_ATTRIBUTE_SYSTEM, 3, true},
    {'H', FILE_ATTRIBUTE_HIDDEN, 4, true},          {'R', FILE_ATTRIBUTE_READONLY, 5, true},
    {'O', FILE_ATTRIBUTE_OFFLINE, 6, true},         {'I', FILE_ATTRIBUTE_NOT_CONTENT_INDEXED, 7, true},
    {'L', FILE_ATTRIBUTE_REPARSE_POINT, 12, false},
};
enum { COLUMNS = 21 };

struct change {
    DWORD set, clear;
    bool directories, failed;
};

static void show(const WCHAR *path, DWORD bits)
{
    WCHAR columns[COLUMNS + 1];
    WCHAR *full = full_file(path);
    wmemset(columns, ' ', COLUMNS);
    columns[COLUMNS] = 0;
    for (size_t i = 0; i < ARRAYSIZE(attributes); i++)
        if (bits & attributes[i].bit) columns[attributes[i].column] = attributes[i].letter;
    print(L"%s%s\r\n", columns, full);
    free(full);
}

static bool take_file(const WCHAR *path, const WIN32_FIND_DATAW *data, void *context)
{
    struct change *change = context;
    DWORD bits = data->dwFileAttributes,
          keep = bits & ~(DWORD)(FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT);
    if (bits & FILE_ATTRIBUTE_DIRECTORY && !change->directories) return true;
    if (!change->set && !change->clear) {
        show(path, bits);
        return true;
    }
    DWORD special = FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM;
    // What is hidden or a system file keeps that unless it is named.
    if (bits & special && !((change->set | change->clear) & special)) {
        complain(L"Not resetting %s file - %s\r\n", bits & FILE_ATTRIBUTE_HIDDEN ? L"hidden" : L"system",
                 path);
        return true;
    }
    DWORD wanted = (keep | change->set) & ~change->clear;
    if (!SetFileAttributesW(path, wanted ? wanted : FILE_ATTRIBUTE_NORMAL)) {
        complain(L"%s - %s\r\n", error_text(GetLastError()), path);
        change->failed = true;
    }
    return true;
}

static bool take_change(struct change *change, const WCHAR *word)
{
    for (size_t i = 0; i < ARRAYSIZE(attributes); i++) {
        if (!attributes[i].settable || towupper(word[1]) != attributes[i].letter || word[2]) continue;
        *(word[0] == '+' ? &change->set : &change->clear) |= attributes[i].bit;
        return true;
    }
    return false;
}

static int fail(const WCHAR *message, const WCHAR *word)
{
    complain(L"%s - %s\r\n", message, word);
    return 1;
}

int wmain(int count, WCHAR **words)
{
    struct change change = {};
    const WCHAR *pattern = NULL;
    bool deep = false;
    for (int i = 1; i < count; i++) {
        const WCHAR *word = words[i];
        if (wcscmp(word, L"/?") == 0) {
            print(L"ATTRIB [+R | -R] [+A | -A] [+S | -S] [+H | -H] [+O | -O] [+I | -I] [files] [/S "
                  L"[/D]]\r\n\r\n"
                  L"  /S  files in all directories below too    /D  directories too\r\n");
            return 0;
        }
        if (_wcsicmp(word, L"/s") == 0)
            deep = true;
        else if (_wcsicmp(word, L"/d") == 0)
            change.directories = true;
        else if (_wcsicmp(word, L"/l") == 0)
            continue; // a link's own attributes are what is changed anyway
        else if (word[0] == '+' || word[0] == '-') {
            if (!take_change(&change, word)) return fail(L"Parameter format not correct", word);
        } else if (word[0] == '/')
            return fail(L"Invalid switch", word);
        else if (pattern)
            return fail(L"Parameter format not correct", word);
        else
            pattern = word;
    }
    if (!pattern) pattern = L"*";
    // A directory that is named is meant.
    if (!has_wildcards(pattern)) change.directories = true;
    int found = walk_files(pattern, deep, take_file, &change);
    if (!found) {
        print(L"File not found - %s\r\n", pattern);
        return 1;
    }
    return change.failed;
}
