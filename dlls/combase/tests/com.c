// COM in one process: apartments, classes, GUIDs, streams, errors.
// link: -lole32 -loleaut32 -luuid -lrpcrt4
#define COBJMACROS
#include "tests/check.h"
#include <windows.h>
#include <ole2.h>
#include <oleauto.h>
#include <rpc.h>

static const CLSID class_id = {0x12345678, 0x1234, 0x4321, {1, 2, 3, 4, 5, 6, 7, 8}};
static LONG references = 1;

static HRESULT WINAPI query(IClassFactory *self, REFIID id, void **result)
{
    *result = NULL;
    if (!IsEqualIID(id, &IID_IUnknown) && !IsEqualIID(id, &IID_IClassFactory)) return E_NOINTERFACE;
    *result = self;
    references++;
    return S_OK;
}

static ULONG WINAPI add(IClassFactory *self)
{
    (void)self;
    return (ULONG)++references;
}

static ULONG WINAPI release(IClassFactory *self)
{
    (void)self;
    return (ULONG)--references;
}

// The factory is its own product.
static HRESULT WINAPI create(IClassFactory *self, IUnknown *outer, REFIID id, void **result)
{
    return outer ? CLASS_E_NOAGGREGATION : IClassFactory_QueryInterface(self, id, result);
}

static HRESULT WINAPI lock(IClassFactory *self, BOOL locked)
{
    (void)self, (void)locked;
    return S_OK;
}

static IClassFactoryVtbl functions = {query, add, release, create, lock};
static IClassFactory factory = {&functions};

static DWORD WINAPI in_other_apartment(void *cookie)
{
    IGlobalInterfaceTable *table;
    IUnknown *object;
    CHECK(CoInitializeEx(NULL, COINIT_MULTITHREADED) == S_OK);
    CHECK(CoCreateInstance(&CLSID_StdGlobalInterfaceTable, NULL, CLSCTX_INPROC_SERVER,
                           &IID_IGlobalInterfaceTable, (void **)&table) == S_OK);
    // The object is of a single-threaded apartment, and says nothing of other threads.
    CHECK_EQUAL(IGlobalInterfaceTable_GetInterfaceFromGlobal(table, (DWORD)(DWORD_PTR)cookie, &IID_IUnknown,
                                                             (void **)&object),
                RPC_E_WRONG_THREAD);
    CoUninitialize();
    return 0;
}

static void test_apartments(void)
{
    APTTYPE type;
    APTTYPEQUALIFIER qualifier;
    IUnknown *object;
    CHECK_EQUAL(CoGetApartmentType(&type, &qualifier), CO_E_NOTINITIALIZED);
    CHECK_EQUAL(CoCreateInstance(&class_id, NULL, CLSCTX_INPROC_SERVER, &IID_IUnknown, (void **)&object),
                CO_E_NOTINITIALIZED);
    CHECK_EQUAL(CoInitialize(NULL), S_OK);
    CHECK_EQUAL(CoInitialize(NULL), S_FALSE);
    CHECK_EQUAL(OleInitialize(NULL), S_FALSE);
    CHECK_EQUAL(CoInitializeEx(NULL, COINIT_MULTITHREADED), RPC_E_CHANGED_MODE);
    CHECK(CoGetApartmentType(&type, &qualifier) == S_OK && type == APTTYPE_MAINSTA);
    CoUninitialize();
    OleUninitialize();
}

static void test_classes(void)
{
    IUnknown *object = NULL;
    DWORD cookie = 0;
    MULTI_QI queries[] = {{.pIID = &IID_IUnknown}, {.pIID = &IID_IStream}};
    CHECK_EQUAL(CoCreateInstance(&class_id, NULL, CLSCTX_INPROC_SERVER, &IID_IUnknown, (void **)&object),
                REGDB_E_CLASSNOTREG);
    CHECK(CoRegisterClassObject(&class_id, (IUnknown *)&factory, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE,
                                &cookie) == S_OK &&
          cookie);
    CHECK(CoCreateInstance(&class_id, NULL, CLSCTX_INPROC_SERVER, &IID_IUnknown, (void **)&object) == S_OK &&
          object == (IUnknown *)&factory);
    CHECK_EQUAL(CoCreateInstance(&class_id, object, CLSCTX_INPROC_SERVER, &IID_IUnknown, (void **)&object),
                CLASS_E_NOAGGREGATION);
    CHECK_EQUAL(CoCreateInstance(&class_id, NULL, CLSCTX_INPROC_SERVER, &IID_IStream, (void **)&object),
                E_NOINTERFACE);
    CHECK_EQUAL(CoCreateInstanceEx(&class_id, NULL, CLSCTX_INPROC_SERVER, NULL, 2, queries),
                CO_S_NOTALLINTERFACES);
    CHECK(queries[0].hr == S_OK && queries[1].hr == E_NOINTERFACE && !queries[1].pItf);
    CHECK_EQUAL(CoRevokeClassObject(cookie), S_OK);
    CHECK_EQUAL(CoRevokeClassObject(cookie), E_INVALIDARG);
    CHECK_EQUAL(references, 3); // its own, and the two objects
}

