// Writing DER: elements are written in order; a length is put in when its element ends.
#include "der.h"

void der_write_fail(struct der_writer *out, DWORD error)
{
    if (!out->error) out->error = error;
}

void der_writer_end(struct der_writer *out)
{
    if (out->data) HeapFree(GetProcessHeap(), 0, out->data);
    out->data = NULL;
}

// Makes room for size more bytes.
static bool reserve(struct der_writer *out, DWORD size)
{
    if (out->error) return false;
    if (size <= out->room - out->size) return true;
    DWORD room = (out->size + size) * 2 + 64;
    BYTE *grown = NULL;
    if (room > size && room < 0x40000000)
        grown = out->data ? HeapReAlloc(GetProcessHeap(), 0, out->data, room)
                          : HeapAlloc(GetProcessHeap(), 0, room);
    if (!grown) {
        der_write_fail(out, ERROR_NOT_ENOUGH_MEMORY);
        return false;
    }
    out->data = grown;
    out->room = room;
    return true;
}

void der_put(struct der_writer *out, const void *data, DWORD size)
{
    if (!size || !reserve(out, size)) return;
    memcpy(out->data + out->size, data, size);
    out->size += size;
}

static void put_byte(struct der_writer *out, BYTE byte)
{
    der_put(out, &byte, 1);
}

DWORD der_open(struct der_writer *out, BYTE tag)
{
    put_byte(out, tag);
    return out->size;
}

static DWORD length_bytes(DWORD length, BYTE bytes[5])
{
    DWORD count = 0;
    if (length < 0x80) {
        bytes[0] = (BYTE)length;
        return 1;
    }
    for (DWORD rest = length; rest; rest >>= 8) count++;
    bytes[0] = (BYTE)(0x80 | count);
    for (DWORD i = 0; i < count; i++) bytes[1 + i] = (BYTE)(length >> 8 * (count - 1 - i));
    return 1 + count;
}

void der_close(struct der_writer *out, DWORD mark)
{
    BYTE bytes[5];
    if (out->error) return;
    DWORD length = out->size - mark, count = length_bytes(length, bytes);
    if (!reserve(out, count)) return;
    memmove(out->data + mark + count, out->data + mark, length);
    memcpy(out->data + mark, bytes, count);
    out->size += count;
}

void der_put_element(struct der_writer *out, BYTE tag, const void *data, DWORD size)
{
    DWORD mark = der_open(out, tag);
    der_put(out, data, size);
    der_close(out, mark);
}

void der_put_integer(struct der_writer *out, const BYTE *data, DWORD size, bool unsigned_value)
{
    // Bytes that only repeat the sign are left out.
    while (size > 1 && ((!data[size - 1] && (unsigned_value || !(data[size - 2] & 0x80))) ||
                        (!unsigned_value && data[size - 1] == 0xFF && data[size - 2] & 0x80)))
        size--;
    DWORD mark = der_open(out, DER_INTEGER);
    if (!size || (unsigned_value && data[size - 1] & 0x80)) put_byte(out, 0);
    while (size) put_byte(out, data[--size]);
    der_close(out, mark);
}

void der_put_int(struct der_writer *out, BYTE tag, int value)
{
    DWORD mark = out->size;
    der_put_integer(out, (const BYTE *)&value, sizeof value, false);
    if (!out->error) out->data[mark] = tag;
}

void der_put_bool(struct der_writer *out, BOOL value)
{
    BYTE byte = value ? 0xFF : 0;
    der_put_element(out, DER_BOOLEAN, &byte, 1);
}

void der_put_bits(struct der_writer *out, BYTE tag, const BYTE *data, DWORD size, DWORD unused)
{
    DWORD mark = der_open(out, tag);
    // Bits that aren't used are zero.
    put_byte(out, size ? (BYTE)(unused & 7) : 0);
    der_put(out, data, size);
    if (size && !out->error) out->data[out->size - 1] &= (BYTE)(0xFF << (unused & 7));
    der_close(out, mark);
}

// --- object identifiers

