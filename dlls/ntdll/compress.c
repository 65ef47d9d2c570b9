// RtlCompressBuffer and its relatives: which format, which engine, what workspace.
#include "compress.h"
#include "nt/rtl_compress.h"

#define FORMAT_MASK        0x00FFu
#define ENGINE_MASK        0xFF00u
#define FRAGMENT_WORKSPACE 0x1000u

// How far the engines look for earlier text.
#define DEPTH_STANDARD 16u
#define DEPTH_MAXIMUM  4096u

// STATUS_SUCCESS for a format that is known; what Windows says of others.
static NTSTATUS check_format(USHORT format)
{
    switch (format & FORMAT_MASK) {
    case COMPRESSION_FORMAT_NONE:
    case COMPRESSION_FORMAT_DEFAULT: return STATUS_INVALID_PARAMETER;
    case COMPRESSION_FORMAT_LZNT1:
    case COMPRESSION_FORMAT_XPRESS:
    case COMPRESSION_FORMAT_XPRESS_HUFF: return STATUS_SUCCESS;
    default: return STATUS_UNSUPPORTED_COMPRESSION;
    }
}

static NTSTATUS check_engine(USHORT engine)
{
    engine &= ENGINE_MASK;
    if (engine == COMPRESSION_ENGINE_STANDARD || engine == COMPRESSION_ENGINE_MAXIMUM) return STATUS_SUCCESS;
    return STATUS_NOT_SUPPORTED;
}

/** How much memory RtlCompressBuffer needs in a format and with an engine, and how much
 * RtlDecompressFragment and RtlDecompressBufferEx. */
NTSTATUS NTAPI RtlGetCompressionWorkSpaceSize(USHORT format_and_engine, PULONG buffer_size,
                                              PULONG fragment_size)
{
    NTSTATUS status = check_format(format_and_engine);

    if (NT_SUCCESS(status)) status = check_engine(format_and_engine);
    if (!NT_SUCCESS(status)) return status;
    *buffer_size = sizeof(struct matcher);
    *fragment_size = (format_and_engine & FORMAT_MASK) == COMPRESSION_FORMAT_XPRESS_HUFF
                         ? XPRESS_HUFFMAN_TABLE_SIZE
                         : FRAGMENT_WORKSPACE;
    return STATUS_SUCCESS;
}

/** Compresses in to out. STATUS_BUFFER_TOO_SMALL, STATUS_BUFFER_ALL_ZEROS (a success, of LZNT1),
 * STATUS_UNSUPPORTED_COMPRESSION (Xpress Huffman is only decompressed). The chunk size is a hint that isn't
 * needed. */
NTSTATUS NTAPI RtlCompressBuffer(USHORT format_and_engine, PUCHAR in, ULONG in_size, PUCHAR out,
                                 ULONG out_size, ULONG chunk_size, PULONG final_size, PVOID workspace)
{
    ULONG depth =
        (format_and_engine & ENGINE_MASK) == COMPRESSION_ENGINE_MAXIMUM ? DEPTH_MAXIMUM : DEPTH_STANDARD;
    NTSTATUS status = check_format(format_and_engine);

    (void)chunk_size;
    if (NT_SUCCESS(status)) status = check_engine(format_and_engine);
    if (!NT_SUCCESS(status)) return status;
    switch (format_and_engine & FORMAT_MASK) {
    case COMPRESSION_FORMAT_LZNT1:
        return lznt1_compress(in, in_size, out, out_size, final_size, workspace, depth);
    case COMPRESSION_FORMAT_XPRESS:
        return xpress_compress(in, in_size, out, out_size, final_size, workspace, depth);
    default: return STATUS_UNSUPPORTED_COMPRESSION;
    }
}

/** Decompresses in to out, as far as out has room. STATUS_BAD_COMPRESSION_BUFFER for damaged data;
 * STATUS_UNSUPPORTED_COMPRESSION for Xpress Huffman, which needs a workspace. */
NTSTATUS NTAPI RtlDecompressBuffer(USHORT format, PUCHAR out, ULONG out_size, PUCHAR in, ULONG in_size,
                                   PULONG final_size)
{
    return RtlDecompressBufferEx(format, out, out_size, in, in_size, final_size, NULL);
}

/** The same for all formats. Xpress Huffman needs the workspace whose size RtlGetCompressionWorkSpaceSize
 * gives for fragments; the others none. */
NTSTATUS NTAPI RtlDecompressBufferEx(USHORT format, PUCHAR out, ULONG out_size, PUCHAR in, ULONG in_size,
                                     PULONG final_size, PVOID workspace)
{
    NTSTATUS status = check_format(format);

    if (!NT_SUCCESS(status)) return status;
    switch (format & FORMAT_MASK) {
    case COMPRESSION_FORMAT_LZNT1: return lznt1_decompress(out, out_size, in, in_size, 0, NULL, final_size);
    case COMPRESSION_FORMAT_XPRESS: return xpress_decompress(out, out_size, in, in_size, final_size);
    default:
        if (!workspace) return STATUS_UNSUPPORTED_COMPRESSION;
        return xpress_huffman_decompress(out, out_size, in, in_size, final_size, workspace);
    }
}

/** Decompresses a part of LZNT1 data from a byte offset of the text on. None of the text is there: a success
 * with a size of 0. workspace has the size for fragments. */
NTSTATUS NTAPI RtlDecompressFragment(USHORT format, PUCHAR fragment, ULONG fragment_size, PUCHAR in,
                                     ULONG in_size, ULONG offset, PULONG final_size, PVOID workspace)
{
    NTSTATUS status = check_format(format);

    if (!NT_SUCCESS(status)) return status;
    if ((format & FORMAT_MASK) != COMPRESSION_FORMAT_LZNT1) return STATUS_UNSUPPORTED_COMPRESSION;
    return lznt1_decompress(fragment, fragment_size, in, in_size, offset, workspace, final_size);
}
