// The multimedia time and its timers; a machine without sound.
// link: -lwinmm
#include <windows.h>
#include <mmsystem.h>
#include "tests/check.h"

static HANDLE done;
static volatile LONG calls, in_callback;
static UINT current;

static void CALLBACK count(UINT id, UINT unused, DWORD_PTR user, DWORD_PTR a, DWORD_PTR b)
{
    (void)unused, (void)a, (void)b;
    CHECK_EQUAL(user, 0x55);
    if (InterlockedIncrement(&calls) == 3) {
        CHECK_EQUAL(timeKillEvent(id), TIMERR_NOERROR);
        SetEvent(done);
    }
}

static void CALLBACK slow(UINT id, UINT unused, DWORD_PTR user, DWORD_PTR a, DWORD_PTR b)
{
    (void)id, (void)unused, (void)user, (void)a, (void)b;
    in_callback = 1;
    SetEvent(done);
    Sleep(50);
    in_callback = 0;
}

static void test_periods(void)
{
    TIMECAPS caps;
    MMTIME time = {0};
    CHECK_EQUAL(timeGetDevCaps(&caps, sizeof(caps)), TIMERR_NOERROR);
    CHECK_EQUAL(caps.wPeriodMin, 1);
    CHECK_EQUAL(caps.wPeriodMax, 1000000);
    CHECK_EQUAL(timeGetDevCaps(NULL, sizeof(caps)), TIMERR_NOCANDO);
    CHECK_EQUAL(timeBeginPeriod(0), TIMERR_NOCANDO);
    CHECK_EQUAL(timeBeginPeriod(1), TIMERR_NOERROR);
    CHECK_EQUAL(timeBeginPeriod(1), TIMERR_NOERROR);
    CHECK_EQUAL(timeBeginPeriod(100), TIMERR_NOERROR);
    CHECK_EQUAL(timeEndPeriod(1), TIMERR_NOERROR);
    CHECK_EQUAL(timeEndPeriod(1), TIMERR_NOERROR);
    CHECK_EQUAL(timeEndPeriod(1), TIMERR_NOCANDO);
    CHECK_EQUAL(timeEndPeriod(100), TIMERR_NOERROR);
    DWORD before = timeGetTime();
    CHECK_EQUAL(timeGetSystemTime(&time, sizeof(time)), TIMERR_NOERROR);
    CHECK(time.wType == TIME_MS && time.u.ms - before < 0x10000000);
}

// Programs measure milliseconds by it, of which a tick of the clock has many.
static void test_steps(void)
{
    DWORD least = 100;
    timeBeginPeriod(1);
    for (int i = 0; i < 20; i++) {
        DWORD start = timeGetTime(), now;
        while ((now = timeGetTime()) == start) continue;
        if (now - start < least) least = now - start;
    }
    timeEndPeriod(1);
    CHECK(least < 10, "%lu ms", least);
}

static void test_events(void)
{
    done = CreateEvent(NULL, FALSE, FALSE, NULL);
    CHECK(!timeSetEvent(10, 0, NULL, 0, TIME_ONESHOT));
    CHECK(timeSetEvent(2, 0, count, 0x55, TIME_PERIODIC) != 0);
    CHECK_EQUAL(WaitForSingleObject(done, 10000), WAIT_OBJECT_0);
    CHECK_EQUAL(calls, 3);

    UINT id = timeSetEvent(1, 0, (LPTIMECALLBACK)done, 0, TIME_ONESHOT | TIME_CALLBACK_EVENT_SET);
    CHECK(id != 0);
    CHECK_EQUAL(WaitForSingleObject(done, 10000), WAIT_OBJECT_0);
    CHECK_EQUAL(timeKillEvent(id), MMSYSERR_INVALPARAM);

    id = timeSetEvent(500000, 0, (LPTIMECALLBACK)done, 0, TIME_ONESHOT | TIME_CALLBACK_EVENT_SET);
    CHECK_EQUAL(timeKillEvent(id), TIMERR_NOERROR);
    CHECK_EQUAL(timeKillEvent(id), MMSYSERR_INVALPARAM);

    current = timeSetEvent(1, 0, slow, 0, TIME_PERIODIC | TIME_KILL_SYNCHRONOUS);
    CHECK_EQUAL(WaitForSingleObject(done, 10000), WAIT_OBJECT_0);
    CHECK_EQUAL(timeKillEvent(current), TIMERR_NOERROR);
    CHECK_EQUAL(in_callback, 0);
}

// Where there is a device these say something else, on Windows too.
static void test_no_device(void)
{
    WAVEOUTCAPSW caps;
    WAVEFORMATEX format = {WAVE_FORMAT_PCM, 2, 44100, 176400, 4, 16, 0};
    HWAVEOUT wave;
    JOYINFO joystick;
    if (waveOutGetNumDevs()) return;
    CHECK_EQUAL(waveOutGetDevCapsW(0, &caps, sizeof(caps)), MMSYSERR_BADDEVICEID);
    CHECK_EQUAL(waveOutOpen(&wave, 0, &format, 0, 0, CALLBACK_NULL), MMSYSERR_BADDEVICEID);
    CHECK_EQUAL(waveOutClose(NULL), MMSYSERR_INVALHANDLE);
    CHECK_EQUAL(joyGetPos(0, &joystick), JOYERR_UNPLUGGED);
    CHECK(PlaySoundW(NULL, NULL, 0));
}

int main(void)
{
    test_no_device();
    test_periods();
    test_steps();
    test_events();
    return check_summary();
}
