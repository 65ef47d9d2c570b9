// The local security authority's policy: what this machine is called and to which domain it belongs (none).
#include "lsa.h"
#include "privilege.h"

#define POLICY_SIGNATURE 0x504C534Cu

struct policy {
    DWORD signature;
    ACCESS_MASK access;
};

NTSTATUS lsa_check_policy(LSA_HANDLE handle, ACCESS_MASK access)
{
    const struct policy *policy = handle;
    if (!policy || (DWORD)policy & 3 || IsBadReadPtr(policy, sizeof(*policy)) ||
        policy->signature != POLICY_SIGNATURE)
        return STATUS_INVALID_HANDLE;
    return access & ~policy->access ? STATUS_ACCESS_DENIED : STATUS_SUCCESS;
}

void *lsa_alloc(SIZE_T size)
{
    return HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, size);
}

void lsa_string(LSA_UNICODE_STRING *string, const WCHAR *text, BYTE **at)
{
    USHORT length = (USHORT)(lstrlenW(text) * (int)sizeof(WCHAR));
    *string = (LSA_UNICODE_STRING){length, length + sizeof(WCHAR), (WCHAR *)*at};
    copy_wide(string->Buffer, text);
    *at += length + sizeof(WCHAR);
}

HOTPATCH NTSTATUS WINAPI LsaOpenPolicy(PLSA_UNICODE_STRING system, PLSA_OBJECT_ATTRIBUTES attributes,
                                       ACCESS_MASK access, PLSA_HANDLE handle)
{
    GENERIC_MAPPING mapping = {POLICY_READ, POLICY_WRITE, POLICY_EXECUTE, POLICY_ALL_ACCESS};
    WCHAR name[ACCOUNT_NAME_MAX];
    if (!attributes) return STATUS_INVALID_PARAMETER;
    if (system && system->Length) {
        if (system->Length >= sizeof(name)) return STATUS_INVALID_PARAMETER;
        memcpy(name, system->Buffer, system->Length);
        name[system->Length / sizeof(WCHAR)] = 0;
        if (!is_local_system(name)) return RPC_NT_SERVER_UNAVAILABLE;
    }
    if (access & MAXIMUM_ALLOWED) access |= GENERIC_ALL;
    access &= ~MAXIMUM_ALLOWED;
    RtlMapGenericMask(&access, &mapping);
    struct policy *policy = lsa_alloc(sizeof(*policy));
    if (!policy) return STATUS_NO_MEMORY;
    *policy = (struct policy){POLICY_SIGNATURE, access};
    *handle = policy;
    return STATUS_SUCCESS;
}

HOTPATCH NTSTATUS WINAPI LsaClose(LSA_HANDLE handle)
{
    NTSTATUS status = lsa_check_policy(handle, 0);
    if (!NT_SUCCESS(status)) return status;
    ((struct policy *)handle)->signature = 0;
    HeapFree(GetProcessHeap(), 0, handle);
    return STATUS_SUCCESS;
}

HOTPATCH NTSTATUS WINAPI LsaFreeMemory(void *memory)
{
    if (memory) HeapFree(GetProcessHeap(), 0, memory);
    return STATUS_SUCCESS;
}

HOTPATCH ULONG WINAPI LsaNtStatusToWinError(NTSTATUS status)
{
    return RtlNtStatusToDosError(status);
}

// --- LsaQueryInformationPolicy: one block each, strings and SIDs behind the structure

static NTSTATUS query_audit(void **buffer)
{
    enum { CATEGORIES = 9 };
    POLICY_AUDIT_EVENTS_INFO *info = lsa_alloc(sizeof(*info) + CATEGORIES * sizeof(DWORD));
    if (!info) return STATUS_NO_MEMORY;
    info->MaximumAuditEventCount = CATEGORIES; // nothing is audited
    info->EventAuditingOptions = (DWORD *)(info + 1);
    *buffer = info;
    return STATUS_SUCCESS;
}

// A machine in no domain is in a workgroup and has no domain SID.
static NTSTATUS query_primary_domain(void **buffer)
{
    POLICY_PRIMARY_DOMAIN_INFO *info = lsa_alloc(sizeof(*info) + ACCOUNT_NAME_MAX * sizeof(WCHAR));
    if (!info) return STATUS_NO_MEMORY;
    BYTE *at = (BYTE *)(info + 1);
    lsa_string(&info->Name, L"WORKGROUP", &at);
    *buffer = info;
    return STATUS_SUCCESS;
}

