// The contents of a fresh store: its head, the root, and the keys of data/registry.reg, whose text is part of
// the program. A store that another version filled gets the values that it lacks.
#include "registry_initial.h"
#include "guest_constants.h"
#include "loader/host_clock.h"
#include "registry_export.h"
#include "registry_machine.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <uchar.h>

enum { MAGIC = 0x47524C4C, VERSION = 1, FIRST_ID = 16 };

// registry_text.S
extern const uint8_t registry_text[], registry_text_end[];
extern const uint32_t registry_text_sum;

// ---- the head and the root ----

static NTSTATUS put_root(struct registry_view *view)
{
    static const struct {
        const char16_t *name;
        uint32_t count;
    } below[] = {{u"MACHINE", 7}, {u"USER", 4}};
    struct key_info root = {.name = {u"REGISTRY", 8}, .last_write = host_system_time()};
    NTSTATUS status = key_put(view, KEY_ID_ROOT, &root);
    for (unsigned i = 0; i < sizeof below / sizeof *below && !status; i++) {
        struct key_info info = {.name = {below[i].name, below[i].count}};
        key_id id;
        status = child_create(view, KEY_ID_ROOT, false, false, &info, &id);
    }
    return status;
}

static NTSTATUS put_head(struct registry_view *view, struct store_head *head)
{
    *head = (struct store_head){.magic = MAGIC, .version = VERSION, .next_id = FIRST_ID};
    if (getrandom(head->identity, sizeof head->identity, 0) != sizeof head->identity)
        return STATUS_UNSUCCESSFUL;
    return head_put(view, STORE_KEPT, head);
}

// ---- the keys ----

static NTSTATUS put_text(struct registry_view *view, const uint16_t *text, size_t count, bool view64,
                         bool fresh)
{
    struct reg_file_error error;
    NTSTATUS status = registry_import(view, text, count, view64, !fresh, &error);
    if (status && error.message)
        fprintf(stderr, "lowland: the initial registry, line %u: %s\n", error.line, error.message);
    return status;
}

// Both views of a machine have their Software: what the file says goes to each.
static NTSTATUS put_initial(struct registry_view *view, bool fresh)
{
    size_t size, count;
    char *expanded = registry_machine_expand((const char *)registry_text,
                                             (size_t)(registry_text_end - registry_text), &size);
    uint16_t *text = expanded ? reg_file_decode((const uint8_t *)expanded, size, &count) : NULL;
    free(expanded);
    if (!text) return STATUS_NO_MEMORY;
    NTSTATUS status = registry_put_links(view);
    if (!status) status = put_text(view, text, count, true, fresh);
    if (!status) status = put_text(view, text, count, false, false);
    free(text);
    return status;
}

static NTSTATUS initialize(struct registry_view *view, void *context)
{
    struct store_head head;
    (void)context;
    NTSTATUS status = head_get(view, STORE_KEPT, &head);
    bool fresh = status == STATUS_OBJECT_NAME_NOT_FOUND;
    if (fresh) {
        status = put_head(view, &head);
        if (!status) status = put_root(view);
    }
    if (status) return status;
    if (head.magic != MAGIC || head.version != VERSION) return STATUS_REGISTRY_CORRUPT;
    if (head.initial == registry_text_sum) return STATUS_SUCCESS;
    status = put_initial(view, fresh);
    if (!status) status = head_get(view, STORE_KEPT, &head);
    head.initial = registry_text_sum;
    return status ? status : head_put(view, STORE_KEPT, &head);
}

static NTSTATUS is_initialized(struct registry_view *view, void *context)
{
    struct store_head head;
    NTSTATUS status = head_get(view, STORE_KEPT, &head);
    *(bool *)context =
        !status && head.magic == MAGIC && head.version == VERSION && head.initial == registry_text_sum;
    return STATUS_SUCCESS;
}

NTSTATUS registry_initialize(registry_runner *run)
{
    bool done = false;
    NTSTATUS status = run(0, is_initialized, &done);
    return status || done ? status : run(WRITE_KEPT, initialize, NULL);
}

// ---- the volatile store ----

static void read_boot(char boot[40])
{
    memset(boot, 0, 40);
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
    if (!file) return;
    size_t n = fread(boot, 1, 36, file);
    boot[n] = 0;
    fclose(file);
}

static NTSTATUS initialize_volatile(struct registry_view *view, void *context)
{
    struct store_head kept, head, wanted = {.magic = MAGIC, .version = VERSION, .next_id = FIRST_ID};
    (void)context;
    NTSTATUS status = head_get(view, STORE_KEPT, &kept);
    if (status) return status;
    memcpy(wanted.identity, kept.identity, sizeof wanted.identity);
    read_boot(wanted.boot);
    status = head_get(view, STORE_VOLATILE, &head);
    if (!status && head.magic == MAGIC && head.version == VERSION &&
        !memcmp(head.boot, wanted.boot, sizeof head.boot) &&
        !memcmp(head.identity, wanted.identity, sizeof head.identity))
        return STATUS_SUCCESS;
    if (status && status != STATUS_OBJECT_NAME_NOT_FOUND) return status;
    status = store_clear(view, STORE_VOLATILE);
    return status ? status : head_put(view, STORE_VOLATILE, &wanted);
}

NTSTATUS registry_initialize_volatile(registry_runner *run)
{
    return run(WRITE_VOLATILE, initialize_volatile, NULL);
}
