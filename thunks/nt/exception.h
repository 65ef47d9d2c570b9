// Exceptions: registration records and dispatcher results beyond winnt.h. Sources: Matt Pietrek's "A Crash
// Course on the Depths of Win32 Structured Exception Handling", mingw-w64's excpt.h, Microsoft's
// documentation of EXCEPTION_RECORD and of vectored handlers.
#ifndef LOWLAND_NT_EXCEPTION_H
#define LOWLAND_NT_EXCEPTION_H

#define EXCEPTION_CHAIN_END ((EXCEPTION_REGISTRATION_RECORD *)-1)

#ifndef EXCEPTION_NONCONTINUABLE
#define EXCEPTION_NONCONTINUABLE 0x01
#endif
#ifndef EXCEPTION_UNWINDING
#define EXCEPTION_UNWINDING 0x02
#endif
#ifndef EXCEPTION_EXIT_UNWIND
#define EXCEPTION_EXIT_UNWIND 0x04
#endif
#ifndef EXCEPTION_STACK_INVALID
#define EXCEPTION_STACK_INVALID 0x08
#endif
#ifndef EXCEPTION_NESTED_CALL
#define EXCEPTION_NESTED_CALL 0x10
#endif
#ifndef EXCEPTION_TARGET_UNWIND
#define EXCEPTION_TARGET_UNWIND 0x20
#endif
#ifndef EXCEPTION_COLLIDED_UNWIND
#define EXCEPTION_COLLIDED_UNWIND 0x40
#endif

// EXCEPTION_ACCESS_VIOLATION's first parameter.
#define EXCEPTION_READ_FAULT    0
#define EXCEPTION_WRITE_FAULT   1
#define EXCEPTION_EXECUTE_FAULT 8

NT_SIZE(EXCEPTION_RECORD, 0x50);
NT_SIZE(CONTEXT, 0x2CC);
NT_OFFSET(CONTEXT, SegGs, 0x8C);
NT_OFFSET(CONTEXT, Edi, 0x9C);
NT_OFFSET(CONTEXT, Ebp, 0xB4);
NT_OFFSET(CONTEXT, Eip, 0xB8);
NT_OFFSET(CONTEXT, EFlags, 0xC0);
NT_OFFSET(CONTEXT, Esp, 0xC4);
NT_OFFSET(CONTEXT, ExtendedRegisters, 0xCC);

// NtContinueEx: a BOOLEAN (alertable), or the address of one of these.
typedef struct _KCONTINUE_ARGUMENT {
    ULONG ContinueType;
    ULONG ContinueFlags; // KCONTINUE_FLAG_*
    ULONGLONG Reserved[2];
} KCONTINUE_ARGUMENT, *PKCONTINUE_ARGUMENT;
#define KCONTINUE_FLAG_TEST_ALERT  1
#define KCONTINUE_FLAG_DELIVER_APC 2

#endif
