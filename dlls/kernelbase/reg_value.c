// Values: asking for them, setting and deleting them. Text is kept as UTF-16; the A functions convert it.
#include "reg_performance.h"

// ---- reading whole values ----

void reg_value_free(struct reg_value *value)
{
    if (value->block && (BYTE *)value->block != value->small) heap_free(value->block);
    value->block = NULL;
}

static LSTATUS read_from(HANDLE handle, UNICODE_STRING *name, struct reg_value *value)
{
    enum { HEAD = offsetof(KEY_VALUE_PARTIAL_INFORMATION, Data), SPARE = 2 };
    ULONG room = sizeof(value->small) - SPARE, needed = 0;
    value->block = (KEY_VALUE_PARTIAL_INFORMATION *)value->small;
    for (;;) {
        NTSTATUS status =
            NtQueryValueKey(handle, name, KeyValuePartialInformation, value->block, room, &needed);
        if (NT_SUCCESS(status)) break;
        reg_value_free(value);
        if (status != STATUS_BUFFER_OVERFLOW) return reg_error(status);
        room = needed;
        value->block = heap_alloc(room + SPARE);
        if (!value->block) return ERROR_NOT_ENOUGH_MEMORY;
    }
    value->type = value->block->Type;
    value->size = value->block->DataLength;
    value->data = value->block->Data;
    value->data[value->size] = value->data[value->size + 1] = 0;
    return ERROR_SUCCESS;
}

// The user's half first, then the machine's.
static LSTATUS read_classes(HKEY key, UNICODE_STRING *name, struct reg_value *value)
{
    struct reg_sides sides AUTO_SIDES = {NULL, NULL};
    ULONG needed;
    KEY_FLAGS_INFORMATION flags;
    if (key != HKEY_CLASSES_ROOT) {
        NTSTATUS status = NtQueryKey(key, KeyFlagsInformation, &flags, sizeof(flags), &needed);
        if (!NT_SUCCESS(status)) return reg_error(status);
    }
    LSTATUS error = reg_classes_open(key, NULL, 0, KEY_QUERY_VALUE, &sides);
    if (error) return error == ERROR_FILE_NOT_FOUND ? ERROR_KEY_DELETED : error;
    error = sides.user ? read_from(sides.user, name, value) : ERROR_FILE_NOT_FOUND;
    if (error == ERROR_FILE_NOT_FOUND && sides.machine) error = read_from(sides.machine, name, value);
    return error;
}

LSTATUS reg_value_read(HKEY key, const WCHAR *name, struct reg_value *value)
{
    UNICODE_STRING string;
    HANDLE handle;
    value->block = NULL;
    LSTATUS error = reg_handle(key, &handle);
    if (!error) error = reg_name(&string, name);
    if (error) return error;
    return reg_is_classes(key) ? read_classes(key, &string, value) : read_from(handle, &string, value);
}

LSTATUS reg_text_to_ansi(const WCHAR *text, DWORD bytes, void *buffer, DWORD *size)
{
    ULONG needed = 0, written = 0, room = *size;
    RtlUnicodeToMultiByteSize(&needed, (WCHAR *)text, bytes & ~1u);
    *size = needed;
    if (!buffer) return ERROR_SUCCESS;
    if (needed > room) return ERROR_MORE_DATA;
    RtlUnicodeToMultiByteN(buffer, needed, &written, text, bytes & ~1u);
    if (needed < room && needed && ((char *)buffer)[needed - 1]) ((char *)buffer)[needed] = 0;
    return ERROR_SUCCESS;
}

// ---- RegQueryValue ----

// Who asks for the size of a value that does not exist is told that there is nothing.
static LSTATUS no_value(LSTATUS error, const BYTE *data, DWORD *size)
{
    if (error == ERROR_FILE_NOT_FOUND && size && !data) *size = 0;
    return error;
}

