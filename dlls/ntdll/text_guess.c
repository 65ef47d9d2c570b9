// Guessing whether bytes are UTF-16 text.
#include "rtl.h"

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
