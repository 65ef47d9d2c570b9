// Counted strings: making, copying, joining, comparing and searching STRING and UNICODE_STRING.
#include "nls.h"

#define UNICODE_STRING_MAX 0xFFFC // bytes without the terminator

void WINAPI RtlInitUnicodeString(PUNICODE_STRING string, PCWSTR source)
{
    SIZE_T size = source ? wcslen(source) * sizeof(WCHAR) : 0;

    if (size > UNICODE_STRING_MAX) size = UNICODE_STRING_MAX;
    string->Buffer = (PWSTR)source;
    string->Length = size;
    string->MaximumLength = source ? size + sizeof(WCHAR) : 0;
}

/** RtlInitUnicodeString that answers STATUS_NAME_TOO_LONG instead of cutting. */
NTSTATUS WINAPI RtlInitUnicodeStringEx(PUNICODE_STRING string, PCWSTR source)
{
    if (source && wcslen(source) * sizeof(WCHAR) > UNICODE_STRING_MAX) return STATUS_NAME_TOO_LONG;
    RtlInitUnicodeString(string, source);
    return STATUS_SUCCESS;
}

void WINAPI RtlInitString(PSTRING string, PCSZ source)
{
    SIZE_T size = source ? strlen(source) : 0;

    if (size > 0xFFFE) size = 0xFFFE;
    string->Buffer = (PCHAR)source;
    string->Length = size;
    string->MaximumLength = source ? size + 1 : 0;
}

void WINAPI RtlInitAnsiString(PANSI_STRING string, PCSZ source)
{
    RtlInitString(string, source);
}

void WINAPI RtlInitUTF8String(PSTRING string, PCSZ source)
{
    RtlInitString(string, source);
}