HOTPATCH LSTATUS WINAPI RegQueryValueExW(HKEY key, LPCWSTR name, DWORD *reserved, DWORD *type, BYTE *data,
                                         DWORD *size)
{
    struct reg_value value AUTO_VALUE;
    value.block = NULL;
    if ((data && !size) || reserved) return ERROR_INVALID_PARAMETER;
    if (reg_is_performance(key)) return reg_performance_query(name, type, data, size, false);
    LSTATUS error = reg_value_read(key, name, &value);
    if (error) return no_value(error, data, size);
    DWORD room = size ? *size : 0; // before type, which may be the same variable
    if (type) *type = value.type;
    if (!size) return ERROR_SUCCESS;
    *size = value.size;
    if (!data) return ERROR_SUCCESS;
    if (room < value.size) return ERROR_MORE_DATA;
    memcpy(data, value.data, value.size);
    // Text that was stored without its end gets one where there is room.
    if (reg_is_text(value.type) && room - value.size >= sizeof(WCHAR) && value.size >= sizeof(WCHAR) &&
        *(WCHAR *)(value.data + (value.size & ~1u) - sizeof(WCHAR)))
        *(WCHAR *)(data + value.size) = 0;
    return ERROR_SUCCESS;
}

HOTPATCH LSTATUS WINAPI RegQueryValueExA(HKEY key, LPCSTR name, DWORD *reserved, DWORD *type, BYTE *data,
                                         DWORD *size)
{
    struct reg_value value AUTO_VALUE;
    value.block = NULL;
    if ((data && !size) || reserved) return ERROR_INVALID_PARAMETER;
    WCHAR *wide AUTO_FREE = wide_from_ansi(name);
    if (conversion_failed(name, wide)) return ERROR_NOT_ENOUGH_MEMORY;
    if (reg_is_performance(key)) return reg_performance_query(wide, type, data, size, true);
    LSTATUS error = reg_value_read(key, wide, &value);
    if (error) return no_value(error, data, size);
    DWORD room = size ? *size : 0; // before type, which may be the same variable
    if (type) *type = value.type;
    if (!size) return ERROR_SUCCESS;
    *size = room;
    if (reg_is_text(value.type)) return reg_text_to_ansi((WCHAR *)value.data, value.size, data, size);
    *size = value.size;
    if (!data) return ERROR_SUCCESS;
    if (room < value.size) return ERROR_MORE_DATA;
    memcpy(data, value.data, value.size);
    return ERROR_SUCCESS;
}

// The default value as text; a key without one has an empty one.
static LSTATUS read_default(HKEY key, const WCHAR *path, struct reg_value *value)
{
    HKEY child = key;
    value->block = NULL;
    if (path && *path) {
        LSTATUS error = RegOpenKeyExW(key, path, 0, KEY_QUERY_VALUE, &child);
        if (error) return error;
    }
    LSTATUS error = reg_value_read(child, NULL, value);
    if (child != key) RegCloseKey(child);
    if (error == ERROR_FILE_NOT_FOUND) {
        value->block = (KEY_VALUE_PARTIAL_INFORMATION *)value->small;
        value->type = REG_SZ;
        value->data = value->block->Data;
        value->size = 0;
        value->data[0] = value->data[1] = 0;
    } else if (error) {
        return error;
    }
    if (value->type != REG_SZ && value->type != REG_EXPAND_SZ) return ERROR_INVALID_DATA;
    // Its end is counted, and there always.
    SIZE_T length = wide_length((WCHAR *)value->data);
    value->size = (DWORD)(length + 1) * sizeof(WCHAR);
    return ERROR_SUCCESS;
}

HOTPATCH LSTATUS WINAPI RegQueryValueW(HKEY key, LPCWSTR path, LPWSTR data, LONG *size)
{
    struct reg_value value AUTO_VALUE;
    LSTATUS error = read_default(key, path, &value);
    if (error) return error;
    if (data && !size) return ERROR_INVALID_PARAMETER;
    if (!size) return ERROR_SUCCESS;
    DWORD room = (DWORD)*size;
    *size = (LONG)value.size;
    if (!data) return ERROR_SUCCESS;
    if (room < value.size) return ERROR_MORE_DATA;
    memcpy(data, value.data, value.size);
    return ERROR_SUCCESS;
}

