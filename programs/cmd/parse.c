// The parser: lines come with percent signs replaced, carets are resolved here, and a command takes as many
// lines as it needs. Precedence from loose to tight: newline, &, ||, &&, |; IF and FOR take all that follows
// up to the end of the line.
#include "parse.h"
#include "batch.h"
#include "expand.h"
#include "lines.h"
#include "output.h"
#include "prompt.h"
#include "shell.h"

struct parser {
    struct text line; // ends with a newline
    size_t at;
    int depth;  // of parentheses
    bool fixed; // there is no line after this one
    bool failed;
    bool continued; // a line was read already: the prompt for more is another
};

// ---- characters ----

static WCHAR peek(const struct parser *p)
{
    return p->at < p->line.length ? p->line.data[p->at] : 0;
}

static WCHAR peek_second(const struct parser *p)
{
    return p->at + 1 < p->line.length ? p->line.data[p->at + 1] : 0;
}

static bool fail(struct parser *p)
{
    p->failed = true;
    return false;
}

static bool raw_line(struct parser *p, struct text *raw)
{
    if (p->fixed) return false;
    if (shell.batch) return batch_line(shell.batch, raw);
    return prompt_line(raw, p->continued);
}

// Goes on with the next line. False at the end of input.
static bool fetch(struct parser *p)
{
    struct text raw = {}, line = {};
    if (!raw_line(p, &raw)) return false;
    p->continued = true;
    if (!expand_percent(&line, raw.data)) return fail(p);
    p->line = line;
    p->at = 0;
    return true;
}

// The next character; one that a caret precedes is literal. A caret at the end of a line takes the first
// character of the next one, even if that is another newline.
static WCHAR take(struct parser *p, bool quoted, bool *literal)
{
    WCHAR c = peek(p);
    *literal = false;
    p->at++;
    if (c != '^' || quoted) return c;
    c = peek(p);
    if (c == '\n') {
        p->at++;
        if (!fetch(p)) return 0;
        c = peek(p);
    }
    *literal = true;
    p->at++;
    if (c == '\n' && p->at >= p->line.length) fetch(p);
    return c;
}

static void skip(struct parser *p)
{
    while (is_separator(peek(p))) p->at++;
}

static bool at_end(const struct parser *p)
{
    return peek(p) == '\n' || peek(p) == 0;
}

static bool is_operator(const struct parser *p, WCHAR c)
{
    return c == '&' || c == '|' || c == '<' || c == '>' || c == '\n' || c == 0 || (c == ')' && p->depth > 0);
}

// ---- errors ----

static void *syntax_error(struct parser *p)
{
    if (!p->failed) complain(MESSAGE_SYNTAX);
    p->failed = true;
    return NULL;
}

// What stands at the current place doesn't belong there.
static void *unexpected(struct parser *p)
{
    if (p->failed) return NULL;
    if (at_end(p)) return syntax_error(p);
    const WCHAR *start = p->line.data + p->at;
    size_t length = 1;
    if (!is_operator(p, *start))
        while (!is_separator(start[length]) && !is_operator(p, start[length])) length++;
    else if (start[1] == *start)
        length = 2;
    complain(L"%.*s was unexpected at this time.", (int)length, start);
    p->failed = true;
    return NULL;
}

static struct node *new_node(enum node_kind kind)
{
    struct node *node = region_take(sizeof(*node));
    node->kind = kind;
    return node;
}

// ---- words ----

// Adds a word up to a separator or operator that is neither quoted nor escaped. Parentheses belong to it
// where WITH_PARENTHESES says so.
static void take_word(struct parser *p, struct text *word, bool with_parentheses)
{
    bool quoted = false, literal;
    while (!p->failed) {
        WCHAR c = peek(p);
        if (c == '\n' || c == 0) return;
        if (!quoted && (is_separator(c) || (is_operator(p, c) && !(with_parentheses && c == ')')))) return;
        c = take(p, quoted, &literal);
        if (!c) return;
        if (c == '"' && !literal) quoted = !quoted;
        text_add(word, c);
    }
}

static const WCHAR *word(struct parser *p, bool with_parentheses)
{
    struct text text = {};
    skip(p);
    take_word(p, &text, with_parentheses);
    return text_get(&text);
}

