// Where the primitives of guest_memory.S go on after a fault.
#include "guest.h"

extern const char guest_access_begin[], guest_access_end[], guest_access_failed[];
extern const char guest_cmpxchg_begin[], guest_cmpxchg_end[], guest_cmpxchg_failed[];

uintptr_t guest_fixup_for(uintptr_t pc)
{
    static const struct {
        const char *begin, *end, *resume;
    } table[] = {
        {guest_access_begin, guest_access_end, guest_access_failed},
        {guest_cmpxchg_begin, guest_cmpxchg_end, guest_cmpxchg_failed},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (pc >= (uintptr_t)table[i].begin && pc < (uintptr_t)table[i].end)
            return (uintptr_t)table[i].resume;
    return 0;
}
