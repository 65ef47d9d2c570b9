// Apartments: which threads have entered COM, and how.
#include "combase.h"

static DWORD slot = TLS_OUT_OF_INDEXES;
static LONG multithreaded, single_threaded; // how many threads are in such apartments
static LONG main_thread;                    // of the first single-threaded apartment
static LONG server_references;

struct thread_state *thread_state(bool create)
{
    struct thread_state *state = TlsGetValue(slot);
    if (state || !create) return state;
    state = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*state));
    if (state) TlsSetValue(slot, state);
    return state;
}

DWORD current_apartment(void)
{
    const struct thread_state *state = thread_state(false);
    if (state && state->count) return state->apartment & COINIT_APARTMENTTHREADED ? state->id : MULTITHREADED;
    return multithreaded ? MULTITHREADED : 0; // such a thread counts as in the multithreaded one
}

static void enter(struct thread_state *state)
{
    static LONG last_id;
    if (!(state->apartment & COINIT_APARTMENTTHREADED)) {
        InterlockedIncrement(&multithreaded);
        return;
    }
    // The thread's own identifier would name the next apartment, too.
    state->id = (DWORD)InterlockedIncrement(&last_id);
    InterlockedIncrement(&single_threaded);
    InterlockedCompareExchange(&main_thread, (LONG)GetCurrentThreadId(), 0);
}

// The thread still counts as in its apartment while that lets its class objects go.
static void leave(struct thread_state *state)
{
    if (state->apartment & COINIT_APARTMENTTHREADED) {
        forget_classes(state->id);
        InterlockedCompareExchange(&main_thread, 0, (LONG)GetCurrentThreadId());
        InterlockedDecrement(&single_threaded);
    } else if (!InterlockedDecrement(&multithreaded)) {
        forget_classes(MULTITHREADED);
    }
    state->count = 0;
}

HOTPATCH HRESULT WINAPI CoInitializeEx(LPVOID reserved, DWORD how)
{
    struct thread_state *state = thread_state(true);
    if (reserved ||
        how & ~(DWORD)(COINIT_APARTMENTTHREADED | COINIT_DISABLE_OLE1DDE | COINIT_SPEED_OVER_MEMORY))
        return E_INVALIDARG;
    if (!state) return E_OUTOFMEMORY;
    if (state->count && (state->apartment ^ how) & COINIT_APARTMENTTHREADED) return RPC_E_CHANGED_MODE;
    if (state->count++) return S_FALSE;
    state->apartment = how;
    enter(state);
    return S_OK;
}

HOTPATCH void WINAPI CoUninitialize(void)
{
    struct thread_state *state = thread_state(false);
    if (!state || !state->count) return;
    if (state->count > 1) {
        state->count--;
        return;
    }
    leave(state);
    // The last one out of the process lets its servers go.
    if (!multithreaded && !single_threaded) CoFreeUnusedLibraries();
}

HOTPATCH HRESULT WINAPI CoGetApartmentType(APTTYPE *type, APTTYPEQUALIFIER *qualifier)
{
    const struct thread_state *state = thread_state(false);
    if (!type || !qualifier) return E_INVALIDARG;
    *type = APTTYPE_CURRENT;
    *qualifier = APTTYPEQUALIFIER_NONE;
    if (state && state->count) {
        if (!(state->apartment & COINIT_APARTMENTTHREADED))
            *type = APTTYPE_MTA;
        else
            *type = main_thread == (LONG)GetCurrentThreadId() ? APTTYPE_MAINSTA : APTTYPE_STA;
        return S_OK;
    }
    if (!multithreaded) return CO_E_NOTINITIALIZED;
    *type = APTTYPE_MTA;
    *qualifier = APTTYPEQUALIFIER_IMPLICIT_MTA;
    return S_OK;
}

HOTPATCH DWORD WINAPI CoGetCurrentProcess(void)
{
    return GetCurrentProcessId();
}

// How many reasons the process has to live on as a server.
HOTPATCH ULONG WINAPI CoAddRefServerProcess(void)
{
    return (ULONG)InterlockedIncrement(&server_references);
}

HOTPATCH ULONG WINAPI CoReleaseServerProcess(void)
{
    LONG left = InterlockedDecrement(&server_references);
    if (!left) CoSuspendClassObjects();
    return (ULONG)left;
}

// What a program demands of calls from other processes, which there are none of.
HOTPATCH HRESULT WINAPI CoInitializeSecurity(PSECURITY_DESCRIPTOR descriptor, LONG services,
                                             SOLE_AUTHENTICATION_SERVICE *list, void *reserved,
                                             DWORD authentication, DWORD impersonation, void *authentications,
                                             DWORD capabilities, void *reserved_too)
{
    static LONG done;
    (void)descriptor, (void)services, (void)list, (void)authentication, (void)impersonation,
        (void)authentications, (void)capabilities;
    if (reserved || reserved_too) return E_INVALIDARG;
    if (!current_apartment()) return CO_E_NOTINITIALIZED;
    return InterlockedExchange(&done, 1) ? RPC_E_TOO_LATE : S_OK;
}

static void end_thread(void)
{
    struct thread_state *state = thread_state(false);
    if (!state) return;
    if (state->error) IErrorInfo_Release(state->error);
    if (state->count) leave(state);
    TlsSetValue(slot, NULL);
    HeapFree(GetProcessHeap(), 0, state);
}

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID process_ends)
{
    (void)module;
    if (reason == DLL_PROCESS_ATTACH) {
        slot = TlsAlloc();
        return slot != TLS_OUT_OF_INDEXES;
    }
    if (reason == DLL_THREAD_DETACH) end_thread();
    if (reason == DLL_PROCESS_DETACH && !process_ends) TlsFree(slot);
    return TRUE;
}
