// Resources as a sorted list, and the resource section that is made of it: directories of types, names and
// languages, then the names' texts, the data entries and the data.
#include "resource_update.h"

#define LEVELS 3 // types, names, languages

static int compare_ids(const struct resource_id *a, const struct resource_id *b)
{
    if (!a->text != !b->text) return a->text ? -1 : 1;
    if (!a->text) return (int)a->number - b->number;
    for (WORD i = 0; i < a->length && i < b->length; i++)
        if (a->text[i] != b->text[i]) return a->text[i] < b->text[i] ? -1 : 1;
    return (int)a->length - b->length;
}

// Compares the first levels identifiers.
static int compare(const struct resource *a, const struct resource *b, int levels)
{
    int result = compare_ids(&a->type, &b->type);
    if (!result && levels > 1) result = compare_ids(&a->name, &b->name);
    if (!result && levels > 2) result = (int)a->language - b->language;
    return result;
}

static void resource_free(struct resource *resource)
{
    if (resource->type.text) heap_free(resource->type.text);
    if (resource->name.text) heap_free(resource->name.text);
    heap_free(resource);
}

void resource_list_free(struct resource *list)
{
    while (list) {
        struct resource *next = list->next;
        resource_free(list);
        list = next;
    }
}

BOOL resource_list_set(struct resource **list, struct resource_id type, struct resource_id name,
                       WORD language, DWORD code_page, const void *data, DWORD size)
{
    struct resource *made = size <= 0x7FFFFFFF ? heap_alloc(sizeof(*made) + size) : NULL;
    if (!made) {
        if (type.text) heap_free(type.text);
        if (name.text) heap_free(name.text);
        return fail_with(ERROR_NOT_ENOUGH_MEMORY);
    }
    *made = (struct resource){
        .type = type, .name = name, .language = language, .code_page = code_page, .size = size};
    if (data) memcpy(made->data, data, size);
    int order = 1;
    while (*list && (order = compare(*list, made, LEVELS)) < 0) list = &(*list)->next;
    bool replace = *list && order == 0;
    if (replace) {
        struct resource *old = *list;
        *list = old->next;
        resource_free(old);
    }
    if (data) {
        made->next = *list;
        *list = made;
        return TRUE;
    }
    resource_free(made);
    return replace ? TRUE : fail_with(ERROR_INVALID_PARAMETER);
}

// ---- building ----

struct builder {
    BYTE *bytes; // NULL while sizes are counted
    DWORD rva;
    DWORD directories, texts, entries, data; // where the next one goes, offsets
};

// The first resource behind list whose first levels identifiers differ from its.
static const struct resource *group_end(const struct resource *list, int levels)
{
    const struct resource *first = list;
    while (list && !compare(first, list, levels)) list = list->next;
    return list;
}

static DWORD put_text(struct builder *builder, const struct resource_id *id)
{
    DWORD at = builder->texts;
    builder->texts += (DWORD)sizeof(WORD) + id->length * (DWORD)sizeof(WCHAR);
    if (builder->bytes) {
        memcpy(builder->bytes + at, &id->length, sizeof(WORD));
        memcpy(builder->bytes + at + sizeof(WORD), id->text, id->length * sizeof(WCHAR));
    }
    return at;
}

static DWORD put_data(struct builder *builder, const struct resource *resource)
{
    DWORD at = builder->entries;
    IMAGE_RESOURCE_DATA_ENTRY entry = {builder->rva + builder->data, resource->size, resource->code_page, 0};
    builder->entries += sizeof(entry);
    if (builder->bytes) {
        memcpy(builder->bytes + at, &entry, sizeof(entry));
        memcpy(builder->bytes + builder->data, resource->data, resource->size);
    }
    builder->data += (resource->size + 7) & ~7u;
    return at;
}

// Writes the directory for [list, end), whose first level identifiers agree, and all below it.
static DWORD put_directory(struct builder *builder, const struct resource *list, const struct resource *end,
                           int level)
{
    DWORD at = builder->directories, n = 0;
    IMAGE_RESOURCE_DIRECTORY directory = {.MajorVersion = 4};
    for (const struct resource *group = list; group != end; group = group_end(group, level + 1), n++) {
        const struct resource_id *id = level ? &group->name : &group->type;
        if (level < LEVELS - 1 && id->text)
            directory.NumberOfNamedEntries++;
        else
            directory.NumberOfIdEntries++;
    }
    DWORD entry_at = at + sizeof(directory);
    builder->directories = entry_at + n * (DWORD)sizeof(IMAGE_RESOURCE_DIRECTORY_ENTRY);
    if (builder->bytes) memcpy(builder->bytes + at, &directory, sizeof(directory));
    for (const struct resource *group = list, *next; group != end; group = next) {
        const struct resource_id *id = level ? &group->name : &group->type;
        IMAGE_RESOURCE_DIRECTORY_ENTRY entry = {};
        next = group_end(group, level + 1);
        if (level == LEVELS - 1) {
            entry.Name = group->language;
            entry.OffsetToData = put_data(builder, group);
        } else {
            entry.Name = id->text ? put_text(builder, id) | IMAGE_RESOURCE_NAME_IS_STRING : id->number;
            entry.OffsetToData =
                put_directory(builder, group, next, level + 1) | IMAGE_RESOURCE_DATA_IS_DIRECTORY;
        }
        if (builder->bytes) memcpy(builder->bytes + entry_at, &entry, sizeof(entry));
        entry_at += sizeof(entry);
    }
    return at;
}

BYTE *resource_section_build(const struct resource *list, DWORD rva, DWORD alignment, DWORD *size)
{
    struct builder builder = {.rva = rva};
    put_directory(&builder, list, NULL, 0);
    // What was counted from 0 each says where the parts begin.
    DWORD entries = (builder.directories + builder.texts + 3) & ~3u;
    DWORD data = (entries + builder.entries + 7) & ~7u;
    *size = (data + builder.data + alignment - 1) & ~(alignment - 1);
    builder = (struct builder){heap_alloc(*size), rva, 0, builder.directories, entries, data};
    if (!builder.bytes) return NULL;
    memset(builder.bytes, 0, *size);
    put_directory(&builder, list, NULL, 0);
    return builder.bytes;
}
