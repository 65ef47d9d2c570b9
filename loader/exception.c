// Exceptions of the guest: what each processor trap is called on Windows, and how its dispatcher gets to see
// it.
#include "loader/exception.h"
#include "dlls/ntdll/unix/debug_event.h"
#include "guest_constants.h"
#include "loader/crash.h"
#include "loader/shared_data.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct guest_entry_points guest_entry_points;

// Trap numbers of the processor (Intel SDM volume 3, 6.3.1).
enum trap {
    TRAP_DIVIDE = 0,
    TRAP_DEBUG = 1,
    TRAP_BREAKPOINT = 3,
    TRAP_OVERFLOW = 4,
    TRAP_BOUND = 5,
    TRAP_OPCODE = 6,
    TRAP_GENERAL_PROTECTION = 13,
    TRAP_PAGE_FAULT = 14,
    TRAP_X87 = 16,
    TRAP_ALIGNMENT = 17,
    TRAP_SIMD = 19,
};
enum { X87_FLAGS = 0x7f, X87_SUMMARY = 0x80, X87_BUSY = 0x8000 }; // the status word
enum { EFLAGS_TF = 0x100, EFLAGS_AC = 0x40000, EFLAGS_DF = 0x400 };

enum vm_fault_result exception_try_resolve(struct thread *thread, gptr address, enum vm_access access)
{
    if (shared_data_touched(address, access)) return VM_FAULT_RESUME;
    if (!thread) return vm_fault(address, access, NULL, NULL);
    gptr limit = 0, old_limit;
    enum { STACK_LIMIT = 8, DEALLOCATION_STACK = 0xe0c, GUARANTEED_STACK_BYTES = 0xf78 }; // TEB offsets
    bool known = false;
    // Only the TEB tells which stack the thread is on now: fibers switch it.
    struct vm_stack stack = {0};
    if (guest_read32(&stack.base, thread->teb + 4) && guest_read32(&limit, thread->teb + STACK_LIMIT) &&
        guest_read32(&stack.allocation_base, thread->teb + DEALLOCATION_STACK) &&
        guest_read32(&stack.guarantee, thread->teb + GUARANTEED_STACK_BYTES))
        known = true;
    stack.limit = old_limit = limit;
    enum vm_fault_result result = vm_fault(address, access, known ? &stack : NULL, known ? &limit : NULL);
    if (known && limit != old_limit) guest_write32(thread->teb + STACK_LIMIT, limit);
    return result;
}

static void set_record(EXCEPTION_RECORD32 *record, uint32_t code, gptr address)
{
    memset(record, 0, sizeof *record);
    record->ExceptionCode = code;
    record->ExceptionAddress = address;
}

static void access_violation(EXCEPTION_RECORD32 *record, enum vm_access access, uint32_t address)
{
    record->ExceptionCode = STATUS_ACCESS_VIOLATION;
    record->NumberParameters = 2;
    record->ExceptionInformation[0] = access;
    record->ExceptionInformation[1] = address;
}

// Skips the prefixes of the instruction at eip; gives the opcode bytes behind them.
static size_t read_opcode(gptr eip, uint8_t opcode[3])
{
    uint8_t bytes[15];
    size_t n = 0;
    while (n < sizeof bytes && guest_read(bytes + n, eip + n, 1)) n++;
    size_t i = 0;
    while (i < n && (bytes[i] == 0x66 || bytes[i] == 0x67 || bytes[i] == 0xf0 || bytes[i] == 0xf2 ||
                     bytes[i] == 0xf3 || bytes[i] == 0x2e || bytes[i] == 0x36 || bytes[i] == 0x3e ||
                     bytes[i] == 0x26 || bytes[i] == 0x64 || bytes[i] == 0x65))
        i++;
    memset(opcode, 0, 3);
    for (size_t k = 0; k < 3 && i + k < n; k++) opcode[k] = bytes[i + k];
    return i;
}

