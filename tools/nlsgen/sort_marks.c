// Diacritic weights. Those of the common marks are Windows', as its sort keys show them (a letter with a mark
// has the mark's weight and 2); marks of other scripts follow their order in Unicode.
#include "sort.h"
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

static const struct {
    uint16_t mark;
    uint8_t weight;
} marks[] = {
    {0x0300, 0x0D}, {0x0301, 0x0C}, {0x0302, 0x10}, {0x0303, 0x17}, {0x0304, 0x15}, {0x0305, 0x16},
    {0x0306, 0x13}, {0x0307, 0x0E}, {0x0308, 0x11}, {0x0309, 0x41}, {0x030A, 0x18}, {0x030B, 0x1B},
    {0x030C, 0x12}, {0x030D, 0x3F}, {0x031B, 0x50}, {0x0327, 0x1A}, {0x0328, 0x19}, {0x0335, 0x1C},
    {0x0338, 0x1F}, {0x0345, 0x8E}, {0x0654, 0x97}, {0x0655, 0x96}, {0x3099, 0x01}, {0x309A, 0x02},
};

// Ranges whose weights go on from one: Windows' own order, where a mark isn't in the list above.
static const struct {
    uint16_t first, last;
    uint8_t weight;
} mark_ranges[] = {
    {0x030E, 0x0326, 0x41}, {0x0329, 0x0334, 0x5A}, {0x0336, 0x0341, 0x66}, {0x0342, 0x0345, 0x8B},
    {0x0346, 0x036F, 0x72}, {0x0483, 0x0489, 0x92}, {0x0591, 0x05C7, 0x03}, {0x064B, 0x065F, 0x8E},
    {0x06D6, 0x06ED, 0xA8}, {0x1DC0, 0x1DFF, 0xA0}, {0x20D0, 0x20F0, 0xDC}, {0xFE20, 0xFE2F, 0x30},
};

unsigned mark_weight(uint16_t c)
{
    UErrorCode error = U_ZERO_ERROR;
    unsigned before = 0;

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (marks[i].mark == c) return marks[i].weight;
    for (size_t i = 0; i < sizeof mark_ranges / sizeof *mark_ranges; i++)
        if (c >= mark_ranges[i].first && c <= mark_ranges[i].last) {
            unsigned weight = mark_ranges[i].weight + c - mark_ranges[i].first;
            return weight < 0xFF ? weight : 0xFF;
        }
    for (uint16_t other = c & 0xFF80; other < c; other++)
        if (u_charType(other) == U_NON_SPACING_MARK &&
            uscript_getScript(other, &error) == uscript_getScript(c, &error))
            before++;
    return 3 + before;
}

static const struct {
    const char *with;
    uint8_t weight;
} names[] = {
    {"ACUTE", 0x0C},
    {"GRAVE", 0x0D},
    {"DOT ABOVE", 0x0E},
    {"MIDDLE DOT", 0x0F},
    {"CIRCUMFLEX", 0x10},
    {"DIAERESIS", 0x11},
    {"CARON", 0x12},
    {"BREVE", 0x13},
    {"MACRON", 0x15},
    {"TILDE", 0x17},
    {"RING ABOVE", 0x18},
    {"OGONEK", 0x19},
    {"CEDILLA", 0x1A},
    {"DESCENDER", 0x1A},
    {"STROKE", 0x1C},
    {"BAR", 0x1C},
    {"HOOK", 0x41},
    {"LEFT HOOK", 0x41},
    {"MIDDLE HOOK", 0x42},
    {"RIGHT HOOK", 0x43},
    {"PALATAL HOOK", 0x55},
    {"RETROFLEX HOOK", 0x57},
    {"TOPBAR", 0x66},
    {"MIDDLE TILDE", 0x65},
    {"DIAGONAL STROKE", 0x1D},
    {"LONG STROKE OVERLAY", 0x1F},
    {"UPTURN", 0x67},
    {"TAIL", 0x80},
    {"CURL", 0x81},
    {"BELT", 0x82},
    {"LONG LEG", 0x83},
    {"FISHHOOK", 0x84},
    {"SWASH TAIL", 0x85},
    {"TWO DOTS ABOVE", 0x40},
    {"THREE DOTS ABOVE", 0x42},
    {"FOUR DOTS ABOVE", 0x44},
};

// A name that the list lacks gets a weight above those in it, by its letters, so that equal names weigh the
// same.
unsigned named_diacritic(const char *with)
{
    unsigned sum = 0;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(names[i].with, with)) return names[i].weight;
    for (const char *p = with; *p; p++) sum = sum * 31 + (unsigned char)*p;
    return 0x88 + sum % 0x68;
}
