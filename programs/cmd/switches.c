// Switches.
#include "switches.h"
#include "output.h"

// The length of a piece of a word: a name up to a slash, or a switch up to the next one.
static size_t piece_length(const WCHAR *word)
{
    bool quoted = *word == '"';
    size_t n = 1;
    for (; word[n] && (quoted || word[n] != '/'); n++)
        if (word[n] == '"') quoted = !quoted;
    return n;
}

static bool take_switch(struct words *words, const WCHAR *text, size_t length, const WCHAR *allowed)
{
    size_t at = 1;
    bool negative = at < length && text[at] == '-';
    at += negative;
    WCHAR letter = at < length ? towlower(text[at]) : 0;
    const WCHAR *found = letter && letter < SWITCHES && letter != ':' ? wcschr(allowed, letter) : NULL;
    at++;
    if (found && at < length && found[1] != ':') found = NULL;
    if (!found) {
        complain(L"Invalid switch - \"%.*s\".", (int)length - 1, text + 1);
        return false;
    }
    if (at < length && text[at] == ':') at++;
    words->on[letter] = !negative;
    words->off[letter] = negative;
    if (!negative) words->values[letter] = at < length ? region_copy(text + at, length - at) : L"";
    return true;
}

bool words_take(struct words *words, const WCHAR *arguments, const WCHAR *allowed)
{
    *words = (struct words){};
    words->names = region_take((wcslen(arguments) + 1) * sizeof(WCHAR *));
    for (WCHAR *word; (word = next_word(&arguments));)
        while (*word) {
            size_t length = piece_length(word);
            if (*word != '/')
                words->names[words->count++] = region_copy(word, length);
            else if (!take_switch(words, word, length, allowed))
                return false;
            word += length;
        }
    return true;
}
