// What the files of exception handling share.
#ifndef LOWLAND_NTDLL_EXCEPTION_H
#define LOWLAND_NTDLL_EXCEPTION_H

#include "ntdll.h"
#include <stdbool.h>

typedef EXCEPTION_REGISTRATION_RECORD frame;

// Calls a frame's handler with registers protected (exception_entry.S). An exception inside is dispatched
// with *dispatcher_frame telling which frame was being handled.
EXCEPTION_DISPOSITION execute_handler(EXCEPTION_RECORD *record, frame *establisher, CONTEXT *context,
                                      frame **dispatcher_frame, void *handler);
EXCEPTION_DISPOSITION execute_unwind_handler(EXCEPTION_RECORD *record, frame *establisher, CONTEXT *context,
                                             frame **dispatcher_frame, void *handler);

// Vectored handlers: whether one of them wants execution to go on (vectored.c).
bool call_vectored_handlers(EXCEPTION_RECORD *record, CONTEXT *context);
void call_continue_handlers(EXCEPTION_RECORD *record, CONTEXT *context);

// Whether a registration record may be trusted: inside the stack, aligned, its handler outside.
bool frame_is_valid(const frame *frame);

static inline frame *exception_list(void)
{
    frame *head;
    __asm__ volatile("movl %%fs:0, %0" : "=r"(head));
    return head;
}

static inline void set_exception_list(frame *head)
{
    __asm__ volatile("movl %0, %%fs:0" : : "r"(head) : "memory");
}

// The base of the image that this code is in.
static inline void *image_base(void)
{
    extern char __ImageBase; // the linker's
    return &__ImageBase;
}

#endif
