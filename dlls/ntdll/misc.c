// Small things that fit nowhere else: checksums, random numbers, 64-bit arithmetic by call, GUIDs as text.
#include "rtl.h"

/** CRC-32 as in zip and PNG files, continued from initial. */
ULONG WINAPI RtlComputeCrc32(ULONG initial, const void *data, ULONG length)
{
    static const ULONG nibbles[16] = {
        0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C,
        0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C, 0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C,
    };
    const BYTE *p = data;
    ULONG crc = ~initial;

    while (length--) {
        crc ^= *p++;
        crc = crc >> 4 ^ nibbles[crc & 15];
        crc = crc >> 4 ^ nibbles[crc & 15];
    }
    return ~crc;
}

/** The next number of Windows' generator: (seed * 0x7FFFFFED + 0x7FFFFFC3) mod 0x7FFFFFFF. */
ULONG WINAPI RtlUniform(PULONG seed)
{
    return *seed = ((ULONGLONG)*seed * 0x7FFFFFED + 0x7FFFFFC3) % 0x7FFFFFFF;
}

// RtlRandom shuffles RtlUniform's numbers through a table.
static ULONG shuffle(PULONG seed)
{
    static ULONG saved[128];
    static volatile LONG ready;
    ULONG result, *place;

    if (!ready) {
        ULONG fill = 0x1A2B3C4D;
        for (ULONG i = 0; i < ARRAYSIZE(saved); i++) saved[i] = RtlUniform(&fill);
        ready = 1;
    }
    RtlUniform(seed);
    place = &saved[*seed % ARRAYSIZE(saved)];
    result = *place;
    *place = RtlUniform(seed);
    return result;
}

/** A random number below 0x7FFFFFFF. */
ULONG WINAPI RtlRandom(PULONG seed)
{
    return shuffle(seed);
}

ULONG WINAPI RtlRandomEx(PULONG seed)
{
    return shuffle(seed);
}

LARGE_INTEGER WINAPI RtlLargeIntegerAdd(LARGE_INTEGER a, LARGE_INTEGER b)
{
    return (LARGE_INTEGER){.QuadPart = a.QuadPart + b.QuadPart};
}

LARGE_INTEGER WINAPI RtlLargeIntegerSubtract(LARGE_INTEGER a, LARGE_INTEGER b)
{
    return (LARGE_INTEGER){.QuadPart = a.QuadPart - b.QuadPart};
}

LARGE_INTEGER WINAPI RtlLargeIntegerNegate(LARGE_INTEGER a)
{
    return (LARGE_INTEGER){.QuadPart = -a.QuadPart};
}

LARGE_INTEGER WINAPI RtlLargeIntegerShiftLeft(LARGE_INTEGER a, CCHAR count)
{
    return (LARGE_INTEGER){.QuadPart = a.QuadPart << (count & 63)};
}

LARGE_INTEGER WINAPI RtlLargeIntegerShiftRight(LARGE_INTEGER a, CCHAR count)
{
    return (LARGE_INTEGER){.QuadPart = (ULONGLONG)a.QuadPart >> (count & 63)};
}

LARGE_INTEGER WINAPI RtlLargeIntegerArithmeticShift(LARGE_INTEGER a, CCHAR count)
{
    return (LARGE_INTEGER){.QuadPart = a.QuadPart >> (count & 63)};
}

LARGE_INTEGER WINAPI RtlLargeIntegerDivide(ULARGE_INTEGER a, ULARGE_INTEGER b, PULARGE_INTEGER remainder)
{
    if (remainder) remainder->QuadPart = a.QuadPart % b.QuadPart;
    return (LARGE_INTEGER){.QuadPart = a.QuadPart / b.QuadPart};
}

LARGE_INTEGER WINAPI RtlConvertLongToLargeInteger(LONG a)
{
    return (LARGE_INTEGER){.QuadPart = a};
}

LARGE_INTEGER WINAPI RtlConvertUlongToLargeInteger(ULONG a)
{
    return (LARGE_INTEGER){.QuadPart = a};
}

LARGE_INTEGER WINAPI RtlEnlargedIntegerMultiply(LONG a, LONG b)
{
    return (LARGE_INTEGER){.QuadPart = (LONGLONG)a * b};
}

LARGE_INTEGER WINAPI RtlEnlargedUnsignedMultiply(ULONG a, ULONG b)
{
    return (LARGE_INTEGER){.QuadPart = (ULONGLONG)a * b};
}

/** 64 by 32 bits; the quotient must fit 32 bits. */
ULONG WINAPI RtlEnlargedUnsignedDivide(ULARGE_INTEGER a, ULONG b, PULONG remainder)
{
    if (remainder) *remainder = a.QuadPart % b;
    return a.QuadPart / b;
}

LARGE_INTEGER WINAPI RtlExtendedIntegerMultiply(LARGE_INTEGER a, LONG b)
{
    return (LARGE_INTEGER){.QuadPart = a.QuadPart * b};
}

LARGE_INTEGER WINAPI RtlExtendedLargeIntegerDivide(LARGE_INTEGER a, ULONG b, PULONG remainder)
{
    if (remainder) *remainder = (ULONGLONG)a.QuadPart % b;
    return (LARGE_INTEGER){.QuadPart = (ULONGLONG)a.QuadPart / b};
}

