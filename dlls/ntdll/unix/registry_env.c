// One environment of LMDB. Commits are not forced to the disk: they survive the death of any process, and the
// host writes them back; registry_sync forces them.
#include "registry_env.h"
#include "guest_constants.h"
#include "loader/fault_guard.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { READERS = 2048, META_PAGES = 2 };

NTSTATUS env_status(int error)
{
    switch (error) {
    case 0: return STATUS_SUCCESS;
    case MDB_NOTFOUND: return STATUS_OBJECT_NAME_NOT_FOUND;
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return STATUS_DISK_FULL;
    case ENOMEM:
    case MDB_READERS_FULL: return STATUS_INSUFFICIENT_RESOURCES;
    case EACCES:
    case EPERM:
    case EROFS: return STATUS_MEDIA_WRITE_PROTECTED;
    case EIO: return STATUS_REGISTRY_IO_FAILED;
    default: return STATUS_REGISTRY_CORRUPT;
    }
}

void env_fail(struct registry_env *env, NTSTATUS status, const char *reason)
{
    NTSTATUS none = STATUS_SUCCESS;
    if (atomic_compare_exchange_strong(&env->failure, &none, status))
        fprintf(stderr, "lowland: %s: %s; there is no registry until the file is restored or removed\n",
                env->file, reason);
}

// ---- before LMDB sees a file ----

// The part of a meta page (LMDB's data format 1) that tells whether the file is whole.
struct meta {
    uint8_t page_header[16];
    uint32_t magic, version;
    uint64_t address, map_size;
    uint32_t page_size;
    uint8_t databases[92];
    uint64_t last_page, transaction;
};
_Static_assert(offsetof(struct meta, last_page) == 136, "LMDB's layout on 64-bit hosts");

// Whether the head of the file is a store's. *cut: pages of it are not there. They may be free ones.
static bool check_head(int fd, off_t size, bool *cut)
{
    enum { MAGIC = 0xBEEFC0DE, VERSION = 1, SMALLEST_PAGE = 512, LARGEST_PAGE = 65536 };
    struct meta first, second;
    if (pread(fd, &first, sizeof first, 0) != sizeof first) return false;
    if (first.magic != MAGIC || first.version != VERSION) return false;
    if (first.page_size < SMALLEST_PAGE || first.page_size > LARGEST_PAGE) return false;
    if (size < (off_t)first.page_size * META_PAGES || size % first.page_size != 0) return false;
    if (pread(fd, &second, sizeof second, first.page_size) != sizeof second) return false;
    if (second.magic != MAGIC || second.version != VERSION) return false;
    const struct meta *newest = first.transaction > second.transaction ? &first : &second;
    *cut = newest->last_page >= (uint64_t)size / first.page_size;
    return true;
}

// Shared maps need pages that all processes see, and locks: file systems over a network don't promise either.
static bool is_local(const char *folder)
{
    static const uint32_t remote[] = {
        0x6969, 0x517B, 0xFE534D42, 0xFF534D42, 0x01021997, 0x00C36400, 0x5346414F, 0x73757245, 0x0BD00BD0,
    }; // NFS, SMB, SMB2, CIFS, 9P, Ceph, AFS, Coda, Lustre
    struct statfs fs;
    if (statfs(folder, &fs) != 0) return true;
    for (unsigned i = 0; i < sizeof remote / sizeof *remote; i++)
        if ((uint32_t)fs.f_type == remote[i]) return false;
    return true;
}

// ---- opening ----

static void assertion_failed(MDB_env *env, const char *message)
{
    (void)env, (void)message;
    fault_guard_give_up();
}

// The first transaction of all: the handle of the records.
static int open_records(struct registry_env *env)
{
    MDB_txn *txn;
    int error = lmdb.txn_begin(env->env, NULL, MDB_RDONLY, &txn);
    if (error) return error;
    error = lmdb.dbi_open(txn, NULL, 0, &env->records);
    if (error) {
        lmdb.txn_abort(txn);
        return error;
    }
    return lmdb.txn_commit(txn);
}

