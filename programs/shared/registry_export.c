// A key and all below it as a .reg file.
#include "registry_file.h"
#include "dlls/ntdll/unix/reg_file.h"
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static void add_values(struct reg_file_writer *writer, HKEY key)
{
    struct registry_value value;
    for (DWORD i = 0; value_at(key, i, &value); i++) {
        reg_file_value(writer, value.name, (uint32_t)wcslen(value.name), value.type, value.data, value.size);
        value_free(&value);
    }
}

static void add_key(struct reg_file_writer *writer, HKEY key, const WCHAR *full, REGSAM view)
{
    WCHAR *name;
    reg_file_key(writer, full, (uint32_t)wcslen(full));
    add_values(writer, key);
    for (DWORD i = 0; (name = subkey_name(key, i)); i++) {
        WCHAR *path = join_key(full, name);
        HKEY subkey;
        // One that may not be read, or went meanwhile, is left out.
        if (!RegOpenKeyExW(key, name, 0, KEY_READ | view, &subkey)) {
            add_key(writer, subkey, path, view);
            RegCloseKey(subkey);
        }
        free(path);
        free(name);
    }
}

// The file's bytes; the caller frees them.
static BYTE *encode(const struct reg_file_writer *writer, size_t *size)
{
    BYTE *bytes = take_memory(2 * writer->count + 2);
    if (writer->version4) {
        *size = writer->count;
        for (size_t i = 0; i < writer->count; i++) bytes[i] = reg_file_to_ansi(writer->text[i]);
        return bytes;
    }
    bytes[0] = 0xFF, bytes[1] = 0xFE;
    memcpy(bytes + 2, writer->text, 2 * writer->count);
    *size = 2 * writer->count + 2;
    return bytes;
}

static DWORD write_file(const WCHAR *path, const struct reg_file_writer *writer)
{
    DWORD written, error = ERROR_SUCCESS;
    size_t size;
    HANDLE file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE) return GetLastError();
    BYTE *bytes = encode(writer, &size);
    if (!WriteFile(file, bytes, (DWORD)size, &written, NULL)) error = GetLastError();
    free(bytes);
    CloseHandle(file);
    return error;
}

DWORD registry_export_file(const struct key_name *key, const WCHAR *path, bool version4, REGSAM view,
                           bool *registry)
{
    struct reg_file_writer writer;
    HKEY handle;
    LSTATUS status = RegOpenKeyExW(key->root, key->path, 0, KEY_READ | view, &handle);
    *registry = status != ERROR_SUCCESS;
    if (status) return (DWORD)status;
    reg_file_begin(&writer, version4);
    add_key(&writer, handle, key->full, view);
    RegCloseKey(handle);
    // Windows ends the file with an empty line.
    reg_file_end(&writer);
    DWORD error = writer.failed ? ERROR_NOT_ENOUGH_MEMORY : write_file(path, &writer);
    free(writer.text);
    return error;
}
