// Hive files into the store. Nothing in a file is trusted: each offset, size and count is checked against the
// file, and all that is made of it together stays within a few times its size, however cells refer to each
// other.
#include "guest_constants.h"
#include "hive_file.h"
#include "security_descriptor.h"
#include <stdlib.h>
#include <string.h>

enum { BIG_VALUES_FROM_MINOR = 4, SHARED_SIZE = 1024 };

struct reader {
    struct registry_view *view;
    const struct hive_target *target;
    const uint8_t *bins;
    uint32_t size;
    bool big_values;
    uint64_t budget; // bytes that may still be read from cells
    uint16_t name[VALUE_NAME_MAX];
};

static uint16_t get16(const uint8_t *at)
{
    uint16_t number;
    memcpy(&number, at, sizeof number);
    return number;
}

static uint32_t get32(const uint8_t *at)
{
    uint32_t number;
    memcpy(&number, at, sizeof number);
    return number;
}

// ---- cells ----

// A cell in use with at least `least` bytes; *size is what it holds. NULL when there is none.
static const uint8_t *find_cell(struct reader *reader, uint32_t offset, size_t least, uint32_t *size)
{
    if (offset & 7 || offset > reader->size || reader->size - offset < 8) return NULL;
    int32_t stored = (int32_t)get32(reader->bins + offset);
    if (stored >= 0 || stored == INT32_MIN) return NULL;
    uint32_t whole = (uint32_t)-stored;
    if (whole > reader->size - offset || whole < 4 + least) return NULL;
    if (reader->budget < whole) return NULL;
    reader->budget -= whole;
    *size = whole - 4;
    return reader->bins + offset + 4;
}

static const uint8_t *find_signed(struct reader *reader, uint32_t offset, const char *signature, size_t least,
                                  uint32_t *size)
{
    const uint8_t *cell = find_cell(reader, offset, least, size);
    return cell && memcmp(cell, signature, 2) == 0 ? cell : NULL;
}

// A name into the reader's buffer. False when it reaches out of its cell or is too long.
static bool read_name(struct reader *reader, const uint8_t *at, uint32_t bytes, uint32_t room, bool latin,
                      struct units *name)
{
    uint32_t count = latin ? bytes : bytes / 2;
    if (bytes > room || count > VALUE_NAME_MAX || (!latin && bytes % 2)) return false;
    if (latin)
        for (uint32_t i = 0; i < count; i++) reader->name[i] = at[i];
    else
        memcpy(reader->name, at, bytes);
    *name = (struct units){reader->name, count};
    return true;
}

// ---- values ----

// Puts data together that is cut into pieces.
static NTSTATUS read_segments(struct reader *reader, const uint8_t *head, uint32_t size, uint8_t **data)
{
    uint32_t held, count = get16(head + 2);
    if (size > (uint64_t)count * HIVE_SEGMENT) return STATUS_REGISTRY_CORRUPT;
    const uint8_t *list = find_cell(reader, get32(head + 4), 4u * (size_t)count, &held);
    if (!list) return STATUS_REGISTRY_CORRUPT;
    *data = malloc(size);
    if (!*data) return STATUS_NO_MEMORY;
    for (uint32_t i = 0, done = 0; done < size; i++) {
        uint32_t part = size - done < HIVE_SEGMENT ? size - done : HIVE_SEGMENT;
        const uint8_t *piece = find_cell(reader, get32(list + 4 * i), part, &held);
        if (!piece) return STATUS_REGISTRY_CORRUPT; // the caller frees
        memcpy(*data + done, piece, part);
        done += part;
    }
    return STATUS_SUCCESS;
}

// *allocated is for the caller to free whatever the result.
static NTSTATUS read_data(struct reader *reader, const uint8_t *value, struct store_bytes *data,
                          uint8_t **allocated)
{
    uint32_t size = get32(value + VALUE_DATA_SIZE), held;
    *allocated = NULL;
    if (size & (uint32_t)HIVE_RESIDENT) {
        size &= ~(uint32_t)HIVE_RESIDENT;
        *data = (struct store_bytes){value + VALUE_DATA, size};
        return size <= 4 ? STATUS_SUCCESS : STATUS_REGISTRY_CORRUPT;
    }
    *data = (struct store_bytes){value, 0};
    if (!size) return STATUS_SUCCESS;
    uint32_t offset = get32(value + VALUE_DATA);
    if (reader->big_values && size > HIVE_SEGMENT) {
        const uint8_t *head = find_signed(reader, offset, "db", 8, &held);
        if (head) {
            NTSTATUS status = read_segments(reader, head, size, allocated);
            *data = (struct store_bytes){*allocated, size};
            return status;
        }
    }
    data->data = find_cell(reader, offset, size, &held);
    data->size = size;
    return data->data ? STATUS_SUCCESS : STATUS_REGISTRY_CORRUPT;
}