static NTSTATUS query_account_domain(void **buffer)
{
    struct account machine;
    POLICY_ACCOUNT_DOMAIN_INFO *info =
        lsa_alloc(sizeof(*info) + SECURITY_MAX_SID_SIZE + ACCOUNT_NAME_MAX * sizeof(WCHAR));
    if (!info) return STATUS_NO_MEMORY;
    if (!account_machine_sid(&machine)) {
        LsaFreeMemory(info);
        return STATUS_INTERNAL_ERROR;
    }
    info->DomainSid = info + 1;
    RtlCopySid(SECURITY_MAX_SID_SIZE, info->DomainSid, &machine.sid);
    BYTE *at = (BYTE *)(info + 1) + SECURITY_MAX_SID_SIZE;
    lsa_string(&info->DomainName, machine.name, &at);
    *buffer = info;
    return STATUS_SUCCESS;
}

static NTSTATUS query_dns_domain(void **buffer)
{
    POLICY_DNS_DOMAIN_INFO *info = lsa_alloc(sizeof(*info) + ACCOUNT_NAME_MAX * sizeof(WCHAR));
    if (!info) return STATUS_NO_MEMORY;
    BYTE *at = (BYTE *)(info + 1);
    lsa_string(&info->Name, L"WORKGROUP", &at);
    *buffer = info;
    return STATUS_SUCCESS;
}

static NTSTATUS query_server_role(void **buffer)
{
    POLICY_LSA_SERVER_ROLE_INFO *info = lsa_alloc(sizeof(*info));
    if (!info) return STATUS_NO_MEMORY;
    info->LsaServerRole = PolicyServerRolePrimary;
    *buffer = info;
    return STATUS_SUCCESS;
}

HOTPATCH NTSTATUS WINAPI LsaQueryInformationPolicy(LSA_HANDLE handle, POLICY_INFORMATION_CLASS class,
                                                   void **buffer)
{
    ACCESS_MASK access =
        class == PolicyAuditEventsInformation ? POLICY_VIEW_AUDIT_INFORMATION : POLICY_VIEW_LOCAL_INFORMATION;
    NTSTATUS status = lsa_check_policy(handle, access);
    if (!NT_SUCCESS(status)) return status;
    switch (class) {
    case PolicyAuditEventsInformation: return query_audit(buffer);
    case PolicyPrimaryDomainInformation: return query_primary_domain(buffer);
    case PolicyAccountDomainInformation: return query_account_domain(buffer);
    case PolicyDnsDomainInformation: return query_dns_domain(buffer);
    case PolicyLsaServerRoleInformation: return query_server_role(buffer);
    default: return STATUS_INVALID_PARAMETER;
    }
}

// --- accounts' rights: none are kept

HOTPATCH NTSTATUS WINAPI LsaEnumerateAccountRights(LSA_HANDLE handle, PSID sid, PLSA_UNICODE_STRING *rights,
                                                   PULONG count)
{
    NTSTATUS status = lsa_check_policy(handle, POLICY_LOOKUP_NAMES);
    *rights = NULL;
    *count = 0;
    if (!NT_SUCCESS(status)) return status;
    return RtlValidSid(sid) ? STATUS_OBJECT_NAME_NOT_FOUND : STATUS_INVALID_SID;
}

HOTPATCH NTSTATUS WINAPI LsaLookupPrivilegeName(LSA_HANDLE handle, LUID *luid, LSA_UNICODE_STRING **name)
{
    NTSTATUS status = lsa_check_policy(handle, POLICY_LOOKUP_NAMES);
    if (!NT_SUCCESS(status)) return status;
    if (!luid) return STATUS_INVALID_PARAMETER;
    const WCHAR *found = privilege_name(luid);
    *name = NULL;
    if (!found) return STATUS_NO_SUCH_PRIVILEGE;
    *name = lsa_alloc(sizeof(**name) + ((SIZE_T)lstrlenW(found) + 1) * sizeof(WCHAR));
    if (!*name) return STATUS_NO_MEMORY;
    BYTE *at = (BYTE *)(*name + 1);
    lsa_string(*name, found, &at);
    return STATUS_SUCCESS;
}

static LSA_UNICODE_STRING *new_string(const WCHAR *text)
{
    LSA_UNICODE_STRING *string = lsa_alloc(sizeof(*string) + ((SIZE_T)lstrlenW(text) + 1) * sizeof(WCHAR));
    BYTE *at = (BYTE *)(string + 1);
    if (string) lsa_string(string, text, &at);
    return string;
}

// The user's name and, if asked for, domain; each is freed by LsaFreeMemory.
HOTPATCH NTSTATUS WINAPI LsaGetUserName(LSA_UNICODE_STRING **user, LSA_UNICODE_STRING **domain)
{
    struct account account;
    if (!account_of_user(&account)) return STATUS_NO_SUCH_USER;
    *user = new_string(account.name);
    if (domain) *domain = new_string(account.domain);
    return *user && (!domain || *domain) ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}
