// NtQueryEaFile and NtSetEaFile. A file's attributes lie packed in one extended attribute of the host, each
// with a head of four bytes before its name and value: so Windows' limits hold and no name needs translating.
#include "file_ea.h"
#include "file_attributes.h"
#include "ntdll_host.h"
#include "status_errno.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>

static const char ea_name[] = "user.lowland.ea";

enum {
    EA_MAX = 65536, // bytes of all attributes of a file
    HEAD = offsetof(FILE_FULL_EA_INFORMATION32, EaName),
    GET_HEAD = offsetof(FILE_GET_EA_INFORMATION32, EaName),
    NEED_EA = 0x80,
};

// An attribute as it is kept.
struct ea {
    uint8_t flags, name_length;
    uint16_t value_length;
    char text[]; // the name, then the value
} __attribute__((packed));

struct ea_list {
    uint32_t size;
    uint8_t bytes[EA_MAX];
};

static uint32_t size_of(const struct ea *ea)
{
    return sizeof *ea + ea->name_length + ea->value_length;
}

// The entry at *at, which moves behind it; NULL at the end. What is kept is checked: others may write it.
static const struct ea *next(const struct ea_list *list, uint32_t *at)
{
    const struct ea *ea = (const struct ea *)(list->bytes + *at);
    if (list->size - *at < sizeof *ea || list->size - *at < size_of(ea)) return NULL;
    *at += size_of(ea);
    return ea;
}

static const struct ea *find(const struct ea_list *list, const char *name, uint8_t length)
{
    const struct ea *ea;
    for (uint32_t at = 0; (ea = next(list, &at)) != NULL;)
        if (ea->name_length == length && memcmp(ea->text, name, length) == 0) return ea;
    return NULL;
}

static bool has_fd(const struct file *file)
{
    return file->kind == FILE_KIND_DISK || file->kind == FILE_KIND_DIRECTORY;
}

static void load(const struct file *file, struct ea_list *list)
{
    ssize_t n =
        has_fd(file) ? getxattr(fd_name(file->fd).text, ea_name, list->bytes, sizeof list->bytes) : -1;
    list->size = n > 0 ? (uint32_t)n : 0;
}

void file_ea_clear(const struct file *file)
{
    removexattr(fd_name(file->fd).text, ea_name);
}

static NTSTATUS save(const struct file *file, const struct ea_list *list)
{
    struct stat st;
    struct fd_name path = fd_name(file->fd);
    if (list->size == 0) {
        file_ea_clear(file);
        return STATUS_SUCCESS;
    }
    if (fstat(file->fd, &st) != 0) return status_from_errno(errno);
    int error = file_keep(path.text, st.st_mode, ea_name, list->bytes, list->size);
    return error == ENOTSUP || error == EPERM                     ? STATUS_EAS_NOT_SUPPORTED
           : error == ENOSPC || error == E2BIG || error == ERANGE ? STATUS_EA_TOO_LARGE
                                                                  : status_from_errno(error);
}

uint32_t file_ea_size(const struct file *file)
{
    ssize_t n = has_fd(file) ? getxattr(fd_name(file->fd).text, ea_name, NULL, 0) : 0;
    return n > 0 ? (uint32_t)n + 4 : 0; // a list's own length counts, as in OS/2's form
}

// ---- setting ----

// Makes a name's capitals of it. False for what no attribute may be called.
static bool fold_name(char *name, uint8_t length)
{
    for (uint8_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)name[i];
        if (c < 32 || strchr("\\/:*?\"<>|,+=[];", c) != NULL) return false;
        if (c >= 'a' && c <= 'z') name[i] -= 0x20;
    }
    return length > 0;
}

static void drop(struct ea_list *list, const char *name, uint8_t length)
{
    const struct ea *ea = find(list, name, length);
    if (ea == NULL) return;
    uint32_t at = (uint32_t)((const uint8_t *)ea - list->bytes), size = size_of(ea);
    memmove(list->bytes + at, list->bytes + at + size, list->size - at - size);
    list->size -= size;
}

