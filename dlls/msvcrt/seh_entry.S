/* The few steps of exception handling that C can't say: calls and jumps with another frame's EBP, setjmp. */
    .intel_syntax noprefix
    .text

/* int seh_call(void *function, void *ebp): calls a filter or __finally block inside its function's frame. */
    .globl _seh_call
_seh_call:
    push ebp
    push ebx
    push esi
    push edi
    mov eax, [esp + 20]
    mov ebp, [esp + 24]
    xor ebx, ebx
    xor esi, esi
    xor edi, edi
    call eax
    pop edi
    pop esi
    pop ebx
    pop ebp
    ret

/* void seh_jump(void *function, void *ebp): enters an __except block, which takes its ESP from its frame. */
    .globl _seh_jump
_seh_jump:
    mov eax, [esp + 4]
    mov ebp, [esp + 8]
    xor ebx, ebx
    xor ecx, ecx
    xor edx, edx
    xor esi, esi
    xor edi, edi
    jmp eax

/* void seh_unwind_to(void *frame, EXCEPTION_RECORD *record): RtlUnwind, which loses all but ESP and EBP. */
    .globl _seh_unwind_to
_seh_unwind_to:
    push ebp
    mov ebp, esp
    push ebx
    push esi
    push edi
    push 0
    push [ebp + 12]
    lea eax, [1f]
    push eax
    push [ebp + 8]
    call _RtlUnwind@16
1:  lea esp, [ebp - 12]
    pop edi
    pop esi
    pop ebx
    pop ebp
    ret

/* __CxxFrameHandler(record, frame, context, dispatcher), the function's description in EAX. */
    .globl ___CxxFrameHandler
___CxxFrameHandler:
    push 0
    push 0
    push eax
    push [esp + 28]
    push [esp + 28]
    push [esp + 28]
    push [esp + 28]
    call _cxx_frame_handler
    add esp, 28
    ret

/* void *cxx_call_catch(void *function, void *ebp): runs a catch block, which returns where to go on. */
    .globl _cxx_call_catch
_cxx_call_catch:
    push ebp
    push ebx
    push esi
    push edi
    mov eax, [esp + 20]
    mov ebp, [esp + 24]
    call eax
    pop edi
    pop esi
    pop ebx
    pop ebp
    ret

/* void cxx_continue(void *address, void *ebp, void *esp): goes on behind a catch block. */
    .globl _cxx_continue
_cxx_continue:
    mov eax, [esp + 4]
    mov ebp, [esp + 8]
    mov esp, [esp + 12]
    jmp eax

/* void cxx_call_this(void *function, void *object [, void *argument, int with_vbase]): thiscall from C. */
    .globl _cxx_call_this
_cxx_call_this:
    mov ecx, [esp + 8]
    jmp [esp + 4]
    .globl _cxx_call_copy
_cxx_call_copy:
    push ebp
    mov ebp, esp
    mov ecx, [ebp + 12]
    cmp dword ptr [ebp + 20], 0
    je 1f
    push 1
1:  push [ebp + 16]
    call [ebp + 8]
    leave
    ret

/* _EH_prolog: EAX = handler; builds the frame {previous, handler, -1} below EBP. */
    .globl __EH_prolog
__EH_prolog:
    push -1
    push eax
    push fs:[0]
    mov fs:[0], esp
    mov eax, [esp + 12]
    mov [esp + 12], ebp
    lea ebp, [esp + 12]
    push eax
    ret

/* int _setjmp3(jmp_buf, count, unwind function, try level, data…) */
    .globl __setjmp3
__setjmp3:
    mov edx, [esp + 4]
    mov [edx], ebp
    mov [edx + 4], ebx
    mov [edx + 8], edi
    mov [edx + 12], esi
    lea eax, [esp + 4]
    mov [edx + 16], eax
    mov eax, [esp]
    mov [edx + 20], eax
    lea eax, [esp + 8]
    push eax
    push edx
    call _setjmp_record
    add esp, 8
    xor eax, eax
    ret

