// A calling convention that the header's own declaration contradicts: clang takes the header's silently.
#include "define.h"

INTERFACE(bad, 14)

CDECL_CALL DWORD GetTickCount(void); // error: GetTickCount is declared stdcall elsewhere
CALL int lstrlenA(IN_STRING const char *text);
