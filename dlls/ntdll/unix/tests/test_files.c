// Calling the file calls without a guest.
#include "test_files.h"
#include "dlls/ntdll/unix/prefix.h"
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { LOW = 0x20000000, LOW_SIZE = 16 << 20 };

char test_drive[PATH_MAX];
static char prefix[PATH_MAX / 2];
static size_t used;

bool test_low_init(void)
{
    void *low = mmap((void *)(uintptr_t)LOW, LOW_SIZE, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    return low != MAP_FAILED;
}

int test_files_setup(void **state)
{
    snprintf(prefix, sizeof prefix, "%s/lowland-test-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    if (!mkdtemp(prefix)) return -1;
    setenv("LOWLAND_PREFIX", prefix, 1);
    setenv("USER", "tester", 1);
    if (!prefix_open() || test_threads_setup(state) != 0) return -1;
    snprintf(test_drive, sizeof test_drive, "%s/drives/c", prefix);
    return test_low_init() ? 0 : -1;
}

static int remove_entry(const char *name, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(name);
}

int test_files_teardown(void **state)
{
    (void)state;
    return nftw(prefix, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

gptr test_low(size_t n)
{
    used = (used + 15) & ~(size_t)15;
    if (used + n > LOW_SIZE) used = 0;
    gptr at = LOW + used;
    used += n;
    memset((void *)(uintptr_t)at, 0, n);
    return at;
}

void test_low_reset(void)
{
    used = 0;
}

OBJECT_ATTRIBUTES32 test_name16(const uint16_t *name, size_t units, HANDLE32 root)
{
    gptr buffer = test_low(units * 2 + 2), string = test_low(sizeof(UNICODE_STRING32));
    memcpy((void *)(uintptr_t)buffer, name, units * 2);
    *(UNICODE_STRING32 *)(uintptr_t)string =
        (UNICODE_STRING32){.Length = units * 2, .MaximumLength = units * 2, .Buffer = buffer};
    return (OBJECT_ATTRIBUTES32){.Length = sizeof(OBJECT_ATTRIBUTES32),
                                 .RootDirectory = root,
                                 .ObjectName = string,
                                 .Attributes = OBJ_CASE_INSENSITIVE};
}

OBJECT_ATTRIBUTES32 test_name(const char *name, HANDLE32 root)
{
    uint16_t units[1024];
    size_t n = strlen(name);
    for (size_t i = 0; i < n; i++) units[i] = (uint8_t)name[i];
    return test_name16(units, n, root);
}

NTSTATUS test_create(HANDLE32 *handle, const char *name, uint32_t access, uint32_t disposition,
                     uint32_t options)
{
    OBJECT_ATTRIBUTES32 attributes = test_name(name, 0);
    IO_STATUS_BLOCK32 io;
    *handle = 0;
    return NtCreateFile(handle, access | SYNCHRONIZE, &attributes, &io, NULL, 0,
                        FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, disposition,
                        options | FILE_SYNCHRONOUS_IO_NONALERT, 0, 0);
}

NTSTATUS test_create_shared(HANDLE32 *handle, const char *name, uint32_t access, uint32_t sharing)
{
    OBJECT_ATTRIBUTES32 attributes = test_name(name, 0);
    IO_STATUS_BLOCK32 io;
    *handle = 0;
    return NtCreateFile(handle, access | SYNCHRONIZE, &attributes, &io, NULL, 0, sharing, FILE_OPEN_IF,
                        FILE_SYNCHRONOUS_IO_NONALERT, 0, 0);
}

static NTSTATUS transfer(HANDLE32 handle, void *data, uint32_t length, const int64_t *offset, uint32_t *n,
                         bool writing)
{
    gptr block = test_low(sizeof(IO_STATUS_BLOCK32)), buffer = test_low(length);
    LARGE_INTEGER32 at = {.QuadPart = offset ? *offset : 0};
    if (writing) memcpy((void *)(uintptr_t)buffer, data, length);
    NTSTATUS status = writing ? NtWriteFile(handle, 0, 0, 0, block, buffer, length, offset ? &at : NULL, NULL)
                              : NtReadFile(handle, 0, 0, 0, block, buffer, length, offset ? &at : NULL, NULL);
    *n = ((IO_STATUS_BLOCK32 *)(uintptr_t)block)->Information;
    if (!writing) memcpy(data, (void *)(uintptr_t)buffer, *n);
    return status;
}

NTSTATUS test_write(HANDLE32 handle, const void *data, uint32_t length, const int64_t *offset, uint32_t *n)
{
    return transfer(handle, (void *)data, length, offset, n, true);
}

NTSTATUS test_read(HANDLE32 handle, void *data, uint32_t length, const int64_t *offset, uint32_t *n)
{
    return transfer(handle, data, length, offset, n, false);
}

NTSTATUS test_query(HANDLE32 handle, void *info, uint32_t size, uint32_t class)
{
    IO_STATUS_BLOCK32 io = {0};
    gptr buffer = test_low(size);
    NTSTATUS status = NtQueryInformationFile(handle, &io, buffer, size, class);
    memcpy(info, (void *)(uintptr_t)buffer, size);
    return status;
}

NTSTATUS test_set(HANDLE32 handle, const void *info, uint32_t size, uint32_t class)
{
    IO_STATUS_BLOCK32 io = {0};
    gptr buffer = test_low(size);
    memcpy((void *)(uintptr_t)buffer, info, size);
    return NtSetInformationFile(handle, &io, buffer, size, class);
}

NTSTATUS test_rename(HANDLE32 handle, const char *name, bool replace)
{
    enum { HEAD = offsetof(FILE_RENAME_INFORMATION32, FileName) };
    uint8_t buffer[1024] = {0};
    FILE_RENAME_INFORMATION32 *info = (void *)buffer;
    size_t n = strlen(name);
    info->ReplaceIfExists = replace;
    info->FileNameLength = n * 2;
    for (size_t i = 0; i < n; i++) buffer[HEAD + i * 2] = name[i];
    return test_set(handle, buffer, HEAD + n * 2, FileRenameInformation);
}

void test_host_file(const char *name, const char *content)
{
    char path[PATH_MAX * 2];
    snprintf(path, sizeof path, "%s/%s", test_drive, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, content, strlen(content)), strlen(content));
    close(fd);
}

bool test_host_exists(const char *name)
{
    char path[PATH_MAX * 2];
    struct stat st;
    snprintf(path, sizeof path, "%s/%s", test_drive, name);
    return lstat(path, &st) == 0;
}
