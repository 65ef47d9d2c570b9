// InitializeProcThreadAttributeList and what follows: an opaque array of attributes in the caller's memory.
#include "process_attributes.h"
#include "console_pseudo.h"

#define OBJECT_NAME_EXISTS 698 // ERROR_OBJECT_NAME_EXISTS, which the headers lack

struct entry {
    DWORD_PTR attribute;
    SIZE_T size;
    void *value;
};

struct _PROC_THREAD_ATTRIBUTE_LIST {
    DWORD mask; // one bit for each attribute's number
    DWORD size;
    DWORD count;
    DWORD unused; // Windows leaves it as it was
    ULONG_PTR reserved;
    struct entry entries[];
};

// list NULL: *size becomes what is needed and the call fails with ERROR_INSUFFICIENT_BUFFER.
HOTPATCH BOOL WINAPI InitializeProcThreadAttributeList(LPPROC_THREAD_ATTRIBUTE_LIST list, DWORD count,
                                                       DWORD flags, SIZE_T *size)
{
    SIZE_T needed = sizeof(*list) + count * sizeof(struct entry);
    if (flags) return fail_with(ERROR_INVALID_PARAMETER);
    bool fits = list && *size >= needed;
    *size = needed;
    if (!fits) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    list->mask = 0;
    list->size = count;
    list->count = 0;
    list->reserved = 0;
    return TRUE;
}

HOTPATCH BOOL WINAPI UpdateProcThreadAttribute(LPPROC_THREAD_ATTRIBUTE_LIST list, DWORD flags,
                                               DWORD_PTR attribute, void *value, SIZE_T size, void *previous,
                                               SIZE_T *returned)
{
    (void)previous, (void)returned;
    if (flags) return fail_with(ERROR_INVALID_PARAMETER);
    if (list->count >= list->size) return fail_with(ERROR_GEN_FAILURE);
    DWORD bit = 1u << (attribute & 31);
    if (list->mask & bit) return fail_with(OBJECT_NAME_EXISTS);
    switch (attribute) {
    case PROC_THREAD_ATTRIBUTE_PARENT_PROCESS:
        if (size != sizeof(HANDLE)) return fail_with(ERROR_BAD_LENGTH);
        break;
    case PROC_THREAD_ATTRIBUTE_PSEUDOCONSOLE:
        if (size != sizeof(HPCON)) return fail_with(ERROR_BAD_LENGTH);
        break;
    case PROC_THREAD_ATTRIBUTE_HANDLE_LIST:
    case PROC_THREAD_ATTRIBUTE_JOB_LIST:
        if (!size || size % sizeof(HANDLE)) return fail_with(ERROR_BAD_LENGTH);
        break;
    case PROC_THREAD_ATTRIBUTE_MITIGATION_POLICY: // one or two sets of flags, or the first's lower half
        if (size != sizeof(DWORD) && size != sizeof(DWORD64) && size != 2 * sizeof(DWORD64))
            return fail_with(ERROR_BAD_LENGTH);
        break;
    case PROC_THREAD_ATTRIBUTE_PREFERRED_NODE:
        if (size != sizeof(USHORT)) return fail_with(ERROR_BAD_LENGTH);
        break;
    case PROC_THREAD_ATTRIBUTE_IDEAL_PROCESSOR:
        if (size != sizeof(PROCESSOR_NUMBER)) return fail_with(ERROR_BAD_LENGTH);
        break;
    case PROC_THREAD_ATTRIBUTE_GROUP_AFFINITY:
        if (size != sizeof(GROUP_AFFINITY)) return fail_with(ERROR_BAD_LENGTH);
        break;
    default: return fail_with(ERROR_NOT_SUPPORTED);
    }
    list->entries[list->count++] = (struct entry){attribute, size, value};
    list->mask |= bit;
    return TRUE;
}

// The memory is the caller's.
HOTPATCH void WINAPI DeleteProcThreadAttributeList(LPPROC_THREAD_ATTRIBUTE_LIST list)
{
    list->count = 0;
    list->mask = 0;
}

void ps_list_init(struct ps_list *list)
{
    list->count = 0;
}

void ps_list_add(struct ps_list *list, ULONG_PTR attribute, SIZE_T size, ULONG_PTR value)
{
    if (list->count < PS_LIST_MAX)
        list->attributes[list->count++] = (PS_ATTRIBUTE){attribute, size, value, NULL};
}

void ps_list_add_attributes(struct ps_list *list, LPPROC_THREAD_ATTRIBUTE_LIST attributes)
{
    if (!attributes) return;
    for (DWORD i = 0; i < attributes->count; i++) {
        const struct entry *entry = &attributes->entries[i];
        if (entry->attribute == PROC_THREAD_ATTRIBUTE_PARENT_PROCESS)
            ps_list_add(list, PS_ATTRIBUTE_PARENT_PROCESS, sizeof(HANDLE), *(ULONG_PTR *)entry->value);
        else if (entry->attribute == PROC_THREAD_ATTRIBUTE_HANDLE_LIST)
            ps_list_add(list, PS_ATTRIBUTE_HANDLE_LIST, entry->size, (ULONG_PTR)entry->value);
        else if (entry->attribute == PROC_THREAD_ATTRIBUTE_JOB_LIST)
            ps_list_add(list, PS_ATTRIBUTE_JOB_LIST, entry->size, (ULONG_PTR)entry->value);
    }
}

// The value of this attribute is the HPCON itself.
void *proc_thread_pseudo_console(LPPROC_THREAD_ATTRIBUTE_LIST list)
{
    for (DWORD i = 0; list && i < list->count; i++)
        if (list->entries[i].attribute == PROC_THREAD_ATTRIBUTE_PSEUDOCONSOLE) return list->entries[i].value;
    return NULL;
}

PS_ATTRIBUTE_LIST *ps_list_get(struct ps_list *list)
{
    _Static_assert(offsetof(struct ps_list, attributes) == offsetof(PS_ATTRIBUTE_LIST, Attributes),
                   "NT's layout");
    list->length = offsetof(PS_ATTRIBUTE_LIST, Attributes) + list->count * sizeof(PS_ATTRIBUTE);
    return (PS_ATTRIBUTE_LIST *)list;
}
