// Splits a command line into arguments: quotation marks join, backslashes escape them and nothing else.
#include "loader/command_line.h"
#include "loader/utf16.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct splitter {
    const uint16_t *at, *end;
    uint16_t *out;
};

static bool is_blank(uint16_t unit)
{
    return unit == ' ' || unit == '\t';
}

static bool next_is(const struct splitter *s, uint16_t unit)
{
    return s->at < s->end && *s->at == unit;
}

// The program's name: a quotation mark always is one there.
static void take_program(struct splitter *s)
{
    bool quoted = false;
    while (s->at < s->end && (quoted || !is_blank(*s->at))) {
        if (*s->at == '"')
            quoted = !quoted;
        else
            *s->out++ = *s->at;
        s->at++;
    }
}

// Backslashes before a quotation mark count half; an odd one makes it an ordinary character. True: it is one.
static bool take_backslashes(struct splitter *s)
{
    size_t n = 0;
    while (next_is(s, '\\')) s->at++, n++;
    bool before_quote = next_is(s, '"');
    for (size_t i = before_quote ? n / 2 : n; i > 0; i--) *s->out++ = '\\';
    return before_quote && n % 2;
}

static void take_argument(struct splitter *s)
{
    bool quoted = false;
    while (s->at < s->end && (quoted || !is_blank(*s->at))) {
        bool literal = take_backslashes(s);
        if (s->at == s->end || (!quoted && is_blank(*s->at))) continue;
        if (next_is(s, '"') && !literal) {
            s->at++;
            // Two of them inside quotation marks are one character.
            if (quoted && next_is(s, '"'))
                *s->out++ = *s->at++;
            else
                quoted = !quoted;
        } else {
            *s->out++ = *s->at++;
        }
    }
}

char **command_line_split(const uint16_t *line, size_t length)
{
    const size_t arguments_max = length / 2 + 2; // each but the last has a blank behind it; and the NULL
    uint16_t *argument = malloc((length + 1) * sizeof *argument);
    char **result = malloc(arguments_max * sizeof *result + 4 * length + arguments_max);
    if (!argument || !result) {
        free(argument);
        free(result);
        return NULL;
    }
    struct splitter s = {.at = line, .end = line + length};
    char *text = (char *)(result + arguments_max);
    size_t n = 0;
    do {
        s.out = argument;
        if (n == 0)
            take_program(&s);
        else
            take_argument(&s);
        result[n++] = text;
        text += utf16_to_utf8(text, argument, s.out - argument) + 1;
        while (s.at < s.end && is_blank(*s.at)) s.at++;
    } while (s.at < s.end);
    result[n] = NULL;
    free(argument);
    return result;
}
