// Jobs and suspended processes: the test starts itself as what is put into jobs.
#include <windows.h>
#include <winternl.h>
#include "tests/check.h"
#include <stdlib.h>
#include <string.h>

enum { SOON = 20000 };
static char self[MAX_PATH];

// --- the other side

// Starts a child that waits and ends with its process id as an event's name told.
static BOOL start(const char *role, DWORD flags, PROCESS_INFORMATION *process)
{
    STARTUPINFOA info = {.cb = sizeof(info)};
    char line[MAX_PATH + 80];
    snprintf(line, sizeof(line), "\"%s\" %s", self, role);
    return CreateProcessA(NULL, line, NULL, NULL, FALSE, flags, NULL, NULL, &info, process);
}

static int grandchild(void)
{
    PROCESS_INFORMATION process;
    if (!start("wait", 0, &process)) return 1;
    Sleep(INFINITE);
    return 2;
}

// Makes a job that kills its members and waits to be killed itself.
static int owner(DWORD member)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {.BasicLimitInformation.LimitFlags =
                                                       JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE};
    HANDLE job = CreateJobObjectA(NULL, NULL), process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, member);
    HANDLE ready = OpenEventA(EVENT_MODIFY_STATE, FALSE, "lowland-jobs-ready");
    if (!SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof(limits))) return 1;
    if (!AssignProcessToJobObject(job, process)) return 2;
    SetEvent(ready);
    Sleep(INFINITE);
    return 3;
}

static void finish(PROCESS_INFORMATION *process)
{
    TerminateProcess(process->hProcess, 0);
    CHECK_EQUAL(WaitForSingleObject(process->hProcess, SOON), WAIT_OBJECT_0);
    CloseHandle(process->hProcess);
    CloseHandle(process->hThread);
}

// --- tests

static void check_counts(HANDLE job, DWORD total, DWORD active)
{
    JOBOBJECT_BASIC_ACCOUNTING_INFORMATION info;
    CHECK(QueryInformationJobObject(job, JobObjectBasicAccountingInformation, &info, sizeof(info), NULL));
    CHECK_EQUAL(info.TotalProcesses, total);
    CHECK_EQUAL(info.ActiveProcesses, active);
}

static BOOL is_in(HANDLE process, HANDLE job)
{
    BOOL in = 2;
    CHECK(IsProcessInJob(process, job, &in));
    return in;
}

static void test_members(void)
{
    HANDLE job = CreateJobObjectA(NULL, NULL), other = CreateJobObjectA(NULL, NULL);
    PROCESS_INFORMATION process;
    DWORD code;
    CHECK(start("wait", 0, &process));
    CHECK(!is_in(process.hProcess, job));
    check_counts(job, 0, 0);
    CHECK(AssignProcessToJobObject(job, process.hProcess));
    CHECK(AssignProcessToJobObject(job, process.hProcess), "again");
    CHECK(is_in(process.hProcess, job));
    CHECK(is_in(process.hProcess, NULL));
    CHECK(!is_in(process.hProcess, other));
    check_counts(job, 1, 1);
    CHECK_EQUAL(WaitForSingleObject(job, 0), WAIT_TIMEOUT);
    CHECK(TerminateJobObject(job, 0x12345678));
    CHECK_EQUAL(WaitForSingleObject(process.hProcess, SOON), WAIT_OBJECT_0);
    CHECK(GetExitCodeProcess(process.hProcess, &code));
    CHECK_EQUAL(code, 0x12345678);
    CHECK_EQUAL(WaitForSingleObject(job, 0), WAIT_OBJECT_0);
    CHECK(is_in(process.hProcess, job), "an ended process was in it");
    check_counts(job, 1, 0);
    CHECK(!AssignProcessToJobObject(other, process.hProcess));
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    CloseHandle(process.hProcess);
    CloseHandle(process.hThread);
    CloseHandle(job);
    CloseHandle(other);
}

