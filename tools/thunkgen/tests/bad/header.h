// A definition that the header's own declaration contradicts.
#include "define.h"

INTERFACE(bad, 14)

CALL BOOL CloseHandle(HANDLE object, ULONG more); // error: conflicting types for 'CloseHandle'
CALL BOOL SetEvent(HANDLE event);
CALL NTSTATUS BadType(IN NO_SUCH_TYPE *p); // error: unknown type name 'NO_SUCH_TYPE'
