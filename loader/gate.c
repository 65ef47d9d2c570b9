// The gate page, the table of interfaces that gate_entry.S dispatches through, and what a program counter
// inside the mode switch means for someone who wants the guest's registers.
#include "loader/gate.h"
#include "loader/fail.h"
#include "loader/guest.h"
#include "guest_constants.h"
#include <string.h>

_Static_assert(offsetof(struct thread, host_rsp) == 8, "gate_entry.S");
_Static_assert(offsetof(struct thread, enter) == 16, "gate_entry.S");
_Static_assert(offsetof(struct thread, callback_return) == 24, "gate_entry.S");
_Static_assert(offsetof(struct thread, teb) == 32, "gate_entry.S");
_Static_assert(offsetof(struct thread, pending) == 36, "gate_entry.S");
_Static_assert(offsetof(struct thread, frame.eax) == 40, "gate_entry.S");
_Static_assert(offsetof(struct thread, frame.ebx) == 48, "gate_entry.S");
_Static_assert(offsetof(struct thread, frame.esp) == 64, "gate_entry.S");
_Static_assert(offsetof(struct thread, frame.fpu_control) == 72, "gate_entry.S");
_Static_assert(offsetof(struct thread, return_far) == 80, "gate_entry.S");
_Static_assert(offsetof(struct thread, frame.fpu_status) == 74, "gate_entry.S");
_Static_assert(offsetof(struct thread, base_rsp) == 88, "gate_entry.S");
_Static_assert(offsetof(struct thread, resume) == 96, "gate_entry.S");
_Static_assert(offsetof(struct thread, callbacks) == 104, "gate_entry.S");
_Static_assert(offsetof(struct guest_registers, eax) == 0, "gate_entry.S");
_Static_assert(offsetof(struct guest_registers, eflags) == 36, "gate_entry.S");
_Static_assert(offsetof(struct guest_registers, fxsave) == 64, "gate_entry.S");
_Static_assert(offsetof(struct guest_registers, xstate) == 64 + 512, "an XSAVE area");
_Static_assert(THREAD_PENDING_SUSPEND == 1 && THREAD_PENDING_CONTEXT == 4 && THREAD_PENDING_TERMINATE == 8 &&
                   THREAD_PENDING_FPU == 16,
               "gate_entry.S");

enum {
    GATE_ENTER_32 = 0x00,
    GATE_ENTER_64 = 0x10,
    GATE_RETURN = 0x20,
    GATE_CALLBACK_32 = 0x30,
    GATE_CALLBACK_64 = 0x40
};
#define GUEST_END 0x100000000ull

extern const uint8_t gate_page_template[], gate_page_template_end[];
extern const char gate_enter[], gate_enter_stack_known[], gate_enter_end[], gate_leave[], gate_leave_end[];
extern const char gate_leave_check[], gate_resume_known[], gate_resume_end[];
extern const char gate_call_check[], gate_call_known[], gate_call_end[];
extern const char gate_callback_return[], gate_callback_switched[];

// What gate_entry.S indexes with (index >> 12); an interface nobody registered has no calls.
struct gate_interface {
    const thunk_fn *functions;
    uint64_t count;
};
struct gate_interface gate_interfaces[THUNK_INTERFACES_MAX];
static const struct thunk_table *tables[THUNK_INTERFACES_MAX];
static gptr gate_page;

NTSTATUS gate_init(void)
{
    uint8_t page[0x60];
    size_t size = gate_page_template_end - gate_page_template;
    memcpy(page, gate_page_template, size);
    uint32_t bytes = 0x1000, old;
    gate_page = 0;
    NTSTATUS status =
        vm_allocate(&gate_page, 0, &bytes, MEM_RESERVE | MEM_COMMIT | MEM_TOP_DOWN, PAGE_READWRITE);
    if (!NT_SUCCESS(status)) return status;
    uint32_t enter = gate_page + GATE_ENTER_64, callback = gate_page + GATE_CALLBACK_64;
    memcpy(page + GATE_ENTER_32 + 1, &enter, 4);
    memcpy(page + GATE_CALLBACK_32 + 1, &callback, 4);
    guest_write(gate_page, page, size);
    return vm_protect(&gate_page, &bytes, PAGE_EXECUTE_READ, &old);
}

gptr gate_address(void)
{
    return gate_page + GATE_ENTER_32;
}

gptr gate_callback_address(void)
{
    return gate_page + GATE_CALLBACK_32;
}

void gate_register(const struct thunk_table *table)
{
    unsigned id = table->interface_id;
    if (id >= THUNK_INTERFACES_MAX)
        fail(FAIL_INTERNAL, "interface %s has the number %u; %u is the last", table->interface, id,
             THUNK_INTERFACES_MAX - 1);
    if (tables[id])
        fail(FAIL_INTERNAL, "%s and %s are both interface %u", tables[id]->interface, table->interface, id);
    tables[id] = table;
    gate_interfaces[id] = (struct gate_interface){table->functions, table->count};
}

