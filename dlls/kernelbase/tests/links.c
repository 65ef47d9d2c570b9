// Symbolic links and junctions: what is stored of where they lead is told again.
#include <windows.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <winioctl.h>
#include "tests/check.h"

// REPARSE_DATA_BUFFER of both kinds, which <ddk/ntifs.h> has.
struct reparse {
    DWORD tag;
    WORD data_length, reserved;
    WORD substitute_offset, substitute_length, print_offset, print_length;
    union {
        struct {
            DWORD flags;
            WCHAR names[512];
        } symlink;
        WCHAR junction_names[512];
    };
};

static HANDLE open_link(const char *name, DWORD access)
{
    HANDLE link = CreateFileA(name, access, 7, NULL, OPEN_EXISTING,
                              FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS, NULL);
    CHECK(link != INVALID_HANDLE_VALUE, "%s: %lu", name, GetLastError());
    return link;
}

// NT's name of where it leads, as the link stores it.
static void check_target(const char *name, DWORD tag, const WCHAR *target)
{
    struct reparse data = {0};
    DWORD size;
    HANDLE link = open_link(name, 0);
    CHECK(DeviceIoControl(link, FSCTL_GET_REPARSE_POINT, NULL, 0, &data, sizeof(data), &size, NULL), "%lu",
          GetLastError());
    CloseHandle(link);
    CHECK_EQUAL(data.tag, tag);
    WCHAR *names = tag == IO_REPARSE_TAG_SYMLINK ? data.symlink.names : data.junction_names;
    WCHAR *stored = names + data.substitute_offset / sizeof(WCHAR);
    stored[data.substitute_length / sizeof(WCHAR)] = 0;
    CHECK(!wcscmp(stored, target), "%ls, not %ls", stored, target);
}

static void make_junction(const char *name, const WCHAR *target)
{
    struct reparse data = {.tag = IO_REPARSE_TAG_MOUNT_POINT};
    DWORD size, length = (DWORD)wcslen(target);
    CHECK(CreateDirectoryA(name, NULL), "%lu", GetLastError());
    data.substitute_length = (WORD)(length * sizeof(WCHAR));
    data.print_offset = (WORD)(data.substitute_length + sizeof(WCHAR));
    memcpy(data.junction_names, target, data.substitute_length);
    data.data_length = (WORD)(8 + data.print_offset + sizeof(WCHAR));
    HANDLE link = open_link(name, GENERIC_WRITE);
    CHECK(DeviceIoControl(link, FSCTL_SET_REPARSE_POINT, &data, data.data_length + 8, NULL, 0, &size, NULL),
          "%lu", GetLastError());
    CloseHandle(link);
}

// A backslash at the end of a target is part of what is stored.
static void test_targets(void)
{
    static const WCHAR *const ends[] = {L"\\linked", L"\\linked\\"};
    WCHAR here[MAX_PATH], target[MAX_PATH + 16], wanted[MAX_PATH + 16];
    GetCurrentDirectoryW(MAX_PATH, here);
    CHECK(CreateDirectoryA("linked", NULL), "%lu", GetLastError());
    for (int i = 0; i < 2; i++) {
        _snwprintf(wanted, MAX_PATH + 16, L"\\??\\%ls%ls", here, ends[i]);
        _snwprintf(target, MAX_PATH + 16, L"\\\\?\\%ls%ls", here, ends[i]);
        CHECK(CreateSymbolicLinkW(L"link", target, SYMBOLIC_LINK_FLAG_DIRECTORY), "%lu", GetLastError());
        check_target("link", IO_REPARSE_TAG_SYMLINK, wanted);
        CHECK(RemoveDirectoryA("link"), "%lu", GetLastError());
        make_junction("junction", wanted);
        check_target("junction", IO_REPARSE_TAG_MOUNT_POINT, wanted);
        CHECK_EQUAL(GetFileAttributesA("junction"), FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT);
        CHECK(CreateDirectoryA("junction\\inside", NULL), "%lu", GetLastError());
        CHECK(RemoveDirectoryA("linked\\inside"), "%lu", GetLastError());
        CHECK(RemoveDirectoryA("junction"), "%lu", GetLastError());
    }
    CHECK(CreateSymbolicLinkA("link", "linked", SYMBOLIC_LINK_FLAG_DIRECTORY), "%lu", GetLastError());
    check_target("link", IO_REPARSE_TAG_SYMLINK, L"linked");
    CHECK(RemoveDirectoryA("link"), "%lu", GetLastError());
    CHECK(RemoveDirectoryA("linked"), "%lu", GetLastError());
}

int main(void)
{
    test_targets();
    return check_summary();
}
