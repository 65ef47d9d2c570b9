// Switching fibers: what a fiber's record keeps while it does not run lies at the offsets that fiber.c asserts.

    .set TEB_SEH, 0x00
    .set TEB_STACK_BASE, 0x04
    .set TEB_STACK_LIMIT, 0x08
    .set TEB_FIBER, 0x10
    .set TEB_ACTIVATION_STACK, 0x1A8
    .set TEB_DEALLOCATION_STACK, 0xE0C
    .set TEB_GUARANTEED, 0xF78
    .set TEB_FLS, 0xFB4

    .set FIBER_SEH, 0x04
    .set FIBER_STACK_BASE, 0x08
    .set FIBER_STACK_LIMIT, 0x0C
    .set FIBER_DEALLOCATION_STACK, 0x10
    .set FIBER_ESP, 0x14
    .set FIBER_FLAGS, 0x18
    .set FIBER_CONTROL, 0x1C
    .set FIBER_FLS, 0x24
    .set FIBER_GUARANTEED, 0x28
    .set FIBER_ACTIVATION_STACK, 0x2C

    .text

// void WINAPI SwitchToFiber(void *fiber). The registers that a callee keeps go on the old stack; a new fiber's
// stack was prepared to look as if it had switched away.
    .globl _SwitchToFiber@4
    .def _SwitchToFiber@4; .scl 2; .type 32; .endef
    .p2align 4, 0x90
_SwitchToFiber@4:
    .byte 0x8b, 0xff                // movl %edi, %edi and movl %esp, %ebp as hooking libraries know them
    pushl %ebp
    .byte 0x8b, 0xec
    movl 8(%ebp), %ecx
    pushl %ebx
    pushl %esi
    pushl %edi
    movl %fs:0x18, %edx
    movl TEB_FIBER(%edx), %eax

    movl TEB_SEH(%edx), %ebx
    movl %ebx, FIBER_SEH(%eax)
    movl TEB_STACK_LIMIT(%edx), %ebx
    movl %ebx, FIBER_STACK_LIMIT(%eax)
    movl TEB_FLS(%edx), %ebx
    movl %ebx, FIBER_FLS(%eax)
    movl TEB_GUARANTEED(%edx), %ebx
    movl %ebx, FIBER_GUARANTEED(%eax)
    movl TEB_ACTIVATION_STACK(%edx), %ebx
    movl %ebx, FIBER_ACTIVATION_STACK(%eax)
    testl $1, FIBER_FLAGS(%eax)
    jz 1f
    fnstcw FIBER_CONTROL(%eax)
    stmxcsr FIBER_CONTROL+4(%eax)
1:  movl %esp, FIBER_ESP(%eax)

    movl %ecx, TEB_FIBER(%edx)
    movl FIBER_SEH(%ecx), %ebx
    movl %ebx, TEB_SEH(%edx)
    movl FIBER_STACK_BASE(%ecx), %ebx
    movl %ebx, TEB_STACK_BASE(%edx)
    movl FIBER_STACK_LIMIT(%ecx), %ebx
    movl %ebx, TEB_STACK_LIMIT(%edx)
    movl FIBER_DEALLOCATION_STACK(%ecx), %ebx
    movl %ebx, TEB_DEALLOCATION_STACK(%edx)
    movl FIBER_FLS(%ecx), %ebx
    movl %ebx, TEB_FLS(%edx)
    movl $0, FIBER_FLS(%ecx)          // while it runs the thread owns these two, and frees them if it ends
    movl FIBER_GUARANTEED(%ecx), %ebx
    movl %ebx, TEB_GUARANTEED(%edx)
    movl FIBER_ACTIVATION_STACK(%ecx), %ebx
    movl %ebx, TEB_ACTIVATION_STACK(%edx)
    movl $0, FIBER_ACTIVATION_STACK(%ecx)
    testl $1, FIBER_FLAGS(%ecx)
    jz 2f
    fldcw FIBER_CONTROL(%ecx)
    ldmxcsr FIBER_CONTROL+4(%ecx)
2:  movl FIBER_ESP(%ecx), %esp
    popl %edi
    popl %esi
    popl %ebx
    popl %ebp
    ret $4
