// Monikers, bind contexts, the running object table; marshalers, PROPVARIANTs, storage media.
// link: -lole32 -loleaut32 -luuid
#define COBJMACROS
#include "tests/check.h"
#include <windows.h>
#include <ole2.h>
#include <stdbool.h>

static IBindCtx *context;

// An item container whose only object is itself, by the name "it".
static LONG references = 1;

static HRESULT WINAPI query(IOleItemContainer *self, REFIID id, void **result)
{
    bool known = IsEqualIID(id, &IID_IUnknown) || IsEqualIID(id, &IID_IOleItemContainer);
    *result = known ? self : NULL;
    references += known;
    return known ? S_OK : E_NOINTERFACE;
}

static ULONG WINAPI add(IOleItemContainer *self)
{
    (void)self;
    return (ULONG)++references;
}

static ULONG WINAPI release(IOleItemContainer *self)
{
    (void)self;
    return (ULONG)--references;
}

static HRESULT WINAPI parse(IOleItemContainer *self, IBindCtx *bind, LPOLESTR text, ULONG *eaten,
                            IMoniker **result)
{
    (void)self, (void)bind, (void)text, (void)eaten, (void)result;
    return E_NOTIMPL;
}

static HRESULT WINAPI enumerate(IOleItemContainer *self, DWORD flags, IEnumUnknown **result)
{
    (void)self, (void)flags, (void)result;
    return E_NOTIMPL;
}

static HRESULT WINAPI lock(IOleItemContainer *self, BOOL locked)
{
    (void)self, (void)locked;
    return S_OK;
}

static HRESULT WINAPI get(IOleItemContainer *self, LPOLESTR item, DWORD speed, IBindCtx *bind, REFIID id,
                          void **result)
{
    (void)bind;
    CHECK_EQUAL(speed, BINDSPEED_INDEFINITE);
    return lstrcmpW(item, L"it") ? MK_E_NOOBJECT : query(self, id, result);
}

static HRESULT WINAPI storage(IOleItemContainer *self, LPOLESTR item, IBindCtx *bind, REFIID id,
                              void **result)
{
    (void)self, (void)item, (void)bind, (void)id, (void)result;
    return MK_E_NOSTORAGE;
}

static HRESULT WINAPI running(IOleItemContainer *self, LPOLESTR item)
{
    (void)self;
    return lstrcmpW(item, L"it") ? S_FALSE : S_OK;
}

static IOleItemContainerVtbl functions = {query, add, release, parse, enumerate, lock, get, storage, running};
static IOleItemContainer container = {&functions};

static void check_name(IMoniker *moniker, const WCHAR *expected)
{
    LPOLESTR name = NULL;
    CHECK(IMoniker_GetDisplayName(moniker, context, NULL, &name) == S_OK && !lstrcmpW(name, expected));
    CoTaskMemFree(name);
}

static IMoniker *item(const WCHAR *name)
{
    IMoniker *moniker = NULL;
    CHECK_EQUAL(CreateItemMoniker(L"!", name, &moniker), S_OK);
    return moniker;
}

static DWORD kind_of(IMoniker *moniker)
{
    DWORD kind = MKSYS_NONE;
    IMoniker_IsSystemMoniker(moniker, &kind);
    return kind;
}

// Saved and loaded again, a moniker is the same.
static void check_saved(IMoniker *moniker)
{
    static const LARGE_INTEGER start;
    IStream *stream;
    IMoniker *again = NULL;
    CHECK(CreateStreamOnHGlobal(NULL, TRUE, &stream) == S_OK);
    CHECK_EQUAL(OleSaveToStream((IPersistStream *)moniker, stream), S_OK);
    IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
    CHECK_EQUAL(OleLoadFromStream(stream, &IID_IMoniker, (void **)&again), S_OK);
    CHECK(again && IMoniker_IsEqual(again, moniker) == S_OK);
    if (again) IMoniker_Release(again);
    IStream_Release(stream);
}