static void test_list(void)
{
    HANDLE job = CreateJobObjectA(NULL, NULL);
    PROCESS_INFORMATION first, second;
    ULONG_PTR buffer[8];
    JOBOBJECT_BASIC_PROCESS_ID_LIST *list = (void *)buffer;
    DWORD size;
    CHECK(start("wait", 0, &first) && start("wait", 0, &second));
    CHECK(AssignProcessToJobObject(job, second.hProcess) && AssignProcessToJobObject(job, first.hProcess));
    CHECK(QueryInformationJobObject(job, JobObjectBasicProcessIdList, list, sizeof(buffer), &size));
    CHECK_EQUAL(size, 16);
    CHECK_EQUAL(list->NumberOfAssignedProcesses, 2);
    CHECK_EQUAL(list->ProcessIdList[0], second.dwProcessId);
    CHECK_EQUAL(list->ProcessIdList[1], first.dwProcessId);
    CHECK(!QueryInformationJobObject(job, JobObjectBasicProcessIdList, list, 12, &size));
    CHECK_EQUAL(GetLastError(), ERROR_MORE_DATA);
    CHECK(!QueryInformationJobObject(job, JobObjectBasicProcessIdList, list, 8, &size));
    CHECK_EQUAL(GetLastError(), ERROR_BAD_LENGTH);
    CHECK(!QueryInformationJobObject(job, JobObjectBasicProcessIdList, (void *)16, sizeof(buffer), &size));
    CHECK_EQUAL(GetLastError(), ERROR_NOACCESS);
    finish(&first);
    finish(&second);
    CloseHandle(job);
}

static void expect_message(HANDLE port, DWORD message, DWORD pid)
{
    OVERLAPPED *overlapped = NULL;
    ULONG_PTR key = 0;
    DWORD got = 0;
    CHECK(GetQueuedCompletionStatus(port, &got, &key, &overlapped, SOON));
    CHECK_EQUAL(got, message);
    CHECK_EQUAL(key, 77);
    CHECK_EQUAL((ULONG_PTR)overlapped, pid);
}

static void test_port(void)
{
    HANDLE job = CreateJobObjectA(NULL, NULL),
           port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    JOBOBJECT_ASSOCIATE_COMPLETION_PORT info = {(void *)77, port};
    PROCESS_INFORMATION first, second;
    CHECK(start("wait", 0, &first) && start("wait", 0, &second));
    CHECK(AssignProcessToJobObject(job, first.hProcess));
    CHECK(SetInformationJobObject(job, JobObjectAssociateCompletionPortInformation, &info, sizeof(info)));
    CHECK(AssignProcessToJobObject(job, second.hProcess));
    expect_message(port, JOB_OBJECT_MSG_NEW_PROCESS, first.dwProcessId);
    expect_message(port, JOB_OBJECT_MSG_NEW_PROCESS, second.dwProcessId);
    finish(&first);
    expect_message(port, JOB_OBJECT_MSG_EXIT_PROCESS, first.dwProcessId);
    TerminateProcess(second.hProcess, EXCEPTION_ACCESS_VIOLATION);
    expect_message(port, JOB_OBJECT_MSG_ABNORMAL_EXIT_PROCESS, second.dwProcessId);
    expect_message(port, JOB_OBJECT_MSG_ACTIVE_PROCESS_ZERO, 0);
    finish(&second);
    // What a member starts is a member, and told of by itself.
    CHECK(start("grandchild", CREATE_SUSPENDED, &first));
    CHECK(AssignProcessToJobObject(job, first.hProcess));
    ResumeThread(first.hThread);
    expect_message(port, JOB_OBJECT_MSG_NEW_PROCESS, first.dwProcessId);
    DWORD message = 0;
    ULONG_PTR key;
    OVERLAPPED *pid = NULL;
    CHECK(GetQueuedCompletionStatus(port, &message, &key, &pid, SOON));
    CHECK_EQUAL(message, JOB_OBJECT_MSG_NEW_PROCESS);
    check_counts(job, 4, 2);
    HANDLE grandchild = OpenProcess(SYNCHRONIZE, FALSE, (DWORD)(ULONG_PTR)pid);
    CHECK(grandchild != NULL);
    CHECK(TerminateJobObject(job, 3));
    CHECK_EQUAL(WaitForSingleObject(grandchild, SOON), WAIT_OBJECT_0);
    CloseHandle(grandchild);
    finish(&first);
    CloseHandle(port);
    CloseHandle(job);
}

