// Self-relative security descriptors in host memory: capturing, parsing, building, merging.
#include "security_descriptor.h"
#include <stdlib.h>
#include <string.h>

enum { HEAD = sizeof(SECURITY_DESCRIPTOR_RELATIVE32), ACL_HEAD = sizeof(ACL32), ACE_HEAD = 8 };
enum { INHERIT_ONLY = 8, LABEL_ACE = 0x11 };
// Kinds of entries that are a header, a mask and a SID (winnt.h's *_ACE_TYPE).
#define SIMPLE_ACES (1u << 0 | 1u << 1 | 1u << 2 | 1u << 3 | 1u << 17)

// --- taking apart

NTSTATUS descriptor_capture(struct descriptor *descriptor, gptr address)
{
    struct object_name name;
    const OBJECT_ATTRIBUTES32 attributes = {.Length = sizeof attributes, .SecurityDescriptor = address};
    *descriptor = (struct descriptor){0};
    if (!address) return STATUS_ACCESS_VIOLATION;
    NTSTATUS status = object_name_capture(&name, &attributes);
    if (!NT_SUCCESS(status)) return status;
    *descriptor = (struct descriptor){name.security, name.security_size};
    return STATUS_SUCCESS;
}

const uint8_t *acl_next(const void *acl, const uint8_t *ace)
{
    const uint8_t *bytes = acl;
    uint16_t count = (uint16_t)(bytes[4] | bytes[5] << 8);
    const uint8_t *next = bytes + ACL_HEAD;
    for (uint16_t i = 0; i < count; i++, next += ace_size(next))
        if (!ace || next > ace) return next;
    return NULL;
}

bool acl_is_valid(const void *acl, uint32_t size)
{
    const uint8_t *bytes = acl;
    if (size < ACL_HEAD || bytes[0] < 2 || bytes[0] > 4) return false;
    uint32_t declared = (uint32_t)(bytes[2] | bytes[3] << 8), at = ACL_HEAD;
    if (declared > size || declared < ACL_HEAD) return false;
    for (uint32_t count = (uint32_t)(bytes[4] | bytes[5] << 8); count; count--) {
        struct sid sid;
        if (declared - at < ACE_HEAD) return false;
        uint32_t length = ace_size(bytes + at);
        if (length < ACE_HEAD || length > declared - at) return false;
        if (bytes[at] < 32 && SIMPLE_ACES >> bytes[at] & 1 &&
            !sid_parse(&sid, bytes + at + ACE_HEAD, length - ACE_HEAD))
            return false;
        at += length;
    }
    return true;
}

static bool part_of(const uint8_t *bytes, uint32_t size, uint32_t offset, bool is_acl, const void **part,
                    uint32_t *part_size)
{
    struct sid sid;
    *part = NULL;
    *part_size = 0;
    if (!offset) return true;
    if (offset < HEAD || offset >= size) return false;
    if (is_acl) {
        if (!acl_is_valid(bytes + offset, size - offset)) return false;
        *part_size = (uint32_t)(bytes[offset + 2] | bytes[offset + 3] << 8);
    } else {
        if (!sid_parse(&sid, bytes + offset, size - offset)) return false;
        *part_size = sid.size;
    }
    *part = bytes + offset;
    return true;
}

bool descriptor_parse(struct descriptor_parts *parts, const void *bytes, uint32_t size)
{
    SECURITY_DESCRIPTOR_RELATIVE32 head;
    *parts = (struct descriptor_parts){0};
    if (size < HEAD) return false;
    memcpy(&head, bytes, HEAD);
    parts->control = head.Control;
    return head.Revision == 1 && part_of(bytes, size, head.Owner, false, &parts->owner, &parts->owner_size) &&
           part_of(bytes, size, head.Group, false, &parts->group, &parts->group_size) &&
           part_of(bytes, size, head.Control & SE_SACL_PRESENT ? head.Sacl : 0, true, &parts->sacl,
                   &parts->sacl_size) &&
           part_of(bytes, size, head.Control & SE_DACL_PRESENT ? head.Dacl : 0, true, &parts->dacl,
                   &parts->dacl_size);
}

// --- putting together

static uint32_t append(uint8_t *bytes, uint32_t *at, const void *part, uint32_t size)
{
    uint32_t offset = *at;
    if (!part) return 0;
    memcpy(bytes + offset, part, size);
    *at += (size + 3) & ~3u;
    return offset;
}

bool descriptor_build(struct descriptor *descriptor, const struct descriptor_parts *p)
{
    uint32_t at = HEAD, size = HEAD + ((p->owner_size + 3) & ~3u) + ((p->group_size + 3) & ~3u) +
                               ((p->sacl_size + 3) & ~3u) + ((p->dacl_size + 3) & ~3u);
    uint8_t *bytes = calloc(1, size);
    *descriptor = (struct descriptor){bytes, size};
    if (!bytes) return false;
    SECURITY_DESCRIPTOR_RELATIVE32 head = {.Revision = 1, .Control = p->control | SE_SELF_RELATIVE};
    head.Sacl = append(bytes, &at, p->sacl, p->sacl_size);
    head.Dacl = append(bytes, &at, p->dacl, p->dacl_size);
    head.Owner = append(bytes, &at, p->owner, p->owner_size);
    head.Group = append(bytes, &at, p->group, p->group_size);
    memcpy(bytes, &head, HEAD);
    return true;
}

