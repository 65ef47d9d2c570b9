// The registry's transactions. A body runs under a fault guard: a store that turns out to be damaged or cut
// fails the call, and every later one, not the process.
#include "registry_store.h"
#include "guest_constants.h"
#include "loader/fault_guard.h"
#include "prefix.h"
#include "registry_env.h"
#include "registry_initial.h"
#include "runtime_dir.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct registry_env stores[STORES];
static pthread_mutex_t open_lock = PTHREAD_MUTEX_INITIALIZER;
static _Atomic bool opened[STORES];
static char folders[STORES][PATH_MAX]; // set for tests

enum { MAP_SIZE = 1 << 28 };
static size_t map_size = MAP_SIZE;

void registry_store_use(const char *kept, const char *transient, size_t size)
{
    for (int i = 0; i < STORES; i++)
        if (atomic_exchange(&opened[i], false) && stores[i].env && !atomic_load(&stores[i].failure))
            env_close(&stores[i]);
    snprintf(folders[STORE_KEPT], PATH_MAX, "%s", kept);
    snprintf(folders[STORE_VOLATILE], PATH_MAX, "%s", transient);
    map_size = size;
}

// ---- opening ----

// A folder of the runtime directory, by a path that stays valid while this process lives.
static bool runtime_folder(char path[PATH_MAX], const char *name)
{
    int fd = runtime_dir_open(name);
    if (fd < 0) return false;
    snprintf(path, PATH_MAX, "/proc/self/fd/%d", fd);
    return true;
}

static void kept_folder(char folder[PATH_MAX])
{
    if (folders[STORE_KEPT][0])
        snprintf(folder, PATH_MAX, "%s", folders[STORE_KEPT]);
    else
        snprintf(folder, PATH_MAX, "%.4000s/registry", prefix_path());
}

bool registry_exists(void)
{
    char folder[PATH_MAX];
    kept_folder(folder);
    return access(folder, F_OK) == 0;
}

// Where the prefix cannot hold the store, the runtime directory does for this session.
static bool open_kept(void)
{
    struct registry_env *env = &stores[STORE_KEPT];
    char folder[PATH_MAX];
    kept_folder(folder);
    mkdir(folder, 0777);
    if (env_open(env, folder, map_size, false)) return true;
    if (atomic_load(&env->failure)) return false;
    fprintf(stderr, "lowland: %s: %s; what the registry gets is kept for this session only\n", folder,
            errno == EOPNOTSUPP ? "the file system is not a local one" : strerror(errno));
    if (runtime_folder(folder, "registry-kept") && env_open(env, folder, map_size, false)) return true;
    env_fail(env, STATUS_REGISTRY_IO_FAILED, strerror(errno));
    return false;
}

static bool open_volatile(bool must_exist)
{
    static char folder[PATH_MAX];
    if (folders[STORE_VOLATILE][0])
        snprintf(folder, sizeof folder, "%s", folders[STORE_VOLATILE]);
    else if (!folder[0] && !runtime_folder(folder, "registry"))
        return false;
    return env_open(&stores[STORE_VOLATILE], folder, map_size, must_exist);
}

static NTSTATUS run(unsigned writing, NTSTATUS (*body)(struct registry_view *view, void *context),
                    void *context);

// Opens and fills a store, under open_lock. Failures that will last are noted in it.
static NTSTATUS open_and_fill(enum registry_store store, bool must_exist)
{
    static bool loaded;
    struct registry_env *env = &stores[store];
    if (!loaded && !(loaded = lmdb_load())) return STATUS_REGISTRY_IO_FAILED;
    bool open = store == STORE_KEPT ? open_kept() : open_volatile(must_exist);
    if (!open && !atomic_load(&env->failure))
        return must_exist ? STATUS_OBJECT_NAME_NOT_FOUND : STATUS_REGISTRY_IO_FAILED;
    if (open && !env->read_only) {
        NTSTATUS status = store == STORE_KEPT ? registry_initialize(run) : registry_initialize_volatile(run);
        if (status) env_fail(env, status, "cannot be filled");
    }
    atomic_store_explicit(&opened[store], true, memory_order_release);
    return atomic_load(&env->failure);
}

// Opens a store that this process has not used yet. STATUS_OBJECT_NAME_NOT_FOUND: there is none.
static NTSTATUS open_store(enum registry_store store, bool must_exist)
{
    NTSTATUS status = STATUS_SUCCESS;
    pthread_mutex_lock(&open_lock);
    if (!atomic_load(&opened[store])) status = open_and_fill(store, must_exist);
    pthread_mutex_unlock(&open_lock);
    return status;
}

static inline NTSTATUS need(enum registry_store store, bool must_exist)
{
    if (!atomic_load_explicit(&opened[store], memory_order_acquire)) {
        NTSTATUS status = open_store(store, must_exist);
        if (status) return status;
    }
    return atomic_load_explicit(&stores[store].failure, memory_order_relaxed);
}

