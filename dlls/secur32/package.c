// The security packages: which there are, and the tables of functions by which most programs reach them.
#include "tls.h"

enum { CAPABILITIES = 0x107B3, TOKEN_MAX = 0x6000, RPC_ID = 14 };
#define COMMENT "Schannel Security Package"

static const WCHAR *const names[] = {UNISP_NAME_W, SCHANNEL_NAME_W};

static bool is_ours(const WCHAR *name)
{
    for (DWORD i = 0; name && i < ARRAY_LENGTH(names); i++)
        if (!_wcsicmp(name, names[i])) return true;
    return name && !_wcsicmp(name, L"Default TLS SSP");
}

static WCHAR *put_wide(WCHAR *to, const WCHAR *text, LPWSTR *start)
{
    *start = to;
    wcscpy(to, text);
    return to + wcslen(text) + 1;
}

// One block of structures and then their texts, as FreeContextBuffer frees it.
static SECURITY_STATUS make_wide(const WCHAR *const *wanted, ULONG count, PSecPkgInfoW *result)
{
    SIZE_T units = 0;
    for (ULONG i = 0; i < count; i++) units += wcslen(wanted[i]) + 1 + sizeof COMMENT;
    SecPkgInfoW *infos = heap_alloc(count * sizeof *infos + units * sizeof(WCHAR));
    if (!infos) return SEC_E_INSUFFICIENT_MEMORY;
    WCHAR *text = (WCHAR *)(infos + count);
    for (ULONG i = 0; i < count; i++) {
        infos[i] = (SecPkgInfoW){CAPABILITIES, 1, RPC_ID, TOKEN_MAX, NULL, NULL};
        text = put_wide(text, wanted[i], &infos[i].Name);
        text = put_wide(text, L"" COMMENT, &infos[i].Comment);
    }
    *result = infos;
    return SEC_E_OK;
}

// The names are ASCII.
static SECURITY_STATUS make_ansi(const SecPkgInfoW *wide, ULONG count, PSecPkgInfoA *result)
{
    SIZE_T bytes = 0;
    for (ULONG i = 0; i < count; i++) bytes += wcslen(wide[i].Name) + wcslen(wide[i].Comment) + 2;
    SecPkgInfoA *infos = heap_alloc(count * sizeof *infos + bytes);
    if (!infos) return SEC_E_INSUFFICIENT_MEMORY;
    char *text = (char *)(infos + count);
    for (ULONG i = 0; i < count; i++) {
        infos[i] = (SecPkgInfoA){CAPABILITIES, 1, RPC_ID, TOKEN_MAX, text, NULL};
        for (const WCHAR *unit = wide[i].Name; (*text++ = (char)*unit); unit++) {
        }
        infos[i].Comment = text;
        for (const WCHAR *unit = wide[i].Comment; (*text++ = (char)*unit); unit++) {
        }
    }
    *result = infos;
    return SEC_E_OK;
}

HOTPATCH SECURITY_STATUS WINAPI EnumerateSecurityPackagesW(ULONG *count, PSecPkgInfoW *infos)
{
    *count = ARRAY_LENGTH(names);
    return make_wide(names, ARRAY_LENGTH(names), infos);
}

HOTPATCH SECURITY_STATUS WINAPI EnumerateSecurityPackagesA(ULONG *count, PSecPkgInfoA *infos)
{
    PSecPkgInfoW wide;
    SECURITY_STATUS status = EnumerateSecurityPackagesW(count, &wide);
    if (status) return status;
    status = make_ansi(wide, *count, infos);
    heap_free(wide);
    return status;
}

HOTPATCH SECURITY_STATUS WINAPI QuerySecurityPackageInfoW(LPWSTR name, PSecPkgInfoW *info)
{
    const WCHAR *wanted = name;
    return is_ours(name) ? make_wide(&wanted, 1, info) : SEC_E_SECPKG_NOT_FOUND;
}

HOTPATCH SECURITY_STATUS WINAPI QuerySecurityPackageInfoA(LPSTR name, PSecPkgInfoA *info)
{
    WCHAR wide[64] = {0};
    PSecPkgInfoW found;
    for (DWORD i = 0; name && name[i] && i + 1 < ARRAY_LENGTH(wide); i++) wide[i] = (BYTE)name[i];
    SECURITY_STATUS status = QuerySecurityPackageInfoW(wide, &found);
    if (status) return status;
    status = make_ansi(found, 1, info);
    heap_free(found);
    return status;
}

HOTPATCH SECURITY_STATUS WINAPI FreeContextBuffer(void *buffer)
{
    heap_free(buffer);
    return SEC_E_OK;
}

HOTPATCH PSecurityFunctionTableW WINAPI InitSecurityInterfaceW(void)
{
    static SecurityFunctionTableW table = {
        .dwVersion = SECURITY_SUPPORT_PROVIDER_INTERFACE_VERSION,
        .EnumerateSecurityPackagesW = EnumerateSecurityPackagesW,
        .AcquireCredentialsHandleW = AcquireCredentialsHandleW,
        .FreeCredentialsHandle = FreeCredentialsHandle,
        .InitializeSecurityContextW = InitializeSecurityContextW,
        .AcceptSecurityContext = AcceptSecurityContext,
        .CompleteAuthToken = CompleteAuthToken,
        .DeleteSecurityContext = DeleteSecurityContext,
        .ApplyControlToken = ApplyControlToken,
        .QueryContextAttributesW = QueryContextAttributesW,
        .FreeContextBuffer = FreeContextBuffer,
        .QuerySecurityPackageInfoW = QuerySecurityPackageInfoW,
        .EncryptMessage = EncryptMessage,
        .DecryptMessage = DecryptMessage,
    };
    return &table;
}

HOTPATCH PSecurityFunctionTableA WINAPI InitSecurityInterfaceA(void)
{
    static SecurityFunctionTableA table = {
        .dwVersion = SECURITY_SUPPORT_PROVIDER_INTERFACE_VERSION,
        .EnumerateSecurityPackagesA = EnumerateSecurityPackagesA,
        .AcquireCredentialsHandleA = AcquireCredentialsHandleA,
        .FreeCredentialsHandle = FreeCredentialsHandle,
        .InitializeSecurityContextA = InitializeSecurityContextA,
        .AcceptSecurityContext = AcceptSecurityContext,
        .CompleteAuthToken = CompleteAuthToken,
        .DeleteSecurityContext = DeleteSecurityContext,
        .ApplyControlToken = ApplyControlToken,
        .QueryContextAttributesA = QueryContextAttributesA,
        .FreeContextBuffer = FreeContextBuffer,
        .QuerySecurityPackageInfoA = QuerySecurityPackageInfoA,
        .EncryptMessage = EncryptMessage,
        .DecryptMessage = DecryptMessage,
    };
    return &table;
}
