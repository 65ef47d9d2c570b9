// Atoms that processes share: names found without the lock while others change them, and processes killed at
// any moment.
#include "dlls/ntdll/unix/shared_atom.h"
#include "dlls/ntdll/unix/region_layout.h"
#include "guest_constants.h"
#include "test_processes.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct board {
    _Atomic uint32_t count, atom;
} * board;

static int setup(void **state)
{
    board = test_processes_board(sizeof *board);
    return test_processes_setup(state);
}

static struct atom_name name_of(const char *text)
{
    struct atom_name name = {.length = (uint32_t)strlen(text)};
    for (uint32_t i = 0; i < name.length; i++) name.units[i] = (uint8_t)text[i];
    return name;
}

static struct atom_name numbered(int number)
{
    char text[32];
    snprintf(text, sizeof text, "a name, %d", number);
    return name_of(text);
}

static void check(bool good, int line)
{
    if (good) return;
    fprintf(stderr, "line %d\n", line);
    _exit(3);
}
#define MUST(condition) check(condition, __LINE__)

static void add(void)
{
    uint16_t atom = 0, again = 0, user = 0;
    struct atom_name name = name_of("Shared");
    MUST(shared_atom_add(SHARED_ATOM_GLOBAL, &name, &atom) == STATUS_SUCCESS && atom > ATOM_FIRST);
    MUST(shared_atom_add(SHARED_ATOM_GLOBAL, &name, &again) == STATUS_SUCCESS && again == atom);
    MUST(shared_atom_add(SHARED_ATOM_USER, &name, &user) == STATUS_SUCCESS && user != atom);
    atomic_store(&board->atom, atom);
}

static void find_and_delete(void)
{
    uint16_t atom = 0, wanted = (uint16_t)atomic_load(&board->atom);
    struct atom_name other_case = name_of("SHARED"), found;
    MUST(shared_atom_find(SHARED_ATOM_GLOBAL, &other_case, &atom) == STATUS_SUCCESS && atom == wanted);
    MUST(shared_atom_name(SHARED_ATOM_GLOBAL, atom, &found) == STATUS_SUCCESS);
    MUST(found.length == 6 && found.units[1] == 'h' && found.references == 2);
    MUST(shared_atom_name(SHARED_ATOM_USER, atom, &found) == STATUS_INVALID_HANDLE);
    MUST(shared_atom_delete(SHARED_ATOM_GLOBAL, atom) == STATUS_SUCCESS);
    MUST(shared_atom_name(SHARED_ATOM_GLOBAL, atom, &found) == STATUS_SUCCESS && found.references == 1);
    MUST(shared_atom_delete(SHARED_ATOM_GLOBAL, atom) == STATUS_SUCCESS);
    MUST(shared_atom_delete(SHARED_ATOM_GLOBAL, atom) == STATUS_INVALID_HANDLE);
    MUST(shared_atom_find(SHARED_ATOM_GLOBAL, &other_case, &atom) == STATUS_OBJECT_NAME_NOT_FOUND);
    MUST(shared_atom_find(SHARED_ATOM_USER, &other_case, &atom) == STATUS_SUCCESS && atom != wanted);
}

// What a process left stays when it ends, with its references.
static void atoms_outlive_their_makers(void **state)
{
    (void)state;
    test_process_finish(test_process_start(add));
    test_process_finish(test_process_start(find_and_delete));
}

static void integers(void)
{
    struct atom_name name;
    uint32_t value = 0;
    uint16_t text[] = {'#', '4', '9', '1', '5', '2'};
    MUST(shared_atom_name(SHARED_ATOM_GLOBAL, 123, &name) == STATUS_SUCCESS && name.length == 4);
    MUST(name.units[0] == '#' && name.units[3] == '3');
    MUST(shared_atom_name(SHARED_ATOM_GLOBAL, 0, &name) == STATUS_INVALID_PARAMETER);
    MUST(shared_atom_delete(SHARED_ATOM_GLOBAL, 123) == STATUS_SUCCESS);
    MUST(atom_name_kind(text, 6, &value) == ATOM_NAME_INVALID);
    text[5] = '1';
    MUST(atom_name_kind(text, 6, &value) == ATOM_NAME_INTEGER && value == 0xBFFF);
    text[5] = 'x';
    MUST(atom_name_kind(text, 6, &value) == ATOM_NAME_TEXT);
}

static void integer_atoms_stand_for_themselves(void **state)
{
    (void)state;
    test_process_finish(test_process_start(integers));
}

