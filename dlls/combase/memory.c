// The task allocator: the process heap.
#include "combase.h"

HOTPATCH LPVOID WINAPI CoTaskMemAlloc(SIZE_T size)
{
    return HeapAlloc(GetProcessHeap(), 0, size);
}

HOTPATCH void WINAPI CoTaskMemFree(LPVOID memory)
{
    if (memory) HeapFree(GetProcessHeap(), 0, memory);
}

HOTPATCH LPVOID WINAPI CoTaskMemRealloc(LPVOID memory, SIZE_T size)
{
    if (!memory) return CoTaskMemAlloc(size);
    if (size) return HeapReAlloc(GetProcessHeap(), 0, memory, size);
    CoTaskMemFree(memory);
    return NULL;
}

static HRESULT WINAPI query(IMalloc *self, REFIID id, void **result)
{
    bool known = same_id(id, &IID_IUnknown) || same_id(id, &IID_IMalloc);
    *result = known ? self : NULL;
    return known ? S_OK : E_NOINTERFACE;
}

// There is one for the whole process, which nobody frees.
static ULONG WINAPI reference(IMalloc *self)
{
    (void)self;
    return 1;
}

static void *WINAPI allocate(IMalloc *self, SIZE_T size)
{
    (void)self;
    return CoTaskMemAlloc(size);
}

static void *WINAPI reallocate(IMalloc *self, void *memory, SIZE_T size)
{
    (void)self;
    return CoTaskMemRealloc(memory, size);
}

static void WINAPI release_memory(IMalloc *self, void *memory)
{
    (void)self;
    CoTaskMemFree(memory);
}

static SIZE_T WINAPI get_size(IMalloc *self, void *memory)
{
    (void)self;
    return memory ? HeapSize(GetProcessHeap(), 0, memory) : (SIZE_T)-1;
}

// 1: allocated here, 0: not, -1: can't tell.
static int WINAPI did_allocate(IMalloc *self, void *memory)
{
    (void)self;
    return memory ? HeapValidate(GetProcessHeap(), 0, memory) : -1;
}

static void WINAPI minimize(IMalloc *self)
{
    (void)self;
}

HOTPATCH HRESULT WINAPI CoGetMalloc(DWORD context, IMalloc **result)
{
    static const IMallocVtbl functions = {query,          reference, reference,    allocate, reallocate,
                                          release_memory, get_size,  did_allocate, minimize};
    static IMalloc allocator = {(IMallocVtbl *)&functions};
    if (context != MEMCTX_TASK) {
        *result = NULL;
        return E_INVALIDARG;
    }
    *result = &allocator;
    return S_OK;
}
