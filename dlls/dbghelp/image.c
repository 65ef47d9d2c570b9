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

// The section at an offset from the base: of an image, or of a file, whose bytes lie elsewhere.
static IMAGE_SECTION_HEADER *section_at(IMAGE_NT_HEADERS32 *nt, bool mapped, DWORD offset)
{
    IMAGE_SECTION_HEADER *section = IMAGE_FIRST_SECTION(nt);
    if (mapped) return RtlImageRvaToSection(nt, NULL, offset);
    for (WORD i = 0; i < nt->FileHeader.NumberOfSections; i++, section++)
        if (offset >= section->PointerToRawData &&
            offset - section->PointerToRawData < section->SizeOfRawData)
            return section;
    return NULL;
}

HOTPATCH PVOID WINAPI ImageDirectoryEntryToDataEx(PVOID base, BOOLEAN mapped, USHORT entry, PULONG size,
                                                  PIMAGE_SECTION_HEADER *found)
{
    IMAGE_NT_HEADERS32 *nt = RtlImageNtHeader(base);
    ULONG length = 0;
    BYTE *data = nt ? RtlImageDirectoryEntryToData(base, mapped, entry, &length) : NULL;
    if (size) *size = length;
    if (found) *found = data ? section_at(nt, mapped, (DWORD)(data - (BYTE *)base)) : NULL;
    if (!data) SetLastError(nt ? ERROR_NOT_FOUND : ERROR_BAD_EXE_FORMAT);
    return data;
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
