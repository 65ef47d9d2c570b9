// The power status holds together, whatever the machine has.
#include <windows.h>
#include "tests/check.h"

int main(void)
{
    SYSTEM_POWER_STATUS status;

    memset(&status, 0x23, sizeof(status));
    CHECK(GetSystemPowerStatus(&status), "status: %lu", GetLastError());
    CHECK(status.ACLineStatus <= 1, "line %u", status.ACLineStatus);
    if (status.BatteryFlag == BATTERY_FLAG_NO_BATTERY) {
        CHECK_EQUAL(status.ACLineStatus, AC_LINE_ONLINE);
        CHECK_EQUAL(status.BatteryLifePercent, BATTERY_PERCENTAGE_UNKNOWN);
        CHECK_EQUAL(status.BatteryLifeTime, BATTERY_LIFE_UNKNOWN);
    } else {
        CHECK(status.BatteryLifePercent <= 100 || status.BatteryLifePercent == 255, "%u%%",
              status.BatteryLifePercent);
    }
    CHECK_EQUAL(SetThreadExecutionState(ES_CONTINUOUS | ES_SYSTEM_REQUIRED), ES_CONTINUOUS);
    CHECK_EQUAL(SetThreadExecutionState(ES_CONTINUOUS), ES_CONTINUOUS | ES_SYSTEM_REQUIRED);
    CHECK_EQUAL(SetThreadExecutionState(0x100), 0);
    return check_summary();
}
