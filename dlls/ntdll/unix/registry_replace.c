// NtReplaceKey: another file becomes what a hive is loaded from the next time. What is loaded now stays, and
// goes on under another name.
#include "file_fd.h"
#include "guest_constants.h"
#include "hive_disk.h"
#include "hive_file.h"
#include "ntdll_host.h"
#include "registry_hive.h"
#include "registry_key.h"
#include "token.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_SHARE_ALL = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE };

struct replacement {
    key_id root;
    uint8_t *fresh; // what the new file holds
    size_t fresh_size;
    uint8_t *present; // what is loaded
    size_t present_size;
    uint16_t file[PATH_MAX], old[PATH_MAX]; // NT names
    uint32_t file_count, old_count;
};

// Opens a file for as long as a call lasts.
static NTSTATUS open_file(const OBJECT_ATTRIBUTES32 *attributes, ACCESS_MASK32 access, uint32_t disposition,
                          HANDLE32 *file)
{
    IO_STATUS_BLOCK32 io = {0};
    return NtCreateFile(file, access | SYNCHRONIZE, attributes, &io, NULL, FILE_ATTRIBUTE_NORMAL,
                        FILE_SHARE_ALL, disposition, FILE_SYNCHRONOUS_IO_NONALERT | FILE_NON_DIRECTORY_FILE,
                        0, 0);
}

static NTSTATUS read_fresh(struct replacement *replacement, HANDLE32 file)
{
    int fd;
    NTSTATUS status = file_fd_get(file, FILE_READ_DATA, &fd);
    if (status) return status;
    status = hive_disk_read(fd, &replacement->fresh, &replacement->fresh_size);
    close(fd);
    return status || replacement->fresh_size ? status : STATUS_NOT_REGISTRY_FILE;
}

// Whether the new file is a hive: read as one, in a write that is given up. Also what there is of the old
// one.
static NTSTATUS look(struct registry_view *view, struct replacement *replacement)
{
    static const struct hive_target target = {true, KEY_IN_HIVE};
    struct key_info info;
    key_id trial;
    NTSTATUS status = key_get(view, replacement->root, &info);
    if (status) return status;
    if (hive_root(view, replacement->root) != replacement->root || replacement->root == KEY_ID_ROOT)
        return STATUS_INVALID_PARAMETER;
    if (!(info.flags & KEY_IS_HIVE)) return STATUS_NOT_SUPPORTED; // the kept store's, which no file holds
    status = hive_file_get(view, replacement->root, replacement->file, PATH_MAX, &replacement->file_count);
    if (!status)
        status = hive_write(view, replacement->root, true, &replacement->present, &replacement->present_size);
    if (!status)
        status = hive_read_key(view, replacement->fresh, replacement->fresh_size, KEY_ID_ROOT,
                               (struct units){u"Replaced", 8}, &target, &trial);
    return status;
}

static NTSTATUS look_body(struct registry_view *view, void *context)
{
    struct replacement *replacement = context;
    free(replacement->present);
    replacement->present = NULL;
    return look(view, replacement);
}

static NTSTATUS take_over_body(struct registry_view *view, void *context)
{
    const struct replacement *replacement = context;
    return hive_file_set(view, replacement->root, (struct units){replacement->old, replacement->old_count});
}

// Puts what is loaded into the old file, the new content into the hive's, and the hive under its new name.
static NTSTATUS exchange(struct replacement *replacement, HANDLE32 old)
{
    int fd;
    NTSTATUS status = file_fd_get(old, FILE_WRITE_DATA, &fd);
    if (status) return status;
    replacement->old_count = (uint32_t)file_fd_nt_name(fd, NULL, replacement->old, PATH_MAX);
    status = replacement->old_count ? hive_disk_write(fd, replacement->present, replacement->present_size)
                                    : STATUS_OBJECT_NAME_INVALID;
    close(fd);
    if (!status)
        status = hive_disk_replace(replacement->file, replacement->file_count, replacement->fresh,
                                   replacement->fresh_size);
    return status ? status : registry_write(WRITE_VOLATILE, take_over_body, replacement);
}

static NTSTATUS replace(struct replacement *replacement, HANDLE32 fresh, const OBJECT_ATTRIBUTES32 *old_file)
{
    HANDLE32 old;
    NTSTATUS status = read_fresh(replacement, fresh);
    if (!status) status = registry_try(WRITE_KEPT | WRITE_VOLATILE, look_body, replacement);
    if (!status) status = open_file(old_file, FILE_WRITE_DATA, FILE_CREATE, &old);
    if (status) return status;
    status = exchange(replacement, old);
    NtClose(old);
    if (status) NtDeleteFile(old_file);
    return status;
}

NTSTATUS NtReplaceKey(const OBJECT_ATTRIBUTES32 *new_file, HANDLE32 handle,
                      const OBJECT_ATTRIBUTES32 *old_file)
{
    struct registry_key *key;
    HANDLE32 fresh;
    if (!token_has_privilege(SE_RESTORE_PRIVILEGE)) return STATUS_PRIVILEGE_NOT_HELD;
    NTSTATUS status = registry_key_resolve(handle, 0, &key);
    if (status) return status;
    struct replacement *replacement = calloc(1, sizeof *replacement);
    if (replacement) replacement->root = key->place.id;
    object_release(&key->object);
    if (!replacement) return STATUS_NO_MEMORY;
    status = open_file(new_file, FILE_READ_DATA, FILE_OPEN, &fresh);
    if (!status) {
        status = replace(replacement, fresh, old_file);
        NtClose(fresh);
    }
    if (!status) NtDeleteFile(new_file);
    free(replacement->fresh);
    free(replacement->present);
    free(replacement);
    return status;
}
