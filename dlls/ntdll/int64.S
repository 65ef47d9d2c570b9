# 64-bit integer helpers that MSVC's compiler calls, with its register conventions, and the stack probe.
# Arguments of the divisions and of _allmul are on the stack and removed by the callee; results in EDX:EAX.
    .intel_syntax noprefix
    .text

    .macro FUNCTION name
    .globl  \name
    .p2align 4
\name:
    .endm

# EDX:EAX = a * b, signed or unsigned
FUNCTION __allmul
    mov     eax, [esp+8]        # high of a
    mov     ecx, [esp+16]       # high of b
    or      ecx, eax
    mov     ecx, [esp+12]       # low of b
    jnz     1f
    mov     eax, [esp+4]
    mul     ecx
    ret     16
1:  push    ebx
    imul    eax, ecx            # a.high * b.low
    mov     ebx, [esp+8]        # low of a
    imul    ebx, [esp+20]       # a.low * b.high
    add     ebx, eax
    mov     eax, [esp+8]
    mul     ecx
    add     edx, ebx
    pop     ebx
    ret     16

# EDX:EAX shifted by CL; counts of 64 and more give what an infinite shift gives
FUNCTION __allshl
    cmp     cl, 64
    jae     2f
    cmp     cl, 32
    jae     1f
    shld    edx, eax, cl
    shl     eax, cl
    ret
1:  mov     edx, eax
    xor     eax, eax
    and     cl, 31
    shl     edx, cl
    ret
2:  xor     eax, eax
    xor     edx, edx
    ret

FUNCTION __allshr
    cmp     cl, 64
    jae     2f
    cmp     cl, 32
    jae     1f
    shrd    eax, edx, cl
    sar     edx, cl
    ret
1:  mov     eax, edx
    sar     edx, 31
    and     cl, 31
    sar     eax, cl
    ret
2:  sar     edx, 31
    mov     eax, edx
    ret

FUNCTION __aullshr
    cmp     cl, 64
    jae     2f
    cmp     cl, 32
    jae     1f
    shrd    eax, edx, cl
    shr     edx, cl
    ret
1:  mov     eax, edx
    xor     edx, edx
    and     cl, 31
    shr     eax, cl
    ret
2:  xor     eax, eax
    xor     edx, edx
    ret

# Divides EDX:EAX by EDI:ESI, unsigned: quotient in EDX:EAX, remainder in ECX:EBX. Changes EBP.
    .p2align 4
udivmod:
    test    edi, edi
    jnz     1f
    # 32-bit divisor: two divisions, the second cannot overflow
    mov     ecx, eax
    mov     eax, edx
    xor     edx, edx
    div     esi
    mov     ebp, eax            # high of the quotient
    mov     eax, ecx
    div     esi
    mov     ebx, edx
    xor     ecx, ecx
    mov     edx, ebp
    ret
1:  # The quotient fits 32 bits. Shift both right until the divisor does too; the estimate is then at most
    # one too big.
    push    edx
    push    eax
    push    esi
    push    edi
    bsr     ecx, edi
    inc     ecx                 # 1..32 bits to drop
    cmp     ecx, 32
    je      2f
    shrd    esi, edi, cl
    shrd    eax, edx, cl
    shr     edx, cl
    jmp     3f
2:  mov     esi, edi
    mov     eax, edx
    xor     edx, edx
3:  div     esi
    pop     edi
    pop     esi
    mov     ebp, eax            # the estimate
    mul     edi                 # times divisor: high part must not overflow
    mov     ecx, eax
    jo      4f
    mov     eax, ebp
    mul     esi
    add     edx, ecx
    jc      4f
    cmp     edx, [esp+4]
    ja      4f
    jb      5f
    cmp     eax, [esp]
    jbe     5f
4:  dec     ebp                 # one too big: the product again, without the test
    mov     ecx, ebp
    imul    ecx, edi
    mov     eax, ebp
    mul     esi
    add     edx, ecx
5:  pop     ebx
    pop     ecx
    sub     ebx, eax
    sbb     ecx, edx
    mov     eax, ebp
    xor     edx, edx
    ret

    .macro PROLOGUE
    push    ebx
    push    esi
    push    edi
    push    ebp
    mov     eax, [esp+20]
    mov     edx, [esp+24]
    mov     esi, [esp+28]
    mov     edi, [esp+32]
    .endm

    .macro NEGATE high, low
    neg     \high
    neg     \low
    sbb     \high, 0
    .endm

