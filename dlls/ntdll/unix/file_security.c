// Security descriptors of files. The host's owner and mode bits say who may do what; a descriptor made of
// them has the entries that a file on Windows inherits. One that says more is kept in an extended attribute
// beside the mode that it came to, and holds while the file still has that mode.
#include "file_security.h"
#include "access_check.h"
#include "file.h"
#include "status_errno.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

static const char kept_name[] = "user.lowland.security";

enum { OBJECT_INHERIT = 1, CONTAINER_INHERIT = 2, INHERITED = 0x10, ALLOWED_ACE = 0, REVISION = 2 };

static const struct file *host_file(const struct object *object)
{
    const struct file *file = object->type == &file_type ? (const struct file *)object : NULL;
    bool has = file && file->fd >= 0 && (file->kind == FILE_KIND_DISK || file->kind == FILE_KIND_DIRECTORY);
    return has ? file : NULL;
}

// --- from mode bits

// The rights that three mode bits give. Whoever may read a file may run it as well: Windows programs have no
// x bit.
static uint32_t rights_of_bits(unsigned bits)
{
    uint32_t rights = 0;
    if (bits & 4) rights |= FILE_GENERIC_READ | FILE_GENERIC_EXECUTE;
    if (bits & 2) rights |= FILE_GENERIC_WRITE | DELETE;
    return rights;
}

static unsigned own_bits(const char *path)
{
    return (access(path, R_OK) == 0 ? 4u : 0) | (access(path, W_OK) == 0 ? 2u : 0);
}

static void add(struct acl_builder *acl, const struct stat *st, uint32_t rights, struct sid sid)
{
    uint8_t flags = S_ISDIR(st->st_mode) ? INHERITED | OBJECT_INHERIT | CONTAINER_INHERIT : INHERITED;
    if (rights) acl_add(acl, ALLOWED_ACE, flags, rights, &sid);
}

// Who owns a file may do everything with it unless its bits say nothing at all: missing write permission is
// Windows' read-only attribute, which no descriptor shows.
static bool from_mode(struct descriptor *descriptor, const struct stat *st, const char *path)
{
    const struct sid owner = sid_of_uid(st->st_uid), group = sid_primary_group();
    struct acl_builder acl;
    acl_begin(&acl, REVISION);
    if (st->st_uid == getuid()) {
        uint32_t rights = st->st_mode & 0600 ? FILE_ALL_ACCESS : WRITE_DAC | READ_CONTROL;
        add(&acl, st, rights, owner);
        add(&acl, st, rights, sid_administrators());
    } else {
        add(&acl, st, rights_of_bits(st->st_mode >> 6), owner);
        add(&acl, st, rights_of_bits(own_bits(path)), sid_user());
    }
    add(&acl, st, FILE_ALL_ACCESS, sid_local_system());
    add(&acl, st, rights_of_bits(st->st_mode), sid_world());
    const struct descriptor_parts parts = {.control = SE_DACL_PRESENT | SE_DACL_AUTO_INHERITED,
                                           .owner = owner.bytes,
                                           .owner_size = owner.size,
                                           .group = group.bytes,
                                           .group_size = group.size,
                                           .dacl = acl.bytes,
                                           .dacl_size = acl.size};
    bool built = !acl.failed && descriptor_build(descriptor, &parts);
    free(acl.bytes);
    return built;
}

// --- kept ones: the mode, then the descriptor

enum { MODE = 0777, WRITABLE = 0222, KEPT_MAX = 65536 };

// Whether a file with mode now still is as its descriptor was kept for. Becoming read-only changes nothing.
static bool modes_agree(mode_t kept, mode_t now)
{
    return (now & MODE) == (kept & MODE) ||
           (!(now & WRITABLE) && (now & MODE & ~WRITABLE) == (kept & MODE & ~WRITABLE));
}

static bool load_kept(struct descriptor *descriptor, const struct stat *st, const char *path)
{
    uint32_t mode;
    struct descriptor_parts parts;
    ssize_t n = getxattr(path, kept_name, NULL, 0);
    if (n <= (ssize_t)sizeof mode || n > KEPT_MAX) return false;
    uint8_t *bytes = malloc((size_t)n);
    if (!bytes) return false;
    bool good = getxattr(path, kept_name, bytes, (size_t)n) == n;
    memcpy(&mode, bytes, sizeof mode);
    uint32_t size = (uint32_t)n - sizeof mode;
    memmove(bytes, bytes + sizeof mode, size);
    if (good && modes_agree(mode, st->st_mode) && descriptor_parse(&parts, bytes, size)) {
        *descriptor = (struct descriptor){bytes, size};
        return true;
    }
    free(bytes);
    return false;
}

static bool keep(const struct descriptor *descriptor, mode_t mode, const char *path)
{
    uint32_t kept = mode & MODE;
    uint8_t *bytes = malloc(sizeof kept + descriptor->size);
    if (!bytes) return false;
    memcpy(bytes, &kept, sizeof kept);
    memcpy(bytes + sizeof kept, descriptor->bytes, descriptor->size);
    bool done = setxattr(path, kept_name, bytes, sizeof kept + descriptor->size, 0) == 0;
    free(bytes);
    return done;
}

