// Internationalized domain names: mapping of labels (ntdll's table), and punycode (RFC 3492).
#include "normalization.h"
#include "normalization_record.h"
#include "rtl.h"
#include "utf16.h"
#include <stdbool.h>

enum {
    LABEL_MAX = 63,

    // RFC 3492, 5.
    BASE = 36,
    T_MIN = 1,
    T_MAX = 26,
    SKEW = 38,
    DAMP = 700,
    INITIAL_BIAS = 72,
    INITIAL_N = 0x80,
};

static const WCHAR prefix[] = L"xn--";
#define PREFIX_LENGTH 4

// ---- text that grows up to the room there is; without a buffer it is only measured ----

struct output {
    WCHAR *buffer;
    int room, n;
};

static NTSTATUS put(struct output *output, const WCHAR *text, int n)
{
    if (output->room && output->n + n > output->room) return STATUS_BUFFER_TOO_SMALL;
    if (output->room) memcpy(output->buffer + output->n, text, (SIZE_T)n * sizeof(WCHAR));
    output->n += n;
    return STATUS_SUCCESS;
}

// ---- punycode ----

static unsigned adapt(unsigned delta, unsigned points, bool first)
{
    unsigned k = 0;
    delta = first ? delta / DAMP : delta / 2;
    delta += delta / points;
    for (; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE) delta /= BASE - T_MIN;
    return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

static unsigned threshold(unsigned k, unsigned bias)
{
    return k <= bias + T_MIN ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;
}

static WCHAR digit_of(unsigned value)
{
    return (WCHAR)(value < 26 ? 'a' + value : '0' + value - 26);
}

// 0 to 35, or BASE for what is no digit.
static unsigned value_of(WCHAR c)
{
    if (c >= '0' && c <= '9') return (unsigned)(c - '0' + 26);
    if (c >= 'a' && c <= 'z') return (unsigned)(c - 'a');
    return c >= 'A' && c <= 'Z' ? (unsigned)(c - 'A') : BASE;
}

// A generalized variable-length integer.
static int encode_number(unsigned delta, unsigned bias, WCHAR *out)
{
    int n = 0;
    for (unsigned k = BASE;; k += BASE) {
        const unsigned t = threshold(k, bias);
        if (delta < t) break;
        out[n++] = digit_of(t + (delta - t) % (BASE - t));
        delta = (delta - t) / (BASE - t);
    }
    out[n++] = digit_of(delta);
    return n;
}

// The smallest code point from least on; 0x110000: there is none.
static unsigned smallest_from(const WCHAR *label, int n, unsigned least)
{
    unsigned found = 0x110000;
    for (int at = 0; at < n;) {
        const unsigned c = utf16_next(label, n, &at);
        if (c >= least && c < found) found = c;
    }
    return found;
}

// A label in punycode behind its prefix: its length, or 0 when it is too long.
static int encode_label(const WCHAR *label, int n, WCHAR out[LABEL_MAX + 1])
{
    unsigned c = INITIAL_N, delta = 0, bias = INITIAL_BIAS, handled = 0, basic;
    int written = PREFIX_LENGTH;
    memcpy(out, prefix, PREFIX_LENGTH * sizeof(WCHAR));
    if (n > LABEL_MAX) return 0;
    for (int i = 0; i < n; i++) {
        if (label[i] >= 0x80) continue;
        if (written == LABEL_MAX) return 0;
        out[written++] = label[i];
        handled++;
    }
    basic = handled;
    if (handled && written < LABEL_MAX) out[written++] = '-';
    for (;;) {
        const unsigned next = smallest_from(label, n, c);
        if (next == 0x110000) return written;
        delta += (next - c) * (handled + 1); // no overflow: labels are short
        c = next;
        for (int at = 0; at < n;) {
            WCHAR digits[16];
            const unsigned d = utf16_next(label, n, &at);
            if (d < c) delta++;
            if (d != c) continue;
            const int digits_n = encode_number(delta, bias, digits);
            if (written + digits_n > LABEL_MAX) return 0;
            memcpy(out + written, digits, (SIZE_T)digits_n * sizeof(WCHAR));
            written += digits_n;
            bias = adapt(delta, handled + 1, handled == basic);
            handled++;
            delta = 0;
        }
        delta++;
        c++;
    }
}

// One number of a label; false when it ends or overflows.
static bool decode_number(const WCHAR *label, int n, int *at, unsigned bias, unsigned *result)
{
    unsigned value = 0, weight = 1;
    for (unsigned k = BASE;; k += BASE) {
        if (*at == n) return false;
        const unsigned digit = value_of(label[(*at)++]), t = threshold(k, bias);
        if (digit >= BASE || digit > (UINT32_MAX - value) / weight) return false;
        value += digit * weight;
        if (digit < t) break;
        if (weight > UINT32_MAX / (BASE - t)) return false;
        weight *= BASE - t;
    }
    *result = value;
    return true;
}

// A label behind its prefix as code points: how many, or -1.
static int decode_label(const WCHAR *label, int n, unsigned points[LABEL_MAX])
{
    unsigned c = INITIAL_N, i = 0, bias = INITIAL_BIAS;
    int count = 0, delimiter = n - 1, at = 0, basic;
    while (delimiter >= 0 && label[delimiter] != '-') delimiter--;
    for (; at < delimiter; at++) points[count++] = label[at];
    if (delimiter >= 0) at++;
    basic = count;
    while (at < n) {
        unsigned step;
        if (count == LABEL_MAX || !decode_number(label, n, &at, bias, &step) || step > UINT32_MAX - i)
            return -1;
        i += step;
        const unsigned places = (unsigned)count + 1;
        bias = adapt(step, places, count == basic);
        if (i / places > 0x10FFFF - c) return -1;
        c += i / places;
        i %= places;
        if (c < INITIAL_N || (c >= 0xD800 && c < 0xE000)) return -1;
        memmove(points + i + 1, points + i, ((SIZE_T)count - i) * sizeof(*points));
        points[i++] = c;
        count++;
    }
    return count;
}

// ---- labels ----

static bool is_ascii(const WCHAR *text, int n)
{
    for (int i = 0; i < n; i++)
        if (text[i] >= 0x80) return false;
    return true;
}

// Whether a label may have only letters, digits and hyphens that aren't at its ends, and does.
static bool breaks_std3(DWORD flags, const WCHAR *label, int n)
{
    if (!(flags & IDN_USE_STD3_ASCII_RULES) || !n) return false;
    if (label[0] == '-' || label[n - 1] == '-') return true;
    for (int i = 0; i < n; i++)
        if (label[i] < 0x80 && label[i] != '-' && value_of(label[i]) == BASE) return true;
    return false;
}

static bool has_unassigned(const WCHAR *text, int n)
{
    const WORD *words = normalization_words(NORMALIZATION_OF_DOMAIN_NAMES);
    if (!words) return true;
    for (int at = 0; at < n;)
        if (normalization_record_of(words, utf16_next(text, n, &at))->flags & NORMALIZATION_UNASSIGNED)
            return true;
    return false;
}

// Handles one label of a name.
typedef NTSTATUS (*label_handler)(DWORD flags, const WCHAR *label, int n, struct output *output);

// Calls a handler for each label of a name without a NUL; the last one may be empty when others precede it.
static NTSTATUS each_label(DWORD flags, const WCHAR *name, int n, label_handler handle, struct output *output)
{
    for (int start = 0, at = 0; at <= n; at++) {
        if (at < n && !name[at]) return STATUS_INVALID_IDN_NORMALIZATION;
        if (at < n && name[at] != '.') continue;
        if (at == start && at < n) return STATUS_INVALID_IDN_NORMALIZATION;
        if (breaks_std3(flags, name + start, at - start)) return STATUS_INVALID_IDN_NORMALIZATION;
        NTSTATUS status = at > start ? handle(flags, name + start, at - start, output) : STATUS_SUCCESS;
        if (!status && at < n) status = put(output, L".", 1);
        if (status) return status;
        start = at + 1;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS prepared_label(DWORD flags, const WCHAR *label, int n, struct output *output)
{
    (void)flags;
    return n <= LABEL_MAX ? put(output, label, n) : STATUS_INVALID_IDN_NORMALIZATION;
}

static NTSTATUS ascii_label(DWORD flags, const WCHAR *label, int n, struct output *output)
{
    WCHAR encoded[LABEL_MAX + 1];
    if (is_ascii(label, n)) return prepared_label(flags, label, n, output);
    const int encoded_n = encode_label(label, n, encoded);
    return encoded_n ? put(output, encoded, encoded_n) : STATUS_INVALID_IDN_NORMALIZATION;
}

static bool has_prefix(const WCHAR *label, int n)
{
    if (n <= PREFIX_LENGTH) return false;
    for (int i = 0; i < PREFIX_LENGTH; i++)
        if ((label[i] | (prefix[i] & 0x40) >> 1) != prefix[i]) return false; // letters in either case
    return true;
}

static NTSTATUS unicode_label(DWORD flags, const WCHAR *label, int n, struct output *output)
{
    unsigned points[LABEL_MAX];
    WCHAR decoded[2 * LABEL_MAX];
    int decoded_n = 0;
    if (!is_ascii(label, n) || n > LABEL_MAX) return STATUS_INVALID_IDN_NORMALIZATION;
    if (!has_prefix(label, n)) return put(output, label, n);
    const int count = decode_label(label + PREFIX_LENGTH, n - PREFIX_LENGTH, points);
    for (int i = 0; i < count; i++) {
        if (points[i] >= 0x10000) decoded[decoded_n++] = (WCHAR)(0xD7C0 + (points[i] >> 10));
        decoded[decoded_n++] = (WCHAR)(points[i] < 0x10000 ? points[i] : 0xDC00 + (points[i] & 0x3FF));
    }
    if (count <= 0 || (!(flags & IDN_ALLOW_UNASSIGNED) && has_unassigned(decoded, decoded_n)))
        return STATUS_INVALID_IDN_NORMALIZATION;
    return put(output, decoded, decoded_n);
}

// The name as domain names map it, in a buffer of the process heap.
static NTSTATUS map_name(ULONG flags, const WCHAR *name, int *n, WCHAR **mapped)
{
    LONG room = *n * 20; // more than the longest mapping
    *mapped = RtlAllocateHeap(peb_self()->ProcessHeap, 0, (SIZE_T)room * sizeof(WCHAR));
    if (!*mapped) return STATUS_NO_MEMORY;
    NTSTATUS status = RtlNormalizeString(NORMALIZATION_OF_DOMAIN_NAMES, name, *n, *mapped, &room);
    if (NT_SUCCESS(status) && room > 0 && (flags & IDN_ALLOW_UNASSIGNED || !has_unassigned(*mapped, room))) {
        *n = room;
        return STATUS_SUCCESS;
    }
    RtlFreeHeap(peb_self()->ProcessHeap, 0, *mapped);
    return STATUS_INVALID_IDN_NORMALIZATION;
}

// ---- the calls: *size is room in units and becomes what was written, or is needed with size 0 ----

// name_n: without the NUL, of which ends tells.
static NTSTATUS convert_name(ULONG flags, const WCHAR *name, int name_n, bool ends, label_handler handle,
                             struct output *output)
{
    WCHAR *mapped = NULL;
    NTSTATUS status = STATUS_SUCCESS;
    // Names of ASCII keep their case.
    if (handle != unicode_label && !is_ascii(name, name_n)) status = map_name(flags, name, &name_n, &mapped);
    if (!status) status = each_label(flags, mapped ? mapped : name, name_n, handle, output);
    if (!status && ends) status = put(output, L"", 1);
    if (mapped) RtlFreeHeap(peb_self()->ProcessHeap, 0, mapped);
    return status;
}

static NTSTATUS convert(ULONG flags, const WCHAR *name, LONG length, WCHAR *buffer, LONG *size,
                        label_handler handle)
{
    if (flags & ~(ULONG)(IDN_ALLOW_UNASSIGNED | IDN_USE_STD3_ASCII_RULES)) return STATUS_INVALID_PARAMETER;
    if (!name || length < -1 || !size || *size < 0 || (*size && !buffer)) return STATUS_INVALID_PARAMETER;
    if (length < 0)
        for (length = 0; name[length++];) {
        }
    const bool ends = length && !name[length - 1]; // with a NUL, which is copied
    if (ends) length--;
    if (!length) return STATUS_INVALID_IDN_NORMALIZATION;
    struct output output = {buffer, *size, 0};
    NTSTATUS status = convert_name(flags, name, length, ends, handle, &output);
    if (!status) *size = output.n;
    return status;
}

/** A domain name in punycode (RFC 3492), label by label; length -1: up to its NUL, which is part of it then.
    STATUS_INVALID_IDN_NORMALIZATION, STATUS_BUFFER_TOO_SMALL, STATUS_INVALID_PARAMETER. Any thread. */
NTSTATUS WINAPI RtlIdnToAscii(ULONG flags, PCWSTR name, LONG length, PWSTR buffer, PLONG size)
{
    return convert(flags, name, length, buffer, size, ascii_label);
}

/** The same, mapped only, as IdnToNameprepUnicode has it. */
NTSTATUS WINAPI RtlIdnToNameprepUnicode(ULONG flags, PCWSTR name, LONG length, PWSTR buffer, PLONG size)
{
    return convert(flags, name, length, buffer, size, prepared_label);
}

/** The way back from RtlIdnToAscii. */
NTSTATUS WINAPI RtlIdnToUnicode(ULONG flags, PCWSTR name, LONG length, PWSTR buffer, PLONG size)
{
    return convert(flags, name, length, buffer, size, unicode_label);
}