# Makes both operands positive.
    .macro ABSOLUTE
    test    edx, edx
    jns     1f
    NEGATE  edx, eax
1:  test    edi, edi
    jns     1f
    NEGATE  edi, esi
1:
    .endm

    .macro EPILOGUE
    pop     ebp
    pop     edi
    pop     esi
    pop     ebx
    ret     16
    .endm

FUNCTION __aulldiv
    PROLOGUE
    call    udivmod
    EPILOGUE

FUNCTION __aullrem
    PROLOGUE
    call    udivmod
    mov     eax, ebx
    mov     edx, ecx
    EPILOGUE

# Quotient in EDX:EAX, remainder in EBX:ECX (high:low).
FUNCTION __aulldvrm
    push    esi
    push    edi
    push    ebp
    mov     eax, [esp+16]
    mov     edx, [esp+20]
    mov     esi, [esp+24]
    mov     edi, [esp+28]
    call    udivmod
    xchg    ebx, ecx
    pop     ebp
    pop     edi
    pop     esi
    ret     16

FUNCTION __alldiv
    PROLOGUE
    ABSOLUTE
    call    udivmod
    mov     ecx, [esp+24]
    xor     ecx, [esp+32]
    jns     1f
    NEGATE  edx, eax
1:  EPILOGUE

FUNCTION __allrem
    PROLOGUE
    ABSOLUTE
    call    udivmod
    mov     eax, ebx
    mov     edx, ecx
    cmp     dword ptr [esp+24], 0
    jge     1f
    NEGATE  edx, eax
1:  EPILOGUE

FUNCTION __alldvrm
    push    esi
    push    edi
    push    ebp
    mov     eax, [esp+16]
    mov     edx, [esp+20]
    mov     esi, [esp+24]
    mov     edi, [esp+28]
    ABSOLUTE
    call    udivmod
    xchg    ebx, ecx            # remainder in EBX:ECX
    cmp     dword ptr [esp+20], 0
    jge     1f
    NEGATE  ebx, ecx
1:  mov     esi, [esp+20]
    xor     esi, [esp+28]
    jns     1f
    NEGATE  edx, eax
1:  pop     ebp
    pop     edi
    pop     esi
    ret     16

# Lowers ESP by EAX, touching every page on the way so that the stack's guard page moves down in order.
    .globl  __alloca_probe
    .globl  __chkstk
    .p2align 4
__alloca_probe:
__chkstk:
    push    ecx
    lea     ecx, [esp+8]        # ESP as the caller had it before the call
1:  cmp     eax, 0x1000
    jb      2f
    sub     ecx, 0x1000
    test    [ecx], ecx
    sub     eax, 0x1000
    jmp     1b
2:  sub     ecx, eax
    test    [ecx], ecx
    mov     eax, esp
    mov     esp, ecx
    mov     ecx, [eax]          # the saved ECX
    push    [eax+4]             # the return address, for the RET
    mov     eax, [eax+4]
    ret

# The same, aligning the block that EAX describes to 8 and 16 bytes.
FUNCTION __alloca_probe_8
    push    ecx
    lea     ecx, [esp+8]
    sub     ecx, eax
    and     ecx, 7
    add     eax, ecx
    pop     ecx
    jmp     __alloca_probe

FUNCTION __alloca_probe_16
    push    ecx
    lea     ecx, [esp+8]
    sub     ecx, eax
    and     ecx, 15
    add     eax, ecx
    pop     ecx
    jmp     __alloca_probe

# Converts ST0 to a 64-bit integer in EDX:EAX, truncating.
FUNCTION __ftol
    sub     esp, 12
    fnstcw  [esp+8]
    mov     ax, [esp+8]
    or      ax, 0x0C00
    mov     [esp+10], ax
    fldcw   [esp+10]
    fistp   qword ptr [esp]
    fldcw   [esp+8]
    mov     eax, [esp]
    mov     edx, [esp+4]
    add     esp, 12
    ret
