/* C++ exceptions: throwing, finding the catch block, unwinding objects, rethrowing. */
#include "cxx.h"

/* Under a running catch block: exceptions from within it pass here first. */
struct catch_frame {
    void *previous;
    void *handler;
    struct cxx_frame *frame;
    const struct function_info *function;
    int state; /* the try block's last state: only what lies inside the catch may handle */
    EXCEPTION_RECORD *record;
    struct catch_frame *outer;
    EXCEPTION_RECORD *outer_record;
    CONTEXT *outer_context;
};

int cxx_frame_handler(EXCEPTION_RECORD *record, struct cxx_frame *frame, CONTEXT *context, void *dispatcher,
                      const struct function_info *function, struct catch_frame *nested, int nested_state);
void *cxx_call_catch(void *function, void *ebp);
void cxx_continue(void *address, void *ebp, void *esp) __attribute__((noreturn));
void cxx_call_this(void *function, void *object);
void cxx_call_copy(void *function, void *object, void *source, int virtual_base);

bool cxx_is_exception(const EXCEPTION_RECORD *record)
{
    return record->ExceptionCode == CXX_EXCEPTION && record->NumberParameters == 3 &&
           record->ExceptionInformation[0] >= CXX_MAGIC && record->ExceptionInformation[0] <= CXX_MAGIC_LAST;
}

static const struct throw_info *thrown_type(const EXCEPTION_RECORD *record)
{
    return (const struct throw_info *)record->ExceptionInformation[2];
}

static void *thrown_object(const EXCEPTION_RECORD *record)
{
    return (void *)record->ExceptionInformation[1];
}

void __stdcall _CxxThrowException(void *object, const struct throw_info *info)
{
    ULONG_PTR arguments[] = {CXX_MAGIC, (ULONG_PTR)object, (ULONG_PTR)info};

    thread_data()->uncaught++;
    RaiseException(CXX_EXCEPTION, EXCEPTION_NONCONTINUABLE, 3, arguments);
    cxx_terminate();
}

void *cxx_this(const struct this_offsets *offsets, void *object)
{
    char *p = object;

    if (!p) return NULL;
    if (offsets->vbase_table >= 0) {
        p += offsets->vbase_table;
        p += *(int *)(*(char **)p + offsets->vbase_entry);
    }
    return p + offsets->displacement;
}

static bool catches_all(const struct catch_block *block)
{
    return !block->type || !*block->type->mangled;
}

/* As which type does BLOCK catch what was thrown? NULL: not at all. */
static const struct catchable_type *caught_type(const struct throw_info *info,
                                                const struct catch_block *block)
{
    const struct catchable_types *types = info->types;

    for (int i = 0; i < types->count; i++) {
        const struct catchable_type *type = types->type[i];
        if (block->type != type->type && strcmp(block->type->mangled, type->type->mangled)) continue;
        if (type->flags & CATCHABLE_BY_REFERENCE && !(block->flags & CATCH_REFERENCE)) continue;
        if (info->flags & THROW_CONST && !(block->flags & CATCH_CONST)) continue;
        if (info->flags & THROW_VOLATILE && !(block->flags & CATCH_VOLATILE)) continue;
        return type;
    }
    return NULL;
}

static void fill_variable(struct cxx_frame *frame, const struct catch_block *block,
                          const struct catchable_type *type, void *object)
{
    void **variable = (void **)((char *)&frame->ebp + block->offset);

    if (catches_all(block) || !block->offset) return;
    if (block->flags & CATCH_REFERENCE) {
        *variable = cxx_this(&type->offsets, object);
    } else if (type->flags & CATCHABLE_SIMPLE) {
        memmove(variable, object, type->size);
        if (type->size == sizeof(void *)) *variable = cxx_this(&type->offsets, *variable);
    } else if (type->copy) {
        cxx_call_copy(type->copy, variable, cxx_this(&type->offsets, object),
                      type->flags & CATCHABLE_VIRTUAL_BASE);
    } else {
        memmove(variable, cxx_this(&type->offsets, object), type->size);
    }
}

static void destroy_object(const EXCEPTION_RECORD *record)
{
    if (cxx_is_exception(record) && thrown_type(record) && thrown_type(record)->destructor &&
        thrown_object(record))
        cxx_call_this(thrown_type(record)->destructor, thrown_object(record));
}

