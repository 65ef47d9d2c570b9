// From a program's file to its first thread: what a process needs before any guest code runs.
#include "loader/start.h"
#include "dlls/ntdll/unix/console.h"
#include "dlls/ntdll/unix/file.h"
#include "dlls/ntdll/unix/handle.h"
#include "dlls/ntdll/unix/locale.h"
#include "dlls/ntdll/unix/object_name.h"
#include "dlls/ntdll/unix/path.h"
#include "dlls/ntdll/unix/peer.h"
#include "dlls/ntdll/unix/pending_renames.h"
#include "dlls/ntdll/unix/prefix.h"
#include "dlls/ntdll/unix/region.h"
#include "dlls/ntdll/unix/process_object.h"
#include "loader/shared_data.h"
#include "dlls/ntdll/unix/thread_object.h"
#include "guest_constants.h"
#include "loader/address_space.h"
#include "loader/child_start.h"
#include "loader/control_events.h"
#include "loader/data_dir.h"
#include "loader/exception.h"
#include "loader/fail.h"
#include "loader/gate.h"
#include "loader/host_file_limit.h"
#include "loader/host_program.h"
#include "loader/host_segments.h"
#include "loader/modules.h"
#include "loader/parameters.h"
#include "loader/process.h"
#include "loader/sanitizer.h"
#include "loader/signals.h"
#include "loader/start_image.h"
#include "loader/thread.h"
#include "loader/trace.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

enum { OS_MAJOR = 10, OS_MINOR = 0, OS_BUILD = 19045, OS_PLATFORM_NT = 2 };

extern const struct thunk_table ntdll_thunk_table, kernelbase_thunk_table, user32_thunk_table,
    bcryptprimitives_thunk_table, ws2_32_thunk_table, iphlpapi_thunk_table, crypt32_thunk_table,
    secur32_thunk_table, dnsapi_thunk_table;

static void check_host(void)
{
    enum { HWCAP2_HAS_FSGSBASE = 1 << 1 };
    if (!host_segments_run_32_bit_code())
        fail(FAIL_HOST,
             "this kernel, processor or hypervisor runs no 32-bit code (it has no code segment 23h)");
    if (!(getauxval(AT_HWCAP2) & HWCAP2_HAS_FSGSBASE))
        fail(FAIL_HOST, "this kernel or processor does not let programs set the FS base (FSGSBASE)");
}

static void init_boundary(const struct options *options)
{
    xstate_init();
    gate_register(&ntdll_thunk_table);
    gate_register(&kernelbase_thunk_table);
    gate_register(&user32_thunk_table);
    gate_register(&bcryptprimitives_thunk_table);
    gate_register(&ws2_32_thunk_table);
    gate_register(&iphlpapi_thunk_table);
    gate_register(&crypt32_thunk_table);
    gate_register(&secur32_thunk_table);
    gate_register(&dnsapi_thunk_table);
    if (options->trace) trace_init(options->trace_filter, options->trace_json);
}

// What must exist before any image is mapped. The order is that of mechanisms, 7: KUSER_SHARED_DATA first.
static void init_guest(const struct start_image *program)
{
    bool large = program->info.characteristics & IMAGE_FILE_LARGE_ADDRESS_AWARE;
    bool nx = program->info.dll_characteristics & IMAGE_DLLCHARACTERISTICS_NX_COMPAT;
    if (!address_space_init()) fail(FAIL_HOST, "cannot reserve the low 4 GB: %s", strerror(errno));
    address_space_configure(large, !nx);
    if (!shared_data_init()) fail(FAIL_HOST, "cannot map the shared user data: %s", strerror(errno));
    signals_init();
    control_events_init();
    signals_init_thread(NULL);
    sanitizer_close_guest_shadow();
}

static gptr entry_point(gptr ntdll, const char *name)
{
    gptr address = module_export(ntdll, name);
    if (!address) fail(FAIL_INTERNAL, "ntdll.dll does not export %s", name);
    return address;
}

