// Files in transactions of the kernel (TxF). The host's file systems have none, which the functions say as
// they do on a volume whose resource manager isn't started; without a transaction they are told the handle is
// bad.
#include "base.h"

enum { RM_NOT_ACTIVE = 6801 }; // ERROR_RM_NOT_ACTIVE, which mingw-w64 lacks

static DWORD refusal(HANDLE transaction)
{
    return transaction && transaction != INVALID_HANDLE_VALUE ? RM_NOT_ACTIVE : ERROR_INVALID_HANDLE;
}

static BOOL refuse(HANDLE transaction)
{
    return fail_with(refusal(transaction));
}

static HANDLE refuse_handle(HANDLE transaction)
{
    SetLastError(refusal(transaction));
    return INVALID_HANDLE_VALUE;
}

// The narrow and the wide form of a function with these parameters.
#define BOTH(name, result, refused, narrow, wide)                                                            \
    HOTPATCH result WINAPI name##A narrow                                                                    \
    {                                                                                                        \
        return refused(transaction);                                                                         \
    }                                                                                                        \
    HOTPATCH result WINAPI name##W wide                                                                      \
    {                                                                                                        \
        return refused(transaction);                                                                         \
    }

#pragma GCC diagnostic ignored "-Wunused-parameter"

BOTH(CreateFileTransacted, HANDLE, refuse_handle,
     (LPCSTR path, DWORD access, DWORD sharing, LPSECURITY_ATTRIBUTES security, DWORD disposition,
      DWORD flags, HANDLE template_file, HANDLE transaction, PUSHORT version, PVOID extended),
     (LPCWSTR path, DWORD access, DWORD sharing, LPSECURITY_ATTRIBUTES security, DWORD disposition,
      DWORD flags, HANDLE template_file, HANDLE transaction, PUSHORT version, PVOID extended))
BOTH(FindFirstFileTransacted, HANDLE, refuse_handle,
     (LPCSTR path, FINDEX_INFO_LEVELS level, LPVOID data, FINDEX_SEARCH_OPS operation, LPVOID filter,
      DWORD flags, HANDLE transaction),
     (LPCWSTR path, FINDEX_INFO_LEVELS level, LPVOID data, FINDEX_SEARCH_OPS operation, LPVOID filter,
      DWORD flags, HANDLE transaction))
BOTH(CreateDirectoryTransacted, BOOL, refuse,
     (LPCSTR template_path, LPCSTR path, LPSECURITY_ATTRIBUTES security, HANDLE transaction),
     (LPCWSTR template_path, LPCWSTR path, LPSECURITY_ATTRIBUTES security, HANDLE transaction))
BOTH(RemoveDirectoryTransacted, BOOL, refuse, (LPCSTR path, HANDLE transaction),
     (LPCWSTR path, HANDLE transaction))
BOTH(DeleteFileTransacted, BOOL, refuse, (LPCSTR path, HANDLE transaction),
     (LPCWSTR path, HANDLE transaction))
BOTH(SetFileAttributesTransacted, BOOL, refuse, (LPCSTR path, DWORD attributes, HANDLE transaction),
     (LPCWSTR path, DWORD attributes, HANDLE transaction))
BOTH(GetFileAttributesTransacted, BOOL, refuse,
     (LPCSTR path, GET_FILEEX_INFO_LEVELS level, LPVOID info, HANDLE transaction),
     (LPCWSTR path, GET_FILEEX_INFO_LEVELS level, LPVOID info, HANDLE transaction))
BOTH(MoveFileTransacted, BOOL, refuse,
     (LPCSTR from, LPCSTR to, LPPROGRESS_ROUTINE progress, LPVOID data, DWORD flags, HANDLE transaction),
     (LPCWSTR from, LPCWSTR to, LPPROGRESS_ROUTINE progress, LPVOID data, DWORD flags, HANDLE transaction))
BOTH(CopyFileTransacted, BOOL, refuse,
     (LPCSTR from, LPCSTR to, LPPROGRESS_ROUTINE progress, LPVOID data, LPBOOL cancel, DWORD flags,
      HANDLE transaction),
     (LPCWSTR from, LPCWSTR to, LPPROGRESS_ROUTINE progress, LPVOID data, LPBOOL cancel, DWORD flags,
      HANDLE transaction))
BOTH(CreateHardLinkTransacted, BOOL, refuse,
     (LPCSTR path, LPCSTR existing, LPSECURITY_ATTRIBUTES security, HANDLE transaction),
     (LPCWSTR path, LPCWSTR existing, LPSECURITY_ATTRIBUTES security, HANDLE transaction))
BOTH(CreateSymbolicLinkTransacted, BOOLEAN, refuse,
     (LPCSTR path, LPCSTR target, DWORD flags, HANDLE transaction),
     (LPCWSTR path, LPCWSTR target, DWORD flags, HANDLE transaction))
