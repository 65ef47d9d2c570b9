// Names against expressions with wildcards, as file systems match them: *, ?, and the three that stand for
// what DOS makes of dots. All ways through the expression are followed at once, so no expression takes long.
#include "rtl.h"
#include "nt/rtl_name.h"

#define DOS_STAR ANSI_DOS_STAR // anything up to the last dot
#define DOS_QM   ANSI_DOS_QM   // one character that is no dot, or nothing before a dot and at the end
#define DOS_DOT  ANSI_DOS_DOT  // a dot, or nothing at the end
#define ON_STACK 256           // states without an allocation

struct text {
    const WCHAR *at;
    ULONG length;
};

static struct text text_of(PCUNICODE_STRING string)
{
    return (struct text){string->Buffer, string->Length / sizeof(WCHAR)};
}

/** Whether a name has any of the five wildcards. */
BOOLEAN NTAPI RtlDoesNameContainWildCards(PCUNICODE_STRING name)
{
    for (struct text text = text_of(name); text.length; text.at++, text.length--) switch (*text.at) {
        case '*':
        case '?':
        case DOS_STAR:
        case DOS_QM:
        case DOS_DOT: return TRUE;
        }
    return FALSE;
}

static WCHAR upcase(WCHAR c, const WCHAR *table)
{
    return table ? table[c] : RtlUpcaseUnicodeChar(c);
}

// From states[i] (the match may stand before the expression's character i) to those that need no character of
// the name.
static void skip_states(struct text expression, BYTE *states, bool at_dot, bool at_end)
{
    for (ULONG i = 0; i < expression.length; i++) {
        if (!states[i]) continue;
        switch (expression.at[i]) {
        case '*':
        case DOS_STAR: states[i + 1] = true; break;
        case DOS_QM:
            if (at_dot || at_end) states[i + 1] = true;
            break;
        case DOS_DOT:
            if (at_end) states[i + 1] = true;
            break;
        }
    }
}

// One character of the name further. From the last state backwards, since a step leads to the same or the
// next.
static void step(struct text expression, BYTE *states, WCHAR c, bool is_last_dot)
{
    states[expression.length] = false;
    for (ULONG i = expression.length; i--;) {
        WCHAR wanted = expression.at[i];
        bool stays = false, goes = false;

        if (!states[i]) continue;
        switch (wanted) {
        case '*': stays = true; break;
        case DOS_STAR: stays = !is_last_dot; break;
        case '?': goes = true; break;
        case DOS_QM: goes = c != '.'; break;
        case DOS_DOT: goes = c == '.'; break;
        default: goes = c == wanted;
        }
        states[i] = stays;
        if (goes) states[i + 1] = true;
    }
}

static bool last_dot_of(struct text name, ULONG *last)
{
    for (*last = name.length; *last && name.at[*last - 1] != '.';) --*last;
    return *last != 0;
}

static bool matches(struct text expression, struct text name, bool ignore_case, const WCHAR *table,
                    BYTE *states)
{
    ULONG last_dot; // + 1
    bool has_dot = last_dot_of(name, &last_dot);

    memset(states, 0, expression.length + 1);
    states[0] = true;
    for (ULONG i = 0; i < name.length; i++) {
        WCHAR c = ignore_case ? upcase(name.at[i], table) : name.at[i];

        skip_states(expression, states, c == '.', false);
        step(expression, states, c, has_dot && i + 1 == last_dot);
    }
    skip_states(expression, states, false, true);
    return states[expression.length];
}

/** Whether a name matches an expression, which is in upper case already if case is ignored. upcase_table has
 * the upper case of all 65536 units; NULL: the system's. Raises STATUS_NO_MEMORY. */
BOOLEAN NTAPI RtlIsNameInExpression(PCUNICODE_STRING expression, PCUNICODE_STRING name, BOOLEAN ignore_case,
                                    PCWCH upcase_table)
{
    struct text pattern = text_of(expression), text = text_of(name);
    BYTE on_stack[ON_STACK], *states = on_stack;

    if (!pattern.length || !text.length) return pattern.length == text.length;
    if (pattern.length >= ON_STACK) {
        states = RtlAllocateHeap(process_heap(), 0, pattern.length + 1);
        if (!states) RtlRaiseStatus(STATUS_NO_MEMORY);
    }
    bool found = matches(pattern, text, ignore_case, upcase_table, states);
    if (states != on_stack) RtlFreeHeap(process_heap(), 0, states);
    return found;
}

/** The same with an expression in any case. */
BOOLEAN NTAPI RtlIsNameInUnUpcasedExpression(PCUNICODE_STRING expression, PCUNICODE_STRING name,
                                             BOOLEAN ignore_case, PCWCH upcase_table)
{
    UNICODE_STRING upper;

    if (!ignore_case) return RtlIsNameInExpression(expression, name, FALSE, upcase_table);
    NTSTATUS status = RtlUpcaseUnicodeString(&upper, expression, TRUE);
    if (!NT_SUCCESS(status)) RtlRaiseStatus(status);
    BOOLEAN found = RtlIsNameInExpression(&upper, name, TRUE, upcase_table);
    RtlFreeUnicodeString(&upper);
    return found;
}
