// Class objects: those that the process registered, those of in-process servers in the registry, and
// instances by them.
#include "combase.h"

#define CLASS_KEY L"CLSID\\{00000000-0000-0000-0000-000000000000}\\"

static struct registered {
    struct registered *next;
    CLSID class;
    IUnknown *object;
    DWORD context, cookie, apartment;
    bool suspended, single_use, taken; // taken: by its single user
} * registered_classes;

static struct library {
    struct library *next;
    HMODULE module;
} * libraries;

static SRWLOCK lock = SRWLOCK_INIT;

typedef HRESULT(WINAPI *get_class_function)(REFCLSID, REFIID, void **);

HOTPATCH HRESULT WINAPI CoRegisterClassObject(REFCLSID class, LPUNKNOWN object, DWORD context, DWORD flags,
                                              LPDWORD cookie)
{
    static LONG last_cookie;
    if (!cookie || !object) return E_INVALIDARG;
    *cookie = 0;
    DWORD apartment = current_apartment();
    if (!apartment) return CO_E_NOTINITIALIZED;
    struct registered *entry = HeapAlloc(GetProcessHeap(), 0, sizeof(*entry));
    if (!entry) return E_OUTOFMEMORY;
    *entry =
        (struct registered){.class = *class, .object = object, .context = context, .apartment = apartment};
    entry->suspended = flags & REGCLS_SUSPENDED;
    entry->single_use =
        context & CLSCTX_LOCAL_SERVER && !(flags & (REGCLS_MULTIPLEUSE | REGCLS_MULTI_SEPARATE));
    if (flags & REGCLS_MULTIPLEUSE && context & CLSCTX_LOCAL_SERVER) entry->context |= CLSCTX_INPROC_SERVER;
    *cookie = entry->cookie = (DWORD)InterlockedIncrement(&last_cookie);
    IUnknown_AddRef(object);
    AcquireSRWLockExclusive(&lock);
    entry->next = registered_classes;
    registered_classes = entry;
    ReleaseSRWLockExclusive(&lock);
    return S_OK;
}

HOTPATCH HRESULT WINAPI CoRevokeClassObject(DWORD cookie)
{
    DWORD apartment = current_apartment();
    HRESULT status = E_INVALIDARG;
    struct registered *found = NULL;
    if (!apartment) return CO_E_NOTINITIALIZED;
    AcquireSRWLockExclusive(&lock);
    for (struct registered **at = &registered_classes; *at; at = &(*at)->next) {
        if ((*at)->cookie != cookie) continue;
        status = (*at)->apartment == apartment ? S_OK : RPC_E_WRONG_THREAD;
        if (FAILED(status)) break;
        found = *at;
        *at = found->next;
        break;
    }
    ReleaseSRWLockExclusive(&lock);
    if (!found) return status;
    IUnknown_Release(found->object);
    HeapFree(GetProcessHeap(), 0, found);
    return S_OK;
}

void forget_classes(DWORD apartment)
{
    for (;;) {
        struct registered *found = NULL;
        AcquireSRWLockExclusive(&lock);
        for (struct registered **at = &registered_classes; *at; at = &(*at)->next) {
            if ((*at)->apartment != apartment) continue;
            found = *at;
            *at = found->next;
            break;
        }
        ReleaseSRWLockExclusive(&lock);
        if (!found) return;
        IUnknown_Release(found->object);
        HeapFree(GetProcessHeap(), 0, found);
    }
}

static HRESULT suspend_all(bool suspended)
{
    AcquireSRWLockExclusive(&lock);
    for (struct registered *at = registered_classes; at; at = at->next) at->suspended = suspended;
    ReleaseSRWLockExclusive(&lock);
    return S_OK;
}

HOTPATCH HRESULT WINAPI CoSuspendClassObjects(void)
{
    return suspend_all(true);
}

HOTPATCH HRESULT WINAPI CoResumeClassObjects(void)
{
    return suspend_all(false);
}

// With a reference of its own; NULL: the process has registered no such class for this apartment.
static IUnknown *find_registered(REFCLSID class, DWORD context)
{
    IUnknown *object = NULL;
    DWORD apartment = current_apartment();
    AcquireSRWLockExclusive(&lock);
    for (struct registered *at = registered_classes; at && !object; at = at->next) {
        if (!same_id(&at->class, class) || !(at->context & context) || at->suspended || at->taken ||
            at->apartment != apartment)
            continue;
        object = at->object;
        at->taken = at->single_use && !(at->context & context & CLSCTX_INPROC_SERVER);
    }
    if (object) IUnknown_AddRef(object);
    ReleaseSRWLockExclusive(&lock);
    return object;
}

HOTPATCH HINSTANCE WINAPI CoLoadLibrary(LPOLESTR path, BOOL automatic)
{
    (void)automatic;
    return LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
}

HOTPATCH void WINAPI CoFreeLibrary(HINSTANCE module)
{
    FreeLibrary(module);
}

// Keeps one reference to each library that has served, until it says that it is unused.
static void remember_library(HMODULE module)
{
    struct library *entry = HeapAlloc(GetProcessHeap(), 0, sizeof(*entry)), *at;
    AcquireSRWLockExclusive(&lock);
    for (at = libraries; at && at->module != module; at = at->next) {
    }
    if (!at && entry) {
        *entry = (struct library){libraries, module};
        libraries = entry;
    }
    ReleaseSRWLockExclusive(&lock);
    if (!at) return;
    FreeLibrary(module);
    HeapFree(GetProcessHeap(), 0, entry);
}

static HMODULE take_library(void)
{
    AcquireSRWLockExclusive(&lock);
    struct library *first = libraries;
    if (first) libraries = first->next;
    ReleaseSRWLockExclusive(&lock);
    HMODULE module = first ? first->module : NULL;
    if (first) HeapFree(GetProcessHeap(), 0, first);
    return module;
}

