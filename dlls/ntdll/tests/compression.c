// LZNT1 and Xpress: known data, round trips, damaged and short buffers.
#include "nt/nt.h"
#include "nt/rtl_compress.h"
#include "check.h"
#include <string.h>

static BYTE workspace[0x40000];

static void test_workspace(void)
{
    static const struct {
        USHORT format;
        NTSTATUS status;
    } tests[] = {
        {COMPRESSION_FORMAT_NONE, STATUS_INVALID_PARAMETER},
        {COMPRESSION_FORMAT_DEFAULT, STATUS_INVALID_PARAMETER},
        {0xFF, STATUS_UNSUPPORTED_COMPRESSION},
        {COMPRESSION_FORMAT_LZNT1, STATUS_SUCCESS},
        {COMPRESSION_FORMAT_LZNT1 | COMPRESSION_ENGINE_MAXIMUM, STATUS_SUCCESS},
        {COMPRESSION_FORMAT_LZNT1 | 0x0300, STATUS_NOT_SUPPORTED},
        {COMPRESSION_FORMAT_XPRESS, STATUS_SUCCESS},
    };
    ULONG buffer = 0, fragment = 0;

    for (unsigned i = 0; i < ARRAYSIZE(tests); i++)
        CHECK_EQUAL(RtlGetCompressionWorkSpaceSize(tests[i].format, &buffer, &fragment), tests[i].status);
    RtlGetCompressionWorkSpaceSize(COMPRESSION_FORMAT_LZNT1, &buffer, &fragment);
    CHECK_EQUAL(fragment, 0x1000);
    CHECK(buffer && buffer <= sizeof(workspace), "%lu", buffer);
}

// Data by hand, after [MS-XCA].
static void test_lznt1_data(void)
{
    static const struct {
        const char *data;
        ULONG size;
        NTSTATUS status;
        const char *text;
    } tests[] = {
        {"\x06\x30"
         "lowland",
         9, STATUS_SUCCESS, "lowland"},
        {"\x07\xB0\x00"
         "lowland",
         10, STATUS_SUCCESS, "lowland"},
        {"\x09\xB0\x80"
         "lowland\x04\x60",
         12, STATUS_SUCCESS, "lowlandlowland"},
        {"\x06\x30"
         "lowland\x00\x00"
         "xxxx",
         15, STATUS_SUCCESS, "lowland"},
        {"\x06\x30"
         "lowland\x03",
         10, STATUS_SUCCESS, "lowland"},
        {"\x00\x00", 2, STATUS_SUCCESS, ""},
        {"\x03", 1, STATUS_BAD_COMPRESSION_BUFFER, ""},
        {"\x06\x30"
         "lowlan",
         8, STATUS_BAD_COMPRESSION_BUFFER, ""},
        {"\x09\xB0\x80"
         "lowland\x04\x70",
         12, STATUS_BAD_COMPRESSION_BUFFER, ""}, // further back than the chunk begins
        {"\x08\xB0\x80"
         "lowland\x04",
         11, STATUS_BAD_COMPRESSION_BUFFER, ""}, // half a reference
    };

    for (unsigned i = 0; i < ARRAYSIZE(tests); i++) {
        BYTE out[64];
        ULONG n = 12345, length = strlen(tests[i].text);
        NTSTATUS status = RtlDecompressBuffer(COMPRESSION_FORMAT_LZNT1, out, sizeof(out),
                                              (BYTE *)tests[i].data, tests[i].size, &n);

        CHECK(status == tests[i].status, "%u: %lx", i, status);
        if (!NT_SUCCESS(status)) continue;
        CHECK(n == length && !memcmp(out, tests[i].text, n), "%u: %lu", i, n);
        if (!length) continue;
        status = RtlDecompressBuffer(COMPRESSION_FORMAT_LZNT1, out, length - 1, (BYTE *)tests[i].data,
                                     tests[i].size, &n);
        CHECK(status == STATUS_SUCCESS && n == length - 1, "%u, a byte less: %lx %lu", i, status, n);
    }
}

