// Batch files and subroutines: running them, finding labels, parameters, SHIFT, GOTO, SETLOCAL and ENDLOCAL.
#include "batch.h"
#include "builtin.h"
#include "execute.h"
#include "lines.h"
#include "output.h"
#include "shell.h"
#include "variables.h"
#include <stdlib.h>

struct local {
    struct local *outer;
    struct environment_copy *environment;
    WCHAR *directory; // heap
    bool extensions, delayed;
};

enum { LOCALS_MAX = 32 };

struct batch {
    struct batch *outer;
    const WCHAR *path, *name, *all; // in the region of the caller
    WCHAR **arguments;              // [0] is the name
    int count;
    ULONGLONG position;
    bool ended;
    struct local *locals;
    int local_count;
};

// ---- parameters ----

const WCHAR *batch_argument(const struct batch *batch, int index)
{
    return index < batch->count ? batch->arguments[index] : L"";
}

const WCHAR *batch_all_arguments(const struct batch *batch)
{
    return batch->all;
}

const WCHAR *batch_path(const struct batch *batch)
{
    return batch->path;
}

bool batch_is_cmd(const struct batch *batch)
{
    size_t length = wcslen(batch->path);
    return length >= 4 && same_text(batch->path + length - 4, L".cmd");
}

static void set_arguments(struct batch *batch, const WCHAR *name, const WCHAR *line)
{
    const WCHAR *p = line;
    int count = 1;
    while (next_word(&p)) count++;
    batch->arguments = region_take(count * sizeof(WCHAR *));
    batch->arguments[0] = region_copy(name, wcslen(name));
    p = line;
    for (int i = 1; i < count; i++) batch->arguments[i] = next_word(&p);
    batch->count = count;
    line = skip_separators(line);
    batch->all = region_copy(line, wcslen(line));
}

int command_shift(const WCHAR *arguments)
{
    struct batch *batch = shell.batch;
    int from = 0;
    WCHAR *word = next_word(&arguments);
    if (word && (word[0] != '/' || !is_digit(word[1]) || word[2] || word[1] == '9')) {
        complain(L"Invalid parameter to SHIFT command");
        return 1;
    }
    if (!batch) return 0;
    if (word) from = word[1] - '0';
    for (int i = from; i + 1 < batch->count; i++) batch->arguments[i] = batch->arguments[i + 1];
    if (from < batch->count) batch->count--;
    return 0;
}

// ---- lines and labels ----

bool batch_line(struct batch *batch, struct text *line)
{
    DWORD error;
    if (batch->ended) return false;
    if (line_from_file(line, batch->path, &batch->position, &error)) return true;
    batch->ended = true;
    if (error) {
        complain(L"The batch file cannot be found.");
        shell.errorlevel = 1;
    }
    return false;
}

void batch_end(struct batch *batch)
{
    batch->ended = true;
}

static bool ends_label(WCHAR c)
{
    return !c || c == '\n' || c == ':' || c == '+' || is_separator(c) || c == '&' || c == '|' || c == '<' ||
           c == '>';
}

static size_t label_length(const WCHAR *label)
{
    size_t n = 0;
    while (!ends_label(label[n])) n++;
    return n;
}

// Whether a line is the label.
static bool is_label(const WCHAR *line, const WCHAR *label, size_t length)
{
    while (is_separator(*line) || *line == '@') line++;
    if (*line != ':') return false;
    line = skip_separators(line + 1);
    return label_length(line) == length && _wcsnicmp(line, label, length) == 0;
}

// Looks from FROM up to TO (0: the end) for the label: the position behind its line.
static bool find_label(const struct batch *batch, const WCHAR *label, size_t length, ULONGLONG from,
                       ULONGLONG to, ULONGLONG *found)
{
    for (bool more = true; more && (!to || from < to);) {
        struct mark mark = region_mark();
        struct text line = {};
        DWORD error;
        more = line_from_file(&line, batch->path, &from, &error);
        bool here = more && is_label(line.data, label, length);
        region_release(mark);
        *found = from;
        if (here) return true;
    }
    return false;
}

// The label that a GOTO or CALL names, without its colon.
static const WCHAR *label_name(const WCHAR *text, size_t *length)
{
    text = skip_separators(text);
    if (*text == ':') text = skip_separators(text + 1);
    *length = label_length(text);
    return text;
}

// Labels are looked for from here to the end, then from the start.
static bool jump(struct batch *batch, const WCHAR *text)
{
    size_t length;
    const WCHAR *label = label_name(text, &length);
    ULONGLONG found;
    if (length && (find_label(batch, label, length, batch->position, 0, &found) ||
                   (batch->position && find_label(batch, label, length, 0, batch->position, &found)))) {
        batch->position = found;
        return true;
    }
    complain(L"The system cannot find the batch label specified - %.*s", (int)length, label);
    return false;
}