static bool is_privileged(const uint8_t opcode[3])
{
    switch (opcode[0]) {
    case 0x6c:
    case 0x6d:
    case 0x6e:
    case 0x6f: // ins, outs
    case 0xe4:
    case 0xe5:
    case 0xe6:
    case 0xe7: // in, out
    case 0xec:
    case 0xed:
    case 0xee:
    case 0xef:
    case 0xf4:
    case 0xfa:
    case 0xfb: // hlt, cli, sti
        return true;
    case 0x0f:
        switch (opcode[1]) {
        case 0x00: return (opcode[2] >> 3 & 7) == 2 || (opcode[2] >> 3 & 7) == 3; // lldt, ltr
        case 0x01:
            return (opcode[2] >> 3 & 7) == 2 || (opcode[2] >> 3 & 7) == 3 || (opcode[2] >> 3 & 7) == 6 ||
                   (opcode[2] >> 3 & 7) == 7; // lgdt, lidt, lmsw, invlpg
        case 0x06:
        case 0x08:
        case 0x09:
        case 0x20:
        case 0x21:
        case 0x22:
        case 0x23: // clts, invd, wbinvd, mov cr/dr
        case 0x30:
        case 0x32:
        case 0x33:
        case 0x35: // wrmsr, rdmsr, rdpmc, sysexit
            return true;
        }
    }
    return false;
}

// int n that the processor refused: which exception Windows makes of it.
static void software_interrupt(EXCEPTION_RECORD32 *record, struct guest_registers *r, uint8_t vector)
{
    switch (vector) {
    case 3: // the two-byte form of int3
        r->eip += 1;
        record->ExceptionAddress = r->eip;
        record->ExceptionCode = STATUS_BREAKPOINT;
        record->NumberParameters = 1;
        break;
    case 0x29: // __fastfail
        record->ExceptionCode = STATUS_STACK_BUFFER_OVERRUN;
        record->ExceptionFlags = EXCEPTION_NONCONTINUABLE;
        record->NumberParameters = 1;
        record->ExceptionInformation[0] = r->ecx;
        break;
    case 0x2d: // the kernel debugger's service: without one a breakpoint behind the byte that follows
        record->ExceptionAddress = r->eip + 3;
        r->eip += 2;
        record->ExceptionCode = STATUS_BREAKPOINT;
        record->NumberParameters = 1;
        record->ExceptionInformation[0] = r->eax;
        break;
    default: access_violation(record, VM_READ, 0xffffffff);
    }
}

static void general_protection(EXCEPTION_RECORD32 *record, struct guest_registers *r)
{
    uint8_t opcode[3];
    read_opcode(r->eip, opcode);
    if (opcode[0] == 0xcd)
        software_interrupt(record, r, opcode[1]);
    else if (is_privileged(opcode))
        record->ExceptionCode = STATUS_PRIVILEGED_INSTRUCTION;
    else
        access_violation(record, VM_READ, 0xffffffff);
}

// x87 and SSE: the first unmasked cause in Windows' order.
static uint32_t float_code(uint32_t causes)
{
    if (causes & 1) return STATUS_FLOAT_INVALID_OPERATION;
    if (causes & 2) return STATUS_FLOAT_DENORMAL_OPERAND;
    if (causes & 4) return STATUS_FLOAT_DIVIDE_BY_ZERO;
    if (causes & 8) return STATUS_FLOAT_OVERFLOW;
    if (causes & 16) return STATUS_FLOAT_UNDERFLOW;
    return STATUS_FLOAT_INEXACT_RESULT;
}

static void float_exception(EXCEPTION_RECORD32 *record, const struct guest_registers *r, int trap)
{
    uint16_t control, status;
    uint32_t mxcsr;
    memcpy(&control, r->fxsave, 2);
    memcpy(&status, r->fxsave + 2, 2);
    memcpy(&mxcsr, r->fxsave + 24, 4);
    if (trap == TRAP_X87) {
        record->ExceptionCode =
            status & 0x40 ? (uint32_t)STATUS_FLOAT_STACK_CHECK : float_code(status & ~control & 0x3f);
        record->NumberParameters = 1;
        return;
    }
    record->ExceptionCode =
        mxcsr & ~(mxcsr >> 7) & 7 ? STATUS_FLOAT_MULTIPLE_TRAPS : STATUS_FLOAT_MULTIPLE_FAULTS;
    record->NumberParameters = 2;
    record->ExceptionInformation[1] = mxcsr;
}

static uint32_t general_register(const struct guest_registers *r, unsigned number)
{
    const uint32_t registers[8] = {r->eax, r->ecx, r->edx, r->ebx, r->esp, r->ebp, r->esi, r->edi};
    return registers[number];
}

