// Hive files: saving keys to them, restoring keys from them, loading them as parts of the registry. Which are
// loaded stands where Windows has it, in the volatile key Control\hivelist: a value for each, named by the
// path of its root, with the NT name of its file.
#include "registry_hive.h"
#include "file_fd.h"
#include "guest_constants.h"
#include "hive_disk.h"
#include "hive_file.h"
#include "loader/fail.h"
#include "ntdll_host.h"
#include "registry_edit.h"
#include "registry_notify.h"
#include "token.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BOTH_STORES = WRITE_KEPT | WRITE_VOLATILE };

static const struct units control_path = {u"\\Registry\\Machine\\System\\CurrentControlSet\\Control", 50};
static const struct units list_name = {u"hivelist", 8};
static const struct units apps_name = {u"A", 1}; // below it are the hives that programs load for themselves

// ---- the list of loaded hives ----

static NTSTATUS enter_volatile(struct registry_view *view, key_id parent, struct units name, key_id *key)
{
    struct key_info info = {.name = name};
    NTSTATUS status = child_find(view, parent, name, key);
    return status == STATUS_OBJECT_NAME_NOT_FOUND ? child_create(view, parent, true, false, &info, key)
                                                  : status;
}

static NTSTATUS enter_list(struct registry_view *view, key_id *list)
{
    struct registry_walk walk = {.view64 = true, .absolute = true};
    NTSTATUS status = registry_walk(view, &walk, control_path);
    return status ? status : enter_volatile(view, walk.place.id, list_name, list);
}

static NTSTATUS find_list(struct registry_view *view, key_id *list)
{
    struct registry_walk walk = {.view64 = true, .absolute = true};
    NTSTATUS status = registry_walk(view, &walk, control_path);
    return status ? status : child_find(view, walk.place.id, list_name, list);
}

NTSTATUS hive_file_set(struct registry_view *view, key_id root, struct units file)
{
    uint32_t count;
    key_id list;
    uint16_t *path = registry_full_path(view, root, &count);
    if (!path) return STATUS_NO_MEMORY;
    NTSTATUS status = enter_list(view, &list);
    if (!status)
        status = value_set(view, list, (struct units){path, count}, REG_SZ,
                           (struct store_bytes){file.text, 2u * (size_t)file.count});
    free(path);
    return status;
}

struct file_search {
    struct units file, path;
    uint16_t name[VALUE_NAME_MAX];
};

static bool compare_file(const struct value_info *value, void *context)
{
    struct file_search *search = context;
    struct units file = {value->data.data, (uint32_t)value->data.size / 2};
    if (!units_equal(file, search->file)) return true;
    memcpy(search->name, value->name.text, 2u * (size_t)value->name.count);
    search->path = (struct units){search->name, value->name.count};
    return false;
}

// The root of the hive that is loaded from a file. STATUS_OBJECT_NAME_NOT_FOUND.
static NTSTATUS find_by_file(struct registry_view *view, struct units file, key_id *root)
{
    key_id list;
    struct registry_walk walk = {.view64 = true, .absolute = true};
    NTSTATUS status = find_list(view, &list);
    if (status) return status;
    struct file_search *search = malloc(sizeof *search);
    if (!search) return STATUS_NO_MEMORY;
    search->file = file;
    search->path.count = 0;
    values_each(view, list, compare_file, search);
    status = search->path.count ? registry_walk(view, &walk, search->path) : STATUS_OBJECT_NAME_NOT_FOUND;
    free(search);
    *root = walk.place.id;
    return status;
}

// The value of a hive in the list. Its file lives as long as the view does not change.
static NTSTATUS find_file(struct registry_view *view, key_id root, key_id *list, uint16_t **path,
                          uint32_t *count, struct value_info *value)
{
    *path = registry_full_path(view, root, count);
    if (!*path) return STATUS_NO_MEMORY;
    NTSTATUS status = find_list(view, list);
    if (!status) status = value_get(view, *list, (struct units){*path, *count}, value);
    if (status) free(*path);
    return status == STATUS_OBJECT_NAME_NOT_FOUND ? STATUS_REGISTRY_IO_FAILED : status;
}

