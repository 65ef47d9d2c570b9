// HSTRINGs, and the Windows Runtime's apartments and factories.
// link: -lole32 -luuid
#include "tests/check.h"
#include <hstring.h>
#include <objbase.h>
#include <roapi.h>
#include <string.h>
#include <windows.h>

#ifndef E_BOUNDS
#define E_BOUNDS ((HRESULT)0x8000000B)
#endif
#define SAME(text, wanted) CHECK(!wcscmp(text, wanted), "%ls, not %ls", text, wanted)

static FARPROC get(const char *name)
{
    return GetProcAddress(GetModuleHandleA("combase.dll"), name);
}

static void check_strings(void)
{
    HRESULT(WINAPI * create)(const WCHAR *, UINT32, HSTRING *) = (void *)get("WindowsCreateString");
    HRESULT(WINAPI * refer)
    (const WCHAR *, UINT32, HSTRING_HEADER *, HSTRING *) = (void *)get("WindowsCreateStringReference");
    HRESULT(WINAPI * duplicate)(HSTRING, HSTRING *) = (void *)get("WindowsDuplicateString");
    HRESULT(WINAPI * delete)(HSTRING) = (void *)get("WindowsDeleteString");
    const WCHAR *(WINAPI * raw)(HSTRING, UINT32 *) = (void *)get("WindowsGetStringRawBuffer");
    HRESULT(WINAPI * concat)(HSTRING, HSTRING, HSTRING *) = (void *)get("WindowsConcatString");
    HRESULT(WINAPI * compare)(HSTRING, HSTRING, INT32 *) = (void *)get("WindowsCompareStringOrdinal");
    HRESULT(WINAPI * part)
    (HSTRING, UINT32, UINT32, HSTRING *) = (void *)get("WindowsSubstringWithSpecifiedLength");
    HRESULT(WINAPI * embedded)(HSTRING, BOOL *) = (void *)get("WindowsStringHasEmbeddedNull");
    HSTRING string = (HSTRING)1, other, joined;
    HSTRING_HEADER header;
    UINT32 length;
    INT32 order;
    BOOL has;

    CHECK_EQUAL(create(L"", 0, &string), S_OK);
    CHECK_EQUAL((ULONG)string, 0);
    SAME(raw(NULL, &length), L"");
    CHECK_EQUAL(length, 0);
    CHECK_EQUAL(create(NULL, 1, &string), E_POINTER);
    CHECK_EQUAL(create(L"x", 1, NULL), E_INVALIDARG);
    CHECK_EQUAL(delete (NULL), S_OK);

    CHECK_EQUAL(create(L"hello, world", 5, &string), S_OK);
    SAME(raw(string, &length), L"hello");
    CHECK_EQUAL(length, 5);
    CHECK_EQUAL(duplicate(string, &other), S_OK);
    CHECK_EQUAL((ULONG)other, (ULONG)string);
    CHECK_EQUAL(delete (other), S_OK);
    SAME(raw(string, NULL), L"hello");

    CHECK_EQUAL(refer(L"hello", 4, &header, &other), E_INVALIDARG); // no NUL there
    CHECK_EQUAL(refer(L" you", 4, &header, &other), S_OK);
    CHECK_EQUAL((ULONG)other, (ULONG)&header);
    CHECK_EQUAL(concat(string, other, &joined), S_OK);
    SAME(raw(joined, NULL), L"hello you");
    CHECK_EQUAL(compare(string, joined, &order), S_OK);
    CHECK_EQUAL(order, -1);
    CHECK_EQUAL(delete (joined), S_OK);
    CHECK_EQUAL(duplicate(other, &joined), S_OK); // a copy, as the text is the caller's
    CHECK(joined != other, "the reference itself");
    CHECK_EQUAL(delete (joined), S_OK);
    CHECK_EQUAL(part(string, 1, 3, &joined), S_OK);
    SAME(raw(joined, NULL), L"ell");
    CHECK_EQUAL(delete (joined), S_OK);
    CHECK_EQUAL(part(string, 3, 3, &joined), E_BOUNDS);
    CHECK_EQUAL(part(string, 5, 0, &joined), S_OK);
    CHECK_EQUAL((ULONG)joined, 0);
    CHECK_EQUAL(delete (string), S_OK);

    CHECK_EQUAL(create(L"a\0b", 3, &string), S_OK);
    CHECK_EQUAL(embedded(string, &has), S_OK);
    CHECK_EQUAL(has, TRUE);
    CHECK_EQUAL(delete (string), S_OK);
}

