// What QueryActCtx tells of activation contexts: the whole, its assemblies, their files, the run level, the
// systems that the program supports, and its settings.
#include "actctx.h"
#include "ldr.h"
#include "rtl.h"
#include "nt/compatibility.h"

// Which context a query is about: an explicit one, the active one or a module's, for which the program's
// stands.
static struct activation_context *queried_context(ULONG flags, struct _ACTIVATION_CONTEXT *explicit_context)
{
    struct activation_context *context = (struct activation_context *)explicit_context;

    if (flags & QUERY_ACTCTX_FLAG_USE_ACTIVE_ACTCTX)
        context = actctx_active();
    else if (flags & (QUERY_ACTCTX_FLAG_ACTCTX_IS_HMODULE | QUERY_ACTCTX_FLAG_ACTCTX_IS_ADDRESS))
        context = NULL;
    if (!context) {
        RtlEnterCriticalSection(&loader_lock);
        context = actctx_default();
        RtlLeaveCriticalSection(&loader_lock);
    }
    return context;
}

// The program's own context has no handle.
static bool is_default(const struct activation_context *context)
{
    return context == actctx_default();
}

// The result of a query in a caller's buffer: a structure, then texts.
struct answer {
    BYTE *buffer;
    SIZE_T size, needed;
    BYTE *text; // where the next text goes
};

// Whether the answer fits; clears what it is to have.
static bool begin(struct answer *answer, SIZE_T fixed)
{
    if (answer->size < answer->needed) return false;
    memset(answer->buffer, 0, fixed);
    answer->text = answer->buffer + fixed;
    return true;
}

static SIZE_T text_room(const UNICODE_STRING *text)
{
    return text->Length ? text->Length + sizeof(WCHAR) : 0;
}

// NULL for a text that is empty.
static const WCHAR *put_text(struct answer *answer, const UNICODE_STRING *text)
{
    WCHAR *at = (WCHAR *)answer->text;

    if (!text->Length) return NULL;
    memcpy(at, text->Buffer, text->Length);
    at[text->Length / sizeof(WCHAR)] = 0;
    answer->text += text_room(text);
    return at;
}

static NTSTATUS query_basic(struct activation_context *context, ULONG flags, struct answer *answer)
{
    ACTIVATION_CONTEXT_BASIC_INFORMATION *info = (void *)answer->buffer;

    answer->needed = sizeof(*info);
    if (!begin(answer, sizeof(*info))) return STATUS_BUFFER_TOO_SMALL;
    if (!context || is_default(context)) return STATUS_SUCCESS;
    info->hActCtx = (HANDLE)context;
    if (!(flags & QUERY_ACTCTX_FLAG_NO_ADDREF)) RtlAddRefActivationContext((void *)context);
    return STATUS_SUCCESS;
}

static NTSTATUS query_detailed(const struct activation_context *context, struct answer *answer)
{
    ACTIVATION_CONTEXT_DETAILED_INFORMATION *info = (void *)answer->buffer;

    answer->needed = sizeof(*info);
    if (context) answer->needed += text_room(&context->manifest_path) + text_room(&context->directory);
    if (!begin(answer, sizeof(*info))) return STATUS_BUFFER_TOO_SMALL;
    if (!context) return STATUS_SUCCESS;
    info->ulFormatVersion = 1;
    info->ulAssemblyCount = context->assemblies_n;
    info->ulRootManifestPathType = info->ulAppDirPathType = ACTIVATION_CONTEXT_PATH_TYPE_WIN32_FILE;
    info->ulRootConfigurationPathType = ACTIVATION_CONTEXT_PATH_TYPE_NONE;
    info->ulRootManifestPathChars = context->manifest_path.Length / sizeof(WCHAR);
    info->ulAppDirPathChars = context->directory.Length / sizeof(WCHAR);
    info->lpRootManifestPath = put_text(answer, &context->manifest_path);
    info->lpAppDirPath = put_text(answer, &context->directory);
    return STATUS_SUCCESS;
}

static const struct assembly *find_assembly(const struct activation_context *context, ULONG index)
{
    const struct assembly *assembly = context ? context->assemblies : NULL;

    while (assembly && assembly->index != index) assembly = assembly->next;
    return assembly;
}

