// Trustees: building them, and the SID that one stands for.
#include "trustee.h"
#include "account.h"

DWORD trustee_sid(const TRUSTEEW *trustee, SID *sid)
{
    struct account account;
    PSID given;
    const WCHAR *name;
    // What a well-known group's other members say is not looked at (Windows accepts rubbish there).
    if (trustee->TrusteeForm != TRUSTEE_IS_SID && trustee->MultipleTrusteeOperation != NO_MULTIPLE_TRUSTEE)
        return ERROR_INVALID_PARAMETER;
    switch (trustee->TrusteeForm) {
    case TRUSTEE_IS_SID: given = trustee->ptstrName; break;
    case TRUSTEE_IS_OBJECTS_AND_SID: given = ((OBJECTS_AND_SID *)trustee->ptstrName)->pSid; break;
    case TRUSTEE_IS_NAME:
    case TRUSTEE_IS_OBJECTS_AND_NAME:
        name = trustee->TrusteeForm == TRUSTEE_IS_NAME
                   ? trustee->ptstrName
                   : ((OBJECTS_AND_NAME_W *)trustee->ptstrName)->ptstrName;
        if (!name) return ERROR_INVALID_PARAMETER;
        if (lstrcmpiW(name, L"CURRENT_USER") == 0 ? !account_of_user(&account)
                                                  : !account_by_name(&account, name))
            return ERROR_NONE_MAPPED;
        given = &account.sid;
        break;
    default: return ERROR_INVALID_PARAMETER;
    }
    if (!RtlValidSid(given)) return ERROR_INVALID_SID;
    RtlCopySid(SECURITY_MAX_SID_SIZE, sid, given);
    return ERROR_SUCCESS;
}

DWORD trustee_from_ansi(TRUSTEEW *wide, const TRUSTEEA *ansi, WCHAR **name)
{
    *name = NULL;
    memcpy(wide, ansi, sizeof(*wide)); // the same layout
    if (ansi->TrusteeForm != TRUSTEE_IS_NAME) return ERROR_SUCCESS;
    *name = wide_from_ansi(ansi->ptstrName);
    wide->ptstrName = *name;
    return conversion_failed(ansi->ptstrName, *name) ? ERROR_NOT_ENOUGH_MEMORY : ERROR_SUCCESS;
}

static void build(TRUSTEEW *trustee, TRUSTEE_FORM form, void *name)
{
    *trustee = (TRUSTEEW){NULL, NO_MULTIPLE_TRUSTEE, form, TRUSTEE_IS_UNKNOWN, name};
}

HOTPATCH void WINAPI BuildTrusteeWithSidW(TRUSTEEW *trustee, PSID sid)
{
    build(trustee, TRUSTEE_IS_SID, sid);
}

HOTPATCH void WINAPI BuildTrusteeWithSidA(TRUSTEEA *trustee, PSID sid)
{
    build((TRUSTEEW *)trustee, TRUSTEE_IS_SID, sid);
}

HOTPATCH void WINAPI BuildTrusteeWithNameW(TRUSTEEW *trustee, LPWSTR name)
{
    build(trustee, TRUSTEE_IS_NAME, name);
}

HOTPATCH void WINAPI BuildTrusteeWithNameA(TRUSTEEA *trustee, LPSTR name)
{
    build((TRUSTEEW *)trustee, TRUSTEE_IS_NAME, name);
}

static DWORD present(const void *object, const void *inherited)
{
    return (object ? ACE_OBJECT_TYPE_PRESENT : 0) | (inherited ? ACE_INHERITED_OBJECT_TYPE_PRESENT : 0);
}

HOTPATCH void WINAPI BuildTrusteeWithObjectsAndSidW(TRUSTEEW *trustee, OBJECTS_AND_SID *objects, GUID *object,
                                                    GUID *inherited, PSID sid)
{
    const GUID none = {0};
    objects->ObjectsPresent = present(object, inherited);
    objects->ObjectTypeGuid = object ? *object : none;
    objects->InheritedObjectTypeGuid = inherited ? *inherited : none;
    objects->pSid = sid;
    build(trustee, TRUSTEE_IS_OBJECTS_AND_SID, objects);
}

HOTPATCH void WINAPI BuildTrusteeWithObjectsAndSidA(TRUSTEEA *trustee, OBJECTS_AND_SID *objects, GUID *object,
                                                    GUID *inherited, PSID sid)
{
    BuildTrusteeWithObjectsAndSidW((TRUSTEEW *)trustee, objects, object, inherited, sid);
}

HOTPATCH void WINAPI BuildTrusteeWithObjectsAndNameW(TRUSTEEW *trustee, OBJECTS_AND_NAME_W *objects,
                                                     SE_OBJECT_TYPE type, LPWSTR object, LPWSTR inherited,
                                                     LPWSTR name)
{
    *objects = (OBJECTS_AND_NAME_W){present(object, inherited), type, object, inherited, name};
    build(trustee, TRUSTEE_IS_OBJECTS_AND_NAME, objects);
}

HOTPATCH void WINAPI BuildTrusteeWithObjectsAndNameA(TRUSTEEA *trustee, OBJECTS_AND_NAME_A *objects,
                                                     SE_OBJECT_TYPE type, LPSTR object, LPSTR inherited,
                                                     LPSTR name)
{
    *objects = (OBJECTS_AND_NAME_A){present(object, inherited), type, object, inherited, name};
    build((TRUSTEEW *)trustee, TRUSTEE_IS_OBJECTS_AND_NAME, objects);
}

HOTPATCH LPWSTR WINAPI GetTrusteeNameW(TRUSTEEW *trustee)
{
    return trustee->ptstrName;
}

HOTPATCH LPSTR WINAPI GetTrusteeNameA(TRUSTEEA *trustee)
{
    return trustee->ptstrName;
}

HOTPATCH TRUSTEE_TYPE WINAPI GetTrusteeTypeW(TRUSTEEW *trustee)
{
    return trustee->TrusteeType;
}

HOTPATCH TRUSTEE_TYPE WINAPI GetTrusteeTypeA(TRUSTEEA *trustee)
{
    return trustee->TrusteeType;
}

HOTPATCH TRUSTEE_FORM WINAPI GetTrusteeFormW(TRUSTEEW *trustee)
{
    return trustee->TrusteeForm;
}

HOTPATCH TRUSTEE_FORM WINAPI GetTrusteeFormA(TRUSTEEA *trustee)
{
    return trustee->TrusteeForm;
}

HOTPATCH void WINAPI BuildExplicitAccessWithNameW(EXPLICIT_ACCESSW *access, LPWSTR name, DWORD rights,
                                                  ACCESS_MODE mode, DWORD inheritance)
{
    *access = (EXPLICIT_ACCESSW){
        .grfAccessPermissions = rights, .grfAccessMode = mode, .grfInheritance = inheritance};
    build(&access->Trustee, TRUSTEE_IS_NAME, name);
}

HOTPATCH void WINAPI BuildExplicitAccessWithNameA(EXPLICIT_ACCESSA *access, LPSTR name, DWORD rights,
                                                  ACCESS_MODE mode, DWORD inheritance)
{
    BuildExplicitAccessWithNameW((EXPLICIT_ACCESSW *)access, (LPWSTR)name, rights, mode, inheritance);
}