/* int _setjmp(jmp_buf): the old form, without a cookie */
    .globl __setjmp
__setjmp:
    mov edx, [esp + 4]
    mov [edx], ebp
    mov [edx + 4], ebx
    mov [edx + 8], edi
    mov [edx + 12], esi
    lea eax, [esp + 4]
    mov [edx + 16], eax
    mov eax, [esp]
    mov [edx + 20], eax
    mov eax, fs:[0]
    mov [edx + 24], eax
    mov dword ptr [edx + 28], -1
    cmp eax, -1
    je 1f
    mov eax, [eax + 12]
    mov [edx + 28], eax
1:  xor eax, eax
    ret

/* void setjmp_restore(jmp_buf, value) */
    .globl _setjmp_restore
_setjmp_restore:
    mov edx, [esp + 4]
    mov eax, [esp + 8]
    mov ebp, [edx]
    mov ebx, [edx + 4]
    mov edi, [edx + 8]
    mov esi, [edx + 12]
    mov esp, [edx + 16]
    jmp [edx + 20]

/* _chkesp: ZF is the caller's comparison of ESP; its failure ends the program. */
    .globl __chkesp
__chkesp:
    jne 1f
    ret
1:  int 3
    ret

/* Compiler helpers that take their arguments in ST: one or two. */
    .macro one name
    .globl __CI\name
__CI\name:
    sub esp, 8
    fstp qword ptr [esp]
    call _\name
    add esp, 8
    ret
    .endm
    .macro two name
    .globl __CI\name
__CI\name:
    sub esp, 16
    fstp qword ptr [esp + 8]
    fstp qword ptr [esp]
    call _\name
    add esp, 16
    ret
    .endm
    one acos
    one asin
    one atan
    one cos
    one cosh
    one exp
    one log
    one log10
    one sin
    one sinh
    one sqrt
    one tan
    one tanh
    two atan2
    two fmod
    two pow

/* _ftol: ST0 truncated to a 64-bit integer in EDX:EAX */
    .globl __ftol
__ftol:
    sub esp, 12
    fnstcw [esp + 8]
    movzx eax, word ptr [esp + 8]
    or eax, 0xC00
    mov [esp + 10], ax
    fldcw [esp + 10]
    fistp qword ptr [esp]
    fldcw [esp + 8]
    mov eax, [esp]
    mov edx, [esp + 4]
    add esp, 12
    ret

/* The divisions of compilers that work around the first Pentium: today's processors divide right. */
    .macro divide name, operation:vararg
    .globl \name
\name:
    \operation
    ret 4
    .endm
    divide __adj_fdiv_m32, fdiv dword ptr [esp + 4]
    divide __adj_fdivr_m32, fdivr dword ptr [esp + 4]
    divide __adj_fdiv_m16i, fidiv word ptr [esp + 4]
    divide __adj_fdivr_m16i, fidivr word ptr [esp + 4]
    divide __adj_fdiv_m32i, fidiv dword ptr [esp + 4]
    divide __adj_fdivr_m32i, fidivr dword ptr [esp + 4]
    .globl __adj_fdiv_m64
__adj_fdiv_m64:
    fdiv qword ptr [esp + 4]
    ret 8
    .globl __adj_fdivr_m64
__adj_fdivr_m64:
    fdivr qword ptr [esp + 4]
    ret 8
    .globl __adj_fpatan
__adj_fpatan:
    fpatan
    ret
    .globl __adj_fprem
__adj_fprem:
    fprem
    ret
    .globl __adj_fprem1
__adj_fprem1:
    fprem1
    ret
    .globl __adj_fptan
__adj_fptan:
    fptan
    ret
    .globl __safe_fdiv
__safe_fdiv:
    fdivp st(1), st
    ret
    .globl __safe_fdivr
__safe_fdivr:
    fdivrp st(1), st
    ret
    .globl __safe_fprem
__safe_fprem:
    fprem
    ret
    .globl __safe_fprem1
__safe_fprem1:
    fprem1
    ret