// The address that the ModR/M byte at `at` names, 32-bit addressing.
static gptr effective_address(const struct guest_registers *r, gptr at)
{
    uint8_t bytes[6] = {0};
    for (unsigned i = 0; i < sizeof bytes && guest_read(bytes + i, at + i, 1); i++) {
    }
    unsigned mod = bytes[0] >> 6, base = bytes[0] & 7, used = 1;
    gptr address = 0;
    if (base == 4) { // a SIB byte
        unsigned index = bytes[1] >> 3 & 7;
        base = bytes[1] & 7;
        used = 2;
        if (index != 4) address += general_register(r, index) << (bytes[1] >> 6);
    }
    if (mod == 0 && base == 5)
        mod = 2; // no base, a displacement of 32 bits
    else
        address += general_register(r, base);
    uint32_t displacement = 0;
    if (mod == 1) displacement = (uint32_t)(int8_t)bytes[used];
    if (mod == 2) memcpy(&displacement, bytes + used, 4);
    return address + displacement;
}

// A divide trap is also what the quotient's overflow looks like: the divisor tells them apart.
static uint32_t divide_code(const struct thread *thread, const struct guest_registers *r)
{
    uint8_t opcode[3], prefix;
    size_t prefixes = read_opcode(r->eip, opcode);
    uint32_t divisor = 0, size = opcode[0] == 0xf6 ? 1 : 4;
    gptr segment = 0;
    for (size_t i = 0; i < prefixes && guest_read(&prefix, r->eip + i, 1); i++) {
        if (prefix == 0x66 && size == 4) size = 2;
        if (prefix == 0x64) segment = thread->teb;
    }
    if (opcode[1] >> 6 == 3) {
        divisor = general_register(r, opcode[1] & (size == 1 ? 3 : 7));
        if (size == 1 && opcode[1] & 4) divisor >>= 8; // AH to BH
        divisor &= 0xffffffff >> (32 - 8 * size);
    } else {
        guest_read(&divisor, segment + effective_address(r, r->eip + prefixes + 1), size);
    }
    return divisor ? STATUS_INTEGER_OVERFLOW : STATUS_INTEGER_DIVIDE_BY_ZERO;
}

// A page fault: false when the address space cured it.
static bool page_fault(struct thread *thread, EXCEPTION_RECORD32 *record, const ucontext_t *uc, int number)
{
    uint32_t address = uc->uc_mcontext.gregs[REG_CR2];
    greg_t error = uc->uc_mcontext.gregs[REG_ERR];
    enum vm_access access = error & 16 ? VM_EXECUTE : error & 2 ? VM_WRITE : VM_READ;
    enum vm_fault_result result = exception_try_resolve(thread, address, access);
    if (result == VM_FAULT_RESUME) return false;
    access_violation(record, access, address);
    if (result == VM_FAULT_GUARD) record->ExceptionCode = STATUS_GUARD_PAGE_VIOLATION;
    if (result == VM_FAULT_STACK_OVERFLOW) record->ExceptionCode = STATUS_STACK_OVERFLOW;
    if (result == VM_FAULT_IN_PAGE || (number == SIGBUS && result == VM_FAULT_ACCESS)) {
        record->ExceptionCode = STATUS_IN_PAGE_ERROR;
        record->NumberParameters = 3;
        record->ExceptionInformation[2] = STATUS_END_OF_FILE;
    }
    return true;
}

// A system call instruction of the guest's that Syscall User Dispatch stopped (mechanisms: stray system
// calls).
static void stray_system_call(EXCEPTION_RECORD32 *record, struct guest_registers *r)
{
    uint8_t before[2];
    if (guest_read(before, r->eip - 2, 2) && before[0] == 0xcd) {
        r->eip -= 2;
        record->ExceptionAddress = r->eip;
        access_violation(record, VM_READ, 0xffffffff);
        return;
    }
    if (guest_read(before, r->eip - 2, 2) && before[0] == 0x0f && before[1] == 0x05) r->eip -= 2;
    record->ExceptionAddress = r->eip;
    record->ExceptionCode = STATUS_ILLEGAL_INSTRUCTION;
}

// Code for the processor's 64-bit mode, which programs for WoW64 may have, fails where it looks for the
// 64-bit system that is not here. Its exceptions are the 32-bit program's, but they don't tell why.
static void say_if_64_bit_code(const struct guest_registers *r, const ucontext_t *uc)
{
    static _Atomic bool said;
    if ((uint16_t)uc->uc_mcontext.gregs[REG_CSGSFS] != HOST_CS || uc->uc_mcontext.gregs[REG_RIP] != r->eip)
        return;
    if (atomic_exchange(&said, true)) return;
    char line[128];
    int n = snprintf(
        line, sizeof line,
        "lowland: the program runs 64-bit code of its own (at %08x): there is no 64-bit Windows\n", r->eip);
    if (n > 0 && write(STDERR_FILENO, line, (size_t)n) < 0) return;
}

