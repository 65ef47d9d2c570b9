/* The program's end and the functions registered for it; start-up tables; fatal runtime errors; the version.
 */
#include "exit.h"
#include "formatted.h"

static exit_function *exit_begin, *exit_end;
static int exit_room;
extern int __app_type;

unsigned _osver, _winver, _winmajor, _winminor, _osplatform;

void version_init(void)
{
    OSVERSIONINFOW info = {.dwOSVersionInfoSize = sizeof(info)};

    GetVersionExW(&info);
    _winmajor = info.dwMajorVersion;
    _winminor = info.dwMinorVersion;
    _winver = _winmajor << 8 | _winminor;
    _osver = info.dwBuildNumber & 0xFFFF;
    _osplatform = info.dwPlatformId;
}

unsigned *EXPORT __p__osver(void)
{
    return &_osver;
}
unsigned *EXPORT __p__winver(void)
{
    return &_winver;
}
unsigned *EXPORT __p__winmajor(void)
{
    return &_winmajor;
}
unsigned *EXPORT __p__winminor(void)
{
    return &_winminor;
}

errno_t EXPORT _get_osplatform(int *value)
{
    REQUIRE(value, EINVAL, EINVAL);
    *value = _osplatform;
    return 0;
}

/* ---- tables of functions ---- */

void EXPORT _initterm(plain_handler *begin, plain_handler *end)
{
    for (; begin < end; begin++)
        if (*begin) (*begin)();
}

int EXPORT _initterm_e(exit_function *begin, exit_function *end)
{
    int error = 0;

    for (; begin < end && !error; begin++)
        if (*begin) error = (*begin)();
    return error;
}

exit_function EXPORT _onexit(exit_function function)
{
    if (!function) return NULL;
    _lock(LOCK_EXIT);
    if (exit_end - exit_begin == exit_room) {
        int count = exit_room, room = count ? count * 2 : 32;
        exit_function *bigger = realloc(exit_begin, room * sizeof(*bigger));
        if (!bigger) {
            _unlock(LOCK_EXIT);
            return NULL;
        }
        exit_begin = bigger;
        exit_end = bigger + count;
        exit_room = room;
    }
    *exit_end++ = function;
    _unlock(LOCK_EXIT);
    return function;
}

int EXPORT atexit(void(EXPORT *function)(void))
{
    return _onexit((exit_function)(void *)function) ? 0 : -1;
}

/* As _onexit, for a DLL that keeps its own table between *BEGIN and *END. */
exit_function EXPORT __dllonexit(exit_function function, exit_function **begin, exit_function **end)
{
    exit_function *bigger;
    size_t count;

    if (!begin || !*begin || !end || !*end) return NULL;
    count = *end - *begin;
    _lock(LOCK_EXIT);
    bigger = realloc(*begin, (count + 1) * sizeof(*bigger));
    if (bigger) {
        bigger[count] = function;
        *begin = bigger;
        *end = bigger + count + 1;
    }
    _unlock(LOCK_EXIT);
    return bigger ? function : NULL;
}

int EXPORT _initialize_onexit_table(struct onexit_table *table)
{
    if (!table) return -1;
    if (table->first == table->end) table->first = table->last = table->end = NULL;
    return 0;
}

int EXPORT _register_onexit_function(struct onexit_table *table, exit_function function)
{
    if (!table) return -1;
    _lock(LOCK_EXIT);
    if (table->last == table->end) {
        size_t count = table->end - table->first, room = count ? count * 2 : 32;
        exit_function *bigger = realloc(table->first, room * sizeof(*bigger));
        if (!bigger) {
            _unlock(LOCK_EXIT);
            return -1;
        }
        table->first = bigger;
        table->last = bigger + count;
        table->end = bigger + room;
    }
    *table->last++ = function;
    _unlock(LOCK_EXIT);
    return 0;
}

int EXPORT _execute_onexit_table(struct onexit_table *table)
{
    exit_function *first, *last;

    if (!table) return -1;
    _lock(LOCK_EXIT);
    first = table->first;
    last = table->last;
    memset(table, 0, sizeof(*table));
    _unlock(LOCK_EXIT);
    while (last > first)
        if (*--last) (*last)();
    free(first);
    return 0;
}

/* Last registered, first called; a function may register more. */
static void run_exit_functions(void)
{
    for (;;) {
        exit_function function = NULL;

        _lock(LOCK_EXIT);
        if (exit_end > exit_begin)
            function = *--exit_end;
        else if (exit_begin) {
            free(exit_begin);
            exit_begin = exit_end = NULL;
            exit_room = 0;
        }
        _unlock(LOCK_EXIT);
        if (!function && !exit_begin) return;
        if (function) function();
    }
}

void EXPORT _c_exit(void) {}

void EXPORT _cexit(void)
{
    _lock(LOCK_EXIT);
    run_exit_functions();
    _flushall();
    _unlock(LOCK_EXIT);
}

void EXPORT _exit(int status)
{
    ExitProcess(status);
}

typedef void(WINAPI *thread_local_callback)(void *module, DWORD reason, void *reserved);
static thread_local_callback on_exit_of_thread_locals;

/* How a program destroys its main thread's thread_local objects, before all other functions of its end. */
void EXPORT _register_thread_local_exe_atexit_callback(thread_local_callback callback)
{
    if (InterlockedCompareExchangePointer((void **)&on_exit_of_thread_locals, (void *)callback, NULL))
        terminate();
}

