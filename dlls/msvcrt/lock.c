/* The runtime's numbered locks (_lock/_unlock), which old start-up code and streams use. */
#include "msvcrt.h"

static CRITICAL_SECTION locks[LOCK_COUNT];

void locks_init(void)
{
    for (int i = 0; i < LOCK_COUNT; i++) InitializeCriticalSection(&locks[i]);
}

void EXPORT _lock(int number)
{
    if (number < 0 || number >= LOCK_COUNT) _amsg_exit(17);
    EnterCriticalSection(&locks[number]);
}

bool try_lock(int number)
{
    return TryEnterCriticalSection(&locks[number]);
}

void EXPORT _unlock(int number)
{
    if (number >= 0 && number < LOCK_COUNT) LeaveCriticalSection(&locks[number]);
}
