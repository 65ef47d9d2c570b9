// Security descriptors to strings.
#include "descriptor_string.h"
#include <sddl.h>

// A string that grows on the local heap; `failed` once memory ran out.
struct text {
    WCHAR *buffer;
    DWORD length, room;
    bool failed;
};

static void put(struct text *text, const WCHAR *more)
{
    DWORD added = (DWORD)lstrlenW(more);
    if (text->failed) return;
    if (text->length + added + 1 > text->room) {
        DWORD room = 2 * (text->length + added + 64);
        WCHAR *grown = LocalAlloc(0, room * sizeof(WCHAR));
        if (!grown) {
            text->failed = true;
            return;
        }
        if (text->buffer) memcpy(grown, text->buffer, text->length * sizeof(WCHAR));
        if (text->buffer) LocalFree(text->buffer);
        text->buffer = grown;
        text->room = room;
    }
    memcpy(text->buffer + text->length, more, (added + 1) * sizeof(WCHAR));
    text->length += added;
}

static void put_sid(struct text *text, PSID sid)
{
    WCHAR buffer[256];
    UNICODE_STRING string = {0, sizeof(buffer), buffer};
    const WCHAR *name = sddl_name_of_sid(sid);
    if (!name && NT_SUCCESS(RtlConvertSidToUnicodeString(&string, sid, FALSE))) name = buffer;
    if (name) put(text, name);
}

static void put_hex(struct text *text, DWORD value)
{
    WCHAR digits[11] = L"0x";
    int at = 2, shift = 28;
    while (shift > 0 && !(value >> shift & 15)) shift -= 4;
    for (; shift >= 0; shift -= 4) digits[at++] = L"0123456789abcdef"[value >> shift & 15];
    digits[at] = 0;
    put(text, digits);
}

// The names of all bits, or a number when a bit has none; whole sets by their own name.
static void put_rights(struct text *text, DWORD mask, const struct sddl_name *names, unsigned count)
{
    DWORD named = 0;
    for (unsigned i = 0; i < count; i++) {
        if (names[i].value == mask) {
            put(text, names[i].text);
            return;
        }
        if (!(names[i].value & (names[i].value - 1))) named |= names[i].value;
    }
    if (mask & ~named) {
        put_hex(text, mask);
        return;
    }
    for (unsigned i = 0; i < count; i++)
        if (!(names[i].value & (names[i].value - 1)) && mask & names[i].value) put(text, names[i].text);
}

static const WCHAR *type_name(BYTE type)
{
    switch (type) {
    case ACCESS_ALLOWED_ACE_TYPE: return L"A";
    case ACCESS_DENIED_ACE_TYPE: return L"D";
    case SYSTEM_AUDIT_ACE_TYPE: return L"AU";
    case SYSTEM_ALARM_ACE_TYPE: return L"AL";
    case ACCESS_ALLOWED_OBJECT_ACE_TYPE: return L"OA";
    case ACCESS_DENIED_OBJECT_ACE_TYPE: return L"OD";
    case SYSTEM_AUDIT_OBJECT_ACE_TYPE: return L"OU";
    case SYSTEM_ALARM_OBJECT_ACE_TYPE: return L"OL";
    case SYSTEM_MANDATORY_LABEL_ACE_TYPE: return L"ML";
    default: return NULL;
    }
}

static void put_guid(struct text *text, const GUID *guid)
{
    UNICODE_STRING string;
    if (!NT_SUCCESS(RtlStringFromGUID(guid, &string))) {
        text->failed = true;
        return;
    }
    string.Buffer[37] = 0; // without braces, and in small letters
    for (WCHAR *at = string.Buffer; *at; at++)
        if (*at >= 'A' && *at <= 'F') *at += 'a' - 'A';
    put(text, string.Buffer + 1);
    RtlFreeUnicodeString(&string);
}

// What lies between an entry's mask and its SID; returns where the SID is.
static const BYTE *put_object_types(struct text *text, const ACE_HEADER *ace)
{
    const BYTE *at = (const BYTE *)ace + 8;
    bool object =
        ace->AceType >= ACCESS_ALLOWED_OBJECT_ACE_TYPE && ace->AceType <= SYSTEM_ALARM_OBJECT_ACE_TYPE;
    DWORD present = 0;
    if (object) memcpy(&present, at, sizeof(present)), at += sizeof(present);
    if (present & ACE_OBJECT_TYPE_PRESENT) put_guid(text, (const GUID *)at), at += sizeof(GUID);
    put(text, L";");
    if (present & ACE_INHERITED_OBJECT_TYPE_PRESENT) put_guid(text, (const GUID *)at), at += sizeof(GUID);
    put(text, L";");
    return at;
}

static bool put_ace(struct text *text, const ACE_HEADER *ace)
{
    const WCHAR *type = type_name(ace->AceType);
    if (!type) return false;
    put(text, L"(");
    put(text, type);
    put(text, L";");
    for (unsigned i = 0; i < sddl_ace_flag_count; i++)
        if (ace->AceFlags & sddl_ace_flags[i].value) put(text, sddl_ace_flags[i].text);
    put(text, L";");
    DWORD mask = ((const ACCESS_ALLOWED_ACE *)ace)->Mask;
    if (ace->AceType == SYSTEM_MANDATORY_LABEL_ACE_TYPE)
        put_rights(text, mask, sddl_label_rights, sddl_label_right_count);
    else
        put_rights(text, mask, sddl_rights, sddl_right_count);
    put(text, L";");
    put_sid(text, (PSID)put_object_types(text, ace));
    put(text, L")");
    return true;
}

