// Files: information classes and structures that winternl.h lacks. Sources: Microsoft's [MS-FSCC] and the
// documentation of NtQueryInformationFile, mingw-w64 ddk/ntifs.h and ddk/wdm.h, phnt's ntioapi.h.
#ifndef LOWLAND_NT_FILE_H
#define LOWLAND_NT_FILE_H

// Serial ports and the mount manager: control codes and structures.
#define PHYSICAL_ADDRESS LARGE_INTEGER
#include <ntddser.h>
#undef PHYSICAL_ADDRESS
#include <ddk/mountmgr.h>

enum { // beyond winternl.h's FILE_INFORMATION_CLASS
    FileIoCompletionNotificationInformation = 41,
    FileIoStatusBlockRangeInformation = 42,
    FileIoPriorityHintInformation = 43,
    FileProcessIdsUsingFileInformation = 47,
    FileNetworkPhysicalNameInformation = 49,
    FileIsRemoteDeviceInformation = 51,
    FileNumaNodeInformation = 53,
    FileRemoteProtocolInformation = 55,
    FileRenameInformationBypassAccessCheck = 56,
    FileLinkInformationBypassAccessCheck = 57,
    FileVolumeNameInformation = 58,
    FileIdInformation = 59,
    FileIdExtdDirectoryInformation = 60,
    FileReplaceCompletionInformation = 61,
    FileHardLinkFullIdInformation = 62,
    FileIdExtdBothDirectoryInformation = 63,
    FileDispositionInformationEx = 64,
    FileRenameInformationEx = 65,
    FileStatInformation = 68,
    FileStatLxInformation = 70,
    FileCaseSensitiveInformation = 71,
    FileLinkInformationEx = 72,
};

typedef struct _FILE_COMPLETION_INFORMATION {
    HANDLE CompletionPort;
    PVOID CompletionKey;
} FILE_COMPLETION_INFORMATION, *PFILE_COMPLETION_INFORMATION;

typedef struct _FILE_IO_COMPLETION_NOTIFICATION_INFORMATION {
    ULONG Flags;
} FILE_IO_COMPLETION_NOTIFICATION_INFORMATION;

typedef struct _FILE_IO_COMPLETION_INFORMATION {
    PVOID KeyContext;
    PVOID ApcContext;
    IO_STATUS_BLOCK IoStatusBlock;
} FILE_IO_COMPLETION_INFORMATION, *PFILE_IO_COMPLETION_INFORMATION;
NT_SIZE(FILE_IO_COMPLETION_INFORMATION, 0x10);

typedef struct _FILE_PIPE_INFORMATION {
    ULONG ReadMode;
    ULONG CompletionMode;
} FILE_PIPE_INFORMATION, *PFILE_PIPE_INFORMATION;

typedef struct _FILE_COMPRESSION_INFORMATION {
    LARGE_INTEGER CompressedFileSize;
    USHORT CompressionFormat;
    UCHAR CompressionUnitShift;
    UCHAR ChunkShift;
    UCHAR ClusterShift;
    UCHAR Reserved[3];
} FILE_COMPRESSION_INFORMATION;

typedef struct _FILE_OBJECTID_INFORMATION {
    LONGLONG FileReference;
    UCHAR ObjectId[16];
    UCHAR ExtendedInfo[48];
} FILE_OBJECTID_INFORMATION;

typedef struct _FILE_REPARSE_POINT_INFORMATION {
    LONGLONG FileReference;
    ULONG Tag;
} FILE_REPARSE_POINT_INFORMATION;

typedef struct _FILE_VALID_DATA_LENGTH_INFORMATION {
    LARGE_INTEGER ValidDataLength;
} FILE_VALID_DATA_LENGTH_INFORMATION;

typedef struct _FILE_LINK_ENTRY_INFORMATION {
    ULONG NextEntryOffset;
    LONGLONG ParentFileId;
    ULONG FileNameLength;
    WCHAR FileName[1];
} FILE_LINK_ENTRY_INFORMATION;
typedef struct _FILE_LINKS_INFORMATION {
    ULONG BytesNeeded;
    ULONG EntriesReturned;
    FILE_LINK_ENTRY_INFORMATION Entry;
} FILE_LINKS_INFORMATION;

