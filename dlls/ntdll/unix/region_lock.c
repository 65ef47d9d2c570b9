// Locks between processes: a futex word that names its holder by slot and generation, so that who waits can
// see that the holder is dead and take its place. The region's own, and those of other shared memory.
#include "region.h"
#include "region_lock.h"
#include "region_layout.h"
#include "loader/host_clock.h"
#include "loader/host_futex.h"

#define CONTENDED 0x80000000u // somebody may sleep on the word
enum { GENERATION_SHIFT = 11, SLOT_MASK = 0x7FF, GENERATION_MASK = 0xFFFFF, SPINS = 200 };
static const int64_t look_ns = 10000000;       // how long to sleep between looks at the holder
static const int64_t patience_ns = 5000000000; // a holder who does nothing for so long has lost it

static uint32_t self; // the word as we write it

void region_lock_init(uint32_t slot, uint32_t generation)
{
    self = (generation & GENERATION_MASK) << GENERATION_SHIFT | (slot + 1);
}

static bool holder_alive(uint32_t word)
{
    uint32_t slot = (word & SLOT_MASK) - 1, generation = (word & ~CONTENDED) >> GENERATION_SHIFT;
    // That we hold it ourselves with our own word is another thread of ours.
    if ((word & ~CONTENDED) == self) return true;
    const struct region_slot *record = region_slot(slot);
    return record && (atomic_load(&record->generation) & GENERATION_MASK) == generation &&
           region_slot_alive(slot);
}

// Takes a free word, or the word of a holder seen dead. Whether that was the case.
static bool try_exchange(struct region_lock *lock, uint32_t expected, uint32_t wanted)
{
    return atomic_compare_exchange_strong_explicit(&lock->word, &expected, wanted, memory_order_acquire,
                                                   memory_order_relaxed);
}

static bool spin(struct region_lock *lock)
{
    for (int i = 0; i < SPINS; i++) {
        if (!atomic_load_explicit(&lock->word, memory_order_relaxed) && try_exchange(lock, 0, self))
            return true;
        __builtin_ia32_pause();
    }
    return false;
}

// Waits for the lock. Whether it was taken from a holder who will not give it back.
static bool wait(struct region_lock *lock)
{
    int64_t began = host_monotonic_ns();
    uint32_t seen_word = 0, seen_count = 0;
    for (;;) {
        uint32_t word = atomic_load_explicit(&lock->word, memory_order_relaxed);
        if (!word) {
            if (try_exchange(lock, 0, self | CONTENDED)) return false;
            continue;
        }
        if (!(word & CONTENDED) && !try_exchange(lock, word, word | CONTENDED)) continue;
        word |= CONTENDED;
        struct host_deadline deadline = {.ns = host_monotonic_ns() + look_ns};
        host_futex_wait_shared(&lock->word, word, &deadline);
        if (atomic_load_explicit(&lock->word, memory_order_relaxed) != word) continue;
        uint32_t count = atomic_load_explicit(&lock->count, memory_order_relaxed);
        if (word != seen_word || count != seen_count) began = host_monotonic_ns();
        seen_word = word;
        seen_count = count;
        bool lost = !holder_alive(word) || host_monotonic_ns() - began > patience_ns;
        if (lost && try_exchange(lock, word, self | CONTENDED)) return true;
    }
}

bool region_lock_take(struct region_lock *lock)
{
    bool broken = !try_exchange(lock, 0, self) && !spin(lock) && wait(lock);
    atomic_fetch_add_explicit(&lock->count, 1, memory_order_relaxed);
    return broken;
}

void region_lock_give(struct region_lock *lock)
{
    if (atomic_load_explicit(&lock->word, memory_order_relaxed) == self) {
        uint32_t expected = self;
        if (atomic_compare_exchange_strong_explicit(&lock->word, &expected, 0, memory_order_release,
                                                    memory_order_relaxed))
            return;
    }
    // Somebody waits; or the lock was taken from us, and then it is theirs.
    uint32_t expected = self | CONTENDED;
    if (atomic_compare_exchange_strong_explicit(&lock->word, &expected, 0, memory_order_release,
                                                memory_order_relaxed))
        host_futex_wake_shared(&lock->word, 1);
}

void region_lock(void)
{
    if (region_lock_take(&region->lock)) region_recover();
}

void region_unlock(void)
{
    region_lock_give(&region->lock);
}
