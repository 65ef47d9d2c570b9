// Reading DER.
#include "der.h"

bool der_fail(DWORD error)
{
    SetLastError(error);
    return false;
}

static bool read_length(struct der *in, DWORD *length)
{
    if (!in->size) return der_fail((DWORD)CRYPT_E_ASN1_EOD);
    BYTE first = *in->data++;
    in->size--;
    *length = first;
    if (first < 0x80) return true;
    DWORD digits = first & 0x7F;
    if (!digits || digits > 4) return der_fail((DWORD)CRYPT_E_ASN1_LARGE);
    if (in->size < digits) return der_fail((DWORD)CRYPT_E_ASN1_EOD);
    for (*length = 0; digits; digits--, in->size--) *length = *length << 8 | *in->data++;
    return true;
}

bool der_next(struct der *in, BYTE *tag, struct der *content)
{
    struct der rest = *in;
    if (!rest.size) return der_fail((DWORD)CRYPT_E_ASN1_EOD);
    *tag = *rest.data++;
    rest.size--;
    if ((*tag & 0x1F) == 0x1F) return der_fail((DWORD)CRYPT_E_ASN1_BADTAG);
    if (!read_length(&rest, &content->size)) return false;
    if (content->size > rest.size) return der_fail((DWORD)CRYPT_E_ASN1_EOD);
    content->data = rest.data;
    in->data = rest.data + content->size;
    in->size = rest.size - content->size;
    return true;
}

bool der_is(const struct der *in, BYTE tag)
{
    return in->size && in->data[0] == tag;
}

bool der_take(struct der *in, BYTE tag, struct der *content)
{
    BYTE found;
    if (in->size && !der_is(in, tag)) return der_fail((DWORD)CRYPT_E_ASN1_BADTAG);
    return der_next(in, &found, content);
}

bool der_take_optional(struct der *in, BYTE tag, struct der *content)
{
    content->data = NULL;
    content->size = 0;
    return !der_is(in, tag) || der_take(in, tag, content);
}

bool der_take_whole(struct der *in, struct der *whole)
{
    BYTE tag;
    struct der content;
    whole->data = in->data;
    if (!der_next(in, &tag, &content)) return false;
    whole->size = (DWORD)(in->data - whole->data);
    return true;
}

bool der_end(const struct der *in)
{
    return !in->size || der_fail((DWORD)CRYPT_E_ASN1_CORRUPT);
}

bool der_count(struct der in, DWORD *count)
{
    BYTE tag;
    struct der content;
    for (*count = 0; in.size; ++*count)
        if (!der_next(&in, &tag, &content)) return false;
    return true;
}

bool der_take_int(struct der *in, BYTE tag, int *value)
{
    struct der content;
    if (!der_take(in, tag, &content)) return false;
    if (!content.size) return der_fail((DWORD)CRYPT_E_ASN1_CORRUPT);
    if (content.size > 4) return der_fail((DWORD)CRYPT_E_ASN1_LARGE);
    DWORD bits = content.data[0] & 0x80 ? ~0u : 0;
    while (content.size--) bits = bits << 8 | *content.data++;
    *value = (int)bits;
    return true;
}

bool der_take_bool(struct der *in, BOOL *value)
{
    struct der content;
    if (!der_take(in, DER_BOOLEAN, &content)) return false;
    if (content.size != 1) return der_fail((DWORD)CRYPT_E_ASN1_CORRUPT);
    *value = content.data[0] != 0;
    return true;
}

bool der_bits(struct der content, const BYTE **data, DWORD *size, DWORD *unused)
{
    if (!content.size || content.data[0] > 7 || (content.size == 1 && content.data[0]))
        return der_fail((DWORD)CRYPT_E_ASN1_CORRUPT);
    *unused = content.data[0];
    *data = content.data + 1;
    *size = content.size - 1;
    return true;
}

// --- time

// Two digits.
static bool read_pair(struct der *in, WORD *value)
{
    if (in->size < 2) return false;
    unsigned high = in->data[0] - '0', low = in->data[1] - '0';
    in->data += 2;
    in->size -= 2;
    *value = (WORD)(high * 10 + low);
    return high < 10 && low < 10;
}

