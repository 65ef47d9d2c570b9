// NtQueryDirectoryFile: a directory's names are read once and sorted, as NTFS gives them; what else an entry
// has is asked when it is given out.
#include "file.h"
#include "file_attributes.h"
#include "fs_control.h"
#include "host_name.h"
#include "name_cache.h"
#include "notify.h"
#include "ntdll_host.h"
#include "pipe.h"
#include "pipe_name.h"
#include "status_errno.h"
#include "volume_control.h"
#include "upcase.h"
#include "wildcard.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct listed {
    uint32_t name;   // offset in names, UTF-16
    uint32_t host;   // offset in hosts
    uint16_t length; // units
    uint32_t instances, most; // of a pipe
};

// An enumeration in progress: file->state of a directory, under file->lock.
struct listing {
    uint16_t mask[NAME_MAX + 1];
    size_t mask_length;
    bool read; // entries are there
    struct listed *entries;
    uint32_t count, capacity, next;
    uint16_t *names, *folded; // folded: the same in capitals
    uint32_t names_used, names_capacity, folded_capacity;
    char *hosts;
    uint32_t hosts_used, hosts_capacity;
};

static void *grown(void *array, uint32_t *capacity, uint32_t needed, size_t size)
{
    if (needed <= *capacity) return array;
    uint32_t larger = *capacity != 0 ? *capacity : 256;
    while (larger < needed) larger *= 2;
    void *moved = realloc(array, larger * size);
    if (moved != NULL) *capacity = larger;
    return moved;
}

// Whether the mask matches a name, or its 8.3 form: "*.htm" finds "page.html".
static bool is_wanted(const struct listing *listing, const uint16_t *name, size_t length)
{
    uint16_t generated[SHORT_NAME_MAX];
    if (length == 2 && name[0] == '.' && name[1] == '.') length = 1; // is matched as "." is
    if (wildcard_match(listing->mask, listing->mask_length, name, length)) return true;
    size_t n = short_name_generate(generated, name, length);
    return n > 0 && wildcard_match(listing->mask, listing->mask_length, generated, n);
}

typedef size_t to_utf16(uint16_t *out, size_t capacity, const char *name, size_t length);

// Adds a name that the host has in the form that `convert` reads, if it is wanted.
static NTSTATUS add_as(struct listing *listing, const char *host, to_utf16 *convert)
{
    uint32_t bytes = strlen(host);
    void *entries = grown(listing->entries, &listing->capacity, listing->count + 1, sizeof *listing->entries);
    if (entries != NULL) listing->entries = entries;
    void *names = grown(listing->names, &listing->names_capacity, listing->names_used + bytes, 2);
    if (names != NULL) listing->names = names;
    void *folded = grown(listing->folded, &listing->folded_capacity, listing->names_used + bytes, 2);
    if (folded != NULL) listing->folded = folded;
    void *hosts = grown(listing->hosts, &listing->hosts_capacity, listing->hosts_used + bytes + 1, 1);
    if (hosts != NULL) listing->hosts = hosts;
    if (entries == NULL || names == NULL || folded == NULL || hosts == NULL) return STATUS_NO_MEMORY;

    uint16_t *name = listing->names + listing->names_used;
    size_t length = convert(name, bytes, host, bytes);
    if (!is_wanted(listing, name, length)) return STATUS_SUCCESS;
    listing->entries[listing->count++] =
        (struct listed){.name = listing->names_used, .host = listing->hosts_used, .length = length};
    for (size_t i = 0; i < length; i++) listing->folded[listing->names_used + i] = upcase(name[i]);
    listing->names_used += length;
    memcpy(listing->hosts + listing->hosts_used, host, bytes + 1);
    listing->hosts_used += bytes + 1;
    return STATUS_SUCCESS;
}

static NTSTATUS add(struct listing *listing, const char *host)
{
    return add_as(listing, host, host_name_to_utf16);
}

