// Whole trees of keys: deleting and copying them.
#include "reg.h"

// Deletes the subkeys of a key, and with values its values too.
static LSTATUS empty_key(HKEY key, bool values)
{
    WCHAR *name AUTO_FREE = heap_alloc(16384 * sizeof(WCHAR));
    LSTATUS error;
    if (!name) return ERROR_NOT_ENOUGH_MEMORY;
    for (;;) {
        HKEY child;
        DWORD size = 16384;
        error = RegEnumKeyExW(key, 0, name, &size, NULL, NULL, NULL, NULL);
        if (error) break;
        error = RegOpenKeyExW(key, name, REG_OPTION_OPEN_LINK, DELETE | KEY_READ, &child);
        if (error) return error;
        error = empty_key(child, false);
        if (!error) error = reg_error(NtDeleteKey(child));
        RegCloseKey(child);
        if (error) return error;
    }
    while (values && error == ERROR_NO_MORE_ITEMS) {
        DWORD size = 16384;
        error = RegEnumValueW(key, 0, name, &size, NULL, NULL, NULL, NULL);
        if (error) break;
        error = RegDeleteValueW(key, name);
        if (error) return error;
        error = ERROR_NO_MORE_ITEMS;
    }
    return error == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : error;
}

HOTPATCH LSTATUS WINAPI RegDeleteTreeW(HKEY key, LPCWSTR path)
{
    HKEY child = key;
    bool below = path && *path;
    if (below) {
        LSTATUS error = RegOpenKeyExW(key, path, 0, DELETE | KEY_READ | KEY_SET_VALUE, &child);
        if (error) return error;
    }
    LSTATUS error = empty_key(child, !below);
    if (!error && below) error = reg_error(NtDeleteKey(child));
    if (below) RegCloseKey(child);
    return error;
}

HOTPATCH LSTATUS WINAPI RegDeleteTreeA(HKEY key, LPCSTR path)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(path);
    if (conversion_failed(path, wide)) return ERROR_NOT_ENOUGH_MEMORY;
    return RegDeleteTreeW(key, wide);
}

static LSTATUS copy_values(HKEY from, HKEY to)
{
    DWORD longest, largest;
    LSTATUS error =
        RegQueryInfoKeyW(from, NULL, NULL, NULL, NULL, NULL, NULL, NULL, &longest, &largest, NULL, NULL);
    if (error) return error;
    WCHAR *name AUTO_FREE = heap_alloc((longest + 1) * sizeof(WCHAR));
    BYTE *data AUTO_FREE = heap_alloc(largest + sizeof(WCHAR));
    if (!name || !data) return ERROR_NOT_ENOUGH_MEMORY;
    for (DWORD index = 0; !error; index++) {
        UNICODE_STRING string;
        HANDLE handle;
        DWORD length = longest + 1, size = largest, type;
        error = RegEnumValueW(from, index, name, &length, NULL, &type, data, &size);
        if (!error) error = reg_handle(to, &handle);
        if (!error) error = reg_name(&string, name);
        if (!error) error = reg_error(NtSetValueKey(handle, &string, 0, type, data, size));
    }
    return error == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : error;
}

static LSTATUS copy_tree(HKEY from, HKEY to)
{
    WCHAR name[257];
    LSTATUS error = copy_values(from, to);
    for (DWORD index = 0; !error; index++) {
        HKEY source, target;
        DWORD size = ARRAY_LENGTH(name);
        error = RegEnumKeyExW(from, index, name, &size, NULL, NULL, NULL, NULL);
        if (!error) error = RegOpenKeyExW(from, name, 0, KEY_READ, &source);
        if (error) break;
        error = RegCreateKeyExW(to, name, 0, NULL, 0, KEY_WRITE | KEY_READ, NULL, &target, NULL);
        if (!error) {
            error = copy_tree(source, target);
            RegCloseKey(target);
        }
        RegCloseKey(source);
    }
    return error == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : error;
}

HOTPATCH LSTATUS WINAPI RegCopyTreeW(HKEY key, LPCWSTR path, HKEY target)
{
    HKEY source = key;
    if (path && *path) {
        LSTATUS error = RegOpenKeyExW(key, path, 0, KEY_READ, &source);
        if (error) return error;
    }
    LSTATUS error = copy_tree(source, target);
    if (source != key) RegCloseKey(source);
    return error;
}

HOTPATCH LSTATUS WINAPI RegCopyTreeA(HKEY key, LPCSTR path, HKEY target)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(path);
    if (conversion_failed(path, wide)) return ERROR_NOT_ENOUGH_MEMORY;
    return RegCopyTreeW(key, wide, target);
}
