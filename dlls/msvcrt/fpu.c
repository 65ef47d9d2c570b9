/* The floating point environment: x87 control word and MXCSR under the runtime's portable bits. */
#include "msvcrt.h"

enum {
    FP_INEXACT = 0x1,
    FP_UNDERFLOW = 0x2,
    FP_OVERFLOW = 0x4,
    FP_ZERODIVIDE = 0x8,
    FP_INVALID = 0x10,
    FP_DENORMAL = 0x80000,
    FP_MASK_ALL = 0x8001F,
    FP_ROUND = 0x300,
    FP_PRECISION = 0x30000,
    FP_AFFINE = 0x40000,
};

/* Exception bits: hardware has invalid 1, denormal 2, zero divide 4, overflow 8, underflow 10h, precision
 * 20h. */
static unsigned from_hardware(unsigned bits)
{
    return (bits & 1 ? FP_INVALID : 0) | (bits & 2 ? FP_DENORMAL : 0) | (bits & 4 ? FP_ZERODIVIDE : 0) |
           (bits & 8 ? FP_OVERFLOW : 0) | (bits & 0x10 ? FP_UNDERFLOW : 0) | (bits & 0x20 ? FP_INEXACT : 0);
}

static unsigned to_hardware(unsigned bits)
{
    return (bits & FP_INVALID ? 1 : 0) | (bits & FP_DENORMAL ? 2 : 0) | (bits & FP_ZERODIVIDE ? 4 : 0) |
           (bits & FP_OVERFLOW ? 8 : 0) | (bits & FP_UNDERFLOW ? 0x10 : 0) | (bits & FP_INEXACT ? 0x20 : 0);
}

static unsigned read_x87(void)
{
    unsigned short control;
    unsigned flags;

    __asm__ volatile("fnstcw %0" : "=m"(control));
    flags = from_hardware(control);
    flags |= (control >> 10 & 3) << 8;
    switch (control & 0x300) {
    case 0: flags |= 0x20000; break;
    case 0x200: flags |= 0x10000; break;
    }
    if (control & 0x1000) flags |= FP_AFFINE;
    return flags;
}

static void write_x87(unsigned flags)
{
    unsigned short control = to_hardware(flags) | (flags & FP_ROUND) << 2;

    switch (flags & FP_PRECISION) {
    case 0: control |= 0x300; break;
    case 0x10000: control |= 0x200; break;
    }
    if (flags & FP_AFFINE) control |= 0x1000;
    __asm__ volatile("fldcw %0" : : "m"(control));
}

static void write_sse(unsigned flags)
{
    unsigned mxcsr;

    __asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
    mxcsr = (mxcsr & ~0x7F80u) | to_hardware(flags) << 7 | (flags & FP_ROUND) << 5;
    __asm__ volatile("ldmxcsr %0" : : "m"(mxcsr));
}

static unsigned read_sse(void)
{
    unsigned mxcsr;

    __asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
    return from_hardware(mxcsr >> 7) | (mxcsr >> 5 & FP_ROUND);
}

/* Both units apart, whichever are asked for. */
int EXPORT __control87_2(unsigned value, unsigned mask, unsigned *x87, unsigned *sse)
{
    if (x87) {
        *x87 = (read_x87() & ~mask) | (value & mask);
        if (mask) write_x87(*x87);
    }
    if (sse) {
        *sse = (read_sse() & ~mask) | (value & mask & (FP_MASK_ALL | FP_ROUND));
        if (mask) write_sse(*sse);
    }
    return 1;
}

unsigned EXPORT _control87(unsigned value, unsigned mask)
{
    unsigned flags = read_x87();

    if (mask) {
        flags = (flags & ~mask) | (value & mask);
        write_x87(flags);
        write_sse(flags);
    }
    return flags;
}

/* The portable form never touches the mask of denormal operands. */
unsigned EXPORT _controlfp(unsigned value, unsigned mask)
{
    return _control87(value, mask & ~FP_DENORMAL);
}

errno_t EXPORT _controlfp_s(unsigned *current, unsigned value, unsigned mask)
{
    const unsigned allowed = FP_MASK_ALL | FP_AFFINE | FP_PRECISION | FP_ROUND | 0x3000000;

    if (!mask || !(value & ~allowed & mask)) {
        unsigned flags = _controlfp(value, mask);
        if (current) *current = flags;
        return 0;
    }
    if (current) *current = _controlfp(0, 0);
    REQUIRE(false, EINVAL, EINVAL);
    return EINVAL;
}

unsigned EXPORT _statusfp(void)
{
    unsigned short status;
    unsigned mxcsr;

    __asm__ volatile("fnstsw %0" : "=m"(status));
    __asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
    return from_hardware(status | mxcsr);
}

void EXPORT _statusfp2(unsigned *x87, unsigned *sse)
{
    unsigned short status;
    unsigned mxcsr;

    __asm__ volatile("fnstsw %0" : "=m"(status));
    __asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
    if (x87) *x87 = from_hardware(status);
    if (sse) *sse = from_hardware(mxcsr);
}

/* Makes these the flags that are set. */
void fpu_set_status(unsigned flags)
{
    unsigned mxcsr;

    __asm__ volatile("fnclex");
    __asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
    mxcsr = (mxcsr & ~0x3Fu) | to_hardware(flags);
    __asm__ volatile("ldmxcsr %0" : : "m"(mxcsr));
}

unsigned EXPORT _clearfp(void)
{
    unsigned flags = _statusfp(), mxcsr;

    __asm__ volatile("fnclex");
    __asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
    mxcsr &= ~0x3Fu;
    __asm__ volatile("ldmxcsr %0" : : "m"(mxcsr));
    return flags;
}

void EXPORT _fpreset(void)
{
    static const unsigned short control = 0x27F;
    static const unsigned mxcsr = 0x1F80;

    __asm__ volatile("fninit; fldcw %0" : : "m"(control));
    __asm__ volatile("ldmxcsr %0" : : "m"(mxcsr));
}
