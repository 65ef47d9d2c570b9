// Boundary descriptors: a name and SIDs in one block, as NtCreatePrivateNamespace takes it. It grows by being
// moved.
#include "nt/rtl_object.h"
#include "rtl.h"

enum { ALIGNMENT = 8, KNOWN_FLAGS = 1 }; // CREATE_BOUNDARY_DESCRIPTOR_ADD_APPCONTAINER_SID

static ULONG aligned(ULONG size)
{
    return (size + ALIGNMENT - 1) & ~(ULONG)(ALIGNMENT - 1);
}

// Writes an entry at the block's end, where there is room for it.
static void append_entry(POBJECT_BOUNDARY_DESCRIPTOR boundary, ULONG type, const void *data, ULONG size)
{
    OBJECT_BOUNDARY_ENTRY *entry = (OBJECT_BOUNDARY_ENTRY *)((BYTE *)boundary + boundary->TotalSize);

    entry->EntryType = type;
    entry->EntrySize = sizeof(*entry) + size;
    memcpy(entry + 1, data, size);
    boundary->TotalSize += aligned(entry->EntrySize);
    boundary->Items++;
}

/** A descriptor with a name, NULL without memory or a name. Freed by RtlDeleteBoundaryDescriptor. */
POBJECT_BOUNDARY_DESCRIPTOR NTAPI RtlCreateBoundaryDescriptor(const UNICODE_STRING *name, ULONG flags)
{
    if (!name->Length || (flags & ~(ULONG)KNOWN_FLAGS)) return NULL;
    POBJECT_BOUNDARY_DESCRIPTOR boundary =
        RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY,
                        sizeof(*boundary) + aligned(sizeof(OBJECT_BOUNDARY_ENTRY) + name->Length));
    if (!boundary) return NULL;
    boundary->Version = BOUNDARY_DESCRIPTOR_VERSION;
    boundary->TotalSize = sizeof(*boundary);
    boundary->Flags = flags;
    append_entry(boundary, OBNS_NAME, name->Buffer, name->Length);
    return boundary;
}

VOID NTAPI RtlDeleteBoundaryDescriptor(POBJECT_BOUNDARY_DESCRIPTOR boundary)
{
    RtlFreeHeap(process_heap(), 0, boundary);
}

static NTSTATUS add_sid(POBJECT_BOUNDARY_DESCRIPTOR *boundary, ULONG type, PSID sid)
{
    if (!RtlValidSid(sid)) return STATUS_INVALID_SID;
    const ULONG size = RtlLengthSid(sid);
    POBJECT_BOUNDARY_DESCRIPTOR larger =
        RtlReAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, *boundary,
                          (*boundary)->TotalSize + aligned(sizeof(OBJECT_BOUNDARY_ENTRY) + size));
    if (!larger) return STATUS_NO_MEMORY;
    append_entry(larger, type, sid, size);
    *boundary = larger;
    return STATUS_SUCCESS;
}

/** Only who has the SID is inside. *boundary may move. STATUS_INVALID_SID, STATUS_NO_MEMORY. */
NTSTATUS NTAPI RtlAddSIDToBoundaryDescriptor(POBJECT_BOUNDARY_DESCRIPTOR *boundary, PSID sid)
{
    return add_sid(boundary, OBNS_SID, sid);
}

/** Only who is at that integrity level or above is inside. One label at most. The same errors. */
NTSTATUS NTAPI RtlAddIntegrityLabelToBoundaryDescriptor(POBJECT_BOUNDARY_DESCRIPTOR *boundary, PSID label)
{
    const BYTE *at = (const BYTE *)(*boundary + 1), *end = (const BYTE *)*boundary + (*boundary)->TotalSize;
    const SID_IDENTIFIER_AUTHORITY authority = SECURITY_MANDATORY_LABEL_AUTHORITY;

    if (!RtlValidSid(label) || memcmp(&((SID *)label)->IdentifierAuthority, &authority, sizeof(authority)))
        return STATUS_INVALID_SID;
    for (; at < end; at += aligned(((const OBJECT_BOUNDARY_ENTRY *)at)->EntrySize))
        if (((const OBJECT_BOUNDARY_ENTRY *)at)->EntryType == OBNS_IL) return STATUS_DUPLICATE_OBJECTID;
    return add_sid(boundary, OBNS_IL, label);
}
