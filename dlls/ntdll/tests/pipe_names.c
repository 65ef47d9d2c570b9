// What pipes are called, and the device that lists them.
#define DECLSPEC_IMPORT
#include "ntdll.h"
#include "tests/check.h"
#include <string.h>

static NTSTATUS create(HANDLE *pipe, ULONG disposition, ULONG *information)
{
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK io = {};
    LARGE_INTEGER timeout = {.QuadPart = -10000};
    RtlInitUnicodeString(&name, L"\\??\\pipe\\Lowland Test\\Names");
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    NTSTATUS status = NtCreateNamedPipeFile(
        pipe, GENERIC_READ | GENERIC_WRITE | SYNCHRONIZE, &attributes, &io,
        FILE_SHARE_READ | FILE_SHARE_WRITE, disposition, FILE_SYNCHRONOUS_IO_NONALERT, FILE_PIPE_MESSAGE_TYPE,
        FILE_PIPE_MESSAGE_MODE, FILE_PIPE_QUEUE_OPERATION, 3, 100, 200, &timeout);
    *information = io.Information;
    return status;
}

static void check_name(HANDLE pipe, const WCHAR *wanted)
{
    struct {
        FILE_NAME_INFORMATION info;
        WCHAR more[100];
    } name = {};
    IO_STATUS_BLOCK io;
    ULONG bytes = lstrlenW(wanted) * 2;
    CHECK_EQUAL(NtQueryInformationFile(pipe, &io, &name, sizeof name, FileNameInformation), 0);
    CHECK_EQUAL(name.info.FileNameLength, bytes);
    CHECK(!memcmp(name.info.FileName, wanted, bytes), "%ls", name.info.FileName);
    CHECK_EQUAL(NtQueryInformationFile(pipe, &io, &name, 10, FileNameInformation), STATUS_BUFFER_OVERFLOW);
    CHECK_EQUAL(name.info.FileNameLength, bytes);
    CHECK_EQUAL(io.Information, 10);
}