// The servers are asked without the lock held: they are the program's code.
HOTPATCH void WINAPI CoFreeUnusedLibrariesEx(DWORD delay, DWORD reserved)
{
    HMODULE used[64], module;
    int count = 0;
    (void)delay, (void)reserved;
    while (count < 64 && (module = take_library())) {
        HRESULT(WINAPI * can_unload)(void) = (void *)GetProcAddress(module, "DllCanUnloadNow");
        if (can_unload && can_unload() == S_OK)
            FreeLibrary(module);
        else
            used[count++] = module;
    }
    while (count) remember_library(used[--count]);
}

HOTPATCH void WINAPI CoFreeUnusedLibraries(void)
{
    CoFreeUnusedLibrariesEx(INFINITE, 0);
}

// "CLSID\{...}\" and what follows.
static void class_key(REFCLSID class, const WCHAR *below, WCHAR *key)
{
    lstrcpyW(key, CLASS_KEY);
    StringFromGUID2(class, key + 6, 39);
    key[44] = '\\';
    lstrcpyW(key + 45, below);
}

HOTPATCH HRESULT WINAPI CoGetTreatAsClass(REFCLSID class, LPCLSID result)
{
    WCHAR key[80], text[40];
    DWORD size = sizeof(text);
    CLSID other;
    if (!class || !result) return E_INVALIDARG;
    *result = *class;
    class_key(class, L"TreatAs", key);
    if (RegGetValueW(HKEY_CLASSES_ROOT, key, NULL, RRF_RT_REG_SZ, NULL, text, &size)) return S_FALSE;
    if (FAILED(CLSIDFromString(text, &other))) return S_FALSE;
    *result = other;
    return S_OK;
}

static HRESULT from_server(REFCLSID class, const WCHAR *kind, REFIID id, void **result)
{
    WCHAR key[80], path[MAX_PATH];
    DWORD size = sizeof(path);
    class_key(class, kind, key);
    if (RegGetValueW(HKEY_CLASSES_ROOT, key, NULL, RRF_RT_REG_SZ, NULL, path, &size))
        return REGDB_E_CLASSNOTREG;
    HMODULE module = CoLoadLibrary(path, TRUE);
    if (!module) return HRESULT_FROM_WIN32(GetLastError());
    get_class_function get_class = (get_class_function)(void *)GetProcAddress(module, "DllGetClassObject");
    if (!get_class) {
        FreeLibrary(module);
        return CO_E_ERRORINDLL;
    }
    HRESULT status = get_class(class, id, result);
    if (SUCCEEDED(status))
        remember_library(module);
    else
        FreeLibrary(module);
    return status;
}

HOTPATCH HRESULT WINAPI CoGetClassObject(REFCLSID class, DWORD context, LPVOID server, REFIID id,
                                         LPVOID *result)
{
    CLSID treated;
    if (!result) return E_INVALIDARG;
    *result = NULL;
    if (!current_apartment()) return CO_E_NOTINITIALIZED;
    // Other computers, and servers of other processes, can't be reached.
    if (server && !(context & (CLSCTX_INPROC | CLSCTX_LOCAL_SERVER))) return REGDB_E_CLASSNOTREG;
    IUnknown *registered = find_registered(class, context);
    if (registered) {
        HRESULT status = IUnknown_QueryInterface(registered, id, result);
        IUnknown_Release(registered);
        return status;
    }
    CoGetTreatAsClass(class, &treated);
    HRESULT status = REGDB_E_CLASSNOTREG;
    if (context & CLSCTX_INPROC_SERVER) status = from_server(&treated, L"InprocServer32", id, result);
    if (status == REGDB_E_CLASSNOTREG && context & CLSCTX_INPROC_HANDLER)
        status = from_server(&treated, L"InprocHandler32", id, result);
    return status;
}

HOTPATCH HRESULT WINAPI CoCreateInstance(REFCLSID class, LPUNKNOWN outer, DWORD context, REFIID id,
                                         LPVOID *result)
{
    IClassFactory *factory;
    if (!result) return E_POINTER;
    *result = NULL;
    if (!current_apartment()) return CO_E_NOTINITIALIZED;
    if (same_id(class, &CLSID_StdGlobalInterfaceTable)) return get_interface_table(id, result);
    HRESULT status = CoGetClassObject(class, context, NULL, &IID_IClassFactory, (void **)&factory);
    if (FAILED(status)) return status;
    status = IClassFactory_CreateInstance(factory, outer, id, result);
    IClassFactory_Release(factory);
    if (FAILED(status)) *result = NULL;
    return status;
}

HOTPATCH HRESULT WINAPI CoCreateInstanceEx(REFCLSID class, IUnknown *outer, DWORD context,
                                           COSERVERINFO *server, DWORD count, MULTI_QI *results)
{
    IUnknown *object;
    DWORD found = 0;
    (void)server;
    if (!count || !results) return E_INVALIDARG;
    for (DWORD i = 0; i < count; i++) results[i].pItf = NULL, results[i].hr = E_NOINTERFACE;
    HRESULT status = CoCreateInstance(class, outer, context, &IID_IUnknown, (void **)&object);
    if (FAILED(status)) {
        for (DWORD i = 0; i < count; i++) results[i].hr = status;
        return status;
    }
    for (DWORD i = 0; i < count; i++) {
        results[i].hr = IUnknown_QueryInterface(object, results[i].pIID, (void **)&results[i].pItf);
        found += SUCCEEDED(results[i].hr);
    }
    IUnknown_Release(object);
    return found == count ? S_OK : found ? CO_S_NOTALLINTERFACES : E_NOINTERFACE;
}
