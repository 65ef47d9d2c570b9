// The handle table, alone and under threads that close what others use; the namespace.
#include "test_threads.h"
#include "dlls/ntdll/unix/shared_object.h"
#include "guest_constants.h"
#include <stdlib.h>
#include <string.h>

static _Atomic int alive;

static void thing_destroy(struct object *object)
{
    atomic_fetch_sub(&alive, 1);
    object_free(object);
}

static const struct object_type thing_type = {.name = "Thing",
                                              .mapping = {.GenericAll = 0xF, .GenericRead = 1},
                                              .valid_access = 0xF,
                                              .destroy = thing_destroy,
                                              .shared_kind = SHARED_KEYED_EVENT};
static const struct object_type other_type = {.name = "Other", .valid_access = 0xF, .destroy = thing_destroy};

static struct object *thing(void)
{
    struct object *object = object_alloc(sizeof *object);
    object_init(object, &thing_type);
    atomic_fetch_add(&alive, 1);
    return object;
}

static HANDLE32 handle_of(struct object *object, uint32_t access, uint32_t attributes)
{
    HANDLE32 handle;
    assert_int_equal(handle_create(object, access, attributes, &handle), STATUS_SUCCESS);
    object_release(object);
    return handle;
}

static void resolving(void **state)
{
    (void)state;
    struct object *object;
    HANDLE32 handle = handle_of(thing(), 3, OBJ_INHERIT);
    assert_int_equal(handle % 4, 0);
    assert_int_equal(handle_resolve(handle, &thing_type, 1, &object), STATUS_SUCCESS);
    object_release(object);
    assert_int_equal(handle_resolve(handle + 3, NULL, 0, &object), STATUS_SUCCESS); // the low bits are free
    object_release(object);
    assert_int_equal(handle_resolve(handle, &other_type, 1, &object), STATUS_OBJECT_TYPE_MISMATCH);
    assert_int_equal(handle_resolve(handle, &thing_type, 4, &object), STATUS_ACCESS_DENIED);
    assert_int_equal(handle_resolve(0, NULL, 0, &object), STATUS_INVALID_HANDLE);
    assert_int_equal(handle_resolve(0xFFFFFFF0, NULL, 0, &object), STATUS_INVALID_HANDLE);
    assert_int_equal(handle_resolve(0x03FFFFFC, NULL, 0, &object), STATUS_INVALID_HANDLE);
    assert_int_equal(handle_set_attributes(handle, OBJ_PROTECT_CLOSE), STATUS_SUCCESS);
    assert_int_equal(handle_close(handle), STATUS_HANDLE_NOT_CLOSABLE);
    assert_int_equal(handle_set_attributes(handle, 0), STATUS_SUCCESS);
    assert_int_equal(handle_close(handle), STATUS_SUCCESS);
    assert_int_equal(handle_close(handle), STATUS_INVALID_HANDLE);
    assert_int_equal(handle_resolve(handle, NULL, 0, &object), STATUS_INVALID_HANDLE);
    assert_int_equal(atomic_load(&alive), 0);
}

static void at_a_value(void **state)
{
    (void)state;
    struct object *object = thing();
    HANDLE32 handles[8];
    assert_int_equal(handle_create_at(0x40, object, 1, 0), STATUS_SUCCESS);
    assert_int_equal(handle_create_at(0x40, object, 1, 0), STATUS_INVALID_HANDLE);
    assert_int_equal(handle_create_at(0, object, 1, 0), STATUS_INVALID_HANDLE);
    for (int i = 0; i < 8; i++) {
        assert_int_equal(handle_create(object, 1, 0, &handles[i]), STATUS_SUCCESS);
        assert_int_not_equal(handles[i], 0x40);
        for (int j = 0; j < i; j++) assert_int_not_equal(handles[i], handles[j]);
    }
    assert_int_equal(handle_count(), 9);
    for (int i = 0; i < 8; i++) assert_int_equal(handle_close(handles[i]), STATUS_SUCCESS);
    assert_int_equal(handle_close(0x40), STATUS_SUCCESS);
    object_release(object);
    assert_int_equal(atomic_load(&alive), 0);
}

