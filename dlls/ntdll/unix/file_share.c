// What the opens of one file have in common, in a table by device and inode: share modes, pending deletion,
// byte-range locks. Within the process only.
#include "file_share.h"
#include "lock.h"
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
    uint32_t opens;
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

NTSTATUS file_share_open(struct file *file, const struct stat *st)
{
    NTSTATUS status = STATUS_SUCCESS;
    pthread_mutex_lock(&lock);
    struct file_node **link = find(st->st_dev, st->st_ino), *node = *link;
    if (node == NULL) {
        node = calloc(1, sizeof *node);
        if (node == NULL) {
            status = STATUS_NO_MEMORY;
        } else {
            node->device = st->st_dev;
            node->inode = st->st_ino;
            *link = node;
        }
    } else if (node->delete_pending) {
        status = STATUS_DELETE_PENDING;
    } else if (!allowed(node, file->access, file->sharing)) {
        status = STATUS_SHARING_VIOLATION;
    }
    if (NT_SUCCESS(status)) {
        count(node, file, 1);
        file->node = node;
    }
    pthread_mutex_unlock(&lock);
    return status;
}

// Removes what path names if it still is the node's file.
static void remove_file(const struct file_node *node)
{
    struct stat st;
    if (lstat(node->delete_path, &st) != 0 || st.st_dev != node->device || st.st_ino != node->inode) return;
    if (S_ISDIR(st.st_mode))
        rmdir(node->delete_path);
    else
        unlink(node->delete_path);
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
    bool last = node->opens == 0;
    // Under the lock: nobody may open what is about to go.
    bool removed = (last || file->posix_delete) && node->delete_pending && node->delete_path != NULL;
    if (removed) remove_file(node);
    if (last) {
        *find(node->device, node->inode) = node->next;
    }
    pthread_mutex_unlock(&lock);
    if (removed) notify_changed();
    if (last) {
        free(node->delete_path);
        free(node);
    }
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
    pthread_mutex_unlock(&lock);
    if (wanted) notify_deleted(node);
    return STATUS_SUCCESS;
}

bool file_share_delete_pending(const struct file *file)
{
    if (file->node == NULL) return false;
    pthread_mutex_lock(&lock);
    bool pending = file->node->delete_pending;
    pthread_mutex_unlock(&lock);
    return pending;
}

bool file_share_may_replace(dev_t device, ino_t inode, const struct file *except)
{
    pthread_mutex_lock(&lock);
    const struct file_node *node = *find(device, inode);
    uint32_t opens = node != NULL ? node->opens : 0;
    if (node != NULL && except->node == node) opens--;
    pthread_mutex_unlock(&lock);
    return opens == 0;
}

static bool overlap(const struct file_lock *a, uint64_t start, uint64_t end)
{
    return a->start <= end && start <= a->end;
}

NTSTATUS file_share_check_locks(const struct file *file, int64_t offset, uint64_t length, bool write)
{
    struct file_node *node = file->node;
    if (node == NULL || length == 0 || atomic_load_explicit(&node->locks, memory_order_acquire) == NULL)
        return STATUS_SUCCESS;
    if (offset < 0) offset = lseek(file->fd, 0, SEEK_CUR);
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
