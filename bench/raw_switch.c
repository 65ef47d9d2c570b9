// The floor under every call that crosses: 32-bit code to 64-bit code and back, two far jumps and both FS
// bases, and nothing else. A host program of its own; prints lines like bench.c. Also what the host itself
// takes for the calls that others are compared with.
#define _GNU_SOURCE
#include <asm/hwcap2.h>
#include <asm/ldt.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { CODE = 0x10000000, CALLS = 5000, ROUNDS = 100, FILES = 500 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

// Prints the best of many short rounds, as bench.c does.
static void measure(const char *name, int calls, void (*operation)(void))
{
    double best = 1e12;
    for (int round = 0; round < ROUNDS; round++) {
        double start = now();
        for (int i = 0; i < calls; i++) operation();
        double each = (now() - start) / calls;
        if (each < best) best = each;
    }
    printf("%s\t%.1f\n", name, best);
}

// Far jump to 32-bit code at CODE, which jumps back to 64-bit code at CODE + 16, which returns here.
static void round_trip(void)
{
    static const struct __attribute__((packed)) {
        uint32_t offset;
        uint16_t selector;
    } to_guest = {CODE, 0x23};
    uint64_t host_fs, guest_fs = CODE;
    __asm__ volatile("rdfsbase %%r12\n\t"
                     "movq %%rsp, %%r13\n\t"
                     "leaq 1f(%%rip), %%r14\n\t"
                     "wrfsbase %1\n\t"
                     "ljmp *%2\n"
                     "1:\twrfsbase %%r12\n\t"
                     "movq %%r13, %%rsp\n\t"
                     "movq %%r12, %0"
                     : "=r"(host_fs)
                     : "r"(guest_fs), "m"(to_guest)
                     : "r12", "r13", "r14", "memory", "cc");
}

static void raw_switch(void)
{
    static const uint8_t guest[] = {0xea, 0x10, 0, 0, 0x10, 0x33, 0}; // ljmp 33:CODE+10h
    static const uint8_t host[] = {0x41, 0xff, 0xe6};                 // jmp *%r14
    uint8_t *code = mmap((void *)CODE, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    struct user_desc entry = {.entry_number = 0,
                              .base_addr = CODE,
                              .limit = 0xfffff,
                              .seg_32bit = 1,
                              .limit_in_pages = 1,
                              .useable = 1};
    if (!(getauxval(AT_HWCAP2) & HWCAP2_FSGSBASE)) return; // nor, as a rule, a 32-bit code segment
    if (code == MAP_FAILED || syscall(SYS_modify_ldt, 0x11, &entry, sizeof entry) != 0) return;
    memcpy(code, guest, sizeof guest);
    memcpy(code + 16, host, sizeof host);
    uint64_t base;
    __asm__ volatile("rdfsbase %0\n\tmovl %1, %%fs\n\twrfsbase %0\n\tmovl %2, %%ds\n\tmovl %2, %%es"
                     : "=&r"(base)
                     : "r"(7), "r"(0x2b));
    measure("raw mode switch", CALLS, round_trip);
}

static _Atomic uint32_t ball;

static void pass(uint32_t from, uint32_t to)
{
    while (atomic_load(&ball) != from) syscall(SYS_futex, &ball, FUTEX_WAIT_PRIVATE, to, NULL);
    atomic_store(&ball, to);
    syscall(SYS_futex, &ball, FUTEX_WAKE_PRIVATE, 1);
}

static void *partner(void *argument)
{
    for (;;) pass(1, 0);
    return argument;
}

static void there_and_back(void)
{
    pass(0, 1);
}

static void futex_ping_pong(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, partner, NULL) == 0)
        measure("raw futex ping-pong", 200, there_and_back);
}

static int file;
static char sixteen[16];

static void system_call(void)
{
    syscall(SYS_getppid);
}
static void write_16(void)
{
    if (write(file, sixteen, sizeof sixteen) < 0) perror("write");
}
static void read_16(void)
{
    if (read(file, sixteen, sizeof sixteen) < 0) perror("read");
}
static void open_close(void)
{
    struct stat st;
    int fd = open("raw.tmp", O_RDONLY | O_CLOEXEC);
    fstat(fd, &st);
    close(fd);
}
static char full_path[PATH_MAX];
static void get_stat(void)
{
    struct statx st;
    statx(AT_FDCWD, full_path, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS | STATX_BTIME, &st);
}

// Reads a directory's names and asks about each, as an enumeration with sizes and times must.
static void list_and_stat(void)
{
    char buffer[32768] __attribute__((aligned(8)));
    int directory = open("raw.dir", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (ssize_t n; (n = getdents64(directory, buffer, sizeof buffer)) > 0;) {
        for (ssize_t at = 0; at < n;) {
            const struct dirent64 *entry = (const struct dirent64 *)(buffer + at);
            struct statx st;
            statx(directory, entry->d_name, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS | STATX_BTIME, &st);
            at += entry->d_reclen;
        }
    }
    close(directory);
}

static void list(void)
{
    char name[40];
    mkdir("raw.dir", 0777);
    for (int i = 0; i < FILES; i++) {
        snprintf(name, sizeof name, "raw.dir/a file's name %d.txt", i);
        close(open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
    }
    measure("raw list and stat 500 files", 1, list_and_stat);
    for (int i = 0; i < FILES; i++) {
        snprintf(name, sizeof name, "raw.dir/a file's name %d.txt", i);
        unlink(name);
    }
    rmdir("raw.dir");
}

static void map_unmap(void)
{
    munmap(mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0),
           65536);
}

static char *page;
static void handle_fault(int number)
{
    (void)number;
    mprotect(page, 4096, PROT_READ | PROT_WRITE);
}
static void fault(void)
{
    *(volatile char *)page = 1;
    mprotect(page, 4096, PROT_READ);
}
static void memory(void)
{
    measure("raw mmap+munmap 64 KiB", CALLS / 10, map_unmap);
    page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    signal(SIGSEGV, handle_fault);
    measure("raw page fault, signal", CALLS / 10, fault);
}

// Where the output is a terminal, the same line that bench.c writes to it.
static void write_terminal(void)
{
    static const char line[] = "\rThis line of sixty characters is written again and again....";
    if (write(STDOUT_FILENO, line, 60) != 60) exit(1);
}

static void files(void)
{
    file = open("raw.tmp", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    measure("raw write 16", CALLS / 5, write_16);
    lseek(file, 0, SEEK_SET);
    measure("raw read 16", CALLS / 5, read_16);
    measure("raw open+fstat+close", CALLS / 10, open_close);
    if (realpath("raw.tmp", full_path) != NULL) measure("raw statx", CALLS / 5, get_stat);
    close(file);
    unlink("raw.tmp");
}

// What every host call costs more under Syscall User Dispatch, which guest threads run with.
static void dispatched(void)
{
    if (prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, 1ul << 32, 1ul << 47, NULL) != 0) return;
    measure("raw getppid, dispatch on", CALLS, system_call);
}

int main(void)
{
    raw_switch();
    measure("raw getppid", CALLS, system_call);
    files();
    list();
    memory();
    futex_ping_pong();
    if (isatty(STDOUT_FILENO)) measure("raw write 60 to a terminal", CALLS / 25, write_terminal);
    dispatched();
    return 0;
}
