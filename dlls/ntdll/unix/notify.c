// NtNotifyChangeDirectoryFile: changes of a directory, from inotify. The watch begins with the first call and
// lasts as long as the open; what happens between two calls waits for the next.
#include "async.h"
#include "file.h"
#include "file_attributes.h"
#include "host_name.h"
#include "ntdll_host.h"
#include "notify.h"
#include "status_errno.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <unistd.h>

enum { ACTION_ADDED = 1, ACTION_REMOVED, ACTION_MODIFIED, ACTION_RENAMED_OLD, ACTION_RENAMED_NEW };

// A watched directory below the open one.
struct subdirectory {
    int watch;
    char *path; // relative to the open directory, "" for itself
};

struct notify {
    int fd;
    uint32_t filter;
    bool subtree;
    uint32_t limit; // the first call's buffer: later ones get no more than fits it
    struct subdirectory *directories;
    uint32_t count, capacity;
};

// Opens that are watched.
static pthread_mutex_t watched_lock = PTHREAD_MUTEX_INITIALIZER;
static struct file **watched;
static uint32_t watched_capacity;
static _Atomic uint32_t watched_n;

static bool remember_watched(struct file *file)
{
    pthread_mutex_lock(&watched_lock);
    if (watched_n == watched_capacity) {
        uint32_t larger = watched_capacity != 0 ? watched_capacity * 2 : 8;
        struct file **moved = realloc(watched, larger * sizeof *moved);
        if (moved != NULL) {
            watched = moved;
            watched_capacity = larger;
        }
    }
    bool room = watched_n < watched_capacity;
    if (room) watched[watched_n++] = file;
    pthread_mutex_unlock(&watched_lock);
    return room;
}

static void forget_watched(const struct file *file)
{
    pthread_mutex_lock(&watched_lock);
    for (uint32_t i = 0; i < watched_n; i++)
        if (watched[i] == file) {
            watched[i] = watched[watched_n - 1];
            watched_n--;
            break;
        }
    pthread_mutex_unlock(&watched_lock);
}

// The first watched open from *index on with calls under way (of one node, or of any); retained.
static struct file *next_watched(uint32_t *index, const struct file_node *node)
{
    struct file *found = NULL;
    pthread_mutex_lock(&watched_lock);
    for (; found == NULL && *index < watched_n; (*index)++) {
        struct file *file = watched[*index];
        if (file->pending == NULL || (node != NULL && file->node != node)) continue;
        // One whose last reference is going waits for the lock, to leave the list.
        if (file_retain_living(file)) found = file;
    }
    pthread_mutex_unlock(&watched_lock);
    return found;
}

void notify_changed(void)
{
    if (atomic_load_explicit(&watched_n, memory_order_relaxed) == 0) return;
    struct file *file;
    for (uint32_t i = 0; (file = next_watched(&i, NULL)) != NULL;) {
        async_run(file, EPOLLIN);
        file_release(file);
    }
}

void notify_deleted(const struct file_node *node)
{
    if (atomic_load_explicit(&watched_n, memory_order_relaxed) == 0) return;
    struct file *file;
    for (uint32_t i = 0; (file = next_watched(&i, node)) != NULL;) {
        async_cancel(file, 0, 0, STATUS_DELETE_PENDING);
        file_release(file);
    }
}

void notify_end(struct file *file)
{
    struct notify *notify = file->notify;
    if (notify == NULL) return;
    forget_watched(file);
    for (uint32_t i = 0; i < notify->count; i++) free(notify->directories[i].path);
    free(notify->directories);
    close(notify->fd);
    free(notify);
    file->notify = NULL;
}

static uint32_t mask_for(uint32_t filter, bool subtree)
{
    uint32_t mask = IN_ONLYDIR;
    if (filter & (FILE_NOTIFY_CHANGE_FILE_NAME | FILE_NOTIFY_CHANGE_DIR_NAME) || subtree)
        mask |= IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO;
    if (filter & (FILE_NOTIFY_CHANGE_SIZE | FILE_NOTIFY_CHANGE_LAST_WRITE)) mask |= IN_MODIFY | IN_CREATE;
    if (filter & (FILE_NOTIFY_CHANGE_ATTRIBUTES | FILE_NOTIFY_CHANGE_SECURITY | FILE_NOTIFY_CHANGE_CREATION |
                  FILE_NOTIFY_CHANGE_LAST_WRITE))
        mask |= IN_ATTRIB;
    if (filter & FILE_NOTIFY_CHANGE_LAST_ACCESS) mask |= IN_ACCESS;
    return mask;
}

