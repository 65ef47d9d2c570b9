// Starts a program of the host in this process's stead, and lives as long as it does.
#include "loader/host_program.h"
#include "dlls/ntdll/unix/file_host_path.h"
#include "dlls/ntdll/unix/wait.h"
#include "guest_constants.h"
#include "loader/command_line.h"
#include "loader/environment.h"
#include "loader/fail.h"
#include "loader/host_file_limit.h"
#include "loader/process.h"
#include "loader/thread.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static struct {
    const char *path;
    char **arguments, **environment;
    char directory[PATH_MAX]; // empty: ours
} program;

bool host_program_is(const char *path)
{
    static const char elf[4] = "\177ELF";
    char start[4] = "";
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    ssize_t n = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? read(fd, start, sizeof start) : -1;
    close(fd);
    bool known = (n == 4 && memcmp(start, elf, 4) == 0) || (n >= 2 && memcmp(start, "#!", 2) == 0);
    return known && faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0;
}

void host_program_describe(struct image_info *info)
{
    *info = (struct image_info){.subsystem = IMAGE_SUBSYSTEM_WINDOWS_CUI,
                                .stack_reserve = 0x10000,
                                .stack_commit = 0x1000,
                                .dll_characteristics = IMAGE_DLLCHARACTERISTICS_NX_COMPAT};
}

// ---- what it gets ----

static const uint16_t *string_of(const struct parameters *parameters, const UNICODE_STRING32 *string)
{
    return (const uint16_t *)((const char *)parameters->block + string->Buffer);
}

static void choose_directory(const struct parameters *parameters)
{
    static const uint16_t prefix[] = {'\\', '?', '?', '\\'};
    enum { PREFIX = sizeof prefix / sizeof *prefix };
    const UNICODE_STRING32 dos = parameters->block->CurrentDirectory.DosPath;
    uint16_t name[PATH_MAX];
    uint32_t length = dos.Length / 2;
    if (length == 0 || length > PATH_MAX - PREFIX) return;
    memcpy(name, prefix, sizeof prefix);
    memcpy(name + PREFIX, string_of(parameters, &dos), dos.Length);
    // A drive's root keeps its backslash.
    if (length > 3 && name[PREFIX + length - 1] == '\\') length--;
    if (!NT_SUCCESS(file_host_path(name, PREFIX + length, program.directory))) program.directory[0] = 0;
}

void host_program_prepare(const char *path, const struct parameters *parameters)
{
    const UNICODE_STRING32 line = parameters->block->CommandLine;
    program.path = path;
    program.arguments = command_line_split(string_of(parameters, &line), line.Length / 2);
    if (!program.arguments) fail(FAIL_HOST, "no memory for the program's arguments");
    program.environment = environment_for_host(&parameters->environment, environ);
    choose_directory(parameters);
}

bool host_program_is_prepared(void)
{
    return program.path != NULL;
}

// ---- running it ----

// In the child of fork: only what is allowed beside other threads.
static _Noreturn void become_program(pid_t parent)
{
    sigset_t none;
    sigemptyset(&none);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(FAIL_HOST);
    signal(SIGPIPE, SIG_DFL);
    host_file_limit_restore();
    sigprocmask(SIG_SETMASK, &none, NULL);
    int failed = program.directory[0] ? chdir(program.directory) : 0;
    if (!failed) execve(program.path, program.arguments, program.environment);
    static const char text[] = "lowland: the host's program cannot be started\n";
    if (write(STDERR_FILENO, text, sizeof text - 1) < 0) _exit(FAIL_HOST);
    _exit(FAIL_PROGRAM);
}

// The program has the standard files now: their other ends are to notice when it closes them.
static void let_go_of_files(void)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; null >= 0 && fd < 3; fd++) dup2(null, fd);
    if (null > 2) close(null);
}

static uint32_t status_of(int host_status)
{
    return WIFEXITED(host_status) ? (uint32_t)WEXITSTATUS(host_status)
                                  : 128 + (uint32_t)WTERMSIG(host_status);
}

static _Atomic int running = -1; // a pidfd, which means nobody else once the program has ended; -1: none

void host_program_stop(bool stop)
{
    int child = atomic_load(&running);
    if (child >= 0) syscall(SYS_pidfd_send_signal, child, stop ? SIGSTOP : SIGCONT, NULL, 0);
}

void host_program_run(struct thread *thread)
{
    static _Atomic bool started;
    int host_status = 0;
    if (atomic_exchange(&started, true)) thread_end(thread);
    pid_t parent = getpid(), child = fork();
    if (child == 0) become_program(parent);
    if (child < 0) process_exit((uint32_t)STATUS_INSUFFICIENT_RESOURCES);
    let_go_of_files();
    int watched = (int)syscall(SYS_pidfd_open, child, 0);
    atomic_store(&running, watched);
    if (atomic_load(&thread->suspend_count) > 0) { // since before it was known
        host_program_stop(true);
        if (atomic_load(&thread->suspend_count) == 0) host_program_stop(false);
    }
    NTSTATUS status = watched < 0 ? STATUS_SUCCESS : host_wait_fd(watched, POLLIN, false, NULL);
    if (status != STATUS_SUCCESS) kill(child, SIGKILL);
    while (waitpid(child, &host_status, 0) < 0 && errno == EINTR) {
    }
    if (status != STATUS_SUCCESS) thread_end(thread);
    process_exit(status_of(host_status));
}
