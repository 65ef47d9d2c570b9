// The names of a file, of which the host knows the one that it was opened by: others are looked for beside
// it.
#include "file_links.h"
#include "host_name.h"
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Links as they are written, each at a multiple of 8.
struct link_list {
    const struct file_query *query;
    bool full;                 // with identifiers of 128 bits
    uint64_t parent;           // the directory's number
    uint32_t last, end, count; // where the last one written begins and ends
    uint32_t needed;           // for all
    NTSTATUS status;
};

enum {
    HEAD = offsetof(FILE_LINKS_INFORMATION32, Entry),
    NAME = offsetof(FILE_LINK_ENTRY_INFORMATION32, FileName),
    FULL_NAME = offsetof(FILE_LINK_ENTRY_FULL_ID_INFORMATION32, FileName),
};
_Static_assert(offsetof(FILE_LINKS_FULL_ID_INFORMATION32, Entry) == 8, "where the list begins");

static bool write_entry(const struct link_list *list, uint32_t at, const uint16_t *name, uint32_t units)
{
    uint32_t head = list->full ? FULL_NAME : NAME;
    FILE_LINK_ENTRY_INFORMATION32 entry = {.ParentFileId = (int64_t)list->parent, .FileNameLength = units};
    FILE_LINK_ENTRY_FULL_ID_INFORMATION32 full = {.FileNameLength = units};
    memcpy(&full.ParentFileId, &list->parent, sizeof list->parent);
    gptr to = list->query->buffer + at;
    return guest_write(to, list->full ? (const void *)&full : &entry, head) &&
           guest_write(to + head, name, units * 2) &&
           (list->count == 0 || guest_write32(list->query->buffer + list->last, at - list->last));
}

static void add(struct link_list *list, const char *host)
{
    uint16_t name[NAME_MAX];
    uint32_t units = host_name_to_utf16(name, NAME_MAX, host, strlen(host));
    uint32_t at = (list->needed + 7) & ~7u;
    list->needed = at + (list->full ? FULL_NAME : NAME) + units * 2;
    if (list->status != STATUS_SUCCESS) return;
    if (list->needed > list->query->length)
        list->status = STATUS_BUFFER_OVERFLOW;
    else if (!write_entry(list, at, name, units))
        list->status = STATUS_ACCESS_VIOLATION;
    else {
        list->last = at;
        list->end = list->needed;
        list->count++;
    }
}

// Adds the file's other names in a directory, which it closes.
static void add_others(struct link_list *list, int directory, const char *known, const struct stat *st)
{
    DIR *entries = fdopendir(directory);
    if (entries == NULL) {
        close(directory);
        return;
    }
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        struct stat other;
        if (entry->d_ino == st->st_ino && strcmp(entry->d_name, known) != 0 &&
            fstatat(directory, entry->d_name, &other, AT_SYMLINK_NOFOLLOW) == 0 &&
            other.st_ino == st->st_ino && other.st_dev == st->st_dev)
            add(list, entry->d_name);
    }
    closedir(entries);
}

NTSTATUS file_links(const struct file_query *query, uint32_t class, const struct file_facts *facts)
{
    struct link_list list = {
        .query = query, .full = class == FileHardLinkFullIdInformation, .end = HEAD, .needed = HEAD};
    char host[PATH_MAX];
    struct stat st, parent;
    // A stream's names are those of the file that it belongs to.
    int fd = query->file->owner_fd >= 0 ? query->file->owner_fd : query->file->fd;
    if (!path_of_fd(fd, host)) return STATUS_INVALID_DEVICE_REQUEST;
    char *slash = strrchr(host, '/');
    const char *name = slash + 1;
    int directory = -1;
    if (slash == host) {
        directory = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    } else {
        *slash = '\0';
        directory = open(host, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    if (directory >= 0 && fstat(directory, &parent) == 0) list.parent = parent.st_ino;
    add(&list, name);
    if (directory >= 0 && facts->links > 1 && fstat(fd, &st) == 0)
        add_others(&list, directory, name, &st);
    else if (directory >= 0)
        close(directory);
    if (list.status == STATUS_ACCESS_VIOLATION) return list.status;
    const uint32_t head[2] = {list.needed, list.count};
    if (!guest_write(query->buffer, head, sizeof head)) return STATUS_ACCESS_VIOLATION;
    *query->information = list.end;
    return list.status;
}
