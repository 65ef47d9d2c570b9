// Placeholders: reserved ranges that are split, joined and replaced as wholes (VirtualAlloc2's
// MEM_RESERVE_PLACEHOLDER and MEM_REPLACE_PLACEHOLDER). All with the address space's lock held.
#ifndef LOWLAND_PLACEHOLDER_H
#define LOWLAND_PLACEHOLDER_H

#include "vm_internal.h"

// The placeholder that is exactly [base, base + size), or NULL.
struct allocation *placeholder_find(gptr base, uint32_t size);
// Makes a part of a placeholder one of its own. STATUS_CONFLICTING_ADDRESSES: the range is all of it, or not
// within one.
NTSTATUS placeholder_split(gptr base, uint32_t size);
// Joins the placeholders that make up [base, base + size), two at least. STATUS_CONFLICTING_ADDRESSES
// otherwise.
NTSTATUS placeholder_join(gptr base, uint32_t size);
// Makes a placeholder of what replaced one, private memory or a view; the caller frees a view that it had.
// STATUS_CONFLICTING_ADDRESSES: it replaced none. STATUS_NO_MEMORY.
NTSTATUS placeholder_restore(struct allocation *allocation);

#endif
