// Keys out of the store as a hive file: a base block, then bins of cells. A cell is a size, negative while it
// is in use, and what stands in it; cells name each other by their offset behind the base block.
#include "guest_constants.h"
#include "hive_file.h"
#include "registry_export.h"
#include "registry_security.h"
#include "upcase.h"
#include <stdlib.h>
#include <string.h>

enum { BIN_SIZE = 4096, LIST_MAX = 507, SIZE_MAX_OF_FILE = 0x7FFFF000, SHARED_DESCRIPTORS = 64 };

struct writer {
    struct registry_view *view;
    bool latest, failed;
    uint8_t *bytes; // the base block and the bins
    size_t size, capacity;
    size_t bin, cursor;                       // the last bin's beginning and first free byte
    uint32_t descriptors[SHARED_DESCRIPTORS]; // the latest ones, which keys share
    uint32_t first_descriptor, last_descriptor, descriptor_count;
};

uint32_t hive_checksum(const uint8_t *base)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < BASE_CHECKSUM; i += 4) {
        uint32_t word;
        memcpy(&word, base + i, sizeof word);
        sum ^= word;
    }
    return sum == 0 ? 1 : sum == UINT32_MAX ? UINT32_MAX - 1 : sum;
}

// ---- cells ----

static uint8_t *cell_at(struct writer *writer, uint32_t offset)
{
    return writer->bytes + HIVE_BASE_SIZE + offset + 4;
}

static void put16(uint8_t *at, uint16_t number)
{
    memcpy(at, &number, sizeof number);
}

static void put32(uint8_t *at, uint32_t number)
{
    memcpy(at, &number, sizeof number);
}

static void set32(struct writer *writer, uint32_t cell, unsigned place, uint32_t number)
{
    put32(cell_at(writer, cell) + place, number);
}

static bool grow(struct writer *writer, size_t more)
{
    size_t wanted = writer->size + more;
    if (wanted > SIZE_MAX_OF_FILE) return false;
    if (wanted > writer->capacity) {
        size_t larger = wanted + wanted / 2;
        uint8_t *moved = realloc(writer->bytes, larger);
        if (!moved) return false;
        writer->bytes = moved;
        writer->capacity = larger;
    }
    memset(writer->bytes + writer->size, 0, more);
    writer->size = wanted;
    return true;
}

// What is left of the last bin becomes a free cell.
static void end_bin(struct writer *writer)
{
    if (writer->cursor < writer->size)
        put32(writer->bytes + writer->cursor, (uint32_t)(writer->size - writer->cursor));
}

static bool begin_bin(struct writer *writer, size_t cell)
{
    size_t size = (HIVE_BIN_HEAD + cell + BIN_SIZE - 1) & ~(size_t)(BIN_SIZE - 1);
    end_bin(writer);
    writer->bin = writer->size;
    if (!grow(writer, size)) return false;
    uint8_t *head = writer->bytes + writer->bin;
    memcpy(head, "hbin", 4);
    put32(head + 4, (uint32_t)(writer->bin - HIVE_BASE_SIZE));
    put32(head + 8, (uint32_t)size);
    writer->cursor = writer->bin + HIVE_BIN_HEAD;
    return true;
}

// A zeroed cell for size bytes. HIVE_NONE, and writer->failed set, without memory.
static uint32_t add_cell(struct writer *writer, size_t size)
{
    size_t whole = (size + 4 + 7) & ~(size_t)7;
    if (writer->failed) return (uint32_t)HIVE_NONE;
    if (writer->cursor + whole > writer->size && !begin_bin(writer, whole)) {
        writer->failed = true;
        return (uint32_t)HIVE_NONE;
    }
    uint32_t offset = (uint32_t)(writer->cursor - HIVE_BASE_SIZE);
    put32(writer->bytes + writer->cursor, (uint32_t) - (int32_t)whole);
    writer->cursor += whole;
    return offset;
}

static uint32_t add_bytes(struct writer *writer, const void *bytes, size_t size)
{
    uint32_t cell = add_cell(writer, size);
    if (!writer->failed && size) memcpy(cell_at(writer, cell), bytes, size);
    return cell;
}

// ---- names ----

static uint16_t unit_at(struct units name, uint32_t i)
{
    uint16_t unit;
    memcpy(&unit, (const uint8_t *)name.text + 2 * (size_t)i, sizeof unit);
    return unit;
}

static bool is_latin(struct units name)
{
    for (uint32_t i = 0; i < name.count; i++)
        if (unit_at(name, i) > 0xFF) return false;
    return true;
}

static size_t name_size(struct units name, bool latin)
{
    return latin ? name.count : 2u * (size_t)name.count;
}

