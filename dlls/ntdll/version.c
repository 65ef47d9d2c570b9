// The version of Windows that programs see: 10.0.19045, as a workstation.
#include "rtl.h"

#define MAJOR 10
#define MINOR 0
#define BUILD 19045

/** Fills OSVERSIONINFOW or, by its size, OSVERSIONINFOEXW. */
NTSTATUS WINAPI RtlGetVersion(PRTL_OSVERSIONINFOW info)
{
    info->dwMajorVersion = MAJOR;
    info->dwMinorVersion = MINOR;
    info->dwBuildNumber = BUILD;
    info->dwPlatformId = VER_PLATFORM_WIN32_NT;
    info->szCSDVersion[0] = 0;
    if (info->dwOSVersionInfoSize == sizeof(RTL_OSVERSIONINFOEXW)) {
        RTL_OSVERSIONINFOEXW *extended = (RTL_OSVERSIONINFOEXW *)info;

        extended->wServicePackMajor = 0;
        extended->wServicePackMinor = 0;
        extended->wSuiteMask = VER_SUITE_SINGLEUSERTS;
        extended->wProductType = VER_NT_WORKSTATION;
        extended->wReserved = 0;
    }
    return STATUS_SUCCESS;
}

/** The build has the top bits set in a free build. */
void WINAPI RtlGetNtVersionNumbers(PULONG major, PULONG minor, PULONG build)
{
    if (major) *major = MAJOR;
    if (minor) *minor = MINOR;
    if (build) *build = 0xF0000000 | BUILD;
}

BOOLEAN WINAPI RtlGetNtProductType(PULONG type)
{
    *type = VER_NT_WORKSTATION;
    return TRUE;
}

/** What edition an OS of this version is: professional. */
BOOLEAN WINAPI RtlGetProductInfo(ULONG major, ULONG minor, ULONG pack_major, ULONG pack_minor, PULONG type)
{
    (void)minor;
    (void)pack_major;
    (void)pack_minor;
    if (!type) return FALSE;
    *type = major < 6 ? PRODUCT_UNDEFINED : PRODUCT_PROFESSIONAL;
    return major >= 6;
}

ULONG WINAPI RtlGetSuiteMask(void)
{
    return VER_SUITE_SINGLEUSERTS;
}

/** Adds a comparison to a mask for RtlVerifyVersionInfo. */
ULONGLONG WINAPI VerSetConditionMask(ULONGLONG mask, DWORD type, BYTE condition)
{
    static const struct {
        ULONG type, shift;
    } places[] = {
        {VER_PRODUCT_TYPE, 7 * 3},     {VER_SUITENAME, 6 * 3},    {VER_SERVICEPACKMAJOR, 5 * 3},
        {VER_SERVICEPACKMINOR, 4 * 3}, {VER_PLATFORMID, 3 * 3},   {VER_BUILDNUMBER, 2 * 3},
        {VER_MAJORVERSION, 1 * 3},     {VER_MINORVERSION, 0 * 3},
    };

    condition &= 7;
    if (!type || !condition) return mask;
    for (ULONG i = 0; i < ARRAYSIZE(places); i++) {
        if (type & places[i].type) {
            mask |= (ULONGLONG)condition << places[i].shift;
            break;
        }
    }
    return mask | 0x8000000000000000ull;
}

static ULONG condition_of(ULONGLONG mask, ULONG place)
{
    return (ULONG)(mask >> 3 * place) & 7;
}

static BOOLEAN compare(ULONG have, ULONG want, ULONG condition, BOOLEAN *equal)
{
    *equal = have == want;
    switch (condition) {
    case VER_EQUAL: return have == want;
    case VER_GREATER: return have > want;
    case VER_GREATER_EQUAL: return have >= want;
    case VER_LESS: return have < want;
    case VER_LESS_EQUAL: return have <= want;
    default: return FALSE;
    }
}

