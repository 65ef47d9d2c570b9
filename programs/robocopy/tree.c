// Walking the two trees.
#include "tree.h"
#include "file.h"
#include "listing.h"
#include <stdlib.h>
#include <wchar.h>

struct walk {
    const struct options *options;
    struct totals *totals;
};

static bool matches_any(const struct names *names, const WCHAR *name, const WCHAR *path)
{
    for (size_t i = 0; i < names->count; i++) {
        bool whole = wcspbrk(names->names[i], L"\\/:") != NULL;
        WCHAR *full = whole ? full_file(names->names[i]) : NULL;
        bool match = name_matches(whole ? full : names->names[i], whole ? path : name);
        free(full);
        if (match) return true;
    }
    return false;
}

static ULONGLONG size_of(const WIN32_FIND_DATAW *data)
{
    return (ULONGLONG)data->nFileSizeHigh << 32 | data->nFileSizeLow;
}

static bool is_wanted_file(const struct options *o, const WIN32_FIND_DATAW *data, const WCHAR *path)
{
    ULONGLONG size = size_of(data);
    DWORD attributes = data->dwFileAttributes;
    if (!matches_any(&o->files, data->cFileName, path) ||
        matches_any(&o->excluded_files, data->cFileName, path))
        return false;
    if ((o->archive || o->reset_archive) && !(attributes & FILE_ATTRIBUTE_ARCHIVE)) return false;
    if ((o->include_attributes && !(attributes & o->include_attributes)) ||
        attributes & o->exclude_attributes)
        return false;
    return size >= o->size_min && size <= o->size_max &&
           CompareFileTime(&data->ftLastWriteTime, &o->written_min) >= 0 &&
           CompareFileTime(&data->ftLastWriteTime, &o->written_max) <= 0;
}

static bool is_within(const WCHAR *path, const WCHAR *directory)
{
    size_t length = wcslen(directory);
    return _wcsnicmp(path, directory, length) == 0 && (path[length] == '\\' || !path[length]);
}

// A target in the source isn't copied into itself without end, nor a source in the target deleted as extra.
static bool is_wanted_directory(const struct options *o, const WIN32_FIND_DATAW *data, const WCHAR *path)
{
    if (_wcsicmp(path, o->target) == 0 || is_within(o->source, path)) return false;
    if (data->dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT && o->no_junctions) return false;
    return !matches_any(&o->excluded_directories, data->cFileName, path);
}

// ---- files ----

static void count_file(struct totals *t, size_t member, ULONGLONG size)
{
    *(ULONGLONG *)((char *)&t->files + member) += 1;
    *(ULONGLONG *)((char *)&t->bytes + member) += size;
}
#define COUNT_FILE(t, member, size) count_file(t, offsetof(struct counts, member), size)

// What takes the place of a file that is to be copied, but is a directory.
static void mismatched(const struct walk *w, const WIN32_FIND_DATAW *data, const WCHAR *path)
{
    COUNT_FILE(w->totals, mismatched, size_of(data));
    report_file(w->options, L"    *Mismatch ", data, path);
    report_file_end(w->options, false);
}

static void one_file(const struct walk *w, const WIN32_FIND_DATAW *data, const WIN32_FIND_DATAW *old,
                     const WCHAR *from, const WCHAR *to)
{
    const struct options *o = w->options;
    ULONGLONG size = size_of(data);
    COUNT_FILE(w->totals, total, size);
    if (old && old->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) {
        mismatched(w, data, from);
        return;
    }
    struct comparison compared = file_compare(o, data, old);
    if (!compared.wanted) {
        COUNT_FILE(w->totals, skipped, size);
        if (!o->verbose) return;
        report_file(o, compared.class, data, from);
        report_file_end(o, false);
        return;
    }
    report_file(o, compared.class, data, from);
    bool copied = o->list_only || file_copy(o, data, from, to);
    report_file_end(o, copied && !o->list_only);
    if (copied)
        COUNT_FILE(w->totals, copied, size);
    else
        COUNT_FILE(w->totals, failed, size);
}

