// NtNotifyChangeDirectoryFile.
#include "file.h"
#include "ntdll_host.h"

NTSTATUS NtNotifyChangeDirectoryFile(HANDLE32 handle, HANDLE32 event, gptr apc, gptr context, gptr block,
                                     gptr buffer, uint32_t length, uint32_t filter, uint8_t subtree)
{
    (void)handle, (void)event, (void)apc, (void)context, (void)block, (void)buffer, (void)length,
        (void)filter, (void)subtree;
    return STATUS_NOT_SUPPORTED;
}
