/* Threads that the runtime starts: _beginthread and _beginthreadex. */
#include "msvcrt.h"

struct thread_start {
    void(EXPORT *plain)(void *);
    unsigned(__stdcall *extended)(void *);
    void *argument;
    HANDLE handle;
    HMODULE module; /* stays loaded while the thread runs; NULL before the Universal CRT */
};

static void hold_module(struct thread_start *start, const void *function)
{
    if (crt_profile.version >= 140)
        GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, function, &start->module);
}

static void __attribute__((noreturn)) end_thread(unsigned status)
{
    HMODULE module = thread_data()->module;

    if (module) FreeLibraryAndExitThread(module, status);
    ExitThread(status);
}

void EXPORT _endthread(void)
{
    struct thread_data *data = thread_data();

    if (data->handle != INVALID_HANDLE_VALUE) {
        CloseHandle(data->handle);
        data->handle = INVALID_HANDLE_VALUE;
    }
    end_thread(0);
}

void EXPORT _endthreadex(unsigned status)
{
    end_thread(status);
}

static DWORD WINAPI thread_main(void *parameter)
{
    struct thread_start start = *(struct thread_start *)parameter;
    struct thread_data *data = thread_data();

    data->module = start.module;
    free(parameter);
    if (start.extended) {
        _endthreadex(start.extended(start.argument));
    } else {
        data->handle = start.handle;
        start.plain(start.argument);
        _endthread();
    }
    return 0;
}

uintptr_t EXPORT _beginthreadex(void *security, unsigned stack, unsigned(__stdcall *function)(void *),
                                void *argument, unsigned flags, unsigned *id)
{
    struct thread_start *start;
    HANDLE thread;
    DWORD thread_id;

    REQUIRE(function, EINVAL, 0);
    start = calloc(1, sizeof(*start));
    if (!start) return 0;
    start->extended = function;
    hold_module(start, (void *)function);
    start->argument = argument;
    thread = CreateThread(security, stack, thread_main, start, flags, &thread_id);
    if (!thread) {
        set_os_error(GetLastError());
        if (start->module) FreeLibrary(start->module);
        free(start);
        return 0;
    }
    if (id) *id = thread_id;
    return (uintptr_t)thread;
}

uintptr_t EXPORT _beginthread(void(EXPORT *function)(void *), unsigned stack, void *argument)
{
    struct thread_start *start;
    HANDLE thread;

    REQUIRE(function, EINVAL, (uintptr_t)-1);
    start = calloc(1, sizeof(*start));
    if (!start) return (uintptr_t)-1;
    start->plain = function;
    hold_module(start, (void *)function);
    start->argument = argument;
    /* Suspended until its own handle is known to it: _endthread closes it. */
    thread = CreateThread(NULL, stack, thread_main, start, CREATE_SUSPENDED, NULL);
    if (!thread) {
        set_os_error(GetLastError());
        if (start->module) FreeLibrary(start->module);
        free(start);
        return (uintptr_t)-1;
    }
    start->handle = thread;
    if (ResumeThread(thread) == (DWORD)-1) {
        set_os_error(GetLastError());
        return (uintptr_t)-1;
    }
    return (uintptr_t)thread;
}

uintptr_t EXPORT __threadhandle(void)
{
    return (uintptr_t)GetCurrentThread();
}

unsigned long EXPORT __threadid(void)
{
    return GetCurrentThreadId();
}

void EXPORT _sleep(unsigned long milliseconds)
{
    Sleep(milliseconds ? milliseconds : 1);
}

int EXPORT _getpid(void)
{
    return GetCurrentProcessId();
}
