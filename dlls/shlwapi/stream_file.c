// Streams on files: IStream over a file's handle, unbuffered. They may be used from several threads as far as
// the file's one position allows.
#include "shlwapi_local.h"

struct file_stream {
    IStream stream;
    LONG references;
    HANDLE file;
    DWORD mode; // STGM_
    WCHAR name[];
};

static struct file_stream *stream_of(IStream *stream)
{
    return CONTAINING_RECORD(stream, struct file_stream, stream);
}

static HRESULT last_error(void)
{
    return HRESULT_FROM_WIN32(GetLastError());
}

static HRESULT STDMETHODCALLTYPE query_interface(IStream *stream, REFIID id, void **out)
{
    *out = NULL;
    if (!IsEqualIID(id, &IID_IUnknown) && !IsEqualIID(id, &IID_ISequentialStream) &&
        !IsEqualIID(id, &IID_IStream))
        return E_NOINTERFACE;
    InterlockedIncrement(&stream_of(stream)->references);
    *out = stream;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE add_reference(IStream *stream)
{
    return (ULONG)InterlockedIncrement(&stream_of(stream)->references);
}

static ULONG STDMETHODCALLTYPE release(IStream *stream)
{
    struct file_stream *self = stream_of(stream);
    ULONG left = (ULONG)InterlockedDecrement(&self->references);

    if (left) return left;
    CloseHandle(self->file);
    RtlFreeHeap(process_heap(), 0, self);
    return 0;
}

static HRESULT STDMETHODCALLTYPE read_file(IStream *stream, void *buffer, ULONG size, ULONG *done)
{
    DWORD n = 0;
    BOOL read = ReadFile(stream_of(stream)->file, buffer, size, &n, NULL);

    if (done) *done = n;
    return read ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE write_file(IStream *stream, const void *buffer, ULONG size, ULONG *done)
{
    struct file_stream *self = stream_of(stream);
    DWORD n = 0;

    if (done) *done = 0;
    if ((self->mode & 3) == STGM_READ) return STG_E_ACCESSDENIED;
    if (!WriteFile(self->file, buffer, size, &n, NULL)) return last_error();
    if (done) *done = n;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE seek(IStream *stream, LARGE_INTEGER distance, DWORD origin,
                                      ULARGE_INTEGER *position)
{
    LARGE_INTEGER moved;

    if (origin > STREAM_SEEK_END) return STG_E_INVALIDPARAMETER;
    if (!SetFilePointerEx(stream_of(stream)->file, distance, &moved, origin)) return last_error();
    if (position) position->QuadPart = (ULONGLONG)moved.QuadPart;
    return S_OK;
}

// Keeps the position.
static HRESULT STDMETHODCALLTYPE set_size(IStream *stream, ULARGE_INTEGER size)
{
    HANDLE file = stream_of(stream)->file;
    LARGE_INTEGER before, end = {.QuadPart = (LONGLONG)size.QuadPart}, nowhere = {.QuadPart = 0};
    HRESULT result = S_OK;

    if (!SetFilePointerEx(file, nowhere, &before, FILE_CURRENT)) return last_error();
    if (!SetFilePointerEx(file, end, NULL, FILE_BEGIN) || !SetEndOfFile(file)) result = last_error();
    SetFilePointerEx(file, before, NULL, FILE_BEGIN);
    return result;
}

static HRESULT STDMETHODCALLTYPE copy_to(IStream *stream, IStream *target, ULARGE_INTEGER size,
                                         ULARGE_INTEGER *all_read, ULARGE_INTEGER *all_written)
{
    BYTE buffer[4096];
    ULONGLONG taken = 0, given = 0;
    HRESULT result = S_OK;

    if (!target) return STG_E_INVALIDPOINTER;
    while (taken < size.QuadPart) {
        ULONGLONG left = size.QuadPart - taken;
        ULONG n = 0, written = 0;

        result = read_file(stream, buffer, left < sizeof(buffer) ? (ULONG)left : sizeof(buffer), &n);
        if (result != S_OK) result = last_error();
        if (result != S_OK || !n) break;
        taken += n;
        result = target->lpVtbl->Write(target, buffer, n, &written);
        given += written;
        if (FAILED(result)) break;
    }
    if (all_read) all_read->QuadPart = taken;
    if (all_written) all_written->QuadPart = given;
    return FAILED(result) ? result : S_OK;
}

// Nothing is held back.
static HRESULT STDMETHODCALLTYPE commit(IStream *stream, DWORD flags)
{
    (void)stream, (void)flags;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE revert(IStream *stream)
{
    (void)stream;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE lock_region(IStream *stream, ULARGE_INTEGER at, ULARGE_INTEGER size,
                                             DWORD type)
{
    (void)stream, (void)at, (void)size, (void)type;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE stat(IStream *stream, STATSTG *out, DWORD flags)
{
    struct file_stream *self = stream_of(stream);
    BY_HANDLE_FILE_INFORMATION information;

    if (!out) return STG_E_INVALIDPOINTER;
    memset(out, 0, sizeof(*out));
    if (!GetFileInformationByHandle(self->file, &information)) return last_error();
    if (!(flags & STATFLAG_NONAME) && FAILED(SHStrDupW(self->name, &out->pwcsName))) return E_OUTOFMEMORY;
    out->type = STGTY_STREAM;
    out->cbSize.LowPart = information.nFileSizeLow;
    out->cbSize.HighPart = information.nFileSizeHigh;
    out->mtime = information.ftLastWriteTime;
    out->ctime = information.ftCreationTime;
    out->atime = information.ftLastAccessTime;
    out->grfMode = self->mode;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE clone(IStream *stream, IStream **out)
{
    (void)stream;
    if (out) *out = NULL;
    return E_NOTIMPL;
}

static IStreamVtbl methods = {
    query_interface, add_reference, release, read_file,   write_file,  seek, set_size,
    copy_to,         commit,        revert,  lock_region, lock_region, stat, clone,
};

// ---- making one ----

#define ACCESS_MASK_OF_MODE (STGM_READ | STGM_WRITE | STGM_READWRITE)
#define SHARE_MASK_OF_MODE  0x70u

static bool access_of_mode(DWORD mode, DWORD *access)
{
    switch (mode & ACCESS_MASK_OF_MODE) {
    case STGM_READ: *access = GENERIC_READ; return true;
    case STGM_WRITE: *access = GENERIC_WRITE; return true;
    case STGM_READWRITE: *access = GENERIC_READ | GENERIC_WRITE; return true;
    default: return false;
    }
}

static bool sharing_of_mode(DWORD mode, DWORD *sharing)
{
    switch (mode & SHARE_MASK_OF_MODE) {
    case 0:
    case STGM_SHARE_DENY_NONE: *sharing = FILE_SHARE_READ | FILE_SHARE_WRITE; return true;
    case STGM_SHARE_DENY_READ: *sharing = FILE_SHARE_WRITE; return true;
    case STGM_SHARE_DENY_WRITE: *sharing = FILE_SHARE_READ; return true;
    case STGM_SHARE_EXCLUSIVE: *sharing = 0; return true;
    default: return false;
    }
}

// STGM_CREATE makes the file anew. Otherwise, with create, it may not be there yet, and without, it has to
// be.
HOTPATCH HRESULT WINAPI SHCreateStreamOnFileEx(const WCHAR *name, DWORD mode, DWORD attributes, BOOL create,
                                               IStream *reserved, IStream **out)
{
    DWORD access, sharing, disposition = create ? CREATE_NEW : OPEN_EXISTING;
    SIZE_T size;

    if (!out) return E_INVALIDARG;
    *out = NULL;
    if (!name || reserved || !access_of_mode(mode, &access) || !sharing_of_mode(mode, &sharing))
        return E_INVALIDARG;
    if (mode & STGM_CREATE) disposition = CREATE_ALWAYS;
    if (mode & STGM_DELETEONRELEASE) attributes |= FILE_FLAG_DELETE_ON_CLOSE;
    HANDLE file = CreateFileW(name, access, sharing, NULL, disposition, attributes, NULL);
    if (file == INVALID_HANDLE_VALUE) return last_error();
    size = (wide_length(name) + 1) * sizeof(WCHAR);
    struct file_stream *self = RtlAllocateHeap(process_heap(), 0, sizeof(*self) + size);
    if (!self) {
        CloseHandle(file);
        return E_OUTOFMEMORY;
    }
    *self = (struct file_stream){{&methods}, 1, file, mode};
    memcpy(self->name, name, size);
    *out = &self->stream;
    return S_OK;
}

HOTPATCH HRESULT WINAPI SHCreateStreamOnFileW(const WCHAR *name, DWORD mode, IStream **out)
{
    if (!out) return E_INVALIDARG;
    *out = NULL;
    if (mode & (STGM_CONVERT | STGM_DELETEONRELEASE | STGM_TRANSACTED | STGM_DIRECT_SWMR))
        return E_INVALIDARG;
    return SHCreateStreamOnFileEx(name, mode, 0, FALSE, NULL, out);
}

HOTPATCH HRESULT WINAPI SHCreateStreamOnFileA(const char *name, DWORD mode, IStream **out)
{
    WCHAR wide[MAX_PATH];

    if (!out) return E_INVALIDARG;
    *out = NULL;
    if (!name) return HRESULT_FROM_WIN32(ERROR_PATH_NOT_FOUND);
    if (!widen(wide, MAX_PATH, name)) return last_error();
    return SHCreateStreamOnFileW(wide, mode, out);
}
