// Turns host signals into what they mean: a fault in guest code is an exception there, a fault in a
// guest-memory primitive makes it fail, a poke parks or ends the thread, and any other fault is Lowland's
// own.
#include "loader/signals.h"
#include "loader/exception.h"
#include "loader/fail.h"
#include "loader/fault_guard.h"
#include "loader/gate.h"
#include "loader/guest_memory.h"
#include "loader/host_breakpoint.h"
#include "loader/sanitizer.h"
#include "loader/signal_stack.h"
#include "loader/suspend.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

uint64_t signal_dispatch(int number, siginfo_t *info, ucontext_t *uc, struct signal_stack_header *header,
                         uint64_t fs_base);
void signal_entry(int number, siginfo_t *info, void *uc);

enum { TRAP_PAGE_FAULT = 14 };
enum { FAULT_WRITE = 2, FAULT_FETCH = 16 }; // bits of the page fault's error code

static enum vm_access fault_access(const ucontext_t *uc)
{
    greg_t error = uc->uc_mcontext.gregs[REG_ERR];
    return error & FAULT_FETCH ? VM_EXECUTE : error & FAULT_WRITE ? VM_WRITE : VM_READ;
}

static bool is_page_fault(int number, const ucontext_t *uc)
{
    return (number == SIGSEGV || number == SIGBUS) && uc->uc_mcontext.gregs[REG_TRAPNO] == TRAP_PAGE_FAULT;
}

// A primitive of guest.h met a bad page: the address space may cure it, else the primitive returns an error.
static bool fix_primitive(const ucontext_t *uc, struct thread *thread, greg_t *resume)
{
    uintptr_t fixup = guest_fixup_for(uc->uc_mcontext.gregs[REG_RIP]);
    if (!fixup) return false;
    uint64_t address = uc->uc_mcontext.gregs[REG_CR2];
    if (address < ((uint64_t)1 << 32) &&
        exception_try_resolve(thread, address, fault_access(uc)) == VM_FAULT_RESUME)
        *resume = uc->uc_mcontext.gregs[REG_RIP];
    else
        *resume = fixup;
    return true;
}

// Lets the interrupted code go on in the guest with these registers. Returns the FS base that it needs.
static uint64_t resume_guest(struct thread *thread, ucontext_t *uc, const struct guest_registers *r)
{
    greg_t *g = uc->uc_mcontext.gregs;
    g[REG_RAX] = r->eax, g[REG_RBX] = r->ebx, g[REG_RCX] = r->ecx, g[REG_RDX] = r->edx;
    g[REG_RSI] = r->esi, g[REG_RDI] = r->edi, g[REG_RBP] = r->ebp, g[REG_RSP] = r->esp;
    g[REG_RIP] = r->eip, g[REG_EFL] = r->eflags;
    g[REG_R15] = (uintptr_t)thread;
    g[REG_CSGSFS] = (g[REG_CSGSFS] & 0x0000ffffffff0000) | GUEST_CS | (greg_t)((uint64_t)GUEST_DS << 48);
    memcpy(uc->uc_mcontext.fpregs, r->fxsave, 416); // not the kernel's own words behind
    xstate_to_frame(uc->uc_mcontext.fpregs, &r->xstate);
    return thread->teb;
}

// Lets the interrupted thread go on in 64-bit code, at a function that does not return, on its host stack and
// with the host's control words.
static uint64_t resume_in_host(struct thread *thread, ucontext_t *uc, void (*function)(struct thread *thread))
{
    enum { HOST_FPU_CONTROL = 0x37f, HOST_MXCSR = 0x1f80 };
    greg_t *g = uc->uc_mcontext.gregs;
    if (uc->uc_mcontext.fpregs) {
        uc->uc_mcontext.fpregs->cwd = HOST_FPU_CONTROL;
        uc->uc_mcontext.fpregs->swd = 0;
        uc->uc_mcontext.fpregs->ftw = 0;
        uc->uc_mcontext.fpregs->mxcsr = HOST_MXCSR;
    }
    g[REG_RDI] = (uintptr_t)thread;
    g[REG_RIP] = (uintptr_t)function;
    g[REG_RSP] = (thread->host_rsp & ~15ull) - 8; // as after a call
    g[REG_EFL] &= ~(greg_t)0x40500;               // AC, DF, TF
    g[REG_CSGSFS] = (g[REG_CSGSFS] & ~(greg_t)0xffff) | HOST_CS;
    return thread->host_fs;
}