// Watches one directory; deeper ones are added as they are found.
static void watch(struct notify *notify, const char *root, const char *relative)
{
    char path[PATH_MAX * 2];
    snprintf(path, sizeof path, "%s/%s", root, relative);
    int number = inotify_add_watch(notify->fd, path, mask_for(notify->filter, notify->subtree));
    if (number < 0) return; // gone already, or no more watches to be had
    if (notify->count == notify->capacity) {
        uint32_t larger = notify->capacity != 0 ? notify->capacity * 2 : 4;
        void *moved = realloc(notify->directories, larger * sizeof *notify->directories);
        if (moved == NULL) return;
        notify->directories = moved;
        notify->capacity = larger;
    }
    char *copy = strdup(relative);
    if (copy != NULL) notify->directories[notify->count++] = (struct subdirectory){number, copy};
}

// Where a walk adds its watches: nftw passes no context.
static _Thread_local struct {
    struct notify *notify;
    const char *root;
} walk;

static int add_directory(const char *name, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    if (type != FTW_D) return 0;
    const char *relative = name + strlen(walk.root);
    while (*relative == '/') relative++;
    if (ftw->level > 0 || *relative == '\0') watch(walk.notify, walk.root, relative);
    return 0;
}

static void watch_tree(struct notify *notify, const char *root)
{
    walk.notify = notify;
    walk.root = root;
    nftw(root, add_directory, 16, FTW_PHYS);
}

