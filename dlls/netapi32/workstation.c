// This machine as a workstation and as a server, who is logged on, and the domain that it isn't in.
#include "packed.h"
#include <dsrole.h>

static RTL_OSVERSIONINFOEXW version(void)
{
    RTL_OSVERSIONINFOEXW info = {.dwOSVersionInfoSize = sizeof(info)};
    RtlGetVersion((void *)&info);
    return info;
}

HOTPATCH NET_API_STATUS WINAPI NetWkstaGetInfo(LPWSTR server, DWORD level, LPBYTE *buffer)
{
    RTL_OSVERSIONINFOEXW os = version();
    WCHAR name[NAME_ROOM];
    struct packed packed = {};
    // Levels 100 to 102 begin alike.
    WKSTA_INFO_102 info = {
        .wki102_platform_id = PLATFORM_ID_NT,
        .wki102_ver_major = os.dwMajorVersion,
        .wki102_ver_minor = os.dwMinorVersion,
        .wki102_logged_on_users = 1,
    };
    if (!is_local(server)) return ERROR_BAD_NETPATH;
    if (!buffer) return ERROR_INVALID_PARAMETER;
    if (level < 100 || level > 102) return ERROR_INVALID_LEVEL;
    computer_name(name);
    packed_text(&packed, &info.wki102_computername, name);
    packed_text(&packed, &info.wki102_langroup, WORKGROUP);
    if (level > 100) packed_text(&packed, &info.wki102_lanroot, L"");
    size_t size = level == 100   ? sizeof(WKSTA_INFO_100)
                  : level == 101 ? sizeof(WKSTA_INFO_101)
                                 : sizeof(WKSTA_INFO_102);
    return packed_finish(&packed, &info, size, buffer);
}

HOTPATCH NET_API_STATUS WINAPI NetWkstaUserGetInfo(LPWSTR reserved, DWORD level, LPBYTE *buffer)
{
    WCHAR user[NAME_ROOM], computer[NAME_ROOM];
    DWORD size = NAME_ROOM;
    struct packed packed = {};
    WKSTA_USER_INFO_1 info = {};
    WKSTA_USER_INFO_1101 other = {};
    if (reserved || !buffer) return ERROR_INVALID_PARAMETER;
    if (!GetUserNameW(user, &size)) return GetLastError();
    computer_name(computer);
    switch (level) {
    case 0:
    case 1:
        packed_text(&packed, &info.wkui1_username, user);
        if (level) {
            packed_text(&packed, &info.wkui1_logon_domain, computer);
            packed_text(&packed, &info.wkui1_oth_domains, L"");
            packed_text(&packed, &info.wkui1_logon_server, computer);
        }
        return packed_finish(&packed, &info, level ? sizeof(WKSTA_USER_INFO_1) : sizeof(WKSTA_USER_INFO_0),
                             buffer);
    case 1101:
        packed_text(&packed, &other.wkui1101_oth_domains, L"");
        return packed_finish(&packed, &other, sizeof(other), buffer);
    default: return ERROR_INVALID_LEVEL;
    }
}

HOTPATCH NET_API_STATUS WINAPI NetServerGetInfo(LPWSTR server, DWORD level, LPBYTE *buffer)
{
    RTL_OSVERSIONINFOEXW os = version();
    WCHAR name[NAME_ROOM];
    struct packed packed = {};
    SERVER_INFO_101 info = {
        .sv101_platform_id = PLATFORM_ID_NT,
        .sv101_version_major = os.dwMajorVersion,
        .sv101_version_minor = os.dwMinorVersion,
        .sv101_type = SV_TYPE_WORKSTATION | SV_TYPE_NT,
    };
    if (!is_local(server)) return ERROR_BAD_NETPATH;
    if (!buffer) return ERROR_INVALID_PARAMETER;
    if (level != 100 && level != 101) return ERROR_INVALID_LEVEL;
    computer_name(name);
    packed_text(&packed, &info.sv101_name, name);
    if (level == 101) packed_text(&packed, &info.sv101_comment, L"");
    return packed_finish(&packed, &info, level == 100 ? sizeof(SERVER_INFO_100) : sizeof(info), buffer);
}

HOTPATCH NET_API_STATUS WINAPI NetGetJoinInformation(LPCWSTR server, LPWSTR *name, PNETSETUP_JOIN_STATUS type)
{
    void *buffer;
    if (!is_local(server)) return ERROR_BAD_NETPATH;
    if (!name || !type) return ERROR_INVALID_PARAMETER;
    NET_API_STATUS status = NetApiBufferAllocate(sizeof(WORKGROUP), &buffer);
    if (status) return status;
    memcpy(buffer, WORKGROUP, sizeof(WORKGROUP));
    *name = buffer;
    *type = NetSetupWorkgroupName;
    return NERR_Success;
}

HOTPATCH DWORD WINAPI DsRoleGetPrimaryDomainInformation(LPCWSTR server,
                                                        DSROLE_PRIMARY_DOMAIN_INFO_LEVEL level, PBYTE *buffer)
{
    struct packed packed = {};
    if (!buffer) return ERROR_INVALID_PARAMETER;
    if (!is_local(server)) return ERROR_BAD_NETPATH;
    if (level == DsRolePrimaryDomainInfoBasic) {
        DSROLE_PRIMARY_DOMAIN_INFO_BASIC info = {.MachineRole = DsRole_RoleStandaloneWorkstation};
        packed_text(&packed, &info.DomainNameFlat, WORKGROUP);
        return packed_finish(&packed, &info, sizeof(info), buffer);
    }
    if (level == DsRoleUpgradeStatus) {
        const DSROLE_UPGRADE_STATUS_INFO info = {};
        return packed_finish(&packed, &info, sizeof(info), buffer);
    }
    if (level == DsRoleOperationState) {
        const DSROLE_OPERATION_STATE_INFO info = {.OperationState = DsRoleOperationIdle};
        return packed_finish(&packed, &info, sizeof(info), buffer);
    }
    return ERROR_INVALID_PARAMETER;
}

HOTPATCH void WINAPI DsRoleFreeMemory(PVOID buffer)
{
    NetApiBufferFree(buffer);
}