NTSTATUS WINAPI RtlInitAnsiStringEx(PANSI_STRING string, PCSZ source)
{
    if (source && strlen(source) > 0xFFFE) return STATUS_NAME_TOO_LONG;
    RtlInitString(string, source);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlInitStringEx(PSTRING string, PCSZ source)
{
    return RtlInitAnsiStringEx(string, source);
}

NTSTATUS WINAPI RtlInitUTF8StringEx(PSTRING string, PCSZ source)
{
    return RtlInitAnsiStringEx(string, source);
}

/** Copies a NUL-terminated string into a new buffer (free it with RtlFreeUnicodeString). FALSE without
 * memory. */
BOOLEAN WINAPI RtlCreateUnicodeString(PUNICODE_STRING string, PCWSTR source)
{
    SIZE_T size = (wcslen(source) + 1) * sizeof(WCHAR);

    if (size > 0xFFFE) return FALSE;
    string->Buffer = RtlAllocateHeap(process_heap(), 0, size);
    if (!string->Buffer) return FALSE;
    memcpy(string->Buffer, source, size);
    string->MaximumLength = size;
    string->Length = size - sizeof(WCHAR);
    return TRUE;
}

BOOLEAN WINAPI RtlCreateUnicodeStringFromAsciiz(PUNICODE_STRING string, PCSZ source)
{
    ANSI_STRING ansi;

    RtlInitAnsiString(&ansi, source);
    return RtlAnsiStringToUnicodeString(string, &ansi, TRUE) >= 0;
}

void WINAPI RtlFreeUnicodeString(PUNICODE_STRING string)
{
    RtlFreeHeap(process_heap(), 0, string->Buffer);
    string->Length = string->MaximumLength = 0;
    string->Buffer = NULL;
}

void WINAPI RtlFreeAnsiString(PANSI_STRING string)
{
    RtlFreeHeap(process_heap(), 0, string->Buffer);
    string->Length = string->MaximumLength = 0;
    string->Buffer = NULL;
}

void WINAPI RtlFreeOemString(POEM_STRING string)
{
    RtlFreeAnsiString(string);
}

void WINAPI RtlFreeUTF8String(PSTRING string)
{
    RtlFreeAnsiString(string);
}

void WINAPI RtlEraseUnicodeString(PUNICODE_STRING string)
{
    if (!string->Buffer) return;
    memset(string->Buffer, 0, string->MaximumLength);
    string->Length = 0;
}

/** Copies what fits, and a terminator if there is room. */
void WINAPI RtlCopyUnicodeString(PUNICODE_STRING string, PCUNICODE_STRING source)
{
    USHORT size;

    if (!source) {
        string->Length = 0;
        return;
    }
    size = source->Length < string->MaximumLength ? source->Length : string->MaximumLength;
    memcpy(string->Buffer, source->Buffer, size);
    string->Length = size;
    if (size + sizeof(WCHAR) <= string->MaximumLength) string->Buffer[size / sizeof(WCHAR)] = 0;
}

void WINAPI RtlCopyString(PSTRING string, const STRING *source)
{
    USHORT size;

    if (!source) {
        string->Length = 0;
        return;
    }
    size = source->Length < string->MaximumLength ? source->Length : string->MaximumLength;
    memcpy(string->Buffer, source->Buffer, size);
    string->Length = size;
}

/** Duplicates into a new buffer: flags 1 terminates it, 2 allocates even for an empty string (needs 1). */
NTSTATUS WINAPI RtlDuplicateUnicodeString(ULONG flags, PCUNICODE_STRING source, PUNICODE_STRING string)
{
    ULONG size;

    if (!source || !string || source->Length > source->MaximumLength || source->Length & 1 || flags > 3 ||
        flags == 2 || (!source->Buffer && source->Length)) {
        return STATUS_INVALID_PARAMETER;
    }
    if (!source->Length && flags != 3) {
        string->Length = string->MaximumLength = 0;
        string->Buffer = NULL;
        return STATUS_SUCCESS;
    }
    size = source->Length + (flags & 1 ? sizeof(WCHAR) : 0);
    if (size > 0xFFFF) return STATUS_NAME_TOO_LONG;
    string->Buffer = RtlAllocateHeap(process_heap(), 0, size);
    if (!string->Buffer) return STATUS_NO_MEMORY;
    memcpy(string->Buffer, source->Buffer, source->Length);
    if (flags & 1) string->Buffer[source->Length / sizeof(WCHAR)] = 0;
    string->Length = source->Length;
    string->MaximumLength = size;
    return STATUS_SUCCESS;
}

static NTSTATUS append(PUNICODE_STRING string, PCWSTR source, SIZE_T size)
{
    if (size + string->Length > string->MaximumLength) return STATUS_BUFFER_TOO_SMALL;
    memmove((BYTE *)string->Buffer + string->Length, source, size);
    string->Length += size;
    if (string->Length + sizeof(WCHAR) <= string->MaximumLength)
        string->Buffer[string->Length / sizeof(WCHAR)] = 0;
    return STATUS_SUCCESS;
}

/** STATUS_BUFFER_TOO_SMALL, with nothing changed, when it doesn't fit. */
NTSTATUS WINAPI RtlAppendUnicodeToString(PUNICODE_STRING string, PCWSTR source)
{
    return source ? append(string, source, wcslen(source) * sizeof(WCHAR)) : STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlAppendUnicodeStringToString(PUNICODE_STRING string, PCUNICODE_STRING source)
{
    return source->Length ? append(string, source->Buffer, source->Length) : STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlAppendStringToString(PSTRING string, const STRING *source)
{
    if (source->Length + string->Length > string->MaximumLength) return STATUS_BUFFER_TOO_SMALL;
    memmove(string->Buffer + string->Length, source->Buffer, source->Length);
    string->Length += source->Length;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlAppendAsciizToString(PSTRING string, PCSZ source)
{
    STRING s;

    if (!source) return STATUS_SUCCESS;
    RtlInitString(&s, source);
    return RtlAppendStringToString(string, &s);
}

/** Compares by code units, or by their capitals; the lengths (in characters) decide between equal beginnings.
 */
LONG WINAPI RtlCompareUnicodeStrings(PCWCH a, SIZE_T a_length, PCWCH b, SIZE_T b_length, BOOLEAN insensitive)
{
    SIZE_T n = a_length < b_length ? a_length : b_length;

    for (SIZE_T i = 0; i < n; i++) {
        LONG difference;

        if (a[i] == b[i]) continue;
        difference = insensitive ? nls_upper(a[i]) - nls_upper(b[i]) : a[i] - b[i];
        if (difference) return difference;
    }
    return a_length - b_length;
}

int WINAPI RtlCompareUnicodeString(PCUNICODE_STRING a, PCUNICODE_STRING b, BOOLEAN insensitive)
{
    return RtlCompareUnicodeStrings(a->Buffer, a->Length / sizeof(WCHAR), b->Buffer,
                                    b->Length / sizeof(WCHAR), insensitive);
}

BOOLEAN WINAPI RtlEqualUnicodeString(PCUNICODE_STRING a, PCUNICODE_STRING b, BOOLEAN insensitive)
{
    return a->Length == b->Length && !RtlCompareUnicodeString(a, b, insensitive);
}

BOOLEAN WINAPI RtlPrefixUnicodeString(PCUNICODE_STRING prefix, PCUNICODE_STRING string, BOOLEAN insensitive)
{
    return prefix->Length <= string->Length &&
           !RtlCompareUnicodeStrings(prefix->Buffer, prefix->Length / sizeof(WCHAR), string->Buffer,
                                     prefix->Length / sizeof(WCHAR), insensitive);
}

/** The capital of an ANSI character that is a single byte; others stay. */
CHAR WINAPI RtlUpperChar(CHAR c)
{
    const CPTABLEINFO *page = &nls_tables.AnsiTableInfo;

    if ((BYTE)c < 0x80) return c >= 'a' && c <= 'z' ? c - 32 : c;
    if (page->CodePage == CP_UTF8_PAGE || nls_is_lead(page, c)) return c;
    RtlUpcaseUnicodeToMultiByteN(&c, 1, NULL, &page->MultiByteTable[(BYTE)c], sizeof(WCHAR));
    return c;
}

LONG WINAPI RtlCompareString(const STRING *a, const STRING *b, BOOLEAN insensitive)
{
    ULONG n = a->Length < b->Length ? a->Length : b->Length;

    for (ULONG i = 0; i < n; i++) {
        BYTE x = a->Buffer[i], y = b->Buffer[i];

        if (insensitive && x != y) {
            x = RtlUpperChar(x);
            y = RtlUpperChar(y);
        }
        if (x != y) return x - y;
    }
    return a->Length - b->Length;
}

BOOLEAN WINAPI RtlEqualString(const STRING *a, const STRING *b, BOOLEAN insensitive)
{
    return a->Length == b->Length && !RtlCompareString(a, b, insensitive);
}

BOOLEAN WINAPI RtlPrefixString(const STRING *prefix, const STRING *string, BOOLEAN insensitive)
{
    STRING start = {prefix->Length, prefix->Length, string->Buffer};

    return prefix->Length <= string->Length && !RtlCompareString(prefix, &start, insensitive);
}

void WINAPI RtlUpperString(PSTRING string, const STRING *source)
{
    ULONG n = source->Length < string->MaximumLength ? source->Length : string->MaximumLength;

    for (ULONG i = 0; i < n; i++) string->Buffer[i] = RtlUpperChar(source->Buffer[i]);
    string->Length = n;
}

static NTSTATUS map_string(PUNICODE_STRING string, PCUNICODE_STRING source, BOOLEAN allocate,
                           const USHORT *table)
{
    if (allocate) {
        string->Buffer = RtlAllocateHeap(process_heap(), 0, source->Length ? source->Length : 1);
        if (!string->Buffer) return STATUS_NO_MEMORY;
        string->MaximumLength = source->Length;
    } else if (source->Length > string->MaximumLength) {
        return STATUS_BUFFER_OVERFLOW;
    }
    for (ULONG i = 0; i < source->Length / sizeof(WCHAR); i++) {
        string->Buffer[i] = nls_map_case(table, source->Buffer[i]);
    }
    string->Length = source->Length;
    return STATUS_SUCCESS;
}

/** Maps to capitals, into string's buffer or a new one. STATUS_BUFFER_OVERFLOW, STATUS_NO_MEMORY. */
NTSTATUS WINAPI RtlUpcaseUnicodeString(PUNICODE_STRING string, PCUNICODE_STRING source, BOOLEAN allocate)
{
    return map_string(string, source, allocate, nls_tables.UpperCaseTable);
}

NTSTATUS WINAPI RtlDowncaseUnicodeString(PUNICODE_STRING string, PCUNICODE_STRING source, BOOLEAN allocate)
{
    return map_string(string, source, allocate, nls_tables.LowerCaseTable);
}

/** Hashes as Windows does (algorithm 0 or 1: x65599), so that hashes in files agree. */
NTSTATUS WINAPI RtlHashUnicodeString(PCUNICODE_STRING string, BOOLEAN insensitive, ULONG algorithm,
                                     PULONG hash)
{
    ULONG value = 0;

    if (!string || !hash) return STATUS_INVALID_PARAMETER;
    if (algorithm != HASH_STRING_ALGORITHM_DEFAULT && algorithm != HASH_STRING_ALGORITHM_X65599) {
        return STATUS_INVALID_PARAMETER;
    }
    for (ULONG i = 0; i < string->Length / sizeof(WCHAR); i++) {
        value = value * 65599 + (insensitive ? nls_upper(string->Buffer[i]) : string->Buffer[i]);
    }
    *hash = value;
    return STATUS_SUCCESS;
}

/**
 * Finds where the first character (flags 1: the last) stands that is in sought (flags 2: that isn't), 4
 * ignoring case. *position counts bytes: behind the character when searching forward, to it when backward.
 * STATUS_NOT_FOUND.
 */
NTSTATUS WINAPI RtlFindCharInUnicodeString(ULONG flags, PCUNICODE_STRING string, PCUNICODE_STRING sought,
                                           PUSHORT position)
{
    LONG n = string->Length / sizeof(WCHAR), step = flags & 1 ? -1 : 1;

    for (LONG i = flags & 1 ? n - 1 : 0; i >= 0 && i < n; i += step) {
        BOOLEAN found = FALSE;

        for (ULONG k = 0; k < sought->Length / sizeof(WCHAR) && !found; k++) {
            found = flags & 4 ? nls_upper(string->Buffer[i]) == nls_upper(sought->Buffer[k])
                              : string->Buffer[i] == sought->Buffer[k];
        }
        if (found != !(flags & 2)) continue;
        *position = (flags & 1 ? i : i + 1) * sizeof(WCHAR);
        return STATUS_SUCCESS;
    }
    *position = 0;
    return STATUS_NOT_FOUND;
}

/** Where sought begins in string, or NULL. */
PWCHAR WINAPI RtlFindUnicodeSubstring(PCUNICODE_STRING string, PCUNICODE_STRING sought, BOOLEAN insensitive)
{
    ULONG n = string->Length / sizeof(WCHAR), m = sought->Length / sizeof(WCHAR);

    for (ULONG i = 0; i + m <= n; i++) {
        if (!RtlCompareUnicodeStrings(string->Buffer + i, m, sought->Buffer, m, insensitive))
            return string->Buffer + i;
    }
    return NULL;
}

/** STATUS_INVALID_PARAMETER for odd or inconsistent lengths. */
NTSTATUS WINAPI RtlValidateUnicodeString(ULONG flags, PCUNICODE_STRING string)
{
    if (flags) return STATUS_INVALID_PARAMETER;
    if (!string) return STATUS_SUCCESS;
    if (string->Length & 1 || string->MaximumLength & 1 || string->Length > string->MaximumLength ||
        (!string->Buffer && string->MaximumLength)) {
        return STATUS_INVALID_PARAMETER;
    }
    return STATUS_SUCCESS;
}
