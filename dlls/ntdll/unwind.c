// Unwinding: telling the frames above a target that they end.
#include "exception.h"

#define CHECK(member, offset) _Static_assert(__builtin_offsetof(CONTEXT, member) == (offset), #member)
CHECK(SegGs, 0x8C);
CHECK(SegFs, 0x90);
CHECK(SegEs, 0x94);
CHECK(SegDs, 0x98);
CHECK(Edi, 0x9C);
CHECK(Esi, 0xA0);
CHECK(Ebx, 0xA4);
CHECK(Edx, 0xA8);
CHECK(Ecx, 0xAC);
CHECK(Eax, 0xB0);
CHECK(Ebp, 0xB4);
CHECK(Eip, 0xB8);
CHECK(SegCs, 0xBC);
CHECK(EFlags, 0xC0);
CHECK(Esp, 0xC4);
CHECK(SegSs, 0xC8);
_Static_assert(sizeof(CONTEXT) == 0x2CC, "CONTEXT");

static void raise_about(NTSTATUS code, EXCEPTION_RECORD *cause)
{
    EXCEPTION_RECORD record = {
        .ExceptionCode = (DWORD)code,
        .ExceptionFlags = EXCEPTION_NONCONTINUABLE,
        .ExceptionRecord = cause,
    };
    RtlRaiseException(&record);
}

// RtlUnwind's C half: calls and removes every frame above target (NULL: all, an exit unwind). context is
// where RtlUnwind's caller goes on.
void unwind(frame *target, EXCEPTION_RECORD *record, CONTEXT *context)
{
    EXCEPTION_RECORD own = {.ExceptionCode = (DWORD)STATUS_UNWIND, .ExceptionAddress = (void *)context->Eip};
    frame *at = exception_list(), *dispatcher;

    if (!record) record = &own;
    record->ExceptionFlags |= EXCEPTION_UNWINDING | (target ? 0 : EXCEPTION_EXIT_UNWIND);
    while (at != EXCEPTION_CHAIN_END && at != target) {
        if (target && at > target) raise_about(STATUS_INVALID_UNWIND_TARGET, record);
        if (!frame_is_valid(at)) raise_about(STATUS_BAD_STACK, record);
        switch (execute_unwind_handler(record, at, context, &dispatcher, (void *)at->Handler)) {
        case ExceptionContinueSearch: break;
        case ExceptionCollidedUnwind: at = dispatcher; break;
        default: raise_about(STATUS_INVALID_DISPOSITION, record);
        }
        at = at->Next;
        set_exception_list(at);
    }
}
