// Credentials: kept, found again, enumerated, deleted; user names that stand for credentials.
// link: -ladvapi32
#include <windows.h>
#include <wincred.h>
#include <string.h>
#include "tests/check.h"

#define TARGET "lowland credential test"

static void test_store(void)
{
    BYTE secret[] = {1, 2, 3, 0, 4}, value[] = {9, 8};
    CREDENTIAL_ATTRIBUTEA attribute = {(char *)"lowland_key", 0, sizeof(value), value};
    CREDENTIALA given = {.Type = CRED_TYPE_GENERIC,
                         .TargetName = (char *)TARGET,
                         .Comment = (char *)"comment",
                         .CredentialBlobSize = sizeof(secret),
                         .CredentialBlob = secret,
                         .Persist = CRED_PERSIST_LOCAL_MACHINE,
                         .AttributeCount = 1,
                         .Attributes = &attribute,
                         .UserName = (char *)"user"};
    CREDENTIALA *read = NULL, **all = NULL;
    DWORD count = 0;
    CHECK(CredWriteA(&given, 0));
    CHECK(CredReadA("LOWLAND Credential TEST", CRED_TYPE_GENERIC, 0, &read));
    CHECK_EQUAL(read->CredentialBlobSize, sizeof(secret));
    CHECK(memcmp(read->CredentialBlob, secret, sizeof(secret)) == 0);
    CHECK(strcmp(read->UserName, "user") == 0);
    CHECK_EQUAL(read->AttributeCount, 1);
    CHECK(memcmp(read->Attributes[0].Value, value, sizeof(value)) == 0);
    CredFree(read);
    CHECK(CredEnumerateA("lowland*", 0, &count, &all));
    CHECK_EQUAL(count, 1);
    CHECK(strcmp(all[0]->TargetName, TARGET) == 0);
    CredFree(all);
    CHECK(CredDeleteA(TARGET, CRED_TYPE_GENERIC, 0));
    CHECK(!CredReadA(TARGET, CRED_TYPE_GENERIC, 0, &read));
    CHECK_EQUAL(GetLastError(), ERROR_NOT_FOUND);
}

static void test_marshalling(void)
{
    USERNAME_TARGET_CREDENTIAL_INFO user = {(WCHAR *)L"test"};
    char *text = NULL;
    void *back = NULL;
    CRED_MARSHAL_TYPE type;
    CHECK(CredMarshalCredentialA(UsernameTargetCredential, &user, &text));
    CHECK(strcmp(text, "@@CIAAAAA0BQZAMHA0BA") == 0, "%s", text);
    CHECK(CredIsMarshaledCredentialA(text));
    CHECK(CredUnmarshalCredentialA(text, &type, &back));
    CHECK(lstrcmpW(((USERNAME_TARGET_CREDENTIAL_INFO *)back)->UserName, L"test") == 0);
    CredFree(back);
    CredFree(text);
    CHECK(!CredIsMarshaledCredentialA("@@C"));
}

int main(void)
{
    test_store();
    test_marshalling();
    return check_summary();
}