static void test_composites(void)
{
    static const CLSID composite_id = {0x309, 0, 0, {0xC0, 0, 0, 0, 0, 0, 0, 0x46}};
    IMoniker *first = item(L"first"), *second = item(L"seco\x4E00nd"), *both, *anti, *less, *inverse;
    IEnumMoniker *list;
    IMoniker *part;
    CHECK(CreateGenericComposite(first, second, &both) == S_OK && kind_of(both) == MKSYS_GENERICCOMPOSITE);
    check_name(both, L"!first!seco\x4E00nd");
    check_saved(first);
    check_saved(both);
    CHECK(IMoniker_Enum(both, FALSE, &list) == S_OK && IEnumMoniker_Next(list, 1, &part, NULL) == S_OK);
    CHECK(part == second);
    IMoniker_Release(part);
    IEnumMoniker_Release(list);
    CHECK(CreateAntiMoniker(&anti) == S_OK);
    CHECK(IMoniker_ComposeWith(both, anti, FALSE, &less) == S_OK && less == first);
    IMoniker_Release(less);
    CHECK(IMoniker_ComposeWith(first, anti, TRUE, &less) == S_OK && !less);
    CHECK(IMoniker_Inverse(both, &inverse) == S_OK);
    check_name(inverse, L"\\..\\..");
    CHECK(IMoniker_CommonPrefixWith(both, first, &less) == MK_S_HIM && less == first);
    IMoniker_Release(less);
    IMoniker_Release(inverse);
    // One that nothing was loaded into is of no use, but does no harm.
    IMoniker *empty;
    IUnknown *object;
    DWORD hash;
    CHECK(CoCreateInstance(&composite_id, NULL, CLSCTX_INPROC_SERVER, &IID_IMoniker, (void **)&empty) ==
          S_OK);
    CHECK(IMoniker_Hash(empty, &hash) == E_UNEXPECTED && IMoniker_Inverse(empty, &less) == E_UNEXPECTED);
    CHECK_EQUAL(IMoniker_BindToObject(empty, context, NULL, &IID_IUnknown, (void **)&object), E_UNEXPECTED);
    IMoniker_Release(empty);
    IMoniker_Release(anti);
    IMoniker_Release(both);
    IMoniker_Release(second);
    IMoniker_Release(first);
}

static void test_files(void)
{
    IMoniker *folder, *file, *whole, *prefix;
    CHECK(CreateFileMoniker(L"C:\\one\\two", &folder) == S_OK);
    CHECK(CreateFileMoniker(L"..\\three.txt", &file) == S_OK);
    CHECK(IMoniker_ComposeWith(folder, file, TRUE, &whole) == S_OK);
    check_name(whole, L"C:\\one\\three.txt");
    check_saved(whole);
    check_saved(file);
    CHECK(IMoniker_CommonPrefixWith(folder, whole, &prefix) == S_OK);
    check_name(prefix, L"C:\\one");
    IMoniker_Release(prefix);
    IMoniker_Release(whole);
    IMoniker_Release(file);
    IMoniker_Release(folder);
}

static void test_running(void)
{
    IRunningObjectTable *table;
    IMoniker *name = item(L"Container"), *same = item(L"CONTAINER"), *it = item(L"it"), *whole;
    IUnknown *object = NULL;
    DWORD cookie, second;
    CHECK(GetRunningObjectTable(0, &table) == S_OK);
    CHECK_EQUAL(IRunningObjectTable_GetObject(table, name, &object), MK_E_UNAVAILABLE);
    CHECK_EQUAL(IRunningObjectTable_Register(table, ROTFLAGS_REGISTRATIONKEEPSALIVE, (IUnknown *)&container,
                                             name, &cookie),
                S_OK);
    CHECK_EQUAL(IRunningObjectTable_Register(table, 0, (IUnknown *)&container, same, &second),
                MK_S_MONIKERALREADYREGISTERED);
    CHECK(IRunningObjectTable_IsRunning(table, same) == S_OK &&
          IRunningObjectTable_IsRunning(table, it) == S_FALSE);
    CHECK(IRunningObjectTable_Revoke(table, second) == S_OK);
    CHECK(IRunningObjectTable_GetObject(table, same, &object) == S_OK && object == (IUnknown *)&container);
    IUnknown_Release(object);
    // The container is a pointer here: an item's own binding needs something to its left.
    IMoniker *left;
    CHECK(CreatePointerMoniker((IUnknown *)&container, &left) == S_OK);
    CHECK(CreateGenericComposite(left, it, &whole) == S_OK);
    CHECK(BindMoniker(whole, 0, &IID_IUnknown, (void **)&object) == S_OK && object == (IUnknown *)&container);
    IUnknown_Release(object);
    CHECK_EQUAL(IMoniker_IsRunning(whole, context, NULL, NULL), S_OK);
    CHECK_EQUAL(BindMoniker(it, 0, &IID_IUnknown, (void **)&object), E_INVALIDARG);
    IMoniker_Release(whole);
    IMoniker_Release(left);
    CHECK(IRunningObjectTable_Revoke(table, cookie) == S_OK && references == 1);
    CHECK_EQUAL(IRunningObjectTable_Revoke(table, cookie), E_INVALIDARG);
    IRunningObjectTable_Release(table);
    IMoniker_Release(name);
    IMoniker_Release(same);
    IMoniker_Release(it);
}

