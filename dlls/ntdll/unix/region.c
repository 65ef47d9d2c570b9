// The region's file and its tables. Its size and the tables' places are fixed; memory behind a table comes in
// steps as records are needed, so that a full host says so here and not by SIGBUS later.
#include "region.h"
#include "region_layout.h"
#include "region_user.h"
#include "runtime_dir.h"
#include "shared_atom.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAGIC = 0x4752574c, PAGE = 4096, STEP = 16 * PAGE };

static const struct {
    uint32_t size, capacity;
} geometry[REGION_TABLES] = {
    [REGION_OBJECTS] = {512, 65536},
    [REGION_TEXT] = {64, 131072},
    [REGION_WAITS] = {1024, 8192},
    [REGION_OWNED] = {128, 65536},
    [REGION_ATOMS] = {576, 16384},
    [REGION_WINDOWS] = {sizeof(struct region_window), 32768},
    [REGION_QUEUES] = {sizeof(struct region_queue), 4096},
    [REGION_HOOKS] = {sizeof(struct region_hook), 4096},
    [REGION_CLIPBOARD] = {sizeof(struct region_clipboard), 256},
};

struct region_header *region;
static size_t offsets[REGION_TABLES + 1];
static int region_fd = -1;

static size_t lay_out(void)
{
    size_t at = (sizeof(struct region_header) + PAGE - 1) & ~(size_t)(PAGE - 1);
    for (int table = 1; table < REGION_TABLES; table++) {
        offsets[table] = at;
        at += (size_t)geometry[table].size * geometry[table].capacity;
    }
    return offsets[REGION_TABLES] = at;
}

// Gives [offset, offset + size) memory.
static bool back(size_t offset, size_t size)
{
    if (region_fd < 0) return true;
    int error;
    do error = posix_fallocate(region_fd, (off_t)offset, (off_t)size);
    while (error == EINTR);
    return error == 0;
}

// Opens the file at its full size. The first process makes it whole under the lock on its first byte; a
// process killed in between leaves that to the next.
static bool open_file(int directory, size_t size)
{
    char name[32];
    struct stat st;
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
    snprintf(name, sizeof name, "region-%d", REGION_VERSION);
    region_fd = openat(directory, name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (region_fd < 0) return false;
    if (fstat(region_fd, &st) == 0 && (size_t)st.st_size == size) return true;
    while (fcntl(region_fd, F_OFD_SETLKW, &whole) != 0 && errno == EINTR) {
    }
    bool good = back(0, sizeof(struct region_header)) && ftruncate(region_fd, (off_t)size) == 0;
    whole.l_type = F_UNLCK;
    fcntl(region_fd, F_OFD_SETLK, &whole);
    return good;
}

static bool map(int directory, size_t size)
{
    int flags = directory >= 0 ? MAP_SHARED : MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE;
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, directory >= 0 ? region_fd : -1, 0);
    if (memory == MAP_FAILED) return false;
    region = memory;
    return true;
}

static void join(int directory)
{
    uint32_t slot = region_token_take(directory);
    if (slot >= REGION_SLOTS) return;
    const struct region_slot *record = &region->slots[slot];
    region_lock_init(slot, atomic_load(&record->generation) + 1);
    region_lock();
    atomic_store(&region->magic, MAGIC);
    atomic_store(&region->version, REGION_VERSION);
    region_slot_enter(slot);
    shared_atoms_tidy();
    region_unlock();
}

bool region_attach(void)
{
    size_t size = lay_out();
    int directory = runtime_dir();
    if (directory >= 0 && (!open_file(directory, size) || !map(directory, size))) directory = -1;
    if (directory >= 0) join(directory);
    if (region && region_self() < REGION_SLOTS) return true;
    // No place, no memory or no slot there: on our own.
    if (region_fd >= 0) close(region_fd);
    region_fd = -1;
    if (!map(-1, size)) return false;
    join(-1);
    return true;
}

// --- tables
// -----------------------------------------------------------------------------------------------------

uint32_t region_records_end(enum region_table table)
{
    uint32_t ready = atomic_load_explicit(&region->ready[table], memory_order_acquire);
    return ready < geometry[table].capacity ? ready : geometry[table].capacity;
}

static struct region_record *record_at(enum region_table table, uint32_t index)
{
    return (struct region_record *)((char *)region + offsets[table] + (size_t)index * geometry[table].size);
}

void *region_record(enum region_table table, uint32_t index)
{
    return index && index < region_records_end(table) ? record_at(table, index) : NULL;
}

uint32_t region_index(enum region_table table, const void *record)
{
    return (uint32_t)(((const char *)record - (char *)region - offsets[table]) / geometry[table].size);
}

static void push_free(enum region_table table, uint32_t index)
{
    record_at(table, index)->next = region->free[table];
    region->free[table] = index;
}

bool region_table_grow(enum region_table table)
{
    uint32_t ready = region_records_end(table), size = geometry[table].size;
    uint32_t more = STEP / size;
    if (more > geometry[table].capacity - ready) more = geometry[table].capacity - ready;
    if (!more || !back(offsets[table] + (size_t)ready * size, (size_t)more * size)) return false;
    atomic_store_explicit(&region->ready[table], ready + more, memory_order_release);
    for (uint32_t index = ready + more; index-- > ready;)
        if (index) push_free(table, index);
    return true;
}

uint32_t region_record_new(enum region_table table)
{
    uint32_t index = region->free[table];
    struct region_record *record = region_record(table, index);
    if (!record && region_table_grow(table)) {
        index = region->free[table];
        record = region_record(table, index);
    }
    // A list that leads to a record in use was scribbled over: better rebuilt than believed.
    if (record && atomic_load(&record->kind)) {
        region_tables_recover();
        index = region->free[table];
        record = region_record(table, index);
    }
    if (!record) return 0;
    region->free[table] = record->next;
    memset(record, 0, geometry[table].size);
    return index;
}

void region_record_free(enum region_table table, uint32_t index)
{
    struct region_record *record = region_record(table, index);
    if (!record) return;
    atomic_store_explicit(&record->kind, 0, memory_order_release);
    push_free(table, index);
}

void region_tables_recover(void)
{
    for (int table = 1; table < REGION_TABLES; table++) {
        region->free[table] = 0;
        for (uint32_t index = region_records_end(table); index-- > 1;)
            if (!atomic_load_explicit(&record_at(table, index)->kind, memory_order_relaxed))
                push_free(table, index);
    }
}
