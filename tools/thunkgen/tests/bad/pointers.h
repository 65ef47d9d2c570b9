// Annotations that don't fit their parameters.
#include "define.h"

INTERFACE(bad, 14)

CALL NTSTATUS BadBare(HANDLE handle, void *pointer); // error: BadBare: pointer parameter 'pointer' has no annotation
CALL NTSTATUS BadFunction(FARPROC function); // error: BadFunction: pointer parameter 'function' has no annotation
CALL NTSTATUS BadNumber(IN ULONG number); // error: BadNumber: parameter 'number' is annotated as a pointer, but is none
CALL NTSTATUS BadHandle(OPT HANDLE handle); // error: BadHandle: parameter 'handle' is annotated as a pointer, but is none
CALL NTSTATUS BadTwo(IN OUT ULONG *number); // error: BadTwo: parameter 'number' has annotations that exclude each other
CALL NTSTATUS BadVoid(IN void *pointer); // error: BadVoid: parameter 'pointer' can't be copied: it points to 'void'
CALL NTSTATUS BadConst(OUT const ULONG *number); // error: BadConst: parameter 'number' is written back, but points to const
CALL NTSTATUS BadNameless(ULONG); // error: BadNameless: parameter 1 has no name
CALL NTSTATUS BadClass(ULONG class, BY_CLASS(class, length) void *p, ULONG length); // error: BadClass: parameter 'p' has BY_CLASS without IN, OUT or INOUT
CALL NTSTATUS BadLong(long double number); // error: BadLong: parameter 'number' of type 'long double' can't be passed
CALL RECT BadResult(void); // error: BadResult: a result of type 'RECT' can't be passed
CALL NTSTATUS BadVarargs(ULONG n); // a good one, but see below
CALLBACK float BadFloat(void); // error: BadFloat: a callback can't return 'float'
CALLBACK void BadBack(IN ULONG *number); // error: BadBack: pointer parameter 'number' of a callback can only be GPTR
CALL NTSTATUS BadVarargs(ULONG n); // error: BadVarargs is defined twice
