// Compression of buffers by ntdll: LZNT1 (what NTFS uses), Xpress and Xpress Huffman. Source: Microsoft's
// documentation of the functions in ntifs.h, [MS-XCA] for the formats.
#ifndef LOWLAND_NT_RTL_COMPRESS_H
#define LOWLAND_NT_RTL_COMPRESS_H

#include "nt.h"

#ifndef COMPRESSION_FORMAT_XPRESS
#define COMPRESSION_FORMAT_XPRESS 0x0003
#endif
#ifndef COMPRESSION_FORMAT_XPRESS_HUFF
#define COMPRESSION_FORMAT_XPRESS_HUFF 0x0004
#endif

NTSTATUS NTAPI RtlGetCompressionWorkSpaceSize(USHORT format_and_engine, PULONG buffer_size,
                                              PULONG fragment_size);
NTSTATUS NTAPI RtlCompressBuffer(USHORT format_and_engine, PUCHAR in, ULONG in_size, PUCHAR out,
                                 ULONG out_size, ULONG chunk_size, PULONG final_size, PVOID workspace);
NTSTATUS NTAPI RtlDecompressBuffer(USHORT format, PUCHAR out, ULONG out_size, PUCHAR in, ULONG in_size,
                                   PULONG final_size);
NTSTATUS NTAPI RtlDecompressBufferEx(USHORT format, PUCHAR out, ULONG out_size, PUCHAR in, ULONG in_size,
                                     PULONG final_size, PVOID workspace);
NTSTATUS NTAPI RtlDecompressFragment(USHORT format, PUCHAR fragment, ULONG fragment_size, PUCHAR in,
                                     ULONG in_size, ULONG offset, PULONG final_size, PVOID workspace);

#endif