int command_goto(const WCHAR *arguments)
{
    const WCHAR *label = skip_separators(arguments);
    if (!shell.batch) return 0;
    if (shell.extensions && *label == ':' && _wcsnicmp(label + 1, L"eof", 3) == 0 && ends_label(label[4])) {
        shell.unwind = UNWIND_BATCH;
        return 0;
    }
    if (jump(shell.batch, label)) {
        shell.unwind = UNWIND_GOTO;
        return 0;
    }
    // The rest of the line still runs.
    batch_end(shell.batch);
    return 1;
}

// ---- SETLOCAL ----

static void end_local(struct batch *batch)
{
    struct local *local = batch->locals;
    environment_restore(local->environment);
    SetCurrentDirectoryW(local->directory);
    shell.extensions = local->extensions;
    shell.delayed = local->delayed;
    batch->locals = local->outer;
    batch->local_count--;
    free(local->directory);
    free(local);
}

static bool set_option(const WCHAR *word, bool *extensions, bool *delayed)
{
    if (same_text(word, L"enableextensions"))
        *extensions = true;
    else if (same_text(word, L"disableextensions"))
        *extensions = false;
    else if (same_text(word, L"enabledelayedexpansion"))
        *delayed = true;
    else if (same_text(word, L"disabledelayedexpansion"))
        *delayed = false;
    else
        return false;
    return true;
}

int command_setlocal(const WCHAR *arguments)
{
    struct batch *batch = shell.batch;
    bool extensions = shell.extensions, delayed = shell.delayed;
    for (WCHAR *word; (word = next_word(&arguments));)
        if (!set_option(word, &extensions, &delayed)) {
            complain(L"Invalid parameter to SETLOCAL command");
            return 1;
        }
    if (!batch) return 0;
    if (batch->local_count == LOCALS_MAX) {
        complain(L"Maximum setlocal recursion level reached.");
        shell.unwind = UNWIND_ABORT;
        return 1;
    }
    struct local *local = heap_take(sizeof(*local));
    *local = (struct local){batch->locals, environment_save(), heap_copy(current_directory()),
                            shell.extensions, shell.delayed};
    batch->locals = local;
    batch->local_count++;
    shell.extensions = extensions;
    shell.delayed = delayed;
    return 0;
}

int command_endlocal(const WCHAR *arguments)
{
    (void)arguments;
    if (shell.batch && shell.batch->locals) end_local(shell.batch);
    return 0;
}

// ---- running ----

// Commands up to the end, in a context of their own: FOR variables of the caller don't reach in.
static int run(struct batch *batch)
{
    int result = 0, depth = shell.for_depth;
    if (stack_is_low_for_batch()) {
        complain(L"The batch files and subroutines are nested too deep: batch processing ends.");
        shell.unwind = UNWIND_ABORT;
        return 1;
    }
    batch->outer = shell.batch;
    shell.batch = batch;
    shell.for_depth = 0;
    while (!batch->ended && (shell.unwind == UNWIND_NONE)) {
        struct mark mark = region_mark();
        execute_next(&result);
        region_release(mark);
        if (shell.unwind == UNWIND_GOTO) shell.unwind = UNWIND_NONE;
    }
    if (shell.unwind == UNWIND_BATCH) shell.unwind = UNWIND_NONE;
    while (batch->locals) end_local(batch);
    shell.batch = batch->outer;
    shell.for_depth = depth;
    return result;
}

int batch_run(const WCHAR *path, const WCHAR *name, const WCHAR *arguments)
{
    struct mark mark = region_mark();
    struct batch batch = {.path = path};
    set_arguments(&batch, name, arguments);
    // At a prompt, ECHO OFF ends with the batch file.
    bool echo = shell.echo, top = !shell.batch;
    int result = run(&batch);
    if (top && shell.interactive) shell.echo = echo;
    region_release(mark);
    return result;
}

int batch_call_label(const WCHAR *label, const WCHAR *arguments)
{
    struct mark mark = region_mark();
    struct batch batch = {.path = shell.batch->path, .position = shell.batch->position};
    int result = 1;
    set_arguments(&batch, label, arguments);
    size_t length;
    const WCHAR *plain = label_name(label, &length);
    if (same_word(plain, length, L"eof"))
        result = 0;
    else if (jump(&batch, label))
        result = run(&batch);
    else
        shell.errorlevel = result;
    region_release(mark);
    return result;
}
