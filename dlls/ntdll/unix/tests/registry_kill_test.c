// The registry's store between processes that are killed while they write: what was committed is there,
// whole, and the others go on.
#include "dlls/ntdll/unix/registry_record.h"
#include "guest_constants.h"
#include "test_processes.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { WRITERS = 4, PADDING_MAX = 6000 };

// What the processes of a test tell each other beside the store.
static struct board {
    _Atomic uint32_t done[WRITERS];     // commits that a writer has seen succeed
    _Atomic uint32_t attempts[WRITERS]; // and those that it has begun
} * board;

static int setup(void **state)
{
    board = test_processes_board(sizeof *board);
    return test_processes_setup(state);
}

// A writer's two values always hold one number, in records that lie far apart and change their size.
struct count {
    uint32_t writer, number;
};

enum which { FIRST = 0x4E00, SECOND = 0x5E00 };

// Long enough that the records' keys are cut.
static struct units value_name(enum which which, uint32_t writer, uint16_t name[300])
{
    for (int i = 0; i < 300; i++) name[i] = (uint16_t)(which + writer);
    return (struct units){name, 300};
}

static NTSTATUS put(struct registry_view *view, const struct count *count, enum which which, size_t padding)
{
    static uint8_t data[sizeof count->number + PADDING_MAX];
    uint16_t name[300];
    memcpy(data, &count->number, sizeof count->number);
    memset(data + sizeof count->number, (int)count->number, padding);
    return value_set(view, KEY_ID_ROOT, value_name(which, count->writer, name), REG_BINARY,
                     (struct store_bytes){data, sizeof count->number + padding});
}

static NTSTATUS write_both(struct registry_view *view, void *context)
{
    struct count *count = context;
    NTSTATUS status = put(view, count, FIRST, count->number * 37 % PADDING_MAX);
    return status ? status : put(view, count, SECOND, count->number * 11 % 100);
}

// The number of one value, and that its padding is what was written with it.
static NTSTATUS get(struct registry_view *view, const struct count *count, enum which which, uint32_t *number)
{
    struct value_info value;
    uint16_t name[300];
    NTSTATUS status = value_get(view, KEY_ID_ROOT, value_name(which, count->writer, name), &value);
    if (status) return status;
    if (value.data.size < sizeof *number) return STATUS_UNSUCCESSFUL;
    memcpy(number, value.data.data, sizeof *number);
    const uint8_t *padding = (const uint8_t *)value.data.data + sizeof *number;
    for (size_t i = 0; i < value.data.size - sizeof *number; i++)
        if (padding[i] != (uint8_t)*number) return STATUS_UNSUCCESSFUL;
    return STATUS_SUCCESS;
}

static NTSTATUS read_both(struct registry_view *view, void *context)
{
    struct count *count = context;
    uint32_t second = 0;
    count->number = 0;
    NTSTATUS status = get(view, count, FIRST, &count->number);
    NTSTATUS other = get(view, count, SECOND, &second);
    if (other != status || second != count->number) return STATUS_UNSUCCESSFUL;
    return status == STATUS_OBJECT_NAME_NOT_FOUND ? STATUS_SUCCESS : status;
}

// A writer's number: the last that it saw committed, or the one under way when it was killed.
static uint32_t count_of(uint32_t writer)
{
    struct count count = {.writer = writer};
    uint32_t done = atomic_load(&board->done[writer]);
    if (registry_read(read_both, &count)) _exit(3);
    if (count.number < done || count.number > atomic_load(&board->attempts[writer])) _exit(4);
    return count.number;
}

static void check_all(void)
{
    for (uint32_t writer = 0; writer < WRITERS; writer++) count_of(writer);
}

static uint32_t next_writer; // which one start_writer's process is

// Goes on where the one before it was killed.
static void write_for_ever(void)
{
    uint32_t writer = next_writer;
    check_all();
    struct count count = {.writer = writer, .number = count_of(writer)};
    for (;;) {
        count.number++;
        atomic_store(&board->attempts[writer], count.number);
        if (registry_write(WRITE_KEPT, write_both, &count)) _exit(5);
        atomic_store(&board->done[writer], count.number);
        count_of((uint32_t)rand() % WRITERS);
    }
}

static pid_t start_writer(uint32_t writer)
{
    next_writer = writer;
    return test_process_start(write_for_ever);
}

static void await_commit(uint32_t writer, uint32_t before)
{
    for (int i = 0; i < 20000 && atomic_load(&board->done[writer]) == before; i++) test_nap();
    assert_true(atomic_load(&board->done[writer]) != before);
}

// While it starts, waits, writes or reads: the others commit, and who comes anew finds all that was
// committed.
static void killed_at_any_moment(void **state)
{
    (void)state;
    int kills = test_kills();
    pid_t writers[WRITERS];
    for (uint32_t i = 0; i < WRITERS; i++) writers[i] = start_writer(i);
    for (int i = 0; i < kills; i++) {
        uint32_t victim = (uint32_t)rand() % WRITERS;
        uint32_t other = (victim + 1 + (uint32_t)rand() % (WRITERS - 1)) % WRITERS;
        nanosleep(&(struct timespec){.tv_nsec = rand() % 3000000}, NULL);
        uint32_t before = atomic_load(&board->done[other]);
        test_process_kill(writers[victim]);
        await_commit(other, before);
        writers[victim] = start_writer(victim);
    }
    for (uint32_t i = 0; i < WRITERS; i++) test_process_kill(writers[i]);
    test_process_finish(test_process_start(check_all));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(killed_at_any_moment)};
    return cmocka_run_group_tests(tests, setup, test_processes_teardown);
}
