/* signal and raise; console events as SIGINT and SIGBREAK; exceptions as SIGFPE, SIGILL and SIGSEGV. */
#include "msvcrt.h"

static signal_handler on_interrupt, on_break, on_abort, on_terminate;
static bool console_handler_set;

enum {
    FPE_INVALID = 0x81,
    FPE_DENORMAL = 0x82,
    FPE_ZERODIVIDE = 0x83,
    FPE_OVERFLOW = 0x84,
    FPE_UNDERFLOW = 0x85,
    FPE_INEXACT = 0x86,
    FPE_STACKOVERFLOW = 0x8A,
    FPE_EXPLICITGEN = 0x8C,
    FPE_STACKUNDERFLOW = 0x8B,
};

static const struct {
    NTSTATUS status;
    int signal, code;
} exceptions[] = {
    {STATUS_ACCESS_VIOLATION, SIG_SEGV, 0},
    {STATUS_ILLEGAL_INSTRUCTION, SIG_ILL, 0},
    {STATUS_PRIVILEGED_INSTRUCTION, SIG_ILL, 0},
    {STATUS_FLOAT_DENORMAL_OPERAND, SIG_FPE, FPE_DENORMAL},
    {STATUS_FLOAT_DIVIDE_BY_ZERO, SIG_FPE, FPE_ZERODIVIDE},
    {STATUS_FLOAT_INEXACT_RESULT, SIG_FPE, FPE_INEXACT},
    {STATUS_FLOAT_INVALID_OPERATION, SIG_FPE, FPE_INVALID},
    {STATUS_FLOAT_OVERFLOW, SIG_FPE, FPE_OVERFLOW},
    {STATUS_FLOAT_STACK_CHECK, SIG_FPE, FPE_STACKOVERFLOW},
    {STATUS_FLOAT_UNDERFLOW, SIG_FPE, FPE_UNDERFLOW},
};

static BOOL WINAPI console_event(DWORD event)
{
    signal_handler *slot = event == CTRL_C_EVENT ? &on_interrupt : &on_break, handler;
    int sig = event == CTRL_C_EVENT ? SIG_INT : SIG_BREAK;

    _lock(LOCK_SIGNAL);
    handler = *slot;
    if (handler != SIG_DEFAULT && handler != SIG_IGNORE) *slot = SIG_DEFAULT;
    _unlock(LOCK_SIGNAL);
    if (handler == SIG_DEFAULT) return FALSE;
    if (handler != SIG_IGNORE) handler(sig);
    return TRUE;
}

/* The calling thread's slot for a signal that comes from an exception, else the program's; NULL: no signal.
 */
static signal_handler *slot_of(int sig)
{
    switch (sig) {
    case SIG_INT: return &on_interrupt;
    case SIG_BREAK: return &on_break;
    case SIG_ABRT:
    case 6: return &on_abort;
    case SIG_TERM: return &on_terminate;
    case SIG_FPE: return &thread_data()->on_fpe;
    case SIG_ILL: return &thread_data()->on_ill;
    case SIG_SEGV: return &thread_data()->on_segv;
    default: return NULL;
    }
}

signal_handler EXPORT signal(int sig, signal_handler handler)
{
    signal_handler *slot = slot_of(sig), old;

    if (!slot || handler == SIG_ACK || handler == SIG_SGE) {
        errno = EINVAL;
        return SIG_ERROR;
    }
    _lock(LOCK_SIGNAL);
    if ((sig == SIG_INT || sig == SIG_BREAK) && !console_handler_set)
        console_handler_set = SetConsoleCtrlHandler(console_event, TRUE);
    old = *slot;
    if (handler != SIG_GET) *slot = handler;
    _unlock(LOCK_SIGNAL);
    return old;
}

int EXPORT raise(int sig)
{
    signal_handler *slot = slot_of(sig), handler;
    struct thread_data *data = thread_data();

    REQUIRE(slot, EINVAL, -1);
    _lock(LOCK_SIGNAL);
    handler = *slot;
    if (handler != SIG_IGNORE && handler != SIG_DEFAULT) *slot = SIG_DEFAULT;
    _unlock(LOCK_SIGNAL);
    if (handler == SIG_IGNORE) return 0;
    if (handler == SIG_DEFAULT) _exit(3);
    if (sig == SIG_FPE) {
        EXCEPTION_POINTERS *old = data->exception_pointers;
        int old_code = data->fpe_code;
        data->exception_pointers = NULL;
        data->fpe_code = FPE_EXPLICITGEN;
        ((void(EXPORT *)(int, int))(void *)handler)(sig, FPE_EXPLICITGEN);
        data->fpe_code = old_code;
        data->exception_pointers = old;
    } else if (sig == SIG_SEGV || sig == SIG_ILL) {
        EXCEPTION_POINTERS *old = data->exception_pointers;
        data->exception_pointers = NULL;
        handler(sig);
        data->exception_pointers = old;
    } else {
        handler(sig);
    }
    return 0;
}

/* The filter of a program's outermost frame: offers the exception to a signal handler. */
int EXPORT _XcptFilter(unsigned long status, EXCEPTION_POINTERS *pointers)
{
    struct thread_data *data = thread_data();
    EXCEPTION_POINTERS *old;
    signal_handler *slot, handler;
    size_t i;

    for (i = 0; i < ARRAY_SIZE(exceptions) && (unsigned long)exceptions[i].status != status; i++) {
    }
    if (i == ARRAY_SIZE(exceptions)) return UnhandledExceptionFilter(pointers);
    slot = slot_of(exceptions[i].signal);
    handler = *slot;
    if (handler == SIG_DEFAULT) return UnhandledExceptionFilter(pointers);
    if (handler == SIG_IGNORE) return EXCEPTION_CONTINUE_EXECUTION;
    *slot = SIG_DEFAULT;
    old = data->exception_pointers;
    data->exception_pointers = pointers;
    if (exceptions[i].signal == SIG_FPE) {
        data->fpe_code = exceptions[i].code;
        ((void(EXPORT *)(int, int))(void *)handler)(SIG_FPE, exceptions[i].code);
    } else {
        handler(exceptions[i].signal);
    }
    data->exception_pointers = old;
    return EXCEPTION_CONTINUE_EXECUTION;
}

enum { CXX_EXCEPTION_CODE = 0xE06D7363u };

int EXPORT __CppXcptFilter(unsigned long status, EXCEPTION_POINTERS *pointers)
{
    return status == CXX_EXCEPTION_CODE ? _XcptFilter(status, pointers) : EXCEPTION_CONTINUE_SEARCH;
}

EXCEPTION_POINTERS **EXPORT __pxcptinfoptrs(void)
{
    return &thread_data()->exception_pointers;
}
int *EXPORT __fpecode(void)
{
    return &thread_data()->fpe_code;
}
