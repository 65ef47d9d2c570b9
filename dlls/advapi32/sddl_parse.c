// Security descriptors from strings: "O:BAG:SYD:P(A;OICI;GA;;;SY)S:(AU;SAFA;WD;;;WD)".
#include "descriptor_string.h"
#include <sddl.h>

// Where the parser stands and what it has. Lists grow by whole entries.
struct parse {
    const WCHAR *at;
    DWORD error;
    SECURITY_DESCRIPTOR_CONTROL control;
    union {
        SID sid;
        BYTE bytes[SECURITY_MAX_SID_SIZE];
    } owner, group;
    bool has_owner, has_group;
    ACL *dacl, *sacl; // process heap
};

static bool fail(struct parse *parse, DWORD error)
{
    parse->error = error;
    return false;
}

static void skip_spaces(struct parse *parse)
{
    while (*parse->at == ' ' || *parse->at == '\t') parse->at++;
}

static bool expect(struct parse *parse, WCHAR c)
{
    if (*parse->at != c) return fail(parse, ERROR_INVALID_ACL);
    parse->at++;
    return true;
}

// --- the fields of an entry

static const struct {
    WCHAR text[3];
    BYTE type;
} ace_types[] = {
    {L"A", ACCESS_ALLOWED_ACE_TYPE},          {L"D", ACCESS_DENIED_ACE_TYPE},
    {L"OA", ACCESS_ALLOWED_OBJECT_ACE_TYPE},  {L"OD", ACCESS_DENIED_OBJECT_ACE_TYPE},
    {L"AU", SYSTEM_AUDIT_ACE_TYPE},           {L"AL", SYSTEM_ALARM_ACE_TYPE},
    {L"OU", SYSTEM_AUDIT_OBJECT_ACE_TYPE},    {L"OL", SYSTEM_ALARM_OBJECT_ACE_TYPE},
    {L"ML", SYSTEM_MANDATORY_LABEL_ACE_TYPE},
};

static bool parse_type(struct parse *parse, BYTE *type)
{
    for (DWORD i = 0; i < ARRAY_LENGTH(ace_types); i++) {
        int length = lstrlenW(ace_types[i].text);
        if (memcmp(parse->at, ace_types[i].text, (SIZE_T)length * sizeof(WCHAR)) != 0 ||
            parse->at[length] != ';')
            continue;
        parse->at += length + 1;
        *type = ace_types[i].type;
        return true;
    }
    return fail(parse, ERROR_INVALID_ACL);
}

// The value of the two letters at the parser's place; 0 for none.
static DWORD take_name(struct parse *parse, const struct sddl_name *names, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (parse->at[0] != names[i].text[0] || parse->at[1] != names[i].text[1]) continue;
        parse->at += 2;
        return names[i].value;
    }
    return 0;
}

static bool parse_flags(struct parse *parse, BYTE *flags)
{
    *flags = 0;
    skip_spaces(parse);
    while (*parse->at != ';') {
        DWORD flag = take_name(parse, sddl_ace_flags, sddl_ace_flag_count);
        if (!flag) return fail(parse, ERROR_INVALID_ACL);
        *flags |= flag;
    }
    return expect(parse, ';');
}

// A number as C writes it: 0x..., 0... or decimal. What does not fit wraps.
static DWORD take_number(struct parse *parse)
{
    DWORD value = 0, base = 10;
    if (parse->at[0] == '0' && (parse->at[1] | 0x20) == 'x')
        base = 16, parse->at += 2;
    else if (parse->at[0] == '0')
        base = 8;
    for (;; parse->at++) {
        WCHAR c = *parse->at;
        DWORD digit = c >= '0' && c <= '9'                     ? (DWORD)c - '0'
                      : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10u
                                                               : 99;
        if (digit >= base) return value;
        value = value * base + digit;
    }
}

static bool parse_rights(struct parse *parse, BYTE type, DWORD *mask)
{
    *mask = 0;
    skip_spaces(parse);
    while (*parse->at != ';') {
        if (*parse->at >= '0' && *parse->at <= '9') {
            *mask |= take_number(parse);
            continue;
        }
        DWORD right = type == SYSTEM_MANDATORY_LABEL_ACE_TYPE
                          ? take_name(parse, sddl_label_rights, sddl_label_right_count)
                          : take_name(parse, sddl_rights, sddl_right_count);
        if (!right) return fail(parse, ERROR_INVALID_ACL);
        *mask |= right;
    }
    return expect(parse, ';');
}

// A GUID without braces, or nothing.
static bool parse_guid(struct parse *parse, GUID *guid, bool *present)
{
    WCHAR text[39] = L"{";
    UNICODE_STRING string = {38 * sizeof(WCHAR), 39 * sizeof(WCHAR), text};
    int length = 0;
    skip_spaces(parse);
    while (parse->at[length] && parse->at[length] != ';') length++;
    *present = length != 0;
    if (length) {
        if (length != 36) return fail(parse, RPC_S_INVALID_STRING_UUID);
        memcpy(text + 1, parse->at, 36 * sizeof(WCHAR));
        text[37] = '}';
        if (!NT_SUCCESS(RtlGUIDFromString(&string, guid))) return fail(parse, RPC_S_INVALID_STRING_UUID);
    }
    parse->at += length;
    return expect(parse, ';');
}

