// What compilers and C++ libraries of Visual C++ call in vcruntime140.dll: names of types, copies of
// exceptions, the thread's exception, version 4 of structured exception handling.
#include <stdbool.h>
#include <windows.h>
#include "tests/check.h"
#include <string.h>

static HMODULE runtime;
#define RUNTIME(name) ((void *)GetProcAddress(runtime, #name))

struct type_data {
    char *name;
    char mangled[32];
};
struct exception_data {
    const char *text;
    bool owns_text;
};

static void check_types(void)
{
    int(__cdecl * compare)(const struct type_data *, const struct type_data *) =
        RUNTIME(__std_type_info_compare);
    size_t(__cdecl * hash)(const struct type_data *) = RUNTIME(__std_type_info_hash);
    const char *(__cdecl * name)(struct type_data *, SLIST_HEADER *) = RUNTIME(__std_type_info_name);
    void(__cdecl * destroy_list)(SLIST_HEADER *) = RUNTIME(__std_type_info_destroy_list);
    struct type_data a = {NULL, ".?AVfirst@space@@"}, b = {NULL, ".?AVsecond@space@@"}, same = a;
    SLIST_HEADER names;

    InitializeSListHead(&names);
    CHECK(!compare(&a, &a) && !compare(&a, &same) && compare(&a, &b) < 0, "order by decorated names");
    CHECK(hash(&a) == hash(&same) && hash(&a) != hash(&b), "hashes");
    CHECK(!strcmp(name(&a, &names), "class space::first"), "%s", a.name);
    CHECK(name(&a, &names) == a.name && QueryDepthSList(&names) == 1, "made once");
    destroy_list(&names);
    CHECK_EQUAL(QueryDepthSList(&names), 0);
}

static void check_exceptions(void)
{
    void(__cdecl * copy)(const struct exception_data *, struct exception_data *) =
        RUNTIME(__std_exception_copy);
    void(__cdecl * destroy)(struct exception_data *) = RUNTIME(__std_exception_destroy);
    void **(__cdecl * current)(void) = RUNTIME(__current_exception);
    int(__cdecl * uncaught)(void) = RUNTIME(__uncaught_exceptions);
    struct exception_data fixed = {"fixed", false}, owned = {"owned", true}, out;

    copy(&fixed, &out);
    CHECK(out.text == fixed.text && !out.owns_text, "text of the program");
    copy(&owned, &out);
    CHECK(out.text != owned.text && !strcmp(out.text, "owned") && out.owns_text, "text of its own");
    destroy(&out);
    CHECK(!out.text && !out.owns_text, "nothing left");
    CHECK(!*current() && !uncaught(), "no exception");
}

// Every name that import libraries of it have leads somewhere, also where it is another DLL's.
static void check_names(void)
{
    static const char *const names[] = {"_CxxThrowException",
                                        "_EH_prolog",
                                        "__AdjustPointer",
                                        "__CxxFrameHandler",
                                        "__CxxFrameHandler3",
                                        "__CxxDetectRethrow",
                                        "__GetPlatformExceptionInfo",
                                        "__RTCastToVoid",
                                        "__RTDynamicCast",
                                        "__RTtypeid",
                                        "__current_exception_context",
                                        "__processing_throw",
                                        "__std_terminate",
                                        "__telemetry_main_invoke_trigger",
                                        "__uncaught_exception",
                                        "__unDName",
                                        "__vcrt_InitializeCriticalSectionEx",
                                        "__vcrt_LoadLibraryExW",
                                        "_except_handler3",
                                        "_except_handler4_common",
                                        "_get_purecall_handler",
                                        "_get_unexpected",
                                        "_global_unwind2",
                                        "_is_exception_typeof",
                                        "_local_unwind2",
                                        "_local_unwind4",
                                        "_purecall",
                                        "_seh_longjmp_unwind4",
                                        "_set_purecall_handler",
                                        "_set_se_translator",
                                        "_setjmp3",
                                        "longjmp",
                                        "memchr",
                                        "memcmp",
                                        "memcpy",
                                        "memmove",
                                        "memset",
                                        "set_unexpected",
                                        "strchr",
                                        "strrchr",
                                        "strstr",
                                        "unexpected",
                                        "wcschr",
                                        "wcsrchr",
                                        "wcsstr",
                                        "_SetWinRTOutOfMemoryExceptionCallback"};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        CHECK(GetProcAddress(runtime, names[i]) != NULL, "%s", names[i]);
}

/* A function's frame as the compiler lays it out for __try with /GS: its handler passes the module's cookie
 * on. */
static unsigned cookie = 0xBB40E64E;
static int filter_calls;
static int __cdecl filter(void)
{
    filter_calls++;
    return EXCEPTION_CONTINUE_EXECUTION;
}
static void __fastcall check_cookie(unsigned value)
{
    CHECK_EQUAL(value, cookie);
}
static const struct {
    int gs_offset, gs_xor, eh_offset, eh_xor, enclosing;
    int(__cdecl *filter)(void);
    void *handler;
} scope_table = {-2, 0, -28, 0, -2, filter, NULL};

static int __cdecl frame_handler(EXCEPTION_RECORD *record, void *frame, CONTEXT *context, void *dispatcher)
{
    int(__cdecl * common)(unsigned *, void(__fastcall *)(unsigned), EXCEPTION_RECORD *, void *, CONTEXT *,
                          void *) = RUNTIME(_except_handler4_common);
    return common(&cookie, check_cookie, record, frame, context, dispatcher);
}

static void check_handler(void)
{
    struct {
        unsigned check; /* at EBP - 28: the cookie with EBP */
        int unused;
        void *pointers; /* right below the registration */
        void *previous, *handler;
        uintptr_t table;
        int level, ebp;
    } frame = {.handler = (void *)frame_handler, .table = (uintptr_t)&scope_table ^ cookie};
    NT_TIB *tib = (NT_TIB *)NtCurrentTeb();

    frame.check = cookie ^ (unsigned)(uintptr_t)&frame.ebp;
    frame.previous = tib->ExceptionList;
    tib->ExceptionList = (void *)&frame.previous;
    RaiseException(0xE0000001, 0, 0, NULL);
    tib->ExceptionList = frame.previous;
    CHECK_EQUAL(filter_calls, 1);
}

int main(void)
{
    runtime = LoadLibraryA("vcruntime140.dll");
    CHECK(runtime != NULL, "%lu", GetLastError());
    if (!runtime) return check_summary();
    check_types();
    check_exceptions();
    check_names();
    check_handler();
    return check_summary();
}
