// Keys and values as records of the stores. Each record's key is the id of the registry key that it belongs
// to, what it is, and a name:
//   id 0            the head of the store
//   id KEY          the key itself
//   id CHILD name   a subkey: its id
//   id VALUE name   a value
// Names are upper-cased and so encoded that they sort as Windows sorts subkeys. Ids are never used again: the
// handle of a deleted key finds nothing.
#ifndef LOWLAND_REGISTRY_RECORD_H
#define LOWLAND_REGISTRY_RECORD_H

#include "registry_store.h"

typedef uint64_t key_id;

enum {
    KEY_ID_VOLATILE = 62, // this bit of an id: the key lies in the volatile store
    KEY_ID_LINK = 61,     // and this: opening it leads on to where its value SymbolicLinkValue says
    KEY_NAME_MAX = 256,   // units
    VALUE_NAME_MAX = 16383,
    CLASS_NAME_MAX = 32767,
};
#define KEY_ID_ROOT ((key_id)1) // \Registry

static inline enum registry_store store_of(key_id id)
{
    return id >> KEY_ID_VOLATILE & 1 ? STORE_VOLATILE : STORE_KEPT;
}

// Counted UTF-16, not NUL-terminated. In records: unaligned.
struct units {
    const void *text;
    uint32_t count;
};

static inline bool is_link(key_id id)
{
    return id >> KEY_ID_LINK & 1;
}

enum key_flags {
    KEY_HAS_VOLATILE = 1, // it may have subkeys in the volatile store
    KEY_IS_HIVE = 2,      // the root of a loaded file
    KEY_IN_HIVE = 4,      // goes into that file, though it lies in the volatile store
};

struct key_info {
    key_id parent;
    int64_t last_write; // 100 ns since 1601
    uint32_t flags;
    uint32_t next_order; // of the next new value
    struct units name, class;
    struct store_bytes security; // self-relative descriptor; empty: what its kind has by default
};

struct value_info {
    uint32_t type;
    uint32_t order; // values are enumerated in the order in which they came
    struct units name;
    struct store_bytes data;
};

// The key of a record into at least STORE_KEY_MAX bytes; its size. twin tells names apart whose encodings are
// cut and equal. Only the three kinds of records below.
enum record_kind { RECORD_KEY, RECORD_CHILD, RECORD_VALUE };
size_t record_key(uint8_t *out, key_id id, enum record_kind kind, struct units name, uint8_t twin);

// A hash of an upper-cased name, for names too long to be keys.
uint64_t registry_name_hash(const uint16_t *upper, uint32_t count);

// Whether two names are the same but for case.
bool units_equal(struct units a, struct units b);

// STATUS_KEY_DELETED when there is no such key.
NTSTATUS key_get(struct registry_view *view, key_id id, struct key_info *info);
NTSTATUS key_put(struct registry_view *view, key_id id, const struct key_info *info);
// Has what key_get said of a key's names and security stand in a copy: the view's own bytes don't outlast a
// write. The copy, for free; NULL without memory.
uint8_t *key_info_copy(struct key_info *info);
// Sets the time of a key, and what else of its fixed part change says (may be NULL).
NTSTATUS key_touch(struct registry_view *view, key_id id,
                   void (*change)(struct key_info *info, void *context), void *context);

// The id of a subkey in either store. STATUS_OBJECT_NAME_NOT_FOUND.
NTSTATUS child_find(struct registry_view *view, key_id parent, struct units name, key_id *id);

// Makes a subkey (which must not exist) with what info has: name, class, security, flags. It goes to the
// volatile store when is_volatile. That store and the parent's are open for writing.
NTSTATUS child_create(struct registry_view *view, key_id parent, bool is_volatile, bool link,
                      const struct key_info *info, key_id *id);
// Takes a key with its values. STATUS_CANNOT_DELETE when it has subkeys.
NTSTATUS child_delete(struct registry_view *view, key_id id);
// Gives a key another name. STATUS_OBJECT_NAME_COLLISION... when its parent has such a subkey.
NTSTATUS child_rename(struct registry_view *view, key_id id, struct units name);

// Calls visit for each subkey in order until it returns false.
void children_each(struct registry_view *view, key_id parent,
                   bool (*visit)(struct units name, key_id id, void *context), void *context);

// The name and id that a record of kind RECORD_CHILD holds.
void child_of_record(struct store_bytes value, struct units *name, key_id *id);

// STATUS_OBJECT_NAME_NOT_FOUND.
NTSTATUS value_get(struct registry_view *view, key_id id, struct units name, struct value_info *value);
// The same, but STATUS_KEY_DELETED when there is no such key: a value that is missing then is the key's
// fault.
NTSTATUS value_find(struct registry_view *view, key_id id, struct units name, struct value_info *value);
// Sets a value: a new one gets the last place, another keeps its own and its name.
NTSTATUS value_set(struct registry_view *view, key_id id, struct units name, uint32_t type,
                   struct store_bytes data);
NTSTATUS value_delete(struct registry_view *view, key_id id, struct units name);
// Calls visit for each value in the order of their names until it returns false.
void values_each(struct registry_view *view, key_id id,
                 bool (*visit)(const struct value_info *value, void *context), void *context);

// The next new id of a store.
NTSTATUS next_id(struct registry_view *view, enum registry_store store, key_id *id);

// The head of a store.
struct store_head {
    uint32_t magic, version;
    uint8_t identity[16]; // of the kept store, which its volatile one repeats
    uint64_t next_id;
    uint32_t initial; // which initial keys it got
    uint32_t reserved;
    char boot[40]; // volatile: the host's boot that it belongs to
};
NTSTATUS head_get(struct registry_view *view, enum registry_store store, struct store_head *head);
NTSTATUS head_put(struct registry_view *view, enum registry_store store, const struct store_head *head);

#endif
