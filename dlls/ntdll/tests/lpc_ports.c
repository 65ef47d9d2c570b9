// LPC ports: connecting, refusing, requests, datagrams, ends of threads and ports, within a process and
// between two.
#define DECLSPEC_IMPORT
#include "ntdll.h"
#include "nt/rtl_lib.h"
#include "tests/check.h"
#include "tests/child.h"
#include <string.h>
#include <wchar.h>

enum { DATA_MAX = 64, MESSAGE_MAX = 104 };

struct message {
    PORT_MESSAGE64 head;
    char data[DATA_MAX];
};
_Static_assert(sizeof(struct message) == MESSAGE_MAX, "as long as may be");

static WCHAR port_name[64];

static void set_text(struct message *message, const char *text)
{
    memset(message, 0, sizeof(*message));
    strcpy(message->data, text);
    message->head.DataLength = (USHORT)(strlen(text) + 1);
    message->head.TotalLength = (USHORT)(sizeof(message->head) + message->head.DataLength);
}

static NTSTATUS connect(HANDLE *port, const char *text, char answer[DATA_MAX], ULONG *max)
{
    SECURITY_QUALITY_OF_SERVICE quality = {sizeof(quality), SecurityImpersonation, SECURITY_STATIC_TRACKING,
                                           TRUE};
    UNICODE_STRING name;
    ULONG length = DATA_MAX;
    RtlInitUnicodeString(&name, port_name);
    memset(answer, 0, DATA_MAX);
    strcpy(answer, text);
    return NtConnectPort(port, &name, &quality, NULL, NULL, max, answer, &length);
}

// ---- the client ----

static DWORD WINAPI dying_thread(void *port)
{
    struct message message, reply;
    CHECK_EQUAL(NtRegisterThreadTerminatePort(port), 0);
    set_text(&message, "last");
    CHECK_EQUAL(NtRequestWaitReplyPort(port, &message.head, &reply.head), 0);
    return reply.head.MessageId;
}

