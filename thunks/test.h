// Interface 15: every form that a definition can have, for the tests of thunkgen and of the mode switch
// (tools/thunkgen/tests). It is part of test builds only.
#include "define.h"

INTERFACE(test, 15)

// --- layouts that are easy to get wrong

typedef enum { TestRed = 1, TestGreen = 5, TestBlue } TEST_COLOUR;
typedef enum { TestMinus = -1, TestZero } TEST_SIGNED;

typedef struct {
    LONG x, y;
} TEST_POINT;

typedef struct {
    UCHAR a : 3, b : 4, : 0, c : 2;
    ULONG d : 31, e : 2;
    USHORT f : 9;
    UCHAR g;
    ULONGLONG h : 40, i : 24;
} TEST_BITS;

typedef struct _TEST_NESTED {
    CHAR first;
    union {
        LONGLONG wide;
        struct {
            USHORT low;
            ULONG high; // at 4, not at 2
        };
        struct {
            UCHAR bytes[3];
        } named;
    };
    struct {
        HANDLE handle;
        struct _TEST_NESTED *next;
    } pairs[2];
    WCHAR text[3][5];
    TEST_COLOUR colour;
    TEST_SIGNED sign;
    void(WINAPI *function)(int);
    union {
        ULONG all;
        struct {
            ULONG low : 5, high : 27;
        } bits;
    } flags;
    double real;
    UCHAR last; // seven bytes follow
} TEST_NESTED;

#pragma pack(push, 2)
typedef struct {
    UCHAR a;
    ULONGLONG b;
    USHORT c;
} TEST_PACKED;
#pragma pack(pop)

typedef union {
    UCHAR bit : 1;
    USHORT number;
} TEST_UNION;

typedef struct {
    ULONG n;
    struct {
        ULONG key;
        UCHAR value;
    } entries[1];
} TEST_LIST;

typedef struct {
    ULONG length;
    WCHAR name[];
} TEST_TAIL;

typedef struct {
    ULONG numbers[6];
} TEST_BIG;

TYPE(TEST_BITS)
TYPE(TEST_PACKED)
TYPE(TEST_UNION)
TYPE(TEST_LIST)
TYPE(TEST_TAIL)
TYPE(ACCESS_MASK)

// --- values

CALL void TestEmpty(void);
CALL ULONG TestSum(ULONG a, ULONG b, ULONG c);
CALL LONG TestShort(SHORT a, UCHAR b, CHAR c, BOOLEAN d, WCHAR e);
CALL CHAR TestNegative(LONG value);
CALL LONGLONG TestWide(LONG narrow, LONGLONG wide, UCHAR last);
CALL float TestFloat(float a, float b);
CALL double TestDouble(float a, double b, LONG c);
CDECL_CALL ULONG TestCdecl(ULONG a, ULONG b);
CALL_VARARGS ULONG TestVarargs(ULONG n, ...);
CALL ULONG TestStructures(TEST_POINT point, UCHAR between, TEST_BIG big);
CALL TEST_POINT TestSwap(TEST_POINT point);
CALL HANDLE TestHandle(HANDLE handle, HWND window);
CALL TEST_COLOUR TestEnum(TEST_COLOUR colour, TEST_SIGNED sign);
CALL NTSTATUS TestStatus(NTSTATUS status);

// --- pointers

CALL NTSTATUS TestIn(IN TEST_BIG *big, OPT IN LARGE_INTEGER *number);
CALL NTSTATUS TestOut(NTSTATUS status, OUT ULONG *number, OPT OUT TEST_POINT *point);
CALL NTSTATUS TestOutAlways(NTSTATUS status, OUT_ALWAYS ULONG *number);
CALL NTSTATUS TestInOut(NTSTATUS status, INOUT TEST_POINT *point, OPT INOUT ULONG *number);
CALL NTSTATUS TestArray(ULONG n, IN_ARRAY(n, MAXIMUM_WAIT_OBJECTS) const HANDLE *handles);
CALL NTSTATUS TestOptArray(OPT IN_ARRAY(2 * n, 4) ULONG *numbers, ULONG n);
CALL NTSTATUS TestBytes(IN_BYTES(length) const void *in, OUT_BYTES(length) void *out, ULONG length);
CALL ULONG TestString(IN_STRING const char *text, OPT IN_WSTRING const WCHAR *wide);
CALL ULONG TestNumber(GPTR void *pointer, OPT GPTR FARPROC function);
CALL NTSTATUS TestByClass(ULONG class, OUT BY_CLASS(class, length) void *buffer, ULONG length);
CALL BOOL TestNoStatus(IN ULONG *in, OUT ULONG *out);
CALL void TestNested(INOUT TEST_NESTED *nested);

#define TestClassPoint 3
CLASS(TestByClass, TestClassPoint, TEST_POINT)
CLASS(TestByClass, TestBlue, TEST_BIG)

// --- and back

CALLBACK LONGLONG TestBack(LONG a, LONGLONG b, SHORT c, double d, TEST_POINT e, HANDLE f, GPTR void *g);
CDECL_CALLBACK void TestNotify(void);
// Calls function with (-1, 2^32 + 2, -3, 4.5, {5, 6}, handle, context).
CALL NTSTATUS TestCallBack(GPTR void *function, HANDLE handle, GPTR void *context, OUT LONGLONG *result);
CALL NTSTATUS TestCallNotify(GPTR void *function);
