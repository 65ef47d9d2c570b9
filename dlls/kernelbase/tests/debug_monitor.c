// Debug output for a monitor: this process is both, in two threads.
#include <windows.h>
#include <string.h>
#include "tests/check.h"

struct buffer {
    DWORD process;
    char text[4096 - sizeof(DWORD)];
};

static DWORD WINAPI write_text(void *text)
{
    SetLastError(77);
    OutputDebugStringA(text);
    return GetLastError();
}

// Reads one piece; its length.
static size_t read_piece(const struct buffer *buffer, HANDLE data_ready, HANDLE buffer_ready, char first)
{
    CHECK_EQUAL(WaitForSingleObject(data_ready, 20000), WAIT_OBJECT_0);
    size_t length = strlen(buffer->text);
    CHECK_EQUAL(buffer->process, GetCurrentProcessId());
    CHECK_EQUAL(buffer->text[0], first);
    SetEvent(buffer_ready);
    return length;
}

int main(void)
{
    static char text[5001];
    DWORD code = 0;

    OutputDebugStringA("nobody listens");
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, "DBWIN_BUFFER");
    HANDLE buffer_ready = CreateEventA(NULL, FALSE, TRUE, "DBWIN_BUFFER_READY");
    HANDLE data_ready = CreateEventA(NULL, FALSE, FALSE, "DBWIN_DATA_READY");
    const struct buffer *buffer = MapViewOfFile(section, FILE_MAP_READ, 0, 0, 0);
    memset(text, 'x', 5000);
    HANDLE thread = CreateThread(NULL, 0, write_text, text, 0, NULL);
    CHECK_EQUAL(read_piece(buffer, data_ready, buffer_ready, 'x'), 4091);
    CHECK_EQUAL(read_piece(buffer, data_ready, buffer_ready, 'x'), 909);
    WaitForSingleObject(thread, INFINITE);
    CHECK(GetExitCodeThread(thread, &code) && code == 77, "the last error stays: %lu", code);
    OutputDebugStringW(L"wide");
    CHECK_EQUAL(read_piece(buffer, data_ready, buffer_ready, 'w'), 4);
    CloseHandle(thread);
    CloseHandle(section);
    CloseHandle(buffer_ready);
    CloseHandle(data_ready);
    return check_summary();
}
