// PS_ATTRIBUTE_LIST (phnt's ntpsapi.h): a total length, then { attribute, size, value or pointer, returned
// size }.
#include "ps_attributes.h"
#include "guest_constants.h"

NTSTATUS ps_attributes_capture(gptr list, PS_ATTRIBUTE32 *attributes, unsigned *count)
{
    uint32_t total;
    *count = 0;
    if (!list) return STATUS_SUCCESS;
    if (!guest_read32(&total, list)) return STATUS_ACCESS_VIOLATION;
    if (total < 4 || (total - 4) % sizeof(PS_ATTRIBUTE32)) return STATUS_INVALID_PARAMETER;
    unsigned n = (total - 4) / sizeof(PS_ATTRIBUTE32);
    if (n > PS_ATTRIBUTES_MAX) return STATUS_INVALID_PARAMETER;
    if (!guest_read(attributes, list + 4, n * sizeof *attributes)) return STATUS_ACCESS_VIOLATION;
    *count = n;
    return STATUS_SUCCESS;
}

const PS_ATTRIBUTE32 *ps_attributes_find(const PS_ATTRIBUTE32 *attributes, unsigned count, uint32_t which)
{
    for (unsigned i = 0; i < count; i++)
        if (attributes[i].Attribute == which) return &attributes[i];
    return NULL;
}

NTSTATUS ps_attribute_write(const PS_ATTRIBUTE32 *attribute, const void *bytes, uint32_t n)
{
    if (attribute->Size < n) n = attribute->Size;
    if (!guest_write(attribute->Value, bytes, n)) return STATUS_ACCESS_VIOLATION;
    if (attribute->ReturnLength && !guest_write32(attribute->ReturnLength, n)) return STATUS_ACCESS_VIOLATION;
    return STATUS_SUCCESS;
}

NTSTATUS ps_attributes_write_thread(gptr list, const struct thread_object *thread)
{
    PS_ATTRIBUTE32 attributes[PS_ATTRIBUTES_MAX];
    unsigned count;
    NTSTATUS status = ps_attributes_capture(list, attributes, &count);
    if (!NT_SUCCESS(status)) return status;
    const PS_ATTRIBUTE32 *attribute = ps_attributes_find(attributes, count, PS_ATTRIBUTE_CLIENT_ID);
    if (attribute) {
        CLIENT_ID32 id = {.UniqueProcess = thread_process_id(thread), .UniqueThread = thread->tid};
        status = ps_attribute_write(attribute, &id, sizeof id);
        if (!NT_SUCCESS(status)) return status;
    }
    attribute = ps_attributes_find(attributes, count, PS_ATTRIBUTE_TEB_ADDRESS);
    return attribute ? ps_attribute_write(attribute, &thread->teb, sizeof thread->teb) : STATUS_SUCCESS;
}
