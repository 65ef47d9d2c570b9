// NtQueryVirtualMemory, about this process or another.
#include "guest_types.h"
#include "loader/address_space.h"
#include "memory_request.h"
#include "ntdll_host.h"
#include "process_object.h"
#include "section.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>

// ---- answers about this process ----

static NTSTATUS answer(void *out, uint32_t length, const void *info, uint32_t size, uint32_t *result)
{
    *result = size;
    if (length < size) return STATUS_INFO_LENGTH_MISMATCH;
    memcpy(out, info, size);
    return STATUS_SUCCESS;
}

static NTSTATUS query_basic(gptr address, void *out, uint32_t length, uint32_t *result)
{
    MEMORY_BASIC_INFORMATION32 info;
    if (length < sizeof info) return STATUS_INFO_LENGTH_MISMATCH;
    NTSTATUS status = vm_query(address, &info);
    return status ? status : answer(out, length, &info, sizeof info, result);
}

static NTSTATUS query_file_name(gptr address, void *out, uint32_t length, uint32_t *result)
{
    uint16_t name[PATH_MAX];
    NTSTATUS status;
    UNICODE_STRING32 head = {0};
    if (length < sizeof head) return STATUS_INFO_LENGTH_MISMATCH;
    uint32_t bytes = (uint32_t)section_view_nt_name(address, name, PATH_MAX - 1, &status) * 2;
    if (status) return status;
    name[bytes / 2] = 0;
    *result = (uint32_t)sizeof head + bytes + 2;
    if (length < *result) return STATUS_BUFFER_OVERFLOW;
    head.Length = (uint16_t)bytes;
    head.MaximumLength = (uint16_t)(bytes + 2);
    head.Buffer = sizeof head;
    memcpy(out, &head, sizeof head);
    memcpy((char *)out + sizeof head, name, bytes + 2);
    return STATUS_SUCCESS;
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

static NTSTATUS query_region(gptr address, void *out, uint32_t length, uint32_t *result)
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
    return answer(out, length, &info, sizeof info, result);
}

static NTSTATUS query_image(gptr address, void *out, uint32_t length, uint32_t *result)
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
    return answer(out, length, &info, sizeof info, result);
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

static void answer_working_set(MEMORY_WORKING_SET_EX_INFORMATION32 *entries, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        entries[i].VirtualAttributes = working_set_attributes(entries[i].VirtualAddress);
}

NTSTATUS memory_query(uint32_t class, gptr address, void *out, uint32_t length, uint32_t *size)
{
    *size = 0;
    switch (class) {
    case MemoryBasicInformation: return query_basic(address, out, length, size);
    case MemoryMappedFilenameInformation: return query_file_name(address, out, length, size);
    case MemoryRegionInformation: return query_region(address, out, length, size);
    case MemoryImageInformation: return query_image(address, out, length, size);
    case MemoryWorkingSetExInformation:
        answer_working_set(out, length / sizeof(MEMORY_WORKING_SET_EX_INFORMATION32));
        *size = length;
        return STATUS_SUCCESS;
    default: return STATUS_INVALID_INFO_CLASS;
    }
}

// ---- the call ----

// other NULL: this process.
static NTSTATUS query(struct process_object *other, uint32_t class, gptr address, void *out, uint32_t length,
                      uint32_t *size)
{
    return other ? peer_memory_query(other, class, address, out, length, size)
                 : memory_query(class, address, out, length, size);
}

// An array whose entries name their own addresses, answered in place and in pieces.
static NTSTATUS query_working_set(struct process_object *other, gptr buffer, uint32_t length)
{
    MEMORY_WORKING_SET_EX_INFORMATION32 piece[256];
    if (!length || length % sizeof piece[0]) return STATUS_INFO_LENGTH_MISMATCH;
    for (uint32_t done = 0, n, size; done < length; done += n) {
        n = length - done < sizeof piece ? length - done : (uint32_t)sizeof piece;
        if (!guest_read(piece, buffer + done, n)) return STATUS_ACCESS_VIOLATION;
        NTSTATUS status = query(other, MemoryWorkingSetExInformation, 0, piece, n, &size);
        if (status) return status;
        if (!guest_write(buffer + done, piece, n)) return STATUS_ACCESS_VIOLATION;
    }
    return STATUS_SUCCESS;
}

// Makes the string's pointer, which counts from the answer's beginning, one for the caller.
static void place_string(void *out, gptr buffer)
{
    UNICODE_STRING32 head;
    memcpy(&head, out, sizeof head);
    head.Buffer += buffer;
    memcpy(out, &head, sizeof head);
}

static NTSTATUS query_process(struct process_object *other, gptr address, uint32_t class, gptr buffer,
                              uint32_t length, uint32_t *result_length)
{
    union {
        MEMORY_BASIC_INFORMATION32 basic;
        char bytes[sizeof(UNICODE_STRING32) + 2 * PATH_MAX];
    } out;
    uint32_t size = 0;
    NTSTATUS status;
    if (class == MemoryWorkingSetExInformation) {
        status = query_working_set(other, buffer, length);
        size = length;
    } else {
        status = query(other, class, address, &out, length < sizeof out ? length : sizeof out, &size);
        if (!status && class == MemoryMappedFilenameInformation) place_string(&out, buffer);
        if (!status && !guest_write(buffer, &out, size)) status = STATUS_ACCESS_VIOLATION;
    }
    if (result_length) *result_length = size;
    return status;
}

NTSTATUS NtQueryVirtualMemory(HANDLE32 process, gptr address, uint32_t class, gptr buffer, uint32_t length,
                              uint32_t *result_length)
{
    struct process_object *other;
    NTSTATUS status = process_resolve_target(process, PROCESS_QUERY_INFORMATION, &other);
    if (status) return status;
    status = query_process(other, address, class, buffer, length, result_length);
    if (other) object_release(&other->object);
    return status;
}
