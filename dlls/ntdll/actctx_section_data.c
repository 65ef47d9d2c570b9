// The data of sections' entries in Windows' layouts, as public tests of it know them.
#include "actctx.h"
#include "rtl.h"

ULONG builder_add(struct section_builder *builder, const void *bytes, ULONG size)
{
    ULONG at = (builder->size + 3) & ~3u;

    if (builder->bytes && bytes) memcpy(builder->bytes + at, bytes, size);
    builder->size = at + size;
    return at;
}

// Right behind what is there: offsets within one entry depend on it.
static ULONG add_behind(struct section_builder *builder, const void *bytes, ULONG size)
{
    ULONG at = builder->size;

    if (builder->bytes) memcpy(builder->bytes + at, bytes, size);
    builder->size += size;
    return at;
}

static ULONG add_text_behind(struct section_builder *builder, const UNICODE_STRING *text)
{
    ULONG at = add_behind(builder, text->Buffer, text->Length);

    add_behind(builder, L"", sizeof(WCHAR));
    return at;
}

ULONG builder_add_text(struct section_builder *builder, const UNICODE_STRING *text)
{
    builder_add(builder, NULL, 0);
    builder->size = (builder->size + 3) & ~3u;
    return add_text_behind(builder, text);
}

static ULONG text_size(const UNICODE_STRING *text)
{
    return text->Length + sizeof(WCHAR);
}

// ---- what entries share: names of files, or the aliases that program ids lead to ----

#define CLR_SERVER       L"MSCOREE.DLL"
#define CLR_SERVER_LOWER L"mscoree.dll"
enum { CLR_SERVER_LENGTH = sizeof(CLR_SERVER) - sizeof(WCHAR) };

static bool shares_files(enum section_id id)
{
    return id == SECTION_COM_CLASS || id == SECTION_TYPE_LIBRARY || id == SECTION_WINRT_CLASS;
}

// What an entry has in the shared part.
static ULONG shared_size(enum section_id id, const struct entity *entity)
{
    if (id == SECTION_PROGRAM_ID) return sizeof(GUID);
    if (id == SECTION_COM_CLASS && entity->com_class.clr)
        return sizeof(CLR_SERVER) + sizeof(CLR_SERVER_LOWER);
    return shares_files(id) ? text_size(&entity->file) : 0;
}

ULONG section_put_shared(struct section_builder *builder, const struct section *section, enum section_id id,
                         ULONG *size)
{
    ULONG start = builder_add(builder, NULL, 0);

    for (const struct entity *entity = section->first; entity; entity = entity->next) {
        if (id == SECTION_PROGRAM_ID) {
            add_behind(builder, &entity->program_id_of->com_class.alias, sizeof(GUID));
        } else if (id == SECTION_COM_CLASS && entity->com_class.clr) {
            add_behind(builder, CLR_SERVER, sizeof(CLR_SERVER));
            add_behind(builder, CLR_SERVER_LOWER, sizeof(CLR_SERVER_LOWER));
        } else if (shares_files(id)) {
            add_text_behind(builder, &entity->file);
        }
    }
    *size = builder->size - start;
    return start;
}

// Where an entry's share begins.
static ULONG shared_offset(const struct section *section, enum section_id id, const struct entity *wanted,
                           ULONG shared)
{
    for (const struct entity *entity = section->first; entity != wanted; entity = entity->next)
        shared += shared_size(id, entity);
    return shared;
}

// ---- the entries ----

// A file is found beside its assembly's manifest: no path is given.
static void put_dll(struct section_builder *builder)
{
    enum { OMITS_ASSEMBLY_ROOT = 2 };
    const struct {
        ULONG size, flags, total_length, paths_n, paths_offset;
    } data = {sizeof(data), OMITS_ASSEMBLY_ROOT, 0, 0, 0};

    add_behind(builder, &data, sizeof(data));
}

// Versioned names are VERSION!NAME.
static void put_window_class(struct section_builder *builder, const struct entity *entity)
{
    const UNICODE_STRING *version = &entity->assembly->identity.version_text;
    bool versioned = entity->window_class.versioned && version->Length;
    ULONG start = builder->size;
    struct {
        ULONG size, reserved, name_length, name_offset, file_length, file_offset;
    } data = {.size = sizeof(data), .name_offset = sizeof(data), .file_length = entity->file.Length};

    data.name_length = entity->key.Length + (versioned ? version->Length + sizeof(WCHAR) : 0);
    data.file_offset = start + sizeof(data) + data.name_length + sizeof(WCHAR);
    add_behind(builder, &data, sizeof(data));
    if (versioned) {
        add_behind(builder, version->Buffer, version->Length);
        add_behind(builder, L"!", sizeof(WCHAR));
    }
    add_text_behind(builder, &entity->key);
    add_text_behind(builder, &entity->file);
}

struct clr_data {
    ULONG size, reserved[2], file_length, file_offset, name_length, name_offset, version_length,
        version_offset;
    ULONG reserved2[2];
};