static void acl_set_size(struct acl_builder *acl, uint32_t size)
{
    acl->size = size;
    acl->bytes[2] = (uint8_t)size;
    acl->bytes[3] = (uint8_t)(size >> 8);
}

void acl_begin(struct acl_builder *acl, uint8_t revision)
{
    *acl = (struct acl_builder){.bytes = calloc(1, ACL_HEAD)};
    acl->failed = !acl->bytes;
    if (acl->failed) return;
    acl->bytes[0] = revision;
    acl_set_size(acl, ACL_HEAD);
}

void acl_add_ace(struct acl_builder *acl, const uint8_t *ace)
{
    uint32_t length = ace_size(ace), size = acl->size + length;
    uint8_t *bytes = acl->failed || size > 0xffff ? NULL : realloc(acl->bytes, size);
    if (!bytes) {
        acl->failed = true;
        return;
    }
    memcpy(bytes + acl->size, ace, length);
    acl->bytes = bytes;
    acl_set_size(acl, size);
    if (!++bytes[4]) bytes[5]++;
}

void acl_add(struct acl_builder *acl, uint8_t type, uint8_t flags, uint32_t mask, const struct sid *sid)
{
    uint16_t size = (uint16_t)(ACE_HEAD + sid->size);
    uint8_t ace[ACE_HEAD + SID_MAX_BYTES] = {type, flags, (uint8_t)size, (uint8_t)(size >> 8)};
    memcpy(ace + 4, &mask, 4);
    memcpy(ace + ACE_HEAD, sid->bytes, sid->size);
    acl_add_ace(acl, ace);
}

// --- new objects

// Generic rights become the type's, except in entries that only serve to be inherited.
static void map_generic_rights(uint8_t *acl, const struct object_type *type)
{
    for (const uint8_t *at = NULL; (at = acl_next(acl, at));) {
        uint8_t *ace = acl + (at - acl);
        if (ace[0] >= 32 || !(SIMPLE_ACES >> ace[0] & 1) || ace[0] == LABEL_ACE || ace[1] & INHERIT_ONLY)
            continue;
        uint32_t mask = ace_mask(ace),
                 generic = mask & (GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | GENERIC_ALL);
        if (!generic) continue;
        mask = (mask & ~generic) | object_map_access(type, generic);
        memcpy(ace + 4, &mask, 4);
    }
}

static void map_lists(struct descriptor *descriptor, const struct object_type *type)
{
    struct descriptor_parts parts;
    uint8_t *bytes = descriptor->bytes;
    if (!type || !descriptor_parse(&parts, bytes, descriptor->size)) return;
    if (parts.dacl) map_generic_rights(bytes + ((const uint8_t *)parts.dacl - bytes), type);
    if (parts.sacl) map_generic_rights(bytes + ((const uint8_t *)parts.sacl - bytes), type);
}

bool descriptor_for_new_object(struct descriptor *descriptor, const struct descriptor_parts *given,
                               const struct token_state *token, const struct object_type *type)
{
    struct descriptor_parts parts = given ? *given : (struct descriptor_parts){0};
    if (!parts.owner) parts.owner = token->owner.bytes, parts.owner_size = token->owner.size;
    if (!parts.group) parts.group = token->primary_group.bytes, parts.group_size = token->primary_group.size;
    if (!(parts.control & SE_DACL_PRESENT) && token->default_dacl) {
        parts.control |= SE_DACL_PRESENT;
        parts.dacl = token->default_dacl;
        parts.dacl_size = token->default_dacl_size;
    }
    parts.control &= ~(SE_OWNER_DEFAULTED | SE_GROUP_DEFAULTED | SE_DACL_DEFAULTED | SE_SACL_DEFAULTED);
    if (!descriptor_build(descriptor, &parts)) return false;
    map_lists(descriptor, type);
    return true;
}

// --- queries and changes

// The entries of a SACL that are labels, or those that are not. NULL for none without a SACL.
static bool filter_sacl(struct acl_builder *acl, const void *sacl, bool labels)
{
    acl_begin(acl, ((const uint8_t *)sacl)[0]);
    for (const uint8_t *ace = NULL; !acl->failed && (ace = acl_next(sacl, ace));)
        if ((ace[0] == LABEL_ACE) == labels) acl_add_ace(acl, ace);
    if (acl->failed) free(acl->bytes);
    return !acl->failed;
}

