// Carrying out the file operations that wait for the next start.
#include "pending_renames.h"
#include "file_stream.h"
#include "guest_constants.h"
#include "path.h"
#include "registry_path.h"
#include "runtime_dir.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <uchar.h>
#include <unistd.h>

#define COUNT(text) (sizeof(text) / sizeof *(text)-1)
static const char16_t key_path[] =
    u"\\Registry\\Machine\\System\\CurrentControlSet\\Control\\Session Manager";
static const char16_t value_name[] = u"PendingFileRenameOperations";

// The value's text as it was read, malloc'd.
struct pending {
    uint16_t *text;
    size_t count; // units
};

// ---- the value ----

static NTSTATUS find_value(struct registry_view *view, key_id *key, struct value_info *value)
{
    struct registry_walk walk = {.view64 = true, .absolute = true};
    NTSTATUS status = registry_walk(view, &walk, (struct units){key_path, COUNT(key_path)});
    *key = walk.place.id;
    return status ? status : value_get(view, *key, (struct units){value_name, COUNT(value_name)}, value);
}

static NTSTATUS read_value(struct registry_view *view, void *context)
{
    struct pending *pending = context;
    struct value_info value;
    key_id key;
    free(pending->text); // it may be run again
    pending->text = NULL;
    NTSTATUS status = find_value(view, &key, &value);
    if (status) return status;
    pending->count = value.data.size / sizeof *pending->text;
    pending->text = malloc(value.data.size + 1);
    if (!pending->text) return STATUS_NO_MEMORY;
    memcpy(pending->text, value.data.data, pending->count * sizeof *pending->text);
    return STATUS_SUCCESS;
}

// Removes the value unless somebody has added to it meanwhile: then all of it waits for another start.
static NTSTATUS remove_value(struct registry_view *view, void *context)
{
    const struct pending *pending = context;
    struct value_info value;
    key_id key;
    NTSTATUS status = find_value(view, &key, &value);
    if (status || value.data.size / sizeof *pending->text != pending->count) return status;
    return value_delete(view, key, (struct units){value_name, COUNT(value_name)});
}

// ---- the operations ----

static bool find_file(struct path *path, const uint16_t *name, size_t count)
{
    NTSTATUS status = path_parse(path, name, (uint32_t)count, -1);
    if (NT_SUCCESS(status) && path->kind == PATH_FILE && !path->stream[0]) status = path_fold(path);
    return (NT_SUCCESS(status) || status == STATUS_OBJECT_NAME_NOT_FOUND) && path->kind == PATH_FILE &&
           !path->stream[0];
}

// A folder goes when it is empty.
static void delete (const struct path *path)
{
    struct stat st;
    int fd = openat(path->base, path->host, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return;
    int flags = fstat(fd, &st) == 0 && S_ISDIR(st.st_mode) ? AT_REMOVEDIR : 0;
    unlinkat(path->base, path->host, flags);
    streams_forget(fd);
}

static void rename_to(const struct path *source, const struct path *target, bool replace)
{
    int replaced = openat(target->base, target->host, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    renameat2(source->base, source->host, target->base, target->host, replace ? 0 : RENAME_NOREPLACE);
    if (replaced >= 0) streams_forget(replaced);
}

static void carry_out(const uint16_t *from, size_t from_count, const uint16_t *to, size_t to_count)
{
    static struct path source, target;
    bool replace = to_count && *to == '!';
    if (!find_file(&source, from, from_count)) return;
    if (!to_count)
        delete (&source);
    else if (find_file(&target, to + replace, to_count - replace))
        rename_to(&source, &target, replace);
}

// Pairs of strings: what there is, and its new name: nothing to delete it, behind a '!' to replace what has
// it.
static void carry_out_all(const struct pending *pending)
{
    const uint16_t *at = pending->text, *end = at + pending->count;
    while (at < end && *at) {
        const uint16_t *from = at, *to;
        while (at < end && *at) at++;
        size_t from_count = (size_t)(at - from);
        if (at < end) at++;
        to = at;
        while (at < end && *at) at++;
        carry_out(from, from_count, to, (size_t)(at - to));
        if (at < end) at++;
    }
}

// ---- the start ----

// Leaves a file in the session's directory: whoever makes it is first.
static bool is_first_program(void)
{
    int fd = runtime_dir() < 0 ? -1 : openat(runtime_dir(), "started", O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return false;
    close(fd);
    return true;
}

bool pending_renames_due(void)
{
    return is_first_program() && registry_exists();
}

bool pending_renames_carry_out(void)
{
    struct pending pending = {NULL, 0};
    bool any = !registry_read(read_value, &pending);
    if (any) {
        carry_out_all(&pending);
        registry_write(WRITE_KEPT, remove_value, &pending);
    }
    free(pending.text);
    return any;
}
