// What becomes of the region when a process dies: the list of modules that keep something in it.
#include "region.h"
#include "region_layout.h"
#include "region_owned.h"
#include "region_text.h"
#include "shared_atom.h"
#include "shared_object.h"
#include "shared_wait.h"

void region_recover(void)
{
    region_text_unmark();
    shared_objects_mark_texts();
    region_text_sweep();
    region_tables_recover();
    region_owned_recover();
    shared_names_recover();
    shared_atoms_recover();
    shared_waits_recover();
}

void region_forget_slot(uint32_t slot)
{
    uint32_t holds = atomic_load(&region->slots[slot].holds);
    if (holds & REGION_HOLDS_WAITS) shared_waits_forget(slot);
    if (holds & REGION_HOLDS_OBJECTS) {
        shared_objects_forget(slot);
        shared_waits_wake_ended(); // it may have ended a wait without coming to wake it
    }
    if (holds & REGION_HOLDS_OWNED) region_owned_forget(slot);
    atomic_store(&region->slots[slot].holds, 0);
}