typedef struct _FILE_STANDARD_LINK_INFORMATION {
    ULONG NumberOfAccessibleLinks;
    ULONG TotalNumberOfLinks;
    BOOLEAN DeletePending;
    BOOLEAN Directory;
} FILE_STANDARD_LINK_INFORMATION;

typedef struct _FILE_ID_INFORMATION {
    ULONGLONG VolumeSerialNumber;
    FILE_ID_128 FileId;
} FILE_ID_INFORMATION;

typedef struct _FILE_DISPOSITION_INFORMATION_EX {
    ULONG Flags;
} FILE_DISPOSITION_INFORMATION_EX;
#ifndef FILE_DISPOSITION_DELETE
#define FILE_DISPOSITION_DO_NOT_DELETE             0x00000000
#define FILE_DISPOSITION_DELETE                    0x00000001
#define FILE_DISPOSITION_POSIX_SEMANTICS           0x00000002
#define FILE_DISPOSITION_FORCE_IMAGE_SECTION_CHECK 0x00000004
#define FILE_DISPOSITION_ON_CLOSE                  0x00000008
#define FILE_DISPOSITION_IGNORE_READONLY_ATTRIBUTE 0x00000010
#endif
#ifndef FILE_RENAME_REPLACE_IF_EXISTS
#define FILE_RENAME_REPLACE_IF_EXISTS         0x00000001
#define FILE_RENAME_POSIX_SEMANTICS           0x00000002
#define FILE_RENAME_IGNORE_READONLY_ATTRIBUTE 0x00000040
#endif

typedef struct _FILE_IO_PRIORITY_HINT_INFORMATION {
    ULONG PriorityHint; // PRIORITY_HINT
} FILE_IO_PRIORITY_HINT_INFORMATION;

typedef struct _FILE_IS_REMOTE_DEVICE_INFORMATION {
    BOOLEAN IsRemote;
} FILE_IS_REMOTE_DEVICE_INFORMATION;

typedef struct _FILE_CASE_SENSITIVE_INFORMATION {
    ULONG Flags;
} FILE_CASE_SENSITIVE_INFORMATION;

// Directory enumeration beyond winternl.h.
typedef struct _FILE_ID_EXTD_DIR_INFORMATION {
    ULONG NextEntryOffset;
    ULONG FileIndex;
    LARGE_INTEGER CreationTime;
    LARGE_INTEGER LastAccessTime;
    LARGE_INTEGER LastWriteTime;
    LARGE_INTEGER ChangeTime;
    LARGE_INTEGER EndOfFile;
    LARGE_INTEGER AllocationSize;
    ULONG FileAttributes;
    ULONG FileNameLength;
    ULONG EaSize;
    ULONG ReparsePointTag;
    FILE_ID_128 FileId;
    WCHAR FileName[1];
} FILE_ID_EXTD_DIR_INFORMATION;
NT_OFFSET(FILE_ID_EXTD_DIR_INFORMATION, FileName, 0x58);
NT_OFFSET(FILE_DIRECTORY_INFORMATION, FileName, 0x40);
NT_OFFSET(FILE_FULL_DIR_INFORMATION, FileName, 0x44);
NT_OFFSET(FILE_BOTH_DIR_INFORMATION, FileName, 0x5E);
NT_OFFSET(FILE_ID_BOTH_DIR_INFORMATION, FileId, 0x60);
NT_OFFSET(FILE_ID_BOTH_DIR_INFORMATION, FileName, 0x68);
NT_OFFSET(FILE_ID_FULL_DIR_INFORMATION, FileName, 0x50);
NT_SIZE(FILE_BASIC_INFORMATION, 0x28);
NT_SIZE(FILE_STANDARD_INFORMATION, 0x18);
NT_SIZE(FILE_NETWORK_OPEN_INFORMATION, 0x38);
NT_OFFSET(FILE_ALL_INFORMATION, NameInformation, 0x60);
NT_OFFSET(FILE_RENAME_INFORMATION, FileName, 0x0C);
NT_OFFSET(FILE_STREAM_INFORMATION, StreamName, 0x18);
NT_SIZE(FILE_PIPE_LOCAL_INFORMATION, 0x28);