static bool read_year(struct der *in, bool whole, WORD *year)
{
    WORD low;
    if (!read_pair(in, year)) return false;
    if (!whole) {
        *year = (WORD)(*year + (*year < 50 ? 2000 : 1900));
        return true;
    }
    if (!read_pair(in, &low)) return false;
    *year = (WORD)(*year * 100 + low);
    return true;
}

// "Z", or how far local time is ahead: "+0100". In minutes.
static bool read_zone(struct der *in, int *ahead)
{
    WORD hours, minutes;
    *ahead = 0;
    if (!in->size) return true;
    char sign = (char)*in->data++;
    in->size--;
    if (sign == 'Z') return true;
    if ((sign != '+' && sign != '-') || !read_pair(in, &hours) || !read_pair(in, &minutes)) return false;
    *ahead = (hours * 60 + minutes) * (sign == '-' ? -1 : 1);
    return true;
}

static void read_fraction(struct der *in, SYSTEMTIME *time)
{
    if (!in->size || (in->data[0] != '.' && in->data[0] != ',')) return;
    in->data++;
    in->size--;
    for (WORD scale = 100; in->size && in->data[0] >= '0' && in->data[0] <= '9';
         in->data++, in->size--, scale /= 10)
        time->wMilliseconds = (WORD)(time->wMilliseconds + (in->data[0] - '0') * scale);
}

bool der_time(BYTE tag, struct der content, FILETIME *time)
{
    SYSTEMTIME parts = {0};
    int ahead = 0;
    bool whole = tag == DER_GENERALIZED_TIME;
    bool good = (whole || tag == DER_UTC_TIME) && read_year(&content, whole, &parts.wYear) &&
                read_pair(&content, &parts.wMonth) && read_pair(&content, &parts.wDay) &&
                read_pair(&content, &parts.wHour) && read_pair(&content, &parts.wMinute);
    if (good && content.size && content.data[0] >= '0' && content.data[0] <= '9')
        good = read_pair(&content, &parts.wSecond);
    if (good && whole) read_fraction(&content, &parts);
    if (!good || !read_zone(&content, &ahead) || !SystemTimeToFileTime(&parts, time))
        return der_fail((DWORD)CRYPT_E_ASN1_CORRUPT);
    ULONGLONG ticks = (ULONGLONG)time->dwHighDateTime << 32 | time->dwLowDateTime;
    ticks -= (ULONGLONG)(ahead * 60LL * 10000000);
    *time = (FILETIME){(DWORD)ticks, (DWORD)(ticks >> 32)};
    return true;
}

// --- object identifiers

// Appends an arc; text NULL only counts.
static void put_arc(char *text, DWORD room, DWORD *length, DWORD arc)
{
    char digits[12];
    DWORD count = 0;
    do {
        digits[count++] = (char)('0' + arc % 10);
        arc /= 10;
    } while (arc);
    if (*length) digits[count++] = '.';
    for (; count; ++*length) {
        char digit = digits[--count];
        if (text && *length < room) text[*length] = digit;
    }
}

bool der_oid_text(struct der content, char *text, DWORD room, DWORD *length)
{
    DWORD arc = 0;
    bool first = true;
    if (!content.size || content.data[content.size - 1] & 0x80) return der_fail((DWORD)CRYPT_E_ASN1_CORRUPT);
    for (*length = 0; content.size; content.size--) {
        BYTE byte = *content.data++;
        // Leading zeros would give one identifier many forms.
        if (!arc && byte == 0x80) return der_fail((DWORD)CRYPT_E_ASN1_CORRUPT);
        if (arc > 0x1FFFFFF) return der_fail((DWORD)CRYPT_E_ASN1_LARGE);
        arc = arc << 7 | (byte & 0x7F);
        if (byte & 0x80) continue;
        if (first) {
            DWORD root = arc < 80 ? arc / 40 : 2;
            put_arc(text, room, length, root);
            arc -= root * 40;
        }
        put_arc(text, room, length, arc);
        first = false;
        arc = 0;
    }
    if (text && *length < room) text[*length] = 0;
    ++*length;
    return !text || *length <= room || der_fail(ERROR_MORE_DATA);
}
