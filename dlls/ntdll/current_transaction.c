// The transaction that file calls of a thread belong to where they name none.
#include "rtl.h"

/** The handle that RtlSetCurrentTransaction left for this thread; NULL: none (phnt's ntrtl.h). */
HANDLE WINAPI RtlGetCurrentTransaction(void)
{
    return teb_self()->CurrentTransactionHandle;
}

/** Leaves a handle for this thread, which is not looked at. Always TRUE. */
LOGICAL WINAPI RtlSetCurrentTransaction(HANDLE transaction)
{
    teb_self()->CurrentTransactionHandle = transaction;
    return TRUE;
}
