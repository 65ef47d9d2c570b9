// Activation contexts: the Win32 names for what ntdll keeps.
#include "base.h"

typedef struct _ACTIVATION_CONTEXT *context_pointer;

HOTPATCH HANDLE WINAPI CreateActCtxW(const ACTCTXW *wanted)
{
    context_pointer context = NULL;
    NTSTATUS status = lowland_create_activation_context(wanted, &context);
    return bool_from_status(status) ? (HANDLE)context : INVALID_HANDLE_VALUE;
}

HOTPATCH HANDLE WINAPI CreateActCtxA(const ACTCTXA *wanted)
{
    if (!wanted || wanted->cbSize < sizeof(*wanted)) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    bool named =
        (wanted->dwFlags & ACTCTX_FLAG_RESOURCE_NAME_VALID) && (ULONG_PTR)wanted->lpResourceName >> 16;
    bool placed = wanted->dwFlags & ACTCTX_FLAG_ASSEMBLY_DIRECTORY_VALID;
    AUTO_FREE WCHAR *source = wide_from_file_ansi(wanted->lpSource);
    AUTO_FREE WCHAR *directory = wide_from_file_ansi(placed ? wanted->lpAssemblyDirectory : NULL);
    AUTO_FREE WCHAR *resource = wide_from_ansi(named ? wanted->lpResourceName : NULL);
    ACTCTXW wide = {
        .cbSize = sizeof(wide),
        .dwFlags = wanted->dwFlags,
        .lpSource = source,
        .wProcessorArchitecture = wanted->wProcessorArchitecture,
        .wLangId = wanted->wLangId,
        .lpAssemblyDirectory = directory,
        .lpResourceName = named ? resource : (const WCHAR *)wanted->lpResourceName,
        .hModule = wanted->dwFlags & ACTCTX_FLAG_HMODULE_VALID ? wanted->hModule : NULL,
    };
    if (conversion_failed(wanted->lpSource, source)) return INVALID_HANDLE_VALUE;
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
