// The words of a command: names, and switches that may stand anywhere and without blanks between them.
#ifndef CMD_SWITCHES_H
#define CMD_SWITCHES_H
#include "text.h"

enum { SWITCHES = 128 };

struct words {
    WCHAR **names; // with their quotation marks
    int count;
    bool on[SWITCHES], off[SWITCHES]; // by lower-case letter: /X and /-X
    const WCHAR *values[SWITCHES];    // what followed the letter, without a colon
};

// Takes ARGUMENTS apart. ALLOWED has the letters that are switches here, each with a colon if text may follow
// it. False after a complaint about any other.
bool words_take(struct words *words, const WCHAR *arguments, const WCHAR *allowed);

#endif
