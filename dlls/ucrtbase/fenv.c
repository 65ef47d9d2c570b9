/* fenv.h: rounding and exception flags of both floating point units, by the runtime's portable bits. */
#include "ucrtbase.h"

struct environment { /* the headers' fenv_t */
    unsigned long control, status;
};
enum { EXCEPTIONS = 0x1F, ROUNDING = 0x300, ALL_CONTROL = 0x3031F };

unsigned EXPORT _control87(unsigned value, unsigned mask);
unsigned EXPORT _statusfp(void);
unsigned EXPORT _clearfp(void);
void fpu_set_status(unsigned flags);

int EXPORT fegetround(void)
{
    return _control87(0, 0) & ROUNDING;
}

int EXPORT fesetround(int mode)
{
    if (mode & ~ROUNDING) return 1;
    _control87(mode, ROUNDING);
    return 0;
}

int EXPORT fetestexcept(int flags)
{
    return _statusfp() & flags & EXCEPTIONS;
}

int EXPORT feclearexcept(int flags)
{
    fpu_set_status(_statusfp() & ~(flags & EXCEPTIONS));
    return 0;
}

int EXPORT fegetexceptflag(unsigned long *out, int flags)
{
    *out = fetestexcept(flags);
    return 0;
}

int EXPORT fesetexceptflag(const unsigned long *in, int flags)
{
    flags &= EXCEPTIONS;
    fpu_set_status((_statusfp() & ~flags) | (*in & flags));
    return 0;
}

int EXPORT fegetenv(struct environment *out)
{
    out->control = _control87(0, 0) & ALL_CONTROL;
    out->status = _statusfp();
    return 0;
}

int EXPORT fesetenv(const struct environment *in)
{
    _control87(in->control, ALL_CONTROL);
    fpu_set_status(in->status);
    return 0;
}

/* Saves it all and goes on without traps or flags. */
int EXPORT feholdexcept(struct environment *out)
{
    fegetenv(out);
    _control87(EXCEPTIONS, EXCEPTIONS);
    _clearfp();
    return 0;
}

int EXPORT __fpe_flt_rounds(void)
{
    static const char order[] = {1, 3, 2, 0}; /* FLT_ROUNDS of nearest, down, up, towards zero */
    return order[fegetround() >> 8];
}

/* As _controlfp, without telling what it was. */
void EXPORT _set_controlfp(unsigned value, unsigned mask)
{
    enum { DENORMAL = 0x80000 };
    _control87(value, mask & ~DENORMAL);
}
