// Finds manifests: in files, in images' resources, and those of private assemblies, which Microsoft documents
// to be looked for as NAME.dll, NAME.manifest, NAME\NAME.dll and NAME\NAME.manifest in the directory of who
// wants them.
#include "actctx.h"
#include "guard.h"
#include "ldr.h"
#include "rtl.h"

enum { DEPTH_MAX = 8, PATH_LENGTH = 2 * MAX_PATH, RESOURCE_MANIFEST = 24 };

struct assembly *assembly_add(struct activation_context *context, const struct manifest_place *place)
{
    struct assembly *assembly = context_alloc(context, sizeof(*assembly));
    const UNICODE_STRING *path = &place->path, *directory = &place->directory;

    if (!assembly ||
        !context_copy(context, &assembly->manifest_path, path->Buffer, path->Length / sizeof(WCHAR)) ||
        !context_copy(context, &assembly->directory, directory->Buffer, directory->Length / sizeof(WCHAR)))
        return NULL;
    assembly->index = ++context->assemblies_n;
    *context->assemblies_end = assembly;
    context->assemblies_end = &assembly->next;
    return assembly;
}

struct first_manifest {
    void *base;
    ULONG_PTR name; // 0: none has a number
};

static void guarded_first_manifest(void *context)
{
    struct first_manifest *first = context;
    const LDR_RESOURCE_INFO info = {RESOURCE_MANIFEST, 0, 0};
    const IMAGE_RESOURCE_DIRECTORY *directory;

    if (!NT_SUCCESS(LdrFindResourceDirectory_U(first->base, &info, 1, &directory))) return;
    const IMAGE_RESOURCE_DIRECTORY_ENTRY *entries = (const void *)(directory + 1);
    if (directory->NumberOfIdEntries) first->name = entries[directory->NumberOfNamedEntries].Id;
}

// The manifest that counts for an assembly's DLL: the one with the lowest number, whatever its language.
static ULONG_PTR first_manifest(void *base)
{
    struct first_manifest first = {.base = base};

    return lowland_guarded_call(guarded_first_manifest, &first) ? 0 : first.name;
}

NTSTATUS manifest_from_resource(struct activation_context *context, void *base, ULONG_PTR name,
                                const struct manifest_place *place)
{
    if (name == MANIFEST_FIRST) name = first_manifest(base);
    if (!name) return STATUS_RESOURCE_TYPE_NOT_FOUND;
    const LDR_RESOURCE_INFO info = {RESOURCE_MANIFEST, name, 0};
    const IMAGE_RESOURCE_DATA_ENTRY *entry;
    NTSTATUS status = LdrFindResource_U(base, &info, 3, &entry);
    void *data = NULL;
    ULONG size = 0;

    if (NT_SUCCESS(status)) status = LdrAccessResource(base, entry, &data, &size);
    return NT_SUCCESS(status) ? manifest_parse(context, data, size, place) : status;
}

// Maps a file for reading. *size is the file's.
static NTSTATUS map_file(const WCHAR *path, void **base, SIZE_T *size)
{
    OBJECT_ATTRIBUTES attributes;
    UNICODE_STRING nt_name;
    HANDLE file, section;
    IO_STATUS_BLOCK io;
    FILE_STANDARD_INFORMATION info;
    SIZE_T mapped = 0;
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
    *base = NULL;
    *size = info.EndOfFile.LowPart;
    status = NtMapViewOfSection(section, NtCurrentProcess(), base, 0, 0, NULL, &mapped, ViewShare, 0,
                                PAGE_READONLY);
    NtClose(section);
    return status;
}

NTSTATUS manifest_from_file(struct activation_context *context, const WCHAR *path, ULONG_PTR name,
                            const struct manifest_place *place)
{
    IMAGE_NT_HEADERS *headers;
    SIZE_T size;
    void *base;
    NTSTATUS status = map_file(path, &base, &size);

    if (status == STATUS_MAPPED_FILE_SIZE_ZERO) return STATUS_SXS_CANT_GEN_ACTCTX;
    if (!NT_SUCCESS(status)) return status;
    // Of an image no manifest is meant unless its name is given.
    bool image = RtlImageNtHeaderEx(0, base, size, &headers) == STATUS_SUCCESS;
    if (image)
        status = manifest_from_resource(context, (char *)base + 1, name, place);
    else if (!name)
        status = manifest_parse(context, base, size, place);
    else
        status = STATUS_INVALID_IMAGE_FORMAT;
    NtUnmapViewOfSection(NtCurrentProcess(), base);
    return status;
}

// ---- dependencies ----

