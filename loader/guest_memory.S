// The primitives of guest.h, the only code that touches guest memory. A fault between guest_access_begin and
// guest_access_end resumes at guest_access_failed, one in the range after it at guest_cmpxchg_failed: they are leaves
// that keep nothing on the stack and change no callee-saved register, so the way out is a plain return.
//
// A range that passes 4 GB needs no check where the first access is to its start: the guest never has the last
// 64 KiB below 4 GB, so the copy faults on the way.

    .text

    .macro LABEL name
    .globl \name
    .hidden \name
\name:
    .endm

    .macro FUNCTION name
    .globl \name
    .hidden \name
    .type \name, @function
    .p2align 5
\name:
    .cfi_startproc
    .endm

    .macro END name
    .cfi_endproc
    .size \name, . - \name
    .endm

    .macro RETURN_TRUE
    movl $1, %eax
    ret
    .endm

// Copies %rdx bytes from (%rsi) to (%rdi) and returns true. Sizes that a register holds are one load and one store,
// so that other threads see them whole; the others up to 32 copy both ends, which may overlap.
    .macro COPY
    cmpq $8, %rdx
    ja 1f
    je 2f
    cmpl $4, %edx
    ja 3f
    je 4f
    cmpl $2, %edx
    ja 5f
    je 6f
    testl %edx, %edx
    jz 7f
    movzbl (%rsi), %eax
    movb %al, (%rdi)
7:  RETURN_TRUE
2:  movq (%rsi), %rax
    movq %rax, (%rdi)
    RETURN_TRUE
4:  movl (%rsi), %eax
    movl %eax, (%rdi)
    RETURN_TRUE
6:  movzwl (%rsi), %eax
    movw %ax, (%rdi)
    RETURN_TRUE
5:  movzwl (%rsi), %eax
    movzbl 2(%rsi), %ecx
    movw %ax, (%rdi)
    movb %cl, 2(%rdi)
    RETURN_TRUE
3:  movl (%rsi), %eax
    movl -4(%rsi, %rdx), %ecx
    movl %eax, (%rdi)
    movl %ecx, -4(%rdi, %rdx)
    RETURN_TRUE
1:  cmpq $16, %rdx
    ja 8f
    movq (%rsi), %rax
    movq -8(%rsi, %rdx), %rcx
    movq %rax, (%rdi)
    movq %rcx, -8(%rdi, %rdx)
    RETURN_TRUE
8:  cmpq $32, %rdx
    ja 9f
    movups (%rsi), %xmm0
    movups -16(%rsi, %rdx), %xmm1
    movups %xmm0, (%rdi)
    movups %xmm1, -16(%rdi, %rdx)
    RETURN_TRUE
9:  cmpq $512, %rdx
    jae 12f
    // 16 at a time, then the last 16, which may overlap.
    movq %rdx, %rcx
10: movups (%rsi), %xmm0
    movups %xmm0, (%rdi)
    addq $16, %rsi
    addq $16, %rdi
    subq $16, %rcx
    cmpq $16, %rcx
    ja 10b
    movups -16(%rsi, %rcx), %xmm0
    movups %xmm0, -16(%rdi, %rcx)
    RETURN_TRUE
12: movq %rdx, %rcx
    cld
    rep movsb
    RETURN_TRUE
    .endm

LABEL guest_access_begin

// bool guest_read(void *dst rdi, gptr src esi, size_t n rdx)
FUNCTION guest_read
    movl %esi, %esi
    COPY
END guest_read

// bool guest_write(gptr dst edi, const void *src rsi, size_t n rdx)
FUNCTION guest_write
    movl %edi, %edi
    COPY
END guest_write

// bool guest_fill(gptr dst edi, int byte esi, size_t n rdx)
FUNCTION guest_fill
    movl %edi, %edi
    movl %esi, %eax
    movq %rdx, %rcx
    cld
    rep stosb
    RETURN_TRUE
END guest_fill

// bool guest_probe_write(gptr address edi, size_t n rsi)
// Adding nothing, locked, is a write that no other thread's write can be lost to.
FUNCTION guest_probe_write
    movl %edi, %edi
    testq %rsi, %rsi
    jz 2f
    leaq -1(%rdi, %rsi), %rdx // the last byte
    movq %rdx, %rax
    shrq $32, %rax
    jnz guest_access_failed
1:  lock addb $0, (%rdi)
    addq $4096, %rdi
    cmpq %rdx, %rdi
    jbe 1b
    lock addb $0, (%rdx)
2:  RETURN_TRUE
END guest_probe_write

// bool guest_probe_read(gptr address edi, size_t n rsi)
FUNCTION guest_probe_read
    movl %edi, %edi
    testq %rsi, %rsi
    jz 2f
    leaq -1(%rdi, %rsi), %rdx
    movq %rdx, %rax
    shrq $32, %rax
    jnz guest_access_failed
1:  movzbl (%rdi), %eax
    addq $4096, %rdi
    cmpq %rdx, %rdi
    jbe 1b
    movzbl (%rdx), %eax
2:  RETURN_TRUE
END guest_probe_read

LABEL guest_access_end

FUNCTION guest_access_failed
    xorl %eax, %eax
    ret
END guest_access_failed

LABEL guest_cmpxchg_begin

// int guest_cmpxchg32(gptr address edi, uint32_t expected esi, uint32_t desired edx)
FUNCTION guest_cmpxchg32
    movl %edi, %edi
    movl %esi, %eax
    lock cmpxchgl %edx, (%rdi)
    sete %al
    movzbl %al, %eax
    ret
END guest_cmpxchg32

LABEL guest_cmpxchg_end

FUNCTION guest_cmpxchg_failed
    movl $-1, %eax
    ret
END guest_cmpxchg_failed

    .section .note.GNU-stack, "", @progbits
