// UTF-8 to and from UTF-16. Malformed input becomes U+FFFD and is reported.
#include "rtl.h"

/**
 * Converts UTF-8; with out NULL only counts. STATUS_SOME_NOT_MAPPED when something was malformed,
 * STATUS_BUFFER_TOO_SMALL when not all fits (what fits is there), STATUS_INVALID_PARAMETER_4 without input.
 */
NTSTATUS WINAPI RtlUTF8ToUnicodeN(PWSTR out, ULONG out_size, PULONG result, PCCH in, ULONG in_size)
{
    const BYTE *p = (const BYTE *)in, *end = p + in_size;
    ULONG n = 0, room = out ? out_size / sizeof(WCHAR) : ~0u;
    NTSTATUS status = STATUS_SUCCESS;

    if (!in) return STATUS_INVALID_PARAMETER_4;
    if (!out && !result) return STATUS_INVALID_PARAMETER;
    while (p < end) {
        ULONG c = *p++, more, low = 0x80, high = 0xBF;

        if (c < 0x80) {
            more = 0;
        } else if (c >= 0xC2 && c <= 0xDF) {
            more = 1;
            c &= 0x1F;
        } else if (c >= 0xE0 && c <= 0xEF) {
            more = 2;
            if (c == 0xE0) low = 0xA0;  // overlong
            if (c == 0xED) high = 0x9F; // surrogates
            c &= 0x0F;
        } else if (c >= 0xF0 && c <= 0xF4) {
            more = 3;
            if (c == 0xF0) low = 0x90;
            if (c == 0xF4) high = 0x8F;
            c &= 0x07;
        } else {
            more = 0;
            c = 0xFFFD;
            status = STATUS_SOME_NOT_MAPPED;
        }
        for (; more; more--, low = 0x80, high = 0xBF) {
            if (p == end || (*p & 0xC0) != 0x80 || *p < low || *p > high) {
                if (p < end && (*p & 0xC0) == 0x80) p++; // one character for both bytes, as on Windows
                c = 0xFFFD;
                status = STATUS_SOME_NOT_MAPPED;
                break;
            }
            c = c << 6 | (*p++ & 0x3F);
        }
        if (n + (c > 0xFFFF ? 2 : 1) > room) {
            status = STATUS_BUFFER_TOO_SMALL;
            break;
        }
        if (c > 0xFFFF) {
            if (out) {
                out[n] = 0xD7C0 + (c >> 10);
                out[n + 1] = 0xDC00 | (c & 0x3FF);
            }
            n += 2;
        } else {
            if (out) out[n] = c;
            n++;
        }
    }
    if (result) *result = n * sizeof(WCHAR);
    return status;
}

/**
 * Converts UTF-16; with out NULL only counts. STATUS_SOME_NOT_MAPPED for lone surrogates,
 * STATUS_BUFFER_TOO_SMALL when not all fits, STATUS_INVALID_PARAMETER_4 without input, _5 for an odd size.
 */
NTSTATUS WINAPI RtlUnicodeToUTF8N(PCHAR out, ULONG out_size, PULONG result, PCWCH in, ULONG in_size)
{
    ULONG count = in_size / sizeof(WCHAR), n = 0, room = out ? out_size : ~0u;
    NTSTATUS status = STATUS_SUCCESS;
    BYTE *bytes = (BYTE *)out;

    if (!in) return STATUS_INVALID_PARAMETER_4;
    if (!out && !result) return STATUS_INVALID_PARAMETER;
    if (out && in_size % sizeof(WCHAR)) return STATUS_INVALID_PARAMETER_5;
    for (ULONG i = 0; i < count; i++) {
        ULONG c = in[i], length;

        if ((c & 0xF800) == 0xD800) {
            if (c < 0xDC00 && i + 1 < count && (in[i + 1] & 0xFC00) == 0xDC00) {
                c = 0x10000 + ((c & 0x3FF) << 10) + (in[++i] & 0x3FF);
            } else {
                c = 0xFFFD;
                status = STATUS_SOME_NOT_MAPPED;
            }
        }
        length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        if (n + length > room) {
            status = STATUS_BUFFER_TOO_SMALL;
            break;
        }
        if (out) {
            switch (length) {
            case 1: bytes[n] = c; break;
            case 2: bytes[n] = 0xC0 | c >> 6; break;
            case 3: bytes[n] = 0xE0 | c >> 12; break;
            case 4: bytes[n] = 0xF0 | c >> 18; break;
            }
            for (ULONG k = 1; k < length; k++) bytes[n + k] = 0x80 | ((c >> 6 * (length - 1 - k)) & 0x3F);
        }
        n += length;
    }
    if (result) *result = n;
    return status;
}
