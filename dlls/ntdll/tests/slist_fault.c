// A pop from an interlocked list survives that its entry's memory goes away under it.
#include "nt/nt.h"
#include "check.h"

static SLIST_HEADER list;
static volatile LONG stop;
static volatile LONG popped;

static DWORD WINAPI pop(void *arg)
{
    (void)arg;
    while (!stop) {
        if (InterlockedPopEntrySList(&list)) InterlockedIncrement(&popped);
    }
    return 0;
}

int main(void)
{
    HANDLE thread;

    InitializeSListHead(&list);
    thread = CreateThread(NULL, 0, pop, NULL, 0, NULL);
    for (int i = 0; i < 20000; i++) {
        SLIST_ENTRY *entry = VirtualAlloc(NULL, 4096, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

        InterlockedPushEntrySList(&list, entry);
        InterlockedFlushSList(&list); // either thread has it now
        VirtualFree(entry, 0, MEM_RELEASE);
    }
    stop = 1;
    WaitForSingleObject(thread, INFINITE);
    CHECK(!InterlockedPopEntrySList(&list), "empty");
    return check_summary();
}
