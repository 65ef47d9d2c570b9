// The parts of exception handling that are about registers and stacks: the dispatcher's entry, capturing
// contexts, and calling handlers.

#include "context_offsets.h"

    .text

// The 64-bit side resumes the thread here: [ESP] = record, [ESP+4] = context. The first instructions are those
// of Windows: programs patch them.
    .globl _KiUserExceptionDispatcher@8
_KiUserExceptionDispatcher@8:
    cld
    movl 4(%esp), %ecx
    movl (%esp), %ebx
    pushl %ecx
    pushl %ebx
    call _dispatch_user_exception
    int3

// Fills the integer, segment and control parts of the CONTEXT at EAX with the state of whoever is returned to
// from the frame that EBP is in, all but EAX and ECX, which the caller stores.
.macro SAVE_CALLER pop
    movl %edx, CONTEXT_EDX(%eax)
    movl %ebx, CONTEXT_EBX(%eax)
    movl %esi, CONTEXT_ESI(%eax)
    movl %edi, CONTEXT_EDI(%eax)
    movl (%ebp), %ecx
    movl %ecx, CONTEXT_EBP(%eax)
    movl 4(%ebp), %ecx
    movl %ecx, CONTEXT_EIP(%eax)
    leal 8 + \pop(%ebp), %ecx
    movl %ecx, CONTEXT_ESP(%eax)
    movl $CONTEXT_FULL_SEGMENTS, CONTEXT_FLAGS(%eax)
    movl $0, CONTEXT_SEGCS(%eax)
    movl $0, CONTEXT_SEGDS(%eax)
    movl $0, CONTEXT_SEGES(%eax)
    movl $0, CONTEXT_SEGFS(%eax)
    movl $0, CONTEXT_SEGGS(%eax)
    movl $0, CONTEXT_SEGSS(%eax)
    movw %cs, CONTEXT_SEGCS(%eax)
    movw %ds, CONTEXT_SEGDS(%eax)
    movw %es, CONTEXT_SEGES(%eax)
    movw $0x53, CONTEXT_SEGFS(%eax) // the selector is the host's affair
    movw %gs, CONTEXT_SEGGS(%eax)
    movw %ss, CONTEXT_SEGSS(%eax)
.endm

// void RtlCaptureContext(CONTEXT *): as on Windows the result describes the caller's caller, by the caller's
// EBP frame.
    .globl _RtlCaptureContext@4
_RtlCaptureContext@4:
    pushl %eax
    movl 8(%esp), %eax
    movl %ecx, CONTEXT_ECX(%eax)
    popl CONTEXT_EAX(%eax)
    pushfl
    popl CONTEXT_EFLAGS(%eax)
    SAVE_CALLER 0
    ret $4

.macro RAISE c_half
    pushl %ebp
    movl %esp, %ebp
    subl $CONTEXT_SIZE, %esp
    pushfl
    pushl %eax
    leal 8(%esp), %eax
    movl %ecx, CONTEXT_ECX(%eax)
    popl CONTEXT_EAX(%eax)
    popl CONTEXT_EFLAGS(%eax)
    SAVE_CALLER 4
    movl %esp, %eax
    pushl %eax
    pushl 8(%ebp)
    call \c_half
    int3
.endm

// void RtlRaiseException(EXCEPTION_RECORD *)
    .globl _RtlRaiseException@4
_RtlRaiseException@4:
    RAISE _raise_exception

// void RtlRaiseStatus(NTSTATUS)
    .globl _RtlRaiseStatus@4
_RtlRaiseStatus@4:
    RAISE _raise_status

// EXCEPTION_DISPOSITION execute_handler(record, establisher, context, dispatcher_frame, handler)
    .globl _execute_handler
_execute_handler:
    movl $_nested_handler, %edx
    jmp 1f
    .globl _execute_unwind_handler
_execute_unwind_handler:
    movl $_collided_handler, %edx
1:  pushl %ebp
    movl %esp, %ebp
    pushl %ebx
    pushl %esi
    pushl %edi
    pushl 12(%ebp) // behind the record: what the handlers below tell
    pushl %edx
    pushl %fs:0
    movl %esp, %fs:0
    pushl 20(%ebp)
    pushl 16(%ebp)
    pushl 12(%ebp)
    pushl 8(%ebp)
    movl 24(%ebp), %ecx
    call *%ecx
    movl %fs:0, %esp // the handler may have popped anything
    popl %fs:0
    leal -12(%ebp), %esp
    popl %edi
    popl %esi
    popl %ebx
    popl %ebp
    ret

// An exception in a handler: tells which frame was being handled.
_nested_handler:
    movl 4(%esp), %ecx
    movl $1, %eax // ExceptionContinueSearch
    testl $6, 4(%ecx)
    jnz 1f
    movl 8(%esp), %ecx
    movl 8(%ecx), %ecx
    movl 16(%esp), %edx
    movl %ecx, (%edx)
    movl $2, %eax // ExceptionNestedException
1:  ret

// An unwind that meets another in progress: goes on where that one was.
_collided_handler:
    movl 4(%esp), %ecx
    movl $1, %eax
    testl $6, 4(%ecx)
    jz 1f
    movl 8(%esp), %ecx
    movl 8(%ecx), %ecx
    movl 16(%esp), %edx
    movl %ecx, (%edx)
    movl $3, %eax // ExceptionCollidedUnwind
1:  ret

// void RtlUnwind(target, target_ip, record, return_value): returns return_value to its caller once the frames are
// gone.
    .globl _RtlUnwind@16
_RtlUnwind@16:
    pushl %ebp
    movl %esp, %ebp
    subl $CONTEXT_SIZE, %esp
    pushfl
    pushl %eax
    leal 8(%esp), %eax
    movl %ecx, CONTEXT_ECX(%eax)
    popl CONTEXT_EAX(%eax)
    popl CONTEXT_EFLAGS(%eax)
    SAVE_CALLER 16
    movl 20(%ebp), %ecx
    movl %ecx, CONTEXT_EAX(%eax)
    pushl %eax
    pushl 16(%ebp)
    pushl 8(%ebp)
    call _unwind
    movl 20(%ebp), %eax
    leave
    ret $16

// Where calls of exports that are not implemented end. [ESP+4] = what to say, above it the stack as the caller left
// it: the exception is raised in the caller.
    .globl ___lowland_missing_export
___lowland_missing_export:
    addl $4, %esp
    popl %eax
    pushl %ebp
    movl %esp, %ebp
    subl $CONTEXT_SIZE, %esp
    pushl %eax
    leal 4(%esp), %eax
    movl $0, CONTEXT_EAX(%eax)
    movl %ecx, CONTEXT_ECX(%eax)
    pushfl
    popl CONTEXT_EFLAGS(%eax)
    SAVE_CALLER 0
    popl %ecx
    pushl %eax
    pushl %ecx
    call _missing_export
    int3

    .globl _DbgBreakPoint@0
_DbgBreakPoint@0:
    int3
    ret

    .globl _DbgUserBreakPoint@0
_DbgUserBreakPoint@0:
    int3
    ret
