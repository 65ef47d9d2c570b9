// HSTRINGs, the strings of the Windows Runtime: counted, immutable, shared by counting references.
// An HSTRING points to a header and its text; the empty one is NULL. A reference (fast-pass) string's header
// and text are the caller's, so duplicating one makes a copy.
#include "combase.h"
#include "winrt.h"

// What an HSTRING points to, and what fits into the 20 bytes of an HSTRING_HEADER.
struct string {
    UINT32 flags;
    UINT32 length; // in WCHARs, without the NUL
    LONG references;
    const WCHAR *text;
};

enum { REFERENCE = 1 };
#define LENGTH_MAX 0x3FFFFFF0u // so that sizes don't overflow

_Static_assert(sizeof(struct string) <= sizeof(HSTRING_HEADER), "a header holds a reference string");

static struct string *string_of(HSTRING handle)
{
    return (struct string *)handle;
}

static WCHAR *text_behind(struct string *string)
{
    return (WCHAR *)(string + 1);
}

static HRESULT make(UINT32 length, struct string **result)
{
    if (length > LENGTH_MAX) return MEM_E_INVALID_SIZE;
    struct string *string = HeapAlloc(GetProcessHeap(), 0, sizeof(*string) + (length + 1) * sizeof(WCHAR));
    if (!string) return E_OUTOFMEMORY;
    *string = (struct string){.length = length, .references = 1, .text = text_behind(string)};
    text_behind(string)[length] = 0;
    *result = string;
    return S_OK;
}

// The two parts one after the other; nothing of nothing is the empty string.
static HRESULT join(const WCHAR *first, UINT32 first_length, const WCHAR *second, UINT32 second_length,
                    HSTRING *result)
{
    struct string *string;
    if (first_length > LENGTH_MAX || second_length > LENGTH_MAX) return MEM_E_INVALID_SIZE;
    *result = NULL;
    if (!(first_length + second_length)) return S_OK;
    HRESULT status = make(first_length + second_length, &string);
    if (FAILED(status)) return status;
    memcpy(text_behind(string), first, first_length * sizeof(WCHAR));
    memcpy(text_behind(string) + first_length, second, second_length * sizeof(WCHAR));
    *result = (HSTRING)string;
    return S_OK;
}

HOTPATCH HRESULT WINAPI WindowsCreateString(const WCHAR *text, UINT32 length, HSTRING *result)
{
    if (!result) return E_INVALIDARG;
    *result = NULL;
    if (!length) return S_OK;
    return text ? join(text, length, NULL, 0, result) : E_POINTER;
}

HOTPATCH HRESULT WINAPI WindowsCreateStringReference(const WCHAR *text, UINT32 length, HSTRING_HEADER *header,
                                                     HSTRING *result)
{
    struct string *string = (struct string *)header;
    if (!result || !header) return E_INVALIDARG;
    if (text && text[length]) return E_INVALIDARG;
    *result = NULL;
    if (!length) return S_OK;
    if (!text) return E_POINTER;
    *string = (struct string){.flags = REFERENCE, .length = length, .text = text};
    *result = (HSTRING)string;
    return S_OK;
}

HOTPATCH HRESULT WINAPI WindowsDuplicateString(HSTRING handle, HSTRING *result)
{
    struct string *string = string_of(handle);
    if (!result) return E_INVALIDARG;
    *result = handle;
    if (!string) return S_OK;
    if (string->flags & REFERENCE) return join(string->text, string->length, NULL, 0, result);
    InterlockedIncrement(&string->references);
    return S_OK;
}

HOTPATCH HRESULT WINAPI WindowsDeleteString(HSTRING handle)
{
    struct string *string = string_of(handle);
    if (string && !(string->flags & REFERENCE) && !InterlockedDecrement(&string->references))
        HeapFree(GetProcessHeap(), 0, string);
    return S_OK;
}

HOTPATCH UINT32 WINAPI WindowsGetStringLen(HSTRING string)
{
    return string ? string_of(string)->length : 0;
}