static int open_environment(struct registry_env *env, const char *folder, unsigned flags)
{
    int error = lmdb.env_create(&env->env), dead;
    if (error) return error;
    lmdb.env_set_maxreaders(env->env, READERS);
    lmdb.env_set_mapsize(env->env, env->map_size);
    lmdb.env_set_assert(env->env, assertion_failed);
    error = lmdb.env_open(env->env, folder, MDB_NOTLS | MDB_NOSYNC | MDB_NORDAHEAD | flags, 0666);
    if (!error) error = open_records(env);
    if (!error && !(flags & MDB_NOLOCK)) lmdb.reader_check(env->env, &dead);
    if (error) lmdb.env_close(env->env);
    return error;
}

// What may fault: the file might be cut while LMDB looks at it.
static int open_guarded(struct registry_env *env, const char *folder, unsigned flags)
{
    struct fault_guard guard;
    fault_guard_push(&guard);
    if (sigsetjmp(guard.landing, 0)) return MDB_CORRUPTED;
    int error = open_environment(env, folder, flags);
    fault_guard_leave();
    return error;
}

// Reads all records, since pages are missing. 0 when those are in nobody's use.
static int walk(struct registry_env *env)
{
    struct fault_guard guard;
    MDB_txn *txn;
    MDB_cursor *cursor;
    MDB_val key, value;
    fault_guard_push(&guard);
    if (sigsetjmp(guard.landing, 0)) return MDB_CORRUPTED;
    int error = lmdb.txn_begin(env->env, NULL, MDB_RDONLY, &txn);
    if (!error) error = lmdb.cursor_open(txn, env->records, &cursor);
    volatile uint8_t touched = 0;
    if (!error) {
        while (!(error = lmdb.cursor_get(cursor, &key, &value, MDB_NEXT)))
            for (size_t i = 0; i < value.mv_size; i += 512) touched += ((const uint8_t *)value.mv_data)[i];
        if (error == MDB_NOTFOUND) error = 0;
        lmdb.cursor_close(cursor);
        lmdb.txn_abort(txn);
    }
    fault_guard_leave();
    return error;
}

bool env_open(struct registry_env *env, const char *folder, size_t map_size, bool must_exist)
{
    bool cut = false;
    memset(env, 0, sizeof *env);
    env->map_size = map_size;
    pthread_rwlockattr_t attributes;
    pthread_rwlockattr_init(&attributes);
    pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&env->map, &attributes);
    snprintf(env->file, sizeof env->file, "%.4000s/data.mdb", folder);
    int fd = open(env->file, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && (must_exist || errno != ENOENT)) return false;
    if (!is_local(folder)) {
        if (fd >= 0) close(fd);
        errno = EOPNOTSUPP;
        return false;
    }
    if (fd >= 0) {
        struct stat st;
        bool whole = fstat(fd, &st) == 0 && (st.st_size == 0 || check_head(fd, st.st_size, &cut));
        close(fd);
        if (!whole) {
            env_fail(env, STATUS_REGISTRY_CORRUPT, "damaged or cut");
            errno = EILSEQ;
            return false;
        }
    }
    int error = open_guarded(env, folder, 0);
    if ((error == EACCES || error == EROFS || error == EPERM) && fd >= 0) {
        env->read_only = true;
        error = open_guarded(env, folder, MDB_RDONLY | MDB_NOLOCK);
    }
    MDB_envinfo info;
    if (!error && !lmdb.env_info(env->env, &info)) env->map_size = info.me_mapsize;
    if (!error && cut) error = walk(env);
    if (error) {
        env->env = NULL;
        errno = error > 0 ? error : EILSEQ;
        if (error < 0) env_fail(env, env_status(error), cut ? "cut" : lmdb.strerror(error));
        return false;
    }
    return true;
}

void env_close(struct registry_env *env)
{
    for (int i = 0; i < ENV_SPARES; i++) {
        MDB_txn *txn = atomic_exchange(&env->spares[i], NULL);
        if (txn) lmdb.txn_abort(txn);
    }
    lmdb.env_close(env->env);
    env->env = NULL;
}

// ---- transactions ----

static MDB_txn *take_spare(struct registry_env *env)
{
    for (int i = 0; i < ENV_SPARES; i++) {
        if (!atomic_load_explicit(&env->spares[i], memory_order_relaxed)) continue;
        MDB_txn *txn = atomic_exchange_explicit(&env->spares[i], NULL, memory_order_acquire);
        if (txn) return txn;
    }
    return NULL;
}

