// The pipe of a service program, over which it is told to start services and to do what they are asked for.
#include "service.h"
#include <stddef.h>
#include <wchar.h>

enum { ANSWER_TIMEOUT = 30000, PIPE_SIZE = 65536 };

static void name_with_id(WCHAR *name, const WCHAR *prefix, DWORD process)
{
    WCHAR digits[12], *at = digits + 11;
    *at = 0;
    do *--at = (WCHAR)('0' + process % 10);
    while ((process /= 10) != 0);
    copy_wide(name, prefix);
    lstrcatW(name, at);
}

HANDLE service_connected_event(DWORD process, bool create)
{
    WCHAR name[64];
    name_with_id(name, L"Global\\LowlandServiceProcess ", process);
    return create ? CreateEventW(NULL, TRUE, FALSE, name) : OpenEventW(EVENT_MODIFY_STATE, FALSE, name);
}

HANDLE service_pipe_create(void)
{
    WCHAR name[64];
    name_with_id(name, L"\\\\.\\pipe\\NtControlPipe", GetCurrentProcessId());
    return CreateNamedPipeW(name, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED,
                            PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE | PIPE_WAIT, 1, PIPE_SIZE, PIPE_SIZE, 0,
                            NULL);
}

static HANDLE open_pipe(DWORD process)
{
    WCHAR name[64];
    DWORD mode = PIPE_READMODE_MESSAGE;
    name_with_id(name, L"\\\\.\\pipe\\NtControlPipe", process);
    for (;;) {
        HANDLE pipe = CreateFileW(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING,
                                  FILE_FLAG_OVERLAPPED, NULL);
        if (pipe != INVALID_HANDLE_VALUE) {
            SetNamedPipeHandleState(pipe, &mode, NULL, NULL);
            return pipe;
        }
        // Another client has it.
        if (GetLastError() != ERROR_PIPE_BUSY || !WaitNamedPipeW(name, ANSWER_TIMEOUT)) return NULL;
    }
}

// The size of a request without the room that its arguments don't need.
static DWORD request_size(const struct service_request *request)
{
    return (DWORD)(offsetof(struct service_request, text) + request->text_units * sizeof(WCHAR));
}

DWORD service_pipe_call(DWORD process, const struct service_request *request)
{
    DWORD answer = 0, size = 0;
    HANDLE pipe AUTO_CLOSE = open_pipe(process);
    if (!pipe)
        return GetLastError() == ERROR_SEM_TIMEOUT ? ERROR_SERVICE_REQUEST_TIMEOUT : ERROR_SERVICE_NOT_ACTIVE;
    HANDLE event AUTO_CLOSE = CreateEventW(NULL, TRUE, FALSE, NULL);
    OVERLAPPED overlapped = {.hEvent = event};
    if (!event) return GetLastError();
    if (!TransactNamedPipe(pipe, (void *)request, request_size(request), &answer, sizeof(answer), &size,
                           &overlapped)) {
        if (GetLastError() != ERROR_IO_PENDING) return ERROR_SERVICE_NOT_ACTIVE;
        if (WaitForSingleObject(event, ANSWER_TIMEOUT) == WAIT_TIMEOUT) {
            CancelIo(pipe);
            GetOverlappedResult(pipe, &overlapped, &size, TRUE);
            return ERROR_SERVICE_REQUEST_TIMEOUT;
        }
    }
    if (!GetOverlappedResult(pipe, &overlapped, &size, TRUE) || size != sizeof(answer))
        return ERROR_SERVICE_NOT_ACTIVE;
    return answer;
}
