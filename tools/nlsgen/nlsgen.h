// nlsgen: writes Windows' language tables (.nls files) from ICU's data.
#ifndef LOWLAND_NLSGEN_H
#define LOWLAND_NLSGEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A growing array of 16-bit words, which is what .nls files are made of.
struct words {
    uint16_t *data;
    size_t n, room;
};

void words_add(struct words *words, uint16_t value);
void words_append(struct words *words, const uint16_t *values, size_t n);

// Writes words to DIRECTORY/NAME. Ends the program with a message when that fails.
void words_write(const struct words *words, const char *directory, const char *name);

// Prints "nlsgen: ..." and ends the program.
_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

// codepage.c: c_NNN.nls for each code page that Lowland has.
void write_code_pages(const char *directory);
// case.c: l_intl.nls.
void write_case_table(const char *directory);
// decomposition.c: decompose.nls.
void write_decompositions(const char *directory);
// digits.c: digits.nls.
void write_digits(const char *directory);
// geo.c: geo.nls.
void write_places(const char *directory);
// normalization.c: normnfc.nls, normnfd.nls, normnfkc.nls, normnfkd.nls, normidna.nls.
void write_normalization_forms(const char *directory);
// script.c: script.nls.
void write_scripts(const char *directory);
// sort.c: sort.nls.
void write_sort_weights(const char *directory);
// locale.c: locale.nls.
void write_locales(const char *directory);
// ctype.c: ctype.nls.
void write_character_types(const char *directory);

// bestfit.c: the character of a code page that stands for one that it lacks. table is the code page's own
// mapping of UTF-16 (0: none); returns the code, or 0.
uint16_t best_fit(unsigned code_page, uint16_t c, const uint16_t *table);

#endif
