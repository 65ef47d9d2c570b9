// Contexts with extended state: their layout, locating parts, masks, copying.
#include <windows.h>
#include <string.h>
#include "tests/check.h"

#ifndef CONTEXT_XSTATE
#define CONTEXT_XSTATE (CONTEXT_i386 | 0x40)
#endif
#define FUNCTION(dll, name) (void *)GetProcAddress(GetModuleHandleA(dll), name)

static DWORD64(WINAPI *enabled)(void);
static BOOL(WINAPI *initialize)(void *, DWORD, CONTEXT **, DWORD *);
static BOOL(WINAPI *copy)(CONTEXT *, DWORD, CONTEXT *);
static void *(WINAPI *locate)(CONTEXT *, DWORD, DWORD *);
static BOOL(WINAPI *get_mask)(CONTEXT *, DWORD64 *);
static BOOL(WINAPI *set_mask)(CONTEXT *, DWORD64);
static LONG(NTAPI *length_of)(ULONG, ULONG *);

struct chunks {
    struct {
        LONG offset;
        ULONG length;
    } all, legacy, xstate;
};

static CONTEXT *make(void *buffer, DWORD size, DWORD flags)
{
    CONTEXT *context = NULL;
    CHECK(initialize(buffer, flags, &context, &size), "%lx: %lu", flags, GetLastError());
    return context;
}

static void test_plain(void)
{
    static __attribute__((aligned(4))) BYTE buffer[0x400];
    DWORD size = 0, length = 0;
    DWORD64 mask = 1;
    CONTEXT *context;
    CHECK(!initialize(NULL, CONTEXT_ALL, NULL, &size) && GetLastError() == ERROR_INSUFFICIENT_BUFFER,
          "no buffer");
    CHECK_EQUAL(size, sizeof(CONTEXT) + 0x18 + 3);
    CHECK_EQUAL(length_of(CONTEXT_ALL | 0x100, &size), 0xC000000D);
    CHECK_EQUAL(length_of(0x1, &size), 0xC000000D);
    context = make(buffer + 1, sizeof(buffer) - 1, CONTEXT_ALL);
    const struct chunks *chunks = (const void *)(context + 1);
    CHECK(context == (CONTEXT *)(buffer + 4) && context->ContextFlags == CONTEXT_ALL, "%p", context);
    CHECK(chunks->all.offset == -(LONG)sizeof(CONTEXT) && chunks->all.length == sizeof(CONTEXT) + 0x18, "%lx",
          chunks->all.length);
    CHECK(chunks->legacy.offset == -(LONG)sizeof(CONTEXT) && chunks->legacy.length == sizeof(CONTEXT), "%lx",
          chunks->legacy.length);
    CHECK(chunks->xstate.offset == 25 && !chunks->xstate.length, "%lx", chunks->xstate.offset);
    CHECK(locate(context, 0, &length) == context->ExtendedRegisters && length == 160, "x87: %lu", length);
    CHECK(locate(context, 1, &length) == context->ExtendedRegisters + 160 && length == 128, "SSE: %lu",
          length);
    CHECK(!locate(context, 2, &length), "there is no AVX state");
    CHECK(get_mask(context, &mask) && mask == 3, "%lx", (DWORD)mask);
    CHECK(!set_mask(context, 7), "room for AVX state");
    context = make(buffer, sizeof(buffer), CONTEXT_FULL);
    CHECK_EQUAL(((const struct chunks *)(context + 1))->legacy.length, 0xCC);
    CHECK(!locate(context, 0, NULL) && get_mask(context, &mask) && !mask, "FXSAVE area");
}

static void test_xstate(void)
{
    static BYTE first[0x600], second[0x600];
    const DWORD flags = CONTEXT_ALL | CONTEXT_XSTATE;
    DWORD size, length = 0;
    DWORD64 mask;
    CHECK_EQUAL(length_of(flags, &size), 0);
    CHECK_EQUAL(size, sizeof(CONTEXT) + 0x18 + 63 + (enabled() & 4 ? 320 : 64));
    CONTEXT *one = make(first, sizeof(first), flags), *two = make(second + 5, sizeof(second) - 5, flags);
    const struct chunks *chunks = (const void *)(one + 1);
    const BYTE *area = (const BYTE *)chunks + chunks->xstate.offset;
    CHECK(!((ULONG_PTR)area & 63), "%p", area);
    CHECK_EQUAL(chunks->xstate.length, enabled() & 4 ? 320 : 64);
    CHECK_EQUAL(chunks->all.length, sizeof(CONTEXT) + chunks->xstate.offset + chunks->xstate.length);
    CHECK(!copy(two, CONTEXT_ALL | 0x100, one) && GetLastError() == ERROR_INVALID_PARAMETER, "unknown flag");
    one->Eax = 1, one->Eip = 2, one->Dr7 = 3;
    two->Eax = two->Eip = two->Dr7 = 9;
    CHECK(copy(two, CONTEXT_INTEGER, one) && two->Eax == 1 && two->Eip == 9 && two->Dr7 == 9, "integer part");
    BYTE third[0x300];
    CONTEXT *small = make(third, sizeof(third), CONTEXT_ALL);
    CHECK(!copy(small, flags, one) && GetLastError() == ERROR_MORE_DATA, "no room: %lu", GetLastError());
    if (!(enabled() & 4)) return;
    memset(locate(one, 2, &length), 0xCC, 256);
    CHECK_EQUAL(length, 256);
    CHECK(locate(one, 2, NULL) == area + 64, "after the header");
    CHECK(get_mask(one, &mask) && mask == 3, "%lx", (DWORD)mask);
    CHECK(set_mask(one, 4) && get_mask(one, &mask) && mask == 7, "%lx", (DWORD)mask);
    CHECK(copy(two, flags, one) && two->Dr7 == 3, "%lu", GetLastError());
    CHECK(get_mask(two, &mask) && mask == 7, "%lx", (DWORD)mask);
    CHECK(!memcmp(locate(two, 2, NULL), locate(one, 2, NULL), 256), "AVX state");
}

int main(void)
{
    enabled = FUNCTION("kernel32", "GetEnabledXStateFeatures");
    initialize = FUNCTION("kernel32", "InitializeContext");
    copy = FUNCTION("kernel32", "CopyContext");
    locate = FUNCTION("kernel32", "LocateXStateFeature");
    get_mask = FUNCTION("kernel32", "GetXStateFeaturesMask");
    set_mask = FUNCTION("kernel32", "SetXStateFeaturesMask");
    length_of = FUNCTION("ntdll", "RtlGetExtendedContextLength");
    test_plain();
    if (enabled()) test_xstate();
    return check_summary();
}
