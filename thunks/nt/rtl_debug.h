// Text for a debugger from ntdll. Source: Microsoft's documentation of DbgPrintEx and its relatives (wdm.h).
#ifndef LOWLAND_NT_RTL_DEBUG_H
#define LOWLAND_NT_RTL_DEBUG_H

#include "nt.h"
#include <stdarg.h>

#define DPFLTR_ERROR_LEVEL   0
#define DPFLTR_WARNING_LEVEL 1
#define DPFLTR_TRACE_LEVEL   2
#define DPFLTR_INFO_LEVEL    3

ULONG __cdecl DbgPrintEx(ULONG component, ULONG level, PCSTR format, ...);
ULONG __cdecl DbgPrintReturnControlC(PCSTR format, ...);
ULONG NTAPI vDbgPrintEx(ULONG component, ULONG level, PCSTR format, va_list arguments);
ULONG NTAPI vDbgPrintExWithPrefix(PCSTR prefix, ULONG component, ULONG level, PCSTR format,
                                  va_list arguments);

NTSTATUS NTAPI DbgUiConvertStateChangeStructureEx(DBGUI_WAIT_STATE_CHANGE *change, DEBUG_EVENT *event);

#endif
