// The version that GetVersion tells: programs that do not say that they know Windows 8.1 or 10 are told an
// older one, as Windows does it. ntdll's RtlGetVersion tells everybody the truth.
#include "version_told.h"
#include "nt/compatibility.h"

// By the identifiers that Microsoft documents ("Targeting your application for Windows"), the newest first.
static const GUID identifiers[] = {
    {0x8e0f7a12, 0xbfb3, 0x4fe8, {0xb9, 0xa5, 0x48, 0xfd, 0x50, 0xa1, 0x5a, 0x9a}}, // 10
    {0x1f676c76, 0x80e1, 0x4239, {0x95, 0xbb, 0x83, 0xd0, 0xf6, 0xd0, 0xda, 0x78}}, // 8.1
    {0x4a2f28e3, 0x53b9, 0x4441, {0xba, 0x9c, 0xd6, 0x9d, 0x4a, 0x4a, 0x6e, 0x38}}, // 8
    {0x35138b9a, 0x5d96, 0x4fbd, {0x8e, 0x2d, 0xa2, 0x44, 0x02, 0x25, 0xf9, 0x3a}}, // 7
    {0xe2011457, 0x1546, 0x43c5, {0xa5, 0xfe, 0x00, 0x8d, 0xee, 0xe3, 0xd3, 0xf0}}, // Vista
};

// What the program's manifest says of compatibility, on the heap; NULL: nothing.
static struct compatibility_information *read_compatibility(void)
{
    SIZE_T needed = 0;
    RtlQueryInformationActivationContext(0, NULL, NULL, CompatibilityInformationInActivationContext, NULL, 0,
                                         &needed);
    struct compatibility_information *info = needed ? heap_alloc(needed) : NULL;
    if (!info || NT_SUCCESS(RtlQueryInformationActivationContext(
                     0, NULL, NULL, CompatibilityInformationInActivationContext, info, needed, NULL)))
        return info;
    heap_free(info);
    return NULL;
}

// The newest version that the manifest says it supports; NULL: it names none.
static const struct told_version *of_manifest(const struct told_version *versions)
{
    AUTO_FREE struct compatibility_information *info = read_compatibility();
    for (unsigned i = 0; info && i < ARRAY_LENGTH(identifiers); i++)
        for (ULONG k = 0; k < info->count; k++)
            if (IsEqualGUID(&info->elements[k].id, &identifiers[i])) return versions + (i < 2 ? i : 2);
    return NULL;
}

// Without a manifest's word, that of the program's header counts.
static const struct told_version *of_image(const struct told_version *versions)
{
    const IMAGE_NT_HEADERS *nt = RtlImageNtHeader(peb_self()->ImageBaseAddress);
    unsigned major = nt->OptionalHeader.MajorOperatingSystemVersion;
    unsigned minor = nt->OptionalHeader.MinorOperatingSystemVersion;
    if (major >= 10) return versions;
    return major > 6 || (major == 6 && minor >= 3) ? versions + 1 : versions + 2;
}

static const struct told_version *find(void)
{
    static struct told_version versions[] = {{10, 0, 0}, {6, 3, 9600}, {6, 2, 9200}};
    const PEB *peb = peb_self();
    versions[0] = (struct told_version){peb->OSMajorVersion, peb->OSMinorVersion, peb->OSBuildNumber};
    const struct told_version *result = of_manifest(versions);
    return result ? result : of_image(versions);
}

const struct told_version *version_told(void)
{
    static const struct told_version *told;
    const struct told_version *result = __atomic_load_n(&told, __ATOMIC_ACQUIRE);
    if (result) return result;
    DWORD saved = GetLastError();
    result = find(); // two threads may both do so, with one result
    SetLastError(saved);
    __atomic_store_n(&told, result, __ATOMIC_RELEASE);
    return result;
}
