// COPY: single files, many into a directory, and several joined into one. Text mode ends a source at Ctrl-Z
// and adds one to what was joined.
#include "builtin.h"
#include "find.h"
#include "output.h"
#include "overwrite.h"
#include <string.h>

enum { PIECE = 64 * 1024, END_OF_TEXT = 0x1a };
enum text_mode { MODE_DEFAULT, MODE_TEXT, MODE_BINARY };

struct source {
    struct source *next;
    WCHAR *name;
    enum text_mode mode;
    bool joined; // by + to the one before
};

struct copy {
    struct source *first, **last;
    WCHAR *target;
    enum text_mode mode, target_mode;
    enum overwrite overwrite;
    bool join;
    int count;
};

// ---- the command line ----

static void set_mode(struct copy *c, struct source *before, WCHAR letter)
{
    enum text_mode mode = letter == 'a' ? MODE_TEXT : MODE_BINARY;
    // A switch counts for the name before it and for those that follow.
    if (before) before->mode = mode;
    c->mode = mode;
}

static bool take_switch(struct copy *c, struct source *before, const WCHAR *text, size_t length, bool *yes,
                        bool *no)
{
    WCHAR letter = length > 1 ? towlower(text[1]) : 0;
    if (length == 2 && (letter == 'a' || letter == 'b'))
        set_mode(c, before, letter);
    else if (length == 2 && letter == 'y')
        *yes = true;
    else if (length == 3 && letter == '-' && towlower(text[2]) == 'y')
        *no = true;
    else if (!(length == 2 &&
               (letter == 'v' || letter == 'n' || letter == 'd' || letter == 'z' || letter == 'l'))) {
        complain(L"Invalid switch - \"%.*s\".", (int)length - 1, text + 1);
        return false;
    }
    return true;
}

static struct source *add_source(struct copy *c, const WCHAR *text, size_t length, bool joined)
{
    struct source *source = region_take(sizeof(*source));
    source->name = strip_quotes(region_copy(text, length));
    source->mode = c->mode;
    source->joined = joined;
    *c->last = source;
    c->last = &source->next;
    return source;
}

// Names, plus signs and switches. The last name that no plus joins to the one before is the target.
static bool take_words(struct copy *c, const WCHAR *p)
{
    struct source *name = NULL;
    bool plus = false, yes = false, no = false;
    c->last = &c->first;
    for (p = skip_separators(p); *p; p = skip_separators(p)) {
        bool quoted = false;
        size_t length = *p == '/';
        if (*p == '+') {
            plus = c->join = true;
            p++;
            continue;
        }
        bool is_switch = *p == '/';
        for (; p[length] && (quoted || !(is_separator(p[length]) || p[length] == '+' || p[length] == '/'));
             length++)
            if (p[length] == '"') quoted = !quoted;
        if (is_switch && !take_switch(c, name, p, length, &yes, &no)) return false;
        if (!is_switch) {
            name = add_source(c, p, length, plus);
            plus = false;
        }
        p += length;
    }
    c->overwrite = overwrite_mode(yes, no);
    return c->first != NULL;
}

// Separates the target from the sources; without one the files go here. False for nonsense.
static bool find_target(struct copy *c)
{
    struct source *last = c->first, *before = NULL;
    for (; last->next; last = last->next) before = last;
    c->target = L".";
    c->target_mode = last->mode;
    if (last == c->first || last->joined) return true;
    before->next = NULL;
    c->target = last->name;
    for (struct source *s = c->first->next; s; s = s->next)
        if (!s->joined) return false;
    return true;
}

// ---- copying ----

static HANDLE open_source(const WCHAR *path)
{
    return CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                       OPEN_EXISTING, 0, NULL);
}

// Appends a file; a text ends at Ctrl-Z.
static DWORD append(HANDLE to, const WCHAR *path, bool text)
{
    HANDLE from = open_source(path);
    DWORD got, written, error = 0;
    if (from == INVALID_HANDLE_VALUE) return GetLastError();
    struct mark mark = region_mark();
    char *buffer = region_take(PIECE), *end = NULL;
    while (!error && !end && ReadFile(from, buffer, PIECE, &got, NULL) && got) {
        if (text) end = memchr(buffer, END_OF_TEXT, got);
        if (end) got = end - buffer;
        if (got && !WriteFile(to, buffer, got, &written, NULL)) error = GetLastError();
    }
    CloseHandle(from);
    region_release(mark);
    return error;
}

static bool failed(DWORD error)
{
    if (error) complain_error(error);
    return error != 0;
}

static bool may_write(struct copy *c, const WCHAR *target)
{
    return GetFileAttributesW(target) == INVALID_FILE_ATTRIBUTES || overwrite_allowed(target, &c->overwrite);
}

static HANDLE open_target(const WCHAR *path, DWORD disposition)
{
    return CreateFileW(path, GENERIC_WRITE, FILE_SHARE_READ, NULL, disposition, FILE_ATTRIBUTE_NORMAL, NULL);
}

