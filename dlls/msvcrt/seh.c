/* __try in programs: the handlers of versions 3 and 4, local and global unwinding, setjmp and longjmp. */
#include "seh.h"

/* While a __finally block runs: how _abnormal_termination knows, and what an unwind through it meets. */
struct unwind_frame {
    struct seh_frame *previous;
    void *handler;
    int level;
    struct seh_frame *frame;
};

static int __cdecl unwind_handler(EXCEPTION_RECORD *record, void *frame, CONTEXT *context, void *dispatcher)
{
    (void)record, (void)frame, (void)context, (void)dispatcher;
    return 1; /* ExceptionContinueSearch */
}

static void run_finally(struct seh_frame *frame, void *handler)
{
    struct unwind_frame guard = {seh_chain(), (void *)unwind_handler, frame->level, frame};

    seh_set_chain(&guard);
    seh_call(handler, &frame->ebp);
    seh_set_chain(guard.previous);
}

static void local_unwind(struct seh_frame *frame, const struct seh_scope *table, int stop, int none)
{
    while (frame->level != none && frame->level != stop) {
        const struct seh_scope *scope = &table[frame->level];
        if (stop != none && frame->level < stop) break;
        frame->level = scope->enclosing;
        if (!scope->filter) run_finally(frame, scope->handler);
    }
}

void EXPORT _local_unwind2(struct seh_frame *frame, int stop)
{
    local_unwind(frame, frame->scope_table, stop, SEH_NO_LEVEL);
}

void EXPORT _global_unwind2(struct seh_frame *frame)
{
    seh_unwind_to(frame, NULL);
}

int EXPORT _abnormal_termination(void)
{
    const struct unwind_frame *guard = (const void *)seh_chain();
    return guard->handler == (void *)unwind_handler && guard->level == guard->frame->level;
}

static int handle(EXCEPTION_RECORD *record, struct seh_frame *frame, CONTEXT *context,
                  const struct seh_scope *table, int none)
{
    EXCEPTION_POINTERS pointers = {record, context};

    if (record->ExceptionFlags & UNWINDING) {
        local_unwind(frame, table, none, none);
        return 1;
    }
    ((volatile uintptr_t *)frame)[-1] = (uintptr_t)&pointers; /* GetExceptionInformation reads it there */
    for (int level = frame->level; level != none; level = table[level].enclosing) {
        int verdict;
        if (!table[level].filter) continue;
        verdict = seh_call(table[level].filter, &frame->ebp);
        if (verdict < 0) return 0;
        if (verdict > 0) {
            seh_unwind_to(frame, record);
            local_unwind(frame, table, level, none);
            frame->level = table[level].enclosing;
            seh_jump(table[level].handler, &frame->ebp);
        }
    }
    return 1;
}

int EXPORT _except_handler3(EXCEPTION_RECORD *record, struct seh_frame *frame, CONTEXT *context,
                            void *dispatcher)
{
    (void)dispatcher;
    return handle(record, frame, context, frame->scope_table, SEH_NO_LEVEL);
}

int EXPORT _except_handler2(EXCEPTION_RECORD *record, struct seh_frame *frame, CONTEXT *context,
                            void *dispatcher)
{
    return _except_handler3(record, frame, context, dispatcher);
}

struct seh4_table {
    int gs_offset, gs_xor, eh_offset, eh_xor;
    struct seh_scope scope[];
};

/* Version 4 hides its table behind the module's cookie and puts check values into the frame. */
int EXPORT _except_handler4_common(unsigned *cookie, void(__fastcall *check)(unsigned),
                                   EXCEPTION_RECORD *record, struct seh_frame *frame, CONTEXT *context,
                                   void *dispatcher)
{
    const struct seh4_table *table = (const void *)((uintptr_t)frame->scope_table ^ *cookie);
    const char *ebp = (const char *)&frame->ebp;

    (void)dispatcher;
    if (table->gs_offset != -2)
        check(*(const unsigned *)(ebp + table->gs_offset) ^ (unsigned)(uintptr_t)(ebp + table->gs_xor));
    check(*(const unsigned *)(ebp + table->eh_offset) ^ (unsigned)(uintptr_t)(ebp + table->eh_xor));
    return handle(record, frame, context, table->scope, SEH4_NO_LEVEL);
}

void EXPORT _local_unwind4(unsigned *cookie, struct seh_frame *frame, int stop)
{
    const struct seh4_table *table = (const void *)((uintptr_t)frame->scope_table ^ *cookie);
    local_unwind(frame, table->scope, stop, SEH4_NO_LEVEL);
}

/* ---- setjmp ---- */

enum { JMP_COOKIE = 0x56433230 };

struct jump_buffer {
    unsigned ebp, ebx, edi, esi, esp, eip;
    struct seh_frame *registration;
    int level;
    unsigned cookie;
    void(__stdcall *unwind)(struct jump_buffer *);
    unsigned data[6];
};

void setjmp_restore(struct jump_buffer *buffer, int value) __attribute__((noreturn));

/* The rest of _setjmp3: ARGUMENTS are count, then unwind function, level and data by the compiler. */
void setjmp_record(struct jump_buffer *buffer, const int *arguments)
{
    int count = arguments[0];

    buffer->cookie = JMP_COOKIE;
    buffer->unwind = NULL;
    buffer->registration = seh_chain();
    if (buffer->registration == (void *)-1) {
        buffer->level = SEH_NO_LEVEL;
        return;
    }
    if (count > 0) buffer->unwind = (void *)arguments[1];
    buffer->level = count > 1 ? arguments[2] : buffer->registration->level;
    for (int i = 2; i < count && i < 8; i++) buffer->data[i - 2] = arguments[i + 1];
}

/* Is the frame one of _except_handler3, be it through the import thunk of its module? */
static bool is_version3(const struct seh_frame *frame)
{
    const unsigned char *code = frame->handler;

    if (code == (void *)_except_handler3) return true;
    return code && code[0] == 0xFF && code[1] == 0x25 &&
           **(void *const UNALIGNED *const UNALIGNED *)(code + 2) == (void *)_except_handler3;
}

void EXPORT longjmp(struct jump_buffer *buffer, int value)
{
    struct seh_frame *frame = buffer->registration;

    if (frame != (void *)-1 && frame) {
        if (frame != seh_chain()) seh_unwind_to(frame, NULL);
        if (buffer->cookie == JMP_COOKIE && buffer->unwind)
            buffer->unwind(buffer);
        else if (is_version3(frame))
            _local_unwind2(frame, buffer->level);
    }
    setjmp_restore(buffer, value ? value : 1);
}

void EXPORT _longjmpex(struct jump_buffer *buffer, int value)
{
    longjmp(buffer, value);
}

void __stdcall _seh_longjmp_unwind(struct jump_buffer *buffer)
{
    _local_unwind2(buffer->registration, buffer->level);
}

void __stdcall _seh_longjmp_unwind4(struct jump_buffer *buffer)
{
    _local_unwind4((unsigned *)buffer->data[0], buffer->registration, buffer->level);
}