// A name that always exists is always found and read whole, whatever happens around it.
static void change_atoms(void)
{
    uint16_t constant, atom;
    struct atom_name stays = name_of("this one stays"), name, found;
    MUST(shared_atom_add(SHARED_ATOM_GLOBAL, &stays, &constant) == STATUS_SUCCESS);
    for (;;) {
        name = numbered(rand() % 50);
        MUST(shared_atom_add(SHARED_ATOM_GLOBAL, &name, &atom) == STATUS_SUCCESS && atom != constant);
        if (shared_atom_name(SHARED_ATOM_GLOBAL, atom, &found) == STATUS_SUCCESS)
            MUST(found.length >= 9 && found.units[0] == 'a');
        MUST(shared_atom_find(SHARED_ATOM_GLOBAL, &stays, &atom) == STATUS_SUCCESS && atom == constant);
        if (shared_atom_find(SHARED_ATOM_GLOBAL, &name, &atom) == STATUS_SUCCESS)
            shared_atom_delete(SHARED_ATOM_GLOBAL, atom);
        atomic_fetch_add(&board->count, 1);
    }
}

static void check_chains(void)
{
    struct atom_name name, found;
    uint16_t atom;
    for (int i = 0; i < 50; i++) {
        name = numbered(i);
        while (shared_atom_find(SHARED_ATOM_GLOBAL, &name, &atom) == STATUS_SUCCESS) {
            MUST(shared_atom_name(SHARED_ATOM_GLOBAL, atom, &found) == STATUS_SUCCESS);
            MUST(found.length == name.length);
            MUST(shared_atom_delete(SHARED_ATOM_GLOBAL, atom) == STATUS_SUCCESS);
        }
    }
    name = name_of("this one stays");
    MUST(shared_atom_find(SHARED_ATOM_GLOBAL, &name, &atom) == STATUS_SUCCESS);
    MUST(shared_atoms_list(SHARED_ATOM_GLOBAL, &atom, 1) == 1); // nothing that no name leads to
}

static void killed_at_any_moment(void **state)
{
    (void)state;
    enum { WORKERS = 3 };
    pid_t workers[WORKERS];
    int kills = test_kills();
    for (int i = 0; i < WORKERS; i++) workers[i] = test_process_start(change_atoms);
    for (int i = 0; i < kills; i++) {
        uint32_t before = atomic_load(&board->count);
        nanosleep(&(struct timespec){.tv_nsec = 1000000 + rand() % 2000000}, NULL);
        test_process_kill(workers[i % WORKERS]);
        for (int wait = 0; wait < 20000 && atomic_load(&board->count) == before; wait++) test_nap();
        assert_true(atomic_load(&board->count) != before);
        workers[i % WORKERS] = test_process_start(change_atoms);
    }
    for (int i = 0; i < WORKERS; i++) test_process_kill(workers[i]);
    test_process_finish(test_process_start(check_chains));
}

enum { MANY = 8200 }; // more than half of what there can be

static void fill(void)
{
    uint16_t atom;
    for (int i = 0; i < MANY; i++) {
        struct atom_name name = numbered(i);
        MUST(shared_atom_add(SHARED_ATOM_USER, &name, &atom) == STATUS_SUCCESS);
    }
}

static void fill_and_wait(void)
{
    fill();
    atomic_store(&board->atom, 1);
    for (;;) test_nap();
}

static void find_first(void)
{
    uint16_t atom;
    struct atom_name name = numbered(0);
    MUST(shared_atom_find(SHARED_ATOM_USER, &name, &atom) == STATUS_SUCCESS);
}

static void find_none(void)
{
    uint16_t atom;
    MUST(shared_atoms_list(SHARED_ATOM_USER, &atom, 1) == 0);
    fill(); // and there is room again
}

// What dead processes left fills the table for nobody: but while one process lives, nothing goes.
static void a_full_table_is_emptied(void **state)
{
    (void)state;
    atomic_store(&board->atom, 0);
    pid_t holder = test_process_start(fill_and_wait);
    for (int i = 0; i < 20000 && !atomic_load(&board->atom); i++) test_nap();
    test_process_finish(test_process_start(find_first));
    test_process_kill(holder);
    test_process_finish(test_process_start(find_none));
}

static void scribble_and_use(void)
{
    uint16_t atom;
    struct atom_name name = name_of("this one stays"), found;
    for (int i = 0; i < REGION_ATOM_BUCKETS; i++) atomic_store(&region->atom_buckets[i], i % 2 ? ~0u : 1u);
    for (uint32_t i = 1; i < region_records_end(REGION_ATOMS); i++)
        memset(region_record(REGION_ATOMS, i), 1, 576);
    shared_atom_find(SHARED_ATOM_GLOBAL, &name, &atom);
    for (uint32_t i = 0; i < 100; i++) shared_atom_name(0x01010101, (uint16_t)(ATOM_FIRST + i), &found);
    shared_atom_add(SHARED_ATOM_GLOBAL, &name, &atom);
    shared_atom_delete(0x01010101, ATOM_FIRST + 1);
}

static void scribbling_hangs_nobody(void **state)
{
    (void)state;
    test_process_finish(test_process_start(scribble_and_use));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(atoms_outlive_their_makers),
        cmocka_unit_test(integer_atoms_stand_for_themselves),
        cmocka_unit_test(killed_at_any_moment),
        cmocka_unit_test(a_full_table_is_emptied),
        cmocka_unit_test(scribbling_hangs_nobody),
    };
    return cmocka_run_group_tests(tests, setup, test_processes_teardown);
}
