// Profile files whose sections lie in the registry. IniFileMapping\FILE has a value per section, or a subkey
// with a value per name; an unnamed value stands for all others. It says "USR:key" (below the user's key) or
// "SYS:key" (below the machine's Software), perhaps behind flags.
#include "profile_registry.h"
#include "reg.h"

#define MAPPINGS L"Software\\Microsoft\\Windows NT\\CurrentVersion\\IniFileMapping\\"

void profile_mapping_open(struct profile_mapping *mapping, const WCHAR *file)
{
    const WCHAR *last = file;
    mapping->key = NULL;
    for (const WCHAR *at = file; *at; at++)
        if (*at == '\\' || *at == '/' || *at == ':') last = at + 1;
    if (!*last || wide_length(last) > MAX_PATH) return;
    WCHAR path[ARRAY_LENGTH(MAPPINGS) + MAX_PATH + 1] = MAPPINGS;
    lstrcatW(path, last);
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_READ | KEY_WOW64_64KEY, &mapping->key))
        mapping->key = NULL;
}

void profile_mapping_close(struct profile_mapping *mapping)
{
    if (mapping->key) RegCloseKey(mapping->key);
    mapping->key = NULL;
}

static void close_key(HKEY *key)
{
    if (*key) RegCloseKey(*key);
}
#define AUTO_KEY __attribute__((cleanup(close_key)))

// A key below one of the two roots, by what a mapping says, and section behind it unless that is NULL.
// Allocated (heap_free); NULL: the mapping is malformed.
static WCHAR *target_path(const WCHAR *text, const WCHAR *section, HKEY *root)
{
    static const WCHAR machine[] = L"Software\\";
    while (*text == '!' || *text == '#' || *text == '@') text++; // when to synchronise with the file
    bool user = !wcsncmp(text, L"USR:", 4);
    if (!user && wcsncmp(text, L"SYS:", 4)) return NULL;
    text += 4;
    SIZE_T length = wide_length(text) + (section ? wide_length(section) + 1 : 0);
    WCHAR *path = heap_alloc(length * sizeof(WCHAR) + sizeof(machine));
    if (!path) return NULL;
    *root = user ? HKEY_CURRENT_USER : HKEY_LOCAL_MACHINE;
    lstrcpyW(path, user ? L"" : machine);
    lstrcatW(path, text);
    if (section && *text) lstrcatW(path, L"\\");
    if (section) lstrcatW(path, section);
    return path;
}

// The text of a value; NULL when there is none or it is no text. Valid until value is freed.
static const WCHAR *text_value(HKEY key, const WCHAR *name, struct reg_value *value)
{
    if (reg_value_read(key, name, value) || value->type != REG_SZ) return NULL;
    return (const WCHAR *)value->data;
}

// The key in which name (NULL: all that have no mapping of their own) of a section lies. Allocated.
static WCHAR *find_target(const struct profile_mapping *mapping, const WCHAR *section, const WCHAR *name,
                          HKEY *root)
{
    AUTO_VALUE struct reg_value value = {}, other = {}, general = {};
    AUTO_KEY HKEY by_name = NULL;
    const WCHAR *text;
    if (!mapping->key) return NULL;
    if (!RegOpenKeyExW(mapping->key, section, 0, KEY_READ, &by_name)) {
        text = name ? text_value(by_name, name, &value) : NULL;
        if (!text) text = text_value(by_name, NULL, &other);
        return text ? target_path(text, NULL, root) : NULL;
    }
    by_name = NULL;
    if ((text = text_value(mapping->key, section, &value))) return target_path(text, NULL, root);
    text = text_value(mapping->key, NULL, &general);
    return text ? target_path(text, section, root) : NULL;
}

enum profile_place profile_mapping_get(const struct profile_mapping *mapping, const WCHAR *section,
                                       const WCHAR *key, WCHAR **value)
{
    HKEY root;
    AUTO_FREE WCHAR *path = find_target(mapping, section, key, &root);
    AUTO_KEY HKEY target = NULL;
    AUTO_VALUE struct reg_value read = {};
    if (!path) return PROFILE_IN_FILE;
    if (RegOpenKeyExW(root, path, 0, KEY_READ, &target)) {
        target = NULL;
        return PROFILE_ABSENT;
    }
    const WCHAR *text = text_value(target, key, &read);
    if (!text || !(*value = heap_alloc((wide_length(text) + 1) * sizeof(WCHAR)))) return PROFILE_ABSENT;
    lstrcpyW(*value, text);
    return PROFILE_FOUND;
}