// Three chunks, the first and the last short.
static void test_lznt1_fragments(void)
{
    static const char data[] = "\x03\x30"
                               "pear\x03\x30"
                               "beer\x01\x30"
                               "ok";
    static BYTE out[3 * 4096];
    ULONG n = 0;

    memset(out, 0xCC, sizeof(out));
    CHECK_EQUAL(RtlDecompressBuffer(COMPRESSION_FORMAT_LZNT1, out, sizeof(out), (BYTE *)data, 16, &n), 0);
    CHECK_EQUAL(n, 2 * 4096 + 2);
    CHECK(!memcmp(out, "pear\0\0", 6) && !memcmp(out + 4096, "beer\0", 5) && !memcmp(out + 8192, "ok", 2),
          "text");
    CHECK(!out[4095] && !out[8191] && out[8194] == 0xCC, "zeroes between");
    static const struct {
        ULONG offset, size, wanted;
        const char *text;
    } tests[] = {
        {0, 4, 4, "pear"},      {1, 3, 3, "ear"},          {4095, 5, 5, "\0beer"}, {4096, 100, 4, "beer"},
        {4098, 2, 2, "er"},     {8192, 100, 2, "ok"},      {8193, 100, 1, "k"},    {8194, 100, 0, ""},
        {3 * 4096, 100, 0, ""}, {4097, 8192, 4097, "eer"},
    };
    for (unsigned i = 0; i < ARRAYSIZE(tests); i++) {
        NTSTATUS status = RtlDecompressFragment(COMPRESSION_FORMAT_LZNT1, out, tests[i].size, (BYTE *)data,
                                                16, tests[i].offset, &n, workspace);
        ULONG shown = n < 5 ? n : 3;
        CHECK(status == STATUS_SUCCESS && n == tests[i].wanted, "%u: %lx %lu", i, status, n);
        CHECK(!memcmp(out, tests[i].text, shown), "%u", i);
    }
}

// [MS-XCA] 3.1 and 3.2, its examples.
static void test_xpress_data(void)
{
    static const BYTE alphabet[] = "\x3F\x00\x00\x00"
                                   "abcdefghijklmnopqrstuvwxyz";
    static const BYTE repeated[] = "\xFF\xFF\xFF\x1F"
                                   "abc\x17\x00\x0F\xFF\x26\x01";
    BYTE out[400];
    ULONG n = 0;

    CHECK_EQUAL(RtlDecompressBuffer(COMPRESSION_FORMAT_XPRESS, out, 26, (BYTE *)alphabet, 30, &n), 0);
    CHECK(n == 26 && !memcmp(out, alphabet + 4, 26), "%lu", n);
    CHECK_EQUAL(RtlDecompressBuffer(COMPRESSION_FORMAT_XPRESS, out, 300, (BYTE *)repeated, 13, &n), 0);
    CHECK_EQUAL(n, 300);
    for (ULONG i = 0; i < 300; i++)
        if (out[i] != "abc"[i % 3]) n = 0;
    CHECK_EQUAL(n, 300);
}

