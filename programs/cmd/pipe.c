// Pipes: both sides are processes, programs directly and everything else in interpreters of their own.
#include "builtin.h"
#include "execute.h"
#include "expand.h"
#include "launch.h"
#include "output.h"
#include "print_node.h"
#include "redirect.h"
#include "shell.h"

// The program that a side names without more ado (no redirection, no internal command), or NULL.
static WCHAR *program_of(const struct node *node, const WCHAR *line)
{
    if (node->kind != NODE_COMMAND || node->redirections) return NULL;
    const WCHAR *rest = line, *word = next_word(&rest);
    if (!word || word[0] == '(' || same_text(word, L"if")) return NULL;
    size_t length = wcscspn(word, L"+/[]\\.:(\"");
    if (builtin_find(word, length) || (word[1] == ':' && !word[2]) || word[0] == ':') return NULL;
    WCHAR *path = find_program(word);
    return path && !is_batch_file(path) ? path : NULL;
}

// What can neither be an internal command nor is found ends all, as nothing could come through the pipe.
static bool is_lost(const struct node *node, const WCHAR *line)
{
    if (node->kind != NODE_COMMAND) return false;
    const WCHAR *word = next_word(&line);
    if (!word || word[0] == ':' || (word[1] == ':' && !word[2])) return false;
    if (builtin_find(word, wcscspn(word, L"+/[]\\.:(\""))) return false;
    return find_program(word) == NULL;
}

static HANDLE start_side(const struct node *node, HANDLE input, HANDLE output)
{
    HANDLE standard[3] = {input, output, shell.handles[2]};
    struct text line = {};
    write_node(&line, node);
    // A simple command is expanded here; a block is the other interpreter's to expand, but for FOR's
    // variables.
    const WCHAR *text = node->kind == NODE_COMMAND ? expand_late(line.data) : expand_for(line.data);
    WCHAR *path = program_of(node, text);
    if (!path && is_lost(node, text)) {
        const WCHAR *rest = text;
        launch(next_word(&rest), L"", false);
        shell.unwind = UNWIND_EXIT;
        shell.exit_code = 255;
        return NULL;
    }
    HANDLE process = path ? start_process(path, text, standard, 0, NULL)
                          : start_process(own_path(), interpreter_line(text), standard, 0, NULL);
    if (!process) complain_error(GetLastError());
    return process;
}

int execute_pipe(const struct node *node)
{
    enum { SIDES = 64 }; // no handle array is longer
    HANDLE processes[SIDES], input = shell.handles[0], ours, theirs;
    int count = 0, result = 1;
    struct mark mark = region_mark();
    for (;; node = node->right) {
        bool last = node->kind != NODE_PIPE || count == SIDES - 1;
        const struct node *side = node->kind == NODE_PIPE && !last ? node->left : node;
        ours = theirs = NULL;
        if (!last && !CreatePipe(&ours, &theirs, NULL, 0)) complain_error(GetLastError());
        processes[count] = start_side(side, input, last ? shell.handles[1] : theirs);
        if (theirs) CloseHandle(theirs);
        if (input != shell.handles[0]) CloseHandle(input);
        input = ours;
        if (processes[count]) count++;
        if (last || !ours || shell.unwind != UNWIND_NONE) break;
    }
    if (ours) CloseHandle(ours);
    // The last side's code counts.
    for (int i = 0; i < count; i++) result = wait_for(processes[i]);
    region_release(mark);
    if (shell.unwind == UNWIND_NONE) shell.errorlevel = result;
    return result;
}
