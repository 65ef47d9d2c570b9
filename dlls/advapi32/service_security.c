// Security descriptors of services, kept where Windows has them: in the value Security of a service's key
// Security.
#include "service.h"
#include <sddl.h>

// What everybody gets who has set nothing (the documentation of service security and access rights).
static const WCHAR standard[] = L"O:SYG:SYD:(A;;CCLCSWRPWPDTLOCRRC;;;SY)(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;BA)"
                                L"(A;;CCLCSWLOCRRC;;;IU)(A;;CCLCSWLOCRRC;;;SU)";

// The self-relative descriptor of a service; the caller frees it with LocalFree.
static DWORD read_descriptor(const struct sc_object *object, void **descriptor)
{
    HKEY key;
    DWORD size = 0;
    *descriptor = NULL;
    if (!RegOpenKeyExW(object->key, L"Security", 0, KEY_READ, &key)) {
        RegGetValueW(key, NULL, L"Security", RRF_RT_REG_BINARY, NULL, NULL, &size);
        if (size && (*descriptor = LocalAlloc(0, size)) &&
            RegGetValueW(key, NULL, L"Security", RRF_RT_REG_BINARY, NULL, *descriptor, &size))
            *descriptor = LocalFree(*descriptor);
        RegCloseKey(key);
    }
    if (*descriptor && IsValidSecurityDescriptor(*descriptor)) return ERROR_SUCCESS;
    if (*descriptor) LocalFree(*descriptor);
    return ConvertStringSecurityDescriptorToSecurityDescriptorW(standard, SDDL_REVISION_1, descriptor, NULL)
               ? ERROR_SUCCESS
               : GetLastError();
}

static DWORD write_descriptor(const struct sc_object *object, void *descriptor)
{
    HKEY key;
    DWORD error = (DWORD)RegCreateKeyExW(object->key, L"Security", 0, NULL, 0, KEY_WRITE, NULL, &key, NULL);
    if (error) return error;
    error = (DWORD)RegSetValueExW(key, L"Security", 0, REG_BINARY, descriptor,
                                  GetSecurityDescriptorLength(descriptor));
    RegCloseKey(key);
    return error;
}

static ACCESS_MASK access_to_set(SECURITY_INFORMATION information)
{
    ACCESS_MASK access = 0;
    if (information & (OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION)) access |= WRITE_OWNER;
    if (information & DACL_SECURITY_INFORMATION) access |= WRITE_DAC;
    if (information & SACL_SECURITY_INFORMATION) access |= ACCESS_SYSTEM_SECURITY;
    return access;
}

HOTPATCH BOOL WINAPI QueryServiceObjectSecurity(SC_HANDLE handle, SECURITY_INFORMATION information,
                                                PSECURITY_DESCRIPTOR out, DWORD size, DWORD *needed)
{
    void *whole;
    struct sc_object *object AUTO_SC = sc_resolve(handle, SC_KIND_SERVICE, READ_CONTROL);
    if (!object) return FALSE;
    if (!needed) return fail_with(ERROR_INVALID_ADDRESS);
    DWORD error = read_descriptor(object, &whole);
    if (error) return fail_with(error);
    BOOL done = GetPrivateObjectSecurity(whole, information, out, size, needed);
    error = GetLastError();
    LocalFree(whole);
    return done ? TRUE : fail_with(error);
}

HOTPATCH BOOL WINAPI SetServiceObjectSecurity(SC_HANDLE handle, SECURITY_INFORMATION information,
                                              PSECURITY_DESCRIPTOR change)
{
    static GENERIC_MAPPING mapping = {SERVICE_QUERY_STATUS, SERVICE_CHANGE_CONFIG, SERVICE_START,
                                      SERVICE_ALL_ACCESS};
    void *local, *whole;
    struct sc_object *object AUTO_SC = sc_resolve(handle, SC_KIND_SERVICE, access_to_set(information));
    if (!object) return FALSE;
    if (!IsValidSecurityDescriptor(change)) return fail_with(ERROR_INVALID_SECURITY_DESCR);
    DWORD error = read_descriptor(object, &local);
    if (error) return fail_with(error);
    // The merging function keeps descriptors on the process heap.
    DWORD size = GetSecurityDescriptorLength(local);
    whole = heap_alloc(size);
    if (whole) memcpy(whole, local, size);
    LocalFree(local);
    if (!whole) return FALSE;
    if (!SetPrivateObjectSecurity(information, change, &whole, &mapping, NULL))
        error = GetLastError();
    else
        error = write_descriptor(object, whole);
    heap_free(whole);
    return error ? fail_with(error) : TRUE;
}
