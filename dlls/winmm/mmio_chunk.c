// Chunks of RIFF files: a name, a size, and for RIFF and LIST a type before the chunks within.
#include "mmio.h"

enum { HEAD = 8 }; // name and size, before the data

static bool has_type(FOURCC id)
{
    return id == FOURCC_RIFF || id == FOURCC_LIST;
}

HOTPATCH FOURCC WINAPI mmioStringToFOURCCA(LPCSTR text, UINT flags)
{
    char code[4] = {' ', ' ', ' ', ' '};
    for (int i = 0; i < 4 && text[i]; i++)
        code[i] =
            flags & MMIO_TOUPPER && text[i] >= 'a' && text[i] <= 'z' ? (char)(text[i] - 'a' + 'A') : text[i];
    return mmioFOURCC(code[0], code[1], code[2], code[3]);
}

HOTPATCH FOURCC WINAPI mmioStringToFOURCCW(LPCWSTR text, UINT flags)
{
    char narrow[8] = "";
    WideCharToMultiByte(CP_ACP, 0, text, lstrlenW(text) < 4 ? lstrlenW(text) : 4, narrow, sizeof(narrow) - 1,
                        NULL, NULL);
    return mmioStringToFOURCCA(narrow, flags);
}

// The chunk at the position, which then is behind its head.
static bool read_head(HMMIO handle, MMCKINFO *chunk)
{
    LONG start = mmioSeek(handle, 0, SEEK_CUR);
    if (mmioRead(handle, (HPSTR)&chunk->ckid, HEAD) != HEAD) return false;
    chunk->dwDataOffset = (DWORD)start + HEAD;
    chunk->dwFlags = 0;
    chunk->fccType = 0;
    return !has_type(chunk->ckid) ||
           mmioRead(handle, (HPSTR)&chunk->fccType, sizeof(FOURCC)) == sizeof(FOURCC);
}

static DWORD end_of_chunk(const MMCKINFO *chunk)
{
    return chunk->dwDataOffset + chunk->cksize + (chunk->cksize & 1);
}

HOTPATCH MMRESULT WINAPI mmioDescend(HMMIO handle, LPMMCKINFO chunk, const MMCKINFO *parent, UINT flags)
{
    MMCKINFO found;
    FOURCC id = flags & MMIO_FINDRIFF   ? FOURCC_RIFF
                : flags & MMIO_FINDLIST ? FOURCC_LIST
                : chunk                 ? chunk->ckid
                                        : 0;
    bool any = !(flags & (MMIO_FINDCHUNK | MMIO_FINDRIFF | MMIO_FINDLIST));
    if (!handle) return MMSYSERR_INVALHANDLE;
    if (!chunk) return MMSYSERR_INVALPARAM;
    bool by_type = flags & (MMIO_FINDRIFF | MMIO_FINDLIST);
    for (;;) {
        LONG start = mmioSeek(handle, 0, SEEK_CUR);
        if (parent && (DWORD)start >= parent->dwDataOffset + parent->cksize) return MMIOERR_CHUNKNOTFOUND;
        if (!read_head(handle, &found)) return MMIOERR_CHUNKNOTFOUND;
        if (any || (found.ckid == id && (!by_type || !chunk->fccType || found.fccType == chunk->fccType)))
            break;
        if (mmioSeek(handle, (LONG)end_of_chunk(&found), SEEK_SET) <= start) return MMIOERR_CHUNKNOTFOUND;
    }
    *chunk = found;
    return MMSYSERR_NOERROR;
}

// What was made by mmioCreateChunk gets its size, and its data an even end.
static MMRESULT complete(HMMIO handle, MMCKINFO *chunk)
{
    LONG end = mmioSeek(handle, 0, SEEK_CUR);
    DWORD size = (DWORD)end - chunk->dwDataOffset;
    chunk->dwFlags &= ~(DWORD)MMIO_DIRTY;
    if (size & 1 && mmioWrite(handle, "", 1) != 1) return MMIOERR_CANNOTWRITE;
    if (size == chunk->cksize) return MMSYSERR_NOERROR;
    chunk->cksize = size;
    if (mmioSeek(handle, (LONG)(chunk->dwDataOffset - sizeof(DWORD)), SEEK_SET) == -1)
        return MMIOERR_CANNOTSEEK;
    return mmioWrite(handle, (char *)&size, sizeof(size)) == sizeof(size) ? MMSYSERR_NOERROR
                                                                          : MMIOERR_CANNOTWRITE;
}

HOTPATCH MMRESULT WINAPI mmioAscend(HMMIO handle, LPMMCKINFO chunk, UINT flags)
{
    (void)flags;
    if (!handle) return MMSYSERR_INVALHANDLE;
    if (!chunk) return MMSYSERR_INVALPARAM;
    MMRESULT result = chunk->dwFlags & MMIO_DIRTY ? complete(handle, chunk) : MMSYSERR_NOERROR;
    if (result) return result;
    return mmioSeek(handle, (LONG)end_of_chunk(chunk), SEEK_SET) == -1 ? MMIOERR_CANNOTSEEK
                                                                       : MMSYSERR_NOERROR;
}

HOTPATCH MMRESULT WINAPI mmioCreateChunk(HMMIO handle, LPMMCKINFO chunk, UINT flags)
{
    if (!handle) return MMSYSERR_INVALHANDLE;
    if (!chunk) return MMSYSERR_INVALPARAM;
    if (flags & MMIO_CREATERIFF) chunk->ckid = FOURCC_RIFF;
    if (flags & MMIO_CREATELIST) chunk->ckid = FOURCC_LIST;
    LONG size = has_type(chunk->ckid) ? HEAD + (LONG)sizeof(FOURCC) : HEAD;
    chunk->dwDataOffset = (DWORD)mmioSeek(handle, 0, SEEK_CUR) + HEAD;
    chunk->dwFlags = MMIO_DIRTY;
    return mmioWrite(handle, (char *)chunk, size) == size ? MMSYSERR_NOERROR : MMIOERR_CANNOTWRITE;
}