static uint64_t handle_poke(struct thread *thread, ucontext_t *uc, uint64_t fs_base)
{
    if (!thread) return fs_base;
    struct guest_registers registers;
    enum gate_position position = gate_locate(thread, uc, &registers);
    if (position == GATE_IN_HOST) {
        gate_restart_check(uc);
        suspend_acknowledge_in_host(thread);
        return fs_base;
    }
    uint32_t pending = atomic_load(&thread->pending);
    if (pending & THREAD_PENDING_TERMINATE) return resume_in_host(thread, uc, thread_end_now);
    if (pending & THREAD_PENDING_SUSPEND) {
        bool changed = suspend_park_in_guest(thread, &registers);
        if (atomic_load(&thread->pending) & THREAD_PENDING_TERMINATE)
            return resume_in_host(thread, uc, thread_end_now);
        if (!changed) return fs_base;
        // What gate_resume was about to load, or has failed to, is outdated.
        if (position == GATE_RESUMING) atomic_fetch_and(&thread->pending, ~THREAD_PENDING_CONTEXT);
        return resume_guest(thread, uc, &registers);
    }
    suspend_acknowledge_in_host(thread); // withdrawn: whoever asked must not wait on
    return fs_base;
}

// Guest state that leaked into the 64-bit side and trapped there: repaired, and repaid on the way back.
static bool repair_leak(int number, ucontext_t *uc, struct thread *thread)
{
    greg_t *flags = &uc->uc_mcontext.gregs[REG_EFL];
    if (number == SIGTRAP && (*flags & 0x100)) {
        *flags &= ~(greg_t)0x100;
        atomic_fetch_or(&thread->pending, THREAD_PENDING_STEP);
        return true;
    }
    if (number == SIGBUS && (*flags & 0x40000)) {
        *flags &= ~(greg_t)0x40000;
        return true;
    }
    return false;
}

