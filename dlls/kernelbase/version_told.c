// The version that GetVersion tells: programs that do not say that they know Windows 8.1 or 10 are told an
// older one, as Windows does it. ntdll's RtlGetVersion tells everybody the truth.
#include "version_told.h"

enum { MANIFEST_MAX = 1 << 20 };

static bool contains(const char *text, SIZE_T length, const char *part)
{
    SIZE_T n = strlen(part);
    for (SIZE_T i = 0; i + n <= length; i++) {
        SIZE_T k = 0;
        // Both in the lower case of hexadecimal digits.
        while (k < n && (text[i + k] | 0x20) == (part[k] | 0x20)) k++;
        if (k == n) return true;
    }
    return false;
}

// The file PROGRAM.manifest, allocated; NULL when there is none.
static char *read_manifest_file(SIZE_T *length)
{
    static const WCHAR suffix[] = L".manifest";
    const UNICODE_STRING *program = &current_parameters()->ImagePathName;
    AUTO_FREE WCHAR *path = heap_alloc(program->Length + sizeof(suffix));
    LARGE_INTEGER size;
    DWORD read = 0;
    if (!path) return NULL;
    memcpy(path, program->Buffer, program->Length);
    memcpy((char *)path + program->Length, suffix, sizeof(suffix));
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return NULL;
    char *text = NULL;
    if (GetFileSizeEx(file, &size) && size.QuadPart <= MANIFEST_MAX) text = heap_alloc(size.LowPart + 1);
    if (text && !ReadFile(file, text, size.LowPart, &read, NULL)) read = 0;
    CloseHandle(file);
    *length = read;
    return text;
}

// The newest version that a manifest says it supports, by the identifiers that Microsoft documents; NULL: it
// names none.
static const struct told_version *of_manifest(const char *text, SIZE_T length,
                                              const struct told_version *versions)
{
    static const char *const identifiers[] = {
        "{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}", "{1f676c76-80e1-4239-95bb-83d0f6d0da78}",
        "{4a2f28e3-53b9-4441-ba9c-d69d4a4a6e38}", "{35138b9a-5d96-4fbd-8e2d-a2440225f93a}",
        "{e2011457-1546-43c5-a5fe-008deee3d3f0}",
    };
    for (unsigned i = 0; i < ARRAY_LENGTH(identifiers); i++)
        if (contains(text, length, identifiers[i])) return versions + (i < 2 ? i : 2);
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
    const struct told_version *result = NULL;
    const PEB *peb = peb_self();
    versions[0] = (struct told_version){peb->OSMajorVersion, peb->OSMinorVersion, peb->OSBuildNumber};
    HRSRC resource = FindResourceW(NULL, (WCHAR *)1, (WCHAR *)RT_MANIFEST);
    if (resource) {
        result = of_manifest(LoadResource(NULL, resource), SizeofResource(NULL, resource), versions);
    } else {
        SIZE_T length = 0;
        AUTO_FREE char *text = read_manifest_file(&length);
        if (text) result = of_manifest(text, length, versions);
    }
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
