// Mapping the .nls tables that only kernelbase reads.
#include "nls_section.h"

const WORD *nls_section_slow(enum nls_section type, const WORD **cache)
{
    void *section = NULL;
    SIZE_T size = 0;
    NTSTATUS status = NtGetNlsSectionPtr(type, 0, NULL, &section, &size);
    if (!NT_SUCCESS(status)) RtlRaiseStatus(status);
    // The file is mapped once in the process: another thread stores the same.
    __atomic_store_n(cache, section, __ATOMIC_RELAXED);
    return section;
}