NTSTATUS hive_file_get(struct registry_view *view, key_id root, uint16_t *file, uint32_t room,
                       uint32_t *count)
{
    key_id list;
    uint16_t *path;
    uint32_t path_count;
    struct value_info value;
    NTSTATUS status = find_file(view, root, &list, &path, &path_count, &value);
    if (status) return status;
    free(path);
    *count = (uint32_t)value.data.size / 2;
    if (*count > room) return STATUS_REGISTRY_IO_FAILED;
    memcpy(file, value.data.data, 2u * (size_t)*count);
    return STATUS_SUCCESS;
}

// ---- writing hives back ----

// Writes the file of a loaded hive; unload: then takes its keys away.
static NTSTATUS write_back(struct registry_view *view, key_id root, bool unload)
{
    key_id list;
    uint16_t *path, name[PATH_MAX];
    uint8_t *bytes;
    uint32_t count;
    size_t size;
    struct value_info value;
    NTSTATUS status = find_file(view, root, &list, &path, &count, &value);
    if (status) return status;
    uint32_t units = (uint32_t)value.data.size / 2;
    if (units > PATH_MAX) units = 0;
    memcpy(name, value.data.data, 2u * (size_t)units);
    status = hive_write(view, root, true, &bytes, &size);
    if (!status) {
        status = hive_disk_replace(name, units, bytes, size);
        free(bytes);
    }
    if (!status && unload) status = registry_remove_below(view, root);
    if (!status && unload) status = child_delete(view, root);
    if (!status && unload) status = value_delete(view, list, (struct units){path, count});
    free(path);
    return status;
}

static NTSTATUS flush_body(struct registry_view *view, void *context)
{
    key_id root = hive_of_key(view, *(key_id *)context);
    return root ? write_back(view, root, false) : STATUS_SUCCESS;
}

NTSTATUS hive_flush(key_id id)
{
    return registry_write(WRITE_VOLATILE, flush_body, &id);
}

// Whether a hive is one that a program has loaded for itself.
static bool is_app(struct registry_view *view, key_id root)
{
    struct key_info info;
    return !key_get(view, root, &info) && !key_get(view, info.parent, &info) && info.parent == KEY_ID_ROOT &&
           units_are(info.name, "A");
}

static uint64_t file_hash(struct units file)
{
    return registry_name_hash(file.text, file.count);
}

static NTSTATUS close_body(struct registry_view *view, void *context)
{
    key_id root = *(key_id *)context;
    uint16_t name[PATH_MAX];
    uint32_t units;
    if (!is_app(view, root) || hive_is_used(root)) return STATUS_SUCCESS;
    NTSTATUS status = hive_file_get(view, root, name, PATH_MAX, &units);
    if (status) return status;
    return write_back(view, root, !hive_is_announced(file_hash((struct units){name, units})));
}

static NTSTATUS is_app_body(struct registry_view *view, void *context)
{
    return is_app(view, *(key_id *)context) ? STATUS_SUCCESS : STATUS_OBJECT_NAME_NOT_FOUND;
}

void hive_closed(key_id root)
{
    // What cannot be written stays loaded: whoever loads the file again finds it.
    if (!registry_read(is_app_body, &root)) registry_write(WRITE_VOLATILE, close_body, &root);
}

// ---- saving and restoring ----

struct image {
    key_id key;
    bool latest;
    uint8_t *bytes;
    size_t size;
};

static NTSTATUS save_body(struct registry_view *view, void *context)
{
    struct image *image = context;
    free(image->bytes);
    image->bytes = NULL;
    return hive_write(view, image->key, image->latest, &image->bytes, &image->size);
}

