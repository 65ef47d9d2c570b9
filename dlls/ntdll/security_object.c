// Security descriptors that a program keeps for its own objects: made of a parent's, a creator's and a token,
// changed part by part, inheritance as Windows does it (MS-DTYP 2.5.3.4).
#include "nt/rtl_security.h"
#include "rtl.h"

// winnt.h's SEF_* of RtlNewSecurityObjectEx.
#define DACL_AUTO_INHERIT 0x01
#define SACL_AUTO_INHERIT 0x02

#define ACE_SID_OFFSET    8 // of entries that are a header, a mask and a SID

// --- lists

// What entries of a new list need to know.
struct heir {
    BOOLEAN container;
    const GENERIC_MAPPING *mapping;
    PSID owner, group;
};

static BOOLEAN is_simple(const ACE_HEADER *ace)
{
    return ace->AceType <= SYSTEM_ALARM_ACE_TYPE || ace->AceType == SYSTEM_MANDATORY_LABEL_ACE_TYPE;
}

// CREATOR OWNER and CREATOR GROUP stand for the new object's.
static PSID stand_for(PSID sid, const struct heir *heir)
{
    static const SID owner = {
        SID_REVISION, 1, {SECURITY_CREATOR_SID_AUTHORITY}, {SECURITY_CREATOR_OWNER_RID}};
    static const SID group = {
        SID_REVISION, 1, {SECURITY_CREATOR_SID_AUTHORITY}, {SECURITY_CREATOR_GROUP_RID}};

    if (heir->owner && RtlEqualSid(sid, (PSID)&owner)) return heir->owner;
    if (heir->group && RtlEqualSid(sid, (PSID)&group)) return heir->group;
    return sid;
}

static void add_simple(ACL *acl, const ACE_HEADER *ace, BYTE flags, BOOLEAN effective,
                       const struct heir *heir)
{
    ACCESS_MASK mask = ((const ACCESS_ALLOWED_ACE *)ace)->Mask;
    PSID sid = (BYTE *)ace + ACE_SID_OFFSET;
    BYTE buffer[ACE_SID_OFFSET + SECURITY_MAX_SID_SIZE];
    ACCESS_ALLOWED_ACE *made = (ACCESS_ALLOWED_ACE *)buffer;

    if (effective) {
        sid = stand_for(sid, heir);
        if (heir->mapping && ace->AceType != SYSTEM_MANDATORY_LABEL_ACE_TYPE)
            RtlMapGenericMask(&mask, heir->mapping);
    }
    made->Header = (ACE_HEADER){ace->AceType, flags, ACE_SID_OFFSET + RtlLengthSid(sid)};
    made->Mask = mask;
    memcpy(buffer + ACE_SID_OFFSET, sid, RtlLengthSid(sid));
    RtlAddAce(acl, acl->AclRevision, ~0u, made, made->Header.AceSize);
}

static void add_entry(ACL *acl, const ACE_HEADER *ace, BYTE flags, BOOLEAN effective, const struct heir *heir)
{
    BYTE *placed;

    if (is_simple(ace)) {
        add_simple(acl, ace, flags, effective, heir);
    } else if (RtlAddAce(acl, acl->AclRevision, ~0u, (PVOID)ace, ace->AceSize) >= 0 &&
               RtlGetAce(acl, acl->AceCount - 1, (PVOID *)&placed) >= 0) {
        ((ACE_HEADER *)placed)->AceFlags = flags;
    }
}

// One entry of the parent's list, as the new object has it. A container keeps a copy to hand on when the
// effective entry differs from the one to be inherited.
static void inherit_entry(ACL *acl, const ACE_HEADER *ace, BYTE mark, const struct heir *heir)
{
    BYTE flags = ace->AceFlags, audit = flags & (SUCCESSFUL_ACCESS_ACE_FLAG | FAILED_ACCESS_ACE_FLAG);
    BYTE propagate =
        flags & NO_PROPAGATE_INHERIT_ACE ? 0 : flags & (OBJECT_INHERIT_ACE | CONTAINER_INHERIT_ACE);

    if (!heir->container) {
        if (flags & OBJECT_INHERIT_ACE) add_entry(acl, ace, audit | mark, TRUE, heir);
        return;
    }
    if (!(flags & CONTAINER_INHERIT_ACE)) {
        if (propagate) add_entry(acl, ace, audit | mark | propagate | INHERIT_ONLY_ACE, FALSE, heir);
        return;
    }
    PSID sid = (BYTE *)ace + ACE_SID_OFFSET;
    ACCESS_MASK generic = is_simple(ace) ? ((const ACCESS_ALLOWED_ACE *)ace)->Mask & 0xF0000000 : 0;
    BOOLEAN differs = propagate && is_simple(ace) && (generic || stand_for(sid, heir) != sid);
    add_entry(acl, ace, audit | mark | (differs ? 0 : propagate), TRUE, heir);
    if (differs) add_entry(acl, ace, audit | mark | propagate | INHERIT_ONLY_ACE, FALSE, heir);
}

