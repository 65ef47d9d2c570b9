// Mapping the .nls tables that only kernelbase reads.
#include "nls_section.h"

const WORD *nls_section_slow(enum nls_section type, ULONG id, const WORD **cache)
{
    void *section = NULL;
    SIZE_T size = 0;
    NTSTATUS status = NtGetNlsSectionPtr(type, id, NULL, &section, &size);
    if (!NT_SUCCESS(status)) RtlRaiseStatus(status);
    const WORD *first = NULL;
    if (__atomic_compare_exchange_n(cache, &first, section, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        return section;
    NtUnmapViewOfSection(NtCurrentProcess(), section); // another thread was faster
    return first;
}
