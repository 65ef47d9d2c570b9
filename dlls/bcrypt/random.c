// Random bytes.
#include "cng.h"

HOTPATCH NTSTATUS WINAPI BCryptGenRandom(BCRYPT_ALG_HANDLE handle, UCHAR *buffer, ULONG size, ULONG flags)
{
    if (flags & ~(ULONG)(BCRYPT_RNG_USE_ENTROPY_IN_BUFFER | BCRYPT_USE_SYSTEM_PREFERRED_RNG))
        return STATUS_INVALID_PARAMETER;
    bool system = flags & BCRYPT_USE_SYSTEM_PREFERRED_RNG;
    if (!system) {
        struct cng_algorithm *algorithm AUTO_CNG = cng_resolve(handle, CNG_ALGORITHM);
        if (!algorithm || algorithm->info->family != FAMILY_RNG) return STATUS_INVALID_HANDLE;
    } else if (handle) {
        return STATUS_INVALID_PARAMETER; // documented: NULL with this flag
    }
    if (!buffer) return STATUS_INVALID_PARAMETER;
    // The kernel's generator needs no entropy of the caller's.
    return LowlandRandom(buffer, size);
}
