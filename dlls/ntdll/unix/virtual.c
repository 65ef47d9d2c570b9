// Virtual memory of this process as NT calls have it; the work is done in loader/address_space.c and its kin.
#include "extended_parameters.h"
#include "loader/address_space.h"
#include "loader/vm_internal.h"
#include "ntdll_host.h"
#include "object.h"
#include "process_object.h"
#include "section.h"
#include <limits.h>
#include <stdlib.h>

enum { MAP_PROCESS = 1, MAP_SYSTEM = 2 }; // NtLockVirtualMemory

NTSTATUS NtAllocateVirtualMemory(HANDLE32 process, gptr *base, uint32_t zero_bits, uint32_t *size,
                                 uint32_t type, uint32_t protect)
{
    NTSTATUS status = process_resolve_own(process, PROCESS_VM_OPERATION);
    return status ? status : vm_allocate(base, zero_bits, size, type, protect);
}

NTSTATUS NtAllocateVirtualMemoryEx(HANDLE32 process, gptr *base, uint32_t *size, uint32_t type,
                                   uint32_t protect, gptr parameters, uint32_t count)
{
    struct extended_parameters extended;
    NTSTATUS status = process_resolve_own(process, PROCESS_VM_OPERATION);
    if (!status) status = extended_parameters_read(&extended, parameters, count);
    if (status) return status;
    // Requirements are for what is yet to find a place.
    if (extended.machine_given || (extended.placed && *base)) return STATUS_INVALID_PARAMETER;
    return vm_allocate_between(base, extended.low, extended.high, extended.alignment, size, type, protect);
}

NTSTATUS NtFreeVirtualMemory(HANDLE32 process, gptr *base, uint32_t *size, uint32_t type)
{
    NTSTATUS status = process_resolve_own(process, PROCESS_VM_OPERATION);
    return status ? status : vm_free(base, size, type);
}

NTSTATUS NtProtectVirtualMemory(HANDLE32 process, gptr *base, uint32_t *size, uint32_t protect, uint32_t *old)
{
    NTSTATUS status = process_resolve_own(process, PROCESS_VM_OPERATION);
    return status ? status : vm_protect(base, size, protect, old);
}

NTSTATUS NtLockVirtualMemory(HANDLE32 process, gptr *base, uint32_t *size, uint32_t type)
{
    if (!type || (type & ~(uint32_t)(MAP_PROCESS | MAP_SYSTEM))) return STATUS_INVALID_PARAMETER;
    if (type & MAP_SYSTEM) return STATUS_PRIVILEGE_NOT_HELD;
    NTSTATUS status = process_resolve_own(process, PROCESS_VM_OPERATION);
    return status ? status : vm_lock_pages(base, size, true);
}

NTSTATUS NtUnlockVirtualMemory(HANDLE32 process, gptr *base, uint32_t *size, uint32_t type)
{
    if (!type || (type & ~(uint32_t)(MAP_PROCESS | MAP_SYSTEM))) return STATUS_INVALID_PARAMETER;
    if (type & MAP_SYSTEM) return STATUS_PRIVILEGE_NOT_HELD;
    NTSTATUS status = process_resolve_own(process, PROCESS_VM_OPERATION);
    return status ? status : vm_lock_pages(base, size, false);
}

// Views and files are one on the host: what is written to a view is in the file at once, so there is nothing
// to do.
NTSTATUS NtFlushVirtualMemory(HANDLE32 process, gptr *base, uint32_t *size, IO_STATUS_BLOCK32 *io)
{
    struct vm_view_info info;
    NTSTATUS status = process_resolve_own(process, PROCESS_VM_OPERATION);
    if (status) return status;
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
    io->Information = *size;
    return STATUS_SUCCESS;
}

// The processor sees its own stores; other cores see them after the next crossing.
NTSTATUS NtFlushInstructionCache(HANDLE32 process, gptr base, uint32_t size)
{
    (void)base;
    (void)size;
    return process_resolve_own(process, PROCESS_VM_WRITE);
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
    NTSTATUS status = STATUS_SUCCESS;
    if (length > UINT32_MAX - address || length > UINT32_MAX - buffer) {
        status = STATUS_ACCESS_VIOLATION;
    } else if (!(status = process_resolve_own(process, PROCESS_VM_READ))) {
        if (!copy_guest(buffer, address, length, &done)) status = STATUS_PARTIAL_COPY;
    }
    if (read) *read = done;
    return status;
}

