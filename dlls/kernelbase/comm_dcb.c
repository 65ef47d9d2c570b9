// Serial settings as text, as the command "mode" takes them: BuildCommDCB and its variants.
#include "base.h"

// What a text asks for. Nothing is given to the caller until all of it was understood.
struct settings {
    DCB dcb;
    bool has_timeouts, has_stop;
    COMMTIMEOUTS timeouts;
};

static WCHAR lower(WCHAR c)
{
    return c >= 'A' && c <= 'Z' ? (WCHAR)(c | 0x20) : c;
}

static const WCHAR *skip_blanks(const WCHAR *at)
{
    while (*at == ' ' || *at == '\t') at++;
    return at;
}

// Steps over a word in any case; false leaves *at alone.
static bool take(const WCHAR **at, const char *word)
{
    const WCHAR *p = *at;
    for (; *word; word++, p++)
        if (lower(*p) != (WCHAR)*word) return false;
    *at = p;
    return true;
}

static bool take_number(const WCHAR **at, DWORD *number)
{
    const WCHAR *start = *at;
    ULONGLONG value = 0;
    for (; **at >= '0' && **at <= '9' && value <= UINT32_MAX; ++*at) value = value * 10 + (**at - '0');
    *number = (DWORD)value;
    return *at != start && value <= UINT32_MAX;
}

static bool take_on_off(const WCHAR **at, bool *on)
{
    *on = take(at, "on");
    return *on || take(at, "off");
}

// ---- one setting each ----

static bool take_parity(const WCHAR **at, DCB *dcb)
{
    static const struct {
        char letter;
        BYTE parity;
    } parities[] = {
        {'n', NOPARITY}, {'o', ODDPARITY}, {'e', EVENPARITY}, {'m', MARKPARITY}, {'s', SPACEPARITY}};
    for (size_t i = 0; i < ARRAY_LENGTH(parities); i++)
        if (lower(**at) == (WCHAR)parities[i].letter) {
            dcb->Parity = parities[i].parity;
            ++*at;
            return true;
        }
    return false;
}

static bool take_data(const WCHAR **at, DCB *dcb)
{
    DWORD bits;
    if (!take_number(at, &bits) || bits < 5 || bits > 8) return false;
    dcb->ByteSize = (BYTE)bits;
    return true;
}

static bool take_stop(const WCHAR **at, DCB *dcb)
{
    if (take(at, "1.5"))
        dcb->StopBits = ONE5STOPBITS;
    else if (take(at, "1"))
        dcb->StopBits = ONESTOPBIT;
    else if (take(at, "2"))
        dcb->StopBits = TWOSTOPBITS;
    else
        return false;
    return true;
}

// ---- "baud=9600 parity=n data=8 stop=1 ..." ----

// A setting that is on or off.
static bool take_switch(const WCHAR **at, struct settings *settings)
{
    DCB *dcb = &settings->dcb;
    bool on;
    if (take(at, "to=")) {
        if (!take_on_off(at, &on)) return false;
        settings->has_timeouts = true;
        settings->timeouts = (COMMTIMEOUTS){.WriteTotalTimeoutConstant = on ? 60000 : 0};
        return true;
    }
    if (take(at, "xon=")) {
        if (!take_on_off(at, &on)) return false;
        dcb->fOutX = dcb->fInX = on;
        return true;
    }
    if (take(at, "odsr=")) {
        if (!take_on_off(at, &on)) return false;
        dcb->fOutxDsrFlow = on;
        return true;
    }
    if (take(at, "octs=")) {
        if (!take_on_off(at, &on)) return false;
        dcb->fOutxCtsFlow = on;
        return true;
    }
    if (take(at, "dtr=")) {
        if (!take_on_off(at, &on)) return false;
        dcb->fDtrControl = on ? DTR_CONTROL_ENABLE : DTR_CONTROL_DISABLE;
        return true;
    }
    if (take(at, "rts=")) {
        if (!take_on_off(at, &on)) return false;
        dcb->fRtsControl = on ? RTS_CONTROL_ENABLE : RTS_CONTROL_DISABLE;
        return true;
    }
    if (take(at, "idsr=")) {
        if (!take_on_off(at, &on)) return false;
        dcb->fDsrSensitivity = on;
        return true;
    }
    return false;
}

static bool take_setting(const WCHAR **at, struct settings *settings)
{
    DCB *dcb = &settings->dcb;
    if (take(at, "baud=")) return take_number(at, &dcb->BaudRate);
    if (take(at, "parity=")) return take_parity(at, dcb);
    if (take(at, "data=")) return take_data(at, dcb);
    if (take(at, "stop=")) return settings->has_stop = take_stop(at, dcb);
    return take_switch(at, settings);
}