// An identity as text: the name, then what else is known in the order of the alphabet.
static ULONG write_identity(const struct identity *identity, WCHAR *text)
{
    const struct {
        const WCHAR *name;
        const UNICODE_STRING *value;
    } parts[] = {{L"language", &identity->language},
                 {L"processorArchitecture", &identity->architecture},
                 {L"publicKeyToken", &identity->public_key},
                 {L"type", &identity->type},
                 {L"version", &identity->version_text}};
    ULONG length = identity->name.Length / sizeof(WCHAR);

    if (text) memcpy(text, identity->name.Buffer, identity->name.Length);
    for (unsigned i = 0; i < ARRAYSIZE(parts); i++) {
        const UNICODE_STRING *value = parts[i].value;
        if (!value->Length) continue;
        ULONG name_length = wcslen(parts[i].name), value_length = value->Length / sizeof(WCHAR);
        if (text) {
            WCHAR *at = text + length;
            *at++ = ',';
            memcpy(at, parts[i].name, name_length * sizeof(WCHAR));
            at += name_length;
            *at++ = '=';
            *at++ = '"';
            memcpy(at, value->Buffer, value->Length);
            at[value_length] = '"';
        }
        length += name_length + value_length + 4;
    }
    if (text) text[length] = 0;
    return length;
}

static NTSTATUS query_assembly(const struct activation_context *context, const ULONG *index,
                               struct answer *answer)
{
    ACTIVATION_CONTEXT_ASSEMBLY_DETAILED_INFORMATION *info = (void *)answer->buffer;
    const struct assembly *assembly = index ? find_assembly(context, *index) : NULL;

    if (!assembly) return STATUS_INVALID_PARAMETER;
    ULONG identity_length = write_identity(&assembly->identity, NULL);
    answer->needed = sizeof(*info) + (identity_length + 1) * sizeof(WCHAR) +
                     text_room(&assembly->manifest_path) + text_room(&assembly->directory);
    if (!begin(answer, sizeof(*info))) return STATUS_BUFFER_TOO_SMALL;
    info->ulEncodedAssemblyIdentityLength = identity_length * sizeof(WCHAR);
    info->lpAssemblyEncodedAssemblyIdentity = (WCHAR *)answer->text;
    write_identity(&assembly->identity, (WCHAR *)answer->text);
    answer->text += (identity_length + 1) * sizeof(WCHAR);
    info->ulManifestPathType = ACTIVATION_CONTEXT_PATH_TYPE_WIN32_FILE;
    info->ulManifestPathLength = assembly->manifest_path.Length;
    info->lpAssemblyManifestPath = put_text(answer, &assembly->manifest_path);
    info->ulPolicyPathType = ACTIVATION_CONTEXT_PATH_TYPE_NONE;
    info->ulManifestVersionMajor = 1;
    info->ulAssemblyDirectoryNameLength = assembly->directory.Length;
    info->lpAssemblyDirectoryName = put_text(answer, &assembly->directory);
    info->ulFileCount = assembly->files_n;
    return STATUS_SUCCESS;
}

// Assemblies count from 0 here, unlike in the query for one.
static NTSTATUS query_file(const struct activation_context *context,
                           const ACTIVATION_CONTEXT_QUERY_INDEX *index, struct answer *answer)
{
    enum { HAS_NAME = 2 };
    ASSEMBLY_FILE_DETAILED_INFORMATION *info = (void *)answer->buffer;
    const struct assembly *assembly = index ? find_assembly(context, index->ulAssemblyIndex + 1) : NULL;
    const struct assembly_file *file = assembly ? assembly->files : NULL;

    for (ULONG i = 0; file && i < index->ulFileIndexInAssembly; i++) file = file->next;
    if (!file) return STATUS_INVALID_PARAMETER;
    answer->needed = sizeof(*info) + text_room(&file->name);
    if (!begin(answer, sizeof(*info))) return STATUS_BUFFER_TOO_SMALL;
    info->ulFlags = HAS_NAME;
    info->ulFilenameLength = file->name.Length;
    info->lpFileName = put_text(answer, &file->name);
    answer->needed = 0; // as Windows has it
    return STATUS_SUCCESS;
}

static NTSTATUS query_run_level(const struct activation_context *context, struct answer *answer)
{
    ACTIVATION_CONTEXT_RUN_LEVEL_INFORMATION *info = (void *)answer->buffer;

    answer->needed = sizeof(*info);
    if (!begin(answer, sizeof(*info))) return STATUS_BUFFER_TOO_SMALL;
    if (!context) return STATUS_SUCCESS;
    info->RunLevel = context->run_level;
    info->UiAccess = context->ui_access;
    return STATUS_SUCCESS;
}

