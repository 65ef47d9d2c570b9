// Images mapped as files, to be looked at and changed: MapAndLoad.
#include "nt/nt.h"
#include <imagehlp.h>
#include <stdbool.h>

static bool open_image(const char *name, const char *folder, bool dll, bool read_only, LOADED_IMAGE *image)
{
    char path[MAX_PATH];
    DWORD length = SearchPathA(folder, name, dll ? ".dll" : ".exe", MAX_PATH, path, NULL);
    if (!length || length >= MAX_PATH) {
        SetLastError(ERROR_FILE_NOT_FOUND);
        return false;
    }
    image->hFile = CreateFileA(path, GENERIC_READ | (read_only ? 0 : GENERIC_WRITE), FILE_SHARE_READ, NULL,
                               OPEN_EXISTING, 0, NULL);
    if (image->hFile == INVALID_HANDLE_VALUE) return false;
    image->ModuleName = HeapAlloc(GetProcessHeap(), 0, length + 1);
    if (image->ModuleName) lstrcpyA(image->ModuleName, path);
    return image->ModuleName;
}

static bool map_image(LOADED_IMAGE *image, bool read_only)
{
    HANDLE mapping =
        CreateFileMappingW(image->hFile, NULL, read_only ? PAGE_READONLY : PAGE_READWRITE, 0, 0, NULL);
    if (!mapping) return false;
    image->SizeOfImage = GetFileSize(image->hFile, NULL);
    image->MappedAddress = MapViewOfFile(mapping, read_only ? FILE_MAP_READ : FILE_MAP_WRITE, 0, 0, 0);
    CloseHandle(mapping);
    return image->MappedAddress;
}

static bool find_headers(LOADED_IMAGE *image)
{
    const UCHAR *end = image->MappedAddress + image->SizeOfImage;
    image->FileHeader = RtlImageNtHeader(image->MappedAddress);
    bool inside = image->FileHeader && (UCHAR *)(image->FileHeader + 1) <= end;
    if (inside) {
        image->Sections = IMAGE_FIRST_SECTION(image->FileHeader);
        // Programs walk them by their number.
        inside = (UCHAR *)(image->Sections + image->FileHeader->FileHeader.NumberOfSections) <= end;
    }
    if (!inside) {
        SetLastError(ERROR_BAD_EXE_FORMAT);
        return false;
    }
    image->LastRvaSection = image->Sections;
    image->NumberOfSections = image->FileHeader->FileHeader.NumberOfSections;
    image->Characteristics = image->FileHeader->FileHeader.Characteristics;
    return true;
}

static void release(LOADED_IMAGE *image)
{
    if (image->MappedAddress) UnmapViewOfFile(image->MappedAddress);
    if (image->hFile != INVALID_HANDLE_VALUE) CloseHandle(image->hFile);
    if (image->ModuleName) HeapFree(GetProcessHeap(), 0, image->ModuleName);
}

HOTPATCH BOOL WINAPI MapAndLoad(PCSTR name, PCSTR folder, PLOADED_IMAGE image, BOOL dll, BOOL read_only)
{
    *image = (LOADED_IMAGE){.hFile = INVALID_HANDLE_VALUE, .fReadOnly = read_only != FALSE, .Version = 1};
    image->Links.Flink = image->Links.Blink = &image->Links;
    if (open_image(name, folder, dll, read_only, image) && map_image(image, read_only) && find_headers(image))
        return TRUE;
    release(image);
    return FALSE;
}

HOTPATCH BOOL WINAPI UnMapAndLoad(PLOADED_IMAGE image)
{
    release(image);
    return TRUE;
}