// The entries that the creator gave: inherited ones only where nothing is to be inherited anew.
static void take_explicit(ACL *acl, ACL *given, BOOLEAN drop_inherited, const struct heir *heir)
{
    ACE_HEADER *ace;

    for (ULONG i = 0; RtlGetAce(given, i, (PVOID *)&ace) >= 0; i++) {
        if (drop_inherited && ace->AceFlags & INHERITED_ACE) continue;
        add_entry(acl, ace, ace->AceFlags, !(ace->AceFlags & INHERIT_ONLY_ACE), heir);
    }
}

static ULONG inheritable_count(ACL *acl)
{
    ACE_HEADER *ace;
    ULONG count = 0;

    for (ULONG i = 0; acl && RtlGetAce(acl, i, (PVOID *)&ace) >= 0; i++) {
        if (ace->AceFlags & (OBJECT_INHERIT_ACE | CONTAINER_INHERIT_ACE)) count++;
    }
    return count;
}

// Cuts a list to what it uses.
static void trim(ACL *acl)
{
    ACE_HEADER *end;

    if (RtlFirstFreeAce(acl, &end) && end) acl->AclSize = (BYTE *)end - (BYTE *)acl;
}

// A new list: what the creator gave, then what the parent hands on. *out is of the process heap.
static NTSTATUS make_list(ACL *given, ACL *parent, BYTE mark, const struct heir *heir, ACL **out)
{
    ACE_HEADER *ace;
    // Each entry may come twice, and stand-ins may be longer than what they stand for.
    ULONG room = 2 * SECURITY_MAX_SID_SIZE, size = sizeof(ACL);
    if (given) size += given->AclSize + given->AceCount * room;
    if (parent) size += 2 * parent->AclSize + parent->AceCount * room;
    if (size > 0xFFFC) size = 0xFFFC;
    ACL *acl = RtlAllocateHeap(process_heap(), 0, size);

    if (!acl) return STATUS_NO_MEMORY;
    RtlCreateAcl(acl, size, given ? given->AclRevision : parent ? parent->AclRevision : ACL_REVISION);
    if (given) take_explicit(acl, given, parent && mark, heir);
    for (ULONG i = 0; parent && RtlGetAce(parent, i, (PVOID *)&ace) >= 0; i++)
        inherit_entry(acl, ace, mark, heir);
    trim(acl);
    *out = acl;
    return STATUS_SUCCESS;
}

// --- what the token contributes

// A token's TokenOwner, TokenPrimaryGroup or TokenDefaultDacl: one pointer, then what it points to. Process
// heap.
static void *query_token(HANDLE token, TOKEN_INFORMATION_CLASS class)
{
    HANDLE own = NULL;
    ULONG size = 0;
    void *buffer = NULL;

    if (!token) {
        if (NtOpenThreadToken(NtCurrentThread(), TOKEN_QUERY, TRUE, &own) < 0 &&
            NtOpenProcessToken(NtCurrentProcess(), TOKEN_QUERY, &own) < 0) {
            return NULL;
        }
        token = own;
    }
    NtQueryInformationToken(token, class, NULL, 0, &size);
    if (size) buffer = RtlAllocateHeap(process_heap(), 0, size);
    if (buffer && NtQueryInformationToken(token, class, buffer, size, &size) < 0) {
        RtlFreeHeap(process_heap(), 0, buffer);
        buffer = NULL;
    }
    if (own) NtClose(own);
    return buffer;
}

static void *pointed_to(void *answer)
{
    return answer ? *(void **)answer : NULL;
}

static void free_memory(void *memory)
{
    if (memory) RtlFreeHeap(process_heap(), 0, memory);
}

// --- descriptors

// The parts of a descriptor; NULL stands for an empty one.
struct sources {
    PSID owner, group;
    ACL *dacl, *sacl;
    BOOLEAN has_dacl, has_sacl;
    SECURITY_DESCRIPTOR_CONTROL control;
};