typedef struct _FILE_ID_EXTD_BOTH_DIR_INFORMATION {
    ULONG NextEntryOffset;
    ULONG FileIndex;
    LARGE_INTEGER CreationTime;
    LARGE_INTEGER LastAccessTime;
    LARGE_INTEGER LastWriteTime;
    LARGE_INTEGER ChangeTime;
    LARGE_INTEGER EndOfFile;
    LARGE_INTEGER AllocationSize;
    ULONG FileAttributes;
    ULONG FileNameLength;
    ULONG EaSize;
    ULONG ReparsePointTag;
    FILE_ID_128 FileId;
    CCHAR ShortNameLength;
    WCHAR ShortName[12];
    WCHAR FileName[1];
} FILE_ID_EXTD_BOTH_DIR_INFORMATION;
NT_OFFSET(FILE_ID_EXTD_BOTH_DIR_INFORMATION, ShortName, 0x5A);
NT_OFFSET(FILE_ID_EXTD_BOTH_DIR_INFORMATION, FileName, 0x72);

// What GetFileInformationByName asks for. EffectiveAccess: the rights that the caller may have.
typedef struct _FILE_STAT_INFORMATION {
    LARGE_INTEGER FileId;
    LARGE_INTEGER CreationTime;
    LARGE_INTEGER LastAccessTime;
    LARGE_INTEGER LastWriteTime;
    LARGE_INTEGER ChangeTime;
    LARGE_INTEGER AllocationSize;
    LARGE_INTEGER EndOfFile;
    ULONG FileAttributes;
    ULONG ReparseTag;
    ULONG NumberOfLinks;
    ACCESS_MASK EffectiveAccess;
} FILE_STAT_INFORMATION;
NT_SIZE(FILE_STAT_INFORMATION, 0x48);

typedef struct _FILE_STAT_LX_INFORMATION {
    FILE_STAT_INFORMATION Stat;
    ULONG LxFlags;
    ULONG LxUid;
    ULONG LxGid;
    ULONG LxMode;
    ULONG LxDeviceIdMajor;
    ULONG LxDeviceIdMinor;
} FILE_STAT_LX_INFORMATION;
NT_SIZE(FILE_STAT_LX_INFORMATION, 0x60);
#define LX_FILE_METADATA_HAS_UID       0x1
#define LX_FILE_METADATA_HAS_GID       0x2
#define LX_FILE_METADATA_HAS_MODE      0x4
#define LX_FILE_METADATA_HAS_DEVICE_ID 0x8

typedef struct _FILE_LINK_ENTRY_FULL_ID_INFORMATION {
    ULONG NextEntryOffset;
    FILE_ID_128 ParentFileId;
    ULONG FileNameLength;
    WCHAR FileName[1];
} FILE_LINK_ENTRY_FULL_ID_INFORMATION;
typedef struct _FILE_LINKS_FULL_ID_INFORMATION {
    ULONG BytesNeeded;
    ULONG EntriesReturned;
    FILE_LINK_ENTRY_FULL_ID_INFORMATION Entry;
} FILE_LINKS_FULL_ID_INFORMATION;

typedef struct _FILE_NUMA_NODE_INFORMATION {
    USHORT NodeNumber;
} FILE_NUMA_NODE_INFORMATION;

// NtNotifyChangeDirectoryFileEx's classes, and what the second one reports.
enum { DIRECTORY_NOTIFY_PLAIN = 1, DIRECTORY_NOTIFY_EXTENDED = 2 };
typedef struct _FILE_NOTIFY_EXTENDED_INFORMATION {
    ULONG NextEntryOffset;
    ULONG Action;
    LARGE_INTEGER CreationTime;
    LARGE_INTEGER LastModificationTime;
    LARGE_INTEGER LastChangeTime;
    LARGE_INTEGER LastAccessTime;
    LARGE_INTEGER AllocatedLength;
    LARGE_INTEGER FileSize;
    ULONG FileAttributes;
    ULONG ReparsePointTag;
    LARGE_INTEGER FileId;
    LARGE_INTEGER ParentFileId;
    ULONG FileNameLength;
    WCHAR FileName[1];
} FILE_NOTIFY_EXTENDED_INFORMATION;
NT_OFFSET(FILE_NOTIFY_EXTENDED_INFORMATION, FileId, 0x40);
NT_OFFSET(FILE_NOTIFY_EXTENDED_INFORMATION, FileName, 0x54);

