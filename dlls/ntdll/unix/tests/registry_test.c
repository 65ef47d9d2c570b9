// The registry's store: records, long names and their twins, order, volatile keys, growth, damage.
#include "guest_constants.h"
#include "loader/sanitizer.h"
#include "loader/signals.h"
#include "registry_edit.h"
#include <setjmp.h>
#include <stdarg.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
// cmocka's header needs what is above.
#include <cmocka.h>
#ifdef SANITIZER_ADDRESS
#include <sanitizer/lsan_interface.h>
#endif

// Long names that begin alike are all twins here.
uint64_t registry_name_hash(const uint16_t *upper, uint32_t count)
{
    (void)upper, (void)count;
    return 42;
}

static char kept[64], transient[64];

static void fresh_store(size_t map_size)
{
    snprintf(kept, sizeof kept, "/tmp/registry-kept-XXXXXX");
    snprintf(transient, sizeof transient, "/tmp/registry-volatile-XXXXXX");
    assert_non_null(mkdtemp(kept));
    assert_non_null(mkdtemp(transient));
    registry_store_use(kept, transient, map_size);
}

static void remove_store(void)
{
    static const char *const files[] = {"data.mdb", "lock.mdb"};
    char path[128];
    registry_store_use("", "", 1 << 20);
    for (unsigned i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", kept, files[i]);
        unlink(path);
        snprintf(path, sizeof path, "%s/%s", transient, files[i]);
        unlink(path);
    }
    rmdir(kept);
    rmdir(transient);
}

struct work {
    key_id key;
    uint16_t name[400];
    uint32_t name_count;
    uint8_t *data;
    size_t size;
    uint32_t type;
    uint32_t n;
    key_id found;
};

static NTSTATUS find_machine(struct registry_view *view, void *context)
{
    struct work *work = context;
    return child_find(view, KEY_ID_ROOT, (struct units){u"machine", 7}, &work->key);
}

static NTSTATUS set_values(struct registry_view *view, void *context)
{
    struct work *work = context;
    NTSTATUS status = STATUS_SUCCESS;
    // Names that differ only behind what a key can hold.
    for (uint32_t i = 0; i < work->n && !status; i++) {
        for (uint32_t j = 0; j < 600 / 2; j++) work->name[j] = 0x4E00;
        work->name[299] = (uint16_t)(0x4E00 + i);
        status = value_set(view, work->key, (struct units){work->name, 300}, REG_DWORD,
                           (struct store_bytes){&i, 4});
    }
    return status;
}

