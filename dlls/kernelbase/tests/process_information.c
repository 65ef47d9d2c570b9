// Information classes of processes and threads by their Win32 functions, and the firmware's tables.
#define _WIN32_WINNT 0x0A00
#define WINVER       0x0A00
#include <windows.h>
#include "tests/check.h"
#include <string.h>

static void test_process(void)
{
    MEMORY_PRIORITY_INFORMATION priority = {3};
    PROCESS_MITIGATION_DEP_POLICY dep;
    DWORD flags = 1;
    ULONG64 cycles = 0;
    USHORT groups[2] = {7, 7}, count = 2;

    CHECK(SetProcessInformation(GetCurrentProcess(), ProcessMemoryPriority, &priority, sizeof(priority)),
          "%lu", GetLastError());
    priority.MemoryPriority = 0;
    CHECK(GetProcessInformation(GetCurrentProcess(), ProcessMemoryPriority, &priority, sizeof(priority)),
          "%lu", GetLastError());
    CHECK_EQUAL(priority.MemoryPriority, 3);
    PROCESS_POWER_THROTTLING_STATE power = {PROCESS_POWER_THROTTLING_CURRENT_VERSION,
                                            PROCESS_POWER_THROTTLING_EXECUTION_SPEED, 0};
    CHECK(SetProcessInformation(GetCurrentProcess(), ProcessPowerThrottling, &power, sizeof(power)), "%lu",
          GetLastError());
    CHECK(!SetProcessInformation(GetCurrentProcess(), (PROCESS_INFORMATION_CLASS)99, &power, sizeof(power)) &&
              GetLastError() == ERROR_INVALID_PARAMETER,
          "%lu", GetLastError());
    CHECK(GetProcessMitigationPolicy(GetCurrentProcess(), ProcessDEPPolicy, &dep, sizeof(dep)), "%lu",
          GetLastError());
    CHECK(GetProcessMitigationPolicy(GetCurrentProcess(), ProcessASLRPolicy, &flags, sizeof(flags)), "%lu",
          GetLastError());
    flags = 1;
    CHECK(SetProcessMitigationPolicy(ProcessExtensionPointDisablePolicy, &flags, sizeof(flags)), "%lu",
          GetLastError());
    flags = 0;
    CHECK(GetProcessMitigationPolicy(GetCurrentProcess(), ProcessExtensionPointDisablePolicy, &flags,
                                     sizeof(flags)),
          "%lu", GetLastError());
    CHECK_EQUAL(flags, 1);
    flags = 1;
    CHECK(!SetProcessMitigationPolicy(ProcessDynamicCodePolicy, &flags, sizeof(flags)), "not enforced");
    CHECK(QueryProcessCycleTime(GetCurrentProcess(), &cycles), "%lu", GetLastError());
    CHECK(GetProcessGroupAffinity(GetCurrentProcess(), &count, groups) && count == 1 && groups[0] == 0, "%u",
          count);
    count = 0;
    CHECK(!GetProcessGroupAffinity(GetCurrentProcess(), &count, NULL) &&
              GetLastError() == ERROR_INSUFFICIENT_BUFFER && count == 1,
          "%lu", GetLastError());
}

static void test_thread(void)
{
    MEMORY_PRIORITY_INFORMATION priority = {2};
    CHECK(SetThreadInformation(GetCurrentThread(), ThreadMemoryPriority, &priority, sizeof(priority)), "%lu",
          GetLastError());
    priority.MemoryPriority = 0;
    CHECK(GetThreadInformation(GetCurrentThread(), ThreadMemoryPriority, &priority, sizeof(priority)), "%lu",
          GetLastError());
    CHECK_EQUAL(priority.MemoryPriority, 2);
    CHECK(
        !GetThreadInformation(GetCurrentThread(), (THREAD_INFORMATION_CLASS)99, &priority, sizeof(priority)),
        "99");
}

static void test_firmware(void)
{
    BYTE *table;
    FIRMWARE_TYPE type = FirmwareTypeUnknown;
    DWORD ids[4] = {9};
    const DWORD smbios = 0x52534D42;

    CHECK(GetFirmwareType(&type) && type != FirmwareTypeUnknown, "%d", type);
    CHECK_EQUAL(EnumSystemFirmwareTables(smbios, ids, sizeof(ids)), 4);
    CHECK_EQUAL(ids[0], 0);
    UINT size = GetSystemFirmwareTable(smbios, 0, NULL, 0);
    CHECK(size > 8, "%u", size);
    table = malloc(size);
    CHECK_EQUAL(GetSystemFirmwareTable(smbios, 0, table, size), size);
    DWORD length;
    memcpy(&length, table + 4, sizeof(length));
    CHECK_EQUAL(length, size - 8);
    free(table);
    CHECK(!GetSystemFirmwareTable(0x58585858, 0, NULL, 0), "no such provider");
}

int main(void)
{
    test_process();
    test_thread();
    test_firmware();
    return check_summary();
}