static bool read_arc(const char **text, DWORD *arc)
{
    if (**text < '0' || **text > '9') return false;
    for (*arc = 0; **text >= '0' && **text <= '9'; ++*text) {
        if (*arc > 0xFFFFFFF / 10) return false;
        *arc = *arc * 10 + (DWORD)(**text - '0');
    }
    if (**text && *(*text)++ != '.') return false;
    return true;
}

static void put_base128(struct der_writer *out, DWORD arc)
{
    int shift = 28;
    while (shift && !(arc >> shift)) shift -= 7;
    for (; shift >= 0; shift -= 7) put_byte(out, (BYTE)((arc >> shift & 0x7F) | (shift ? 0x80 : 0)));
}

void der_put_oid(struct der_writer *out, const char *text)
{
    DWORD mark = der_open(out, DER_OID), first, second;
    if (!text || !*text) {
        der_close(out, mark);
        return;
    }
    if (!read_arc(&text, &first) || !read_arc(&text, &second) || first > 2 || (first < 2 && second > 39)) {
        der_write_fail(out, (DWORD)CRYPT_E_ASN1_ERROR);
        return;
    }
    put_base128(out, first * 40 + second);
    while (*text) {
        if (!read_arc(&text, &second)) {
            der_write_fail(out, (DWORD)CRYPT_E_ASN1_ERROR);
            return;
        }
        put_base128(out, second);
    }
    der_close(out, mark);
}

// --- time

static char *put_digits(char *to, unsigned value, int count)
{
    for (int i = count - 1; i >= 0; i--, value /= 10) to[i] = (char)('0' + value % 10);
    return to + count;
}

void der_put_time(struct der_writer *out, const FILETIME *time)
{
    SYSTEMTIME parts;
    char text[16], *end = text;
    if (!FileTimeToSystemTime(time, &parts)) {
        der_write_fail(out, (DWORD)CRYPT_E_BAD_ENCODE);
        return;
    }
    bool short_form = parts.wYear >= 1950 && parts.wYear < 2050;
    end = put_digits(end, short_form ? parts.wYear % 100u : parts.wYear, short_form ? 2 : 4);
    end = put_digits(end, parts.wMonth, 2);
    end = put_digits(end, parts.wDay, 2);
    end = put_digits(end, parts.wHour, 2);
    end = put_digits(end, parts.wMinute, 2);
    end = put_digits(end, parts.wSecond, 2);
    *end++ = 'Z';
    der_put_element(out, short_form ? DER_UTC_TIME : DER_GENERALIZED_TIME, text, (DWORD)(end - text));
}

// --- SET OF

static int compare_elements(const struct der *one, const struct der *other)
{
    int order = memcmp(one->data, other->data, one->size < other->size ? one->size : other->size);
    return order ? order : one->size < other->size ? -1 : one->size > other->size;
}

void der_sort_set(struct der_writer *out, DWORD mark)
{
    if (out->error) return;
    DWORD sorted = 0, total = out->size - mark;
    AUTO_WRITER struct der_writer copy = {0};
    // Each time the smallest of those that come after the last one; sets are small.
    struct der last = {0};
    DWORD count;
    if (!der_count((struct der){out->data + mark, total}, &count) || count < 2) return;
    for (DWORD n = 0; n < count && sorted < total;) {
        struct der rest = {out->data + mark, total}, element, best = {0};
        while (rest.size && der_take_whole(&rest, &element)) {
            if (last.data && compare_elements(&element, &last) <= 0) continue;
            if (!best.data || compare_elements(&element, &best) < 0) best = element;
        }
        if (!best.data) break;
        // Equal ones together.
        for (rest = (struct der){out->data + mark, total}; rest.size && der_take_whole(&rest, &element);) {
            if (compare_elements(&element, &best)) continue;
            der_put(&copy, element.data, element.size);
            sorted += element.size;
            n++;
        }
        last = best;
    }
    if (!copy.error && copy.size == total) memcpy(out->data + mark, copy.data, total);
}