static void test_names(void)
{
    WCHAR path[MAX_PATH];
    IMoniker *moniker = NULL;
    ULONG eaten;
    GetModuleFileNameW(NULL, path, MAX_PATH);
    CHECK(MkParseDisplayName(context, path, &eaten, &moniker) == S_OK &&
          kind_of(moniker) == MKSYS_FILEMONIKER);
    check_name(moniker, path);
    IMoniker_Release(moniker);
    CHECK(MkParseDisplayName(context, L"clsid:00000303-0000-0000-C000-000000000046:", &eaten, &moniker) ==
          S_OK);
    CHECK(kind_of(moniker) == MKSYS_CLASSMONIKER && eaten == 43);
    check_saved(moniker);
    IMoniker_Release(moniker);
    CHECK(MkParseDisplayName(context, L"no such thing", &eaten, &moniker) == MK_E_SYNTAX && !moniker &&
          !eaten);
    CHECK_EQUAL(MkParseDisplayName(context, L"", &eaten, &moniker), E_INVALIDARG);
}

static void test_context(void)
{
    BIND_OPTS3 options = {.cbStruct = sizeof(options)};
    IUnknown *object;
    CHECK_EQUAL(CreateBindCtx(1, &context), E_INVALIDARG);
    CHECK(CreateBindCtx(0, &context) == S_OK);
    CHECK(IBindCtx_GetBindOptions(context, (BIND_OPTS *)&options) == S_OK &&
          options.grfMode == STGM_READWRITE);
    CHECK(IBindCtx_RegisterObjectParam(context, (WCHAR *)L"name", (IUnknown *)&container) == S_OK);
    CHECK(IBindCtx_GetObjectParam(context, (WCHAR *)L"NAME", &object) == S_OK);
    IUnknown_Release(object);
    CHECK(IBindCtx_RevokeObjectParam(context, (WCHAR *)L"name") == S_OK && references == 1);
    CHECK(IBindCtx_GetObjectParam(context, (WCHAR *)L"name", &object) == E_FAIL && !object);
    CHECK(IBindCtx_RegisterObjectBound(context, (IUnknown *)&container) == S_OK && references == 2);
    CHECK(IBindCtx_ReleaseBoundObjects(context) == S_OK && references == 1);
    CHECK_EQUAL(IBindCtx_RevokeObjectBound(context, (IUnknown *)&container), MK_E_NOTBOUND);
}

static void test_active(void)
{
    static const CLSID class = {0x12345678, 0x1234, 0x4321, {1, 2, 3, 4, 5, 6, 7, 8}};
    IUnknown *object = NULL;
    DWORD cookie;
    CHECK_EQUAL(GetActiveObject(&class, NULL, &object), MK_E_UNAVAILABLE);
    CHECK_EQUAL(RegisterActiveObject((IUnknown *)&container, &class, ACTIVEOBJECT_STRONG, &cookie), S_OK);
    CHECK(GetActiveObject(&class, NULL, &object) == S_OK && object == (IUnknown *)&container);
    IUnknown_Release(object);
    CHECK(RevokeActiveObject(cookie, NULL) == S_OK && references == 1);
}

