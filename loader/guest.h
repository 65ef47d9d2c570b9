// Guest (32-bit) values as the 64-bit side sees them, and the only primitives that touch guest memory.
// A gptr is a number until one of these widens it; each survives any bad pointer and says so.
#ifndef LOWLAND_GUEST_H
#define LOWLAND_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint32_t gptr;     // an address in the guest's low 4 GB
typedef uint32_t HANDLE32; // a guest handle
typedef int32_t NTSTATUS;

#define NT_SUCCESS(status) ((NTSTATUS)(status) >= 0)

// The host address of a guest address. Only for handing to system calls that check pointers themselves
// (EFAULT) and to the primitives below: dereferencing it directly is a bug.
static inline void *guest_ptr(gptr address)
{
    return (void *)(uintptr_t)address;
}

// Copies n bytes from guest memory to host memory. False when any byte is not readable; what was copied
// before the fault stays in dst. Guard pages and untouched stack raise as they do for the guest.
// Async-signal-safe, takes no lock.
bool guest_read(void *dst, gptr src, size_t n);

// Copies n bytes from host memory to guest memory. False when any byte is not writable.
// Async-signal-safe, takes no lock.
bool guest_write(gptr dst, const void *src, size_t n);

// Fills n bytes of guest memory with a byte. False when any byte is not writable.
bool guest_fill(gptr dst, int byte, size_t n);

// True when all of [address, address + n) can be written by the guest; touches one byte of every page
// without changing it. n = 0 is always writable.
bool guest_probe_write(gptr address, size_t n);

// True when all of [address, address + n) can be read by the guest.
bool guest_probe_read(gptr address, size_t n);

// Atomically replaces *address by desired if it equals expected. -1 on a fault, else whether it was replaced.
int guest_cmpxchg32(gptr address, uint32_t expected, uint32_t desired);

// For the signal handler: where the primitive that faulted at the host address pc goes on (set RIP to it,
// nothing else), returning its failure. 0 when pc is in none of them. Ask vm_fault first. Async-signal-safe.
uintptr_t guest_fixup_for(uintptr_t pc);

static inline bool guest_read32(uint32_t *dst, gptr src)
{
    return guest_read(dst, src, 4);
}

static inline bool guest_write32(gptr dst, uint32_t value)
{
    return guest_write(dst, &value, 4);
}

#endif
