// lowland_guarded_call: guard.h says what it does. The registration record on the stack leads to a handler that
// unwinds to it and returns from the call with the exception's code.

    .text
    .globl _lowland_guarded_call
_lowland_guarded_call:
    pushl %ebp
    movl %esp, %ebp
    pushl %ebx
    pushl %esi
    pushl %edi
    pushl $guard_handler
    pushl %fs:0
    movl %esp, %fs:0
    pushl 12(%ebp)
    call *8(%ebp)
    xorl %eax, %eax
guard_leave: // EAX = result; the record is at EBP - 20
    leal -20(%ebp), %esp
    popl %fs:0
    addl $4, %esp
    popl %edi
    popl %esi
    popl %ebx
    popl %ebp
    ret

// (record, establisher, context, dispatcher)
guard_handler:
    movl 4(%esp), %ecx
    testl $6, 4(%ecx) // EXCEPTION_UNWINDING | EXCEPTION_EXIT_UNWIND
    jnz 1f
    movl 8(%esp), %esi // nothing here returns to the dispatcher: every register is free
    movl (%ecx), %edi
    pushl $0
    pushl %ecx
    pushl $guard_unwound
    pushl %esi
    call _RtlUnwind@16
guard_unwound:
    leal 20(%esi), %ebp
    movl %edi, %eax
    jmp guard_leave
1:  movl $1, %eax
    ret
