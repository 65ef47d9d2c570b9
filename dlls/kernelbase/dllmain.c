// kernelbase's entry point: what must exist before any other DLL runs.
#include "console.h"

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *reserved)
{
    (void)reserved;
    if (reason == DLL_PROCESS_ATTACH) {
        LdrDisableThreadCalloutsForDll((void *)instance);
        RtlSetUnhandledExceptionFilter((void *)UnhandledExceptionFilter);
        command_line_init();
        console_init();
    }
    return TRUE;
}
