// Object directories and the calls on them.
#include "dlls/ntdll/unix/directory.h"
#include "dlls/ntdll/unix/shared_object.h"
#include "ntdll_host.h"
#include <stdlib.h>
#include <string.h>

enum { QUERY = 1 }; // DIRECTORY_QUERY

static NTSTATUS adopt(const struct shared_record *copy, uint32_t index, struct object **object)
{
    (void)copy, (void)index;
    *object = (struct object *)directory_new();
    return *object ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

const struct object_type directory_type = {
    .name = "Directory",
    .mapping = {.GenericRead = 0x20003,
                .GenericWrite = 0x2000C,
                .GenericExecute = 0x20003,
                .GenericAll = 0xF000F},
    .valid_access = 0xF000F,
    .destroy = object_free,
    .shared_kind = SHARED_DIRECTORY,
    .adopt = adopt,
};

struct directory *directory_new(void)
{
    struct directory *directory = object_alloc(sizeof *directory);
    if (!directory) return NULL;
    object_init(&directory->object, &directory_type);
    return directory;
}

// --- calls
// ------------------------------------------------------------------------------------------------------

NTSTATUS NtCreateDirectoryObject(HANDLE32 *handle, ACCESS_MASK32 access,
                                 const OBJECT_ATTRIBUTES32 *attributes)
{
    struct directory *directory = directory_new();
    if (!directory) return STATUS_NO_MEMORY;
    // Shared even without a name: what gets a name in it is.
    NTSTATUS status =
        attributes && attributes->ObjectName ? STATUS_SUCCESS : shared_object_publish(&directory->object);
    if (status != STATUS_SUCCESS) {
        object_release(&directory->object);
        return status;
    }
    return object_create_handle(&directory->object, attributes, access, handle);
}

// A shadow would be looked into for names that the new directory lacks.
NTSTATUS NtCreateDirectoryObjectEx(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes,
                                   HANDLE32 shadow, uint32_t flags)
{
    struct object *other;
    if (flags) return STATUS_INVALID_PARAMETER;
    if (!shadow) return NtCreateDirectoryObject(handle, access, attributes);
    NTSTATUS status = handle_resolve(shadow, &directory_type, QUERY, &other);
    if (status != STATUS_SUCCESS) return status;
    object_release(other);
    return STATUS_NOT_SUPPORTED;
}

NTSTATUS NtOpenDirectoryObject(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes)
{
    return object_open_handle(&directory_type, attributes, access, handle);
}

// The entries of a directory as NtQueryDirectoryObject lists them, taken at one moment.
struct listing {
    uint32_t count;
    struct listed {
        uint16_t *name; // NUL-terminated, the type's name after it
        uint32_t name_length, type_length;
    } * entries;
};

static void listing_free(struct listing *listing)
{
    for (uint32_t i = 0; i < listing->count; i++) free(listing->entries[i].name);
    free(listing->entries);
}

// Adds a record's name and type. False without memory.
static bool list_record(struct listing *out, const struct shared_record *record)
{
    const struct object_type *kind = shared_object_type(atomic_load(&record->record.kind));
    const char *type = kind ? kind->name : "";
    struct listed *listed = &out->entries[out->count];
    listed->name_length = shared_name_length(record);
    listed->type_length = (uint32_t)strlen(type);
    listed->name = malloc((listed->name_length + listed->type_length + 2) * sizeof(uint16_t));
    if (!listed->name) return false;
    out->count++;
    shared_name_read(record, listed->name, listed->name_length);
    uint16_t *at = listed->name + listed->name_length;
    *at++ = 0;
    while (*type) *at++ = (uint8_t)*type++;
    *at = 0;
    return true;
}

static bool list(struct directory *directory, struct listing *out)
{
    uint32_t parent = atomic_load(&directory->object.shared), end;
    bool complete = true;
    out->count = 0;
    out->entries = NULL;
    region_lock();
    end = region_records_end(REGION_OBJECTS);
    const struct shared_record *record = shared_record(parent);
    // As many at most as it says, and never more than there are.
    uint32_t most = record && record->children < end ? record->children : end;
    out->entries = calloc(most + 1, sizeof *out->entries);
    for (uint32_t index = 1; out->entries && complete && index < end && out->count < most; index++)
        if ((record = shared_record(index)) && record->parent == parent && atomic_load(&record->name))
            complete = list_record(out, record);
    region_unlock();
    if (!out->entries) return false;
    if (!complete) listing_free(out);
    return complete;
}

// Writes entries [first, first + n): the array with an empty last element, then the strings.
static bool write_listing(gptr buffer, const struct listing *listing, uint32_t first, uint32_t n)
{
    gptr strings = buffer + (n + 1) * (uint32_t)sizeof(OBJECT_DIRECTORY_INFORMATION32);
    for (uint32_t i = 0; i <= n; i++) {
        OBJECT_DIRECTORY_INFORMATION32 info = {0};
        if (i < n) {
            const struct listed *listed = &listing->entries[first + i];
            uint32_t bytes = (listed->name_length + listed->type_length + 2) * 2;
            info.Name = (UNICODE_STRING32){.Length = (uint16_t)(listed->name_length * 2),
                                           .MaximumLength = (uint16_t)(listed->name_length * 2 + 2),
                                           .Buffer = strings};
            info.TypeName = (UNICODE_STRING32){.Length = (uint16_t)(listed->type_length * 2),
                                               .MaximumLength = (uint16_t)(listed->type_length * 2 + 2),
                                               .Buffer = strings + listed->name_length * 2 + 2};
            if (!guest_write(strings, listed->name, bytes)) return false;
            strings += bytes;
        }
        if (!guest_write(buffer + i * (uint32_t)sizeof info, &info, sizeof info)) return false;
    }
    return true;
}

NTSTATUS NtQueryDirectoryObject(HANDLE32 handle, gptr buffer, uint32_t length, uint8_t single,
                                uint8_t restart, uint32_t *context, uint32_t *result_length)
{
    struct object *object;
    struct listing listing;
    NTSTATUS status = handle_resolve(handle, &directory_type, QUERY, &object);
    if (status != STATUS_SUCCESS) return status;
    bool listed = list((struct directory *)object, &listing);
    object_release(object);
    if (!listed) return STATUS_NO_MEMORY;

    uint32_t first = restart ? 0 : *context, n = 0;
    uint32_t used = sizeof(OBJECT_DIRECTORY_INFORMATION32), next = used;
    while (first + n < listing.count) {
        const struct listed *entry = &listing.entries[first + n];
        next = used + (uint32_t)sizeof(OBJECT_DIRECTORY_INFORMATION32) +
               (entry->name_length + entry->type_length + 2) * 2;
        if (next > length) break;
        used = next;
        n++;
        if (single) break;
    }
    if (first >= listing.count) {
        status = STATUS_NO_MORE_ENTRIES;
        used = 0;
    } else if (!n) {
        status = single ? STATUS_BUFFER_TOO_SMALL : STATUS_MORE_ENTRIES;
        used = single ? next : used;
    } else {
        if (!single && first + n < listing.count) status = STATUS_MORE_ENTRIES;
        if (!write_listing(buffer, &listing, first, n))
            status = STATUS_ACCESS_VIOLATION;
        else
            *context = first + n;
    }
    if (result_length) *result_length = used;
    listing_free(&listing);
    return status;
}
