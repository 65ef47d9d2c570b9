// Files that are read and written through a buffer which the program may use itself, and such in memory:
// mmioOpen to mmioClose. Calls on one handle take turns, as on Windows.
#include "mmio.h"

static bool in_memory(const struct mmio *mmio)
{
    return mmio->file == INVALID_HANDLE_VALUE;
}

// ---- the buffer ----

static MMRESULT write_back(struct mmio *mmio)
{
    MMIOINFO *info = &mmio->info;
    HPSTR end = info->pchEndRead > info->pchNext ? info->pchEndRead : info->pchNext;
    DWORD size = (DWORD)(end - info->pchBuffer), written;
    if (!(info->dwFlags & MMIO_DIRTY) || in_memory(mmio)) return MMSYSERR_NOERROR;
    if (SetFilePointer(mmio->file, info->lBufOffset, NULL, FILE_BEGIN) == INVALID_SET_FILE_POINTER)
        return MMIOERR_CANNOTSEEK;
    if (!WriteFile(mmio->file, info->pchBuffer, size, &written, NULL) || written != size)
        return MMIOERR_CANNOTWRITE;
    info->dwFlags &= ~(DWORD)MMIO_DIRTY;
    return MMSYSERR_NOERROR;
}

// An empty buffer at a place of the file.
static void move_buffer(MMIOINFO *info, LONG offset)
{
    info->lBufOffset = offset;
    info->pchNext = info->pchEndRead = info->pchBuffer;
    info->pchEndWrite = info->pchBuffer + info->cchBuffer;
}

static MMRESULT fill(struct mmio *mmio)
{
    MMIOINFO *info = &mmio->info;
    DWORD got;
    if (SetFilePointer(mmio->file, info->lBufOffset, NULL, FILE_BEGIN) == INVALID_SET_FILE_POINTER)
        return MMIOERR_CANNOTSEEK;
    if (!ReadFile(mmio->file, info->pchBuffer, (DWORD)info->cchBuffer, &got, NULL)) return MMIOERR_CANNOTREAD;
    info->pchEndRead = info->pchBuffer + got;
    info->lDiskOffset = info->lBufOffset + (LONG)got;
    return MMSYSERR_NOERROR;
}

// The buffer goes on at the position.
static MMRESULT advance(struct mmio *mmio, bool reading)
{
    LONG position = mmio_position(mmio);
    MMRESULT result = write_back(mmio);
    if (result) return result;
    move_buffer(&mmio->info, position);
    return reading ? fill(mmio) : MMSYSERR_NOERROR;
}

// A file in memory grows if the program let us make its buffer and said by how much at a time.
static MMRESULT expand(struct mmio *mmio)
{
    MMIOINFO *info = &mmio->info;
    LONG size = info->cchBuffer + (LONG)info->adwInfo[0];
    if (!mmio->own_buffer || !info->adwInfo[0]) return MMIOERR_CANNOTEXPAND;
    HPSTR grown = HeapReAlloc(GetProcessHeap(), 0, info->pchBuffer, (SIZE_T)size);
    if (!grown) return MMIOERR_OUTOFMEMORY;
    info->pchNext = grown + (info->pchNext - info->pchBuffer);
    info->pchEndRead = grown + (info->pchEndRead - info->pchBuffer);
    info->pchBuffer = grown;
    info->cchBuffer = size;
    info->pchEndWrite = grown + size;
    return MMSYSERR_NOERROR;
}

HOTPATCH MMRESULT WINAPI mmioAdvance(HMMIO handle, LPMMIOINFO told, UINT flags)
{
    struct mmio *mmio = mmio_of(handle);
    if (!mmio) return MMSYSERR_INVALHANDLE;
    if (!mmio->info.cchBuffer) return MMIOERR_UNBUFFERED;
    MMRESULT result = told ? mmioSetInfo(handle, told, 0) : MMSYSERR_NOERROR;
    if (!result && in_memory(mmio))
        result = flags & MMIO_WRITE ? expand(mmio) : MMSYSERR_NOERROR;
    else if (!result)
        result = advance(mmio, !(flags & MMIO_WRITE));
    if (!result && told) *told = mmio->info;
    return result;
}

HOTPATCH MMRESULT WINAPI mmioFlush(HMMIO handle, UINT flags)
{
    (void)flags;
    return handle ? write_back(mmio_of(handle)) : MMSYSERR_INVALHANDLE;
}

HOTPATCH MMRESULT WINAPI mmioGetInfo(HMMIO handle, LPMMIOINFO told, UINT flags)
{
    (void)flags;
    if (!handle) return MMSYSERR_INVALHANDLE;
    *told = mmio_of(handle)->info;
    return MMSYSERR_NOERROR;
}

