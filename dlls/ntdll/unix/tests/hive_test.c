// Hive files: trees of keys go out and come back, and no bytes of a file can do more than fail.
#include "guest_constants.h"
#include "hive_file.h"
#include "registry_edit.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
// cmocka's header needs what is above.
#include <cmocka.h>

enum { KEYS = 700, LARGE = 40000, ROUNDS = 200, LONG_ROUNDS = 8000 };

static char kept[64], transient[64];
static uint8_t large[LARGE];

static int set_up(void **state)
{
    (void)state;
    snprintf(kept, sizeof kept, "/tmp/hive-kept-XXXXXX");
    snprintf(transient, sizeof transient, "/tmp/hive-volatile-XXXXXX");
    if (!mkdtemp(kept) || !mkdtemp(transient)) return -1;
    registry_store_use(kept, transient, 1 << 22);
    for (unsigned i = 0; i < LARGE; i++) large[i] = (uint8_t)(i * 7 + i / 300);
    return 0;
}

static int tear_down(void **state)
{
    static const char *const files[] = {"data.mdb", "lock.mdb"};
    char path[128];
    (void)state;
    registry_store_use("", "", 1 << 20);
    for (unsigned i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/%s", i < 2 ? kept : transient, files[i % 2]);
        unlink(path);
    }
    rmdir(kept);
    rmdir(transient);
    return 0;
}

struct trip {
    bool latest;
    uint8_t *bytes;
    size_t size;
    key_id machine, source, copy;
};

static NTSTATUS make_source(struct registry_view *view, void *context)
{
    struct trip *trip = context;
    struct registry_edit edit = {.view = view};
    NTSTATUS status = child_find(view, KEY_ID_ROOT, (struct units){u"Machine", 7}, &trip->machine);
    if (status) return status;
    const struct units path = {u"HKLM\\HiveTest", 13};
    if (!edit_remove(&edit, path) || !edit_enter(&edit, path)) return edit.status;
    trip->source = edit.key;
    if (!edit_set(&edit, (struct units){u"large", 5}, REG_BINARY, (struct store_bytes){large, LARGE}) ||
        !edit_set(&edit, (struct units){u"\x4e2d", 1}, REG_DWORD, (struct store_bytes){"1234", 4}) ||
        !edit_set(&edit, (struct units){u"", 0}, REG_NONE, (struct store_bytes){"", 0}))
        return edit.status;
    for (unsigned i = 0; i < KEYS && !status; i++) {
        uint16_t name[] = {'k', (uint16_t)('0' + i / 100), (uint16_t)('0' + i / 10 % 10),
                           (uint16_t)('0' + i % 10)};
        struct key_info info = {.name = {name, 4}, .class = {u"class", i % 2 ? 5 : 0}};
        key_id made;
        status = child_create(view, trip->source, false, false, &info, &made);
    }
    return status;
}

static NTSTATUS write_image(struct registry_view *view, void *context)
{
    struct trip *trip = context;
    return hive_write(view, trip->source, trip->latest, &trip->bytes, &trip->size);
}

static NTSTATUS read_image(struct registry_view *view, void *context)
{
    struct trip *trip = context;
    const struct hive_target target = {true, KEY_IN_HIVE};
    return hive_read_key(view, trip->bytes, trip->size, trip->machine, (struct units){u"Loaded", 6}, &target,
                         &trip->copy);
}

static bool count_child(struct units name, key_id id, void *context)
{
    (void)name, (void)id;
    ++*(unsigned *)context;
    return true;
}

