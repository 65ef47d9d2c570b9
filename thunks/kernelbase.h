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
// A line, or with line input off whatever there is; waits. *read is in bytes.
CALL NTSTATUS ConsoleRead(HANDLE console, OUT_BYTES(length) WCHAR *buffer, ULONG length, OUT ULONG *read);
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
// length cells from x,y on get character (0: blanks) and attribute. *filled is in cells.
CALL NTSTATUS ConsoleFill(HANDLE console, ULONG character, ULONG attribute, ULONG length, LONG x, LONG y,
                          OUT ULONG *filled);
// Cells of a rectangle, row by row.
CALL NTSTATUS ConsoleWriteCells(HANDLE console, GPTR CHAR_INFO *cells, ULONG columns, ULONG rows, LONG x,
                                LONG y);
// Moves whole lines of the window up (negative) or down; lines that come free get the attribute.
CALL NTSTATUS ConsoleScroll(HANDLE console, LONG top, LONG bottom, LONG lines, ULONG attribute);

TYPE(INPUT_RECORD)
TYPE(CHAR_INFO)
TYPE(COORD)
TYPE(SMALL_RECT)
