// Self-relative security descriptors in host memory (MS-DTYP 2.4.6): taking them apart, putting them
// together, and the ones that objects have when nobody gave them any.
#ifndef LOWLAND_SECURITY_DESCRIPTOR_H
#define LOWLAND_SECURITY_DESCRIPTOR_H

#include "guest_constants.h"
#include "guest_types.h"
#include "sid.h"
#include "token.h"

// The parts of a descriptor, each inside the bytes it was parsed from; NULL: not there.
struct descriptor_parts {
    uint16_t control; // SE_*
    const void *owner, *group, *sacl, *dacl;
    uint32_t owner_size, group_size, sacl_size, dacl_size;
};

// A descriptor of its own memory; bytes NULL: none.
struct descriptor {
    void *bytes; // malloc'd
    uint32_t size;
};

// Captures a descriptor of the guest, absolute or self-relative. STATUS_ACCESS_VIOLATION,
// STATUS_UNKNOWN_REVISION, STATUS_INVALID_SID, STATUS_INVALID_ACL, STATUS_DATATYPE_MISALIGNMENT,
// STATUS_NO_MEMORY.
NTSTATUS descriptor_capture(struct descriptor *descriptor, gptr address);

// False when any part is malformed or reaches outside.
bool descriptor_parse(struct descriptor_parts *parts, const void *bytes, uint32_t size);
// Puts parts together. False without memory.
bool descriptor_build(struct descriptor *descriptor, const struct descriptor_parts *parts);

// Whether bytes are a whole ACL: its entries lie inside, and those whose kind has a SID at a known place have
// one.
bool acl_is_valid(const void *bytes, uint32_t size);
// Steps through the entries: `for (const uint8_t *ace = NULL; (ace = acl_next(acl, ace));)`.
const uint8_t *acl_next(const void *acl, const uint8_t *ace);

static inline uint16_t ace_size(const uint8_t *ace)
{
    return (uint16_t)(ace[2] | ace[3] << 8);
}

static inline uint32_t ace_mask(const uint8_t *ace)
{
    return (uint32_t)ace[4] | (uint32_t)ace[5] << 8 | (uint32_t)ace[6] << 16 | (uint32_t)ace[7] << 24;
}

// An ACL under construction. `failed` says that memory ran out; then it must not be used.
struct acl_builder {
    uint8_t *bytes; // malloc'd, a whole ACL at any time
    uint32_t size;
    bool failed;
};
void acl_begin(struct acl_builder *acl, uint8_t revision);
void acl_add_ace(struct acl_builder *acl, const uint8_t *ace);
void acl_add(struct acl_builder *acl, uint8_t type, uint8_t flags, uint32_t mask, const struct sid *sid);

// What a new object of a type gets: the given parts (parts NULL or a part missing: the token's default),
// generic rights mapped. False without memory.
bool descriptor_for_new_object(struct descriptor *descriptor, const struct descriptor_parts *given,
                               const struct token_state *token, const struct object_type *type);

// The parts of parts that information asks for, as NtQuerySecurityObject hands them out. False without
// memory.
bool descriptor_select(struct descriptor *descriptor, const struct descriptor_parts *parts,
                       uint32_t information);

// current with those parts replaced by change's that information names. STATUS_INVALID_SECURITY_DESCR when an
// owner or group to set is missing, STATUS_INVALID_OWNER for an owner that the token may not give,
// STATUS_NO_MEMORY.
NTSTATUS descriptor_merge(struct descriptor *result, const struct descriptor_parts *current,
                          const struct descriptor_parts *change, uint32_t information,
                          const struct token_state *token, const struct object_type *type);

#endif
