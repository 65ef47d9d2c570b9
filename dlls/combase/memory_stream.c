// Streams on movable memory: CreateStreamOnHGlobal.
#include "combase.h"

// What a stream and its clones share.
struct memory {
    LONG references;
    HGLOBAL handle;
    ULONG size;
    bool owned;
    SRWLOCK lock;
};

struct stream {
    IStream head;
    LONG references;
    struct memory *memory;
    ULONG position;
};

static struct stream *impl(IStream *self)
{
    return (struct stream *)self;
}

static HRESULT WINAPI query(IStream *self, REFIID id, void **result)
{
    if (!result) return E_INVALIDARG;
    *result = NULL;
    if (!same_id(id, &IID_IUnknown) && !same_id(id, &IID_ISequentialStream) && !same_id(id, &IID_IStream))
        return E_NOINTERFACE;
    IStream_AddRef(self);
    *result = self;
    return S_OK;
}

static ULONG WINAPI add_reference(IStream *self)
{
    return (ULONG)InterlockedIncrement(&impl(self)->references);
}

static ULONG WINAPI release(IStream *self)
{
    struct stream *stream = impl(self);
    LONG left = InterlockedDecrement(&stream->references);
    if (left) return (ULONG)left;
    struct memory *memory = stream->memory;
    if (!InterlockedDecrement(&memory->references)) {
        if (memory->owned) GlobalFree(memory->handle);
        HeapFree(GetProcessHeap(), 0, memory);
    }
    HeapFree(GetProcessHeap(), 0, stream);
    return 0;
}

static HRESULT WINAPI read(IStream *self, void *to, ULONG size, ULONG *done)
{
    struct stream *stream = impl(self);
    struct memory *memory = stream->memory;
    AcquireSRWLockShared(&memory->lock);
    ULONG left = stream->position < memory->size ? memory->size - stream->position : 0;
    if (size > left) size = left;
    char *bytes = GlobalLock(memory->handle);
    if (bytes) {
        memcpy(to, bytes + stream->position, size);
        GlobalUnlock(memory->handle);
        stream->position += size;
    }
    ReleaseSRWLockShared(&memory->lock);
    if (done) *done = bytes ? size : 0;
    return bytes || !left ? S_OK : E_OUTOFMEMORY;
}

// With the lock held. An own handle may change: clones find it in what they share.
static HRESULT resize(struct memory *memory, ULONG size)
{
    if (size > GlobalSize(memory->handle)) {
        HGLOBAL handle = GlobalReAlloc(memory->handle, size, GMEM_MOVEABLE);
        if (!handle) return E_OUTOFMEMORY;
        memory->handle = handle;
    }
    memory->size = size;
    return S_OK;
}

static HRESULT WINAPI write(IStream *self, const void *from, ULONG size, ULONG *done)
{
    struct stream *stream = impl(self);
    struct memory *memory = stream->memory;
    if (done) *done = 0;
    if (!size) return S_OK;
    if (stream->position + size < size) return STG_E_MEDIUMFULL;
    AcquireSRWLockExclusive(&memory->lock);
    HRESULT status = stream->position + size > memory->size ? resize(memory, stream->position + size) : S_OK;
    char *bytes = SUCCEEDED(status) ? GlobalLock(memory->handle) : NULL;
    if (bytes) {
        memcpy(bytes + stream->position, from, size);
        GlobalUnlock(memory->handle);
        stream->position += size;
        if (done) *done = size;
    }
    ReleaseSRWLockExclusive(&memory->lock);
    return bytes ? S_OK : E_OUTOFMEMORY;
}

// Only the low half of a distance counts.
static HRESULT WINAPI seek(IStream *self, LARGE_INTEGER distance, DWORD origin, ULARGE_INTEGER *position)
{
    struct stream *stream = impl(self);
    HRESULT status = S_OK;
    int64_t base = 0;
    if (origin == STREAM_SEEK_CUR)
        base = stream->position;
    else if (origin == STREAM_SEEK_END)
        base = stream->memory->size;
    else if (origin != STREAM_SEEK_SET)
        status = STG_E_SEEKERROR;
    int64_t target = base + (origin == STREAM_SEEK_SET ? (int64_t)distance.LowPart : (LONG)distance.LowPart);
    if (target < 0 || target > UINT32_MAX) status = STG_E_SEEKERROR;
    if (SUCCEEDED(status)) stream->position = (ULONG)target;
    if (position) position->QuadPart = stream->position;
    return status;
}