static NTSTATUS check_copy(struct registry_view *view, void *context)
{
    struct trip *trip = context;
    struct value_info value;
    struct key_info info;
    key_id child;
    unsigned count = 0;
    NTSTATUS status = value_get(view, trip->copy, (struct units){u"LARGE", 5}, &value);
    if (status || value.data.size != LARGE || memcmp(value.data.data, large, LARGE))
        return STATUS_UNSUCCESSFUL;
    status = value_get(view, trip->copy, (struct units){u"\x4e2d", 1}, &value);
    if (status || value.type != REG_DWORD || memcmp(value.data.data, "1234", 4)) return STATUS_UNSUCCESSFUL;
    children_each(view, trip->copy, count_child, &count);
    if (count != KEYS) return STATUS_UNSUCCESSFUL;
    status = child_find(view, trip->copy, (struct units){u"K123", 4}, &child);
    if (!status) status = key_get(view, child, &info);
    return status || info.class.count != 5 ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS;
}

static NTSTATUS remove_copy(struct registry_view *view, void *context)
{
    struct trip *trip = context;
    NTSTATUS status = registry_remove_below(view, trip->copy);
    return status ? status : child_delete(view, trip->copy);
}

static void trip_with(bool latest)
{
    struct trip trip = {.latest = latest};
    assert_int_equal(registry_write(WRITE_KEPT, make_source, &trip), STATUS_SUCCESS);
    assert_int_equal(registry_read(write_image, &trip), STATUS_SUCCESS);
    assert_int_equal(trip.size % 4096, 0);
    assert_int_equal(registry_write(WRITE_KEPT | WRITE_VOLATILE, read_image, &trip), STATUS_SUCCESS);
    assert_int_equal(registry_read(check_copy, &trip), STATUS_SUCCESS);
    assert_int_equal(registry_write(WRITE_KEPT | WRITE_VOLATILE, remove_copy, &trip), STATUS_SUCCESS);
    free(trip.bytes);
}

static void test_round_trip(void **state)
{
    (void)state;
    trip_with(true);
    trip_with(false);
}

static void fix_checksum(uint8_t *bytes)
{
    uint32_t sum = hive_checksum(bytes);
    memcpy(bytes + BASE_CHECKSUM, &sum, sizeof sum);
}

static void test_damage(void **state)
{
    (void)state;
    struct trip trip = {.latest = true};
    assert_int_equal(registry_write(WRITE_KEPT, make_source, &trip), STATUS_SUCCESS);
    assert_int_equal(registry_read(write_image, &trip), STATUS_SUCCESS);
    uint8_t *good = malloc(trip.size), *whole = trip.bytes;
    size_t size = trip.size;
    const char *length = getenv("LOWLAND_TEST_LENGTH");
    unsigned rounds = length && !strcmp(length, "long") ? LONG_ROUNDS : ROUNDS;
    memcpy(good, trip.bytes, size);
    srand(11);
    for (unsigned round = 0; round < rounds; round++) {
        // An exact buffer, so that a read behind it is seen by the sanitizers.
        trip.size = round % 7 ? size : (size_t)rand() % size;
        trip.bytes = malloc(trip.size + !trip.size);
        memcpy(trip.bytes, good, trip.size);
        for (unsigned i = 0; i < 4 && trip.size; i++) {
            // The base block and the first cells, where the structure is, more often than the rest.
            size_t at = (size_t)rand() % (i % 2 && trip.size > 9000 ? 9000 : trip.size);
            trip.bytes[at] = (uint8_t)(rand() % 3 ? rand() : 0xFF);
        }
        if (trip.size >= HIVE_BASE_SIZE) fix_checksum(trip.bytes);
        NTSTATUS status = registry_write(WRITE_KEPT | WRITE_VOLATILE, read_image, &trip);
        if (!status) status = registry_write(WRITE_KEPT | WRITE_VOLATILE, remove_copy, &trip);
        assert_true(status == STATUS_SUCCESS || status == STATUS_REGISTRY_CORRUPT ||
                    status == STATUS_NOT_REGISTRY_FILE || status == STATUS_INVALID_PARAMETER);
        free(trip.bytes);
    }
    free(good);
    free(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_round_trip), cmocka_unit_test(test_damage)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