static NTSTATUS query_compatibility(const struct activation_context *context, struct answer *answer)
{
    struct compatibility_information *info = (void *)answer->buffer;
    ULONG n = context ? context->compatibility_n : 0, i = 0;

    answer->needed = offsetof(struct compatibility_information, elements) + n * sizeof(info->elements[0]);
    if (!begin(answer, answer->needed)) return STATUS_BUFFER_TOO_SMALL;
    info->count = n;
    for (const struct compatibility *at = n ? context->compatibility : NULL; at; at = at->next, i++) {
        info->elements[i].id = at->id;
        info->elements[i].type = at->type;
        info->elements[i].max_version_tested = at->version;
    }
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlQueryInformationActivationContext(ULONG flags, struct _ACTIVATION_CONTEXT *which,
                                                    const ULONG *subinstance, ULONG class, PVOID buffer,
                                                    SIZE_T size, SIZE_T *needed)
{
    struct answer answer = {.buffer = buffer, .size = size};
    NTSTATUS status;

    if ((!buffer && size) || (which && flags & QUERY_ACTCTX_FLAG_USE_ACTIVE_ACTCTX)) {
        if (needed) *needed = 0;
        return STATUS_INVALID_PARAMETER;
    }
    struct activation_context *context = queried_context(flags, which);
    switch (class) {
    case ActivationContextBasicInformation: status = query_basic(context, flags, &answer); break;
    case ActivationContextDetailedInformation: status = query_detailed(context, &answer); break;
    case AssemblyDetailedInformationInActivationContext:
        status = query_assembly(context, subinstance, &answer);
        break;
    case FileInformationInAssemblyOfAssemblyInActivationContext:
        status = query_file(context, (const void *)subinstance, &answer);
        break;
    case RunlevelInformationInActivationContext: status = query_run_level(context, &answer); break;
    case CompatibilityInformationInActivationContext: status = query_compatibility(context, &answer); break;
    default: status = STATUS_INVALID_PARAMETER; break;
    }
    if (needed) *needed = answer.needed;
    return status;
}

// ---- settings ----

#define SETTINGS_2005 L"http://schemas.microsoft.com/SMI/2005/WindowsSettings"

// The years for which Microsoft has namespaces of settings.
static bool is_settings_space(const UNICODE_STRING *space)
{
    static const char years[][5] = {"2005", "2011", "2013", "2016", "2017", "2019", "2020", "2024"};
    WCHAR text[ARRAYSIZE(SETTINGS_2005)];
    UNICODE_STRING known = {sizeof(text) - sizeof(WCHAR), sizeof(text), text};

    memcpy(text, SETTINGS_2005, sizeof(text));
    for (unsigned i = 0; i < ARRAYSIZE(years); i++) {
        for (unsigned j = 0; j < 4; j++)
            text[sizeof("http://schemas.microsoft.com/SMI/") - 1 + j] = years[i][j];
        if (RtlEqualUnicodeString(space, &known, FALSE)) return true;
    }
    return false;
}

NTSTATUS NTAPI RtlQueryActivationContextApplicationSettings(ULONG flags, struct _ACTIVATION_CONTEXT *which,
                                                            const WCHAR *space_text, const WCHAR *name_text,
                                                            WCHAR *buffer, SIZE_T size, SIZE_T *needed)
{
    UNICODE_STRING space, name;

    if (flags || !name_text) return STATUS_INVALID_PARAMETER;
    RtlInitUnicodeString(&space, space_text ? space_text : SETTINGS_2005);
    RtlInitUnicodeString(&name, name_text);
    if (!is_settings_space(&space)) return STATUS_INVALID_PARAMETER;
    const struct activation_context *context = queried_context(0, which);
    for (const struct setting *at = context ? context->settings : NULL; at; at = at->next) {
        if (!RtlEqualUnicodeString(&at->name, &name, FALSE) ||
            !RtlEqualUnicodeString(&at->space, &space, FALSE))
            continue;
        SIZE_T length = at->value.Length / sizeof(WCHAR);
        if (needed) *needed = length + 1;
        if (size < length) return STATUS_BUFFER_TOO_SMALL; // Windows forgets the NUL
        memcpy(buffer, at->value.Buffer, at->value.Length + sizeof(WCHAR));
        return STATUS_SUCCESS;
    }
    return STATUS_SXS_KEY_NOT_FOUND;
}
