// Volumes: what they tell of their disks, folders that they are mounted on, and who else knows of those.
#include "tests/check.h"
#include <stdbool.h>
#include <string.h>
#include <windows.h>

#include <ddk/mountmgr.h> // wants the types of windows.h

static void test_disks(void)
{
    STORAGE_DEVICE_NUMBER number;
    VOLUME_DISK_EXTENTS extents;
    char buffer[128];
    DWORD n;
    // Whoever wants no data may ask.
    CHECK(CreateFileA("\\\\.\\C:", GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0,
                      NULL) == INVALID_HANDLE_VALUE &&
              GetLastError() == ERROR_ACCESS_DENIED,
          "error %lu", GetLastError());
    HANDLE volume =
        CreateFileA("\\\\.\\C:", 0, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(volume != INVALID_HANDLE_VALUE, "error %lu", GetLastError());
    CHECK(
        DeviceIoControl(volume, IOCTL_STORAGE_GET_DEVICE_NUMBER, NULL, 0, &number, sizeof(number), &n, NULL),
        "error %lu", GetLastError());
    CHECK_EQUAL(number.DeviceType, FILE_DEVICE_DISK);
    CHECK_EQUAL(n, sizeof(number));
    CHECK(DeviceIoControl(volume, IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS, NULL, 0, &extents, sizeof(extents),
                          &n, NULL),
          "error %lu", GetLastError());
    CHECK_EQUAL(extents.NumberOfDiskExtents, 1);
    CHECK_EQUAL(extents.Extents[0].DiskNumber, number.DeviceNumber);
    CHECK(extents.Extents[0].ExtentLength.QuadPart > 0, "no size");
    CHECK(!DeviceIoControl(volume, IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS, NULL, 0, &extents, 8, &n, NULL) &&
              GetLastError() == ERROR_INSUFFICIENT_BUFFER,
          "error %lu", GetLastError());
    CHECK(
        DeviceIoControl(volume, IOCTL_MOUNTDEV_QUERY_DEVICE_NAME, NULL, 0, buffer, sizeof(buffer), &n, NULL),
        "error %lu", GetLastError());
    CHECK_EQUAL(*(USHORT *)buffer, n - 2);
    CHECK(!memcmp(buffer + 2, L"\\Device\\HarddiskVolume3", n - 2), "another name");
    CHECK(!DeviceIoControl(volume, IOCTL_DISK_FORMAT_TRACKS, NULL, 0, NULL, 0, &n, NULL) &&
              GetLastError() == ERROR_ACCESS_DENIED,
          "needs rights to the volume's data: error %lu", GetLastError());
    CHECK(!DeviceIoControl(volume, IOCTL_STORAGE_LOAD_MEDIA2, NULL, 0, NULL, 0, &n, NULL) &&
              GetLastError() == ERROR_INVALID_FUNCTION,
          "error %lu", GetLastError());
    CloseHandle(volume);
}

static bool is_listed(const char *volume, const char *path)
{
    char paths[1024], *at = paths;
    DWORD n;
    CHECK(GetVolumePathNamesForVolumeNameA(volume, paths, sizeof(paths), &n), "error %lu", GetLastError());
    while (*at && strcmp(at, path)) at += strlen(at) + 1;
    return *at != 0;
}

static void test_folders(void)
{
    char volume[64], name[64], path[MAX_PATH];
    CHECK(GetVolumeNameForVolumeMountPointA("C:\\", volume, sizeof(volume)), "error %lu", GetLastError());
    CHECK(CreateDirectoryA("C:\\mounted-here", NULL), "error %lu", GetLastError());
    CHECK(!SetVolumeMountPointA("C:\\mounted-here", volume) && GetLastError() == ERROR_INVALID_NAME,
          "error %lu", GetLastError());
    CHECK(!SetVolumeMountPointA("Q:\\", volume) && GetLastError() == ERROR_INVALID_PARAMETER, "error %lu",
          GetLastError());
    CHECK(!SetVolumeMountPointA("C:\\mounted-here\\", "C:\\") && GetLastError() == ERROR_INVALID_NAME,
          "error %lu", GetLastError());
    CHECK(SetVolumeMountPointA("C:\\mounted-here\\", volume), "error %lu", GetLastError());
    CHECK(GetFileAttributesA("C:\\mounted-here\\windows") != INVALID_FILE_ATTRIBUTES, "error %lu",
          GetLastError());
    CHECK(GetVolumeNameForVolumeMountPointA("C:\\mounted-here\\", name, sizeof(name)) &&
              !strcmp(name, volume),
          "%s", name);
    CHECK(GetVolumePathNameA("C:\\mounted-here\\windows", path, sizeof(path)) &&
              !strcmp(path, "C:\\mounted-here\\"),
          "%s", path);
    CHECK(is_listed(volume, "C:\\") && is_listed(volume, "C:\\mounted-here\\"), "not listed");

    // The reparse point says what it is.
    WIN32_FIND_DATAA data;
    HANDLE find = FindFirstFileA("C:\\mounted-here", &data);
    CHECK(find != INVALID_HANDLE_VALUE && data.dwReserved0 == IO_REPARSE_TAG_MOUNT_POINT, "tag %lx",
          data.dwReserved0);
    FindClose(find);

    CHECK(DeleteVolumeMountPointA("C:\\mounted-here\\"), "error %lu", GetLastError());
    CHECK(!DeleteVolumeMountPointA("C:\\mounted-here\\"), "removed twice");
    CHECK(!is_listed(volume, "C:\\mounted-here\\"), "still listed");
    CHECK(RemoveDirectoryA("C:\\mounted-here"), "error %lu", GetLastError());
}

// The mount manager knows two names of each drive.
static void test_manager(void)
{
    static char buffer[8192];
    MOUNTMGR_MOUNT_POINTS *points = (void *)buffer;
    MOUNTMGR_MOUNT_POINT all;
    bool letter = false;
    DWORD n;
    memset(&all, 0, sizeof(all));
    HANDLE manager = CreateFileA("\\\\.\\MountPointManager", 0, 0, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(manager != INVALID_HANDLE_VALUE, "error %lu", GetLastError());
    CHECK(DeviceIoControl(manager, IOCTL_MOUNTMGR_QUERY_POINTS, &all, sizeof(all), buffer, sizeof(buffer), &n,
                          NULL),
          "error %lu", GetLastError());
    CHECK_EQUAL(n, points->Size);
    for (DWORD i = 0; i < points->NumberOfMountPoints; i++) {
        const MOUNTMGR_MOUNT_POINT *point = &points->MountPoints[i];
        letter |= point->SymbolicLinkNameLength == 28 &&
                  !memcmp(buffer + point->SymbolicLinkNameOffset, L"\\DosDevices\\C:", 28);
    }
    CHECK(letter, "no drive C:");
    CHECK(!DeviceIoControl(manager, IOCTL_MOUNTMGR_QUERY_POINTS, &all, sizeof(all), buffer, 40, &n, NULL) &&
              GetLastError() == ERROR_MORE_DATA,
          "error %lu", GetLastError());
    CloseHandle(manager);
}

// No program may change the label of one of the host's file systems.
static void test_label(void)
{
    CHECK(!SetVolumeLabelA("C:\\", "LABEL") && GetLastError() == ERROR_ACCESS_DENIED, "%lu", GetLastError());
    CHECK(!SetVolumeLabelW(L"C:\\windows\\", NULL) && GetLastError() == ERROR_DIR_NOT_ROOT, "%lu",
          GetLastError());
    CHECK(!SetVolumeLabelW(L"Q:\\", NULL), "a drive that is not there");
    CHECK(!SetVolumeLabelA("C:\\", "a label of more than thirty-two units") &&
              GetLastError() == ERROR_LABEL_TOO_LONG,
          "%lu", GetLastError());
}

int main(void)
{
    test_disks();
    test_folders();
    test_manager();
    test_label();
    return check_summary();
}
