// Reads the parameters of the Ex calls on virtual memory.
#include "extended_parameters.h"
#include "guest_constants.h"
#include "loader/vm_internal.h"

enum { // MEM_EXTENDED_PARAMETER_TYPE
    PARAMETER_ADDRESS_REQUIREMENTS = 1,
    PARAMETER_NUMA_NODE = 2,
    PARAMETER_ATTRIBUTE_FLAGS = 5,
    PARAMETER_IMAGE_MACHINE = 6,
};

static NTSTATUS read_requirements(struct extended_parameters *out, gptr address)
{
    struct {
        gptr low, high;
        uint32_t alignment;
    } wanted;
    if (!guest_read(&wanted, address, sizeof wanted)) return STATUS_ACCESS_VIOLATION;
    if (wanted.alignment &&
        (wanted.alignment < GUEST_GRANULARITY || (wanted.alignment & (wanted.alignment - 1))))
        return STATUS_INVALID_PARAMETER;
    if (wanted.low && ((wanted.low & (GUEST_GRANULARITY - 1)) || wanted.low > vm_highest))
        return STATUS_INVALID_PARAMETER;
    if (wanted.high && ((wanted.high & GUEST_PAGE_MASK) != GUEST_PAGE_MASK || wanted.high > vm_highest))
        return STATUS_INVALID_PARAMETER;
    if (wanted.high && wanted.low >= wanted.high) return STATUS_INVALID_PARAMETER;
    out->placed = wanted.low || wanted.high || wanted.alignment;
    if (wanted.low) out->low = wanted.low;
    if (wanted.high) out->high = wanted.high;
    if (wanted.alignment) out->alignment = wanted.alignment;
    return STATUS_SUCCESS;
}

NTSTATUS extended_parameters_read(struct extended_parameters *out, gptr parameters, uint32_t count)
{
    uint32_t seen = 0;
    *out =
        (struct extended_parameters){.low = GUEST_LOWEST, .high = vm_highest, .alignment = GUEST_GRANULARITY};
    if (count && !parameters) return STATUS_INVALID_PARAMETER;
    if (count > 32) return STATUS_INVALID_PARAMETER;
    for (uint32_t i = 0; i < count; i++) {
        struct {
            uint64_t type, value;
        } parameter;
        if (!guest_read(&parameter, parameters + i * (uint32_t)sizeof parameter, sizeof parameter))
            return STATUS_ACCESS_VIOLATION;
        uint32_t type = parameter.type & 0xff, value = (uint32_t)parameter.value;
        if (type < 32 && (seen >> type & 1)) return STATUS_INVALID_PARAMETER;
        seen |= type < 32 ? 1u << type : 0;
        NTSTATUS status = STATUS_SUCCESS;
        switch (type) {
        case PARAMETER_ADDRESS_REQUIREMENTS: status = read_requirements(out, value); break;
        case PARAMETER_NUMA_NODE: break; // a preference
        case PARAMETER_ATTRIBUTE_FLAGS:
            if (parameter.value) status = STATUS_NOT_SUPPORTED;
            break;
        case PARAMETER_IMAGE_MACHINE:
            out->machine_given = value != 0;
            out->machine = (uint16_t)value;
            break;
        default: status = STATUS_INVALID_PARAMETER;
        }
        if (status) return status;
    }
    return STATUS_SUCCESS;
}
