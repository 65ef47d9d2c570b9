// Security descriptors of keys.
#include "registry_security.h"
#include "registry_key.h"
#include "registry_transaction.h"
#include <stdlib.h>
#include <string.h>

struct security_call {
    key_id id;
    uint8_t *descriptor;
    uint32_t size;
};

static NTSTATUS get_body(struct registry_view *view, void *context)
{
    struct security_call *call = context;
    struct key_info info;
    NTSTATUS status = key_get(view, call->id, &info);
    free(call->descriptor);
    call->descriptor = NULL;
    if (status || !info.security.size) return status;
    call->descriptor = malloc(info.security.size);
    if (!call->descriptor) return STATUS_NO_MEMORY;
    memcpy(call->descriptor, info.security.data, info.security.size);
    call->size = (uint32_t)info.security.size;
    return STATUS_SUCCESS;
}

NTSTATUS registry_security_load(struct object *object, struct descriptor *descriptor)
{
    if (object->type != &registry_key_type) return STATUS_NOT_SUPPORTED;
    const struct registry_key *key = (struct registry_key *)object;
    struct security_call call = {.id = key->place.id};
    NTSTATUS status = registry_key_read(key, get_body, &call);
    if (status) {
        free(call.descriptor);
        return status;
    }
    if (!call.descriptor) return STATUS_NOT_SUPPORTED;
    *descriptor = (struct descriptor){.bytes = call.descriptor, .size = call.size};
    return STATUS_SUCCESS;
}

NTSTATUS registry_security_store(struct object *object, const struct descriptor *descriptor)
{
    if (object->type != &registry_key_type) return STATUS_NOT_SUPPORTED;
    const struct registry_key *key = (struct registry_key *)object;
    struct registry_change change = {
        .kind = CHANGE_SECURITY, .id = key->place.id, .data = {descriptor->bytes, descriptor->size}};
    return registry_change_do(key->transaction, &change);
}

NTSTATUS registry_security_default(struct descriptor *descriptor)
{
    struct token *token = token_of_process();
    pthread_mutex_lock(&token->lock);
    bool made = descriptor_for_new_object(descriptor, NULL, &token->state, &registry_key_type);
    pthread_mutex_unlock(&token->lock);
    return made ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}
