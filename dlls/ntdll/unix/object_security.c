// Security descriptors of objects: kept with the object once somebody gave it one, else the default one of
// the token. Files and registry keys keep theirs elsewhere (file_security.c, registry_security.c).
#include "access_check.h"
#include "file_security.h"
#include "ntdll_host.h"
#include "region_text.h"
#include "registry_security.h"
#include "shared_object.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// --- where descriptors are kept: a shared object's in its record, else with the object, under namespace_lock

static NTSTATUS store_private(struct object *object, const struct descriptor *descriptor)
{
    struct security *kept = malloc(sizeof *kept + descriptor->size);
    if (!kept) return STATUS_NO_MEMORY;
    kept->size = descriptor->size;
    memcpy(kept->bytes, descriptor->bytes, descriptor->size);
    free(atomic_exchange(&object->security, kept));
    return STATUS_SUCCESS;
}

static NTSTATUS store_shared(struct object *object, const struct descriptor *descriptor)
{
    NTSTATUS status = STATUS_INSUFFICIENT_RESOURCES;
    region_lock();
    struct shared_record *record = shared_record_of(object);
    uint32_t text = record ? region_text_new(descriptor->bytes, descriptor->size) : 0;
    if (text) {
        uint32_t old = atomic_exchange(&record->security, 0);
        atomic_store(&record->security_size, descriptor->size);
        atomic_store(&record->security, text);
        region_text_free(old);
        status = STATUS_SUCCESS;
    }
    region_unlock();
    return status;
}

// Replaces what object has; takes over the descriptor's memory.
static NTSTATUS store(struct object *object, struct descriptor *descriptor)
{
    pthread_mutex_lock(&namespace_lock);
    NTSTATUS status =
        atomic_load(&object->shared) ? store_shared(object, descriptor) : store_private(object, descriptor);
    pthread_mutex_unlock(&namespace_lock);
    free(descriptor->bytes);
    return status;
}

static bool load_shared(const struct object *object, struct descriptor *descriptor)
{
    region_lock();
    const struct shared_record *record = shared_record_of(object);
    uint32_t text = record ? atomic_load(&record->security) : 0;
    uint32_t size = text ? atomic_load(&record->security_size) : 0;
    if (size && size <= REGION_TEXT_MAX && (descriptor->bytes = malloc(size))) {
        region_text_read(text, descriptor->bytes, size);
        descriptor->size = size;
    }
    region_unlock();
    return descriptor->bytes != NULL;
}

static bool load_private(struct object *object, struct descriptor *descriptor)
{
    const struct security *kept = atomic_load(&object->security);
    if (!kept || !(descriptor->bytes = malloc(kept->size))) return false;
    descriptor->size = kept->size;
    memcpy(descriptor->bytes, kept->bytes, kept->size);
    return true;
}

static bool load_kept(struct object *object, struct descriptor *descriptor)
{
    pthread_mutex_lock(&namespace_lock);
    bool whole =
        atomic_load(&object->shared) ? load_shared(object, descriptor) : load_private(object, descriptor);
    pthread_mutex_unlock(&namespace_lock);
    return whole;
}

// Whether somebody gave the object a descriptor; a look without locks.
static bool has_kept(const struct object *object)
{
    if (!atomic_load(&object->shared)) return atomic_load(&object->security) != NULL;
    const struct shared_record *record = shared_record_of(object);
    return record && atomic_load(&record->security);
}

// --- defaults

// A token's descriptor has a label, that of the process which made it.
static bool label(struct descriptor *descriptor, const struct token_state *state)
{
    enum { LABEL_ACE = 0x11, NO_WRITE_UP = 1 };
    const struct sid sid = sid_integrity(state->integrity);
    struct descriptor old = *descriptor;
    struct descriptor_parts parts;
    struct acl_builder acl;
    acl_begin(&acl, 2);
    acl_add(&acl, LABEL_ACE, 0, NO_WRITE_UP, &sid);
    bool built = !acl.failed && descriptor_parse(&parts, old.bytes, old.size);
    if (built) {
        parts.control |= SE_SACL_PRESENT | SE_SACL_AUTO_INHERITED;
        parts.sacl = acl.bytes;
        parts.sacl_size = acl.size;
        built = descriptor_build(descriptor, &parts);
    }
    free(acl.bytes);
    free(old.bytes);
    return built;
}