// Compares folded names, four units at a time: sorting a directory takes longer than reading it if this is
// slow.
static int compare_folded(const uint16_t *p, size_t p_length, const uint16_t *q, size_t q_length)
{
    size_t n = p_length < q_length ? p_length : q_length, i = 0;
    for (; i + 4 <= n; i += 4) {
        uint64_t x, y;
        memcpy(&x, p + i, sizeof x);
        memcpy(&y, q + i, sizeof y);
        if (x == y) continue;
        unsigned first = __builtin_ctzll(x ^ y) & ~15u;
        return (int)(x >> first & 0xFFFF) - (int)(y >> first & 0xFFFF);
    }
    for (; i < n; i++)
        if (p[i] != q[i]) return p[i] - q[i];
    return (int)p_length - (int)q_length;
}

static int compare(const void *a, const void *b, void *context)
{
    const struct listing *listing = context;
    const struct listed *x = a, *y = b;
    int difference =
        compare_folded(listing->folded + x->name, x->length, listing->folded + y->name, y->length);
    return difference != 0 ? difference
                           : memcmp(listing->names + x->name, listing->names + y->name, x->length * 2);
}

// Whether the mask is the name of one file.
static bool is_plain(const struct listing *listing)
{
    for (size_t i = 0; i < listing->mask_length; i++)
        if (listing->mask[i] < 128 && strchr("*?<>\"", listing->mask[i]) != NULL) return false;
    return listing->mask_length > 0;
}

// A plain mask needs no reading: a lookup finds the file, in a directory of any size.
static NTSTATUS find_name(struct listing *listing, int directory)
{
    char host[NAME_MAX * 3 + 1], found[NAME_MAX + 1];
    struct stat st;
    listing->read = true;
    if (host_name_from_utf16(host, sizeof host, listing->mask, listing->mask_length) < 0)
        return STATUS_SUCCESS;
    if (fstatat(directory, host, &st, AT_SYMLINK_NOFOLLOW) == 0) return add(listing, host);
    if (name_cache_find(directory, ".", listing->mask, listing->mask_length, found) != NAME_FOUND)
        return STATUS_SUCCESS;
    return add(listing, found);
}