// ---- running bodies ----

struct run {
    struct registry_view view;
    NTSTATUS (*body)(struct registry_view *view, void *context);
    void *context;
    unsigned writing;
    size_t map_size[STORES]; // before it began
    NTSTATUS status;
    enum registry_store at; // which store's call is under way
};
static _Thread_local struct run *current;

static bool guarded(void (*step)(struct run *run), struct run *run)
{
    struct fault_guard guard;
    fault_guard_push(&guard);
    if (sigsetjmp(guard.landing, 0)) return false;
    step(run);
    fault_guard_leave();
    return true;
}

static NTSTATUS begin(struct run *run, enum registry_store store, bool writing)
{
    run->at = store;
    run->view.writing[store] = writing;
    int error = env_begin(&stores[store], writing, &run->view.txn[store]);
    if (error) run->view.txn[store] = NULL;
    return env_status(error);
}

static void run_body(struct run *run)
{
    current = run;
    for (unsigned store = 0; store < STORES && !run->status; store++)
        if (run->writing & 1u << store || store == STORE_KEPT)
            run->status = begin(run, store, run->writing >> store & 1);
    if (!run->status) run->status = run->body(&run->view, run->context);
}

static void end_store(struct run *run)
{
    MDB_txn *txn = run->view.txn[run->at];
    run->view.txn[run->at] = NULL;
    env_end(&stores[run->at], run->view.writing[run->at], txn);
}

static void commit_store(struct run *run)
{
    MDB_txn *txn = run->view.txn[run->at];
    run->view.txn[run->at] = NULL;
    int error = env_commit(&stores[run->at], txn);
    if (error == MDB_MAP_FULL) run->view.full[run->at] = true;
    run->status = env_status(error);
}

// A store whose call met damage is not touched again.
static void abandon(struct run *run)
{
    struct registry_env *env = &stores[run->at];
    env_fail(env, STATUS_REGISTRY_CORRUPT, "damaged or cut");
    run->status = STATUS_REGISTRY_CORRUPT;
    run->view.txn[run->at] = NULL;
    env_abandon(env, run->view.writing[run->at]);
}

// Ends what run has begun, with a commit when it succeeded. The kept store goes first: what it says of a key
// that the volatile one lacks is harmless.
static void end_all(struct run *run)
{
    for (unsigned store = 0; store < STORES; store++) {
        if (!run->view.txn[store]) continue;
        run->at = store;
        bool commit = run->view.writing[store] && NT_SUCCESS(run->status);
        if (!guarded(commit ? commit_store : end_store, run)) abandon(run);
    }
}

static void grow(struct run *run)
{
    run->status = env_status(env_grow(&stores[run->at], run->map_size[run->at]));
}

static void run_once(struct run *run)
{
    struct run *outer = current; // a body that is the first to touch the volatile store opens it
    memset(&run->view, 0, sizeof run->view);
    run->status = STATUS_SUCCESS;
    if (!guarded(run_body, run)) abandon(run);
    current = outer;
    end_all(run);
}

// Without opening anything.
static NTSTATUS run(unsigned writing, NTSTATUS (*body)(struct registry_view *view, void *context),
                    void *context)
{
    struct run run = {.body = body, .context = context, .writing = writing};
    for (;;) {
        for (unsigned store = 0; store < STORES; store++)
            run.map_size[store] = atomic_load_explicit(&stores[store].map_size, memory_order_relaxed);
        run_once(&run);
        bool again = false;
        for (unsigned store = 0; store < STORES; store++) {
            if (!run.view.full[store]) continue;
            run.at = store;
            again = guarded(grow, &run) && NT_SUCCESS(run.status);
            if (!again) return NT_SUCCESS(run.status) ? STATUS_REGISTRY_CORRUPT : run.status;
        }
        if (!again) break;
    }
    return run.status;
}

NTSTATUS registry_read(NTSTATUS (*body)(struct registry_view *view, void *context), void *context)
{
    NTSTATUS status = need(STORE_KEPT, false);
    return status ? status : run(0, body, context);
}

NTSTATUS registry_write(unsigned writing, NTSTATUS (*body)(struct registry_view *view, void *context),
                        void *context)
{
    NTSTATUS status = need(STORE_KEPT, false);
    if (!status && writing & WRITE_VOLATILE) status = need(STORE_VOLATILE, false);
    return status ? status : run(writing, body, context);
}

struct trial {
    NTSTATUS (*body)(struct registry_view *view, void *context);
    void *context;
};

static NTSTATUS trial_body(struct registry_view *view, void *context)
{
    const struct trial *trial = context;
    NTSTATUS status = trial->body(view, trial->context);
    return status ? status : STATUS_CANCELLED; // any failure gives the write up
}

NTSTATUS registry_try(unsigned writing, NTSTATUS (*body)(struct registry_view *view, void *context),
                      void *context)
{
    struct trial trial = {body, context};
    NTSTATUS status = registry_write(writing, trial_body, &trial);
    return status == STATUS_CANCELLED ? STATUS_SUCCESS : status;
}

