// Activation contexts: the Win32 names for what ntdll keeps.
#include "base.h"
#include "dlls/ntdll/actctx_api.h"

typedef struct _ACTIVATION_CONTEXT *context_pointer;

HOTPATCH HANDLE WINAPI CreateActCtxW(const ACTCTXW *wanted)
{
    context_pointer context = NULL;
    NTSTATUS status = lowland_create_activation_context(wanted, &context);
    return bool_from_status(status) ? (HANDLE)context : INVALID_HANDLE_VALUE;
}

// Whether the caller's structure reaches to the end of a member; both alphabets have the same layout.
#define HAS_MEMBER(wanted, member) ((wanted)->cbSize >= offsetof(ACTCTXA, member) + sizeof((wanted)->member))
_Static_assert(sizeof(ACTCTXA) == sizeof(ACTCTXW), "the same layout");

HOTPATCH HANDLE WINAPI CreateActCtxA(const ACTCTXA *wanted)
{
    ACTCTXW wide = {};
    if (!wanted || !HAS_MEMBER(wanted, lpSource) || wanted->cbSize > sizeof(wide)) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    memcpy(&wide, wanted, wanted->cbSize);
    bool named = wanted->dwFlags & ACTCTX_FLAG_RESOURCE_NAME_VALID && (ULONG_PTR)wide.lpResourceName >> 16;
    bool placed = wanted->dwFlags & ACTCTX_FLAG_ASSEMBLY_DIRECTORY_VALID;
    const char *directory_text = placed ? (const char *)wide.lpAssemblyDirectory : NULL;
    const char *resource_text = named ? (const char *)wide.lpResourceName : NULL;
    AUTO_FREE WCHAR *source = wide_from_file_ansi(wanted->lpSource);
    AUTO_FREE WCHAR *directory = wide_from_file_ansi(directory_text);
    AUTO_FREE WCHAR *resource = wide_from_ansi(resource_text);
    if (conversion_failed(wanted->lpSource, source) || conversion_failed(directory_text, directory) ||
        conversion_failed(resource_text, resource))
        return INVALID_HANDLE_VALUE;
    wide.lpSource = source;
    wide.lpAssemblyDirectory = directory;
    if (named) wide.lpResourceName = resource;
    return CreateActCtxW(&wide);
}

HOTPATCH void WINAPI AddRefActCtx(HANDLE context)
{
    if (context != INVALID_HANDLE_VALUE) RtlAddRefActivationContext((context_pointer)context);
}

HOTPATCH void WINAPI ReleaseActCtx(HANDLE context)
{
    if (context != INVALID_HANDLE_VALUE) RtlReleaseActivationContext((context_pointer)context);
}

HOTPATCH BOOL WINAPI ActivateActCtx(HANDLE context, ULONG_PTR *cookie)
{
    if (context == INVALID_HANDLE_VALUE || !cookie)
        return fail_with(cookie ? ERROR_INVALID_HANDLE : ERROR_INVALID_PARAMETER);
    return bool_from_status(RtlActivateActivationContext(0, (context_pointer)context, cookie));
}

HOTPATCH BOOL WINAPI DeactivateActCtx(DWORD flags, ULONG_PTR cookie)
{
    if (flags & ~DEACTIVATE_ACTCTX_FLAG_FORCE_EARLY_DEACTIVATION) return fail_with(ERROR_INVALID_PARAMETER);
    RtlDeactivateActivationContext(flags, cookie);
    return TRUE;
}

HOTPATCH BOOL WINAPI GetCurrentActCtx(HANDLE *context)
{
    return bool_from_status(RtlGetActiveActivationContext((context_pointer *)context));
}

HOTPATCH BOOL WINAPI QueryActCtxW(DWORD flags, HANDLE context, void *subinstance, ULONG class, void *buffer,
                                  SIZE_T size, SIZE_T *needed)
{
    return bool_from_status(RtlQueryInformationActivationContext(flags, (context_pointer)context, subinstance,
                                                                 class, buffer, size, needed));
}

HOTPATCH BOOL WINAPI ZombifyActCtx(HANDLE context)
{
    if (context == INVALID_HANDLE_VALUE) return fail_with(ERROR_INVALID_PARAMETER);
    return bool_from_status(RtlZombifyActivationContext((context_pointer)context));
}

HOTPATCH BOOL WINAPI QueryActCtxSettingsW(DWORD flags, HANDLE context, const WCHAR *space, const WCHAR *name,
                                          WCHAR *buffer, SIZE_T size, SIZE_T *needed)
{
    return bool_from_status(RtlQueryActivationContextApplicationSettings(flags, (context_pointer)context,
                                                                         space, name, buffer, size, needed));
}

// ---- sections ----

HOTPATCH BOOL WINAPI FindActCtxSectionStringW(DWORD flags, const GUID *extension, ULONG section,
                                              const WCHAR *text, ACTCTX_SECTION_KEYED_DATA *data)
{
    UNICODE_STRING key;
    if (!text || !data) return fail_with(ERROR_INVALID_PARAMETER);
    RtlInitUnicodeString(&key, text);
    return bool_from_status(RtlFindActivationContextSectionString(flags, extension, section, &key, data));
}

HOTPATCH BOOL WINAPI FindActCtxSectionStringA(DWORD flags, const GUID *extension, ULONG section,
                                              const char *text, ACTCTX_SECTION_KEYED_DATA *data)
{
    AUTO_FREE WCHAR *wide = wide_from_ansi(text);
    if (conversion_failed(text, wide)) return FALSE;
    return FindActCtxSectionStringW(flags, extension, section, wide, data);
}

HOTPATCH BOOL WINAPI FindActCtxSectionGuid(DWORD flags, const GUID *extension, ULONG section, const GUID *key,
                                           ACTCTX_SECTION_KEYED_DATA *data)
{
    if (!data) return fail_with(ERROR_INVALID_PARAMETER);
    return bool_from_status(RtlFindActivationContextSectionGuid(flags, extension, section, key, data));
}