// Reads the names that match. "." and ".." come first, whatever the host's order.
static NTSTATUS read_names(struct listing *listing, int directory, bool drive_root)
{
    listing->count = listing->next = listing->names_used = listing->hosts_used = 0;
    if (is_plain(listing)) return find_name(listing, directory);
    NTSTATUS status = drive_root ? STATUS_SUCCESS : add(listing, ".");
    if (NT_SUCCESS(status) && !drive_root) status = add(listing, "..");
    uint32_t dots = listing->count;
    if (lseek(directory, 0, SEEK_SET) < 0) return status_from_errno(errno);
    char buffer[32768] __attribute__((aligned(8)));
    while (NT_SUCCESS(status)) {
        ssize_t n = getdents64(directory, buffer, sizeof buffer);
        if (n == 0) break;
        if (n < 0) return status_from_errno(errno);
        for (ssize_t at = 0; at < n && NT_SUCCESS(status);) {
            const struct dirent64 *entry = (const struct dirent64 *)(buffer + at);
            at += entry->d_reclen;
            const char *name = entry->d_name;
            if (name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'))) continue;
            status = add(listing, name);
        }
    }
    if (listing->count > dots) // an empty drive has no entries at all
        qsort_r(listing->entries + dots, listing->count - dots, sizeof *listing->entries, compare, listing);
    listing->read = true;
    return status;
}

static bool add_pipe(const char *name, uint32_t instances, uint32_t most, void *context)
{
    struct listing *listing = context;
    uint32_t before = listing->count;
    if (!NT_SUCCESS(add_as(listing, name, host_text_to_utf16))) return false;
    if (listing->count > before) {
        listing->entries[before].instances = instances;
        listing->entries[before].most = most;
    }
    return true;
}

// The names of pipes that have an instance, sorted.
static NTSTATUS read_pipes(struct listing *listing)
{
    listing->count = listing->next = listing->names_used = listing->hosts_used = 0;
    if (!pipe_for_each_name(add_pipe, listing)) return STATUS_NO_MEMORY;
    if (listing->count > 1)
        qsort_r(listing->entries, listing->count, sizeof *listing->entries, compare, listing);
    listing->read = true;
    return STATUS_SUCCESS;
}

// The parts of the information classes: where the name begins, and which fields come before it.
struct layout {
    uint32_t name, name_length, id;
    bool facts, short_name;
};

static bool layout_of(uint32_t class, struct layout *layout)
{
    switch (class) {
    case FileDirectoryInformation:
        *layout = (struct layout){offsetof(FILE_DIRECTORY_INFORMATION32, FileName),
                                  offsetof(FILE_DIRECTORY_INFORMATION32, FileNameLength), 0, true, false};
        return true;
    case FileFullDirectoryInformation:
        *layout = (struct layout){offsetof(FILE_FULL_DIR_INFORMATION32, FileName),
                                  offsetof(FILE_FULL_DIR_INFORMATION32, FileNameLength), 0, true, false};
        return true;
    case FileBothDirectoryInformation:
        *layout = (struct layout){offsetof(FILE_BOTH_DIR_INFORMATION32, FileName),
                                  offsetof(FILE_BOTH_DIR_INFORMATION32, FileNameLength), 0, true, true};
        return true;
    case FileIdFullDirectoryInformation:
        *layout = (struct layout){offsetof(FILE_ID_FULL_DIR_INFORMATION32, FileName),
                                  offsetof(FILE_ID_FULL_DIR_INFORMATION32, FileNameLength),
                                  offsetof(FILE_ID_FULL_DIR_INFORMATION32, FileId), true, false};
        return true;
    case FileIdBothDirectoryInformation:
        *layout = (struct layout){offsetof(FILE_ID_BOTH_DIR_INFORMATION32, FileName),
                                  offsetof(FILE_ID_BOTH_DIR_INFORMATION32, FileNameLength),
                                  offsetof(FILE_ID_BOTH_DIR_INFORMATION32, FileId), true, true};
        return true;
    case FileIdExtdDirectoryInformation:
        *layout = (struct layout){offsetof(FILE_ID_EXTD_DIR_INFORMATION32, FileName),
                                  offsetof(FILE_ID_EXTD_DIR_INFORMATION32, FileNameLength),
                                  offsetof(FILE_ID_EXTD_DIR_INFORMATION32, FileId), true, false};
        return true;
    case FileIdExtdBothDirectoryInformation:
        *layout = (struct layout){offsetof(FILE_ID_EXTD_BOTH_DIR_INFORMATION32, FileName),
                                  offsetof(FILE_ID_EXTD_BOTH_DIR_INFORMATION32, FileNameLength),
                                  offsetof(FILE_ID_EXTD_BOTH_DIR_INFORMATION32, FileId), true, true};
        return true;
    case FileNamesInformation:
        *layout = (struct layout){offsetof(FILE_NAMES_INFORMATION32, FileName),
                                  offsetof(FILE_NAMES_INFORMATION32, FileNameLength), 0, false, false};
        return true;
    }
    return false;
}

// Fills in an entry up to its name. The classes share their first fields.
static void fill_entry(uint8_t *entry, const struct layout *layout, uint32_t class,
                       const struct file_facts *facts, const uint16_t *name, size_t length)
{
    memset(entry, 0, layout->name);
    memcpy(entry + layout->name_length, &(uint32_t){length * 2}, 4);
    if (!layout->facts) return;
    FILE_BOTH_DIR_INFORMATION32 *common = (void *)entry;
    common->CreationTime.QuadPart = facts->created;
    common->LastAccessTime.QuadPart = facts->accessed;
    common->LastWriteTime.QuadPart = facts->written;
    common->ChangeTime.QuadPart = facts->changed;
    common->EndOfFile.QuadPart = facts->size;
    common->AllocationSize.QuadPart = facts->allocated;
    common->FileAttributes = facts->attributes;
    if (layout->id != 0) memcpy(entry + layout->id, &facts->id, sizeof facts->id);
    bool extended = class == FileIdExtdDirectoryInformation || class == FileIdExtdBothDirectoryInformation;
    if (extended) // both begin alike
        ((FILE_ID_EXTD_DIR_INFORMATION32 *)entry)->ReparsePointTag = facts->reparse_tag;
    else if (class != FileDirectoryInformation && facts->reparse_tag != 0)
        common->EaSize = facts->reparse_tag; // where FindFirstFile looks for it
    if (layout->short_name) {
        uint16_t generated[SHORT_NAME_MAX];
        size_t n = short_name_generate(generated, name, length);
        uint32_t at = extended ? offsetof(FILE_ID_EXTD_BOTH_DIR_INFORMATION32, ShortNameLength)
                               : offsetof(FILE_BOTH_DIR_INFORMATION32, ShortNameLength);
        entry[at] = n * 2;
        memcpy(entry + at + 2, generated, n * 2); // behind the length and a byte for the alignment
    }
}

// A pipe shows how many instances it has as its size, and how many it may have as what is allocated.
static struct file_facts facts_of_pipe(const struct listed *listed)
{
    return (struct file_facts){
        .attributes = FILE_ATTRIBUTE_NORMAL, .size = listed->instances, .allocated = listed->most};
}

// Gives out entries until the buffer is full.
static NTSTATUS give(struct io *io, struct listing *listing, gptr buffer, uint32_t length, uint32_t class,
                     const struct layout *layout, bool single)
{
    int directory = io->file->fd;
    uint32_t used = 0, previous = 0;
    while (listing->next < listing->count) {
        const struct listed *listed = &listing->entries[listing->next];
        const uint16_t *name = listing->names + listed->name;
        uint32_t at = used, bytes = listed->length * 2, room = length - at;
        if (at > length || room < layout->name + bytes) {
            if (used > 0) break;
            if (room < layout->name) return STATUS_INFO_LENGTH_MISMATCH;
            bytes = (room - layout->name) & ~1u; // the first entry is given as far as it goes
        }
        struct file_facts facts;
        if (directory < 0) {
            facts = facts_of_pipe(listed);
        } else if (layout->facts && file_facts_at(&facts, directory, listing->hosts + listed->host, 0) != 0) {
            listing->next++; // gone since
            continue;
        }
        uint8_t entry[sizeof(FILE_ID_BOTH_DIR_INFORMATION32) + sizeof(FILE_ID_EXTD_DIR_INFORMATION32)];
        fill_entry(entry, layout, class, &facts, name, listed->length);
        if (!guest_write(buffer + at, entry, layout->name) ||
            !guest_write(buffer + at + layout->name, name, bytes) ||
            (at > 0 && !guest_write32(buffer + previous, at - previous)))
            return STATUS_ACCESS_VIOLATION;
        listing->next++;
        io->information = at + layout->name + bytes;
        if (bytes < listed->length * 2u) return STATUS_BUFFER_OVERFLOW;
        previous = at;
        used = (io->information + 7) & ~7u;
        if (single) break;
    }
    return STATUS_SUCCESS;
}

// The mask of an enumeration: set by its first call, kept by later ones.
static NTSTATUS take_mask(struct listing *listing, const UNICODE_STRING32 *mask)
{
    listing->mask_length = 0;
    if (mask == NULL || mask->Length == 0) return STATUS_SUCCESS;
    if (mask->Length / 2 > NAME_MAX) return STATUS_OBJECT_NAME_INVALID;
    if (!guest_read(listing->mask, mask->Buffer, mask->Length & ~1u)) return STATUS_ACCESS_VIOLATION;
    listing->mask_length = mask->Length / 2;
    // "*.*" was every file before names without a dot were possible.
    if (listing->mask_length == 3 && listing->mask[0] == '*' && listing->mask[1] == '.' &&
        listing->mask[2] == '*')
        listing->mask_length = 0;
    return STATUS_SUCCESS;
}

// flags: SL_*.
static NTSTATUS enumerate(struct io *io, gptr buffer, uint32_t length, uint32_t class, uint32_t flags,
                          const UNICODE_STRING32 *mask)
{
    struct layout layout;
    struct file *file = io->file;
    bool restart = flags & SL_RESTART_SCAN;
    if (!layout_of(class, &layout)) return STATUS_INVALID_INFO_CLASS;
    if (file->kind != FILE_KIND_DIRECTORY && file->kind != FILE_KIND_PIPE_ROOT)
        return STATUS_INVALID_PARAMETER;
    if (length < layout.name) return STATUS_INFO_LENGTH_MISMATCH;
    struct listing *listing = file->state;
    bool first = listing == NULL;
    NTSTATUS status = STATUS_SUCCESS;
    if (first) {
        listing = file->state = calloc(1, sizeof *listing);
        if (listing == NULL) return STATUS_NO_MEMORY;
        status = take_mask(listing, mask);
    }
    if (restart && !first && mask != NULL && mask->Length > 0) status = take_mask(listing, mask);
    if (NT_SUCCESS(status) && (!listing->read || restart))
        status = file->kind == FILE_KIND_PIPE_ROOT ? read_pipes(listing)
                                                   : read_names(listing, file->fd, file->drive_root);
    if (NT_SUCCESS(status) && listing->next == listing->count)
        return listing->count == 0 && (first || restart) ? STATUS_NO_SUCH_FILE : STATUS_NO_MORE_FILES;
    uint32_t place = listing->next;
    if (NT_SUCCESS(status))
        status = give(io, listing, buffer, length, class, &layout, flags & SL_RETURN_SINGLE_ENTRY);
    if (flags & SL_NO_CURSOR_UPDATE) listing->next = place;
    // Everything left was gone by now.
    if (status == STATUS_SUCCESS && io->information == 0) status = STATUS_NO_MORE_FILES;
    return status;
}

void enumeration_end(struct file *file)
{
    struct listing *listing = file->state;
    if (listing == NULL) return;
    free(listing->entries);
    free(listing->names);
    free(listing->folded);
    free(listing->hosts);
    free(listing);
}

static NTSTATUS directory_flush(struct io *io)
{
    return fsync(io->file->fd) == 0 ? STATUS_SUCCESS : status_from_errno(errno);
}

static void directory_destroy(struct file *file)
{
    notify_end(file);
    enumeration_end(file);
}

const struct file_device directory_device = {
    .type = FILE_DEVICE_DISK,
    .fs_control = disk_fs_control,
    .device_control = volume_device_control,
    .flush = directory_flush,
    .destroy = directory_destroy,
};

NTSTATUS NtQueryDirectoryFile(HANDLE32 handle, HANDLE32 event, gptr apc, gptr context, gptr block,
                              gptr buffer, uint32_t length, uint32_t class, uint8_t single,
                              const UNICODE_STRING32 *mask, uint8_t restart)
{
    uint32_t flags = (restart ? SL_RESTART_SCAN : 0) | (single ? SL_RETURN_SINGLE_ENTRY : 0);
    return NtQueryDirectoryFileEx(handle, event, apc, context, block, buffer, length, class, flags, mask);
}

NTSTATUS NtQueryDirectoryFileEx(HANDLE32 handle, HANDLE32 event, gptr apc, gptr context, gptr block,
                                gptr buffer, uint32_t length, uint32_t class, uint32_t flags,
                                const UNICODE_STRING32 *mask)
{
    enum {
        KNOWN =
            SL_RESTART_SCAN | SL_RETURN_SINGLE_ENTRY | SL_RETURN_ON_DISK_ENTRIES_ONLY | SL_NO_CURSOR_UPDATE
    };
    if (flags & ~KNOWN) return STATUS_INVALID_PARAMETER;
    struct io io;
    NTSTATUS status = io_begin(&io, handle, FILE_LIST_DIRECTORY, event, apc, context, block);
    if (!NT_SUCCESS(status)) return status;
    pthread_mutex_lock(&io.file->lock);
    status = enumerate(&io, buffer, length, class, flags, mask);
    pthread_mutex_unlock(&io.file->lock);
    return io_end(&io, status);
}
