// Reads manifests loosely: tags and attributes in the order of the text, without checking the document.
// Dependent assemblies are looked for as private ones, beside the program, as Microsoft documents for
// side-by-side assemblies: DIRECTORY\NAME.manifest, DIRECTORY\NAME\NAME.manifest.
#include "actctx.h"
#include "ldr.h"
#include "rtl.h"

enum { VALUE_MAX = 260, DEPTH_MAX = 4 };

struct text {
    const char *at, *end;
};

static bool starts(const struct text *text, const char *word)
{
    size_t n = strlen(word);

    return (size_t)(text->end - text->at) >= n && memcmp(text->at, word, n) == 0;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// Moves to the next tag; tag gets its inside, without the brackets. Namespace prefixes are skipped.
static bool next_tag(struct text *text, struct text *tag)
{
    while (text->at < text->end && *text->at != '<') text->at++;
    if (text->at == text->end) return false;
    if (starts(text, "<!--")) {
        while (text->at < text->end && !starts(text, "-->")) text->at++;
        return next_tag(text, tag);
    }
    tag->at = ++text->at;
    while (text->at < text->end && *text->at != '>') text->at++;
    tag->end = text->at;
    for (const char *p = tag->at; p < tag->end && !is_space(*p) && *p != '/'; p++)
        if (*p == ':') tag->at = p + 1;
    return true;
}

static bool tag_is(const struct text *tag, const char *name)
{
    size_t n = strlen(name);

    return starts(tag, name) && (tag->at + n == tag->end || is_space(tag->at[n]) || tag->at[n] == '/');
}

// An attribute's value, as ASCII; anything else becomes '?', which is in no name of ours.
static bool attribute(const struct text *tag, const char *name, char value[VALUE_MAX])
{
    size_t n = strlen(name);

    for (const char *p = tag->at; p + n + 2 < tag->end; p++) {
        if (!is_space(*p) || memcmp(p + 1, name, n) != 0) continue;
        const char *v = p + 1 + n;
        while (v < tag->end && is_space(*v)) v++;
        if (v == tag->end || *v++ != '=') continue;
        while (v < tag->end && is_space(*v)) v++;
        if (v == tag->end || (*v != '"' && *v != '\'')) continue;
        char quote = *v++;
        size_t length = 0;
        while (v < tag->end && *v != quote && length < VALUE_MAX - 1) value[length++] = *v++;
        value[length] = 0;
        return true;
    }
    return false;
}

static NTSTATUS add_file(struct activation_context *context, const char *name,
                         const UNICODE_STRING *directory)
{
    size_t length = strlen(name);
    struct assembly_file *file =
        RtlAllocateHeap(process_heap(), 0, sizeof(*file) + length * sizeof(WCHAR) + directory->Length);

    if (!file) return STATUS_NO_MEMORY;
    for (size_t i = 0; i < length; i++) file->text[i] = (unsigned char)name[i];
    memcpy(file->text + length, directory->Buffer, directory->Length);
    file->name = (UNICODE_STRING){length * sizeof(WCHAR), length * sizeof(WCHAR), file->text};
    file->directory = (UNICODE_STRING){directory->Length, directory->Length, file->text + length};
    file->next = context->files;
    context->files = file;
    return STATUS_SUCCESS;
}

// path = directory, then parts, each ASCII; its length in WCHARs, or 0 when it is too long.
static ULONG join(WCHAR *path, const UNICODE_STRING *directory, const char *const *parts, unsigned count)
{
    ULONG length = directory->Length / sizeof(WCHAR);

    if (length > MAX_PATH) return 0;
    memcpy(path, directory->Buffer, directory->Length);
    for (unsigned i = 0; i < count; i++)
        for (const char *p = parts[i]; *p; p++) {
            if (length == 2 * MAX_PATH - 1) return 0;
            path[length++] = (unsigned char)*p;
        }
    path[length] = 0;
    return length;
}

// A dependency that isn't there is left to the ordinary search: its DLLs may lie beside the program, or be
// ours.
static NTSTATUS add_dependency(struct activation_context *context, const char *name)
{
    const char *const nested[] = {name, "\\", name, ".manifest"}, *const flat[] = {name, ".manifest"};
    WCHAR path[2 * MAX_PATH];
    UNICODE_STRING directory = {0, 0, path};
    NTSTATUS status = STATUS_SXS_ASSEMBLY_NOT_FOUND;
    static unsigned depth;

    if (depth == DEPTH_MAX) return STATUS_SUCCESS;
    depth++;
    if (join(path, &context->directory, nested, 4)) {
        directory.Length = context->directory.Length + (strlen(name) + 1) * sizeof(WCHAR);
        status = manifest_from_file(context, path, 0, &directory);
    }
    if (!NT_SUCCESS(status) && join(path, &context->directory, flat, 2))
        status = manifest_from_file(context, path, 0, &context->directory);
    depth--;
    return status == STATUS_NO_MEMORY ? status : STATUS_SUCCESS;
}

NTSTATUS manifest_parse(struct activation_context *context, const char *bytes, size_t size,
                        const UNICODE_STRING *base)
{
    struct text text = {bytes, bytes + size}, tag;
    bool assembly = false, dependent = false;
    NTSTATUS status = STATUS_SUCCESS;
    char value[VALUE_MAX];

    while (NT_SUCCESS(status) && next_tag(&text, &tag)) {
        if (tag_is(&tag, "assembly")) {
            assembly = true;
            context->assemblies_n++;
        } else if (tag_is(&tag, "dependentAssembly")) {
            dependent = true;
        } else if (starts(&tag, "/dependentAssembly")) {
            dependent = false;
        } else if (tag_is(&tag, "assemblyIdentity") && dependent && attribute(&tag, "name", value)) {
            status = add_dependency(context, value);
        } else if (tag_is(&tag, "file") && attribute(&tag, "name", value)) {
            status = add_file(context, value, base);
        } else if (tag_is(&tag, "requestedExecutionLevel") && attribute(&tag, "level", value)) {
            context->run_level = value[0] == 'a'   ? ACTCTX_RUN_LEVEL_AS_INVOKER
                                 : value[0] == 'h' ? ACTCTX_RUN_LEVEL_HIGHEST_AVAILABLE
                                                   : ACTCTX_RUN_LEVEL_REQUIRE_ADMIN;
        }
    }
    return assembly || !NT_SUCCESS(status) ? status : STATUS_SXS_CANT_GEN_ACTCTX;
}

// UTF-16 manifests are narrowed; what isn't ASCII in them matters to nobody here.
static NTSTATUS parse_encoded(struct activation_context *context, const void *data, size_t size,
                              const UNICODE_STRING *base)
{
    const WCHAR *wide = data;
    NTSTATUS status;
    char *narrow;

    if (size < 2 || wide[0] != 0xFEFF) return manifest_parse(context, data, size, base);
    narrow = RtlAllocateHeap(process_heap(), 0, size / 2);
    if (!narrow) return STATUS_NO_MEMORY;
    for (size_t i = 1; i < size / 2; i++) narrow[i - 1] = wide[i] < 0x80 ? (char)wide[i] : '?';
    status = manifest_parse(context, narrow, size / 2 - 1, base);
    RtlFreeHeap(process_heap(), 0, narrow);
    return status;
}

NTSTATUS manifest_from_resource(struct activation_context *context, void *base, ULONG_PTR name,
                                const UNICODE_STRING *directory)
{
    const LDR_RESOURCE_INFO info = {24 /* RT_MANIFEST */, name, 0};
    const IMAGE_RESOURCE_DATA_ENTRY *entry;
    NTSTATUS status = LdrFindResource_U(base, &info, 3, &entry);
    void *data = NULL;
    ULONG size = 0;

    if (NT_SUCCESS(status)) status = LdrAccessResource(base, entry, &data, &size);
    return NT_SUCCESS(status) ? parse_encoded(context, data, size, directory) : status;
}

NTSTATUS manifest_from_file(struct activation_context *context, const WCHAR *path, ULONG_PTR name,
                            const UNICODE_STRING *directory)
{
    OBJECT_ATTRIBUTES attributes;
    UNICODE_STRING nt_name;
    HANDLE file, section;
    IO_STATUS_BLOCK io;
    FILE_STANDARD_INFORMATION info;
    SIZE_T size = 0;
    void *base = NULL;
    NTSTATUS status = RtlDosPathNameToNtPathName_U_WithStatus(path, &nt_name, NULL, NULL);

    if (!NT_SUCCESS(status)) return status;
    InitializeObjectAttributes(&attributes, &nt_name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    status =
        NtOpenFile(&file, GENERIC_READ | SYNCHRONIZE, &attributes, &io, FILE_SHARE_READ | FILE_SHARE_DELETE,
                   FILE_NON_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_NONALERT);
    RtlFreeUnicodeString(&nt_name);
    if (!NT_SUCCESS(status)) return status;
    status = NtQueryInformationFile(file, &io, &info, sizeof(info), FileStandardInformation);
    if (NT_SUCCESS(status))
        status = NtCreateSection(&section, SECTION_MAP_READ, NULL, NULL, PAGE_READONLY, SEC_COMMIT, file);
    NtClose(file);
    if (!NT_SUCCESS(status)) return status;
    status = NtMapViewOfSection(section, NtCurrentProcess(), &base, 0, 0, NULL, &size, ViewShare, 0,
                                PAGE_READONLY);
    NtClose(section);
    if (!NT_SUCCESS(status)) return status;
    if (name && RtlImageNtHeader(base))
        status = manifest_from_resource(context, (char *)base + 1, name, directory);
    else
        status = parse_encoded(context, base, info.EndOfFile.LowPart, directory);
    NtUnmapViewOfSection(NtCurrentProcess(), base);
    return status;
}
