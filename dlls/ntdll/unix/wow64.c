// What a 32-bit program of a 64-bit system asks about 64-bit processes. All processes here are 32-bit ones,
// so memory above 4 GB is nobody's, and no process has a 64-bit PEB. Source: phnt's ntwow64.h.
#include "information.h"
#include "loader/address_space.h"
#include "ntdll_host.h"
#include "process_object.h"

#define GUEST_END 0x100000000ull

// Whether a range lies where a guest's memory can.
static bool is_low(uint64_t address, uint64_t length)
{
    return address < GUEST_END && length < GUEST_END - address;
}

// Runs a copy of the 32-bit kind where the range allows it; elsewhere nothing can be copied.
static NTSTATUS copy(NTSTATUS (*call)(HANDLE32, gptr, gptr, uint32_t, uint32_t *), HANDLE32 process,
                     uint64_t address, gptr buffer, uint64_t length, uint64_t *copied)
{
    uint32_t done = 0;
    NTSTATUS status;
    if (is_low(address, length)) {
        status = call(process, (gptr)address, buffer, (uint32_t)length, &done);
    } else {
        status = process_check(process, call == NtReadVirtualMemory ? PROCESS_VM_READ : PROCESS_VM_WRITE);
        if (NT_SUCCESS(status)) status = STATUS_PARTIAL_COPY;
    }
    if (copied) *copied = done;
    return status;
}

NTSTATUS NtWow64ReadVirtualMemory64(HANDLE32 process, uint64_t address, gptr buffer, uint64_t length,
                                    uint64_t *read)
{
    return copy(NtReadVirtualMemory, process, address, buffer, length, read);
}

NTSTATUS NtWow64WriteVirtualMemory64(HANDLE32 process, uint64_t address, gptr buffer, uint64_t length,
                                     uint64_t *written)
{
    return copy(NtWriteVirtualMemory, process, address, buffer, length, written);
}

NTSTATUS NtWow64AllocateVirtualMemory64(HANDLE32 process, uint64_t *base, uint64_t zero_bits, uint64_t *size,
                                        uint32_t type, uint32_t protect)
{
    gptr low_base = (gptr)*base;
    uint32_t low_size = (uint32_t)*size;
    if (!is_low(*base, *size)) return *base ? STATUS_INVALID_PARAMETER_2 : STATUS_NO_MEMORY;
    NTSTATUS status =
        NtAllocateVirtualMemory(process, &low_base, (uint32_t)zero_bits, &low_size, type, protect);
    *base = low_base;
    *size = low_size;
    return status;
}

NTSTATUS NtWow64QueryVirtualMemory64(HANDLE32 process, uint64_t address, uint32_t class, gptr buffer,
                                     uint64_t length, uint64_t *result_length)
{
    // MEMORY_BASIC_INFORMATION64 (winnt.h)
    struct {
        uint64_t base, allocation_base;
        uint32_t allocation_protect, alignment1;
        uint64_t size;
        uint32_t state, protect, type, alignment2;
    } info = {0};
    MEMORY_BASIC_INFORMATION32 low;
    if (class != MemoryBasicInformation) return STATUS_NOT_IMPLEMENTED;
    if (length < sizeof info) return STATUS_INFO_LENGTH_MISMATCH;
    NTSTATUS status = process_check(process, PROCESS_QUERY_INFORMATION);
    if (!NT_SUCCESS(status)) return status;
    if (address >= GUEST_END) return STATUS_INVALID_PARAMETER;
    status = process_resolve_own(process, PROCESS_QUERY_INFORMATION);
    if (!NT_SUCCESS(status)) return status;
    status = vm_query((gptr)address, &low);
    if (!NT_SUCCESS(status)) return status;
    info.base = low.BaseAddress;
    info.allocation_base = low.AllocationBase;
    info.allocation_protect = low.AllocationProtect;
    info.size = low.RegionSize;
    info.state = low.State;
    info.protect = low.Protect;
    info.type = low.Type;
    if (!guest_write(buffer, &info, sizeof info)) return STATUS_ACCESS_VIOLATION;
    if (result_length) *result_length = sizeof info;
    return STATUS_SUCCESS;
}

NTSTATUS NtWow64QueryInformationProcess64(HANDLE32 handle, uint32_t class, gptr buffer, uint32_t length,
                                          uint32_t *result_length)
{
    struct process_object *process;
    if (class != ProcessBasicInformation) return STATUS_NOT_IMPLEMENTED;
    NTSTATUS status = process_resolve(handle, PROCESS_QUERY_LIMITED_INFORMATION, &process);
    if (!NT_SUCCESS(status)) return status;
    const PROCESS_BASIC_INFORMATION_WOW6432 info = {
        .ExitStatus = atomic_load(&process->exit_status),
        .AffinityMask = process->affinity,
        .BasePriority = 8,
        .UniqueProcessId = process->pid,
        .InheritedFromUniqueProcessId = process->parent_pid,
    };
    object_release(&process->object);
    return information_write(buffer, length, &info, sizeof info, true, result_length);
}

// The two classes that differ between the machine and the one that a 32-bit program sees.
NTSTATUS NtWow64GetNativeSystemInformation(uint32_t class, gptr buffer, uint32_t length,
                                           uint32_t *result_length)
{
    enum { ARCHITECTURE = offsetof(SYSTEM_PROCESSOR_INFORMATION32, ProcessorArchitecture) };
    const uint16_t native = PROCESSOR_ARCHITECTURE_AMD64;
    if (class != SystemBasicInformation && class != SystemProcessorInformation &&
        class != SystemEmulationBasicInformation && class != SystemEmulationProcessorInformation)
        return STATUS_INVALID_INFO_CLASS;
    NTSTATUS status = NtQuerySystemInformation(class, buffer, length, result_length);
    if (NT_SUCCESS(status) && class == SystemProcessorInformation &&
        !guest_write(buffer + ARCHITECTURE, &native, sizeof native))
        status = STATUS_ACCESS_VIOLATION;
    return status;
}