// Applies the entry at an offset of the guest's list, copied whole; `room` bytes of it are there.
static NTSTATUS apply_one(struct ea_list *list, const uint8_t *entry, uint32_t room)
{
    FILE_FULL_EA_INFORMATION32 head;
    memcpy(&head, entry, HEAD);
    uint32_t needed = HEAD + head.EaNameLength + 1 + head.EaValueLength;
    if (room < needed || entry[HEAD + head.EaNameLength] != 0) return STATUS_EA_LIST_INCONSISTENT;
    if (head.Flags & ~NEED_EA) return STATUS_INVALID_EA_FLAG;
    char name[256];
    memcpy(name, entry + HEAD, head.EaNameLength);
    if (!fold_name(name, head.EaNameLength)) return STATUS_INVALID_EA_NAME;
    drop(list, name, head.EaNameLength);
    if (head.EaValueLength == 0) return STATUS_SUCCESS;
    struct ea ea = {
        .flags = head.Flags, .name_length = head.EaNameLength, .value_length = head.EaValueLength};
    if (list->size + size_of(&ea) > EA_MAX) return STATUS_EA_TOO_LARGE;
    uint8_t *to = list->bytes + list->size;
    memcpy(to, &ea, sizeof ea);
    memcpy(to + sizeof ea, name, ea.name_length);
    memcpy(to + sizeof ea + ea.name_length, entry + HEAD + ea.name_length + 1, ea.value_length);
    list->size += size_of(&ea);
    return STATUS_SUCCESS;
}

NTSTATUS file_ea_apply(struct file *file, gptr buffer, uint32_t length, uint32_t *bad)
{
    *bad = 0;
    if (length > EA_MAX * 2) return STATUS_EA_TOO_LARGE;
    struct ea_list *list = malloc(sizeof *list);
    uint8_t *copy = malloc(length + 1);
    NTSTATUS status = list == NULL || copy == NULL ? STATUS_INSUFFICIENT_RESOURCES : STATUS_SUCCESS;
    if (NT_SUCCESS(status) && !guest_read(copy, buffer, length)) status = STATUS_ACCESS_VIOLATION;
    if (NT_SUCCESS(status)) load(file, list);
    for (uint32_t at = 0, step = 1; NT_SUCCESS(status) && step != 0; at += step) {
        *bad = at;
        if (length - at < HEAD + 2) {
            status = STATUS_EA_LIST_INCONSISTENT;
            break;
        }
        memcpy(&step, copy + at, sizeof step);
        if (step % 4 != 0 || step >= length - at) status = STATUS_EA_LIST_INCONSISTENT;
        if (NT_SUCCESS(status)) status = apply_one(list, copy + at, step != 0 ? step : length - at);
    }
    if (NT_SUCCESS(status)) status = save(file, list);
    free(copy);
    free(list);
    return status;
}

NTSTATUS NtSetEaFile(HANDLE32 handle, IO_STATUS_BLOCK32 *io, gptr buffer, uint32_t length)
{
    struct file *file;
    uint32_t bad = 0;
    NTSTATUS status = file_resolve(handle, FILE_WRITE_EA, &file);
    if (!NT_SUCCESS(status)) return status;
    pthread_mutex_lock(&file->lock); // two changes at once would lose one
    status = has_fd(file) ? file_ea_apply(file, buffer, length, &bad) : STATUS_INVALID_DEVICE_REQUEST;
    pthread_mutex_unlock(&file->lock);
    file_release(file);
    io->Status = status;
    io->Information = NT_SUCCESS(status) ? 0 : bad;
    return status;
}

// ---- asking ----

// Entries as they are given out, each at a multiple of 4.
struct ea_output {
    gptr buffer;
    uint32_t length, last, end, count;
};

static NTSTATUS put(struct ea_output *output, const struct ea *ea, const char *name, uint8_t name_length)
{
    static const char nul = 0;
    uint32_t at = (output->end + 3) & ~3u, value = ea != NULL ? ea->value_length : 0;
    uint32_t size = HEAD + name_length + 1 + value;
    FILE_FULL_EA_INFORMATION32 head = {
        .Flags = ea != NULL ? ea->flags : 0, .EaNameLength = name_length, .EaValueLength = (uint16_t)value};
    if (at > output->length || output->length - at < size)
        return output->count == 0 ? STATUS_BUFFER_TOO_SMALL : STATUS_BUFFER_OVERFLOW;
    gptr to = output->buffer + at;
    if (!guest_write(to, &head, HEAD) || !guest_write(to + HEAD, name, name_length) ||
        !guest_write(to + HEAD + name_length, &nul, 1) ||
        (value != 0 && !guest_write(to + HEAD + name_length + 1, ea->text + name_length, value)) ||
        (output->count != 0 && !guest_write32(output->buffer + output->last, at - output->last)))
        return STATUS_ACCESS_VIOLATION;
    output->last = at;
    output->end = at + size;
    output->count++;
    return STATUS_SUCCESS;
}