NTSTATUS NtSaveKeyEx(HANDLE32 handle, HANDLE32 file, uint32_t format)
{
    struct registry_key *key;
    int fd = -1;
    if (format != REG_STANDARD_FORMAT && format != REG_LATEST_FORMAT && format != REG_NO_COMPRESSION)
        return STATUS_INVALID_PARAMETER;
    if (!token_has_privilege(SE_BACKUP_PRIVILEGE)) return STATUS_PRIVILEGE_NOT_HELD;
    NTSTATUS status = registry_key_resolve(handle, 0, &key);
    if (status) return status;
    struct image image = {.key = key->place.id, .latest = format == REG_LATEST_FORMAT};
    status = file_fd_get(file, FILE_WRITE_DATA, &fd);
    if (!status) status = registry_key_read(key, save_body, &image);
    object_release(&key->object);
    if (!status) status = hive_disk_write(fd, image.bytes, image.size);
    free(image.bytes);
    if (fd >= 0) close(fd);
    return status;
}

NTSTATUS NtSaveKey(HANDLE32 handle, HANDLE32 file)
{
    return NtSaveKeyEx(handle, file, REG_STANDARD_FORMAT);
}

static bool take_name(const struct value_info *value, void *context)
{
    *(struct units *)context = value->name;
    return false;
}

static NTSTATUS remove_values(struct registry_view *view, key_id key)
{
    for (;;) {
        uint16_t copy[VALUE_NAME_MAX];
        struct units name = {NULL, 0};
        values_each(view, key, take_name, &name);
        if (!name.text) return STATUS_SUCCESS;
        memcpy(copy, name.text, 2u * (size_t)name.count);
        NTSTATUS status = value_delete(view, key, (struct units){copy, name.count});
        if (status) return status;
    }
}

static NTSTATUS restore_body(struct registry_view *view, void *context)
{
    const struct image *image = context;
    struct key_info info = {0};
    NTSTATUS status = key_get(view, image->key, &info);
    struct hive_target target = {store_of(image->key) == STORE_VOLATILE, info.flags & KEY_IN_HIVE};
    if (!status) status = registry_remove_below(view, image->key);
    if (!status) status = remove_values(view, image->key);
    return status ? status : hive_read_below(view, image->bytes, image->size, image->key, &target);
}

NTSTATUS NtRestoreKey(HANDLE32 handle, HANDLE32 file, uint32_t flags)
{
    struct registry_key *key;
    int fd = -1;
    if (flags & ~(uint32_t)REG_FORCE_RESTORE) return STATUS_INVALID_PARAMETER;
    if (!token_has_privilege(SE_RESTORE_PRIVILEGE)) return STATUS_PRIVILEGE_NOT_HELD;
    NTSTATUS status = registry_key_resolve(handle, 0, &key);
    if (status) return status;
    struct image image = {.key = key->place.id};
    object_release(&key->object);
    status = file_fd_get(file, FILE_READ_DATA, &fd);
    if (!status) status = hive_disk_read(fd, &image.bytes, &image.size);
    if (fd >= 0) close(fd);
    if (status) return status;
    status = registry_write(BOTH_STORES, restore_body, &image);
    free(image.bytes);
    if (!status) registry_changed(image.key, REG_NOTIFY_CHANGE_NAME | REG_NOTIFY_CHANGE_LAST_SET);
    return status;
}

// ---- loading ----

struct load {
    struct key_request request;
    bool app;
    uint8_t *bytes;
    size_t size;
    uint16_t file[PATH_MAX];
    uint32_t file_count;
    key_id parent;
};

// Hives of the machine and of users are loaded next to theirs.
static bool may_load_below(struct registry_view *view, key_id parent, bool app)
{
    struct key_info info;
    if (parent == KEY_ID_ROOT || key_get(view, parent, &info) || info.parent != KEY_ID_ROOT) return false;
    return units_are(info.name, "A") == app;
}

