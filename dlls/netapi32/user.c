// The accounts of this machine: there is one, the user's own.
#include "packed.h"

static bool own_name(WCHAR name[NAME_ROOM])
{
    DWORD size = NAME_ROOM;
    return GetUserNameW(name, &size) != FALSE;
}

static bool own_sid(BYTE *sid)
{
    char user[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
    HANDLE token;
    DWORD size;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) return false;
    bool known = GetTokenInformation(token, TokenUser, user, sizeof(user), &size) &&
                 CopySid(SECURITY_MAX_SID_SIZE, sid, ((TOKEN_USER *)(void *)user)->User.Sid);
    CloseHandle(token);
    return known;
}

static DWORD own_id(void)
{
    BYTE sid[SECURITY_MAX_SID_SIZE];
    return own_sid(sid) ? *GetSidSubAuthority(sid, *GetSidSubAuthorityCount(sid) - 1u) : 0;
}

static void home_directory(WCHAR *path)
{
    DWORD length = GetEnvironmentVariableW(L"USERPROFILE", path, MAX_PATH);
    if (!length || length >= MAX_PATH) path[0] = 0;
}

enum { ACCOUNT_FLAGS = UF_SCRIPT | UF_NORMAL_ACCOUNT | UF_DONT_EXPIRE_PASSWD };

// Level 1 is the beginning of levels 2 and 3.
static NET_API_STATUS answer_account(DWORD level, const WCHAR *name, BYTE **buffer)
{
    struct packed packed = {};
    WCHAR home[MAX_PATH], server[] = L"\\\\*";
    USER_INFO_3 info = {.usri3_priv = USER_PRIV_ADMIN,
                        .usri3_flags = ACCOUNT_FLAGS,
                        .usri3_acct_expires = TIMEQ_FOREVER,
                        .usri3_max_storage = USER_MAXSTORAGE_UNLIMITED,
                        .usri3_bad_pw_count = 0,
                        .usri3_user_id = own_id(),
                        .usri3_primary_group_id = DOMAIN_GROUP_RID_USERS};
    home_directory(home);
    packed_text(&packed, &info.usri3_name, name);
    packed_text(&packed, &info.usri3_home_dir, home);
    packed_text(&packed, &info.usri3_comment, L"");
    packed_text(&packed, &info.usri3_script_path, L"");
    if (level == 1) return packed_finish(&packed, &info, sizeof(USER_INFO_1), buffer);
    packed_text(&packed, &info.usri3_full_name, L"");
    packed_text(&packed, &info.usri3_usr_comment, L"");
    packed_text(&packed, &info.usri3_parms, L"");
    packed_text(&packed, &info.usri3_workstations, L"");
    packed_text(&packed, &info.usri3_logon_server, server);
    if (level == 2) return packed_finish(&packed, &info, sizeof(USER_INFO_2), buffer);
    packed_text(&packed, &info.usri3_profile, L"");
    packed_text(&packed, &info.usri3_home_dir_drive, L"");
    return packed_finish(&packed, &info, sizeof(info), buffer);
}

static NET_API_STATUS answer_sid(const WCHAR *name, BYTE **buffer)
{
    struct packed packed = {};
    struct {
        USER_INFO_23 info;
        BYTE sid[SECURITY_MAX_SID_SIZE];
    } answer = {.info.usri23_flags = ACCOUNT_FLAGS};
    if (!own_sid(answer.sid)) return GetLastError();
    packed_text(&packed, &answer.info.usri23_name, name);
    packed_text(&packed, &answer.info.usri23_full_name, L"");
    packed_text(&packed, &answer.info.usri23_comment, L"");
    NET_API_STATUS status = packed_finish(&packed, &answer, sizeof(answer), buffer);
    if (!status) ((USER_INFO_23 *)(void *)*buffer)->usri23_user_sid = *buffer + sizeof(USER_INFO_23);
    return status;
}

static NET_API_STATUS answer_user(DWORD level, const WCHAR *name, BYTE **buffer)
{
    struct packed packed = {};
    USER_INFO_11 brief = {.usri11_priv = USER_PRIV_ADMIN, .usri11_max_storage = USER_MAXSTORAGE_UNLIMITED};
    USER_INFO_20 numbered = {.usri20_flags = ACCOUNT_FLAGS, .usri20_user_id = own_id()};
    switch (level) {
    case 0:
        packed_text(&packed, &brief.usri11_name, name);
        return packed_finish(&packed, &brief, sizeof(USER_INFO_0), buffer);
    case 1:
    case 2:
    case 3: return answer_account(level, name, buffer);
    case 10:
        packed_text(&packed, &brief.usri11_name, name);
        packed_text(&packed, &brief.usri11_comment, L"");
        packed_text(&packed, &brief.usri11_usr_comment, L"");
        packed_text(&packed, &brief.usri11_full_name, L"");
        return packed_finish(&packed, &brief, sizeof(USER_INFO_10), buffer);
    case 20:
        packed_text(&packed, &numbered.usri20_name, name);
        packed_text(&packed, &numbered.usri20_full_name, L"");
        packed_text(&packed, &numbered.usri20_comment, L"");
        return packed_finish(&packed, &numbered, sizeof(numbered), buffer);
    case 23: return answer_sid(name, buffer);
    default: return ERROR_INVALID_LEVEL;
    }
}

HOTPATCH NET_API_STATUS WINAPI NetUserGetInfo(LPCWSTR server, LPCWSTR user, DWORD level, LPBYTE *buffer)
{
    WCHAR name[NAME_ROOM];
    if (!user || !buffer) return ERROR_INVALID_PARAMETER;
    if (!is_local(server)) return NERR_InvalidComputer;
    if (!own_name(name)) return GetLastError();
    if (lstrcmpiW(user, name) != 0) return NERR_UserNotFound;
    return answer_user(level, name, buffer);
}

HOTPATCH NET_API_STATUS WINAPI NetUserEnum(LPCWSTR server, DWORD level, DWORD filter, LPBYTE *buffer,
                                           DWORD longest, LPDWORD read, LPDWORD total, LPDWORD resume)
{
    WCHAR name[NAME_ROOM];
    (void)longest; // one account fits
    if (!buffer || !read || !total) return ERROR_INVALID_PARAMETER;
    if (!is_local(server)) return NERR_InvalidComputer;
    if (!own_name(name)) return GetLastError();
    *buffer = NULL;
    *read = *total = 0;
    if (filter && !(filter & FILTER_NORMAL_ACCOUNT)) return NERR_Success;
    NET_API_STATUS status = answer_user(level, name, buffer);
    if (status) return status;
    *read = *total = 1;
    if (resume) *resume = 0;
    return NERR_Success;
}