static void check_requests(HANDLE port)
{
    struct message message, reply;
    DWORD written = 0;
    char here[8] = "before";
    HANDLE thread;

    set_text(&message, "datagram");
    CHECK_EQUAL(NtRequestPort(port, &message.head), 0);
    set_text(&message, "question");
    memset(&reply, 0, sizeof(reply));
    CHECK_EQUAL(NtRequestWaitReplyPort(port, &message.head, &reply.head), 0);
    CHECK_EQUAL(reply.head.Type, LPC_REPLY);
    CHECK(strcmp(reply.data, "answer") == 0, "%s", reply.data);
    CHECK_EQUAL(reply.head.DataLength, 7);
    CHECK(reply.head.MessageId != 0 && reply.head.UniqueThread != GetCurrentThreadId(), "the server's id");

    // The server asks back before it answers.
    set_text(&message, "call me back");
    CHECK_EQUAL(NtRequestWaitReplyPort(port, &message.head, &reply.head), 0);
    CHECK_EQUAL(reply.head.Type, LPC_REQUEST);
    CHECK(strcmp(reply.data, "who is it") == 0, "%s", reply.data);
    strcpy(reply.data, "me");
    reply.head.DataLength = 3;
    reply.head.TotalLength = (USHORT)(sizeof(reply.head) + 3);
    CHECK_EQUAL(NtReplyWaitReplyPort(port, &reply.head), 0);
    CHECK_EQUAL(reply.head.Type, LPC_REPLY);
    CHECK(strcmp(reply.data, "hello") == 0, "%s", reply.data);
    CHECK_EQUAL(NtReplyWaitReplyPort(port, NULL), STATUS_ACCESS_VIOLATION);

    // The server writes to this memory.
    set_text(&message, "memory");
    PORT_DATA_INFORMATION64 information = {1, 0, {{(ULONG_PTR)here, sizeof(here), 0}}};
    memcpy(message.data + 8, &information, sizeof(information));
    message.head.DataInfoOffset = sizeof(message.head) + 8;
    message.head.DataLength = 8 + sizeof(information);
    message.head.TotalLength = sizeof(message.head) + message.head.DataLength;
    CHECK_EQUAL(NtRequestWaitReplyPort(port, &message.head, &reply.head), 0);
    CHECK(strcmp(here, "after") == 0, "%s", here);

    message.head.TotalLength = MESSAGE_MAX + 1;
    CHECK_EQUAL(NtRequestPort(port, &message.head), STATUS_PORT_MESSAGE_TOO_LONG);
    message.head.TotalLength = sizeof(message.head);
    CHECK_EQUAL(NtRequestPort(port, &message.head), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(NtRequestPort(port, NULL), STATUS_ACCESS_VIOLATION);
    CHECK_EQUAL(NtRequestWaitReplyPort(port, &message.head, NULL), STATUS_ACCESS_VIOLATION);

    thread = CreateThread(NULL, 0, dying_thread, port, 0, &written);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

static DWORD WINAPI client(void *argument)
{
    char answer[DATA_MAX];
    ULONG max = 0;
    HANDLE port = NULL;
    struct message message, reply;

    CHECK_EQUAL(connect(&port, "refuse me", answer, &max), STATUS_PORT_CONNECTION_REFUSED);
    CHECK(strcmp(answer, "no") == 0, "%s", answer);
    CHECK_EQUAL(connect(&port, "let me in", answer, &max), 0);
    CHECK(strcmp(answer, "welcome") == 0, "%s", answer);
    CHECK_EQUAL(max, MESSAGE_MAX);
    check_requests(port);
    CHECK_EQUAL(NtClose(port), 0);

    // Once more: the server ends this one while a request waits.
    CHECK_EQUAL(connect(&port, "let me in", answer, &max), 0);
    set_text(&message, "close");
    CHECK_EQUAL(NtRequestWaitReplyPort(port, &message.head, &reply.head), STATUS_PORT_DISCONNECTED);
    CHECK_EQUAL(NtRequestPort(port, &message.head), STATUS_PORT_DISCONNECTED);
    CHECK_EQUAL(NtClose(port), 0);
    return argument != NULL;
}

// ---- the server ----

static void accept(struct message *request, HANDLE *port, void *context)
{
    const BOOL in = strcmp(request->data, "let me in") == 0;
    struct message wrong = *request;
    wrong.head.MessageId += 1000;
    CHECK_EQUAL(NtAcceptConnectPort(port, context, &wrong.head, TRUE, NULL, NULL),
                STATUS_REPLY_MESSAGE_MISMATCH);
    strcpy(request->data, in ? "welcome" : "no");
    request->head.DataLength = in ? 8 : 3;
    request->head.TotalLength = (USHORT)(sizeof(request->head) + request->head.DataLength);
    CHECK_EQUAL(NtAcceptConnectPort(port, context, &request->head, (BOOLEAN)in, NULL, NULL), 0);
    if (!in) return;
    CHECK_EQUAL(NtCompleteConnectPort(*port), 0);
    CHECK_EQUAL(NtCompleteConnectPort(*port), STATUS_INVALID_PARAMETER);
}

static void receive(HANDLE port, struct message *message, struct message *reply, USHORT type, void *context)
{
    PVOID got = (void *)1;
    memset(message, 0, sizeof(*message));
    CHECK_EQUAL(NtReplyWaitReceivePort(port, (ULONG *)&got, reply ? &reply->head : NULL, &message->head), 0);
    CHECK_EQUAL(message->head.Type, type);
    CHECK(got == context, "%p", got);
}

// Answers a request's message in place.
static struct message *answer(struct message *message, const char *text)
{
    strcpy(message->data, text);
    message->head.DataLength = (USHORT)(strlen(text) + 1);
    message->head.TotalLength = (USHORT)(sizeof(message->head) + message->head.DataLength);
    message->head.DataInfoOffset = 0;
    return message;
}

static void serve_memory(HANDLE port, struct message *message)
{
    char text[8] = "";
    ULONG done = 0;
    CHECK_EQUAL(NtReadRequestData(port, &message->head, 0, text, sizeof(text), &done), 0);
    CHECK(done == sizeof(text) && strcmp(text, "before") == 0, "%lu %s", done, text);
    strcpy(text, "after");
    CHECK_EQUAL(NtWriteRequestData(port, &message->head, 0, text, sizeof(text), NULL), 0);
    CHECK_EQUAL(NtReadRequestData(port, &message->head, 1, text, sizeof(text), NULL),
                STATUS_INVALID_PARAMETER);
}

static void check_impersonation(HANDLE port, struct message *message)
{
    HANDLE token = NULL, none = NULL;
    CHECK_EQUAL(NtImpersonateClientOfPort(port, &message->head), 0);
    CHECK_EQUAL(NtOpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token), 0);
    NtClose(token);
    NtSetInformationThread(GetCurrentThread(), ThreadImpersonationToken, &none, sizeof(none));
}

// Asks the thread whose request is being served.
static void call_back(HANDLE end, const struct message *request)
{
    struct message question, reply = {0};
    set_text(&question, "who is it");
    question.head.Type = LPC_REQUEST;
    question.head.MessageId = request->head.MessageId + 1000;
    question.head.UniqueProcess = request->head.UniqueProcess;
    question.head.UniqueThread = request->head.UniqueThread;
    CHECK_EQUAL(NtRequestWaitReplyPort(end, &question.head, &reply.head), STATUS_REPLY_MESSAGE_MISMATCH);
    question.head.MessageId = request->head.MessageId;
    CHECK_EQUAL(NtRequestWaitReplyPort(end, &question.head, &reply.head), 0);
    CHECK_EQUAL(reply.head.Type, LPC_REPLY);
    CHECK(strcmp(reply.data, "me") == 0, "%s", reply.data);
}

// The first connection, from its request to its end.
static void serve_whole(HANDLE port, DWORD client_process)
{
    struct message message;
    HANDLE end = NULL, thread_id;
    void *const context = (void *)0x1234;

    receive(port, &message, NULL, LPC_CONNECTION_REQUEST, NULL);
    CHECK_EQUAL(message.head.UniqueProcess, client_process);
    CHECK(strcmp(message.data, "refuse me") == 0, "%s", message.data);
    accept(&message, &end, context);
    memset(&message, 0, sizeof(message));
    CHECK_EQUAL(NtListenPort(port, &message.head), 0);
    accept(&message, &end, context);
    set_text(&message, "unasked"); // the client never receives it, and its port goes all the same
    CHECK_EQUAL(NtRequestPort(end, &message.head), 0);

    receive(port, &message, NULL, LPC_DATAGRAM, context);
    CHECK(strcmp(message.data, "datagram") == 0, "%s", message.data);
    CHECK_EQUAL(NtReplyPort(port, &message.head), STATUS_REPLY_MESSAGE_MISMATCH);
    receive(end, &message, NULL, LPC_REQUEST, context); // a client's port receives for all
    CHECK(strcmp(message.data, "question") == 0, "%s", message.data);
    CHECK_EQUAL(message.head.DataLength, 9);
    CHECK_EQUAL(message.head.TotalLength, 9 + sizeof(message.head));
    check_impersonation(port, &message);
    struct message reply = message;
    receive(port, &message, answer(&reply, "answer"), LPC_REQUEST, context);
    call_back(end, &message);
    reply = message;
    receive(port, &message, answer(&reply, "hello"), LPC_REQUEST, context);
    serve_memory(port, &message);
    CHECK_EQUAL(NtReplyPort(port, &answer(&message, "")->head), 0);
    CHECK_EQUAL(NtReplyPort(port, &message.head), STATUS_REPLY_MESSAGE_MISMATCH);

    receive(port, &message, NULL, LPC_REQUEST, context);
    thread_id = (HANDLE)(ULONG_PTR)message.head.UniqueThread;
    reply = message;
    receive(port, &message, answer(&reply, "so long"), LPC_CLIENT_DIED, context);
    CHECK(thread_id == (HANDLE)(ULONG_PTR)message.head.UniqueThread, "%p", thread_id);
    CHECK_EQUAL(message.head.DataLength, sizeof(LARGE_INTEGER));
    receive(port, &message, NULL, LPC_PORT_CLOSED, context);
    CHECK_EQUAL(message.head.UniqueProcess, client_process);
    CHECK_EQUAL(NtClose(end), 0);
}

// The second one, which the server ends.
static void serve_short(HANDLE port)
{
    struct message message;
    HANDLE end = NULL;
    ULONG context = 0;
    LARGE_INTEGER now = {.QuadPart = 0};
    receive(port, &message, NULL, LPC_CONNECTION_REQUEST, NULL);
    accept(&message, &end, NULL);
    receive(port, &message, NULL, LPC_REQUEST, end); // without a context, the handle
    CHECK_EQUAL(NtClose(end), 0);
    CHECK_EQUAL(NtReplyWaitReceivePortEx(port, &context, NULL, &message.head, &now), STATUS_TIMEOUT);
}

static HANDLE create_port(void)
{
    UNICODE_STRING name;
    HANDLE port = NULL;
    RtlInitUnicodeString(&name, port_name);
    OBJECT_ATTRIBUTES attributes = {.Length = sizeof(attributes), .ObjectName = &name};
    CHECK_EQUAL(NtCreatePort(&port, &attributes, DATA_MAX, MESSAGE_MAX, 0), 0);
    return port;
}

static void test_within_process(void)
{
    DWORD id;
    HANDLE port = create_port(), thread = CreateThread(NULL, 0, client, NULL, 0, &id);
    serve_whole(port, GetCurrentProcessId());
    serve_short(port);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    NtClose(port);
}

static void test_between_processes(void)
{
    HANDLE port = create_port();
    char line[64];
    snprintf(line, sizeof(line), "client %ls", port_name);
    PROCESS_INFORMATION child = child_start(line, 0);
    serve_whole(port, child.dwProcessId);
    serve_short(port);
    CHECK_EQUAL(child_end(child), 0);
    NtClose(port);
}

// A client that ends without closing anything.
static int end_connected(void)
{
    char answer[DATA_MAX];
    ULONG max;
    HANDLE port;
    if (connect(&port, "let me in", answer, &max) != 0) return 1;
    TerminateProcess(GetCurrentProcess(), 7);
    return 0;
}

static void test_ended_client(void)
{
    struct message message;
    HANDLE port = create_port(), end = NULL;
    char line[64];
    snprintf(line, sizeof(line), "client %ls end", port_name);
    PROCESS_INFORMATION child = child_start(line, 0);
    receive(port, &message, NULL, LPC_CONNECTION_REQUEST, NULL);
    accept(&message, &end, (void *)5);
    receive(port, &message, NULL, LPC_PORT_CLOSED, (void *)5);
    CHECK_EQUAL(message.head.UniqueProcess, child.dwProcessId);
    CHECK_EQUAL(child_end(child), 7);
    NtClose(end);
    NtClose(port);
}

// Without a server, or without one that receives.
static DWORD WINAPI close_later(void *port)
{
    Sleep(50);
    NtClose(port);
    return 0;
}

static void test_errors(void)
{
    char answer[DATA_MAX];
    ULONG max;
    HANDLE port = NULL, event = CreateEventW(NULL, FALSE, FALSE, NULL);
    struct message message;
    LARGE_INTEGER now = {.QuadPart = 0};

    CHECK_EQUAL(connect(&port, "", answer, &max), STATUS_OBJECT_NAME_NOT_FOUND);
    port = create_port();
    set_text(&message, "nobody");
    CHECK_EQUAL(NtRequestPort(port, &message.head), STATUS_PORT_DISCONNECTED);
    CHECK_EQUAL(NtRequestPort(event, &message.head), STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_EQUAL(NtReplyPort(NULL, &message.head), STATUS_INVALID_HANDLE);
    CHECK_EQUAL(NtCompleteConnectPort(port), STATUS_INVALID_PORT_HANDLE);
    CHECK_EQUAL(NtListenPort(port, NULL), STATUS_ACCESS_VIOLATION);
    CHECK_EQUAL(NtReplyWaitReceivePortEx(port, NULL, NULL, &message.head, &now), STATUS_TIMEOUT);
    HANDLE thread = CreateThread(NULL, 0, close_later, port, 0, NULL);
    CHECK_EQUAL(connect(&port, "", answer, &max), STATUS_PORT_CONNECTION_REFUSED);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);

    CHECK_EQUAL(NtCreateWaitablePort(&port, NULL, DATA_MAX, MESSAGE_MAX, 0), 0);
    CHECK_EQUAL(WaitForSingleObject(port, 0), WAIT_TIMEOUT);
    NtClose(port);
    CloseHandle(event);
}

int main(int argc, char **argv)
{
    if (argc > 2) {
        MultiByteToWideChar(CP_ACP, 0, argv[2], -1, port_name, 64);
        if (argc > 3) return end_connected();
        client(NULL);
        return checks_failed;
    }
    swprintf(port_name, 64, L"\\LowlandTestPort%lx", GetCurrentProcessId());
    test_within_process();
    test_between_processes();
    test_ended_client();
    test_errors();
    return check_summary();
}