NTSTATUS NtWriteVirtualMemory(HANDLE32 process, gptr address, gptr buffer, uint32_t length, uint32_t *written)
{
    uint32_t done = 0;
    NTSTATUS status = STATUS_SUCCESS;
    if (length > UINT32_MAX - address || length > UINT32_MAX - buffer) {
        status = STATUS_ACCESS_VIOLATION;
    } else if (!(status = process_resolve_own(process, PROCESS_VM_WRITE))) {
        if (!copy_guest(address, buffer, length, &done)) status = STATUS_PARTIAL_COPY;
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
    NTSTATUS status = process_resolve_own(process, PROCESS_VM_OPERATION);
    return status ? status : vm_reset_write_watch(base, size);
}

// ---- queries ----

static NTSTATUS reply(gptr buffer, const void *info, uint32_t size, uint32_t *result_length)
{
    if (!guest_write(buffer, info, size)) return STATUS_ACCESS_VIOLATION;
    if (result_length) *result_length = size;
    return STATUS_SUCCESS;
}

static NTSTATUS query_basic(gptr address, gptr buffer, uint32_t length, uint32_t *result_length)
{
    MEMORY_BASIC_INFORMATION32 info;
    if (length < sizeof info) return STATUS_INFO_LENGTH_MISMATCH;
    NTSTATUS status = vm_query(address, &info);
    return status ? status : reply(buffer, &info, sizeof info, result_length);
}

static NTSTATUS query_file_name(gptr address, gptr buffer, uint32_t length, uint32_t *result_length)
{
    uint16_t name[PATH_MAX];
    uint32_t needed = 0;
    NTSTATUS status;
    if (length < sizeof(UNICODE_STRING32)) return STATUS_INFO_LENGTH_MISMATCH;
    size_t n = section_view_nt_name(address, name, PATH_MAX, &status);
    if (status) return status;
    status = object_write_string(buffer, length, name, (uint32_t)n, &needed);
    if (result_length) *result_length = needed;
    return status == STATUS_INFO_LENGTH_MISMATCH ? STATUS_BUFFER_OVERFLOW : status;
}

// The whole allocation that address lies in. STATUS_INVALID_ADDRESS when there is none.
static NTSTATUS query_allocation(gptr address, MEMORY_BASIC_INFORMATION32 *first, uint32_t *size,
                                 uint32_t *committed)
{
    MEMORY_BASIC_INFORMATION32 part;
    NTSTATUS status = vm_query(address, first);
    if (status) return status;
    if (first->State == MEM_FREE) return STATUS_INVALID_ADDRESS;
    *size = *committed = 0;
    gptr at = first->AllocationBase;
    while (!vm_query(at, &part) && part.State != MEM_FREE && part.AllocationBase == first->AllocationBase) {
        *size += part.RegionSize;
        if (part.State == MEM_COMMIT) *committed += part.RegionSize;
        at += part.RegionSize;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS query_region(gptr address, gptr buffer, uint32_t length, uint32_t *result_length)
{
    MEMORY_BASIC_INFORMATION32 first;
    uint32_t size, committed;
    if (length < sizeof(MEMORY_REGION_INFORMATION32)) return STATUS_INFO_LENGTH_MISMATCH;
    NTSTATUS status = query_allocation(address, &first, &size, &committed);
    if (status) return status;
    MEMORY_REGION_INFORMATION32 info = {
        .AllocationBase = first.AllocationBase,
        .AllocationProtect = first.AllocationProtect,
        .RegionSize = size,
        .CommitSize = committed,
    };
    return reply(buffer, &info, sizeof info, result_length);
}

static NTSTATUS query_image(gptr address, gptr buffer, uint32_t length, uint32_t *result_length)
{
    MEMORY_BASIC_INFORMATION32 first;
    MEMORY_IMAGE_INFORMATION32 info = {0};
    uint32_t size, committed;
    if (length != sizeof info) return STATUS_INFO_LENGTH_MISMATCH;
    NTSTATUS status = query_allocation(address, &first, &size, &committed);
    if (status) return status;
    if (first.Type == MEM_IMAGE) {
        info.ImageBase = first.AllocationBase;
        info.SizeOfImage = size;
    }
    return reply(buffer, &info, sizeof info, result_length);
}

// The attributes of a resident page: valid, protection, shared (bits 0, 4 to 14 and 15).
static uint32_t working_set_attributes(gptr address)
{
    MEMORY_BASIC_INFORMATION32 info;
    if (vm_query(address, &info) || info.State != MEM_COMMIT || (info.Protect & (PAGE_GUARD | PAGE_NOACCESS)))
        return 0;
    static const uint8_t protections[8] = {[1] = 1, [2] = 4, [3] = 5, [4] = 2, [5] = 3, [6] = 6, [7] = 7};
    uint32_t shared = info.Type != MEM_PRIVATE &&
                      !(info.Protect & (PAGE_READWRITE | PAGE_EXECUTE_READWRITE) && info.Type == MEM_IMAGE);
    return 1 | (uint32_t)protections[__builtin_ctz(info.Protect & 0xff)] << 4 | shared << 15;
}

static NTSTATUS query_working_set(gptr buffer, uint32_t length, uint32_t *result_length)
{
    MEMORY_WORKING_SET_EX_INFORMATION32 entry;
    uint32_t n = length / sizeof entry;
    if (!n || length % sizeof entry) return STATUS_INFO_LENGTH_MISMATCH;
    for (uint32_t i = 0; i < n; i++) {
        gptr at = buffer + i * sizeof entry;
        if (!guest_read(&entry, at, sizeof entry)) return STATUS_ACCESS_VIOLATION;
        entry.VirtualAttributes = working_set_attributes(entry.VirtualAddress);
        if (!guest_write(at, &entry, sizeof entry)) return STATUS_ACCESS_VIOLATION;
    }
    if (result_length) *result_length = length;
    return STATUS_SUCCESS;
}

NTSTATUS NtQueryVirtualMemory(HANDLE32 process, gptr address, uint32_t class, gptr buffer, uint32_t length,
                              uint32_t *result_length)
{
    NTSTATUS status = process_resolve_own(process, PROCESS_QUERY_INFORMATION);
    if (status) return status;
    switch (class) {
    case MemoryBasicInformation: return query_basic(address, buffer, length, result_length);
    case MemoryMappedFilenameInformation: return query_file_name(address, buffer, length, result_length);
    case MemoryRegionInformation: return query_region(address, buffer, length, result_length);
    case MemoryWorkingSetExInformation: return query_working_set(buffer, length, result_length);
    case MemoryImageInformation: return query_image(address, buffer, length, result_length);
    default: return STATUS_INVALID_INFO_CLASS;
    }
}
