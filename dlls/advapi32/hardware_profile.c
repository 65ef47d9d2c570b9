// The hardware profile: there is one, of a machine that stands by itself. Its GUID tells machines apart, so
// that it is made once for each prefix and kept in the registry, where Windows has it.
#include "base.h"

BOOLEAN WINAPI SystemFunction036(void *buffer, ULONG length); // random.c

static const WCHAR profile_key[] = L"SYSTEM\\CurrentControlSet\\Control\\IDConfigDB\\Hardware Profiles\\0001";

static DWORD profile_guid(WCHAR text[HW_PROFILE_GUIDLEN])
{
    HKEY key;
    GUID guid;
    UNICODE_STRING string;
    DWORD size = HW_PROFILE_GUIDLEN * sizeof(WCHAR);
    if (!RegGetValueW(HKEY_LOCAL_MACHINE, profile_key, L"HwProfileGuid", RRF_RT_REG_SZ, NULL, text, &size))
        return ERROR_SUCCESS;
    if (!SystemFunction036(&guid, sizeof(guid))) return ERROR_GEN_FAILURE;
    guid.Data3 = (USHORT)((guid.Data3 & 0x0FFF) | 0x4000); // a random one
    guid.Data4[0] = (UCHAR)((guid.Data4[0] & 0x3F) | 0x80);
    if (!NT_SUCCESS(RtlStringFromGUID(&guid, &string))) return ERROR_NOT_ENOUGH_MEMORY;
    lstrcpynW(text, string.Buffer, HW_PROFILE_GUIDLEN);
    RtlFreeUnicodeString(&string);
    DWORD error =
        (DWORD)RegCreateKeyExW(HKEY_LOCAL_MACHINE, profile_key, 0, NULL, 0, KEY_SET_VALUE, NULL, &key, NULL);
    if (error) return error;
    error = (DWORD)RegSetValueExW(key, L"HwProfileGuid", 0, REG_SZ, (const BYTE *)text,
                                  HW_PROFILE_GUIDLEN * sizeof(WCHAR));
    RegCloseKey(key);
    return error;
}

HOTPATCH BOOL WINAPI GetCurrentHwProfileW(HW_PROFILE_INFOW *info)
{
    if (!info) return fail_with(ERROR_INVALID_PARAMETER);
    memset(info, 0, sizeof(*info));
    info->dwDockInfo = DOCKINFO_USER_UNDOCKED;
    lstrcpyW(info->szHwProfileName, L"Undocked Profile");
    DWORD error = profile_guid(info->szHwProfileGuid);
    return error ? fail_with(error) : TRUE;
}

HOTPATCH BOOL WINAPI GetCurrentHwProfileA(HW_PROFILE_INFOA *info)
{
    HW_PROFILE_INFOW wide;
    if (!info) return fail_with(ERROR_INVALID_PARAMETER);
    if (!GetCurrentHwProfileW(&wide)) return FALSE;
    info->dwDockInfo = wide.dwDockInfo;
    WideCharToMultiByte(CP_ACP, 0, wide.szHwProfileGuid, -1, info->szHwProfileGuid, HW_PROFILE_GUIDLEN, NULL,
                        NULL);
    WideCharToMultiByte(CP_ACP, 0, wide.szHwProfileName, -1, info->szHwProfileName, MAX_PROFILE_LEN, NULL,
                        NULL);
    return TRUE;
}
