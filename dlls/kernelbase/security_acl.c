// Access control lists and their entries.
#include "security.h"

HOTPATCH BOOL WINAPI InitializeAcl(PACL acl, DWORD size, DWORD revision)
{
    return bool_from_status(RtlCreateAcl(acl, size, revision));
}

HOTPATCH BOOL WINAPI IsValidAcl(PACL acl)
{
    BOOL valid = RtlValidAcl(acl);
    if (!valid) SetLastError(ERROR_INVALID_ACL);
    return valid;
}

HOTPATCH BOOL WINAPI GetAclInformation(PACL acl, void *buffer, DWORD length, ACL_INFORMATION_CLASS class)
{
    return bool_from_status(RtlQueryInformationAcl(acl, buffer, length, class));
}

HOTPATCH BOOL WINAPI SetAclInformation(PACL acl, void *buffer, DWORD length, ACL_INFORMATION_CLASS class)
{
    return bool_from_status(RtlSetInformationAcl(acl, buffer, length, class));
}

HOTPATCH BOOL WINAPI GetAce(PACL acl, DWORD index, void **ace)
{
    return bool_from_status(RtlGetAce(acl, index, ace));
}

HOTPATCH BOOL WINAPI AddAce(PACL acl, DWORD revision, DWORD index, void *list, DWORD length)
{
    return bool_from_status(RtlAddAce(acl, revision, index, list, length));
}

HOTPATCH BOOL WINAPI DeleteAce(PACL acl, DWORD index)
{
    return bool_from_status(RtlDeleteAce(acl, index));
}

HOTPATCH BOOL WINAPI FindFirstFreeAce(PACL acl, void **ace)
{
    return RtlFirstFreeAce(acl, (PACE_HEADER *)ace);
}

HOTPATCH BOOL WINAPI AddAccessAllowedAce(PACL acl, DWORD revision, DWORD mask, PSID sid)
{
    return bool_from_status(RtlAddAccessAllowedAce(acl, revision, mask, sid));
}

HOTPATCH BOOL WINAPI AddAccessAllowedAceEx(PACL acl, DWORD revision, DWORD flags, DWORD mask, PSID sid)
{
    return bool_from_status(RtlAddAccessAllowedAceEx(acl, revision, flags, mask, sid));
}

HOTPATCH BOOL WINAPI AddAccessDeniedAce(PACL acl, DWORD revision, DWORD mask, PSID sid)
{
    return bool_from_status(RtlAddAccessDeniedAce(acl, revision, mask, sid));
}

HOTPATCH BOOL WINAPI AddAccessDeniedAceEx(PACL acl, DWORD revision, DWORD flags, DWORD mask, PSID sid)
{
    return bool_from_status(RtlAddAccessDeniedAceEx(acl, revision, flags, mask, sid));
}

HOTPATCH BOOL WINAPI AddAuditAccessAce(PACL acl, DWORD revision, DWORD mask, PSID sid, BOOL success,
                                       BOOL failure)
{
    return bool_from_status(RtlAddAuditAccessAce(acl, revision, mask, sid, success != 0, failure != 0));
}

HOTPATCH BOOL WINAPI AddAuditAccessAceEx(PACL acl, DWORD revision, DWORD flags, DWORD mask, PSID sid,
                                         BOOL success, BOOL failure)
{
    return bool_from_status(
        RtlAddAuditAccessAceEx(acl, revision, flags, mask, sid, success != 0, failure != 0));
}

HOTPATCH BOOL WINAPI AddMandatoryAce(PACL acl, DWORD revision, DWORD flags, DWORD policy, PSID sid)
{
    return bool_from_status(
        RtlAddMandatoryAce(acl, revision, flags, sid, SYSTEM_MANDATORY_LABEL_ACE_TYPE, policy));
}

HOTPATCH BOOL WINAPI AddAccessAllowedObjectAce(PACL acl, DWORD revision, DWORD flags, DWORD mask,
                                               GUID *object, GUID *inherited, PSID sid)
{
    return bool_from_status(RtlAddAccessAllowedObjectAce(acl, revision, flags, mask, object, inherited, sid));
}

HOTPATCH BOOL WINAPI AddAccessDeniedObjectAce(PACL acl, DWORD revision, DWORD flags, DWORD mask, GUID *object,
                                              GUID *inherited, PSID sid)
{
    return bool_from_status(RtlAddAccessDeniedObjectAce(acl, revision, flags, mask, object, inherited, sid));
}

HOTPATCH BOOL WINAPI AddAuditAccessObjectAce(PACL acl, DWORD revision, DWORD flags, DWORD mask, GUID *object,
                                             GUID *inherited, PSID sid, BOOL success, BOOL failure)
{
    return bool_from_status(RtlAddAuditAccessObjectAce(acl, revision, flags, mask, object, inherited, sid,
                                                       success != 0, failure != 0));
}
