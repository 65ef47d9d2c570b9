// The Net functions about this machine and its user, and their buffers.
// link: -lnetapi32 -ladvapi32
#include <windows.h>
#include <lm.h>
#include <dsrole.h>
#include "tests/check.h"
#include <wchar.h>

static WCHAR user[256], computer[256];

static void buffers(void)
{
    void *buffer = NULL;
    DWORD size = 0;
    CHECK_EQUAL(NetApiBufferAllocate(100, &buffer), NERR_Success);
    CHECK_EQUAL(NetApiBufferSize(buffer, &size), NERR_Success);
    CHECK(size >= 100, "%lu", size);
    CHECK_EQUAL(NetApiBufferReallocate(buffer, 1000, &buffer), NERR_Success);
    NetApiBufferSize(buffer, &size);
    CHECK(size >= 1000, "%lu", size);
    CHECK_EQUAL(NetApiBufferFree(buffer), NERR_Success);
    CHECK_EQUAL(NetApiBufferFree(NULL), NERR_Success);
    CHECK_EQUAL(NetApiBufferAllocate(10, NULL), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(NetApiBufferSize(NULL, &size), ERROR_INVALID_PARAMETER);
}

static void workstation(void)
{
    WKSTA_INFO_102 *info = NULL;
    WKSTA_USER_INFO_1 *logged = NULL;
    SERVER_INFO_101 *server = NULL;
    CHECK_EQUAL(NetWkstaGetInfo(NULL, 102, (BYTE **)&info), NERR_Success);
    CHECK_EQUAL(info->wki102_platform_id, PLATFORM_ID_NT);
    CHECK(!_wcsicmp(info->wki102_computername, computer), "%ls", info->wki102_computername);
    CHECK_EQUAL(info->wki102_ver_major, 10);
    NetApiBufferFree(info);
    CHECK_EQUAL(NetWkstaGetInfo(computer, 100, (BYTE **)&info), NERR_Success);
    NetApiBufferFree(info);
    CHECK_EQUAL(NetWkstaGetInfo(NULL, 99, (BYTE **)&info), ERROR_INVALID_LEVEL);
    CHECK_EQUAL(NetWkstaUserGetInfo(NULL, 1, (BYTE **)&logged), NERR_Success);
    CHECK(!wcscmp(logged->wkui1_username, user), "%ls", logged->wkui1_username);
    CHECK(!_wcsicmp(logged->wkui1_logon_domain, computer), "%ls", logged->wkui1_logon_domain);
    NetApiBufferFree(logged);
    CHECK_EQUAL(NetWkstaUserGetInfo(NULL, 9999, (BYTE **)&logged), ERROR_INVALID_LEVEL);
    CHECK_EQUAL(NetServerGetInfo(NULL, 101, (BYTE **)&server), NERR_Success);
    CHECK(!_wcsicmp(server->sv101_name, computer), "%ls", server->sv101_name);
    NetApiBufferFree(server);
}

static void users(void)
{
    USER_INFO_3 *info = NULL;
    USER_INFO_23 *with_sid = NULL;
    USER_INFO_0 *all = NULL;
    DWORD read = 9, total = 9;
    WCHAR name[256], domain[256];
    DWORD name_size = 256, domain_size = 256;
    SID_NAME_USE use;
    CHECK_EQUAL(NetUserGetInfo(NULL, user, 3, (BYTE **)&info), NERR_Success);
    CHECK(!wcscmp(info->usri3_name, user), "%ls", info->usri3_name);
    CHECK(info->usri3_flags & UF_NORMAL_ACCOUNT, "%lx", info->usri3_flags);
    CHECK(!*info->usri3_comment && !*info->usri3_profile, "texts");
    NetApiBufferFree(info);
    CHECK_EQUAL(NetUserGetInfo(NULL, user, 23, (BYTE **)&with_sid), NERR_Success);
    CHECK(LookupAccountSidW(NULL, with_sid->usri23_user_sid, name, &name_size, domain, &domain_size, &use) &&
              !wcscmp(name, user),
          "%ls", name);
    NetApiBufferFree(with_sid);
    CHECK_EQUAL(NetUserGetInfo(NULL, L"nobody at all", 0, (BYTE **)&all), NERR_UserNotFound);
    CHECK_EQUAL(NetUserGetInfo(NULL, user, 10000, (BYTE **)&all), ERROR_INVALID_LEVEL);
    CHECK_EQUAL(
        NetUserEnum(NULL, 0, FILTER_NORMAL_ACCOUNT, (BYTE **)&all, MAX_PREFERRED_LENGTH, &read, &total, NULL),
        NERR_Success);
    CHECK(read == 1 && total == 1 && !wcscmp(all->usri0_name, user), "%lu of %lu", read, total);
    NetApiBufferFree(all);
}

static void membership(void)
{
    WCHAR *name = NULL;
    NETSETUP_JOIN_STATUS status = NetSetupUnknownStatus;
    DSROLE_PRIMARY_DOMAIN_INFO_BASIC *role = NULL;
    CHECK_EQUAL(NetGetJoinInformation(NULL, &name, &status), NERR_Success);
    CHECK_EQUAL(status, NetSetupWorkgroupName);
    CHECK(name && *name, "no name");
    NetApiBufferFree(name);
    CHECK_EQUAL(NetGetJoinInformation(NULL, NULL, &status), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(DsRoleGetPrimaryDomainInformation(NULL, DsRolePrimaryDomainInfoBasic, (BYTE **)&role), 0);
    CHECK_EQUAL(role->MachineRole, DsRole_RoleStandaloneWorkstation);
    DsRoleFreeMemory(role);
    CHECK_EQUAL(DsRoleGetPrimaryDomainInformation(NULL, 99, (BYTE **)&role), ERROR_INVALID_PARAMETER);
}

int main(void)
{
    DWORD size = 256;
    GetUserNameW(user, &size);
    size = 256;
    GetComputerNameW(computer, &size);
    buffers();
    workstation();
    users();
    membership();
    return check_summary();
}
