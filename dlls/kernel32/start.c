// The one function that must be kernel32's own code: programs find kernel32 by the address that their entry
// point returns to.
#include "nt/nt.h"

// Where a thread of this process begins: ntdll jumps here with what the creator passed. Never returns.
HOTPATCH void __fastcall BaseThreadInitThunk(DWORD reserved, PTHREAD_START_ROUTINE entry, void *argument)
{
    (void)reserved;
    RtlExitUserThread(entry(argument));
}
