// A minimal SIGSEGV and SIGBUS handler for tests: asks vm_fault, else resumes at the primitive's fixup.
#include "guest_faults.h"
#include <signal.h>
#include <stdlib.h>
#include <sys/ucontext.h>

struct vm_stack *guest_faults_stack;
_Thread_local enum vm_fault_result guest_faults_last;

static void handle(int number, siginfo_t *info, void *data)
{
    ucontext_t *context = data;
    uintptr_t pc = (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
    uintptr_t fixup = guest_fixup_for(pc);
    uintptr_t address = (uintptr_t)info->si_addr;
    bool write = context->uc_mcontext.gregs[REG_ERR] & 2;
    (void)number;
    if (!fixup || address >> 32) abort();
    struct vm_stack *stack = guest_faults_stack;
    guest_faults_last =
        vm_fault((gptr)address, write ? VM_WRITE : VM_READ, stack, stack ? &stack->limit : NULL);
    if (guest_faults_last != VM_FAULT_RESUME) context->uc_mcontext.gregs[REG_RIP] = (greg_t)fixup;
}

void guest_faults_install(void **state)
{
    struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO};
    (void)state;
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
}
