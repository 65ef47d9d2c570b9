// The device \\.\MountPointManager, as far as it is asked: which names a volume has. Each drive is a volume
// with two, its letter and one made of a GUID.
#include "mount_manager.h"
#include "dos_device.h"
#include "upcase.h"
#include <stdio.h>
#include <string.h>

enum { NAME_MAX_UNITS = 64, POINTS_MAX = 2 * 26 };

// The texts of a mount point, in the order in which the answer has them.
enum text { LINK, ID, DEVICE, TEXTS };

struct point {
    char texts[TEXTS][NAME_MAX_UNITS];
};

static bool drive_device(int drive, char device[NAME_MAX_UNITS])
{
    const uint16_t name[] = {'A' + drive, ':'};
    uint16_t target[NAME_MAX_UNITS];
    size_t n = dos_device_target(name, 2, target, NAME_MAX_UNITS - 1);
    for (size_t i = 0; i < n; i++) device[i] = (char)target[i];
    device[n] = '\0';
    // Drives that lead into others are no volumes.
    return n != 0 && strncmp(device, "\\Device\\", 8) == 0;
}

static unsigned list_points(struct point points[POINTS_MAX])
{
    unsigned n = 0;
    char device[NAME_MAX_UNITS];
    for (int drive = 0; drive < 26; drive++) {
        if (!drive_device(drive, device)) continue;
        for (int i = 0; i < 2; i++, n++) {
            char(*texts)[NAME_MAX_UNITS] = points[n].texts;
            if (i == 0)
                snprintf(texts[LINK], NAME_MAX_UNITS, "\\DosDevices\\%c:", 'A' + drive);
            else
                snprintf(texts[LINK], NAME_MAX_UNITS, "\\??\\Volume{00000000-0000-0000-0000-0000000000%02x}",
                         'A' + drive);
            snprintf(texts[ID], NAME_MAX_UNITS, "VOL%c", 'A' + drive);
            strcpy(texts[DEVICE], device);
        }
    }
    return n;
}

// How many bytes a text takes: names are UTF-16, the identification is bytes.
static uint32_t size_of(const struct point *point, enum text which)
{
    return (uint32_t)strlen(point->texts[which]) * (which == ID ? 1 : 2);
}

static uint32_t text_bytes(const struct point *point, enum text which, uint8_t *out)
{
    uint32_t size = size_of(point, which), unit = which == ID ? 1 : 2;
    memset(out, 0, size);
    for (uint32_t i = 0; i < size / unit; i++) out[i * unit] = (uint8_t)point->texts[which][i];
    return size;
}

// What a query wants: any of the texts that it gives must be the point's.
struct wanted {
    uint16_t link[NAME_MAX_UNITS], device[NAME_MAX_UNITS];
    uint32_t link_n, device_n;
};

