// Changing profile files (.ini): single values, whole sections, structures.
#include "profile_file.h"
#include "profile_registry.h"

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
    bool equals;
    if (!profile->text || !profile_find_section(profile, section, &body)) {
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
        if (!profile_next_line(profile, &at, &line)) break;
        if (line.start < line.end) insert = at;
        if (!profile_split(profile, line, &name, &old, &equals) || !profile_equals(profile, name, key))
            continue;
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

// The text with the whole section replaced by entries ("key=value" texts, an empty one at the end).
static void edit_section(struct text *out, const struct profile *profile, const WCHAR *section,
                         const WCHAR *entries)
{
    struct span body = {profile->length, profile->length};
    if (profile_find_section(profile, section, &body)) {
        put_range(out, profile, 0, body.start);
    } else {
        put_range(out, profile, 0, profile->length);
        if (out->length && out->units[out->length - 1] != '\n') put_line(out, L"", L"", L"");
        put_line(out, L"[", section, L"]");
    }
    for (; *entries; entries += wide_length(entries) + 1) put_line(out, entries, L"", L"");
    put_range(out, profile, body.end, profile->length);
}

// Replaces a file's text by what edit makes of it: key and value set, or with entries the whole section.
static BOOL change(const WCHAR *name, const WCHAR *section, const WCHAR *key, const WCHAR *value,
                   const WCHAR *entries)
{
    AUTO_PROFILE struct profile profile = {};
    struct text out = {};
    BOOL saved = FALSE;
    RtlAcquireSRWLockExclusive(&profile_lock);
    HANDLE file = profile_open(&profile, name);
    if (file != INVALID_HANDLE_VALUE) {
        if (entries)
            edit_section(&out, &profile, section, entries);
        else
            edit(&out, &profile, section, key, value);
        saved = profile_save(file, &out, profile.wide);
        CloseHandle(file);
    }
    RtlReleaseSRWLockExclusive(&profile_lock);
    if (out.units) heap_free(out.units);
    return saved;
}

// ---- sections that lie in the registry; each function returns whether nothing is left to do ----

static bool change_mapped(const struct profile_mapping *mapping, const WCHAR *section, const WCHAR *key,
                          const WCHAR *value, BOOL *result)
{
    LSTATUS error = ERROR_SUCCESS;
    bool done = key ? profile_mapping_set(mapping, section, key, value, &error)
                    : profile_mapping_clear(mapping, section);
    if (done) *result = error ? fail_with((DWORD)error) : TRUE;
    return done;
}

// Unlike one in a file, a section there keeps the entries that it isn't given.
static bool write_mapped_section(const struct profile_mapping *mapping, const WCHAR *section,
                                 const WCHAR *entries, BOOL *result)
{
    bool mapped = false;
    *result = TRUE;
    for (; *entries; entries += wide_length(entries) + 1) {
        AUTO_FREE WCHAR *key = heap_alloc((wide_length(entries) + 1) * sizeof(WCHAR));
        if (!key) return *result = FALSE, true;
        lstrcpyW(key, entries);
        WCHAR *equals = wcschr(key, '=');
        if (!equals) continue;
        *equals = 0;
        BOOL written;
        if (!change_mapped(mapping, section, key, equals + 1, &written)) continue;
        mapped = true;
        *result &= written;
    }
    return mapped;
}

// All NULL flushes a cache on Windows; here everything is written at once.
HOTPATCH BOOL WINAPI WritePrivateProfileStringW(const WCHAR *section, const WCHAR *key, const WCHAR *value,
                                                const WCHAR *file)
{
    AUTO_MAPPING struct profile_mapping mapping = {};
    BOOL result;
    if (!section) return !key && !value ? TRUE : fail_with(ERROR_FILE_NOT_FOUND);
    profile_mapping_open(&mapping, file ? file : L"win.ini");
    if (mapping.key && change_mapped(&mapping, section, key, value, &result)) return result;
    return change(file ? file : L"win.ini", section, key, value, NULL);
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

// entries NULL removes the section.
HOTPATCH BOOL WINAPI WritePrivateProfileSectionW(const WCHAR *section, const WCHAR *entries,
                                                 const WCHAR *file)
{
    AUTO_MAPPING struct profile_mapping mapping = {};
    BOOL result;
    if (!section) return !entries ? TRUE : fail_with(ERROR_FILE_NOT_FOUND);
    profile_mapping_open(&mapping, file ? file : L"win.ini");
    if (mapping.key && (entries ? write_mapped_section(&mapping, section, entries, &result)
                                : change_mapped(&mapping, section, NULL, NULL, &result)))
        return result;
    return change(file ? file : L"win.ini", section, NULL, NULL, entries);
}

HOTPATCH BOOL WINAPI WritePrivateProfileSectionA(const char *section, const char *entries, const char *file)
{
    AUTO_FREE WCHAR *wide_section = wide_from_ansi(section);
    AUTO_FREE WCHAR *wide_file = wide_from_file_ansi(file);
    if (!entries) return WritePrivateProfileSectionW(wide_section, NULL, wide_file);
    SIZE_T length = 0;
    while (entries[length] || (length && entries[length - 1])) length++;
    length++;
    AUTO_FREE WCHAR *wide = heap_alloc((length + 1) * sizeof(WCHAR));
    ULONG bytes = 0;
    if (!wide) return FALSE;
    RtlMultiByteToUnicodeN(wide, (ULONG)(length * sizeof(WCHAR)), &bytes, entries, (ULONG)length);
    wide[bytes / sizeof(WCHAR)] = 0;
    return WritePrivateProfileSectionW(wide_section, wide, wide_file);
}

// Hexadecimal digits of the bytes and of their sum; NULL removes the key.
HOTPATCH BOOL WINAPI WritePrivateProfileStructW(const WCHAR *section, const WCHAR *key, void *data, UINT size,
                                                const WCHAR *file)
{
    if (!section && !key && !data) return WritePrivateProfileStringW(NULL, NULL, NULL, file);
    if (!data) return WritePrivateProfileStringW(section, key, NULL, file);
    AUTO_FREE WCHAR *text = heap_alloc((2 * (SIZE_T)size + 3) * sizeof(WCHAR));
    BYTE sum = 0;
    if (!text) return FALSE;
    for (UINT i = 0; i <= size; i++) {
        BYTE value = i < size ? ((const BYTE *)data)[i] : sum;
        text[2 * i] = L"0123456789ABCDEF"[value >> 4];
        text[2 * i + 1] = L"0123456789ABCDEF"[value & 15];
        sum += value;
    }
    text[2 * size + 2] = 0;
    return WritePrivateProfileStringW(section, key, text, file);
}

HOTPATCH BOOL WINAPI WritePrivateProfileStructA(const char *section, const char *key, void *data, UINT size,
                                                const char *file)
{
    AUTO_FREE WCHAR *wide_section = wide_from_ansi(section);
    AUTO_FREE WCHAR *wide_key = wide_from_ansi(key);
    AUTO_FREE WCHAR *wide_file = wide_from_file_ansi(file);
    return WritePrivateProfileStructW(wide_section, wide_key, data, size, wide_file);
}

// ---- win.ini ----

HOTPATCH BOOL WINAPI WriteProfileStringW(const WCHAR *section, const WCHAR *key, const WCHAR *value)
{
    return WritePrivateProfileStringW(section, key, value, L"win.ini");
}

HOTPATCH BOOL WINAPI WriteProfileStringA(const char *section, const char *key, const char *value)
{
    return WritePrivateProfileStringA(section, key, value, "win.ini");
}

HOTPATCH BOOL WINAPI WriteProfileSectionW(const WCHAR *section, const WCHAR *entries)
{
    return WritePrivateProfileSectionW(section, entries, L"win.ini");
}

HOTPATCH BOOL WINAPI WriteProfileSectionA(const char *section, const char *entries)
{
    return WritePrivateProfileSectionA(section, entries, "win.ini");
}
