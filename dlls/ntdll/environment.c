// Environment blocks: "NAME=value" strings in a row, sorted by name without regard to case, ended by an empty
// one. A name may begin with '='. Blocks that grow live in the process heap; the process's own is under the
// PEB lock.
#include "nls.h"

// The name's length in an entry; the search for '=' skips a leading one.
static SIZE_T name_length(const WCHAR *entry)
{
    SIZE_T n = *entry == '=' ? 1 : 0;

    while (entry[n] && entry[n] != '=') n++;
    return n;
}

// Size of a block in characters, with its terminator.
static SIZE_T block_length(const WCHAR *block)
{
    const WCHAR *p = block;

    while (*p) p += wcslen(p) + 1;
    return p - block + 1;
}

// Finds a variable. Returns its entry, or NULL with *place the entry before which it belongs.
static WCHAR *find(WCHAR *block, PCWSTR name, SIZE_T length, WCHAR **place)
{
    WCHAR *p = block;

    *place = NULL;
    for (; *p; p += wcslen(p) + 1) {
        SIZE_T n = name_length(p);
        LONG order = RtlCompareUnicodeStrings(p, n, name, length, TRUE);

        if (!order && p[n] == '=') return p;
        if (order > 0 && !*place) *place = p; // a block from elsewhere may be unsorted: search on
    }
    if (!*place) *place = p;
    return NULL;
}

static BOOLEAN is_heap_block(const void *block)
{
    return block && RtlValidateHeap(process_heap(), 0, block);
}

/** A new block: empty, or a copy of the process's. STATUS_NO_MEMORY. */
NTSTATUS WINAPI RtlCreateEnvironmentEx(PVOID source, PVOID *environment, ULONG flags)
{
    SIZE_T size;
    WCHAR *block;

    if (flags & ~1u) return STATUS_INVALID_PARAMETER_3;
    RtlAcquirePebLock();
    if (!source && flags & 1) source = peb_self()->ProcessParameters->Environment;
    size = source ? block_length(source) * sizeof(WCHAR) : 2 * sizeof(WCHAR);
    block = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, size);
    if (block && source) memcpy(block, source, size);
    RtlReleasePebLock();
    if (!block) return STATUS_NO_MEMORY;
    *environment = block;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlCreateEnvironment(BOOLEAN clone, PVOID *environment)
{
    return RtlCreateEnvironmentEx(NULL, environment, clone ? 1 : 0);
}

