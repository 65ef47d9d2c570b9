// What the opens of one file have in common, in a table by device and inode: share modes, pending deletion,
// byte-range locks, mappings. The table is this process's; what others must know is in file_others.c and the
// host's locks.
#include "file_share.h"
#include "file_others.h"
#include "lock.h"
#include "file_stream.h"
#include "notify.h"
#include "status_errno.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct file_node {
    struct file_node *next; // in the bucket
    dev_t device;
    ino_t inode;
    uint32_t opens, data_maps, image_maps;
    // Of the opens that read, write or delete: how many, and how many share what.
    uint32_t active, readers, writers, deleters, share_read, share_write, share_delete;
    bool delete_pending;
    char *delete_path; // what to remove; taken when deletion was asked for
    _Atomic(struct file_lock *) locks;
};

enum { BUCKETS = 256 };
static struct file_node *buckets[BUCKETS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

enum {
    READS = FILE_READ_DATA | FILE_EXECUTE,
    WRITES = FILE_WRITE_DATA | FILE_APPEND_DATA,
};

static struct file_node **find(dev_t device, ino_t inode)
{
    struct file_node **link = &buckets[(inode ^ device * 31) % BUCKETS];
    while (*link != NULL && ((*link)->inode != inode || (*link)->device != device)) link = &(*link)->next;
    return link;
}

static struct file_identity identity_of(const struct file_node *node)
{
    return (struct file_identity){node->device, node->inode};
}

// Whether an open with these rights and sharing may join the others.
static bool allowed(const struct file_node *node, uint32_t access, uint32_t sharing)
{
    if (!(access & (READS | WRITES | DELETE))) return true; // attributes only: never in the way
    return !((access & READS && node->share_read != node->active) ||
             (access & WRITES && node->share_write != node->active) ||
             (access & DELETE && node->share_delete != node->active) ||
             (!(sharing & FILE_SHARE_READ) && node->readers != 0) ||
             (!(sharing & FILE_SHARE_WRITE) && node->writers != 0) ||
             (!(sharing & FILE_SHARE_DELETE) && node->deleters != 0));
}

// Adds an open to the counts, or with -1 takes it out.
static void count(struct file_node *node, const struct file *file, int by)
{
    node->opens += by;
    if (!(file->access & (READS | WRITES | DELETE))) return;
    node->active += by;
    if (file->access & READS) node->readers += by;
    if (file->access & WRITES) node->writers += by;
    if (file->access & DELETE) node->deleters += by;
    if (file->sharing & FILE_SHARE_READ) node->share_read += by;
    if (file->sharing & FILE_SHARE_WRITE) node->share_write += by;
    if (file->sharing & FILE_SHARE_DELETE) node->share_delete += by;
}

// The node of a file, made where there is none yet; NULL without memory. Call with the lock held.
static struct file_node *find_or_make(const struct stat *st)
{
    struct file_node **link = find(st->st_dev, st->st_ino);
    if (*link == NULL && (*link = calloc(1, sizeof **link)) != NULL) {
        (*link)->device = st->st_dev;
        (*link)->inode = st->st_ino;
    }
    return *link;
}

static void free_node(struct file_node *node)
{
    free(node->delete_path);
    free(node);
}

// Takes a node that nothing uses any more out of the table. Whether it did: then free it. Call with the lock
// held.
static bool forget_unused(struct file_node *node)
{
    if (node->opens + node->data_maps + node->image_maps != 0) return false;
    *find(node->device, node->inode) = node->next;
    return true;
}

// Whether an open may join those of this process.
static NTSTATUS check_open(const struct file_node *node, const struct file *file)
{
    if (node->delete_pending) return STATUS_DELETE_PENDING;
    if (node->image_maps != 0 && file->access & FILE_WRITE_DATA)
        return STATUS_SHARING_VIOLATION; // a program's code doesn't change under it; more may come behind it
    if (node->image_maps != 0 && file->options & FILE_DELETE_ON_CLOSE) return STATUS_CANNOT_DELETE;
    return allowed(node, file->access, file->sharing) ? STATUS_SUCCESS : STATUS_SHARING_VIOLATION;
}

static NTSTATUS join(struct file *file, const struct stat *st, bool check)
{
    pthread_mutex_lock(&lock);
    struct file_node *node = find_or_make(st);
    NTSTATUS status = node == NULL ? STATUS_NO_MEMORY : check ? check_open(node, file) : STATUS_SUCCESS;
    if (NT_SUCCESS(status)) status = file_others_join(file, identity_of(node), check);
    bool unused = false;
    if (NT_SUCCESS(status)) {
        count(node, file, 1);
        file->node = node;
    } else if (node != NULL) {
        unused = forget_unused(node);
    }
    pthread_mutex_unlock(&lock);
    if (unused) free_node(node);
    return status;
}

NTSTATUS file_share_open(struct file *file, const struct stat *st)
{
    return join(file, st, true);
}

NTSTATUS file_share_inherit(struct file *file, const struct stat *st)
{
    return join(file, st, false);
}

// Removes the file by the name it was to be deleted by, or that this open has, if it still is the node's.
static void remove_file(struct file_node *node, const struct file *file)
{
    char path[PATH_MAX];
    struct stat st;
    if (node->delete_path == NULL && path_of_fd(file->fd, path)) node->delete_path = strdup(path);
    if (node->delete_path == NULL) return;
    if (lstat(node->delete_path, &st) != 0 || st.st_dev != node->device || st.st_ino != node->inode) return;
    if (S_ISDIR(st.st_mode) ? rmdir(node->delete_path) == 0 : unlink(node->delete_path) == 0) {
        if (S_ISDIR(st.st_mode) || st.st_nlink == 1) streams_remove(AT_FDCWD, fd_name(file->fd).text, &st);
    }
}

static void remove_locks(struct file *file)
{
    struct file_node *node = file->node;
    struct file_lock *list = atomic_load(&node->locks), **link = &list;
    while (*link != NULL) {
        struct file_lock *each = *link;
        if (each->owner == file) {
            *link = each->next;
            free(each);
        } else {
            link = &each->next;
        }
    }
    atomic_store(&node->locks, list);
}

void file_share_close(struct file *file)
{
    struct file_node *node = file->node;
    if (node == NULL) return;
    if (file->delete_on_close) file_share_set_delete(file, true);
    pthread_mutex_lock(&lock);
    if (atomic_load_explicit(&node->locks, memory_order_relaxed) != NULL) remove_locks(file);
    count(node, file, -1);
    file->node = NULL;
    if (file_others_leave(file)) node->delete_pending = true; // another process may have asked for it
    // Under the lock: nobody may open what is about to go.
    bool removed = node->delete_pending &&
                   (file->posix_delete || (node->opens == 0 && !file_others_have(identity_of(node))));
    if (removed) remove_file(node, file);
    bool unused = forget_unused(node);
    pthread_mutex_unlock(&lock);
    if (removed) notify_changed();
    if (unused) free_node(node);
}

struct file_node *file_share_map(int fd, bool image)
{
    struct stat st;
    if (fstat(fd, &st) != 0) return NULL;
    pthread_mutex_lock(&lock);
    struct file_node *node = find_or_make(&st);
    if (node != NULL) ++*(image ? &node->image_maps : &node->data_maps);
    pthread_mutex_unlock(&lock);
    return node;
}

void file_share_unmap(struct file_node *node, bool image)
{
    pthread_mutex_lock(&lock);
    --*(image ? &node->image_maps : &node->data_maps);
    bool unused = forget_unused(node);
    pthread_mutex_unlock(&lock);
    if (unused) free_node(node);
}

static NTSTATUS check_unmapped(const struct file *file, bool image, NTSTATUS refusal)
{
    const struct file_node *node = file->node;
    if (node == NULL) return STATUS_SUCCESS;
    pthread_mutex_lock(&lock);
    uint32_t maps = image ? node->image_maps : node->data_maps + node->image_maps;
    pthread_mutex_unlock(&lock);
    return maps != 0 ? refusal : STATUS_SUCCESS;
}

NTSTATUS file_share_check_cut(const struct file *file)
{
    return check_unmapped(file, false, STATUS_USER_MAPPED_FILE);
}

NTSTATUS file_share_check_delete(const struct file *file)
{
    return check_unmapped(file, true, STATUS_CANNOT_DELETE);
}

NTSTATUS file_share_set_delete(struct file *file, bool wanted)
{
    struct file_node *node = file->node;
    if (node == NULL) return STATUS_INVALID_DEVICE_REQUEST;
    char path[PATH_MAX];
    if (wanted && !path_of_fd(file->fd, path)) return STATUS_FILE_DELETED;
    pthread_mutex_lock(&lock);
    if (wanted && !node->delete_pending) {
        free(node->delete_path);
        node->delete_path = strdup(path);
    }
    node->delete_pending = wanted;
    file_others_set_delete(identity_of(node), wanted);
    pthread_mutex_unlock(&lock);
    if (wanted) notify_deleted(node);
    return STATUS_SUCCESS;
}

bool file_share_delete_pending(const struct file *file)
{
    if (file->node == NULL) return false;
    pthread_mutex_lock(&lock);
    bool pending = file->node->delete_pending || file_others_delete_pending(file);
    pthread_mutex_unlock(&lock);
    return pending;
}

bool file_share_is_deleting(dev_t device, ino_t inode)
{
    pthread_mutex_lock(&lock);
    const struct file_node *node = *find(device, inode);
    bool pending = node != NULL && node->delete_pending;
    pthread_mutex_unlock(&lock);
    return pending || file_others_are_deleting((struct file_identity){device, inode});
}

bool file_share_may_replace(dev_t device, ino_t inode, const struct file *except, bool posix)
{
    const struct file_identity identity = {device, inode};
    pthread_mutex_lock(&lock);
    const struct file_node *node = *find(device, inode);
    uint32_t opens = node != NULL ? node->opens : 0;
    if (node != NULL && except->node == node) opens--;
    bool shared = node == NULL || (node->share_delete == node->active && node->image_maps == 0);
    pthread_mutex_unlock(&lock);
    if (posix) return shared && file_others_share_delete(identity);
    return opens == 0 && !file_others_have(identity);
}

static bool overlap(const struct file_lock *a, uint64_t start, uint64_t end)
{
    return a->start <= end && start <= a->end;
}

NTSTATUS file_share_check_locks(const struct file *file, int64_t offset, uint64_t length, bool write)
{
    struct file_node *node = file->node;
    if (node == NULL || length == 0) return STATUS_SUCCESS;
    bool others = file_others_may_lock(file);
    if (!others && atomic_load_explicit(&node->locks, memory_order_acquire) == NULL) return STATUS_SUCCESS;
    if (offset < 0) offset = lseek(file->fd, 0, SEEK_CUR);
    if (others && !host_lock_allows(file->fd, offset, offset + length - 1, write))
        return STATUS_FILE_LOCK_CONFLICT;
    NTSTATUS status = STATUS_SUCCESS;
    pthread_mutex_lock(&lock);
    for (const struct file_lock *l = atomic_load(&node->locks); l != NULL; l = l->next) {
        if (l->end < l->start || !overlap(l, offset, offset + length - 1)) continue;
        // An exclusive lock keeps all others out, a shared one keeps everybody from writing.
        if (l->exclusive ? l->owner != file : write) status = STATUS_FILE_LOCK_CONFLICT;
    }
    pthread_mutex_unlock(&lock);
    return status;
}

// Makes the host's locks on a range what this open's say: shared ones first, so that exclusive ones prevail.
static void host_relock(struct file *file, uint64_t start, uint64_t end)
{
    for (int exclusive = 0; exclusive <= 1; exclusive++)
        for (const struct file_lock *l = atomic_load(&file->node->locks); l != NULL; l = l->next)
            if (l->owner == file && l->exclusive == exclusive && l->end >= l->start && overlap(l, start, end))
                host_lock(file->fd, l->start, l->end, l->exclusive);
}

NTSTATUS file_share_lock(struct file *file, uint64_t start, uint64_t end, uint32_t key, bool exclusive)
{
    struct file_node *node = file->node;
    struct file_lock *added = malloc(sizeof *added);
    if (added == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    *added =
        (struct file_lock){.owner = file, .start = start, .end = end, .key = key, .exclusive = exclusive};
    NTSTATUS status = STATUS_SUCCESS;
    bool empty = end < start, own = false; // an empty range is in nobody's way
    pthread_mutex_lock(&lock);
    for (const struct file_lock *l = atomic_load(&node->locks); l != NULL && !empty; l = l->next) {
        if (l->end < l->start || !overlap(l, start, end)) continue;
        // An open may share what it has for itself, not take for itself what it shares.
        if (exclusive || (l->exclusive && l->owner != file)) status = STATUS_LOCK_NOT_GRANTED;
        own |= l->exclusive;
    }
    // The host's lock is what other processes see.
    if (NT_SUCCESS(status) && !empty && !own) status = host_lock(file->fd, start, end, exclusive);
    if (NT_SUCCESS(status)) {
        added->next = atomic_load(&node->locks);
        atomic_store_explicit(&node->locks, added, memory_order_release);
        if (own) host_relock(file, start, end);
        file_others_add_locks(file, identity_of(node));
    }
    pthread_mutex_unlock(&lock);
    if (!NT_SUCCESS(status)) free(added);
    return status;
}

NTSTATUS file_share_unlock(struct file *file, uint64_t start, uint64_t end, uint32_t key)
{
    struct file_node *node = file->node;
    NTSTATUS status = STATUS_RANGE_NOT_LOCKED;
    struct file_lock *gone = NULL;
    pthread_mutex_lock(&lock);
    struct file_lock *list = atomic_load(&node->locks);
    // Of several alike, exclusive locks go first.
    for (int exclusive = 1; exclusive >= 0 && gone == NULL; exclusive--) {
        for (struct file_lock **link = &list; *link != NULL; link = &(*link)->next) {
            struct file_lock *each = *link;
            if (each->owner != file || each->start != start || each->end != end || each->key != key ||
                each->exclusive != exclusive)
                continue;
            gone = each;
            *link = each->next;
            break;
        }
    }
    if (gone != NULL) {
        atomic_store(&node->locks, list);
        if (end >= start) {
            // What other locks of this open cover stays locked.
            host_unlock(file->fd, start, end);
            host_relock(file, start, end);
        }
        status = STATUS_SUCCESS;
    }
    pthread_mutex_unlock(&lock);
    free(gone);
    return status;
}
