// Windows as ntdll sees it: mingw-w64's headers plus, in the part headers below, what those lack of NT.
// Guest code and the boundary's definitions include this and nothing else of Windows. Each part names the
// public sources of its facts; every layout that the 64-bit side relies on has asserted offsets.
#ifndef LOWLAND_NT_NT_H
#define LOWLAND_NT_NT_H

#ifndef _WIN32_WINNT
#define _WIN32_WINNT 0x0A00
#endif
#ifndef WINVER
#define WINVER 0x0A00
#endif
// The C functions are ours too: defined in one of our DLLs, imported by the others.
#define _CRTIMP
#define _SECIMP
#define WIN32_NO_STATUS
// COM, sockets, cryptography and the shell are included by who needs them: every source pays for what stands here.
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#include <winioctl.h>
#undef WIN32_LEAN_AND_MEAN
#undef WIN32_NO_STATUS
#include <ntstatus.h>

// winternl.h publishes these with most members "Reserved"; the parts below have them whole.
#define _PEB                         _WINTERNL_PEB
#define PEB                          WINTERNL_PEB
#define PPEB                         WINTERNL_PPEB
#define _TEB                         _WINTERNL_TEB
#define TEB                          WINTERNL_TEB
#define PTEB                         WINTERNL_PTEB
#define _PEB_LDR_DATA                _WINTERNL_PEB_LDR_DATA
#define PEB_LDR_DATA                 WINTERNL_PEB_LDR_DATA
#define PPEB_LDR_DATA                WINTERNL_PPEB_LDR_DATA
#define _LDR_DATA_TABLE_ENTRY        _WINTERNL_LDR_DATA_TABLE_ENTRY
#define LDR_DATA_TABLE_ENTRY         WINTERNL_LDR_DATA_TABLE_ENTRY
#define PLDR_DATA_TABLE_ENTRY        WINTERNL_PLDR_DATA_TABLE_ENTRY
#define _RTL_USER_PROCESS_PARAMETERS _WINTERNL_RTL_USER_PROCESS_PARAMETERS
#define RTL_USER_PROCESS_PARAMETERS  WINTERNL_RTL_USER_PROCESS_PARAMETERS
#define PRTL_USER_PROCESS_PARAMETERS WINTERNL_PRTL_USER_PROCESS_PARAMETERS
#define _PROCESS_BASIC_INFORMATION   _WINTERNL_PROCESS_BASIC_INFORMATION
#define PROCESS_BASIC_INFORMATION    WINTERNL_PROCESS_BASIC_INFORMATION
#define PPROCESS_BASIC_INFORMATION   WINTERNL_PPROCESS_BASIC_INFORMATION
#define RtlFreeHeap                  WINTERNL_RtlFreeHeap
#include <winternl.h>
#undef RtlFreeHeap
#undef _PEB
#undef PEB
#undef PPEB
#undef _TEB
#undef TEB
#undef PTEB
#undef _PEB_LDR_DATA
#undef PEB_LDR_DATA
#undef PPEB_LDR_DATA
#undef _LDR_DATA_TABLE_ENTRY
#undef LDR_DATA_TABLE_ENTRY
#undef PLDR_DATA_TABLE_ENTRY
#undef _RTL_USER_PROCESS_PARAMETERS
#undef RTL_USER_PROCESS_PARAMETERS
#undef PRTL_USER_PROCESS_PARAMETERS
#undef _PROCESS_BASIC_INFORMATION
#undef PROCESS_BASIC_INFORMATION
#undef PPROCESS_BASIC_INFORMATION

// Windows' annotations; the boundary's definitions use the same words with their own meaning.
#undef IN
#undef OUT
#undef OPTIONAL
#undef GPTR
#undef INTERFACE

// ntdll defines and exports these as functions.
#undef RtlMoveMemory
#undef RtlFillMemory
#undef RtlZeroMemory
#undef RtlCopyMemory
#undef RtlEqualMemory
#undef RtlSecureZeroMemory

// Goes before the definition of an exported API function: starts it with 8B FF 55 8B EC, as programs that
// patch entries expect.
#define HOTPATCH __attribute__((ms_hook_prologue))

// A UNICODE_STRING or STRING of a literal.
#define RTL_CONSTANT_STRING(s)                                                                               \
    {                                                                                                        \
        sizeof(s) - sizeof((s)[0]), sizeof(s), s                                                             \
    }

// Asserts where a member of a 32-bit structure lies.
#define NT_OFFSET(type, member, offset)                                                                      \
    _Static_assert(__builtin_offsetof(type, member) == (offset), #type "." #member)
#define NT_SIZE(type, size) _Static_assert(sizeof(type) == (size), #type)

#include "object.h"
#include "ldr.h"
#include "port.h"
#include "process.h"
#include "peb_teb.h"
#include "thread.h"
#include "memory.h"
#include "file.h"
#include "sync.h"
#include "atom.h"
#include "system.h"
#include "exception.h"
#include "debug.h"
#include "registry.h"
#include "token.h"
#include "nls.h"
#include "rtl.h"
#include "rtl_lib.h"
#include "threadpool.h"

#endif
