// Base relocations of i386 images. All of them are bounds-checked: the table is the file's word, not ours.
#include "image.h"
#include "guest_constants.h"

enum {                  // IMAGE_REL_BASED_*
    RELOC_ABSOLUTE = 0, // padding
    RELOC_HIGH = 1,
    RELOC_LOW = 2,
    RELOC_HIGHLOW = 3,
    RELOC_HIGHADJ = 4, // its low half stands in the entry after it
};

#define ENTRIES_AT_ONCE 256

static bool add16(gptr at, uint16_t value)
{
    uint16_t word;
    if (!guest_read(&word, at, 2)) return false;
    word += value;
    return guest_write(at, &word, 2);
}

static bool add32(gptr at, uint32_t value)
{
    uint32_t word;
    return guest_read32(&word, at) && guest_write32(at, word + value);
}

// HIGHADJ: the word at the address is the upper half of a sum whose lower half is low; rounds as the linker
// did.
static bool adjust_high(gptr at, uint16_t low, uint32_t delta)
{
    uint16_t high;
    if (!guest_read(&high, at, 2)) return false;
    uint32_t value = ((uint32_t)high << 16) + (uint32_t)(int32_t)(int16_t)low + delta + 0x8000;
    high = (uint16_t)(value >> 16);
    return guest_write(at, &high, 2);
}

static bool apply(gptr at, unsigned type, uint32_t delta)
{
    switch (type) {
    case RELOC_HIGH: return add16(at, (uint16_t)(delta >> 16));
    case RELOC_LOW: return add16(at, (uint16_t)delta);
    case RELOC_HIGHLOW: return add32(at, delta);
    default: return false;
    }
}

// One block: n entries from the guest address entries for the page at rva.
static bool relocate_block(gptr base, uint32_t image_size, uint32_t rva, gptr entries, uint32_t n,
                           uint32_t delta)
{
    uint16_t buffer[ENTRIES_AT_ONCE];
    bool adjust = false; // the next entry is the low half for adjust_at
    gptr adjust_at = 0;
    for (uint32_t done = 0; done < n;) {
        uint32_t now = n - done < ENTRIES_AT_ONCE ? n - done : ENTRIES_AT_ONCE;
        if (!guest_read(buffer, entries + done * 2, now * 2)) return false;
        for (uint32_t i = 0; i < now; i++) {
            if (adjust) {
                adjust = false;
                if (!adjust_high(adjust_at, buffer[i], delta)) return false;
                continue;
            }
            unsigned type = buffer[i] >> 12;
            if (type == RELOC_ABSOLUTE) continue;
            uint64_t target = (uint64_t)rva + (buffer[i] & 0xfff);
            if (target + (type == RELOC_HIGHLOW ? 4 : 2) > image_size) return false;
            gptr at = base + (uint32_t)target;
            if (type == RELOC_HIGHADJ) {
                adjust = true;
                adjust_at = at;
            } else if (!apply(at, type, delta)) {
                return false;
            }
        }
        done += now;
    }
    return !adjust;
}

NTSTATUS image_relocate(gptr base, const struct image_info *info)
{
    uint32_t delta = base - info->image_base;
    uint32_t image_size = (info->image_size + 0xfff) & ~0xfffu;
    if (info->reloc_rva > image_size || info->reloc_size > image_size - info->reloc_rva)
        return STATUS_INVALID_IMAGE_FORMAT;
    uint32_t at = info->reloc_rva, end = at + info->reloc_size;
    while (end - at >= 8) {
        struct {
            uint32_t rva, size;
        } block;
        if (!guest_read(&block, base + at, sizeof block)) return STATUS_INVALID_IMAGE_FORMAT;
        if (!block.size) break; // some linkers end the table so
        if (block.size < 8 || block.size > end - at) return STATUS_INVALID_IMAGE_FORMAT;
        if (!relocate_block(base, image_size, block.rva, base + at + 8, (block.size - 8) / 2, delta))
            return STATUS_INVALID_IMAGE_FORMAT;
        at += block.size;
    }
    return STATUS_SUCCESS;
}
