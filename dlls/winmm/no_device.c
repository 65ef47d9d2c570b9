// Wave, MIDI, mixer and auxiliary devices, and joysticks, as a machine has them that has none: there are 0 of
// each, every number is a bad one, and as nothing was opened every handle is invalid.
#include "multimedia.h"

// Functions that always answer the same: what they are told can't be right.
#define ANSWER(type, code, name, parameters)                                                                 \
    HOTPATCH type WINAPI name parameters                                                                     \
    {                                                                                                        \
        return code;                                                                                         \
    }
#define NONE(name)                   ANSWER(UINT, 0, name, (void))
#define BAD_DEVICE(name, parameters) ANSWER(MMRESULT, MMSYSERR_BADDEVICEID, name, parameters)
#define BAD_HANDLE(name, parameters) ANSWER(MMRESULT, MMSYSERR_INVALHANDLE, name, parameters)

enum { JOYSTICKS = 16 }; // places for them, as Windows' driver has

NONE(waveOutGetNumDevs)
NONE(waveInGetNumDevs)
NONE(midiOutGetNumDevs)
NONE(midiInGetNumDevs)
NONE(mixerGetNumDevs)
NONE(auxGetNumDevs)

BAD_DEVICE(waveOutGetDevCapsA, (UINT_PTR, LPWAVEOUTCAPSA, UINT))
BAD_DEVICE(waveOutGetDevCapsW, (UINT_PTR, LPWAVEOUTCAPSW, UINT))
BAD_DEVICE(waveInGetDevCapsA, (UINT_PTR, LPWAVEINCAPSA, UINT))
BAD_DEVICE(waveInGetDevCapsW, (UINT_PTR, LPWAVEINCAPSW, UINT))
BAD_DEVICE(midiOutGetDevCapsA, (UINT_PTR, LPMIDIOUTCAPSA, UINT))
BAD_DEVICE(midiOutGetDevCapsW, (UINT_PTR, LPMIDIOUTCAPSW, UINT))
BAD_DEVICE(midiInGetDevCapsA, (UINT_PTR, LPMIDIINCAPSA, UINT))
BAD_DEVICE(midiInGetDevCapsW, (UINT_PTR, LPMIDIINCAPSW, UINT))
BAD_DEVICE(mixerGetDevCapsA, (UINT_PTR, LPMIXERCAPSA, UINT))
BAD_DEVICE(mixerGetDevCapsW, (UINT_PTR, LPMIXERCAPSW, UINT))
BAD_DEVICE(auxGetDevCapsA, (UINT_PTR, LPAUXCAPSA, UINT))
BAD_DEVICE(auxGetDevCapsW, (UINT_PTR, LPAUXCAPSW, UINT))
BAD_DEVICE(auxGetVolume, (UINT, LPDWORD))
BAD_DEVICE(auxSetVolume, (UINT, DWORD))

BAD_DEVICE(waveOutOpen, (LPHWAVEOUT, UINT, LPCWAVEFORMATEX, DWORD_PTR, DWORD_PTR, DWORD))
BAD_DEVICE(waveInOpen, (LPHWAVEIN, UINT, LPCWAVEFORMATEX, DWORD_PTR, DWORD_PTR, DWORD))
BAD_DEVICE(midiOutOpen, (LPHMIDIOUT, UINT, DWORD_PTR, DWORD_PTR, DWORD))
BAD_DEVICE(midiInOpen, (LPHMIDIIN, UINT, DWORD_PTR, DWORD_PTR, DWORD))
BAD_DEVICE(midiStreamOpen, (LPHMIDISTRM, LPUINT, DWORD, DWORD_PTR, DWORD_PTR, DWORD))
BAD_DEVICE(mixerOpen, (LPHMIXER, UINT, DWORD_PTR, DWORD_PTR, DWORD))
BAD_DEVICE(mixerGetLineInfoA, (HMIXEROBJ, LPMIXERLINEA, DWORD))
BAD_DEVICE(mixerGetLineInfoW, (HMIXEROBJ, LPMIXERLINEW, DWORD))
BAD_DEVICE(mixerGetLineControlsA, (HMIXEROBJ, LPMIXERLINECONTROLSA, DWORD))
BAD_DEVICE(mixerGetLineControlsW, (HMIXEROBJ, LPMIXERLINECONTROLSW, DWORD))
BAD_DEVICE(mixerGetControlDetailsA, (HMIXEROBJ, LPMIXERCONTROLDETAILS, DWORD))
BAD_DEVICE(mixerGetControlDetailsW, (HMIXEROBJ, LPMIXERCONTROLDETAILS, DWORD))
BAD_DEVICE(mixerSetControlDetails, (HMIXEROBJ, LPMIXERCONTROLDETAILS, DWORD))

