// Keys and values for our registry programs: roots by name, and what a key holds, of whatever length.
#include "registry_name.h"
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static const struct root {
    const WCHAR *short_name, *long_name;
    HKEY root;
} roots[] = {
    {L"HKLM", L"HKEY_LOCAL_MACHINE", HKEY_LOCAL_MACHINE},
    {L"HKCU", L"HKEY_CURRENT_USER", HKEY_CURRENT_USER},
    {L"HKCR", L"HKEY_CLASSES_ROOT", HKEY_CLASSES_ROOT},
    {L"HKU", L"HKEY_USERS", HKEY_USERS},
    {L"HKCC", L"HKEY_CURRENT_CONFIG", HKEY_CURRENT_CONFIG},
};

static bool is_word(const WCHAR *text, size_t count, const WCHAR *word)
{
    return wcslen(word) == count && _wcsnicmp(text, word, count) == 0;
}

HKEY registry_root(const WCHAR *name, size_t count, size_t *rest, const WCHAR **long_name)
{
    size_t length = 0;
    while (length < count && name[length] != '\\') length++;
    *rest = length < count ? length + 1 : length;
    for (size_t i = 0; i < ARRAYSIZE(roots); i++) {
        if (!is_word(name, length, roots[i].short_name) && !is_word(name, length, roots[i].long_name))
            continue;
        *long_name = roots[i].long_name;
        return roots[i].root;
    }
    return NULL;
}

WCHAR *join_key(const WCHAR *parent, const WCHAR *name)
{
    size_t length = wcslen(parent) + wcslen(name) + 2;
    WCHAR *joined = take_memory(length * sizeof(WCHAR));
    wcscpy(joined, parent);
    if (*parent && *name) wcscat(joined, L"\\");
    return wcscat(joined, name);
}

bool key_name_parse(const WCHAR *text, struct key_name *name)
{
    size_t rest, length = wcslen(text);
    const WCHAR *long_name;
    name->root = registry_root(text, length, &rest, &long_name);
    if (!name->root) return false;
    name->path = copy_text(text + rest);
    length -= rest;
    if (length && name->path[length - 1] == '\\') name->path[--length] = 0;
    if (name->path[0] == '\\' || wcsstr(name->path, L"\\\\") || (length && name->path[length - 1] == '\\'))
        return false;
    name->full = join_key(long_name, name->path);
    return true;
}

WCHAR *subkey_name(HKEY key, DWORD index)
{
    enum { LONGEST = 256 };
    DWORD length = LONGEST;
    WCHAR *name = take_memory(LONGEST * sizeof(WCHAR));
    if (!RegEnumKeyExW(key, index, name, &length, NULL, NULL, NULL, NULL)) return name;
    free(name);
    return NULL;
}

static void end_data(struct registry_value *value)
{
    memset(value->data + value->size, 0, END_ZEROS);
}

bool value_at(HKEY key, DWORD index, struct registry_value *value)
{
    DWORD name_room = 256, room = 256;
    for (;;) {
        DWORD length = name_room;
        value->size = room;
        value->name = take_memory(name_room * sizeof(WCHAR));
        value->data = take_memory(room + END_ZEROS);
        LSTATUS status =
            RegEnumValueW(key, index, value->name, &length, NULL, &value->type, value->data, &value->size);
        if (!status) break;
        value_free(value);
        if (status != ERROR_MORE_DATA || name_room > 16384) return false;
        // Which of both was short isn't said.
        if (value->size > room) room = value->size;
        name_room = 16384 + (name_room == 16384);
    }
    end_data(value);
    return true;
}

LSTATUS value_named(HKEY key, const WCHAR *name, struct registry_value *value)
{
    DWORD room = 256;
    LSTATUS status;
    do {
        value->size = room;
        value->data = take_memory(room + END_ZEROS);
        status = RegQueryValueExW(key, name, NULL, &value->type, value->data, &value->size);
        if (!status) break;
        free(value->data);
        room = value->size + 2;
    } while (status == ERROR_MORE_DATA);
    if (status) return status;
    end_data(value);
    value->name = copy_text(name ? name : L"");
    return ERROR_SUCCESS;
}

void value_free(struct registry_value *value)
{
    free(value->name);
    free(value->data);
}
