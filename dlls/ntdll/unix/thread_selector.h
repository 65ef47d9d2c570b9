// Segment selectors as 32-bit code sees them.
#ifndef LOWLAND_THREAD_SELECTOR_H
#define LOWLAND_THREAD_SELECTOR_H

#include "guest_types.h"
#include "loader/guest.h"
#include <stdbool.h>

// The descriptor behind a selector of a thread whose TEB is teb. False for one that Windows doesn't have.
bool thread_selector_describe(uint32_t selector, gptr teb, LDT_ENTRY32 *entry);

#endif