static void test_names(void)
{
    HANDLE first, second, third;
    ULONG information;
    CHECK_EQUAL(create(&first, FILE_OPEN, &information), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_EQUAL(create(&first, FILE_OPEN_IF, &information), 0);
    CHECK_EQUAL(information, FILE_CREATED);
    CHECK_EQUAL(create(&second, FILE_OPEN_IF, &information), 0);
    CHECK_EQUAL(information, FILE_OPENED);
    CHECK_EQUAL(create(&third, FILE_CREATE, &information), STATUS_ACCESS_DENIED);
    HANDLE client = CreateFileA("\\\\.\\pipe\\lowland test\\names", GENERIC_READ | GENERIC_WRITE, 0, NULL,
                                OPEN_EXISTING, 0, NULL);
    CHECK(client != INVALID_HANDLE_VALUE, "%lu", GetLastError());
    check_name(first, L"\\Lowland Test\\Names");
    check_name(client, L"\\Lowland Test\\Names");
    struct {
        UNICODE_STRING name;
        WCHAR room[100];
    } object;
    ULONG length;
    CHECK_EQUAL(NtQueryObject(client, ObjectNameInformation, &object, sizeof object, &length), 0);
    CHECK(!lstrcmpW(object.name.Buffer, L"\\Device\\NamedPipe\\Lowland Test\\Names"), "%ls",
          object.name.Buffer);

    // What is on its way counts against the quota.
    FILE_PIPE_LOCAL_INFORMATION local;
    IO_STATUS_BLOCK io;
    DWORD n;
    CHECK_EQUAL(NtQueryInformationFile(client, &io, &local, sizeof local, FilePipeLocalInformation), 0);
    CHECK_EQUAL(local.WriteQuotaAvailable, 100);
    CHECK_EQUAL(local.CurrentInstances >= 1, 1);
    CHECK(WriteFile(client, "12345", 5, &n, NULL), "%lu", GetLastError());
    CHECK_EQUAL(NtQueryInformationFile(client, &io, &local, sizeof local, FilePipeLocalInformation), 0);
    CHECK_EQUAL(local.WriteQuotaAvailable, 95);
    ULONGLONG process[2];
    CHECK_EQUAL(NtFsControlFile(first, NULL, NULL, NULL, &io, FSCTL_PIPE_QUERY_CLIENT_PROCESS, NULL, 0,
                                process, sizeof process),
                0);
    CHECK_EQUAL(process[1], GetCurrentProcessId());

    WIN32_FIND_DATAA found;
    HANDLE search = FindFirstFileA("\\\\.\\pipe\\lowland*", &found);
    CHECK(search != INVALID_HANDLE_VALUE, "%lu", GetLastError());
    CHECK(!strcmp(found.cFileName, "Lowland Test\\Names"), "%s", found.cFileName);
    CHECK_EQUAL(found.nFileSizeLow, 2);
    CHECK(!FindNextFileA(search, &found), "%s", found.cFileName);
    FindClose(search);
    NtClose(client);
    NtClose(second);
    NtClose(first);
    CHECK(FindFirstFileA("\\\\.\\pipe\\lowland*", &found) == INVALID_HANDLE_VALUE, "%s", found.cFileName);
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
}

static void test_arguments(void)
{
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK io = {};
    HANDLE pipe;
    LARGE_INTEGER timeout = {.QuadPart = -10000};
    RtlInitUnicodeString(&name, L"\\??\\pipe\\Lowland Arguments");
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    static const struct {
        ACCESS_MASK access;
        ULONG sharing, disposition, options, read_mode, instances;
    } bad[] = {
        {GENERIC_READ | SYNCHRONIZE, 0, FILE_OPEN_IF, 0, 0, 1},
        {GENERIC_READ | SYNCHRONIZE, 7, FILE_OPEN_IF, 0, 0, 1},
        {GENERIC_READ | SYNCHRONIZE, 3, FILE_OVERWRITE, 0, 0, 1},
        {GENERIC_READ | SYNCHRONIZE, 3, FILE_OPEN_IF, FILE_DIRECTORY_FILE, 0, 1},
        {GENERIC_READ | SYNCHRONIZE, 3, FILE_OPEN_IF, FILE_DELETE_ON_CLOSE, 0, 1},
        {FILE_READ_DATA, 3, FILE_OPEN_IF, FILE_SYNCHRONOUS_IO_NONALERT, 0, 1},
        {GENERIC_READ | SYNCHRONIZE, 3, FILE_OPEN_IF, 0, FILE_PIPE_MESSAGE_MODE, 1},
        {GENERIC_READ | SYNCHRONIZE, 3, FILE_OPEN_IF, 0, 0, 0},
    };
    for (unsigned i = 0; i < ARRAYSIZE(bad); i++)
        CHECK_EQUAL(NtCreateNamedPipeFile(&pipe, bad[i].access, &attributes, &io, bad[i].sharing,
                                          bad[i].disposition, bad[i].options, 0, bad[i].read_mode, 0,
                                          bad[i].instances, 100, 100, &timeout),
                    STATUS_INVALID_PARAMETER);
}

static void test_anonymous(void)
{
    HANDLE read, write;
    struct {
        FILE_NAME_INFORMATION info;
        WCHAR more[100];
    } name = {};
    IO_STATUS_BLOCK io;
    CHECK(CreatePipe(&read, &write, NULL, 0), "%lu", GetLastError());
    CHECK_EQUAL(NtQueryInformationFile(write, &io, &name, sizeof name, FileNameInformation), 0);
    CHECK(!memcmp(name.info.FileName, L"\\Win32Pipes.", 24), "%ls", name.info.FileName);
    NtClose(read);
    NtClose(write);
}

int main(void)
{
    test_arguments();
    test_names();
    test_anonymous();
    return check_summary();
}
