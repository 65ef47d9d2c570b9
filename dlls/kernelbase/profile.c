// Private and common profile files (.ini): read whole, changed in memory, written back whole. Text is ANSI,
// or UTF-16 when the file begins with a byte-order mark.
#include "format_argument.h"

static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;

// A file's text and how it was encoded.
struct profile {
    WCHAR *text;
    SIZE_T length;
    bool wide;
};

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

static bool load_profile(struct profile *profile, const WCHAR *name)
{
    memset(profile, 0, sizeof(*profile));
    AUTO_FREE WCHAR *path = profile_path(name);
    if (!path) return false;
    HANDLE file =
        CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return false;
    AUTO_CLOSE HANDLE close_file = file;
    DWORD size = GetFileSize(file, NULL), read = 0;
    if (size > (64u << 20)) return fail_with(ERROR_NOT_ENOUGH_MEMORY);
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

static void free_profile(struct profile *profile)
{
    if (profile->text) heap_free(profile->text);
    profile->text = NULL;
}
#define AUTO_PROFILE __attribute__((cleanup(free_profile)))

// ---- lines ----

struct span {
    SIZE_T start, end;
};

static bool is_blank(WCHAR c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0x1A;
}

static void trim(const struct profile *profile, struct span *span)
{
    while (span->start < span->end && is_blank(profile->text[span->start])) span->start++;
    while (span->end > span->start && is_blank(profile->text[span->end - 1])) span->end--;
}

// The line that begins at *at, trimmed; *at moves to the next one. False at the end.
static bool next_line(const struct profile *profile, SIZE_T *at, struct span *line)
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

static bool span_equals(const struct profile *profile, struct span span, const WCHAR *text)
{
    SIZE_T length = wide_length(text);
    // Names are compared without the blanks around them.
    while (length && is_blank(text[length - 1])) length--;
    while (length && is_blank(text[0])) text++, length--;
    return span.end - span.start == length &&
           !RtlCompareUnicodeStrings(profile->text + span.start, length, text, length, TRUE);
}

// "[name]": the name's place.
static bool section_name(const struct profile *profile, struct span line, struct span *name)
{
    if (line.start >= line.end || profile->text[line.start] != '[') return false;
    *name = (struct span){line.start + 1, line.start + 1};
    while (name->end < line.end && profile->text[name->end] != ']') name->end++;
    trim(profile, name);
    return true;
}

// "key=value": both places; a line without '=' is a key without value.
static bool split_entry(const struct profile *profile, struct span line, struct span *key, struct span *value)
{
    if (line.start >= line.end || profile->text[line.start] == ';') return false;
    SIZE_T equals = line.start;
    while (equals < line.end && profile->text[equals] != '=') equals++;
    *key = (struct span){line.start, equals};
    *value = (struct span){equals < line.end ? equals + 1 : line.end, line.end};
    trim(profile, key);
    trim(profile, value);
    return true;
}

// Where a section's lines begin and end; false when there is none.
static bool find_section(const struct profile *profile, const WCHAR *section, struct span *body)
{
    SIZE_T at = 0, line_start = 0;
    struct span line, name;
    bool inside = false;
    while (line_start = at, next_line(profile, &at, &line)) {
        if (!section_name(profile, line, &name)) continue;
        if (inside) {
            body->end = line_start;
            return true;
        }
        if (span_equals(profile, name, section)) {
            inside = true;
            *body = (struct span){at, profile->length};
        }
    }
    return inside;
}

// ---- reading ----

// Lists of texts, each with its NUL, one more NUL at the end; cut off at size - 2.
struct list {
    WCHAR *buffer;
    DWORD size, length;
    bool overflow;
};

static void put_item(struct list *list, const WCHAR *text, SIZE_T length)
{
    for (SIZE_T i = 0; i <= length; i++) {
        if (list->length + 2 > list->size) {
            list->overflow = true;
            return;
        }
        list->buffer[list->length++] = i < length ? text[i] : 0;
    }
}

static DWORD end_list(struct list *list)
{
    if (!list->size) return 0;
    if (list->overflow) {
        list->buffer[list->size - 1] = 0;
        if (list->size > 1) list->buffer[list->size - 2] = 0;
        SetLastError(ERROR_MORE_DATA);
        return list->size > 1 ? list->size - 2 : 0;
    }
    list->buffer[list->length] = 0;
    return list->length;
}

// Copies a value as far as it fits; quotes around it go.
static DWORD give_value(const WCHAR *text, SIZE_T length, WCHAR *buffer, DWORD size)
{
    if (length >= 2 && (text[0] == '"' || text[0] == '\'') && text[length - 1] == text[0]) {
        text++;
        length -= 2;
    }
    if (!size) return 0;
    DWORD n = length < size ? (DWORD)length : size - 1;
    memcpy(buffer, text, n * sizeof(WCHAR));
    buffer[n] = 0;
    if (n < length) SetLastError(ERROR_MORE_DATA);
    return n;
}

static DWORD get_string(const struct profile *profile, const WCHAR *section, const WCHAR *key,
                        const WCHAR *fallback, WCHAR *buffer, DWORD size)
{
    struct list list = {buffer, size, 0, false};
    struct span line, name, value, body;
    SIZE_T at = 0;
    if (!section) {
        // All sections' names.
        while (next_line(profile, &at, &line))
            if (section_name(profile, line, &name))
                put_item(&list, profile->text + name.start, name.end - name.start);
        return end_list(&list);
    }
    bool found = profile->text && find_section(profile, section, &body);
    for (at = found ? body.start : 0; found && at < body.end && next_line(profile, &at, &line);) {
        if (!split_entry(profile, line, &name, &value)) continue;
        if (!key)
            put_item(&list, profile->text + name.start, name.end - name.start);
        else if (span_equals(profile, name, key))
            return give_value(profile->text + value.start, value.end - value.start, buffer, size);
    }
    if (!key && found) return end_list(&list);
    if (!fallback) fallback = L"";
    // Blanks at the default's end are dropped.
    SIZE_T length = wide_length(fallback);
    while (length && fallback[length - 1] == ' ') length--;
    SetLastError(ERROR_FILE_NOT_FOUND);
    return give_value(fallback, length, buffer, size);
}

HOTPATCH DWORD WINAPI GetPrivateProfileStringW(const WCHAR *section, const WCHAR *key, const WCHAR *fallback,
                                               WCHAR *buffer, DWORD size, const WCHAR *file)
{
    AUTO_PROFILE struct profile profile = {};
    if (!buffer || !size) return 0;
    RtlAcquireSRWLockShared(&lock);
    bool loaded = load_profile(&profile, file ? file : L"win.ini");
    RtlReleaseSRWLockShared(&lock);
    if (loaded) SetLastError(ERROR_SUCCESS);
    DWORD error = loaded ? ERROR_SUCCESS : GetLastError();
    DWORD length = get_string(&profile, section, key, fallback, buffer, size);
    if (!loaded) SetLastError(error);
    return length;
}

HOTPATCH DWORD WINAPI GetPrivateProfileStringA(const char *section, const char *key, const char *fallback,
                                               char *buffer, DWORD size, const char *file)
{
    AUTO_FREE WCHAR *wide_section = wide_from_ansi(section);
    AUTO_FREE WCHAR *wide_key = wide_from_ansi(key);
    AUTO_FREE WCHAR *wide_fallback = wide_from_ansi(fallback);
    AUTO_FREE WCHAR *wide_file = wide_from_file_ansi(file);
    AUTO_FREE WCHAR *wide = heap_alloc((size + 1) * sizeof(WCHAR));
    ULONG written = 0;
    if (!wide || !size) return 0;
    DWORD length = GetPrivateProfileStringW(wide_section, wide_key, wide_fallback, wide, size, wide_file);
    RtlUnicodeToMultiByteN(buffer, size - 1, &written, wide, length * sizeof(WCHAR));
    // Lists end in a second NUL.
    buffer[written] = 0;
    if ((!section || !key) && written + 1 < size) buffer[written + 1] = 0;
    return written;
}

// The whole section as "key=value" texts.
HOTPATCH DWORD WINAPI GetPrivateProfileSectionW(const WCHAR *section, WCHAR *buffer, DWORD size,
                                                const WCHAR *file)
{
    AUTO_PROFILE struct profile profile = {};
    struct list list = {buffer, size, 0, false};
    struct span line, body;
    if (!section || !size) return 0;
    RtlAcquireSRWLockShared(&lock);
    bool loaded = load_profile(&profile, file ? file : L"win.ini");
    RtlReleaseSRWLockShared(&lock);
    if (loaded && find_section(&profile, section, &body))
        for (SIZE_T at = body.start; at < body.end && next_line(&profile, &at, &line);)
            if (line.start < line.end && profile.text[line.start] != ';')
                put_item(&list, profile.text + line.start, line.end - line.start);
    return end_list(&list);
}

HOTPATCH DWORD WINAPI GetPrivateProfileSectionNamesW(WCHAR *buffer, DWORD size, const WCHAR *file)
{
    return GetPrivateProfileStringW(NULL, NULL, NULL, buffer, size, file);
}

HOTPATCH DWORD WINAPI GetPrivateProfileSectionNamesA(char *buffer, DWORD size, const char *file)
{
    return GetPrivateProfileStringA(NULL, NULL, NULL, buffer, size, file);
}

// A number in decimal or, with 0x, hexadecimal; what follows it is ignored.
HOTPATCH UINT WINAPI GetPrivateProfileIntW(const WCHAR *section, const WCHAR *key, INT fallback,
                                           const WCHAR *file)
{
    WCHAR text[32];
    UNICODE_STRING string;
    ULONG value = 0;
    if (!GetPrivateProfileStringW(section, key, L"", text, ARRAY_LENGTH(text), file)) return (UINT)fallback;
    RtlInitUnicodeString(&string, text);
    RtlUnicodeStringToInteger(&string, 0, &value);
    return value;
}

HOTPATCH UINT WINAPI GetPrivateProfileIntA(const char *section, const char *key, INT fallback,
                                           const char *file)
{
    AUTO_FREE WCHAR *wide_section = wide_from_ansi(section);
    AUTO_FREE WCHAR *wide_key = wide_from_ansi(key);
    AUTO_FREE WCHAR *wide_file = wide_from_file_ansi(file);
    return GetPrivateProfileIntW(wide_section, wide_key, fallback, wide_file);
}

// ---- writing ----

static bool save_profile(const WCHAR *name, const struct text *text, bool wide)
{
    AUTO_FREE WCHAR *path = profile_path(name);
    if (!path || text->failed) return fail_with(ERROR_NOT_ENOUGH_MEMORY);
    HANDLE file = CreateFileW(path, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return false;
    AUTO_CLOSE HANDLE close_file = file;
    DWORD written;
    ULONG bytes = (ULONG)(text->length * sizeof(WCHAR)), size = 0;
    if (wide)
        return WriteFile(file, "\xFF\xFE", 2, &written, NULL) &&
               WriteFile(file, text->units, bytes, &written, NULL);
    if (!bytes) return true;
    RtlUnicodeToMultiByteSize(&size, text->units, bytes);
    AUTO_FREE char *ansi = heap_alloc(size);
    if (!ansi) return false;
    RtlUnicodeToMultiByteN(ansi, size, &size, text->units, bytes);
    return WriteFile(file, ansi, size, &written, NULL);
}

static void put_line(struct text *out, const WCHAR *first, const WCHAR *middle, const WCHAR *last)
{
    const WCHAR *parts[] = {first, middle, last, L"\r\n"};
    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) text_put_all(out, parts[i], wide_length(parts[i]));
}

static void put_range(struct text *out, const struct profile *profile, SIZE_T start, SIZE_T end)
{
    text_put_all(out, profile->text + start, end - start);
}

// The text with key set to value in section: value NULL removes the key, key NULL the section.
static void edit(struct text *out, const struct profile *profile, const WCHAR *section, const WCHAR *key,
                 const WCHAR *value)
{
    struct span body, line, name, old;
    if (!profile->text || !find_section(profile, section, &body)) {
        if (profile->text) put_range(out, profile, 0, profile->length);
        if (!key || !value) return;
        if (out->length && out->units[out->length - 1] != '\n') put_line(out, L"", L"", L"");
        put_line(out, L"[", section, L"]");
        put_line(out, key, L"=", value);
        return;
    }
    if (!key) {
        // The section's own line goes too: it is the one before the body.
        SIZE_T start = body.start;
        while (start && profile->text[start - 1] != '[') start--;
        while (start && profile->text[start - 1] != '\n') start--;
        put_range(out, profile, 0, start);
        put_range(out, profile, body.end, profile->length);
        return;
    }
    SIZE_T at = body.start, insert = body.start;
    while (at < body.end) {
        SIZE_T start = at;
        if (!next_line(profile, &at, &line)) break;
        if (line.start < line.end) insert = at;
        if (!split_entry(profile, line, &name, &old) || !span_equals(profile, name, key)) continue;
        put_range(out, profile, 0, start);
        if (value) put_line(out, key, L"=", value);
        put_range(out, profile, at, profile->length);
        return;
    }
    put_range(out, profile, 0, insert);
    if (value && out->length && out->units[out->length - 1] != '\n') put_line(out, L"", L"", L"");
    if (value) put_line(out, key, L"=", value);
    put_range(out, profile, insert, profile->length);
}

// All NULL flushes a cache on Windows; here everything is written at once.
HOTPATCH BOOL WINAPI WritePrivateProfileStringW(const WCHAR *section, const WCHAR *key, const WCHAR *value,
                                                const WCHAR *file)
{
    AUTO_PROFILE struct profile profile = {};
    struct text out = {};
    if (!section) return !key && !value ? FALSE : fail_with(ERROR_FILE_NOT_FOUND);
    if (!file) file = L"win.ini";
    RtlAcquireSRWLockExclusive(&lock);
    load_profile(&profile, file);
    edit(&out, &profile, section, key, value);
    BOOL saved = save_profile(file, &out, profile.wide);
    RtlReleaseSRWLockExclusive(&lock);
    if (out.units) heap_free(out.units);
    return saved;
}

HOTPATCH BOOL WINAPI WritePrivateProfileStringA(const char *section, const char *key, const char *value,
                                                const char *file)
{
    AUTO_FREE WCHAR *wide_section = wide_from_ansi(section);
    AUTO_FREE WCHAR *wide_key = wide_from_ansi(key);
    AUTO_FREE WCHAR *wide_value = wide_from_ansi(value);
    AUTO_FREE WCHAR *wide_file = wide_from_file_ansi(file);
    return WritePrivateProfileStringW(wide_section, wide_key, wide_value, wide_file);
}

// ---- win.ini ----

HOTPATCH DWORD WINAPI GetProfileStringW(const WCHAR *section, const WCHAR *key, const WCHAR *fallback,
                                        WCHAR *buffer, DWORD size)
{
    return GetPrivateProfileStringW(section, key, fallback, buffer, size, L"win.ini");
}

HOTPATCH DWORD WINAPI GetProfileStringA(const char *section, const char *key, const char *fallback,
                                        char *buffer, DWORD size)
{
    return GetPrivateProfileStringA(section, key, fallback, buffer, size, "win.ini");
}

HOTPATCH UINT WINAPI GetProfileIntW(const WCHAR *section, const WCHAR *key, INT fallback)
{
    return GetPrivateProfileIntW(section, key, fallback, L"win.ini");
}

HOTPATCH UINT WINAPI GetProfileIntA(const char *section, const char *key, INT fallback)
{
    return GetPrivateProfileIntA(section, key, fallback, "win.ini");
}

HOTPATCH BOOL WINAPI WriteProfileStringW(const WCHAR *section, const WCHAR *key, const WCHAR *value)
{
    return WritePrivateProfileStringW(section, key, value, L"win.ini");
}

HOTPATCH BOOL WINAPI WriteProfileStringA(const char *section, const char *key, const char *value)
{
    return WritePrivateProfileStringA(section, key, value, "win.ini");
}

HOTPATCH DWORD WINAPI GetPrivateProfileSectionA(const char *section, char *buffer, DWORD size,
                                                const char *file)
{
    AUTO_FREE WCHAR *wide_section = wide_from_ansi(section);
    AUTO_FREE WCHAR *wide_file = wide_from_file_ansi(file);
    AUTO_FREE WCHAR *wide = heap_alloc((size + 1) * sizeof(WCHAR));
    ULONG written = 0;
    if (!wide || size < 2) return 0;
    DWORD length = GetPrivateProfileSectionW(wide_section, wide, size, wide_file);
    RtlUnicodeToMultiByteN(buffer, size - 2, &written, wide, length * sizeof(WCHAR));
    buffer[written] = buffer[written + 1] = 0;
    return written;
}
