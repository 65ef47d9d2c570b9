// Fibers: several stacks that take turns in a thread. The switch itself is in fiber_switch.S.
#include "base.h"

NTSTATUS NTAPI RtlAllocateActivationContextStack(PACTIVATION_CONTEXT_STACK *stack);
VOID NTAPI RtlFreeActivationContextStack(PACTIVATION_CONTEXT_STACK stack);

// The first member must be the parameter (GetFiberData reads it).
struct fiber {
    void *parameter;
    void *seh_chain;
    void *stack_base;
    void *stack_limit;
    void *deallocation_stack;
    void *esp;
    ULONG flags;
    ULONG control; // x87 control word
    ULONG mxcsr;
    void *fls;
    ULONG guaranteed;
    PACTIVATION_CONTEXT_STACK activation_stack;
    void *start;
};
_Static_assert(offsetof(struct fiber, seh_chain) == 0x04, "fiber_switch.S");
_Static_assert(offsetof(struct fiber, stack_limit) == 0x0C, "fiber_switch.S");
_Static_assert(offsetof(struct fiber, esp) == 0x14, "fiber_switch.S");
_Static_assert(offsetof(struct fiber, flags) == 0x18, "fiber_switch.S");
_Static_assert(offsetof(struct fiber, control) == 0x1C, "fiber_switch.S");
_Static_assert(offsetof(struct fiber, mxcsr) == 0x20, "fiber_switch.S");
_Static_assert(offsetof(struct fiber, fls) == 0x24, "fiber_switch.S");
_Static_assert(offsetof(struct fiber, activation_stack) == 0x2C, "fiber_switch.S");

static struct fiber *current_fiber(void)
{
    return teb_self()->NtTib.FiberData;
}

HOTPATCH BOOL WINAPI IsThreadAFiber(void)
{
    return (teb_self()->SameTebFlags & TEB_HAS_FIBER_DATA) != 0;
}

// The frame that a new fiber's first switch returns into: the fiber's routine, which never returns.
static void WINAPI fiber_start(void)
{
    struct fiber *fiber = current_fiber();
    ((LPFIBER_START_ROUTINE)fiber->start)(fiber->parameter);
    ExitThread(0);
}

static void read_control(struct fiber *fiber)
{
    USHORT control;
    __asm__ volatile("fnstcw %0" : "=m"(control));
    fiber->control = control;
    __asm__ volatile("stmxcsr %0" : "=m"(fiber->mxcsr));
}

// A stack as a thread has it: reserved, its top committed, a guard page below.
static bool make_stack(struct fiber *fiber, SIZE_T commit, SIZE_T reserve)
{
    const IMAGE_NT_HEADERS *headers = RtlImageNtHeader(peb_self()->ImageBaseAddress);
    if (!reserve && headers) reserve = headers->OptionalHeader.SizeOfStackReserve;
    if (!commit && headers) commit = headers->OptionalHeader.SizeOfStackCommit;
    commit = (commit + 0xFFF) & ~(SIZE_T)0xFFF;
    if (commit < 0x1000) commit = 0x1000;
    if (reserve < commit + 0x2000) reserve = commit + 0x100000;
    reserve = (reserve + 0xFFFF) & ~(SIZE_T)0xFFFF;
    char *memory = VirtualAlloc(NULL, reserve, MEM_RESERVE, PAGE_READWRITE);
    if (!memory) return false;
    char *base = memory + reserve;
    if (!VirtualAlloc(base - commit, commit, MEM_COMMIT, PAGE_READWRITE) ||
        !VirtualAlloc(base - commit - 0x1000, 0x1000, MEM_COMMIT, PAGE_READWRITE | PAGE_GUARD)) {
        VirtualFree(memory, 0, MEM_RELEASE);
        return false;
    }
    fiber->deallocation_stack = memory;
    fiber->stack_base = base;
    fiber->stack_limit = base - commit;
    return true;
}

