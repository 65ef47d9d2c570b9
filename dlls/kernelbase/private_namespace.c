// Private namespaces: directories of named objects that a boundary surrounds. A process calls one by an
// alias, which its objects' names begin with ("alias\name"): the list of aliases is this process's.
#include "base.h"
#include "nt/rtl_object.h"
#include "private_namespace.h"

struct alias {
    struct alias *next;
    HANDLE directory;
    SIZE_T length;
    WCHAR name[];
};

static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;
static struct alias *aliases;

// ---- boundaries ----

HOTPATCH HANDLE WINAPI CreateBoundaryDescriptorW(const WCHAR *text, ULONG flags)
{
    UNICODE_STRING name;
    if (!text || !text[0]) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    RtlInitUnicodeString(&name, text);
    POBJECT_BOUNDARY_DESCRIPTOR boundary = RtlCreateBoundaryDescriptor(&name, flags);
    if (!boundary) SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return boundary;
}

HOTPATCH HANDLE WINAPI CreateBoundaryDescriptorA(const char *text, ULONG flags)
{
    AUTO_FREE WCHAR *wide = wide_from_ansi(text);
    return conversion_failed(text, wide) ? NULL : CreateBoundaryDescriptorW(wide, flags);
}

HOTPATCH BOOL WINAPI AddSIDToBoundaryDescriptor(HANDLE *boundary, PSID sid)
{
    return bool_from_status(RtlAddSIDToBoundaryDescriptor((POBJECT_BOUNDARY_DESCRIPTOR *)boundary, sid));
}

HOTPATCH BOOL WINAPI AddIntegrityLabelToBoundaryDescriptor(HANDLE *boundary, PSID label)
{
    return bool_from_status(
        RtlAddIntegrityLabelToBoundaryDescriptor((POBJECT_BOUNDARY_DESCRIPTOR *)boundary, label));
}

HOTPATCH void WINAPI DeleteBoundaryDescriptor(HANDLE boundary)
{
    RtlDeleteBoundaryDescriptor(boundary);
}

// ---- aliases ----

// With the lock. The alias that text begins with, before a backslash; NULL: none.
static struct alias *find_alias(const WCHAR *text, SIZE_T length)
{
    struct alias *alias = aliases;
    while (alias && (alias->length != length || memcmp(alias->name, text, length * sizeof(WCHAR))))
        alias = alias->next;
    return alias;
}

HANDLE private_namespace_of(const WCHAR *text, const WCHAR **rest)
{
    SIZE_T length = 0;
    while (text[length] && text[length] != '\\') length++;
    if (!text[length]) return NULL;
    RtlAcquireSRWLockShared(&lock);
    const struct alias *alias = find_alias(text, length);
    HANDLE directory = alias ? alias->directory : NULL;
    RtlReleaseSRWLockShared(&lock);
    if (directory) *rest = text + length + 1;
    return directory;
}

// Enters the directory under an alias that is not taken. Closes it otherwise.
static HANDLE enter_alias(const WCHAR *text, HANDLE directory)
{
    const SIZE_T length = wide_length(text);
    struct alias *alias = heap_alloc(sizeof(*alias) + length * sizeof(WCHAR));
    if (alias) {
        alias->directory = directory;
        alias->length = length;
        memcpy(alias->name, text, length * sizeof(WCHAR));
        RtlAcquireSRWLockExclusive(&lock);
        const bool taken = find_alias(text, length) != NULL;
        if (!taken) {
            alias->next = aliases;
            aliases = alias;
        }
        RtlReleaseSRWLockExclusive(&lock);
        if (!taken) return directory;
        heap_free(alias);
        SetLastError(ERROR_ALREADY_EXISTS);
    }
    NtClose(directory);
    return NULL;
}

// ---- namespaces ----

static bool is_alias(const WCHAR *text)
{
    if (text && text[0]) {
        for (; *text; text++)
            if (*text == '\\') return fail_with(ERROR_INVALID_PARAMETER);
        return true;
    }
    return fail_with(ERROR_INVALID_PARAMETER);
}

HOTPATCH HANDLE WINAPI CreatePrivateNamespaceW(SECURITY_ATTRIBUTES *security, void *boundary,
                                               const WCHAR *alias)
{
    OBJECT_ATTRIBUTES attributes;
    HANDLE directory = NULL;
    if (!is_alias(alias)) return NULL;
    InitializeObjectAttributes(&attributes, NULL, security && security->bInheritHandle ? OBJ_INHERIT : 0,
                               NULL, security ? security->lpSecurityDescriptor : NULL);
    NTSTATUS status = NtCreatePrivateNamespace(&directory, DIRECTORY_ALL_ACCESS, &attributes, boundary);
    return bool_from_status(status) ? enter_alias(alias, directory) : NULL;
}

HOTPATCH HANDLE WINAPI CreatePrivateNamespaceA(SECURITY_ATTRIBUTES *security, void *boundary,
                                               const char *alias)
{
    AUTO_FREE WCHAR *wide = wide_from_ansi(alias);
    return conversion_failed(alias, wide) ? NULL : CreatePrivateNamespaceW(security, boundary, wide);
}

HOTPATCH HANDLE WINAPI OpenPrivateNamespaceW(void *boundary, const WCHAR *alias)
{
    OBJECT_ATTRIBUTES attributes;
    HANDLE directory = NULL;
    if (!is_alias(alias)) return NULL;
    InitializeObjectAttributes(&attributes, NULL, 0, NULL, NULL);
    NTSTATUS status = NtOpenPrivateNamespace(&directory, MAXIMUM_ALLOWED, &attributes, boundary);
    return bool_from_status(status) ? enter_alias(alias, directory) : NULL;
}

HOTPATCH HANDLE WINAPI OpenPrivateNamespaceA(void *boundary, const char *alias)
{
    AUTO_FREE WCHAR *wide = wide_from_ansi(alias);
    return conversion_failed(alias, wide) ? NULL : OpenPrivateNamespaceW(boundary, wide);
}

// PRIVATE_NAMESPACE_FLAG_DESTROY: nobody finds it any more; else it goes with its last handle.
HOTPATCH BOOLEAN WINAPI ClosePrivateNamespace(HANDLE directory, ULONG flags)
{
    if (flags & ~(ULONG)PRIVATE_NAMESPACE_FLAG_DESTROY) return (BOOLEAN)fail_with(ERROR_INVALID_PARAMETER);
    RtlAcquireSRWLockExclusive(&lock);
    struct alias **link = &aliases, *alias;
    while (*link && (*link)->directory != directory) link = &(*link)->next;
    alias = *link;
    if (alias) *link = alias->next;
    RtlReleaseSRWLockExclusive(&lock);
    if (!alias) return (BOOLEAN)fail_with(ERROR_INVALID_HANDLE);
    heap_free(alias);
    NTSTATUS status =
        flags & PRIVATE_NAMESPACE_FLAG_DESTROY ? NtDeletePrivateNamespace(directory) : STATUS_SUCCESS;
    NtClose(directory);
    return (BOOLEAN)bool_from_status(status);
}
