// FOR over words, files, directory trees and numbers; over lines it is in lines_loop.c.
#include "loop.h"
#include "execute.h"
#include "expand.h"
#include "find.h"
#include "output.h"
#include "print_node.h"
#include "prompt.h"
#include "variables.h"

// ECHO ON shows the body anew each time, with its variables replaced.
static void show_body(const struct node *body)
{
    struct text text = {};
    if (!shell.batch || !shell.echo) return;
    show_node(&text, body);
    if (!text.length) return;
    print(L"\r\n");
    prompt_show();
    print(L"%s\r\n", expand_for(text.data));
}

bool loop_run(struct loop *loop)
{
    struct mark mark = region_mark();
    show_body(loop->body);
    loop->result = execute(loop->body);
    region_release(mark);
    return shell.unwind == UNWIND_NONE;
}

static bool run_with(struct loop *loop, const WCHAR *value)
{
    loop->variables[0].value = value;
    return loop_run(loop);
}

static bool is_hidden(const WIN32_FIND_DATAW *data)
{
    return data->dwFileAttributes & (FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM);
}

// The entries that a pattern matches: files, or directories.
static bool run_matches(struct loop *loop, const WCHAR *pattern, bool directories)
{
    for (struct found *found = find_all(pattern); found; found = found->next) {
        bool directory = found->data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY;
        if (directory != directories || is_hidden(&found->data)) continue;
        if (!run_with(loop, found->path)) return false;
    }
    return true;
}

static void run_words(struct loop *loop, const WCHAR *set, bool directories)
{
    for (WCHAR *word; (word = next_word(&set));) {
        bool more =
            has_wildcards(word) ? run_matches(loop, strip_quotes(word), directories) : run_with(loop, word);
        if (!more) return;
    }
}

// In DIRECTORY each word in turn, then the same in the directories below.
static bool run_tree(struct loop *loop, const WCHAR *directory, const WCHAR *set, bool directories)
{
    struct mark mark = region_mark();
    const WCHAR *rest = set;
    bool more = !stack_is_low();
    for (WCHAR *word; more && (word = next_word(&rest));) {
        WCHAR *path = join_path(directory, strip_quotes(word));
        more = has_wildcards(word) ? run_matches(loop, path, directories) : run_with(loop, path);
    }
    struct found *below = more ? find_all(join_path(directory, L"*")) : NULL;
    for (; more && below; below = below->next)
        if (below->data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY &&
            !(below->data.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT))
            more = run_tree(loop, below->path, set, directories);
    region_release(mark);
    return more;
}

static void run_numbers(struct loop *loop, const WCHAR *set)
{
    int numbers[3] = {};
    WCHAR text[16];
    for (int i = 0; i < 3; i++) {
        WCHAR *word = next_word(&set);
        if (word) numbers[i] = (int)wcstol(word, NULL, 0);
    }
    for (long long n = numbers[0]; numbers[1] >= 0 ? n <= numbers[2] : n >= numbers[2]; n += numbers[1]) {
        _itow((int)n, text, 10);
        if (!run_with(loop, text)) return;
    }
}

static void run_kind(struct loop *loop, const struct for_clause *clause)
{
    const WCHAR *set = expand_late(clause->set);
    switch (clause->kind) {
    case FOR_WORDS: run_words(loop, set, false); break;
    case FOR_DIRECTORIES: run_words(loop, set, true); break;
    case FOR_TREE:
    case FOR_TREE_DIRECTORIES:
        run_tree(loop, absolute(clause->option ? whole_name(expand_late(clause->option)) : L"."), set,
                 clause->kind == FOR_TREE_DIRECTORIES);
        break;
    case FOR_NUMBERS: run_numbers(loop, set); break;
    case FOR_LINES: loop_lines(loop, clause, set); break;
    }
}

int execute_for(const struct node *node)
{
    struct mark mark = region_mark();
    struct loop loop = {.body = node->left};
    for (int i = 0; i < LOOP_VARIABLES; i++) {
        WCHAR name = node->loop.variable + i;
        loop.variables[i] =
            (struct for_variable){i ? &loop.variables[i - 1] : shell.for_variables, name, NULL};
    }
    struct for_variable *outer = shell.for_variables;
    shell.for_variables = &loop.variables[node->loop.kind == FOR_LINES ? LOOP_VARIABLES - 1 : 0];
    shell.for_depth++;
    run_kind(&loop, &node->loop);
    shell.for_depth--;
    shell.for_variables = outer;
    region_release(mark);
    return loop.result;
}
