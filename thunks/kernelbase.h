// The boundary under kernelbase: the console, which on Windows is another process behind a device. Each call
// takes a console handle (STATUS_INVALID_HANDLE for any other) of the right end (STATUS_INVALID_HANDLE too)
// and rights. Coordinates are of the visible window, whose top left is 0,0. Text is UTF-16; lengths of it are
// in bytes.
#include "define.h"
#include "nt/nt.h"

INTERFACE(kernelbase, 1)

// ---- both ends: dlls/kernelbase/unix/console.c ----
CALL NTSTATUS ConsoleGetMode(HANDLE console, OUT ULONG *mode);
CALL NTSTATUS ConsoleSetMode(HANDLE console, ULONG mode);
// The code page of bytes read and written. STATUS_INVALID_PARAMETER when there are no tables for it.
CALL ULONG ConsoleGetCodePage(BOOLEAN output);
CALL NTSTATUS ConsoleSetCodePage(BOOLEAN output, ULONG code_page);
// Whether the process has a console: its own standard handles, or a controlling terminal.
CALL BOOLEAN ConsoleExists(void);
CALL NTSTATUS ConsoleSetTitle(IN_BYTES(length) const WCHAR *title, ULONG length);
// *units: the title's whole length, without a NUL; none is written.
CALL NTSTATUS ConsoleGetTitle(OUT_BYTES(length) WCHAR *title, ULONG length, OUT ULONG *units);

// ---- input: console_input.c ----
// A line, or with line input off whatever there is; waits. *read is in bytes. exe: the program whose aliases and
// history are used. control: a text to begin with, keys that end the call at once.
CALL NTSTATUS ConsoleRead(HANDLE console, OUT_BYTES(length) WCHAR *buffer, ULONG length, OUT ULONG *read,
                          IN_BYTES(exe_length) const WCHAR *exe, ULONG exe_length,
                          OPT INOUT CONSOLE_READCONSOLE_CONTROL *control);
// Input records. Without peek it waits for the first and takes what it gives; with peek, neither.
CALL NTSTATUS ConsoleReadInput(HANDLE console, GPTR INPUT_RECORD *records, ULONG count, BOOLEAN peek,
                               OUT ULONG *read);
CALL NTSTATUS ConsoleWriteInput(HANDLE console, GPTR INPUT_RECORD *records, ULONG count, OUT ULONG *written);
CALL NTSTATUS ConsoleGetInputCount(HANDLE console, OUT ULONG *count);
CALL NTSTATUS ConsoleFlushInput(HANDLE console);

// ---- output: console.c, console_screen.c ----
CALL NTSTATUS ConsoleWrite(HANDLE console, IN_BYTES(length) const WCHAR *text, ULONG length,
                           OUT_ALWAYS ULONG *written);
CALL NTSTATUS ConsoleGetScreenInfo(HANDLE console, OUT CONSOLE_SCREEN_BUFFER_INFO *info);
CALL NTSTATUS ConsoleSetCursorPosition(HANDLE console, LONG x, LONG y);
CALL NTSTATUS ConsoleGetCursorInfo(HANDLE console, OUT CONSOLE_CURSOR_INFO *info);
CALL NTSTATUS ConsoleSetCursorInfo(HANDLE console, IN CONSOLE_CURSOR_INFO *info);
CALL NTSTATUS ConsoleSetAttribute(HANDLE console, ULONG attribute);
// Cells of a rectangle, row by row.
CALL NTSTATUS ConsoleWriteCells(HANDLE console, GPTR CHAR_INFO *cells, ULONG columns, ULONG rows, LONG x,
                                LONG y);
// One part of count cells (1: characters, 2: attributes, two bytes each), from x,y on line after line. What
// lies behind the buffer's end isn't counted in *done. A terminal can't be read: STATUS_NOT_SUPPORTED.
CALL NTSTATUS ConsoleReadRun(HANDLE console, ULONG part, GPTR WORD *values, ULONG count, LONG x, LONG y,
                             OUT_ALWAYS ULONG *done);
CALL NTSTATUS ConsoleWriteRun(HANDLE console, ULONG part, GPTR WORD *values, ULONG count, LONG x, LONG y,
                              OUT_ALWAYS ULONG *done);
CALL NTSTATUS ConsoleFillRun(HANDLE console, ULONG part, ULONG value, ULONG count, LONG x, LONG y,
                             OUT_ALWAYS ULONG *done);
// Cells of a rectangle that lies inside the buffer, row by row.
CALL NTSTATUS ConsoleReadCells(HANDLE console, GPTR CHAR_INFO *cells, ULONG columns, ULONG rows, LONG x,
                               LONG y);
// Moves a rectangle so that its top left comes to x,y, inside clip only. A terminal moves whole lines
// (STATUS_NOT_SUPPORTED).
CALL NTSTATUS ConsoleMoveCells(HANDLE console, IN SMALL_RECT *region, OPT IN SMALL_RECT *clip, LONG x, LONG y,
                               IN CHAR_INFO *blank);
CALL NTSTATUS ConsoleGetScreenInfoEx(HANDLE console, OUT CONSOLE_SCREEN_BUFFER_INFOEX *info);
CALL NTSTATUS ConsoleSetScreenInfoEx(HANDLE console, IN CONSOLE_SCREEN_BUFFER_INFOEX *info);
// A terminal's size and window stay: STATUS_INVALID_PARAMETER for others.
CALL NTSTATUS ConsoleSetBufferSize(HANDLE console, LONG columns, LONG rows);
CALL NTSTATUS ConsoleSetWindow(HANDLE console, IN SMALL_RECT *window);

