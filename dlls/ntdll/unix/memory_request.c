// Changes to this process' memory, asked for by one of its calls or by another process.
#include "memory_request.h"
#include "guest_constants.h"
#include "job.h"
#include "loader/address_space.h"
#include "loader/page_table.h"
#include "loader/views.h"
#include "object.h"
#include <stdlib.h>

// Views and files are one on the host: what is written to a view is in the file at once, so there is nothing
// to do.
static NTSTATUS flush(gptr *base, uint32_t *size)
{
    struct vm_view_info info;
    if (vm_view(*base, &info)) return STATUS_NOT_MAPPED_VIEW;
    gptr at = *base & ~GUEST_PAGE_MASK;
    uint32_t rest = info.size - (at - info.base);
    uint32_t bytes = *size ? (*size > rest ? rest + 1 : *size) : rest;
    if (info.section) object_release(info.section);
    free(info.path);
    if (info.image) return STATUS_NOT_MAPPED_DATA;
    if (bytes > rest) return STATUS_NOT_MAPPED_VIEW;
    *base = at;
    *size = (bytes + GUEST_PAGE_MASK) & ~GUEST_PAGE_MASK;
    return STATUS_SUCCESS;
}

static NTSTATUS perform(struct memory_request *r)
{
    switch (r->action) {
    case MEMORY_ALLOCATE: return vm_allocate(&r->base, r->zero_bits, &r->size, r->type, r->protect);
    case MEMORY_ALLOCATE_BETWEEN:
        if (r->alignment < GUEST_GRANULARITY || (r->alignment & (r->alignment - 1)))
            return STATUS_INVALID_PARAMETER;
        return vm_allocate_between(&r->base, r->low, r->high, r->alignment, &r->size, r->type, r->protect);
    case MEMORY_FREE: return vm_free(&r->base, &r->size, r->type);
    case MEMORY_PROTECT: {
        uint32_t old = 0;
        NTSTATUS status = vm_protect(&r->base, &r->size, r->protect, &old);
        r->protect = old;
        return status;
    }
    case MEMORY_LOCK: return vm_lock_pages(&r->base, &r->size, true);
    case MEMORY_UNLOCK: return vm_lock_pages(&r->base, &r->size, false);
    case MEMORY_FLUSH: return flush(&r->base, &r->size);
    case MEMORY_UNMAP: return view_unmap(r->base, r->type & MEM_PRESERVE_PLACEHOLDER);
    case MEMORY_RESET_WATCH: return vm_reset_write_watch(r->base, r->size);
    default: return STATUS_INVALID_PARAMETER;
    }
}

NTSTATUS memory_perform(struct memory_request *r)
{
    NTSTATUS status = perform(r);
    if (status == STATUS_COMMITMENT_LIMIT && vm_limit_was_met())
        job_port_tell_own(JOB_OBJECT_LIMIT_PROCESS_MEMORY, JOB_OBJECT_MSG_PROCESS_MEMORY_LIMIT);
    return status;
}
