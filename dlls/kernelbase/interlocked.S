// The exported Interlocked functions: names that the compiler knows as intrinsics, so they are written here.
// Each begins with the two-byte no-operation of a hot-patchable entry.

    .macro entry name
    .globl \name
    .def \name; .scl 2; .type 32; .endef
    .p2align 4, 0x90
\name:
    .byte 0x8b, 0xff                // mov %edi, %edi as hooking libraries know it
    .endm

    .text

// LONG InterlockedIncrement(LONG *target)
    entry _InterlockedIncrement@4
    movl 4(%esp), %ecx
    movl $1, %eax
    lock xaddl %eax, (%ecx)
    incl %eax
    ret $4

// LONG InterlockedDecrement(LONG *target)
    entry _InterlockedDecrement@4
    movl 4(%esp), %ecx
    movl $-1, %eax
    lock xaddl %eax, (%ecx)
    decl %eax
    ret $4

// LONG InterlockedExchange(LONG *target, LONG value)
    entry _InterlockedExchange@8
    movl 4(%esp), %ecx
    movl 8(%esp), %eax
    xchgl %eax, (%ecx)
    ret $8

// LONG InterlockedExchangeAdd(LONG *target, LONG value)
    entry _InterlockedExchangeAdd@8
    movl 4(%esp), %ecx
    movl 8(%esp), %eax
    lock xaddl %eax, (%ecx)
    ret $8

// LONG InterlockedCompareExchange(LONG *target, LONG value, LONG comparand)
    entry _InterlockedCompareExchange@12
    movl 4(%esp), %ecx
    movl 8(%esp), %edx
    movl 12(%esp), %eax
    lock cmpxchgl %edx, (%ecx)
    ret $12

// LONG64 InterlockedCompareExchange64(LONG64 *target, LONG64 value, LONG64 comparand)
    entry _InterlockedCompareExchange64@20
    pushl %ebx
    pushl %esi
    movl 12(%esp), %esi
    movl 16(%esp), %ebx
    movl 20(%esp), %ecx
    movl 24(%esp), %eax
    movl 28(%esp), %edx
    lock cmpxchg8b (%esi)
    popl %esi
    popl %ebx
    ret $20
