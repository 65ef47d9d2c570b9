// Guarded stretches of host code: the handler changes where the faulting code goes on, which then jumps.
#include "loader/fault_guard.h"
#include <stddef.h>
#include <stdint.h>

static _Thread_local struct fault_guard *innermost;

void fault_guard_push(struct fault_guard *guard)
{
    guard->outer = innermost;
    innermost = guard;
}

void fault_guard_leave(void)
{
    innermost = innermost->outer;
}

void fault_guard_give_up(void)
{
    struct fault_guard *guard = innermost;
    if (!guard) return;
    innermost = guard->outer;
    siglongjmp(guard->landing, 1);
}

bool fault_guard_redirect(ucontext_t *uc)
{
    enum { RED_ZONE = 128 };
    if (!innermost) return false;
    greg_t *g = uc->uc_mcontext.gregs;
    g[REG_RIP] = (greg_t)(uintptr_t)fault_guard_give_up;
    g[REG_RSP] = ((g[REG_RSP] - RED_ZONE) & ~(greg_t)15) - 8; // as after a call
    return true;
}
