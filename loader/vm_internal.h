// What the files of the address space share beyond its contract: the lock, the limits, views.
#ifndef LOWLAND_VM_INTERNAL_H
#define LOWLAND_VM_INTERNAL_H

#include "address_space.h"
#include "allocation.h"
#include "page_table.h"

// The address space's one lock. Guest memory is never touched under it (a fault would ask vm_fault, which
// takes it), nothing waits under it but host calls on mappings.
void vm_lock(void);
void vm_unlock(void);

enum { // winnt.h, of allocating and mapping, and of releasing and unmapping
    MEM_REPLACE_PLACEHOLDER = 0x4000,
    MEM_RESERVE_PLACEHOLDER = 0x40000,
    MEM_COALESCE_PLACEHOLDERS = 1,
    MEM_PRESERVE_PLACEHOLDER = 2,
};

extern gptr vm_highest; // the last address that the guest may be given

// Turns a host range back into bare reservation, dropping what was there. False with errno. (vm_host.c, as
// what follows.)
bool vm_host_reserve(gptr base, uint32_t size);
// Whether all of the 64 KiB slots that a free range lies in have no host mapping.
bool vm_host_is_hole(gptr base, uint32_t size);
// Maps private memory into such a range; the rest of its last slot stays without (ALLOCATION_SPARSE).
bool vm_host_fill_hole(gptr base, uint32_t size, int protection);
// Reserves that rest.
bool vm_host_complete(gptr base, uint32_t size);
// Reserves what is not reserved of the slots of a free range. False when something of the host's is there.
bool vm_host_claim(gptr base, uint32_t size);
// Unmaps the slots of a range that is being released. False when it is too large for that: reserve it then.
bool vm_host_make_hole(gptr base, uint32_t size);

// Whether pages, committed or not, may become committed private memory. With the lock. (commit_limit.c)
bool vm_may_commit(uint32_t page, uint32_t n);

// Rounds [base, base + size) outwards to pages. STATUS_INVALID_PARAMETER_2 or _3 when it leaves the guest's
// space.
NTSTATUS vm_round_to_pages(gptr *base, uint32_t *size);

// The highest address that zero_bits leaves: a count of leading zeroes, or from 32 on a mask.
// STATUS_INVALID_PARAMETER_3, STATUS_NO_MEMORY.
NTSTATUS vm_zero_bits_limit(uint32_t zero_bits, gptr *high);

// PAGE_* protection of a page as queries report it: copy-on-write is over once the page was written.
uint32_t vm_reported_protect(const struct allocation *allocation, uint32_t page, uint32_t n, uint32_t *run);

#endif
