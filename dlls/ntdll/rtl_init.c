// Start and end of the run-time library: what must be there before anything else, and what a thread leaves.
#include "heap.h"
#include "rtl.h"
#include "ui_languages.h"

NTSTATUS rtl_init_process(void)
{
    static RTL_CRITICAL_SECTION peb_lock = {(PRTL_CRITICAL_SECTION_DEBUG)-1, -1, 0, NULL, NULL, 0};
    static RTL_BITMAP tls_bitmap, tls_expansion_bitmap; // views of the PEB's bits, which kernelbase keeps
    PEB *peb = peb_self();
    const IMAGE_DOS_HEADER *dos = peb->ImageBaseAddress;
    SIZE_T reserve = 0, commit = 0;

    if (!peb->FastPebLock) peb->FastPebLock = &peb_lock;
    RtlInitializeBitMap(&tls_bitmap, peb->TlsBitmapBits, ARRAYSIZE(peb->TlsBitmapBits) * 32);
    RtlInitializeBitMap(&tls_expansion_bitmap, peb->TlsExpansionBitmapBits,
                        ARRAYSIZE(peb->TlsExpansionBitmapBits) * 32);
    peb->TlsBitmap = &tls_bitmap;
    peb->TlsExpansionBitmap = &tls_expansion_bitmap;
    if (dos) {
        const IMAGE_NT_HEADERS *headers = (const void *)((const BYTE *)dos + dos->e_lfanew);
        reserve = headers->OptionalHeader.SizeOfHeapReserve;
        commit = headers->OptionalHeader.SizeOfHeapCommit;
        if (commit > reserve) commit = 0;
        // An image may ask for absurdly much; the heap grows anyway.
        if (reserve > 64u << 20) reserve = 64u << 20;
        if (commit > reserve) commit = reserve;
    }
    debug_heap_init();
    peb->ProcessHeap = RtlCreateHeap(HEAP_GROWABLE, NULL, reserve, commit, NULL, NULL);
    if (!peb->ProcessHeap) return STATUS_NO_MEMORY;
    return nls_init_process();
}

void rtl_thread_exit(void)
{
    TEB *teb = teb_self();
    PVOID fls = teb->FlsData;

    teb->FlsData = NULL;
    RtlProcessFlsData(fls, 2);
    ui_languages_thread_exit();
    heap_thread_exit();
}

void WINAPI RtlAcquirePebLock(void)
{
    RtlEnterCriticalSection(peb_self()->FastPebLock);
}

BOOLEAN WINAPI RtlTryAcquirePebLock(void)
{
    return RtlTryEnterCriticalSection(peb_self()->FastPebLock) != FALSE;
}

void WINAPI RtlReleasePebLock(void)
{
    RtlLeaveCriticalSection(peb_self()->FastPebLock);
}