static void extra_file(const struct walk *w, const WIN32_FIND_DATAW *data, const WCHAR *path)
{
    const struct options *o = w->options;
    if (o->exclude_extra || matches_any(&o->excluded_files, data->cFileName, path)) return;
    bool selected = matches_any(&o->files, data->cFileName, path);
    if (!selected && !o->report_extra) return;
    COUNT_FILE(w->totals, extra, size_of(data));
    report_file(o, L"  *EXTRA File ", data, path);
    report_file_end(o, false);
    if (o->purge && selected && !o->list_only && !file_delete(path))
        report_error(GetLastError(), L"Deleting Extra File", path);
}

static void copy_files(const struct walk *w, const WCHAR *source, const struct file_list *from,
                       const WCHAR *target, const struct file_list *to)
{
    for (size_t i = 0; i < from->count; i++) {
        const WIN32_FIND_DATAW *data = &from->entries[i];
        if (data->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) continue;
        WCHAR *path = join_file(source, data->cFileName), *copy = join_file(target, data->cFileName);
        const WIN32_FIND_DATAW *old = list_find(to, data->cFileName);
        if (is_wanted_file(w->options, data, path) && (old || !w->options->exclude_lonely))
            one_file(w, data, old, path, copy);
        free(path);
        free(copy);
    }
}

// ---- what only the target has ----

