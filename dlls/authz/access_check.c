// AuthzAccessCheck: walks the access-control lists for a client's SIDs, in their order, as Microsoft
// documents for access checks. Object types are not told apart, and results are not cached: both are refused.
#include "authz_internal.h"

struct check {
    struct client_context *context;
    const AUTHZ_ACCESS_REQUEST *request;
    ACCESS_MASK wanted;  // what is still to be granted
    ACCESS_MASK granted; // so far
    ACCESS_MASK denied;  // first decision counts
    bool maximum;        // MAXIMUM_ALLOWED: all that can be had
};

// ACCESS_ALLOWED_ACE's beginning, which the other kinds here share.
struct ace {
    ACE_HEADER header;
    ACCESS_MASK mask;
    DWORD sid[1];
};

static bool applies(const struct check *check, const struct ace *ace, bool deny)
{
    static const SID self = {SID_REVISION, 1, {SECURITY_NT_AUTHORITY}, {SECURITY_PRINCIPAL_SELF_RID}};
    PSID sid = (PSID)ace->sid;
    if (check->request->PrincipalSelfSid && RtlEqualSid(sid, (PSID)&self))
        sid = check->request->PrincipalSelfSid;
    return context_has_sid(check->context, sid, deny);
}

// Conditions of callback entries are the resource manager's affair; without it they don't apply.
static bool condition_holds(const struct check *check, struct ace *ace)
{
    BOOL holds = FALSE;
    if (ace->header.AceType != ACCESS_ALLOWED_CALLBACK_ACE_TYPE &&
        ace->header.AceType != ACCESS_DENIED_CALLBACK_ACE_TYPE)
        return true;
    return check->context->manager->check &&
           check->context->manager->check((AUTHZ_CLIENT_CONTEXT_HANDLE)check->context, &ace->header,
                                          check->request->OptionalArguments, &holds) &&
           holds;
}

static void take_entry(struct check *check, struct ace *ace)
{
    bool deny = ace->header.AceType == ACCESS_DENIED_ACE_TYPE ||
                ace->header.AceType == ACCESS_DENIED_CALLBACK_ACE_TYPE;
    bool allow = ace->header.AceType == ACCESS_ALLOWED_ACE_TYPE ||
                 ace->header.AceType == ACCESS_ALLOWED_CALLBACK_ACE_TYPE;
    if ((ace->header.AceFlags & INHERIT_ONLY_ACE) || (!deny && !allow)) return;
    if (!applies(check, ace, deny) || !condition_holds(check, ace)) return;
    ACCESS_MASK undecided = ace->mask & ~(check->granted | check->denied);
    if (deny)
        check->denied |= undecided;
    else
        check->granted |= undecided;
}

static void walk(struct check *check, const ACL *acl)
{
    BYTE *at = (BYTE *)(acl + 1), *end = (BYTE *)acl + acl->AclSize;
    for (WORD i = 0; i < acl->AceCount; i++) {
        struct ace *ace = (struct ace *)at;
        if (end - at < (ptrdiff_t)sizeof(ACE_HEADER) || ace->header.AceSize > end - at ||
            ace->header.AceSize < sizeof(ACE_HEADER))
            return;
        if (ace->header.AceSize >= sizeof(*ace) &&
            RtlLengthRequiredSid(((SID *)ace->sid)->SubAuthorityCount) <=
                ace->header.AceSize - offsetof(struct ace, sid))
            take_entry(check, ace);
        at += ace->header.AceSize;
    }
}

// One descriptor's part in the check. False: it is malformed.
static bool check_descriptor(struct check *check, PSECURITY_DESCRIPTOR descriptor)
{
    const ACCESS_MASK of_owner = READ_CONTROL | WRITE_DAC;
    BOOLEAN present, defaulted;
    PACL dacl = NULL;
    PSID owner = NULL;
    if (!NT_SUCCESS(RtlGetDaclSecurityDescriptor(descriptor, &present, &dacl, &defaulted)) ||
        !NT_SUCCESS(RtlGetOwnerSecurityDescriptor(descriptor, &owner, &defaulted)))
        return false;
    if (!present || !dacl) { // nobody is kept out
        check->granted |= check->maximum ? STANDARD_RIGHTS_ALL | SPECIFIC_RIGHTS_ALL : check->wanted;
        return true;
    }
    if (owner && context_has_sid(check->context, owner, false)) check->granted |= of_owner & ~check->denied;
    walk(check, dacl);
    return true;
}

HOTPATCH BOOL WINAPI AuthzAccessCheck(DWORD flags, AUTHZ_CLIENT_CONTEXT_HANDLE context,
                                      PAUTHZ_ACCESS_REQUEST request, AUTHZ_AUDIT_EVENT_HANDLE audit,
                                      PSECURITY_DESCRIPTOR descriptor, PSECURITY_DESCRIPTOR *more,
                                      DWORD more_n, PAUTHZ_ACCESS_REPLY reply,
                                      PAUTHZ_ACCESS_CHECK_RESULTS_HANDLE results)
{
    (void)flags, (void)audit;
    if (!context || !request || !descriptor || !reply || (more_n && !more) || reply->ResultListLength != 1 ||
        !reply->GrantedAccessMask || !reply->Error)
        return fail_with(ERROR_INVALID_PARAMETER);
    if (request->ObjectTypeListLength || results) return fail_with(ERROR_NOT_SUPPORTED);
    struct check check = {
        .context = (struct client_context *)context,
        .request = request,
        .wanted = request->DesiredAccess & ~MAXIMUM_ALLOWED,
        .maximum = request->DesiredAccess & MAXIMUM_ALLOWED,
    };
    bool good = check_descriptor(&check, descriptor);
    for (DWORD i = 0; i < more_n && good; i++) good = check_descriptor(&check, more[i]);
    if (!good) return fail_with(ERROR_INVALID_SECURITY_DESCR);
    ACCESS_MASK missing = check.wanted & ~check.granted;
    if (check.maximum ? missing || !check.granted : missing != 0) {
        // Who may read the audit list must have a privilege, which no list grants.
        reply->Error[0] = missing == ACCESS_SYSTEM_SECURITY ? ERROR_PRIVILEGE_NOT_HELD : ERROR_ACCESS_DENIED;
        reply->GrantedAccessMask[0] = 0;
    } else {
        reply->Error[0] = ERROR_SUCCESS;
        reply->GrantedAccessMask[0] = check.maximum ? check.granted : check.wanted;
    }
    if (reply->SaclEvaluationResults) reply->SaclEvaluationResults[0] = 0;
    return TRUE;
}
