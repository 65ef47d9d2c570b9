// Power: batteries and line, and programs' wish that the machine stay awake.
#include "base.h"

// How much is left, in the words of SYSTEM_POWER_STATUS.
static BYTE battery_flag(const SYSTEM_BATTERY_STATE *state, BYTE percent)
{
    BYTE flag = 0;
    if (!state->BatteryPresent) return BATTERY_FLAG_NO_BATTERY;
    if (percent > 66) flag |= BATTERY_FLAG_HIGH;
    if (percent < 33) flag |= BATTERY_FLAG_LOW;
    if (percent < 5) flag |= BATTERY_FLAG_CRITICAL;
    return state->Charging ? flag | BATTERY_FLAG_CHARGING : flag;
}

static BYTE battery_percent(const SYSTEM_BATTERY_STATE *state)
{
    if (!state->BatteryPresent || !state->MaxCapacity) return BATTERY_PERCENTAGE_UNKNOWN;
    if (state->RemainingCapacity >= state->MaxCapacity) return 100;
    return (BYTE)((ULONGLONG)state->RemainingCapacity * 100 / state->MaxCapacity);
}

HOTPATCH BOOL WINAPI GetSystemPowerStatus(SYSTEM_POWER_STATUS *status)
{
    SYSTEM_BATTERY_STATE state;
    if (!bool_from_status(NtPowerInformation(SystemBatteryState, NULL, 0, &state, sizeof(state))))
        return FALSE;
    BYTE percent = battery_percent(&state);
    *status = (SYSTEM_POWER_STATUS){
        .ACLineStatus = state.AcOnLine ? AC_LINE_ONLINE : AC_LINE_OFFLINE,
        .BatteryFlag = battery_flag(&state, percent),
        .BatteryLifePercent = percent,
        .BatteryLifeTime = state.Discharging ? state.EstimatedTime : BATTERY_LIFE_UNKNOWN,
        .BatteryFullLifeTime = BATTERY_LIFE_UNKNOWN,
    };
    return TRUE;
}

// 0: a flag that does not exist.
HOTPATCH EXECUTION_STATE WINAPI SetThreadExecutionState(EXECUTION_STATE state)
{
    ULONG previous;
    return NT_SUCCESS(NtSetThreadExecutionState(state, &previous)) ? previous : 0;
}