static NTSTATUS begin(struct file *file, uint32_t filter, bool subtree, uint32_t limit)
{
    char root[PATH_MAX];
    if (!path_of_fd(file->fd, root)) return STATUS_DELETE_PENDING;
    struct notify *notify = calloc(1, sizeof *notify);
    if (notify == NULL) return STATUS_NO_MEMORY;
    notify->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (notify->fd < 0) {
        free(notify);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    notify->filter = filter;
    notify->subtree = subtree;
    notify->limit = limit;
    if (subtree)
        watch_tree(notify, root);
    else
        watch(notify, root, "");
    file->notify = notify;
    if (remember_watched(file)) return STATUS_SUCCESS;
    notify_end(file);
    return STATUS_NO_MEMORY;
}

// The action of an event that the filter lets through, 0 for others.
static uint32_t action_of(const struct notify *notify, const struct inotify_event *event)
{
    uint32_t names = event->mask & IN_ISDIR ? FILE_NOTIFY_CHANGE_DIR_NAME : FILE_NOTIFY_CHANGE_FILE_NAME;
    if (event->mask & (IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO)) {
        if (!(notify->filter & names)) return 0;
        if (event->mask & IN_CREATE) return ACTION_ADDED;
        if (event->mask & IN_DELETE) return ACTION_REMOVED;
        return event->mask & IN_MOVED_FROM ? ACTION_RENAMED_OLD : ACTION_RENAMED_NEW;
    }
    // The host says of directories that they were read, and that links to them went: nothing that Windows
    // reports.
    return !(event->mask & IN_ISDIR) && event->mask & (IN_MODIFY | IN_ATTRIB | IN_ACCESS) ? ACTION_MODIFIED
                                                                                          : 0;
}

// Entries as they are written.
struct output {
    int directory; // the watched one
    gptr buffer;
    uint32_t length, used, last;
    bool extended; // with what is to be known of the file
};

// The head of an extended entry. What is gone has nothing but its name.
static FILE_NOTIFY_EXTENDED_INFORMATION32 extended_head(const struct output *output, const char *path)
{
    FILE_NOTIFY_EXTENDED_INFORMATION32 head = {0};
    struct file_facts facts, parent;
    char above[PATH_MAX + NAME_MAX];
    if (file_facts_at(&facts, output->directory, path, AT_SYMLINK_NOFOLLOW) != 0) return head;
    head.CreationTime.QuadPart = facts.created;
    head.LastModificationTime.QuadPart = facts.written;
    head.LastChangeTime.QuadPart = facts.changed;
    head.LastAccessTime.QuadPart = facts.accessed;
    head.AllocatedLength.QuadPart = facts.allocated;
    head.FileSize.QuadPart = facts.size;
    head.FileAttributes = facts.attributes;
    head.ReparsePointTag = facts.reparse_tag;
    head.FileId.QuadPart = facts.id;
    snprintf(above, sizeof above, "%s", path);
    char *slash = strrchr(above, '/');
    if (slash != NULL) *slash = '\0';
    if (file_facts_at(&parent, output->directory, slash != NULL ? above : ".", 0) == 0)
        head.ParentFileId.QuadPart = parent.id;
    return head;
}

// Writes one entry. False when it doesn't fit.
static bool put(struct output *output, uint32_t action, const char *directory, const char *name)
{
    enum {
        PLAIN = offsetof(FILE_NOTIFY_INFORMATION32, FileName),
        EXTENDED = offsetof(FILE_NOTIFY_EXTENDED_INFORMATION32, FileName),
    };
    char path[PATH_MAX + NAME_MAX];
    uint16_t units[PATH_MAX];
    uint32_t head_size = output->extended ? EXTENDED : PLAIN, alignment = output->extended ? 8 : 4;
    snprintf(path, sizeof path, "%s%s%s", directory, *directory != '\0' ? "/" : "", name);
    size_t n = host_name_to_utf16(units, PATH_MAX, path, strlen(path));
    for (size_t i = 0; i < n && i < PATH_MAX; i++)
        if (units[i] == '/') units[i] = '\\';
    uint32_t at = (output->used + alignment - 1) & -alignment;
    if (n > PATH_MAX || at > output->length || output->length - at < head_size + n * 2) return false;
    FILE_NOTIFY_INFORMATION32 plain = {.Action = action, .FileNameLength = n * 2};
    FILE_NOTIFY_EXTENDED_INFORMATION32 extended = {0};
    if (output->extended) {
        extended = extended_head(output, path);
        extended.Action = action;
        extended.FileNameLength = n * 2;
    }
    gptr to = output->buffer + at;
    if (!guest_write(to, output->extended ? (const void *)&extended : &plain, head_size) ||
        !guest_write(to + head_size, units, n * 2))
        return false;
    if (output->used > 0 && !guest_write32(output->buffer + output->last, at - output->last)) return false;
    output->last = at;
    output->used = at + head_size + n * 2;
    return true;
}

// Reads what there is. The host queues the two names of a rename one after the other: an old name at the end
// may have been caught without its new one, which is then waited for a moment (there is none when the file
// went elsewhere).
static ssize_t read_events(int fd, char *events, size_t size)
{
    enum { MOMENT = 2, MARGIN = sizeof(struct inotify_event) + NAME_MAX + 1 }; // milliseconds; bytes
    const struct inotify_event *last = NULL;
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    ssize_t n = read(fd, events, size - MARGIN);
    for (char *p = events; n > 0 && p < events + n; p += sizeof *last + last->len)
        last = (const struct inotify_event *)p;
    if (last == NULL || !(last->mask & IN_MOVED_FROM) || poll(&ready, 1, MOMENT) <= 0) return n;
    ssize_t more = read(fd, events + n, size - n);
    return more > 0 ? n + more : n;
}

// Takes what inotify has. STATUS_PENDING: nothing that the caller wants.
static NTSTATUS collect(struct file *file, gptr buffer, uint32_t length, uint32_t class,
                        uint32_t *information)
{
    struct notify *notify = file->notify;
    char events[16384] __attribute__((aligned(8))), root[PATH_MAX];
    bool lost = false, any = false;
    struct output output = {.directory = file->fd,
                            .buffer = buffer,
                            .length = length > notify->limit ? notify->limit : length,
                            .extended = class == DIRECTORY_NOTIFY_EXTENDED};
    uint32_t moved = 0; // cookie of the last old name
    ssize_t n = read_events(notify->fd, events, sizeof events);
    for (char *p = events; n > 0 && p < events + n;) {
        const struct inotify_event *event = (const struct inotify_event *)p;
        p += sizeof *event + event->len;
        if (event->mask & IN_Q_OVERFLOW) lost = any = true;
        const struct subdirectory *directory = NULL;
        for (uint32_t i = 0; i < notify->count; i++)
            if (notify->directories[i].watch == event->wd) directory = &notify->directories[i];
        if (directory == NULL || event->len == 0) continue;
        uint32_t action = action_of(notify, event);
        // A name that came from, or went, elsewhere is new, or gone.
        if (action == ACTION_RENAMED_OLD) {
            const struct inotify_event *next = (const struct inotify_event *)p;
            bool pair = p < events + n && next->mask & IN_MOVED_TO && next->cookie == event->cookie;
            if (pair)
                moved = event->cookie;
            else
                action = ACTION_REMOVED;
        } else if (action == ACTION_RENAMED_NEW && event->cookie != moved) {
            action = ACTION_ADDED;
        }
        if (action != 0) {
            any = true;
            if (!lost && !put(&output, action, directory->path, event->name)) lost = true;
        }
        if (notify->subtree && event->mask & IN_ISDIR && event->mask & (IN_CREATE | IN_MOVED_TO) &&
            path_of_fd(file->fd, root)) {
            char relative[PATH_MAX];
            snprintf(relative, sizeof relative, "%.3000s%s%s", directory->path,
                     directory->path[0] != '\0' ? "/" : "", event->name);
            watch(notify, root, relative);
        }
    }
    if (!any) return STATUS_PENDING;
    // Too much for the buffer: the program must look for itself.
    *information = lost ? 0 : output.used;
    return lost ? STATUS_NOTIFY_ENUM_DIR : STATUS_SUCCESS;
}

static NTSTATUS attempt(struct async *async)
{
    return collect(async->io.file, async->buffer, async->length, async->code, &async->io.information);
}

NTSTATUS NtNotifyChangeDirectoryFile(HANDLE32 handle, HANDLE32 event, gptr apc, gptr context, gptr block,
                                     gptr buffer, uint32_t length, uint32_t filter, uint8_t subtree)
{
    return NtNotifyChangeDirectoryFileEx(handle, event, apc, context, block, buffer, length, filter, subtree,
                                         DIRECTORY_NOTIFY_PLAIN);
}

NTSTATUS NtNotifyChangeDirectoryFileEx(HANDLE32 handle, HANDLE32 event, gptr apc, gptr context, gptr block,
                                       gptr buffer, uint32_t length, uint32_t filter, uint8_t subtree,
                                       uint32_t class)
{
    struct io io;
    if (filter == 0 || filter & ~0xFFFu) return STATUS_INVALID_PARAMETER;
    if (class != DIRECTORY_NOTIFY_PLAIN && class != DIRECTORY_NOTIFY_EXTENDED)
        return STATUS_INVALID_PARAMETER;
    if (buffer & 3) return STATUS_DATATYPE_MISALIGNMENT;
    NTSTATUS status = io_begin(&io, handle, FILE_LIST_DIRECTORY, event, apc, context, block);
    if (!NT_SUCCESS(status)) return status;
    struct file *file = io.file;
    if (file->kind != FILE_KIND_DIRECTORY) return io_end(&io, STATUS_INVALID_PARAMETER);
    pthread_mutex_lock(&file->lock);
    // The first call's filter holds for the handle's life.
    if (file->notify == NULL) status = begin(file, filter, subtree, length);
    if (NT_SUCCESS(status)) status = collect(file, buffer, length, class, &io.information);
    int fd = file->notify != NULL ? file->notify->fd : -1;
    pthread_mutex_unlock(&file->lock);
    if (status != STATUS_PENDING) return io_end(&io, status);
    if (!file_is_synchronous(file)) {
        struct async pattern = {.io = io,
                                .events = EPOLLIN,
                                .attempt = attempt,
                                .buffer = buffer,
                                .length = length,
                                .code = class};
        return io_end(&io, async_start(&pattern, fd));
    }
    while (status == STATUS_PENDING) {
        status = host_wait_fd(fd, POLLIN, file_is_alertable(file), NULL);
        if (status != STATUS_SUCCESS) break;
        pthread_mutex_lock(&file->lock);
        status = collect(file, buffer, length, class, &io.information);
        pthread_mutex_unlock(&file->lock);
    }
    return io_end(&io, status);
}
