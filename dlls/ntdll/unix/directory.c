// Object directories: named entries in a hash table, and the calls on them.
#include "dlls/ntdll/unix/directory.h"
#include "dlls/ntdll/unix/object_name.h"
#include "dlls/ntdll/unix/upcase.h"
#include "ntdll_host.h"
#include <stdlib.h>
#include <string.h>

enum {
    BUCKETS_FIRST = 16,
    QUERY = 1, // DIRECTORY_QUERY
};

static void directory_destroy(struct object *object)
{
    free(((struct directory *)object)->buckets);
    object_free(object);
}

const struct object_type directory_type = {
    .name = "Directory",
    .mapping = {.GenericRead = 0x20003,
                .GenericWrite = 0x2000C,
                .GenericExecute = 0x20003,
                .GenericAll = 0xF000F},
    .valid_access = 0xF000F,
    .destroy = directory_destroy,
};

struct directory *directory_new(void)
{
    struct directory *directory = object_alloc(sizeof *directory);
    if (!directory) return NULL;
    object_init(&directory->object, &directory_type);
    return directory;
}

// The same for names that differ only in case.
static uint32_t hash_name(const uint16_t *name, uint32_t length)
{
    uint32_t hash = 2166136261u;
    for (uint32_t i = 0; i < length; i++) hash = (hash ^ upcase(name[i])) * 16777619u;
    return hash;
}

struct object_entry *directory_find(const struct directory *directory, const uint16_t *name, uint32_t length,
                                    bool insensitive)
{
    if (!directory->buckets_n) return NULL;
    uint32_t hash = hash_name(name, length);
    struct object_entry *entry = directory->buckets[hash & (directory->buckets_n - 1)];
    for (; entry; entry = entry->next)
        if (entry->hash == hash && entry->length == length &&
            object_name_equal(entry->name, name, length, insensitive))
            return entry;
    return NULL;
}

static bool grow(struct directory *directory)
{
    uint32_t n = directory->buckets_n ? directory->buckets_n * 4 : BUCKETS_FIRST;
    struct object_entry **buckets = calloc(n, sizeof *buckets);
    if (!buckets) return false;
    for (uint32_t i = 0; i < directory->buckets_n; i++) {
        for (struct object_entry *entry = directory->buckets[i], *next; entry; entry = next) {
            next = entry->next;
            entry->next = buckets[entry->hash & (n - 1)];
            buckets[entry->hash & (n - 1)] = entry;
        }
    }
    free(directory->buckets);
    directory->buckets = buckets;
    directory->buckets_n = n;
    return true;
}

bool directory_insert(struct directory *directory, const uint16_t *name, uint32_t length,
                      struct object *object)
{
    if (directory->count >= directory->buckets_n * 2 && !grow(directory)) return false;
    struct object_entry *entry = malloc(sizeof *entry + length * sizeof *name);
    if (!entry) return false;
    *entry = (struct object_entry){
        .parent = directory, .object = object, .hash = hash_name(name, length), .length = length};
    memcpy(entry->name, name, length * sizeof *name);
    struct object_entry **bucket = &directory->buckets[entry->hash & (directory->buckets_n - 1)];
    entry->next = *bucket;
    *bucket = entry;
    directory->count++;
    object_retain(object);
    object_retain(&directory->object);
    atomic_store_explicit(&object->entry, entry, memory_order_release);
    return true;
}

void directory_remove(struct object_entry *entry)
{
    struct directory *directory = entry->parent;
    struct object_entry **link = &directory->buckets[entry->hash & (directory->buckets_n - 1)];
    while (*link != entry) link = &(*link)->next;
    *link = entry->next;
    directory->count--;
    atomic_store_explicit(&entry->object->entry, NULL, memory_order_release);
    free(entry);
}

// --- calls
// ------------------------------------------------------------------------------------------------------

NTSTATUS NtCreateDirectoryObject(HANDLE32 *handle, ACCESS_MASK32 access,
                                 const OBJECT_ATTRIBUTES32 *attributes)
{
    struct directory *directory = directory_new();
    if (!directory) return STATUS_NO_MEMORY;
    return object_create_handle(&directory->object, attributes, access, handle);
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

static bool list(struct directory *directory, struct listing *out)
{
    bool complete = true;
    pthread_mutex_lock(&namespace_lock);
    out->count = 0;
    out->entries = calloc(directory->count + 1, sizeof *out->entries);
    for (uint32_t i = 0; out->entries && i < directory->buckets_n; i++) {
        for (struct object_entry *entry = directory->buckets[i]; entry; entry = entry->next) {
            const char *type = entry->object->type->name;
            struct listed *listed = &out->entries[out->count];
            listed->name_length = entry->length;
            listed->type_length = (uint32_t)strlen(type);
            listed->name = malloc((listed->name_length + listed->type_length + 2) * sizeof(uint16_t));
            if (!listed->name) {
                complete = false;
                break;
            }
            out->count++;
            memcpy(listed->name, entry->name, entry->length * sizeof(uint16_t));
            uint16_t *at = listed->name + entry->length;
            *at++ = 0;
            while (*type) *at++ = (uint8_t)*type++;
            *at = 0;
        }
    }
    pthread_mutex_unlock(&namespace_lock);
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
