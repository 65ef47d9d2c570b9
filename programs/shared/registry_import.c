// A .reg file into the registry, key by key and value by value.
#include "registry_file.h"
#include "dlls/ntdll/unix/reg_file.h"
#include <stdlib.h>
#include <string.h>

struct import {
    REGSAM view;
    HKEY key; // NULL: the section's key could not be opened, or was removed
    DWORD error;
};

static void note(struct import *import, LSTATUS status)
{
    if (status && !import->error) import->error = (DWORD)status;
}

static void leave_key(struct import *import)
{
    if (import->key) RegCloseKey(import->key);
    import->key = NULL;
}

static bool take_key(void *context, const uint16_t *path, uint32_t count, bool remove)
{
    struct import *import = context;
    size_t rest;
    const WCHAR *long_name;
    leave_key(import);
    HKEY root = registry_root(path, count, &rest, &long_name);
    if (!root) return true;
    size_t length = count - rest;
    WCHAR *name = take_memory((length + 1) * sizeof(WCHAR));
    memcpy(name, path + rest, length * sizeof(WCHAR));
    while (length && name[length - 1] == '\\') length--;
    name[length] = 0;
    if (!remove) {
        note(import, RegCreateKeyExW(root, name, 0, NULL, 0, KEY_READ | KEY_WRITE | import->view, NULL,
                                     &import->key, NULL));
    } else if (length) {
        LSTATUS status = RegOpenKeyExW(root, NULL, 0, MAXIMUM_ALLOWED | import->view, &import->key);
        if (!status) status = RegDeleteTreeW(import->key, name);
        if (status != ERROR_FILE_NOT_FOUND) note(import, status);
        leave_key(import);
    }
    free(name);
    return true;
}

static WCHAR *terminated(const uint16_t *name, uint32_t count)
{
    WCHAR *copy = take_memory((count + 1) * sizeof(WCHAR));
    if (count) memcpy(copy, name, count * sizeof(WCHAR));
    copy[count] = 0;
    return copy;
}

static bool take_value(void *context, const uint16_t *name, uint32_t name_count, uint32_t type,
                       const uint8_t *data, size_t size)
{
    struct import *import = context;
    if (!import->key) return true;
    WCHAR *copy = terminated(name, name_count);
    note(import, RegSetValueExW(import->key, copy, 0, type, data, (DWORD)size));
    free(copy);
    return true;
}

static bool remove_value(void *context, const uint16_t *name, uint32_t name_count)
{
    struct import *import = context;
    if (!import->key) return true;
    WCHAR *copy = terminated(name, name_count);
    LSTATUS status = RegDeleteValueW(import->key, copy);
    if (status != ERROR_FILE_NOT_FOUND) note(import, status);
    free(copy);
    return true;
}

static bool pass_over(void *context, unsigned line, const char *message)
{
    (void)context, (void)line, (void)message;
    return true;
}

static DWORD read_file(const WCHAR *path, BYTE **bytes, size_t *size)
{
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    size_t capacity = 0;
    DWORD got, error = ERROR_SUCCESS;
    *bytes = NULL;
    *size = 0;
    if (file == INVALID_HANDLE_VALUE) return GetLastError();
    LARGE_INTEGER length = {};
    if (GetFileSizeEx(file, &length) && length.HighPart) error = ERROR_FILE_TOO_LARGE;
    while (!error) {
        make_room(bytes, &capacity, *size + (*size ? 65536 : length.LowPart + 1), 1);
        if (!ReadFile(file, *bytes + *size, (DWORD)(capacity - *size), &got, NULL)) error = GetLastError();
        if (error || !got) break;
        *size += got;
    }
    CloseHandle(file);
    if (error == ERROR_BROKEN_PIPE) error = ERROR_SUCCESS;
    return error;
}

DWORD registry_import_file(const WCHAR *path, REGSAM view, bool *registry)
{
    static const struct reg_file_sink sink = {take_key, take_value, remove_value, pass_over};
    struct import import = {.view = view};
    struct reg_file_error at;
    size_t size, count;
    BYTE *bytes;
    *registry = false;
    DWORD error = read_file(path, &bytes, &size);
    uint16_t *text = error ? NULL : reg_file_decode(bytes, size, &count);
    free(bytes);
    if (error) return error;
    if (!text) return ERROR_NOT_ENOUGH_MEMORY;
    if (!reg_file_parse(text, count, &sink, &import, &at))
        error = at.no_memory ? ERROR_NOT_ENOUGH_MEMORY : ERROR_BAD_FORMAT;
    free(text);
    leave_key(&import);
    if (error) return error;
    *registry = import.error != ERROR_SUCCESS;
    return import.error;
}