static NTSTATUS read_value(struct reader *reader, uint32_t offset, key_id key)
{
    uint32_t held;
    struct units name;
    struct store_bytes data;
    uint8_t *allocated;
    const uint8_t *cell = find_signed(reader, offset, "vk", VALUE_NAME, &held);
    if (!cell) return STATUS_REGISTRY_CORRUPT;
    bool latin = get16(cell + VALUE_FLAGS) & HIVE_VALUE_LATIN;
    if (!read_name(reader, cell + VALUE_NAME, get16(cell + VALUE_NAME_SIZE), held - VALUE_NAME, latin, &name))
        return STATUS_REGISTRY_CORRUPT;
    NTSTATUS status = read_data(reader, cell, &data, &allocated);
    if (!status) status = value_set(reader->view, key, name, get32(cell + VALUE_TYPE), data);
    free(allocated);
    return status;
}

static NTSTATUS read_values(struct reader *reader, const uint8_t *cell, key_id key)
{
    uint32_t held, count = get32(cell + KEY_VALUES);
    if (!count) return STATUS_SUCCESS;
    if (count > reader->size / 4) return STATUS_REGISTRY_CORRUPT;
    const uint8_t *list = find_cell(reader, get32(cell + KEY_VALUE_LIST), 4u * (size_t)count, &held);
    NTSTATUS status = list ? STATUS_SUCCESS : STATUS_REGISTRY_CORRUPT;
    for (uint32_t i = 0; i < count && !status; i++) status = read_value(reader, get32(list + 4 * i), key);
    return status;
}

// ---- keys ----

// A descriptor, if it is a whole one.
static struct store_bytes read_security(struct reader *reader, uint32_t offset)
{
    struct descriptor_parts parts;
    uint32_t held;
    const uint8_t *cell = find_signed(reader, offset, "sk", SECURITY_BYTES, &held);
    if (!cell) return (struct store_bytes){0};
    // Many keys share one: it counts once.
    if (held <= SHARED_SIZE) reader->budget += held + 4;
    uint32_t size = get32(cell + SECURITY_SIZE);
    if (size > held - SECURITY_BYTES || !descriptor_parse(&parts, cell + SECURITY_BYTES, size))
        return (struct store_bytes){0};
    return (struct store_bytes){cell + SECURITY_BYTES, size};
}

static NTSTATUS read_contents(struct reader *reader, const uint8_t *cell, key_id key, unsigned depth);

// Makes a key of a cell; name is its own, or another one for the file's root.
static NTSTATUS make_key(struct reader *reader, const uint8_t *cell, struct units name, key_id parent,
                         uint32_t more_flags, key_id *key)
{
    uint32_t held, class_size = get16(cell + KEY_CLASS_SIZE);
    struct key_info info = {.name = name, .flags = reader->target->flags | more_flags};
    if (class_size) {
        info.class.text = find_cell(reader, get32(cell + KEY_CLASS), class_size, &held);
        info.class.count = info.class.text ? class_size / 2 : 0;
    }
    info.security = read_security(reader, get32(cell + KEY_SECURITY));
    return child_create(reader->view, parent, reader->target->is_volatile,
                        get16(cell + KEY_FLAGS) & HIVE_KEY_LINK && !more_flags, &info, key);
}

static NTSTATUS read_key(struct reader *reader, uint32_t offset, key_id parent, unsigned depth)
{
    uint32_t held;
    struct units name;
    key_id key;
    const uint8_t *cell = find_signed(reader, offset, "nk", KEY_NAME, &held);
    if (!cell || depth >= HIVE_DEPTH_MAX) return STATUS_REGISTRY_CORRUPT;
    bool latin = get16(cell + KEY_FLAGS) & HIVE_KEY_LATIN;
    if (!read_name(reader, cell + KEY_NAME, get16(cell + KEY_NAME_SIZE), held - KEY_NAME, latin, &name) ||
        !name.count || name.count > KEY_NAME_MAX)
        return STATUS_REGISTRY_CORRUPT;
    NTSTATUS status = make_key(reader, cell, name, parent, 0, &key);
    if (status == STATUS_OBJECT_NAME_COLLISION) return STATUS_REGISTRY_CORRUPT;
    return status ? status : read_contents(reader, cell, key, depth);
}