static void check_buffers(void)
{
    HRESULT(WINAPI * prepare)
    (UINT32, WCHAR **, HSTRING_BUFFER *) = (void *)get("WindowsPreallocateStringBuffer");
    HRESULT(WINAPI * promote)(HSTRING_BUFFER, HSTRING *) = (void *)get("WindowsPromoteStringBuffer");
    HRESULT(WINAPI * delete_buffer)(HSTRING_BUFFER) = (void *)get("WindowsDeleteStringBuffer");
    HRESULT(WINAPI * delete)(HSTRING) = (void *)get("WindowsDeleteString");
    const WCHAR *(WINAPI * raw)(HSTRING, UINT32 *) = (void *)get("WindowsGetStringRawBuffer");
    HSTRING_BUFFER buffer;
    HSTRING string;
    WCHAR *text;

    CHECK_EQUAL(prepare(3, &text, &buffer), S_OK);
    memcpy(text, L"abcd", 8);
    CHECK_EQUAL(promote(buffer, &string), E_INVALIDARG);
    text[3] = 0;
    CHECK_EQUAL(promote(buffer, &string), S_OK);
    SAME(raw(string, NULL), L"abc");
    CHECK_EQUAL(delete (string), S_OK);
    CHECK_EQUAL(prepare(3, &text, &buffer), S_OK);
    CHECK_EQUAL(delete_buffer(buffer), S_OK);
    CHECK_EQUAL(delete_buffer(NULL), S_OK);
}

static void check_apartments(void)
{
    HRESULT(WINAPI * enter)(int) = (void *)get("RoInitialize");
    void(WINAPI * leave)(void) = (void *)get("RoUninitialize");
    HRESULT(WINAPI * factory)(HSTRING, REFIID, void **) = (void *)get("RoGetActivationFactory");
    HRESULT(WINAPI * create)(const WCHAR *, UINT32, HSTRING *) = (void *)get("WindowsCreateString");
    HRESULT(WINAPI * delete)(HSTRING) = (void *)get("WindowsDeleteString");
    APTTYPEQUALIFIER qualifier;
    APTTYPE type;
    HSTRING class;
    void *result = &result;

    CHECK_EQUAL(create(L"No.Such.Class", 13, &class), S_OK);
    CHECK_EQUAL(factory(class, &IID_IUnknown, &result), CO_E_NOTINITIALIZED);
    CHECK_EQUAL(enter(2), E_INVALIDARG);
    CHECK_EQUAL(enter(RO_INIT_MULTITHREADED), S_OK);
    CHECK_EQUAL(CoGetApartmentType(&type, &qualifier), S_OK);
    CHECK_EQUAL(type, APTTYPE_MTA);
    CHECK_EQUAL(enter(RO_INIT_SINGLETHREADED), RPC_E_CHANGED_MODE);
    CHECK_EQUAL(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_FALSE);
    CoUninitialize();
    CHECK_EQUAL(factory(class, &IID_IUnknown, &result), REGDB_E_CLASSNOTREG);
    CHECK_EQUAL((ULONG)result, 0);
    CHECK_EQUAL(delete (class), S_OK);
    leave();
    CHECK_EQUAL(enter(RO_INIT_SINGLETHREADED), S_OK);
    leave();
}

int main(void)
{
    CoTaskMemFree(NULL); // so that ole32 is loaded, and combase with it
    check_strings();
    check_buffers();
    check_apartments();
    return check_summary();
}
