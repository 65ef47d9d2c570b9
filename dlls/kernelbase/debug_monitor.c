// Debug output for a monitor, which is another program: it makes a buffer and two events of known names, and
// whoever has text fills the buffer in turn. Nothing happens while there is no buffer.
#include "debug_monitor.h"

#define BUFFER_SIZE 4096
#define PATIENCE    10000 // milliseconds: a monitor that doesn't read is no reason to wait for ever

struct monitor_buffer {
    DWORD process;
    char text[BUFFER_SIZE - sizeof(DWORD)];
};

struct monitor {
    HANDLE section, mutex, buffer_ready, data_ready;
    struct monitor_buffer *buffer;
    bool owns_mutex;
};

static bool open_monitor(struct monitor *monitor)
{
    monitor->section = OpenFileMappingW(FILE_MAP_WRITE, FALSE, L"DBWIN_BUFFER");
    if (!monitor->section) return false;
    monitor->mutex = CreateMutexW(NULL, FALSE, L"DBWinMutex");
    monitor->buffer_ready = OpenEventW(SYNCHRONIZE, FALSE, L"DBWIN_BUFFER_READY");
    monitor->data_ready = OpenEventW(EVENT_MODIFY_STATE, FALSE, L"DBWIN_DATA_READY");
    if (!monitor->mutex || !monitor->buffer_ready || !monitor->data_ready) return false;
    DWORD waited = WaitForSingleObject(monitor->mutex, PATIENCE);
    monitor->owns_mutex = waited == WAIT_OBJECT_0 || waited == WAIT_ABANDONED;
    if (!monitor->owns_mutex) return false;
    monitor->buffer = MapViewOfFile(monitor->section, FILE_MAP_WRITE, 0, 0, BUFFER_SIZE);
    return monitor->buffer != NULL;
}

static void close_monitor(struct monitor *monitor)
{
    if (monitor->buffer) UnmapViewOfFile(monitor->buffer);
    if (monitor->owns_mutex) ReleaseMutex(monitor->mutex);
    HANDLE handles[] = {monitor->section, monitor->mutex, monitor->buffer_ready, monitor->data_ready};
    for (unsigned i = 0; i < ARRAY_LENGTH(handles); i++)
        if (handles[i]) NtClose(handles[i]);
}

void debug_monitor_write(const char *text)
{
    struct monitor monitor = {};
    SIZE_T length = strlen(text), most = sizeof(monitor.buffer->text) - 1, done = 0;
    DWORD error = GetLastError();
    if (open_monitor(&monitor)) {
        do {
            SIZE_T part = length - done < most ? length - done : most;
            if (WaitForSingleObject(monitor.buffer_ready, PATIENCE) != WAIT_OBJECT_0) break;
            monitor.buffer->process = GetCurrentProcessId();
            memcpy(monitor.buffer->text, text + done, part);
            monitor.buffer->text[part] = 0;
            done += part;
            SetEvent(monitor.data_ready);
        } while (done < length);
    }
    close_monitor(&monitor);
    SetLastError(error);
}