HOTPATCH LSTATUS WINAPI RegQueryValueA(HKEY key, LPCSTR path, LPSTR data, LONG *size)
{
    struct reg_value value AUTO_VALUE;
    value.block = NULL;
    if (data && !size) return ERROR_INVALID_PARAMETER;
    WCHAR *wide AUTO_FREE = wide_from_ansi(path);
    if (conversion_failed(path, wide)) return ERROR_NOT_ENOUGH_MEMORY;
    LSTATUS error = read_default(key, wide, &value);
    if (error || !size) return error;
    return reg_text_to_ansi((WCHAR *)value.data, value.size, data, (DWORD *)size);
}

// ---- RegSetValue ----

// Where a change of a value of HKEY_CLASSES_ROOT goes: the user's half if there is one.
static LSTATUS change_handle(HKEY key, struct reg_sides *sides, HANDLE *handle)
{
    LSTATUS error = reg_handle(key, handle);
    *sides = (struct reg_sides){NULL, NULL};
    if (error || !reg_is_classes(key)) return error;
    ACCESS_MASK granted = KEY_SET_VALUE;
    error = reg_classes_open(key, NULL, 0, granted, sides);
    if (!error) *handle = key != HKEY_CLASSES_ROOT && sides->user ? sides->user : sides->machine;
    return error;
}

static LSTATUS set_value(HKEY key, const WCHAR *name, DWORD type, const void *data, DWORD size)
{
    if (reg_is_performance(key)) return reg_performance_set(key);
    struct reg_sides sides AUTO_SIDES;
    UNICODE_STRING string;
    HANDLE handle;
    LSTATUS error = change_handle(key, &sides, &handle);
    if (!error) error = reg_name(&string, name);
    return error ? error : reg_error(NtSetValueKey(handle, &string, 0, type, (void *)data, size));
}

// Whether the end of a text stands behind the size that the program gave: then it meant it too.
static bool end_follows(const BYTE *data, DWORD size, DWORD width)
{
    if (!size || size % width || IsBadReadPtr(data, size + width)) return false;
    for (DWORD i = 0; i < width; i++)
        if (data[size + i]) return false;
    for (DWORD i = 1; i <= width; i++)
        if (data[size - i]) return true;
    return false;
}

HOTPATCH LSTATUS WINAPI RegSetValueExW(HKEY key, LPCWSTR name, DWORD reserved, DWORD type, const BYTE *data,
                                       DWORD size)
{
    (void)reserved;
    if (size && ((ULONG_PTR)data < 0x10000 || IsBadReadPtr(data, size))) return ERROR_NOACCESS;
    if (reg_is_text(type) && end_follows(data, size, sizeof(WCHAR))) size += sizeof(WCHAR);
    return set_value(key, name, type, data, size);
}

HOTPATCH LSTATUS WINAPI RegSetValueExA(HKEY key, LPCSTR name, DWORD reserved, DWORD type, const BYTE *data,
                                       DWORD size)
{
    (void)reserved;
    WCHAR *wide AUTO_FREE = wide_from_ansi(name);
    if (conversion_failed(name, wide)) return ERROR_NOT_ENOUGH_MEMORY;
    if (size && ((ULONG_PTR)data < 0x10000 || IsBadReadPtr(data, size))) return ERROR_NOACCESS;
    if (!reg_is_text(type) || !size) return set_value(key, wide, type, data, size);
    if (end_follows(data, size, 1)) size++;
    ULONG bytes = 0;
    RtlMultiByteToUnicodeSize(&bytes, (const char *)data, size);
    WCHAR *text AUTO_FREE = heap_alloc(bytes + sizeof(WCHAR));
    if (!text) return ERROR_NOT_ENOUGH_MEMORY;
    RtlMultiByteToUnicodeN(text, bytes, &bytes, (const char *)data, size);
    return set_value(key, wide, type, text, bytes);
}

