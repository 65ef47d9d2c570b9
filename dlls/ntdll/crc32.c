// The checksum of zip and PNG files.
#include "rtl.h"

/** CRC-32 as in zip and PNG files, continued from initial. */
ULONG WINAPI RtlComputeCrc32(ULONG initial, const void *data, ULONG length)
{
    static const ULONG nibbles[16] = {
        0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C,
        0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C, 0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C,
    };
    const BYTE *p = data;
    ULONG crc = ~initial;

    while (length--) {
        crc ^= *p++;
        crc = crc >> 4 ^ nibbles[crc & 15];
        crc = crc >> 4 ^ nibbles[crc & 15];
    }
    return ~crc;
}

/** The same by the name and order of winnt.h. */
DWORD NTAPI RtlCrc32(const void *data, size_t length, DWORD initial)
{
    return RtlComputeCrc32(initial, data, length);
}
