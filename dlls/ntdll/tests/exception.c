// Exceptions as programs see them: vectored handlers, frames, nesting, unwinding, faults and their records.
#include <windows.h>
#include <winternl.h>
#include "tests/check.h"
#include <string.h>

typedef EXCEPTION_DISPOSITION (*handler_function)(EXCEPTION_RECORD *, void *, CONTEXT *, void *);
struct frame {
    struct frame *next;
    handler_function handler;
    int id;
};

static void push(struct frame *frame, handler_function handler)
{
    frame->handler = handler;
    __asm__ volatile("movl %%fs:0, %0" : "=r"(frame->next));
    __asm__ volatile("movl %0, %%fs:0" : : "r"(frame) : "memory");
}

static void pop(struct frame *frame)
{
    __asm__ volatile("movl %0, %%fs:0" : : "r"(frame->next) : "memory");
}

static EXCEPTION_RECORD seen;
static int calls;

// ---- faults ----

static LONG CALLBACK skip_fault(EXCEPTION_POINTERS *pointers)
{
    seen = *pointers->ExceptionRecord;
    calls++;
    // Every faulting instruction below is followed by a jump target in EDI.
    pointers->ContextRecord->Eip = pointers->ContextRecord->Edi;
    return EXCEPTION_CONTINUE_EXECUTION;
}

#define FAULT(code)                                                                                          \
    do {                                                                                                     \
        seen.ExceptionCode = 0;                                                                              \
        __asm__ volatile("movl $1f, %%edi\n" code "\n1:" : : : "edi", "eax", "edx", "ecx", "memory");        \
    } while (0)

static void test_faults(void)
{
    void *handle = AddVectoredExceptionHandler(1, skip_fault);

    FAULT("movl 0x10, %%eax");
    CHECK_EQUAL(seen.ExceptionCode, EXCEPTION_ACCESS_VIOLATION);
    CHECK_EQUAL(seen.NumberParameters, 2);
    CHECK_EQUAL(seen.ExceptionInformation[0], 0);
    CHECK_EQUAL(seen.ExceptionInformation[1], 0x10);

    FAULT("movl %%eax, 0x20");
    CHECK_EQUAL(seen.ExceptionInformation[0], 1);
    CHECK_EQUAL(seen.ExceptionInformation[1], 0x20);

    FAULT("movl $1, %%eax\nxorl %%ecx, %%ecx\nxorl %%edx, %%edx\ndivl %%ecx");
    CHECK_EQUAL(seen.ExceptionCode, EXCEPTION_INT_DIVIDE_BY_ZERO);

    FAULT("ud2");
    CHECK_EQUAL(seen.ExceptionCode, EXCEPTION_ILLEGAL_INSTRUCTION);

    FAULT("hlt");
    CHECK_EQUAL(seen.ExceptionCode, EXCEPTION_PRIV_INSTRUCTION);

    FAULT("int3");
    CHECK_EQUAL(seen.ExceptionCode, EXCEPTION_BREAKPOINT);

    CHECK_EQUAL(RemoveVectoredExceptionHandler(handle), 1);
    CHECK_EQUAL(RemoveVectoredExceptionHandler(handle), 0);
}

// ---- order ----

static char order[32];
static int order_length;

static void note(char c)
{
    if (order_length < 31) order[order_length++] = c;
    order[order_length] = 0;
}

static LONG CALLBACK vectored_a(EXCEPTION_POINTERS *pointers)
{
    (void)pointers;
    note('a');
    return EXCEPTION_CONTINUE_SEARCH;
}

static LONG CALLBACK vectored_b(EXCEPTION_POINTERS *pointers)
{
    (void)pointers;
    note('b');
    return EXCEPTION_CONTINUE_SEARCH;
}

static EXCEPTION_DISPOSITION search_frame(EXCEPTION_RECORD *record, void *establisher, CONTEXT *context,
                                          void *dispatcher)
{
    (void)context, (void)dispatcher;
    note(record->ExceptionFlags & 6 ? 'U' : 'S');
    CHECK(((struct frame *)establisher)->handler == search_frame, "wrong frame");
    return ExceptionContinueSearch;
}

static EXCEPTION_DISPOSITION continue_frame(EXCEPTION_RECORD *record, void *establisher, CONTEXT *context,
                                            void *dispatcher)
{
    (void)record, (void)establisher, (void)context, (void)dispatcher;
    note('E');
    return ExceptionContinueExecution;
}

static void test_order(void)
{
    void *b = AddVectoredExceptionHandler(0, vectored_b), *a = AddVectoredExceptionHandler(1, vectored_a);
    struct frame outer, inner;

    push(&outer, continue_frame);
    push(&inner, search_frame);
    order_length = 0;
    RaiseException(0xE0000001, 0, 0, NULL);
    CHECK(strcmp(order, "abSE") == 0, "order is %s", order);
    pop(&inner);
    pop(&outer);
    RemoveVectoredExceptionHandler(a);
    RemoveVectoredExceptionHandler(b);
}

// ---- unwinding ----

static void *jump_buffer[5];

