// What belongs to a thread: the memory in which the answers of gethostbyname and its like lie until the next
// one.
#include "winsock.h"

static DWORD slot = TLS_OUT_OF_INDEXES;

struct thread_answers *thread_answers(void)
{
    struct thread_answers *answers = TlsGetValue(slot);
    if (answers) return answers;
    answers = RtlAllocateHeap(peb_self()->ProcessHeap, HEAP_ZERO_MEMORY, sizeof *answers);
    if (!answers || !TlsSetValue(slot, answers)) {
        text_free(answers);
        SetLastError(WSAENOBUFS);
        return NULL;
    }
    return answers;
}

BOOL WINAPI DllMain(HINSTANCE dll, DWORD reason, void *reserved)
{
    (void)dll, (void)reserved;
    switch (reason) {
    case DLL_PROCESS_ATTACH: slot = TlsAlloc(); return slot != TLS_OUT_OF_INDEXES;
    case DLL_THREAD_DETACH: text_free(TlsGetValue(slot)); break;
    case DLL_PROCESS_DETACH:
        text_free(TlsGetValue(slot));
        TlsFree(slot);
        break;
    }
    return TRUE;
}