bool profile_mapping_set(const struct profile_mapping *mapping, const WCHAR *section, const WCHAR *key,
                         const WCHAR *value, LSTATUS *error)
{
    HKEY root;
    AUTO_FREE WCHAR *path = find_target(mapping, section, key, &root);
    AUTO_KEY HKEY target = NULL;
    if (!path) return false;
    *error = RegCreateKeyExW(root, path, 0, NULL, 0, KEY_WRITE, NULL, &target, NULL);
    if (*error) {
        target = NULL;
    } else if (value) {
        *error = RegSetValueExW(target, key, 0, REG_SZ, (const BYTE *)value,
                                (DWORD)((wide_length(value) + 1) * sizeof(WCHAR)));
    } else {
        *error = RegDeleteValueW(target, key);
        if (*error == ERROR_FILE_NOT_FOUND) *error = ERROR_SUCCESS;
    }
    return true;
}

// Calls back with the names of a key's values, or of its subkeys, until none is left.
static void each_name(HKEY key, bool values, profile_visitor visit, void *context)
{
    AUTO_FREE WCHAR *name = heap_alloc(16384 * sizeof(WCHAR));
    for (DWORD i = 0; name; i++) {
        DWORD length = 16384;
        LSTATUS error = values ? RegEnumValueW(key, i, name, &length, NULL, NULL, NULL, NULL)
                               : RegEnumKeyExW(key, i, name, &length, NULL, NULL, NULL, NULL);
        if (error) return;
        if (length) visit(context, name, length, NULL);
    }
}

void profile_mapping_sections(const struct profile_mapping *mapping, profile_visitor visit, void *context)
{
    if (!mapping->key) return;
    each_name(mapping->key, true, visit, context);
    each_name(mapping->key, false, visit, context);
}

// ---- all entries of a section ----

struct section_walk {
    const struct profile_mapping *mapping;
    const WCHAR *section;
    HKEY values; // whose names are walked
    profile_visitor visit;
    void *context;
};

// A value of the key that holds the section.
static void tell_value(void *context, const WCHAR *name, SIZE_T length, const WCHAR *text)
{
    struct section_walk *walk = context;
    AUTO_VALUE struct reg_value value = {};
    if ((text = text_value(walk->values, name, &value))) walk->visit(walk->context, name, length, text);
}

// A name that has a mapping of its own.
static void tell_mapped_name(void *context, const WCHAR *name, SIZE_T length, const WCHAR *text)
{
    struct section_walk *walk = context;
    WCHAR *value;
    if (profile_mapping_get(walk->mapping, walk->section, name, &value) != PROFILE_FOUND) return;
    text = value;
    walk->visit(walk->context, name, length, text);
    heap_free(value);
}

static void clear_mapped_name(void *context, const WCHAR *name, SIZE_T length, const WCHAR *text)
{
    struct section_walk *walk = context;
    LSTATUS error;
    (void)length;
    (void)text;
    profile_mapping_set(walk->mapping, walk->section, name, NULL, &error);
}

bool profile_mapping_entries(const struct profile_mapping *mapping, const WCHAR *section,
                             profile_visitor visit, void *context)
{
    struct section_walk walk = {mapping, section, NULL, visit, context};
    AUTO_KEY HKEY by_name = NULL, target = NULL;
    HKEY root;
    if (!mapping->key) return false;
    if (RegOpenKeyExW(mapping->key, section, 0, KEY_READ, &by_name))
        by_name = NULL;
    else
        each_name(by_name, true, tell_mapped_name, &walk);
    AUTO_FREE WCHAR *path = find_target(mapping, section, NULL, &root);
    if (!path) return false;
    if (RegOpenKeyExW(root, path, 0, KEY_READ, &target)) {
        target = NULL;
        return true;
    }
    walk.values = target;
    each_name(target, true, tell_value, &walk);
    return true;
}

bool profile_mapping_clear(const struct profile_mapping *mapping, const WCHAR *section)
{
    struct section_walk walk = {.mapping = mapping, .section = section};
    AUTO_KEY HKEY by_name = NULL, target = NULL;
    HKEY root;
    WCHAR name[256];
    DWORD length;
    if (!mapping->key) return false;
    if (RegOpenKeyExW(mapping->key, section, 0, KEY_READ, &by_name))
        by_name = NULL;
    else
        each_name(by_name, true, clear_mapped_name, &walk);
    AUTO_FREE WCHAR *path = find_target(mapping, section, NULL, &root);
    if (!path) return false;
    if (RegOpenKeyExW(root, path, 0, KEY_READ | KEY_WRITE, &target)) {
        target = NULL;
        return true;
    }
    while (length = ARRAY_LENGTH(name), !RegEnumValueW(target, 0, name, &length, NULL, NULL, NULL, NULL))
        if (RegDeleteValueW(target, name)) break;
    return true;
}
