// Sections and their views: memory and files, sharing, copy-on-write, reserved sections, names, images.
#include <windows.h>
#include <winternl.h>
#include "tests/check.h"
#include <string.h>

typedef enum { ViewShare = 1, ViewUnmap = 2 } SECTION_INHERIT;
NTSTATUS NTAPI NtCreateSection(HANDLE *, ACCESS_MASK, const OBJECT_ATTRIBUTES *, const LARGE_INTEGER *, ULONG,
                               ULONG, HANDLE);
NTSTATUS NTAPI NtMapViewOfSection(HANDLE, HANDLE, PVOID *, ULONG_PTR, SIZE_T, const LARGE_INTEGER *, SIZE_T *,
                                  SECTION_INHERIT, ULONG, ULONG);
NTSTATUS NTAPI NtUnmapViewOfSection(HANDLE, PVOID);
NTSTATUS NTAPI NtQuerySection(HANDLE, int, PVOID, SIZE_T, SIZE_T *);
NTSTATUS NTAPI NtQueryVirtualMemory(HANDLE, PVOID, int, PVOID, SIZE_T, SIZE_T *);
NTSTATUS NTAPI NtAreMappedFilesTheSame(PVOID, PVOID);

#define SELF                         ((HANDLE)-1)
#define STATUS_MAPPED_ALIGNMENT      0xC0000220
#define STATUS_INVALID_VIEW_SIZE     0xC000001F
#define STATUS_CONFLICTING_ADDRESSES 0xC0000018
#define STATUS_SECTION_TOO_BIG       0xC0000040
#define STATUS_MAPPED_FILE_SIZE_ZERO 0xC000011E
#define STATUS_INVALID_IMAGE_NOT_MZ  0xC000012F
#define STATUS_NOT_MAPPED_VIEW       0xC0000019
#define STATUS_SECTION_NOT_IMAGE     0xC0000049
#define STATUS_NOT_SAME_DEVICE       0xC00000D4
#define STATUS_INFO_LENGTH_MISMATCH_ 0xC0000004

struct basic {
    void *base;
    ULONG attributes;
    LARGE_INTEGER size;
};

static HANDLE file_of(const char *name, DWORD size)
{
    HANDLE file = CreateFileA(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                              CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, NULL);
    CHECK(file != INVALID_HANDLE_VALUE);
    SetFilePointer(file, (LONG)size, NULL, FILE_BEGIN);
    SetEndOfFile(file);
    return file;
}

static NTSTATUS create(HANDLE *section, LONGLONG size, ULONG protect, ULONG attributes, HANDLE file)
{
    LARGE_INTEGER large = {.QuadPart = size};
    return NtCreateSection(section, SECTION_ALL_ACCESS, NULL, size ? &large : NULL, protect, attributes,
                           file);
}

static NTSTATUS map(HANDLE section, char **base, LONGLONG offset, SIZE_T size, ULONG protect)
{
    LARGE_INTEGER large = {.QuadPart = offset};
    return NtMapViewOfSection(section, SELF, (PVOID *)base, 0, 0, &large, &size, ViewShare, 0, protect);
}

static void region_at(int line, char *address, ULONG state, ULONG protection, SIZE_T size, ULONG type)
{
    MEMORY_BASIC_INFORMATION info;
    VirtualQuery(address, &info, sizeof info);
    CHECK(info.State == state, "line %d: state %lx", line, info.State);
    CHECK(info.Protect == protection, "line %d: protect %lx", line, info.Protect);
    CHECK(info.RegionSize == size, "line %d: size %lx", line, info.RegionSize);
    CHECK(info.Type == type, "line %d: type %lx", line, info.Type);
}
#define REGION(...) region_at(__LINE__, __VA_ARGS__)