// What a program changes that uses the buffer itself.
HOTPATCH MMRESULT WINAPI mmioSetInfo(HMMIO handle, LPCMMIOINFO told, UINT flags)
{
    struct mmio *mmio = mmio_of(handle);
    (void)flags;
    if (!mmio) return MMSYSERR_INVALHANDLE;
    mmio->info.pchNext = told->pchNext;
    mmio->info.pchEndRead = told->pchEndRead;
    mmio->info.dwFlags |= told->dwFlags & MMIO_DIRTY;
    return MMSYSERR_NOERROR;
}

// ---- reading, writing, seeking ----

HOTPATCH LONG WINAPI mmioRead(HMMIO handle, HPSTR to, LONG size)
{
    struct mmio *mmio = mmio_of(handle);
    LONG done = 0;
    if (!mmio || size < 0) return -1;
    MMIOINFO *info = &mmio->info;
    if (!info->cchBuffer) {
        DWORD got;
        if (SetFilePointer(mmio->file, info->lBufOffset, NULL, FILE_BEGIN) == INVALID_SET_FILE_POINTER ||
            !ReadFile(mmio->file, to, (DWORD)size, &got, NULL))
            return -1;
        info->lBufOffset = info->lDiskOffset = info->lBufOffset + (LONG)got;
        return (LONG)got;
    }
    while (done < size) {
        LONG part = (LONG)(info->pchEndRead - info->pchNext);
        if (part <= 0) {
            if (in_memory(mmio)) break;
            if (advance(mmio, true)) return done ? done : -1;
            if (info->pchEndRead == info->pchNext) break;
            continue;
        }
        if (part > size - done) part = size - done;
        memcpy(to + done, info->pchNext, (size_t)part);
        info->pchNext += part, done += part;
    }
    return done;
}

HOTPATCH LONG WINAPI mmioWrite(HMMIO handle, const char *from, LONG size)
{
    struct mmio *mmio = mmio_of(handle);
    LONG done = 0;
    if (!mmio || size < 0) return -1;
    MMIOINFO *info = &mmio->info;
    if (!info->cchBuffer && !in_memory(mmio)) {
        DWORD put;
        if (SetFilePointer(mmio->file, info->lBufOffset, NULL, FILE_BEGIN) == INVALID_SET_FILE_POINTER ||
            !WriteFile(mmio->file, from, (DWORD)size, &put, NULL))
            return -1;
        info->lBufOffset = info->lDiskOffset = info->lBufOffset + (LONG)put;
        return (LONG)put;
    }
    while (done < size) {
        LONG part = (LONG)(info->pchEndWrite - info->pchNext);
        if (part <= 0) {
            if (in_memory(mmio) ? expand(mmio) : advance(mmio, false)) return -1;
            continue;
        }
        if (part > size - done) part = size - done;
        memcpy(info->pchNext, from + done, (size_t)part);
        info->pchNext += part, done += part;
        if (info->pchEndRead < info->pchNext) info->pchEndRead = info->pchNext;
        info->dwFlags |= MMIO_DIRTY;
    }
    return done;
}

static LONG end_of(struct mmio *mmio)
{
    LONG buffered = mmio->info.lBufOffset + (LONG)(mmio->info.pchEndRead - mmio->info.pchBuffer);
    LONG on_disk = in_memory(mmio) ? 0 : (LONG)GetFileSize(mmio->file, NULL);
    return buffered > on_disk || in_memory(mmio) ? buffered : on_disk;
}

HOTPATCH LONG WINAPI mmioSeek(HMMIO handle, LONG offset, int origin)
{
    struct mmio *mmio = mmio_of(handle);
    if (!mmio) return -1;
    MMIOINFO *info = &mmio->info;
    LONG position = offset, buffered = (LONG)(info->pchEndRead - info->pchBuffer);
    if (origin == SEEK_CUR) position += mmio_position(mmio);
    if (origin == SEEK_END) position += end_of(mmio);
    if (position < 0) return -1;
    if (position >= info->lBufOffset && position - info->lBufOffset <= buffered) {
        info->pchNext = info->pchBuffer + (position - info->lBufOffset);
        return position;
    }
    if (in_memory(mmio) || write_back(mmio)) return -1;
    move_buffer(info, position);
    return position;
}

// ---- opening and closing ----

static MMRESULT make_buffer(struct mmio *mmio, HPSTR buffer, LONG size)
{
    MMIOINFO *info = &mmio->info;
    info->pchBuffer = buffer;
    info->cchBuffer = size;
    if (!buffer && size) {
        info->pchBuffer = HeapAlloc(GetProcessHeap(), 0, (SIZE_T)size);
        if (!info->pchBuffer) return MMIOERR_OUTOFMEMORY;
        mmio->own_buffer = true;
    }
    move_buffer(info, 0);
    return MMSYSERR_NOERROR;
}

