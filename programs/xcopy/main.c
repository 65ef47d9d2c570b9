// xcopy.exe: copies files and trees of directories.
#include "../shared/file_walk.h"
#include "options.h"
#include <stdlib.h>
#include <wchar.h>

struct copying {
    struct options *options;
    const WCHAR *target_name; // the new name of a single file; NULL: files keep theirs
    unsigned count;
    enum exit_status status;
};

// ---- asking ----

// The letter of the answer, one of LETTERS; the last of them at the end of input.
static WCHAR ask(const WCHAR *letters, const WCHAR *format, const WCHAR *what)
{
    WCHAR line[64];
    for (;;) {
        print(format, what);
        if (!read_answer(line, ARRAYSIZE(line))) return letters[wcslen(letters) - 1];
        const WCHAR *found = line[0] ? wcschr(letters, towupper(line[0])) : NULL;
        if (found) return *found;
    }
}

// ---- what is copied ----

static bool is_excluded(const struct options *options, const WCHAR *path)
{
    WCHAR *full = full_file(path);
    bool excluded = false;
    _wcslwr(full);
    for (size_t i = 0; i < options->excluded_count && !excluded; i++)
        excluded = wcsstr(full, options->excluded[i]) != NULL;
    free(full);
    return excluded;
}

static bool is_wanted(const struct options *options, const WCHAR *path, const WIN32_FIND_DATAW *data,
                      const WCHAR *target)
{
    WIN32_FILE_ATTRIBUTE_DATA old;
    bool exists = GetFileAttributesExW(target, GetFileExInfoStandard, &old);
    if (data->dwFileAttributes & (FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM) && !options->hidden)
        return false;
    if (options->archived && !(data->dwFileAttributes & FILE_ATTRIBUTE_ARCHIVE)) return false;
    if (options->dated && CompareFileTime(&data->ftLastWriteTime, &options->date) < 0) return false;
    if (options->newer && exists && CompareFileTime(&data->ftLastWriteTime, &old.ftLastWriteTime) <= 0)
        return false;
    if (options->only_existing && !exists) return false;
    return !is_excluded(options, path);
}

// Whether the user lets it happen.
static bool is_allowed(struct copying *c, const WCHAR *path, const WCHAR *target)
{
    if (c->options->ask_each && ask(L"YN", L"%s (Y/N)? ", path) == 'N') return false;
    if (c->options->always || c->options->list_only || GetFileAttributesW(target) == INVALID_FILE_ATTRIBUTES)
        return true;
    WCHAR *full = full_file(target);
    WCHAR answer = ask(L"YAN", L"Overwrite %s (Yes/No/All)? ", full);
    free(full);
    if (answer == 'A') c->options->always = true;
    return answer != 'N';
}

// ---- copying ----

static bool make_directories(const WCHAR *path)
{
    WCHAR *copy = copy_text(path);
    size_t length = directory_part(copy);
    bool made = is_directory(path) || CreateDirectoryW(path, NULL);
    if (!made && length > 1) {
        copy[length - 1] = 0;
        made = make_directories(copy) && CreateDirectoryW(path, NULL);
    }
    free(copy);
    return made;
}

// A copy has the archive attribute and is not read-only unless /K says so.
static void set_attributes(const struct options *options, const WCHAR *target, DWORD attributes)
{
    if (!options->keep) attributes &= ~(DWORD)FILE_ATTRIBUTE_READONLY;
    SetFileAttributesW(target, attributes | FILE_ATTRIBUTE_ARCHIVE);
}

static bool is_full(DWORD error)
{
    return error == ERROR_DISK_FULL || error == ERROR_HANDLE_DISK_FULL || error == ERROR_WRITE_FAULT;
}

// False ends all.
static bool copy_file(struct copying *c, const WCHAR *path, const WIN32_FIND_DATAW *data, const WCHAR *target)
{
    const struct options *options = c->options;
    if (options->full_names) {
        WCHAR *from = full_file(path), *to = full_file(target);
        print(L"%s -> %s\r\n", from, to);
        free(from);
        free(to);
    } else if (!options->quiet) {
        print(L"%s\r\n", path);
    }
    if (!options->list_only) {
        if (options->over_read_only) SetFileAttributesW(target, FILE_ATTRIBUTE_NORMAL);
        if (!CopyFileW(path, target, FALSE)) {
            DWORD error = GetLastError();
            complain(L"%s\r\n", error_text(error));
            if (options->go_on) return true;
            c->status = is_full(error) ? STATUS_WRITE_ERROR : STATUS_BAD_START;
            return false;
        }
        set_attributes(options, target, data->dwFileAttributes);
        if (options->clear_archive)
            SetFileAttributesW(path, data->dwFileAttributes & ~(DWORD)FILE_ATTRIBUTE_ARCHIVE);
    }
    c->count++;
    return true;
}

struct level {
    struct copying *c;
    const WCHAR *target; // directory
    bool made;
};

static bool make_level(struct level *level)
{
    if (level->made || level->c->options->list_only) return true;
    level->made = make_directories(level->target);
    if (level->made) return true;
    complain(L"Unable to create directory - %s\r\n", level->target);
    level->c->status = STATUS_BAD_START;
    return false;
}

static bool take_entry(const WCHAR *path, const WIN32_FIND_DATAW *data, void *context)
{
    struct level *level = context;
    struct copying *c = level->c;
    bool more = true;
    if (data->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) return true;
    if (c->options->only_tree) return make_level(level);
    WCHAR *target = join_file(level->target, c->target_name ? c->target_name : data->cFileName);
    if (is_wanted(c->options, path, data, target) && is_allowed(c, path, target))
        more = make_level(level) && copy_file(c, path, data, target);
    free(target);
    return more;
}