// Consumes KEYWORD if it is what comes next.
static bool accept(struct parser *p, const WCHAR *keyword)
{
    size_t length = wcslen(keyword);
    skip(p);
    if (p->at + length > p->line.length || _wcsnicmp(p->line.data + p->at, keyword, length) != 0)
        return false;
    WCHAR after = p->at + length < p->line.length ? p->line.data[p->at + length] : 0;
    if (!is_separator(after) && !is_operator(p, after) && after != '(') return false;
    p->at += length;
    return true;
}

// ---- redirections ----

// A later redirection of the same handle takes the place of an earlier one, at the end.
static void add_redirection(struct node *node, struct redirection *added)
{
    struct redirection **link = &node->redirections;
    while (*link) {
        if ((*link)->handle == added->handle)
            *link = (*link)->next;
        else
            link = &(*link)->next;
    }
    *link = added;
}

// At < or >. HANDLE is the digit before it, or -1.
static void take_redirection(struct parser *p, struct node *node, int handle)
{
    struct redirection *redirection = region_take(sizeof(*redirection));
    bool input = peek(p) == '<';
    p->at++;
    redirection->kind = input ? REDIRECT_INPUT : REDIRECT_OUTPUT;
    redirection->handle = handle >= 0 ? handle : input ? 0 : 1;
    if (!input && peek(p) == '>') {
        redirection->kind = REDIRECT_APPEND;
        p->at++;
    }
    if (peek(p) == '&') {
        p->at++;
        skip(p);
        if (!is_digit(peek(p))) {
            unexpected(p);
            return;
        }
        redirection->kind = REDIRECT_DUPLICATE;
        redirection->target = region_copy(p->line.data + p->at++, 1);
    } else {
        redirection->target = word(p, false);
        if (!*redirection->target) unexpected(p);
    }
    add_redirection(node, redirection);
}

static bool at_redirection(const struct parser *p)
{
    WCHAR c = peek(p), second = peek_second(p);
    return c == '<' || c == '>' || (is_digit(c) && (second == '<' || second == '>'));
}

static void take_redirections(struct parser *p, struct node *node)
{
    for (skip(p); !p->failed && at_redirection(p); skip(p)) {
        int handle = -1;
        if (is_digit(peek(p))) handle = p->line.data[p->at++] - '0';
        take_redirection(p, node, handle);
    }
}

// ---- commands ----

static struct node *parse_list(struct parser *p);

// The rest of a simple command. A digit right before < or > that stands alone names the handle.
static void take_arguments(struct parser *p, struct node *node)
{
    struct text text = {};
    bool quoted = false, literal;
    while (!p->failed) {
        WCHAR c = peek(p);
        if (c == '\n' || c == 0) break;
        if (!quoted && (c == '<' || c == '>')) {
            int handle = -1;
            size_t n = text.length;
            if (n && is_digit(text.data[n - 1]) && p->line.data[p->at - 1] == text.data[n - 1] &&
                (n == 1 || is_separator(text.data[n - 2]))) {
                handle = text.data[n - 1] - '0';
                text.data[--text.length] = 0;
            }
            take_redirection(p, node, handle);
            continue;
        }
        if (!quoted && is_operator(p, c)) break;
        c = take(p, quoted, &literal);
        if (!c) break;
        if (c == '"' && !literal) quoted = !quoted;
        text_add(&text, c);
    }
    node->arguments = text_get(&text);
}

static void skip_line(struct parser *p)
{
    while (!at_end(p)) p->at++;
}

// REM takes the rest of the line, operators and all, once it has a word.
static void take_remark(struct parser *p, struct node *node)
{
    size_t start = p->at;
    node->kind = NODE_REMARK;
    skip(p);
    if (!is_operator(p, peek(p))) skip_line(p);
    node->arguments = region_copy(p->line.data + start, p->at - start);
}

// Lines up to the closing parenthesis, which the caller finds.
static struct node *parse_lines(struct parser *p)
{
    struct node *lines = NULL;
    while (!p->failed) {
        skip(p);
        WCHAR c = peek(p);
        if (c == 0) {
            if (!fetch(p)) return syntax_error(p);
        } else if (c == '\n') {
            p->at++;
        } else if (c == ')') {
            break;
        } else {
            struct node *line = parse_list(p);
            if (lines) {
                struct node *pair = new_node(NODE_LINES);
                pair->left = lines;
                pair->right = line;
                lines = pair;
            } else {
                lines = line;
            }
        }
    }
    return lines;
}