// Of a link only itself goes, and nothing of what it leads to.
static bool remove_tree(const WCHAR *path, DWORD attributes)
{
    struct file_list listing =
        attributes & FILE_ATTRIBUTE_REPARSE_POINT ? (struct file_list){} : listing_read(path);
    for (size_t i = 0; i < listing.count; i++) {
        const WIN32_FIND_DATAW *data = &listing.entries[i];
        WCHAR *below = join_file(path, data->cFileName);
        if (data->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
            remove_tree(below, data->dwFileAttributes);
        else
            file_delete(below);
        free(below);
    }
    free(listing.entries);
    return RemoveDirectoryW(path);
}

static void extra_directory(const struct walk *w, const WIN32_FIND_DATAW *data, const WCHAR *path)
{
    const struct options *o = w->options;
    if (o->exclude_extra || !o->subdirectories || !is_wanted_directory(o, data, path)) return;
    w->totals->directories.extra++;
    report_directory(o, L"*EXTRA Dir", -1, path);
    if (o->purge && !o->list_only && !remove_tree(path, data->dwFileAttributes))
        report_error(GetLastError(), L"Deleting Extra Directory", path);
}

static void handle_extras(const struct walk *w, const struct file_list *from, const WCHAR *target,
                          const struct file_list *to)
{
    for (size_t i = 0; i < to->count; i++) {
        const WIN32_FIND_DATAW *data = &to->entries[i];
        if (list_find(from, data->cFileName)) continue;
        WCHAR *path = join_file(target, data->cFileName);
        if (data->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
            extra_directory(w, data, path);
        else
            extra_file(w, data, path);
        free(path);
    }
}

// ---- directories ----

static long count_files(const struct options *o, const WCHAR *source, const struct file_list *from)
{
    long count = 0;
    for (size_t i = 0; i < from->count; i++) {
        if (from->entries[i].dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) continue;
        WCHAR *path = join_file(source, from->entries[i].cFileName);
        count += is_wanted_file(o, &from->entries[i], path);
        free(path);
    }
    return count;
}

static bool make_directory(const WCHAR *path)
{
    if (is_directory(path) || CreateDirectoryW(path, NULL)) return true;
    WCHAR *above = copy_text(path);
    size_t length = directory_part(above);
    bool made = false;
    if (GetLastError() == ERROR_PATH_NOT_FOUND && length > 3) {
        above[length - 1] = 0;
        made = make_directory(above) && CreateDirectoryW(path, NULL);
    }
    free(above);
    return made;
}

// Without /E a directory is made once a file goes into it. False: it can't be.
static bool prepare_directory(const struct walk *w, const WCHAR *target, long count, bool exists)
{
    const struct options *o = w->options;
    if (exists || o->list_only || (!count && !o->empty)) return true;
    if (make_directory(target)) return true;
    report_error(GetLastError(), L"Creating Destination Directory", target);
    w->totals->directories.failed++;
    return false;
}

// What could not be listed isn't empty: nothing is deleted or replaced for its sake.
static bool is_listed(const struct walk *w, const struct file_list *listing, const WCHAR *what,
                      const WCHAR *directory)
{
    if (!listing->error) return true;
    WCHAR *path = join_file(directory, L"");
    report_error(listing->error, what, path);
    free(path);
    w->totals->directories.failed++;
    return false;
}

// Links could be removed while there is something behind them.
static void remove_if_empty(const WCHAR *directory)
{
    struct file_list left = listing_read(directory);
    if (!left.count && !left.error) RemoveDirectoryW(directory);
    free(left.entries);
}

static void walk(const struct walk *w, const WCHAR *source, const WCHAR *target, long level);

static void walk_below(const struct walk *w, const WCHAR *source, const struct file_list *from,
                       const WCHAR *target, long level)
{
    for (size_t i = 0; i < from->count; i++) {
        const WIN32_FIND_DATAW *data = &from->entries[i];
        if (!(data->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)) continue;
        WCHAR *path = join_file(source, data->cFileName), *copy = join_file(target, data->cFileName);
        if (is_wanted_directory(w->options, data, path)) walk(w, path, copy, level + 1);
        free(path);
        free(copy);
    }
}

static void walk_listed(const struct walk *w, const WCHAR *source, const struct file_list *from,
                        const WCHAR *target, const struct file_list *to, long level)
{
    const struct options *o = w->options;
    bool exists = is_directory(target), top = level == 1;
    long count = count_files(o, source, from);
    bool made = !exists && (count || o->empty), shown = top || count || o->empty || exists;
    if (made)
        w->totals->directories.copied++;
    else
        w->totals->directories.skipped++;
    if (shown) report_directory(o, made ? L"  New Dir" : L"", count, source);
    if (!prepare_directory(w, target, count, exists)) return;
    // A directory is emptied of what is extra before it is filled.
    handle_extras(w, from, target, to);
    copy_files(w, source, from, target, to);
    if (o->subdirectories && (!o->levels || level < o->levels)) walk_below(w, source, from, target, level);
    if (made && !o->list_only) directory_finish(o, source, target);
    if (o->move_all && !o->list_only) remove_if_empty(source);
}

static void walk(const struct walk *w, const WCHAR *source, const WCHAR *target, long level)
{
    struct file_list from = listing_read(source);
    struct file_list to = is_directory(target) ? listing_read(target) : (struct file_list){};
    w->totals->directories.total++;
    if (is_listed(w, &from, L"Accessing Source Directory", source) &&
        is_listed(w, &to, L"Accessing Destination Directory", target))
        walk_listed(w, source, &from, target, &to, level);
    free(from.entries);
    free(to.entries);
}

bool tree_copy(const struct options *o, struct totals *totals)
{
    if (!is_directory(o->source)) {
        DWORD error =
            GetFileAttributesW(o->source) == INVALID_FILE_ATTRIBUTES ? GetLastError() : ERROR_DIRECTORY;
        WCHAR *path = join_file(o->source, L"");
        report_error(error, L"Accessing Source Directory", path);
        free(path);
        return false;
    }
    if (!o->list_only && !make_directory(o->target)) {
        WCHAR *path = join_file(o->target, L"");
        report_error(GetLastError(), L"Creating Destination Directory", path);
        free(path);
        return false;
    }
    walk(&(struct walk){o, totals}, o->source, o->target, 1);
    return true;
}

int tree_status(const struct totals *t)
{
    int status = 0;
    if (t->files.copied) status |= 1;
    if (t->files.extra || t->directories.extra) status |= 2;
    if (t->files.mismatched || t->directories.mismatched) status |= 4;
    if (t->files.failed || t->directories.failed) status |= 8;
    return status;
}