static void test_ends_of_registrations(void)
{
    IUnknown *object = NULL;
    DWORD cookie = 0;
    LONG before = references;
    CHECK(CoRegisterClassObject(&class_id, (IUnknown *)&factory, CLSCTX_LOCAL_SERVER, REGCLS_SINGLEUSE,
                                &cookie) == S_OK);
    CHECK(CoGetClassObject(&class_id, CLSCTX_LOCAL_SERVER, NULL, &IID_IClassFactory, (void **)&object) ==
          S_OK);
    IUnknown_Release(object);
    CHECK_EQUAL(CoGetClassObject(&class_id, CLSCTX_LOCAL_SERVER, NULL, &IID_IClassFactory, (void **)&object),
                REGDB_E_CLASSNOTREG);
    CHECK(CoRevokeClassObject(cookie) == S_OK && references == before);
    // The thread's next apartment is another one.
    CHECK(CoRegisterClassObject(&class_id, (IUnknown *)&factory, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE,
                                &cookie) == S_OK);
    CoUninitialize();
    CHECK_EQUAL(references, before);
    CHECK_EQUAL(CoInitialize(NULL), S_OK);
    CHECK_EQUAL(CoCreateInstance(&class_id, NULL, CLSCTX_INPROC_SERVER, &IID_IUnknown, (void **)&object),
                REGDB_E_CLASSNOTREG);
}

static void test_server_in_registry(void)
{
    static const WCHAR path[] = L"C:\\no such folder\\server.dll";
    HKEY key;
    IUnknown *object;
    CHECK(RegCreateKeyExW(HKEY_CLASSES_ROOT, L"CLSID\\{12345678-1234-4321-0102-030405060708}\\InprocServer32",
                          0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, NULL) == 0);
    RegSetValueExW(key, NULL, 0, REG_SZ, (const BYTE *)path, sizeof(path));
    RegCloseKey(key);
    HRESULT status = CoCreateInstance(&class_id, NULL, CLSCTX_INPROC_SERVER, &IID_IUnknown, (void **)&object);
    CHECK(status == HRESULT_FROM_WIN32(ERROR_MOD_NOT_FOUND) ||
              status == HRESULT_FROM_WIN32(ERROR_PATH_NOT_FOUND),
          "%lx", status);
    RegDeleteKeyW(HKEY_CLASSES_ROOT, L"CLSID\\{12345678-1234-4321-0102-030405060708}\\InprocServer32");
    RegDeleteKeyW(HKEY_CLASSES_ROOT, L"CLSID\\{12345678-1234-4321-0102-030405060708}");
}

