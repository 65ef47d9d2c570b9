// Random numbers: RtlGenRandom, and of the cryptography API what generates them.
#include "ntdll.h"
#include "nt/nt.h"
#include <wincrypt.h>

// RtlGenRandom's exported name.
HOTPATCH BOOLEAN WINAPI SystemFunction036(void *buffer, ULONG length)
{
    return NT_SUCCESS(LowlandRandom(buffer, length));
}

// A provider handle: only that it is one is known of it. Containers of keys do not exist.
#define PROVIDER_SIGNATURE 0x564F5250u

struct provider {
    DWORD signature;
    LONG references;
};

static struct provider *provider_of(HCRYPTPROV handle)
{
    struct provider *provider = (struct provider *)handle;
    if (provider && !IsBadReadPtr(provider, sizeof(*provider)) && provider->signature == PROVIDER_SIGNATURE)
        return provider;
    SetLastError(ERROR_INVALID_PARAMETER);
    return NULL;
}

HOTPATCH BOOL WINAPI CryptAcquireContextW(HCRYPTPROV *handle, const WCHAR *container, const WCHAR *name,
                                          DWORD type, DWORD flags)
{
    (void)container, (void)name;
    if (!handle || !type) {
        SetLastError(handle ? (DWORD)NTE_BAD_PROV_TYPE : ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    // Without CRYPT_VERIFYCONTEXT or CRYPT_NEWKEYSET a container of keys must be there already.
    if (!(flags & (CRYPT_VERIFYCONTEXT | CRYPT_NEWKEYSET)) || (flags & CRYPT_DELETEKEYSET)) {
        SetLastError((DWORD)NTE_BAD_KEYSET);
        return FALSE;
    }
    struct provider *provider = HeapAlloc(GetProcessHeap(), 0, sizeof(*provider));
    if (!provider) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return FALSE;
    }
    *provider = (struct provider){PROVIDER_SIGNATURE, 1};
    *handle = (HCRYPTPROV)provider;
    return TRUE;
}

HOTPATCH BOOL WINAPI CryptAcquireContextA(HCRYPTPROV *handle, const char *container, const char *name,
                                          DWORD type, DWORD flags)
{
    return CryptAcquireContextW(handle, container ? L"" : NULL, name ? L"" : NULL, type, flags);
}

HOTPATCH BOOL WINAPI CryptReleaseContext(HCRYPTPROV handle, DWORD flags)
{
    struct provider *provider = provider_of(handle);
    if (!provider) return FALSE;
    if (flags) {
        SetLastError((DWORD)NTE_BAD_FLAGS);
        return FALSE;
    }
    if (!__atomic_sub_fetch(&provider->references, 1, __ATOMIC_ACQ_REL)) {
        provider->signature = 0;
        HeapFree(GetProcessHeap(), 0, provider);
    }
    return TRUE;
}

HOTPATCH BOOL WINAPI CryptContextAddRef(HCRYPTPROV handle, DWORD *reserved, DWORD flags)
{
    struct provider *provider = provider_of(handle);
    (void)reserved, (void)flags;
    if (!provider) return FALSE;
    __atomic_add_fetch(&provider->references, 1, __ATOMIC_RELAXED);
    return TRUE;
}

HOTPATCH BOOL WINAPI CryptGenRandom(HCRYPTPROV handle, DWORD length, BYTE *buffer)
{
    if (!provider_of(handle)) return FALSE;
    NTSTATUS status = LowlandRandom(buffer, length);
    if (NT_SUCCESS(status)) return TRUE;
    SetLastError(RtlNtStatusToDosError(status));
    return FALSE;
}
