// Transactions of the registry: what is seen of them before and after their ends, who loses a conflict, and
// that a killed process leaves nothing.
// link: -lktmw32 -ladvapi32
#include <windows.h>
#include <ktmw32.h>
#include <stdio.h>
#include "tests/check.h"
#include "tests/child.h"

enum { // mingw-w64 lacks them
    CONFLICT = 6800,
    NOT_ACTIVE = 6701,
    ALREADY_ABORTED = 6704,
    ALREADY_COMMITTED = 6705,
    NOT_FOUND = 6715,
};

static const char root_path[] = "Software\\LowlandTransactions";
static HKEY root;

static HANDLE begin(void)
{
    HANDLE transaction = CreateTransaction(NULL, NULL, 0, 0, 0, 0, NULL);
    CHECK(transaction != INVALID_HANDLE_VALUE, "no transaction: %lu", GetLastError());
    return transaction;
}

static HKEY make(HANDLE transaction, HKEY parent, const char *path, DWORD expected)
{
    HKEY key = NULL;
    DWORD disposition = 0;
    CHECK_EQUAL(RegCreateKeyTransactedA(parent, path, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, &disposition,
                                        transaction, NULL),
                0);
    CHECK_EQUAL(disposition, expected);
    return key;
}

static LSTATUS set(HKEY key, const char *name, DWORD value)
{
    return RegSetValueExA(key, name, 0, REG_DWORD, (BYTE *)&value, sizeof(value));
}

static DWORD get(HKEY key, const char *name)
{
    DWORD value = 0, size = sizeof(value);
    LSTATUS error = RegQueryValueExA(key, name, NULL, NULL, (BYTE *)&value, &size);
    return error ? (DWORD)-error : value;
}

static BOOL exists(const char *path)
{
    HKEY key;
    if (RegOpenKeyExA(root, path, 0, KEY_READ, &key)) return FALSE;
    RegCloseKey(key);
    return TRUE;
}

static DWORD count_keys(HKEY key)
{
    DWORD n = 0;
    CHECK_EQUAL(RegQueryInfoKeyA(key, NULL, NULL, NULL, &n, NULL, NULL, NULL, NULL, NULL, NULL, NULL), 0);
    return n;
}

static void test_commit(void)
{
    HANDLE transaction = begin();
    char name[32];
    DWORD size = sizeof(name);
    HKEY key = make(transaction, root, "a\\b\\c", REG_CREATED_NEW_KEY), again, parent;
    CHECK_EQUAL(set(key, "one", 1), 0);
    CHECK_EQUAL(set(key, "two", 2), 0);
    CHECK_EQUAL(set(key, "one", 11), 0);
    CHECK_EQUAL(RegDeleteValueA(key, "two"), 0);
    CHECK_EQUAL(RegDeleteValueA(key, "two"), ERROR_FILE_NOT_FOUND);
    // In it all is there, outside nothing.
    CHECK_EQUAL(get(key, "one"), 11);
    CHECK(!exists("a"), "a is there already");
    again = make(transaction, root, "a\\b\\c", REG_OPENED_EXISTING_KEY);
    CHECK_EQUAL(get(again, "one"), 11);
    CHECK_EQUAL(RegEnumValueA(again, 0, name, &size, NULL, NULL, NULL, NULL), 0);
    CHECK(!strcmp(name, "one"), "%s", name);
    size = sizeof(name);
    CHECK_EQUAL(RegEnumValueA(again, 1, name, &size, NULL, NULL, NULL, NULL), ERROR_NO_MORE_ITEMS);
    RegCloseKey(again);
    CHECK_EQUAL(RegOpenKeyTransactedA(root, "a\\b", 0, KEY_ALL_ACCESS, &parent, transaction, NULL), 0);
    CHECK_EQUAL(count_keys(parent), 1);
    CHECK_EQUAL(RegEnumKeyA(parent, 0, name, sizeof(name)), 0);
    CHECK(!strcmp(name, "c"), "%s", name);
    // What is opened below a key of the transaction is of it too.
    CHECK_EQUAL(RegOpenKeyExA(parent, "c", 0, KEY_READ, &again), 0);
    RegCloseKey(again);
    RegCloseKey(parent);
    CHECK_EQUAL(count_keys(root), 0);
    CHECK_EQUAL(WaitForSingleObject(transaction, 0), WAIT_TIMEOUT);

    CHECK(CommitTransaction(transaction), "%lu", GetLastError());
    CHECK_EQUAL(WaitForSingleObject(transaction, 0), WAIT_OBJECT_0);
    CHECK(exists("a\\b\\c"), "a\\b\\c is missing");
    CHECK_EQUAL(set(key, "three", 3), NOT_ACTIVE);
    CHECK_EQUAL(get(key, "one"), (DWORD)-NOT_ACTIVE);
    RegCloseKey(key);
    CHECK_EQUAL(RegOpenKeyExA(root, "a\\b\\c", 0, KEY_READ, &key), 0);
    CHECK_EQUAL(get(key, "one"), 11);
    RegCloseKey(key);
    CHECK(!CommitTransaction(transaction) && GetLastError() == ALREADY_COMMITTED, "%lu", GetLastError());
    CHECK(!RollbackTransaction(transaction) && GetLastError() == ALREADY_COMMITTED, "%lu", GetLastError());
    CloseHandle(transaction);
}

