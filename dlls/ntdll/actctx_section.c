// Sections of activation contexts: adding and finding entries, and the binary form in which Windows hands
// them out: a header, an index, and data, each addressed by its offset in the section.
#include "actctx.h"
#include "ldr.h"
#include "rtl.h"

// ---- entries ----

struct entity *section_add(struct activation_context *context, enum section_id id,
                           const struct assembly *assembly)
{
    struct section *section = &context->sections[id];
    struct entity *entity = context_alloc(context, sizeof(*entity));

    if (!entity) return NULL;
    entity->assembly = assembly;
    if (!section->end) section->end = &section->first;
    *section->end = entity;
    section->end = &entity->next;
    section->count++;
    return entity;
}

const struct entity *section_find(const struct activation_context *context, enum section_id id,
                                  const UNICODE_STRING *key)
{
    for (const struct entity *entity = context->sections[id].first; entity; entity = entity->next)
        if (RtlEqualUnicodeString(&entity->key, key, TRUE)) return entity;
    return NULL;
}

void sections_free(struct activation_context *context)
{
    for (unsigned i = 0; i < SECTIONS; i++)
        if (context->sections[i].bytes) RtlFreeHeap(process_heap(), 0, context->sections[i].bytes);
}

// ---- Windows' layouts ----

#define TEXT_MAGIC 0x64487353 // SsHd
#define GUID_MAGIC 0x64487347 // GsHd

struct text_header {
    ULONG magic, header_size, format_version, data_version, flags, count, index_offset;
    ULONG hash_algorithm, search_offset, shared_offset, shared_size;
};

struct text_entry {
    ULONG hash, key_offset, key_length, offset, length, assembly;
};

struct guid_header {
    ULONG magic, header_size, format_version, data_version, flags, count, index_offset;
    ULONG search_offset, shared_offset, shared_size;
};

struct guid_entry {
    GUID key;
    ULONG offset, length, assembly;
};

static bool has_text_keys(enum section_id id)
{
    return id == SECTION_DLL || id == SECTION_WINDOW_CLASS || id == SECTION_PROGRAM_ID ||
           id == SECTION_WINRT_CLASS;
}

// A COM class is found by its alias too.
static bool has_aliases(enum section_id id)
{
    return id == SECTION_COM_CLASS;
}

static void put_text_section(struct section_builder *builder, const struct section *section,
                             enum section_id id)
{
    struct text_header header = {
        .magic = TEXT_MAGIC,
        .header_size = sizeof(header),
        .format_version = 1,
        .data_version = 1,
        .flags = 1, // keys have no case
        .count = section->count,
        .hash_algorithm = HASH_STRING_ALGORITHM_X65599,
    };
    builder_add(builder, NULL, sizeof(header));
    header.index_offset = builder_add(builder, NULL, section->count * sizeof(struct text_entry));
    ULONG shared = section_put_shared(builder, section, id, &header.shared_size), i = 0;
    if (header.shared_size) header.shared_offset = shared;
    for (const struct entity *entity = section->first; entity; entity = entity->next, i++) {
        struct text_entry entry = {.key_length = entity->key.Length, .assembly = entity->assembly->index};
        RtlHashUnicodeString(&entity->key, TRUE, HASH_STRING_ALGORITHM_X65599, &entry.hash);
        entry.key_offset = builder_add_text(builder, &entity->key);
        entry.offset = section_put_data(builder, section, id, entity, shared, &entry.length);
        if (builder->bytes)
            memcpy(builder->bytes + header.index_offset + i * sizeof(entry), &entry, sizeof(entry));
    }
    if (builder->bytes) memcpy(builder->bytes, &header, sizeof(header));
}

static void put_guid_section(struct section_builder *builder, const struct section *section,
                             enum section_id id)
{
    ULONG keys = has_aliases(id) ? 2 : 1;
    struct guid_header header = {
        .magic = GUID_MAGIC,
        .header_size = sizeof(header),
        .format_version = 1,
        .data_version = 1,
        .count = section->count * keys,
    };
    builder_add(builder, NULL, sizeof(header));
    header.index_offset = builder_add(builder, NULL, header.count * sizeof(struct guid_entry));
    ULONG shared = section_put_shared(builder, section, id, &header.shared_size), i = 0;
    if (header.shared_size) header.shared_offset = shared;
    for (const struct entity *entity = section->first; entity; entity = entity->next, i += keys) {
        struct guid_entry entry[2] = {{.key = entity->id, .assembly = entity->assembly->index}};
        entry[0].offset = section_put_data(builder, section, id, entity, shared, &entry[0].length);
        entry[1] = entry[0];
        if (keys == 2) entry[1].key = entity->com_class.alias;
        if (builder->bytes)
            memcpy(builder->bytes + header.index_offset + i * sizeof(entry[0]), entry,
                   keys * sizeof(entry[0]));
    }
    if (builder->bytes) memcpy(builder->bytes, &header, sizeof(header));
}

// Makes the binary form, once. Under the loader lock.
static bool build(struct section *section, enum section_id id)
{
    void (*put)(struct section_builder *, const struct section *, enum section_id) =
        has_text_keys(id) ? put_text_section : put_guid_section;
    struct section_builder builder = {0};

    if (section->bytes) return true;
    put(&builder, section, id);
    section->size = builder.size;
    builder =
        (struct section_builder){.bytes = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, section->size)};
    if (!builder.bytes) return false;
    put(&builder, section, id);
    section->bytes = builder.bytes;
    return true;
}

