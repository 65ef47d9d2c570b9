// CoCreateFreeThreadedMarshaler: IMarshal for objects that may be called from any apartment. Within the
// process it hands the object's own interface over; there is no way to another process.
#include "combase.h"
#include <rpc.h>

struct marshaler {
    IUnknown inner; // what the outer object keeps
    IMarshal marshal;
    LONG references;
    IUnknown *outer; // itself where it is not aggregated
};

// What a stream carries. Only this process knows its secret, so no pointer of another one is believed.
struct packet {
    DWORD kind; // MSHLFLAGS_NORMAL, _TABLESTRONG or _TABLEWEAK; other flags are for other machines
    IUnknown *object;
    UUID secret;
};

static bool make_packet(struct packet *packet)
{
    static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
    static UUID secret;
    BOOL pending;
    memset(packet, 0, sizeof(*packet));
    if (!InitOnceBeginInitialize(&once, 0, &pending, NULL)) return false;
    if (pending) {
        bool made = UuidCreate(&secret) == RPC_S_OK;
        InitOnceComplete(&once, made ? 0 : INIT_ONCE_INIT_FAILED, NULL);
        if (!made) return false;
    }
    packet->secret = secret;
    return true;
}

static struct marshaler *of_inner(IUnknown *self)
{
    return (struct marshaler *)self;
}

static struct marshaler *of_marshal(IMarshal *self)
{
    return (struct marshaler *)((char *)self - offsetof(struct marshaler, marshal));
}

// ---- the inner object ----

static HRESULT WINAPI query_inner(IUnknown *self, REFIID id, void **result)
{
    *result = NULL;
    if (same_id(id, &IID_IUnknown))
        *result = self;
    else if (same_id(id, &IID_IMarshal))
        *result = &of_inner(self)->marshal;
    if (!*result) return E_NOINTERFACE;
    IUnknown_AddRef((IUnknown *)*result);
    return S_OK;
}

static ULONG WINAPI reference_inner(IUnknown *self)
{
    return (ULONG)InterlockedIncrement(&of_inner(self)->references);
}

static ULONG WINAPI release_inner(IUnknown *self)
{
    LONG left = InterlockedDecrement(&of_inner(self)->references);
    if (!left) HeapFree(GetProcessHeap(), 0, of_inner(self));
    return (ULONG)left;
}

// ---- IMarshal, whose references are the outer object's ----

static HRESULT WINAPI query_marshal(IMarshal *self, REFIID id, void **result)
{
    return IUnknown_QueryInterface(of_marshal(self)->outer, id, result);
}

static ULONG WINAPI reference_marshal(IMarshal *self)
{
    return IUnknown_AddRef(of_marshal(self)->outer);
}

static ULONG WINAPI release_marshal(IMarshal *self)
{
    return IUnknown_Release(of_marshal(self)->outer);
}

static bool is_within_process(DWORD where)
{
    return where == MSHCTX_INPROC || where == MSHCTX_CROSSCTX;
}

static HRESULT WINAPI get_class(IMarshal *self, REFIID id, void *object, DWORD where, void *reserved,
                                DWORD flags, CLSID *class)
{
    (void)self, (void)id, (void)object, (void)reserved, (void)flags;
    if (!is_within_process(where)) return E_NOTIMPL;
    *class = CLSID_InProcFreeMarshaler;
    return S_OK;
}

static HRESULT WINAPI get_size(IMarshal *self, REFIID id, void *object, DWORD where, void *reserved,
                               DWORD flags, DWORD *size)
{
    (void)self, (void)id, (void)object, (void)reserved, (void)flags;
    if (!is_within_process(where)) return E_NOTIMPL;
    *size = sizeof(struct packet);
    return S_OK;
}

// The stream holds a reference, but for a weak one of a table.
static HRESULT WINAPI marshal(IMarshal *self, IStream *stream, REFIID id, void *object, DWORD where,
                              void *reserved, DWORD flags)
{
    struct packet packet;
    (void)self, (void)reserved;
    if (!is_within_process(where)) return E_NOTIMPL;
    if (!make_packet(&packet)) return E_FAIL;
    packet.kind = flags & (MSHLFLAGS_TABLESTRONG | MSHLFLAGS_TABLEWEAK);
    HRESULT status = IUnknown_QueryInterface((IUnknown *)object, id, (void **)&packet.object);
    if (FAILED(status)) return status;
    status = IStream_Write(stream, &packet, sizeof(packet), NULL);
    if (FAILED(status) || packet.kind == MSHLFLAGS_TABLEWEAK) IUnknown_Release(packet.object);
    return status;
}

static HRESULT read_packet(IStream *stream, struct packet *packet)
{
    struct packet own;
    ULONG length = 0;
    HRESULT status = IStream_Read(stream, packet, sizeof(*packet), &length);
    if (FAILED(status)) return status;
    bool right = length == sizeof(*packet) && make_packet(&own) && same_id(&own.secret, &packet->secret);
    return right ? S_OK : E_UNEXPECTED;
}

static HRESULT WINAPI unmarshal(IMarshal *self, IStream *stream, REFIID id, void **result)
{
    struct packet packet;
    (void)self;
    *result = NULL;
    HRESULT status = read_packet(stream, &packet);
    if (FAILED(status)) return status;
    status = IUnknown_QueryInterface(packet.object, id, result);
    if (packet.kind == MSHLFLAGS_NORMAL) IUnknown_Release(packet.object);
    return status;
}

static HRESULT WINAPI release_data(IMarshal *self, IStream *stream)
{
    struct packet packet;
    (void)self;
    HRESULT status = read_packet(stream, &packet);
    if (SUCCEEDED(status) && packet.kind != MSHLFLAGS_TABLEWEAK) IUnknown_Release(packet.object);
    return status;
}

static HRESULT WINAPI disconnect(IMarshal *self, DWORD reserved)
{
    (void)self, (void)reserved;
    return S_OK; // no connection is kept
}

HOTPATCH HRESULT WINAPI CoCreateFreeThreadedMarshaler(LPUNKNOWN outer, LPUNKNOWN *result)
{
    static IUnknownVtbl inner = {query_inner, reference_inner, release_inner};
    static IMarshalVtbl functions = {query_marshal, reference_marshal, release_marshal, get_class, get_size,
                                     marshal,       unmarshal,         release_data,    disconnect};
    if (!result) return E_INVALIDARG;
    struct marshaler *marshaler = HeapAlloc(GetProcessHeap(), 0, sizeof(*marshaler));
    if (!marshaler) return E_OUTOFMEMORY;
    *marshaler = (struct marshaler){.inner = {&inner}, .marshal = {&functions}, .references = 1};
    marshaler->outer = outer ? outer : &marshaler->inner;
    *result = &marshaler->inner;
    return S_OK;
}

// An object that marshals itself is told; nothing else is connected to anything outside the process.
HOTPATCH HRESULT WINAPI CoDisconnectObject(LPUNKNOWN object, DWORD reserved)
{
    IMarshal *marshal;
    if (!object) return E_INVALIDARG;
    if (FAILED(IUnknown_QueryInterface(object, &IID_IMarshal, (void **)&marshal))) return S_OK;
    HRESULT status = IMarshal_DisconnectObject(marshal, reserved);
    IMarshal_Release(marshal);
    return status;
}
