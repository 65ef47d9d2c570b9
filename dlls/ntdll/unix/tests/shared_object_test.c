// Eight processes that share a mutant, events, a semaphore, a section and a file, and are killed at any
// moment: the others go on, nobody hangs, what was committed stays, and nothing is left of the dead.
#include "dlls/ntdll/unix/region_layout.h"
#include "dlls/ntdll/unix/shared_object.h"
#include "test_files.h"
#include "test_processes.h"
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WORKERS = 8, SECONDS_TO_MOVE = 60 };
#define NAMES      "\\BaseNamedObjects\\stress-"
#define FAIL(code) _exit(code)

static struct board {
    _Atomic uint32_t steps[WORKERS]; // that each worker has done
    _Atomic uint32_t inside;         // pid of who is between wait and release
    _Atomic uint64_t committed;      // that the file holds at least
    _Atomic bool kept;               // the mutant is there
} * board;

struct shared {
    HANDLE32 mutant, event, manual, semaphore, section, file, own;
};

static void open_all(struct shared *s)
{
    OBJECT_ATTRIBUTES32 name;
    bool good = true;
    LARGE_INTEGER32 size = {.QuadPart = 65536};
    test_low_reset();
    name = test_name(NAMES "mutant", 0), name.Attributes |= OBJ_OPENIF;
    good &= NT_SUCCESS(NtCreateMutant(&s->mutant, MUTANT_ALL_ACCESS, &name, false));
    name = test_name(NAMES "event", 0), name.Attributes |= OBJ_OPENIF;
    good &= NT_SUCCESS(NtCreateEvent(&s->event, EVENT_ALL_ACCESS, &name, SynchronizationEvent, false));
    name = test_name(NAMES "manual", 0), name.Attributes |= OBJ_OPENIF;
    good &= NT_SUCCESS(NtCreateEvent(&s->manual, EVENT_ALL_ACCESS, &name, NotificationEvent, false));
    name = test_name(NAMES "semaphore", 0), name.Attributes |= OBJ_OPENIF;
    good &= NT_SUCCESS(NtCreateSemaphore(&s->semaphore, SEMAPHORE_ALL_ACCESS, &name, 1, 5));
    good &= NT_SUCCESS(NtCreateEvent(&s->own, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, false));
    name = test_name(NAMES "section", 0), name.Attributes |= OBJ_OPENIF;
    NTSTATUS status =
        NtCreateSection(&s->section, SECTION_ALL_ACCESS, &name, &size, PAGE_READWRITE, SEC_COMMIT, 0);
    // All who had it may die between our finding it and opening it.
    if (!NT_SUCCESS(status)) s->section = 0;
    good &= NT_SUCCESS(status) || status == STATUS_OBJECT_NAME_NOT_FOUND;
    good &= NT_SUCCESS(test_create_shared(&s->file, "\\??\\C:\\stress", GENERIC_READ | GENERIC_WRITE,
                                          FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE));
    if (!good) FAIL(10);
}

static void close_all(struct shared *s)
{
    const HANDLE32 *handles = (const HANDLE32 *)s;
    for (size_t i = 0; i < sizeof *s / sizeof *handles; i++)
        if (handles[i] && NtClose(handles[i]) != STATUS_SUCCESS) FAIL(11);
}

// What only one at a time may do: the number in the file goes up by one.
static void commit(struct shared *s, bool abandoned)
{
    uint32_t nobody = 0, n;
    uint64_t number = 0, committed = atomic_load(&board->committed);
    const int64_t start = 0;
    int32_t previous;
    if (abandoned) atomic_store(&board->inside, 0);
    if (!atomic_compare_exchange_strong(&board->inside, &nobody, (uint32_t)getpid())) FAIL(20);
    test_low_reset();
    test_read(s->file, &number, sizeof number, &start, &n);
    if (number < committed) FAIL(21);
    number++;
    if (test_write(s->file, &number, sizeof number, &start, &n) != STATUS_SUCCESS) FAIL(22);
    atomic_store(&board->committed, number);
    atomic_store(&board->inside, 0);
    if (NtReleaseMutant(s->mutant, &previous) != STATUS_SUCCESS || previous != 0) FAIL(23);
}

