// Which handles a child process gets from its parent.
#include "process_handles.h"
#include "file.h"

struct collection {
    struct process_handles *handles;
    const uint32_t *listed; // NULL: all inheritable ones
    uint32_t listed_n;
};

static void keep(struct process_handles *handles, HANDLE32 handle, struct object *object,
                 ACCESS_MASK32 access, uint32_t attributes)
{
    for (uint32_t i = 0; i < handles->n; i++)
        if (handles->items[i].handle == handle) return;
    if (handles->n == CHILD_HANDLES_MAX) return;
    object_retain(object);
    handles->items[handles->n++] = (struct process_handle){handle, object, access, attributes};
}

static void keep_inheritable(HANDLE32 handle, struct object *object, ACCESS_MASK32 access,
                             uint32_t attributes, void *context)
{
    struct collection *c = context;
    bool wanted = c->listed == NULL;
    for (uint32_t i = 0; i < c->listed_n && !wanted; i++) wanted = c->listed[i] == handle;
    if (wanted) keep(c->handles, handle, object, access, attributes);
}

// Whether it is a file's handle. *fd: the file's host descriptor, -1: none.
static bool keep_file(struct process_handles *handles, HANDLE32 handle, int *fd)
{
    struct object *object;
    uint32_t access, attributes;
    *fd = -1;
    if (!NT_SUCCESS(handle_resolve(handle, &file_type, 0, &object))) return false;
    if (NT_SUCCESS(handle_access(handle, &access, &attributes)))
        keep(handles, handle, object, access, attributes);
    *fd = ((struct file *)object)->fd;
    object_release(object);
    return true;
}

// Describes what was kept. Not while the handle table is walked: an object may become shared by it.
static void pack(const struct process_handles *handles, struct child_start *child)
{
    for (uint32_t i = 0; i < handles->n; i++) {
        const struct process_handle *item = &handles->items[i];
        struct child_handle *entry = &child->handles[child->handles_n];
        int descriptors[PARCEL_DESCRIPTORS];
        if (object_parcel_export(item->object, &entry->parcel, descriptors) != STATUS_SUCCESS) continue;
        if (child->descriptors_n + entry->parcel.descriptors > CHILD_DESCRIPTORS_MAX) continue;
        entry->value = item->handle;
        entry->access = item->access;
        entry->attributes = item->attributes;
        for (uint32_t d = 0; d < entry->parcel.descriptors; d++)
            child->descriptors[child->descriptors_n++] = descriptors[d];
        child->handles_n++;
    }
}

// Whether the attributes ask for a duplicate of each standard handle, or want the child to have none; neither
// without such an attribute.
static NTSTATUS read_standard_wish(const PS_ATTRIBUTE32 *attribute, uint32_t subsystem, bool *duplicate,
                                   bool *drop)
{
    PS_STD_HANDLE_INFO32 info;
    *duplicate = *drop = false;
    if (!attribute) return STATUS_SUCCESS;
    if (attribute->Size != sizeof info) return STATUS_INVALID_PARAMETER;
    if (!guest_read(&info, attribute->Value, sizeof info)) return STATUS_ACCESS_VIOLATION;
    uint32_t state = info.Flags & 3;
    *duplicate = state == PsAlwaysDuplicate ||
                 (state == PsRequestDuplicate && info.StdHandleSubsystemType == subsystem);
    *drop = state != PsNeverDuplicate && !*duplicate;
    return STATUS_SUCCESS;
}

// Whether all that a list names are handles which children may inherit; without inheritance it isn't looked
// at.
static bool can_inherit_all(const uint32_t *listed, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        uint32_t access, attributes;
        if (!NT_SUCCESS(handle_access(listed[i], &access, &attributes)) || !(attributes & OBJ_INHERIT))
            return false;
    }
    return true;
}

NTSTATUS process_handles_collect(struct process_handles *handles, struct child_start *child,
                                 const PS_ATTRIBUTE32 *attributes, unsigned count, bool inherit,
                                 uint32_t subsystem, int standard[3])
{
    uint32_t listed[256];
    struct collection c = {.handles = handles};
    const PS_ATTRIBUTE32 *list = ps_attributes_find(attributes, count, PS_ATTRIBUTE_HANDLE_LIST);
    if (list) {
        if (list->Size % 4 || list->Size > sizeof listed) return STATUS_INVALID_PARAMETER;
        if (!guest_read(listed, list->Value, list->Size)) return STATUS_ACCESS_VIOLATION;
        c.listed = listed;
        c.listed_n = list->Size / 4;
        if (inherit && !can_inherit_all(listed, c.listed_n)) return STATUS_INVALID_PARAMETER;
    }
    bool duplicate, drop;
    NTSTATUS status = read_standard_wish(ps_attributes_find(attributes, count, PS_ATTRIBUTE_STD_HANDLE_INFO),
                                         subsystem, &duplicate, &drop);
    if (!NT_SUCCESS(status)) return status;
    RTL_USER_PROCESS_PARAMETERS32 *block = child->parameters.block;
    HANDLE32 values[] = {block->StandardInput, block->StandardOutput, block->StandardError};
    for (int i = 0; i < 3; i++) {
        bool kept = keep_file(handles, values[i], &standard[i]);
        // A number that is no handle here would be some other handle's there.
        if (drop || (duplicate && !kept)) values[i] = 0;
    }
    block->StandardInput = values[0];
    block->StandardOutput = values[1];
    block->StandardError = values[2];
    int fd;
    keep_file(handles, block->ConsoleHandle, &fd); // a wish for a new console is no handle
    if (inherit) handle_for_each(OBJ_INHERIT, keep_inheritable, &c);
    pack(handles, child);
    return STATUS_SUCCESS;
}

void process_handles_release(struct process_handles *handles)
{
    while (handles->n > 0) object_release(handles->items[--handles->n].object);
}
