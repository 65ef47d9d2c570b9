// The descriptors and names of files, as sections need them.
#include "file_fd.h"
#include "file.h"
#include "guest_constants.h"
#include "path.h"
#include "status_errno.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

NTSTATUS file_fd_get(HANDLE32 handle, ACCESS_MASK32 access, int *fd)
{
    struct file *file;
    NTSTATUS status = file_resolve(handle, access, &file);
    if (status) return status;
    if (file->kind != FILE_KIND_DISK) {
        status = STATUS_INVALID_FILE_FOR_SECTION;
    } else {
        *fd = fcntl(file->fd, F_DUPFD_CLOEXEC, 3);
        if (*fd < 0) status = status_from_errno(errno);
    }
    file_release(file);
    return status;
}

size_t file_fd_nt_name(int fd, const char *host_path, uint16_t *name, size_t capacity)
{
    char host[PATH_MAX], device[32];
    uint16_t dos[PATH_MAX];
    if (!host_path) {
        if (!path_of_fd(fd, host)) return 0;
        host_path = host;
    }
    size_t length = path_dos_from_host(host_path, dos, PATH_MAX);
    if (!length) return 0;
    size_t skipped = path_after_drive(dos, length);
    if (skipped == 2)
        snprintf(device, sizeof device, "\\Device\\HarddiskVolume%d", dos[0] - 'A' + 1);
    else
        snprintf(device, sizeof device, "\\Device\\Unix");
    size_t n = strlen(device);
    if (n + length - skipped > capacity) return 0;
    for (size_t i = 0; i < n; i++) name[i] = (uint8_t)device[i];
    memcpy(name + n, dos + skipped, (length - skipped) * sizeof *dos);
    return n + length - skipped;
}
