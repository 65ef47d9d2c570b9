/* The data each thread has: found through a TLS slot without touching the last-error value. */
#include "msvcrt.h"
#include <intrin.h>

static DWORD slot = TLS_OUT_OF_INDEXES;

enum { TEB_TLS_SLOTS = 0xE10, TEB_TLS_SLOT_COUNT = 64 };

bool thread_data_init(void)
{
    slot = TlsAlloc();
    return slot != TLS_OUT_OF_INDEXES;
}

static struct thread_data *thread_data_create(void)
{
    DWORD error = GetLastError();
    struct thread_data *data = HeapAlloc(crt_heap, HEAP_ZERO_MEMORY, sizeof(*data));
    if (!data || !TlsSetValue(slot, data)) _amsg_exit(16);
    data->random = 1;
    data->id = GetCurrentThreadId();
    data->handle = INVALID_HANDLE_VALUE;
    SetLastError(error);
    return data;
}

/* Never NULL: a thread for which there is no memory ends the program, as on Windows (R6016). */
struct thread_data *thread_data(void)
{
    struct thread_data *data;

    if (slot < TEB_TLS_SLOT_COUNT) {
        data = (void *)__readfsdword(TEB_TLS_SLOTS + slot * 4);
    } else {
        DWORD error = GetLastError();
        data = TlsGetValue(slot);
        SetLastError(error);
    }
    return data ? data : thread_data_create();
}

/* Frees the calling thread's data, if it ever had any. */
void thread_data_free(void)
{
    struct thread_data *data = TlsGetValue(slot);

    if (!data) return;
    TlsSetValue(slot, NULL);
    free(data->error_text);
    free(data->error_wide);
    free(data->tmpnam_text);
    free(data->tmpnam_wide);
    if (data->owns_locale) locale_release(data->locale);
    HeapFree(crt_heap, 0, data);
}

void thread_data_exit(void)
{
    TlsFree(slot);
    slot = TLS_OUT_OF_INDEXES;
}
