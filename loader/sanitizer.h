// What an AddressSanitizer build (configure --enable-sanitizer=address) does otherwise. In all others these
// are nothing. docs/sanitizers.md says why each is needed.
#ifndef LOWLAND_SANITIZER_H
#define LOWLAND_SANITIZER_H

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZER_ADDRESS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZER_ADDRESS 1
#endif
#endif

#ifdef SANITIZER_ADDRESS
#define SANITIZER_STACK_FACTOR 4 // how much larger its frames may be
#else
#define SANITIZER_STACK_FACTOR 1
#endif

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef SANITIZER_ADDRESS

// For functions that read what is no object of theirs, such as another function's stack.
#define SANITIZER_IGNORES_ADDRESSES __attribute__((no_sanitize_address))

// Takes the access to the shadow of guest memory away, since the shadow lies where the guest may look: a bad
// pointer from 7FFF8000h on must fault, and not write into it. Once, when signals are handled.
void sanitizer_close_guest_shadow(void);

// For the signal handler: the 64-bit side's own checks may read that shadow after all. Makes the page of this
// address accessible and returns true if it belongs there. Async-signal-safe.
bool sanitizer_open_guest_shadow(uint64_t address, bool write);

// The calling thread's stack frames from here up to this address are abandoned: what is there now is no
// object any more. (Calling a function that never returns abandons frames too; the compiler sees to those.)
void sanitizer_abandon_stack(uint64_t up_to);

// For pools of memory of our own: a pool's fresh memory, which may hold the only pointer to something of
// malloc's; a piece of it that is given out, and one that has come back. What is not given out must not be
// used.
void sanitizer_pool_begins(void *pool, size_t size);
void sanitizer_pool_gives(void *piece, size_t size);
void sanitizer_pool_takes(void *piece, size_t size);

#else

#define SANITIZER_IGNORES_ADDRESSES

static inline void sanitizer_close_guest_shadow(void) {}

static inline bool sanitizer_open_guest_shadow(uint64_t address, bool write)
{
    (void)address, (void)write;
    return false;
}

static inline void sanitizer_abandon_stack(uint64_t up_to)
{
    (void)up_to;
}

static inline void sanitizer_pool_begins(void *pool, size_t size)
{
    (void)pool, (void)size;
}

static inline void sanitizer_pool_gives(void *piece, size_t size)
{
    (void)piece, (void)size;
}

static inline void sanitizer_pool_takes(void *piece, size_t size)
{
    (void)piece, (void)size;
}

#endif
#endif
#endif
