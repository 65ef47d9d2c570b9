// The mode switch. R15 is the struct thread in 32-bit code: it cannot touch R8-R15. Offsets are asserted in gate.c.
// An asynchronous signal may land anywhere here; gate_locate in gate.c knows the labels.

#define T_HOST_FS         0
#define T_HOST_RSP        8
#define T_TEB             32
#define T_PENDING         36
#define F_EAX             40
#define F_EBX             48
#define F_ESI             52
#define F_EDI             56
#define F_EBP             60
#define F_ESP             64
#define F_MXCSR           68
#define F_FPU             72
#define F_FPU_STATUS      74
#define T_RETURN_FAR      80
#define T_BASE_RSP        88
#define T_RESUME          96
#define T_CALLBACKS       104

#define R_EAX             0
#define R_EBX             4
#define R_ECX             8
#define R_EDX             12
#define R_ESI             16
#define R_EDI             20
#define R_EBP             24
#define R_ESP             28
#define R_EIP             32
#define R_EFLAGS          36
#define R_FXSAVE          64

#define PENDING_SUSPEND   1
#define PENDING_CONTEXT   4
#define PENDING_TERMINATE 8
#define PENDING_FPU       16
#define INTERFACES_SHIFT  12
#define INTERFACES_MAX    16

    .text

// The host runs with its own control words: goes to \differ unless the guest's, in the frame, do as well.
.macro COMPARE_CONTROL_WORDS differ
    movl F_MXCSR(%r15), %ecx
    andl $~0x3f, %ecx               // the status flags do not matter
    cmpl $0x1f80, %ecx
    jne \differ
    movzwl F_FPU(%r15), %ecx
    andl $0xc3f, %ecx               // any precision does: GCC's run-time sets 64 bits, Microsoft's 53
    cmpl $0x3f, %ecx
    jne \differ
.endm

// From the gate page, 64-bit mode, guest registers: EAX = call index, [ESP] = return into the stub.
    .globl gate_enter, gate_enter_stack_known, gate_enter_end
    .hidden gate_enter, gate_enter_stack_known, gate_enter_end
    .p2align 5
gate_enter:
    movl %esp, %r14d
gate_enter_stack_known:
    movl %ebx, F_EBX(%r15)
    movl %esi, F_ESI(%r15)
    movl %edi, F_EDI(%r15)
    movl %ebp, F_EBP(%r15)
    movl %r14d, F_ESP(%r15)
    stmxcsr F_MXCSR(%r15)
    fnstcw F_FPU(%r15)
    movq T_HOST_FS(%r15), %rcx
    wrfsbase %rcx
    movq T_HOST_RSP(%r15), %rsp
gate_enter_end:
    cld
    COMPARE_CONTROL_WORDS .Lfpu_host
.Lfpu_ready:
    cmpq $0, T_CALLBACKS(%r15)
    jne .Lin_callback
.Ldispatch:
    movl %eax, %esi
    movl %eax, %ecx
    shrl $INTERFACES_SHIFT, %ecx
    cmpl $INTERFACES_MAX, %ecx
    jae .Lbad_index
    andl $0xfff, %eax
    shll $4, %ecx
    leaq gate_interfaces(%rip), %rdx
    addq %rcx, %rdx
    cmpl 8(%rdx), %eax
    jae .Lbad_index
    movq (%rdx), %rdx
    leal 8(%r14), %edi
    call *(%rdx,%rax,8)
.Ldone:
    movq %rax, F_EAX(%r15)
    .globl gate_leave_check, gate_leave, gate_leave_end
    .hidden gate_leave_check, gate_leave, gate_leave_end
gate_leave_check:                   // begins anew when a poke interrupts it
    cmpl $0, T_PENDING(%r15)
    jne .Lslow
gate_leave:
    movl F_EBX(%r15), %ebx
    movl F_ESI(%r15), %esi
    movl F_EDI(%r15), %edi
    movl F_EBP(%r15), %ebp
    movl T_TEB(%r15), %ecx
    movl F_EAX(%r15), %eax
    movl F_EAX+4(%r15), %edx
    wrfsbase %rcx
    movl F_ESP(%r15), %esp
    ljmp *T_RETURN_FAR(%r15)
gate_leave_end:

.Lslow:
    movq %r15, %rdi
    call thread_leave_slow          // parks, delivers; does not return when it resumes a whole context
    jmp gate_leave_check

.Lfpu_host:
    call load_host_control_words
    jmp .Lfpu_ready

// Frames of callbacks that the guest will not return to give their part of the host stack back.
.Lin_callback:
    movl %eax, %ebx
    movq %r15, %rdi
    call callback_release_abandoned
    movq T_HOST_RSP(%r15), %rsp
    movl %ebx, %eax
    jmp .Ldispatch

// The guest changed its control words: they are loaded again on the way back. Changes no register.
load_host_control_words:
    movl $0x1f80, -8(%rsp)
    ldmxcsr -8(%rsp)
    fnstsw F_FPU_STATUS(%r15)
    testb $0x80, F_FPU_STATUS(%r15)
    jz 1f
    fnclex                          // an unmasked exception is pending: FLDCW would raise it
1:  movw $0x27f, -8(%rsp)
    fldcw -8(%rsp)
    lock orl $PENDING_FPU, T_PENDING(%r15)
    ret

.Lbad_index:
    movl %esi, %edi
    call gate_bad_index
    jmp .Ldone

// void gate_start(struct thread *)
    .globl gate_start
    .hidden gate_start