static int begin_read(struct registry_env *env, MDB_txn **txn)
{
    int error, dead;
    *txn = take_spare(env);
    if (*txn) {
        error = lmdb.txn_renew(*txn);
        if (!error) return 0;
        lmdb.txn_abort(*txn);
        if (error == MDB_MAP_RESIZED) return error;
    }
    error = lmdb.txn_begin(env->env, NULL, MDB_RDONLY, txn);
    if (error != MDB_READERS_FULL) return error;
    lmdb.reader_check(env->env, &dead);
    return lmdb.txn_begin(env->env, NULL, MDB_RDONLY, txn);
}

// Takes over the size that another process gave the map.
static int adopt_map_size(struct registry_env *env)
{
    pthread_rwlock_wrlock(&env->map);
    MDB_envinfo info;
    int error = lmdb.env_set_mapsize(env->env, 0);
    if (!error) error = lmdb.env_info(env->env, &info);
    if (!error) atomic_store(&env->map_size, info.me_mapsize);
    pthread_rwlock_unlock(&env->map);
    return error;
}

static bool has_head(struct registry_env *env)
{
    struct stat st;
    int fd;
    return lmdb.env_get_fd(env->env, &fd) == 0 && fstat(fd, &st) == 0 && st.st_size >= META_PAGES * 4096;
}

int env_begin(struct registry_env *env, bool writing, MDB_txn **txn)
{
    if (writing && env->read_only) return EROFS;
    // A fault once LMDB has the writers' lock would leave it locked.
    if (writing && !has_head(env)) return MDB_CORRUPTED;
    for (;;) {
        pthread_rwlock_rdlock(&env->map);
        int error = writing ? lmdb.txn_begin(env->env, NULL, 0, txn) : begin_read(env, txn);
        if (!error) return 0;
        pthread_rwlock_unlock(&env->map);
        if (error == MDB_MAP_RESIZED) error = adopt_map_size(env);
        if (error) return error;
    }
}

void env_end(struct registry_env *env, bool writing, MDB_txn *txn)
{
    if (!writing) {
        lmdb.txn_reset(txn);
        for (int i = 0; i < ENV_SPARES && txn; i++) {
            MDB_txn *none = NULL;
            if (!atomic_load_explicit(&env->spares[i], memory_order_relaxed) &&
                atomic_compare_exchange_strong(&env->spares[i], &none, txn))
                txn = NULL;
        }
    }
    if (txn) lmdb.txn_abort(txn);
    pthread_rwlock_unlock(&env->map);
}

// Where LMDB's lock file has the writers' mutex (its lock format 1): behind the first cache line.
enum { WRITERS_MUTEX = 64 };

void env_abandon(struct registry_env *env, bool writing)
{
    char path[PATH_MAX];
    pthread_rwlock_unlock(&env->map);
    if (!writing) return;
    snprintf(path, sizeof path, "%.*slock.mdb", (int)(strlen(env->file) - strlen("data.mdb")), env->file);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0) return;
    uint8_t *head = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (head == MAP_FAILED) return;
    pthread_mutex_t *writers = (pthread_mutex_t *)(head + WRITERS_MUTEX);
    // Its owner tells that it is what it should be.
    if (writers->__data.__owner == (int)gettid()) pthread_mutex_unlock(writers);
    munmap(head, 4096);
}

int env_commit(struct registry_env *env, MDB_txn *txn)
{
    int error = lmdb.txn_commit(txn);
    pthread_rwlock_unlock(&env->map);
    return error;
}

int env_grow(struct registry_env *env, size_t full_size)
{
    int error = 0;
    pthread_rwlock_wrlock(&env->map);
    // Somebody else may have been here meanwhile.
    if (atomic_load(&env->map_size) <= full_size) {
        MDB_envinfo info;
        error = lmdb.env_info(env->env, &info);
        if (!error) error = lmdb.env_set_mapsize(env->env, info.me_mapsize * 2);
        if (!error) atomic_store(&env->map_size, info.me_mapsize * 2);
    }
    pthread_rwlock_unlock(&env->map);
    return error;
}