// A system call of the vDSO's own (a clock that it cannot read): Syscall User Dispatch takes it for the
// guest's, as the vDSO lies outside the allowed range. Made here in its place.
static bool redo_system_call(int number, const siginfo_t *info, ucontext_t *uc, const struct thread *thread)
{
    greg_t *g = uc->uc_mcontext.gregs;
    if (number != SIGSYS || (thread && (g[REG_CSGSFS] & 0xffff) != HOST_CS)) return false;
    register uint64_t r10 __asm__("r10") = g[REG_R10];
    register uint64_t r8 __asm__("r8") = g[REG_R8];
    register uint64_t r9 __asm__("r9") = g[REG_R9];
    uint64_t result = info->si_syscall;
    __asm__ volatile("syscall"
                     : "+a"(result)
                     : "D"(g[REG_RDI]), "S"(g[REG_RSI]), "d"(g[REG_RDX]), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    g[REG_RAX] = result;
    return true;
}

// Prints where the 64-bit side is at fault, and the return addresses on its stack as far as it looks: offsets
// for addr2line -e lowland. Without frame pointers some may be left over from earlier calls.
SANITIZER_IGNORES_ADDRESSES
static _Noreturn void internal_fault(int number, const ucontext_t *uc, const struct thread *thread)
{
    extern const char __executable_start[], etext[];
    enum { CALLERS_MAX = 8, WORDS_MAX = 1024, PAGE = 4096 };
    const greg_t *g = uc->uc_mcontext.gregs;
    uintptr_t start = (uintptr_t)__executable_start, end = (uintptr_t)etext,
              sp = (uintptr_t)g[REG_RSP] & ~7ull;
    // Only what surely is mapped: up to the thread's first frame, or to the page's end.
    uintptr_t last = thread && sp < thread->base_rsp && thread->base_rsp - sp < HOST_STACK_SIZE
                         ? thread->base_rsp
                         : (sp | (PAGE - 1)) - 7;
    char callers[160] = "";
    size_t length = 0;
    unsigned found = 0;
    bool stack_is_known = !(number == SIGSEGV && (uintptr_t)g[REG_CR2] - sp < PAGE);
    for (unsigned i = 0; stack_is_known && i < WORDS_MAX && sp < last && found < CALLERS_MAX; i++, sp += 8) {
        uintptr_t word = *(const uintptr_t *)sp;
        if (word < start + 5 || word >= end || ((const uint8_t *)word)[-5] != 0xe8) continue; // behind a call
        length += snprintf(callers + length, sizeof callers - length, " +%lx", (unsigned long)(word - start));
        found++;
    }
    fail(FAIL_INTERNAL, "internal fault: signal %d, trap %d at +%lx, address %llx, thread %u%s%s", number,
         (int)g[REG_TRAPNO], (unsigned long)((uintptr_t)g[REG_RIP] - start), (unsigned long long)g[REG_CR2],
         thread ? thread->tid : 0, found ? ", called from" : "", callers);
}

uint64_t signal_dispatch(int number, siginfo_t *info, ucontext_t *uc, struct signal_stack_header *header,
                         uint64_t fs_base)
{
    struct thread *thread = header->thread;
    if (number == SIGNAL_POKE) return handle_poke(thread, uc, fs_base);

    greg_t resume;
    if (is_page_fault(number, uc) && fix_primitive(uc, thread, &resume)) {
        uc->uc_mcontext.gregs[REG_RIP] = resume;
        return fs_base;
    }
    if (thread) {
        struct guest_registers registers;
        enum gate_position position = gate_locate(thread, uc, &registers);
        // The 64-bit side's own accesses are no business of the guest's breakpoints.
        uint32_t breakpoint;
        if (position != GATE_IN_GUEST && host_breakpoint_hit(info, &breakpoint)) return fs_base;
        // A step into the gate cannot be rolled back, or it would be made for ever: it ends behind the call.
        if (position == GATE_ENTERING && number == SIGTRAP && repair_leak(number, uc, thread)) return fs_base;
        if (position != GATE_IN_HOST) {
            switch (exception_from_signal(thread, number, info, uc, &registers)) {
            case EXCEPTION_CURED: return fs_base;
            case EXCEPTION_DELIVERED: return resume_guest(thread, uc, &registers);
            case EXCEPTION_TO_REPORT:
                registers_copy(thread->resume, &registers);
                atomic_fetch_or(&thread->pending, THREAD_PENDING_CONTEXT);
                return resume_in_host(thread, uc, exception_report_now);
            }
        }
        if (repair_leak(number, uc, thread) || redo_system_call(number, info, uc, thread)) return fs_base;
    }
    if (is_page_fault(number, uc) &&
        (sanitizer_open_guest_shadow(uc->uc_mcontext.gregs[REG_CR2], fault_access(uc) == VM_WRITE) ||
         fault_guard_redirect(uc)))
        return fs_base;
    internal_fault(number, uc, thread);
}

void signals_init(void)
{
    struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER,
                               .sa_sigaction = signal_entry};
    sigemptyset(&action.sa_mask);
    static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS};
    for (unsigned i = 0; i < sizeof faults / sizeof *faults; i++) sigaction(faults[i], &action, NULL);
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART; // a poke is not interrupted by another
    sigaction(SIGNAL_POKE, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

void signals_init_thread(struct thread *thread)
{
    static struct signal_stack_header *service_header;
    struct signal_stack_header *header = thread ? thread->signal_stack : service_header;
    if (!header) {
        char *raw = mmap(NULL, 2 * SIGNAL_STACK_SIZE, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (raw == MAP_FAILED) fail(FAIL_HOST, "no memory for a signal stack");
        char *aligned = (char *)(((uintptr_t)raw + SIGNAL_STACK_SIZE - 1) & -(uintptr_t)SIGNAL_STACK_SIZE);
        if (aligned > raw) munmap(raw, aligned - raw);
        char *end = aligned + SIGNAL_STACK_SIZE, *raw_end = raw + 2 * SIGNAL_STACK_SIZE;
        if (raw_end > end) munmap(end, raw_end - end);
        header = (struct signal_stack_header *)aligned;
        if (thread)
            thread->signal_stack = header;
        else
            service_header = header;
    }
    header->thread = thread;
    __asm__("rdfsbase %0" : "=r"(header->host_fs));
    stack_t stack = {.ss_sp = header, .ss_size = SIGNAL_STACK_SIZE};
    sigaltstack(&stack, NULL);
}

void signals_end_thread(void)
{
    sigset_t poke;
    sigemptyset(&poke);
    sigaddset(&poke, SIGNAL_POKE);
    pthread_sigmask(SIG_BLOCK, &poke, NULL);
}