static void test_kill_on_close(void)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {.BasicLimitInformation.LimitFlags =
                                                       JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE};
    HANDLE job = CreateJobObjectA(NULL, NULL), copy;
    PROCESS_INFORMATION process, killed;
    char role[32];
    CHECK(start("wait", 0, &process));
    CHECK(SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof(limits)));
    CHECK(AssignProcessToJobObject(job, process.hProcess));
    CHECK(DuplicateHandle(GetCurrentProcess(), job, GetCurrentProcess(), &copy, 0, FALSE,
                          DUPLICATE_SAME_ACCESS));
    CloseHandle(copy);
    CHECK_EQUAL(WaitForSingleObject(process.hProcess, 200), WAIT_TIMEOUT);
    CloseHandle(job);
    CHECK_EQUAL(WaitForSingleObject(process.hProcess, SOON), WAIT_OBJECT_0);
    finish(&process);
    // The owner need not close it: its end does, whatever it is.
    HANDLE ready = CreateEventA(NULL, FALSE, FALSE, "lowland-jobs-ready");
    CHECK(start("wait", 0, &process));
    snprintf(role, sizeof(role), "owner %lu", process.dwProcessId);
    CHECK(start(role, 0, &killed));
    CHECK_EQUAL(WaitForSingleObject(ready, SOON), WAIT_OBJECT_0);
    finish(&killed);
    CHECK_EQUAL(WaitForSingleObject(process.hProcess, SOON), WAIT_OBJECT_0);
    finish(&process);
    CloseHandle(ready);
}

static void test_limits(void)
{
    JOBOBJECT_BASIC_LIMIT_INFORMATION limits = {.LimitFlags = JOB_OBJECT_LIMIT_ACTIVE_PROCESS |
                                                              JOB_OBJECT_LIMIT_PRIORITY_CLASS,
                                                .ActiveProcessLimit = 1,
                                                .PriorityClass = BELOW_NORMAL_PRIORITY_CLASS},
                                      got;
    HANDLE job = CreateJobObjectA(NULL, NULL);
    PROCESS_INFORMATION first, second;
    CHECK(start("wait", 0, &first) && start("wait", 0, &second));
    CHECK(AssignProcessToJobObject(job, first.hProcess));
    CHECK(SetInformationJobObject(job, JobObjectBasicLimitInformation, &limits, sizeof(limits)));
    CHECK_EQUAL(GetPriorityClass(first.hProcess), BELOW_NORMAL_PRIORITY_CLASS);
    CHECK(QueryInformationJobObject(job, JobObjectBasicLimitInformation, &got, sizeof(got), NULL));
    CHECK_EQUAL(got.LimitFlags, limits.LimitFlags);
    CHECK_EQUAL(got.PriorityClass, BELOW_NORMAL_PRIORITY_CLASS);
    CHECK_EQUAL(got.ActiveProcessLimit, 1);
    CHECK(!AssignProcessToJobObject(job, second.hProcess));
    CHECK_EQUAL(GetLastError(), ERROR_NOT_ENOUGH_QUOTA);
    limits.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    CHECK(!SetInformationJobObject(job, JobObjectBasicLimitInformation, &limits, sizeof(limits)));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    finish(&first);
    CHECK(AssignProcessToJobObject(job, second.hProcess), "there is room again");
    finish(&second);
    CloseHandle(job);
}

static DWORD status_of(PROCESS_INFORMATION *process)
{
    DWORD status = 0;
    ResumeThread(process->hThread);
    CHECK_EQUAL(WaitForSingleObject(process->hProcess, SOON), WAIT_OBJECT_0);
    CHECK(GetExitCodeProcess(process->hProcess, &status));
    finish(process);
    return status;
}

static void test_memory_limit(void)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {
        .BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_PROCESS_MEMORY, .ProcessMemoryLimit = 40 << 20};
    HANDLE job = CreateJobObjectA(NULL, NULL);
    PROCESS_INFORMATION process;
    CHECK(SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof(limits)));
    CHECK(start("commit", CREATE_SUSPENDED, &process));
    CHECK(AssignProcessToJobObject(job, process.hProcess));
    CHECK_EQUAL(status_of(&process), ERROR_COMMITMENT_LIMIT);
    limits.BasicLimitInformation.LimitFlags = 0;
    CHECK(SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof(limits)));
    CHECK(start("commit", CREATE_SUSPENDED, &process));
    CHECK(AssignProcessToJobObject(job, process.hProcess));
    CHECK_EQUAL(status_of(&process), 0);
    // The sum of what several processes commit is not known.
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_JOB_MEMORY;
    CHECK(!SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof(limits)));
    CHECK_EQUAL(GetLastError(), ERROR_NOT_SUPPORTED);
    CloseHandle(job);
}

