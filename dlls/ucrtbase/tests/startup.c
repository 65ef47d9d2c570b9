// The protocol between a program's start-up code and ucrtbase: arguments, environment, tables, its end.
// link: -D_UCRT -nostdlib -Wl,--entry,_start -lucrt -lgcc -lkernel32
#include "start.h"
#include "tests/check.h"
#include "tests/child.h"
#include <string.h>

static char order[16];
static int __cdecl first(void)
{
    strcat(order, "1");
    return 0;
}
static int __cdecl second(void)
{
    strcat(order, "2");
    return 0;
}

static void check_tables(void)
{
    _onexit_table_t table = {0};
    _PIFV list[] = {NULL, first, second};

    CHECK_EQUAL(_initialize_onexit_table(NULL), -1);
    CHECK_EQUAL(_initialize_onexit_table(&table), 0);
    CHECK(table._first == table._end && table._first == table._last, "an empty table");
    CHECK_EQUAL(_register_onexit_function(&table, (_onexit_t)first), 0);
    CHECK_EQUAL(_register_onexit_function(&table, (_onexit_t)second), 0);
    CHECK_EQUAL(_execute_onexit_table(&table), 0);
    CHECK(!strcmp(order, "21"), "%s", order);
    *order = 0;
    CHECK_EQUAL(_initterm_e(list, list + 3), 0);
    CHECK(!strcmp(order, "12"), "%s", order);
    CHECK_EQUAL(_register_onexit_function(NULL, (_onexit_t)first), -1);
    CHECK_EQUAL(_execute_onexit_table(NULL), -1);
}

static int invalid_calls;
static void __cdecl note_invalid(const wchar_t *expression, const wchar_t *function, const wchar_t *file,
                                 unsigned line, uintptr_t reserved)
{
    (void)expression, (void)function, (void)file, (void)line, (void)reserved;
    invalid_calls++;
}

static void check_arguments(int argc, char **argv)
{
    CHECK(argc >= 1 && strstr(argv[0], "startup"), "%d %s", argc, argv[0]);
    CHECK(getenv("SystemRoot") != NULL, "the environment");
    _set_thread_local_invalid_parameter_handler(note_invalid);
    CHECK_EQUAL(_configure_narrow_argv(7), EINVAL);
    CHECK_EQUAL(invalid_calls, 1);
    CHECK_EQUAL(fclose(NULL), -1);
    CHECK_EQUAL(invalid_calls, 2);
    _set_thread_local_invalid_parameter_handler(NULL);
}

static void check_streams(void)
{
    char **base, **at;
    int *left;
    FILE *file = fopen("ucrt_startup.tmp", "wx+");

    CHECK(file != NULL, "mode x makes a file");
    CHECK(!fopen("ucrt_startup.tmp", "wx"), "and only then");
    CHECK(errno == EEXIST, "%d", errno);
    if (!file) return;
    fputs("abc", file);
    CHECK_EQUAL(_get_stream_buffer_pointers(file, &base, &at, &left), 0);
    CHECK(*at == *base + 3 && !memcmp(*base, "abc", 3), "%p %p", *base, *at);
    fclose(file);
    remove("ucrt_startup.tmp");
    CHECK(__acrt_iob_func(1) == stdout, "standard streams");
}

static void quick(void)
{
    puts("quick");
    fflush(stdout);
}

static void __stdcall on_thread_locals(void *module, unsigned long reason, void *reserved)
{
    (void)module, (void)reserved;
    printf("thread locals %lu\n", reason);
}

static void end(const char *how)
{
    if (!strcmp(how, "abort")) abort();
    if (!strcmp(how, "invalid")) fclose(NULL);
    if (!strcmp(how, "quick")) {
        _crt_at_quick_exit(quick);
        _crt_atexit(quick);
        quick_exit(3);
    }
    if (!strcmp(how, "terminate")) terminate();
    if (!strcmp(how, "no report")) {
        _set_abort_behavior(0, 2);
        abort();
    }
    _register_thread_local_exe_atexit_callback(on_thread_locals);
    exit(4);
}

static DWORD run_child(const char *how)
{
    return child_end(child_start(how, 0));
}

int main(int argc, char **argv, char **environment)
{
    if (argc > 1) end(argv[1]);
    CHECK(environment == _get_initial_narrow_environment(), "the third argument");
    check_arguments(argc, argv);
    check_tables();
    check_streams();
    CHECK_EQUAL(run_child("abort"), 0xC0000409);
    CHECK_EQUAL(run_child("invalid"), 0xC0000409);
    CHECK_EQUAL(run_child("quick"), 3);
    CHECK_EQUAL(run_child("terminate"), 0xC0000409);
    CHECK_EQUAL(run_child("\"no report\""), 3);
    CHECK_EQUAL(run_child("exit"), 4);
    return check_summary();
}
