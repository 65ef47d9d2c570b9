// NtQueryVolumeInformationFile: what the host's file systems say about themselves.
#include "file.h"
#include "file_attributes.h"
#include "file_information.h"
#include "ntdll_host.h"
#include "status_errno.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { SECTOR = 512 };

// Space of the file system, in Windows' allocation units: 32-bit programs multiply them in 64 bits or less.
struct space {
    uint64_t total, available, free; // units
    uint32_t sectors;                // per unit
};

static int space_of(const struct file *file, struct space *space)
{
    struct statfs fs;
    if (fstatfs(file->fd, &fs) != 0) return errno;
    uint64_t block = fs.f_frsize > 0 ? fs.f_frsize : fs.f_bsize > 0 ? fs.f_bsize : SECTOR;
    if (block < SECTOR) block = SECTOR;
    space->sectors = block / SECTOR;
    space->total = fs.f_blocks;
    space->available = fs.f_bavail;
    space->free = fs.f_bfree;
    return 0;
}

static bool read_only(const struct file *file)
{
    struct statvfs fs;
    return fstatvfs(file->fd, &fs) == 0 && fs.f_flag & ST_RDONLY;
}

// A kind of medium that a remote or removable drive shows. The characteristics of FILE_DEVICE_DISK.
static uint32_t characteristics(const struct file *file)
{
    uint32_t flags = FILE_DEVICE_IS_MOUNTED;
    struct statfs fs;
    if (file->fd < 0 || fstatfs(file->fd, &fs) != 0) return 0;
    switch ((uint32_t)fs.f_type) {
    case 0x6969:     // NFS
    case 0xFF534D42: // CIFS
    case 0xFE534D42: // SMB2
    case 0x517B:     // SMB
    case 0x5346414F: // AFS
        flags |= FILE_REMOTE_DEVICE;
        break;
    case 0x9660:     // ISO 9660
    case 0x15013346: // UDF
        flags |= FILE_REMOVABLE_MEDIA | FILE_READ_ONLY_DEVICE;
        break;
    }
    return flags;
}