static void put_name(uint8_t *at, struct units name, bool latin)
{
    if (!latin) {
        if (name.count) memcpy(at, name.text, 2u * (size_t)name.count);
        return;
    }
    for (uint32_t i = 0; i < name.count; i++) at[i] = (uint8_t)unit_at(name, i);
}

// What lists of subkeys say of a name: its hash, or in the older format its first characters.
static uint32_t name_hint(const struct writer *writer, struct units name)
{
    uint32_t hint = 0;
    if (writer->latest) {
        for (uint32_t i = 0; i < name.count; i++) hint = hint * 37 + upcase(unit_at(name, i));
    } else {
        for (uint32_t i = 0; i < 4 && i < name.count && unit_at(name, i) <= 0xFF; i++)
            hint |= (uint32_t)unit_at(name, i) << 8 * i;
    }
    return hint;
}

// ---- security descriptors, which keys share ----

static bool same_descriptor(struct writer *writer, uint32_t cell, const void *bytes, uint32_t size)
{
    const uint8_t *at = cell_at(writer, cell);
    uint32_t other;
    memcpy(&other, at + SECURITY_SIZE, sizeof other);
    return other == size && memcmp(at + SECURITY_BYTES, bytes, size) == 0;
}

static void link_descriptor(struct writer *writer, uint32_t cell)
{
    if (!writer->descriptor_count) writer->first_descriptor = writer->last_descriptor = cell;
    set32(writer, writer->last_descriptor, SECURITY_NEXT, cell);
    set32(writer, cell, SECURITY_PREVIOUS, writer->last_descriptor);
    set32(writer, cell, SECURITY_NEXT, writer->first_descriptor);
    set32(writer, writer->first_descriptor, SECURITY_PREVIOUS, cell);
    writer->last_descriptor = cell;
    writer->descriptors[writer->descriptor_count++ % SHARED_DESCRIPTORS] = cell;
}

static uint32_t add_descriptor(struct writer *writer, const void *bytes, uint32_t size)
{
    uint32_t known =
        writer->descriptor_count < SHARED_DESCRIPTORS ? writer->descriptor_count : SHARED_DESCRIPTORS;
    for (uint32_t i = 0; i < known; i++) {
        uint32_t cell = writer->descriptors[i], count;
        if (!same_descriptor(writer, cell, bytes, size)) continue;
        memcpy(&count, cell_at(writer, cell) + SECURITY_COUNT, sizeof count);
        set32(writer, cell, SECURITY_COUNT, count + 1);
        return cell;
    }
    uint32_t cell = add_cell(writer, SECURITY_BYTES + (size_t)size);
    if (writer->failed) return cell;
    memcpy(cell_at(writer, cell), "sk", 2);
    set32(writer, cell, SECURITY_COUNT, 1);
    set32(writer, cell, SECURITY_SIZE, size);
    memcpy(cell_at(writer, cell) + SECURITY_BYTES, bytes, size);
    link_descriptor(writer, cell);
    return cell;
}

static uint32_t key_descriptor(struct writer *writer, const struct key_info *info)
{
    struct descriptor standard = {0};
    if (info->security.size)
        return add_descriptor(writer, info->security.data, (uint32_t)info->security.size);
    if (registry_security_default(&standard)) {
        writer->failed = true;
        return (uint32_t)HIVE_NONE;
    }
    uint32_t cell = add_descriptor(writer, standard.bytes, standard.size);
    free(standard.bytes);
    return cell;
}

// ---- values ----

// Data of any size in pieces, behind a list of them.
static uint32_t add_segments(struct writer *writer, struct store_bytes data)
{
    uint32_t count = (uint32_t)((data.size + HIVE_SEGMENT - 1) / HIVE_SEGMENT);
    uint32_t head = add_cell(writer, 8), list = add_cell(writer, 4u * (size_t)count);
    for (uint32_t i = 0; i < count && !writer->failed; i++) {
        size_t from = (size_t)i * HIVE_SEGMENT, left = data.size - from;
        uint32_t piece =
            add_bytes(writer, (const uint8_t *)data.data + from, left < HIVE_SEGMENT ? left : HIVE_SEGMENT);
        if (!writer->failed) set32(writer, list, 4 * i, piece);
    }
    if (writer->failed) return head;
    memcpy(cell_at(writer, head), "db", 2);
    put16(cell_at(writer, head) + 2, (uint16_t)count);
    set32(writer, head, 4, list);
    return head;
}

