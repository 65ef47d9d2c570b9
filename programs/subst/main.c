// subst.exe: drive letters that stand for directories.
#include "../shared/file_walk.h"
#include <stdlib.h>
#include <wchar.h>

static const WCHAR prefix[] = L"\\??\\";

static int list_drives(void)
{
    for (WCHAR drive[] = L"A:"; drive[0] <= 'Z'; drive[0]++) {
        WCHAR target[1024];
        size_t length = ARRAYSIZE(prefix) - 1;
        if (QueryDosDeviceW(drive, target, ARRAYSIZE(target)) && wcsncmp(target, prefix, length) == 0 &&
            target[length + 1] == ':') {
            size_t end = wcslen(target);
            if (end > length + 3 && target[end - 1] == '\\') target[end - 1] = 0;
            print(L"%s\\: => %s\r\n", drive, target + length);
        }
    }
    return 0;
}

static bool is_drive(const WCHAR *word)
{
    return iswalpha(word[0]) && word[1] == ':' && !word[2];
}

static int fail(const WCHAR *format, const WCHAR *word)
{
    complain(format, word);
    return 1;
}

static int define_drive(const WCHAR *drive, const WCHAR *path)
{
    WCHAR *full = full_file(path), target[4];
    if (QueryDosDeviceW(drive, target, ARRAYSIZE(target)) || GetLastError() == ERROR_INSUFFICIENT_BUFFER)
        return fail(L"Drive already SUBSTed\r\n", L"");
    if (!is_directory(full)) return fail(L"Path not found - %s\r\n", path);
    size_t length = wcslen(full);
    if (length > 3 && full[length - 1] == '\\') full[length - 1] = 0;
    if (!DefineDosDeviceW(0, drive, full)) return fail(L"%s\r\n", error_text(GetLastError()));
    free(full);
    return 0;
}

int wmain(int count, WCHAR **words)
{
    if (count == 1) return list_drives();
    if (wcscmp(words[1], L"/?") == 0) {
        print(L"SUBST [drive1: [drive2:]path]\r\nSUBST drive1: /D\r\n\r\n  /D  ends it; SUBST alone lists "
              L"them\r\n");
        return 0;
    }
    if (count > 3) return fail(L"Incorrect number of parameters - %s\r\n", words[3]);
    if (!is_drive(words[1])) return fail(L"Invalid parameter - %s\r\n", words[1]);
    if (count == 2) return fail(L"Incorrect number of parameters - %s\r\n", words[1]);
    if (_wcsicmp(words[2], L"/d") != 0) return define_drive(words[1], words[2]);
    if (!DefineDosDeviceW(DDD_REMOVE_DEFINITION, words[1], NULL))
        return fail(L"Invalid parameter - %s\r\n", words[1]);
    return 0;
}