static void read_sources(PSECURITY_DESCRIPTOR p, struct sources *s)
{
    BOOLEAN defaulted;
    ULONG revision;

    memset(s, 0, sizeof(*s));
    if (!p) return;
    RtlGetOwnerSecurityDescriptor(p, &s->owner, &defaulted);
    RtlGetGroupSecurityDescriptor(p, &s->group, &defaulted);
    RtlGetDaclSecurityDescriptor(p, &s->has_dacl, &s->dacl, &defaulted);
    RtlGetSaclSecurityDescriptor(p, &s->has_sacl, &s->sacl, &defaulted);
    RtlGetControlSecurityDescriptor(p, &s->control, &revision);
    if (!s->has_dacl) s->dacl = NULL;
    if (!s->has_sacl) s->sacl = NULL;
}

// An absolute descriptor's self-relative copy on the process heap.
static NTSTATUS to_self_relative(SECURITY_DESCRIPTOR *absolute, PSECURITY_DESCRIPTOR *out)
{
    ULONG size = RtlLengthSecurityDescriptor(absolute);

    *out = RtlAllocateHeap(process_heap(), 0, size);
    if (!*out) return STATUS_NO_MEMORY;
    return RtlMakeSelfRelativeSD(absolute, *out, &size);
}

// The list of a new object and whether there is one. *made: to be freed.
static NTSTATUS new_list(const struct sources *creator, const struct sources *parent, BOOLEAN dacl,
                         ULONG flags, const struct heir *heir, ACL *fallback, ACL **list, BOOLEAN *present,
                         ACL **made)
{
    ACL *given = dacl ? creator->dacl : creator->sacl, *handed = dacl ? parent->dacl : parent->sacl;
    BOOLEAN has_given = dacl ? creator->has_dacl : creator->has_sacl;
    BOOLEAN automatic = (flags & (dacl ? DACL_AUTO_INHERIT : SACL_AUTO_INHERIT)) != 0;
    BOOLEAN protected = (creator->control & (dacl ? SE_DACL_PROTECTED : SE_SACL_PROTECTED)) != 0;
    BYTE mark = automatic ? INHERITED_ACE : 0;

    *list = *made = NULL;
    *present = TRUE;
    if (has_given && !given) return STATUS_SUCCESS; // a NULL list stays one
    if (protected || (has_given && !automatic) || !inheritable_count(handed)) handed = NULL;
    if (!has_given && !handed) {
        *present = fallback != NULL;
        given = fallback;
        if (!fallback) return STATUS_SUCCESS;
    }
    NTSTATUS status = make_list(given, handed, mark, heir, made);
    *list = *made;
    return status;
}

static NTSTATUS build(const struct sources *parent, const struct sources *creator, BOOLEAN container,
                      ULONG flags, HANDLE token, PGENERIC_MAPPING mapping, PSECURITY_DESCRIPTOR *object)
{
    SECURITY_DESCRIPTOR made;
    BOOLEAN present;
    ACL *dacl, *sacl, *dacl_memory = NULL, *sacl_memory = NULL;
    void *owner = creator->owner ? NULL : query_token(token, TokenOwner);
    void *group = creator->group ? NULL : query_token(token, TokenPrimaryGroup);
    void *fallback = creator->has_dacl ? NULL : query_token(token, TokenDefaultDacl);
    struct heir heir = {container, mapping, creator->owner ? creator->owner : pointed_to(owner),
                        creator->group ? creator->group : pointed_to(group)};

    RtlCreateSecurityDescriptor(&made, SECURITY_DESCRIPTOR_REVISION);
    RtlSetOwnerSecurityDescriptor(&made, heir.owner, FALSE);
    RtlSetGroupSecurityDescriptor(&made, heir.group, FALSE);
    NTSTATUS status = heir.owner ? STATUS_SUCCESS : STATUS_NO_TOKEN;
    if (status >= 0) {
        status = new_list(creator, parent, TRUE, flags, &heir, pointed_to(fallback), &dacl, &present,
                          &dacl_memory);
        if (status >= 0) RtlSetDaclSecurityDescriptor(&made, present, dacl, FALSE);
    }
    if (status >= 0) {
        status = new_list(creator, parent, FALSE, flags, &heir, NULL, &sacl, &present, &sacl_memory);
        if (status >= 0) RtlSetSaclSecurityDescriptor(&made, present, sacl, FALSE);
    }
    made.Control |= creator->control & (SE_DACL_PROTECTED | SE_SACL_PROTECTED);
    if (flags & DACL_AUTO_INHERIT) made.Control |= SE_DACL_AUTO_INHERITED;
    if (flags & SACL_AUTO_INHERIT) made.Control |= SE_SACL_AUTO_INHERITED;
    if (status >= 0) status = to_self_relative(&made, object);
    free_memory(owner);
    free_memory(group);
    free_memory(fallback);
    free_memory(dacl_memory);
    free_memory(sacl_memory);
    return status;
}

