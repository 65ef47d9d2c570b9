/* The exceptions of the calling thread, and what compilers and C++ libraries ask of them. */
#include "ucrtbase.h"
#include "dlls/msvcrt/cxx.h"

/* Each gives the address of the thread's own variable. */
EXCEPTION_RECORD **EXPORT __current_exception(void)
{
    return &thread_data()->current_exception;
}

CONTEXT **EXPORT __current_exception_context(void)
{
    return &thread_data()->current_context;
}

int *EXPORT __processing_throw(void)
{
    return &thread_data()->uncaught;
}

int EXPORT __uncaught_exceptions(void)
{
    return thread_data()->uncaught;
}

plain_handler EXPORT _get_terminate(void)
{
    return thread_data()->on_terminate;
}

plain_handler EXPORT _get_unexpected(void)
{
    return thread_data()->on_unexpected;
}

void *EXPORT __AdjustPointer(void *object, const struct this_offsets *offsets)
{
    return cxx_this(offsets, object);
}

/* Is what was thrown of this type or one derived from it? */
int EXPORT _is_exception_typeof(const struct type_info *type, EXCEPTION_POINTERS *pointers)
{
    const EXCEPTION_RECORD *record;
    const struct throw_info *thrown;

    if (!pointers) terminate();
    record = pointers->ExceptionRecord;
    if (!cxx_is_exception(record)) terminate();
    thrown = (const struct throw_info *)record->ExceptionInformation[2];
    for (int i = 0; thrown && i < thrown->types->count; i++) {
        const struct type_info *base = thrown->types->type[i]->type;
        if (base == type || !strcmp(base->mangled, type->mangled)) return TRUE;
    }
    return FALSE;
}
