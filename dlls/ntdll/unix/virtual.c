// Virtual memory as NT calls have it, of this process or another; the work is done in loader/address_space.c
// and its kin. What can be asked of it is in virtual_query.c.
#include "extended_parameters.h"
#include "loader/address_space.h"
#include "loader/host_barrier.h"
#include "memory_request.h"
#include "ntdll_host.h"
#include "process_object.h"
#include "loader/page_table.h"
#include <stdlib.h>

enum { MAP_PROCESS = 1, MAP_SYSTEM = 2 }; // NtLockVirtualMemory

// Runs a request in the process that a handle with these rights means.
static NTSTATUS run(HANDLE32 process, ACCESS_MASK32 access, struct memory_request *request)
{
    struct process_object *other;
    NTSTATUS status = process_resolve_target(process, access, &other);
    if (status) return status;
    if (!other) return memory_perform(request);
    status = peer_memory_perform(other, request);
    object_release(&other->object);
    return status;
}

NTSTATUS NtAllocateVirtualMemory(HANDLE32 process, gptr *base, uint32_t zero_bits, uint32_t *size,
                                 uint32_t type, uint32_t protect)
{
    struct memory_request request = {.action = MEMORY_ALLOCATE,
                                     .base = *base,
                                     .size = *size,
                                     .zero_bits = zero_bits,
                                     .type = type,
                                     .protect = protect};
    NTSTATUS status = run(process, PROCESS_VM_OPERATION, &request);
    *base = request.base;
    *size = request.size;
    return status;
}

NTSTATUS NtAllocateVirtualMemoryEx(HANDLE32 process, gptr *base, uint32_t *size, uint32_t type,
                                   uint32_t protect, gptr parameters, uint32_t count)
{
    struct extended_parameters extended;
    NTSTATUS status = extended_parameters_read(&extended, parameters, count);
    if (status) return status;
    // Requirements are for what is yet to find a place.
    if (extended.machine_given || (extended.placed && *base)) return STATUS_INVALID_PARAMETER;
    struct memory_request request = {.action = MEMORY_ALLOCATE_BETWEEN,
                                     .base = *base,
                                     .size = *size,
                                     .low = extended.low,
                                     .high = extended.high,
                                     .alignment = extended.alignment,
                                     .type = type,
                                     .protect = protect};
    status = run(process, PROCESS_VM_OPERATION, &request);
    *base = request.base;
    *size = request.size;
    return status;
}

// The calls that take a range, round it in place, and a type.
static NTSTATUS run_on_range(HANDLE32 process, enum memory_action action, gptr *base, uint32_t *size,
                             uint32_t type)
{
    struct memory_request request = {.action = action, .base = *base, .size = *size, .type = type};
    NTSTATUS status = run(process, PROCESS_VM_OPERATION, &request);
    *base = request.base;
    *size = request.size;
    return status;
}

NTSTATUS NtFreeVirtualMemory(HANDLE32 process, gptr *base, uint32_t *size, uint32_t type)
{
    return run_on_range(process, MEMORY_FREE, base, size, type);
}

NTSTATUS NtProtectVirtualMemory(HANDLE32 process, gptr *base, uint32_t *size, uint32_t protect, uint32_t *old)
{
    struct memory_request request = {
        .action = MEMORY_PROTECT, .base = *base, .size = *size, .protect = protect};
    NTSTATUS status = run(process, PROCESS_VM_OPERATION, &request);
    *base = request.base;
    *size = request.size;
    *old = request.protect;
    return status;
}

NTSTATUS NtLockVirtualMemory(HANDLE32 process, gptr *base, uint32_t *size, uint32_t type)
{
    if (!type || (type & ~(uint32_t)(MAP_PROCESS | MAP_SYSTEM))) return STATUS_INVALID_PARAMETER;
    if (type & MAP_SYSTEM) return STATUS_PRIVILEGE_NOT_HELD;
    return run_on_range(process, MEMORY_LOCK, base, size, type);
}

NTSTATUS NtUnlockVirtualMemory(HANDLE32 process, gptr *base, uint32_t *size, uint32_t type)
{
    if (!type || (type & ~(uint32_t)(MAP_PROCESS | MAP_SYSTEM))) return STATUS_INVALID_PARAMETER;
    if (type & MAP_SYSTEM) return STATUS_PRIVILEGE_NOT_HELD;
    return run_on_range(process, MEMORY_UNLOCK, base, size, type);
}

NTSTATUS NtFlushVirtualMemory(HANDLE32 process, gptr *base, uint32_t *size, IO_STATUS_BLOCK32 *io)
{
    NTSTATUS status = run_on_range(process, MEMORY_FLUSH, base, size, 0);
    if (!status) io->Information = *size;
    return status;
}

// The processor sees its own stores; other cores see them after the next crossing.
NTSTATUS NtFlushInstructionCache(HANDLE32 process, gptr base, uint32_t size)
{
    (void)base;
    (void)size;
    return process_check(process, PROCESS_VM_WRITE);
}

NTSTATUS NtFlushProcessWriteBuffers(void)
{
    return host_barrier_everywhere() ? STATUS_SUCCESS : STATUS_NOT_SUPPORTED;
}

// ---- hints ----