static void test_time_limits(void)
{
    JOBOBJECT_BASIC_LIMIT_INFORMATION limits = {.LimitFlags = JOB_OBJECT_LIMIT_PROCESS_TIME,
                                                .PerProcessUserTimeLimit.QuadPart = 1000000};
    HANDLE job = CreateJobObjectA(NULL, NULL);
    PROCESS_INFORMATION process;
    CHECK(SetInformationJobObject(job, JobObjectBasicLimitInformation, &limits, sizeof(limits)));
    CHECK(start("spin", CREATE_SUSPENDED, &process));
    CHECK(AssignProcessToJobObject(job, process.hProcess));
    CHECK_EQUAL(status_of(&process), ERROR_NOT_ENOUGH_QUOTA);
    limits.LimitFlags = JOB_OBJECT_LIMIT_JOB_TIME;
    limits.PerJobUserTimeLimit.QuadPart = 1000000;
    CHECK(SetInformationJobObject(job, JobObjectBasicLimitInformation, &limits, sizeof(limits)));
    CHECK(start("spin", CREATE_SUSPENDED, &process));
    CHECK(AssignProcessToJobObject(job, process.hProcess));
    CHECK_EQUAL(status_of(&process), ERROR_NOT_ENOUGH_QUOTA);
    CloseHandle(job);
}

// Waits for one message of a port among others; about which process it was.
static DWORD wait_message(HANDLE port, DWORD message)
{
    OVERLAPPED *overlapped = NULL;
    ULONG_PTR key;
    DWORD got = 0;
    do CHECK(GetQueuedCompletionStatus(port, &got, &key, &overlapped, SOON), "message %lu", message);
    while (got && got != message);
    return (DWORD)(ULONG_PTR)overlapped;
}

static void test_limit_messages(void)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION memory = {
        .BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_PROCESS_MEMORY, .ProcessMemoryLimit = 40 << 20};
    JOBOBJECT_BASIC_LIMIT_INFORMATION time = {.LimitFlags = JOB_OBJECT_LIMIT_JOB_TIME,
                                              .PerJobUserTimeLimit.QuadPart = 1000000};
    JOBOBJECT_END_OF_JOB_TIME_INFORMATION end = {JOB_OBJECT_POST_AT_END_OF_JOB};
    HANDLE job = CreateJobObjectA(NULL, NULL);
    HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    JOBOBJECT_ASSOCIATE_COMPLETION_PORT associate = {(void *)77, port};
    PROCESS_INFORMATION process;

    CHECK(SetInformationJobObject(job, JobObjectAssociateCompletionPortInformation, &associate,
                                  sizeof(associate)));
    CHECK(SetInformationJobObject(job, JobObjectExtendedLimitInformation, &memory, sizeof(memory)));
    CHECK(start("commit", CREATE_SUSPENDED, &process));
    CHECK(AssignProcessToJobObject(job, process.hProcess));
    ResumeThread(process.hThread);
    CHECK_EQUAL(wait_message(port, JOB_OBJECT_MSG_PROCESS_MEMORY_LIMIT), process.dwProcessId);
    finish(&process);
    memory.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_PROCESS_TIME;
    memory.BasicLimitInformation.PerProcessUserTimeLimit.QuadPart = 1000000;
    CHECK(SetInformationJobObject(job, JobObjectExtendedLimitInformation, &memory, sizeof(memory)));
    CHECK(start("spin", CREATE_SUSPENDED, &process));
    CHECK(AssignProcessToJobObject(job, process.hProcess));
    ResumeThread(process.hThread);
    CHECK_EQUAL(wait_message(port, JOB_OBJECT_MSG_END_OF_PROCESS_TIME), process.dwProcessId);
    CHECK_EQUAL(status_of(&process), ERROR_NOT_ENOUGH_QUOTA);
    // With a port to tell, the end of the job's time may leave its processes alone.
    CHECK(SetInformationJobObject(job, JobObjectEndOfJobTimeInformation, &end, sizeof(end)));
    CHECK(SetInformationJobObject(job, JobObjectBasicLimitInformation, &time, sizeof(time)));
    CHECK(start("spin", CREATE_SUSPENDED, &process));
    CHECK(AssignProcessToJobObject(job, process.hProcess));
    ResumeThread(process.hThread);
    CHECK_EQUAL(wait_message(port, JOB_OBJECT_MSG_END_OF_JOB_TIME), 0);
    CHECK_EQUAL(WaitForSingleObject(process.hProcess, 100), WAIT_TIMEOUT);
    CHECK(QueryInformationJobObject(job, JobObjectBasicLimitInformation, &time, sizeof(time), NULL));
    CHECK_EQUAL(time.LimitFlags & JOB_OBJECT_LIMIT_JOB_TIME, 0);
    finish(&process);
    CloseHandle(job);
    CloseHandle(port);
}