const struct thunk_table *gate_interface(unsigned id)
{
    return id < THUNK_INTERFACES_MAX ? tables[id] : NULL;
}

void gate_set_dispatch(unsigned id, const thunk_fn *functions)
{
    gate_interfaces[id].functions = functions;
}

// A program that invents call indices gets what Windows says to an unknown system call.
uint64_t gate_bad_index(uint32_t index);
uint64_t gate_bad_index(uint32_t index)
{
    (void)index;
    return (uint32_t)STATUS_INVALID_SYSTEM_SERVICE;
}

void gate_prepare_thread(struct thread *thread)
{
    thread->enter = (uintptr_t)gate_enter;
    thread->callback_return = (uintptr_t)gate_callback_return;
    thread->return_far[0] = gate_page + GATE_RETURN;
    thread->return_far[1] = GUEST_CS;
    __asm__("rdfsbase %0" : "=r"(thread->host_fs));
}

static bool within(uintptr_t pc, const char *begin, const char *end)
{
    return pc >= (uintptr_t)begin && pc < (uintptr_t)end;
}

static void registers_of_ucontext(struct guest_registers *r, const ucontext_t *uc)
{
    const greg_t *g = uc->uc_mcontext.gregs;
    enum { HOST_WORDS = 48 }; // at the end of the FXSAVE image: the kernel's own
    memcpy(r->fxsave, uc->uc_mcontext.fpregs, sizeof r->fxsave - HOST_WORDS);
    memset(r->fxsave + sizeof r->fxsave - HOST_WORDS, 0, HOST_WORDS);
    xstate_from_frame(&r->xstate, uc->uc_mcontext.fpregs);
    r->eax = g[REG_RAX], r->ebx = g[REG_RBX], r->ecx = g[REG_RCX], r->edx = g[REG_RDX];
    r->esi = g[REG_RSI], r->edi = g[REG_RDI], r->ebp = g[REG_RBP], r->esp = g[REG_RSP];
    r->eip = g[REG_RIP], r->eflags = g[REG_EFL];
}

enum gate_position gate_locate(struct thread *thread, const ucontext_t *uc, struct guest_registers *r)
{
    const greg_t *g = uc->uc_mcontext.gregs;
    uintptr_t pc = g[REG_RIP];
    if ((uint16_t)g[REG_CSGSFS] == GUEST_CS) {
        registers_of_ucontext(r, uc);
        return GATE_IN_GUEST;
    }
    if (pc == gate_page + GATE_ENTER_64 || within(pc, gate_enter, gate_enter_end)) {
        registers_of_ucontext(r, uc);
        if (within(pc, gate_enter_stack_known, gate_enter_end)) r->esp = g[REG_R14];
        r->eip = gate_page + GATE_ENTER_32;
        return GATE_ENTERING;
    }
    if (pc == gate_page + GATE_CALLBACK_64 || within(pc, gate_callback_return, gate_callback_switched)) {
        registers_of_ucontext(r, uc);
        r->eip = gate_page + GATE_CALLBACK_32;
        return GATE_ENTERING;
    }
    if (within(pc, gate_leave, gate_leave_end)) {
        registers_of_ucontext(r, uc);
        const struct guest_frame *f = &thread->frame;
        r->eax = f->eax, r->edx = f->edx, r->ebx = f->ebx, r->esi = f->esi, r->edi = f->edi, r->ebp = f->ebp;
        r->esp = f->esp, r->eip = thread->return_far[0];
        return GATE_LEAVING;
    }
    if (within(pc, gate_resume_known, gate_resume_end)) {
        registers_copy(r, (const void *)g[REG_R14]);
        return GATE_RESUMING;
    }
    if (within(pc, gate_call_known, gate_call_end)) {
        const uint64_t *iret = (const uint64_t *)g[REG_RSP];
        registers_of_ucontext(r, uc);
        r->eip = iret[0], r->eflags = iret[2], r->esp = iret[3];
        r->ebp = r->esi = r->edi = 0;
        return GATE_RESUMING;
    }
    // 64-bit code of the program's own, by a far jump to selector 33h. On a host stack it is the host that
    // jumped to where nothing is.
    if (pc < GUEST_END && (uintptr_t)g[REG_RSP] < GUEST_END) {
        registers_of_ucontext(r, uc);
        return GATE_IN_GUEST;
    }
    return GATE_IN_HOST;
}

void gate_restart_check(ucontext_t *uc)
{
    greg_t *pc = &uc->uc_mcontext.gregs[REG_RIP];
    if (within(*pc, gate_leave_check, gate_leave)) *pc = (uintptr_t)gate_leave_check;
    if (within(*pc, gate_call_check, gate_call_known)) *pc = (uintptr_t)gate_call_check;
}
