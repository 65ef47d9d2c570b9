// The host path behind an NT name, for what the host starts or opens itself.
#include "file_host_path.h"
#include "guest_constants.h"
#include "path.h"
#include "status_errno.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

NTSTATUS file_host_path(const uint16_t *name, uint32_t length, char host[PATH_MAX])
{
    struct path path;
    NTSTATUS status = path_parse(&path, name, length, -1);
    if (!NT_SUCCESS(status)) return status;
    if (path.kind != PATH_FILE) return STATUS_OBJECT_PATH_SYNTAX_BAD;
    if (faccessat(path.base, path.host, F_OK, 0) != 0) {
        status = path_fold(&path);
        if (!NT_SUCCESS(status)) return status;
    }
    if (path.base == AT_FDCWD) {
        memcpy(host, path.host, path.length + 1);
        return STATUS_SUCCESS;
    }
    char base[64];
    ssize_t n;
    snprintf(base, sizeof base, "/proc/self/fd/%d", path.base);
    n = readlink(base, host, PATH_MAX - 1);
    if (n < 0) return status_from_errno(errno);
    if ((size_t)n + 1 + path.length + 1 > PATH_MAX) return STATUS_NAME_TOO_LONG;
    if (n == 1) n = 0; // the root's own slash
    host[n] = '/';
    memcpy(host + n + 1, path.host, path.length);
    host[n + 1 + path.length] = 0;
    return STATUS_SUCCESS;
}

NTSTATUS file_host_path_of_name(const UNICODE_STRING32 *string, char host[PATH_MAX])
{
    uint16_t name[PATH_MAX];
    if (string->Length / 2 > PATH_MAX) return STATUS_OBJECT_NAME_INVALID;
    if (!guest_read(name, string->Buffer, string->Length)) return STATUS_ACCESS_VIOLATION;
    return file_host_path(name, string->Length / 2, host);
}
