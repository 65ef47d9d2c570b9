// DIR: options and walking; what a listing looks like is in listing.c.
#include "attributes.h"
#include "builtin.h"
#include "find.h"
#include "listing.h"
#include "output.h"
#include "switches.h"
#include "variables.h"

// What sorting needs to know; qsort passes nothing on.
static const WCHAR *order_keys;
static WCHAR order_time;

static ULONGLONG size_of(const struct found *f)
{
    return (ULONGLONG)f->data.nFileSizeHigh << 32 | f->data.nFileSizeLow;
}

static const FILETIME *time_of(const struct found *f)
{
    return listing_time(f, order_time);
}

static const WCHAR *extension(const struct found *f)
{
    const WCHAR *dot = wcsrchr(f->name, '.');
    return dot ? dot : L"";
}

static int compare_by(WCHAR key, const struct found *a, const struct found *b)
{
    bool a_directory = a->data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY,
         b_directory = b->data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY;
    switch (key) {
    case 'n': return _wcsicmp(a->name, b->name);
    case 'e': return _wcsicmp(extension(a), extension(b));
    case 's': return (size_of(a) > size_of(b)) - (size_of(a) < size_of(b));
    case 'd': return CompareFileTime(time_of(a), time_of(b));
    default: return b_directory - a_directory;
    }
}

static int by_keys(const void *x, const void *y)
{
    const struct found *a = *(struct found *const *)x, *b = *(struct found *const *)y;
    for (const WCHAR *key = order_keys; *key; key++) {
        bool reverse = *key == '-';
        if (reverse) key++;
        int order = compare_by(towlower(*key), a, b);
        if (order) return reverse ? -order : order;
    }
    return _wcsicmp(a->name, b->name);
}

static bool valid_order(const WCHAR *keys)
{
    for (; *keys; keys++) {
        if (*keys == '-') keys++;
        if (!*keys || !wcschr(L"nesdg", towlower(*keys))) return false;
    }
    return true;
}

// Takes out what the attributes exclude.
static struct found *filtered(struct found *list, const struct attribute_filter *filter)
{
    struct found *first = NULL, **link = &first;
    for (; list; list = list->next)
        if (attributes_pass(filter, list->data.dwFileAttributes)) {
            *link = list;
            link = &list->next;
        }
    *link = NULL;
    return first;
}

// Lists what a pattern matches in a directory, and with /S in those below it. The number of entries shown.
static int list_directory(struct listing *l, const WCHAR *directory, const WCHAR *pattern)
{
    struct mark mark = region_mark();
    WCHAR *path = join_path(directory, pattern);
    struct found *list = filtered(l->bare ? find_all(path) : find_with_dots(path), &l->filter);
    int count = 0;
    for (struct found *f = list; f; f = f->next) count++;
    if (l->order) {
        order_keys = *l->order ? l->order : L"gn";
        order_time = l->time;
        find_sort(&list, by_keys);
    }
    if (count) listing_show(l, directory, list);
    struct found *below = l->tree && !stack_is_low() ? find_all(join_path(directory, L"*")) : NULL;
    for (; below; below = below->next)
        if (below->data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY &&
            !(below->data.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT))
            count += list_directory(l, below->path, pattern);
    region_release(mark);
    return count;
}

static int list_named(struct listing *l, WCHAR *name)
{
    strip_quotes(name);
    const WCHAR *full = absolute(name);
    if (!has_wildcards(name) && is_directory(name)) full = join_path(full, L"*");
    size_t prefix = directory_length(full);
    WCHAR *directory = region_copy(full, prefix);
    if (!is_directory(directory)) {
        complain_error(ERROR_PATH_NOT_FOUND);
        return 0;
    }
    if (prefix && !is_root(directory)) directory[prefix - 1] = 0;
    listing_volume(l, directory);
    int count = list_directory(l, directory, full + prefix);
    if (!count && !l->tree) listing_head(l, directory);
    if (!count)
        complain(L"File Not Found");
    else
        listing_total(l, directory);
    return count;
}

static bool read_options(struct listing *l, struct words *w)
{
    if (!attributes_read(&l->filter, w->on['a'] ? w->values['a'] : NULL)) return false;
    l->bare = w->on['b'];
    l->tree = w->on['s'];
    l->wide = w->on['w'] || w->on['d'];
    l->lower = w->on['l'];
    l->short_names = w->on['x'];
    l->owners = w->on['q'];
    l->plain_numbers = w->off['c'];
    l->order = w->on['o'] ? w->values['o'] : NULL;
    l->time = w->values['t'] && *w->values['t'] ? towlower(*w->values['t']) : 'w';
    return (!l->order || valid_order(l->order)) && wcschr(L"caw", l->time);
}

int command_dir(const WCHAR *arguments)
{
    struct words words;
    struct listing listing = {};
    struct text line = {};
    const WCHAR *preset = variable_get(L"DIRCMD", 6);
    if (preset) text_add_string(&line, preset);
    text_add(&line, ' ');
    text_add_string(&line, arguments);
    if (!words_take(&words, line.data, L"a:bcdlno:pqrst:wx4")) return 1;
    if (!read_options(&listing, &words)) {
        complain(MESSAGE_SYNTAX);
        return 1;
    }
    if (!words.count) words.names[words.count++] = region_copy(L".", 1);
    int count = 0;
    for (int i = 0; i < words.count; i++) count += list_named(&listing, words.names[i]);
    return count == 0;
}