static void test_xpress_huffman(void)
{
    // [MS-XCA] 3.1: the alphabet again. Each of a to z and the end has a code of 4 or 5 bits.
    BYTE data[256 + 22], out[64];
    static const BYTE codes[] = {0xD8, 0x52, 0x3E, 0xD7, 0x94, 0x11, 0x5B, 0xE9, 0x19, 0x5F,
                                 0xF9, 0xD6, 0x7C, 0xDF, 0x8D, 0x04, 0x00, 0x00, 0x00, 0x00};
    ULONG n = 0;

    memset(data, 0, sizeof(data));
    for (int c = 'a'; c <= 'z'; c++) data[c / 2] |= (c < 'w' ? 5 : 4) << (c % 2 * 4);
    data[128] = 4;
    memcpy(data + 256, codes, sizeof(codes));
    CHECK_EQUAL(RtlDecompressBuffer(COMPRESSION_FORMAT_XPRESS_HUFF, out, 26, data, 276, &n),
                STATUS_UNSUPPORTED_COMPRESSION);
    CHECK_EQUAL(RtlDecompressBufferEx(COMPRESSION_FORMAT_XPRESS_HUFF, out, 26, data, 276, &n, workspace), 0);
    CHECK(n == 26 && !memcmp(out, "abcdefghijklmnopqrstuvwxyz", 26), "%lu %.26s", n, out);
    data['q' / 2] = 0;
    CHECK_EQUAL(RtlDecompressBufferEx(COMPRESSION_FORMAT_XPRESS_HUFF, out, 26, data, 276, &n, workspace),
                STATUS_BAD_COMPRESSION_BUFFER);
}

#define TEXT_SIZE 30000
static BYTE text[TEXT_SIZE], packed[TEXT_SIZE + 5000], unpacked[TEXT_SIZE + 100];

// Text of several kinds: constant, random, words, long repetitions.
static void make_text(int kind)
{
    ULONG seed = 1;

    for (ULONG i = 0; i < TEXT_SIZE; i++) {
        seed = seed * 1103515245 + 12345;
        switch (kind) {
        case 0: text[i] = 'x'; break;
        case 1: text[i] = (BYTE)(seed >> 16); break;
        case 2: text[i] = "the quick brown fox "[(i + (seed >> 28)) % 20]; break;
        default: text[i] = i < 9000 ? (BYTE)(seed >> 16) : text[i - 6000];
        }
    }
}

static void test_round_trips(void)
{
    static const USHORT formats[] = {
        COMPRESSION_FORMAT_LZNT1, COMPRESSION_FORMAT_LZNT1 | COMPRESSION_ENGINE_MAXIMUM,
        COMPRESSION_FORMAT_XPRESS, COMPRESSION_FORMAT_XPRESS | COMPRESSION_ENGINE_MAXIMUM};
    static const ULONG sizes[] = {0, 1, 3, 4095, 4096, 4097, TEXT_SIZE};

    for (int kind = 0; kind < 4; kind++) {
        make_text(kind);
        for (unsigned f = 0; f < ARRAYSIZE(formats); f++)
            for (unsigned s = 0; s < ARRAYSIZE(sizes); s++) {
                ULONG size = 0, n = 0;
                NTSTATUS status = RtlCompressBuffer(formats[f], text, sizes[s], packed, sizeof(packed), 4096,
                                                    &size, workspace);
                CHECK(NT_SUCCESS(status), "%d %x %lu: %lx", kind, formats[f], sizes[s], status);
                if (kind == 0 && s == 6) CHECK(size < TEXT_SIZE / 50, "%x: %lu", formats[f], size);
                if (size < 2) continue;
                status = RtlDecompressBuffer(formats[f] & 0xFF, unpacked, sizes[s], packed, size, &n);
                CHECK(status == STATUS_SUCCESS && n == sizes[s] && !memcmp(unpacked, text, n),
                      "%d %x %lu: %lx %lu", kind, formats[f], sizes[s], status, n);
                if (size > 8)
                    CHECK_EQUAL(RtlCompressBuffer(formats[f], text, sizes[s], packed, 4, 4096, &n, workspace),
                                STATUS_BUFFER_TOO_SMALL);
            }
    }
    memset(text, 0, 5000);
    ULONG n;
    CHECK_EQUAL(
        RtlCompressBuffer(COMPRESSION_FORMAT_LZNT1, text, 5000, packed, sizeof(packed), 4096, &n, workspace),
        STATUS_BUFFER_ALL_ZEROS);
}

int main(void)
{
    test_workspace();
    test_lznt1_data();
    test_lznt1_fragments();
    test_xpress_data();
    test_xpress_huffman();
    test_round_trips();
    return check_summary();
}