enum exception_outcome exception_from_signal(struct thread *thread, int number, const siginfo_t *info,
                                             const ucontext_t *uc, struct guest_registers *r)
{
    EXCEPTION_RECORD32 record;
    int trap = uc->uc_mcontext.gregs[REG_TRAPNO];
    set_record(&record, STATUS_ILLEGAL_INSTRUCTION, r->eip);
    say_if_64_bit_code(r, uc);
    if (number == SIGSYS) {
        stray_system_call(&record, r);
    } else if (debug_registers_hit(&thread->debug_registers, info)) {
        record.ExceptionCode = STATUS_SINGLE_STEP;
    } else {
        switch (trap) {
        case TRAP_DIVIDE: record.ExceptionCode = divide_code(thread, r); break;
        case TRAP_DEBUG:
            record.ExceptionCode = STATUS_SINGLE_STEP;
            thread->debug_registers.status = DEBUG_STATUS_STEP;
            r->eflags &= ~EFLAGS_TF;
            break;
        case TRAP_BREAKPOINT:
            r->eip -= 1;
            record.ExceptionAddress = r->eip;
            record.ExceptionCode = STATUS_BREAKPOINT;
            record.NumberParameters = 1;
            break;
        case TRAP_OVERFLOW: record.ExceptionCode = STATUS_INTEGER_OVERFLOW; break;
        case TRAP_BOUND: record.ExceptionCode = STATUS_ARRAY_BOUNDS_EXCEEDED; break;
        case TRAP_OPCODE: break;
        case TRAP_GENERAL_PROTECTION: general_protection(&record, r); break;
        case TRAP_PAGE_FAULT:
            if (!page_fault(thread, &record, uc, number)) return EXCEPTION_CURED;
            break;
        case TRAP_X87:
        case TRAP_SIMD: float_exception(&record, r, trap); break;
        case TRAP_ALIGNMENT: record.ExceptionCode = STATUS_DATATYPE_MISALIGNMENT; break;
        default: access_violation(&record, VM_READ, 0xffffffff);
        }
    }
    if (debuggee_is_active()) {
        thread->exception = record;
        return EXCEPTION_TO_REPORT;
    }
    // After __fastfail no handler is asked: the program does not trust its own state.
    if (record.ExceptionCode == (uint32_t)STATUS_STACK_BUFFER_OVERRUN ||
        !exception_deliver(thread, &record, r))
        crash_without_stack(thread, &record, r);
    return EXCEPTION_DELIVERED;
}

bool exception_deliver(struct thread *thread, const EXCEPTION_RECORD32 *record, struct guest_registers *r)
{
    struct {
        gptr record_pointer, context_pointer;
        EXCEPTION_RECORD32 record;
        CONTEXT32 context;
    } __attribute__((packed)) layout;
    memset(&layout.context, 0, sizeof layout.context);
    context_from_registers(&layout.context, r,
                           CONTEXT_FULL | CONTEXT_SEGMENTS | CONTEXT_FLOATING_POINT |
                               CONTEXT_EXTENDED_REGISTERS | CONTEXT_DEBUG_REGISTERS);
    debug_registers_read(&thread->debug_registers, &layout.context);
    layout.record = *record;
    const uint32_t extension = context_extension_size();
    if (extension) layout.context.ContextFlags |= CONTEXT_XSTATE;
    gptr at = (r->esp - extension - (uint32_t)sizeof layout) & ~3u;
    layout.record_pointer = at + offsetof(__typeof__(layout), record);
    layout.context_pointer = at + offsetof(__typeof__(layout), context);
    if (at > r->esp || !guest_write(at, &layout, sizeof layout)) return false;
    if (extension && !context_extend(layout.context_pointer, &r->xstate)) return false;
    r->esp = at;
    r->eip = guest_entry_points.exception_dispatcher;
    r->eflags &= ~(EFLAGS_TF | EFLAGS_AC | EFLAGS_DF);
    // The handler gets along without meeting the same x87 exception at its first floating-point instruction.
    uint16_t status;
    memcpy(&status, r->fxsave + 2, 2);
    if (status & X87_SUMMARY) status &= ~(X87_SUMMARY | X87_BUSY | X87_FLAGS);
    memcpy(r->fxsave + 2, &status, 2);
    return true;
}