void EXPORT exit(int status)
{
    HMODULE mscoree = GetModuleHandleW(L"mscoree.dll");
    void(WINAPI * cor_exit)(int) = mscoree ? (void *)GetProcAddress(mscoree, "CorExitProcess") : NULL;

    if (on_exit_of_thread_locals) on_exit_of_thread_locals(NULL, DLL_PROCESS_DETACH, NULL);
    _cexit();
    if (cor_exit) cor_exit(status); /* a program with managed code ends its runtime too */
    ExitProcess(status);
}

/* ---- fatal errors ---- */

static const struct {
    int number;
    const char *text;
} runtime_errors[] = {
    {2, "R6002\r\n- floating point support not loaded\r\n"},
    {8, "R6008\r\n- not enough space for arguments\r\n"},
    {9, "R6009\r\n- not enough space for environment\r\n"},
    {10, "R6010\r\n- abort() has been called\r\n"},
    {16, "R6016\r\n- not enough space for thread data\r\n"},
    {17, "R6017\r\n- unexpected multithread lock error\r\n"},
    {18, "R6018\r\n- unexpected heap error\r\n"},
    {19, "R6019\r\n- unable to open console device\r\n"},
    {24, "R6024\r\n- not enough space for _onexit/atexit table\r\n"},
    {25, "R6025\r\n- pure virtual function call\r\n"},
    {26, "R6026\r\n- not enough space for stdio initialization\r\n"},
    {27, "R6027\r\n- not enough space for lowio initialization\r\n"},
    {28, "R6028\r\n- unable to initialize heap\r\n"},
};

static void write_error(const char *text)
{
    HANDLE error = GetStdHandle(STD_ERROR_HANDLE);
    DWORD n;

    if (error && error != INVALID_HANDLE_VALUE) WriteFile(error, text, strlen(text), &n, NULL);
}

void EXPORT _amsg_exit(int number)
{
    write_error("\r\nruntime error ");
    for (size_t i = 0; i < ARRAY_SIZE(runtime_errors); i++)
        if (runtime_errors[i].number == number) write_error(runtime_errors[i].text);
    write_error("\r\n");
    _exit(255);
}

int _aexit_rtn = (int)(intptr_t)_exit;

/* Ends the process at once, as one whose state can't be trusted: no handler runs. */
void fail_fast(unsigned code)
{
    __asm__ volatile("int $0x29" : : "c"(code));
    __builtin_unreachable();
}

enum { ABORT_MESSAGE = 1, ABORT_REPORT = 2 };
static unsigned abort_behavior = ABORT_MESSAGE | ABORT_REPORT;

unsigned EXPORT _set_abort_behavior(unsigned flags, unsigned mask)
{
    unsigned old = abort_behavior;

    abort_behavior = (old & ~mask) | (flags & mask);
    return old;
}

static void __attribute__((noreturn)) abort_fast(void)
{
    if (signal(SIG_ABRT, SIG_GET) != SIG_DEFAULT) raise(SIG_ABRT);
    if (abort_behavior & ABORT_REPORT) fail_fast(FAST_FAIL_FATAL_APP_EXIT);
    _exit(3);
}

void EXPORT abort(void)
{
    if (crt_profile.fails_fast) abort_fast();
    write_error("\r\nThis application has requested the Runtime to terminate it in an unusual way.\n"
                "Please contact the application's support team for more information.\r\n");
    raise(SIG_ABRT);
    _exit(3);
}

static void complain(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    print_to_stream(crt_stderr, 0, format, NULL, args);
    va_end(args);
}

void EXPORT _assert(const char *expression, const char *file, unsigned line)
{
    complain("Assertion failed: %s, file %s, line %d\n", expression, file, line);
    abort();
}

void EXPORT _wassert(const wchar_t *expression, const wchar_t *file, unsigned line)
{
    complain("Assertion failed: %ls, file %ls, line %d\n", expression, file, line);
    abort();
}

static plain_handler on_purecall;

plain_handler EXPORT _set_purecall_handler(plain_handler handler)
{
    return (plain_handler)InterlockedExchangePointer((void **)&on_purecall, (void *)handler);
}

plain_handler EXPORT _get_purecall_handler(void)
{
    return on_purecall;
}

void EXPORT _purecall(void)
{
    if (on_purecall) on_purecall();
    _amsg_exit(25);
}

static int error_mode;

int EXPORT _set_error_mode(int mode)
{
    int old = error_mode;

    if (mode == 3) return old;
    REQUIRE(mode >= 0 && mode <= 2, EINVAL, -1);
    error_mode = mode;
    return old;
}

void EXPORT _seterrormode(int mode)
{
    SetErrorMode(mode);
}

static void *on_security_error;

void *EXPORT _set_security_error_handler(void *handler)
{
    return InterlockedExchangePointer(&on_security_error, handler);
}

void EXPORT __security_error_handler(int code, void *data)
{
    void(EXPORT * handler)(int, void *) = on_security_error;

    if (handler) handler(code, data);
    write_error("\r\nBuffer overrun detected!\r\n");
    _exit(3);
}

void *EXPORT __set_buffer_overrun_handler(void *handler)
{
    return _set_security_error_handler(handler);
}

void EXPORT __buffer_overrun(void)
{
    __security_error_handler(1, NULL);
}
