// The internal commands. Each gets the rest of its line, expanded, from right behind its name, and returns 0
// or an error's code.
#ifndef CMD_BUILTIN_H
#define CMD_BUILTIN_H
#include "text.h"

struct builtin {
    const WCHAR *name;
    int (*run)(const WCHAR *arguments);
    unsigned flags;
    const WCHAR *usage; // for /?
};

// The internal command whose name is the first LENGTH characters of NAME, or NULL.
const struct builtin *builtin_find(const WCHAR *name, size_t length);
// Runs it, and sets ERRORLEVEL as that command does.
int builtin_run(const struct builtin *builtin, const WCHAR *arguments);

// "Microsoft Windows [Version ...]" without the line's end; in the region.
const WCHAR *version_text(void);

#define COMMAND(name) int command_##name(const WCHAR *arguments)
COMMAND(assoc);
COMMAND(break);
COMMAND(call);
COMMAND(cd);
COMMAND(cls);
COMMAND(color);
COMMAND(copy);
COMMAND(date);
COMMAND(del);
COMMAND(dir);
COMMAND(echo);
COMMAND(endlocal);
COMMAND(exit);
COMMAND(ftype);
COMMAND(goto);
COMMAND(md);
COMMAND(mklink);
COMMAND(move);
COMMAND(path);
COMMAND(pause);
COMMAND(popd);
COMMAND(prompt);
COMMAND(pushd);
COMMAND(rd);
COMMAND(ren);
COMMAND(set);
COMMAND(setlocal);
COMMAND(shift);
COMMAND(start);
COMMAND(time);
COMMAND(title);
COMMAND(type);
COMMAND(ver);
COMMAND(verify);
COMMAND(vol);
#undef COMMAND

#endif