static void many(void **state)
{
    (void)state;
    enum { MANY = 200000 };
    HANDLE32 *handles = malloc(MANY * sizeof *handles);
    struct object *object = thing();
    for (int i = 0; i < MANY; i++) assert_int_equal(handle_create(object, 1, 0, &handles[i]), STATUS_SUCCESS);
    for (int i = 0; i < MANY; i++) assert_int_equal(handle_close(handles[i]), STATUS_SUCCESS);
    object_release(object);
    assert_int_equal(atomic_load(&alive), 0);
    free(handles);
}

// Threads resolve and close the same few handle values that others create all the time.
enum { RACERS = 4, ROUNDS = 30000, SHARED = 4 };
static _Atomic HANDLE32 shared[SHARED];

static void race(void *context)
{
    unsigned random = (unsigned)(uintptr_t)context;
    for (int i = 0; i < ROUNDS; i++) {
        random = random * 1103515245 + 12345;
        _Atomic HANDLE32 *slot = &shared[random >> 16 & (SHARED - 1)];
        struct object *object;
        if (random >> 20 & 3) {
            if (handle_resolve(atomic_load(slot), &thing_type, 1, &object) == STATUS_SUCCESS)
                object_release(object);
        } else {
            HANDLE32 old = atomic_exchange(slot, handle_of(thing(), 1, 0));
            if (old) assert_int_equal(handle_close(old), STATUS_SUCCESS);
        }
    }
}

static void races(void **state)
{
    (void)state;
    struct test_thread threads[RACERS];
    for (uintptr_t i = 0; i < RACERS; i++) test_thread_start(&threads[i], race, (void *)(i + 1));
    for (int i = 0; i < RACERS; i++) test_thread_join(&threads[i]);
    for (int i = 0; i < SHARED; i++)
        if (shared[i]) assert_int_equal(handle_close(shared[i]), STATUS_SUCCESS);
    assert_int_equal(atomic_load(&alive), 0);
    assert_int_equal(handle_count(), 0);
}

static uint32_t find(const uint16_t name[3])
{
    region_lock();
    uint32_t index = shared_name_find(REGION_ROOT, name, 3, false);
    region_unlock();
    return index;
}

static void names(void **state)
{
    (void)state;
    static const uint16_t name[] = {'L', 0xE4, 'x'}, upper[] = {'l', 0xC4, 'X'};
    struct object *object = thing();
    region_lock();
    assert_int_equal(shared_object_publish_locked(object, REGION_ROOT, name, 3), STATUS_SUCCESS);
    uint32_t index = atomic_load(&object->shared);
    assert_int_equal(shared_name_find(REGION_ROOT, name, 3, false), index);
    assert_int_equal(shared_name_find(REGION_ROOT, upper, 3, false), 0);
    assert_int_equal(shared_name_find(REGION_ROOT, upper, 3, true), index);
    assert_int_equal(shared_name_find(REGION_ROOT, name, 2, true), 0);
    region_unlock();
    uint32_t length;
    uint16_t *full = object_full_name(object, &length);
    assert_int_equal(length, 4);
    assert_int_equal(full[0], '\\');
    free(full);
    // The name goes with the last handle, and what it held.
    HANDLE32 a, b;
    assert_int_equal(handle_create(object, 1, 0, &a), STATUS_SUCCESS);
    assert_int_equal(handle_create(object, 1, 0, &b), STATUS_SUCCESS);
    object_release(object);
    handle_close(a);
    assert_int_equal(find(name), index);
    handle_close(b);
    assert_int_equal(find(name), 0);
    assert_int_equal(atomic_load(&alive), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resolving), cmocka_unit_test(at_a_value), cmocka_unit_test(many),
        cmocka_unit_test(races),     cmocka_unit_test(names),
    };
    return cmocka_run_group_tests(tests, test_threads_setup, NULL);
}
