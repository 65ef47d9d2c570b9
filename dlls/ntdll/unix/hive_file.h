// Hive files ("regf"), in which Windows keeps trees of keys: out of the stores and into them. The format is
// described by Maxim Suhanov, "Windows registry file format specification".
#ifndef LOWLAND_HIVE_FILE_H
#define LOWLAND_HIVE_FILE_H

#include "registry_record.h"

enum {
    HIVE_BASE_SIZE = 4096,         // the block before the first bin
    HIVE_BIN_HEAD = 32,            // what begins a bin
    HIVE_CELL_MAX = 1 << 20,       // data that older formats keep in one cell
    HIVE_SEGMENT = 16344,          // larger data is cut into such pieces by the newer format
    HIVE_DEPTH_MAX = 512,          // levels of keys
    HIVE_NONE = (int)0xFFFFFFFF,   // an offset that leads nowhere
    HIVE_RESIDENT = (int)(1 << 31) // of a data size: the data stands where its offset would
};

// Flags of keys and values.
enum {
    HIVE_KEY_ROOT = 0x04,
    HIVE_KEY_FIXED = 0x08,
    HIVE_KEY_LINK = 0x10,
    HIVE_KEY_LATIN = 0x20,
    HIVE_VALUE_LATIN = 1
};

// Places in the base block.
enum {
    BASE_SEQUENCE_1 = 4,
    BASE_SEQUENCE_2 = 8,
    BASE_TIME = 12,
    BASE_MAJOR = 20,
    BASE_MINOR = 24,
    BASE_TYPE = 28,
    BASE_FORMAT = 32,
    BASE_ROOT = 36,
    BASE_BINS_SIZE = 40,
    BASE_CLUSTER = 44,
    BASE_CHECKSUM = 508,
};

// Places in the cells of keys, values and descriptors.
enum {
    KEY_FLAGS = 2,
    KEY_TIME = 4,
    KEY_PARENT = 16,
    KEY_SUBKEYS = 20,
    KEY_SUBKEY_LIST = 28,
    KEY_VOLATILE_LIST = 32,
    KEY_VALUES = 36,
    KEY_VALUE_LIST = 40,
    KEY_SECURITY = 44,
    KEY_CLASS = 48,
    KEY_LONGEST_SUBKEY = 52,
    KEY_LONGEST_CLASS = 56,
    KEY_LONGEST_VALUE = 60,
    KEY_LARGEST_DATA = 64,
    KEY_NAME_SIZE = 72,
    KEY_CLASS_SIZE = 74,
    KEY_NAME = 76,
    VALUE_NAME_SIZE = 2,
    VALUE_DATA_SIZE = 4,
    VALUE_DATA = 8,
    VALUE_TYPE = 12,
    VALUE_FLAGS = 16,
    VALUE_NAME = 20,
    SECURITY_NEXT = 4,
    SECURITY_PREVIOUS = 8,
    SECURITY_COUNT = 12,
    SECURITY_SIZE = 16,
    SECURITY_BYTES = 20,
};

// The checksum that a base block should have.
uint32_t hive_checksum(const uint8_t *base);

// A key and all below it as the bytes of a file; *bytes is malloc'd. What only lasts for the session is left
// out. latest: the format of Windows XP and later, else that of NT 4. Inside a transaction; STATUS_NO_MEMORY,
// STATUS_REGISTRY_IO_FAILED for more than 2 GB.
NTSTATUS hive_write(struct registry_view *view, key_id root, bool latest, uint8_t **bytes, size_t *size);

// Whether a key goes with the session, and so into no file: those of a loaded hive lie in the volatile store,
// but are marked. Inside a transaction.
bool hive_leaves_out(struct registry_view *view, key_id id);

// Where keys of a file go.
struct hive_target {
    bool is_volatile; // into the volatile store
    uint32_t flags;   // of the keys
};

// Makes a subkey of parent out of the bytes of a file, of which none are trusted. No bytes: an empty key.
// Inside a transaction, which must be given up after a failure: STATUS_NOT_REGISTRY_FILE,
// STATUS_REGISTRY_CORRUPT, STATUS_NO_MEMORY and what the store says.
NTSTATUS hive_read_key(struct registry_view *view, const uint8_t *bytes, size_t size, key_id parent,
                       struct units name, const struct hive_target *target, key_id *key);

// The same, but the file's values and subkeys become those of a key that exists and has none.
NTSTATUS hive_read_below(struct registry_view *view, const uint8_t *bytes, size_t size, key_id key,
                         const struct hive_target *target);

#endif