static bool put_list(struct text *text, ACL *acl, SECURITY_DESCRIPTOR_CONTROL control, bool dacl)
{
    ACE_HEADER *ace;
    put(text, dacl ? L"D:" : L"S:");
    if (control & (dacl ? SE_DACL_PROTECTED : SE_SACL_PROTECTED)) put(text, L"P");
    if (control & (dacl ? SE_DACL_AUTO_INHERIT_REQ : SE_SACL_AUTO_INHERIT_REQ)) put(text, L"AR");
    if (control & (dacl ? SE_DACL_AUTO_INHERITED : SE_SACL_AUTO_INHERITED)) put(text, L"AI");
    if (!acl) {
        put(text, L"NO_ACCESS_CONTROL");
        return true;
    }
    for (DWORD i = 0; NT_SUCCESS(RtlGetAce(acl, i, (void **)&ace)); i++)
        if (!put_ace(text, ace)) return false;
    return true;
}

static bool put_descriptor(struct text *text, PSECURITY_DESCRIPTOR descriptor,
                           SECURITY_INFORMATION information)
{
    BOOLEAN present, defaulted;
    SECURITY_DESCRIPTOR_CONTROL control;
    DWORD revision;
    PSID sid;
    ACL *acl = NULL;
    put(text, L"");
    if (!NT_SUCCESS(RtlGetControlSecurityDescriptor(descriptor, &control, &revision))) return false;
    if (information & OWNER_SECURITY_INFORMATION &&
        NT_SUCCESS(RtlGetOwnerSecurityDescriptor(descriptor, &sid, &defaulted)) && sid)
        put(text, L"O:"), put_sid(text, sid);
    if (information & GROUP_SECURITY_INFORMATION &&
        NT_SUCCESS(RtlGetGroupSecurityDescriptor(descriptor, &sid, &defaulted)) && sid)
        put(text, L"G:"), put_sid(text, sid);
    if (information & DACL_SECURITY_INFORMATION &&
        NT_SUCCESS(RtlGetDaclSecurityDescriptor(descriptor, &present, &acl, &defaulted)) && present &&
        !put_list(text, acl, control, true))
        return false;
    if (information & (SACL_SECURITY_INFORMATION | LABEL_SECURITY_INFORMATION) &&
        NT_SUCCESS(RtlGetSaclSecurityDescriptor(descriptor, &present, &acl, &defaulted)) && present && acl)
        return put_list(text, acl, control, false);
    return true;
}

HOTPATCH BOOL WINAPI ConvertSecurityDescriptorToStringSecurityDescriptorW(PSECURITY_DESCRIPTOR descriptor,
                                                                          DWORD revision,
                                                                          SECURITY_INFORMATION information,
                                                                          LPWSTR *string, ULONG *length)
{
    struct text text = {0};
    if (revision != SDDL_REVISION_1) return fail_with(ERROR_UNKNOWN_REVISION);
    if (!descriptor || !string) return fail_with(ERROR_INVALID_PARAMETER);
    if (!put_descriptor(&text, descriptor, information) || text.failed) {
        if (text.buffer) LocalFree(text.buffer);
        return fail_with(text.failed ? ERROR_NOT_ENOUGH_MEMORY : ERROR_INVALID_ACL);
    }
    *string = text.buffer;
    if (length) *length = text.length + 1;
    return TRUE;
}

HOTPATCH BOOL WINAPI ConvertSecurityDescriptorToStringSecurityDescriptorA(PSECURITY_DESCRIPTOR descriptor,
                                                                          DWORD revision,
                                                                          SECURITY_INFORMATION information,
                                                                          LPSTR *string, ULONG *length)
{
    AUTO_LOCAL WCHAR *wide = NULL;
    if (!string) return fail_with(ERROR_INVALID_PARAMETER);
    if (!ConvertSecurityDescriptorToStringSecurityDescriptorW(descriptor, revision, information, &wide, NULL))
        return FALSE;
    *string = local_ansi_from_wide(wide);
    if (*string && length) *length = (ULONG)lstrlenA(*string) + 1;
    return *string != NULL;
}

HOTPATCH BOOL WINAPI ConvertSidToStringSidW(PSID sid, LPWSTR *string)
{
    WCHAR buffer[256];
    UNICODE_STRING text = {0, sizeof(buffer), buffer};
    if (!string) return fail_with(ERROR_INVALID_PARAMETER);
    if (!bool_from_status(RtlConvertSidToUnicodeString(&text, sid, FALSE))) return FALSE;
    *string = LocalAlloc(0, text.Length + sizeof(WCHAR));
    if (!*string) return FALSE;
    copy_wide(*string, buffer);
    return TRUE;
}

HOTPATCH BOOL WINAPI ConvertSidToStringSidA(PSID sid, LPSTR *string)
{
    AUTO_LOCAL WCHAR *wide = NULL;
    if (!string) return fail_with(ERROR_INVALID_PARAMETER);
    if (!ConvertSidToStringSidW(sid, &wide)) return FALSE;
    *string = local_ansi_from_wide(wide);
    return *string != NULL;
}
