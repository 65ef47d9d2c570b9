// Between Windows' CONTEXT and the registers that the gate loads: the integer part, the old FSAVE layout that
// CONTEXT_FLOATING_POINT asks for, and the FXSAVE layout of CONTEXT_EXTENDED_REGISTERS. What lies behind a
// CONTEXT: context_extended.c.
#include "loader/context.h"
#include "guest_constants.h"
#include <string.h>

enum { EFLAGS_USER = 0x00250dd5, EFLAGS_FIXED = 0x202, MXCSR_VALID = 0xffff };

// The FXSAVE image, as far as the conversions need it (Intel SDM volume 1, 10.5.1).
struct fxsave {
    uint16_t control, status;
    uint8_t tag, reserved;
    uint16_t opcode;
    uint32_t ip;
    uint16_t cs, reserved2;
    uint32_t dp;
    uint16_t ds, reserved3;
    uint32_t mxcsr, mxcsr_mask;
    struct {
        uint8_t bytes[10], padding[6];
    } st[8];
    uint8_t rest[512 - 32 - 128];
};
_Static_assert(sizeof(struct fxsave) == 512, "FXSAVE image");

// The two-bit tag of one register's value, as FSAVE computes it: 0 valid, 1 zero, 2 special.
static unsigned tag_of(const uint8_t st[10])
{
    uint16_t exponent = (st[8] | st[9] << 8) & 0x7fff;
    uint64_t mantissa;
    memcpy(&mantissa, st, 8);
    if (exponent == 0x7fff) return 2;
    if (exponent == 0) return mantissa == 0 ? 1 : 2;
    return mantissa >> 63 ? 0 : 2;
}

static void float_save_from_fxsave(FLOATING_SAVE_AREA32 *area, const struct fxsave *fx)
{
    unsigned top = fx->status >> 11 & 7;
    uint32_t tags = 0;
    for (unsigned physical = 0; physical < 8; physical++) {
        unsigned tag = 3;
        if (fx->tag >> physical & 1) tag = tag_of(fx->st[(physical - top) & 7].bytes);
        tags |= tag << (2 * physical);
    }
    area->ControlWord = 0xffff0000 | fx->control;
    area->StatusWord = 0xffff0000 | fx->status;
    area->TagWord = 0xffff0000 | tags;
    area->ErrorOffset = fx->ip;
    area->ErrorSelector = fx->cs | (uint32_t)fx->opcode << 16;
    area->DataOffset = fx->dp;
    area->DataSelector = 0xffff0000 | fx->ds;
    for (unsigned i = 0; i < 8; i++) memcpy((uint8_t *)area->RegisterArea + 10 * i, fx->st[i].bytes, 10);
}

static void float_save_to_fxsave(struct fxsave *fx, const FLOATING_SAVE_AREA32 *area)
{
    fx->control = area->ControlWord;
    fx->status = area->StatusWord;
    fx->tag = 0;
    for (unsigned physical = 0; physical < 8; physical++)
        if ((area->TagWord >> (2 * physical) & 3) != 3) fx->tag |= 1 << physical;
    fx->opcode = area->ErrorSelector >> 16 & 0x7ff;
    fx->ip = area->ErrorOffset;
    fx->cs = area->ErrorSelector;
    fx->dp = area->DataOffset;
    fx->ds = area->DataSelector;
    for (unsigned i = 0; i < 8; i++)
        memcpy(fx->st[i].bytes, (const uint8_t *)area->RegisterArea + 10 * i, 10);
}

static bool has(uint32_t flags, uint32_t part)
{
    return (flags & part) == part;
}

void context_from_registers(CONTEXT32 *c, const struct guest_registers *r, uint32_t flags)
{
    c->ContextFlags = flags;
    if (has(flags, CONTEXT_CONTROL)) {
        c->Ebp = r->ebp, c->Eip = r->eip, c->Esp = r->esp, c->EFlags = r->eflags;
        c->SegCs = GUEST_CS, c->SegSs = GUEST_DS;
    }
    if (has(flags, CONTEXT_INTEGER))
        c->Edi = r->edi, c->Esi = r->esi, c->Ebx = r->ebx, c->Edx = r->edx, c->Ecx = r->ecx, c->Eax = r->eax;
    if (has(flags, CONTEXT_SEGMENTS)) {
        c->SegDs = c->SegEs = c->SegGs = GUEST_DS;
        c->SegFs = REPORTED_FS;
    }
    if (has(flags, CONTEXT_FLOATING_POINT)) {
        struct fxsave fx;
        memcpy(&fx, r->fxsave, sizeof fx);
        float_save_from_fxsave(&c->FloatSave, &fx);
    }
    if (has(flags, CONTEXT_EXTENDED_REGISTERS)) memcpy(c->ExtendedRegisters, r->fxsave, 512);
}

void context_to_registers(struct guest_registers *r, const CONTEXT32 *c)
{
    uint32_t flags = c->ContextFlags;
    if (has(flags, CONTEXT_CONTROL)) {
        r->ebp = c->Ebp, r->eip = c->Eip, r->esp = c->Esp;
        r->eflags = (c->EFlags & EFLAGS_USER) | EFLAGS_FIXED;
    }
    if (has(flags, CONTEXT_INTEGER))
        r->edi = c->Edi, r->esi = c->Esi, r->ebx = c->Ebx, r->edx = c->Edx, r->ecx = c->Ecx, r->eax = c->Eax;
    struct fxsave fx;
    memcpy(&fx, r->fxsave, sizeof fx);
    if (has(flags, CONTEXT_EXTENDED_REGISTERS)) {
        memcpy(&fx, c->ExtendedRegisters, 512);
        fx.mxcsr &= MXCSR_VALID; // a reserved bit would fault in FXRSTOR
    } else if (has(flags, CONTEXT_FLOATING_POINT)) {
        float_save_to_fxsave(&fx, &c->FloatSave);
    }
    memcpy(r->fxsave, &fx, sizeof fx);
}

void context_registers_of_frame(struct guest_registers *r, const struct thread *thread)
{
    const struct guest_frame *f = &thread->frame;
    context_initial_registers(r);
    struct fxsave *fx = (struct fxsave *)r->fxsave;
    fx->control = f->fpu_control;
    fx->mxcsr = f->mxcsr & MXCSR_VALID;
    r->eax = f->eax, r->edx = f->edx, r->ebx = f->ebx, r->esi = f->esi, r->edi = f->edi, r->ebp = f->ebp;
    r->eip = thread->return_far[0];
    r->esp = f->esp;
    uint32_t stub;
    if (guest_read32(&stub, f->esp)) r->eip = stub, r->esp = f->esp + 4;
}

void context_install(struct thread *self, const struct thread_context *context)
{
    context_registers_of_frame(self->resume, self);
    context_to_registers(self->resume, &context->legacy);
    if (has(context->legacy.ContextFlags, CONTEXT_XSTATE))
        xstate_copy(&self->resume->xstate, &context->xstate);
    debug_registers_write(&self->debug_registers, self->tid, &context->legacy);
    self->result_outstanding = false;
    atomic_fetch_or(&self->pending, THREAD_PENDING_CONTEXT);
}

void context_initial_registers(struct guest_registers *r)
{
    memset(r, 0, offsetof(struct guest_registers, xstate));
    xstate_clear(&r->xstate);
    struct fxsave *fx = (struct fxsave *)r->fxsave;
    fx->control = 0x27f;
    fx->mxcsr = 0x1f80;
    fx->mxcsr_mask = MXCSR_VALID;
    r->eflags = EFLAGS_FIXED;
}
