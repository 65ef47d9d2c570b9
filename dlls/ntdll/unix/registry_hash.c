// The hash that stands for what of a long name does not fit into a record's key (FNV-1a, 64 bits).
#include "registry_record.h"

uint64_t registry_name_hash(const uint16_t *upper, uint32_t count)
{
    uint64_t hash = 14695981039346656037ull;
    for (uint32_t i = 0; i < count; i++) hash = (hash ^ upper[i]) * 1099511628211ull;
    return hash;
}
