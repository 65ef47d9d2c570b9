// Every signal's entry. It may find the guest's TEB as FS base, so it takes the host's from the header of the
// thread's own alternate stack before any C code runs, and puts back what it found (or what the handler says).

#include "signal_stack.h"

    .text
    .globl signal_entry
    .hidden signal_entry
signal_entry:                       // rdi = number, rsi = siginfo, rdx = ucontext
    movq %rsp, %rcx
    andq $-SIGNAL_STACK_SIZE, %rcx  // the header, 4th argument
    rdfsbase %r8                    // 5th argument: what the interrupted code had
    pushq %rbx
    movq (%rcx), %rax
    wrfsbase %rax
    call signal_dispatch
    wrfsbase %rax                   // the FS base that the code resumed now needs
    popq %rbx
    ret
    .section .note.GNU-stack, "", @progbits
