# Interlocked singly linked lists: cmpxchg8b on the header {first, depth:16, sequence:16}.
# A pop reads the link of an entry that another thread may have popped, freed and unmapped meanwhile: when that
# read at ExpInterlockedPopEntrySListFault faults, the exception dispatcher goes on at ...Resume.
    .intel_syntax noprefix
    .text

# PSLIST_ENTRY RtlInterlockedPopEntrySList(PSLIST_HEADER header)
    .globl  _RtlInterlockedPopEntrySList@4
    .globl  _ExpInterlockedPopEntrySListResume@0
    .globl  _ExpInterlockedPopEntrySListFault@0
    .globl  _ExpInterlockedPopEntrySListEnd@0
    .p2align 4
_RtlInterlockedPopEntrySList@4:
    push    ebx
    push    ebp
    mov     ebp, [esp+12]
_ExpInterlockedPopEntrySListResume@0:
    mov     edx, [ebp+4]
    mov     eax, [ebp]
1:  test    eax, eax
    jz      2f
    lea     ecx, [edx-1]            # one less; the sequence stays, a push advances it
_ExpInterlockedPopEntrySListFault@0:
    mov     ebx, [eax]
_ExpInterlockedPopEntrySListEnd@0:
    lock cmpxchg8b [ebp]
    jnz     1b
2:  pop     ebp
    pop     ebx
    ret     4

# PSLIST_ENTRY RtlInterlockedPushEntrySList(PSLIST_HEADER header, PSLIST_ENTRY entry): the former first
    .globl  _RtlInterlockedPushEntrySList@8
    .p2align 4
_RtlInterlockedPushEntrySList@8:
    push    ebx
    push    ebp
    mov     ebp, [esp+12]
    mov     ebx, [esp+16]
    mov     edx, [ebp+4]
    mov     eax, [ebp]
1:  mov     [ebx], eax
    lea     ecx, [edx+0x10001]
    lock cmpxchg8b [ebp]
    jnz     1b
    pop     ebp
    pop     ebx
    ret     8

# PSLIST_ENTRY FASTCALL RtlInterlockedPushListSList(header in ECX, first in EDX, last, count)
    .globl  @RtlInterlockedPushListSList@16
    .p2align 4
@RtlInterlockedPushListSList@16:
    push    ebx
    push    ebp
    push    esi
    mov     ebp, ecx
    mov     ebx, edx
    mov     esi, [esp+16]
    mov     edx, [ebp+4]
    mov     eax, [ebp]
1:  mov     [esi], eax
    mov     ecx, edx
    add     cx, [esp+20]
    add     ecx, 0x10000
    lock cmpxchg8b [ebp]
    jnz     1b
    pop     esi
    pop     ebp
    pop     ebx
    ret     8

# PSLIST_ENTRY RtlInterlockedPushListSListEx(header, first, last, count)
    .globl  _RtlInterlockedPushListSListEx@16
    .p2align 4
_RtlInterlockedPushListSListEx@16:
    mov     ecx, [esp+4]
    mov     edx, [esp+8]
    push    [esp+16]
    push    [esp+16]
    call    @RtlInterlockedPushListSList@16
    ret     16

# PSLIST_ENTRY RtlInterlockedFlushSList(PSLIST_HEADER header): all entries
    .globl  _RtlInterlockedFlushSList@4
    .p2align 4
_RtlInterlockedFlushSList@4:
    push    ebx
    push    ebp
    mov     ebp, [esp+12]
    mov     edx, [ebp+4]
    mov     eax, [ebp]
    xor     ebx, ebx
1:  test    eax, eax
    jz      2f
    mov     ecx, edx
    xor     cx, cx
    lock cmpxchg8b [ebp]
    jnz     1b
2:  pop     ebp
    pop     ebx
    ret     4

# PSLIST_ENTRY RtlFirstEntrySList(PSLIST_HEADER header)
    .globl  _RtlFirstEntrySList@4
    .p2align 4
_RtlFirstEntrySList@4:
    mov     eax, [esp+4]
    mov     eax, [eax]
    ret     4

# USHORT RtlQueryDepthSList(PSLIST_HEADER header)
    .globl  _RtlQueryDepthSList@4
    .p2align 4
_RtlQueryDepthSList@4:
    mov     eax, [esp+4]
    movzx   eax, word ptr [eax+4]
    ret     4

# void RtlInitializeSListHead(PSLIST_HEADER header)
    .globl  _RtlInitializeSListHead@4
    .p2align 4
_RtlInitializeSListHead@4:
    mov     eax, [esp+4]
    mov     dword ptr [eax], 0
    mov     dword ptr [eax+4], 0
    ret     4

# LONGLONG RtlInterlockedCompareExchange64(LONGLONG *destination, LONGLONG exchange, LONGLONG comparand)
    .globl  _RtlInterlockedCompareExchange64@20
    .p2align 4
_RtlInterlockedCompareExchange64@20:
    push    ebx
    push    ebp
    mov     ebp, [esp+12]
    mov     ebx, [esp+16]
    mov     ecx, [esp+20]
    mov     eax, [esp+24]
    mov     edx, [esp+28]
    lock cmpxchg8b [ebp]
    pop     ebp
    pop     ebx
    ret     20