static void step(struct shared *s)
{
    const LARGE_INTEGER32 soon = {.QuadPart = -50000}; // 5 ms
    const HANDLE32 any[3] = {s->own, s->mutant, s->event}, all[2] = {s->mutant, s->semaphore};
    const HANDLE32 mixed[2] = {s->mutant, s->own};
    int32_t count;
    NTSTATUS status;
    switch (rand() % 9) {
    case 0:
        status = NtWaitForSingleObject(s->mutant, false, &soon);
        if (status == STATUS_WAIT_0 || status == STATUS_ABANDONED_WAIT_0) commit(s, status != STATUS_WAIT_0);
        break;
    case 1:
        status = NtWaitForMultipleObjects(3, any, WaitAny, false, &soon);
        if (status == STATUS_WAIT_0 + 1 || status == STATUS_ABANDONED_WAIT_0 + 1)
            commit(s, status != STATUS_WAIT_0 + 1);
        break;
    case 2:
        status = NtWaitForMultipleObjects(2, all, WaitAll, false, &soon);
        if (status == STATUS_WAIT_0 || status == STATUS_ABANDONED_WAIT_0) commit(s, status != STATUS_WAIT_0);
        break;
    case 3:
        NtSetEvent(s->own, NULL);
        status = NtWaitForMultipleObjects(2, mixed, WaitAll, false, &soon);
        if (status == STATUS_WAIT_0 || status == STATUS_ABANDONED_WAIT_0) commit(s, status != STATUS_WAIT_0);
        break;
    case 4: NtSetEvent(s->event, NULL); break;
    case 5:
        status = NtReleaseSemaphore(s->semaphore, 1, &count);
        if (status == STATUS_SUCCESS ? count < 0 || count > 4 : status != STATUS_SEMAPHORE_LIMIT_EXCEEDED)
            FAIL(30);
        break;
    case 6: NtPulseEvent(s->manual, NULL); break;
    case 7: NtWaitForSingleObject(s->manual, false, &soon); break;
    default: close_all(s); open_all(s);
    }
}

// Keeps the mutant there: while nobody has it open, it is gone, and who makes it anew hears of no dead owner.
static void keep_mutant(void)
{
    HANDLE32 mutant;
    test_process_become_guest();
    OBJECT_ATTRIBUTES32 name = test_name(NAMES "mutant", 0);
    if (!NT_SUCCESS(NtCreateMutant(&mutant, MUTANT_ALL_ACCESS, &name, false))) FAIL(12);
    atomic_store(&board->kept, true);
    for (;;) pause();
}

static pid_t start_keeper(void)
{
    pid_t keeper = test_process_start(keep_mutant);
    while (!atomic_load(&board->kept)) {
        if (waitpid(keeper, NULL, WNOHANG) == keeper) fail_msg("nobody keeps the mutant");
        test_nap();
    }
    return keeper;
}

static uint32_t own_number; // as it was at the fork

static void work(void)
{
    struct shared s;
    test_process_become_guest();
    open_all(&s);
    for (;;) {
        step(&s);
        atomic_fetch_add(&board->steps[own_number], 1);
    }
}

static pid_t start_worker(uint32_t number)
{
    own_number = number;
    return test_process_start(work);
}

static void assert_all_move(const pid_t *workers)
{
    for (int i = 0; i < WORKERS; i++) {
        uint32_t before = atomic_load(&board->steps[i]);
        time_t end = time(NULL) + SECONDS_TO_MOVE;
        while (atomic_load(&board->steps[i]) == before) {
            int status = 0;
            bool ended = waitpid(workers[i], &status, WNOHANG) == workers[i];
            if (ended || time(NULL) > end)
                fail_msg("worker %d does not move: ended %d, status %x", i, ended, status);
            test_nap();
        }
    }
}

static uint32_t count_records(enum region_table table)
{
    uint32_t n = 0;
    for (uint32_t i = 1; i < region_records_end(table); i++)
        if (atomic_load(&((struct region_record *)region_record(table, i))->kind)) n++;
    return n;
}

// Joined when all workers are dead: what is left are the first directories and links.
static void check_nothing_is_left(void)
{
    region_lock();
    for (uint32_t slot = region_slot_next(0); slot < REGION_SLOTS; slot = region_slot_next(slot + 1))
        region_slot_reap(slot);
    uint32_t objects = count_records(REGION_OBJECTS), permanent = 0;
    for (uint32_t i = 1; i < region_records_end(REGION_OBJECTS); i++) {
        const struct shared_record *record = shared_record(i);
        if (record && atomic_load(&record->permanent)) permanent++;
    }
    bool good = objects == permanent && !count_records(REGION_WAITS) && !count_records(REGION_OWNED);
    uint32_t texts = count_records(REGION_TEXT);
    region_recover(); // drops texts that nobody names, and rebuilds the rest: it must find everything as it
                      // was
    if (count_records(REGION_OBJECTS) != objects || count_records(REGION_TEXT) != texts) good = false;
    region_unlock();
    if (!good) FAIL(40);
}

static void killed_at_any_moment(void **state)
{
    (void)state;
    pid_t workers[WORKERS];
    int kills = test_kills();
    board = test_processes_board(sizeof *board);
    pid_t keeper = start_keeper();
    for (int i = 0; i < WORKERS; i++) workers[i] = start_worker((uint32_t)i);
    assert_all_move(workers);
    for (int i = 0; i < kills; i++) {
        int victim = rand() % WORKERS;
        nanosleep(&(struct timespec){.tv_nsec = rand() % 5000000}, NULL);
        test_process_kill(workers[victim]);
        workers[victim] = start_worker((uint32_t)victim);
        if (i % 50 == 0) assert_all_move(workers);
    }
    assert_all_move(workers);
    for (int i = 0; i < WORKERS; i++) test_process_kill(workers[i]);
    test_process_kill(keeper);
    test_process_finish(test_process_start(check_nothing_is_left));
    assert_true(atomic_load(&board->committed) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(killed_at_any_moment)};
    return cmocka_run_group_tests(tests, test_processes_setup, test_processes_teardown);
}