static uint32_t add_value(struct writer *writer, const struct value_info *value)
{
    bool latin = is_latin(value->name);
    size_t size = value->data.size;
    uint32_t data = 0;
    if (size > 4)
        data = writer->latest && size > HIVE_SEGMENT ? add_segments(writer, value->data)
                                                     : add_bytes(writer, value->data.data, size);
    uint32_t cell = add_cell(writer, VALUE_NAME + name_size(value->name, latin));
    if (writer->failed) return cell;
    uint8_t *at = cell_at(writer, cell);
    memcpy(at, "vk", 2);
    put16(at + VALUE_NAME_SIZE, (uint16_t)name_size(value->name, latin));
    put32(at + VALUE_DATA_SIZE, (uint32_t)size | (size <= 4 ? (uint32_t)HIVE_RESIDENT : 0));
    put32(at + VALUE_DATA, data);
    if (size && size <= 4) memcpy(at + VALUE_DATA, value->data.data, size);
    put32(at + VALUE_TYPE, value->type);
    put16(at + VALUE_FLAGS, latin && value->name.count ? HIVE_VALUE_LATIN : 0);
    put_name(at + VALUE_NAME, value->name, latin);
    return cell;
}

static void raise(struct writer *writer, uint32_t key, unsigned place, size_t size)
{
    uint32_t largest;
    memcpy(&largest, cell_at(writer, key) + place, sizeof largest);
    if (size > largest) set32(writer, key, place, (uint32_t)size);
}

static void add_values(struct writer *writer, uint32_t key, key_id id)
{
    uint32_t count;
    struct value_info *values = registry_sorted_values(writer->view, id, &count);
    uint32_t list = values && count ? add_cell(writer, 4u * (size_t)count) : (uint32_t)HIVE_NONE;
    if (!values) writer->failed = true;
    for (uint32_t i = 0; i < count && !writer->failed; i++) {
        uint32_t cell = add_value(writer, &values[i]);
        if (writer->failed) break;
        set32(writer, list, 4 * i, cell);
        raise(writer, key, KEY_LONGEST_VALUE, 2u * (size_t)values[i].name.count);
        raise(writer, key, KEY_LARGEST_DATA, values[i].data.size);
    }
    free(values);
    if (writer->failed) return;
    set32(writer, key, KEY_VALUES, count);
    set32(writer, key, KEY_VALUE_LIST, list);
}

// ---- keys ----

struct entry {
    uint32_t cell, hint;
};

// The subkeys of a key, as they are written.
struct subkeys {
    struct writer *writer;
    key_id parent;
    uint32_t parent_cell;
    unsigned depth;
    struct entry *entries;
    uint32_t count, capacity;
};

static uint32_t add_key(struct writer *writer, key_id id, uint32_t parent, unsigned depth);

bool hive_leaves_out(struct registry_view *view, key_id id)
{
    struct key_info info;
    return store_of(id) == STORE_VOLATILE && (key_get(view, id, &info) || !(info.flags & KEY_IN_HIVE));
}

static bool add_subkey(struct units name, key_id id, void *context)
{
    struct subkeys *subkeys = context;
    struct writer *writer = subkeys->writer;
    if (hive_leaves_out(writer->view, id)) return true;
    if (subkeys->count == subkeys->capacity) {
        uint32_t larger = subkeys->capacity ? subkeys->capacity * 2 : 16;
        struct entry *moved = realloc(subkeys->entries, larger * sizeof *moved);
        if (!moved) {
            writer->failed = true;
            return false;
        }
        subkeys->entries = moved;
        subkeys->capacity = larger;
    }
    uint32_t cell = add_key(writer, id, subkeys->parent_cell, subkeys->depth + 1);
    if (writer->failed) return false;
    subkeys->entries[subkeys->count++] = (struct entry){cell, name_hint(writer, name)};
    raise(writer, subkeys->parent_cell, KEY_LONGEST_SUBKEY, 2u * (size_t)name.count);
    return true;
}

static uint32_t add_leaf(struct writer *writer, const struct entry *entries, uint32_t count)
{
    uint32_t cell = add_cell(writer, 4 + count * sizeof *entries);
    if (writer->failed) return cell;
    uint8_t *at = cell_at(writer, cell);
    memcpy(at, writer->latest ? "lh" : "lf", 2);
    put16(at + 2, (uint16_t)count);
    memcpy(at + 4, entries, count * sizeof *entries);
    return cell;
}

// One list, or a list of lists.
static uint32_t add_list(struct writer *writer, const struct subkeys *subkeys)
{
    if (!subkeys->count) return (uint32_t)HIVE_NONE;
    if (subkeys->count <= LIST_MAX) return add_leaf(writer, subkeys->entries, subkeys->count);
    uint32_t leaves = (subkeys->count + LIST_MAX - 1) / LIST_MAX;
    uint32_t cell = add_cell(writer, 4 + 4u * (size_t)leaves);
    if (leaves > UINT16_MAX) writer->failed = true;
    for (uint32_t i = 0; i < leaves && !writer->failed; i++) {
        uint32_t left = subkeys->count - i * LIST_MAX;
        uint32_t leaf =
            add_leaf(writer, subkeys->entries + (size_t)i * LIST_MAX, left < LIST_MAX ? left : LIST_MAX);
        if (!writer->failed) set32(writer, cell, 4 + 4 * i, leaf);
    }
    if (writer->failed) return cell;
    memcpy(cell_at(writer, cell), "ri", 2);
    put16(cell_at(writer, cell) + 2, (uint16_t)leaves);
    return cell;
}

