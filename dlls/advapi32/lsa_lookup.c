// The local security authority's translation of names and SIDs, many at once.
#include "lsa.h"

// Domains that the answers refer to, each once. Its memory is one block that LsaFreeMemory frees.
struct domains {
    LSA_REFERENCED_DOMAIN_LIST *list;
    BYTE *at;
};

static bool domains_begin(struct domains *domains, ULONG count)
{
    SIZE_T entry = sizeof(LSA_TRUST_INFORMATION) + SECURITY_MAX_SID_SIZE + ACCOUNT_NAME_MAX * sizeof(WCHAR);
    domains->list = lsa_alloc(sizeof(*domains->list) + count * entry);
    if (!domains->list) return false;
    domains->list->Domains = (LSA_TRUST_INFORMATION *)(domains->list + 1);
    domains->at = (BYTE *)(domains->list->Domains + count);
    return true;
}

static bool same_text(const LSA_UNICODE_STRING *string, const WCHAR *text)
{
    return lstrcmpiW(string->Buffer, text) == 0;
}

// The index of an account's domain in the list.
static LONG domains_add(struct domains *domains, const struct account *account)
{
    LSA_REFERENCED_DOMAIN_LIST *list = domains->list;
    for (ULONG i = 0; i < list->Entries; i++)
        if (same_text(&list->Domains[i].Name, account->domain)) return (LONG)i;
    LSA_TRUST_INFORMATION *domain = &list->Domains[list->Entries];
    SID *sid = (SID *)domains->at;
    memcpy(sid, &account->sid, RtlLengthSid((PSID)&account->sid));
    if (account->use != SidTypeDomain && sid->SubAuthorityCount) sid->SubAuthorityCount--;
    domain->Sid = sid;
    domains->at += SECURITY_MAX_SID_SIZE;
    lsa_string(&domain->Name, account->domain, &domains->at);
    if ((ULONG_PTR)domains->at & 2) domains->at += 2;
    return (LONG)list->Entries++;
}

static NTSTATUS summary(ULONG mapped, ULONG count)
{
    if (mapped == count) return STATUS_SUCCESS;
    return mapped ? STATUS_SOME_NOT_MAPPED : STATUS_NONE_MAPPED;
}

static bool find_by_string(struct account *account, const LSA_UNICODE_STRING *name)
{
    WCHAR text[2 * ACCOUNT_NAME_MAX];
    if (name->Length >= sizeof(text)) return false;
    memcpy(text, name->Buffer, name->Length);
    text[name->Length / sizeof(WCHAR)] = 0;
    return account_by_name(account, text);
}

HOTPATCH NTSTATUS WINAPI LsaLookupNames2(LSA_HANDLE handle, ULONG flags, ULONG count,
                                         PLSA_UNICODE_STRING names, PLSA_REFERENCED_DOMAIN_LIST *domain_list,
                                         PLSA_TRANSLATED_SID2 *sids)
{
    struct domains domains;
    struct account account;
    ULONG mapped = 0;
    NTSTATUS status = lsa_check_policy(handle, POLICY_LOOKUP_NAMES);
    (void)flags;
    if (!NT_SUCCESS(status)) return status;
    if (!domains_begin(&domains, count)) return STATUS_NO_MEMORY;
    LSA_TRANSLATED_SID2 *made = lsa_alloc(count * (sizeof(*made) + SECURITY_MAX_SID_SIZE));
    if (!made) {
        LsaFreeMemory(domains.list);
        return STATUS_NO_MEMORY;
    }
    BYTE *at = (BYTE *)(made + count);
    for (ULONG i = 0; i < count; i++, at += SECURITY_MAX_SID_SIZE) {
        made[i].Use = SidTypeUnknown;
        made[i].DomainIndex = -1;
        if (!find_by_string(&account, &names[i])) continue;
        made[i].Use = account.use;
        made[i].Sid = at;
        RtlCopySid(SECURITY_MAX_SID_SIZE, at, &account.sid);
        made[i].DomainIndex = domains_add(&domains, &account);
        mapped++;
    }
    *domain_list = domains.list;
    *sids = made;
    return summary(mapped, count);
}

// The older form: a RID below the domain instead of the SID.
HOTPATCH NTSTATUS WINAPI LsaLookupNames(LSA_HANDLE handle, ULONG count, PLSA_UNICODE_STRING names,
                                        PLSA_REFERENCED_DOMAIN_LIST *domain_list, PLSA_TRANSLATED_SID *sids)
{
    LSA_TRANSLATED_SID2 *found = NULL;
    NTSTATUS status = LsaLookupNames2(handle, 0, count, names, domain_list, &found);
    if (!found) return status;
    LSA_TRANSLATED_SID *made = lsa_alloc(count * sizeof(*made));
    for (ULONG i = 0; made && i < count; i++) {
        const SID *sid = found[i].Sid;
        made[i].Use = found[i].Use;
        made[i].DomainIndex = found[i].DomainIndex;
        made[i].RelativeId =
            sid && sid->SubAuthorityCount ? sid->SubAuthority[sid->SubAuthorityCount - 1] : ~0u;
    }
    LsaFreeMemory(found);
    *sids = made;
    if (made) return status;
    LsaFreeMemory(*domain_list);
    return STATUS_NO_MEMORY;
}

// A SID that nobody has is called as it is written.
static void name_unknown(WCHAR *name, PSID sid)
{
    UNICODE_STRING string = {0, ACCOUNT_NAME_MAX * sizeof(WCHAR), name};
    if (!NT_SUCCESS(RtlConvertSidToUnicodeString(&string, sid, FALSE))) name[0] = 0;
}

HOTPATCH NTSTATUS WINAPI LsaLookupSids(LSA_HANDLE handle, ULONG count, PSID *sids,
                                       PLSA_REFERENCED_DOMAIN_LIST *domain_list, PLSA_TRANSLATED_NAME *names)
{
    struct domains domains;
    struct account account;
    ULONG mapped = 0;
    NTSTATUS status = lsa_check_policy(handle, POLICY_LOOKUP_NAMES);
    if (!NT_SUCCESS(status)) return status;
    if (!domains_begin(&domains, count)) return STATUS_NO_MEMORY;
    LSA_TRANSLATED_NAME *made = lsa_alloc(count * (sizeof(*made) + ACCOUNT_NAME_MAX * sizeof(WCHAR)));
    if (!made) {
        LsaFreeMemory(domains.list);
        return STATUS_NO_MEMORY;
    }
    BYTE *at = (BYTE *)(made + count);
    for (ULONG i = 0; i < count; i++) {
        bool known = account_by_sid(&account, sids[i]);
        if (!known) name_unknown(account.name, sids[i]);
        made[i].Use = known ? account.use : SidTypeUnknown;
        made[i].DomainIndex = known ? domains_add(&domains, &account) : -1;
        lsa_string(&made[i].Name, account.name, &at);
        mapped += known;
    }
    *domain_list = domains.list;
    *names = made;
    return summary(mapped, count);
}
