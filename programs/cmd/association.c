// ASSOC and FTYPE: which type a file's extension names, and what opens a type; both are kept in
// HKEY_CLASSES_ROOT.
#include "builtin.h"
#include "output.h"

#define OPEN_COMMAND L"\\shell\\open\\command"

// The default value of a key below HKEY_CLASSES_ROOT, in the region; NULL without one.
static WCHAR *default_value(const WCHAR *key)
{
    DWORD size = 0;
    LSTATUS status = RegGetValueW(HKEY_CLASSES_ROOT, key, NULL,
                                  RRF_RT_REG_SZ | RRF_RT_REG_EXPAND_SZ | RRF_NOEXPAND, NULL, NULL, &size);
    if (status) return NULL;
    WCHAR *value = region_take(size + sizeof(WCHAR));
    status = RegGetValueW(HKEY_CLASSES_ROOT, key, NULL, RRF_RT_REG_SZ | RRF_RT_REG_EXPAND_SZ | RRF_NOEXPAND,
                          NULL, value, &size);
    return status ? NULL : value;
}

static LSTATUS set_default(const WCHAR *key, DWORD type, const WCHAR *value)
{
    HKEY handle;
    LSTATUS status = RegCreateKeyExW(HKEY_CLASSES_ROOT, key, 0, NULL, 0, KEY_SET_VALUE, NULL, &handle, NULL);
    if (status) return status;
    status = RegSetValueExW(handle, NULL, 0, type, (const BYTE *)value,
                            (DWORD)((wcslen(value) + 1) * sizeof(WCHAR)));
    RegCloseKey(handle);
    return status;
}

static WCHAR *joined(const WCHAR *name, const WCHAR *suffix)
{
    struct text text = {};
    text_add_string(&text, name);
    text_add_string(&text, suffix);
    return (WCHAR *)text_get(&text);
}

// All names below HKEY_CLASSES_ROOT that have a value below SUFFIX; EXTENSIONS: those with a dot, else the
// others.
static void list(bool extensions, const WCHAR *suffix)
{
    WCHAR name[256];
    for (DWORD i = 0, length = ARRAYSIZE(name);
         !RegEnumKeyExW(HKEY_CLASSES_ROOT, i, name, &length, NULL, NULL, NULL, NULL);
         i++, length = ARRAYSIZE(name)) {
        struct mark mark = region_mark();
        const WCHAR *value = (name[0] == '.') == extensions ? default_value(joined(name, suffix)) : NULL;
        if (value) print(L"%s=%s\r\n", name, value);
        region_release(mark);
    }
}

// NAME, NAME=VALUE or NAME=, cut at the equals sign; the value is NULL without one.
static WCHAR *split(const WCHAR *arguments, WCHAR **value)
{
    WCHAR *name = region_copy(skip_blanks(arguments), wcslen(skip_blanks(arguments)));
    for (size_t n = wcslen(name); n && is_blank(name[n - 1]);) name[--n] = 0;
    *value = wcschr(name, '=');
    if (*value) *(*value)++ = 0;
    return name;
}

static int end(LSTATUS status)
{
    if (status) complain_error((DWORD)status);
    return (int)status;
}

int command_assoc(const WCHAR *arguments)
{
    WCHAR *value, *name = split(arguments, &value);
    if (!*name) {
        list(true, L"");
        return 0;
    }
    if (value && !*value) return end(RegDeleteTreeW(HKEY_CLASSES_ROOT, name));
    if (value) {
        LSTATUS status = set_default(name, REG_SZ, value);
        if (!status) print(L"%s=%s\r\n", name, value);
        return end(status);
    }
    value = default_value(name);
    if (value) {
        print(L"%s=%s\r\n", name, value);
        return 0;
    }
    complain(L"File association not found for extension %s", name);
    return 1;
}

int command_ftype(const WCHAR *arguments)
{
    WCHAR *value, *name = split(arguments, &value);
    if (!*name) {
        list(false, OPEN_COMMAND);
        return 0;
    }
    WCHAR *key = joined(name, OPEN_COMMAND);
    if (value && !*value) return end(RegDeleteTreeW(HKEY_CLASSES_ROOT, key));
    if (value) {
        LSTATUS status = set_default(key, REG_EXPAND_SZ, value);
        if (!status) print(L"%s=%s\r\n", name, value);
        return end(status);
    }
    value = default_value(key);
    if (value) {
        print(L"%s=%s\r\n", name, value);
        return 0;
    }
    complain(L"File type '%s' not found or no open command associated with it.", name);
    return ERROR_FILE_NOT_FOUND;
}
