// Linux's modify_ldt, and the segment loads that a thread does once.
#include "loader/host_segments.h"
#include <asm/ldt.h>
#include <sys/syscall.h>
#include <unistd.h>

bool host_segments_run_32_bit_code(void)
{
    enum { GUEST_CS = 0x23, CODE = 1 << 11, PRESENT = 1 << 15, LONG = 1 << 21 };
    uint32_t rights = 0;
    bool visible;
    __asm__("larl %2, %0" : "+r"(rights), "=@ccz"(visible) : "r"((uint32_t)GUEST_CS));
    return visible && (rights & (CODE | PRESENT | LONG)) == (CODE | PRESENT);
}

bool host_segments_fill(unsigned first, unsigned count, uint32_t base, uint32_t stride)
{
    enum { WRITE_NEW = 0x11 };
    for (unsigned i = 0; i < count; i++) {
        struct user_desc entry = {
            .entry_number = first + i,
            .base_addr = base + i * stride,
            .limit = 0xfffff,
            .seg_32bit = 1,
            .limit_in_pages = 1,
            .useable = 1,
        };
        if (syscall(SYS_modify_ldt, WRITE_NEW, &entry, sizeof entry) != 0) return false;
    }
    return true;
}

void host_segments_load(uint16_t fs_selector)
{
    // No signal may see the guest's FS base outside the gate, but one that does is handled: signal_entry.S.
    uint64_t base;
    __asm__ volatile("rdfsbase %0\n\t"
                     "movl %2, %%ds\n\t"
                     "movl %2, %%es\n\t"
                     "movl %1, %%fs\n\t"
                     "wrfsbase %0"
                     : "=&r"(base)
                     : "r"((uint32_t)fs_selector), "r"(0x2b)
                     : "memory");
}
