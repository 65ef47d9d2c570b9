// What volumes tell of the disks below them. Each drive counts as a disk with one partition that is the
// volume; disks are numbered as drives are lettered.
#include "volume_control.h"
#include "status_errno.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

static NTSTATUS answer(struct io *io, gptr out, uint32_t length, const void *data, uint32_t size)
{
    if (length < size) return STATUS_BUFFER_TOO_SMALL;
    if (!guest_write(out, data, size)) return STATUS_ACCESS_VIOLATION;
    io->information = size;
    return STATUS_SUCCESS;
}

static NTSTATUS device_number(struct io *io, gptr out, uint32_t length)
{
    STORAGE_DEVICE_NUMBER32 info = {
        .DeviceType = FILE_DEVICE_DISK, .DeviceNumber = io->file->drive, .PartitionNumber = 1};
    return answer(io, out, length, &info, sizeof info);
}

static NTSTATUS disk_extents(struct io *io, gptr out, uint32_t length)
{
    struct statvfs fs;
    if (fstatvfs(io->file->fd, &fs) != 0) return status_from_errno(errno);
    VOLUME_DISK_EXTENTS32 info = {.NumberOfDiskExtents = 1};
    info.Extents[0].DiskNumber = io->file->drive;
    info.Extents[0].ExtentLength.QuadPart = (int64_t)fs.f_blocks * fs.f_frsize;
    return answer(io, out, length, &info, sizeof info);
}

// MOUNTDEV_NAME: a counted string of which there may be no room for more than the length.
static NTSTATUS device_name(struct io *io, gptr out, uint32_t length)
{
    char text[40];
    uint16_t name[40];
    uint16_t bytes = 2 * snprintf(text, sizeof text, "\\Device\\HarddiskVolume%d", io->file->drive + 1);
    for (uint32_t i = 0; i < bytes / 2u; i++) name[i] = (uint8_t)text[i];
    if (length < sizeof bytes) return STATUS_INVALID_PARAMETER;
    bool fits = length >= sizeof bytes + bytes;
    if (!guest_write(out, &bytes, sizeof bytes) || (fits && !guest_write(out + sizeof bytes, name, bytes)))
        return STATUS_ACCESS_VIOLATION;
    io->information = fits ? sizeof bytes + bytes : sizeof bytes;
    return fits ? STATUS_SUCCESS : STATUS_BUFFER_OVERFLOW;
}

NTSTATUS volume_device_control(struct io *io, uint32_t code, gptr in, uint32_t in_length, gptr out,
                               uint32_t out_length)
{
    (void)in, (void)in_length;
    if (!io->file->drive_root) return STATUS_INVALID_DEVICE_REQUEST;
    switch (code) {
    case IOCTL_STORAGE_GET_DEVICE_NUMBER: return device_number(io, out, out_length);
    case IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS: return disk_extents(io, out, out_length);
    case IOCTL_MOUNTDEV_QUERY_DEVICE_NAME: return device_name(io, out, out_length);
    }
    return STATUS_INVALID_DEVICE_REQUEST;
}