// ---- attaching: console_attach.c ----
// The process's reference to its console is ConsoleHandle of its parameters; group is the one whose control
// events it gets. ConsoleStart takes a reference that its creator gave it: STATUS_INVALID_HANDLE if it is none.
CALL NTSTATUS ConsoleStart(HANDLE reference, ULONG group);
// The terminal, or without one a console in memory; with a window or without, and that shown or hidden.
// STATUS_ACCESS_DENIED when the process has a console.
CALL NTSTATUS ConsoleAllocate(ULONG group, BOOLEAN window, BOOLEAN shown, OUT HANDLE *reference);
// That of another process. STATUS_INVALID_HANDLE: it has none; STATUS_INVALID_PARAMETER: there is none such.
CALL NTSTATUS ConsoleAttach(ULONG process, ULONG group, OUT HANDLE *reference);
// STATUS_INVALID_PARAMETER when it has none.
CALL NTSTATUS ConsoleFree(void);
// The processes attached; nothing is written when they don't fit.
CALL NTSTATUS ConsoleProcesses(GPTR ULONG *list, ULONG max, OUT ULONG *count);
// A control event for a group's processes (0: all of the console). *own: whether this process is one, which is
// left to it.
CALL NTSTATUS ConsoleSendEvent(ULONG event, ULONG group, OUT ULONG *own);

// ---- screen buffers: console_memory.c ----
// A further screen buffer, with attributes and window of the active one.
CALL NTSTATUS ConsoleCreateBuffer(ULONG access, BOOLEAN inherit, OUT HANDLE *console);
CALL NTSTATUS ConsoleSetActiveBuffer(HANDLE console);

// ---- pseudo-consoles: console_pseudo.c ----
// A console in memory that the calling process feeds and shows. *reference holds it, and its children get it as
// their ConsoleHandle.
CALL NTSTATUS ConsoleCreatePseudo(LONG columns, LONG rows, OUT HANDLE *reference);
// What a terminal would send.
CALL NTSTATUS ConsoleFeedPseudo(HANDLE reference, IN_BYTES(length) const void *bytes, ULONG length);
// What a terminal would get; waits for some. *shown is 0 once nobody can write any more.
CALL NTSTATUS ConsoleShowPseudo(HANDLE reference, OUT_BYTES(length) void *bytes, ULONG length, OUT ULONG *shown);
CALL NTSTATUS ConsoleResizePseudo(HANDLE reference, LONG columns, LONG rows);
// Ends the processes of the console, as the closing of a window does.
CALL NTSTATUS ConsoleClosePseudo(HANDLE reference);

// ---- what USER knows: console_window.c, console_font.c ----
// The console's window, 0 when it has none.
CALL ULONG ConsoleGetWindow(void);
// The font that all of the console's screen buffers have, by a handle of one.
CALL NTSTATUS ConsoleGetFont(HANDLE console, OUT CONSOLE_FONT_INFOEX *font);
CALL NTSTATUS ConsoleSetFont(HANDLE console, IN CONSOLE_FONT_INFOEX *font);

// ---- words that stand for others: console_alias.c ----
// What a program (exe) that reads lines has them begin with, and what stands for it. No target: takes it away.
CALL NTSTATUS ConsoleSetAlias(IN_BYTES(exe_length) const WCHAR *exe, ULONG exe_length,
                              IN_BYTES(source_length) const WCHAR *source, ULONG source_length,
                              IN_BYTES(target_length) const WCHAR *target, ULONG target_length);
// *needed: the target's length in bytes with its NUL. STATUS_UNSUCCESSFUL: there is none;
// STATUS_BUFFER_TOO_SMALL: nothing was written.
CALL NTSTATUS ConsoleGetAlias(IN_BYTES(exe_length) const WCHAR *exe, ULONG exe_length,
                              IN_BYTES(source_length) const WCHAR *source, ULONG source_length,
                              OUT_BYTES(length) WCHAR *target, ULONG length, OUT_ALWAYS ULONG *needed);
// All of a program, each "source=target" with a NUL. *needed and STATUS_BUFFER_TOO_SMALL as above.
CALL NTSTATUS ConsoleListAliases(IN_BYTES(exe_length) const WCHAR *exe, ULONG exe_length,
                                 OUT_BYTES(length) WCHAR *list, ULONG length, OUT_ALWAYS ULONG *needed);
// The programs that have some, each with a NUL.
CALL NTSTATUS ConsoleListAliasExes(OUT_BYTES(length) WCHAR *list, ULONG length, OUT_ALWAYS ULONG *needed);

// ---- lines that were typed: console_history.c ----
// A program's lines, the oldest first, each with a NUL. *needed and STATUS_BUFFER_TOO_SMALL as above.
CALL NTSTATUS ConsoleListHistory(IN_BYTES(exe_length) const WCHAR *exe, ULONG exe_length,
                                 OUT_BYTES(length) WCHAR *list, ULONG length, OUT_ALWAYS ULONG *needed);
CALL NTSTATUS ConsoleExpungeHistory(IN_BYTES(exe_length) const WCHAR *exe, ULONG exe_length);
// How many lines of a program are kept.
CALL NTSTATUS ConsoleSetHistorySize(IN_BYTES(exe_length) const WCHAR *exe, ULONG exe_length, ULONG lines);
CALL NTSTATUS ConsoleGetHistoryInfo(OUT CONSOLE_HISTORY_INFO *info);
CALL NTSTATUS ConsoleSetHistoryInfo(IN CONSOLE_HISTORY_INFO *info);

TYPE(INPUT_RECORD)
TYPE(CHAR_INFO)
TYPE(COORD)
TYPE(SMALL_RECT)
