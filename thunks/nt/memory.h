// Virtual memory and sections. Sources: phnt's ntmmapi.h, mingw-w64 ddk/wdm.h, Microsoft's documentation of
// NtQueryVirtualMemory, ZwMapViewOfSection and QueryWorkingSetEx.
#ifndef LOWLAND_NT_MEMORY_H
#define LOWLAND_NT_MEMORY_H

typedef enum _MEMORY_INFORMATION_CLASS {
    MemoryBasicInformation = 0,          // MEMORY_BASIC_INFORMATION
    MemoryWorkingSetInformation = 1,     // PSAPI_WORKING_SET_INFORMATION
    MemoryMappedFilenameInformation = 2, // UNICODE_STRING and its buffer
    MemoryRegionInformation = 3,         // MEMORY_REGION_INFORMATION
    MemoryWorkingSetExInformation = 4,   // MEMORY_WORKING_SET_EX_INFORMATION[]
    MemorySharedCommitInformation = 5,
    MemoryImageInformation = 6, // MEMORY_IMAGE_INFORMATION
} MEMORY_INFORMATION_CLASS;

NT_SIZE(MEMORY_BASIC_INFORMATION, 0x1C);

typedef struct _MEMORY_REGION_INFORMATION {
    PVOID AllocationBase;
    ULONG AllocationProtect;
    ULONG RegionType; // bits: private, mapped data, mapped image, ...
    SIZE_T RegionSize;
    SIZE_T CommitSize;
} MEMORY_REGION_INFORMATION;
NT_SIZE(MEMORY_REGION_INFORMATION, 0x14);

typedef struct _MEMORY_WORKING_SET_EX_INFORMATION {
    PVOID VirtualAddress;
    ULONG_PTR VirtualAttributes; // bit 0 valid, 1–3 share count, 4–14 protection, 15 shared, ...
} MEMORY_WORKING_SET_EX_INFORMATION;

typedef struct _MEMORY_IMAGE_INFORMATION {
    PVOID ImageBase;
    SIZE_T SizeOfImage;
    ULONG ImageFlags;
} MEMORY_IMAGE_INFORMATION;

typedef enum _SECTION_INHERIT { ViewShare = 1, ViewUnmap = 2 } SECTION_INHERIT;

typedef enum _SECTION_INFORMATION_CLASS {
    SectionBasicInformation = 0, // SECTION_BASIC_INFORMATION
    SectionImageInformation = 1, // SECTION_IMAGE_INFORMATION
    SectionRelocationInformation = 2,
    SectionOriginalBaseInformation = 3,
} SECTION_INFORMATION_CLASS;

typedef struct _SECTION_BASIC_INFORMATION {
    PVOID BaseAddress;
    ULONG AllocationAttributes; // SEC_*
    LARGE_INTEGER MaximumSize;
} SECTION_BASIC_INFORMATION;
NT_SIZE(SECTION_BASIC_INFORMATION, 0x10);

#define MAP_PROCESS            1 // NtLockVirtualMemory
#define MAP_SYSTEM             2

#define MM_SHARED_USER_DATA_VA 0x7FFE0000
#define PAGE_SIZE              0x1000

#endif
