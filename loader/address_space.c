// The guest's low 4 GB: reservation at start, and allocating, freeing and protecting private memory.
#include "vm_internal.h"
#include "guest_constants.h"
#include "loader/sanitizer.h"
#include "placeholder.h"
#include "views.h"
#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>

#define ALIGN_DOWN(value, to) ((value) & ~((to)-1))
#define ALLOCATE_TYPES                                                                                       \
    (MEM_COMMIT | MEM_RESERVE | MEM_RESET | MEM_RESET_UNDO | MEM_TOP_DOWN | MEM_WRITE_WATCH | MEM_PHYSICAL | \
     MEM_LARGE_PAGES | MEM_RESERVE_PLACEHOLDER | MEM_REPLACE_PLACEHOLDER)

#ifdef SANITIZER_ADDRESS
#define RESERVED_END 0x7fff0000ull // AddressSanitizer has what is above
#else
#define RESERVED_END 0x100000000ull
#endif

gptr vm_highest = 0x7ffeffff;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

// A plain mutex is an atomic and a futex, so the signal handler may take it: whoever holds it is never
// interrupted by a fault of its own, as nothing under it touches guest memory.
void vm_lock(void)
{
    pthread_mutex_lock(&lock);
}

void vm_unlock(void)
{
    pthread_mutex_unlock(&lock);
}