static EXCEPTION_DISPOSITION unwinding_frame(EXCEPTION_RECORD *record, void *establisher, CONTEXT *context,
                                             void *dispatcher)
{
    (void)context, (void)dispatcher;
    if (record->ExceptionFlags & 6) return ExceptionContinueSearch;
    note('H');
    RtlUnwind(establisher, NULL, record, (void *)0x1234);
    note('R');
    __builtin_longjmp(jump_buffer, 1);
}

static void __attribute__((noinline)) raise_inside(void)
{
    struct frame inner;

    push(&inner, search_frame);
    RaiseException(0xE0000002, 0, 0, NULL);
    note('!');
}

static void test_unwind(void)
{
    struct frame *head, target; // registered frames must lie on the stack

    order_length = 0;
    push(&target, unwinding_frame);
    if (!__builtin_setjmp(jump_buffer)) raise_inside();
    __asm__ volatile("movl %%fs:0, %0" : "=r"(head));
    CHECK(head == &target, "frames above the target are still there");
    pop(&target);
    CHECK(strcmp(order, "SHUR") == 0, "order is %s", order);
}

// ---- an exception inside a handler ----

static EXCEPTION_DISPOSITION raising_frame(EXCEPTION_RECORD *record, void *establisher, CONTEXT *context,
                                           void *dispatcher)
{
    (void)establisher, (void)context, (void)dispatcher;
    if (record->ExceptionFlags & 6) return ExceptionContinueSearch;
    if (record->ExceptionCode == 0xE0000003) {
        RaiseException(0xE0000004, 0, 0, NULL);
        note('1');
        return ExceptionContinueExecution;
    }
    note('2');
    CHECK_EQUAL(record->ExceptionFlags & 0x10, 0x10);
    return ExceptionContinueExecution;
}

static void test_nested(void)
{
    struct frame frame;

    order_length = 0;
    push(&frame, raising_frame);
    RaiseException(0xE0000003, 0, 0, NULL);
    pop(&frame);
    CHECK(strcmp(order, "21") == 0, "order is %s", order);
}

// ---- noncontinuable ----

static EXCEPTION_DISPOSITION noncontinuable_frame(EXCEPTION_RECORD *record, void *establisher,
                                                  CONTEXT *context, void *dispatcher)
{
    (void)establisher, (void)context, (void)dispatcher;
    if (record->ExceptionFlags & 6) return ExceptionContinueSearch;
    if (record->ExceptionCode == 0xE0000005) return ExceptionContinueExecution;
    CHECK_EQUAL(record->ExceptionCode, EXCEPTION_NONCONTINUABLE_EXCEPTION);
    note('N');
    RtlUnwind(establisher, NULL, record, NULL);
    __builtin_longjmp(jump_buffer, 1);
}

static void test_noncontinuable(void)
{
    struct frame frame;

    order_length = 0;
    push(&frame, noncontinuable_frame);
    if (!__builtin_setjmp(jump_buffer)) RaiseException(0xE0000005, EXCEPTION_NONCONTINUABLE, 0, NULL);
    pop(&frame);
    CHECK(strcmp(order, "N") == 0, "order is %s", order);
}

// ---- registers ----

static LONG CALLBACK change_registers(EXCEPTION_POINTERS *pointers)
{
    if (pointers->ExceptionRecord->ExceptionCode != EXCEPTION_BREAKPOINT) return EXCEPTION_CONTINUE_SEARCH;
    CHECK_EQUAL(pointers->ContextRecord->Ebx, 0x11);
    CHECK_EQUAL(pointers->ContextRecord->Esi, 0x22);
    CHECK((DWORD)(ULONG_PTR)pointers->ExceptionRecord->ExceptionAddress == pointers->ContextRecord->Eip,
          "address");
    pointers->ContextRecord->Ebx = 0x33;
    pointers->ContextRecord->Eip++;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void test_registers(void)
{
    void *handle = AddVectoredExceptionHandler(1, change_registers);
    DWORD ebx = 0x11, esi = 0x22;

    __asm__ volatile("int3" : "+b"(ebx), "+S"(esi) : : "memory");
    CHECK_EQUAL(ebx, 0x33);
    CHECK_EQUAL(esi, 0x22);
    RemoveVectoredExceptionHandler(handle);
}

// ---- single step ----

static int steps;

static LONG CALLBACK count_steps(EXCEPTION_POINTERS *pointers)
{
    if (pointers->ExceptionRecord->ExceptionCode != EXCEPTION_SINGLE_STEP) return EXCEPTION_CONTINUE_SEARCH;
    steps++;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void test_single_step(void)
{
    void *handle = AddVectoredExceptionHandler(1, count_steps);

    __asm__ volatile("pushfl\norl $0x100, (%%esp)\npopfl\nnop\nnop" : : : "memory", "cc");
    CHECK_EQUAL(steps, 1);
    RemoveVectoredExceptionHandler(handle);
}

int main(void)
{
    test_faults();
    test_order();
    test_unwind();
    test_nested();
    test_noncontinuable();
    test_registers();
    test_single_step();
    return check_summary();
}
