// The syntax of command lines.
#ifndef CMD_PARSE_H
#define CMD_PARSE_H
#include "text.h"

enum redirect_kind { REDIRECT_INPUT, REDIRECT_OUTPUT, REDIRECT_APPEND, REDIRECT_DUPLICATE };

struct redirection {
    struct redirection *next;
    enum redirect_kind kind;
    int handle;
    const WCHAR *target; // the file's name; of DUPLICATE a handle's digit
};

enum node_kind {
    NODE_COMMAND,
    NODE_REMARK,
    NODE_BLOCK, // ( left )
    NODE_IF,
    NODE_FOR,
    NODE_LINES,    // left, newline, right
    NODE_SEQUENCE, // left & right
    NODE_OR,
    NODE_AND,
    NODE_PIPE,
};

// Of IF: a unary question about first, or a comparison.
struct condition {
    bool ignore_case, negated;
    const WCHAR *operation; // "exist", "==", "LSS", ...
    const WCHAR *first, *second;
};

enum for_kind { FOR_WORDS, FOR_DIRECTORIES, FOR_TREE, FOR_TREE_DIRECTORIES, FOR_NUMBERS, FOR_LINES };

struct for_clause {
    enum for_kind kind;
    const WCHAR *option; // the root of /R, the options of /F, or NULL
    WCHAR variable;
    const WCHAR *set;
};

struct node {
    enum node_kind kind;
    bool quiet; // begins with @
    bool multiline;
    struct redirection *redirections;
    const WCHAR *name, *arguments; // of a command or remark: as typed, after carets
    struct condition condition;
    struct for_clause loop;
    struct node *left, *right; // of IF: what follows, and ELSE's; of FOR: left is the body
};

enum parse_result { PARSE_COMMAND, PARSE_NOTHING, PARSE_END, PARSE_ERROR };

// Parses the next command, of as many lines as it takes, from the innermost batch file or the prompt. An
// error was said on standard error.
enum parse_result parse_next(struct node **command);
// The same of one given line (of /C, and what CALL makes).
enum parse_result parse_line(const WCHAR *line, struct node **command);
// A simple command without operators; carets and redirections count.
enum parse_result parse_simple(const WCHAR *line, struct node **command);

#endif
