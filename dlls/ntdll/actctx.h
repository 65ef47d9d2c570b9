// Activation contexts: what a program's manifests say about the assemblies that it wants, their DLLs, window
// classes and COM servers. actctx_manifest.c reads them (with actctx_xml.c), actctx_assembly.c finds them,
// actctx_section*.c give what they say in Windows' binary layouts, actctx_query.c answers queries.
#ifndef LOWLAND_NTDLL_ACTCTX_H
#define LOWLAND_NTDLL_ACTCTX_H

#include "actctx_api.h"
#include "actctx_xml.h"
#include "ntdll.h"
#include <stdbool.h>
#include <stddef.h>

struct version {
    USHORT parts[4];
};

// Who an assembly is; texts are empty where the manifest doesn't say.
struct identity {
    UNICODE_STRING name, type, architecture, public_key, language, version_text;
    struct version version;
};

struct assembly_file {
    struct assembly_file *next; // in the manifest's order
    UNICODE_STRING name;
};

struct assembly {
    struct assembly *next;
    ULONG index; // 1: the root
    struct identity identity;
    UNICODE_STRING manifest_path;
    UNICODE_STRING directory; // where its files lie, with a backslash at the end; empty: nowhere of their own
    ULONG files_n;
    struct assembly_file *files;
};

// Something that a manifest has under a key: an entry of one of the sections.
struct entity {
    struct entity *next; // in the same section
    const struct assembly *assembly;
    UNICODE_STRING key; // of sections with text keys
    GUID id;            // of the others
    UNICODE_STRING file;
    union {
        struct {
            bool versioned;
        } window_class;
        struct {
            GUID alias, type_library;
            ULONG model, misc_mask, misc[5]; // in the order of Windows' structure
            UNICODE_STRING program_id;
            UNICODE_STRING clr_name, clr_version;
            bool clr;
        } com_class;
        struct {
            GUID interface_id, type_library, base;
            ULONG mask, methods;
            UNICODE_STRING name;
        } proxy;
        struct {
            USHORT language, flags, major, minor;
            UNICODE_STRING help;
        } type_library;
        struct {
            UNICODE_STRING name, version;
        } surrogate;
        const struct entity *program_id_of; // the COM class
        ULONG winrt_model;
    };
};

enum section_id { // ACTIVATION_CONTEXT_SECTION_*
    SECTION_FIRST = 1,
    SECTION_DLL = 2,
    SECTION_WINDOW_CLASS = 3,
    SECTION_COM_CLASS = 4,
    SECTION_INTERFACE = 5,
    SECTION_TYPE_LIBRARY = 6,
    SECTION_PROGRAM_ID = 7,
    SECTION_SURROGATE = 9,
    SECTION_WINRT_CLASS = 12,
    SECTIONS = 13,
};

struct section {
    struct entity *first, **end; // in the order of the manifests
    ULONG count;
    BYTE *bytes; // built when first asked for
    ULONG size;
};

struct setting {
    struct setting *next;
    UNICODE_STRING space, name, value;
};

struct compatibility {
    struct compatibility *next;
    GUID id;
    ULONG type; // ACTCTX_COMPATIBILITY_ELEMENT_TYPE
    ULONGLONG version;
};

struct activation_context {
    LONG references;
    struct context_block *blocks; // all that it consists of
    ULONG run_level;              // ACTCTX_REQUESTED_RUN_LEVEL
    bool run_level_given, ui_access;
    bool lenient; // a dependency that is missing is no error: the program's own context
    UNICODE_STRING manifest_path, directory; // what queries tell
    UNICODE_STRING search_directory;         // where private assemblies are looked for
    ULONG assemblies_n, depth;
    struct assembly *assemblies, **assemblies_end;
    struct section sections[SECTIONS];
    bool settings_closed; // the first element that had any has ended
    struct setting *settings, **settings_end;
    ULONG compatibility_n;
    struct compatibility *compatibility, **compatibility_end;
};

// ---- actctx.c ----

// Zeroed memory that lives as long as the context; NULL without memory.
void *context_alloc(struct activation_context *context, SIZE_T size);
// A NUL-terminated copy; false without memory.
bool context_copy(struct activation_context *context, UNICODE_STRING *to, const WCHAR *text, ULONG length);
// The context that a DLL search, or a query without one, is about: the active one, and the program's.
struct activation_context *actctx_active(void);
struct activation_context *actctx_default(void);
// The full path that the active context gives for a DLL, on the process heap. False: it says nothing.
bool actctx_redirect(const UNICODE_STRING *file_name, UNICODE_STRING *full_path);

// ---- actctx_manifest.c ----

// Where a manifest was found.
struct manifest_place {
    UNICODE_STRING path;           // of the file that it is or is in
    UNICODE_STRING directory;      // of the files it names; empty for the root
    const struct identity *wanted; // NULL for the root
};
// Adds what the text of a manifest says. STATUS_SXS_CANT_GEN_ACTCTX when it is wrong or not what was wanted.
NTSTATUS manifest_parse(struct activation_context *context, const void *bytes, SIZE_T size,
                        const struct manifest_place *place);

// ---- actctx_assembly.c ----

#define MANIFEST_FIRST (~(ULONG_PTR)0) // in place of a resource's name: the manifest with the lowest number
// Adds the manifest in the resource name of the image at base (see LdrFindResource_U).
NTSTATUS manifest_from_resource(struct activation_context *context, void *base, ULONG_PTR name,
                                const struct manifest_place *place);
// Adds the manifest in a file, which is XML or an image that has one in its resources under a name.
NTSTATUS manifest_from_file(struct activation_context *context, const WCHAR *path, ULONG_PTR name,
                            const struct manifest_place *place);
// Finds and adds an assembly that a manifest depends on. optional: it may be missing.
NTSTATUS assembly_add_dependency(struct activation_context *context, const struct identity *wanted,
                                 bool optional);
// Adds a record for an assembly, known by identity.
struct assembly *assembly_add(struct activation_context *context, const struct manifest_place *place);

// ---- actctx_section.c ----

// Adds an entry to a section. NULL without memory.
struct entity *section_add(struct activation_context *context, enum section_id id,
                           const struct assembly *assembly);
// The entry of a section, NULL if it has none such.
const struct entity *section_find(const struct activation_context *context, enum section_id id,
                                  const UNICODE_STRING *key);
// Frees what was built.
void sections_free(struct activation_context *context);

// ---- actctx_section_data.c ----

struct section_builder {
    BYTE *bytes; // NULL while sizes are counted
    ULONG size;
};
// Appends size bytes (zeroes for NULL), 4-aligned at their beginning; returns their offset.
ULONG builder_add(struct section_builder *builder, const void *bytes, ULONG size);
// Appends a text with its NUL.
ULONG builder_add_text(struct section_builder *builder, const UNICODE_STRING *text);
// What comes before the entries' data for all of them; its offset and size.
ULONG section_put_shared(struct section_builder *builder, const struct section *section, enum section_id id,
                         ULONG *size);
// Writes one entry's data. shared: the offset of what section_put_shared wrote; *length is that of the data.
ULONG section_put_data(struct section_builder *builder, const struct section *section, enum section_id id,
                       const struct entity *entity, ULONG shared, ULONG *length);

#endif
