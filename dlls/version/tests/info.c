// Version information of files: sizes, errors, and looking values up.
// link: -lversion
#include <windows.h>
#include <winver.h>
#include <stdlib.h>
#include <string.h>
#include "tests/check.h"

// The resource of no file: built here, so that every value is known.
static const WORD resource[] = {
    // length, value length, text; key; value; children
    0,
    0,
    0,
    'V',
    'S',
    '_',
    'V',
    'E',
    'R',
    'S',
    'I',
    'O',
    'N',
    '_',
    'I',
    'N',
    'F',
    'O',
    0,
    0,
    // from word 20 on
    56,
    0,
    1,
    'S',
    't',
    'r',
    'i',
    'n',
    'g',
    's',
    0,
    0,
    32,
    3,
    1,
    'N',
    'a',
    'm',
    'e',
    0,
    'a',
    0xE4,
    0,
    0,
    0,
    0,
    0,
    0,
    // from word 48 on
    24,
    4,
    0,
    'N',
    'u',
    'm',
    'b',
    'e',
    'r',
    0,
    0x1234,
    0x5678,
};

static void test_errors(void)
{
    DWORD handle = 5;

    SetLastError(0);
    CHECK_EQUAL(GetFileVersionInfoSizeA(NULL, &handle), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(handle, 0);
    CHECK_EQUAL(GetFileVersionInfoSizeA("", &handle), 0);
    CHECK_EQUAL(GetLastError(), ERROR_BAD_PATHNAME);
    CHECK_EQUAL(GetFileVersionInfoSizeA("not there.dll", &handle), 0);
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
    FILE *file = fopen("plain.txt", "w");
    fputs("no program", file);
    fclose(file);
    CHECK_EQUAL(GetFileVersionInfoSizeA("plain.txt", &handle), 0);
    CHECK_EQUAL(GetLastError(), ERROR_RESOURCE_DATA_NOT_FOUND);
    remove("plain.txt");
}

static void test_system_file(void)
{
    VS_FIXEDFILEINFO *fixed = NULL;
    DWORD handle = 5, *translation = NULL;
    UINT length = 0;
    char path[80], *text = NULL;
    WCHAR *wide = NULL;

    SetLastError(77);
    DWORD size = GetFileVersionInfoSizeW(L"kernel32.dll", &handle);
    CHECK(size != 0, "size");
    CHECK_EQUAL(GetLastError(), ERROR_SUCCESS);
    CHECK_EQUAL(handle, 0);
    void *data = malloc(size);
    CHECK(GetFileVersionInfoA("kernel32.dll", 0, size, data), "read");
    CHECK_EQUAL(size, *(WORD *)data * 2 + 4);
    CHECK(VerQueryValueA(data, "\\", (void **)&fixed, &length), "root");
    CHECK_EQUAL(length, sizeof(*fixed));
    CHECK_EQUAL(fixed->dwSignature, 0xFEEF04BD);
    CHECK_EQUAL(fixed->dwFileVersionMS, 10 << 16);
    CHECK(VerQueryValueA(data, "\\VarFileInfo\\Translation", (void **)&translation, &length), "translation");
    CHECK_EQUAL(length, 4);
    sprintf(path, "\\stringfileinfo\\%04x%04x\\ORIGINALFILENAME", LOWORD(*translation), HIWORD(*translation));
    CHECK(VerQueryValueA(data, path, (void **)&text, &length), "%s", path);
    CHECK(!strncmp(text, "kernel32", 8), "%s", text);
    CHECK_EQUAL(length, strlen(text) + 1);
    CHECK(VerQueryValueW(data, L"StringFileInfo\\040904B0\\OriginalFilename", (void **)&wide, &length),
          "wide");
    CHECK(!wcsncmp(wide, L"kernel32", 8), "%ls", wide);
    free(data);
}

static void test_lookup(void)
{
    struct {
        WORD words[sizeof(resource) / sizeof(*resource)];
        char mark[4], room[sizeof(resource)];
    } data = {.mark = "FE2X"};
    const WORD *words = NULL;
    const char *text = NULL;
    void *unchanged = &data;
    UINT length = 5;

    memcpy(data.words, resource, sizeof(resource));
    data.words[0] = sizeof(resource);
    CHECK(VerQueryValueW(&data, L"\\Strings\\Name", (void **)&words, &length), "text");
    CHECK_EQUAL(length, 3);
    CHECK_EQUAL(words - data.words, 40);
    CHECK(VerQueryValueA(&data, "\\Strings\\Name", (void **)&text, &length), "text");
    CHECK_EQUAL(length, 3);
    CHECK(!strcmp(text, "a\xE4"), "%s", text);
    CHECK(VerQueryValueA(&data, "Number", (void **)&words, &length), "number");
    CHECK_EQUAL(length, 4);
    CHECK_EQUAL(*(DWORD *)words, 0x56781234);
    CHECK(VerQueryValueA(&data, "\\\\Strings\\\\", (void **)&text, &length), "block");
    CHECK_EQUAL(length, 0);
    SetLastError(0);
    CHECK(!VerQueryValueA(&data, "\\Strings\\Nam", &unchanged, &length), "part of a name");
    CHECK_EQUAL(GetLastError(), ERROR_RESOURCE_TYPE_NOT_FOUND);
    CHECK_EQUAL(length, 0);
    CHECK(unchanged == &data, "value");
}

static void test_languages(void)
{
    char name[80];

    CHECK(VerLanguageNameA(0x0407, name, sizeof(name)) > 0, "German");
    CHECK(!strncmp(name, "German", 6), "%s", name);
}

int main(void)
{
    test_errors();
    test_system_file();
    test_lookup();
    test_languages();
    return check_summary();
}
