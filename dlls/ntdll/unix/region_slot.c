// Slots: which processes have joined, and which of them live. A slot's token is an open-file-description lock
// on its byte of a file; the kernel drops it with the process, however that ends.
#include "region.h"
#include "region_layout.h"
#include "guest_constants.h"
#include "loader/host_clock.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int tokens = -1; // the file; -1: we are alone
static uint32_t self = REGION_SLOTS;

static int lock_byte(int command, struct flock *range, uint32_t slot)
{
    *range = (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = slot, .l_len = 1};
    int result;
    do result = fcntl(tokens, command, range);
    while (result != 0 && errno == EINTR);
    return result;
}

uint32_t region_token_take(int directory)
{
    struct flock range;
    if (directory < 0) return self = 0;
    tokens = openat(directory, "tokens", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (tokens < 0) return REGION_SLOTS;
    // From a place of our own on, so that those who start together don't try one after the other.
    uint32_t first = (uint32_t)getpid() % REGION_SLOTS;
    for (uint32_t i = 0; i < REGION_SLOTS; i++) {
        uint32_t slot = (first + i) % REGION_SLOTS;
        if (lock_byte(F_OFD_SETLK, &range, slot) == 0) return self = slot;
    }
    close(tokens);
    tokens = -1;
    return REGION_SLOTS;
}

void region_slot_enter(uint32_t slot)
{
    struct region_slot *record = &region->slots[slot];
    if (region_set_has(&region->used, slot)) region_forget_slot(slot);
    region_set_add(&region->used, slot);
    atomic_fetch_add(&record->generation, 1);
    atomic_store(&record->exit_status, STATUS_PENDING);
    atomic_store(&record->holds, 0);
    atomic_store(&record->started, (uint64_t)host_system_time());
    atomic_store(&record->pid, (uint32_t)getpid());
    // Each start cleans up after two that may be dead: nobody else might ever meet them.
    for (uint32_t i = 0, other = slot; i < 2; i++) {
        other = region_slot_next(other + 1);
        if (other >= REGION_SLOTS) other = region_slot_next(0);
        if (other == slot) break;
        region_slot_reap(other);
    }
}

uint32_t region_self(void)
{
    return self;
}

void region_self_holds(enum region_holding holding)
{
    _Atomic uint32_t *holds = &region->slots[self].holds;
    if (!(atomic_load_explicit(holds, memory_order_relaxed) & holding)) atomic_fetch_or(holds, holding);
}

struct region_slot *region_slot(uint32_t slot)
{
    return slot < REGION_SLOTS ? &region->slots[slot] : NULL;
}

bool region_slot_alive(uint32_t slot)
{
    struct flock range;
    if (slot == self) return true;
    if (slot >= REGION_SLOTS || tokens < 0) return false;
    return lock_byte(F_OFD_GETLK, &range, slot) != 0 || range.l_type != F_UNLCK;
}

bool region_slot_reap(uint32_t slot)
{
    if (slot >= REGION_SLOTS || !region_set_has(&region->used, slot) || region_slot_alive(slot)) return false;
    region_forget_slot(slot);
    atomic_store(&region->slots[slot].pid, 0);
    region_set_remove(&region->used, slot);
    return true;
}

void region_detach(uint32_t exit_status)
{
    if (self >= REGION_SLOTS || !region) return;
    region_lock();
    region_forget_slot(self);
    atomic_store(&region->slots[self].exit_status, exit_status);
    region_unlock();
    // The token and the slot stay until the process has really ended.
}

uint32_t region_slot_next(uint32_t slot)
{
    return region_set_next(&region->used, slot);
}

uint32_t region_slot_of_pid(uint32_t pid)
{
    for (uint32_t slot = region_slot_next(0); slot < REGION_SLOTS; slot = region_slot_next(slot + 1))
        if (atomic_load(&region->slots[slot].pid) == pid && region_slot_alive(slot)) return slot;
    return REGION_SLOTS;
}

uint32_t region_set_next(const struct region_set *set, uint32_t slot)
{
    while (slot < REGION_SLOTS) {
        uint64_t rest = atomic_load_explicit(&set->words[slot / 64], memory_order_acquire) >> slot % 64;
        if (rest) return slot + (uint32_t)__builtin_ctzll(rest);
        slot = (slot | 63) + 1;
    }
    return REGION_SLOTS;
}
