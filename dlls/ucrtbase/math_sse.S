/* Mathematics whose arguments and result are in SSE registers, as compilers call it with /arch:SSE2. */
    .intel_syntax noprefix
    .text

    .macro one_double name, function
    .globl \name
\name:
    sub esp, 8
    movsd [esp], xmm0
    call \function
    fstp qword ptr [esp]
    movsd xmm0, [esp]
    add esp, 8
    ret
    .endm
    .macro two_doubles name, function
    .globl \name
\name:
    sub esp, 16
    movsd [esp], xmm0
    movsd [esp + 8], xmm1
    call \function
    fstp qword ptr [esp]
    movsd xmm0, [esp]
    add esp, 16
    ret
    .endm
    .macro one_float name, function
    .globl \name
\name:
    sub esp, 8
    cvtss2sd xmm0, xmm0
    movsd [esp], xmm0
    call \function
    fstp dword ptr [esp]
    movss xmm0, [esp]
    add esp, 8
    ret
    .endm
    .macro two_floats name, function
    .globl \name
\name:
    sub esp, 16
    cvtss2sd xmm0, xmm0
    cvtss2sd xmm1, xmm1
    movsd [esp], xmm0
    movsd [esp + 8], xmm1
    call \function
    fstp dword ptr [esp]
    movss xmm0, [esp]
    add esp, 16
    ret
    .endm

    .irp name, acos, asin, atan, cos, exp, log, log10, sin, tan
    one_double ___libm_sse2_\name, _\name
    one_double __libm_sse2_\name\()_precise, _\name
    one_float ___libm_sse2_\name\()f, _\name
    .endr
    one_double __libm_sse2_sqrt_precise, _sqrt
    two_doubles ___libm_sse2_atan2, _atan2
    two_doubles ___libm_sse2_pow, _pow
    two_doubles __libm_sse2_pow_precise, _pow
    two_floats ___libm_sse2_powf, _pow
