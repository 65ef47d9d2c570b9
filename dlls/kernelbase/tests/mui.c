// GetFileMUIInfo on copies of this program with no MUI resource, a good one and bad ones.
#include "tests/check.h"
#include <stddef.h>
#include <string.h>
#include <windows.h>

#define FILE_NAME L"mui_test.exe"

struct mui {
    DWORD signature, size, version, path_type, file_type, attributes, fallback_location;
    BYTE service_checksum[16], checksum[16];
    DWORD unknown[6];
    DWORD ranges[12]; // offset and size: names, ids, names and ids of language files, language, fallback
    WCHAR names[6];
    DWORD ids[1];
    WCHAR language[6];
};

static const struct mui good = {
    .signature = 0xFECDFECD,
    .size = sizeof(good),
    .version = 0x10000,
    .file_type = MUI_FILETYPE_LANGUAGE_NEUTRAL_MAIN >> 1,
    .service_checksum = "s",
    .checksum = "c",
    .ranges = {offsetof(struct mui, names), sizeof(good.names), offsetof(struct mui, ids), sizeof(good.ids),
               0, 0, 0, 0, 0, 0, offsetof(struct mui, language), sizeof(good.language)},
    .names = L"NAME\0",
    .ids = {6},
    .language = L"en-US",
};

static void put(const void *data, DWORD size)
{
    WCHAR self[MAX_PATH];
    GetModuleFileNameW(NULL, self, MAX_PATH);
    CopyFileW(self, FILE_NAME, FALSE);
    if (!data) return;
    HANDLE update = BeginUpdateResourceW(FILE_NAME, FALSE);
    UpdateResourceW(update, L"MUI", MAKEINTRESOURCEW(1), 0, (void *)data, size);
    CHECK(EndUpdateResourceW(update, FALSE), "error %lu", GetLastError());
}

static BYTE buffer[1024];

static BOOL query(DWORD flags, DWORD *size)
{
    FILEMUIINFO *info = (FILEMUIINFO *)buffer;
    memset(buffer, 0xfe, sizeof(buffer));
    info->dwSize = sizeof(buffer);
    info->dwVersion = MUI_FILEINFO_VERSION;
    *size = sizeof(buffer);
    return GetFileMUIInfo(flags, FILE_NAME, info, size);
}

int main(void)
{
    const DWORD all =
        MUI_QUERY_TYPE | MUI_QUERY_CHECKSUM | MUI_QUERY_LANGUAGE_NAME | MUI_QUERY_RESOURCE_TYPES;
    FILEMUIINFO *info = (FILEMUIINFO *)buffer;
    WCHAR directory[MAX_PATH];
    DWORD size = 0;

    GetTempPathW(MAX_PATH, directory);
    SetCurrentDirectoryW(directory);
    put(NULL, 0);
    CHECK(GetFileMUIInfo(0, FILE_NAME, NULL, &size), "error %lu", GetLastError());
    CHECK_EQUAL(size, sizeof(FILEMUIINFO));
    CHECK(query(0, &size), "error %lu", GetLastError());
    CHECK_EQUAL(info->dwFileType, MUI_FILETYPE_NOT_LANGUAGE_NEUTRAL);
    CHECK_EQUAL(info->dwLanguageNameOffset, 0);

    put(&good, sizeof(good));
    size = 0;
    CHECK(!GetFileMUIInfo(all, FILE_NAME, NULL, &size) && GetLastError() == ERROR_INSUFFICIENT_BUFFER,
          "error %lu", GetLastError());
    CHECK(query(all, &size), "error %lu", GetLastError());
    CHECK_EQUAL(info->dwFileType, MUI_FILETYPE_LANGUAGE_NEUTRAL_MAIN);
    CHECK_EQUAL(info->pChecksum[0], 'c');
    CHECK_EQUAL(info->pServiceChecksum[0], 's');
    CHECK(!memcmp(buffer + info->dwLanguageNameOffset, L"en-US", 12), "the language");
    CHECK_EQUAL(info->dwTypeIDMainSize, 1);
    CHECK_EQUAL(*(DWORD *)(buffer + info->dwTypeIDMainOffset), 6);
    CHECK(!memcmp(buffer + info->dwTypeNameMainOffset, L"NAME\0", 12), "the type's name");
    CHECK_EQUAL(info->dwTypeIDMUISize, 0);
    CHECK_EQUAL(info->dwTypeNameMUIOffset, 0);

    for (size_t i = 0; i < 12; i++) {
        struct mui bad = good;
        bad.ranges[i] = 0x10000;
        put(&bad, sizeof(bad));
        CHECK(!query(all, &size) && GetLastError() == ERROR_BAD_EXE_FORMAT, "%u: error %lu", (unsigned)i,
              GetLastError());
    }
    put(&good, 4);
    CHECK(!query(all, &size) && GetLastError() == ERROR_BAD_EXE_FORMAT, "error %lu", GetLastError());
    DeleteFileW(FILE_NAME);
    CHECK(!query(all, &size) && GetLastError() == ERROR_FILE_NOT_FOUND, "error %lu", GetLastError());
    return check_summary();
}
