// The table of internal commands, and what they do to ERRORLEVEL: some clear it when they succeed, some only
// in .cmd files, and a few never touch it.
#include "builtin.h"
#include "batch.h"
#include "output.h"
#include "shell.h"

enum {
    CLEARS = 1,        // ERRORLEVEL becomes 0 on success
    CLEARS_IN_CMD = 2, // the same, but in a .bat file or at the prompt it stays
    KEEPS = 4,         // stays on failure too; || sees the failure
    TEXT = 8,          // the arguments are text or another command's: /? asks for help only as the first word
};

#define ENTRY(name, flags, usage)                                                                            \
    {                                                                                                        \
        L## #name, command_##name, flags, usage                                                              \
    }
#define ALIAS(alias, name, flags, usage)                                                                     \
    {                                                                                                        \
        L## #alias, command_##name, flags, usage                                                             \
    }
static const struct builtin builtins[] = {
    ENTRY(assoc, CLEARS_IN_CMD, L"ASSOC [.extension[=[type]]]"),
    ENTRY(break, 0, L"BREAK [ON | OFF]: does nothing."),
    ENTRY(call, KEEPS | TEXT, L"CALL [drive:][path]file [parameters]\r\nCALL :label [arguments]"),
    ENTRY(cd, CLEARS, L"CD [/D] [drive:][path]"),
    ALIAS(chdir, cd, CLEARS, L"CHDIR [/D] [drive:][path]"),
    ENTRY(cls, 0, L"CLS: clears the screen."),
    ENTRY(color, CLEARS, L"COLOR [background and foreground, two hexadecimal digits]"),
    ENTRY(copy, CLEARS, L"COPY [/Y | /-Y] [/A | /B] source [+ source ...] [destination]"),
    ENTRY(date, CLEARS, L"DATE [/T]"),
    ENTRY(del, CLEARS, L"DEL [/P] [/F] [/S] [/Q] [/A[:]attributes] names"),
    ENTRY(dir, CLEARS,
          L"DIR [names] [/A[:]attributes] [/B] [/L] [/N] [/O[:]order] [/Q] [/S] [/T[:]time] [/W] [/X] [/-C]"),
    ENTRY(echo, TEXT, L"ECHO [ON | OFF]\r\nECHO [message]"),
    ENTRY(endlocal, 0, L"ENDLOCAL"),
    ALIAS(erase, del, CLEARS, L"ERASE [/P] [/F] [/S] [/Q] [/A[:]attributes] names"),
    ENTRY(exit, KEEPS, L"EXIT [/B] [code]"),
    ENTRY(ftype, CLEARS_IN_CMD, L"FTYPE [type[=[command]]]"),
    ENTRY(goto, 0, L"GOTO label\r\nGOTO :EOF"),
    ENTRY(md, CLEARS, L"MD [drive:]path"),
    ALIAS(mkdir, md, CLEARS, L"MKDIR [drive:]path"),
    ENTRY(mklink, CLEARS, L"MKLINK [[/D] | [/H] | [/J]] link target"),
    ENTRY(move, CLEARS, L"MOVE [/Y | /-Y] source destination"),
    ENTRY(path, CLEARS_IN_CMD, L"PATH [directory[;...]]\r\nPATH ;"),
    ENTRY(pause, 0, L"PAUSE: waits for a key."),
    ENTRY(popd, KEEPS, L"POPD"),
    ENTRY(prompt, CLEARS_IN_CMD | TEXT, L"PROMPT [text]"),
    ENTRY(pushd, CLEARS, L"PUSHD [path]"),
    ENTRY(rd, KEEPS, L"RD [/S] [/Q] [drive:]path"),
    ENTRY(ren, CLEARS, L"REN [drive:][path]name newname"),
    ALIAS(rename, ren, CLEARS, L"RENAME [drive:][path]name newname"),
    ALIAS(rmdir, rd, KEEPS, L"RMDIR [/S] [/Q] [drive:]path"),
    ENTRY(set, CLEARS_IN_CMD | TEXT,
          L"SET [variable=[value]]\r\nSET /P variable=[prompt]\r\nSET /A expression"),
    ENTRY(setlocal, CLEARS,
          L"SETLOCAL [ENABLEEXTENSIONS | DISABLEEXTENSIONS] [ENABLEDELAYEDEXPANSION | "
          L"DISABLEDELAYEDEXPANSION]"),
    ENTRY(shift, 0, L"SHIFT [/n]"),
    ENTRY(start, KEEPS | TEXT,
          L"START [\"title\"] [/D path] [/B] [/WAIT] [/MIN | /MAX] [/LOW | /NORMAL | /HIGH] program "
          L"[parameters]"),
    ENTRY(time, CLEARS, L"TIME [/T]"),
    ENTRY(title, TEXT, L"TITLE [text]"),
    ENTRY(type, CLEARS, L"TYPE names"),
    ENTRY(ver, CLEARS, L"VER"),
    ENTRY(verify, CLEARS, L"VERIFY [ON | OFF]"),
    ENTRY(vol, CLEARS, L"VOL [drive:]"),
};

const struct builtin *builtin_find(const WCHAR *name, size_t length)
{
    for (size_t i = 0; i < ARRAYSIZE(builtins); i++)
        if (same_word(name, length, builtins[i].name)) return &builtins[i];
    return NULL;
}

static bool is_question(const WCHAR *word)
{
    return word[0] == '/' && word[1] == '?' && (!word[2] || is_separator(word[2]));
}

// Whether the arguments ask what the command is for, outside quotation marks.
static bool asks_usage(const struct builtin *builtin, const WCHAR *arguments)
{
    bool quoted = false;
    if (is_question(skip_separators(arguments))) return true;
    for (; *arguments && !(builtin->flags & TEXT); arguments++) {
        if (*arguments == '"') quoted = !quoted;
        if (!quoted && is_question(arguments)) return true;
    }
    return false;
}

int builtin_run(const struct builtin *builtin, const WCHAR *arguments)
{
    if (asks_usage(builtin, arguments)) {
        print(L"%s\r\n", builtin->usage);
        shell.errorlevel = 0;
        return 0;
    }
    int result = builtin->run(arguments);
    bool clears = builtin->flags & CLEARS ||
                  (builtin->flags & CLEARS_IN_CMD && shell.batch && batch_is_cmd(shell.batch));
    if (result != 0 && !(builtin->flags & KEEPS))
        shell.errorlevel = result;
    else if (result == 0 && clears)
        shell.errorlevel = 0;
    return result;
}
