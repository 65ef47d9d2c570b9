// Sizes and classes that name what isn't there.
#include "define.h"

INTERFACE(bad, 14)

CALL NTSTATUS BadSize(IN_BYTES(lenght) void *p, ULONG length); // error: BadSize: the size of parameter 'p' names 'lenght', which is no parameter
CALL NTSTATUS BadNoSize(OUT_BYTES() void *p); // error: BadNoSize: parameter 'p' has no size
CALL NTSTATUS BadCount(IN_ARRAY(*n, 4) ULONG *p, IN ULONG *n); // error: BadCount: the size of parameter 'p' needs 'n', which is no number
CALL NTSTATUS BadLimit(IN_ARRAY(n, 0) ULONG *p, ULONG n); // error: BadLimit: the limit of parameter 'p', '0', is no number from 1 to 65536
CALL NTSTATUS BadMaximum(IN_ARRAY(n, NO_SUCH_NAME) ULONG *p, ULONG n); // error: BadMaximum: the limit of parameter 'p', 'NO_SUCH_NAME', is no number from 1 to 65536
CALL NTSTATUS BadClass(ULONG class, IN BY_CLASS(clas, length) void *p, ULONG length); // error: BadClass: the class of parameter 'p' is 'clas', which is no parameter
CALL NTSTATUS BadReal(IN_ARRAY(n, 4) ULONG *p, double n); // error: BadReal: the size of parameter 'p' needs 'n', which is no number
CALL NTSTATUS BadSign(IN_BYTES(n % 4) void *p, ULONG n); // error: BadSign: the size of parameter 'p' has a '%'
CALL NTSTATUS GoodSize(IN_BYTES(n * 4) void *p, ULONG n, OUT_BYTES(*m) void *q, INOUT ULONG *m);
CALL NTSTATUS GoodClass(ULONG class, IN BY_CLASS(class, length) void *p, ULONG length);
CLASS(GoodClass, 1, RECT)
CLASS(GoodSize, 2, RECT) // error: CLASS names 'GoodSize', which is no call with a BY_CLASS parameter
CLASS(Nothing, 2, RECT) // error: CLASS names 'Nothing', which is no call with a BY_CLASS parameter
enum { GoodOne = 1 };
CLASS(GoodClass, GoodOne, RECT) // error: class GoodOne of GoodClass is given twice
