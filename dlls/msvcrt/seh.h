/* The frames of structured exception handling on i386, as compilers lay them out. */
#pragma once

#include "msvcrt.h"

struct seh_frame { /* an EXCEPTION_REGISTRATION_RECORD with what __try adds; EBP of the function is &ebp */
    struct seh_frame *previous;
    void *handler;
    void *scope_table;
    int level;
    int ebp;
};
struct seh_scope {
    int enclosing;
    void *filter; /* NULL: __finally */
    void *handler;
};
enum { SEH_NO_LEVEL = -1, SEH4_NO_LEVEL = -2 };
#define UNWINDING 6 /* EXCEPTION_UNWINDING | EXCEPTION_EXIT_UNWIND */

int seh_call(void *function, void *ebp);
void seh_jump(void *function, void *ebp) __attribute__((noreturn));
void seh_unwind_to(void *frame, EXCEPTION_RECORD *record);

static inline struct seh_frame *seh_chain(void)
{
    struct seh_frame *frame;
    __asm__ volatile("movl %%fs:0, %0" : "=r"(frame));
    return frame;
}

static inline void seh_set_chain(void *frame)
{
    __asm__ volatile("movl %0, %%fs:0" : : "r"(frame) : "memory");
}