static void sync_kept(struct run *run)
{
    run->status = env_status(lmdb.env_sync(stores[STORE_KEPT].env, 1));
}

NTSTATUS registry_sync(void)
{
    struct run run = {0};
    NTSTATUS status = need(STORE_KEPT, false);
    if (status) return status;
    if (stores[STORE_KEPT].read_only) return STATUS_SUCCESS;
    pthread_rwlock_rdlock(&stores[STORE_KEPT].map);
    bool done = guarded(sync_kept, &run);
    pthread_rwlock_unlock(&stores[STORE_KEPT].map);
    return done ? run.status : STATUS_REGISTRY_CORRUPT;
}

// ---- records ----

void store_corrupt(void)
{
    fault_guard_give_up();
    __builtin_unreachable();
}

// The transaction on a store; the volatile one is begun when it is first asked for.
static NTSTATUS transaction(struct registry_view *view, enum registry_store store, MDB_txn **txn)
{
    current->at = store;
    if (!view->txn[store]) {
        NTSTATUS status = need(store, true);
        if (!status) status = begin(current, store, false);
        if (status) return status;
    }
    *txn = view->txn[store];
    return STATUS_SUCCESS;
}

// The status of a call of LMDB. Damage ends the body.
static NTSTATUS check(struct registry_view *view, enum registry_store store, int error)
{
    if (error == MDB_MAP_FULL) view->full[store] = true;
    NTSTATUS status = env_status(error);
    if (status == STATUS_REGISTRY_CORRUPT && error != MDB_MAP_FULL) store_corrupt();
    return status;
}

uint64_t store_version(struct registry_view *view, enum registry_store store)
{
    MDB_txn *txn;
    return transaction(view, store, &txn) ? 0 : lmdb.txn_id(txn);
}

NTSTATUS store_get(struct registry_view *view, enum registry_store store, const void *key, size_t key_size,
                   struct store_bytes *value)
{
    MDB_txn *txn;
    MDB_val name = {key_size, (void *)key}, data;
    NTSTATUS status = transaction(view, store, &txn);
    if (!status) status = check(view, store, lmdb.get(txn, stores[store].records, &name, &data));
    if (!status) *value = (struct store_bytes){data.mv_data, data.mv_size};
    return status;
}

NTSTATUS store_put(struct registry_view *view, enum registry_store store, const void *key, size_t key_size,
                   size_t size, void **place)
{
    MDB_txn *txn;
    MDB_val name = {key_size, (void *)key}, data = {size, NULL};
    NTSTATUS status = transaction(view, store, &txn);
    if (!status) status = check(view, store, lmdb.put(txn, stores[store].records, &name, &data, MDB_RESERVE));
    if (!status) *place = data.mv_data;
    return status;
}

NTSTATUS store_delete(struct registry_view *view, enum registry_store store, const void *key, size_t key_size)
{
    MDB_txn *txn;
    MDB_val name = {key_size, (void *)key};
    NTSTATUS status = transaction(view, store, &txn);
    return status ? status : check(view, store, lmdb.del(txn, stores[store].records, &name, NULL));
}

NTSTATUS store_clear(struct registry_view *view, enum registry_store store)
{
    MDB_txn *txn;
    NTSTATUS status = transaction(view, store, &txn);
    return status ? status : check(view, store, lmdb.drop(txn, stores[store].records, 0));
}

// ---- cursors ----

static bool move(struct store_cursor *cursor, MDB_val *key, MDB_cursor_op operation)
{
    MDB_val value;
    int error = lmdb.cursor_get(cursor->cursor, key, &value, operation);
    if (error && error != MDB_NOTFOUND) store_corrupt();
    if (error) return false;
    cursor->key = (struct store_bytes){key->mv_data, key->mv_size};
    cursor->value = (struct store_bytes){value.mv_data, value.mv_size};
    return true;
}

bool cursor_begin(struct registry_view *view, enum registry_store store, struct store_cursor *cursor,
                  const void *key, size_t key_size)
{
    MDB_txn *txn;
    MDB_val name = {key_size, (void *)key};
    cursor->cursor = NULL;
    if (transaction(view, store, &txn)) return false;
    if (lmdb.cursor_open(txn, stores[store].records, &cursor->cursor)) {
        cursor->cursor = NULL;
        return false;
    }
    return move(cursor, &name, MDB_SET_RANGE);
}

bool cursor_next(struct store_cursor *cursor)
{
    MDB_val key;
    return move(cursor, &key, MDB_NEXT);
}

bool cursor_previous(struct store_cursor *cursor)
{
    MDB_val key;
    return move(cursor, &key, MDB_PREV);
}

void cursor_end(struct store_cursor *cursor)
{
    if (cursor->cursor) lmdb.cursor_close(cursor->cursor);
    cursor->cursor = NULL;
}
