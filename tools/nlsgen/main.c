// nlsgen DIRECTORY: writes all .nls files of Lowland there.
#include "nlsgen.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void die(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fputs("nlsgen: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

void words_append(struct words *words, const uint16_t *values, size_t n)
{
    if (words->n + n > words->room) {
        words->room = 2 * (words->n + n);
        words->data = realloc(words->data, words->room * sizeof *words->data);
        if (!words->data) die("out of memory");
    }
    memcpy(words->data + words->n, values, n * sizeof *values);
    words->n += n;
}

void words_add(struct words *words, uint16_t value)
{
    words_append(words, &value, 1);
}

void words_write(const struct words *words, const char *directory, const char *name)
{
    char path[4096];
    FILE *file;

    if ((size_t)snprintf(path, sizeof path, "%s/%s", directory, name) >= sizeof path) die("path too long");
    file = fopen(path, "wb");
    if (!file) die("%s: %s", path, strerror(errno));
    // .nls files are little-endian, and so is every machine that runs 32-bit x86 code.
    if (fwrite(words->data, sizeof *words->data, words->n, file) != words->n || fclose(file) != 0) {
        die("%s: %s", path, strerror(errno));
    }
}

int main(int argc, char **argv)
{
    if (argc != 2) die("usage: nlsgen DIRECTORY");
    write_code_pages(argv[1]);
    write_character_types(argv[1]);
    write_decompositions(argv[1]);
    write_digits(argv[1]);
    write_locales(argv[1]);
    write_places(argv[1]);
    write_normalization_forms(argv[1]);
    write_scripts(argv[1]);
    write_sort_weights(argv[1]);
    write_case_table(argv[1]); // last: the Makefile knows by l_intl.nls that all are there
    return 0;
}
