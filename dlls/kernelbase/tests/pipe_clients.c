// Who is at a named pipe's other end: processes, sessions, and what a server may do as its client.
// link: -ladvapi32
#include "tests/check.h"
#include <string.h>
#include <windows.h>

#define NAME "\\\\.\\pipe\\lowland-pipe-clients"

static HANDLE make_server(void)
{
    HANDLE pipe = CreateNamedPipeA(NAME, PIPE_ACCESS_DUPLEX, PIPE_TYPE_BYTE, 1, 256, 256, 0, NULL);
    CHECK(pipe != INVALID_HANDLE_VALUE, "error %lu", GetLastError());
    return pipe;
}

static HANDLE make_client(DWORD quality)
{
    HANDLE pipe = CreateFileA(NAME, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, quality, NULL);
    CHECK(pipe != INVALID_HANDLE_VALUE, "error %lu", GetLastError());
    return pipe;
}

static void test_processes(const char *self)
{
    ULONG id = 0, session = 77;
    DWORD code = 0, own = GetCurrentProcessId();
    char command[MAX_PATH + 16], name[16];
    HANDLE server = make_server(), client = make_client(0);
    CHECK(GetNamedPipeClientProcessId(server, &id) && id == own, "client %lx", id);
    CHECK(GetNamedPipeServerProcessId(client, &id) && id == own, "server %lx", id);
    CHECK(ProcessIdToSessionId(own, &session), "error %lu", GetLastError());
    CHECK(GetNamedPipeClientSessionId(server, &id) && id == session, "session %lu", id);
    CHECK(GetNamedPipeServerSessionId(client, &id) && id == session, "session %lu", id);
    CHECK(!GetNamedPipeClientProcessId(server, NULL) && GetLastError() == ERROR_INSUFFICIENT_BUFFER,
          "error %lu", GetLastError());
    CHECK(!GetNamedPipeClientComputerNameA(server, name, sizeof(name)) && GetLastError() == ERROR_PIPE_LOCAL,
          "error %lu", GetLastError());
    CHECK(DisconnectNamedPipe(server), "error %lu", GetLastError());
    CHECK(!GetNamedPipeClientProcessId(server, &id) && GetLastError() == ERROR_NOT_FOUND, "error %lu",
          GetLastError());
    CHECK(!GetNamedPipeServerProcessId(client, &id) && GetLastError() == ERROR_PIPE_NOT_CONNECTED,
          "error %lu", GetLastError());
    CloseHandle(client);
    CloseHandle(server);

    // A client of another process, which checks its side.
    STARTUPINFOA start = {.cb = sizeof(start)};
    PROCESS_INFORMATION child;
    server = make_server();
    wsprintfA(command, "\"%s\" %lu", self, own);
    CHECK(CreateProcessA(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &start, &child), "error %lu",
          GetLastError());
    CHECK(ConnectNamedPipe(server, NULL) || GetLastError() == ERROR_PIPE_CONNECTED, "error %lu",
          GetLastError());
    CHECK(GetNamedPipeClientProcessId(server, &id) && id == child.dwProcessId, "client %lx", id);
    CHECK(ImpersonateNamedPipeClient(server) && RevertToSelf(), "error %lu", GetLastError());
    WaitForSingleObject(child.hProcess, INFINITE);
    CHECK(GetExitCodeProcess(child.hProcess, &code) && !code, "the child's code: %lu", code);
    CloseHandle(child.hThread);
    CloseHandle(child.hProcess);
    CloseHandle(server);
}

static int client_of(DWORD server_id)
{
    ULONG id = 0;
    HANDLE pipe = make_client(0);
    CHECK(GetNamedPipeServerProcessId(pipe, &id) && id == server_id, "server %lx", id);
    CHECK(GetNamedPipeClientProcessId(pipe, &id) && id == GetCurrentProcessId(), "client %lx", id);
    CloseHandle(pipe);
    return checks_failed;
}

// How many privileges the calling thread's token has, and its level.
static DWORD impersonated_privileges(SECURITY_IMPERSONATION_LEVEL *level)
{
    HANDLE token;
    TOKEN_STATISTICS statistics = {};
    DWORD size;
    if (!OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token)) return (DWORD)-1;
    GetTokenInformation(token, TokenStatistics, &statistics, sizeof(statistics), &size);
    *level = statistics.ImpersonationLevel;
    CloseHandle(token);
    return statistics.PrivilegeCount;
}

static void set_privileges(BOOL enabled)
{
    HANDLE token, copy;
    OpenProcessToken(GetCurrentProcess(), TOKEN_DUPLICATE, &token);
    DuplicateTokenEx(token, TOKEN_IMPERSONATE | TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY, NULL,
                     SecurityImpersonation, TokenImpersonation, &copy);
    if (!enabled) CHECK(AdjustTokenPrivileges(copy, TRUE, NULL, 0, NULL, NULL), "error %lu", GetLastError());
    CHECK(SetThreadToken(NULL, copy), "error %lu", GetLastError());
    CloseHandle(copy);
    CloseHandle(token);
}

static void test_impersonation(void)
{
    SECURITY_IMPERSONATION_LEVEL level = SecurityAnonymous;
    DWORD done;
    HANDLE server = make_server();
    CHECK(!ImpersonateNamedPipeClient(server) && GetLastError() == ERROR_CANNOT_IMPERSONATE, "error %lu",
          GetLastError());
    // Without a quality of service: as whoever wrote last, and only with what he has enabled.
    set_privileges(FALSE);
    HANDLE client = make_client(0);
    CHECK(WriteFile(client, "x", 1, &done, NULL), "error %lu", GetLastError());
    RevertToSelf();
    CHECK(ImpersonateNamedPipeClient(server), "error %lu", GetLastError());
    CHECK_EQUAL(impersonated_privileges(&level), 0);
    CHECK_EQUAL(level, SecurityImpersonation);
    RevertToSelf();
    CHECK(WriteFile(client, "x", 1, &done, NULL), "error %lu", GetLastError());
    CHECK(ImpersonateNamedPipeClient(server), "error %lu", GetLastError());
    CHECK(impersonated_privileges(&level) != 0, "still the first token");
    RevertToSelf();
    CHECK(!ImpersonateNamedPipeClient(client), "a client impersonates");
    CloseHandle(client);
    CHECK(ImpersonateNamedPipeClient(server), "a client that is gone: error %lu", GetLastError());
    RevertToSelf();
    DisconnectNamedPipe(server);
    CHECK(!ImpersonateNamedPipeClient(server), "nobody");
    CloseHandle(server);

    // Static: who opened the pipe. The level is as asked for.
    server = make_server();
    client = make_client(SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION);
    set_privileges(FALSE);
    CHECK(WriteFile(client, "x", 1, &done, NULL), "error %lu", GetLastError());
    RevertToSelf();
    CHECK(ImpersonateNamedPipeClient(server), "error %lu", GetLastError());
    CHECK(impersonated_privileges(&level) != 0, "the token of the opener");
    CHECK_EQUAL(level, SecurityIdentification);
    RevertToSelf();
    CloseHandle(client);
    CloseHandle(server);
}

int main(int argc, char **argv)
{
    if (argc > 1) return client_of(strtoul(argv[1], NULL, 10));
    test_processes(argv[0]);
    test_impersonation();
    return check_summary();
}