BAD_HANDLE(waveOutClose, (HWAVEOUT))
BAD_HANDLE(waveOutPrepareHeader, (HWAVEOUT, LPWAVEHDR, UINT))
BAD_HANDLE(waveOutUnprepareHeader, (HWAVEOUT, LPWAVEHDR, UINT))
BAD_HANDLE(waveOutWrite, (HWAVEOUT, LPWAVEHDR, UINT))
BAD_HANDLE(waveOutPause, (HWAVEOUT))
BAD_HANDLE(waveOutRestart, (HWAVEOUT))
BAD_HANDLE(waveOutReset, (HWAVEOUT))
BAD_HANDLE(waveOutBreakLoop, (HWAVEOUT))
BAD_HANDLE(waveOutGetPosition, (HWAVEOUT, LPMMTIME, UINT))
BAD_HANDLE(waveOutGetPitch, (HWAVEOUT, LPDWORD))
BAD_HANDLE(waveOutSetPitch, (HWAVEOUT, DWORD))
BAD_HANDLE(waveOutGetPlaybackRate, (HWAVEOUT, LPDWORD))
BAD_HANDLE(waveOutSetPlaybackRate, (HWAVEOUT, DWORD))
BAD_HANDLE(waveOutGetID, (HWAVEOUT, LPUINT))
BAD_HANDLE(waveOutGetVolume, (HWAVEOUT, LPDWORD))
BAD_HANDLE(waveOutSetVolume, (HWAVEOUT, DWORD))
BAD_HANDLE(waveInClose, (HWAVEIN))
BAD_HANDLE(waveInPrepareHeader, (HWAVEIN, LPWAVEHDR, UINT))
BAD_HANDLE(waveInUnprepareHeader, (HWAVEIN, LPWAVEHDR, UINT))
BAD_HANDLE(waveInAddBuffer, (HWAVEIN, LPWAVEHDR, UINT))
BAD_HANDLE(waveInStart, (HWAVEIN))
BAD_HANDLE(waveInStop, (HWAVEIN))
BAD_HANDLE(waveInReset, (HWAVEIN))
BAD_HANDLE(waveInGetPosition, (HWAVEIN, LPMMTIME, UINT))
BAD_HANDLE(waveInGetID, (HWAVEIN, LPUINT))
BAD_HANDLE(midiOutClose, (HMIDIOUT))
BAD_HANDLE(midiOutPrepareHeader, (HMIDIOUT, LPMIDIHDR, UINT))
BAD_HANDLE(midiOutUnprepareHeader, (HMIDIOUT, LPMIDIHDR, UINT))
BAD_HANDLE(midiOutShortMsg, (HMIDIOUT, DWORD))
BAD_HANDLE(midiOutLongMsg, (HMIDIOUT, LPMIDIHDR, UINT))
BAD_HANDLE(midiOutReset, (HMIDIOUT))
BAD_HANDLE(midiOutGetID, (HMIDIOUT, LPUINT))
BAD_HANDLE(midiOutGetVolume, (HMIDIOUT, LPDWORD))
BAD_HANDLE(midiOutSetVolume, (HMIDIOUT, DWORD))
BAD_HANDLE(midiInClose, (HMIDIIN))
BAD_HANDLE(midiInPrepareHeader, (HMIDIIN, LPMIDIHDR, UINT))
BAD_HANDLE(midiInUnprepareHeader, (HMIDIIN, LPMIDIHDR, UINT))
BAD_HANDLE(midiInAddBuffer, (HMIDIIN, LPMIDIHDR, UINT))
BAD_HANDLE(midiInStart, (HMIDIIN))
BAD_HANDLE(midiInStop, (HMIDIIN))
BAD_HANDLE(midiInReset, (HMIDIIN))
BAD_HANDLE(midiInGetID, (HMIDIIN, LPUINT))
BAD_HANDLE(midiStreamClose, (HMIDISTRM))
BAD_HANDLE(midiStreamOut, (HMIDISTRM, LPMIDIHDR, UINT))
BAD_HANDLE(midiStreamPause, (HMIDISTRM))
BAD_HANDLE(midiStreamRestart, (HMIDISTRM))
BAD_HANDLE(midiStreamStop, (HMIDISTRM))
BAD_HANDLE(midiStreamPosition, (HMIDISTRM, LPMMTIME, UINT))
BAD_HANDLE(midiStreamProperty, (HMIDISTRM, LPBYTE, DWORD))
BAD_HANDLE(mixerClose, (HMIXER))

// ---- joysticks ----

ANSWER(UINT, JOYSTICKS, joyGetNumDevs, (void))

static MMRESULT answer_joystick(UINT_PTR number, const void *data)
{
    if (!data) return MMSYSERR_INVALPARAM;
    return number < JOYSTICKS ? JOYERR_UNPLUGGED : JOYERR_PARMS;
}

HOTPATCH MMRESULT WINAPI joyGetPos(UINT number, LPJOYINFO info)
{
    return answer_joystick(number, info);
}

HOTPATCH MMRESULT WINAPI joyGetPosEx(UINT number, LPJOYINFOEX info)
{
    return answer_joystick(number, info);
}

HOTPATCH MMRESULT WINAPI joyGetDevCapsA(UINT_PTR number, LPJOYCAPSA caps, UINT size)
{
    (void)size;
    return caps ? JOYERR_PARMS : answer_joystick(number, caps);
}

HOTPATCH MMRESULT WINAPI joyGetDevCapsW(UINT_PTR number, LPJOYCAPSW caps, UINT size)
{
    (void)size;
    return caps ? JOYERR_PARMS : answer_joystick(number, caps);
}

// ---- sounds: what should sound cannot; what should end has ----

HOTPATCH BOOL WINAPI PlaySoundW(LPCWSTR sound, HMODULE module, DWORD flags)
{
    (void)module, (void)flags;
    return !sound;
}

HOTPATCH BOOL WINAPI PlaySoundA(LPCSTR sound, HMODULE module, DWORD flags)
{
    (void)module, (void)flags;
    return !sound;
}

HOTPATCH BOOL WINAPI sndPlaySoundW(LPCWSTR sound, UINT flags)
{
    return PlaySoundW(sound, NULL, flags);
}

HOTPATCH BOOL WINAPI sndPlaySoundA(LPCSTR sound, UINT flags)
{
    return PlaySoundA(sound, NULL, flags);
}