// Prefetching is the one class; information is its flags, of which there are none yet.
NTSTATUS NtSetInformationVirtualMemory(HANDLE32 process, uint32_t class, uint32_t count, gptr ranges,
                                       gptr information, uint32_t length)
{
    enum { PREFETCH = 0 }; // VmPrefetchInformation
    struct {
        gptr base;
        uint32_t size;
    } range;
    uint32_t flags;
    if (class != PREFETCH) return STATUS_INVALID_PARAMETER_2;
    if (!information) return STATUS_INVALID_PARAMETER_5;
    if (length != sizeof flags) return STATUS_INVALID_PARAMETER_6;
    if (!count) return STATUS_INVALID_PARAMETER_3;
    if (!guest_read32(&flags, information)) return STATUS_ACCESS_VIOLATION;
    if (flags) return STATUS_INVALID_PARAMETER_5;
    if (count > UINT32_MAX / sizeof range) return STATUS_INVALID_PARAMETER_3;
    for (uint32_t i = 0; i < count; i++) {
        if (!guest_read(&range, ranges + i * (uint32_t)sizeof range, sizeof range))
            return STATUS_ACCESS_VIOLATION;
        if (!range.size) return STATUS_INVALID_PARAMETER_4;
    }
    NTSTATUS status = process_resolve_own(process, PROCESS_VM_OPERATION);
    for (uint32_t i = 0; i < count && !status; i++)
        if (guest_read(&range, ranges + i * (uint32_t)sizeof range, sizeof range))
            vm_prefetch(range.base, range.size);
    return status;
}

// ---- reading and writing another's memory ----

// Copies between guest addresses as Windows does: a piece of up to 14 pages whose source is not all readable
// counts for nothing, and what was written before a bad page of the destination counts. False at the first
// bad one.
static bool copy_guest(gptr to, gptr from, uint32_t n, uint32_t *done)
{
    enum { PIECE = 14 * GUEST_PAGE_SIZE };
    uint8_t buffer[GUEST_PAGE_SIZE];
    for (*done = 0; *done < n;) {
        uint32_t piece_end = n - *done < PIECE ? n : *done + PIECE;
        if (!guest_probe_read(from + *done, piece_end - *done)) return false;
        while (*done < piece_end) {
            uint32_t chunk = GUEST_PAGE_SIZE - ((to + *done) & GUEST_PAGE_MASK);
            if (chunk > piece_end - *done) chunk = piece_end - *done;
            if (!guest_read(buffer, from + *done, chunk) || !guest_write(to + *done, buffer, chunk))
                return false;
            *done += chunk;
        }
    }
    return true;
}

NTSTATUS NtReadVirtualMemory(HANDLE32 process, gptr address, gptr buffer, uint32_t length, uint32_t *read)
{
    uint32_t done = 0;
    struct process_object *other;
    NTSTATUS status = STATUS_SUCCESS;
    if (length > UINT32_MAX - address || length > UINT32_MAX - buffer) {
        status = STATUS_ACCESS_VIOLATION;
    } else if (!(status = process_resolve_target(process, PROCESS_VM_READ, &other))) {
        if (other) {
            status = peer_memory_read(other, address, buffer, length, &done);
            object_release(&other->object);
        } else if (!copy_guest(buffer, address, length, &done)) {
            status = guest_probe_write(buffer, length) ? STATUS_PARTIAL_COPY : STATUS_ACCESS_VIOLATION;
        }
    }
    if (read) *read = done;
    return status;
}

NTSTATUS NtWriteVirtualMemory(HANDLE32 process, gptr address, gptr buffer, uint32_t length, uint32_t *written)
{
    uint32_t done = 0;
    struct process_object *other;
    NTSTATUS status = STATUS_SUCCESS;
    if (length > UINT32_MAX - address || length > UINT32_MAX - buffer) {
        status = STATUS_ACCESS_VIOLATION;
    } else if (!(status = process_resolve_target(process, PROCESS_VM_WRITE, &other))) {
        if (other) {
            status = peer_memory_write(other, address, buffer, length, &done);
            object_release(&other->object);
        } else if (!copy_guest(address, buffer, length, &done)) {
            status = STATUS_PARTIAL_COPY;
        }
    }
    if (written) *written = done;
    return status;
}

// ---- write watch ----

NTSTATUS NtGetWriteWatch(HANDLE32 process, uint32_t flags, gptr base, uint32_t size, gptr addresses,
                         uint32_t *count, uint32_t *granularity)
{
    NTSTATUS status = process_resolve_own(process, PROCESS_VM_OPERATION);
    if (status) return status;
    if (!*count || !size) return STATUS_INVALID_PARAMETER;
    if (flags & ~(uint32_t)WRITE_WATCH_FLAG_RESET) return STATUS_INVALID_PARAMETER;
    if (!addresses) return STATUS_ACCESS_VIOLATION;

    uint32_t small[128], pages = (size >> GUEST_PAGE_SHIFT) + 2;
    uint32_t max = *count < pages ? *count : pages;
    if (!guest_probe_write(addresses, max * sizeof small[0])) return STATUS_ACCESS_VIOLATION;
    uint32_t *written = max > sizeof small / sizeof small[0] ? malloc(max * sizeof *written) : small;
    if (!written) return STATUS_NO_MEMORY;
    *count = max;
    status = vm_get_write_watch(base, size, flags & WRITE_WATCH_FLAG_RESET, written, count);
    if (!status && !guest_write(addresses, written, *count * sizeof *written))
        status = STATUS_ACCESS_VIOLATION;
    *granularity = GUEST_PAGE_SIZE;
    if (written != small) free(written);
    return status;
}

NTSTATUS NtResetWriteWatch(HANDLE32 process, gptr base, uint32_t size)
{
    struct memory_request request = {.action = MEMORY_RESET_WATCH, .base = base, .size = size};
    return run(process, PROCESS_VM_OPERATION, &request);
}
