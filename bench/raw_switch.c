// The floor under every call that crosses: 32-bit code to 64-bit code and back, two far jumps and both FS
// bases, and nothing else. A host program of its own; prints one line like bench.c. Also a futex ping-pong
// and getppid.
#define _GNU_SOURCE
#include <asm/ldt.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { CODE = 0x10000000, CALLS = 1000000, ROUNDS = 5 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

// Far jump to 32-bit code at CODE, which jumps back to 64-bit code at CODE + 16, which returns here.
static void round_trip(uint64_t guest_fs)
{
    static const struct __attribute__((packed)) {
        uint32_t offset;
        uint16_t selector;
    } to_guest = {CODE, 0x23};
    uint64_t host_fs;
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
    if (code == MAP_FAILED || syscall(SYS_modify_ldt, 0x11, &entry, sizeof entry) != 0) return;
    memcpy(code, guest, sizeof guest);
    memcpy(code + 16, host, sizeof host);
    uint64_t base;
    __asm__ volatile("rdfsbase %0\n\tmovl %1, %%fs\n\twrfsbase %0\n\tmovl %2, %%ds\n\tmovl %2, %%es"
                     : "=&r"(base)
                     : "r"(7), "r"(0x2b));
    double best = 1e12;
    for (int round = 0; round < ROUNDS; round++) {
        double start = now();
        for (int i = 0; i < CALLS; i++) round_trip(CODE);
        double each = (now() - start) / CALLS;
        if (each < best) best = each;
    }
    printf("raw mode switch\t%.1f\n", best);
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

static void futex_ping_pong(void)
{
    enum { PASSES = 10000 };
    pthread_t thread;
    double best = 1e12;
    if (pthread_create(&thread, NULL, partner, NULL) != 0) return;
    for (int round = 0; round < ROUNDS; round++) {
        double start = now();
        for (int i = 0; i < PASSES; i++) pass(0, 1);
        double each = (now() - start) / PASSES;
        if (each < best) best = each;
    }
    printf("raw futex ping-pong\t%.1f\n", best);
}

static void system_call(void)
{
    double start = now();
    for (int i = 0; i < CALLS; i++) syscall(SYS_getppid);
    printf("raw getppid\t%.1f\n", (now() - start) / CALLS);
}

int main(void)
{
    raw_switch();
    system_call();
    futex_ping_pong();
    return 0;
}