bool descriptor_select(struct descriptor *descriptor, const struct descriptor_parts *parts,
                       uint32_t information)
{
    const uint16_t dacl_bits =
        SE_DACL_PRESENT | SE_DACL_DEFAULTED | SE_DACL_AUTO_INHERITED | SE_DACL_PROTECTED;
    const uint16_t sacl_bits =
        SE_SACL_PRESENT | SE_SACL_DEFAULTED | SE_SACL_AUTO_INHERITED | SE_SACL_PROTECTED;
    bool labels = information & LABEL_SECURITY_INFORMATION, audits = information & SACL_SECURITY_INFORMATION;
    struct descriptor_parts out = *parts;
    struct acl_builder sacl = {0};
    if (!(information & OWNER_SECURITY_INFORMATION)) out.owner = NULL, out.owner_size = 0;
    if (!(information & GROUP_SECURITY_INFORMATION)) out.group = NULL, out.group_size = 0;
    if (!(information & DACL_SECURITY_INFORMATION))
        out.dacl = NULL, out.dacl_size = 0, out.control &= (uint16_t)~dacl_bits;
    if (!labels && !audits) {
        out.sacl = NULL, out.sacl_size = 0, out.control &= (uint16_t)~sacl_bits;
    } else if (out.sacl && labels != audits) {
        if (!filter_sacl(&sacl, out.sacl, labels)) return false;
        out.sacl = sacl.bytes;
        out.sacl_size = sacl.size;
    }
    bool built = descriptor_build(descriptor, &out);
    free(sacl.bytes);
    return built;
}

static bool may_own(const struct token_state *token, const void *owner, uint32_t size)
{
    struct sid sid;
    if (!sid_parse(&sid, owner, size)) return false;
    if (sid_equal(&sid, &token->user.sid)) return true;
    for (uint32_t i = 0; i < token->group_count; i++)
        if (token->groups[i].attributes & SE_GROUP_OWNER && sid_equal(&sid, &token->groups[i].sid))
            return true;
    for (uint32_t i = 0; i < token->privilege_count; i++)
        if (token->privileges[i].luid == SE_RESTORE_PRIVILEGE &&
            token->privileges[i].attributes & SE_PRIVILEGE_ENABLED)
            return true;
    return false;
}

// The other kind of entries stays, that kind comes from change.
static bool merge_sacl(struct acl_builder *acl, const void *current, const void *change, bool labels)
{
    uint8_t revision = change ? ((const uint8_t *)change)[0] : 2;
    acl_begin(acl, revision);
    for (const uint8_t *ace = NULL; current && !acl->failed && (ace = acl_next(current, ace));)
        if ((ace[0] == LABEL_ACE) != labels) acl_add_ace(acl, ace);
    for (const uint8_t *ace = NULL; change && !acl->failed && (ace = acl_next(change, ace));)
        if ((ace[0] == LABEL_ACE) == labels) acl_add_ace(acl, ace);
    if (acl->failed) free(acl->bytes);
    return !acl->failed;
}

static void take_bits(uint16_t *control, uint16_t from, uint16_t mask)
{
    *control = (uint16_t)((*control & ~mask) | (from & mask));
}

NTSTATUS descriptor_merge(struct descriptor *result, const struct descriptor_parts *current,
                          const struct descriptor_parts *change, uint32_t information,
                          const struct token_state *token, const struct object_type *type)
{
    struct descriptor_parts out = *current;
    struct acl_builder sacl = {0};
    if (information & OWNER_SECURITY_INFORMATION) {
        if (!change->owner) return STATUS_INVALID_SECURITY_DESCR;
        if (!may_own(token, change->owner, change->owner_size)) return STATUS_INVALID_OWNER;
        out.owner = change->owner, out.owner_size = change->owner_size;
    }
    if (information & GROUP_SECURITY_INFORMATION) {
        if (!change->group) return STATUS_INVALID_SECURITY_DESCR;
        out.group = change->group, out.group_size = change->group_size;
    }
    if (information & DACL_SECURITY_INFORMATION) {
        out.dacl = change->dacl, out.dacl_size = change->dacl_size;
        take_bits(&out.control, change->control, SE_DACL_PROTECTED);
        out.control &= (uint16_t)~SE_DACL_AUTO_INHERITED;
        if (change->control & SE_DACL_AUTO_INHERIT_REQ)
            take_bits(&out.control, change->control, SE_DACL_AUTO_INHERITED);
        out.control |= SE_DACL_PRESENT;
    }
    if (information & (SACL_SECURITY_INFORMATION | LABEL_SECURITY_INFORMATION)) {
        if (!merge_sacl(&sacl, current->sacl, change->sacl, information & LABEL_SECURITY_INFORMATION))
            return STATUS_NO_MEMORY;
        out.sacl = sacl.bytes, out.sacl_size = sacl.size;
        out.control |= SE_SACL_PRESENT;
        out.control &= (uint16_t) ~(SE_SACL_AUTO_INHERITED | SE_SACL_DEFAULTED);
    }
    bool built = descriptor_build(result, &out);
    free(sacl.bytes);
    if (!built) return STATUS_NO_MEMORY;
    map_lists(result, type);
    return STATUS_SUCCESS;
}
