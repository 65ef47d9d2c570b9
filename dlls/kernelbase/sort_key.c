// Sort keys: first weights, diacritics, casing, kana, what word sort sets aside; 1 between the levels, 0 at
// the end. Weights that are the usual ones at a level's end are left out.
#include "sort.h"

static void put(struct sort_key *key, enum sort_level level, BYTE byte)
{
    struct sort_bytes *bytes = &key->levels[level];
    if (bytes->n == bytes->room) {
        BYTE *larger = heap_alloc(2 * bytes->room);
        if (!larger) {
            key->failed = true;
            return;
        }
        memcpy(larger, bytes->data, bytes->n);
        if (bytes->data != bytes->small) heap_free(bytes->data);
        bytes->data = larger;
        bytes->room *= 2;
    }
    bytes->data[bytes->n++] = byte;
}

void sort_key_free(struct sort_key *key)
{
    for (int i = 0; i < LEVELS; i++)
        if (key->levels[i].data != key->levels[i].small) heap_free(key->levels[i].data);
}

static void trim(struct sort_bytes *bytes, unsigned from, BYTE usual)
{
    while (bytes->n > from && bytes->data[bytes->n - 1] <= usual) bytes->n--;
}

static void put_primary(struct sort_key *key, const struct sort_element *element)
{
    put(key, LEVEL_PRIMARY, element->main[0]);
    put(key, LEVEL_PRIMARY, element->main[1]);
    if (element->main[2]) {
        put(key, LEVEL_PRIMARY, element->main[2]);
        put(key, LEVEL_PRIMARY, element->main[3]);
    }
    put(key, LEVEL_DIACRITIC, element->diacritic);
    put(key, LEVEL_CASING, element->casing);
}

static void add_diacritic(struct sort_key *key, BYTE weight)
{
    struct sort_bytes *bytes = &key->levels[LEVEL_DIACRITIC];
    if (bytes->n)
        bytes->data[bytes->n - 1] = (BYTE)(bytes->data[bytes->n - 1] + weight);
    else
        put(key, LEVEL_DIACRITIC, weight);
}

// Where it stands, by first weights before it, and which one it is.
static void put_set_aside(struct sort_key *key, const struct sort_element *element)
{
    const unsigned position = 0x8000 | ((key->levels[LEVEL_PRIMARY].n / 2 * 4 + 7) & 0x7FFF);
    put(key, LEVEL_SPECIAL, (BYTE)(position >> 8));
    put(key, LEVEL_SPECIAL, (BYTE)position);
    put(key, LEVEL_SPECIAL, element->main[1]);
    put(key, LEVEL_SPECIAL, (BYTE)(element->diacritic << 3 | element->casing));
}

// One of the three parts of the kana level: the characters' weights, without the usual one at the end.
static void put_kana_part(struct sort_key *key, const struct sort_bytes *weights, unsigned part, BYTE usual)
{
    const unsigned from = key->levels[LEVEL_KANA].n;
    for (unsigned i = part; i < weights->n; i += 3) put(key, LEVEL_KANA, weights->data[i]);
    struct sort_bytes *bytes = &key->levels[LEVEL_KANA];
    while (bytes->n > from && bytes->data[bytes->n - 1] == usual) bytes->n--;
    put(key, LEVEL_KANA, 0xFF);
}

// Until here the level has three weights for each kana, one after the other.
static void order_kana(struct sort_key *key, DWORD flags)
{
    struct sort_bytes weights = key->levels[LEVEL_KANA];
    struct sort_bytes *level = &key->levels[LEVEL_KANA];
    if (!weights.n) return;
    if (weights.data == level->small) weights.data = weights.small;
    *level = (struct sort_bytes){.room = sizeof(level->small)};
    level->data = level->small;
    if (flags & NORM_IGNORENONSPACE)
        put(key, LEVEL_KANA, 0xFF);
    else
        put_kana_part(key, &weights, 0, KANA_NORMAL);
    put(key, LEVEL_KANA, 2);
    put_kana_part(key, &weights, 1, 0xE4);
    put_kana_part(key, &weights, 2, 0xC5);
    if (weights.data != weights.small) heap_free(weights.data);
}

// The levels keep clear of the separator and of the end.
static void finish_weights(struct sort_bytes *bytes)
{
    for (unsigned i = 0; i < bytes->n; i++)
        if (bytes->data[i] < SORT_WEIGHT_MIN) bytes->data[i] = SORT_WEIGHT_MIN;
    trim(bytes, 0, SORT_WEIGHT_MIN);
}

// Such languages weigh the last difference first.
static void reverse(struct sort_bytes *bytes)
{
    for (unsigned i = 0; i < bytes->n / 2; i++) {
        BYTE byte = bytes->data[i];
        bytes->data[i] = bytes->data[bytes->n - 1 - i];
        bytes->data[bytes->n - 1 - i] = byte;
    }
}

void sort_key_make(struct sort_key *key, const struct collation *collation, DWORD flags, const WCHAR *text,
                   int length, bool compare)
{
    struct sort_walker walker;
    struct sort_element element;
    for (int i = 0; i < LEVELS; i++) {
        key->levels[i].data = key->levels[i].small;
        key->levels[i].n = 0;
        key->levels[i].room = sizeof(key->levels[i].small);
    }
    key->failed = false;
    sort_walk(&walker, collation, flags, text, length);
    for (sort_next(&walker, &element); element.kind != SORT_END; sort_next(&walker, &element)) {
        if (element.kind == SORT_SET_ASIDE)
            put_set_aside(key, &element);
        else if (element.kind == SORT_DIACRITIC || (element.kind == SORT_EXPANDED_DIACRITIC && compare))
            add_diacritic(key, element.diacritic);
        else
            put_primary(key, &element);
        if (!element.kana || element.kind != SORT_PRIMARY) continue;
        put(key, LEVEL_KANA, element.kana_size);
        put(key, LEVEL_KANA, element.kana_type);
        put(key, LEVEL_KANA, element.kana_width);
    }
    if (collation->reversed_diacritics) reverse(&key->levels[LEVEL_DIACRITIC]);
    if (flags & (NORM_IGNORENONSPACE | LINGUISTIC_IGNOREDIACRITIC)) key->levels[LEVEL_DIACRITIC].n = 0;
    finish_weights(&key->levels[LEVEL_DIACRITIC]);
    finish_weights(&key->levels[LEVEL_CASING]);
    order_kana(key, flags);
}

// A level that doesn't fit is left out, and so are those behind it.
static int write_levels(const struct sort_key *key, BYTE *buffer, int size)
{
    int n = 0;
    for (int i = 0; i < LEVELS; i++) {
        const struct sort_bytes *level = &key->levels[i];
        if (size && n + (int)level->n + 1 > size) return fail_with(ERROR_INSUFFICIENT_BUFFER);
        if (size) {
            memcpy(buffer + n, level->data, level->n);
            buffer[n + (int)level->n] = i == LEVELS - 1 ? 0 : 1;
        }
        n += (int)level->n + 1;
    }
    return n;
}

int sort_key_bytes(const struct collation *collation, DWORD flags, const WCHAR *text, int length,
                   BYTE *buffer, int size)
{
    struct sort_key key;
    sort_key_make(&key, collation, flags, text, length, false);
    int n = key.failed ? fail_with(ERROR_NOT_ENOUGH_MEMORY) : write_levels(&key, buffer, size);
    sort_key_free(&key);
    return n;
}
