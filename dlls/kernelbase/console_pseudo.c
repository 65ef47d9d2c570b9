// Pseudo-consoles: a program shows what others write to their console, and types for them. Two threads in the
// program carry bytes between its pipes and the console; nothing else serves it.
#include "console.h"
#include "console_pseudo.h"

// What HPCON points to. The threads and the program have one reference each.
struct pseudo_console {
    LONG references;
    HANDLE console;       // the reference that children get
    HANDLE input, output; // duplicates of the program's
    HANDLE reader;        // the thread that reads the input
    bool closing;
};

static void release(struct pseudo_console *pseudo)
{
    if (InterlockedDecrement(&pseudo->references)) return;
    NtClose(pseudo->input);
    NtClose(pseudo->console);
    if (pseudo->reader) NtClose(pseudo->reader);
    heap_free(pseudo);
}

// Reads or writes whatever the handle is opened for. The number of bytes, 0 at the end.
static DWORD transfer(HANDLE file, void *bytes, DWORD length, bool write)
{
    OVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
    DWORD n = 0;
    if (!overlapped.hEvent) return 0;
    BOOL done = write ? WriteFile(file, bytes, length, &n, &overlapped)
                      : ReadFile(file, bytes, length, &n, &overlapped);
    if (!done && GetLastError() == ERROR_IO_PENDING) done = GetOverlappedResult(file, &overlapped, &n, TRUE);
    CloseHandle(overlapped.hEvent);
    return done ? n : 0;
}

static DWORD WINAPI carry_input(void *context)
{
    struct pseudo_console *pseudo = context;
    char bytes[1024];
    DWORD n;
    while (!pseudo->closing && (n = transfer(pseudo->input, bytes, sizeof(bytes), false)))
        ConsoleFeedPseudo(pseudo->console, bytes, n);
    release(pseudo);
    return 0;
}

static DWORD WINAPI carry_output(void *context)
{
    struct pseudo_console *pseudo = context;
    char bytes[4096];
    ULONG n;
    while (NT_SUCCESS(ConsoleShowPseudo(pseudo->console, bytes, sizeof(bytes), &n)) && n) {
        for (DWORD done = 0, part; done < n; done += part)
            if (!(part = transfer(pseudo->output, bytes + done, n - done, true))) break;
    }
    NtClose(pseudo->output);
    release(pseudo);
    return 0;
}

static bool start(struct pseudo_console *pseudo, void *routine, HANDLE *thread)
{
    InterlockedIncrement(&pseudo->references);
    NTSTATUS status = NtCreateThreadEx(thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), routine, pseudo,
                                       THREAD_CREATE_FLAGS_SKIP_THREAD_ATTACH, 0, 0, 0, NULL);
    if (NT_SUCCESS(status)) return true;
    InterlockedDecrement(&pseudo->references);
    return false;
}

static HANDLE duplicate(HANDLE handle)
{
    HANDLE copy = NULL;
    DuplicateHandle(GetCurrentProcess(), handle, GetCurrentProcess(), &copy, 0, FALSE, DUPLICATE_SAME_ACCESS);
    return copy;
}

static void discard(struct pseudo_console *pseudo)
{
    if (pseudo->input) NtClose(pseudo->input);
    if (pseudo->output) NtClose(pseudo->output);
    if (pseudo->console) NtClose(pseudo->console);
    heap_free(pseudo);
}

// Where the terminal's cursor stands isn't asked: it begins at the top left.
HOTPATCH HRESULT WINAPI CreatePseudoConsole(COORD size, HANDLE input, HANDLE output, DWORD flags,
                                            HPCON *result)
{
    HANDLE writer;
    if (!result || size.X <= 0 || size.Y <= 0 || flags & ~(DWORD)PSEUDOCONSOLE_INHERIT_CURSOR)
        return E_INVALIDARG;
    struct pseudo_console *pseudo = heap_alloc(sizeof(*pseudo));
    if (!pseudo) return E_OUTOFMEMORY;
    *pseudo =
        (struct pseudo_console){.references = 1, .input = duplicate(input), .output = duplicate(output)};
    if (!pseudo->input || !pseudo->output) {
        discard(pseudo);
        return HRESULT_FROM_WIN32(ERROR_INVALID_HANDLE);
    }
    NTSTATUS status = ConsoleCreatePseudo(size.X, size.Y, &pseudo->console);
    if (!NT_SUCCESS(status)) {
        discard(pseudo);
        return HRESULT_FROM_WIN32(RtlNtStatusToDosError(status));
    }
    if (!start(pseudo, carry_output, &writer)) {
        discard(pseudo);
        return E_OUTOFMEMORY;
    }
    NtClose(writer);
    *result = pseudo;
    if (start(pseudo, carry_input, &pseudo->reader)) return S_OK;
    ClosePseudoConsole(pseudo);
    return E_OUTOFMEMORY;
}

HOTPATCH HRESULT WINAPI ResizePseudoConsole(HPCON console, COORD size)
{
    struct pseudo_console *pseudo = console;
    if (!pseudo || size.X <= 0 || size.Y <= 0) return E_INVALIDARG;
    NTSTATUS status = ConsoleResizePseudo(pseudo->console, size.X, size.Y);
    return NT_SUCCESS(status) ? S_OK : HRESULT_FROM_WIN32(RtlNtStatusToDosError(status));
}

// Its programs are told to end; what they still write is shown until they have.
HOTPATCH void WINAPI ClosePseudoConsole(HPCON console)
{
    struct pseudo_console *pseudo = console;
    IO_STATUS_BLOCK io;
    if (!pseudo) return;
    pseudo->closing = true;
    ConsoleClosePseudo(pseudo->console);
    if (pseudo->reader) NtCancelSynchronousIoFile(pseudo->reader, NULL, &io);
    NtCancelIoFileEx(pseudo->input, NULL, &io);
    release(pseudo);
}

HANDLE pseudo_console_reference(const STARTUPINFOW *info, DWORD flags)
{
    if (!(flags & EXTENDED_STARTUPINFO_PRESENT)) return NULL;
    const struct pseudo_console *pseudo =
        proc_thread_pseudo_console(((const STARTUPINFOEXW *)info)->lpAttributeList);
    return pseudo ? pseudo->console : NULL;
}
