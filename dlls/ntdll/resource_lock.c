// Resources: recursive locks for one writer or many readers, older than SRW locks. A critical section guards
// the counts; who can't get in sleeps on a condition variable.
#include "rtl.h"
#include "nt/rtl_lock.h"

static inline HANDLE self(void)
{
    return (HANDLE)(ULONG_PTR)current_thread_id();
}

static bool is_mine(const RTL_RESOURCE *resource)
{
    return resource->NumberActive < 0 && resource->OwningThread == self();
}

void NTAPI RtlInitializeResource(PRTL_RESOURCE resource)
{
    memset(resource, 0, sizeof(*resource));
    RtlInitializeCriticalSection(&resource->Lock);
}

void NTAPI RtlDeleteResource(PRTL_RESOURCE resource)
{
    RtlDeleteCriticalSection(&resource->Lock);
    memset((BYTE *)resource + sizeof(resource->Lock), 0, sizeof(*resource) - sizeof(resource->Lock));
}

// Whether the calling thread got in: at once, or after waiting if it may.
static bool enter_shared(PRTL_RESOURCE resource, bool wait)
{
    if (is_mine(resource)) {
        resource->NumberActive--;
        return true;
    }
    while (resource->NumberActive < 0) {
        if (!wait) return false;
        resource->NumberShared++;
        RtlSleepConditionVariableCS(&resource->SharedWaiters, &resource->Lock, NULL);
        resource->NumberShared--;
    }
    resource->NumberActive++;
    return true;
}

static bool enter_exclusive(PRTL_RESOURCE resource, bool wait)
{
    if (is_mine(resource)) {
        resource->NumberActive--;
        return true;
    }
    while (resource->NumberActive) {
        if (!wait) return false;
        resource->NumberExclusive++;
        RtlSleepConditionVariableCS(&resource->ExclusiveWaiters, &resource->Lock, NULL);
        resource->NumberExclusive--;
    }
    resource->NumberActive = -1;
    resource->OwningThread = self();
    return true;
}

// Takes one hold off. Who waits to write goes before those who wait to read.
static void leave(PRTL_RESOURCE resource)
{
    if (resource->NumberActive < 0) {
        if (++resource->NumberActive < 0) return;
        resource->OwningThread = NULL;
    } else if (resource->NumberActive > 0 && --resource->NumberActive > 0) {
        return;
    }
    if (resource->NumberExclusive) {
        RtlWakeConditionVariable(&resource->ExclusiveWaiters);
    } else {
        RtlWakeAllConditionVariable(&resource->SharedWaiters);
    }
}

/** Gets in as one of the readers, or once more as the writer. FALSE when that would mean to wait and wait is
 * FALSE. */
BOOLEAN NTAPI RtlAcquireResourceShared(PRTL_RESOURCE resource, BOOLEAN wait)
{
    RtlEnterCriticalSection(&resource->Lock);
    bool entered = enter_shared(resource, wait);
    RtlLeaveCriticalSection(&resource->Lock);
    return entered;
}

/** Gets in as the writer. FALSE when that would mean to wait and wait is FALSE. */
BOOLEAN NTAPI RtlAcquireResourceExclusive(PRTL_RESOURCE resource, BOOLEAN wait)
{
    RtlEnterCriticalSection(&resource->Lock);
    bool entered = enter_exclusive(resource, wait);
    RtlLeaveCriticalSection(&resource->Lock);
    return entered;
}

void NTAPI RtlReleaseResource(PRTL_RESOURCE resource)
{
    RtlEnterCriticalSection(&resource->Lock);
    leave(resource);
    RtlLeaveCriticalSection(&resource->Lock);
}

/** Makes a reader the writer, when the other readers have left. */
void NTAPI RtlConvertSharedToExclusive(PRTL_RESOURCE resource)
{
    RtlEnterCriticalSection(&resource->Lock);
    if (resource->NumberActive == 1) {
        resource->NumberActive = -1;
        resource->OwningThread = self();
    } else {
        leave(resource);
        enter_exclusive(resource, true);
    }
    RtlLeaveCriticalSection(&resource->Lock);
}

/** Makes the writer a reader, and lets in those who wait to read. */
void NTAPI RtlConvertExclusiveToShared(PRTL_RESOURCE resource)
{
    RtlEnterCriticalSection(&resource->Lock);
    resource->NumberActive = 1;
    resource->OwningThread = NULL;
    RtlWakeAllConditionVariable(&resource->SharedWaiters);
    RtlLeaveCriticalSection(&resource->Lock);
}
