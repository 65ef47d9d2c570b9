// Hive files on the host's disk.
#include "hive_disk.h"
#include "file_host_path.h"
#include "guest_constants.h"
#include "status_errno.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

NTSTATUS hive_disk_read(int fd, uint8_t **bytes, size_t *size)
{
    struct stat status;
    if (fstat(fd, &status) != 0) return status_from_errno(errno);
    if (status.st_size > INT32_MAX) return STATUS_FILE_TOO_LARGE;
    size_t wanted = (size_t)status.st_size, done = 0;
    *bytes = malloc(wanted + 1);
    if (!*bytes) return STATUS_NO_MEMORY;
    while (done < wanted) {
        ssize_t n = pread(fd, *bytes + done, wanted - done, (off_t)done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            NTSTATUS result = status_from_errno(errno);
            free(*bytes);
            return result;
        }
        if (n == 0) break; // it became shorter meanwhile
        done += (size_t)n;
    }
    *size = done;
    return STATUS_SUCCESS;
}

NTSTATUS hive_disk_write(int fd, const uint8_t *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = pwrite(fd, bytes + done, size - done, (off_t)done);
        if (n < 0 && errno != EINTR) return status_from_errno(errno);
        if (n > 0) done += (size_t)n;
    }
    return ftruncate(fd, (off_t)size) == 0 ? STATUS_SUCCESS : status_from_errno(errno);
}

NTSTATUS hive_disk_replace(const uint16_t *nt_name, uint32_t count, const uint8_t *bytes, size_t size)
{
    char path[PATH_MAX], fresh[PATH_MAX + 16];
    struct stat old;
    NTSTATUS status = file_host_path(nt_name, count, path);
    if (status) return status;
    snprintf(fresh, sizeof fresh, "%s.XXXXXX", path);
    int fd = mkostemp(fresh, O_CLOEXEC);
    if (fd < 0) return status_from_errno(errno);
    if (stat(path, &old) == 0 && fchmod(fd, old.st_mode & 07777) != 0) status = status_from_errno(errno);
    if (!status) status = hive_disk_write(fd, bytes, size);
    if (!status && (fsync(fd) != 0 || rename(fresh, path) != 0)) status = status_from_errno(errno);
    if (status) unlink(fresh);
    close(fd);
    return status;
}