static void test_memory(void)
{
    HANDLE section;
    struct basic basic;
    SIZE_T length;
    CHECK(create(&section, 0x1000, PAGE_READWRITE, SEC_COMMIT | SEC_RESERVE, NULL) < 0);
    CHECK_EQUAL(create(&section, 0x12345, PAGE_READWRITE, SEC_COMMIT, NULL), 0);
    CHECK_EQUAL(NtQuerySection(section, 0, &basic, sizeof basic, &length), 0);
    CHECK_EQUAL(length, sizeof basic);
    CHECK_EQUAL(basic.size.QuadPart, 0x13000);
    CHECK_EQUAL(basic.attributes, SEC_COMMIT);
    CHECK_EQUAL(NtQuerySection(section, 0, &basic, sizeof basic - 1, NULL), STATUS_INFO_LENGTH_MISMATCH_);
    char image[0x30];
    CHECK_EQUAL(NtQuerySection(section, 1, image, sizeof image, NULL), STATUS_SECTION_NOT_IMAGE);

    char *a = NULL, *b = NULL, *c = NULL;
    CHECK_EQUAL(map(section, &a, 0, 0, PAGE_READWRITE), 0);
    CHECK_EQUAL(map(section, &b, 0x10000, 0x1000, PAGE_READONLY), 0);
    REGION(a, MEM_COMMIT, PAGE_READWRITE, 0x13000, MEM_MAPPED);
    REGION(b, MEM_COMMIT, PAGE_READONLY, 0x1000, MEM_MAPPED);
    a[0x10010] = 42;
    CHECK_EQUAL(b[0x10], 42);
    CHECK_EQUAL(map(section, &c, 0x1000, 0, PAGE_READWRITE), STATUS_MAPPED_ALIGNMENT);
    CHECK_EQUAL(map(section, &c, 0, 0x14000, PAGE_READWRITE), STATUS_INVALID_VIEW_SIZE);
    c = a;
    CHECK_EQUAL(map(section, &c, 0, 0, PAGE_READWRITE), STATUS_CONFLICTING_ADDRESSES);
    CHECK_EQUAL(NtUnmapViewOfSection(SELF, b + 0x123), 0);
    CHECK_EQUAL(NtUnmapViewOfSection(SELF, b), STATUS_NOT_MAPPED_VIEW);
    CloseHandle(section);
    CHECK_EQUAL(a[0x10010], 42); // views outlive handles
    CHECK(UnmapViewOfFile(a));
}

static void test_reserved(void)
{
    HANDLE section;
    char *a = NULL, *b = NULL;
    CHECK_EQUAL(create(&section, 0x40000, PAGE_READWRITE, SEC_RESERVE, NULL), 0);
    CHECK_EQUAL(map(section, &a, 0, 0, PAGE_READWRITE), 0);
    CHECK_EQUAL(map(section, &b, 0, 0, PAGE_READWRITE), 0);
    REGION(a, MEM_RESERVE, 0, 0x40000, MEM_MAPPED);
    CHECK(VirtualAlloc(a + 0x10000, 0x2000, MEM_COMMIT, PAGE_READWRITE) == a + 0x10000);
    REGION(a, MEM_RESERVE, 0, 0x10000, MEM_MAPPED);
    REGION(a + 0x10000, MEM_COMMIT, PAGE_READWRITE, 0x2000, MEM_MAPPED);
    REGION(b + 0x10000, MEM_COMMIT, PAGE_READWRITE, 0x2000, MEM_MAPPED); // committed in all views
    a[0x11000] = 3;
    CHECK_EQUAL(b[0x11000], 3);
    CHECK(!VirtualFree(a + 0x10000, 0x1000, MEM_DECOMMIT));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    UnmapViewOfFile(a);
    a = NULL;
    CHECK_EQUAL(map(section, &a, 0, 0, PAGE_READONLY), 0);
    REGION(a + 0x10000, MEM_COMMIT, PAGE_READONLY, 0x2000, MEM_MAPPED);
    UnmapViewOfFile(a);
    UnmapViewOfFile(b);
    CloseHandle(section);
}

static void test_files(void)
{
    HANDLE section, file = file_of("section-test.tmp", 0x3456);
    struct basic basic;
    DWORD old, done;
    CHECK_EQUAL(create(&section, 0x3457, PAGE_READONLY, SEC_COMMIT, file), STATUS_SECTION_TOO_BIG);
    CHECK_EQUAL(create(&section, 0, PAGE_READONLY, SEC_IMAGE, file), STATUS_INVALID_IMAGE_NOT_MZ);
    CHECK_EQUAL(create(&section, 0, PAGE_READWRITE, SEC_COMMIT, file), 0);
    CHECK_EQUAL(NtQuerySection(section, 0, &basic, sizeof basic, NULL), 0);
    CHECK_EQUAL(basic.size.QuadPart, 0x3456);
    CHECK_EQUAL(basic.attributes, SEC_FILE);

    char *shared = NULL, *copy = NULL, byte = 0;
    CHECK_EQUAL(map(section, &shared, 0, 0, PAGE_READWRITE), 0);
    CHECK_EQUAL(map(section, &copy, 0, 0x3000, PAGE_WRITECOPY), 0);
    REGION(shared, MEM_COMMIT, PAGE_READWRITE, 0x4000, MEM_MAPPED);
    REGION(copy, MEM_COMMIT, PAGE_WRITECOPY, 0x3000, MEM_MAPPED);
    shared[0x1234] = 9;
    SetFilePointer(file, 0x1234, NULL, FILE_BEGIN);
    CHECK(ReadFile(file, &byte, 1, &done, NULL) && done == 1);
    CHECK_EQUAL(byte, 9);
    CHECK_EQUAL(copy[0x1234], 9);
    copy[0x1234] = 10;
    CHECK_EQUAL(shared[0x1234], 9);
    CHECK(!VirtualProtect(shared, 1, PAGE_EXECUTE_READ, &old));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(!VirtualProtect(copy, 1, PAGE_READWRITE, &old));
    CHECK(!VirtualAlloc(shared, 0x1000, MEM_COMMIT, PAGE_READONLY));
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    CHECK(FlushViewOfFile(shared, 0x1000));
    CHECK_EQUAL(NtAreMappedFilesTheSame(shared, copy), STATUS_NOT_SAME_DEVICE);
    CHECK_EQUAL(NtAreMappedFilesTheSame(shared, shared + 0x1000), 0);

    struct {
        UNICODE_STRING string;
        WCHAR buffer[300];
    } name;
    CHECK_EQUAL(NtQueryVirtualMemory(SELF, shared + 5, 2, &name, sizeof name, NULL), 0);
    CHECK(name.string.Length > 36 &&
          !memcmp((char *)name.string.Buffer + name.string.Length - 34, L"\\section-test.tmp", 34));
    UnmapViewOfFile(shared);
    UnmapViewOfFile(copy);
    CloseHandle(section);

    // A larger writable section extends the file.
    CHECK_EQUAL(create(&section, 0x5000, PAGE_READWRITE, SEC_COMMIT, file), 0);
    CHECK_EQUAL(GetFileSize(file, NULL), 0x5000);
    CloseHandle(section);
    CloseHandle(file);
    file = file_of("section-test.tmp", 0);
    CHECK_EQUAL(create(&section, 0, PAGE_READONLY, SEC_COMMIT, file), STATUS_MAPPED_FILE_SIZE_ZERO);
    CloseHandle(file);
}

