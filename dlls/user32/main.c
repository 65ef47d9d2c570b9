// The DLL's life.
#include "class.h"
#include "clipboard.h"
#include "queue.h"

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, void *reserved)
{
    (void)reserved;
    switch (reason) {
    case DLL_PROCESS_ATTACH: return class_init(module);
    case DLL_THREAD_DETACH:
        clipboard_thread_exit();
        queue_thread_exit();
        break;
    }
    return TRUE;
}
