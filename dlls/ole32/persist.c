// Objects in streams: their class, then what they say of themselves.
#include "nt/nt.h"
#include <ole2.h>

HOTPATCH HRESULT WINAPI WriteClassStm(LPSTREAM stream, REFCLSID class)
{
    if (!stream || !class) return E_INVALIDARG;
    return IStream_Write(stream, class, sizeof(*class), NULL);
}

HOTPATCH HRESULT WINAPI ReadClassStm(LPSTREAM stream, CLSID *class)
{
    ULONG length = 0;
    if (!stream || !class) return E_INVALIDARG;
    memset(class, 0, sizeof(*class));
    HRESULT status = IStream_Read(stream, class, sizeof(*class), &length);
    if (FAILED(status)) return status;
    return length == sizeof(*class) ? S_OK : STG_E_READFAULT;
}

HOTPATCH HRESULT WINAPI OleSaveToStream(LPPERSISTSTREAM object, LPSTREAM stream)
{
    CLSID class;
    if (!object || !stream) return E_INVALIDARG;
    HRESULT status = IPersistStream_GetClassID(object, &class);
    if (SUCCEEDED(status)) status = WriteClassStm(stream, &class);
    return SUCCEEDED(status) ? IPersistStream_Save(object, stream, TRUE) : status;
}

HOTPATCH HRESULT WINAPI OleLoadFromStream(LPSTREAM stream, REFIID id, LPVOID *result)
{
    CLSID class;
    IPersistStream *object;
    if (!stream || !result) return E_INVALIDARG;
    *result = NULL;
    HRESULT status = ReadClassStm(stream, &class);
    if (SUCCEEDED(status))
        status = CoCreateInstance(&class, NULL, CLSCTX_SERVER, &IID_IPersistStream, (void **)&object);
    if (FAILED(status)) return status;
    status = IPersistStream_Load(object, stream);
    if (SUCCEEDED(status)) status = IPersistStream_QueryInterface(object, id, result);
    IPersistStream_Release(object);
    return status;
}
