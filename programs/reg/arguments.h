// The command line of one operation: keys or a file first, then switches.
#ifndef REG_ARGUMENTS_H
#define REG_ARGUMENTS_H
#include "../shared/registry_name.h"

enum { OPERANDS = 2, SWITCHES = 12 };

struct arguments {
    WCHAR **operands;
    struct given {
        const WCHAR *name; // in the operation's list
        size_t length;
        const WCHAR *text; // of a switch that takes one
    } given[SWITCHES];
    int count;
    REGSAM view; // of /reg:32 and /reg:64
};

// Takes apart what stands behind an operation's name. KNOWN has its switches, with blanks between them: "f"
// stands alone, "v=" takes text, "v?" takes text unless another switch or the end follows. False: the syntax
// is invalid, as for an unknown switch and one that stands there twice.
bool arguments_take(struct arguments *arguments, WCHAR **words, int count, int operands, const WCHAR *known);

bool is_given(const struct arguments *arguments, const WCHAR *name);
// The text of a switch, NULL when it isn't given or has none.
const WCHAR *text_of(const struct arguments *arguments, const WCHAR *name);

#endif
