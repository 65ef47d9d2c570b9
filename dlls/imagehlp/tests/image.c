// Images as files: checksums, headers, sections; and names that dbghelp answers to.
// link: -limagehlp
#include <windows.h>
#include <imagehlp.h>
#include "tests/check.h"

static void test_checksum(void)
{
    char path[MAX_PATH];
    DWORD header = 0, sum = 0, again = 0;
    GetModuleFileNameA(NULL, path, MAX_PATH);
    CHECK_EQUAL(MapFileAndCheckSumA(path, &header, &sum), CHECKSUM_SUCCESS);
    CHECK(header && header == sum, "%lx and %lx", header, sum); // the linker's own
    CHECK_EQUAL(MapFileAndCheckSumA("none.exe", &header, &again), CHECKSUM_OPEN_FAILURE);
    BYTE text[] = {0xFF, 0xFF, 0x02, 0x00, 0x05};
    CHECK(!CheckSumMappedFile(text, sizeof(text), &header, &sum));
    CHECK_EQUAL(sum, 2 + 5 + sizeof(text));
}

static void test_load(void)
{
    char path[MAX_PATH];
    LOADED_IMAGE image;
    GetModuleFileNameA(NULL, path, MAX_PATH);
    CHECK(MapAndLoad(path, NULL, &image, FALSE, TRUE), "%lu", GetLastError());
    CHECK(image.fReadOnly && !_stricmp(image.ModuleName, path), "%s", image.ModuleName);
    CHECK_EQUAL(image.NumberOfSections, image.FileHeader->FileHeader.NumberOfSections);
    CHECK(!strcmp((char *)image.Sections[0].Name, ".text"));
    CHECK(ImageNtHeader(image.MappedAddress) == image.FileHeader);
    CHECK(UnMapAndLoad(&image));
    CHECK(!MapAndLoad("none", NULL, &image, FALSE, TRUE));
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
}

int main(void)
{
    test_checksum();
    test_load();
    return check_summary();
}