/** Makes the self-relative descriptor of a new object, to be freed by RtlDeleteSecurityObject. parent and
 * creator may be NULL, and so may token: the thread's or process's then. flags are winnt.h's SEF_*.
 * STATUS_NO_TOKEN, STATUS_NO_MEMORY. */
NTSTATUS WINAPI RtlNewSecurityObjectEx(PSECURITY_DESCRIPTOR parent, PSECURITY_DESCRIPTOR creator,
                                       PSECURITY_DESCRIPTOR *object, GUID *type, BOOLEAN container,
                                       ULONG flags, HANDLE token, PGENERIC_MAPPING mapping)
{
    struct sources from_parent, from_creator;

    (void)type; // object entries are handed on whatever their type: nothing here has types
    read_sources(parent, &from_parent);
    read_sources(creator, &from_creator);
    return build(&from_parent, &from_creator, container, flags, token, mapping, object);
}

NTSTATUS WINAPI RtlNewSecurityObject(PSECURITY_DESCRIPTOR parent, PSECURITY_DESCRIPTOR creator,
                                     PSECURITY_DESCRIPTOR *object, BOOLEAN container, HANDLE token,
                                     PGENERIC_MAPPING mapping)
{
    return RtlNewSecurityObjectEx(parent, creator, object, NULL, container, 0, token, mapping);
}

/** Replaces the parts of *object that information names by change's; *object becomes a new descriptor. */
NTSTATUS WINAPI RtlSetSecurityObject(SECURITY_INFORMATION information, PSECURITY_DESCRIPTOR change,
                                     PSECURITY_DESCRIPTOR *object, PGENERIC_MAPPING mapping, HANDLE token)
{
    struct sources now, with;
    PSECURITY_DESCRIPTOR made;

    read_sources(*object, &now);
    read_sources(change, &with);
    if (information & OWNER_SECURITY_INFORMATION) {
        if (!with.owner) return STATUS_INVALID_OWNER;
        now.owner = with.owner;
    }
    if (information & GROUP_SECURITY_INFORMATION) {
        if (!with.group) return STATUS_INVALID_PRIMARY_GROUP;
        now.group = with.group;
    }
    if (information & DACL_SECURITY_INFORMATION) now.dacl = with.dacl, now.has_dacl = with.has_dacl;
    if (information & SACL_SECURITY_INFORMATION) now.sacl = with.sacl, now.has_sacl = with.has_sacl;
    struct sources none = {0};
    NTSTATUS status = build(&none, &now, FALSE, 0, token, mapping, &made);
    if (status < 0) return status;
    free_memory(*object);
    *object = made;
    return STATUS_SUCCESS;
}

/** Copies the parts that information names. STATUS_BUFFER_TOO_SMALL; *needed is their size in both cases. */
NTSTATUS WINAPI RtlQuerySecurityObject(PSECURITY_DESCRIPTOR object, SECURITY_INFORMATION information,
                                       PSECURITY_DESCRIPTOR result, ULONG length, PULONG needed)
{
    struct sources parts;
    SECURITY_DESCRIPTOR selected;

    read_sources(object, &parts);
    RtlCreateSecurityDescriptor(&selected, SECURITY_DESCRIPTOR_REVISION);
    if (information & OWNER_SECURITY_INFORMATION) selected.Owner = parts.owner;
    if (information & GROUP_SECURITY_INFORMATION) selected.Group = parts.group;
    if (information & DACL_SECURITY_INFORMATION) {
        selected.Dacl = parts.dacl;
        selected.Control |= parts.control & (SE_DACL_PRESENT | SE_DACL_DEFAULTED | SE_DACL_PROTECTED |
                                             SE_DACL_AUTO_INHERITED | SE_DACL_AUTO_INHERIT_REQ);
    }
    if (information & SACL_SECURITY_INFORMATION) {
        selected.Sacl = parts.sacl;
        selected.Control |= parts.control & (SE_SACL_PRESENT | SE_SACL_DEFAULTED | SE_SACL_PROTECTED |
                                             SE_SACL_AUTO_INHERITED | SE_SACL_AUTO_INHERIT_REQ);
    }
    *needed = RtlLengthSecurityDescriptor(&selected);
    if (*needed > length) return STATUS_BUFFER_TOO_SMALL;
    return RtlMakeSelfRelativeSD(&selected, result, &length);
}

NTSTATUS WINAPI RtlDeleteSecurityObject(PSECURITY_DESCRIPTOR *object)
{
    free_memory(*object);
    *object = NULL;
    return STATUS_SUCCESS;
}
