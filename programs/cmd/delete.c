// DEL.
#include "ask.h"
#include "attributes.h"
#include "builtin.h"
#include "find.h"
#include "output.h"
#include "switches.h"

struct deletion {
    struct attribute_filter filter;
    bool prompt, force, tree;
    int count;
};

static void delete_file(struct deletion *d, const struct found *found)
{
    DWORD attributes = found->data.dwFileAttributes;
    const WCHAR *full = absolute(found->path);
    if (d->prompt && ask(L"%s, Delete (Y/N)? ", full) == ANSWER_NO) return;
    if (d->force && attributes & FILE_ATTRIBUTE_READONLY)
        SetFileAttributesW(found->path, attributes & ~(DWORD)FILE_ATTRIBUTE_READONLY);
    if (DeleteFileW(found->path)) {
        if (d->tree) print(L"Deleted file - %s\r\n", full);
        return;
    }
    DWORD error = GetLastError();
    complain(L"%s", full);
    complain_error(error);
}

static void delete_in(struct deletion *d, const WCHAR *directory, const WCHAR *pattern)
{
    struct mark mark = region_mark();
    WCHAR *path = *directory ? join_path(directory, pattern) : (WCHAR *)pattern;
    for (struct found *found = find_all(path); found; found = found->next) {
        if (found->data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY ||
            !attributes_pass(&d->filter, found->data.dwFileAttributes))
            continue;
        d->count++;
        delete_file(d, found);
    }
    struct found *below = d->tree && !stack_is_low() ? find_all(join_path(directory, L"*")) : NULL;
    for (; below; below = below->next)
        if (below->data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY &&
            !(below->data.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT))
            delete_in(d, below->path, pattern);
    region_release(mark);
}

static int delete_named(struct deletion *d, WCHAR *name, bool quiet)
{
    strip_quotes(name);
    if (!has_wildcards(name) && is_directory(name)) name = join_path(name, L"*");
    size_t prefix = directory_length(name);
    const WCHAR *pattern = name + prefix, *directory = region_copy(name, prefix);
    if (*directory && !is_directory(directory)) {
        complain_error(ERROR_PATH_NOT_FOUND);
        return 1;
    }
    bool everything = wcscmp(pattern, L"*") == 0 || wcscmp(pattern, L"*.*") == 0;
    if (everything && !quiet && ask(L"%s, Are you sure (Y/N)? ", absolute(name)) == ANSWER_NO) return 0;
    d->count = 0;
    delete_in(d, *directory || !d->tree ? directory : L".", pattern);
    // That there is nothing to delete is said, but no failure.
    if (!d->count && !has_wildcards(name)) complain(L"Could Not Find %s", absolute(name));
    return 0;
}

int command_del(const WCHAR *arguments)
{
    struct words words;
    struct deletion d = {};
    int result = 0;
    if (!words_take(&words, arguments, L"pfsqa:")) return 1;
    if (!words.count || !attributes_read(&d.filter, words.values['a'])) {
        complain(MESSAGE_SYNTAX);
        return 1;
    }
    d.prompt = words.on['p'];
    d.force = words.on['f'];
    d.tree = words.on['s'];
    for (int i = 0; i < words.count; i++) result |= delete_named(&d, words.names[i], words.on['q']);
    return result;
}