HOTPATCH void *WINAPI CreateFiberEx(SIZE_T commit, SIZE_T reserve, DWORD flags, LPFIBER_START_ROUTINE start,
                                    void *parameter)
{
    struct fiber *fiber = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, sizeof(*fiber));
    if (!fiber) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    if (RtlAllocateActivationContextStack(&fiber->activation_stack) < 0) {
        heap_free(fiber);
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    if (!make_stack(fiber, commit, reserve)) {
        RtlFreeActivationContextStack(fiber->activation_stack);
        heap_free(fiber);
        return NULL;
    }
    fiber->parameter = parameter;
    fiber->start = (void *)start;
    fiber->flags = flags & FIBER_FLAG_FLOAT_SWITCH;
    fiber->seh_chain = EXCEPTION_CHAIN_END;
    // Windows' thread defaults.
    fiber->control = 0x27F;
    fiber->mxcsr = 0x1F80;
    // edi, esi, ebx, ebp, the return address, SwitchToFiber's argument, a return address for fiber_start.
    void **stack = (void **)fiber->stack_base - 8;
    memset(stack, 0, 8 * sizeof(*stack));
    stack[4] = (void *)fiber_start;
    fiber->esp = stack;
    return fiber;
}

HOTPATCH void *WINAPI CreateFiber(SIZE_T stack, LPFIBER_START_ROUTINE start, void *parameter)
{
    return CreateFiberEx(stack, 0, 0, start, parameter);
}

// The thread's own stack of activation contexts lies in its TEB: a fiber that may outlive it needs another.
static bool own_activation_stack(TEB *teb)
{
    PACTIVATION_CONTEXT_STACK stack = NULL;
    if (teb->ActivationContextStackPointer && teb->ActivationContextStackPointer != &teb->ActivationStack)
        return true;
    if (RtlAllocateActivationContextStack(&stack) < 0) return false;
    stack->ActiveFrame = teb->ActivationStack.ActiveFrame;
    teb->ActivationStack.ActiveFrame = NULL;
    teb->ActivationContextStackPointer = stack;
    return true;
}

HOTPATCH void *WINAPI ConvertThreadToFiberEx(void *parameter, DWORD flags)
{
    TEB *teb = teb_self();
    if (IsThreadAFiber()) {
        SetLastError(ERROR_ALREADY_FIBER);
        return NULL;
    }
    struct fiber *fiber = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, sizeof(*fiber));
    if (!fiber || !own_activation_stack(teb)) {
        if (fiber) heap_free(fiber);
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    fiber->parameter = parameter;
    fiber->seh_chain = teb->NtTib.ExceptionList;
    fiber->stack_base = teb->NtTib.StackBase;
    fiber->stack_limit = teb->NtTib.StackLimit;
    fiber->deallocation_stack = teb->DeallocationStack;
    fiber->flags = flags & FIBER_FLAG_FLOAT_SWITCH;
    read_control(fiber);
    teb->NtTib.FiberData = fiber;
    teb->SameTebFlags |= TEB_HAS_FIBER_DATA;
    return fiber;
}

HOTPATCH void *WINAPI ConvertThreadToFiber(void *parameter)
{
    return ConvertThreadToFiberEx(parameter, 0);
}

HOTPATCH BOOL WINAPI ConvertFiberToThread(void)
{
    TEB *teb = teb_self();
    if (!IsThreadAFiber()) return fail_with(ERROR_ALREADY_THREAD);
    struct fiber *fiber = current_fiber();
    teb->SameTebFlags &= (USHORT)~TEB_HAS_FIBER_DATA;
    teb->NtTib.FiberData = NULL;
    if (fiber) heap_free(fiber);
    return TRUE;
}

// Deleting the running fiber ends its thread.
HOTPATCH void WINAPI DeleteFiber(void *memory)
{
    struct fiber *fiber = memory;
    if (!fiber) return;
    if (fiber == current_fiber()) {
        heap_free(fiber);
        ExitThread(1);
    }
    VirtualFree(fiber->deallocation_stack, 0, MEM_RELEASE);
    if (fiber->fls) RtlProcessFlsData(fiber->fls, 3);
    RtlFreeActivationContextStack(fiber->activation_stack);
    heap_free(fiber);
}
