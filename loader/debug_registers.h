// A guest thread's debug registers: the addresses and conditions that a program or its debugger sets, and the
// host's breakpoints that make them true.
#ifndef LOWLAND_DEBUG_REGISTERS_H
#define LOWLAND_DEBUG_REGISTERS_H

#include "guest_types.h"
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct thread;

enum { DEBUG_BREAKPOINTS = 4, DEBUG_STATUS_STEP = 0x4000 }; // of Dr6: a single step

// Zeroes: nothing is set. Written by the thread itself, or by others while it stands still.
struct debug_registers {
    uint32_t address[DEBUG_BREAKPOINTS]; // Dr0 to Dr3
    uint32_t status, control;            // Dr6, Dr7
    int events[DEBUG_BREAKPOINTS];       // of the host: descriptor + 1, 0: none
};

// Copies them into a context, whatever its flags.
void debug_registers_read(const struct debug_registers *registers, CONTEXT32 *context);

// Takes over what a context holds of them, if its flags say so, and sets the host's breakpoints for the
// thread (guest id) accordingly. Where the host refuses those, says so once: the values are kept without
// effect.
void debug_registers_write(struct debug_registers *registers, uint32_t tid, const CONTEXT32 *context);

// Takes the host's breakpoints away: the thread ends.
void debug_registers_release(struct debug_registers *registers);

// Whether a SIGTRAP comes from one; the status tells which. Async-signal-safe.
bool debug_registers_hit(struct debug_registers *registers, const siginfo_t *info);

#endif
