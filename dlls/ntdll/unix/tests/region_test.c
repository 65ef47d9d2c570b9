// The shared region between processes: slots, the lock, records of their owners, and processes killed at any
// moment.
#include "dlls/ntdll/unix/region.h"
#include "dlls/ntdll/unix/region_layout.h"
#include "dlls/ntdll/unix/region_owned.h"
#include "test_processes.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// What the processes of a test tell each other beside the region.
static struct board {
    _Atomic uint32_t step, count, slot;
    _Atomic uint64_t sum;
} * board;

static int setup(void **state)
{
    board = test_processes_board(sizeof *board);
    return test_processes_setup(state);
}

static void await_step(uint32_t step)
{
    for (int i = 0; i < 20000 && atomic_load(&board->step) < step; i++) test_nap();
    assert_true(atomic_load(&board->step) >= step);
}

static const uint64_t key[2] = {1, 2};

static void hold_record(void)
{
    region_lock();
    struct region_owned *record = region_owned_add(REGION_OWNED_FILE_SHARE, key, (uint64_t[10]){7});
    region_unlock();
    atomic_store(&board->slot, region_self());
    atomic_store(&board->step, record ? 1 : 100);
    for (;;) test_nap();
}

static bool count_record(struct region_owned *record, void *context)
{
    (void)record;
    ++*(uint32_t *)context;
    return true;
}

static uint32_t records(void)
{
    uint32_t n = 0;
    region_lock();
    region_owned_for_each(REGION_OWNED_FILE_SHARE, key, count_record, &n);
    region_unlock();
    return n;
}

static void watch_holder_die(void)
{
    uint32_t slot = atomic_load(&board->slot);
    if (records() != 1 || !region_slot_alive(slot)) _exit(3);
    region_lock();
    bool reaped = region_slot_reap(slot);
    region_unlock();
    if (reaped) _exit(4);
    atomic_store(&board->step, 2);
    while (atomic_load(&board->step) < 3) test_nap();
    if (region_slot_alive(slot)) _exit(5);
    region_lock();
    reaped = region_slot_reap(slot);
    region_unlock();
    if (!reaped || records() != 0) _exit(6);
}

// What a killed process held is seen to be a dead one's, and goes.
static void records_go_with_their_owner(void **state)
{
    (void)state;
    atomic_store(&board->step, 0);
    pid_t holder = test_process_start(hold_record);
    await_step(1);
    pid_t watcher = test_process_start(watch_holder_die);
    await_step(2);
    test_process_kill(holder);
    atomic_store(&board->step, 3);
    test_process_finish(watcher);
}

static void hold_lock(void)
{
    region_lock();
    region->free[REGION_OWNED] = 0xFFFFFFFF; // as if in the middle of something
    atomic_store(&board->step, 1);
    for (;;) test_nap();
}

static void take_lock(void)
{
    region_lock();
    bool rebuilt = region->free[REGION_OWNED] != 0xFFFFFFFF;
    region_unlock();
    if (!rebuilt) _exit(3);
}

static void lock_outlives_its_holder(void **state)
{
    (void)state;
    atomic_store(&board->step, 0);
    pid_t holder = test_process_start(hold_lock);
    await_step(1);
    pid_t other = test_process_start(take_lock);
    test_nap();
    test_process_kill(holder);
    test_process_finish(other);
}

static void scribble_and_lock(void)
{
    const uint32_t nonsense[] = {0xFFFFFFFF, 1, 0x7FF, 0x12345678};
    for (int i = 0; i < 4; i++) {
        atomic_store(&region->lock.word, nonsense[i]);
        region_lock();
        for (int table = 0; table < REGION_TABLES; table++) region->free[table] = nonsense[i];
        for (int bucket = 0; bucket < REGION_OWNED_BUCKETS; bucket++)
            region->owned_buckets[bucket] = nonsense[i];
        region_unlock();
        records();
        region_lock();
        region_owned_add(REGION_OWNED_FILE_SHARE, key, (uint64_t[10]){0});
        region_unlock();
    }
}

static void scribbling_hangs_nobody(void **state)
{
    (void)state;
    test_process_finish(test_process_start(scribble_and_lock));
}

// Leaves some of its records behind, but not more than there is room for, however late it is killed.
static void change_records(void)
{
    enum { LEFT_MAX = 1000 };
    for (int left = 0;;) {
        region_lock();
        struct region_owned *record = region_owned_add(
            REGION_OWNED_FILE_LOCK, (uint64_t[2]){(uint64_t)rand() % 8, 0}, (uint64_t[10]){1});
        atomic_fetch_add(&board->count, 1);
        region_unlock();
        if (!record) _exit(3);
        if (left < LEFT_MAX && rand() % 4 == 0) {
            left++;
            continue;
        }
        region_lock();
        region_owned_remove(record);
        region_unlock();
    }
}

static void check_nothing_is_left(void)
{
    region_lock();
    for (uint32_t slot = region_slot_next(0); slot < REGION_SLOTS; slot = region_slot_next(slot + 1))
        region_slot_reap(slot);
    uint32_t used = 0, spare = 0;
    for (uint32_t i = 1; i < region_records_end(REGION_OWNED); i++) {
        struct region_record *record = region_record(REGION_OWNED, i);
        if (atomic_load(&record->kind)) used++;
    }
    for (uint32_t i = region->free[REGION_OWNED]; i && spare < 1000000; spare++)
        i = ((struct region_record *)region_record(REGION_OWNED, i))->next;
    bool good = !used && spare == region_records_end(REGION_OWNED) - 1;
    region_unlock();
    if (!good) _exit(3);
}

// Processes are killed while they change records: the others go on, and no record is lost or kept.
static void killed_at_any_moment(void **state)
{
    (void)state;
    int kills = test_kills();
    enum { WORKERS = 3 };
    pid_t workers[WORKERS];
    for (int i = 0; i < WORKERS; i++) workers[i] = test_process_start(change_records);
    for (int i = 0; i < kills; i++) {
        uint32_t before = atomic_load(&board->count);
        nanosleep(&(struct timespec){.tv_nsec = 1000000 + rand() % 2000000}, NULL);
        test_process_kill(workers[i % WORKERS]);
        for (int wait = 0; wait < 20000 && atomic_load(&board->count) == before; wait++) test_nap();
        assert_true(atomic_load(&board->count) != before);
        workers[i % WORKERS] = test_process_start(change_records);
    }
    for (int i = 0; i < WORKERS; i++) test_process_kill(workers[i]);
    test_process_finish(test_process_start(check_nothing_is_left));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_go_with_their_owner),
        cmocka_unit_test(lock_outlives_its_holder),
        cmocka_unit_test(killed_at_any_moment),
        cmocka_unit_test(scribbling_hangs_nobody),
    };
    return cmocka_run_group_tests(tests, setup, test_processes_teardown);
}