// The default descriptor by the process's own token.
static bool load_default(struct object *object, struct descriptor *descriptor)
{
    struct token *token = token_of_process();
    if (!token) return false;
    pthread_mutex_lock(&token->lock);
    bool built = descriptor_for_new_object(descriptor, NULL, &token->state, object->type);
    if (built && object->type == &token_type) built = label(descriptor, &token->state);
    pthread_mutex_unlock(&token->lock);
    return built;
}

static NTSTATUS load(struct object *object, struct descriptor *descriptor)
{
    *descriptor = (struct descriptor){0};
    NTSTATUS status = file_security_load(object, descriptor);
    if (status == STATUS_NOT_SUPPORTED) status = registry_security_load(object, descriptor);
    if (status != STATUS_NOT_SUPPORTED) return status;
    if (load_kept(object, descriptor)) return STATUS_SUCCESS;
    return load_default(object, descriptor) ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

NTSTATUS object_security_create(struct object *object, const void *bytes, uint32_t size)
{
    struct descriptor_parts parts;
    struct descriptor descriptor;
    if (!bytes) return STATUS_SUCCESS; // the default one, made when somebody asks
    if (!descriptor_parse(&parts, bytes, size)) return STATUS_INVALID_SECURITY_DESCR;
    struct token *token = token_effective();
    if (!token) return STATUS_NO_MEMORY;
    pthread_mutex_lock(&token->lock);
    // A token's label is not for its maker to choose.
    if (object->type == &token_type)
        parts.sacl = NULL, parts.sacl_size = 0, parts.control &= ~SE_SACL_PRESENT;
    bool built = descriptor_for_new_object(&descriptor, &parts, &token->state, object->type);
    if (built && object->type == &token_type) built = label(&descriptor, &token->state);
    pthread_mutex_unlock(&token->lock);
    object_release(&token->object);
    return built ? store(object, &descriptor) : STATUS_NO_MEMORY;
}

NTSTATUS object_check_security(struct object *object, ACCESS_MASK32 access, ACCESS_MASK32 *granted)
{
    struct descriptor descriptor = {0};
    struct descriptor_parts parts;
    uint32_t privilege;
    // What nobody gave a descriptor the one user may do everything with.
    if (!has_kept(object) && !token_thread_impersonates())
        return object_check_access(object->type, access, granted);
    ACCESS_MASK32 maximum = access & MAXIMUM_ALLOWED;
    NTSTATUS status =
        object_check_access(object->type, access & ~(ACCESS_MASK32)ACCESS_SYSTEM_SECURITY, granted);
    if (!NT_SUCCESS(status) && !(access & ACCESS_SYSTEM_SECURITY)) return status;
    status = load(object, &descriptor);
    if (!NT_SUCCESS(status)) return status;
    ACCESS_MASK32 desired = maximum
                                ? object_map_access(object->type, access & ~maximum) | maximum
                                : object_map_access(object->type, access) | (access & ACCESS_SYSTEM_SECURITY);
    struct token *token = token_effective();
    status = token && descriptor_parse(&parts, descriptor.bytes, descriptor.size) ? STATUS_SUCCESS
                                                                                  : STATUS_NO_MEMORY;
    if (NT_SUCCESS(status)) {
        pthread_mutex_lock(&token->lock);
        if (token->state.type == TokenImpersonation && token->state.level < SecurityImpersonation)
            status = STATUS_BAD_IMPERSONATION_LEVEL;
        else
            status =
                access_check(&parts, &token->state, desired, &object->type->mapping, granted, &privilege);
        pthread_mutex_unlock(&token->lock);
    }
    if (token) object_release(&token->object);
    free(descriptor.bytes);
    return status;
}

NTSTATUS NtQuerySecurityObject(HANDLE32 handle, uint32_t information, gptr buffer, uint32_t length,
                               gptr needed)
{
    struct object *object;
    struct descriptor whole, selected = {0};
    struct descriptor_parts parts;
    uint32_t access = READ_CONTROL | (information & SACL_SECURITY_INFORMATION ? ACCESS_SYSTEM_SECURITY : 0);
    NTSTATUS status = handle_resolve(handle, NULL, access, &object);
    if (!NT_SUCCESS(status)) return status;
    status = load(object, &whole);
    object_release(object);
    if (!NT_SUCCESS(status)) return status;
    if (!descriptor_parse(&parts, whole.bytes, whole.size))
        status = STATUS_INVALID_SECURITY_DESCR;
    else if (!descriptor_select(&selected, &parts, information))
        status = STATUS_NO_MEMORY;
    else if (!guest_write32(needed, selected.size))
        status = STATUS_ACCESS_VIOLATION;
    else if (length < selected.size)
        status = STATUS_BUFFER_TOO_SMALL;
    else if (!guest_write(buffer, selected.bytes, selected.size))
        status = STATUS_ACCESS_VIOLATION;
    free(selected.bytes);
    free(whole.bytes);
    return status;
}

// The rights that setting parts of a descriptor needs.
static uint32_t access_to_set(uint32_t information)
{
    uint32_t access = 0;
    if (information & (OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION | LABEL_SECURITY_INFORMATION))
        access |= WRITE_OWNER;
    if (information & DACL_SECURITY_INFORMATION) access |= WRITE_DAC;
    if (information & SACL_SECURITY_INFORMATION) access |= ACCESS_SYSTEM_SECURITY;
    return access;
}

static NTSTATUS set(struct object *object, uint32_t information, const struct descriptor_parts *change)
{
    struct descriptor old, merged;
    struct descriptor_parts current;
    NTSTATUS status = load(object, &old);
    if (!NT_SUCCESS(status)) return status;
    struct token *token = token_effective();
    if (!token || !descriptor_parse(&current, old.bytes, old.size)) {
        status = token ? STATUS_INVALID_SECURITY_DESCR : STATUS_NO_MEMORY;
    } else {
        pthread_mutex_lock(&token->lock);
        status = descriptor_merge(&merged, &current, change, information, &token->state, object->type);
        pthread_mutex_unlock(&token->lock);
    }
    if (token) object_release(&token->object);
    free(old.bytes);
    if (!NT_SUCCESS(status)) return status;
    status = file_security_store(object, information, &merged);
    if (status == STATUS_NOT_SUPPORTED) status = registry_security_store(object, &merged);
    if (status != STATUS_NOT_SUPPORTED) {
        free(merged.bytes);
        return status;
    }
    return store(object, &merged);
}

NTSTATUS NtSetSecurityObject(HANDLE32 handle, uint32_t information, gptr address)
{
    struct object *object;
    struct descriptor descriptor;
    struct descriptor_parts change;
    NTSTATUS status = descriptor_capture(&descriptor, address);
    if (!NT_SUCCESS(status)) return status;
    status = handle_resolve(handle, NULL, access_to_set(information), &object);
    if (NT_SUCCESS(status)) {
        // Setting a token's label says that it worked and changes nothing.
        if (object->type == &token_type) information &= ~(uint32_t)LABEL_SECURITY_INFORMATION;
        status = descriptor_parse(&change, descriptor.bytes, descriptor.size)
                     ? set(object, information, &change)
                     : STATUS_INVALID_SECURITY_DESCR;
        object_release(object);
    }
    free(descriptor.bytes);
    return status;
}
