// What the user sees when the program dies of an exception: to standard error, through one buffer, so that it
// is one piece and needs no allocation (the handler of a signal may be the caller).
#include "loader/crash.h"
#include "guest_constants.h"
#include "loader/modules.h"
#include "loader/process.h"
#include "loader/text_buffer.h"
#include <string.h>
#include <unistd.h>

enum { REPORT_SIZE = 8192, FRAMES_MAX = 32 };

struct report {
    size_t length;
    char text[REPORT_SIZE];
};

// add(report, format, ...): appends, and cuts what does not fit.
#define add(report, ...) text_append((report)->text, sizeof(report)->text, &(report)->length, __VA_ARGS__)

static const char *code_name(uint32_t code)
{
    switch (code) {
    case STATUS_ACCESS_VIOLATION: return "access violation";
    case STATUS_IN_PAGE_ERROR: return "in-page error";
    case STATUS_STACK_OVERFLOW: return "stack overflow";
    case STATUS_INTEGER_DIVIDE_BY_ZERO: return "integer division by zero";
    case STATUS_INTEGER_OVERFLOW: return "integer overflow";
    case STATUS_ILLEGAL_INSTRUCTION: return "illegal instruction";
    case STATUS_PRIVILEGED_INSTRUCTION: return "privileged instruction";
    case STATUS_BREAKPOINT: return "breakpoint";
    case STATUS_SINGLE_STEP: return "single step";
    case STATUS_GUARD_PAGE_VIOLATION: return "guard page";
    case STATUS_STACK_BUFFER_OVERRUN: return "fast fail (stack buffer overrun)";
    case STATUS_HEAP_CORRUPTION: return "heap corruption";
    case STATUS_ENTRYPOINT_NOT_FOUND: return "missing entry point";
    case STATUS_NO_MEMORY: return "no memory";
    case 0xe06d7363: return "C++ exception";
    default: return "exception";
    }
}

static void add_exception(struct report *report, const EXCEPTION_RECORD32 *record)
{
    char symbol[200];
    uint32_t code = record->ExceptionCode;
    module_symbol(record->ExceptionAddress, symbol, sizeof symbol);
    add(report, "lowland: unhandled %s %08x at %08x (%s)", code_name(code), code, record->ExceptionAddress,
        symbol);
    if ((code == (uint32_t)STATUS_ACCESS_VIOLATION || code == (uint32_t)STATUS_IN_PAGE_ERROR) &&
        record->NumberParameters >= 2) {
        uint32_t kind = record->ExceptionInformation[0];
        add(report, ", %s %08x",
            kind == 0   ? "reading"
            : kind == 1 ? "writing"
                        : "executing",
            (uint32_t)record->ExceptionInformation[1]);
    }
    add(report, "\n");
}

static void add_backtrace(struct report *report, const struct guest_registers *r)
{
    char symbol[200];
    gptr eip = r->eip, ebp = r->ebp, last = r->esp;
    for (unsigned i = 0; i < FRAMES_MAX; i++) {
        module_symbol(eip, symbol, sizeof symbol);
        add(report, "  #%-2u %08x %s\n", i, eip, symbol);
        uint32_t frame[2];
        if (ebp < last || (ebp & 3) || !guest_read(frame, ebp, sizeof frame) || !frame[1]) return;
        last = ebp + 8;
        ebp = frame[0];
        eip = frame[1];
    }
}

static bool add_module(const struct module *module, void *context)
{
    struct report *report = context;
    add(report, "  %08x-%08x %s\n", module->base, module->base + module->size, module->name);
    return false;
}

void crash_report(const struct thread *thread, const EXCEPTION_RECORD32 *record,
                  const struct guest_registers *r)
{
    struct report report = {0};
    add_exception(&report, record);
    add(&report, "  eax %08x ebx %08x ecx %08x edx %08x\n  esi %08x edi %08x ebp %08x esp %08x\n", r->eax,
        r->ebx, r->ecx, r->edx, r->esi, r->edi, r->ebp, r->esp);
    add(&report, "  eip %08x eflags %08x thread %u\nbacktrace:\n", r->eip, r->eflags,
        thread ? thread->tid : 0);
    add_backtrace(&report, r);
    add(&report, "modules:\n");
    modules_for_each(add_module, &report);
    for (size_t done = 0; done < report.length;) {
        ssize_t n = write(STDERR_FILENO, report.text + done, report.length - done);
        if (n <= 0) return;
        done += n;
    }
}

void crash_without_stack(struct thread *thread, const EXCEPTION_RECORD32 *record,
                         const struct guest_registers *registers)
{
    crash_report(thread, record, registers);
    process_exit(record->ExceptionCode);
}
