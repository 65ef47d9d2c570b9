/* The DLL's life: what is set up at load, per thread, and torn down at the end. */
#include "msvcrt.h"

static void process_attach(void)
{
    locks_init();
    version_init();
    locale_init();
    mbctype_init();
    fd_init();
    stream_init();
    arguments_init();
    environment_init();
}

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, void *reserved)
{
    switch (reason) {
    case DLL_PROCESS_ATTACH:
        crt_heap = crt_profile.process_heap ? GetProcessHeap() : HeapCreate(0, 0, 0);
        if (!crt_heap || !thread_data_init()) return FALSE;
        process_attach();
        break;
    case DLL_THREAD_DETACH: thread_data_free(); break;
    case DLL_PROCESS_DETACH:
        if (reserved) {
            streams_flush_at_process_end();
        } else {
            _flushall();
            stream_close_all(true);
            fd_exit();
            thread_data_free();
            thread_data_exit();
        }
        break;
    }
    (void)module;
    return TRUE;
}