static struct node *parse_block(struct parser *p, struct node *node)
{
    node->kind = NODE_BLOCK;
    p->at++;
    p->depth++;
    node->multiline = at_end(p);
    node->left = parse_lines(p);
    if (p->failed) return NULL;
    if (!node->left) return unexpected(p);
    p->at++;
    p->depth--;
    take_redirections(p, node);
    return node;
}

static bool is_comparison(const WCHAR *text)
{
    static const WCHAR *const names[] = {L"equ", L"neq", L"lss", L"leq", L"gtr", L"geq"};
    for (size_t i = 0; i < ARRAYSIZE(names); i++)
        if (same_text(text, names[i])) return shell.extensions;
    return false;
}

static void parse_condition(struct parser *p, struct condition *condition)
{
    static const WCHAR *const questions[] = {L"errorlevel", L"exist", L"defined", L"cmdextversion"};
    for (;;) {
        if (shell.extensions && accept(p, L"/i"))
            condition->ignore_case = true;
        else if (accept(p, L"not"))
            condition->negated = !condition->negated;
        else
            break;
    }
    for (size_t i = 0; i < (shell.extensions ? ARRAYSIZE(questions) : 2); i++)
        if (accept(p, questions[i])) {
            condition->operation = questions[i];
            condition->first = word(p, true);
            if (!*condition->first) unexpected(p);
            return;
        }
    condition->first = word(p, true);
    while (is_blank(peek(p))) p->at++;
    if (peek(p) == '=' && peek_second(p) == '=') {
        p->at += 2;
        condition->operation = L"==";
    } else {
        skip(p);
        size_t start = p->at;
        condition->operation = word(p, true);
        if (!is_comparison(condition->operation)) {
            p->at = start;
            unexpected(p);
            return;
        }
    }
    condition->second = word(p, true);
    if (!*condition->first || !*condition->second) unexpected(p);
}

// What IF and FOR run: the rest of the line.
static struct node *parse_body(struct parser *p)
{
    if (p->failed) return NULL;
    skip(p);
    return at_end(p) ? syntax_error(p) : parse_list(p);
}

static struct node *parse_if(struct parser *p, struct node *node)
{
    node->kind = NODE_IF;
    parse_condition(p, &node->condition);
    node->left = parse_body(p);
    if (!p->failed && accept(p, L"else")) node->right = parse_body(p);
    return node;
}

// The words between the parentheses of FOR, as text; they may take several lines.
static const WCHAR *parse_set(struct parser *p)
{
    struct text set = {};
    bool quoted = false, literal;
    skip(p);
    if (peek(p) != '(') return unexpected(p);
    p->at++;
    while (!p->failed) {
        WCHAR c = peek(p);
        if (c == 0) {
            if (!fetch(p)) return syntax_error(p);
            continue;
        }
        if (c == ')' && !quoted) break;
        c = take(p, quoted, &literal);
        if (c == '\n' && !literal) {
            quoted = false;
            c = ' ';
        }
        if (c == '"' && !literal) quoted = !quoted;
        if (c) text_add(&set, c);
    }
    p->at++;
    return text_get(&set);
}

static void parse_switches(struct parser *p, struct for_clause *loop)
{
    bool tree = false, directories = false;
    for (;;) {
        if (accept(p, L"/d"))
            directories = true;
        else if (accept(p, L"/r"))
            tree = true;
        else if (accept(p, L"/l"))
            loop->kind = FOR_NUMBERS;
        else if (accept(p, L"/f"))
            loop->kind = FOR_LINES;
        else
            break;
    }
    if (tree)
        loop->kind = directories ? FOR_TREE_DIRECTORIES : FOR_TREE;
    else if (directories)
        loop->kind = FOR_DIRECTORIES;
    skip(p);
    if ((tree || loop->kind == FOR_LINES) && peek(p) != '%') loop->option = word(p, true);
}

static struct node *parse_for(struct parser *p, struct node *node)
{
    node->kind = NODE_FOR;
    if (shell.extensions) parse_switches(p, &node->loop);
    skip(p);
    if (peek(p) != '%' || !peek_second(p) || peek_second(p) == '\n') return unexpected(p);
    node->loop.variable = peek_second(p);
    WCHAR after = p->at + 2 < p->line.length ? p->line.data[p->at + 2] : 0;
    if (!is_separator(after)) return unexpected(p);
    p->at += 2;
    if (!accept(p, L"in")) return unexpected(p);
    node->loop.set = parse_set(p);
    if (!p->failed && !accept(p, L"do")) return unexpected(p);
    node->left = parse_body(p);
    return node;
}

