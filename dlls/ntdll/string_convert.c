// Counted strings between encodings, and numbers in them.
#include "nls.h"

static NTSTATUS to_unicode(PCPTABLEINFO page, PUNICODE_STRING out, const STRING *in, BOOLEAN allocate)
{
    ULONG size = nls_unicode_size(page, in->Buffer, in->Length) + sizeof(WCHAR), length;

    if (size > 0xFFFF) return STATUS_INVALID_PARAMETER_2;
    out->Length = size - sizeof(WCHAR);
    if (allocate) {
        out->MaximumLength = size;
        out->Buffer = RtlAllocateHeap(process_heap(), 0, size);
        if (!out->Buffer) return STATUS_NO_MEMORY;
    } else if (size > out->MaximumLength) {
        return STATUS_BUFFER_OVERFLOW;
    }
    RtlCustomCPToUnicodeN(page, out->Buffer, out->Length, &length, in->Buffer, in->Length);
    out->Buffer[out->Length / sizeof(WCHAR)] = 0;
    return STATUS_SUCCESS;
}

static NTSTATUS from_unicode(PCPTABLEINFO page, PSTRING out, PCUNICODE_STRING in, BOOLEAN allocate,
                             BOOLEAN upcase, BOOLEAN terminate)
{
    ULONG size = nls_multibyte_size(page, in->Buffer, in->Length) + terminate, length;
    NTSTATUS status = STATUS_SUCCESS;

    if (size > 0xFFFF) return STATUS_INVALID_PARAMETER_2;
    out->Length = size - terminate;
    if (allocate) {
        out->MaximumLength = size;
        out->Buffer = RtlAllocateHeap(process_heap(), 0, size ? size : 1);
        if (!out->Buffer) return STATUS_NO_MEMORY;
    } else if (size > out->MaximumLength) {
        if (!out->MaximumLength) return STATUS_BUFFER_OVERFLOW;
        if (terminate || upcase) {
            out->Length = out->MaximumLength - terminate;
            status = STATUS_BUFFER_OVERFLOW;
        } else {
            return STATUS_BUFFER_OVERFLOW;
        }
    }
    if (upcase) {
        RtlUpcaseUnicodeToCustomCPN(page, out->Buffer, out->Length, &length, in->Buffer, in->Length);
    } else {
        RtlUnicodeToCustomCPN(page, out->Buffer, out->Length, &length, in->Buffer, in->Length);
    }
    if (terminate) out->Buffer[out->Length] = 0;
    return status;
}

/** Converts, into out's buffer or a new one (RtlFreeUnicodeString). STATUS_BUFFER_OVERFLOW, STATUS_NO_MEMORY.
 */
NTSTATUS WINAPI RtlAnsiStringToUnicodeString(PUNICODE_STRING out, PCANSI_STRING in, BOOLEAN allocate)
{
    return to_unicode(&nls_tables.AnsiTableInfo, out, in, allocate);
}

NTSTATUS WINAPI RtlOemStringToUnicodeString(PUNICODE_STRING out, const STRING *in, BOOLEAN allocate)
{
    return to_unicode(&nls_tables.OemTableInfo, out, in, allocate);
}

/** Converts, into out's buffer (cut to it, with STATUS_BUFFER_OVERFLOW) or a new one. */
NTSTATUS WINAPI RtlUnicodeStringToAnsiString(PANSI_STRING out, PCUNICODE_STRING in, BOOLEAN allocate)
{
    return from_unicode(&nls_tables.AnsiTableInfo, out, in, allocate, FALSE, TRUE);
}

NTSTATUS WINAPI RtlUnicodeStringToOemString(POEM_STRING out, PCUNICODE_STRING in, BOOLEAN allocate)
{
    return from_unicode(&nls_tables.OemTableInfo, out, in, allocate, FALSE, TRUE);
}

NTSTATUS WINAPI RtlUpcaseUnicodeStringToAnsiString(PSTRING out, PCUNICODE_STRING in, BOOLEAN allocate)
{
    return from_unicode(&nls_tables.AnsiTableInfo, out, in, allocate, TRUE, TRUE);
}

NTSTATUS WINAPI RtlUpcaseUnicodeStringToOemString(PSTRING out, PCUNICODE_STRING in, BOOLEAN allocate)
{
    return from_unicode(&nls_tables.OemTableInfo, out, in, allocate, TRUE, TRUE);
}

NTSTATUS WINAPI RtlUnicodeStringToCountedOemString(PSTRING out, PCUNICODE_STRING in, BOOLEAN allocate)
{
    return from_unicode(&nls_tables.OemTableInfo, out, in, allocate, FALSE, FALSE);
}

NTSTATUS WINAPI RtlUpcaseUnicodeStringToCountedOemString(PSTRING out, PCUNICODE_STRING in, BOOLEAN allocate)
{
    return from_unicode(&nls_tables.OemTableInfo, out, in, allocate, TRUE, FALSE);
}

NTSTATUS WINAPI RtlUTF8StringToUnicodeString(PUNICODE_STRING out, const STRING *in, BOOLEAN allocate)
{
    CPTABLEINFO page = {.CodePage = CP_UTF8_PAGE};

    return to_unicode(&page, out, in, allocate);
}

