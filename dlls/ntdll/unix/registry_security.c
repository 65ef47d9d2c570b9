// Security descriptors of keys.
#include "registry_security.h"
#include "registry_key.h"
#include "registry_notify.h"
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
    struct security_call call = {.id = ((struct registry_key *)object)->place.id};
    NTSTATUS status = registry_read(get_body, &call);
    if (status) {
        free(call.descriptor);
        return status;
    }
    if (!call.descriptor) return STATUS_NOT_SUPPORTED;
    *descriptor = (struct descriptor){.bytes = call.descriptor, .size = call.size};
    return STATUS_SUCCESS;
}

static NTSTATUS put_body(struct registry_view *view, void *context)
{
    struct security_call *call = context;
    struct key_info info;
    NTSTATUS status = key_get(view, call->id, &info);
    if (status) return status;
    // The record is written anew while its own bytes are read: names go through a copy.
    size_t names = 2u * (info.name.count + info.class.count);
    uint8_t *copy = malloc(names + 1);
    if (!copy) return STATUS_NO_MEMORY;
    memcpy(copy, info.name.text, names);
    info.name.text = copy;
    info.class.text = copy + 2u * info.name.count;
    info.security = (struct store_bytes){call->descriptor, call->size};
    status = key_put(view, call->id, &info);
    free(copy);
    return status;
}

NTSTATUS registry_security_store(struct object *object, const struct descriptor *descriptor)
{
    if (object->type != &registry_key_type) return STATUS_NOT_SUPPORTED;
    struct security_call call = {.id = ((struct registry_key *)object)->place.id,
                                 .descriptor = descriptor->bytes,
                                 .size = descriptor->size};
    NTSTATUS status = registry_write(write_mask(call.id), put_body, &call);
    if (!status) registry_changed(call.id, REG_NOTIFY_CHANGE_SECURITY);
    return status;
}

NTSTATUS registry_security_default(struct descriptor *descriptor)
{
    struct token *token = token_of_process();
    pthread_mutex_lock(&token->lock);
    bool made = descriptor_for_new_object(descriptor, NULL, &token->state, &registry_key_type);
    pthread_mutex_unlock(&token->lock);
    return made ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}