// A command without operators. Labels and what follows an unmatched closing parenthesis are remarks nobody
// sees.
static struct node *parse_command(struct parser *p)
{
    struct node *node = new_node(NODE_COMMAND);
    if (stack_is_low()) {
        complain(L"The command is nested too deep.");
        p->failed = true;
        return NULL;
    }
    for (skip(p); peek(p) == '@'; skip(p)) {
        node->quiet = true;
        p->at++;
    }
    take_redirections(p, node);
    WCHAR c = peek(p);
    if (c == '(') return parse_block(p, node);
    if (c == ':' || (c == ')' && p->depth == 0)) {
        skip_line(p);
        node->kind = NODE_REMARK;
        node->quiet = true;
        node->name = node->arguments = L"";
        return node;
    }
    if (is_operator(p, c)) {
        if (node->redirections && at_end(p)) {
            // Nothing but redirections: they make their files.
            node->name = node->arguments = L"";
            return node;
        }
        return unexpected(p);
    }
    struct text name = {};
    take_word(p, &name, false);
    node->name = text_get(&name);
    node->arguments = L"";
    if (same_text(node->name, L"if")) return parse_if(p, node);
    if (same_text(node->name, L"for")) return parse_for(p, node);
    if (same_text(node->name, L"rem"))
        take_remark(p, node);
    else
        take_arguments(p, node);
    return node;
}

// ---- operators ----

static struct node *pair(enum node_kind kind, struct node *left, struct node *right)
{
    struct node *node = new_node(kind);
    node->left = left;
    node->right = right;
    return node;
}

static bool accept_operator(struct parser *p, WCHAR c, bool twice)
{
    if (p->failed) return false;
    skip(p);
    if (peek(p) != c || (peek_second(p) == c) != twice) return false;
    p->at += twice ? 2 : 1;
    return true;
}

static struct node *parse_pipe(struct parser *p)
{
    struct node *left = parse_command(p);
    // To the right: each side starts the rest.
    return accept_operator(p, '|', false) ? pair(NODE_PIPE, left, parse_pipe(p)) : left;
}

static struct node *parse_and(struct parser *p)
{
    struct node *left = parse_pipe(p);
    while (accept_operator(p, '&', true)) left = pair(NODE_AND, left, parse_pipe(p));
    return left;
}

static struct node *parse_or(struct parser *p)
{
    struct node *left = parse_and(p);
    while (accept_operator(p, '|', true)) left = pair(NODE_OR, left, parse_and(p));
    return left;
}

// Commands up to the end of the line, a closing parenthesis or a word that belongs elsewhere (ELSE).
static struct node *parse_list(struct parser *p)
{
    struct node *left = parse_or(p);
    while (accept_operator(p, '&', false)) {
        skip(p);
        if (at_end(p) || (peek(p) == ')' && p->depth)) break;
        left = pair(NODE_SEQUENCE, left, parse_or(p));
    }
    return p->failed ? NULL : left;
}

// ---- entry points ----

static enum parse_result parse(struct parser *p, struct node **command)
{
    *command = NULL;
    skip(p);
    if (at_end(p)) return PARSE_NOTHING;
    *command = parse_list(p);
    if (!p->failed) {
        skip(p);
        if (!at_end(p)) unexpected(p);
    }
    return p->failed ? PARSE_ERROR : PARSE_COMMAND;
}

enum parse_result parse_next(struct node **command)
{
    struct parser p = {};
    *command = NULL;
    if (!fetch(&p)) return p.failed ? PARSE_ERROR : PARSE_END;
    return parse(&p, command);
}

enum parse_result parse_line(const WCHAR *line, struct node **command)
{
    struct parser p = {.fixed = true};
    if (!expand_percent(&p.line, line)) return PARSE_ERROR;
    text_add(&p.line, '\n');
    return parse(&p, command);
}

enum parse_result parse_simple(const WCHAR *line, struct node **command)
{
    struct parser p = {.fixed = true};
    struct node *node = *command = new_node(NODE_COMMAND);
    text_add_string(&p.line, line);
    text_add(&p.line, '\n');
    take_redirections(&p, node);
    struct text name = {};
    take_word(&p, &name, false);
    node->name = text_get(&name);
    take_arguments(&p, node);
    // An operator that would start another command makes nonsense of it.
    return p.failed || !at_end(&p) ? PARSE_ERROR : PARSE_COMMAND;
}
