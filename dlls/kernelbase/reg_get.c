// RegGetValue: a value of an expected type, its text ended and expanded.
#include "reg.h"

// What RRF_RT_* stands for a type.
static DWORD restriction_of(DWORD type)
{
    switch (type) {
    case REG_NONE: return RRF_RT_REG_NONE;
    case REG_SZ: return RRF_RT_REG_SZ;
    case REG_EXPAND_SZ: return RRF_RT_REG_EXPAND_SZ;
    case REG_MULTI_SZ: return RRF_RT_REG_MULTI_SZ;
    case REG_BINARY: return RRF_RT_REG_BINARY;
    case REG_DWORD: return RRF_RT_REG_DWORD;
    case REG_QWORD: return RRF_RT_REG_QWORD;
    default: return 0;
    }
}

static LSTATUS check_type(DWORD flags, DWORD type, DWORD size)
{
    DWORD wanted = flags & RRF_RT_ANY;
    if (wanted == RRF_RT_ANY) return ERROR_SUCCESS;
    if (!(restriction_of(type) & wanted)) return ERROR_UNSUPPORTED_TYPE;
    if (type != REG_BINARY) return ERROR_SUCCESS;
    // Binary data stands for a number of the size that was asked for.
    if (wanted == RRF_RT_DWORD) return size == 4 ? ERROR_SUCCESS : ERROR_DATATYPE_MISMATCH;
    if (wanted == RRF_RT_QWORD) return size == 8 ? ERROR_SUCCESS : ERROR_DATATYPE_MISMATCH;
    return ERROR_SUCCESS;
}

static LSTATUS check_flags(DWORD flags, const void *data, const DWORD *size)
{
    const DWORD views = RRF_SUBKEY_WOW6464KEY | RRF_SUBKEY_WOW6432KEY;
    if (data && !size) return ERROR_INVALID_PARAMETER;
    if ((flags & RRF_RT_REG_EXPAND_SZ) && !(flags & RRF_NOEXPAND) && (flags & RRF_RT_ANY) != RRF_RT_ANY)
        return ERROR_INVALID_PARAMETER;
    return (flags & views) == views ? ERROR_INVALID_PARAMETER : ERROR_SUCCESS;
}

static LSTATUS read_below(HKEY key, const WCHAR *path, const WCHAR *name, DWORD flags,
                          struct reg_value *value)
{
    HKEY child = key;
    REGSAM view = flags & RRF_SUBKEY_WOW6464KEY   ? KEY_WOW64_64KEY
                  : flags & RRF_SUBKEY_WOW6432KEY ? KEY_WOW64_32KEY
                                                  : 0;
    value->block = NULL;
    if (path && *path) {
        LSTATUS error = RegOpenKeyExW(key, path, 0, KEY_QUERY_VALUE | view, &child);
        if (error) return error;
    }
    LSTATUS error = reg_value_read(child, name, value);
    if (child != key) RegCloseKey(child);
    return error;
}

// Text with its end, as the caller's to free; expanded if it is to be.
struct text {
    WCHAR *characters;
    DWORD length; // ends counted
};

// How many of the two NULs that end a list are missing; an empty list has one.
static DWORD missing_list_ends(const WCHAR *stored, DWORD length)
{
    if (!length) return 1;
    if (stored[length - 1]) return 2;
    return length > 1 && stored[length - 2] ? 1 : 0;
}