/** Makes "{XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}" in a new buffer. STATUS_NO_MEMORY. */
NTSTATUS WINAPI RtlStringFromGUID(const GUID *guid, PUNICODE_STRING string)
{
    char text[40];

    string->Buffer = RtlAllocateHeap(process_heap(), 0, 39 * sizeof(WCHAR));
    if (!string->Buffer) return STATUS_NO_MEMORY;
    string->Length = 38 * sizeof(WCHAR);
    string->MaximumLength = 39 * sizeof(WCHAR);
    _snprintf(text, sizeof(text), "{%08lX-%04X-%04X-%02X%02X-%02X%02X%02X%02X%02X%02X}", guid->Data1,
              guid->Data2, guid->Data3, guid->Data4[0], guid->Data4[1], guid->Data4[2], guid->Data4[3],
              guid->Data4[4], guid->Data4[5], guid->Data4[6], guid->Data4[7]);
    for (ULONG i = 0; i < 39; i++) string->Buffer[i] = (BYTE)text[i];
    return STATUS_SUCCESS;
}

static int hex(WCHAR c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/** Reads what RtlStringFromGUID writes; what follows is not looked at. STATUS_INVALID_PARAMETER. */
NTSTATUS WINAPI RtlGUIDFromString(PCUNICODE_STRING string, GUID *guid)
{
    static const char form[] = "{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}";
    BYTE bytes[16];
    ULONG digits = 0;

    if (string->Length < 38 * sizeof(WCHAR)) return STATUS_INVALID_PARAMETER;
    for (ULONG i = 0; form[i]; i++) {
        int value = hex(string->Buffer[i]);

        if (form[i] != 'x') {
            if (string->Buffer[i] != (BYTE)form[i]) return STATUS_INVALID_PARAMETER;
            continue;
        }
        if (value < 0) return STATUS_INVALID_PARAMETER;
        bytes[digits / 2] = digits % 2 ? bytes[digits / 2] << 4 | value : value;
        digits++;
    }
    guid->Data1 = (ULONG)bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
    guid->Data2 = bytes[4] << 8 | bytes[5];
    guid->Data3 = bytes[6] << 8 | bytes[7];
    memcpy(guid->Data4, bytes + 8, 8);
    return STATUS_SUCCESS;
}

/** Guesses whether a buffer holds UTF-16. *flags: the tests to make, and then those passed
 * (IS_TEXT_UNICODE_...). */
BOOLEAN WINAPI RtlIsTextUnicode(const void *buffer, LONG length, ULONG *flags)
{
    const WCHAR *text = buffer;
    const BYTE *bytes = buffer;
    ULONG asked = flags ? *flags : ~0u, passed = 0, units = length / sizeof(WCHAR);
    ULONG high = 0, low = 0, odd_zeros = 0, last_high = 0, last_low = 0;

    if (length < 2) {
        if (flags) *flags = length ? IS_TEXT_UNICODE_ODD_LENGTH & asked : 0;
        return FALSE;
    }
    if (text[0] == 0xFEFF) passed |= IS_TEXT_UNICODE_SIGNATURE;
    if (text[0] == 0xFFFE) passed |= IS_TEXT_UNICODE_REVERSE_SIGNATURE;
    if (length % 2) passed |= IS_TEXT_UNICODE_ODD_LENGTH;
    if (units > 256) units = 256;
    for (ULONG i = 0; i < units; i++) {
        WCHAR c = text[i];
        LONG h = c >> 8, l = c & 0xFF;

        // How much each byte position varies: in UTF-16 text of one script the high bytes hardly do.
        high += h > (LONG)last_high ? h - last_high : last_high - h;
        low += l > (LONG)last_low ? l - last_low : last_low - l;
        last_high = h;
        last_low = l;
        if (!h || !l) odd_zeros++;
        switch (c) {
        case '\t':
        case '\n':
        case '\r':
        case ' ':
        case 0x3000: passed |= IS_TEXT_UNICODE_CONTROLS; break;
        case 0x0900:
        case 0x0A00:
        case 0x0D00:
        case 0x2000: passed |= IS_TEXT_UNICODE_REVERSE_CONTROLS; break;
        case 0xFFFE:
        case 0xFFFF:
        case 0x0A0D: passed |= IS_TEXT_UNICODE_ILLEGAL_CHARS; break;
        }
    }
    for (LONG i = 0; i < length; i++) {
        if (!bytes[i]) {
            passed |= IS_TEXT_UNICODE_NULL_BYTES;
            break;
        }
    }
    if (odd_zeros == units && !(passed & IS_TEXT_UNICODE_ODD_LENGTH)) passed |= IS_TEXT_UNICODE_ASCII16;
    if (high * 3 < low) passed |= IS_TEXT_UNICODE_STATISTICS;
    if (low * 3 < high) passed |= IS_TEXT_UNICODE_REVERSE_STATISTICS;
    passed &= asked;
    if (flags) *flags = passed;
    if (passed & IS_TEXT_UNICODE_SIGNATURE) return TRUE;
    if (passed & (IS_TEXT_UNICODE_REVERSE_MASK | IS_TEXT_UNICODE_NOT_UNICODE_MASK)) return FALSE;
    return (passed & (IS_TEXT_UNICODE_UNICODE_MASK | IS_TEXT_UNICODE_NOT_ASCII_MASK)) != 0;
}

void WINAPI RtlCopyLuid(PLUID out, const LUID *in)
{
    *out = *in;
}

BOOLEAN WINAPI RtlEqualLuid(const LUID *a, const LUID *b)
{
    return a->LowPart == b->LowPart && a->HighPart == b->HighPart;
}

/** Sets how errors are reported to this thread (SEM_ bits << 4), and returns the former way. */
NTSTATUS WINAPI RtlSetThreadErrorMode(ULONG mode, PULONG former)
{
    if (mode & ~0x70u) return STATUS_INVALID_PARAMETER_1;
    if (former) *former = teb_self()->HardErrorMode;
    teb_self()->HardErrorMode = mode;
    return STATUS_SUCCESS;
}

ULONG WINAPI RtlGetThreadErrorMode(void)
{
    return teb_self()->HardErrorMode;
}
