// The unpackers of thunks/test.h, called as the mode switch calls them: with arguments on a stack below 4 GB.
// The rest of the loader is stood in for here.
#include "loader/gate.h"
#include "test_host.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <cmocka.h>

#define MEMORY_SIZE       4096u
#define ACCESS_VIOLATION  0xC0000005u
#define INVALID_PARAMETER 0xC000000Du

static const struct thunk_table *table;
static uint8_t *memory; // what the guest has; nothing else is readable
static unsigned reads;

void gate_register(const struct thunk_table *registered)
{
    table = registered;
}

static bool is_guest(gptr address, size_t n)
{
    uintptr_t base = (uintptr_t)memory;
    return address >= base && address - base <= MEMORY_SIZE && n <= MEMORY_SIZE - (address - base);
}

bool guest_read(void *dst, gptr src, size_t n)
{
    reads++;
    if (!is_guest(src, n)) return n == 0;
    memcpy(dst, guest_ptr(src), n);
    return true;
}

bool guest_write(gptr dst, const void *src, size_t n)
{
    if (!is_guest(dst, n)) return n == 0;
    memcpy(guest_ptr(dst), src, n);
    return true;
}

bool guest_fill(gptr dst, int byte, size_t n)
{
    if (!is_guest(dst, n)) return n == 0;
    memset(guest_ptr(dst), byte, n);
    return true;
}

bool guest_probe_write(gptr address, size_t n)
{
    return is_guest(address, n) || n == 0;
}

// What the last callback got.
static gptr called;
static uint32_t called_slots[64];
static unsigned called_n;

NTSTATUS guest_call(gptr function, const uint32_t *args, unsigned slots, uint64_t *result)
{
    called = function;
    called_n = slots;
    if (slots) memcpy(called_slots, args, slots * sizeof *args);
    *result = 0x123456789ABCDEF0;
    return function ? 0 : (NTSTATUS)0xC00000FD;
}

// The guest's stack is the start of its memory, variables lie from VARIABLES on.
enum { VARIABLES = 1024 };

static gptr variable(unsigned offset)
{
    return (gptr)(uintptr_t)memory + VARIABLES + offset;
}

static uint64_t call_slots(unsigned number, const uint32_t *slots, unsigned n)
{
    memcpy(memory, slots, n * sizeof *slots);
    return table->functions[number]((gptr)(uintptr_t)memory);
}

