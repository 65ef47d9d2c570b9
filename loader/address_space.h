// The guest's low 4 GB: who has which pages with which protection. This table is the authority for
// VirtualQuery; the kernel's own mappings only follow it. One lock inside; never held across guest code.
#ifndef LOWLAND_ADDRESS_SPACE_H
#define LOWLAND_ADDRESS_SPACE_H

#include "guest.h"
#include "guest_types.h"

struct object;

// Reserves everything below 4 GB. Call once, before any other mapping. False with errno when the host
// refuses (ulimit -v, a mapping in the way).
bool address_space_init(void);

// Sets the end of what the guest may be given: 2 GB (7FFF0000h) or 4 GB, and whether data pages are
// executable (an image without NX_COMPAT).
void address_space_configure(bool large_address_aware, bool data_executable);
// Whether data pages are executable, for all that is mapped and all to come: data execution prevention off.
void vm_set_data_executable(bool executable);
bool vm_data_is_executable(void);

// Lets no more than that much private memory be committed, in bytes; 0: no limit. What is committed already
// stays. (commit_limit.c)
void vm_limit_commitment(uint32_t bytes);
// Whether that refused something since this was asked last.
bool vm_limit_was_met(void);

// NtAllocateVirtualMemory on this process: MEM_RESERVE, MEM_COMMIT, MEM_RESET, MEM_TOP_DOWN, MEM_WRITE_WATCH,
// PAGE_GUARD and all. *base and *size are rounded in place as Windows does. zero_bits as Windows.
NTSTATUS vm_allocate(gptr *base, uint32_t zero_bits, uint32_t *size, uint32_t type, uint32_t protect);
// vm_allocate within [low, high], the lowest fit (or highest with MEM_TOP_DOWN), aligned to a power of two
// from 64 KiB on. Knows MEM_RESERVE_PLACEHOLDER and MEM_REPLACE_PLACEHOLDER too.
NTSTATUS vm_allocate_between(gptr *base, gptr low, gptr high, uint32_t alignment, uint32_t *size,
                             uint32_t type, uint32_t protect);
// NtFreeVirtualMemory: MEM_DECOMMIT, or MEM_RELEASE, which MEM_PRESERVE_PLACEHOLDER or
// MEM_COALESCE_PLACEHOLDERS turns into splitting, restoring and joining placeholders.
NTSTATUS vm_free(gptr *base, uint32_t *size, uint32_t type);
NTSTATUS vm_protect(gptr *base, uint32_t *size, uint32_t protect, uint32_t *old_protect);
NTSTATUS vm_query(gptr address, MEMORY_BASIC_INFORMATION32 *info);

// A guest thread stack: reserve bytes with a committed top of commit bytes, a guard page below it.
// Growth happens in vm_fault. All sizes are rounded up to pages (reserve to 64 KiB).
struct vm_stack {
    gptr allocation_base, limit, base;
    uint32_t guarantee; // SetThreadStackGuarantee's bytes: what is left below the guard when it overflows
};
NTSTATUS vm_allocate_stack(uint32_t reserve, uint32_t commit, struct vm_stack *stack);

enum vm_fault_result {
    VM_FAULT_RESUME,         // handled: stack grown, write watch noted, copy made; run the instruction again
    VM_FAULT_GUARD,          // STATUS_GUARD_PAGE_VIOLATION; the guard is gone now
    VM_FAULT_STACK_OVERFLOW, // STATUS_STACK_OVERFLOW
    VM_FAULT_ACCESS,         // STATUS_ACCESS_VIOLATION
    VM_FAULT_IN_PAGE,        // STATUS_IN_PAGE_ERROR: the mapped file is shorter now
};
struct object;
enum vm_access { VM_READ = 0, VM_WRITE = 1, VM_EXECUTE = 8 }; // as in EXCEPTION_RECORD

// Asks what a fault at address means. Called from the signal handler, on guest faults and on those of the
// primitives in guest.h: async-signal-safe. stack_limit (may be NULL) is the faulting thread's TEB
// StackLimit, updated on growth.
enum vm_fault_result vm_fault(gptr address, enum vm_access access, const struct vm_stack *stack,
                              gptr *stack_limit);

// Makes [address, address+size) fit for a system call that would fail with EFAULT on guard, watched or
// copy-on-write pages: resolves each page as if it had been touched. STATUS_ACCESS_VIOLATION or
// STATUS_GUARD_PAGE_VIOLATION.
NTSTATUS vm_touch(gptr address, uint32_t size, enum vm_access access);

// Maps size bytes of fd from offset as a view (NtMapViewOfSection of a data section). *base 0: anywhere.
NTSTATUS vm_map_file(gptr *base, uint32_t size, int fd, uint64_t offset, uint32_t zero_bits, uint32_t type,
                     uint32_t protect, bool copy_on_write, struct object *section);
NTSTATUS vm_unmap(gptr base); // any view, image or data; base may be any address in it

// What is mapped at an address.
struct vm_view_info {
    gptr base;
    uint32_t size;
    bool image;
    struct object *section; // retained; NULL for an image that the loader mapped
    char *path;             // malloc'd host path of that; NULL when it has none
};
// STATUS_INVALID_ADDRESS (nothing is there), STATUS_CONFLICTING_ADDRESSES (private memory).
NTSTATUS vm_view(gptr address, struct vm_view_info *info);

// VirtualLock and VirtualUnlock. STATUS_ACCESS_VIOLATION (not all is committed), STATUS_GUARD_PAGE_VIOLATION
// (the guard is gone then), STATUS_WORKING_SET_QUOTA, STATUS_NOT_LOCKED. Rounds in place.
NTSTATUS vm_lock_pages(gptr *base, uint32_t *size, bool lock);

// Hints that a range will be used soon: what of it is mapped begins to be read in. Never fails.
void vm_prefetch(gptr base, uint32_t size);

// GetWriteWatch: the pages of [base, base + size), of one MEM_WRITE_WATCH allocation, that were written since
// they were committed or reset, at most *count of them. reset: notes them anew. STATUS_INVALID_PARAMETER.
NTSTATUS vm_get_write_watch(gptr base, uint32_t size, bool reset, gptr *written, uint32_t *count);
NTSTATUS vm_reset_write_watch(gptr base, uint32_t size);

#endif