bool address_space_init(void)
{
    size_t size = RESERVED_END - GUEST_LOWEST;
    void *low = mmap(guest_ptr(GUEST_LOWEST), size, PROT_NONE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    if (low == MAP_FAILED) return false;
    if (low != guest_ptr(GUEST_LOWEST)) { // a kernel that doesn't know MAP_FIXED_NOREPLACE took it as a hint
        munmap(low, size);
        errno = EEXIST;
        return false;
    }
    return true;
}

void address_space_configure(bool large_address_aware, bool data_executable)
{
    vm_lock();
    vm_highest = large_address_aware && RESERVED_END > 0x80000000ull ? 0xfffeffff : 0x7ffeffff;
    vm_unlock();
    vm_set_data_executable(data_executable);
}

// Whether an allocation's pages follow the page table by now: what is being filled will when it is done.
static bool is_settled(const struct allocation *allocation)
{
    return !(allocation->flags & ALLOCATION_BUILDING);
}

void vm_set_data_executable(bool executable)
{
    vm_lock();
    if (page_data_executable != executable) {
        page_data_executable = executable;
        for (struct allocation *at = allocation_at_or_above(0); at; at = allocation_next(at))
            if (is_settled(at)) page_apply(at->base >> GUEST_PAGE_SHIFT, at->size >> GUEST_PAGE_SHIFT);
    }
    vm_unlock();
}

bool vm_data_is_executable(void)
{
    return page_data_executable;
}

NTSTATUS vm_round_to_pages(gptr *base, uint32_t *size)
{
    if (*base > vm_highest) return STATUS_INVALID_PARAMETER_2;
    if (*size > vm_highest - *base + 1) return STATUS_INVALID_PARAMETER_3;
    gptr end = *base + (*size - 1); // inclusive, so that the end of space doesn't wrap
    if (!*size) end = *base;
    *base = ALIGN_DOWN(*base, GUEST_PAGE_SIZE);
    *size = (end | GUEST_PAGE_MASK) - *base + 1;
    return STATUS_SUCCESS;
}

NTSTATUS vm_zero_bits_limit(uint32_t zero_bits, gptr *high)
{
    *high = vm_highest;
    if (!zero_bits) return STATUS_SUCCESS;
    gptr limit;
    if (zero_bits < 32) {
        if (zero_bits > 21) return STATUS_INVALID_PARAMETER_3;
        limit = 0xffffffffu >> zero_bits;
    } else {
        limit = 0xffffffffu >> __builtin_clz(zero_bits);
    }
    if (limit < *high) *high = limit;
    return *high > GUEST_LOWEST ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

// Gives pages of a private allocation, committed or not, their new state.
static void enter_pages(const struct allocation *allocation, uint32_t page, uint32_t n, page_state protect)
{
    page_state state = protect | PS_COMMITTED;
    if (!(allocation->flags & ALLOCATION_WATCHED)) {
        page_fill(page, n, state);
        return;
    }
    for (uint32_t i = page; i < page + n; i++) {
        page_state old = page_get(i);
        page_state clean = (old & PS_COMMITTED) ? old & PS_CLEAN : PS_CLEAN;
        page_set(i, state | PS_WATCHED | clean);
    }
}

// Commits pages of a private allocation, or gives committed ones another protection. fresh: none is
// committed.
static NTSTATUS commit_pages(const struct allocation *allocation, gptr base, uint32_t size,
                             page_state protect, bool fresh)
{
    uint32_t page = base >> GUEST_PAGE_SHIFT, n = size >> GUEST_PAGE_SHIFT;
    if (!vm_may_commit(page, n)) return STATUS_COMMITMENT_LIMIT;
    enter_pages(allocation, page, n, protect);
    if (fresh && page_host_protection(page_get(page)) == PROT_NONE) return STATUS_SUCCESS;
    if (page_apply(page, n)) return STATUS_SUCCESS;
    if (fresh) {
        page_fill(page, n, 0);
        vm_host_reserve(base, size);
    }
    return STATUS_COMMITMENT_LIMIT;
}

// Commits all of a new private allocation.
static NTSTATUS commit_new(struct allocation *allocation, page_state protect)
{
    gptr base = allocation->base;
    uint32_t size = allocation->size, page = base >> GUEST_PAGE_SHIFT, n = size >> GUEST_PAGE_SHIFT;
    if (!vm_host_is_hole(base, size)) {
        if (!vm_host_claim(base, size)) return STATUS_CONFLICTING_ADDRESSES;
        return commit_pages(allocation, base, size, protect, true);
    }
    if (!vm_may_commit(page, n)) return STATUS_COMMITMENT_LIMIT;
    enter_pages(allocation, page, n, protect);
    if (vm_host_fill_hole(base, size, page_host_protection(page_get(page)))) {
        allocation->flags |= ALLOCATION_SPARSE;
        return STATUS_SUCCESS;
    }
    page_fill(page, n, 0);
    return errno == EEXIST ? STATUS_CONFLICTING_ADDRESSES : STATUS_COMMITMENT_LIMIT;
}

// Where a new allocation may go.
struct range {
    gptr low, high;
    uint32_t alignment;
};

static NTSTATUS reserve(gptr *base, const struct range *range, uint32_t *size, uint32_t type,
                        uint32_t protect, page_state state)
{
    NTSTATUS status;
    gptr at = *base;
    uint32_t bytes = *size;
    if (at) {
        uint32_t slack = at & (GUEST_GRANULARITY - 1);
        if (bytes > UINT32_MAX - slack) return STATUS_INVALID_PARAMETER_3;
        at -= slack;
        bytes += slack;
        status = vm_round_to_pages(&at, &bytes);
        if (status) return status;
        if (at < GUEST_LOWEST) return STATUS_INVALID_PARAMETER_2;
        if (!allocation_is_free(at, bytes)) return STATUS_CONFLICTING_ADDRESSES;
    } else {
        if (bytes > vm_highest) return STATUS_NO_MEMORY;
        bytes = (bytes + GUEST_PAGE_MASK) & ~GUEST_PAGE_MASK;
        at = allocation_search(range->low, range->high, bytes, range->alignment, type & MEM_TOP_DOWN);
        if (!at) return STATUS_NO_MEMORY;
    }
    struct allocation *allocation = allocation_add(at, bytes);
    if (!allocation) return STATUS_NO_MEMORY;
    allocation->kind = ALLOCATION_PRIVATE;
    allocation->protect = protect;
    if (type & MEM_WRITE_WATCH) allocation->flags |= ALLOCATION_WATCHED;
    if (type & MEM_RESERVE_PLACEHOLDER) allocation->flags |= ALLOCATION_PLACEHOLDER;
    status = STATUS_SUCCESS;
    if (type & MEM_COMMIT)
        status = commit_new(allocation, state);
    else if (!vm_host_claim(at, bytes))
        status = STATUS_CONFLICTING_ADDRESSES;
    if (status) {
        if (status == STATUS_CONFLICTING_ADDRESSES && !*base) {
            // Something of the host's sits in a hole: that place is lost.
            allocation->flags = ALLOCATION_BUILDING;
            return reserve(base, range, size, type, protect, state);
        }
        allocation_remove(allocation);
        return status;
    }
    *base = at;
    *size = bytes;
    return STATUS_SUCCESS;
}

// Puts private memory in the place of a placeholder, which it must fill.
static NTSTATUS replace(gptr base, uint32_t *size, uint32_t type, uint32_t protect, page_state state)
{
    gptr at = base;
    NTSTATUS status = vm_round_to_pages(&at, size);
    if (status) return status;
    struct allocation *allocation = placeholder_find(base, *size);
    if (!allocation) return STATUS_CONFLICTING_ADDRESSES;
    struct allocation was = *allocation;
    allocation->protect = protect;
    allocation->flags = ALLOCATION_REPLACED | (type & MEM_WRITE_WATCH ? ALLOCATION_WATCHED : 0);
    if (type & MEM_COMMIT) status = commit_pages(allocation, base, *size, state, true);
    if (status) {
        allocation->protect = was.protect;
        allocation->flags = was.flags;
    }
    return status;
}

// MEM_COMMIT on what is reserved already, MEM_RESET and MEM_RESET_UNDO.
static NTSTATUS change(gptr *base, uint32_t *size, uint32_t type, page_state state)
{
    gptr at = *base;
    uint32_t bytes = *size;
    NTSTATUS status = vm_round_to_pages(&at, &bytes);
    if (status) return status;
    struct allocation *allocation = allocation_find(at);
    if (!allocation || bytes > allocation->size - (at - allocation->base) ||
        (allocation->flags & (ALLOCATION_BUILDING | ALLOCATION_PLACEHOLDER)))
        return STATUS_CONFLICTING_ADDRESSES;
    if (type & MEM_COMMIT) {
        if (allocation->kind == ALLOCATION_PRIVATE) {
            if (page_is_copy_on_write(state)) return STATUS_INVALID_PAGE_PROTECTION;
            uint32_t page = at >> GUEST_PAGE_SHIFT, n = bytes >> GUEST_PAGE_SHIFT;
            bool fresh = !(page_get(page) & PS_COMMITTED) && page_run(page, n) == n;
            status = commit_pages(allocation, at, bytes, state, fresh);
        } else {
            status = view_commit(allocation, at, bytes, state);
        }
        if (status) return status;
    }
    // MEM_RESET says that the contents don't matter; they may as well stay, and then MEM_RESET_UNDO succeeds.
    *base = at;
    *size = bytes;
    return STATUS_SUCCESS;
}

// Whether the placeholder types go with the others.
static bool placeholder_types_agree(gptr base, uint32_t type, uint32_t protect)
{
    if (type & MEM_RESERVE_PLACEHOLDER) {
        const uint32_t others = MEM_COMMIT | MEM_WRITE_WATCH | MEM_REPLACE_PLACEHOLDER;
        if (!(type & MEM_RESERVE) || type & others || protect != PAGE_NOACCESS) return false;
    }
    return !(type & MEM_REPLACE_PLACEHOLDER) || (base && !(base & GUEST_PAGE_MASK) && type & MEM_RESERVE);
}

NTSTATUS vm_allocate_between(gptr *base, gptr low, gptr high, uint32_t alignment, uint32_t *size,
                             uint32_t type, uint32_t protect)
{
    const struct range range = {low, high, alignment};
    page_state state;
    if (!*size) return STATUS_INVALID_PARAMETER_4;
    if (type & ~(uint32_t)ALLOCATE_TYPES) return STATUS_INVALID_PARAMETER_5;
    uint32_t reset = type & (MEM_RESET | MEM_RESET_UNDO);
    if (reset) {
        if (type != MEM_RESET && type != MEM_RESET_UNDO) return STATUS_INVALID_PARAMETER_5;
    } else if (!(type & (MEM_COMMIT | MEM_RESERVE))) {
        return STATUS_INVALID_PARAMETER_5;
    }
    if (!page_from_protect(protect, &state)) return STATUS_INVALID_PAGE_PROTECTION;
    protect &= ~(uint32_t)PAGE_TARGETS_INVALID; // queries don't show it
    if (!placeholder_types_agree(*base, type, protect)) return STATUS_INVALID_PARAMETER_5;
    if (type & MEM_LARGE_PAGES) return STATUS_PRIVILEGE_NOT_HELD;
    if (type & MEM_PHYSICAL) return STATUS_INVALID_PARAMETER_5;
    if (!*base && !reset) type |= MEM_RESERVE;
    if ((type & MEM_WRITE_WATCH) && !(type & MEM_RESERVE)) return STATUS_INVALID_PARAMETER_5;
    if (!reset && page_is_copy_on_write(state) && (type & MEM_RESERVE)) return STATUS_INVALID_PAGE_PROTECTION;
    vm_lock();
    NTSTATUS status = (type & MEM_REPLACE_PLACEHOLDER) ? replace(*base, size, type, protect, state)
                      : (type & MEM_RESERVE)           ? reserve(base, &range, size, type, protect, state)
                                                       : change(base, size, type, state);
    vm_unlock();
    return status;
}

NTSTATUS vm_allocate(gptr *base, uint32_t zero_bits, uint32_t *size, uint32_t type, uint32_t protect)
{
    gptr high;
    NTSTATUS status = vm_zero_bits_limit(zero_bits, &high);
    if (status) return status;
    if (type & (MEM_RESERVE_PLACEHOLDER | MEM_REPLACE_PLACEHOLDER)) return STATUS_INVALID_PARAMETER_5;
    return vm_allocate_between(base, GUEST_LOWEST, high, GUEST_GRANULARITY, size, type, protect);
}

// True when a page of the range is committed, so that the host has something to drop.
static bool any_committed(uint32_t page, uint32_t n)
{
    uint32_t run = page_run(page, n);
    return run < n || (page_get(page) & PS_COMMITTED);
}

// Drops what is committed in a range that stays reserved, or is released in part.
static NTSTATUS drop_pages(gptr base, uint32_t size)
{
    uint32_t page = base >> GUEST_PAGE_SHIFT, n = size >> GUEST_PAGE_SHIFT;
    if (!any_committed(page, n)) return STATUS_SUCCESS;
    if (!vm_host_reserve(base, size)) return STATUS_NO_MEMORY;
    page_fill(page, n, 0);
    return STATUS_SUCCESS;
}

static NTSTATUS release(struct allocation *allocation, gptr base, uint32_t size)
{
    bool sparse = allocation->flags & ALLOCATION_SPARSE;
    const struct allocation *next = allocation_next(allocation);
    bool alone =
        size == allocation->size && !(base & (GUEST_GRANULARITY - 1)) &&
        (!next || next->base - base >= ((size + (GUEST_GRANULARITY - 1)) & ~(GUEST_GRANULARITY - 1)));
    uint32_t page = base >> GUEST_PAGE_SHIFT, n = size >> GUEST_PAGE_SHIFT;
    if (alone && (sparse || any_committed(page, n)) && vm_host_make_hole(base, size)) {
        page_fill(page, n, 0);
        allocation_remove(allocation);
        return STATUS_SUCCESS;
    }
    if (sparse) {
        if (!vm_host_complete(allocation->base, allocation->size)) return STATUS_INSUFFICIENT_RESOURCES;
        allocation->flags &= (uint8_t)~ALLOCATION_SPARSE;
    }
    NTSTATUS status = drop_pages(base, size);
    if (status) return status;
    return allocation_cut(allocation, base, size) ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

static NTSTATUS free_locked(gptr *base, uint32_t *size, uint32_t type)
{
    if (*base > vm_highest) return STATUS_INVALID_PARAMETER_2;
    gptr at = ALIGN_DOWN(*base, GUEST_PAGE_SIZE);
    struct allocation *allocation = allocation_find(at);
    if (!allocation || (allocation->flags & ALLOCATION_BUILDING)) return STATUS_MEMORY_NOT_ALLOCATED;
    if (allocation->kind != ALLOCATION_PRIVATE) return STATUS_UNABLE_TO_DELETE_SECTION;
    uint32_t bytes = *size;
    if (!bytes) {
        if (at != allocation->base) return STATUS_FREE_VM_NOT_AT_BASE;
        bytes = allocation->size;
    } else {
        at = *base;
        if (vm_round_to_pages(&at, &bytes)) return STATUS_INVALID_PARAMETER_3;
        if (bytes > allocation->size - (at - allocation->base)) return STATUS_UNABLE_TO_FREE_VM;
    }
    if (type & MEM_PRESERVE_PLACEHOLDER) {
        NTSTATUS status = allocation->flags & ALLOCATION_PLACEHOLDER ? placeholder_split(at, bytes)
                          : bytes == allocation->size                ? placeholder_restore(allocation)
                                                                     : STATUS_CONFLICTING_ADDRESSES;
        if (status) return status;
    } else if (type == MEM_DECOMMIT) {
        NTSTATUS status = drop_pages(at, bytes);
        if (status) return status;
        if (!*size) bytes = 0; // Windows reports 0 for "all of it"
    } else {
        NTSTATUS status = release(allocation, at, bytes);
        if (status) return status;
    }
    *base = at;
    *size = bytes;
    return STATUS_SUCCESS;
}

static NTSTATUS join_locked(gptr base, uint32_t size)
{
    if ((base | size) & GUEST_PAGE_MASK || !size) return STATUS_INVALID_PARAMETER_3;
    if (base > vm_highest || size - 1 > vm_highest - base) return STATUS_INVALID_PARAMETER_3;
    return placeholder_join(base, size);
}

NTSTATUS vm_free(gptr *base, uint32_t *size, uint32_t type)
{
    const bool joins = type == (MEM_RELEASE | MEM_COALESCE_PLACEHOLDERS);
    if (type != MEM_RELEASE && type != MEM_DECOMMIT && type != (MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER) &&
        !joins)
        return STATUS_INVALID_PARAMETER_4;
    vm_lock();
    NTSTATUS status = joins ? join_locked(*base, *size) : free_locked(base, size, type);
    vm_unlock();
    return status;
}

static NTSTATUS protect_private(gptr at, uint32_t bytes, page_state state)
{
    uint32_t page = at >> GUEST_PAGE_SHIFT, n = bytes >> GUEST_PAGE_SHIFT;
    if (page_is_copy_on_write(state)) return STATUS_INVALID_PAGE_PROTECTION;
    for (uint32_t i = page; i < page + n;) {
        uint32_t run = page_run(i, page + n - i);
        page_fill(i, run, (page_get(i) & ~(PS_PROTECT | PS_GUARD)) | state);
        i += run;
    }
    return page_apply(page, n) ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

static NTSTATUS protect_locked(gptr *base, uint32_t *size, uint32_t protect, uint32_t *old_protect)
{
    gptr at = *base;
    uint32_t bytes = *size;
    page_state state;
    if (!page_from_protect(protect, &state)) return STATUS_INVALID_PAGE_PROTECTION;
    NTSTATUS status = vm_round_to_pages(&at, &bytes);
    if (status) return status;
    if (!*size) return STATUS_INVALID_PARAMETER_3;
    struct allocation *allocation = allocation_find(at);
    if (!allocation || bytes > allocation->size - (at - allocation->base) ||
        (allocation->flags & ALLOCATION_BUILDING))
        return STATUS_CONFLICTING_ADDRESSES;
    uint32_t page = at >> GUEST_PAGE_SHIFT, n = bytes >> GUEST_PAGE_SHIFT;
    for (uint32_t i = page; i < page + n;) {
        if (!(page_get(i) & PS_COMMITTED)) return STATUS_NOT_COMMITTED;
        i += page_run(i, page + n - i);
    }
    uint32_t run;
    uint32_t old = vm_reported_protect(allocation, page, 1, &run);
    status = allocation->kind == ALLOCATION_PRIVATE ? protect_private(at, bytes, state)
                                                    : view_protect(allocation, at, bytes, state);
    if (status) return status;
    *base = at;
    *size = bytes;
    *old_protect = old;
    return STATUS_SUCCESS;
}

NTSTATUS vm_protect(gptr *base, uint32_t *size, uint32_t protect, uint32_t *old_protect)
{
    vm_lock();
    NTSTATUS status = protect_locked(base, size, protect, old_protect);
    vm_unlock();
    return status;
}

NTSTATUS vm_lock_pages(gptr *base, uint32_t *size, bool lock_them)
{
    gptr at = *base;
    uint32_t bytes = *size;
    NTSTATUS status = vm_round_to_pages(&at, &bytes);
    if (status) return status;
    if (!*size) return STATUS_INVALID_PARAMETER_3;
    uint32_t page = at >> GUEST_PAGE_SHIFT, end = page + (bytes >> GUEST_PAGE_SHIFT);
    vm_lock();
    for (uint32_t i = page; i < end && !status; i++) {
        page_state state = page_get(i);
        if (!page_readable(state)) {
            status = STATUS_ACCESS_VIOLATION;
        } else if (state & PS_GUARD) { // gone with this try, as with any access
            page_set(i, state & ~PS_GUARD);
            page_apply(i, 1);
            status = STATUS_GUARD_PAGE_VIOLATION;
        } else if (!lock_them && !(state & PS_LOCKED))
            status = STATUS_NOT_LOCKED;
    }
    // On fault only: touching the pages of a copy-on-write view to lock them would copy them.
    if (!status && (lock_them ? mlock2(guest_ptr(at), bytes, MLOCK_ONFAULT) : munlock(guest_ptr(at), bytes)))
        status = STATUS_WORKING_SET_QUOTA;
    for (uint32_t i = page; i < end && !status; i++)
        page_set(i, (page_get(i) & ~PS_LOCKED) | (lock_them ? PS_LOCKED : 0));
    vm_unlock();
    *base = at;
    *size = bytes;
    return status;
}

void vm_prefetch(gptr base, uint32_t size)
{
    if (vm_round_to_pages(&base, &size)) return;
    uint32_t page = base >> GUEST_PAGE_SHIFT, end = page + (size >> GUEST_PAGE_SHIFT);
    vm_lock();
    for (uint32_t run; page < end; page += run) {
        run = page_run(page, end - page);
        if (page_readable(page_get(page)))
            madvise(guest_ptr(page << GUEST_PAGE_SHIFT), (size_t)run << GUEST_PAGE_SHIFT, MADV_WILLNEED);
    }
    vm_unlock();
}

NTSTATUS vm_allocate_stack(uint32_t reserve_size, uint32_t commit, struct vm_stack *stack)
{
    commit = (commit + GUEST_PAGE_MASK) & ~GUEST_PAGE_MASK;
    if (commit < 2 * GUEST_PAGE_SIZE) commit = 2 * GUEST_PAGE_SIZE;
    if (commit >= reserve_size) reserve_size = (commit + 0xfffff) & ~0xfffffu;
    reserve_size = (reserve_size + (GUEST_GRANULARITY - 1)) & ~(GUEST_GRANULARITY - 1);
    // The lowest page is never committed: whoever runs over the guard ends there.
    if (commit > reserve_size - 2 * GUEST_PAGE_SIZE) commit = reserve_size - 2 * GUEST_PAGE_SIZE;
    gptr base = 0;
    uint32_t size = reserve_size;
    const struct range anywhere = {GUEST_LOWEST, vm_highest, GUEST_GRANULARITY};
    vm_lock();
    NTSTATUS status = reserve(&base, &anywhere, &size, MEM_RESERVE, PAGE_READWRITE, PP_READWRITE);
    if (!status) {
        struct allocation *allocation = allocation_find(base);
        stack->allocation_base = base;
        stack->base = base + size;
        stack->guarantee = 0;
        stack->limit = stack->base - commit;
        status = commit_pages(allocation, stack->limit, commit, PP_READWRITE, true);
        if (!status)
            page_set((stack->limit >> GUEST_PAGE_SHIFT) - 1, PP_READWRITE | PS_COMMITTED | PS_GUARD);
        else
            allocation_remove(allocation);
    }
    vm_unlock();
    return status;
}