static NTSTATUS read_name(gptr in, uint32_t length, uint32_t offset, uint32_t bytes, uint16_t *name,
                          uint32_t *n)
{
    *n = 0;
    if (bytes == 0) return STATUS_SUCCESS;
    if (bytes % 2 != 0 || bytes > NAME_MAX_UNITS * 2 || offset > length || bytes > length - offset)
        return STATUS_INVALID_PARAMETER;
    *n = bytes / 2;
    return guest_read(name, in + offset, bytes) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

static NTSTATUS read_wanted(gptr in, uint32_t length, struct wanted *wanted)
{
    MOUNTMGR_MOUNT_POINT32 query;
    if (length < sizeof query) return STATUS_INVALID_PARAMETER;
    if (!guest_read(&query, in, sizeof query)) return STATUS_ACCESS_VIOLATION;
    NTSTATUS status = read_name(in, length, query.SymbolicLinkNameOffset, query.SymbolicLinkNameLength,
                                wanted->link, &wanted->link_n);
    if (!NT_SUCCESS(status)) return status;
    return read_name(in, length, query.DeviceNameOffset, query.DeviceNameLength, wanted->device,
                     &wanted->device_n);
}

static bool equals(const uint16_t *name, uint32_t n, const char *text)
{
    if (strlen(text) != n) return false;
    for (uint32_t i = 0; i < n; i++)
        if (upcase(name[i]) != upcase((uint8_t)text[i])) return false;
    return true;
}

static bool matches(const struct point *point, const struct wanted *wanted)
{
    return (wanted->link_n == 0 || equals(wanted->link, wanted->link_n, point->texts[LINK])) &&
           (wanted->device_n == 0 || equals(wanted->device, wanted->device_n, point->texts[DEVICE]));
}

// Writes the points behind one another, and their texts behind them.
static bool write_points(gptr out, const struct point *points, unsigned n)
{
    uint32_t at = offsetof(MOUNTMGR_MOUNT_POINTS32, MountPoints) + n * sizeof(MOUNTMGR_MOUNT_POINT32);
    for (unsigned i = 0; i < n; i++) {
        uint32_t offsets[TEXTS];
        for (enum text which = 0; which < TEXTS; which++) {
            uint8_t bytes[NAME_MAX_UNITS * 2];
            uint32_t size = text_bytes(&points[i], which, bytes);
            if (!guest_write(out + at, bytes, size)) return false;
            offsets[which] = at;
            at += (size + 1) & ~1u;
        }
        MOUNTMGR_MOUNT_POINT32 point = {
            .SymbolicLinkNameOffset = offsets[LINK],
            .SymbolicLinkNameLength = size_of(&points[i], LINK),
            .UniqueIdOffset = offsets[ID],
            .UniqueIdLength = size_of(&points[i], ID),
            .DeviceNameOffset = offsets[DEVICE],
            .DeviceNameLength = size_of(&points[i], DEVICE),
        };
        if (!guest_write(out + offsetof(MOUNTMGR_MOUNT_POINTS32, MountPoints) + i * sizeof point, &point,
                         sizeof point))
            return false;
    }
    return true;
}

static NTSTATUS query_points(struct io *io, gptr in, uint32_t in_length, gptr out, uint32_t out_length)
{
    enum { HEAD = offsetof(MOUNTMGR_MOUNT_POINTS32, MountPoints) };
    struct point points[POINTS_MAX];
    struct wanted wanted = {0};
    NTSTATUS status = read_wanted(in, in_length, &wanted);
    if (!NT_SUCCESS(status)) return status;
    if (out_length < sizeof(MOUNTMGR_MOUNT_POINTS32)) return STATUS_INVALID_PARAMETER;
    unsigned all = list_points(points), n = 0;
    MOUNTMGR_MOUNT_POINTS32 head = {.Size = HEAD};
    for (unsigned i = 0; i < all; i++) {
        if (!matches(&points[i], &wanted)) continue;
        points[n] = points[i];
        head.Size += sizeof(MOUNTMGR_MOUNT_POINT32);
        for (enum text which = 0; which < TEXTS; which++) head.Size += (size_of(&points[n], which) + 1) & ~1u;
        n++;
    }
    if (n == 0) return STATUS_OBJECT_NAME_NOT_FOUND;
    head.NumberOfMountPoints = n;
    bool fits = head.Size <= out_length;
    if (!guest_write(out, &head, HEAD) || (fits && !write_points(out, points, n)))
        return STATUS_ACCESS_VIOLATION;
    io->information = fits ? head.Size : HEAD;
    return fits ? STATUS_SUCCESS : STATUS_BUFFER_OVERFLOW;
}

static NTSTATUS mount_manager_control(struct io *io, uint32_t code, gptr in, uint32_t in_length, gptr out,
                                      uint32_t out_length)
{
    if (code == IOCTL_MOUNTMGR_QUERY_POINTS) return query_points(io, in, in_length, out, out_length);
    return STATUS_INVALID_DEVICE_REQUEST;
}

const struct file_device mount_manager_device = {
    .type = FILE_DEVICE_NETWORK, // as Windows says of it
    .device_control = mount_manager_control,
};
