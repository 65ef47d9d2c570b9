// Providers of traced events, which nobody listens to: their handles and what a thread's activity is.
// link: -ladvapi32
#include <windows.h>
#include <evntprov.h>
#include <string.h>
#include "tests/check.h"

static const GUID id = {1, 2, 3, {4, 5, 6, 7, 8, 9, 10, 11}}, none;

static void *function(const char *name)
{
    void *found = (void *)GetProcAddress(GetModuleHandleA("advapi32"), name);
    CHECK(found, "%s", name);
    return found;
}

static void test_provider(void)
{
    ULONG(WINAPI * set)(REGHANDLE, int, void *, ULONG) = function("EventSetInformation");
    ULONG(WINAPI * transfer)
    (REGHANDLE, const EVENT_DESCRIPTOR *, const GUID *, const GUID *, ULONG, void *) =
        function("EventWriteTransfer");
    EVENT_DESCRIPTOR event = {};
    REGHANDLE handle = 0;

    CHECK_EQUAL(EventRegister(&id, NULL, NULL, &handle), ERROR_SUCCESS);
    CHECK_EQUAL(EventRegister(NULL, NULL, NULL, &handle), ERROR_INVALID_PARAMETER);
    CHECK(!EventEnabled(handle, &event), "nobody listens");
    CHECK_EQUAL(transfer(handle, &event, NULL, NULL, 0, NULL), ERROR_SUCCESS);
    CHECK_EQUAL(transfer(handle, &event, NULL, NULL, 1, NULL), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(set(handle, 2, (void *)"traits", 6), ERROR_SUCCESS);
    CHECK_EQUAL(set(0, 2, NULL, 0), ERROR_INVALID_HANDLE);
    CHECK_EQUAL(EventUnregister(handle), ERROR_SUCCESS);
    CHECK_EQUAL(EventUnregister(handle), ERROR_INVALID_HANDLE);
    CHECK_EQUAL(transfer(handle, &event, NULL, NULL, 0, NULL), ERROR_INVALID_HANDLE);
}

static void test_activity(void)
{
    ULONG(WINAPI * control)(ULONG, GUID *) = function("EventActivityIdControl");
    GUID first, second, activity = id;

    CHECK(control(1, &first) == 0 && !memcmp(&first, &none, sizeof(none)), "none yet");
    CHECK(control(2, &activity) == 0 && control(1, &first) == 0 && !memcmp(&first, &id, sizeof(id)), "set");
    CHECK(control(3, &first) == 0 && control(3, &second) == 0 && memcmp(&first, &second, sizeof(first)),
          "new ones differ");
    CHECK(control(5, &first) == 0 && !memcmp(&first, &id, sizeof(id)), "the old one");
    CHECK(control(1, &second) == 0 && memcmp(&second, &id, sizeof(id)), "and a new one");
    CHECK_EQUAL(control(9, &first), ERROR_INVALID_PARAMETER);
}

int main(void)
{
    test_provider();
    test_activity();
    CHECK(IsTextUnicode(L"plain text", 20, NULL), "wide text");
    return check_summary();
}