static void test_passing(void)
{
    IGlobalInterfaceTable *table;
    IStream *stream = NULL;
    IUnknown *object = NULL;
    DWORD cookie = 0;
    LONG before = references;
    CHECK(CoMarshalInterThreadInterfaceInStream(&IID_IClassFactory, (IUnknown *)&factory, &stream) == S_OK);
    CHECK(CoGetInterfaceAndReleaseStream(stream, &IID_IUnknown, (void **)&object) == S_OK &&
          object == (IUnknown *)&factory);
    IUnknown_Release(object);
    CHECK(CoCreateInstance(&CLSID_StdGlobalInterfaceTable, NULL, CLSCTX_INPROC_SERVER,
                           &IID_IGlobalInterfaceTable, (void **)&table) == S_OK);
    CHECK(IGlobalInterfaceTable_RegisterInterfaceInGlobal(table, (IUnknown *)&factory, &IID_IUnknown,
                                                          &cookie) == S_OK);
    HANDLE thread = CreateThread(NULL, 0, in_other_apartment, (void *)(DWORD_PTR)cookie, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    CHECK(IGlobalInterfaceTable_GetInterfaceFromGlobal(table, cookie, &IID_IUnknown, (void **)&object) ==
          S_OK);
    IUnknown_Release(object);
    CHECK(IGlobalInterfaceTable_RevokeInterfaceFromGlobal(table, cookie) == S_OK);
    CHECK_EQUAL(IGlobalInterfaceTable_RevokeInterfaceFromGlobal(table, cookie), E_INVALIDARG);
    CHECK_EQUAL(references, before);
}

static void test_guids(void)
{
    GUID guid, other;
    WCHAR text[39], *allocated;
    RPC_WSTR plain;
    RPC_STATUS status;
    CHECK(StringFromGUID2(&class_id, text, 38) == 0 && StringFromGUID2(&class_id, text, 39) == 39);
    CHECK(!lstrcmpW(text, L"{12345678-1234-4321-0102-030405060708}"));
    CHECK(CLSIDFromString(text, &guid) == S_OK && IsEqualGUID(&guid, &class_id));
    text[1] = 'x';
    CHECK_EQUAL(CLSIDFromString(text, &guid), CO_E_CLASSSTRING);
    CHECK_EQUAL(IIDFromString(text, &guid), CO_E_IIDSTRING);
    CHECK_EQUAL(IIDFromString(L"short", &guid), E_INVALIDARG);
    CHECK_EQUAL(CLSIDFromProgID(L"No.Such.Program", &guid), CO_E_CLASSSTRING);
    CHECK(StringFromCLSID(&class_id, &allocated) == S_OK);
    CoTaskMemFree(allocated);
    CHECK(CoCreateGuid(&guid) == S_OK && guid.Data3 >> 12 == 4 && guid.Data4[0] >> 6 == 2);
    CHECK(UuidToStringW(&guid, &plain) == RPC_S_OK && UuidFromStringW(plain, &other) == RPC_S_OK &&
          UuidEqual(&guid, &other, &status));
    CHECK(RpcStringFreeW(&plain) == RPC_S_OK && !plain);
    CHECK_EQUAL(UuidFromStringA((RPC_CSTR) "12345678-1234-4321-0102-03040506070", &other),
                RPC_S_INVALID_STRING_UUID);
    CHECK(UuidCreateSequential(&guid) == RPC_S_UUID_LOCAL_ONLY &&
          UuidCreateSequential(&other) == RPC_S_UUID_LOCAL_ONLY);
    CHECK(UuidCompare(&guid, &other, &status) < 0 && guid.Data3 >> 12 == 1);
    CHECK(UuidCreateNil(&guid) == RPC_S_OK && UuidIsNil(&guid, &status) && UuidHash(&guid, &status) == 0);
}

static void test_memory(void)
{
    IMalloc *allocator;
    CHECK(CoGetMalloc(MEMCTX_TASK, &allocator) == S_OK);
    char *memory = IMalloc_Alloc(allocator, 10);
    CHECK(memory && IMalloc_GetSize(allocator, memory) == 10 && IMalloc_DidAlloc(allocator, memory) == 1);
    memory = CoTaskMemRealloc(memory, 100000);
    CHECK(memory && IMalloc_GetSize(allocator, memory) == 100000);
    CHECK(!CoTaskMemRealloc(memory, 0));
    CHECK_EQUAL(CoGetMalloc(MEMCTX_UNKNOWN, &allocator), E_INVALIDARG);
}

static void test_stream(void)
{
    IStream *stream, *clone;
    HGLOBAL handle;
    char text[16] = "";
    ULONG length = 0;
    STATSTG status;
    ULARGE_INTEGER position;
    CLSID class;
    CHECK(CreateStreamOnHGlobal(NULL, TRUE, &stream) == S_OK);
    CHECK(IStream_Write(stream, "0123456789", 10, &length) == S_OK && length == 10);
    CHECK(IStream_Clone(stream, &clone) == S_OK);
    CHECK(IStream_Seek(clone, (LARGE_INTEGER){.QuadPart = -4}, STREAM_SEEK_CUR, &position) == S_OK &&
          position.QuadPart == 6);
    CHECK(IStream_Read(clone, text, 16, &length) == S_OK && length == 4 && text[0] == '6');
    CHECK_EQUAL(IStream_Seek(clone, (LARGE_INTEGER){.QuadPart = -11}, STREAM_SEEK_CUR, NULL),
                STG_E_SEEKERROR);
    CHECK(IStream_Stat(stream, &status, STATFLAG_NONAME) == S_OK && status.cbSize.QuadPart == 10 &&
          status.type == STGTY_STREAM);
    CHECK(GetHGlobalFromStream(clone, &handle) == S_OK && GlobalSize(handle) >= 10);
    CHECK(IStream_Release(clone) == 0 && WriteClassStm(stream, &class_id) == S_OK);
    CHECK(IStream_Seek(stream, (LARGE_INTEGER){.QuadPart = 10}, STREAM_SEEK_SET, NULL) == S_OK);
    CHECK(ReadClassStm(stream, &class) == S_OK && IsEqualGUID(&class, &class_id));
    CHECK_EQUAL(ReadClassStm(stream, &class), STG_E_READFAULT);
    CHECK(IStream_Release(stream) == 0);
}

static void test_errors(void)
{
    ICreateErrorInfo *creator;
    IErrorInfo *error = NULL;
    BSTR text = NULL;
    CHECK_EQUAL(GetErrorInfo(0, &error), S_FALSE);
    CHECK(CreateErrorInfo(&creator) == S_OK &&
          ICreateErrorInfo_SetDescription(creator, (LPOLESTR)L"went wrong") == S_OK);
    CHECK(ICreateErrorInfo_QueryInterface(creator, &IID_IErrorInfo, (void **)&error) == S_OK &&
          SetErrorInfo(0, error) == S_OK);
    ICreateErrorInfo_Release(creator);
    IErrorInfo_Release(error);
    CHECK(GetErrorInfo(0, &error) == S_OK && IErrorInfo_GetDescription(error, &text) == S_OK &&
          !lstrcmpW(text, L"went wrong"));
    SysFreeString(text);
    CHECK(IErrorInfo_GetSource(error, &text) == S_OK && !text && IErrorInfo_Release(error) == 0);
}

int main(void)
{
    test_apartments();
    test_classes();
    test_ends_of_registrations();
    test_server_in_registry();
    test_passing();
    test_guids();
    test_memory();
    test_stream();
    test_errors();
    CoUninitialize();
    return check_summary();
}
