// The descriptors of Windows' 32-bit segments: flat code (23h) and data (2Bh), the TEB (53h), and none (0).
// The host's own descriptors, which have the same effect, have other numbers.
#include "thread_selector.h"

enum { CODE = 0xfb, DATA = 0xf3 }; // present, ring 3, accessed; execute/read or read/write
enum { BIG = 0x40, PAGES = 0x80 }; // 32-bit; the limit counts pages
enum { SELECTOR_CODE = 0x20, SELECTOR_DATA = 0x28, SELECTOR_TEB = 0x50, TEB_LIMIT = 0xfff };

static LDT_ENTRY32 descriptor(uint32_t base, uint32_t limit, uint8_t access, uint8_t flags)
{
    LDT_ENTRY32 entry = {.LimitLow = (uint16_t)limit, .BaseLow = (uint16_t)base};
    entry.HighWord.Bytes.BaseMid = (uint8_t)(base >> 16);
    entry.HighWord.Bytes.Flags1 = access;
    entry.HighWord.Bytes.Flags2 = (uint8_t)(flags | (limit >> 16 & 0xf));
    entry.HighWord.Bytes.BaseHi = (uint8_t)(base >> 24);
    return entry;
}

bool thread_selector_describe(uint32_t selector, gptr teb, LDT_ENTRY32 *entry)
{
    if (selector > UINT16_MAX) return false;
    switch (selector & ~3u) {
    case 0: *entry = (LDT_ENTRY32){0}; return true;
    case SELECTOR_CODE: *entry = descriptor(0, 0xfffff, CODE, BIG | PAGES); return true;
    case SELECTOR_DATA: *entry = descriptor(0, 0xfffff, DATA, BIG | PAGES); return true;
    case SELECTOR_TEB: *entry = descriptor(teb, TEB_LIMIT, DATA, BIG); return true;
    default: return false;
    }
}
