// What VirtualQuery and GetWriteWatch say about the guest's pages.
#include "guest_constants.h"
#include "views.h"

static page_state visible(page_state state)
{
    return state & (PS_PROTECT | PS_COMMITTED | PS_GUARD);
}

// The length of the run of pages that look like the first to the guest, and how they look: a copied page is
// no longer copy-on-write.
static page_state visible_run(uint32_t page, uint32_t n, uint32_t *run)
{
    page_state first = 0;
    bool copied[PAGES_COPIED_MAX];
    uint32_t at = 0;
    while (at < n) {
        page_state state = visible(page_get(page + at));
        uint32_t same = page_run(page + at, n - at);
        if ((state & PS_COMMITTED) && page_is_copy_on_write(state)) {
            if (same > PAGES_COPIED_MAX) same = PAGES_COPIED_MAX;
            pages_copied(page + at, same, copied);
            for (uint32_t i = 0; i < same; i++, at++) {
                page_state looks = copied[i] ? state - (PP_WRITECOPY - PP_READWRITE) : state;
                if (!at)
                    first = looks;
                else if (looks != first)
                    goto done;
            }
            continue;
        }
        if (!at)
            first = state;
        else if (state != first)
            break;
        at += same;
    }
done:
    *run = at;
    return first;
}

uint32_t vm_reported_protect(const struct allocation *allocation, uint32_t page, uint32_t n, uint32_t *run)
{
    page_state state = visible_run(page, n, run);
    if (!(state & PS_COMMITTED)) return 0;
    return page_to_protect(state) | (allocation->protect & (PAGE_NOCACHE | PAGE_WRITECOMBINE));
}

static void query_locked(gptr address, MEMORY_BASIC_INFORMATION32 *info)
{
    static const uint32_t types[] = {MEM_PRIVATE, MEM_MAPPED, MEM_IMAGE};
    gptr at = address & ~GUEST_PAGE_MASK;
    struct allocation *allocation = allocation_find(at);
    info->BaseAddress = at;
    if (!allocation) {
        struct allocation *next = allocation_at_or_above(at);
        gptr end = next && next->base <= vm_highest ? next->base : vm_highest + 1;
        info->AllocationBase = 0;
        info->AllocationProtect = 0;
        info->RegionSize = end - at;
        info->State = MEM_FREE;
        info->Protect = PAGE_NOACCESS;
        info->Type = 0;
        return;
    }
    uint32_t run, n = (allocation->size - (at - allocation->base)) >> GUEST_PAGE_SHIFT;
    info->Protect = vm_reported_protect(allocation, at >> GUEST_PAGE_SHIFT, n, &run);
    info->AllocationBase = allocation->base;
    info->AllocationProtect = allocation->protect;
    info->RegionSize = run << GUEST_PAGE_SHIFT;
    info->State = info->Protect ? MEM_COMMIT : MEM_RESERVE;
    info->Type = types[allocation->kind];
}

NTSTATUS vm_query(gptr address, MEMORY_BASIC_INFORMATION32 *info)
{
    if (address > vm_highest) return STATUS_INVALID_PARAMETER;
    vm_lock();
    query_locked(address, info);
    vm_unlock();
    return STATUS_SUCCESS;
}

// Checks that the range lies in one MEM_WRITE_WATCH allocation.
static bool watched_range(gptr base, uint32_t size, uint32_t *page, uint32_t *n)
{
    if (!size || vm_round_to_pages(&base, &size)) return false;
    struct allocation *allocation = allocation_find(base);
    if (!allocation || !(allocation->flags & ALLOCATION_WATCHED)) return false;
    if (size > allocation->size - (base - allocation->base)) return false;
    *page = base >> GUEST_PAGE_SHIFT;
    *n = size >> GUEST_PAGE_SHIFT;
    return true;
}

static void clean_pages(uint32_t page, uint32_t n)
{
    uint32_t end = page + n;
    for (uint32_t i = page; i < end; i++) {
        page_state state = page_get(i);
        if (state & PS_COMMITTED) page_set(i, state | PS_CLEAN);
    }
    page_apply(page, n);
}

NTSTATUS vm_get_write_watch(gptr base, uint32_t size, bool reset, gptr *written, uint32_t *count)
{
    uint32_t page, n, found = 0, max = *count;
    NTSTATUS status = STATUS_INVALID_PARAMETER;
    vm_lock();
    if (watched_range(base, size, &page, &n)) {
        uint32_t i = page;
        for (; i < page + n && found < max; i++)
            if ((page_get(i) & (PS_COMMITTED | PS_CLEAN)) == PS_COMMITTED)
                written[found++] = i << GUEST_PAGE_SHIFT;
        if (reset && found) clean_pages(page, i - page); // what didn't fit stays noted
        *count = found;
        status = STATUS_SUCCESS;
    }
    vm_unlock();
    return status;
}

NTSTATUS vm_reset_write_watch(gptr base, uint32_t size)
{
    uint32_t page, n;
    vm_lock();
    bool watched = watched_range(base, size, &page, &n);
    if (watched) clean_pages(page, n);
    vm_unlock();
    return watched ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}
