// DOS devices. Drives are entries of the prefix's directory drives: a symlink that leads to another drive is
// one that a program defined, all else is a volume.
#include "dos_device.h"
#include "host_name.h"
#include "path.h"
#include "prefix.h"
#include "serial_port.h"
#include "status_errno.h"
#include "upcase.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
    const char *name, *target;
} fixed[] = {
    {"NUL", "\\Device\\Null"},
    {"CON", "\\Device\\ConDrv\\Console"},
    {"CONIN$", "\\Device\\ConDrv\\CurrentIn"},
    {"CONOUT$", "\\Device\\ConDrv\\CurrentOut"},
    {"PIPE", "\\Device\\NamedPipe"},
    {"MOUNTPOINTMANAGER", "\\Device\\MountPointManager"},
    {"MAILSLOT", "\\Device\\Mailslot"},
    {"UNC", "\\Device\\Mup"},
};

static size_t widen(uint16_t *to, size_t capacity, const char *text)
{
    size_t n = strlen(text);
    if (n > capacity) return 0;
    for (size_t i = 0; i < n; i++) to[i] = (uint8_t)text[i];
    return n;
}

static bool equals(const uint16_t *name, size_t length, const char *text)
{
    if (strlen(text) != length) return false;
    for (size_t i = 0; i < length; i++)
        if (upcase(name[i]) != (uint8_t)text[i]) return false;
    return true;
}

static bool starts_with(const uint16_t *name, size_t length, const char *text)
{
    size_t n = strlen(text);
    return n <= length && equals(name, n, text);
}

// The letter of a drive's name ("C:"), small; 0 for other names.
static char drive_letter(const uint16_t *name, size_t length)
{
    uint16_t c = length == 2 && name[1] == ':' ? upcase(name[0]) : 0;
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : 0;
}

size_t dos_device_name(const OBJECT_ATTRIBUTES32 *attributes, uint16_t name[16])
{
    static const char *const directories[] = {"\\??\\", "\\GLOBAL??\\", "\\DOSDEVICES\\"};
    struct object_name captured;
    size_t length = 0;
    if (!NT_SUCCESS(object_name_capture(&captured, attributes))) return 0;
    for (size_t i = 0; captured.name != NULL && captured.root == 0 && i < 3; i++) {
        size_t skip = strlen(directories[i]);
        if (!starts_with(captured.name, captured.length, directories[i]) || captured.length - skip >= 16)
            continue;
        length = captured.length - skip;
        memcpy(name, captured.name + skip, length * 2);
        name[length] = 0;
        break;
    }
    object_name_free(&captured);
    return length;
}

// Where a drive that a program defined leads, as a host path below drives ("c/windows/"). False for volumes.
static bool defined_path(char letter, char path[PATH_MAX])
{
    char name[2] = {letter, '\0'};
    ssize_t n = readlinkat(prefix_drives(), name, path, PATH_MAX - 1);
    if (n <= 0) return false;
    path[n] = '\0';
    return path[0] >= 'a' && path[0] <= 'z' && (path[1] == '/' || path[1] == '\0');
}

static size_t drive_target(char letter, uint16_t *target, size_t capacity)
{
    char path[PATH_MAX], text[40], name[2] = {letter, '\0'};
    struct stat st;
    if (defined_path(letter, path) && path[1] == '/') {
        snprintf(text, sizeof text, "\\??\\%c:", path[0] - 'a' + 'A');
        size_t n = widen(target, capacity, text);
        size_t units = host_name_to_utf16(target + n, capacity - n, path + 1, strlen(path + 1));
        if (n + units > capacity) return 0;
        for (size_t i = n; i < n + units; i++)
            if (target[i] == '/') target[i] = '\\';
        return n + units;
    }
    if (fstatat(prefix_drives(), name, &st, 0) != 0) return 0;
    snprintf(text, sizeof text, "\\Device\\HarddiskVolume%d", letter - 'a' + 1);
    return widen(target, capacity, text);
}

size_t dos_device_target(const uint16_t *name, size_t length, uint16_t *target, size_t capacity)
{
    char letter = drive_letter(name, length);
    if (letter != 0) return drive_target(letter, target, capacity);
    uint32_t port = serial_port_number(name, length);
    if (port != 0 && serial_port_exists(port)) {
        char text[32];
        snprintf(text, sizeof text, "\\Device\\Serial%u", port - 1);
        return widen(target, capacity, text);
    }
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        if (equals(name, length, fixed[i].name)) return widen(target, capacity, fixed[i].target);
    return 0;
}

NTSTATUS dos_device_define(const uint16_t *name, size_t length, const uint16_t *target,
                           uint32_t target_length)
{
    char letter = drive_letter(name, length), entry[2] = {letter, '\0'};
    struct path path;
    if (letter == 0) return STATUS_NOT_SUPPORTED;
    NTSTATUS status = path_parse(&path, target, target_length, -1);
    if (!NT_SUCCESS(status)) return status;
    if (path.kind != PATH_FILE && path.kind != PATH_VOLUME) return STATUS_NOT_SUPPORTED;
    path_fold(&path); // what isn't there yet keeps its spelling
    bool slash = path.kind == PATH_FILE && path.length + 1 < sizeof path.host;
    if (slash) memcpy(path.host + path.length, "/", 2);
    return symlinkat(path.host, prefix_drives(), entry) == 0 ? STATUS_SUCCESS : status_from_errno(errno);
}

void dos_device_remove(uint8_t letter)
{
    char path[PATH_MAX], name[2] = {(char)letter, '\0'};
    if (defined_path((char)letter, path)) unlinkat(prefix_drives(), name, 0);
}