static NTSTATUS load_body(struct registry_view *view, void *context)
{
    struct load *load = context;
    struct units file = {load->file, load->file_count};
    struct hive_target target = {true, KEY_IN_HIVE};
    key_id root = 0;
    NTSTATUS status =
        load->app ? enter_volatile(view, KEY_ID_ROOT, apps_name, &load->parent) : STATUS_SUCCESS;
    if (!status) status = find_by_file(view, file, &root);
    if (!status && !(load->app && is_app(view, root))) return STATUS_SHARING_VIOLATION;
    if (status == STATUS_OBJECT_NAME_NOT_FOUND) {
        status = key_request_walk(view, &load->request);
        if (!status) return STATUS_OBJECT_NAME_COLLISION;
        if (status != STATUS_OBJECT_NAME_NOT_FOUND || !load->request.walk.missing_is_last) return status;
        load->parent = load->request.walk.place.id;
        if (!may_load_below(view, load->parent, load->app)) return STATUS_INVALID_PARAMETER;
        status = hive_read_key(view, load->bytes, load->size, load->parent, load->request.walk.missing,
                               &target, &root);
        if (!status) status = hive_file_set(view, root, file);
    }
    load->request.walk.place = (struct registry_place){root, ZONE_PLAIN};
    load->request.hive = root;
    return status;
}

// Reads the file, which is made where it is missing, and takes its name.
static NTSTATUS open_file(struct load *load, const OBJECT_ATTRIBUTES32 *attributes)
{
    HANDLE32 handle;
    IO_STATUS_BLOCK32 io = {0};
    int fd;
    NTSTATUS status =
        NtCreateFile(&handle, FILE_READ_DATA | SYNCHRONIZE, attributes, &io, NULL, FILE_ATTRIBUTE_NORMAL,
                     FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, FILE_OPEN_IF,
                     FILE_SYNCHRONOUS_IO_NONALERT | FILE_NON_DIRECTORY_FILE, 0, 0);
    if (status) return status;
    status = file_fd_get(handle, FILE_READ_DATA, &fd);
    if (!status) {
        load->file_count = (uint32_t)file_fd_nt_name(fd, NULL, load->file, PATH_MAX);
        status =
            load->file_count ? hive_disk_read(fd, &load->bytes, &load->size) : STATUS_OBJECT_NAME_INVALID;
        close(fd);
    }
    NtClose(handle);
    return status;
}

static NTSTATUS load_hive(struct load *load, HANDLE32 *handle)
{
    static _Atomic bool registered;
    struct region_owned *announced = NULL;
    if (load->app) announced = hive_announce(file_hash((struct units){load->file, load->file_count}));
    if (load->app && !registered) {
        registered = true;
        at_process_end(hive_leave_all);
    }
    NTSTATUS status = registry_write(BOTH_STORES, load_body, load);
    if (!status && handle) status = key_request_end(&load->request, handle);
    hive_announce_end(announced);
    if (!status && !load->app) registry_changed(load->parent, REG_NOTIFY_CHANGE_NAME);
    return status;
}

// A hive that another one shares trust with, and what would say that it is unloaded, are not used: the same
// that NtLoadKeyEx takes as its arguments.
NTSTATUS NtLoadKey3(const OBJECT_ATTRIBUTES32 *target, const OBJECT_ATTRIBUTES32 *file, uint32_t flags,
                    gptr parameters, uint32_t count, ACCESS_MASK32 access, HANDLE32 *root, gptr reserved)
{
    if (count && !parameters) return STATUS_INVALID_PARAMETER;
    for (uint32_t i = 0; i < count; i++) {
        KEY_LOAD_PARAMETER32 parameter;
        if (!guest_read(&parameter, parameters + i * (gptr)sizeof parameter, sizeof parameter))
            return STATUS_ACCESS_VIOLATION;
        const uint8_t kind = (uint8_t)parameter.Kind;
        if (kind < KEY_LOAD_TRUST_KEY || kind > KEY_LOAD_TOKEN) return STATUS_INVALID_PARAMETER;
    }
    return NtLoadKeyEx(target, file, flags, 0, 0, access, root, reserved);
}

