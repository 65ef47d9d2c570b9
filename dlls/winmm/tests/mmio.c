// Files of chunks, on the disk and in memory, written and read again; the buffer in the program's hands.
// link: -lwinmm
#include <windows.h>
#include <mmsystem.h>
#include "tests/check.h"

static char name[] = "mmio_test.wav";

static void write_chunks(HMMIO file)
{
    MMCKINFO riff = {.fccType = mmioFOURCC('W', 'A', 'V', 'E')},
             chunk = {.ckid = mmioFOURCC('f', 'm', 't', ' ')};
    CHECK_EQUAL(mmioCreateChunk(file, &riff, MMIO_CREATERIFF), 0);
    CHECK_EQUAL(riff.dwDataOffset, 8);
    CHECK_EQUAL(mmioCreateChunk(file, &chunk, 0), 0);
    CHECK_EQUAL(chunk.dwDataOffset, 20);
    CHECK_EQUAL(mmioWrite(file, "abc", 3), 3);
    CHECK_EQUAL(mmioAscend(file, &chunk, 0), 0);
    CHECK_EQUAL(chunk.cksize, 3);
    chunk = (MMCKINFO){.ckid = mmioFOURCC('d', 'a', 't', 'a')};
    CHECK_EQUAL(mmioCreateChunk(file, &chunk, 0), 0);
    CHECK_EQUAL(chunk.dwDataOffset, 32);
    for (int i = 0; i < 5000; i++) mmioWrite(file, (char *)&i, sizeof(i));
    CHECK_EQUAL(mmioAscend(file, &chunk, 0), 0);
    CHECK_EQUAL(mmioAscend(file, &riff, 0), 0);
    CHECK_EQUAL(riff.cksize, 24 + 20000);
}

static void read_chunks(HMMIO file)
{
    MMCKINFO riff = {.fccType = mmioFOURCC('W', 'A', 'V', 'E')},
             chunk = {.ckid = mmioFOURCC('d', 'a', 't', 'a')};
    char text[4] = "";
    int value = 0, wrong = 0;
    CHECK_EQUAL(mmioSeek(file, 0, SEEK_SET), 0);
    CHECK_EQUAL(mmioDescend(file, &riff, NULL, MMIO_FINDRIFF), 0);
    CHECK_EQUAL(riff.cksize, 24 + 20000);
    CHECK_EQUAL(mmioSeek(file, 0, SEEK_CUR), 12);
    CHECK_EQUAL(mmioDescend(file, &chunk, &riff, MMIO_FINDCHUNK), 0);
    CHECK_EQUAL(chunk.dwDataOffset, 32);
    CHECK_EQUAL(chunk.cksize, 20000);
    for (int i = 0; i < 5000; i++) wrong += mmioRead(file, (HPSTR)&value, sizeof(value)) != 4 || value != i;
    CHECK_EQUAL(wrong, 0);
    CHECK_EQUAL(mmioAscend(file, &chunk, 0), 0);
    CHECK_EQUAL(mmioDescend(file, &chunk, &riff, MMIO_FINDCHUNK), MMIOERR_CHUNKNOTFOUND);
    CHECK_EQUAL(mmioSeek(file, 12, SEEK_SET), 12);
    CHECK_EQUAL(mmioDescend(file, &chunk, &riff, 0), 0);
    CHECK_EQUAL(chunk.ckid, mmioFOURCC('f', 'm', 't', ' '));
    CHECK_EQUAL(mmioRead(file, text, 3), 3);
    CHECK(!memcmp(text, "abc", 3), "%s", text);
}

static void test_file(DWORD buffered)
{
    MMIOINFO info = {0};
    HMMIO file = mmioOpenA(name, NULL, MMIO_READWRITE | MMIO_CREATE | buffered);
    CHECK(file != NULL);
    write_chunks(file);
    read_chunks(file);
    CHECK_EQUAL(mmioClose(file, 0), 0);
    file = mmioOpenA(name, NULL, MMIO_READ | buffered);
    read_chunks(file);
    CHECK_EQUAL(mmioSeek(file, 0, SEEK_END), 32 + 20000);
    mmioSeek(file, 32, SEEK_SET);
    CHECK_EQUAL(mmioGetInfo(file, &info, 0), 0);
    if (buffered) { // the program takes numbers out of the buffer itself
        int sum = 0;
        for (int i = 0; i < 4; i++) {
            if (info.pchNext == info.pchEndRead) CHECK_EQUAL(mmioAdvance(file, &info, MMIO_READ), 0);
            sum += *(int *)info.pchNext;
            info.pchNext += 4;
        }
        CHECK_EQUAL(mmioSetInfo(file, &info, 0), 0);
        CHECK_EQUAL(sum, 6);
        CHECK_EQUAL(mmioSeek(file, 0, SEEK_CUR), 48);
    } else {
        CHECK_EQUAL(mmioAdvance(file, &info, MMIO_READ), MMIOERR_UNBUFFERED);
    }
    CHECK_EQUAL(mmioClose(file, 0), 0);
    CHECK(mmioOpenA(name, NULL, MMIO_DELETE) != NULL);
    info = (MMIOINFO){0};
    CHECK(!mmioOpenA(name, &info, MMIO_READ));
    CHECK_EQUAL(info.wErrorRet, MMIOERR_FILENOTFOUND);
}

static void test_memory(void)
{
    char buffer[8];
    MMIOINFO info = {.fccIOProc = FOURCC_MEM, .cchBuffer = 16, .adwInfo = {4096}};
    HMMIO file = mmioOpenA(NULL, &info, MMIO_READWRITE);
    CHECK(file != NULL);
    write_chunks(file);
    read_chunks(file);
    CHECK_EQUAL(mmioClose(file, 0), 0);
    info = (MMIOINFO){.fccIOProc = FOURCC_MEM, .cchBuffer = sizeof(buffer), .pchBuffer = buffer};
    file = mmioOpenA(NULL, &info, MMIO_READWRITE);
    CHECK_EQUAL(mmioWrite(file, "12345678", 8), 8);
    CHECK_EQUAL(mmioWrite(file, "9", 1), -1);
    CHECK_EQUAL(mmioClose(file, 0), 0);
    CHECK(!memcmp(buffer, "12345678", 8));
}

int main(void)
{
    CHECK_EQUAL(mmioStringToFOURCCA("abc", 0), mmioFOURCC('a', 'b', 'c', ' '));
    CHECK_EQUAL(mmioStringToFOURCCW(L"wave", MMIO_TOUPPER), mmioFOURCC('W', 'A', 'V', 'E'));
    test_file(MMIO_ALLOCBUF);
    test_file(0);
    test_memory();
    return check_summary();
}
