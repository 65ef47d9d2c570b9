// replace.exe: puts files in the place of those of the same name, or adds those that are lacking.
#include "../shared/file_walk.h"
#include <stdlib.h>
#include <wchar.h>

enum { SYNTAX_STATUS = 11 };

struct options {
    bool add, ask, read_only, deep, wait, older;
    const WCHAR *source, *target;
    unsigned done;
    DWORD status; // a Windows error
};

static void fail(struct options *options, const WCHAR *path)
{
    options->status = GetLastError();
    complain(L"%s - %s\r\n", error_text(options->status), path);
}

static bool is_allowed(const struct options *options, const WCHAR *target)
{
    WCHAR answer[8];
    if (!options->ask) return true;
    print(options->add ? L"Add %s? (Y/N) " : L"Replace %s? (Y/N) ", target);
    return read_answer(answer, ARRAYSIZE(answer)) && towlower(answer[0]) == 'y';
}

// False ends all.
static bool put_file(struct options *options, const WCHAR *source, const WCHAR *target)
{
    WCHAR *full = full_file(target);
    bool put = is_allowed(options, full);
    if (put) {
        print(options->add ? L"Adding %s\r\n" : L"Replacing %s\r\n", full);
        DWORD attributes = GetFileAttributesW(full);
        if (options->read_only && attributes != INVALID_FILE_ATTRIBUTES)
            SetFileAttributesW(full, attributes & ~(DWORD)FILE_ATTRIBUTE_READONLY);
        if (CopyFileW(source, full, FALSE))
            options->done++;
        else
            fail(options, full);
    }
    free(full);
    return !options->status;
}

// ---- adding ----

static bool add_file(const WCHAR *path, const WIN32_FIND_DATAW *data, void *context)
{
    struct options *options = context;
    if (data->dwFileAttributes & (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_HIDDEN)) return true;
    WCHAR *target = join_file(options->target, data->cFileName);
    bool go_on = GetFileAttributesW(target) != INVALID_FILE_ATTRIBUTES || put_file(options, path, target);
    free(target);
    return go_on;
}

// ---- replacing ----

struct replacing {
    struct options *options;
    const WCHAR *source;
    FILETIME written;
};

static bool replace_one(const WCHAR *path, const WIN32_FIND_DATAW *data, void *context)
{
    struct replacing *r = context;
    if (data->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) return true;
    if (r->options->older && CompareFileTime(&data->ftLastWriteTime, &r->written) >= 0) return true;
    return put_file(r->options, r->source, path);
}

static bool replace_file(const WCHAR *path, const WIN32_FIND_DATAW *data, void *context)
{
    struct options *options = context;
    if (data->dwFileAttributes & (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_HIDDEN)) return true;
    struct replacing replacing = {options, path, data->ftLastWriteTime};
    WCHAR *pattern = join_file(options->target, data->cFileName);
    walk_files(pattern, options->deep, replace_one, &replacing);
    free(pattern);
    return !options->status;
}

// ---- the command line ----

static bool take_switch(struct options *options, WCHAR letter)
{
    switch (letter) {
    case 'a': return options->add = true;
    case 'p': return options->ask = true;
    case 'r': return options->read_only = true;
    case 's': return options->deep = true;
    case 'w': return options->wait = true;
    case 'u': return options->older = true;
    default: return false;
    }
}

static int run(struct options *options)
{
    int found = walk_files(options->source, false, options->add ? add_file : replace_file, options);
    if (found == 0) {
        complain(L"No files found - %s\r\n", options->source);
        return ERROR_FILE_NOT_FOUND;
    }
    const WCHAR *what = options->add ? L"added" : L"replaced";
    if (options->done)
        print(L"\r\n%u file(s) %s\r\n", options->done, what);
    else
        print(L"\r\nNo files %s\r\n", what);
    return (int)options->status;
}

static int complain_of(const WCHAR *format, const WCHAR *word)
{
    complain(format, word);
    return SYNTAX_STATUS;
}

int wmain(int count, WCHAR **words)
{
    struct options options = {.target = L"."};
    WCHAR answer[8];
    int given = 0;
    for (int i = 1; i < count; i++) {
        if (wcscmp(words[i], L"/?") == 0) {
            print(L"REPLACE source [directory] [/A] [/P] [/R] [/W]\r\n"
                  L"REPLACE source [directory] [/P] [/R] [/S] [/W] [/U]\r\n\r\n"
                  L"  /A  adds what is lacking        /P  asks for each\r\n"
                  L"  /R  read-only files too         /S  in all directories below\r\n"
                  L"  /U  only files that are older   /W  waits for a key first\r\n");
            return 0;
        }
        if (words[i][0] == '/') {
            if (!words[i][1] || words[i][2] || !take_switch(&options, towlower(words[i][1])))
                return complain_of(L"Invalid switch - %s\r\n", words[i]);
        } else if (given == 2) {
            return complain_of(L"Invalid parameter - %s\r\n", words[i]);
        } else {
            *(given++ ? &options.target : &options.source) = words[i];
        }
    }
    if (!options.source) return complain_of(L"Source path required\r\n", L"");
    if (options.add && (options.deep || options.older))
        return complain_of(L"Invalid parameter combination\r\n", L"");
    if (!is_directory(options.target)) {
        complain(L"Path not found - %s\r\n", options.target);
        return ERROR_PATH_NOT_FOUND;
    }
    if (options.wait) {
        print(L"Press ENTER to continue . . . ");
        read_answer(answer, ARRAYSIZE(answer));
    }
    return run(&options);
}