// NtFlushBuffersFileEx (ntifs.h).
#define FLUSH_FLAGS_FILE_DATA_ONLY      0x00000001
#define FLUSH_FLAGS_NO_SYNC             0x00000002
#define FLUSH_FLAGS_FILE_DATA_SYNC_ONLY 0x00000004

// One name of the list that NtQueryEaFile takes.
typedef struct _FILE_GET_EA_INFORMATION {
    ULONG NextEntryOffset;
    UCHAR EaNameLength;
    CHAR EaName[1];
} FILE_GET_EA_INFORMATION;

// NtQueryDirectoryFileEx
#ifndef SL_RESTART_SCAN
#define SL_RESTART_SCAN        0x01
#define SL_RETURN_SINGLE_ENTRY 0x02
#define SL_INDEX_SPECIFIED     0x04
#define SL_RETURN_ON_DISK_ENTRIES_ONLY 0x08
#define SL_NO_CURSOR_UPDATE    0x10
#endif

enum { // beyond winternl.h's FS_INFORMATION_CLASS
    FileFsSectorSizeInformation = 11,
    FileFsDataCopyInformation = 12,
    FileFsMetadataSizeInformation = 13,
    FileFsFullSizeInformationEx = 14,
};

typedef struct _FILE_FS_SECTOR_SIZE_INFORMATION {
    ULONG LogicalBytesPerSector;
    ULONG PhysicalBytesPerSectorForAtomicity;
    ULONG PhysicalBytesPerSectorForPerformance;
    ULONG FileSystemEffectivePhysicalBytesPerSectorForAtomicity;
    ULONG Flags;
    ULONG ByteOffsetForSectorAlignment;
    ULONG ByteOffsetForPartitionAlignment;
} FILE_FS_SECTOR_SIZE_INFORMATION;

typedef struct _FILE_FS_CONTROL_INFORMATION {
    LARGE_INTEGER FreeSpaceStartFiltering;
    LARGE_INTEGER FreeSpaceThreshold;
    LARGE_INTEGER FreeSpaceStopFiltering;
    LARGE_INTEGER DefaultQuotaThreshold;
    LARGE_INTEGER DefaultQuotaLimit;
    ULONG FileSystemControlFlags;
} FILE_FS_CONTROL_INFORMATION;

// DISK_SPACE_INFORMATION of fileapi.h by another name.
typedef struct _FILE_FS_FULL_SIZE_INFORMATION_EX {
    ULONGLONG ActualTotalAllocationUnits;
    ULONGLONG ActualAvailableAllocationUnits;
    ULONGLONG ActualPoolUnavailableAllocationUnits;
    ULONGLONG CallerTotalAllocationUnits;
    ULONGLONG CallerAvailableAllocationUnits;
    ULONGLONG CallerPoolUnavailableAllocationUnits;
    ULONGLONG UsedAllocationUnits;
    ULONGLONG TotalReservedAllocationUnits;
    ULONGLONG VolumeStorageReserveAllocationUnits;
    ULONGLONG AvailableCommittedAllocationUnits;
    ULONGLONG PoolAvailableAllocationUnits;
    ULONG SectorsPerAllocationUnit;
    ULONG BytesPerSector;
} FILE_FS_FULL_SIZE_INFORMATION_EX;
NT_SIZE(FILE_FS_FULL_SIZE_INFORMATION_EX, 0x60);

// Device types and characteristics (ddk/wdm.h) that FileFsDeviceInformation reports.
#ifndef FILE_DEVICE_DISK
#define FILE_DEVICE_DISK 0x00000007
#endif
#ifndef FILE_DEVICE_NAMED_PIPE
#define FILE_DEVICE_NAMED_PIPE 0x00000011
#endif
#ifndef FILE_DEVICE_NULL
#define FILE_DEVICE_NULL 0x00000015
#endif
#ifndef FILE_DEVICE_CONSOLE
#define FILE_DEVICE_CONSOLE 0x00000050
#endif
#ifndef FILE_REMOVABLE_MEDIA
#define FILE_REMOVABLE_MEDIA   0x00000001
#define FILE_READ_ONLY_DEVICE  0x00000002
#define FILE_REMOTE_DEVICE     0x00000010
#define FILE_DEVICE_IS_MOUNTED 0x00000020
#endif