static MMRESULT open_error(void)
{
    switch (GetLastError()) {
    case ERROR_FILE_NOT_FOUND: return MMIOERR_FILENOTFOUND;
    case ERROR_PATH_NOT_FOUND: return MMIOERR_PATHNOTFOUND;
    case ERROR_ACCESS_DENIED: return MMIOERR_ACCESSDENIED;
    case ERROR_SHARING_VIOLATION: return MMIOERR_SHARINGVIOLATION;
    case ERROR_TOO_MANY_OPEN_FILES: return MMIOERR_TOOMANYOPENFILES;
    }
    return MMIOERR_CANNOTOPEN;
}

static MMRESULT open_file(struct mmio *mmio, const WCHAR *name, DWORD flags)
{
    static const DWORD modes[] = {GENERIC_READ, GENERIC_WRITE, GENERIC_READ | GENERIC_WRITE,
                                  GENERIC_READ | GENERIC_WRITE};
    DWORD sharing = FILE_SHARE_READ | FILE_SHARE_WRITE;
    if ((flags & MMIO_SHAREMODE) == MMIO_EXCLUSIVE) sharing = 0;
    if ((flags & MMIO_SHAREMODE) == MMIO_DENYWRITE) sharing = FILE_SHARE_READ;
    if ((flags & MMIO_SHAREMODE) == MMIO_DENYREAD) sharing = FILE_SHARE_WRITE;
    mmio->file =
        CreateFileW(name, modes[flags & MMIO_RWMODE], sharing, NULL,
                    flags & MMIO_CREATE ? CREATE_ALWAYS : OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    return mmio->file == INVALID_HANDLE_VALUE ? open_error() : MMSYSERR_NOERROR;
}

// By name, or what info describes: memory (FOURCC_MEM, or no procedure and a buffer), or an open handle in
// adwInfo[0].
static MMRESULT open(struct mmio *mmio, const WCHAR *name, const MMIOINFO *told, DWORD flags)
{
    bool memory = told && (told->fccIOProc == FOURCC_MEM || (!name && !told->fccIOProc && told->pchBuffer));
    MMRESULT result = MMSYSERR_NOERROR;
    mmio->file = INVALID_HANDLE_VALUE;
    mmio->info.dwFlags = flags;
    mmio->info.fccIOProc = memory ? FOURCC_MEM : FOURCC_DOS;
    if (told && told->pIOProc) return MMSYSERR_INVALPARAM; // procedures of programs are lacking
    if (memory) {
        mmio->info.adwInfo[0] = told->adwInfo[0];
        LONG size = told->cchBuffer ? told->cchBuffer : (LONG)told->adwInfo[0];
        result = make_buffer(mmio, told->pchBuffer, size);
        if (told->pchBuffer) mmio->info.pchEndRead = mmio->info.pchEndWrite;
        return result;
    }
    if (name)
        result = open_file(mmio, name, flags);
    else if (told)
        mmio->file = (HANDLE)(ULONG_PTR)told->adwInfo[0];
    if (result || in_memory(mmio)) return result ? result : MMSYSERR_INVALPARAM;
    LONG size = told && told->cchBuffer ? told->cchBuffer : flags & MMIO_ALLOCBUF ? MMIO_DEFAULTBUFFER : 0;
    return make_buffer(mmio, told ? told->pchBuffer : NULL, size);
}

static void release(struct mmio *mmio, bool keep_file)
{
    if (!in_memory(mmio) && !keep_file) CloseHandle(mmio->file);
    if (mmio->own_buffer) HeapFree(GetProcessHeap(), 0, mmio->info.pchBuffer);
    HeapFree(GetProcessHeap(), 0, mmio);
}

HOTPATCH HMMIO WINAPI mmioOpenW(LPWSTR name, LPMMIOINFO told, DWORD flags)
{
    if (flags & (MMIO_PARSE | MMIO_EXIST | MMIO_GETTEMP)) return NULL; // names alone: lacking
    if (name && flags & MMIO_DELETE) return (HMMIO)(ULONG_PTR)DeleteFileW(name);
    struct mmio *mmio = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*mmio));
    MMRESULT result = mmio ? open(mmio, name, told, flags) : MMIOERR_OUTOFMEMORY;
    if (told) told->wErrorRet = result;
    if (!result) return mmio->info.hmmio = (HMMIO)mmio;
    if (mmio) release(mmio, !name); // a handle of the program's stays its own
    return NULL;
}

HOTPATCH HMMIO WINAPI mmioOpenA(LPSTR name, LPMMIOINFO told, DWORD flags)
{
    WCHAR wide[MAX_PATH];
    if (name && !MultiByteToWideChar(CP_ACP, 0, name, -1, wide, MAX_PATH)) return NULL;
    return mmioOpenW(name ? wide : NULL, told, flags);
}

HOTPATCH MMRESULT WINAPI mmioClose(HMMIO handle, UINT flags)
{
    if (!handle) return MMSYSERR_INVALHANDLE;
    MMRESULT result = write_back(mmio_of(handle));
    release(mmio_of(handle), flags & MMIO_FHOPEN);
    return result;
}