#define CALL_TEST(name, ...)                                                                                 \
    call_slots(test_call_##name, (const uint32_t[]){__VA_ARGS__}, sizeof((uint32_t[]){__VA_ARGS__}) / 4)

static uint32_t peek(unsigned offset)
{
    uint32_t value;
    memcpy(&value, memory + VARIABLES + offset, 4);
    return value;
}

static void poke(unsigned offset, uint32_t value)
{
    memcpy(memory + VARIABLES + offset, &value, 4);
}

static int set_up(void **state)
{
    (void)state;
    if (!memory) {
        memory =
            mmap(NULL, MEMORY_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    }
    if (memory == MAP_FAILED) return -1;
    memset(memory, 0xEE, MEMORY_SIZE);
    reads = 0;
    return 0;
}

static void numbers_arrive(void **state)
{
    (void)state;
    assert_int_equal(CALL_TEST(TestSum, 1, 2, 3), 321);
    // What is above a short number in its slot is garbage.
    assert_int_equal(
        (int32_t)CALL_TEST(TestShort, 0xABCDFFFF, 0xABCDEFFF, 0xABCDEFFE, 0xABCDEF01, 0xABCD8000),
        -1 + 255 - 2 + 1 + 0x8000);
    assert_int_equal(CALL_TEST(TestNegative, 5), 0xFFFFFFFB);
    assert_true(CALL_TEST(TestWide, (uint32_t)-2, 0, 1, 0x77) == (uint64_t)(-0x200000000 + 0x77));
    assert_int_equal(CALL_TEST(TestCdecl, 9, 4), 5);
    assert_int_equal(CALL_TEST(TestVarargs, 3, 10, 20, 30, 40), 60);
    assert_int_equal(CALL_TEST(TestHandle, 0xF0, 0xFF), 0x0F);
    assert_int_equal(CALL_TEST(TestEnum, TestGreen, (uint32_t)-1), TestBlue);
    assert_int_equal(CALL_TEST(TestStatus, ACCESS_VIOLATION), ACCESS_VIOLATION);
}

static void floats_arrive(void **state)
{
    (void)state;
    float a = 2.5f, b = 1.25f, small;
    uint32_t slots[4];
    memcpy(slots, &a, 4);
    memcpy(slots + 1, &b, 4);
    uint64_t bits = call_slots(test_call_TestFloat, slots, 2);
    memcpy(&small, &bits, 4);
    assert_true(small == 1.25f && bits >> 32 == 0);
    double c = 4.0, large;
    memcpy(slots + 1, &c, 8);
    slots[3] = (uint32_t)-1;
    bits = call_slots(test_call_TestDouble, slots, 4);
    memcpy(&large, &bits, 8);
    assert_true(large == 9.0);
}

static void structures_arrive(void **state)
{
    (void)state;
    assert_int_equal(CALL_TEST(TestStructures, 1, 2, 0xFFFFFF03, 4, 0, 0, 0, 0, 5), 15);
    assert_true(CALL_TEST(TestSwap, 1, 2) == 0x100000002);
}

static void empty_call_reads_nothing(void **state)
{
    (void)state;
    table->functions[test_call_TestEmpty](0);
    assert_int_equal(reads, 0);
    table->functions[test_call_TestSum]((gptr)(uintptr_t)memory);
    assert_int_equal(reads, 1);
}

static void unreadable_stack_fails(void **state)
{
    (void)state;
    assert_int_equal(table->functions[test_call_TestStatus](8), ACCESS_VIOLATION);
    assert_int_equal(table->functions[test_call_TestSum](8), 0);
}

static void in_is_captured(void **state)
{
    (void)state;
    poke(0, 11);
    poke(20, 22);
    poke(32, 0);
    poke(36, 33);
    assert_int_equal(CALL_TEST(TestIn, variable(0), 0), 33);
    assert_int_equal(CALL_TEST(TestIn, variable(0), variable(32)), 66);
    assert_int_equal(CALL_TEST(TestIn, 0, 0), ACCESS_VIOLATION);
    assert_int_equal(CALL_TEST(TestIn, variable(0), 4), ACCESS_VIOLATION);
}

static void out_is_written_unless_error(void **state)
{
    (void)state;
    assert_int_equal(CALL_TEST(TestOut, 0, variable(0), variable(4)), 0);
    assert_int_equal(peek(0), 7);
    assert_int_equal(peek(4), 8);
    assert_int_equal(peek(8), 9);
    assert_int_equal(CALL_TEST(TestOut, 0x40000000, variable(16), 0), 0x40000000);
    assert_int_equal(peek(16), 7);
    assert_int_equal(CALL_TEST(TestOut, 0x80000005, variable(20), 0), 0x80000005); // a warning
    assert_int_equal(peek(20), 7);
    assert_int_equal(CALL_TEST(TestOut, 0xC0000001, variable(24), 0), 0xC0000001);
    assert_int_equal(peek(24), 0xEEEEEEEE);
    assert_int_equal(CALL_TEST(TestOut, 0, 0, 0), ACCESS_VIOLATION);
    assert_int_equal(CALL_TEST(TestOut, 0, variable(0), 12), ACCESS_VIOLATION);
    assert_int_equal(CALL_TEST(TestOutAlways, 0xC0000001, variable(28)), 0xC0000001);
    assert_int_equal(peek(28), 7);
}

static void inout_goes_both_ways(void **state)
{
    (void)state;
    poke(0, 1);
    poke(4, 2);
    poke(8, 41);
    assert_int_equal(CALL_TEST(TestInOut, 0, variable(0), variable(8)), 0);
    assert_int_equal(peek(0), 2);
    assert_int_equal(peek(4), 1);
    assert_int_equal(peek(8), 42);
    assert_int_equal(CALL_TEST(TestInOut, 0xC0000001, variable(0), 0), 0xC0000001);
    assert_int_equal(peek(0), 2);
    assert_int_equal(CALL_TEST(TestInOut, 0, 0, 0), ACCESS_VIOLATION);
}

static void arrays_have_limits(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 64; i++) poke(4 * i, i);
    assert_int_equal(CALL_TEST(TestArray, 3, variable(0)), 3);
    assert_int_equal(CALL_TEST(TestArray, 64, variable(0)), 63 * 32);
    assert_int_equal(CALL_TEST(TestArray, 65, variable(0)), INVALID_PARAMETER);
    assert_int_equal(CALL_TEST(TestArray, 0xFFFFFFFF, variable(0)), INVALID_PARAMETER);
    assert_int_equal(CALL_TEST(TestArray, 0, 0), 0);
    assert_int_equal(CALL_TEST(TestArray, 1, 0), ACCESS_VIOLATION);
    assert_int_equal(CALL_TEST(TestOptArray, variable(0), 2), 6);
    assert_int_equal(CALL_TEST(TestOptArray, 0, 2), 0xFFFFFFFF);
    assert_int_equal(CALL_TEST(TestOptArray, variable(0), 3), INVALID_PARAMETER);
}

static void buffers_stay_in_place(void **state)
{
    (void)state;
    poke(0, 0x01020304);
    assert_int_equal(CALL_TEST(TestBytes, variable(0), variable(8), 4), 0);
    assert_int_equal(peek(8), 0xFEFDFCFB);
    assert_int_equal(CALL_TEST(TestBytes, 0, variable(8), 4), ACCESS_VIOLATION);
    assert_int_equal(CALL_TEST(TestString, 5, 6), 11);
    assert_int_equal(CALL_TEST(TestNumber, 9, 6), 3);
    assert_int_equal(CALL_TEST(TestByClass, 3, variable(16), 8), 0);
    assert_int_equal(peek(20), 0x11111111);
    assert_int_equal(peek(24), 0xEEEEEEEE);
    assert_int_equal(CALL_TEST(TestByClass, TestBlue, variable(16), 8), 0xC0000004);
    assert_int_equal(CALL_TEST(TestByClass, 4, variable(16), 8), 0xC0000003);
}

static void calls_without_status_return_zero(void **state)
{
    (void)state;
    poke(0, 5);
    assert_int_equal(CALL_TEST(TestNoStatus, variable(0), variable(4)), 1);
    assert_int_equal(peek(4), 6);
    assert_int_equal(CALL_TEST(TestNoStatus, 0, variable(4)), 0);
    assert_int_equal(CALL_TEST(TestNoStatus, variable(0), 0), 0);
}

static void callbacks_pack_slots(void **state)
{
    (void)state;
    double d = 4.5, packed;
    assert_int_equal(CALL_TEST(TestCallBack, 0x1000, 0x44, 0x2000, variable(0)), 0);
    assert_int_equal(called, 0x1000);
    assert_int_equal(called_n, 10);
    const uint32_t expected[] = {(uint32_t)-1, 2, 1, (uint32_t)-3};
    assert_memory_equal(called_slots, expected, sizeof expected);
    memcpy(&packed, called_slots + 4, 8);
    assert_true(packed == d);
    const uint32_t rest[] = {5, 6, 0x44, 0x2000};
    assert_memory_equal(called_slots + 6, rest, sizeof rest);
    assert_int_equal(peek(0), 0x9ABCDEF0);
    assert_int_equal(peek(4), 0x12345678);
    assert_int_equal(CALL_TEST(TestCallBack, 0, 0, 0, variable(0)), 0xC00000FD);
    assert_int_equal(CALL_TEST(TestCallNotify, 0x3000), 0);
    assert_int_equal(called, 0x3000);
    assert_int_equal(called_n, 0);
}

static void tables_describe_calls(void **state)
{
    (void)state;
    assert_int_equal(table->interface_id, 15);
    assert_int_equal(table->count, test_calls_n);
    const struct thunk_call *call = &table->calls[test_call_TestWide];
    assert_string_equal(call->name, "TestWide");
    assert_int_equal(call->slots, 4);
    assert_int_equal(call->params[2].slot, 3);
    assert_int_equal(call->params[1].kind, THUNK_I64);
    call = &table->calls[test_call_TestOut];
    assert_int_equal(call->result, THUNK_STATUS);
    assert_int_equal(call->params[2].direction, THUNK_OUT);
    assert_int_equal(call->params[2].optional, 1);
    assert_string_equal(call->params[2].pointee->fields[1].name, "y");
    assert_int_equal(call->params[2].pointee->fields[1].offset, 4);
    assert_null(call->params[2].pointee->fields[2].name);
    assert_string_equal(call->params[1].pointee->fields[0].name, "");
    call = &table->calls[test_call_TestByClass];
    assert_int_equal(call->params[1].kind, THUNK_BYTES);
    assert_int_equal(call->params[1].extent, 3);
    assert_int_equal(call->params[1].class_param, 1);
    assert_int_equal(table->classes[1].value, TestBlue);
    assert_int_equal(table->classes[1].type->size, 24);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(numbers_arrive, set_up),
        cmocka_unit_test_setup(floats_arrive, set_up),
        cmocka_unit_test_setup(structures_arrive, set_up),
        cmocka_unit_test_setup(empty_call_reads_nothing, set_up),
        cmocka_unit_test_setup(unreadable_stack_fails, set_up),
        cmocka_unit_test_setup(in_is_captured, set_up),
        cmocka_unit_test_setup(out_is_written_unless_error, set_up),
        cmocka_unit_test_setup(inout_goes_both_ways, set_up),
        cmocka_unit_test_setup(arrays_have_limits, set_up),
        cmocka_unit_test_setup(buffers_stay_in_place, set_up),
        cmocka_unit_test_setup(calls_without_status_return_zero, set_up),
        cmocka_unit_test_setup(callbacks_pack_slots, set_up),
        cmocka_unit_test_setup(tables_describe_calls, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