NTSTATUS WINAPI RtlDestroyEnvironment(PVOID environment)
{
    return RtlFreeHeap(process_heap(), 0, environment) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

// Makes a block the process's. Under the PEB lock.
static void adopt(RTL_USER_PROCESS_PARAMETERS *parameters, WCHAR *block, SIZE_T length)
{
    parameters->Environment = block;
    parameters->EnvironmentSize = length * sizeof(WCHAR);
    parameters->EnvironmentVersion++;
}

/** Exchanges the process's block; the former goes to *previous, or is freed if that is NULL. */
void WINAPI RtlSetCurrentEnvironment(PVOID environment, PVOID *previous)
{
    RTL_USER_PROCESS_PARAMETERS *parameters = peb_self()->ProcessParameters;
    PVOID old;

    RtlAcquirePebLock();
    old = parameters->Environment;
    adopt(parameters, environment, block_length(environment));
    RtlReleasePebLock();
    if (previous) {
        *previous = old;
    } else if (is_heap_block(old)) {
        RtlFreeHeap(process_heap(), 0, old);
    }
}

/** Replaces the process's block by a copy of size bytes, as SetEnvironmentStrings does. */
NTSTATUS WINAPI RtlSetEnvironmentStrings(const WCHAR *strings, SIZE_T size)
{
    SIZE_T n = size / sizeof(WCHAR);
    WCHAR *block;

    if (size & 1 || !n || strings[n - 1] || (n > 1 && strings[n - 2])) return STATUS_INVALID_PARAMETER;
    for (const WCHAR *p = strings; *p; p += wcslen(p) + 1) {
        if (p[name_length(p)] != '=') return STATUS_INVALID_PARAMETER;
    }
    block = RtlAllocateHeap(process_heap(), 0, size + sizeof(WCHAR));
    if (!block) return STATUS_NO_MEMORY;
    memcpy(block, strings, size);
    block[n] = 0;
    RtlSetCurrentEnvironment(block, NULL);
    return STATUS_SUCCESS;
}

/**
 * The value of a variable (lengths in characters, without terminator unless it didn't fit).
 * STATUS_VARIABLE_NOT_FOUND, STATUS_BUFFER_TOO_SMALL.
 */
NTSTATUS WINAPI RtlQueryEnvironmentVariable(PVOID environment, PCWSTR name, SIZE_T length, PWSTR value,
                                            SIZE_T value_length, PSIZE_T returned)
{
    NTSTATUS status = STATUS_VARIABLE_NOT_FOUND;
    WCHAR *place, *entry;

    RtlAcquirePebLock();
    if (!environment) environment = peb_self()->ProcessParameters->Environment;
    entry = environment && length ? find(environment, name, length, &place) : NULL;
    if (entry) {
        const WCHAR *found = entry + name_length(entry) + 1;
        SIZE_T n = wcslen(found);

        if (n < value_length) {
            memcpy(value, found, (n + 1) * sizeof(WCHAR));
            *returned = n;
            status = STATUS_SUCCESS;
        } else {
            *returned = n + 1;
            status = STATUS_BUFFER_TOO_SMALL;
        }
    }
    RtlReleasePebLock();
    return status;
}

/** The value of a variable; value->Length is what it takes when the status is STATUS_BUFFER_TOO_SMALL. */
NTSTATUS WINAPI RtlQueryEnvironmentVariable_U(PVOID environment, PCUNICODE_STRING name, PUNICODE_STRING value)
{
    NTSTATUS status = STATUS_VARIABLE_NOT_FOUND;
    WCHAR *place, *entry;

    RtlAcquirePebLock();
    if (!environment) environment = peb_self()->ProcessParameters->Environment;
    entry = environment && name->Length
                ? find(environment, name->Buffer, name->Length / sizeof(WCHAR), &place)
                : NULL;
    value->Length = 0;
    if (entry) {
        const WCHAR *found = entry + name_length(entry) + 1;
        SIZE_T size = wcslen(found) * sizeof(WCHAR);

        value->Length = size;
        if (size <= value->MaximumLength) {
            BOOLEAN terminate = size + sizeof(WCHAR) <= value->MaximumLength;
            memcpy(value->Buffer, found, size + (terminate ? sizeof(WCHAR) : 0));
            status = STATUS_SUCCESS;
        } else {
            status = STATUS_BUFFER_TOO_SMALL;
        }
    }
    RtlReleasePebLock();
    return status;
}

/**
 * Sets (value NULL: deletes) a variable in *environment, which may move; NULL: in the process's block.
 * Lengths in characters. STATUS_INVALID_PARAMETER for a name without length or with '=' inside,
 * STATUS_VARIABLE_NOT_FOUND, STATUS_NO_MEMORY.
 */
NTSTATUS WINAPI RtlSetEnvironmentVar(PVOID *environment, PCWSTR name, SIZE_T length, PCWSTR value,
                                     SIZE_T value_length)
{
    RTL_USER_PROCESS_PARAMETERS *parameters = peb_self()->ProcessParameters;
    NTSTATUS status = STATUS_SUCCESS;
    static WCHAR no_variables[2];
    WCHAR *block, *entry, *place, *new;
    SIZE_T total, removed = 0, added, before;

    if (!length) return STATUS_INVALID_PARAMETER;
    for (SIZE_T i = 1; i < length; i++) {
        if (name[i] == '=') return STATUS_INVALID_PARAMETER;
    }
    for (SIZE_T i = 0; value && i < value_length; i++) {
        if (!value[i]) value_length = i;
    }
    RtlAcquirePebLock();
    block = environment ? *environment : parameters->Environment;
    if (!block) block = no_variables;
    entry = find(block, name, length, &place);
    if (entry) {
        place = entry;
        removed = wcslen(entry) + 1;
    }
    if (!entry && !value) {
        status = environment ? STATUS_VARIABLE_NOT_FOUND : STATUS_SUCCESS;
        goto done;
    }
    total = block_length(block);
    added = value ? length + 1 + value_length + 1 : 0;
    before = place - block;
    if (!value || (entry && added <= removed)) { // fits where it is
        WCHAR *rest = place + removed;
        if (value) {
            WCHAR *at = place + name_length(place) + 1;
            memcpy(at, value, value_length * sizeof(WCHAR));
            at[value_length] = 0;
        }
        memmove(place + added, rest, (total - before - removed) * sizeof(WCHAR));
        if (!environment) adopt(parameters, block, total - removed + added);
        goto done;
    }
    new = RtlAllocateHeap(process_heap(), 0, (total - removed + added + 1) * sizeof(WCHAR));
    if (!new) {
        status = STATUS_NO_MEMORY;
        goto done;
    }
    memcpy(new, block, before * sizeof(WCHAR));
    memcpy(new + before, entry ? entry : name, length * sizeof(WCHAR)); // the name keeps its first spelling
    new[before + length] = '=';
    memcpy(new + before + length + 1, value, value_length * sizeof(WCHAR));
    new[before + added - 1] = 0;
    memcpy(new + before + added, place + removed, (total - before - removed) * sizeof(WCHAR));
    new[total - removed + added] = 0;
    if (environment) {
        *environment = new;
    } else {
        adopt(parameters, new, total - removed + added);
    }
    if (is_heap_block(block)) RtlFreeHeap(process_heap(), 0, block);
done:
    RtlReleasePebLock();
    return status;
}

NTSTATUS WINAPI RtlSetEnvironmentVariable(PVOID *environment, PCUNICODE_STRING name, PCUNICODE_STRING value)
{
    return RtlSetEnvironmentVar(environment, name->Buffer, name->Length / sizeof(WCHAR),
                                value ? value->Buffer : NULL, value ? value->Length / sizeof(WCHAR) : 0);
}

/**
 * Replaces %NAME% by the variable's value; unknown names stay as they are. Lengths in characters; *returned
 * includes the terminator. STATUS_BUFFER_TOO_SMALL.
 */
NTSTATUS WINAPI RtlExpandEnvironmentStrings(PVOID environment, PCWSTR source, SIZE_T length, PWSTR out,
                                            SIZE_T out_length, PSIZE_T returned)
{
    NTSTATUS status = STATUS_SUCCESS;
    SIZE_T total = 0;

    RtlAcquirePebLock();
    if (!environment) environment = peb_self()->ProcessParameters->Environment;
    for (SIZE_T i = 0; i < length;) {
        const WCHAR *text = source + i;
        SIZE_T n = 1, step = 1;

        if (source[i] == '%') {
            SIZE_T end = i + 1;
            WCHAR *place, *entry = NULL;

            while (end < length && source[end] != '%') end++;
            if (end < length) {
                if (end > i + 1 && environment)
                    entry = find(environment, source + i + 1, end - i - 1, &place);
                if (entry) {
                    text = entry + name_length(entry) + 1;
                    n = wcslen(text);
                    step = end + 1 - i;
                } else {
                    n = step = end + 1 - i;
                }
            } else {
                n = step = length - i;
            }
        } else {
            while (i + n < length && source[i + n] != '%') n++;
            step = n;
        }
        if (total + n < out_length) {
            memcpy(out + total, text, n * sizeof(WCHAR));
        } else {
            if (total < out_length) memcpy(out + total, text, (out_length - total) * sizeof(WCHAR));
            status = STATUS_BUFFER_TOO_SMALL;
        }
        total += n;
        i += step;
    }
    RtlReleasePebLock();
    if (total < out_length) {
        out[total] = 0;
    } else {
        status = STATUS_BUFFER_TOO_SMALL;
    }
    if (returned) *returned = total + 1;
    return status;
}

/** RtlExpandEnvironmentStrings on counted strings; *returned in bytes. */
NTSTATUS WINAPI RtlExpandEnvironmentStrings_U(PVOID environment, PCUNICODE_STRING source, PUNICODE_STRING out,
                                              PULONG returned)
{
    SIZE_T n;
    NTSTATUS status = RtlExpandEnvironmentStrings(environment, source->Buffer, source->Length / sizeof(WCHAR),
                                                  out->Buffer, out->MaximumLength / sizeof(WCHAR), &n);

    if (returned) *returned = n * sizeof(WCHAR);
    if (status >= 0) out->Length = (n - 1) * sizeof(WCHAR);
    return status;
}