// A marshaler of its own: what it writes to a stream is the interface, which the stream holds.
static void test_free_threaded(void)
{
    static const LARGE_INTEGER start;
    IUnknown *inner, *back = NULL;
    IMarshal *marshal;
    IStream *stream;
    CLSID class;
    CHECK(CoCreateFreeThreadedMarshaler(NULL, &inner) == S_OK);
    CHECK(IUnknown_QueryInterface(inner, &IID_IMarshal, (void **)&marshal) == S_OK);
    CHECK(IMarshal_GetUnmarshalClass(marshal, &IID_IUnknown, &container, MSHCTX_INPROC, NULL, 0, &class) ==
              S_OK &&
          IsEqualCLSID(&class, &CLSID_InProcFreeMarshaler));
    CHECK(CreateStreamOnHGlobal(NULL, TRUE, &stream) == S_OK);
    CHECK(IMarshal_MarshalInterface(marshal, stream, &IID_IUnknown, &container, MSHCTX_INPROC, NULL,
                                    MSHLFLAGS_NOPING) == S_OK &&
          references == 2);
    IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
    CHECK(IMarshal_UnmarshalInterface(marshal, stream, &IID_IUnknown, (void **)&back) == S_OK &&
          back == (IUnknown *)&container);
    if (back) IUnknown_Release(back);
    CHECK(references == 1 && CoDisconnectObject(inner, 0) == S_OK);
    IStream_Release(stream);
    IMarshal_Release(marshal);
    IUnknown_Release(inner);
}

static WCHAR *allocated(const WCHAR *text)
{
    WCHAR *copy = CoTaskMemAlloc(64);
    lstrcpyW(copy, text);
    return copy;
}

static void test_prop_variants(void)
{
    PROPVARIANT value = {.vt = VT_LPWSTR, .pwszVal = allocated(L"text")}, copy;
    CHECK(PropVariantCopy(&copy, &value) == S_OK && copy.pwszVal != value.pwszVal &&
          !lstrcmpW(copy.pwszVal, L"text"));
    CHECK(PropVariantClear(&copy) == S_OK && copy.vt == VT_EMPTY);
    PROPVARIANT vector = {.vt = VT_VECTOR | VT_VARIANT, .capropvar = {1, CoTaskMemAlloc(sizeof(value))}};
    vector.capropvar.pElems[0] = value;
    CHECK(PropVariantCopy(&copy, &vector) == S_OK && !lstrcmpW(copy.capropvar.pElems[0].pwszVal, L"text"));
    CHECK(FreePropVariantArray(1, &copy) == S_OK && PropVariantClear(&vector) == S_OK);
    value = (PROPVARIANT){.vt = VT_UNKNOWN, .punkVal = (IUnknown *)&container};
    CHECK(PropVariantCopy(&copy, &value) == S_OK && references == 2);
    CHECK(PropVariantClear(&copy) == S_OK && references == 1);
    value.vt = 0xFFF;
    CHECK_EQUAL(PropVariantClear(&value), STG_E_INVALIDPARAMETER);
    value.vt = VT_ARRAY | VT_VECTOR | VT_INT;
    CHECK_EQUAL(PropVariantCopy(&copy, &value), DISP_E_BADVARTYPE);
    vector = (PROPVARIANT){.vt = VT_VECTOR | VT_LPWSTR, .calpwstr = {3, NULL}};
    CHECK(PropVariantCopy(&copy, &vector) == S_OK && PropVariantClear(&copy) == S_OK);
    STGMEDIUM medium = {.tymed = TYMED_HGLOBAL, .pUnkForRelease = (IUnknown *)&container};
    references++;
    ReleaseStgMedium(&medium);
    CHECK(references == 1 && medium.tymed == TYMED_NULL);
}

int main(void)
{
    CoInitialize(NULL);
    test_context();
    test_composites();
    test_files();
    test_running();
    test_names();
    test_active();
    test_free_threaded();
    test_prop_variants();
    IBindCtx_Release(context);
    CoUninitialize();
    return check_summary();
}