HOTPATCH const WCHAR *WINAPI WindowsGetStringRawBuffer(HSTRING string, UINT32 *length)
{
    if (length) *length = WindowsGetStringLen(string);
    return string ? string_of(string)->text : L"";
}

HOTPATCH BOOL WINAPI WindowsIsStringEmpty(HSTRING string)
{
    return !WindowsGetStringLen(string);
}

HOTPATCH HRESULT WINAPI WindowsStringHasEmbeddedNull(HSTRING string, BOOL *has)
{
    if (!has) return E_INVALIDARG;
    UINT32 length = WindowsGetStringLen(string), i = 0;
    while (i < length && string_of(string)->text[i]) i++;
    *has = i < length;
    return S_OK;
}

HOTPATCH HRESULT WINAPI WindowsCompareStringOrdinal(HSTRING first, HSTRING second, INT32 *result)
{
    UINT32 first_length, second_length;
    if (!result) return E_INVALIDARG;
    const WCHAR *a = WindowsGetStringRawBuffer(first, &first_length);
    const WCHAR *b = WindowsGetStringRawBuffer(second, &second_length);
    *result = CompareStringOrdinal(a, (int)first_length, b, (int)second_length, FALSE) - CSTR_EQUAL;
    return S_OK;
}

HOTPATCH HRESULT WINAPI WindowsConcatString(HSTRING first, HSTRING second, HSTRING *result)
{
    UINT32 first_length, second_length;
    if (!result) return E_INVALIDARG;
    if (!first) return WindowsDuplicateString(second, result);
    if (!second) return WindowsDuplicateString(first, result);
    const WCHAR *a = WindowsGetStringRawBuffer(first, &first_length);
    const WCHAR *b = WindowsGetStringRawBuffer(second, &second_length);
    return join(a, first_length, b, second_length, result);
}

HOTPATCH HRESULT WINAPI WindowsSubstringWithSpecifiedLength(HSTRING string, UINT32 start, UINT32 length,
                                                            HSTRING *result)
{
    UINT32 whole;
    const WCHAR *text = WindowsGetStringRawBuffer(string, &whole);
    if (!result) return E_INVALIDARG;
    *result = NULL;
    if (start > whole || length > whole - start) return E_BOUNDS;
    return join(text + start, length, NULL, 0, result);
}

HOTPATCH HRESULT WINAPI WindowsSubstring(HSTRING string, UINT32 start, HSTRING *result)
{
    UINT32 whole = WindowsGetStringLen(string);
    if (!result) return E_INVALIDARG;
    *result = NULL;
    if (start > whole) return E_BOUNDS;
    return WindowsSubstringWithSpecifiedLength(string, start, whole - start, result);
}

// A buffer is a string that nobody has yet; it is known by its text.
static struct string *string_of_buffer(HSTRING_BUFFER buffer)
{
    return (struct string *)buffer - 1;
}

HOTPATCH HRESULT WINAPI WindowsPreallocateStringBuffer(UINT32 length, WCHAR **text, HSTRING_BUFFER *buffer)
{
    struct string *string;
    if (!text || !buffer) return E_POINTER;
    HRESULT status = make(length, &string);
    if (FAILED(status)) return status;
    *text = text_behind(string);
    *buffer = (HSTRING_BUFFER)*text;
    return S_OK;
}

HOTPATCH HRESULT WINAPI WindowsDeleteStringBuffer(HSTRING_BUFFER buffer)
{
    if (buffer) HeapFree(GetProcessHeap(), 0, string_of_buffer(buffer));
    return S_OK;
}

HOTPATCH HRESULT WINAPI WindowsPromoteStringBuffer(HSTRING_BUFFER buffer, HSTRING *result)
{
    if (!result) return E_POINTER;
    *result = NULL;
    if (!buffer) return S_OK;
    struct string *string = string_of_buffer(buffer);
    if (string->text[string->length]) return E_INVALIDARG; // its NUL was overwritten
    if (string->length)
        *result = (HSTRING)string;
    else
        WindowsDeleteStringBuffer(buffer);
    return S_OK;
}
