// where.exe: the files of a pattern, in the current directory and those of PATH, or in a whole tree.
#include "../shared/file_walk.h"
#include <stdlib.h>
#include <wchar.h>

enum { FOUND_STATUS = 0, NOT_FOUND_STATUS = 1, ERROR_STATUS = 2 };

struct search {
    bool quiet, quoted, times;
    bool found;
};

static void show(const struct search *search, const WCHAR *path, const WIN32_FIND_DATAW *data)
{
    SYSTEMTIME time;
    FILETIME local;
    WCHAR date[80] = L"", clock[80] = L"";
    if (search->times && FileTimeToLocalFileTime(&data->ftLastWriteTime, &local) &&
        FileTimeToSystemTime(&local, &time)) {
        GetDateFormatW(LOCALE_USER_DEFAULT, DATE_SHORTDATE, &time, NULL, date, ARRAYSIZE(date));
        GetTimeFormatW(LOCALE_USER_DEFAULT, 0, &time, NULL, clock, ARRAYSIZE(clock));
        print(L"%10lu   %10s  %12s  ", data->nFileSizeLow, date, clock);
    }
    print(search->quoted ? L"\"%s\"\r\n" : L"%s\r\n", path);
}

static bool take_file(const WCHAR *path, const WIN32_FIND_DATAW *data, void *context)
{
    struct search *search = context;
    if (data->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) return true;
    search->found = true;
    if (!search->quiet) show(search, path, data);
    return true;
}

// As it is, and with each of PATHEXT's endings, as programs are found.
static void search_directory(struct search *search, const WCHAR *directory, const WCHAR *pattern, bool deep)
{
    WCHAR endings[1024], *path = join_file(directory, pattern), *full = full_file(path);
    DWORD length = GetEnvironmentVariableW(L"PATHEXT", endings, ARRAYSIZE(endings));
    if (!length || length >= ARRAYSIZE(endings)) wcscpy(endings, L".COM;.EXE;.BAT;.CMD");
    walk_files(full, deep, take_file, search);
    for (WCHAR *state, *ending = wcstok_s(endings, L";", &state); ending;
         ending = wcstok_s(NULL, L";", &state)) {
        size_t size = wcslen(full) + wcslen(ending) + 1;
        WCHAR *candidate = take_memory(size * sizeof(WCHAR));
        wcscpy(candidate, full);
        wcscat(candidate, _wcslwr(ending));
        walk_files(candidate, deep, take_file, search);
        free(candidate);
    }
    free(full);
    free(path);
}

// Each directory of a list with semicolons, which is cut up.
static void search_list(struct search *search, WCHAR *list, const WCHAR *pattern)
{
    for (WCHAR *state, *directory = wcstok_s(list, L";", &state); directory;
         directory = wcstok_s(NULL, L";", &state)) {
        size_t length = wcslen(directory);
        if (length > 1 && directory[0] == '"' && directory[length - 1] == '"') {
            directory[length - 1] = 0;
            directory++;
        }
        if (is_directory(directory)) search_directory(search, directory, pattern, false);
    }
}

static WCHAR *variable(const WCHAR *name)
{
    DWORD size = GetEnvironmentVariableW(name, NULL, 0);
    WCHAR *value = take_memory((size + 1) * sizeof(WCHAR));
    value[0] = 0;
    GetEnvironmentVariableW(name, value, size);
    return value;
}

// PATTERN, $VARIABLE:PATTERN or DIRECTORIES:PATTERN.
static void search_pattern(struct search *search, const WCHAR *pattern)
{
    WCHAR *copy = copy_text(pattern), *colon = wcsrchr(copy, ':'), *list;
    if (colon) *colon = 0;
    if (!colon) {
        search_directory(search, L".", pattern, false);
        list = variable(L"PATH");
    } else {
        list = *copy == '$' ? variable(copy + 1) : copy_text(copy);
        pattern = colon + 1;
    }
    search_list(search, list, pattern);
    free(list);
    free(copy);
}

static int fail_syntax(const WCHAR *word)
{
    complain(L"ERROR: Invalid argument or option - '%s'.\r\nType \"WHERE /?\" for usage help.\r\n", word);
    return ERROR_STATUS;
}

static int usage(void)
{
    print(L"WHERE [/R directory] [/Q] [/F] [/T] pattern ...\r\n\r\n"
          L"  /R  in this directory and all below, not in the current one and PATH\r\n"
          L"  /Q  only the exit status    /F  names in quotation marks    /T  sizes and times too\r\n"
          L"  A pattern may be $VARIABLE:pattern or directory;...:pattern\r\n");
    return FOUND_STATUS;
}

int wmain(int count, WCHAR **words)
{
    struct search search = {};
    const WCHAR *root = NULL;
    bool missing = false;
    int i = 1;
    for (; i < count && (words[i][0] == '/' || words[i][0] == '-'); i++) {
        WCHAR letter = words[i][1] && !words[i][2] ? towlower(words[i][1]) : 0;
        if (letter == '?') return usage();
        if (letter == 'r' && i + 1 < count)
            root = words[++i];
        else if (letter == 'q')
            search.quiet = true;
        else if (letter == 'f')
            search.quoted = true;
        else if (letter == 't')
            search.times = true;
        else
            return fail_syntax(words[i]);
    }
    if (i == count) return usage(), ERROR_STATUS;
    if (root && !is_directory(root)) {
        complain(L"ERROR: The system cannot find the file specified.\r\n");
        return ERROR_STATUS;
    }
    for (; i < count; i++) {
        search.found = false;
        if (root)
            search_directory(&search, root, words[i], true);
        else
            search_pattern(&search, words[i]);
        if (search.found) continue;
        missing = true;
        if (!search.quiet) complain(L"INFO: Could not find files for the given pattern(s).\r\n");
    }
    return missing ? NOT_FOUND_STATUS : FOUND_STATUS;
}
