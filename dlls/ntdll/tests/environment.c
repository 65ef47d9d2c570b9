// Environment variables and blocks.
#include "nt/nt.h"
#include "check.h"
#include <string.h>
#include <wchar.h>

static void test_variables(void)
{
    WCHAR buffer[100];

    CHECK(SetEnvironmentVariableW(L"LowlandTest", L"one"), "set");
    CHECK_EQUAL(GetEnvironmentVariableW(L"LOWLANDTEST", buffer, 100), 3);
    CHECK(!wcscmp(buffer, L"one"), "%ls", buffer);
    CHECK_EQUAL(GetEnvironmentVariableW(L"LowlandTest", buffer, 3), 4);
    CHECK(SetEnvironmentVariableW(L"lowlandtest", L"a longer value"), "longer");
    CHECK_EQUAL(GetEnvironmentVariableW(L"LowlandTest", buffer, 100), 14);
    CHECK(SetEnvironmentVariableW(L"lowlandtest", L""), "empty");
    SetLastError(0xDEAD);
    CHECK_EQUAL(GetEnvironmentVariableW(L"LowlandTest", buffer, 100), 0);
    CHECK(SetEnvironmentVariableW(L"lowlandtest", NULL), "delete");
    CHECK_EQUAL(GetEnvironmentVariableW(L"LowlandTest", buffer, 100), 0);
    CHECK_EQUAL(GetLastError(), ERROR_ENVVAR_NOT_FOUND);
    CHECK(!SetEnvironmentVariableW(L"", L"x"), "no name");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(!SetEnvironmentVariableW(L"a=b", L"x"), "bad name");
    CHECK(SetEnvironmentVariableW(L"=X:", L"X:\\"), "drive");
    CHECK_EQUAL(GetEnvironmentVariableW(L"=X:", buffer, 100), 3);
}

static void test_block(void)
{
    static const WCHAR wanted[] = L"alpha=1\0Beta=22\0gamma=\0";
    UNICODE_STRING name, value;
    WCHAR buffer[20];
    PVOID block = NULL;

    CHECK_EQUAL(RtlCreateEnvironment(FALSE, &block), STATUS_SUCCESS);
    RtlInitUnicodeString(&name, L"alpha");
    RtlInitUnicodeString(&value, L"1");
    CHECK_EQUAL(RtlSetEnvironmentVariable(&block, &name, &value), STATUS_SUCCESS);
    RtlInitUnicodeString(&name, L"Beta");
    RtlInitUnicodeString(&value, L"2");
    CHECK_EQUAL(RtlSetEnvironmentVariable(&block, &name, &value), STATUS_SUCCESS);
    RtlInitUnicodeString(&name, L"Beta");
    RtlInitUnicodeString(&value, L"22");
    CHECK_EQUAL(RtlSetEnvironmentVariable(&block, &name, &value), STATUS_SUCCESS);
    RtlInitUnicodeString(&name, L"gamma");
    RtlInitUnicodeString(&value, L"");
    CHECK_EQUAL(RtlSetEnvironmentVariable(&block, &name, &value), STATUS_SUCCESS);
    RtlInitUnicodeString(&name, L"Beta");
    CHECK(!memcmp(block, wanted, sizeof(wanted)), "%ls", (WCHAR *)block);
    value.Buffer = buffer;
    value.MaximumLength = sizeof(buffer);
    CHECK_EQUAL(RtlQueryEnvironmentVariable_U(block, &name, &value), STATUS_SUCCESS);
    CHECK_EQUAL(value.Length, 4);
    value.MaximumLength = 2;
    CHECK_EQUAL(RtlQueryEnvironmentVariable_U(block, &name, &value), STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(value.Length, 4);
    RtlInitUnicodeString(&name, L"none");
    CHECK_EQUAL(RtlQueryEnvironmentVariable_U(block, &name, &value), STATUS_VARIABLE_NOT_FOUND);
    RtlInitUnicodeString(&name, L"alpha");
    CHECK_EQUAL(RtlSetEnvironmentVariable(&block, &name, NULL), STATUS_SUCCESS);
    CHECK(!wcscmp(block, L"Beta=22"), "%ls", (WCHAR *)block);
    RtlDestroyEnvironment(block);
}

static void test_expand(void)
{
    static const struct {
        const WCHAR *source, *expanded;
    } tests[] = {
        {L"<%lowa%>", L"<value>"},
        {L"%nosuch%%lowa%", L"%nosuch%value"},
        {L"50% of %LOWA%", L"50% of %LOWA%"},
        {L"100%", L"100%"},
        {L"%%", L"%%"},
        {L"", L""},
    };
    WCHAR buffer[100];

    SetEnvironmentVariableW(L"LOWA", L"value");
    for (unsigned i = 0; i < ARRAYSIZE(tests); i++) {
        DWORD n = ExpandEnvironmentStringsW(tests[i].source, buffer, 100);

        CHECK(n == wcslen(tests[i].expanded) + 1, "%u: %lu", i, n);
        CHECK(!wcscmp(buffer, tests[i].expanded), "%u: %ls", i, buffer);
    }
    CHECK(ExpandEnvironmentStringsW(L"%LOWA%%LOWA%", buffer, 5) == 11, "size needed");
}

int main(void)
{
    test_variables();
    test_block();
    test_expand();
    return check_summary();
}