// A list of subkeys, or of such lists.
static NTSTATUS read_list(struct reader *reader, uint32_t offset, key_id parent, unsigned depth, bool nested)
{
    uint32_t held, width;
    const uint8_t *cell = find_cell(reader, offset, 4, &held);
    if (!cell) return STATUS_REGISTRY_CORRUPT;
    bool of_lists = memcmp(cell, "ri", 2) == 0;
    if (memcmp(cell, "lf", 2) == 0 || memcmp(cell, "lh", 2) == 0)
        width = 8;
    else if (memcmp(cell, "li", 2) == 0 || (of_lists && !nested))
        width = 4;
    else
        return STATUS_REGISTRY_CORRUPT;
    uint32_t count = get16(cell + 2);
    NTSTATUS status = count * width <= held - 4 ? STATUS_SUCCESS : STATUS_REGISTRY_CORRUPT;
    for (uint32_t i = 0; i < count && !status; i++) {
        uint32_t entry = get32(cell + 4 + i * width);
        status = of_lists ? read_list(reader, entry, parent, depth, true)
                          : read_key(reader, entry, parent, depth + 1);
    }
    return status;
}

static NTSTATUS read_contents(struct reader *reader, const uint8_t *cell, key_id key, unsigned depth)
{
    NTSTATUS status = read_values(reader, cell, key);
    if (status || !get32(cell + KEY_SUBKEYS)) return status;
    return read_list(reader, get32(cell + KEY_SUBKEY_LIST), key, depth, false);
}

// ---- the file ----

static NTSTATUS check_base(const uint8_t *bytes, size_t size)
{
    if (size < HIVE_BASE_SIZE || memcmp(bytes, "regf", 4) != 0) return STATUS_NOT_REGISTRY_FILE;
    if (get32(bytes + BASE_CHECKSUM) != hive_checksum(bytes)) return STATUS_REGISTRY_CORRUPT;
    if (get32(bytes + BASE_MAJOR) != 1 || get32(bytes + BASE_TYPE) != 0 || get32(bytes + BASE_FORMAT) != 1)
        return STATUS_NOT_REGISTRY_FILE;
    uint32_t bins = get32(bytes + BASE_BINS_SIZE);
    return bins > size - HIVE_BASE_SIZE || bins > INT32_MAX ? STATUS_REGISTRY_CORRUPT : STATUS_SUCCESS;
}

// A reader of a whole file and the cell of its root. Freed by the caller.
static NTSTATUS reader_begin(struct registry_view *view, const uint8_t *bytes, size_t size,
                             const struct hive_target *target, struct reader **result, const uint8_t **root)
{
    uint32_t held;
    NTSTATUS status = check_base(bytes, size);
    struct reader *reader = status ? NULL : malloc(sizeof *reader);
    *result = reader;
    if (!reader) return status ? status : STATUS_NO_MEMORY;
    reader->view = view;
    reader->target = target;
    reader->bins = bytes + HIVE_BASE_SIZE;
    reader->size = get32(bytes + BASE_BINS_SIZE);
    reader->big_values = get32(bytes + BASE_MINOR) >= BIG_VALUES_FROM_MINOR;
    reader->budget = 4 * (uint64_t)reader->size + 65536; // descriptors are shared
    *root = find_signed(reader, get32(bytes + BASE_ROOT), "nk", KEY_NAME, &held);
    return *root ? STATUS_SUCCESS : STATUS_REGISTRY_CORRUPT;
}

NTSTATUS hive_read_key(struct registry_view *view, const uint8_t *bytes, size_t size, key_id parent,
                       struct units name, const struct hive_target *target, key_id *key)
{
    const uint8_t *cell;
    struct reader *reader;
    if (!size) {
        struct key_info info = {.name = name, .flags = target->flags | KEY_IS_HIVE};
        return child_create(view, parent, target->is_volatile, false, &info, key);
    }
    NTSTATUS status = reader_begin(view, bytes, size, target, &reader, &cell);
    if (!status) status = make_key(reader, cell, name, parent, KEY_IS_HIVE, key);
    if (!status) status = read_contents(reader, cell, *key, 0);
    free(reader);
    return status;
}

NTSTATUS hive_read_below(struct registry_view *view, const uint8_t *bytes, size_t size, key_id key,
                         const struct hive_target *target)
{
    const uint8_t *cell;
    struct reader *reader;
    NTSTATUS status = reader_begin(view, bytes, size, target, &reader, &cell);
    if (!status) status = read_contents(reader, cell, key, 0);
    free(reader);
    return status;
}