// Jobs that this process is in itself, and what its children begin with.
static void test_nesting(void)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {};
    HANDLE outer = CreateJobObjectA(NULL, NULL), inner = CreateJobObjectA(NULL, NULL);
    HANDLE stranger = CreateJobObjectA(NULL, NULL);
    PROCESS_INFORMATION process;
    CHECK(start("wait", 0, &process) && AssignProcessToJobObject(stranger, process.hProcess));
    CHECK(AssignProcessToJobObject(outer, GetCurrentProcess()));
    CHECK(AssignProcessToJobObject(inner, GetCurrentProcess()));
    CHECK(!AssignProcessToJobObject(stranger, GetCurrentProcess()), "it has a place elsewhere");
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    finish(&process);
    CHECK(start("wait", 0, &process));
    CHECK(is_in(process.hProcess, inner) && is_in(process.hProcess, outer));
    check_counts(outer, 2, 2);
    finish(&process);
    CHECK(!start("wait", CREATE_BREAKAWAY_FROM_JOB, &process));
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_BREAKAWAY_OK;
    CHECK(SetInformationJobObject(inner, JobObjectExtendedLimitInformation, &limits, sizeof(limits)));
    CHECK(start("wait", CREATE_BREAKAWAY_FROM_JOB, &process));
    CHECK(!is_in(process.hProcess, inner) && is_in(process.hProcess, outer));
    finish(&process);
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK;
    CHECK(SetInformationJobObject(inner, JobObjectExtendedLimitInformation, &limits, sizeof(limits)));
    CHECK(SetInformationJobObject(outer, JobObjectExtendedLimitInformation, &limits, sizeof(limits)));
    CHECK(start("wait", 0, &process));
    CHECK(!is_in(process.hProcess, NULL));
    finish(&process);
    CloseHandle(inner);
    CloseHandle(outer);
    CloseHandle(stranger);
}

static void test_suspension(void)
{
    NTSTATUS(NTAPI * suspend)(HANDLE) = (void *)GetProcAddress(GetModuleHandleA("ntdll"), "NtSuspendProcess");
    NTSTATUS(NTAPI * resume)(HANDLE) = (void *)GetProcAddress(GetModuleHandleA("ntdll"), "NtResumeProcess");
    PROCESS_INFORMATION process;
    HANDLE go = CreateEventA(NULL, TRUE, FALSE, "lowland-jobs-go");
    CHECK(start("go", 0, &process));
    CHECK_EQUAL(suspend(process.hProcess), 0);
    SetEvent(go);
    CHECK_EQUAL(WaitForSingleObject(process.hProcess, 200), WAIT_TIMEOUT);
    CHECK_EQUAL(SuspendThread(process.hThread), 1);
    CHECK_EQUAL(ResumeThread(process.hThread), 2);
    CHECK_EQUAL(resume(process.hProcess), 0);
    CHECK_EQUAL(WaitForSingleObject(process.hProcess, SOON), WAIT_OBJECT_0);
    CHECK_EQUAL(suspend((HANDLE)0x7ffc), 0xc0000008);
    CloseHandle(process.hProcess);
    CloseHandle(process.hThread);
    CloseHandle(go);
}

int main(int argc, char **argv)
{
    GetModuleFileNameA(NULL, self, sizeof(self));
    if (argc > 1 && !strcmp(argv[1], "wait")) Sleep(INFINITE);
    if (argc > 1 && !strcmp(argv[1], "spin"))
        for (volatile int i = 0;; i++) {
        }
    if (argc > 1 && !strcmp(argv[1], "commit"))
        return VirtualAlloc(NULL, 64 << 20, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) ? 0
                                                                                      : (int)GetLastError();
    if (argc > 1 && !strcmp(argv[1], "grandchild")) return grandchild();
    if (argc > 2 && !strcmp(argv[1], "owner")) return owner(strtoul(argv[2], NULL, 10));
    if (argc > 1 && !strcmp(argv[1], "go")) {
        HANDLE go = OpenEventA(SYNCHRONIZE, FALSE, "lowland-jobs-go");
        return go ? (int)WaitForSingleObject(go, SOON) : 1;
    }
    test_members();
    test_list();
    test_port();
    test_kill_on_close();
    test_limits();
    test_memory_limit();
    test_time_limits();
    test_limit_messages();
    test_suspension();
    test_nesting(); // last: this process stays in its jobs
    return check_summary();
}
