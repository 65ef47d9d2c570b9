// Texts: chains of pieces.
#include "region_text.h"
#include <assert.h>
#include <string.h>

enum { PIECE = 48, PIECES_MAX = REGION_TEXT_MAX / PIECE + 1, RECORDS_MAX = 131072 };

struct piece {
    struct region_record record; // kind: 1
    uint32_t more;               // the next piece, 0 at the end
    uint32_t reserved;
    uint8_t bytes[PIECE];
};

static struct piece *piece_at(uint32_t index)
{
    struct piece *piece = region_record(REGION_TEXT, index);
    return piece && atomic_load_explicit(&piece->record.kind, memory_order_acquire) ? piece : NULL;
}

uint32_t region_text_new(const void *bytes, uint32_t size)
{
    static_assert(sizeof(struct piece) == 64, "as in region.c");
    if (!size || size > REGION_TEXT_MAX) return 0;
    // From the end, so that each piece knows the next one when it is committed.
    uint32_t more = 0;
    for (uint32_t at = (size - 1) / PIECE * PIECE;; at -= PIECE) {
        uint32_t index = region_record_new(REGION_TEXT), n = size - at < PIECE ? size - at : PIECE;
        struct piece *piece = region_record(REGION_TEXT, index);
        if (!piece) {
            region_text_free(more);
            return 0;
        }
        memcpy(piece->bytes, (const uint8_t *)bytes + at, n);
        piece->more = more;
        atomic_store_explicit(&piece->record.kind, 1, memory_order_release);
        more = index;
        if (!at) return index;
    }
}

void region_text_free(uint32_t text)
{
    for (int i = 0; i < PIECES_MAX; i++) {
        struct piece *piece = piece_at(text);
        if (!piece) return;
        uint32_t more = piece->more;
        region_record_free(REGION_TEXT, text);
        text = more;
    }
}

void region_text_read(uint32_t text, void *bytes, uint32_t size)
{
    for (uint32_t at = 0; at < size; at += PIECE) {
        const struct piece *piece = piece_at(text);
        uint32_t n = size - at < PIECE ? size - at : PIECE;
        if (piece)
            memcpy((uint8_t *)bytes + at, piece->bytes, n);
        else
            memset((uint8_t *)bytes + at, 0, n);
        text = piece ? piece->more : 0;
    }
}

// --- recovery
// ----------------------------------------------------------------------------------------------------

static uint64_t marks[RECORDS_MAX / 64]; // with the lock, which one thread of a process has

void region_text_unmark(void)
{
    memset(marks, 0, sizeof marks);
}

void region_text_mark(uint32_t text)
{
    for (int i = 0; i < PIECES_MAX && text < RECORDS_MAX; i++) {
        const struct piece *piece = piece_at(text);
        if (!piece) return;
        marks[text / 64] |= 1ull << text % 64;
        text = piece->more;
    }
}

void region_text_sweep(void)
{
    for (uint32_t index = 1; index < region_records_end(REGION_TEXT); index++)
        if (piece_at(index) && !(marks[index / 64] >> index % 64 & 1)) region_record_free(REGION_TEXT, index);
}