static LSTATUS make_text(const struct reg_value *value, DWORD *type, DWORD flags, struct text *text)
{
    DWORD length = value->size / sizeof(WCHAR);
    const WCHAR *stored = (const WCHAR *)value->data;
    DWORD ends = *type == REG_MULTI_SZ           ? missing_list_ends(stored, length)
                 : length && !stored[length - 1] ? 0
                                                 : 1;
    text->characters = heap_alloc((length + 2) * sizeof(WCHAR));
    if (!text->characters) return ERROR_NOT_ENOUGH_MEMORY;
    memcpy(text->characters, stored, length * sizeof(WCHAR));
    text->characters[length] = text->characters[length + 1] = 0;
    text->length = length + ends;
    if (*type != REG_EXPAND_SZ || flags & RRF_NOEXPAND) return ERROR_SUCCESS;
    DWORD needed = ExpandEnvironmentStringsW(text->characters, NULL, 0);
    WCHAR *expanded = heap_alloc(needed * sizeof(WCHAR));
    if (!expanded) return ERROR_NOT_ENOUGH_MEMORY;
    text->length = ExpandEnvironmentStringsW(text->characters, expanded, needed);
    heap_free(text->characters);
    text->characters = expanded;
    *type = REG_SZ;
    return ERROR_SUCCESS;
}

static LSTATUS put_bytes(const void *bytes, DWORD length, void *data, DWORD *size)
{
    DWORD room = size ? *size : 0;
    if (size) *size = length;
    if (!data) return ERROR_SUCCESS;
    if (room < length) return ERROR_MORE_DATA;
    memcpy(data, bytes, length);
    return ERROR_SUCCESS;
}

// The size that is told of text with variables is that of what is stored where this is longer, and one more
// for who only asks.
static DWORD expandable_size(const struct reg_value *value, const void *data, DWORD size)
{
    ULONG stored = 0;
    RtlUnicodeToMultiByteSize(&stored, (WCHAR *)value->data, value->size & ~1u);
    if (!data) return size + 1;
    return size > stored ? size : stored;
}

static LSTATUS put_text(const struct reg_value *value, DWORD *type, DWORD flags, bool ansi, void *data,
                        DWORD *size)
{
    struct text text = {NULL, 0};
    DWORD none = 0;
    LSTATUS error = make_text(value, type, flags, &text);
    if (!error && ansi) {
        error = reg_text_to_ansi(text.characters, text.length * sizeof(WCHAR), data, size ? size : &none);
        if (size && value->type == REG_EXPAND_SZ) *size = expandable_size(value, data, *size);
    } else if (!error)
        error = put_bytes(text.characters, text.length * sizeof(WCHAR), data, size);
    if (text.characters) heap_free(text.characters);
    return error;
}

static LSTATUS get(HKEY key, const WCHAR *path, const WCHAR *name, DWORD flags, DWORD *type, void *data,
                   DWORD *size, bool ansi)
{
    struct reg_value value AUTO_VALUE;
    DWORD room = size ? *size : 0;
    value.block = NULL;
    LSTATUS error = check_flags(flags, data, size);
    if (error) return error;
    error = read_below(key, path, name, flags, &value);
    if (!error) {
        DWORD kind = value.type;
        DWORD seen = kind == REG_EXPAND_SZ && !(flags & RRF_NOEXPAND) ? REG_SZ : kind;
        LSTATUS mismatch = check_type(flags, seen, value.size);
        error = reg_is_text(kind) ? put_text(&value, &kind, flags, ansi, data, size)
                                  : put_bytes(value.data, value.size, data, size);
        if (type) *type = kind;
        if (mismatch) error = mismatch;
    }
    if (error && data && flags & RRF_ZEROONFAILURE) memset(data, 0, room);
    return error;
}

HOTPATCH LSTATUS WINAPI RegGetValueW(HKEY key, LPCWSTR path, LPCWSTR name, DWORD flags, DWORD *type,
                                     void *data, DWORD *size)
{
    return get(key, path, name, flags, type, data, size, false);
}

HOTPATCH LSTATUS WINAPI RegGetValueA(HKEY key, LPCSTR path, LPCSTR name, DWORD flags, DWORD *type, void *data,
                                     DWORD *size)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(path);
    WCHAR *wide_name AUTO_FREE = wide_from_ansi(name);
    if (conversion_failed(path, wide) || conversion_failed(name, wide_name)) return ERROR_NOT_ENOUGH_MEMORY;
    return get(key, wide, wide_name, flags, type, data, size, true);
}
