// What becomes of the region when a process dies: the list of modules that keep something in it.
#include "region.h"
#include "region_layout.h"
#include "region_owned.h"

void region_recover(void)
{
    region_tables_recover();
    region_owned_recover();
}

void region_forget_slot(uint32_t slot)
{
    uint32_t holds = atomic_load(&region->slots[slot].holds);
    if (holds & REGION_HOLDS_OWNED) region_owned_forget(slot);
    atomic_store(&region->slots[slot].holds, 0);
}
