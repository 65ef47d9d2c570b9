// Byte-range locks: NtLockFile and NtUnlockFile over open-file-description locks.
#include "lock.h"
#include "file_share.h"
#include "io.h"
#include "ntdll_host.h"
#include "status_errno.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

// The host counts in signed 64 bits: what lies beyond exists only in our own table.
static bool host_range(struct flock *range, uint64_t start, uint64_t end)
{
    if (start > INT64_MAX) return false;
    range->l_whence = SEEK_SET;
    range->l_start = start;
    range->l_len = end >= INT64_MAX ? 0 : (int64_t)(end - start + 1); // 0: to the end, however far
    range->l_pid = 0;
    return true;
}

NTSTATUS host_lock(int fd, uint64_t start, uint64_t end, bool exclusive)
{
    struct flock range = {.l_type = exclusive ? F_WRLCK : F_RDLCK};
    if (!host_range(&range, start, end)) return STATUS_SUCCESS;
    if (fcntl(fd, F_OFD_SETLK, &range) == 0) return STATUS_SUCCESS;
    if (errno == EAGAIN || errno == EACCES) return STATUS_LOCK_NOT_GRANTED;
    // Windows asks for no particular right; the host wants a descriptor that can do what the lock forbids.
    // What it refuses for that, or can't do at all (some network file systems), stays a lock within this
    // process.
    return errno == EBADF || errno == EINVAL || errno == EOPNOTSUPP || errno == ENOSYS
               ? STATUS_SUCCESS
               : status_from_errno(errno);
}

bool host_lock_allows(int fd, uint64_t start, uint64_t end, bool write)
{
    struct flock range = {.l_type = write ? F_WRLCK : F_RDLCK};
    return !host_range(&range, start, end) || fcntl(fd, F_OFD_GETLK, &range) != 0 || range.l_type == F_UNLCK;
}

void host_unlock(int fd, uint64_t start, uint64_t end)
{
    struct flock range = {.l_type = F_UNLCK};
    if (host_range(&range, start, end)) fcntl(fd, F_OFD_SETLK, &range);
}

// Waits until the lock is granted, asking again in growing steps: neither the host nor the other process can
// be made to tell us without blocking the thread beyond reach.
static NTSTATUS lock_waiting(struct file *file, uint64_t start, uint64_t end, uint32_t key, bool exclusive)
{
    for (int64_t pause = -10000;; pause = pause > -200000 ? pause * 2 : pause) {
        NTSTATUS status = file_share_lock(file, start, end, key, exclusive);
        if (status != STATUS_LOCK_NOT_GRANTED) return status;
        status = host_wait(NULL, 0, false, file_is_alertable(file), &pause);
        if (status != STATUS_TIMEOUT && status != STATUS_SUCCESS) return status;
    }
}

NTSTATUS NtLockFile(HANDLE32 handle, HANDLE32 event, gptr apc, gptr context, gptr block,
                    const LARGE_INTEGER32 *offset, const LARGE_INTEGER32 *length, uint32_t key,
                    uint8_t fail_immediately, uint8_t exclusive)
{
    struct io io;
    NTSTATUS status = io_begin(&io, handle, FILE_READ_DATA, event, apc, context, block);
    if (status == STATUS_ACCESS_DENIED)
        status = io_begin(&io, handle, FILE_WRITE_DATA, event, apc, context, block);
    if (!NT_SUCCESS(status)) return status;
    uint64_t start = offset->QuadPart, size = length->QuadPart, end = start + size - 1;
    if (io.file->kind != FILE_KIND_DISK || io.file->node == NULL)
        status = STATUS_INVALID_DEVICE_REQUEST;
    else if (size > 0 && end < start)
        status = STATUS_INVALID_LOCK_RANGE;
    else
        status = fail_immediately ? file_share_lock(io.file, start, end, key, exclusive)
                                  : lock_waiting(io.file, start, end, key, exclusive);
    return io_end(&io, status);
}

NTSTATUS NtUnlockFile(HANDLE32 handle, IO_STATUS_BLOCK32 *io, const LARGE_INTEGER32 *offset,
                      const LARGE_INTEGER32 *length, uint32_t key)
{
    struct file *file;
    NTSTATUS status = file_resolve(handle, 0, &file);
    if (!NT_SUCCESS(status)) return status;
    uint64_t start = offset->QuadPart, end = start + length->QuadPart - 1;
    status = file->kind == FILE_KIND_DISK && file->node != NULL ? file_share_unlock(file, start, end, key)
                                                                : STATUS_INVALID_DEVICE_REQUEST;
    file_release(file);
    io->Status = status;
    io->Information = 0;
    return status;
}