// Those that a list names; what the file lacks has no value.
static NTSTATUS give_named(const struct ea_list *list, struct ea_output *output, gptr names, uint32_t length,
                           bool single)
{
    for (uint32_t at = 0, step = 1; step != 0; at += step) {
        uint8_t head[GET_HEAD];
        char name[256];
        if (at > length || length - at < GET_HEAD) return STATUS_EA_LIST_INCONSISTENT;
        if (!guest_read(head, names + at, sizeof head)) return STATUS_ACCESS_VIOLATION;
        uint8_t name_length = head[offsetof(FILE_GET_EA_INFORMATION32, EaNameLength)];
        memcpy(&step, head, sizeof step);
        if (length - at - GET_HEAD < name_length || step % 4 != 0 || step > length - at)
            return STATUS_EA_LIST_INCONSISTENT;
        if (!guest_read(name, names + at + GET_HEAD, name_length)) return STATUS_ACCESS_VIOLATION;
        if (!fold_name(name, name_length)) return STATUS_INVALID_EA_NAME;
        NTSTATUS status = put(output, find(list, name, name_length), name, name_length);
        if (status != STATUS_SUCCESS) return status;
        if (single) break;
    }
    return STATUS_SUCCESS;
}

// All from the file's place on.
static NTSTATUS give_next(struct file *file, const struct ea_list *list, struct ea_output *output,
                          bool single)
{
    uint32_t at = 0, skipped = 0;
    const struct ea *ea;
    while (skipped < file->ea_next && next(list, &at) != NULL) skipped++;
    while ((ea = next(list, &at)) != NULL) {
        NTSTATUS status = put(output, ea, ea->text, ea->name_length);
        if (status != STATUS_SUCCESS) return status;
        file->ea_next++;
        if (single) break;
    }
    return output->count == 0 ? STATUS_NO_MORE_EAS : STATUS_SUCCESS;
}

static uint32_t count_of(const struct ea_list *list)
{
    uint32_t n = 0;
    for (uint32_t at = 0; next(list, &at) != NULL;) n++;
    return n;
}

NTSTATUS NtQueryEaFile(HANDLE32 handle, IO_STATUS_BLOCK32 *io, gptr buffer, uint32_t length, uint8_t single,
                       gptr names, uint32_t names_length, const uint32_t *index, uint8_t restart)
{
    struct file *file;
    NTSTATUS status = file_resolve(handle, FILE_READ_EA, &file);
    if (!NT_SUCCESS(status)) return status;
    struct ea_output output = {.buffer = buffer, .length = length};
    struct ea_list *list = malloc(sizeof *list);
    if (list == NULL) {
        status = STATUS_INSUFFICIENT_RESOURCES;
    } else if (!has_fd(file)) {
        status = STATUS_INVALID_DEVICE_REQUEST;
    } else {
        pthread_mutex_lock(&file->lock);
        load(file, list);
        if (restart || index != NULL) file->ea_next = 0;
        if (names != 0 && names_length != 0)
            status = give_named(list, &output, names, names_length, single);
        else if (list->size == 0)
            status = STATUS_NO_EAS_ON_FILE;
        else if (index != NULL && (*index == 0 || *index > count_of(list)))
            status = *index == count_of(list) + 1 ? STATUS_NO_MORE_EAS : STATUS_NONEXISTENT_EA_ENTRY;
        else {
            if (index != NULL) file->ea_next = *index - 1;
            status = give_next(file, list, &output, single);
        }
        pthread_mutex_unlock(&file->lock);
    }
    free(list);
    file_release(file);
    io->Status = status;
    io->Information = output.end;
    return status;
}