gate_start:
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    subq $24, %rsp                  // 16-byte aligned; keeps the control words
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    movq %rsp, T_BASE_RSP(%rdi)
    movq %rsp, T_HOST_RSP(%rdi)
    movq %rdi, %r15
    jmp gate_leave_check

// void gate_exit(struct thread *)
    .globl gate_exit
    .hidden gate_exit
gate_exit:
    movq T_BASE_RSP(%rdi), %rsp
    ldmxcsr (%rsp)
    fldcw 4(%rsp)
    addq $24, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    ret

// void gate_resume(struct thread *): thread->resume, unless anything but THREAD_PENDING_CONTEXT is pending.
    .globl gate_resume, gate_resume_known, gate_resume_end
    .hidden gate_resume, gate_resume_known, gate_resume_end
gate_resume:
    movq %rdi, %r15
    movq T_HOST_RSP(%r15), %rsp
    movq T_RESUME(%r15), %r14
    movl $PENDING_CONTEXT, %eax
    xorl %ecx, %ecx
    lock cmpxchgl %ecx, T_PENDING(%r15)
gate_resume_known:
    jne .Lslow
    movl xstate_resumed(%rip), %eax // what is not in use begins anew: nothing of the host's is left
    xorl %edx, %edx
    testl %eax, %eax
    jz 1f
    xrstor R_FXSAVE(%r14)
    jmp 2f
1:  fxrstor R_FXSAVE(%r14)
2:  movl T_TEB(%r15), %ecx
    wrfsbase %rcx
    movl R_ESP(%r14), %eax
    movl R_EFLAGS(%r14), %ecx
    movl R_EIP(%r14), %edx
    pushq $0x2b
    pushq %rax
    pushq %rcx
    pushq $0x23
    pushq %rdx
    movl R_EAX(%r14), %eax
    movl R_EBX(%r14), %ebx
    movl R_ECX(%r14), %ecx
    movl R_EDX(%r14), %edx
    movl R_ESI(%r14), %esi
    movl R_EDI(%r14), %edi
    movl R_EBP(%r14), %ebp
    iretq
gate_resume_end:

// uint64_t gate_call(struct thread *, uint32_t esp, uint32_t eip, uint32_t cookie, uint64_t *rsp): enters guest code
// at eip; the return address on its stack leads to gate_callback_return. EBX carries the cookie.
    .globl gate_call, gate_call_known, gate_call_end
    .hidden gate_call, gate_call_known, gate_call_end
gate_call:
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    subq $8, %rsp
    movl %edx, %edx
    movl %esi, %esi
    movq %rdi, %r15
    movq %rsp, (%r8)
    movq %rsp, T_HOST_RSP(%r15)
    movl %ecx, %ebx
    pushq $0x2b
    pushq %rsi
    pushq $0x202
    pushq $0x23
    pushq %rdx
    .globl gate_call_check
    .hidden gate_call_check
gate_call_check:                    // begins anew when a poke interrupts it
    testl $PENDING_SUSPEND|PENDING_TERMINATE, T_PENDING(%r15)
    jnz .Lcall_slow
gate_call_known:
    movl T_TEB(%r15), %ecx
    xorl %ebp, %ebp
    xorl %edi, %edi
    xorl %esi, %esi
    wrfsbase %rcx
    iretq
gate_call_end:

.Lcall_slow:
    subq $8, %rsp
    movq %r15, %rdi
    call thread_call_slow           // parks or ends
    addq $8, %rsp
    jmp gate_call_check

// From the gate page, 64-bit mode: a callback returned. EBX = cookie, EDX:EAX = result.
    .globl gate_callback_return, gate_callback_switched
    .hidden gate_callback_return, gate_callback_switched
gate_callback_return:
    stmxcsr F_MXCSR(%r15)           // guest_call puts them into the frame of the call in progress
    fnstcw F_FPU(%r15)
    movq T_HOST_FS(%r15), %rcx
    wrfsbase %rcx
    movq T_HOST_RSP(%r15), %rsp
gate_callback_switched:
    cld
    COMPARE_CONTROL_WORDS .Lcallback_fpu_host
.Lcallback_fpu_ready:
    shlq $32, %rdx
    movl %eax, %eax
    orq %rdx, %rax
    pushq %rax
    subq $8, %rsp
    movq %r15, %rdi
    movl %ebx, %esi
    call callback_finish            // the host stack of the call that this cookie names
    movq 8(%rsp), %rcx
    movq %rax, %rsp
    movq %rcx, %rax
    addq $8, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    ret
.Lcallback_fpu_host:
    call load_host_control_words
    jmp .Lcallback_fpu_ready

// What gate_init copies to the gate page. Each part starts at a multiple of 16.
    .section .rodata
    .globl gate_page_template, gate_page_template_end
    .hidden gate_page_template, gate_page_template_end
gate_page_template:
    .byte 0xea                      // +0: ljmp 33:+10h, 32-bit; the address is filled in
    .long 0
    .word 0x33
    .p2align 4
    .byte 0x41, 0xff, 0x67, 16      // +10h: jmp *enter(%r15)
    .p2align 4
    .byte 0xc3                      // +20h: ret, 32-bit: the way out of the gate
    .p2align 4
    .byte 0xea                      // +30h: ljmp 33:+40h: a callback returns here
    .long 0
    .word 0x33
    .p2align 4
    .byte 0x41, 0xff, 0x67, 24      // +40h: jmp *callback_return(%r15)
    .p2align 4
gate_page_template_end:
    .section .note.GNU-stack, "", @progbits
