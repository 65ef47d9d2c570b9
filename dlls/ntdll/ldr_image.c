// Reading images in memory: headers, directories, sections. Pure functions of the image; those that programs
// call with any pointer check what they are given.
#include "ldr.h"

NTSTATUS NTAPI RtlImageNtHeaderEx(ULONG flags, PVOID base, ULONG64 size, PIMAGE_NT_HEADERS *headers)
{
    const IMAGE_DOS_HEADER *dos = base;
    const IMAGE_NT_HEADERS *nt;
    bool bounded = !(flags & 1); // RTL_IMAGE_NT_HEADER_EX_FLAG_NO_RANGE_CHECK

    if (headers) *headers = NULL;
    if (!headers || !base || base == (PVOID)-1 || (flags & ~1u)) return STATUS_INVALID_PARAMETER;
    if (bounded && size < sizeof(*dos)) return STATUS_INVALID_IMAGE_FORMAT;
    if (dos->e_magic != IMAGE_DOS_SIGNATURE || dos->e_lfanew < 0 || dos->e_lfanew >= 0x10000000)
        return STATUS_INVALID_IMAGE_FORMAT;
    if (bounded && dos->e_lfanew + sizeof(*nt) > size) return STATUS_INVALID_IMAGE_FORMAT;
    nt = rva_pointer(base, dos->e_lfanew);
    if (nt->Signature != IMAGE_NT_SIGNATURE) return STATUS_INVALID_IMAGE_FORMAT;
    *headers = (PIMAGE_NT_HEADERS)nt;
    return STATUS_SUCCESS;
}

struct header_query {
    PVOID base;
    PIMAGE_NT_HEADERS headers;
};

static void query_headers(void *context)
{
    struct header_query *query = context;

    RtlImageNtHeaderEx(1, query->base, 0, &query->headers);
}

PIMAGE_NT_HEADERS NTAPI RtlImageNtHeader(PVOID base)
{
    struct header_query query = {base, NULL};

    // Programs ask about any pointer: a fault means that there is no image.
    if (lowland_guarded_call(query_headers, &query)) return NULL;
    return query.headers;
}

PIMAGE_SECTION_HEADER NTAPI RtlImageRvaToSection(const IMAGE_NT_HEADERS *nt, PVOID base, ULONG rva)
{
    PIMAGE_SECTION_HEADER section = IMAGE_FIRST_SECTION(nt);

    (void)base;
    for (unsigned i = 0; i < nt->FileHeader.NumberOfSections; i++, section++)
        if (rva - section->VirtualAddress < section->SizeOfRawData && rva >= section->VirtualAddress)
            return section;
    return NULL;
}

PVOID NTAPI RtlImageRvaToVa(const IMAGE_NT_HEADERS *nt, PVOID base, ULONG rva, PIMAGE_SECTION_HEADER *last)
{
    PIMAGE_SECTION_HEADER section = last ? *last : NULL;

    if (!section || rva < section->VirtualAddress ||
        rva - section->VirtualAddress >= section->SizeOfRawData) {
        section = RtlImageRvaToSection(nt, base, rva);
        if (!section) return NULL;
        if (last) *last = section;
    }
    return rva_pointer(base, section->PointerToRawData + (rva - section->VirtualAddress));
}

// A base with its lowest bit set is a file mapped as data (LoadLibraryEx's convention).
PVOID NTAPI RtlImageDirectoryEntryToData(PVOID base, BOOLEAN mapped_as_image, USHORT directory, PULONG size)
{
    const IMAGE_NT_HEADERS *nt;
    ULONG rva, headers_size, count;
    const IMAGE_DATA_DIRECTORY *directories;

    if ((ULONG_PTR)base & 1) {
        base = (PVOID)((ULONG_PTR)base & ~(ULONG_PTR)3);
        mapped_as_image = FALSE;
    } else {
        base = (PVOID)((ULONG_PTR)base & ~(ULONG_PTR)3);
    }
    *size = 0;
    nt = RtlImageNtHeader(base);
    if (!nt) return NULL;
    if (nt->OptionalHeader.Magic == IMAGE_NT_OPTIONAL_HDR64_MAGIC) {
        const IMAGE_NT_HEADERS64 *nt64 = (const IMAGE_NT_HEADERS64 *)nt;
        directories = nt64->OptionalHeader.DataDirectory;
        count = nt64->OptionalHeader.NumberOfRvaAndSizes;
        headers_size = nt64->OptionalHeader.SizeOfHeaders;
    } else {
        directories = nt->OptionalHeader.DataDirectory;
        count = nt->OptionalHeader.NumberOfRvaAndSizes;
        headers_size = nt->OptionalHeader.SizeOfHeaders;
    }
    if (directory >= count || directory >= IMAGE_NUMBEROF_DIRECTORY_ENTRIES) return NULL;
    rva = directories[directory].VirtualAddress;
    if (!rva) return NULL;
    *size = directories[directory].Size;
    if (mapped_as_image || rva < headers_size) return rva_pointer(base, rva);
    return RtlImageRvaToVa(nt, base, rva, NULL);
}

PVOID NTAPI RtlPcToFileHeader(PVOID address, PVOID *base)
{
    struct module *module = module_from_address(address);

    *base = module ? module->entry.DllBase : NULL;
    return *base;
}