static void test_rollback(void)
{
    HANDLE transaction = begin();
    HKEY key, other;
    CHECK_EQUAL(RegOpenKeyTransactedA(root, "a\\b\\c", 0, KEY_ALL_ACCESS, &key, transaction, NULL), 0);
    CHECK_EQUAL(set(key, "one", 99), 0);
    RegCloseKey(key);
    CHECK_EQUAL(RegDeleteKeyTransactedA(root, "a\\b", 0, 0, transaction, NULL), ERROR_ACCESS_DENIED);
    CHECK_EQUAL(RegDeleteKeyTransactedA(root, "a\\b\\c", 0, 0, transaction, NULL), 0);
    CHECK_EQUAL(RegDeleteKeyTransactedA(root, "a\\b\\c", 0, 0, transaction, NULL), ERROR_FILE_NOT_FOUND);
    CHECK_EQUAL(RegDeleteKeyTransactedA(root, "a\\b", 0, 0, transaction, NULL), 0);
    key = make(transaction, root, "d", REG_CREATED_NEW_KEY);
    CHECK(exists("a\\b\\c") && !exists("d"), "seen before its end");
    CHECK(RollbackTransaction(transaction), "%lu", GetLastError());
    CHECK(exists("a\\b\\c") && !exists("d"), "seen after its end");
    CHECK_EQUAL(set(key, "one", 1), NOT_ACTIVE);
    CHECK_EQUAL(RegOpenKeyTransactedA(root, "a", 0, KEY_READ, &other, transaction, NULL), NOT_ACTIVE);
    RegCloseKey(key);
    CHECK(!CommitTransaction(transaction) && GetLastError() == ALREADY_ABORTED, "%lu", GetLastError());
    CloseHandle(transaction);

    // Nobody can commit it once its last handle is closed.
    transaction = begin();
    key = make(transaction, root, "d", REG_CREATED_NEW_KEY);
    CloseHandle(transaction);
    CHECK_EQUAL(set(key, "one", 1), NOT_ACTIVE);
    RegCloseKey(key);
    CHECK(!exists("d"), "kept");
}

static void test_conflicts(void)
{
    HANDLE first = begin(), second = begin();
    HKEY key, key_1, key_2;
    CHECK_EQUAL(RegOpenKeyTransactedA(root, "a", 0, KEY_ALL_ACCESS, &key_1, first, NULL), 0);
    CHECK_EQUAL(RegOpenKeyTransactedA(root, "a", 0, KEY_ALL_ACCESS, &key_2, second, NULL), 0);
    CHECK_EQUAL(set(key_1, "x", 1), 0);
    CHECK_EQUAL(set(key_2, "x", 2), CONFLICT);
    CHECK_EQUAL(get(key_2, "x"), (DWORD)-ERROR_FILE_NOT_FOUND);
    CHECK(CommitTransaction(first), "%lu", GetLastError());
    CHECK_EQUAL(set(key_2, "x", 2), 0); // the key is free again
    CHECK_EQUAL(get(key_2, "x"), 2);
    // Who needs no transaction has the key: the transaction is lost.
    CHECK_EQUAL(RegOpenKeyExA(root, "a", 0, KEY_ALL_ACCESS, &key), 0);
    CHECK_EQUAL(set(key, "x", 3), 0);
    CHECK_EQUAL(set(key_2, "y", 4), NOT_ACTIVE);
    CHECK(!CommitTransaction(second) && GetLastError() == ALREADY_ABORTED, "%lu", GetLastError());
    CHECK_EQUAL(get(key, "x"), 3);
    CHECK_EQUAL(get(key, "y"), (DWORD)-ERROR_FILE_NOT_FOUND);
    RegCloseKey(key);
    RegCloseKey(key_1);
    RegCloseKey(key_2);
    CloseHandle(first);
    CloseHandle(second);

    // Different new subkeys are none.
    first = begin(), second = begin();
    key_1 = make(first, root, "first", REG_CREATED_NEW_KEY);
    key_2 = make(second, root, "second", REG_CREATED_NEW_KEY);
    CHECK(CommitTransaction(second), "%lu", GetLastError());
    CHECK(CommitTransaction(first), "%lu", GetLastError());
    CHECK(exists("first") && exists("second"), "a key is missing");
    RegCloseKey(key_1);
    RegCloseKey(key_2);
    CloseHandle(first);
    CloseHandle(second);
}