// --- entries and lists

static bool is_object(BYTE type)
{
    return type >= ACCESS_ALLOWED_OBJECT_ACE_TYPE && type <= SYSTEM_ALARM_OBJECT_ACE_TYPE;
}

// An entry of any kind into buffer; its size.
static DWORD build_ace(BYTE *buffer, BYTE type, BYTE flags, DWORD mask, const GUID *object,
                       const GUID *inherited, PSID sid)
{
    ACCESS_ALLOWED_ACE *ace = (ACCESS_ALLOWED_ACE *)buffer;
    BYTE *at = (BYTE *)&ace->SidStart;
    ace->Mask = mask;
    if (is_object(type)) {
        DWORD present =
            (object ? ACE_OBJECT_TYPE_PRESENT : 0) | (inherited ? ACE_INHERITED_OBJECT_TYPE_PRESENT : 0);
        memcpy(at, &present, sizeof(present));
        at += sizeof(present);
        if (object) memcpy(at, object, sizeof(GUID)), at += sizeof(GUID);
        if (inherited) memcpy(at, inherited, sizeof(GUID)), at += sizeof(GUID);
    }
    memcpy(at, sid, RtlLengthSid(sid));
    DWORD size = (DWORD)(at - buffer) + RtlLengthSid(sid);
    ace->Header = (ACE_HEADER){type, flags, (WORD)size};
    return size;
}

static bool append_ace(struct parse *parse, ACL **acl, const BYTE *ace, DWORD size, bool object)
{
    DWORD whole = (*acl)->AclSize + size;
    ACL *grown = whole <= 0xFFFF ? HeapReAlloc(GetProcessHeap(), 0, *acl, whole) : NULL;
    if (!grown) return fail(parse, ERROR_NOT_ENOUGH_MEMORY);
    memcpy((BYTE *)grown + grown->AclSize, ace, size);
    grown->AclSize = (WORD)whole;
    grown->AceCount++;
    if (object) grown->AclRevision = ACL_REVISION_DS;
    *acl = grown;
    return true;
}

static bool parse_ace(struct parse *parse, ACL **acl)
{
    BYTE type, flags, buffer[sizeof(ACCESS_ALLOWED_OBJECT_ACE) + SECURITY_MAX_SID_SIZE];
    DWORD mask;
    GUID object, inherited;
    bool has_object, has_inherited;
    union {
        SID sid;
        BYTE bytes[SECURITY_MAX_SID_SIZE];
    } sid;
    parse->at++; // "("
    skip_spaces(parse);
    if (!parse_type(parse, &type) || !parse_flags(parse, &flags) || !parse_rights(parse, type, &mask) ||
        !parse_guid(parse, &object, &has_object) || !parse_guid(parse, &inherited, &has_inherited))
        return false;
    skip_spaces(parse);
    if (!sddl_parse_sid(&parse->at, &sid.sid)) return fail(parse, ERROR_INVALID_ACL);
    skip_spaces(parse);
    if (!expect(parse, ')')) return false;
    DWORD size = build_ace(buffer, type, flags, mask, has_object ? &object : NULL,
                           has_inherited ? &inherited : NULL, &sid.sid);
    return append_ace(parse, acl, buffer, size, is_object(type));
}

static bool starts_with(const WCHAR *text, const WCHAR *prefix)
{
    return memcmp(text, prefix, (SIZE_T)lstrlenW(prefix) * sizeof(WCHAR)) == 0;
}

// "P", "AR", "AI" before the entries; *null_list: there is none ("NO_ACCESS_CONTROL").
static bool parse_list_flags(struct parse *parse, bool dacl, bool *null_list)
{
    *null_list = false;
    for (skip_spaces(parse); *parse->at && *parse->at != '(';) {
        if (parse->at[1] == ':') return true; // the next part
        if (*parse->at == 'P') {
            parse->control |= dacl ? SE_DACL_PROTECTED : SE_SACL_PROTECTED;
            parse->at++;
        } else if (starts_with(parse->at, L"AR")) {
            parse->control |= dacl ? SE_DACL_AUTO_INHERIT_REQ : SE_SACL_AUTO_INHERIT_REQ;
            parse->at += 2;
        } else if (starts_with(parse->at, L"AI")) {
            parse->control |= dacl ? SE_DACL_AUTO_INHERITED : SE_SACL_AUTO_INHERITED;
            parse->at += 2;
        } else if (dacl && starts_with(parse->at, L"NO_ACCESS_CONTROL")) {
            *null_list = true;
            parse->at += lstrlenW(L"NO_ACCESS_CONTROL");
        } else {
            return fail(parse, ERROR_INVALID_ACL);
        }
        skip_spaces(parse);
    }
    return true;
}

