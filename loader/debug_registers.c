// Debug registers, made true by breakpoints of the host (Intel SDM volume 3, 17.2: the registers' meaning).
#include "loader/debug_registers.h"
#include "guest_constants.h"
#include "loader/host_breakpoint.h"
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { CONTROL_USER = 0xffff0355 }; // what user mode may set of Dr7: not GD, nor the reserved bits
enum { STATUS_USER = 0xe00f };      // the bits of Dr6 that mean something

void debug_registers_read(const struct debug_registers *registers, CONTEXT32 *context)
{
    context->Dr0 = registers->address[0], context->Dr1 = registers->address[1];
    context->Dr2 = registers->address[2], context->Dr3 = registers->address[3];
    context->Dr6 = registers->status, context->Dr7 = registers->control;
}

static bool is_enabled(uint32_t control, unsigned i)
{
    return control >> (2 * i) & 3;
}

// The kind and length of breakpoint i, as they stand in Dr7.
static unsigned condition_of(uint32_t control, unsigned i)
{
    return control >> (16 + 4 * i) & 15;
}

// False for what user mode has no use for: ports.
static bool describe(const struct debug_registers *registers, unsigned i, struct host_breakpoint *breakpoint)
{
    static const uint32_t lengths[] = {1, 2, 8, 4};
    unsigned condition = condition_of(registers->control, i);
    uint32_t length = lengths[condition >> 2];
    *breakpoint = (struct host_breakpoint){
        .address = registers->address[i] & ~(uint64_t)(length - 1), .length = length, .number = i};
    switch (condition & 3) {
    case 0: breakpoint->kind = HOST_BREAKPOINT_EXECUTE; return length == 1;
    case 1: breakpoint->kind = HOST_BREAKPOINT_WRITE; return true;
    case 3: breakpoint->kind = HOST_BREAKPOINT_ACCESS; return true;
    default: return false;
    }
}

static void say_refused(int error)
{
    static _Atomic bool said;
    if (error != EACCES && error != EPERM && error != ENOSYS && error != ENOENT) return;
    if (atomic_exchange(&said, true)) return;
    fprintf(stderr, "lowland: hardware breakpoints have no effect: the host refuses performance events "
                    "(kernel.perf_event_paranoid)\n");
}

static void clear(struct debug_registers *registers, unsigned i)
{
    if (registers->events[i]) close(registers->events[i] - 1);
    registers->events[i] = 0;
}

static void set(struct debug_registers *registers, uint32_t tid, unsigned i)
{
    struct host_breakpoint breakpoint;
    if (!is_enabled(registers->control, i) || !describe(registers, i, &breakpoint)) return;
    int fd = host_breakpoint_open((int32_t)(tid / 4), &breakpoint); // guest ids are the host's times four
    if (fd < 0)
        say_refused(-fd);
    else
        registers->events[i] = fd + 1;
}

void debug_registers_write(struct debug_registers *registers, uint32_t tid, const CONTEXT32 *context)
{
    if ((context->ContextFlags & CONTEXT_DEBUG_REGISTERS) != CONTEXT_DEBUG_REGISTERS) return;
    const struct debug_registers old = *registers;
    const uint32_t address[] = {context->Dr0, context->Dr1, context->Dr2, context->Dr3};
    memcpy(registers->address, address, sizeof address);
    registers->status = context->Dr6 & STATUS_USER;
    registers->control = context->Dr7 & CONTROL_USER;
    for (unsigned i = 0; i < DEBUG_BREAKPOINTS; i++) {
        if (old.address[i] == registers->address[i] &&
            is_enabled(old.control, i) == is_enabled(registers->control, i) &&
            condition_of(old.control, i) == condition_of(registers->control, i))
            continue;
        clear(registers, i);
        set(registers, tid, i);
    }
}

void debug_registers_release(struct debug_registers *registers)
{
    for (unsigned i = 0; i < DEBUG_BREAKPOINTS; i++) clear(registers, i);
}

bool debug_registers_hit(struct debug_registers *registers, const siginfo_t *info)
{
    uint32_t number;
    if (!host_breakpoint_hit(info, &number)) return false;
    registers->status = 1u << number;
    return true;
}