NTSTATUS NtLoadKeyEx(const OBJECT_ATTRIBUTES32 *target, const OBJECT_ATTRIBUTES32 *file, uint32_t flags,
                     HANDLE32 trust, HANDLE32 event, ACCESS_MASK32 access, HANDLE32 *root, gptr reserved)
{
    (void)trust, (void)event, (void)reserved;
    struct load *load = calloc(1, sizeof *load);
    if (!load) return STATUS_NO_MEMORY;
    load->app = flags & REG_APP_HIVE;
    NTSTATUS status = STATUS_SUCCESS;
    if (load->app != (root != NULL))
        status = STATUS_INVALID_PARAMETER;
    else if (!load->app && !token_has_privilege(SE_RESTORE_PRIVILEGE))
        status = STATUS_PRIVILEGE_NOT_HELD;
    if (!status) status = key_request_begin(&load->request, root ? access : KEY_READ, target, 0);
    if (!status) {
        status = open_file(load, file);
        if (!status) status = load_hive(load, root);
        key_request_free(&load->request);
    }
    free(load->bytes);
    free(load);
    return status;
}

NTSTATUS NtLoadKey2(const OBJECT_ATTRIBUTES32 *target, const OBJECT_ATTRIBUTES32 *file, uint32_t flags)
{
    return NtLoadKeyEx(target, file, flags, 0, 0, 0, NULL, 0);
}

NTSTATUS NtLoadKey(const OBJECT_ATTRIBUTES32 *target, const OBJECT_ATTRIBUTES32 *file)
{
    return NtLoadKey2(target, file, 0);
}

// ---- unloading ----

struct unload {
    struct key_request request;
    key_id parent;
};

static NTSTATUS unload_body(struct registry_view *view, void *context)
{
    struct unload *unload = context;
    struct key_info info, parent;
    NTSTATUS status = key_request_walk(view, &unload->request);
    key_id root = unload->request.walk.place.id;
    if (!status) status = key_get(view, root, &info);
    if (!status) status = key_get(view, info.parent, &parent);
    if (status) return status;
    unload->parent = info.parent;
    // Where hives are, those that are no loaded ones are the system's own.
    if (!(info.flags & KEY_IS_HIVE))
        return parent.parent == KEY_ID_ROOT ? STATUS_ACCESS_DENIED : STATUS_INVALID_PARAMETER;
    if (hive_is_used(root)) return STATUS_CANNOT_DELETE;
    return write_back(view, root, true);
}

NTSTATUS NtUnloadKey2(const OBJECT_ATTRIBUTES32 *target, uint32_t flags)
{
    struct unload unload = {.parent = 0};
    if (flags & ~(uint32_t)REG_FORCE_UNLOAD) return STATUS_INVALID_PARAMETER;
    if (!token_has_privilege(SE_RESTORE_PRIVILEGE)) return STATUS_PRIVILEGE_NOT_HELD;
    NTSTATUS status = key_request_begin(&unload.request, KEY_READ, target, 0);
    if (status) return status;
    status = registry_write(BOTH_STORES, unload_body, &unload);
    key_request_free(&unload.request);
    if (!status) registry_changed(unload.parent, REG_NOTIFY_CHANGE_NAME);
    return status;
}

NTSTATUS NtUnloadKey(const OBJECT_ATTRIBUTES32 *target)
{
    return NtUnloadKey2(target, 0);
}

// The event is set once the hive is unloaded, which it is when the call returns.
NTSTATUS NtUnloadKeyEx(const OBJECT_ATTRIBUTES32 *target, HANDLE32 event)
{
    NTSTATUS status = NtUnloadKey2(target, 0);
    return status || !event ? status : NtSetEvent(event, NULL);
}