static void map_ntdll(void)
{
    static char path[PATH_MAX];
    struct start_image ntdll;
    snprintf(path, sizeof path, "%s/ntdll.dll", data_dir());
    start_image_open(&ntdll, path);
    start_image_map(&ntdll);
    guest_entry_points = (struct guest_entry_points){
        .exception_dispatcher = entry_point(ntdll.base, "KiUserExceptionDispatcher"),
        .apc_dispatcher = entry_point(ntdll.base, "KiUserApcDispatcher"),
        .thread_start = entry_point(ntdll.base, "LdrInitializeThunk"),
        .user_thread_start = entry_point(ntdll.base, "RtlUserThreadStart"),
        .ntdll = ntdll.base,
    };
}

static void build_peb(const struct start_image *program, gptr parameters)
{
    PEB32 peb = {0};
    gptr address = 0;
    uint32_t size = sizeof peb;
    NTSTATUS status =
        vm_allocate(&address, 0, &size, MEM_RESERVE | MEM_COMMIT | MEM_TOP_DOWN, PAGE_READWRITE);
    if (!NT_SUCCESS(status)) fail(FAIL_HOST, "no memory for the process environment block");
    peb.ImageBaseAddress = program->base;
    peb.ProcessParameters = parameters;
    peb.NumberOfProcessors = __builtin_popcount(process_affinity());
    peb.ActiveProcessAffinityMask = process_affinity();
    peb.CriticalSectionTimeout.QuadPart =
        -150ll * 10000000; // 150 s, as Windows' default of 2,592,000 is for servers
    peb.HeapSegmentReserve = 0x100000;
    peb.HeapSegmentCommit = 0x2000;
    peb.HeapDeCommitTotalFreeThreshold = 0x10000;
    peb.HeapDeCommitFreeBlockThreshold = 0x1000;
    peb.OSMajorVersion = OS_MAJOR;
    peb.OSMinorVersion = OS_MINOR;
    peb.OSBuildNumber = OS_BUILD;
    peb.OSPlatformId = OS_PLATFORM_NT;
    peb.ImageSubsystem = program->info.subsystem;
    peb.ImageSubsystemMajorVersion = program->info.subsystem_major;
    peb.ImageSubsystemMinorVersion = program->info.subsystem_minor;
    peb.SessionId = 1;
    peb.ActiveCodePage = host_locale()->ansi;
    peb.OemCodePage = host_locale()->oem;
    guest_write(address, &peb, sizeof peb);
    process_set_peb(address);
}

static void start_first_thread(const struct start_image *program, bool suspended)
{
    gptr entry = program->info.entry ? program->base + program->info.entry : 0;
    struct thread_object *object = thread_object_create(entry);
    struct thread_options first = {.stack_reserve = program->info.stack_reserve,
                                   .stack_commit = program->info.stack_commit,
                                   .start = entry,
                                   .argument = process_peb(),
                                   .suspended = suspended,
                                   .object = object};
    if (!object || !NT_SUCCESS(thread_create(&first)))
        fail(FAIL_HOST, "cannot make the program's first thread");
}

static void prepare_process(const struct start_image *program)
{
    init_guest(program);
    if (!region_attach()) fail(FAIL_HOST, "no memory for what processes share");
    if (!handle_table_init() || !object_namespace_init()) fail(FAIL_HOST, "no memory for handles and names");
    if (!NT_SUCCESS(gate_init())) fail(FAIL_HOST, "no memory for the gate page");
}

static void prepare_images(struct start_image *program)
{
    prepare_process(program);
    start_image_map(program);
    map_ntdll();
}

// A program of the host's gets its standard files by their numbers, and no handles.
static void prepare_host_program(struct start_image *program, const struct child_start *child)
{
    *program = (struct start_image){.path = child->image_path, .fd = -1};
    host_program_describe(&program->info);
    prepare_process(program);
    host_program_prepare(child->image_path, &child->parameters);
    for (uint32_t i = 0; i < child->descriptors_n; i++) close(child->descriptors[i]);
}

static void add_dos_path(struct text16 *text, const char *host)
{
    uint16_t dos[PATH_MAX];
    size_t n = path_dos_from_host(host, dos, PATH_MAX);
    if (n == 0) fail(FAIL_PROGRAM, "%s: the path is too long", host);
    text16_add(text, dos, n);
}

