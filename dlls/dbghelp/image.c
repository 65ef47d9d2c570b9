// Images in memory or mapped as files: their headers, sections and data directories.
#include "session.h"

HOTPATCH PIMAGE_NT_HEADERS WINAPI ImageNtHeader(PVOID base)
{
    return RtlImageNtHeader(base);
}

HOTPATCH PIMAGE_SECTION_HEADER WINAPI ImageRvaToSection(PIMAGE_NT_HEADERS nt, PVOID base, ULONG rva)
{
    return RtlImageRvaToSection(nt, base, rva);
}

HOTPATCH PVOID WINAPI ImageRvaToVa(PIMAGE_NT_HEADERS nt, PVOID base, ULONG rva, PIMAGE_SECTION_HEADER *last)
{
    void *address = RtlImageRvaToVa(nt, base, rva, last);
    if (!address) SetLastError(ERROR_INVALID_PARAMETER);
    return address;
}

// mapped: as an image; a file's bytes lie elsewhere, but for the headers.
HOTPATCH PVOID WINAPI ImageDirectoryEntryToDataEx(PVOID base, BOOLEAN mapped, USHORT entry, PULONG size,
                                                  PIMAGE_SECTION_HEADER *found)
{
    IMAGE_NT_HEADERS32 *nt = RtlImageNtHeader(base);
    if (found) *found = NULL;
    if (size) *size = 0;
    if (!nt || nt->OptionalHeader.Magic != IMAGE_NT_OPTIONAL_HDR32_MAGIC) {
        SetLastError(ERROR_BAD_EXE_FORMAT);
        return NULL;
    }
    DWORD rva = entry < nt->OptionalHeader.NumberOfRvaAndSizes
                    ? nt->OptionalHeader.DataDirectory[entry].VirtualAddress
                    : 0;
    if (!rva) {
        SetLastError(ERROR_NOT_FOUND);
        return NULL;
    }
    if (size) *size = nt->OptionalHeader.DataDirectory[entry].Size;
    IMAGE_SECTION_HEADER *section = ImageRvaToSection(nt, base, rva);
    if (found) *found = section;
    if (mapped || rva < nt->OptionalHeader.SizeOfHeaders) return (BYTE *)base + rva;
    return section ? ImageRvaToVa(nt, base, rva, &section) : NULL;
}

HOTPATCH PVOID WINAPI ImageDirectoryEntryToData(PVOID base, BOOLEAN mapped, USHORT entry, PULONG size)
{
    return ImageDirectoryEntryToDataEx(base, mapped, entry, size, NULL);
}

HOTPATCH DWORD WINAPI GetTimestampForLoadedLibrary(HMODULE module)
{
    const IMAGE_NT_HEADERS32 *nt = RtlImageNtHeader(module);
    return nt ? nt->FileHeader.TimeDateStamp : 0;
}
