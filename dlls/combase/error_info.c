// Error objects: what a thread's last failed call says about itself.
#include "combase.h"

enum field { SOURCE, DESCRIPTION, HELP_FILE, FIELDS };

struct error_info {
    ICreateErrorInfo creator;
    IErrorInfo information;
    LONG references;
    GUID interface_id;
    DWORD help_context;
    WCHAR *texts[FIELDS];
};

static struct error_info *of_creator(ICreateErrorInfo *self)
{
    return (struct error_info *)self;
}

static struct error_info *of_information(IErrorInfo *self)
{
    return (struct error_info *)((char *)self - offsetof(struct error_info, information));
}

static HRESULT query(struct error_info *info, REFIID id, void **result)
{
    *result = NULL;
    if (same_id(id, &IID_IUnknown) || same_id(id, &IID_ICreateErrorInfo)) *result = &info->creator;
    if (same_id(id, &IID_IErrorInfo)) *result = &info->information;
    if (!*result) return E_NOINTERFACE;
    InterlockedIncrement(&info->references);
    return S_OK;
}

static ULONG release(struct error_info *info)
{
    LONG left = InterlockedDecrement(&info->references);
    if (left) return (ULONG)left;
    for (int i = 0; i < FIELDS; i++) CoTaskMemFree(info->texts[i]);
    CoTaskMemFree(info);
    return 0;
}

static HRESULT WINAPI query_creator(ICreateErrorInfo *self, REFIID id, void **result)
{
    return query(of_creator(self), id, result);
}

static ULONG WINAPI reference_creator(ICreateErrorInfo *self)
{
    return (ULONG)InterlockedIncrement(&of_creator(self)->references);
}

static ULONG WINAPI release_creator(ICreateErrorInfo *self)
{
    return release(of_creator(self));
}

static HRESULT set_text(struct error_info *info, enum field field, const WCHAR *text)
{
    WCHAR *copy = NULL;
    if (text) {
        SIZE_T size = ((SIZE_T)lstrlenW(text) + 1) * sizeof(WCHAR);
        copy = CoTaskMemAlloc(size);
        if (!copy) return E_OUTOFMEMORY;
        memcpy(copy, text, size);
    }
    CoTaskMemFree(info->texts[field]);
    info->texts[field] = copy;
    return S_OK;
}

static HRESULT WINAPI set_id(ICreateErrorInfo *self, REFGUID id)
{
    of_creator(self)->interface_id = *id;
    return S_OK;
}

static HRESULT WINAPI set_source(ICreateErrorInfo *self, LPOLESTR text)
{
    return set_text(of_creator(self), SOURCE, text);
}

static HRESULT WINAPI set_description(ICreateErrorInfo *self, LPOLESTR text)
{
    return set_text(of_creator(self), DESCRIPTION, text);
}

static HRESULT WINAPI set_help_file(ICreateErrorInfo *self, LPOLESTR text)
{
    return set_text(of_creator(self), HELP_FILE, text);
}

static HRESULT WINAPI set_help_context(ICreateErrorInfo *self, DWORD context)
{
    of_creator(self)->help_context = context;
    return S_OK;
}

static HRESULT WINAPI query_information(IErrorInfo *self, REFIID id, void **result)
{
    return query(of_information(self), id, result);
}

static ULONG WINAPI reference_information(IErrorInfo *self)
{
    return (ULONG)InterlockedIncrement(&of_information(self)->references);
}

static ULONG WINAPI release_information(IErrorInfo *self)
{
    return release(of_information(self));
}

static HRESULT WINAPI get_id(IErrorInfo *self, GUID *id)
{
    if (!id) return E_INVALIDARG;
    *id = of_information(self)->interface_id;
    return S_OK;
}

// BSTRs are oleaut32's: it is loaded when one is asked for.
static HRESULT get_text(IErrorInfo *self, enum field field, BSTR *result)
{
    const WCHAR *text = of_information(self)->texts[field];
    if (!result) return E_INVALIDARG;
    *result = NULL;
    if (!text) return S_OK;
    BSTR(WINAPI * allocate)
    (const WCHAR *) = (void *)GetProcAddress(LoadLibraryW(L"oleaut32.dll"), "SysAllocString");
    if (allocate) *result = allocate(text);
    return *result ? S_OK : E_OUTOFMEMORY;
}

static HRESULT WINAPI get_source(IErrorInfo *self, BSTR *result)
{
    return get_text(self, SOURCE, result);
}

static HRESULT WINAPI get_description(IErrorInfo *self, BSTR *result)
{
    return get_text(self, DESCRIPTION, result);
}

static HRESULT WINAPI get_help_file(IErrorInfo *self, BSTR *result)
{
    return get_text(self, HELP_FILE, result);
}

static HRESULT WINAPI get_help_context(IErrorInfo *self, DWORD *context)
{
    if (!context) return E_INVALIDARG;
    *context = of_information(self)->help_context;
    return S_OK;
}

HOTPATCH HRESULT WINAPI CreateErrorInfo(ICreateErrorInfo **result)
{
    static ICreateErrorInfoVtbl creator = {query_creator, reference_creator, release_creator,
                                           set_id,        set_source,        set_description,
                                           set_help_file, set_help_context};
    static IErrorInfoVtbl information = {
        query_information, reference_information, release_information, get_id,
        get_source,        get_description,       get_help_file,       get_help_context};
    if (!result) return E_INVALIDARG;
    struct error_info *info = CoTaskMemAlloc(sizeof(*info));
    if (!info) return E_OUTOFMEMORY;
    *info = (struct error_info){.creator = {&creator}, .information = {&information}, .references = 1};
    *result = &info->creator;
    return S_OK;
}

HOTPATCH HRESULT WINAPI SetErrorInfo(ULONG reserved, IErrorInfo *error)
{
    struct thread_state *state = thread_state(true);
    if (reserved) return E_INVALIDARG;
    if (!state) return E_OUTOFMEMORY;
    IErrorInfo *old = state->error;
    if (error) IErrorInfo_AddRef(error);
    state->error = error;
    if (old) IErrorInfo_Release(old);
    return S_OK;
}

// The thread's error, which it has no more then.
HOTPATCH HRESULT WINAPI GetErrorInfo(ULONG reserved, IErrorInfo **result)
{
    struct thread_state *state = thread_state(false);
    if (reserved || !result) return E_INVALIDARG;
    *result = state ? state->error : NULL;
    if (!*result) return S_FALSE;
    state->error = NULL;
    return S_OK;
}
