// Atoms: local and global ones, numbers as names, counts, buffers that are too small, other processes.
// link: -lntdll -luser32
#include "nt/nt.h"
#include "nt/atom_name.h"
#include "ntdll.h"
#include "tests/check.h"
#include <string.h>

#define NAME "lowland-atoms-test"

static void test_counts(ATOM(WINAPI *add)(const char *), ATOM(WINAPI *find)(const char *),
                        ATOM(WINAPI *delete)(ATOM))
{
    ATOM atom = add(NAME);
    CHECK(atom >= 0xC000, "%x", atom);
    CHECK_EQUAL(add("LOWLAND-ATOMS-test"), atom);
    CHECK_EQUAL(delete (atom), 0);
    CHECK_EQUAL(find(NAME), atom);
    CHECK_EQUAL(delete (atom), 0);
    SetLastError(0);
    CHECK_EQUAL(find(NAME), 0);
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
    CHECK_EQUAL(delete (atom), atom);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
}

static void test_names(ATOM(WINAPI *add)(const char *))
{
    char text[257];
    SetLastError(0xdead);
    CHECK_EQUAL(add(NULL), 0);
    CHECK_EQUAL(GetLastError(), 0xdead);
    CHECK_EQUAL(add("#123"), 123);
    CHECK_EQUAL(add((char *)0xBFFF), 0xBFFF);
    CHECK_EQUAL(add((char *)0xC000), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(add("#49152"), 0);
    CHECK_EQUAL(add("#0"), 0);
    SetLastError(0);
    CHECK_EQUAL(add(""), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_NAME);
    memset(text, 'x', 256);
    text[256] = 0;
    CHECK_EQUAL(add(text), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    text[255] = 0;
    CHECK(add(text) >= 0xC000, "255 characters");
    CHECK(add("#12x") >= 0xC000, "no number");
}

// The two tables answer differently when a name does not fit.
static void test_short_buffers(void)
{
    char text[8];
    WCHAR wide[8];
    ATOM local = AddAtomA("foobar"), global = GlobalAddAtomA("foobar");
    CHECK_EQUAL(GetAtomNameA(local, text, 6), 5);
    CHECK(!strcmp(text, "fooba"), "%s", text);
    CHECK_EQUAL(GetAtomNameW(local, wide, 6), 5);
    CHECK(!wide[5], "no NUL");
    CHECK_EQUAL(GetAtomNameW(local, wide, 1), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    SetLastError(0);
    CHECK_EQUAL(GlobalGetAtomNameA(global, text, 6), 0);
    CHECK_EQUAL(GetLastError(), ERROR_MORE_DATA);
    CHECK(!strcmp(text, "fooba"), "%s", text);
    wide[6] = 'q';
    CHECK_EQUAL(GlobalGetAtomNameW(global, wide, 6), 6);
    CHECK(wide[5] == 'r' && wide[6] == 'q', "a NUL was written");
    CHECK_EQUAL(GlobalGetAtomNameW(global, wide, 7), 6);
    CHECK(!wide[6], "no NUL");
    CHECK_EQUAL(GlobalGetAtomNameA(0, text, 6), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(GlobalGetAtomNameA(77, text, 8), 3);
    CHECK(!strcmp(text, "#77"), "%s", text);
    DeleteAtom(local);
    GlobalDeleteAtom(global);
}

static void test_atom_table(void)
{
    RTL_ATOM_TABLE *table = NULL;
    RTL_ATOM atom = 0, other = 0;
    ULONG references = 0, pins = 9, length = 64;
    WCHAR name[32];
    CHECK_EQUAL(RtlCreateAtomTable(0, &table), STATUS_SUCCESS);
    CHECK_EQUAL(RtlAddAtomToAtomTable(table, L"one", &atom), STATUS_SUCCESS);
    CHECK_EQUAL(RtlAddAtomToAtomTable(table, L"ONE", &other), STATUS_SUCCESS);
    CHECK_EQUAL(atom, other);
    CHECK_EQUAL(RtlQueryAtomInAtomTable(table, atom, &references, &pins, name, &length), STATUS_SUCCESS);
    CHECK(references == 2 && pins == 0 && length == 6, "%lu %lu %lu", references, pins, length);
    length = 2;
    CHECK_EQUAL(RtlQueryAtomInAtomTable(table, atom, NULL, NULL, name, &length), STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(length, 6);
    CHECK_EQUAL(RtlPinAtomInAtomTable(table, atom), STATUS_SUCCESS);
    CHECK_EQUAL(RtlDeleteAtomFromAtomTable(table, atom), STATUS_WAS_LOCKED);
    CHECK_EQUAL(RtlAddAtomToAtomTable(table, L"two", &other), STATUS_SUCCESS);
    CHECK_EQUAL(RtlEmptyAtomTable(table, FALSE), STATUS_SUCCESS);
    CHECK_EQUAL(RtlLookupAtomInAtomTable(table, L"two", &other), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_EQUAL(RtlLookupAtomInAtomTable(table, L"one", &other), STATUS_SUCCESS);
    CHECK_EQUAL(RtlAddAtomToAtomTable(table, L"", &other), STATUS_OBJECT_NAME_INVALID);
    for (int i = 0; i < 300; i++) {
        wsprintfW(name, L"name %d", i);
        RtlAddAtomToAtomTable(table, name, &other);
    }
    CHECK_EQUAL(RtlLookupAtomInAtomTable(table, L"name 299", &other), STATUS_SUCCESS);
    CHECK_EQUAL(RtlDestroyAtomTable(table), STATUS_SUCCESS);
    CHECK_EQUAL(RtlAddAtomToAtomTable(NULL, L"x", &other), STATUS_INVALID_PARAMETER);
}

static void test_calls(void)
{
    ATOM_BASIC_INFORMATION *info = (ATOM_BASIC_INFORMATION *)(char[64]){0};
    RTL_ATOM atom = 0;
    ULONG used = 0;
    void *bad = (void *)0xFFFF0000;
    CHECK_EQUAL(NtAddAtom(L"some name", 8, &atom), STATUS_SUCCESS); // "some"
    CHECK_EQUAL(NtQueryInformationAtom(atom, AtomBasicInformation, info, 64, &used), STATUS_SUCCESS);
    CHECK(info->NameLength == 8 && !memcmp(info->Name, L"some", 10), "%u", info->NameLength);
    CHECK(info->UsageCount >= 1 && !info->Flags && used == 16, "%u %lu", info->UsageCount, used);
    CHECK_EQUAL(NtQueryInformationAtom(atom, AtomBasicInformation, info, 7, NULL),
                STATUS_INFO_LENGTH_MISMATCH);
    CHECK_EQUAL(NtQueryInformationAtom(atom, AtomBasicInformation, bad, 64, NULL), STATUS_ACCESS_VIOLATION);
    CHECK_EQUAL(NtAddAtom(bad, 8, &atom), STATUS_ACCESS_VIOLATION);
    CHECK_EQUAL(NtFindAtom(L"some", 8, NULL), STATUS_SUCCESS);
    CHECK_EQUAL(NtFindAtom(L"some", 512, NULL), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(NtDeleteAtom(atom), STATUS_SUCCESS);
    CHECK_EQUAL(NtDeleteAtom(0xFFFF), STATUS_INVALID_HANDLE);
}

// Run by test_processes in another process: what the parent added is there, with its number.
static int other_side(const char *program)
{
    (void)program;
    ATOM atom = GlobalFindAtomA(NAME);
    UINT message = RegisterWindowMessageA(NAME);
    GlobalAddAtomA(NAME "-child");
    return atom && message >= 0xC000 && message != atom ? atom ^ (int)message : 0;
}

static void test_processes(const char *program)
{
    STARTUPINFOA startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;
    char line[MAX_PATH + 16], name[64];
    DWORD code = 0;
    ATOM atom = GlobalAddAtomA(NAME);
    UINT message = RegisterWindowMessageA(NAME);
    snprintf(line, sizeof(line), "\"%s\" other", program);
    CHECK(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process), "no process");
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &code);
    CHECK_EQUAL(code, atom ^ message);
    ATOM left = GlobalFindAtomA(NAME "-child"); // outlives its maker
    CHECK(left, "the child's atom is gone");
    CHECK_EQUAL(GlobalDeleteAtom(left), 0);
    CHECK_EQUAL(RegisterClipboardFormatA(NAME), message);
    CHECK_EQUAL(GetClipboardFormatNameA(message, name, sizeof(name)), strlen(NAME));
    CHECK(!strcmp(name, NAME), "%s", name);
    CHECK_EQUAL(GetClipboardFormatNameA(CF_TEXT, name, sizeof(name)), 0);
    GlobalDeleteAtom(atom);
}

int main(int argc, char **argv)
{
    if (argc > 1) return other_side(argv[0]);
    test_counts(AddAtomA, FindAtomA, DeleteAtom);
    test_counts(GlobalAddAtomA, GlobalFindAtomA, GlobalDeleteAtom);
    test_names(AddAtomA);
    test_names(GlobalAddAtomA);
    test_short_buffers();
    test_atom_table();
    test_calls();
    test_processes(argv[0]);
    return check_summary();
}
