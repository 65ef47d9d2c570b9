// Profile files (.ini): read whole, written back whole; and how their text divides into lines.
#include "profile_file.h"

#define SIZE_MAX_READ (64u << 20)

// The file's path: names without a directory lie in the Windows directory. Allocated.
static WCHAR *profile_path(const WCHAR *name)
{
    WCHAR *path = heap_alloc((wide_length(name) + MAX_PATH + 2) * sizeof(WCHAR));
    if (!path) return NULL;
    path[0] = 0;
    bool bare = true;
    for (const WCHAR *at = name; *at; at++)
        if (*at == '\\' || *at == '/' || *at == ':') bare = false;
    if (bare) {
        GetWindowsDirectoryW(path, MAX_PATH);
        lstrcatW(path, L"\\");
    }
    lstrcatW(path, name);
    return path;
}

static bool read_all(HANDLE file, struct profile *profile)
{
    DWORD size = GetFileSize(file, NULL), read = 0;
    if (size > SIZE_MAX_READ) return fail_with(ERROR_NOT_ENOUGH_MEMORY);
    AUTO_FREE char *bytes = heap_alloc(size + 2);
    if (!bytes || !ReadFile(file, bytes, size, &read, NULL)) return false;
    profile->text = heap_alloc((read + 1) * sizeof(WCHAR));
    if (!profile->text) return false;
    if (read >= 2 && (BYTE)bytes[0] == 0xFF && (BYTE)bytes[1] == 0xFE) {
        profile->wide = true;
        profile->length = (read - 2) / sizeof(WCHAR);
        memcpy(profile->text, bytes + 2, profile->length * sizeof(WCHAR));
    } else {
        ULONG converted = 0;
        RtlMultiByteToUnicodeN(profile->text, read * sizeof(WCHAR), &converted, bytes, read);
        profile->length = converted / sizeof(WCHAR);
    }
    return true;
}

bool profile_load(struct profile *profile, const WCHAR *name)
{
    memset(profile, 0, sizeof(*profile));
    AUTO_FREE WCHAR *path = profile_path(name);
    if (!path) return false;
    // Whoever else has it open decides by its own share mode.
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                              NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return false;
    AUTO_CLOSE HANDLE close_file = file;
    return read_all(file, profile);
}

HANDLE profile_open(struct profile *profile, const WCHAR *name)
{
    memset(profile, 0, sizeof(*profile));
    AUTO_FREE WCHAR *path = profile_path(name);
    if (!path) return INVALID_HANDLE_VALUE;
    HANDLE file = CreateFileW(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                              OPEN_ALWAYS, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) {
        // A file without a name would be the directory.
        if (!*name) SetLastError(ERROR_ACCESS_DENIED);
        return file;
    }
    if (read_all(file, profile)) return file;
    CloseHandle(file);
    return INVALID_HANDLE_VALUE;
}

bool profile_save(HANDLE file, const struct text *text, bool wide)
{
    DWORD written;
    ULONG bytes = (ULONG)(text->length * sizeof(WCHAR)), size = 0;
    if (text->failed) return fail_with(ERROR_NOT_ENOUGH_MEMORY);
    if (!wide && bytes) RtlUnicodeToMultiByteSize(&size, text->units, bytes);
    AUTO_FREE char *ansi = heap_alloc(size);
    if (!ansi) return false;
    if (size) RtlUnicodeToMultiByteN(ansi, size, &size, text->units, bytes);
    SetFilePointer(file, 0, NULL, FILE_BEGIN);
    bool saved = wide ? WriteFile(file, "\xFF\xFE", 2, &written, NULL) &&
                            WriteFile(file, text->units, bytes, &written, NULL)
                      : WriteFile(file, ansi, size, &written, NULL);
    return saved && SetEndOfFile(file);
}

void profile_free(struct profile *profile)
{
    if (profile->text) heap_free(profile->text);
    profile->text = NULL;
}

static bool is_blank(WCHAR c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0x1A || !c;
}

static void trim(const struct profile *profile, struct span *span)
{
    while (span->start < span->end && is_blank(profile->text[span->start])) span->start++;
    while (span->end > span->start && is_blank(profile->text[span->end - 1])) span->end--;
}

bool profile_next_line(const struct profile *profile, SIZE_T *at, struct span *line)
{
    if (*at >= profile->length) return false;
    SIZE_T end = *at;
    while (end < profile->length && profile->text[end] != '\n' && profile->text[end] != '\r') end++;
    *line = (struct span){*at, end};
    if (end < profile->length && profile->text[end] == '\r') end++;
    if (end < profile->length && profile->text[end] == '\n' && end > *at && profile->text[end - 1] == '\r')
        end++;
    else if (end < profile->length && profile->text[end] == '\n')
        end++;
    *at = end;
    trim(profile, line);
    return true;
}

bool profile_equals(const struct profile *profile, struct span span, const WCHAR *text)
{
    SIZE_T length = wide_length(text);
    // Names are compared without the blanks around them.
    while (length && is_blank(text[length - 1])) length--;
    while (length && is_blank(text[0])) text++, length--;
    return span.end - span.start == length &&
           !RtlCompareUnicodeStrings(profile->text + span.start, length, text, length, TRUE);
}

bool profile_section_name(const struct profile *profile, struct span line, struct span *name)
{
    if (line.start >= line.end || profile->text[line.start] != '[') return false;
    *name = (struct span){line.start + 1, line.start + 1};
    while (name->end < line.end && profile->text[name->end] != ']') name->end++;
    trim(profile, name);
    return true;
}

bool profile_split(const struct profile *profile, struct span line, struct span *key, struct span *value,
                   bool *equals)
{
    if (line.start >= line.end || profile->text[line.start] == ';') return false;
    SIZE_T at = line.start;
    while (at < line.end && profile->text[at] != '=') at++;
    *equals = at < line.end;
    *key = (struct span){line.start, at};
    *value = (struct span){*equals ? at + 1 : line.end, line.end};
    trim(profile, key);
    trim(profile, value);
    return true;
}

bool profile_find_section(const struct profile *profile, const WCHAR *section, struct span *body)
{
    SIZE_T at = 0, line_start = 0;
    struct span line, name;
    bool inside = false;
    while (line_start = at, profile_next_line(profile, &at, &line)) {
        if (!profile_section_name(profile, line, &name)) continue;
        if (inside) {
            body->end = line_start;
            return true;
        }
        if (profile_equals(profile, name, section)) {
            inside = true;
            *body = (struct span){at, profile->length};
        }
    }
    return inside;
}
