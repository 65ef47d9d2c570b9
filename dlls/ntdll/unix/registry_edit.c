// Changes named by full paths.
#include "registry_edit.h"
#include "guest_constants.h"
#include "sid.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- names of roots ----

void registry_user_name(char name[192])
{
    struct sid sid = sid_user();
    int n = sprintf(name, "S-1-%u", sid.bytes[7]);
    for (unsigned i = 0; i < sid.bytes[1]; i++) {
        uint32_t part;
        memcpy(&part, sid.bytes + 8 + 4 * i, sizeof part);
        n += sprintf(name + n, "-%u", part);
    }
}

// What the predefined keys stand for; % is the user.
static const struct root {
    const char *name, *short_name, *path;
} roots[] = {
    {"HKEY_LOCAL_MACHINE", "HKLM", "\\REGISTRY\\MACHINE"},
    {"HKEY_CURRENT_USER", "HKCU", "\\REGISTRY\\USER\\%"},
    {"HKEY_CLASSES_ROOT", "HKCR", "\\REGISTRY\\MACHINE\\SOFTWARE\\Classes"},
    {"HKEY_USERS", "HKU", "\\REGISTRY\\USER"},
    {"HKEY_CURRENT_CONFIG", "HKCC",
     "\\REGISTRY\\MACHINE\\SYSTEM\\CurrentControlSet\\Hardware Profiles\\Current"},
};

uint16_t *registry_nt_path(struct units path, uint32_t *count)
{
    const uint16_t *text = path.text;
    uint32_t first = 0;
    char base[256] = "";
    while (first < path.count && text[first] != '\\') first++;
    for (unsigned i = 0; i < sizeof roots / sizeof *roots && first; i++) {
        struct units name = {text, first};
        if (!units_are(name, roots[i].name) && !units_are(name, roots[i].short_name)) continue;
        char *user = strchr(strcpy(base, roots[i].path), '%');
        if (user) registry_user_name(user);
    }
    if (first && !base[0]) return NULL;
    uint32_t n = (uint32_t)strlen(base), rest = path.count - first;
    uint16_t *out = malloc(2 * ((size_t)n + rest) + 2);
    if (!out) return NULL;
    for (uint32_t i = 0; i < n; i++) out[i] = (uint8_t)base[i];
    memcpy(out + n, text + first, 2u * rest);
    *count = n + rest;
    return out;
}

uint16_t *registry_long_path(struct units path, uint32_t *count)
{
    const uint16_t *text = path.text;
    const char *name = "";
    uint32_t first = 0, n;
    while (first < path.count && text[first] != '\\') first++;
    for (unsigned i = 0; i < sizeof roots / sizeof *roots; i++)
        if (units_are((struct units){text, first}, roots[i].short_name)) name = roots[i].name;
    if (!*name) first = 0;
    n = (uint32_t)strlen(name);
    uint16_t *out = malloc(2 * ((size_t)n + path.count - first) + 2);
    if (!out) return NULL;
    for (uint32_t i = 0; i < n; i++) out[i] = (uint8_t)name[i];
    memcpy(out + n, text + first, 2u * (path.count - first));
    *count = n + path.count - first;
    return out;
}

// ---- keys ----

// Makes what a walk found missing, one component after the other; the last one as a link if asked to.
static NTSTATUS enter(struct registry_edit *edit, struct units path, bool link)
{
    for (;;) {
        struct registry_walk walk = {.view64 = edit->view64, .absolute = true, .open_link = link};
        NTSTATUS status = registry_walk(edit->view, &walk, path);
        if (!status) edit->key = walk.place.id;
        if (status != STATUS_OBJECT_NAME_NOT_FOUND || !walk.missing.count) return status;
        struct key_info info = {.name = walk.missing};
        key_id id;
        if (walk.place.id == KEY_ID_ROOT) return STATUS_ACCESS_DENIED;
        if (store_of(walk.place.id) == STORE_VOLATILE) return STATUS_CHILD_MUST_BE_VOLATILE;
        status = child_create(edit->view, walk.place.id, false, link && walk.missing_is_last, &info, &id);
        if (status) return status;
    }
}

static bool enter_path(struct registry_edit *edit, struct units path, bool link)
{
    uint32_t count;
    uint16_t *nt = registry_nt_path(path, &count);
    edit->key = 0;
    edit->status = nt ? enter(edit, (struct units){nt, count}, link) : STATUS_OBJECT_PATH_SYNTAX_BAD;
    free(nt);
    return !edit->status;
}

bool edit_enter(struct registry_edit *edit, struct units path)
{
    return enter_path(edit, path, false);
}

bool edit_link(struct registry_edit *edit, struct units path, struct units target)
{
    static const struct units name = {u"SymbolicLinkValue", 17};
    if (!enter_path(edit, path, true)) return false;
    return edit_set(edit, name, REG_LINK, (struct store_bytes){target.text, 2u * target.count});
}

static bool take_first(struct units name, key_id id, void *context)
{
    (void)name;
    *(key_id *)context = id;
    return false;
}

NTSTATUS registry_remove_below(struct registry_view *view, key_id id)
{
    for (;;) {
        key_id child = 0;
        children_each(view, id, take_first, &child);
        if (!child) return STATUS_SUCCESS;
        NTSTATUS status = registry_remove_below(view, child);
        if (!status) status = child_delete(view, child);
        if (status) return status;
    }
}

static NTSTATUS remove_path(struct registry_edit *edit, struct units path)
{
    struct registry_walk walk = {.view64 = edit->view64, .absolute = true, .open_link = true};
    struct key_info info;
    NTSTATUS status = registry_walk(edit->view, &walk, path);
    if (status == STATUS_OBJECT_NAME_NOT_FOUND) return STATUS_SUCCESS;
    if (!status) status = key_get(edit->view, walk.place.id, &info);
    if (status) return status;
    if (info.parent == KEY_ID_ROOT || walk.place.id == KEY_ID_ROOT) return STATUS_CANNOT_DELETE;
    status = registry_remove_below(edit->view, walk.place.id);
    return status ? status : child_delete(edit->view, walk.place.id);
}

bool edit_remove(struct registry_edit *edit, struct units path)
{
    uint32_t count;
    uint16_t *nt = registry_nt_path(path, &count);
    edit->key = 0;
    edit->status = nt ? remove_path(edit, (struct units){nt, count}) : STATUS_OBJECT_PATH_SYNTAX_BAD;
    free(nt);
    return !edit->status;
}

// ---- values ----

bool edit_set(struct registry_edit *edit, struct units name, uint32_t type, struct store_bytes data)
{
    struct value_info old;
    edit->status = STATUS_SUCCESS;
    if (edit->only_missing && !value_get(edit->view, edit->key, name, &old)) return true;
    edit->status = name.count > VALUE_NAME_MAX ? STATUS_INVALID_PARAMETER
                                               : value_set(edit->view, edit->key, name, type, data);
    return !edit->status;
}

bool edit_unset(struct registry_edit *edit, struct units name)
{
    edit->status = value_delete(edit->view, edit->key, name);
    if (edit->status == STATUS_OBJECT_NAME_NOT_FOUND) edit->status = STATUS_SUCCESS;
    return !edit->status;
}