// ---- finding ----

static NTSTATUS check_arguments(ULONG flags, const GUID *extension, const void *key,
                                const ACTCTX_SECTION_KEYED_DATA *data)
{
    if ((flags & ~(ULONG)FIND_ACTCTX_SECTION_KEY_RETURN_HACTCTX) || extension || !key)
        return STATUS_INVALID_PARAMETER;
    if (data && data->cbSize < offsetof(ACTCTX_SECTION_KEYED_DATA, ulAssemblyRosterIndex))
        return STATUS_INVALID_PARAMETER;
    return STATUS_SUCCESS;
}

static void fill(const struct section *section, ULONG offset, ULONG length, ULONG assembly,
                 ULONG shared_offset, ULONG shared_size, ACTCTX_SECTION_KEYED_DATA *data)
{
    data->ulDataFormatVersion = 1;
    data->lpData = section->bytes + offset;
    data->ulLength = length;
    data->lpSectionGlobalData = shared_size ? section->bytes + shared_offset : NULL;
    data->ulSectionGlobalDataLength = shared_size;
    data->lpSectionBase = section->bytes;
    data->ulSectionTotalLength = section->size;
    data->hActCtx = NULL;
    if (data->cbSize >= offsetof(ACTCTX_SECTION_KEYED_DATA, ulAssemblyRosterIndex) + sizeof(ULONG))
        data->ulAssemblyRosterIndex = assembly;
}

static NTSTATUS find_text(struct section *section, const UNICODE_STRING *key, ACTCTX_SECTION_KEYED_DATA *data)
{
    const struct text_header *header = (const void *)section->bytes;
    const struct text_entry *entries = (const void *)(section->bytes + header->index_offset);

    for (ULONG i = 0; i < header->count; i++) {
        const struct text_entry *entry = &entries[i];
        UNICODE_STRING name = {entry->key_length, entry->key_length,
                               (WCHAR *)(section->bytes + entry->key_offset)};
        if (!RtlEqualUnicodeString(&name, key, TRUE)) continue;
        if (data)
            fill(section, entry->offset, entry->length, entry->assembly, header->shared_offset,
                 header->shared_size, data);
        return STATUS_SUCCESS;
    }
    return STATUS_SXS_KEY_NOT_FOUND;
}

static NTSTATUS find_guid(struct section *section, const GUID *key, ACTCTX_SECTION_KEYED_DATA *data)
{
    const struct guid_header *header = (const void *)section->bytes;
    const struct guid_entry *entries = (const void *)(section->bytes + header->index_offset);

    for (ULONG i = 0; i < header->count; i++) {
        const struct guid_entry *entry = &entries[i];
        if (memcmp(&entry->key, key, sizeof(*key))) continue;
        if (data)
            fill(section, entry->offset, entry->length, entry->assembly, header->shared_offset,
                 header->shared_size, data);
        return STATUS_SUCCESS;
    }
    return STATUS_SXS_KEY_NOT_FOUND;
}

static NTSTATUS find_in(struct activation_context *context, ULONG id, const void *key, bool text,
                        ACTCTX_SECTION_KEYED_DATA *data)
{
    if (id == SECTION_FIRST && text) return STATUS_SXS_KEY_NOT_FOUND; // assemblies have numbers, not names
    if (id >= SECTIONS || !context->sections[id].count || has_text_keys(id) != text)
        return STATUS_SXS_SECTION_NOT_FOUND;
    if (!build(&context->sections[id], id)) return STATUS_NO_MEMORY;
    return text ? find_text(&context->sections[id], key, data) : find_guid(&context->sections[id], key, data);
}

// Asks the active context, then the program's.
static NTSTATUS find(ULONG flags, ULONG id, const void *key, bool text, ACTCTX_SECTION_KEYED_DATA *data)
{
    NTSTATUS status = STATUS_SXS_SECTION_NOT_FOUND;

    RtlEnterCriticalSection(&loader_lock);
    struct activation_context *contexts[] = {actctx_active(), actctx_default()};
    for (unsigned i = 0; i < 2; i++) {
        if (!contexts[i]) continue;
        NTSTATUS found = find_in(contexts[i], id, key, text, data);
        if (found != STATUS_SXS_SECTION_NOT_FOUND) status = found;
        if (!NT_SUCCESS(found)) continue;
        if (data && flags & FIND_ACTCTX_SECTION_KEY_RETURN_HACTCTX && i == 0) {
            RtlAddRefActivationContext((void *)contexts[i]);
            data->hActCtx = (HANDLE)contexts[i];
        }
        break;
    }
    RtlLeaveCriticalSection(&loader_lock);
    return status;
}

NTSTATUS NTAPI RtlFindActivationContextSectionString(ULONG flags, const GUID *extension, ULONG section,
                                                     PUNICODE_STRING key, PACTCTX_SECTION_KEYED_DATA data)
{
    NTSTATUS status = check_arguments(flags, extension, key, data);

    return NT_SUCCESS(status) ? find(flags, section, key, true, data) : status;
}

NTSTATUS NTAPI RtlFindActivationContextSectionGuid(ULONG flags, const GUID *extension, ULONG section,
                                                   const GUID *key, PACTCTX_SECTION_KEYED_DATA data)
{
    NTSTATUS status = check_arguments(flags, extension, key, data);

    return NT_SUCCESS(status) ? find(flags, section, key, false, data) : status;
}