static NTSTATUS get_values(struct registry_view *view, void *context)
{
    struct work *work = context;
    for (uint32_t i = 0; i < work->n; i++) {
        struct value_info value;
        work->name[299] = (uint16_t)(0x4E00 + i);
        NTSTATUS status = value_get(view, work->key, (struct units){work->name, 300}, &value);
        if (i == work->type) {
            if (status != STATUS_OBJECT_NAME_NOT_FOUND) return STATUS_UNSUCCESSFUL;
            continue;
        }
        if (status) return status;
        uint32_t number;
        memcpy(&number, value.data.data, 4);
        if (number != i || value.order != i) return STATUS_UNSUCCESSFUL;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS delete_value(struct registry_view *view, void *context)
{
    struct work *work = context;
    work->name[299] = (uint16_t)(0x4E00 + work->type);
    return value_delete(view, work->key, (struct units){work->name, 300});
}

static void test_twins(void **state)
{
    (void)state;
    struct work work = {.n = 20, .type = ~0u};
    fresh_store(1 << 20);
    assert_int_equal(registry_read(find_machine, &work), STATUS_SUCCESS);
    assert_int_equal(registry_write(WRITE_KEPT, set_values, &work), STATUS_SUCCESS);
    assert_int_equal(registry_read(get_values, &work), STATUS_SUCCESS);
    work.type = 7;
    assert_int_equal(registry_write(WRITE_KEPT, delete_value, &work), STATUS_SUCCESS);
    assert_int_equal(registry_read(get_values, &work), STATUS_SUCCESS);
    remove_store();
}

static NTSTATUS set_big(struct registry_view *view, void *context)
{
    struct work *work = context;
    return value_set(view, work->key, (struct units){u"big", 3}, REG_BINARY,
                     (struct store_bytes){work->data, work->size});
}

static NTSTATUS get_big(struct registry_view *view, void *context)
{
    struct work *work = context;
    struct value_info value;
    NTSTATUS status = value_get(view, work->key, (struct units){u"BIG", 3}, &value);
    if (status) return status;
    return value.data.size == work->size && !memcmp(value.data.data, work->data, work->size)
               ? STATUS_SUCCESS
               : STATUS_UNSUCCESSFUL;
}

static void test_growth(void **state)
{
    (void)state;
    struct work work = {.size = 9 << 20};
    work.data = malloc(work.size);
    memset(work.data, 0x5A, work.size);
    fresh_store(1 << 20);
    assert_int_equal(registry_read(find_machine, &work), STATUS_SUCCESS);
    assert_int_equal(registry_write(WRITE_KEPT, set_big, &work), STATUS_SUCCESS);
    assert_int_equal(registry_read(get_big, &work), STATUS_SUCCESS);
    free(work.data);
    remove_store();
}

static NTSTATUS make_volatile(struct registry_view *view, void *context)
{
    struct work *work = context;
    struct key_info info = {.name = {u"Session", 7}};
    return child_create(view, work->key, true, false, &info, &work->found);
}

static NTSTATUS find_volatile(struct registry_view *view, void *context)
{
    struct work *work = context;
    return child_find(view, work->key, (struct units){u"SESSION", 7}, &work->found);
}

static NTSTATUS delete_found(struct registry_view *view, void *context)
{
    return child_delete(view, ((struct work *)context)->found);
}

static void test_volatile(void **state)
{
    (void)state;
    struct work work = {0};
    fresh_store(1 << 20);
    assert_int_equal(registry_read(find_machine, &work), STATUS_SUCCESS);
    assert_int_equal(registry_read(find_volatile, &work), STATUS_OBJECT_NAME_NOT_FOUND);
    assert_int_equal(registry_write(WRITE_KEPT | WRITE_VOLATILE, make_volatile, &work), STATUS_SUCCESS);
    key_id made = work.found;
    assert_int_equal(registry_read(find_volatile, &work), STATUS_SUCCESS);
    assert_true(work.found == made && store_of(made) == STORE_VOLATILE);
    // As another process: the body of a read is the first to touch the volatile store.
    registry_store_use(kept, transient, 1 << 20);
    assert_int_equal(registry_read(find_volatile, &work), STATUS_SUCCESS);
    assert_int_equal(registry_write(WRITE_KEPT | WRITE_VOLATILE, delete_found, &work), STATUS_SUCCESS);
    assert_int_equal(registry_read(find_volatile, &work), STATUS_OBJECT_NAME_NOT_FOUND);
    remove_store();
}

static NTSTATUS walk_all(struct registry_view *view, key_id key);

static bool walk_child(struct units name, key_id id, void *context)
{
    (void)name;
    walk_all(context, id);
    return true;
}

static bool walk_value(const struct value_info *value, void *context)
{
    *(uint32_t *)context += value->type;
    return true;
}

static NTSTATUS walk_all(struct registry_view *view, key_id key)
{
    uint32_t sum = 0;
    values_each(view, key, walk_value, &sum);
    children_each(view, key, walk_child, view);
    return STATUS_SUCCESS;
}

static NTSTATUS walk_body(struct registry_view *view, void *context)
{
    (void)context;
    return walk_all(view, KEY_ID_ROOT);
}

// A damaged store's environment is given up as it stands, since nothing can be closed in it: what LMDB has
// allocated between these is lost on purpose.
static void losses_begin(void)
{
#ifdef SANITIZER_ADDRESS
    __lsan_disable();
#endif
}

static void losses_end(void)
{
#ifdef SANITIZER_ADDRESS
    __lsan_enable();
#endif
}

// A store cut anywhere: each call tells an error or works, and the process lives.
static void test_cuts(void **state)
{
    (void)state;
    char path[128];
    struct stat st;
    struct work work = {.n = 200, .type = ~0u};
    signals_init(); // cmocka has its own handlers
    fresh_store(1 << 20);
    snprintf(path, sizeof path, "%s/data.mdb", kept);
    assert_int_equal(registry_read(find_machine, &work), STATUS_SUCCESS);
    assert_int_equal(registry_write(WRITE_KEPT, set_values, &work), STATUS_SUCCESS);
    assert_int_equal(registry_sync(), STATUS_SUCCESS);
    registry_store_use(kept, transient, 1 << 20);
    assert_int_equal(stat(path, &st), 0);
    uint8_t *whole = malloc((size_t)st.st_size);
    int fd = open(path, O_RDONLY);
    assert_int_equal(read(fd, whole, (size_t)st.st_size), st.st_size);
    close(fd);
    losses_begin();
    for (off_t cut = 1; cut < st.st_size; cut += 1777) {
        fd = open(path, O_RDWR | O_TRUNC);
        assert_int_equal(write(fd, whole, (size_t)cut), cut);
        close(fd);
        registry_read(walk_body, &work);
        registry_write(WRITE_KEPT, set_values, &work);
        registry_store_use(kept, transient, 1 << 20);
    }
    // And under a process that has it open.
    for (off_t cut = 0; cut < st.st_size; cut += 8192) {
        fd = open(path, O_RDWR | O_TRUNC);
        assert_int_equal(write(fd, whole, (size_t)st.st_size), st.st_size);
        assert_int_equal(registry_read(walk_body, &work), STATUS_SUCCESS);
        assert_int_equal(ftruncate(fd, cut), 0);
        close(fd);
        registry_read(walk_body, &work);
        registry_write(WRITE_KEPT, set_values, &work);
        registry_store_use(kept, transient, 1 << 20);
    }
    losses_end();
    // Whole again, it works again.
    fd = open(path, O_RDWR | O_TRUNC);
    assert_int_equal(write(fd, whole, (size_t)st.st_size), st.st_size);
    close(fd);
    assert_int_equal(registry_read(get_values, &work), STATUS_SUCCESS);
    free(whole);
    remove_store();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_twins),
        cmocka_unit_test(test_growth),
        cmocka_unit_test(test_volatile),
        cmocka_unit_test(test_cuts),
    };
    signals_init_thread(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