NTSTATUS WINAPI RtlUnicodeStringToUTF8String(PSTRING out, PCUNICODE_STRING in, BOOLEAN allocate)
{
    CPTABLEINFO page = {.CodePage = CP_UTF8_PAGE};

    return from_unicode(&page, out, in, allocate, FALSE, TRUE);
}

// Sizes with the terminator.
ULONG WINAPI RtlxAnsiStringToUnicodeSize(PCANSI_STRING in)
{
    return nls_unicode_size(&nls_tables.AnsiTableInfo, in->Buffer, in->Length) + sizeof(WCHAR);
}

ULONG WINAPI RtlxOemStringToUnicodeSize(const STRING *in)
{
    return nls_unicode_size(&nls_tables.OemTableInfo, in->Buffer, in->Length) + sizeof(WCHAR);
}

ULONG WINAPI RtlxUnicodeStringToAnsiSize(PCUNICODE_STRING in)
{
    return nls_multibyte_size(&nls_tables.AnsiTableInfo, in->Buffer, in->Length) + 1;
}

ULONG WINAPI RtlxUnicodeStringToOemSize(PCUNICODE_STRING in)
{
    return nls_multibyte_size(&nls_tables.OemTableInfo, in->Buffer, in->Length) + 1;
}

// Both parsers: leading blanks (what isn't above a space), a sign, 0x, 0o or 0b if base is 0.
static NTSTATUS parse_integer(PCWCH wide, const BYTE *narrow, ULONG n, ULONG base, PULONG value)
{
#define AT(i) ((i) < n ? (wide ? wide[i] : narrow[i]) : 0)
    ULONG i = 0, result = 0;
    BOOLEAN negative = FALSE;

    while (i < n && AT(i) <= ' ' && (wide || AT(i))) i++;
    if (AT(i) == '+' || AT(i) == '-') {
        negative = AT(i) == '-';
        i++;
    }
    if (!base) {
        base = 10;
        if (AT(i) == '0') {
            if (AT(i + 1) == 'b') base = 2;
            if (AT(i + 1) == 'o') base = 8;
            if (AT(i + 1) == 'x') base = 16;
            if (base != 10) i += 2;
        }
    } else if (base != 2 && base != 8 && base != 10 && base != 16) {
        return STATUS_INVALID_PARAMETER;
    }
    if (!value) return STATUS_ACCESS_VIOLATION;
    for (ULONG digit; (digit = digit_value(AT(i))) < base; i++) result = result * base + digit;
    *value = negative ? -result : result;
    return STATUS_SUCCESS;
#undef AT
}

/** Parses a number in base 2, 8, 10, 16, or 0 (by its prefix). STATUS_INVALID_PARAMETER for other bases. */
NTSTATUS WINAPI RtlUnicodeStringToInteger(PCUNICODE_STRING string, ULONG base, PULONG value)
{
    return parse_integer(string->Buffer, NULL, string->Length / sizeof(WCHAR), base, value);
}

NTSTATUS WINAPI RtlCharToInteger(PCSZ string, ULONG base, PULONG value)
{
    return parse_integer(NULL, (const BYTE *)string, strlen(string), base, value);
}

// Digits backwards from end; returns where they start, NULL for a base that isn't 0 (10), 2, 8, 10 or 16.
static char *digits(ULONGLONG value, ULONG base, char *end)
{
    if (!base) base = 10;
    if (base != 2 && base != 8 && base != 10 && base != 16) return NULL;
    do {
        *--end = "0123456789ABCDEF"[value % base];
        value /= base;
    } while (value);
    return end;
}

static NTSTATUS to_chars(ULONGLONG value, ULONG base, ULONG length, PCHAR out)
{
    char buffer[64], *end = buffer + sizeof(buffer), *start = digits(value, base, end);
    ULONG n = end - start;

    if (!start) return STATUS_INVALID_PARAMETER;
    if (n > length) return STATUS_BUFFER_OVERFLOW;
    if (!out) return STATUS_ACCESS_VIOLATION;
    memcpy(out, start, n);
    if (n < length) out[n] = 0;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlIntegerToChar(ULONG value, ULONG base, ULONG length, PCHAR out)
{
    return to_chars(value, base, length, out);
}

NTSTATUS WINAPI RtlLargeIntegerToChar(const ULONGLONG *value, ULONG base, ULONG length, PCHAR out)
{
    return to_chars(*value, base, length, out);
}

static NTSTATUS to_string(ULONGLONG value, ULONG base, PUNICODE_STRING string)
{
    char buffer[64], *end = buffer + sizeof(buffer), *start = digits(value, base, end);
    ULONG n = end - start;

    if (!start) return STATUS_INVALID_PARAMETER;
    string->Length = n * sizeof(WCHAR);
    if (string->Length >= string->MaximumLength) return STATUS_BUFFER_OVERFLOW;
    for (ULONG i = 0; i < n; i++) string->Buffer[i] = start[i];
    string->Buffer[n] = 0;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlIntegerToUnicodeString(ULONG value, ULONG base, PUNICODE_STRING string)
{
    return to_string(value, base, string);
}

NTSTATUS WINAPI RtlInt64ToUnicodeString(ULONGLONG value, ULONG base, PUNICODE_STRING string)
{
    return to_string(value, base, string);
}
