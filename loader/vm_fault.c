// What a fault in guest memory means: stack growth, guard pages, write watch, a file that got shorter, or the
// program's own mistake.
#include "guest_constants.h"
#include "views.h"
#include <errno.h>
#include <sys/mman.h>

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ  22
#define MADV_POPULATE_WRITE 23
#endif

static bool access_allowed(page_state state, enum vm_access access)
{
    switch (access) {
    case VM_READ: return page_readable(state);
    case VM_WRITE: return page_writable(state);
    case VM_EXECUTE: return page_executable(state);
    }
    return false;
}

// A guard page was touched: it is an ordinary page from now on. In the thread's own stack the guard moves
// down.
static enum vm_fault_result guard_hit(uint32_t page, const struct vm_stack *stack, gptr *stack_limit)
{
    page_set(page, page_get(page) & ~PS_GUARD);
    gptr at = page << GUEST_PAGE_SHIFT;
    // The stack's bounds come from the TEB, which is the program's to scribble on.
    const struct allocation *allocation = allocation_find(at);
    if (!stack || at < stack->allocation_base || at >= stack->base ||
        allocation->kind != ALLOCATION_PRIVATE || stack->allocation_base < allocation->base) {
        page_apply(page, 1);
        return VM_FAULT_GUARD;
    }
    // The lowest page of a stack is never committed; the two above it are what is left to handle the
    // overflow.
    uint32_t lowest = (stack->allocation_base >> GUEST_PAGE_SHIFT) + 1;
    uint32_t guarantee = (stack->guarantee + GUEST_PAGE_MASK) >> GUEST_PAGE_SHIFT;
    enum vm_fault_result result = VM_FAULT_RESUME;
    uint32_t limit = page, first = page; // the lowest page in use, and the lowest one that changed
    if (page >= lowest && page - lowest > guarantee + 1) {
        page_set(page - 1, PP_READWRITE | PS_COMMITTED | PS_GUARD); // anew, where it was used before
        first = page - 1;
    } else {
        for (uint32_t i = lowest; i < page; i++) page_set(i, PP_READWRITE | PS_COMMITTED);
        limit = first = lowest;
        result = VM_FAULT_STACK_OVERFLOW;
    }
    page_apply(first, page - first + 1);
    if (stack_limit) *stack_limit = limit << GUEST_PAGE_SHIFT;
    return result;
}

// The table allows the access, yet it faulted: another thread has just changed the page, or the host can't
// provide it.
static enum vm_fault_result unexplained(uint32_t page, page_state state, enum vm_access access)
{
    if (access == VM_EXECUTE) {
        // No execution where the host refuses it (a noexec mount): don't come back here for ever.
        if (mprotect(guest_ptr(page << GUEST_PAGE_SHIFT), GUEST_PAGE_SIZE, page_host_protection(state)))
            return VM_FAULT_ACCESS;
    }
    int advice = access == VM_WRITE ? MADV_POPULATE_WRITE : MADV_POPULATE_READ;
    if (!madvise(guest_ptr(page << GUEST_PAGE_SHIFT), GUEST_PAGE_SIZE, advice)) return VM_FAULT_RESUME;
    return errno == EFAULT ? VM_FAULT_IN_PAGE : VM_FAULT_ACCESS;
}

static enum vm_fault_result fault_locked(uint32_t page, enum vm_access access, const struct vm_stack *stack,
                                         gptr *stack_limit)
{
    page_state state = page_get(page);
    if (!(state & PS_COMMITTED)) return VM_FAULT_ACCESS;
    if (state & PS_GUARD) return guard_hit(page, stack, stack_limit);
    if (!access_allowed(state, access)) return VM_FAULT_ACCESS;
    if (access == VM_WRITE && (state & PS_CLEAN)) {
        page_set(page, state & ~PS_CLEAN);
        return page_apply(page, 1) ? VM_FAULT_RESUME : VM_FAULT_ACCESS;
    }
    return unexplained(page, state, access);
}

enum vm_fault_result vm_fault(gptr address, enum vm_access access, const struct vm_stack *stack,
                              gptr *stack_limit)
{
    int saved = errno;
    vm_lock();
    enum vm_fault_result result = fault_locked(address >> GUEST_PAGE_SHIFT, access, stack, stack_limit);
    vm_unlock();
    errno = saved;
    return result;
}

NTSTATUS vm_touch(gptr address, uint32_t size, enum vm_access access)
{
    if (!size) return STATUS_SUCCESS;
    if (size - 1 > UINT32_MAX - address) return STATUS_ACCESS_VIOLATION;
    uint32_t last = (address + (size - 1)) >> GUEST_PAGE_SHIFT;
    for (uint32_t page = address >> GUEST_PAGE_SHIFT; page <= last; page++) {
        page_state state = page_get(page);
        bool watched = access == VM_WRITE && (state & PS_CLEAN);
        if (!(state & PS_GUARD) && !watched) {
            if (!access_allowed(state, access)) return STATUS_ACCESS_VIOLATION;
            continue;
        }
        // Touching it faults, and the signal handler does what it does for the guest.
        gptr at = page << GUEST_PAGE_SHIFT;
        bool touched = access == VM_WRITE ? guest_probe_write(at, 1) : guest_probe_read(at, 1);
        if (!touched) return (state & PS_GUARD) ? STATUS_GUARD_PAGE_VIOLATION : STATUS_ACCESS_VIOLATION;
        if (page == GUEST_PAGES - 1) break;
    }
    return STATUS_SUCCESS;
}
