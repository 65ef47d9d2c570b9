// The page table of the guest, and how its states become host protections.
#include "page_table.h"
#include "guest_constants.h"
#include <string.h>
#include <sys/mman.h>

_Atomic page_state page_table[GUEST_PAGES];
bool page_data_executable;

// Four entries at once, for the loops that look at many.
typedef uint64_t __attribute__((may_alias)) page_quad;

static uint64_t quad_of(page_state state)
{
    return state * 0x0001000100010001ull;
}

void page_fill(uint32_t page, uint32_t n, page_state state)
{
    uint32_t end = page + n;
    // Entries that have the value already are left alone: clearing a large reservation must not make the
    // table resident.
    uint64_t quad = quad_of(state);
    while (page < end) {
        if (!(page & 3) && end - page >= 4) {
            page_quad *at = (page_quad *)&page_table[page];
            if (*at != quad) __atomic_store_n(at, quad, __ATOMIC_RELAXED);
            page += 4;
        } else {
            if (page_get(page) != state) page_set(page, state);
            page++;
        }
    }
}

uint32_t page_run(uint32_t page, uint32_t n)
{
    page_state state = page_get(page);
    uint64_t quad = quad_of(state);
    uint32_t at = page + 1, end = page + n;
    while (at < end) {
        if (!(at & 3) && end - at >= 4 && *(const page_quad *)&page_table[at] == quad) {
            at += 4;
            continue;
        }
        if (page_get(at) != state) break;
        at++;
    }
    return at - page;
}

bool page_from_protect(uint32_t protect, page_state *state)
{
    uint32_t base = protect & 0xff;
    uint32_t modifiers = protect & ~0xffu;
    if (!base || (base & (base - 1))) return false;
    if ((modifiers & PAGE_TARGETS_INVALID) && base < PAGE_EXECUTE) return false;
    modifiers &= ~(uint32_t)PAGE_TARGETS_INVALID;
    if (modifiers & ~(uint32_t)(PAGE_GUARD | PAGE_NOCACHE | PAGE_WRITECOMBINE)) return false;
    if (base == PAGE_NOACCESS && modifiers) return false;
    if ((modifiers & PAGE_GUARD) && (modifiers & (PAGE_NOCACHE | PAGE_WRITECOMBINE))) return false;
    if ((modifiers & PAGE_NOCACHE) && (modifiers & PAGE_WRITECOMBINE)) return false;
    *state = (page_state)__builtin_ctz(base);
    if (modifiers & PAGE_GUARD) *state |= PS_GUARD;
    return true;
}

uint32_t page_to_protect(page_state state)
{
    uint32_t protect = 1u << (state & PS_PROTECT);
    if (state & PS_GUARD) protect |= PAGE_GUARD;
    return protect;
}

int page_host_protection(page_state state)
{
    // PROT_EXEC alone would be execute-only where the CPU has protection keys; Windows' PAGE_EXECUTE reads.
    static const uint8_t table[8] = {
        PROT_NONE,
        PROT_READ,
        PROT_READ | PROT_WRITE,
        PROT_READ | PROT_WRITE,
        PROT_READ | PROT_EXEC,
        PROT_READ | PROT_EXEC,
        PROT_READ | PROT_WRITE | PROT_EXEC,
        PROT_READ | PROT_WRITE | PROT_EXEC,
    };
    if (!(state & PS_COMMITTED) || (state & PS_GUARD)) return PROT_NONE;
    int protection = table[state & PS_PROTECT];
    if (state & PS_CLEAN) protection &= ~PROT_WRITE;
    if (page_data_executable && (protection & PROT_READ)) protection |= PROT_EXEC;
    return protection;
}

bool page_apply(uint32_t page, uint32_t n)
{
    uint32_t end = page + n;
    while (page < end) {
        uint32_t at = page;
        page_state state = page_get(page);
        int protection = page_host_protection(state);
        do at += page_run(at, end - at);
        while (at < end && page_host_protection(page_get(at)) == protection);
        void *address = guest_ptr(page << GUEST_PAGE_SHIFT);
        size_t size = (size_t)(at - page) << GUEST_PAGE_SHIFT;
        if (mprotect(address, size, protection)) {
            // A view of a file on a noexec mount can't be executed: that matters only to code that asks for
            // it.
            if (!(protection & PROT_EXEC) || (state & 4) || mprotect(address, size, protection & ~PROT_EXEC))
                return false;
        }
        page = at;
    }
    return true;
}
