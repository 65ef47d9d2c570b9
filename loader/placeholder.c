// Splitting, joining and restoring placeholders.
#include "placeholder.h"
#include "guest_constants.h"

static struct allocation *add(gptr base, uint32_t size)
{
    struct allocation *allocation = allocation_add(base, size);
    if (!allocation) return NULL;
    allocation->kind = ALLOCATION_PRIVATE;
    allocation->protect = PAGE_NOACCESS;
    allocation->flags = ALLOCATION_PLACEHOLDER;
    return allocation;
}

struct allocation *placeholder_find(gptr base, uint32_t size)
{
    struct allocation *allocation = allocation_find(base);
    return allocation && (allocation->flags & ALLOCATION_PLACEHOLDER) && allocation->base == base &&
                   allocation->size == size
               ? allocation
               : NULL;
}

NTSTATUS placeholder_split(gptr base, uint32_t size)
{
    struct allocation *whole = allocation_find(base);
    if (!whole || !(whole->flags & ALLOCATION_PLACEHOLDER) || size >= whole->size ||
        size > whole->size - (base - whole->base))
        return STATUS_CONFLICTING_ADDRESSES;
    const struct allocation was = *whole;
    if (!allocation_cut(whole, base, size)) return STATUS_INSUFFICIENT_RESOURCES;
    if (add(base, size)) return STATUS_SUCCESS;
    // Out of records: what is around the part gives its own back, so that there is one for the whole again.
    if (base > was.base) allocation_remove(allocation_find(was.base));
    if (base + size < allocation_end(&was)) allocation_remove(allocation_find(base + size));
    add(was.base, was.size);
    return STATUS_INSUFFICIENT_RESOURCES;
}

NTSTATUS placeholder_join(gptr base, uint32_t size)
{
    gptr end = base + size;
    unsigned count = 0;
    for (gptr at = base; at != end; count++) {
        const struct allocation *part = allocation_find(at);
        if (!part || !(part->flags & ALLOCATION_PLACEHOLDER) || part->base != at || part->size > end - at)
            return STATUS_CONFLICTING_ADDRESSES;
        at += part->size;
    }
    if (count < 2) return STATUS_CONFLICTING_ADDRESSES;
    while (count--) {
        struct allocation *part = allocation_find(end - 1);
        end = part->base;
        allocation_remove(part);
    }
    return add(base, size) ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES; // there are records again
}

NTSTATUS placeholder_restore(struct allocation *allocation)
{
    if (!(allocation->flags & ALLOCATION_REPLACED)) return STATUS_CONFLICTING_ADDRESSES;
    if (!vm_host_reserve(allocation->base, allocation->size)) return STATUS_NO_MEMORY;
    page_fill(allocation->base >> GUEST_PAGE_SHIFT, allocation->size >> GUEST_PAGE_SHIFT, 0);
    allocation->kind = ALLOCATION_PRIVATE;
    allocation->protect = PAGE_NOACCESS;
    allocation->flags = ALLOCATION_PLACEHOLDER;
    allocation->view = NULL;
    return STATUS_SUCCESS;
}
