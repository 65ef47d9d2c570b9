// How much private memory the guest may commit: nothing is counted as long as there is no limit.
#include "guest_constants.h"
#include "vm_internal.h"
#include <stdatomic.h>

static _Atomic uint32_t limit; // pages; 0: none
static _Atomic bool refused;   // since somebody asked

static uint32_t committed_in(uint32_t page, uint32_t n)
{
    uint32_t committed = 0;
    for (uint32_t at = page; at < page + n;) {
        uint32_t run = page_run(at, page + n - at);
        if (page_get(at) & PS_COMMITTED) committed += run;
        at += run;
    }
    return committed;
}

static uint32_t committed_everywhere(void)
{
    uint32_t committed = 0;
    for (const struct allocation *a = allocation_at_or_above(0); a; a = allocation_next(a))
        if (a->kind == ALLOCATION_PRIVATE)
            committed += committed_in(a->base >> GUEST_PAGE_SHIFT, a->size >> GUEST_PAGE_SHIFT);
    return committed;
}

void vm_limit_commitment(uint32_t bytes)
{
    uint32_t pages = bytes >> GUEST_PAGE_SHIFT;
    atomic_store_explicit(&limit, bytes && !pages ? 1 : pages, memory_order_relaxed);
}

bool vm_may_commit(uint32_t page, uint32_t n)
{
    uint32_t most = atomic_load_explicit(&limit, memory_order_relaxed);
    if (!most) return true;
    bool may = (uint64_t)committed_everywhere() + n - committed_in(page, n) <= most;
    if (!may) atomic_store(&refused, true);
    return may;
}

bool vm_limit_was_met(void)
{
    return atomic_exchange(&refused, false);
}