// The program's path with its directory resolved; its own name stays, also when it is a symlink: programs
// look for their files beside the name they were called by.
static const char *absolute_path(const char *program, char buffer[PATH_MAX])
{
    const char *slash = strrchr(program, '/'), *name = slash ? slash + 1 : program;
    char *directory = slash ? strndup(program, slash - program + 1) : strdup(".");
    if (!directory || !realpath(directory, buffer)) fail(FAIL_PROGRAM, "%s: %s", program, strerror(errno));
    free(directory);
    size_t n = strlen(buffer);
    if (n + strlen(name) + 2 > PATH_MAX) fail(FAIL_PROGRAM, "%s: %s", program, strerror(ENAMETOOLONG));
    if (buffer[n - 1] != '/') buffer[n++] = '/';
    memcpy(buffer + n, name, strlen(name) + 1);
    return buffer;
}

static void open_program(struct start_image *program, const struct options *options, const char *path)
{
    start_image_open(program, path);
    if (program->info.characteristics & IMAGE_FILE_DLL)
        fail(FAIL_IMAGE, "%s: is a DLL, not a program", options->program);
}

// What waits for a session's first program. Returns whether files were changed.
static bool begin_session(void)
{
    if (!pending_renames_due()) return false;
    signals_init();
    signals_init_thread(NULL);
    return pending_renames_carry_out();
}

void start_program(const struct options *options, char *const *environment)
{
    static char path[PATH_MAX], directory[PATH_MAX];
    struct start_image program;
    struct parameters parameters = {0};
    struct text16 image = {0}, current = {0};
    check_host();
    host_file_limit_raise(0);
    open_program(&program, options, absolute_path(options->program, path));
    if (!getcwd(directory, sizeof directory)) strcpy(directory, "/");
    if (!prefix_open()) exit(FAIL_HOST);
    if (begin_session()) {
        close(program.fd);
        open_program(&program, options, path);
    }
    process_set_status_fd(options->status_fd);
    init_boundary(options);
    prepare_images(&program);

    add_dos_path(&image, path);
    add_dos_path(&current, directory);
    if (current.units[current.length - 1] != '\\') text16_add_unit(&current, '\\');
    parameters_from_host(&parameters, &image, &current, options->arguments, environment);
    HANDLE32 handles[3];
    for (int i = 0; i < 3; i++)
        if (!NT_SUCCESS(std_handle_open(i, &handles[i]))) handles[i] = 0;
    parameters.block->StandardInput = handles[0];
    parameters.block->StandardOutput = handles[1];
    parameters.block->StandardError = handles[2];
    HANDLE32 reference;
    if (NT_SUCCESS(console_begin(&reference))) parameters.block->ConsoleHandle = reference;

    gptr block;
    if (!NT_SUCCESS(parameters_install(&parameters, &block)))
        fail(FAIL_HOST, "no memory for the program's parameters");
    parameters_free(&parameters);
    text16_free(&image);
    text16_free(&current);
    build_peb(&program, block);
    process_object_init(0);
    peer_server_start(); // without it the program runs unseen by others
    start_first_thread(&program, false);
}

void start_child(const struct options *options)
{
    static struct child_start child; // its paths are used as long as the process lives
    struct start_image program;
    check_host();
    child_start_receive(&child, options->child_fd);
    host_file_limit_raise(child.file_limit);
    if (!child.host_program) start_image_open(&program, child.image_path);
    if (!prefix_open()) exit(FAIL_HOST);
    struct options traced = {
        .trace = child.trace, .trace_json = child.trace_json, .trace_filter = child.trace_filter};
    init_boundary(&traced);
    if (child.host_program) {
        prepare_host_program(&program, &child);
    } else {
        prepare_images(&program);
        child_start_open_handles(&child);
    }
    gptr block;
    if (!NT_SUCCESS(parameters_install(&child.parameters, &block)))
        fail(FAIL_HOST, "no memory for the program's parameters");
    build_peb(&program, block);
    process_object_init(child.parent_pid);
    peer_server_start();
    start_first_thread(&program, true);
    child_start_report(&child);
}
