// The 64-bit side of interface 15 (thunks/test.h). It does simple things to its arguments, so that whoever
// calls sees whether they arrived. Linked into a test build of lowland it registers itself.
#include "test_host.h"
#include "loader/gate.h"
#include <string.h>

__attribute__((constructor)) static void register_test_interface(void)
{
    gate_register(&test_thunk_table);
}

void TestEmpty(void) {}

uint32_t TestSum(uint32_t a, uint32_t b, uint32_t c)
{
    return a + 10 * b + 100 * c;
}

int32_t TestShort(int16_t a, uint8_t b, char c, uint8_t d, uint16_t e)
{
    return a + b + (int8_t)c + d + e;
}

char TestNegative(int32_t value)
{
    return (char)-value;
}

int64_t TestWide(int32_t narrow, int64_t wide, uint8_t last)
{
    return narrow * wide + last;
}

float TestFloat(float a, float b)
{
    return a - b;
}

double TestDouble(float a, double b, int32_t c)
{
    return (double)a * b + c;
}

uint32_t TestCdecl(uint32_t a, uint32_t b)
{
    return a - b;
}

uint32_t TestVarargs(uint32_t n, gptr varargs)
{
    uint32_t sum = 0, value;
    for (uint32_t i = 0; i < n && guest_read32(&value, varargs + 4 * i); i++) sum += value;
    return sum;
}

uint32_t TestStructures(TEST_POINT32 point, uint8_t between, TEST_BIG32 big)
{
    return (uint32_t)point.x + (uint32_t)point.y + between + big.numbers[0] + big.numbers[5];
}

TEST_POINT32 TestSwap(TEST_POINT32 point)
{
    return (TEST_POINT32){.x = point.y, .y = point.x};
}

HANDLE32 TestHandle(HANDLE32 handle, HANDLE32 window)
{
    return handle ^ window;
}

uint32_t TestEnum(uint32_t colour, int32_t sign)
{
    return colour == TestGreen && sign == TestMinus ? TestBlue : TestRed;
}

NTSTATUS TestStatus(NTSTATUS status)
{
    return status;
}

NTSTATUS TestIn(const TEST_BIG32 *big, const LARGE_INTEGER32 *number)
{
    return (NTSTATUS)(big->numbers[0] + big->numbers[5] + (number ? (uint32_t)(number->QuadPart >> 32) : 0));
}

NTSTATUS TestOut(NTSTATUS status, uint32_t *number, TEST_POINT32 *point)
{
    *number += 7; // was zero
    if (point) *point = (TEST_POINT32){.x = 8, .y = 9};
    return status;
}

NTSTATUS TestOutAlways(NTSTATUS status, uint32_t *number)
{
    *number = 7;
    return status;
}

NTSTATUS TestInOut(NTSTATUS status, TEST_POINT32 *point, uint32_t *number)
{
    *point = TestSwap(*point);
    if (number) ++*number;
    return status;
}

NTSTATUS TestArray(uint32_t n, const HANDLE32 *handles)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < n; i++) sum += handles[i];
    return (NTSTATUS)sum;
}

NTSTATUS TestOptArray(const uint32_t *numbers, uint32_t n)
{
    return numbers ? TestArray(2 * n, numbers) : -1;
}

NTSTATUS TestBytes(gptr in, gptr out, uint32_t length)
{
    for (uint32_t i = 0; i < length; i++) {
        uint8_t byte;
        if (!guest_read(&byte, in + i, 1)) return (NTSTATUS)0xC0000005;
        byte ^= 0xFF;
        if (!guest_write(out + i, &byte, 1)) return (NTSTATUS)0xC0000005;
    }
    return 0;
}

uint32_t TestString(gptr text, gptr wide)
{
    return text + wide;
}

uint32_t TestNumber(gptr pointer, gptr function)
{
    return pointer - function;
}

NTSTATUS TestByClass(uint32_t class, gptr buffer, uint32_t length)
{
    uint32_t size = test_class_size(test_call_TestByClass, class);
    if (size == 0) return (NTSTATUS)0xC0000003;
    if (length < size) return (NTSTATUS)0xC0000004;
    return guest_fill(buffer, 0x11, size) ? 0 : (NTSTATUS)0xC0000005;
}

int32_t TestNoStatus(const uint32_t *in, uint32_t *out)
{
    *out = *in + 1;
    return 1;
}

void TestNested(TEST_NESTED32 *nested)
{
    nested->flags.bits.high = nested->flags.bits.low;
    nested->pairs[1].handle = nested->pairs[0].handle;
    nested->high++;
    nested->last = 0xAB;
}

NTSTATUS TestCallBack(gptr function, HANDLE32 handle, gptr context, int64_t *result)
{
    TEST_POINT32 point = {.x = 5, .y = 6};
    return callback_TestBack(function, -1, 0x100000002, -3, 4.5, point, handle, context, result);
}

NTSTATUS TestCallNotify(gptr function)
{
    return callback_TestNotify(function);
}