NTSTATUS file_security_load(struct object *object, struct descriptor *descriptor)
{
    struct stat st;
    const struct file *file = host_file(object);
    if (!file || fstat(file->fd, &st) != 0) return STATUS_NOT_SUPPORTED;
    struct fd_name name = fd_name(file->fd);
    if (load_kept(descriptor, &st, name.text)) return STATUS_SUCCESS;
    return from_mode(descriptor, &st, name.text) ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

// --- to mode bits

// A token of nobody but a user in the groups that everybody is in; sid NULL: any other user.
static void stand_in(struct token_state *state, const struct sid *sid)
{
    enum { NT = 5, NOBODY = 0 };
    const struct sid groups[] = {sid_world(), sid_make(NT, 1, 11u), sid_make(NT, 2, 32u, 545u),
                                 sid_administrators()};
    memset(state, 0, sizeof *state);
    state->user.sid = sid ? *sid : sid_make(NOBODY, 1, 0u);
    state->group_count = sid ? 4 : 3; // a file's owner is an administrator here
    for (uint32_t i = 0; i < state->group_count; i++)
        state->groups[i] = (struct token_group){groups[i], SE_GROUP_ENABLED};
}

static unsigned bits_for(const struct descriptor_parts *parts, const struct sid *sid, mode_t mode)
{
    struct token_state state;
    ACCESS_MASK32 rights;
    uint32_t privilege;
    unsigned bits = 0;
    stand_in(&state, sid);
    access_check(parts, &state, MAXIMUM_ALLOWED, &file_type.mapping, &rights, &privilege);
    if (rights & FILE_READ_DATA) bits |= 4;
    if (rights & FILE_WRITE_DATA) bits |= 2;
    // Directories are walked through by everybody (SeChangeNotifyPrivilege); files keep the x bits they have.
    if (S_ISDIR(mode) ? bits != 0 : mode & 0111 && rights & FILE_EXECUTE) bits |= 1;
    return bits;
}

static mode_t mode_for(const struct descriptor_parts *parts, const struct stat *st)
{
    const struct sid owner = sid_of_uid(st->st_uid);
    unsigned others = bits_for(parts, NULL, st->st_mode);
    mode_t mode = bits_for(parts, &owner, st->st_mode) << 6 | others << 3 | others;
    if (!(st->st_mode & WRITABLE) && S_ISREG(st->st_mode)) mode &= ~(mode_t)WRITABLE; // stays read-only
    return mode;
}

// The host's owner follows when the new one is a user of the host; groups and others are only kept.
static NTSTATUS change_owner(const struct descriptor_parts *parts, const struct stat *st, const char *path)
{
    const struct sid first = sid_of_uid(0);
    uint32_t rid, base;
    if (parts->owner_size != first.size || memcmp(parts->owner, first.bytes, first.size - 4) != 0)
        return STATUS_SUCCESS;
    memcpy(&rid, (const uint8_t *)parts->owner + first.size - 4, 4);
    memcpy(&base, first.bytes + first.size - 4, 4);
    if (rid < base || rid - base == st->st_uid) return STATUS_SUCCESS;
    return chown(path, rid - base, (gid_t)-1) == 0 ? STATUS_SUCCESS : STATUS_INVALID_OWNER;
}

static bool same(const struct descriptor *a, const struct descriptor *b)
{
    return a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0;
}

NTSTATUS file_security_store(struct object *object, uint32_t information, const struct descriptor *descriptor)
{
    struct stat st;
    struct descriptor plain;
    struct descriptor_parts parts;
    const struct file *file = host_file(object);
    if (!file || fstat(file->fd, &st) != 0) return STATUS_NOT_SUPPORTED;
    struct fd_name name = fd_name(file->fd);
    if (!descriptor_parse(&parts, descriptor->bytes, descriptor->size)) return STATUS_INVALID_SECURITY_DESCR;
    NTSTATUS status = STATUS_SUCCESS;
    if (information & OWNER_SECURITY_INFORMATION) status = change_owner(&parts, &st, name.text);
    if (!NT_SUCCESS(status)) return status;
    mode_t mode = information & DACL_SECURITY_INFORMATION ? mode_for(&parts, &st) : st.st_mode & MODE;
    struct stat after = st;
    after.st_mode = (st.st_mode & ~(mode_t)MODE) | mode;
    if (!from_mode(&plain, &after, name.text)) return STATUS_NO_MEMORY;
    // Kept before the mode may forbid it. Where the file system keeps nothing, the mode bits are all there
    // is.
    if (same(&plain, descriptor))
        removexattr(name.text, kept_name);
    else
        keep(descriptor, mode, name.text);
    free(plain.bytes);
    if (mode != (st.st_mode & MODE) && chmod(name.text, (st.st_mode & 07000) | mode) != 0)
        return status_from_errno(errno);
    return STATUS_SUCCESS;
}