/* Destroys the function's objects down to STATE. */
static void unwind_objects(struct cxx_frame *frame, const struct function_info *function, int state)
{
    while (frame->state != state) {
        int current = frame->state;
        if (current < 0 || current >= function->state_count) cxx_terminate();
        frame->state = function->unwind[current].previous;
        if (function->unwind[current].handler) seh_call(function->unwind[current].handler, &frame->ebp);
    }
}

static void leave_catch(struct catch_frame *catch, const EXCEPTION_RECORD *replacing)
{
    struct thread_data *data = thread_data();

    data->frame_info_chain = catch->outer;
    data->current_exception = catch->outer_record;
    data->current_context = catch->outer_context;
    /* A rethrown object lives on, and so does one that an outer catch block holds. */
    if (replacing && cxx_is_exception(replacing) && thrown_object(replacing) == thrown_object(catch->record))
        return;
    for (struct catch_frame *outer = catch->outer; outer; outer = outer->outer)
        if (cxx_is_exception(outer->record) && thrown_object(outer->record) == thrown_object(catch->record))
            return;
    destroy_object(catch->record);
}

static int __cdecl catch_handler(EXCEPTION_RECORD *record, struct catch_frame *catch, CONTEXT *context,
                                 void *dispatcher)
{
    if (record->ExceptionFlags & UNWINDING) {
        leave_catch(catch, record);
        return 1;
    }
    if (cxx_is_exception(record) && !thrown_object(record) && !thrown_type(record)) { /* throw; */
        record->ExceptionInformation[1] = catch->record->ExceptionInformation[1];
        record->ExceptionInformation[2] = catch->record->ExceptionInformation[2];
        if (!cxx_is_exception(catch->record)) { /* of an exception of the system, that one again */
            record->ExceptionCode = catch->record->ExceptionCode;
            record->NumberParameters = catch->record->NumberParameters;
            memcpy(record->ExceptionInformation, catch->record->ExceptionInformation,
                   sizeof(record->ExceptionInformation));
        }
    }
    return cxx_frame_handler(record, catch->frame, context, dispatcher, catch->function, catch, catch->state);
}

static void run_catch(EXCEPTION_RECORD *record, CONTEXT *context, struct cxx_frame *frame,
                      const struct function_info *function, const struct try_block *try,
                      const struct catch_block *block, const struct catchable_type *type)
{
    struct thread_data *data = thread_data();
    struct catch_frame catch;
    void *go_on, *stack = ((void **)frame)[-1]; /* the catch block keeps its own stack there while it runs */

    if (type) fill_variable(frame, block, type, thrown_object(record));
    seh_unwind_to(frame, record);
    unwind_objects(frame, function, try->first_state);
    frame->state = try->last_state + 1;
    if (data->uncaught && cxx_is_exception(record)) data->uncaught--;
    catch = (struct catch_frame){seh_chain(),
                                 (void *)catch_handler,
                                 frame,
                                 function,
                                 try->last_state + 1,
                                 record,
                                 data->frame_info_chain,
                                 data->current_exception,
                                 data->current_context};
    data->frame_info_chain = &catch;
    data->current_exception = record;
    data->current_context = context;
    seh_set_chain(&catch);
    go_on = cxx_call_catch(block->handler, &frame->ebp);
    seh_set_chain(catch.previous);
    leave_catch(&catch, NULL);
    ((void **)frame)[-1] = stack;
    cxx_continue(go_on, &frame->ebp, stack);
}

/* noexcept: what such a function doesn't catch itself ends the program. */
static void check_noexcept(const EXCEPTION_RECORD *record, const struct function_info *function)
{
    if (function->magic >= CXX_MAGIC + 2 && function->flags & FUNCTION_NOEXCEPT && cxx_is_exception(record))
        cxx_terminate();
}

