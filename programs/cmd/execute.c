// Running commands: operators, blocks, redirections, and finding out what a simple command names.
#include "execute.h"
#include "batch.h"
#include "builtin.h"
#include "directory.h"
#include "expand.h"
#include "interrupt.h"
#include "launch.h"
#include "output.h"
#include "print_node.h"
#include "prompt.h"
#include "redirect.h"
#include "shell.h"

// ---- simple commands ----

static size_t word_length(const WCHAR *text)
{
    bool quoted = false;
    size_t n = 0;
    for (; text[n] && (quoted || !is_separator(text[n])); n++)
        if (text[n] == '"') quoted = !quoted;
    return n;
}

// The internal command that a word begins with, and the length of its name. A word like "echo.exe" or
// "cd\x.bat" may be a program, which goes first.
static const struct builtin *builtin_of(const WCHAR *word, size_t length, size_t *name_length)
{
    size_t n = wcscspn(word, L"+/[]\\.:(\"");
    *name_length = n < length ? n : length;
    const struct builtin *builtin = builtin_find(word, *name_length);
    if (!builtin || n >= length || !wcschr(L".\\:", word[n])) return builtin;
    return find_program(region_copy(word, length)) ? NULL : builtin;
}

// One simple command, expanded: the words as typed. CALLED: by CALL.
static int execute_command(const WCHAR *line, bool called)
{
    size_t name_length;
    line = skip_separators(line);
    size_t length = word_length(line);
    if (!length) return 0;
    // A drive's name; other words behind it don't count.
    if (length == 2 && line[1] == ':' && line[0] != '"' && line[0] != ':')
        return change_drive(line[0], called);
    const struct builtin *builtin = builtin_of(line, length, &name_length);
    // CALL is for programs first, and clears ERRORLEVEL for internal commands.
    if (builtin && !(called && find_program(region_copy(line, length)))) {
        if (called) shell.errorlevel = 0;
        return builtin_run(builtin, line + name_length);
    }
    return launch(region_copy(line, length), line + length, called);
}

static int execute_simple(const struct node *node)
{
    struct mark mark = region_mark();
    struct text line = {};
    text_add_string(&line, expand_late(node->name));
    text_add_string(&line, expand_late(node->arguments));
    int result = execute_command(text_get(&line), false);
    region_release(mark);
    return result;
}

// CALL replaces percent signs once more, and a label or batch file comes back to what follows. Carets double,
// since they are resolved once more too.
static int call_line(const WCHAR *arguments)
{
    struct text again = {}, doubled = {}, line = {};
    struct node *node;
    struct saved_handles saved;
    if (!expand_percent(&again, arguments)) {
        shell.unwind = UNWIND_ABORT;
        return 1;
    }
    for (const WCHAR *p = text_get(&again); *p; p++) {
        if (*p == '^') text_add(&doubled, '^');
        text_add(&doubled, *p);
    }
    if (parse_simple(text_get(&doubled), &node) == PARSE_ERROR) return 1;
    text_add_string(&line, node->name);
    text_add_string(&line, node->arguments);
    if (!redirect(node->redirections, &saved)) return 1;
    int result = 0;
    const WCHAR *words = skip_separators(text_get(&line));
    if (*words == '(') {
        // What blocks and IF and FOR begin is not for CALL; the first is passed over.
    } else if (same_text(node->name, L"if") || same_text(node->name, L"for")) {
        complain(MESSAGE_SYNTAX);
        result = shell.errorlevel = 1;
    } else if (*words != ':') {
        result = execute_command(words, true);
    } else if (!shell.batch) {
        complain(L"Invalid attempt to call batch label outside of batch script.");
        result = shell.errorlevel = 1;
    } else {
        size_t length = word_length(words);
        result = batch_call_label(region_copy(words, length), words + length);
        if (!result) result = shell.errorlevel;
    }
    redirect_undo(&saved);
    return result;
}

int command_call(const WCHAR *arguments)
{
    // Alone it fails, and with a blank it succeeds: scripts set ERRORLEVEL by that.
    if (!*skip_separators(arguments)) return shell.errorlevel = !*arguments;
    return call_line(arguments);
}

// ---- operators ----

static int execute_pair(const struct node *node)
{
    int result = execute(node->left);
    if (shell.unwind != UNWIND_NONE) return result;
    switch (node->kind) {
    case NODE_AND: return result ? result : execute(node->right);
    case NODE_OR:
        if (!result) return 0;
        shell.errorlevel = result;
        return execute(node->right);
    default: return execute(node->right);
    }
}

static int execute_kind(const struct node *node)
{
    switch (node->kind) {
    case NODE_COMMAND: return execute_simple(node);
    case NODE_REMARK: return 0;
    case NODE_BLOCK: return execute(node->left);
    case NODE_IF: return execute_if(node);
    case NODE_FOR: return execute_for(node);
    case NODE_PIPE: return execute_pipe(node);
    default: return execute_pair(node);
    }
}

int execute(const struct node *node)
{
    struct saved_handles saved;
    if (interrupt_pending() && !interrupt_ask()) return 1;
    if (!node->redirections) return execute_kind(node);
    if (!redirect(node->redirections, &saved)) return 1;
    int result = execute_kind(node);
    redirect_undo(&saved);
    return result;
}

// ---- lines ----

static void show(const struct node *node)
{
    struct text text = {};
    show_node(&text, node);
    if (!text.length) return;
    print(L"\r\n");
    prompt_show();
    write_part(1, text.data, text.length);
    print(L"\r\n");
}

bool execute_next(int *result)
{
    struct node *node;
    switch (parse_next(&node)) {
    case PARSE_END: return false;
    case PARSE_NOTHING: return true;
    case PARSE_ERROR:
        shell.errorlevel = *result = shell.batch ? 255 : 1;
        if (shell.batch) shell.unwind = UNWIND_ABORT;
        return true;
    case PARSE_COMMAND: break;
    }
    if (shell.batch && shell.echo) show(node);
    *result = execute(node);
    return true;
}

int execute_line(const WCHAR *line)
{
    struct node *node;
    switch (parse_line(line, &node)) {
    case PARSE_COMMAND: return execute(node);
    case PARSE_ERROR: return shell.errorlevel = 1;
    default: return 0;
    }
}

int command_exit(const WCHAR *arguments)
{
    WCHAR *word = next_word(&arguments);
    bool batch_only = word && same_text(word, L"/b");
    if (batch_only) word = next_word(&arguments);
    int code = word ? (int)wcstol(word, NULL, 10) : shell.errorlevel;
    if (batch_only && shell.batch) {
        shell.unwind = UNWIND_BATCH;
        return shell.errorlevel = code;
    }
    shell.unwind = UNWIND_EXIT;
    return shell.errorlevel = shell.exit_code = code;
}
