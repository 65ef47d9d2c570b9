// What opens a file: the classes of HKEY_CLASSES_ROOT that a file, folder or URL belongs to, and the commands
// of their verbs ("File Types" and "Verbs and File Associations" in Microsoft's documentation).
#include "execute.h"
#include <shlwapi.h>
#include <wchar.h>

enum { CLASSES_MAX = 5, NAME_UNITS = 260 };

struct classes {
    HKEY keys[CLASSES_MAX];
    int count;
};

// A string value; environment variables are filled in. False: there is none, or it is empty.
static bool read_string(HKEY key, const WCHAR *subkey, WCHAR *text, DWORD units)
{
    DWORD size = units * sizeof(WCHAR);
    return !RegGetValueW(key, subkey, NULL, RRF_RT_REG_SZ, NULL, text, &size) && *text;
}

static void add_class(struct classes *classes, const WCHAR *name)
{
    HKEY key;
    if (classes->count < CLASSES_MAX && !RegOpenKeyExW(HKEY_CLASSES_ROOT, name, 0, KEY_READ, &key))
        classes->keys[classes->count++] = key;
}

// The class that the extension's key names, then the extension's own verbs, then those of its kind.
static void add_extension(struct classes *classes, const WCHAR *extension)
{
    WCHAR name[NAME_UNITS], shared[NAME_UNITS + 32];
    if (lstrlenW(extension) >= NAME_UNITS) return;
    if (read_string(HKEY_CLASSES_ROOT, extension, name, NAME_UNITS)) add_class(classes, name);
    add_class(classes, extension);
    _snwprintf(shared, ARRAYSIZE(shared), L"SystemFileAssociations\\%ls", extension);
    add_class(classes, shared);
}

static void add_scheme(struct classes *classes, const WCHAR *url)
{
    WCHAR scheme[NAME_UNITS];
    const WCHAR *colon = wcschr(url, ':');
    if (!colon || colon - url >= NAME_UNITS) return;
    memcpy(scheme, url, (size_t)(colon - url) * sizeof(WCHAR));
    scheme[colon - url] = 0;
    // Other classes of that name are no schemes.
    if (!RegGetValueW(HKEY_CLASSES_ROOT, scheme, L"URL Protocol", RRF_RT_ANY, NULL, NULL, NULL))
        add_class(classes, scheme);
}

static void find_classes(struct classes *classes, const struct class_request *request)
{
    if (request->class) {
        if (*request->class == '.')
            add_extension(classes, request->class);
        else
            add_class(classes, request->class);
        return;
    }
    switch (request->kind) {
    case TARGET_FILE:
        if (*PathFindExtensionW(request->path)) add_extension(classes, PathFindExtensionW(request->path));
        add_class(classes, L"*");
        break;
    case TARGET_FOLDER:
    case TARGET_DRIVE:
        add_class(classes, request->kind == TARGET_DRIVE ? L"Drive" : L"Directory");
        add_class(classes, L"Folder");
        break;
    case TARGET_URL: add_scheme(classes, request->path); break;
    }
}

static bool has_command(HKEY class, const WCHAR *verb)
{
    WCHAR path[NAME_UNITS + 32];
    HKEY key;
    if (lstrlenW(verb) >= NAME_UNITS || wcschr(verb, '\\')) return false;
    _snwprintf(path, ARRAYSIZE(path), L"shell\\%ls\\command", verb);
    if (RegOpenKeyExW(class, path, 0, KEY_READ, &key)) return false;
    RegCloseKey(key);
    return true;
}

// The first of the verbs that `shell` lists as its value; else "open"; else its first verb.
static bool default_verb(HKEY class, WCHAR *verb)
{
    WCHAR list[NAME_UNITS];
    if (read_string(class, L"shell", list, NAME_UNITS)) {
        for (WCHAR *state = NULL, *one = wcstok_s(list, L", ", &state); one;
             one = wcstok_s(NULL, L", ", &state))
            if (has_command(class, one)) return lstrcpyW(verb, one);
    }
    if (has_command(class, L"open")) return lstrcpyW(verb, L"open");
    HKEY shell;
    bool found = false;
    if (RegOpenKeyExW(class, L"shell", 0, KEY_READ, &shell)) return false;
    DWORD length = NAME_UNITS;
    for (DWORD i = 0; !found && !RegEnumKeyExW(shell, i, verb, &length, NULL, NULL, NULL, NULL);
         i++, length = NAME_UNITS)
        found = has_command(class, verb);
    RegCloseKey(shell);
    return found;
}

static DWORD verb_command(HKEY class, const WCHAR *verb, WCHAR **command)
{
    WCHAR path[NAME_UNITS + 32];
    HKEY dde;
    DWORD size = 0;
    _snwprintf(path, ARRAYSIZE(path), L"shell\\%ls\\ddeexec", verb);
    if (!RegOpenKeyExW(class, path, 0, KEY_READ, &dde)) {
        RegCloseKey(dde);
        return ERROR_DDE_FAIL;
    }
    _snwprintf(path, ARRAYSIZE(path), L"shell\\%ls\\command", verb);
    if (RegGetValueW(class, path, NULL, RRF_RT_REG_SZ, NULL, NULL, &size)) return ERROR_NO_ASSOCIATION;
    *command = HeapAlloc(GetProcessHeap(), 0, size);
    if (!*command) return ERROR_NOT_ENOUGH_MEMORY;
    if (!RegGetValueW(class, path, NULL, RRF_RT_REG_SZ, NULL, *command, &size)) return 0;
    HeapFree(GetProcessHeap(), 0, *command);
    return ERROR_NO_ASSOCIATION;
}

static DWORD command_of(HKEY class, const WCHAR *verb, WCHAR **command)
{
    WCHAR found[NAME_UNITS];
    if (!verb || !*verb) verb = default_verb(class, found) ? found : NULL;
    return verb && has_command(class, verb) ? verb_command(class, verb, command) : ERROR_NO_ASSOCIATION;
}

DWORD class_command(const struct class_request *request, WCHAR **command)
{
    struct classes classes = {};
    DWORD error = ERROR_NO_ASSOCIATION;
    if (request->key) return command_of(request->key, request->verb, command);
    find_classes(&classes, request);
    for (int i = 0; i < classes.count && error == ERROR_NO_ASSOCIATION; i++)
        error = command_of(classes.keys[i], request->verb, command);
    for (int i = 0; i < classes.count; i++) RegCloseKey(classes.keys[i]);
    return error;
}