static void search_catch(EXCEPTION_RECORD *record, struct cxx_frame *frame, CONTEXT *context,
                         const struct function_info *function, const struct catch_frame *nested,
                         int nested_state)
{
    int state = frame->state;

    for (int i = 0; i < function->try_count; i++) {
        const struct try_block *try = &function->tries[i];
        if (state < try->first_state || state > try->last_state) continue;
        if (nested && try->first_state < nested_state) continue;
        for (int j = 0; j < try->count; j++) {
            const struct catch_block *block = &try->catches[j];
            const struct catchable_type *type = NULL;
            if (block->flags & CATCH_CXX_ONLY && !cxx_is_exception(record)) continue;
            if (!catches_all(block)) {
                if (!cxx_is_exception(record) || !thrown_type(record)) continue;
                type = caught_type(thrown_type(record), block);
                if (!type) continue;
            }
            run_catch(record, context, frame, function, try, block, type);
        }
    }
}

int cxx_frame_handler(EXCEPTION_RECORD *record, struct cxx_frame *frame, CONTEXT *context, void *dispatcher,
                      const struct function_info *function, struct catch_frame *nested, int nested_state)
{
    struct thread_data *data = thread_data();

    (void)dispatcher;
    if (function->magic < CXX_MAGIC || function->magic > CXX_MAGIC_LAST) return 1;
    if (function->magic >= CXX_MAGIC + 2 && function->flags & FUNCTION_SYNCHRONOUS &&
        !cxx_is_exception(record))
        return 1;
    if (record->ExceptionFlags & UNWINDING) {
        if (function->state_count && !nested) unwind_objects(frame, function, -1);
        return 1;
    }
    if (!function->try_count) {
        check_noexcept(record, function);
        return 1;
    }
    if (cxx_is_exception(record) && !thrown_object(record) && !thrown_type(record)) {
        /* "throw;" in a function called from a catch block */
        if (!data->current_exception) cxx_terminate();
        record->ExceptionInformation[1] = data->current_exception->ExceptionInformation[1];
        record->ExceptionInformation[2] = data->current_exception->ExceptionInformation[2];
    } else if (!cxx_is_exception(record) && data->se_translator &&
               record->ExceptionCode != (DWORD)STATUS_LONGJUMP) {
        EXCEPTION_POINTERS pointers = {record, context};
        void(EXPORT * translate)(unsigned, EXCEPTION_POINTERS *) = data->se_translator;
        translate(record->ExceptionCode, &pointers); /* throws if it has a C++ exception for it */
    }
    search_catch(record, frame, context, function, nested, nested_state);
    check_noexcept(record, function);
    return 1;
}

void *EXPORT set_se_translator(void *translator)
{
    struct thread_data *data = thread_data();
    void *old = data->se_translator;
    data->se_translator = translator;
    return old;
}

/* ---- the end ---- */

void EXPORT terminate(void)
{
    struct thread_data *data = thread_data();
    if (data->on_terminate) data->on_terminate();
    abort();
}

void cxx_terminate(void)
{
    terminate();
    abort();
}

void EXPORT unexpected(void)
{
    struct thread_data *data = thread_data();
    if (data->on_unexpected) data->on_unexpected();
    terminate();
}

plain_handler EXPORT set_terminate(plain_handler handler)
{
    struct thread_data *data = thread_data();
    plain_handler old = data->on_terminate;
    data->on_terminate = handler;
    return old;
}

plain_handler EXPORT set_unexpected(plain_handler handler)
{
    struct thread_data *data = thread_data();
    plain_handler old = data->on_unexpected;
    data->on_unexpected = handler;
    return old;
}

int EXPORT __uncaught_exception(void)
{
    return thread_data()->uncaught != 0;
}

void EXPORT __DestructExceptionObject(EXCEPTION_RECORD *record)
{
    destroy_object(record);
}
int EXPORT __CxxQueryExceptionSize(void)
{
    return 7 * sizeof(void *);
}

/* "catch (...)" of managed and mixed code asks these. */
int EXPORT __CxxDetectRethrow(EXCEPTION_POINTERS *pointers)
{
    if (!pointers || !cxx_is_exception(pointers->ExceptionRecord) || thrown_type(pointers->ExceptionRecord))
        return FALSE;
    return TRUE;
}

void __stdcall __CxxCallUnwindDtor(void *destructor, void *object)
{
    cxx_call_this(destructor, object);
}

void __stdcall __CxxCallUnwindVecDtor(void(__stdcall *destroy)(void *, unsigned, int, void *), void *array,
                                      unsigned size, int count, void *destructor)
{
    destroy(array, size, count, destructor);
}