static bool parse_words(const WCHAR *at, struct settings *settings)
{
    while (*at) {
        if (!take_setting(&at, settings)) return false;
        const WCHAR *end = at;
        at = skip_blanks(at);
        if (at == end && *at) return false; // something follows a value directly
    }
    if (!settings->has_stop)
        settings->dcb.StopBits = settings->dcb.BaudRate == 110 ? TWOSTOPBITS : ONESTOPBIT;
    return true;
}

// ---- "9600,n,8,1,x" ----

// The first two digits of usual rates stand for them.
static DWORD full_rate(DWORD rate)
{
    static const DWORD rates[] = {110, 150, 300, 600, 1200, 2400, 4800, 9600, 19200};
    for (size_t i = 0; i < ARRAY_LENGTH(rates); i++) {
        DWORD digits = rates[i];
        while (digits >= 100) digits /= 10;
        if (rate == digits) return rates[i];
    }
    return rate;
}

static bool take_comma(const WCHAR **at)
{
    const WCHAR *p = skip_blanks(*at);
    if (*p != ',') return false;
    *at = skip_blanks(p + 1);
    return true;
}

static bool parse_list(const WCHAR *at, struct settings *settings)
{
    DCB *dcb = &settings->dcb;
    if (!take_number(&at, &dcb->BaudRate) || !take_comma(&at) || !take_parity(&at, dcb) || !take_comma(&at) ||
        !take_data(&at, dcb) || !take_comma(&at) || !take_stop(&at, dcb))
        return false;
    dcb->BaudRate = full_rate(dcb->BaudRate);
    bool xon = false, hardware = false;
    if (take_comma(&at)) {
        xon = take(&at, "x");
        hardware = !xon && take(&at, "p");
        if (!xon && !hardware) return false;
    }
    if (*skip_blanks(at)) return false;
    dcb->fInX = dcb->fOutX = xon;
    dcb->fOutxCtsFlow = dcb->fOutxDsrFlow = hardware;
    dcb->fDtrControl = hardware ? DTR_CONTROL_HANDSHAKE : DTR_CONTROL_ENABLE;
    dcb->fRtsControl = hardware ? RTS_CONTROL_HANDSHAKE : RTS_CONTROL_ENABLE;
    return true;
}

// ---- the whole ----

// "COM1:" in front names a port that must exist.
static bool take_port(const WCHAR **at)
{
    WCHAR name[16] = L"COM", target[2];
    const WCHAR *p = *at;
    SIZE_T length = 3;
    if (!take(&p, "com")) return true;
    while (*p >= '0' && *p <= '9' && length < ARRAY_LENGTH(name) - 1) name[length++] = *p++;
    name[length] = 0;
    p = skip_blanks(p);
    if (length == 3 || *p != ':') return false;
    *at = skip_blanks(p + 1);
    DWORD error = GetLastError();
    bool exists =
        QueryDosDeviceW(name, target, ARRAY_LENGTH(target)) || GetLastError() != ERROR_FILE_NOT_FOUND;
    SetLastError(error);
    return exists;
}

HOTPATCH BOOL WINAPI BuildCommDCBAndTimeoutsW(const WCHAR *text, DCB *dcb, COMMTIMEOUTS *timeouts)
{
    struct settings settings = {.dcb = *dcb};
    if (!take_port(&text)) return fail_with(ERROR_INVALID_PARAMETER);
    bool list = *text >= '0' && *text <= '9';
    if (!(list ? parse_list(text, &settings) : parse_words(text, &settings)))
        return fail_with(ERROR_INVALID_PARAMETER);
    *dcb = settings.dcb;
    if (timeouts && settings.has_timeouts) *timeouts = settings.timeouts;
    return TRUE;
}

HOTPATCH BOOL WINAPI BuildCommDCBAndTimeoutsA(const char *text, DCB *dcb, COMMTIMEOUTS *timeouts)
{
    AUTO_FREE WCHAR *wide = wide_from_ansi(text);
    return !conversion_failed(text, wide) && BuildCommDCBAndTimeoutsW(wide, dcb, timeouts);
}

HOTPATCH BOOL WINAPI BuildCommDCBW(const WCHAR *text, DCB *dcb)
{
    return BuildCommDCBAndTimeoutsW(text, dcb, NULL);
}

HOTPATCH BOOL WINAPI BuildCommDCBA(const char *text, DCB *dcb)
{
    return BuildCommDCBAndTimeoutsA(text, dcb, NULL);
}