static bool parse_list(struct parse *parse, bool dacl)
{
    ACL **acl = dacl ? &parse->dacl : &parse->sacl;
    bool null_list;
    parse->control |= dacl ? SE_DACL_PRESENT : SE_SACL_PRESENT;
    if (*acl) return fail(parse, ERROR_INVALID_PARAMETER);
    if (!parse_list_flags(parse, dacl, &null_list)) return false;
    if (null_list) return true;
    *acl = heap_alloc(sizeof(ACL));
    if (!*acl) return fail(parse, ERROR_NOT_ENOUGH_MEMORY);
    RtlCreateAcl(*acl, sizeof(ACL), ACL_REVISION);
    while (*parse->at == '(') {
        if (!parse_ace(parse, acl)) return false;
        skip_spaces(parse);
    }
    return true;
}

static bool parse_part(struct parse *parse)
{
    WCHAR kind = *parse->at;
    if (!kind || parse->at[1] != ':') return fail(parse, ERROR_INVALID_PARAMETER);
    parse->at += 2;
    skip_spaces(parse);
    switch (kind) {
    case 'O':
        parse->has_owner = sddl_parse_sid(&parse->at, &parse->owner.sid);
        return parse->has_owner || fail(parse, ERROR_INVALID_OWNER);
    case 'G':
        parse->has_group = sddl_parse_sid(&parse->at, &parse->group.sid);
        return parse->has_group || fail(parse, ERROR_INVALID_PRIMARY_GROUP);
    case 'D': return parse_list(parse, true);
    case 'S': return parse_list(parse, false);
    default: return fail(parse, ERROR_INVALID_PARAMETER);
    }
}

static bool parse_string(struct parse *parse)
{
    for (skip_spaces(parse); *parse->at; skip_spaces(parse))
        if (!parse_part(parse)) return false;
    return true;
}

static PSECURITY_DESCRIPTOR finish(struct parse *parse, ULONG *size)
{
    SECURITY_DESCRIPTOR descriptor;
    RtlCreateSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION);
    descriptor.Control = parse->control;
    descriptor.Owner = parse->has_owner ? &parse->owner : NULL;
    descriptor.Group = parse->has_group ? &parse->group : NULL;
    descriptor.Dacl = parse->dacl;
    descriptor.Sacl = parse->sacl;
    *size = RtlLengthSecurityDescriptor(&descriptor);
    PSECURITY_DESCRIPTOR result = LocalAlloc(0, *size);
    if (result) RtlMakeSelfRelativeSD(&descriptor, result, size);
    return result;
}

HOTPATCH BOOL WINAPI ConvertStringSecurityDescriptorToSecurityDescriptorW(LPCWSTR string, DWORD revision,
                                                                          PSECURITY_DESCRIPTOR *descriptor,
                                                                          ULONG *size)
{
    struct parse parse = {.at = string};
    ULONG length = 0;
    if (!string || !descriptor) return fail_with(ERROR_INVALID_PARAMETER);
    if (revision != SDDL_REVISION_1) return fail_with(ERROR_UNKNOWN_REVISION);
    bool parsed = parse_string(&parse);
    PSECURITY_DESCRIPTOR result = parsed ? finish(&parse, &length) : NULL;
    heap_free(parse.dacl);
    heap_free(parse.sacl);
    if (!parsed) return fail_with(parse.error);
    if (!result) return fail_with(ERROR_NOT_ENOUGH_MEMORY);
    *descriptor = result;
    if (size) *size = length;
    return TRUE;
}

HOTPATCH BOOL WINAPI ConvertStringSecurityDescriptorToSecurityDescriptorA(LPCSTR string, DWORD revision,
                                                                          PSECURITY_DESCRIPTOR *descriptor,
                                                                          ULONG *size)
{
    AUTO_FREE WCHAR *wide = wide_from_ansi(string);
    if (conversion_failed(string, wide)) return FALSE;
    return ConvertStringSecurityDescriptorToSecurityDescriptorW(wide, revision, descriptor, size);
}

HOTPATCH BOOL WINAPI ConvertStringSidToSidW(LPCWSTR string, PSID *sid)
{
    union {
        SID sid;
        BYTE bytes[SECURITY_MAX_SID_SIZE];
    } made;
    if (!string || !sid) return fail_with(ERROR_INVALID_PARAMETER);
    if (!sddl_parse_sid(&string, &made.sid) || *string) return fail_with(ERROR_INVALID_SID);
    *sid = LocalAlloc(0, RtlLengthSid(&made.sid));
    if (!*sid) return FALSE;
    return bool_from_status(RtlCopySid(RtlLengthSid(&made.sid), *sid, &made.sid));
}

HOTPATCH BOOL WINAPI ConvertStringSidToSidA(LPCSTR string, PSID *sid)
{
    AUTO_FREE WCHAR *wide = wide_from_ansi(string);
    if (conversion_failed(string, wide)) return FALSE;
    return ConvertStringSidToSidW(wide, sid);
}
