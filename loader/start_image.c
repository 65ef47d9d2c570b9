// Opening and mapping the images that a process starts with: the program and ntdll.
#include "loader/start_image.h"
#include "guest_constants.h"
#include "loader/fail.h"
#include "dlls/ntdll/unix/status_errno.h"
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEADERS_MAX = 0x10000 };

NTSTATUS start_image_try(struct start_image *image, const char *path, struct image_error *error)
{
    struct stat st;
    *image = (struct start_image){.path = path, .fd = open(path, O_RDONLY | O_CLOEXEC)};
    *error = (struct image_error){0};
    if (image->fd < 0 || fstat(image->fd, &st) != 0) {
        error->reason = strerror(errno);
        return error->status = status_from_errno(errno);
    }
    if (S_ISDIR(st.st_mode)) {
        error->reason = strerror(EISDIR);
        return error->status = STATUS_FILE_IS_A_DIRECTORY;
    }
    uint8_t *headers = malloc(HEADERS_MAX);
    ssize_t n = headers ? pread(image->fd, headers, HEADERS_MAX, 0) : -1;
    if (n < 0) {
        error->reason = strerror(errno);
        error->status = status_from_errno(errno);
    } else if (image_parse(headers, n, st.st_size, &image->info, error) == 0) {
        error->status = STATUS_SUCCESS;
    }
    free(headers);
    if (!NT_SUCCESS(error->status)) {
        close(image->fd);
        image->fd = -1;
    }
    return error->status;
}

void start_image_open(struct start_image *image, const char *path)
{
    struct image_error error;
    NTSTATUS status = start_image_try(image, path, &error);
    if (NT_SUCCESS(status) && image->info.clr_rva)
        fail(FAIL_IMAGE, "%s: it is a .NET program; Lowland has no .NET runtime", path);
    if (NT_SUCCESS(status)) return;
    bool unreadable = status == STATUS_OBJECT_NAME_NOT_FOUND || status == STATUS_OBJECT_PATH_NOT_FOUND ||
                      status == STATUS_ACCESS_DENIED || status == STATUS_FILE_IS_A_DIRECTORY;
    if (unreadable) fail(FAIL_PROGRAM, "%s: %s", path, error.reason);
    fail(FAIL_IMAGE, "%s: %s (offset 0x%x)", path, error.reason, error.offset);
}

void start_image_map(struct start_image *image)
{
    NTSTATUS status = image_map(image->fd, &image->info, image->path, &image->base);
    close(image->fd);
    image->fd = -1;
    if (NT_SUCCESS(status)) return;
    if (status == STATUS_CONFLICTING_ADDRESSES)
        fail(FAIL_IMAGE, "%s: cannot be loaded at its base 0x%x and has no relocations", image->path,
             image->info.image_base);
    fail(FAIL_IMAGE, "%s: cannot be mapped (status %08x)", image->path, (uint32_t)status);
}
