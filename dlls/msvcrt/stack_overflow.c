/* Getting the stack's guard page back after an overflow. */
#include "msvcrt.h"

/* Makes the page under the stack a guard page again after a handled stack overflow; 0 if that failed. */
int EXPORT _resetstkoflw(void)
{
    enum { PAGE = 4096, LEFT = 2 * PAGE }; // below the guard page: room to handle the next overflow
    MEMORY_BASIC_INFORMATION info;
    uintptr_t here = (uintptr_t)__builtin_frame_address(0), guard;
    DWORD old;

    if (!VirtualQuery((void *)here, &info, sizeof(info))) return 0;
    guard = (uintptr_t)info.AllocationBase;
    if (!VirtualQuery((void *)guard, &info, sizeof(info))) return 0;
    if (info.State != MEM_COMMIT) guard += info.RegionSize;
    guard += LEFT;
    if (guard + PAGE >= (here & -(uintptr_t)PAGE)) return 0;
    return VirtualProtect((void *)guard, PAGE, PAGE_READWRITE | PAGE_GUARD, &old);
}