static void test_information(void)
{
    WCHAR text[65];
    DWORD outcome, level, flags, timeout;
    GUID id, again;
    HKEY key;
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL), other;
    HANDLE transaction = CreateTransaction(NULL, NULL, 0, 0, 0, 60000, (WCHAR *)L"what for");
    CHECK(GetTransactionInformation(transaction, &outcome, &level, &flags, &timeout, 65, text), "%lu",
          GetLastError());
    CHECK_EQUAL(outcome, TransactionOutcomeUndetermined);
    CHECK_EQUAL(timeout, 60000);
    CHECK(!lstrcmpW(text, L"what for"), "another description");
    CHECK(!GetTransactionInformation(transaction, NULL, NULL, NULL, NULL, 3, text), "fits");
    CHECK(SetTransactionInformation(transaction, 0, 0, 0, (WCHAR *)L"other"), "%lu", GetLastError());
    CHECK(GetTransactionInformation(transaction, NULL, NULL, NULL, &timeout, 65, text), "%lu",
          GetLastError());
    CHECK(!timeout && !lstrcmpW(text, L"other"), "nothing was set");
    CHECK(GetTransactionId(transaction, &id), "%lu", GetLastError());
    other = OpenTransaction(TRANSACTION_ALL_ACCESS, &id);
    CHECK(GetTransactionId(other, &again) && IsEqualGUID(&id, &again), "another transaction");
    CHECK(RollbackTransaction(other), "%lu", GetLastError());
    CHECK(GetTransactionInformation(transaction, &outcome, NULL, NULL, NULL, 0, NULL), "%lu", GetLastError());
    CHECK_EQUAL(outcome, TransactionOutcomeAborted);
    CloseHandle(other);
    CloseHandle(transaction);
    CHECK(OpenTransaction(TRANSACTION_ALL_ACCESS, &id) == INVALID_HANDLE_VALUE && GetLastError() == NOT_FOUND,
          "%lu", GetLastError());

    CHECK(!CommitTransaction(event) && GetLastError() == ERROR_INVALID_HANDLE, "%lu", GetLastError());
    CHECK(!GetTransactionId(NULL, &id) && GetLastError() == ERROR_INVALID_HANDLE, "%lu", GetLastError());
    CHECK_EQUAL(RegOpenKeyTransactedA(root, "a", 0, KEY_READ, &key, event, NULL), ERROR_INVALID_HANDLE);
    CHECK_EQUAL(RegOpenKeyTransactedA(root, "a", 0, KEY_READ, &key, NULL, NULL), ERROR_INVALID_HANDLE);
    CHECK_EQUAL(RegOpenKeyTransactedA(root, "a", 0, KEY_READ, &key, event, &key), ERROR_INVALID_PARAMETER);
    CloseHandle(event);

    // The transaction of a thread is what it left itself.
    HMODULE ntdll = GetModuleHandleA("ntdll.dll");
    HANDLE(WINAPI * current)
    (void) = (HANDLE(WINAPI *)(void))(void (*)(void))GetProcAddress(ntdll, "RtlGetCurrentTransaction");
    BOOL(WINAPI * set_current)
    (HANDLE) = (BOOL(WINAPI *)(HANDLE))(void (*)(void))GetProcAddress(ntdll, "RtlSetCurrentTransaction");
    CHECK(!current() && set_current((HANDLE)4) && current() == (HANDLE)4, "another transaction");
    set_current(NULL);

    // One that takes too long.
    transaction = CreateTransaction(NULL, NULL, 0, 0, 0, 1, NULL);
    CHECK_EQUAL(WaitForSingleObject(transaction, 60000), WAIT_OBJECT_0);
    CHECK(!CommitTransaction(transaction) && GetLastError() == ALREADY_ABORTED, "%lu", GetLastError());
    CloseHandle(transaction);
}

static void test_kill(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, "LowlandTransactionsReady");
    PROCESS_INFORMATION child = child_start("child", 0);
    HANDLE ends[] = {event, child.hProcess};
    CHECK_EQUAL(WaitForMultipleObjects(2, ends, FALSE, 60000), WAIT_OBJECT_0);
    CHECK(!exists("killed"), "seen in another process");
    TerminateProcess(child.hProcess, 7);
    CHECK_EQUAL(child_end(child), 7);
    CHECK(!exists("killed"), "left behind");
    CloseHandle(event);
}

static int child(void)
{
    HKEY key = make(begin(), root, "killed", REG_CREATED_NEW_KEY);
    if (set(key, "one", 1)) return 1;
    SetEvent(OpenEventA(EVENT_ALL_ACCESS, FALSE, "LowlandTransactionsReady"));
    Sleep(INFINITE);
    return 0;
}

int main(int argc, char **argv)
{
    (void)argv;
    RegCreateKeyA(HKEY_CURRENT_USER, root_path, &root);
    if (argc > 1) return child();
    test_commit();
    test_rollback();
    test_conflicts();
    test_information();
    test_kill();
    RegDeleteTreeA(root, NULL);
    RegCloseKey(root);
    RegDeleteKeyA(HKEY_CURRENT_USER, root_path);
    return check_summary();
}