static void test_names(void)
{
    HANDLE section =
        CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 0x1000, "Local\\lowland-section");
    CHECK(section != NULL);
    HANDLE same =
        CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 0x2000, "Local\\lowland-section");
    CHECK(same != NULL);
    CHECK_EQUAL(GetLastError(), ERROR_ALREADY_EXISTS);
    HANDLE reader = OpenFileMappingA(FILE_MAP_READ, FALSE, "Local\\lowland-section");
    CHECK(reader != NULL);
    char *a = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0),
         *b = MapViewOfFile(reader, FILE_MAP_READ, 0, 0, 0);
    a[7] = 7;
    CHECK_EQUAL(b[7], 7);
    CHECK(!MapViewOfFile(reader, FILE_MAP_WRITE, 0, 0, 0));
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    UnmapViewOfFile(a);
    UnmapViewOfFile(b);
    CloseHandle(section);
    CloseHandle(same);
    CloseHandle(reader);
    CHECK(!OpenFileMappingA(FILE_MAP_READ, FALSE, "Local\\lowland-section"));
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
}

static int written = 1; // in .data

static void test_images(void)
{
    char *image = (char *)GetModuleHandleA(NULL);
    MEMORY_BASIC_INFORMATION info;
    DWORD old;
    VirtualQuery(image, &info, sizeof info);
    CHECK_EQUAL(info.AllocationProtect, PAGE_EXECUTE_WRITECOPY);
    CHECK_EQUAL(info.Type, MEM_IMAGE);
    CHECK_EQUAL(info.Protect, PAGE_READONLY);
    VirtualQuery((void *)test_images, &info, sizeof info);
    CHECK_EQUAL(info.Protect, PAGE_EXECUTE_READ);
    CHECK(VirtualProtect((void *)test_images, 1, PAGE_EXECUTE_READWRITE, &old));
    CHECK_EQUAL(old, PAGE_EXECUTE_READ);
    *(volatile char *)(void *)test_images = *(volatile char *)(void *)test_images;
    CHECK(VirtualProtect((void *)test_images, 1, PAGE_EXECUTE_READ, &old));
    written = 2;

    HANDLE section, file;
    char path[MAX_PATH], *view = NULL;
    SIZE_T size = 0;
    GetModuleFileNameA(NULL, path, sizeof path);
    file = CreateFileA(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    CHECK_EQUAL(create(&section, 0, PAGE_READONLY, SEC_IMAGE, file), 0);
    struct basic basic;
    CHECK_EQUAL(NtQuerySection(section, 0, &basic, sizeof basic, NULL), 0);
    CHECK_EQUAL(basic.attributes, SEC_FILE | SEC_IMAGE);
    NTSTATUS status =
        NtMapViewOfSection(section, SELF, (PVOID *)&view, 0, 0, NULL, &size, ViewShare, 0, PAGE_READONLY);
    CHECK(status == 0x40000003, "%lx", status); // STATUS_IMAGE_NOT_AT_BASE
    CHECK(view != image && view[0] == 'M');
    CHECK_EQUAL(size, basic.size.QuadPart);
    CHECK_EQUAL(*(int *)(view + ((char *)&written - image)), 1);
    CHECK_EQUAL(NtAreMappedFilesTheSame(view, image), 0);
    CHECK_EQUAL(NtUnmapViewOfSection(SELF, view), 0);
    CloseHandle(section);
    CloseHandle(file);
}

int main(void)
{
    test_memory();
    test_reserved();
    test_files();
    test_names();
    test_images();
    return check_summary();
}
