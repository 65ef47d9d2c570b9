// Where the 64-bit side resumes threads, and calls whose callee may break the rules. Stacks as Windows builds
// them: programs look.

    .text

// A thread's first frames: EAX = start routine, EBX = its argument. The handler registered here is the last that
// an exception meets.
    .globl _RtlUserThreadStart
_RtlUserThreadStart:
    xorl %ebp, %ebp
    pushl $_last_handler
    pushl $-1
    movl %esp, %fs:0
    pushl %ebx
    pushl %eax
    pushl $0
    jmp _thread_start

// BOOLEAN call_dll_entry(void *entry, void *base, ULONG reason, void *reserved)
    .globl _call_dll_entry
_call_dll_entry:
    pushl %ebp
    movl %esp, %ebp
    pushl %ebx
    pushl %esi
    pushl %edi
    pushl 20(%ebp)
    pushl 16(%ebp)
    pushl 12(%ebp)
    call *8(%ebp)
    leal -12(%ebp), %esp // whatever the callee left
    popl %edi
    popl %esi
    popl %ebx
    popl %ebp
    ret

// [ESP] = routine, three arguments, then the CONTEXT to go on with.
    .globl _KiUserApcDispatcher@20
_KiUserApcDispatcher@20:
    leal 16(%esp), %edi
    popl %eax
    call *%eax // pops its three arguments
    pushl $1
    pushl %edi
    call _NtContinue@8
    pushl %eax
    call _RtlRaiseStatus@4
    int3

// The 64-bit side makes a thread whose system call failed badly go on here: TEB.ExceptionCode says why.
    .globl _KiRaiseUserExceptionDispatcher@0
_KiRaiseUserExceptionDispatcher@0:
    movl %fs:0x18, %eax
    pushl 0x1a4(%eax)
    call _RtlRaiseStatus@4
    int3
