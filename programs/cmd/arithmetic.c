// SET /A: a parser by precedence. Quotation marks count for nothing, nor do blanks, even inside an operator.
#include "arithmetic.h"
#include "output.h"
#include "shell.h"
#include "variables.h"
#include <limits.h>
#include <stdio.h>

// The codes that scripts see in ERRORLEVEL.
enum arithmetic_error {
    ERROR_PARENTHESES = 1073750988,
    ERROR_OPERAND = 1073750989,
    ERROR_OPERATOR = 1073750990,
    ERROR_NUMBER = 1073750991,
    ERROR_RANGE = 1073750992,
    ERROR_ZERO = 1073750993,
};

struct expression {
    const WCHAR *p;
    int error;
};

static const WCHAR specials[] = L"()*/%+-<>&^|=,!~ \t";

static unsigned assignment(struct expression *e);

static void fail(struct expression *e, enum arithmetic_error error)
{
    if (!e->error) e->error = error;
}

static WCHAR peek(struct expression *e)
{
    e->p = skip_blanks(e->p);
    return *e->p;
}

// The place behind one of the operators of a character (doubled, where DOUBLED), or NULL if another one or
// its assignment begins here.
static const WCHAR *behind_operator(struct expression *e, WCHAR c, bool doubled, bool assigns)
{
    if (peek(e) != c) return NULL;
    const WCHAR *p = skip_blanks(e->p + 1);
    if (doubled) {
        if (*p != c) return NULL;
        p = skip_blanks(p + 1);
    }
    if ((*p == '=') != assigns) return NULL;
    return assigns ? p + 1 : p;
}

static bool accept(struct expression *e, WCHAR c, bool doubled)
{
    const WCHAR *p = behind_operator(e, c, doubled, false);
    if (p) e->p = p;
    return p != NULL;
}

static int shift(int value, unsigned count, bool left)
{
    if (left) return count > 31 ? 0 : (int)((unsigned)value << count);
    return value >> (count > 31 ? 31 : count);
}

static unsigned apply(struct expression *e, WCHAR operation, unsigned a, unsigned b)
{
    switch (operation) {
    case '*': return a * b;
    case '/':
    case '%':
        if (!b) {
            fail(e, ERROR_ZERO);
            return 0;
        }
        return (unsigned)(operation == '/' ? (long long)(int)a / (int)b : (long long)(int)a % (int)b);
    case '+': return a + b;
    case '-': return a - b;
    case '<': return shift((int)a, b, true);
    case '>': return shift((int)a, b, false);
    case '&': return a & b;
    case '^': return a ^ b;
    case '|': return a | b;
    default: return b;
    }
}

// ---- operands ----

static unsigned number(struct expression *e)
{
    WCHAR *end;
    bool hexadecimal = e->p[0] == '0' && (e->p[1] == 'x' || e->p[1] == 'X');
    unsigned long long value = _wcstoui64(e->p, &end, 0);
    if (*end && !wcschr(specials, *end)) fail(e, ERROR_NUMBER);
    if (value > (hexadecimal ? UINT_MAX : INT_MAX)) fail(e, ERROR_RANGE);
    e->p = end;
    return (unsigned)value;
}

static const WCHAR *variable_name(struct expression *e)
{
    size_t length = wcscspn(e->p, specials);
    const WCHAR *name = region_copy(e->p, length);
    e->p += length;
    return name;
}

static unsigned variable_value(const WCHAR *name)
{
    const WCHAR *value = variable_get(name, wcslen(name));
    return value ? (unsigned)wcstol(value, NULL, 0) : 0;
}

static unsigned operand(struct expression *e)
{
    WCHAR c = peek(e);
    if (stack_is_low()) {
        fail(e, ERROR_PARENTHESES);
        return 0;
    }
    if (c == '-' || c == '+' || c == '!' || c == '~') {
        e->p++;
        unsigned value = operand(e);
        return c == '-' ? -value : c == '!' ? !value : c == '~' ? ~value : value;
    }
    if (c == '(') {
        unsigned value;
        e->p++;
        do value = assignment(e);
        while (!e->error && accept(e, ',', false));
        if (peek(e) != ')')
            fail(e, ERROR_PARENTHESES);
        else
            e->p++;
        return value;
    }
    if (is_digit(c)) return number(e);
    if (!c || wcschr(specials, c)) {
        fail(e, ERROR_OPERAND);
        return 0;
    }
    return variable_value(variable_name(e));
}

// ---- operators ----

// By level, from tight to loose; shifts are doubled.
static const WCHAR *const levels[] = {L"*/%", L"+-", L"<>", L"&", L"^", L"|"};

static unsigned binary(struct expression *e, int level)
{
    if (level < 0) return operand(e);
    unsigned value = binary(e, level - 1);
    for (const WCHAR *c = levels[level]; *c && !e->error;) {
        if (accept(e, *c, *c == '<' || *c == '>')) {
            value = apply(e, *c, value, binary(e, level - 1));
            c = levels[level];
        } else {
            c++;
        }
    }
    return value;
}

// The operator of an assignment at the current place, passed over; 0 if there is none.
static WCHAR assignment_operator(struct expression *e)
{
    for (const WCHAR *c = L"*/%+-&^|<>"; *c; c++) {
        const WCHAR *p = behind_operator(e, *c, *c == '<' || *c == '>', true);
        if (!p) continue;
        e->p = p;
        return *c;
    }
    if (peek(e) != '=') return 0;
    e->p++;
    return '=';
}

static unsigned assignment(struct expression *e)
{
    WCHAR c = peek(e), text[16];
    const WCHAR *start = e->p;
    if (!c || is_digit(c) || wcschr(specials, c)) return binary(e, ARRAYSIZE(levels) - 1);
    const WCHAR *name = variable_name(e);
    WCHAR operation = assignment_operator(e);
    if (!operation) {
        e->p = start;
        return binary(e, ARRAYSIZE(levels) - 1);
    }
    // The old value is read after the right side was evaluated, which may change it.
    unsigned right = assignment(e), value = apply(e, operation, variable_value(name), right);
    if (!e->error) {
        _snwprintf(text, ARRAYSIZE(text), L"%d", (int)value);
        variable_set(name, text);
    }
    return value;
}

static const WCHAR *error_text(int error)
{
    switch (error) {
    case ERROR_PARENTHESES: return L"Unbalanced parenthesis.";
    case ERROR_OPERAND: return L"Missing operand.";
    case ERROR_NUMBER:
        return L"Invalid number.  Numeric constants are either decimal (17),\r\n"
               L"hexadecimal (0x11), or octal (021).";
    case ERROR_RANGE: return L"Invalid number.  Numbers are limited to 32-bits of precision.";
    case ERROR_ZERO: return L"Divide by zero error.";
    default: return L"Missing operator.";
    }
}

int evaluate(const WCHAR *expression, int *value)
{
    WCHAR *text = strip_quotes(region_copy(expression, wcslen(expression)));
    struct expression e = {.p = text};
    unsigned result;
    do result = assignment(&e);
    while (!e.error && accept(&e, ',', false));
    if (!e.error && peek(&e)) fail(&e, *e.p == ')' ? ERROR_PARENTHESES : ERROR_OPERATOR);
    *value = (int)result;
    if (e.error) complain(L"%s", error_text(e.error));
    return e.error;
}