// Major, minor and service pack are compared in this order. Once a part asks for an order (more or less), it
// speaks for the parts after it too, and the first part that differs decides; a part that must be equal
// leaves the next to its own condition.
static BOOLEAN is_version(const RTL_OSVERSIONINFOEXW *have, const RTL_OSVERSIONINFOEXW *want, ULONG types,
                          ULONGLONG mask)
{
    const struct {
        ULONG type, place, have, want;
    } parts[] = {
        {VER_MAJORVERSION, 1, have->dwMajorVersion, want->dwMajorVersion},
        {VER_MINORVERSION, 0, have->dwMinorVersion, want->dwMinorVersion},
        {VER_SERVICEPACKMAJOR, 5, have->wServicePackMajor, want->wServicePackMajor},
        {VER_SERVICEPACKMINOR, 4, have->wServicePackMinor, want->wServicePackMinor},
    };
    ULONG order = 0;
    BOOLEAN holds = TRUE, equal;

    for (ULONG i = 0; i < ARRAYSIZE(parts); i++) {
        ULONG condition = order ? order : condition_of(mask, parts[i].place);

        if (!(types & parts[i].type)) continue;
        holds = compare(parts[i].have, parts[i].want, condition, &equal);
        if (!equal) return holds;
        if (condition == VER_EQUAL) continue;
        if (condition < VER_EQUAL || condition > VER_LESS_EQUAL) return FALSE;
        order = condition;
    }
    return holds;
}

/** STATUS_SUCCESS when the version is as info, types and mask ask, else STATUS_REVISION_MISMATCH. */
NTSTATUS WINAPI RtlVerifyVersionInfo(PRTL_OSVERSIONINFOEXW info, ULONG types, ULONGLONG mask)
{
    RTL_OSVERSIONINFOEXW version = {.dwOSVersionInfoSize = sizeof(version)};
    BOOLEAN equal;

    if (!types || !mask) return STATUS_INVALID_PARAMETER;
    RtlGetVersion((PRTL_OSVERSIONINFOW)&version);
    if (types & VER_PRODUCT_TYPE &&
        !compare(version.wProductType, info->wProductType, condition_of(mask, 7), &equal)) {
        return STATUS_REVISION_MISMATCH;
    }
    if (types & VER_SUITENAME) {
        switch (condition_of(mask, 6)) {
        case VER_AND:
            if ((info->wSuiteMask & version.wSuiteMask) != info->wSuiteMask) return STATUS_REVISION_MISMATCH;
            break;
        case VER_OR:
            if (!(info->wSuiteMask & version.wSuiteMask) && info->wSuiteMask) return STATUS_REVISION_MISMATCH;
            break;
        default: return STATUS_INVALID_PARAMETER;
        }
    }
    if (types & VER_PLATFORMID &&
        !compare(version.dwPlatformId, info->dwPlatformId, condition_of(mask, 3), &equal)) {
        return STATUS_REVISION_MISMATCH;
    }
    if (types & VER_BUILDNUMBER &&
        !compare(version.dwBuildNumber, info->dwBuildNumber, condition_of(mask, 2), &equal)) {
        return STATUS_REVISION_MISMATCH;
    }
    return is_version(&version, info, types, mask) ? STATUS_SUCCESS : STATUS_REVISION_MISMATCH;
}

/** Whether the processor can do something: from the shared data page. */
BOOLEAN WINAPI RtlIsProcessorFeaturePresent(ULONG feature)
{
    return feature < PROCESSOR_FEATURE_MAX &&
           ((const KUSER_SHARED_DATA *)0x7FFE0000)->ProcessorFeatures[feature];
}

ULONG WINAPI RtlGetNtGlobalFlags(void)
{
    return peb_self()->NtGlobalFlag;
}

PWSTR WINAPI RtlGetNtSystemRoot(void)
{
    return (PWSTR)((const KUSER_SHARED_DATA *)0x7FFE0000)->NtSystemRoot;
}

ULONG WINAPI RtlGetActiveConsoleId(void)
{
    return ((const KUSER_SHARED_DATA *)0x7FFE0000)->ActiveConsoleId;
}

BOOLEAN WINAPI RtlAreLongPathsEnabled(void)
{
    return FALSE;
}
