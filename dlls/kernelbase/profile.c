// Reading private and common profile files (.ini): values, lists of names, sections, structures.
#include "profile_file.h"
#include "profile_registry.h"

RTL_SRWLOCK profile_lock = RTL_SRWLOCK_INIT;

// Lists of texts, each with its NUL, one more NUL at the end; cut off at size - 2.
struct list {
    WCHAR *buffer;
    DWORD size, length;
    bool overflow;
};

static void put_item(struct list *list, const WCHAR *text, SIZE_T length)
{
    for (SIZE_T i = 0; i <= length; i++) {
        if (list->length + 3 > list->size) {
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

// Adds what lies in the registry to a list: the name, with its text behind '=' if there is one.
static void put_mapped_name(void *context, const WCHAR *name, SIZE_T length, const WCHAR *text)
{
    (void)text;
    put_item(context, name, length);
}

static void put_mapped_entry(void *context, const WCHAR *name, SIZE_T length, const WCHAR *text)
{
    struct text line = {};
    text_put_all(&line, name, length);
    text_put(&line, '=');
    text_put_all(&line, text, wide_length(text));
    if (!line.failed) put_item(context, line.units, line.length);
    if (line.units) heap_free(line.units);
}

// The default of a value that is nowhere. Blanks at its end are dropped.
static DWORD give_fallback(const WCHAR *fallback, WCHAR *buffer, DWORD size)
{
    SIZE_T length = fallback ? wide_length(fallback) : 0;
    while (length && fallback[length - 1] == ' ') length--;
    SetLastError(ERROR_FILE_NOT_FOUND);
    return give_value(length ? fallback : L"", length, buffer, size);
}

static DWORD get_string(const struct profile *profile, const struct profile_mapping *mapping,
                        const WCHAR *section, const WCHAR *key, const WCHAR *fallback, WCHAR *buffer,
                        DWORD size)
{
    struct list list = {buffer, size, 0, false};
    struct span line, name, value, body;
    SIZE_T at = 0;
    bool equals, found = false;
    if (!section) {
        // All sections' names.
        profile_mapping_sections(mapping, put_mapped_name, &list);
        while (profile_next_line(profile, &at, &line))
            if (profile_section_name(profile, line, &name))
                put_item(&list, profile->text + name.start, name.end - name.start);
        return end_list(&list);
    }
    if (!key && profile_mapping_entries(mapping, section, put_mapped_name, &list)) return end_list(&list);
    found = profile->text && profile_find_section(profile, section, &body);
    for (at = found ? body.start : 0; found && at < body.end && profile_next_line(profile, &at, &line);) {
        if (!profile_split(profile, line, &name, &value, &equals) || !equals) continue;
        if (!key)
            put_item(&list, profile->text + name.start, name.end - name.start);
        else if (profile_equals(profile, name, key))
            return give_value(profile->text + value.start, value.end - value.start, buffer, size);
    }
    if (!key && (found || list.length)) return end_list(&list);
    return give_fallback(fallback, buffer, size);
}

HOTPATCH DWORD WINAPI GetPrivateProfileStringW(const WCHAR *section, const WCHAR *key, const WCHAR *fallback,
                                               WCHAR *buffer, DWORD size, const WCHAR *file)
{
    AUTO_PROFILE struct profile profile = {};
    AUTO_MAPPING struct profile_mapping mapping = {};
    if (!buffer || !size) return 0;
    profile_mapping_open(&mapping, file ? file : L"win.ini");
    if (section && key) {
        AUTO_FREE WCHAR *value = NULL;
        enum profile_place place = profile_mapping_get(&mapping, section, key, &value);
        if (place == PROFILE_ABSENT) return give_fallback(fallback, buffer, size);
        if (place == PROFILE_FOUND) {
            SetLastError(ERROR_SUCCESS);
            return give_value(value, wide_length(value), buffer, size);
        }
    }
    RtlAcquireSRWLockShared(&profile_lock);
    bool loaded = profile_load(&profile, file ? file : L"win.ini");
    RtlReleaseSRWLockShared(&profile_lock);
    if (loaded) SetLastError(ERROR_SUCCESS);
    DWORD error = loaded ? ERROR_SUCCESS : GetLastError();
    DWORD length = get_string(&profile, &mapping, section, key, fallback, buffer, size);
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
    if (length && (!section || !key) && written + 1 < size) buffer[written + 1] = 0;
    return written;
}

// The whole section as "key=value" texts.
HOTPATCH DWORD WINAPI GetPrivateProfileSectionW(const WCHAR *section, WCHAR *buffer, DWORD size,
                                                const WCHAR *file)
{
    AUTO_PROFILE struct profile profile = {};
    AUTO_MAPPING struct profile_mapping mapping = {};
    struct list list = {buffer, size, 0, false};
    struct span line, body;
    if (!section || !buffer || !size) return (DWORD)fail_with(ERROR_INVALID_PARAMETER);
    // win.ini's sections are asked for with GetProfileSection.
    if (!file) return (DWORD)fail_with(ERROR_FILE_NOT_FOUND);
    profile_mapping_open(&mapping, file);
    if (profile_mapping_entries(&mapping, section, put_mapped_entry, &list)) {
        SetLastError(ERROR_SUCCESS);
        return end_list(&list);
    }
    RtlAcquireSRWLockShared(&profile_lock);
    bool loaded = profile_load(&profile, file);
    RtlReleaseSRWLockShared(&profile_lock);
    if (loaded) SetLastError(ERROR_SUCCESS);
    if (loaded && profile_find_section(&profile, section, &body))
        for (SIZE_T at = body.start; at < body.end && profile_next_line(&profile, &at, &line);)
            if (line.start < line.end && profile.text[line.start] != ';')
                put_item(&list, profile.text + line.start, line.end - line.start);
    return end_list(&list);
}

HOTPATCH DWORD WINAPI GetPrivateProfileSectionA(const char *section, char *buffer, DWORD size,
                                                const char *file)
{
    AUTO_FREE WCHAR *wide_section = wide_from_ansi(section);
    AUTO_FREE WCHAR *wide_file = wide_from_file_ansi(file);
    ULONG written = 0;
    if (!buffer || !size) return (DWORD)fail_with(ERROR_INVALID_PARAMETER);
    AUTO_FREE WCHAR *wide = heap_alloc((size + 1) * sizeof(WCHAR));
    if (!wide) return 0;
    DWORD length = GetPrivateProfileSectionW(wide_section, wide, size, wide_file);
    if (size < 2) {
        buffer[0] = 0;
        return 0;
    }
    RtlUnicodeToMultiByteN(buffer, size - 2, &written, wide, length * sizeof(WCHAR));
    buffer[written] = buffer[written + 1] = 0;
    return written;
}

HOTPATCH DWORD WINAPI GetProfileSectionW(const WCHAR *section, WCHAR *buffer, DWORD size)
{
    return GetPrivateProfileSectionW(section, buffer, size, L"win.ini");
}

HOTPATCH DWORD WINAPI GetProfileSectionA(const char *section, char *buffer, DWORD size)
{
    return GetPrivateProfileSectionA(section, buffer, size, "win.ini");
}

HOTPATCH DWORD WINAPI GetPrivateProfileSectionNamesW(WCHAR *buffer, DWORD size, const WCHAR *file)
{
    return GetPrivateProfileStringW(NULL, NULL, NULL, buffer, size, file);
}

HOTPATCH DWORD WINAPI GetPrivateProfileSectionNamesA(char *buffer, DWORD size, const char *file)
{
    return GetPrivateProfileStringA(NULL, NULL, NULL, buffer, size, file);
}

// A number in decimal or, with 0x, hexadecimal; what follows it is ignored. A missing name gives the default,
// an empty value too.
HOTPATCH UINT WINAPI GetPrivateProfileIntW(const WCHAR *section, const WCHAR *key, INT fallback,
                                           const WCHAR *file)
{
    WCHAR text[32];
    UNICODE_STRING string;
    ULONG value = 0;
    if (!section || !key) return file ? (UINT)fallback : 0;
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

// ---- structures: as hexadecimal digits with a sum of the bytes at the end ----

HOTPATCH BOOL WINAPI GetPrivateProfileStructW(const WCHAR *section, const WCHAR *key, void *data, UINT size,
                                              const WCHAR *file)
{
    // One digit more than fits shows that there are too many.
    DWORD digits = 2 * size + 2, room = digits + 2;
    AUTO_FREE WCHAR *text = heap_alloc(room * sizeof(WCHAR));
    BYTE sum = 0;
    if (!text) return FALSE;
    if (GetPrivateProfileStringW(section, key, NULL, text, room, file) != digits)
        return fail_with(ERROR_BAD_LENGTH);
    for (UINT i = 0; i <= size; i++) {
        int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);
        if (high < 0 || low < 0) return fail_with(ERROR_INVALID_DATA);
        BYTE value = (BYTE)(high << 4 | low);
        if (i == size) return sum == value ? TRUE : fail_with(ERROR_INVALID_DATA);
        sum += value;
        ((BYTE *)data)[i] = value;
    }
    return FALSE;
}

HOTPATCH BOOL WINAPI GetPrivateProfileStructA(const char *section, const char *key, void *data, UINT size,
                                              const char *file)
{
    AUTO_FREE WCHAR *wide_section = wide_from_ansi(section);
    AUTO_FREE WCHAR *wide_key = wide_from_ansi(key);
    AUTO_FREE WCHAR *wide_file = wide_from_file_ansi(file);
    return GetPrivateProfileStructW(wide_section, wide_key, data, size, wide_file);
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
