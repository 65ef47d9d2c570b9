// regedit.exe: what scripts call of it. /S and a file's name import, /E and /A export, /D deletes a key;
// there is no window.
#include "../shared/registry_file.h"
#include <wchar.h>

enum action { ACTION_IMPORT, ACTION_EXPORT, ACTION_EXPORT_ANSI, ACTION_DELETE };

static int fail(const WCHAR *what, DWORD error)
{
    complain(L"regedit: %s: %s\r\n", what, error_text(error));
    return 1;
}

static int import(const WCHAR *path)
{
    bool registry;
    DWORD error = registry_import_file(path, 0, &registry);
    return error ? fail(path, error) : 0;
}

static int delete_key(const WCHAR *text)
{
    struct key_name name;
    HKEY root;
    if (!key_name_parse(text, &name) || !*name.path) return fail(text, ERROR_BAD_PATHNAME);
    LSTATUS status = RegOpenKeyExW(name.root, NULL, 0, MAXIMUM_ALLOWED, &root);
    if (!status) {
        status = RegDeleteTreeW(root, name.path);
        RegCloseKey(root);
    }
    return status && status != ERROR_FILE_NOT_FOUND ? fail(text, (DWORD)status) : 0;
}

static int export(const WCHAR *path, const WCHAR *text, bool ansi)
{
    struct key_name name;
    bool registry;
    if (!text) return fail(L"all keys at once", ERROR_NOT_SUPPORTED);
    if (!key_name_parse(text, &name)) return fail(text, ERROR_BAD_PATHNAME);
    DWORD error = registry_export_file(&name, path, ansi, 0, &registry);
    return error ? fail(registry ? text : path, error) : 0;
}

static int usage(void)
{
    complain(L"usage: regedit [/s] file.reg ...\r\n       regedit /e file.reg key\r\n       regedit /a "
             L"file.reg key\r\n"
             L"       regedit /d key\r\n");
    return 1;
}

static bool take_switch(const WCHAR *word, enum action *action)
{
    if (!word[1] || word[2]) return false;
    switch (towlower(word[1])) {
    case 's': return true; // no questions are asked anyway
    case 'i':
    case 'c': *action = ACTION_IMPORT; return true;
    case 'e': *action = ACTION_EXPORT; return true;
    case 'a': *action = ACTION_EXPORT_ANSI; return true;
    case 'd': *action = ACTION_DELETE; return true;
    default: return false;
    }
}

int wmain(int count, WCHAR **words)
{
    enum action action = ACTION_IMPORT;
    int first = 1, result = 0;
    for (; first < count && (words[first][0] == '/' || words[first][0] == '-'); first++)
        if (!take_switch(words[first], &action)) return usage();
    if (first == count) return usage();
    if (action == ACTION_EXPORT || action == ACTION_EXPORT_ANSI)
        return export(words[first], first + 1 < count ? words[first + 1] : NULL,
                      action == ACTION_EXPORT_ANSI);
    for (int i = first; i < count; i++)
        result |= action == ACTION_DELETE ? delete_key(words[i]) : import(words[i]);
    return result;
}
