// Stacks for threads that a program starts by itself.
#include "rtl.h"
#include "nt/rtl_object.h"

#define PAGE        0x1000
#define RESERVE_MIN 0x100000
#define SIZE_LIMIT  0x80000000u // what no alignment rounds up beyond a SIZE_T

static BOOLEAN is_alignment(SIZE_T alignment)
{
    return alignment && !(alignment & (alignment - 1));
}

static SIZE_T round_up(SIZE_T size, SIZE_T alignment)
{
    if (alignment < PAGE) alignment = PAGE;
    return (size + alignment - 1) & ~(alignment - 1);
}

// Commits the upper end, and a guard page below it where there is room for one.
static NTSTATUS commit_stack(char *base, SIZE_T reserve, SIZE_T commit, INITIAL_TEB *stack)
{
    const BOOLEAN guarded = commit < reserve;
    SIZE_T size = commit + (guarded ? PAGE : 0), guard_size = PAGE;
    PVOID start = base + reserve - size, guard = start;
    ULONG old;
    NTSTATUS status =
        NtAllocateVirtualMemory(NtCurrentProcess(), &start, 0, &size, MEM_COMMIT, PAGE_READWRITE);
    if (NT_SUCCESS(status) && guarded)
        status = NtProtectVirtualMemory(NtCurrentProcess(), &guard, &guard_size, PAGE_READWRITE | PAGE_GUARD,
                                        &old);
    *stack = (INITIAL_TEB){
        .StackBase = base + reserve, .StackLimit = base + reserve - commit, .StackAllocationBase = base};
    return status;
}

NTSTATUS NTAPI RtlCreateUserStack(SIZE_T commit, SIZE_T reserve, ULONG zero_bits, SIZE_T commit_align,
                                  SIZE_T reserve_align, INITIAL_TEB *stack)
{
    const IMAGE_NT_HEADERS *headers = RtlImageNtHeader(peb_self()->ImageBaseAddress);
    PVOID base = NULL;

    if (!is_alignment(commit_align) || !is_alignment(reserve_align)) return STATUS_INVALID_PARAMETER;
    if (!commit) commit = headers->OptionalHeader.SizeOfStackCommit;
    if (!reserve) reserve = headers->OptionalHeader.SizeOfStackReserve;
    if (commit > SIZE_LIMIT || reserve > SIZE_LIMIT) return STATUS_NO_MEMORY;
    if (reserve <= commit) reserve = round_up(commit, RESERVE_MIN);
    commit = round_up(commit, commit_align);
    reserve = round_up(reserve, reserve_align);
    if (reserve < RESERVE_MIN) reserve = RESERVE_MIN;
    NTSTATUS status =
        NtAllocateVirtualMemory(NtCurrentProcess(), &base, zero_bits, &reserve, MEM_RESERVE, PAGE_READWRITE);
    if (!NT_SUCCESS(status)) return status;
    status = commit_stack(base, reserve, commit < reserve ? commit : reserve, stack);
    if (!NT_SUCCESS(status)) RtlFreeUserStack(base);
    return status;
}

void NTAPI RtlFreeUserStack(PVOID base)
{
    SIZE_T size = 0;
    NtFreeVirtualMemory(NtCurrentProcess(), &base, &size, MEM_RELEASE);
}