static bool copy_text(const WCHAR *from, const WCHAR *to, bool end)
{
    HANDLE target = open_target(to, CREATE_ALWAYS);
    DWORD written;
    if (target == INVALID_HANDLE_VALUE) return !failed(GetLastError());
    DWORD error = append(target, from, true);
    if (!error && end) WriteFile(target, "\x1a", 1, &written, NULL);
    CloseHandle(target);
    return !failed(error);
}

static bool is_device(const WCHAR *path)
{
    HANDLE file = open_source(path);
    bool device = file != INVALID_HANDLE_VALUE && GetFileType(file) != FILE_TYPE_DISK;
    if (file != INVALID_HANDLE_VALUE) CloseHandle(file);
    return device;
}

static bool copy_file(struct copy *c, const struct source *source, const WCHAR *from, const WCHAR *to)
{
    if (same_text(absolute(from), absolute(to))) {
        complain(L"The file cannot be copied onto itself.");
        return false;
    }
    if (!may_write(c, to)) return false;
    bool ok;
    if (source->mode == MODE_TEXT || is_device(from) || is_device(to))
        ok = copy_text(from, to, source->mode == MODE_TEXT && c->target_mode != MODE_BINARY);
    else
        ok = CopyFileW(from, to, FALSE) || !failed(GetLastError());
    c->count += ok;
    return ok;
}

// The path that a file gets: in the target directory, or by the target's pattern. NULL after a complaint.
static WCHAR *target_of(const struct copy *c, const WCHAR *source)
{
    const WCHAR *name = source + directory_length(source);
    size_t length = wcslen(c->target);
    if (is_directory(c->target)) return join_path(c->target, name);
    if (length && c->target[length - 1] == '\\') {
        complain_error(ERROR_PATH_NOT_FOUND);
        return NULL;
    }
    size_t prefix = directory_length(c->target);
    struct text path = {};
    text_add_part(&path, c->target, prefix);
    text_add_string(&path, fill_pattern(c->target + prefix, name));
    return path.data;
}

// The files of a source; a device or plain name stands for itself, a directory for all in it.
static struct found *files_of(const struct source *source)
{
    const WCHAR *name = source->name;
    if (is_directory(name)) name = join_path(name, L"*");
    struct found *found = find_all(name);
    if (found || has_wildcards(name)) return found;
    if (!is_device(name)) return NULL;
    found = region_take(sizeof(*found));
    found->path = found->name = name;
    return found;
}

static bool each(struct copy *c, struct source *source)
{
    bool ok = true, several = has_wildcards(source->name) || is_directory(source->name);
    struct found *found = files_of(source);
    if (!found) return !failed(GetLastError());
    for (; found; found = found->next) {
        if (found->data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) continue;
        if (several) print(L"%s\r\n", found->path);
        WCHAR *target = target_of(c, found->path);
        if (!target) return false;
        ok = copy_file(c, source, found->path, target) && ok;
    }
    return ok;
}

// Joins all sources' files into one. The target may be the first of them, then it grows; further on it is
// passed over.
static bool join(struct copy *c)
{
    struct found *first = files_of(c->first);
    DWORD error = 0, written;
    bool any = false;
    if (!first && !c->first->next) return !failed(GetLastError());
    WCHAR *path = target_of(c, first ? first->path : c->first->name);
    if (!path) return false;
    bool onto_first = first && same_text(absolute(first->path), absolute(path));
    if (!onto_first && !may_write(c, path)) return false;
    HANDLE target = open_target(path, onto_first ? OPEN_EXISTING : CREATE_ALWAYS);
    if (target == INVALID_HANDLE_VALUE) return !failed(GetLastError());
    if (onto_first) SetFilePointer(target, 0, NULL, FILE_END);
    for (struct source *source = c->first; source && !error; source = source->next) {
        struct found *found = source == c->first ? first : files_of(source);
        if (!found) error = ERROR_FILE_NOT_FOUND;
        for (; found && !error; found = found->next) {
            if (found->data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) continue;
            print(L"%s\r\n", found->path);
            any = true;
            if (!same_text(absolute(found->path), absolute(path)))
                error = append(target, found->path, source->mode != MODE_BINARY);
        }
    }
    if (any && !error && c->target_mode != MODE_BINARY) WriteFile(target, "\x1a", 1, &written, NULL);
    CloseHandle(target);
    c->count = !error;
    return !failed(error);
}

int command_copy(const WCHAR *arguments)
{
    struct copy c = {};
    if (!take_words(&c, arguments) || !find_target(&c)) {
        complain(MESSAGE_SYNTAX);
        return 1;
    }
    // Many files and one target that is no directory are joined too.
    bool several = has_wildcards(c.first->name) || is_directory(c.first->name);
    size_t length = wcslen(c.target);
    if (several && !is_directory(c.target) && !has_wildcards(c.target) && length &&
        c.target[length - 1] != '\\')
        c.join = true;
    bool ok = c.join ? join(&c) : each(&c, c.first);
    print(L"%9d file(s) copied.\r\n", c.count);
    return !ok;
}