// Sets a value of a subkey, which is made if need be; without a path, of the key itself.
static LSTATUS set_below(HKEY key, const WCHAR *path, const WCHAR *name, DWORD type, const void *data,
                         DWORD size)
{
    HKEY child = key;
    if (path && *path) {
        LSTATUS error = RegCreateKeyExW(key, path, 0, NULL, 0, KEY_SET_VALUE, NULL, &child, NULL);
        if (error) return error;
    }
    LSTATUS error = RegSetValueExW(child, name, 0, type, data, size);
    if (child != key) RegCloseKey(child);
    return error;
}

HOTPATCH LSTATUS WINAPI RegSetValueW(HKEY key, LPCWSTR path, DWORD type, LPCWSTR data, DWORD size)
{
    (void)size; // the text says it
    if (type != REG_SZ || !data) return ERROR_INVALID_PARAMETER;
    return set_below(key, path, NULL, type, data, (DWORD)(wide_length(data) + 1) * sizeof(WCHAR));
}

HOTPATCH LSTATUS WINAPI RegSetValueA(HKEY key, LPCSTR path, DWORD type, LPCSTR data, DWORD size)
{
    (void)size;
    if (type != REG_SZ || !data) return ERROR_INVALID_PARAMETER;
    WCHAR *wide AUTO_FREE = wide_from_ansi(path);
    WCHAR *text AUTO_FREE = wide_from_ansi(data);
    if (conversion_failed(path, wide) || !text) return ERROR_NOT_ENOUGH_MEMORY;
    return RegSetValueW(key, wide, type, text, 0);
}

HOTPATCH LSTATUS WINAPI RegSetKeyValueW(HKEY key, LPCWSTR path, LPCWSTR name, DWORD type, const void *data,
                                        DWORD size)
{
    return set_below(key, path, name, type, data, size);
}

HOTPATCH LSTATUS WINAPI RegSetKeyValueA(HKEY key, LPCSTR path, LPCSTR name, DWORD type, const void *data,
                                        DWORD size)
{
    HKEY child = key;
    if (path && *path) {
        LSTATUS error = RegCreateKeyExA(key, path, 0, NULL, 0, KEY_SET_VALUE, NULL, &child, NULL);
        if (error) return error;
    }
    LSTATUS error = RegSetValueExA(child, name, 0, type, data, size);
    if (child != key) RegCloseKey(child);
    return error;
}

// ---- deleting values ----

HOTPATCH LSTATUS WINAPI RegDeleteValueW(HKEY key, LPCWSTR name)
{
    struct reg_sides sides AUTO_SIDES;
    UNICODE_STRING string;
    HANDLE handle;
    LSTATUS error = change_handle(key, &sides, &handle);
    if (!error) error = reg_name(&string, name);
    if (error) return error;
    NTSTATUS status = NtDeleteValueKey(handle, &string);
    if (status == STATUS_OBJECT_NAME_NOT_FOUND && handle == sides.user && sides.machine)
        status = NtDeleteValueKey(sides.machine, &string);
    return reg_error(status);
}

HOTPATCH LSTATUS WINAPI RegDeleteValueA(HKEY key, LPCSTR name)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(name);
    if (conversion_failed(name, wide)) return ERROR_NOT_ENOUGH_MEMORY;
    return RegDeleteValueW(key, wide);
}

HOTPATCH LSTATUS WINAPI RegDeleteKeyValueW(HKEY key, LPCWSTR path, LPCWSTR name)
{
    HKEY child = key;
    if (path && *path) {
        LSTATUS error = RegOpenKeyExW(key, path, 0, KEY_SET_VALUE, &child);
        if (error) return error;
    }
    LSTATUS error = RegDeleteValueW(child, name);
    if (child != key) RegCloseKey(child);
    return error;
}

HOTPATCH LSTATUS WINAPI RegDeleteKeyValueA(HKEY key, LPCSTR path, LPCSTR name)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(path);
    WCHAR *wide_name AUTO_FREE = wide_from_ansi(name);
    if (conversion_failed(path, wide) || conversion_failed(name, wide_name)) return ERROR_NOT_ENOUGH_MEMORY;
    return RegDeleteKeyValueW(key, wide, wide_name);
}
