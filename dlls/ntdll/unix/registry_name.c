// Names as keys of records: upper case, in an encoding of one to three bytes a unit that sorts as the units
// do. What is too long is cut, with a hash of the whole and a number that tells apart those that are still
// equal.
#include "registry_record.h"
#include "upcase.h"
#include <string.h>

enum { ENCODED_MAX = 480, CUT = 0xFF };

static uint16_t unit_at(struct units name, uint32_t i)
{
    uint16_t unit;
    memcpy(&unit, (const uint8_t *)name.text + i * 2, sizeof unit);
    return unit;
}

static uint64_t hash_of(struct units name)
{
    uint16_t upper[VALUE_NAME_MAX];
    uint32_t count = name.count < VALUE_NAME_MAX ? name.count : VALUE_NAME_MAX;
    for (uint32_t i = 0; i < count; i++) upper[i] = upcase(unit_at(name, i));
    return registry_name_hash(upper, count);
}

static size_t encode(uint8_t *out, struct units name, uint8_t twin)
{
    size_t n = 0;
    for (uint32_t i = 0; i < name.count; i++) {
        uint16_t unit = upcase(unit_at(name, i));
        if (n + 3 > ENCODED_MAX) {
            uint64_t hash = hash_of(name);
            out[n++] = CUT;
            for (int shift = 56; shift >= 0; shift -= 8) out[n++] = (uint8_t)(hash >> shift);
            out[n++] = twin;
            return n;
        }
        if (unit < 0x80) {
            out[n++] = (uint8_t)unit;
        } else if (unit < 0x800) {
            out[n++] = (uint8_t)(0xC0 | unit >> 6);
            out[n++] = 0x80 | (unit & 0x3F);
        } else {
            out[n++] = (uint8_t)(0xE0 | unit >> 12);
            out[n++] = 0x80 | (unit >> 6 & 0x3F);
            out[n++] = 0x80 | (unit & 0x3F);
        }
    }
    return n;
}

size_t record_key(uint8_t *out, key_id id, enum record_kind kind, struct units name, uint8_t twin)
{
    for (int i = 0; i < 8; i++) out[i] = (uint8_t)(id >> (56 - 8 * i));
    out[8] = (uint8_t)kind;
    return 9 + encode(out + 9, name, twin);
}

bool units_equal(struct units a, struct units b)
{
    if (a.count != b.count) return false;
    for (uint32_t i = 0; i < a.count; i++) {
        uint16_t x = unit_at(a, i), y = unit_at(b, i);
        if (x != y && upcase(x) != upcase(y)) return false;
    }
    return true;
}