static bool copy_directory(struct copying *c, const WCHAR *source, const WCHAR *pattern, const WCHAR *target);

struct below {
    struct copying *c;
    const WCHAR *pattern, *target;
};

static bool take_directory(const WCHAR *path, const WIN32_FIND_DATAW *data, void *context)
{
    const struct below *below = context;
    DWORD attributes = data->dwFileAttributes;
    if (!(attributes & FILE_ATTRIBUTE_DIRECTORY) || attributes & FILE_ATTRIBUTE_REPARSE_POINT) return true;
    if (attributes & (FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM) && !below->c->options->hidden)
        return true;
    if (is_excluded(below->c->options, path)) return true;
    WCHAR *target = join_file(below->target, data->cFileName);
    bool more = copy_directory(below->c, path, below->pattern, target);
    free(target);
    return more;
}

static bool copy_directory(struct copying *c, const WCHAR *source, const WCHAR *pattern, const WCHAR *target)
{
    struct level level = {c, target, false};
    struct below below = {c, pattern, target};
    WCHAR *files = join_file(source, pattern), *all = join_file(source, L"*");
    bool more = walk_files(files, false, take_entry, &level) >= 0;
    if (more && c->options->empty) more = make_level(&level);
    if (more && c->options->deep) more = walk_files(all, false, take_directory, &below) >= 0;
    free(files);
    free(all);
    return more;
}

// ---- from and to ----

// Takes the source apart into a directory and a pattern; the caller frees the directory.
static WCHAR *split_source(const WCHAR *source, const WCHAR **pattern)
{
    if (!has_wildcards(source) && is_directory(source)) {
        *pattern = L"*";
        return copy_text(source);
    }
    size_t length = directory_part(source);
    WCHAR *directory = copy_text(source);
    directory[length] = 0;
    *pattern = source + length;
    return directory;
}

// Decides whether the target is a directory or a single file's new name, by asking if need be.
static WCHAR *find_target(struct copying *c)
{
    const struct options *options = c->options;
    WCHAR *target = copy_text(options->target);
    size_t length = wcslen(target);
    bool one_file = !has_wildcards(options->source) && !is_directory(options->source);
    if (length && (target[length - 1] == '\\' || target[length - 1] == '/')) {
        if (length > 1 && target[length - 2] != ':') target[length - 1] = 0;
        return target;
    }
    if (is_directory(target) || (options->into_directory && !one_file)) return target;
    bool exists = GetFileAttributesW(target) != INVALID_FILE_ATTRIBUTES;
    if (!exists &&
        (options->into_directory ||
         ask(L"FD",
             L"Does %s specify a file name\r\nor directory name on the target\r\n(F = file, D = directory)? ",
             target) == 'D'))
        return target;
    length = directory_part(target);
    c->target_name = copy_text(target + length);
    target[length] = 0;
    if (length) return target;
    free(target);
    return copy_text(L".");
}

// Whether the target lies in the source: copied with all below it, it would never end.
static bool is_cyclic(const WCHAR *source, const WCHAR *target)
{
    WCHAR *from = full_file(*source ? source : L"."), *to = full_file(target);
    size_t length = wcslen(from);
    if (length && wcschr(L"\\/", from[length - 1])) length--;
    bool cyclic = length && _wcsnicmp(from, to, length) == 0 && to[length] == '\\' && to[length + 1];
    free(from);
    free(to);
    return cyclic;
}

static int usage(void)
{
    print(
        L"XCOPY source [target] [/A | /M] [/D[:m-d-y]] [/P] [/S [/E]] [/T] [/U] [/C] [/I] [/Q] [/F] [/L]\r\n"
        L"      [/H] [/R] [/K] [/Y | /-Y] [/EXCLUDE:file[+file ...]]\r\n\r\n"
        L"  /S  directories below too, /E also empty ones, /T only directories\r\n"
        L"  /I  a target that isn't there is a directory      /Y  overwrite without asking\r\n"
        L"  /D  only newer files    /U  only what is there already    /A /M  only with the archive "
        L"attribute\r\n"
        L"  /H  hidden files too    /R  over read-only files          /K  keep the read-only attribute\r\n"
        L"  /C  go on after errors  /L  only list    /Q  do not list  /F  list full names    /P  ask for "
        L"each\r\n");
    return STATUS_DONE;
}

int wmain(int count, WCHAR **words)
{
    struct options options;
    struct copying c = {.options = &options};
    const WCHAR *pattern;
    for (int i = 1; i < count; i++)
        if (wcscmp(words[i], L"/?") == 0) return usage();
    if (!options_take(&options, count, words)) return STATUS_BAD_START;
    WCHAR *source = split_source(options.source, &pattern);
    if (*source && !is_directory(source)) {
        complain(L"File not found - %s\r\n", pattern);
        print(L"0 File(s) copied\r\n");
        return STATUS_BAD_START;
    }
    WCHAR *target = find_target(&c);
    if (options.deep && is_cyclic(source, target)) {
        complain(L"Cannot perform a cyclic copy\r\n");
        print(L"0 File(s) copied\r\n");
        return STATUS_BAD_START;
    }
    copy_directory(&c, source, pattern, target);
    if (!c.count && !c.status && !options.only_tree && !has_wildcards(options.source) &&
        !is_directory(options.source) && GetFileAttributesW(options.source) == INVALID_FILE_ATTRIBUTES) {
        complain(L"File not found - %s\r\n", pattern);
        c.status = STATUS_BAD_START;
    }
    if (!options.only_tree) print(L"%u File(s)%s\r\n", c.count, options.list_only ? L"" : L" copied");
    free(source);
    free(target);
    return c.status;
}