static void add_subkeys(struct writer *writer, uint32_t key, key_id id, unsigned depth)
{
    struct subkeys subkeys = {.writer = writer, .parent = id, .parent_cell = key, .depth = depth};
    if (depth >= HIVE_DEPTH_MAX) writer->failed = true;
    if (!writer->failed) children_each(writer->view, id, add_subkey, &subkeys);
    uint32_t list = writer->failed ? 0 : add_list(writer, &subkeys);
    if (!writer->failed) {
        set32(writer, key, KEY_SUBKEYS, subkeys.count);
        set32(writer, key, KEY_SUBKEY_LIST, list);
    }
    free(subkeys.entries);
}

static uint32_t begin_key(struct writer *writer, key_id id, const struct key_info *info, uint32_t parent,
                          unsigned depth)
{
    bool latin = is_latin(info->name);
    uint32_t cell = add_cell(writer, KEY_NAME + name_size(info->name, latin));
    if (writer->failed) return cell;
    uint8_t *at = cell_at(writer, cell);
    memcpy(at, "nk", 2);
    put16(at + KEY_FLAGS, (uint16_t)((latin ? HIVE_KEY_LATIN : 0) | (is_link(id) ? HIVE_KEY_LINK : 0) |
                                     (depth ? 0 : HIVE_KEY_ROOT | HIVE_KEY_FIXED)));
    memcpy(at + KEY_TIME, &info->last_write, sizeof info->last_write);
    put32(at + KEY_PARENT, parent);
    put32(at + KEY_VOLATILE_LIST, (uint32_t)HIVE_NONE);
    put32(at + KEY_CLASS, (uint32_t)HIVE_NONE);
    put16(at + KEY_NAME_SIZE, (uint16_t)name_size(info->name, latin));
    put16(at + KEY_CLASS_SIZE, (uint16_t)(2 * info->class.count));
    put_name(at + KEY_NAME, info->name, latin);
    return cell;
}

static uint32_t add_key(struct writer *writer, key_id id, uint32_t parent, unsigned depth)
{
    struct key_info info;
    if (key_get(writer->view, id, &info)) writer->failed = true;
    if (writer->failed) return (uint32_t)HIVE_NONE;
    uint32_t cell = begin_key(writer, id, &info, parent, depth);
    if (info.class.count && !writer->failed) {
        uint32_t class = add_bytes(writer, info.class.text, 2u * (size_t)info.class.count);
        if (!writer->failed) set32(writer, cell, KEY_CLASS, class);
    }
    uint32_t security = key_descriptor(writer, &info);
    if (writer->failed) return cell;
    set32(writer, cell, KEY_SECURITY, security);
    add_values(writer, cell, id);
    add_subkeys(writer, cell, id, depth);
    return cell;
}

static void fill_base(struct writer *writer, uint32_t root)
{
    uint8_t *base = writer->bytes;
    struct key_info info;
    memcpy(base, "regf", 4);
    put32(base + BASE_SEQUENCE_1, 1);
    put32(base + BASE_SEQUENCE_2, 1);
    memcpy(base + BASE_TIME, cell_at(writer, root) + KEY_TIME, sizeof info.last_write);
    put32(base + BASE_MAJOR, 1);
    put32(base + BASE_MINOR, writer->latest ? 5 : 3);
    put32(base + BASE_FORMAT, 1);
    put32(base + BASE_ROOT, root);
    put32(base + BASE_BINS_SIZE, (uint32_t)(writer->size - HIVE_BASE_SIZE));
    put32(base + BASE_CLUSTER, 1);
    put32(base + BASE_CHECKSUM, hive_checksum(base));
}

NTSTATUS hive_write(struct registry_view *view, key_id root, bool latest, uint8_t **bytes, size_t *size)
{
    struct key_info info;
    struct writer writer = {.view = view, .latest = latest};
    NTSTATUS status = key_get(view, root, &info);
    if (status) return status;
    if (!grow(&writer, HIVE_BASE_SIZE)) return STATUS_NO_MEMORY;
    writer.cursor = writer.size;
    uint32_t cell = add_key(&writer, root, (uint32_t)HIVE_NONE, 0);
    if (writer.failed) {
        free(writer.bytes);
        return writer.size > SIZE_MAX_OF_FILE / 2 ? STATUS_REGISTRY_IO_FAILED : STATUS_NO_MEMORY;
    }
    end_bin(&writer);
    fill_base(&writer, cell);
    *bytes = writer.bytes;
    *size = writer.size;
    return STATUS_SUCCESS;
}
