// LPC ports. Source: phnt's ntlpcapi.h. Messages and views have the layout of 64-bit programs in 32-bit ones
// too: WoW64 hands them on as they are.
#ifndef LOWLAND_NT_PORT_H
#define LOWLAND_NT_PORT_H

#define PORT_CONNECT    0x0001
#define PORT_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | PORT_CONNECT)

// PORT_MESSAGE64.Type
#define LPC_REQUEST            1
#define LPC_REPLY              2
#define LPC_DATAGRAM           3
#define LPC_LOST_REPLY         4
#define LPC_PORT_CLOSED        5
#define LPC_CLIENT_DIED        6
#define LPC_EXCEPTION          7
#define LPC_DEBUG_EVENT        8
#define LPC_ERROR_EVENT        9
#define LPC_CONNECTION_REQUEST 10

// The data follows.
typedef struct _PORT_MESSAGE64 {
    USHORT DataLength;
    USHORT TotalLength; // with this head
    USHORT Type;
    USHORT DataInfoOffset; // of a PORT_DATA_INFORMATION64 from the message's start; 0: none
    ULONGLONG UniqueProcess;
    ULONGLONG UniqueThread;
    ULONG MessageId;
    ULONG Padding;
    ULONGLONG ClientViewSize; // connection requests
} PORT_MESSAGE64;
NT_OFFSET(PORT_MESSAGE64, UniqueProcess, 8);
NT_OFFSET(PORT_MESSAGE64, MessageId, 0x18);
NT_SIZE(PORT_MESSAGE64, 0x28);

// Places in the client's memory that the server reads and writes.
typedef struct _PORT_DATA_ENTRY64 {
    ULONGLONG Base;
    ULONG Size;
    ULONG Padding;
} PORT_DATA_ENTRY64;
typedef struct _PORT_DATA_INFORMATION64 {
    ULONG CountDataEntries;
    ULONG Padding;
    PORT_DATA_ENTRY64 DataEntries[1];
} PORT_DATA_INFORMATION64;
NT_OFFSET(PORT_DATA_INFORMATION64, DataEntries, 8);

// What a connection maps on both sides; 0x30 and 0x18 bytes.
typedef struct _PORT_VIEW64 {
    ULONG Length;
    ULONG Padding;
    ULONGLONG SectionHandle;
    ULONG SectionOffset;
    ULONG Padding2;
    ULONGLONG ViewSize;
    ULONGLONG ViewBase;
    ULONGLONG ViewRemoteBase;
} PORT_VIEW64;
NT_SIZE(PORT_VIEW64, 0x30);
typedef struct _REMOTE_PORT_VIEW64 {
    ULONG Length;
    ULONG Padding;
    ULONGLONG ViewSize;
    ULONGLONG ViewBase;
} REMOTE_PORT_VIEW64;
NT_SIZE(REMOTE_PORT_VIEW64, 0x18);

#endif