static bool append(UNICODE_STRING *path, const WCHAR *text, ULONG bytes)
{
    if (path->Length + bytes + sizeof(WCHAR) > path->MaximumLength) return false;
    memcpy((char *)path->Buffer + path->Length, text, bytes);
    path->Length += bytes;
    path->Buffer[path->Length / sizeof(WCHAR)] = 0;
    return true;
}

// Tries one place. What is not there is STATUS_SXS_ASSEMBLY_NOT_FOUND.
static NTSTATUS try_place(struct activation_context *context, const struct identity *wanted, bool nested,
                          bool dll)
{
    static const WCHAR separator[] = L"\\", manifest[] = L".manifest", image[] = L".dll";
    WCHAR buffer[PATH_LENGTH];
    UNICODE_STRING path = {0, sizeof(buffer), buffer};
    const UNICODE_STRING *directory = &context->search_directory, *name = &wanted->name;
    struct manifest_place place = {.wanted = wanted};
    NTSTATUS status;

    if (!append(&path, directory->Buffer, directory->Length)) return STATUS_SXS_ASSEMBLY_NOT_FOUND;
    if (nested && (!append(&path, name->Buffer, name->Length) || !append(&path, separator, sizeof(WCHAR))))
        return STATUS_SXS_ASSEMBLY_NOT_FOUND;
    place.directory = path;
    if (!append(&path, name->Buffer, name->Length) ||
        !append(&path, dll ? image : manifest, dll ? sizeof(image) - 2 : sizeof(manifest) - 2))
        return STATUS_SXS_ASSEMBLY_NOT_FOUND;
    place.path = path;
    status = manifest_from_file(context, buffer, dll ? MANIFEST_FIRST : 0, &place);
    // No such file, or a DLL without a manifest; anything else says that the manifest is wrong.
    if (NT_SUCCESS(status) || status == STATUS_SXS_CANT_GEN_ACTCTX || status == STATUS_NO_MEMORY)
        return status;
    return STATUS_SXS_ASSEMBLY_NOT_FOUND;
}

// Assemblies of Windows itself: what they have is in the system directory, where the ordinary search finds
// it.
static bool is_system_assembly(const struct identity *wanted)
{
    static const WCHAR prefix[] = L"Microsoft.";
    UNICODE_STRING microsoft = {sizeof(prefix) - sizeof(WCHAR), sizeof(prefix), (WCHAR *)prefix};

    return RtlPrefixUnicodeString(&microsoft, &wanted->name, TRUE);
}

static NTSTATUS add_system_assembly(struct activation_context *context, const struct identity *wanted)
{
    static const WCHAR directory[] = L"C:\\windows\\WinSxS\\Manifests\\", manifest[] = L".manifest";
    WCHAR buffer[PATH_LENGTH];
    UNICODE_STRING path = {0, sizeof(buffer), buffer};
    struct manifest_place place = {.wanted = wanted};

    if (!append(&path, directory, sizeof(directory) - 2) ||
        !append(&path, wanted->name.Buffer, wanted->name.Length) ||
        !append(&path, manifest, sizeof(manifest) - 2))
        return STATUS_SXS_CANT_GEN_ACTCTX;
    place.path = path;
    struct assembly *assembly = assembly_add(context, &place);
    if (!assembly) return STATUS_NO_MEMORY;
    assembly->identity = *wanted;
    assembly->directory = wanted->name; // as an assembly's directory is named after it
    return STATUS_SUCCESS;
}

static bool is_known(const struct activation_context *context, const struct identity *wanted)
{
    for (const struct assembly *assembly = context->assemblies; assembly; assembly = assembly->next)
        if (RtlEqualUnicodeString(&assembly->identity.name, &wanted->name, TRUE)) return true;
    return false;
}

NTSTATUS assembly_add_dependency(struct activation_context *context, const struct identity *wanted,
                                 bool optional)
{
    NTSTATUS status = STATUS_SXS_ASSEMBLY_NOT_FOUND;

    if (is_known(context, wanted)) return STATUS_SUCCESS;
    if (context->depth == DEPTH_MAX) return STATUS_SXS_CANT_GEN_ACTCTX;
    context->depth++;
    for (unsigned i = 0; i < 4 && status == STATUS_SXS_ASSEMBLY_NOT_FOUND; i++)
        status = try_place(context, wanted, i >= 2, !(i & 1));
    context->depth--;
    if (status != STATUS_SXS_ASSEMBLY_NOT_FOUND) return status;
    if (is_system_assembly(wanted)) return add_system_assembly(context, wanted);
    return optional || context->lenient ? STATUS_SUCCESS : STATUS_SXS_CANT_GEN_ACTCTX;
}
