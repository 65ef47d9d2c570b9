// What shlwapi's files share. Most of what the DLL exports is in kernelbase.
#ifndef LOWLAND_SHLWAPI_LOCAL_H
#define LOWLAND_SHLWAPI_LOCAL_H

#include "nt/nt.h"
#include <shlwapi.h>
#include <stdbool.h>
#include <string.h>

// kernelbase's; shlwapi.h lacks them.
char *WINAPI StrCpyNXA(char *text, const char *from, int size);
WCHAR *WINAPI StrCpyNXW(WCHAR *text, const WCHAR *from, int size);

static inline SIZE_T wide_length(const WCHAR *text)
{
    SIZE_T n = 0;
    while (text[n]) n++;
    return n;
}

// An ANSI text as a wide one in a buffer of size characters. False when it doesn't fit.
static inline bool widen(WCHAR *out, int size, const char *text)
{
    return MultiByteToWideChar(CP_ACP, 0, text, -1, out, size) != 0;
}

// And the other way round; the buffer is empty when it doesn't fit.
static inline bool narrow(char *out, UINT size, const WCHAR *text)
{
    if (WideCharToMultiByte(CP_ACP, 0, text, -1, out, (int)size, NULL, NULL)) return true;
    if (size) *out = 0;
    return false;
}

static inline HANDLE process_heap(void)
{
    return RtlGetCurrentPeb()->ProcessHeap;
}

// A text as a wide one from the process heap; NULL for NULL or without memory.
WCHAR *wide_copy(const char *text);

#endif