// Named pipes (ddk/ntifs.h).
#define FILE_PIPE_BYTE_STREAM_TYPE   0x00000000
#define FILE_PIPE_MESSAGE_TYPE       0x00000001
#define FILE_PIPE_BYTE_STREAM_MODE   0x00000000
#define FILE_PIPE_MESSAGE_MODE       0x00000001
#define FILE_PIPE_QUEUE_OPERATION    0x00000000
#define FILE_PIPE_COMPLETE_OPERATION 0x00000001
#define FILE_PIPE_INBOUND            0x00000000
#define FILE_PIPE_OUTBOUND           0x00000001
#define FILE_PIPE_FULL_DUPLEX        0x00000002
#define FILE_PIPE_DISCONNECTED_STATE 0x00000001
#define FILE_PIPE_LISTENING_STATE    0x00000002
#define FILE_PIPE_CONNECTED_STATE    0x00000003
#define FILE_PIPE_CLOSING_STATE      0x00000004
#define FILE_PIPE_CLIENT_END         0x00000000
#define FILE_PIPE_SERVER_END         0x00000001
#define FSCTL_PIPE_ASSIGN_EVENT      0x00110000
#define FSCTL_PIPE_DISCONNECT        0x00110004
#define FSCTL_PIPE_LISTEN            0x00110008
#define FSCTL_PIPE_PEEK              0x0011400C
#define FSCTL_PIPE_QUERY_EVENT       0x00110010
#define FSCTL_PIPE_TRANSCEIVE        0x0011C017
#define FSCTL_PIPE_WAIT              0x00110018
#define FSCTL_PIPE_IMPERSONATE       0x0011001C
#define FSCTL_PIPE_SET_CLIENT_PROCESS   0x00110020
#define FSCTL_PIPE_QUERY_CLIENT_PROCESS 0x00110024

// Their input is an attribute's name ("ClientProcessId" and so on).
#define FSCTL_PIPE_GET_PIPE_ATTRIBUTE       0x00110028
#define FSCTL_PIPE_GET_CONNECTION_ATTRIBUTE 0x00110030

typedef struct _FILE_PIPE_PEEK_BUFFER {
    ULONG NamedPipeState;
    ULONG ReadDataAvailable;
    ULONG NumberOfMessages;
    ULONG MessageLength;
    CHAR Data[1];
} FILE_PIPE_PEEK_BUFFER;
typedef struct _FILE_PIPE_WAIT_FOR_BUFFER {
    LARGE_INTEGER Timeout;
    ULONG NameLength;
    BOOLEAN TimeoutSpecified;
    WCHAR Name[1];
} FILE_PIPE_WAIT_FOR_BUFFER;

#ifndef REPARSE_DATA_BUFFER_HEADER_SIZE
typedef struct _REPARSE_DATA_BUFFER {
    ULONG ReparseTag;
    USHORT ReparseDataLength;
    USHORT Reserved;
    union {
        struct {
            USHORT SubstituteNameOffset;
            USHORT SubstituteNameLength;
            USHORT PrintNameOffset;
            USHORT PrintNameLength;
            ULONG Flags;
            WCHAR PathBuffer[1];
        } SymbolicLinkReparseBuffer;
        struct {
            USHORT SubstituteNameOffset;
            USHORT SubstituteNameLength;
            USHORT PrintNameOffset;
            USHORT PrintNameLength;
            WCHAR PathBuffer[1];
        } MountPointReparseBuffer;
        struct {
            UCHAR DataBuffer[1];
        } GenericReparseBuffer;
    };
} REPARSE_DATA_BUFFER, *PREPARSE_DATA_BUFFER;
#define REPARSE_DATA_BUFFER_HEADER_SIZE 8
#endif
#ifndef SYMLINK_FLAG_RELATIVE
#define SYMLINK_FLAG_RELATIVE 1
#endif

#define FILE_WRITE_TO_END_OF_FILE      0xFFFFFFFF
#define FILE_USE_FILE_POINTER_POSITION 0xFFFFFFFE

#endif