static void put_clr_data(struct section_builder *builder, const struct entity *entity, ULONG shared)
{
    const UNICODE_STRING *name = &entity->com_class.clr_name, *version = &entity->com_class.clr_version;
    const struct clr_data data = {
        .size = sizeof(data),
        .reserved = {0, 2},
        .file_length = CLR_SERVER_LENGTH,
        .file_offset = shared + sizeof(CLR_SERVER),
        .name_length = name->Length,
        .name_offset = sizeof(data),
        .version_length = version->Length,
        .version_offset = sizeof(data) + text_size(name),
    };

    add_behind(builder, &data, sizeof(data));
    add_text_behind(builder, name);
    add_text_behind(builder, version);
}

static void put_com_class(struct section_builder *builder, const struct entity *entity, ULONG shared)
{
    const UNICODE_STRING *program_id = &entity->com_class.program_id;
    struct {
        ULONG size, flags, model;
        GUID id, alias, id2, type_library;
        ULONG name_length, name_offset, program_id_length, program_id_offset, clr_length, clr_offset, misc[5];
    } data = {
        .size = sizeof(data),
        .flags = entity->com_class.misc_mask << 8,
        .model = entity->com_class.model,
        .id = entity->id,
        .alias = entity->com_class.alias,
        .id2 = entity->id,
        .type_library = entity->com_class.type_library,
        .name_length = entity->com_class.clr ? CLR_SERVER_LENGTH : entity->file.Length,
        .name_offset = shared,
    };

    if (entity->com_class.clr) {
        data.clr_length = sizeof(struct clr_data) + text_size(&entity->com_class.clr_name) +
                          text_size(&entity->com_class.clr_version);
        data.clr_offset = sizeof(data);
    }
    if (program_id->Length) {
        data.program_id_length = program_id->Length;
        data.program_id_offset = sizeof(data) + data.clr_length;
    }
    memcpy(data.misc, entity->com_class.misc, sizeof(data.misc));
    add_behind(builder, &data, sizeof(data));
    if (entity->com_class.clr) put_clr_data(builder, entity, shared);
    if (program_id->Length) add_text_behind(builder, program_id);
}

static void put_interface(struct section_builder *builder, const struct entity *entity)
{
    const struct {
        ULONG size, mask;
        GUID id;
        ULONG methods;
        GUID type_library, base;
        ULONG name_length, name_offset;
    } data = {sizeof(data),
              entity->proxy.mask,
              entity->proxy.interface_id,
              entity->proxy.methods,
              entity->proxy.type_library,
              entity->proxy.base,
              entity->proxy.name.Length,
              sizeof(data)};

    add_behind(builder, &data, sizeof(data));
    add_text_behind(builder, &entity->proxy.name);
}

static void put_type_library(struct section_builder *builder, const struct entity *entity, ULONG shared)
{
    const struct {
        ULONG size, reserved, name_length, name_offset;
        USHORT language, flags;
        ULONG help_length, help_offset;
        USHORT major, minor;
    } data = {sizeof(data),
              0,
              entity->file.Length,
              shared,
              entity->type_library.language,
              entity->type_library.flags,
              entity->type_library.help.Length,
              entity->type_library.help.Length ? sizeof(data) : 0,
              entity->type_library.major,
              entity->type_library.minor};

    add_behind(builder, &data, sizeof(data));
    if (entity->type_library.help.Length) add_text_behind(builder, &entity->type_library.help);
}

static void put_program_id(struct section_builder *builder, ULONG shared)
{
    const struct {
        ULONG size, reserved, class_offset;
    } data = {sizeof(data), 0, shared};

    add_behind(builder, &data, sizeof(data));
}

static void put_surrogate(struct section_builder *builder, const struct entity *entity)
{
    const UNICODE_STRING *name = &entity->surrogate.name, *version = &entity->surrogate.version;
    const struct {
        ULONG size, reserved;
        GUID id;
        ULONG version_offset, version_length, name_offset, name_length;
    } data = {sizeof(data), 0, entity->id, sizeof(data), version->Length, sizeof(data) + text_size(version),
              name->Length};

    add_behind(builder, &data, sizeof(data));
    add_text_behind(builder, version);
    add_text_behind(builder, name);
}

static void put_winrt_class(struct section_builder *builder, const struct entity *entity, ULONG shared)
{
    const struct {
        ULONG size, reserved, file_length, file_offset, model;
    } data = {sizeof(data), 0, entity->file.Length, shared, entity->winrt_model};

    add_behind(builder, &data, sizeof(data));
}

ULONG section_put_data(struct section_builder *builder, const struct section *section, enum section_id id,
                       const struct entity *entity, ULONG shared, ULONG *length)
{
    ULONG start = builder_add(builder, NULL, 0), own = shared_offset(section, id, entity, shared);

    switch (id) {
    case SECTION_DLL: put_dll(builder); break;
    case SECTION_WINDOW_CLASS: put_window_class(builder, entity); break;
    case SECTION_COM_CLASS: put_com_class(builder, entity, own); break;
    case SECTION_INTERFACE: put_interface(builder, entity); break;
    case SECTION_TYPE_LIBRARY: put_type_library(builder, entity, own); break;
    case SECTION_PROGRAM_ID: put_program_id(builder, own); break;
    case SECTION_SURROGATE: put_surrogate(builder, entity); break;
    case SECTION_WINRT_CLASS: put_winrt_class(builder, entity, own); break;
    default: break;
    }
    *length = builder->size - start;
    return start;
}