// A structure that ends with a counted string: as much of it as fits.
static NTSTATUS answer_with_name(const struct file_query *query, const void *data, uint32_t head,
                                 uint32_t least, const char *name)
{
    uint16_t units[64];
    uint32_t n = strlen(name), bytes = n * 2;
    for (uint32_t i = 0; i < n; i++) units[i] = (uint8_t)name[i];
    if (query->length < least) return STATUS_INFO_LENGTH_MISMATCH;
    uint32_t fits = query->length - head < bytes ? (query->length - head) & ~1u : bytes;
    if (!guest_write(query->buffer, data, head) || !guest_write(query->buffer + head, units, fits))
        return STATUS_ACCESS_VIOLATION;
    *query->information = head + fits;
    return fits < bytes ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

static NTSTATUS volume(const struct file_query *query)
{
    struct file_facts facts;
    int error = file_facts_of(&facts, query->file);
    if (error != 0) return status_from_errno(error);
    FILE_FS_VOLUME_INFORMATION32 info = {
        .VolumeCreationTime.QuadPart = 0,
        .VolumeSerialNumber = volume_serial(facts.device),
    };
    return answer_with_name(query, &info, offsetof(FILE_FS_VOLUME_INFORMATION32, VolumeLabel), sizeof info,
                            "");
}

static NTSTATUS attributes(const struct file_query *query)
{
    FILE_FS_ATTRIBUTE_INFORMATION32 info = {
        .FileSystemAttributes = FILE_CASE_PRESERVED_NAMES | FILE_UNICODE_ON_DISK |
                                FILE_SUPPORTS_SPARSE_FILES | FILE_SUPPORTS_REPARSE_POINTS |
                                FILE_SUPPORTS_HARD_LINKS | FILE_PERSISTENT_ACLS | FILE_NAMED_STREAMS |
                                (read_only(query->file) ? FILE_READ_ONLY_VOLUME : 0),
        .MaximumComponentNameLength = NAME_MAX,
        .FileSystemNameLength = 8,
    };
    return answer_with_name(query, &info, offsetof(FILE_FS_ATTRIBUTE_INFORMATION32, FileSystemName),
                            sizeof info, "NTFS");
}

static NTSTATUS sizes(const struct file_query *query, uint32_t class)
{
    struct space space = {0};
    int error = space_of(query->file, &space);
    if (error != 0) return status_from_errno(error);
    if (class == FileFsSizeInformation) {
        FILE_FS_SIZE_INFORMATION32 info = {
            .TotalAllocationUnits.QuadPart = space.total,
            .AvailableAllocationUnits.QuadPart = space.available,
            .SectorsPerAllocationUnit = space.sectors,
            .BytesPerSector = SECTOR,
        };
        return file_answer(query, &info, sizeof info);
    }
    FILE_FS_FULL_SIZE_INFORMATION32 info = {
        .TotalAllocationUnits.QuadPart = space.total,
        .CallerAvailableAllocationUnits.QuadPart = space.available,
        .ActualAvailableAllocationUnits.QuadPart = space.free,
        .SectorsPerAllocationUnit = space.sectors,
        .BytesPerSector = SECTOR,
    };
    return file_answer(query, &info, sizeof info);
}

static NTSTATUS sizes_extended(const struct file_query *query)
{
    struct space space = {0};
    int error = space_of(query->file, &space);
    if (error != 0) return status_from_errno(error);
    FILE_FS_FULL_SIZE_INFORMATION_EX32 info = {
        .ActualTotalAllocationUnits = space.total,
        .ActualAvailableAllocationUnits = space.free,
        .CallerTotalAllocationUnits = space.total - (space.free - space.available),
        .CallerAvailableAllocationUnits = space.available,
        .UsedAllocationUnits = space.total - space.free,
        .SectorsPerAllocationUnit = space.sectors,
        .BytesPerSector = SECTOR,
    };
    return file_answer(query, &info, sizeof info);
}

static NTSTATUS object_id(const struct file_query *query)
{
    struct file_facts facts;
    int error = file_facts_of(&facts, query->file);
    if (error != 0) return status_from_errno(error);
    FILE_FS_OBJECTID_INFORMATION32 info = {0};
    uint32_t serial = volume_serial(facts.device);
    memcpy(info.ObjectId, &serial, sizeof serial);
    return file_answer(query, &info, sizeof info);
}

static NTSTATUS sectors(const struct file_query *query)
{
    enum { PHYSICAL = 4096 };
    FILE_FS_SECTOR_SIZE_INFORMATION32 info = {
        .LogicalBytesPerSector = SECTOR,
        .PhysicalBytesPerSectorForAtomicity = PHYSICAL,
        .PhysicalBytesPerSectorForPerformance = PHYSICAL,
        .FileSystemEffectivePhysicalBytesPerSectorForAtomicity = PHYSICAL,
        .Flags = 3, // aligned: device and partition
    };
    return file_answer(query, &info, sizeof info);
}

NTSTATUS NtQueryVolumeInformationFile(HANDLE32 handle, IO_STATUS_BLOCK32 *io, gptr buffer, uint32_t length,
                                      uint32_t class)
{
    struct file *file;
    NTSTATUS status = file_check_class(ntdll_call_NtQueryVolumeInformationFile, class, length);
    if (NT_SUCCESS(status)) status = file_resolve(handle, 0, &file);
    if (!NT_SUCCESS(status)) return status;
    uint32_t information = 0;
    struct file_query query = {.file = file, .buffer = buffer, .length = length, .information = &information};
    bool disk =
        file->kind == FILE_KIND_DISK || file->kind == FILE_KIND_DIRECTORY || file->kind == FILE_KIND_LINK;
    if (class == FileFsDeviceInformation) {
        FILE_FS_DEVICE_INFORMATION32 info = {file->device->type, disk ? characteristics(file) : file->device->characteristics};
        status = file_answer(&query, &info, sizeof info);
    } else if (!disk) {
        status = STATUS_INVALID_DEVICE_REQUEST;
    } else {
        switch (class) {
        case FileFsVolumeInformation: status = volume(&query); break;
        case FileFsAttributeInformation: status = attributes(&query); break;
        case FileFsSizeInformation:
        case FileFsFullSizeInformation: status = sizes(&query, class); break;
        case FileFsFullSizeInformationEx: status = sizes_extended(&query); break;
        case FileFsObjectIdInformation: status = object_id(&query); break;
        case FileFsSectorSizeInformation: status = sectors(&query); break;
        default: status = STATUS_INVALID_INFO_CLASS;
        }
    }
    file_release(file);
    io->Status = status;
    io->Information = information;
    return status;
}

// The host's file systems have no label that a program may set.
NTSTATUS NtSetVolumeInformationFile(HANDLE32 handle, IO_STATUS_BLOCK32 *io, gptr buffer, uint32_t length,
                                    uint32_t class)
{
    (void)buffer, (void)length;
    struct file *file;
    NTSTATUS status = file_resolve(handle, 0, &file);
    if (!NT_SUCCESS(status)) return status;
    file_release(file);
    status = class == FileFsLabelInformation ? STATUS_ACCESS_DENIED : STATUS_INVALID_INFO_CLASS;
    io->Status = status;
    io->Information = 0;
    return status;
}