static HRESULT WINAPI set_size(IStream *self, ULARGE_INTEGER size)
{
    struct memory *memory = impl(self)->memory;
    AcquireSRWLockExclusive(&memory->lock);
    HRESULT status = resize(memory, size.LowPart);
    ReleaseSRWLockExclusive(&memory->lock);
    return status;
}

static HRESULT WINAPI copy_to(IStream *self, IStream *target, ULARGE_INTEGER size, ULARGE_INTEGER *was_read,
                              ULARGE_INTEGER *was_written)
{
    uint64_t read_bytes = 0, written_bytes = 0;
    HRESULT status = S_OK;
    if (!target) return STG_E_INVALIDPOINTER;
    while (read_bytes < size.QuadPart) {
        char buffer[1024];
        uint64_t left = size.QuadPart - read_bytes;
        ULONG got = 0, put = 0;
        status = IStream_Read(self, buffer, left < sizeof(buffer) ? (ULONG)left : sizeof(buffer), &got);
        if (FAILED(status) || !got) break;
        read_bytes += got;
        status = IStream_Write(target, buffer, got, &put);
        written_bytes += put;
        if (FAILED(status) || put < got) break;
    }
    if (was_read) was_read->QuadPart = read_bytes;
    if (was_written) was_written->QuadPart = written_bytes;
    return status;
}

static HRESULT WINAPI commit(IStream *self, DWORD flags)
{
    (void)self, (void)flags;
    return S_OK; // everything is in place already
}

static HRESULT WINAPI revert(IStream *self)
{
    (void)self;
    return S_OK;
}

static HRESULT WINAPI lock_region(IStream *self, ULARGE_INTEGER offset, ULARGE_INTEGER size, DWORD kind)
{
    (void)self, (void)offset, (void)size, (void)kind;
    return STG_E_INVALIDFUNCTION;
}

static HRESULT WINAPI get_status(IStream *self, STATSTG *status, DWORD flags)
{
    (void)flags;
    if (!status) return STG_E_INVALIDPOINTER;
    *status = (STATSTG){.type = STGTY_STREAM};
    status->cbSize.QuadPart = impl(self)->memory->size;
    return S_OK;
}

static HRESULT make_stream(struct memory *memory, ULONG position, IStream **result);

static HRESULT WINAPI clone(IStream *self, IStream **result)
{
    struct stream *stream = impl(self);
    if (!result) return E_INVALIDARG;
    *result = NULL;
    return make_stream(stream->memory, stream->position, result);
}

static IStreamVtbl functions = {query,       add_reference, release,    read,   write,
                                seek,        set_size,      copy_to,    commit, revert,
                                lock_region, lock_region,   get_status, clone};

static HRESULT make_stream(struct memory *memory, ULONG position, IStream **result)
{
    struct stream *stream = HeapAlloc(GetProcessHeap(), 0, sizeof(*stream));
    if (!stream) return E_OUTOFMEMORY;
    *stream = (struct stream){.head = {&functions}, .references = 1, .memory = memory, .position = position};
    InterlockedIncrement(&memory->references);
    *result = &stream->head;
    return S_OK;
}

HOTPATCH HRESULT WINAPI CreateStreamOnHGlobal(HGLOBAL handle, BOOL delete_on_release, LPSTREAM *result)
{
    if (!result) return E_INVALIDARG;
    struct memory *memory = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*memory));
    if (!memory) return E_OUTOFMEMORY;
    memory->handle = handle ? handle : GlobalAlloc(GMEM_MOVEABLE | GMEM_NODISCARD | GMEM_SHARE, 0);
    memory->owned = delete_on_release;
    memory->size = handle ? (ULONG)GlobalSize(handle) : 0;
    HRESULT status = memory->handle ? make_stream(memory, 0, result) : E_OUTOFMEMORY;
    if (FAILED(status)) {
        if (!handle && memory->handle) GlobalFree(memory->handle);
        HeapFree(GetProcessHeap(), 0, memory);
    }
    return status;
}

HOTPATCH HRESULT WINAPI GetHGlobalFromStream(LPSTREAM self, HGLOBAL *handle)
{
    if (!self || !handle) return E_INVALIDARG;
    if (self->lpVtbl != &functions) return E_INVALIDARG;
    *handle = impl(self)->memory->handle;
    return S_OK;
}
