// decompose.nls: canonical decompositions of the Basic Multilingual Plane, for linguistic comparison.
//
// Our own format, in 16-bit words: their number; then for each, by character, the character, its base and its
// mark (0: a single equivalent). Hangul syllables, which arithmetic decomposes, are left out.
#include "nlsgen.h"
#include <stdlib.h>
#include <unicode/unorm2.h>

void write_decompositions(const char *directory)
{
    struct words file = {0};
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2 *normalizer = unorm2_getNFCInstance(&error);

    if (U_FAILURE(error)) die("no normalization data: %s", u_errorName(error));
    words_add(&file, 0);
    for (UChar32 c = 0x80; c < 0x10000; c++) {
        UChar parts[8];
        int n;

        if (c >= 0xAC00 && c <= 0xD7A3) continue;
        n = unorm2_getRawDecomposition(normalizer, c, parts, 8, &error);
        if (U_FAILURE(error)) die("decomposition of U+%04X: %s", (unsigned)c, u_errorName(error));
        if (n < 1 || n > 2 || U16_IS_SURROGATE(parts[0])) continue;
        words_append(&file, (uint16_t[]){c, parts[0], n == 2 ? parts[1] : 0}, 3);
        file.data[0]++;
    }
    words_write(&file, directory, "decompose.nls");
    free(file.data);
}
