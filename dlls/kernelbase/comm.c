// Serial ports: settings, timeouts, events and lines of a port, as the device's control codes have them.
#include "base.h"

static BOOL control(HANDLE port, ULONG code, const void *in, ULONG in_size, void *out, ULONG out_size)
{
    DWORD done;
    return DeviceIoControl(port, code, (void *)in, in_size, out, out_size, &done, NULL);
}

static BOOL set(HANDLE port, ULONG code, const void *data, ULONG size)
{
    return control(port, code, data, size, NULL, 0);
}

static BOOL get(HANDLE port, ULONG code, void *data, ULONG size)
{
    return control(port, code, NULL, 0, data, size);
}

// ---- settings ----

// What of a DCB the device has as its handshake.
static void handflow_to_dcb(const SERIAL_HANDFLOW *flow, DCB *dcb)
{
    dcb->fOutxCtsFlow = (flow->ControlHandShake & SERIAL_CTS_HANDSHAKE) != 0;
    dcb->fOutxDsrFlow = (flow->ControlHandShake & SERIAL_DSR_HANDSHAKE) != 0;
    dcb->fDsrSensitivity = (flow->ControlHandShake & SERIAL_DSR_SENSITIVITY) != 0;
    dcb->fAbortOnError = (flow->ControlHandShake & SERIAL_ERROR_ABORT) != 0;
    dcb->fDtrControl = flow->ControlHandShake & SERIAL_DTR_MASK;
    dcb->fOutX = (flow->FlowReplace & SERIAL_AUTO_TRANSMIT) != 0;
    dcb->fInX = (flow->FlowReplace & SERIAL_AUTO_RECEIVE) != 0;
    dcb->fErrorChar = (flow->FlowReplace & SERIAL_ERROR_CHAR) != 0;
    dcb->fNull = (flow->FlowReplace & SERIAL_NULL_STRIPPING) != 0;
    dcb->fTXContinueOnXoff = (flow->FlowReplace & SERIAL_XOFF_CONTINUE) != 0;
    dcb->fRtsControl = (flow->FlowReplace & SERIAL_RTS_MASK) >> 6;
    dcb->XonLim = (WORD)flow->XonLimit;
    dcb->XoffLim = (WORD)flow->XoffLimit;
}

static SERIAL_HANDFLOW handflow_of_dcb(const DCB *dcb)
{
    return (SERIAL_HANDFLOW){
        .ControlHandShake =
            (dcb->fOutxCtsFlow ? SERIAL_CTS_HANDSHAKE : 0) | (dcb->fOutxDsrFlow ? SERIAL_DSR_HANDSHAKE : 0) |
            (dcb->fDsrSensitivity ? SERIAL_DSR_SENSITIVITY : 0) |
            (dcb->fAbortOnError ? SERIAL_ERROR_ABORT : 0) | (dcb->fDtrControl & SERIAL_DTR_MASK),
        .FlowReplace = (dcb->fOutX ? SERIAL_AUTO_TRANSMIT : 0) | (dcb->fInX ? SERIAL_AUTO_RECEIVE : 0) |
                       (dcb->fErrorChar ? SERIAL_ERROR_CHAR : 0) | (dcb->fNull ? SERIAL_NULL_STRIPPING : 0) |
                       (dcb->fTXContinueOnXoff ? SERIAL_XOFF_CONTINUE : 0) | (ULONG)dcb->fRtsControl << 6,
        .XonLimit = dcb->XonLim,
        .XoffLimit = dcb->XoffLim,
    };
}

HOTPATCH BOOL WINAPI GetCommState(HANDLE port, DCB *dcb)
{
    SERIAL_BAUD_RATE rate;
    SERIAL_LINE_CONTROL line;
    SERIAL_HANDFLOW flow;
    SERIAL_CHARS chars;
    if (!dcb) return fail_with(ERROR_INVALID_PARAMETER);
    if (!get(port, IOCTL_SERIAL_GET_BAUD_RATE, &rate, sizeof(rate)) ||
        !get(port, IOCTL_SERIAL_GET_LINE_CONTROL, &line, sizeof(line)) ||
        !get(port, IOCTL_SERIAL_GET_HANDFLOW, &flow, sizeof(flow)) ||
        !get(port, IOCTL_SERIAL_GET_CHARS, &chars, sizeof(chars)))
        return FALSE;
    memset(dcb, 0, sizeof(*dcb));
    dcb->DCBlength = sizeof(*dcb);
    dcb->BaudRate = rate.BaudRate;
    dcb->fBinary = TRUE;
    dcb->fParity = line.Parity != NOPARITY;
    handflow_to_dcb(&flow, dcb);
    dcb->ByteSize = line.WordLength;
    dcb->Parity = line.Parity;
    dcb->StopBits = line.StopBits;
    dcb->XonChar = (char)chars.XonChar;
    dcb->XoffChar = (char)chars.XoffChar;
    dcb->ErrorChar = (char)chars.ErrorChar;
    dcb->EofChar = (char)chars.EofChar;
    dcb->EvtChar = (char)chars.EventChar;
    return TRUE;
}

HOTPATCH BOOL WINAPI SetCommState(HANDLE port, DCB *dcb)
{
    if (!dcb) return fail_with(ERROR_INVALID_PARAMETER);
    SERIAL_BAUD_RATE rate = {dcb->BaudRate};
    SERIAL_LINE_CONTROL line = {dcb->StopBits, dcb->Parity, dcb->ByteSize};
    SERIAL_HANDFLOW flow = handflow_of_dcb(dcb);
    SERIAL_CHARS chars = {(UCHAR)dcb->EofChar, (UCHAR)dcb->ErrorChar, 0,
                          (UCHAR)dcb->EvtChar, (UCHAR)dcb->XonChar,   (UCHAR)dcb->XoffChar};
    return set(port, IOCTL_SERIAL_SET_BAUD_RATE, &rate, sizeof(rate)) &&
           set(port, IOCTL_SERIAL_SET_LINE_CONTROL, &line, sizeof(line)) &&
           set(port, IOCTL_SERIAL_SET_HANDFLOW, &flow, sizeof(flow)) &&
           set(port, IOCTL_SERIAL_SET_CHARS, &chars, sizeof(chars)) &&
           set(port, dcb->fDtrControl == DTR_CONTROL_ENABLE ? IOCTL_SERIAL_SET_DTR : IOCTL_SERIAL_CLR_DTR,
               NULL, 0) &&
           set(port, dcb->fRtsControl == RTS_CONTROL_ENABLE ? IOCTL_SERIAL_SET_RTS : IOCTL_SERIAL_CLR_RTS,
               NULL, 0);
}

// SERIAL_TIMEOUTS and COMMTIMEOUTS are one structure.
HOTPATCH BOOL WINAPI GetCommTimeouts(HANDLE port, COMMTIMEOUTS *timeouts)
{
    if (!timeouts) return fail_with(ERROR_INVALID_PARAMETER);
    return get(port, IOCTL_SERIAL_GET_TIMEOUTS, timeouts, sizeof(*timeouts));
}

HOTPATCH BOOL WINAPI SetCommTimeouts(HANDLE port, COMMTIMEOUTS *timeouts)
{
    if (!timeouts) return fail_with(ERROR_INVALID_PARAMETER);
    return set(port, IOCTL_SERIAL_SET_TIMEOUTS, timeouts, sizeof(*timeouts));
}

HOTPATCH BOOL WINAPI SetupComm(HANDLE port, DWORD in_size, DWORD out_size)
{
    SERIAL_QUEUE_SIZE size = {in_size, out_size};
    return set(port, IOCTL_SERIAL_SET_QUEUE_SIZE, &size, sizeof(size));
}

// SERIAL_COMMPROP is COMMPROP without what only some providers add.
HOTPATCH BOOL WINAPI GetCommProperties(HANDLE port, COMMPROP *properties)
{
    return get(port, IOCTL_SERIAL_GET_PROPERTIES, properties, sizeof(*properties));
}

// ---- state ----

HOTPATCH BOOL WINAPI ClearCommError(HANDLE port, DWORD *errors, COMSTAT *state)
{
    SERIAL_STATUS status;
    if (!get(port, IOCTL_SERIAL_GET_COMMSTATUS, &status, sizeof(status))) return FALSE;
    if (errors)
        *errors = (status.Errors & SERIAL_ERROR_BREAK ? CE_BREAK : 0) |
                  (status.Errors & SERIAL_ERROR_FRAMING ? CE_FRAME : 0) |
                  (status.Errors & SERIAL_ERROR_OVERRUN ? CE_OVERRUN : 0) |
                  (status.Errors & SERIAL_ERROR_QUEUEOVERRUN ? CE_RXOVER : 0) |
                  (status.Errors & SERIAL_ERROR_PARITY ? CE_RXPARITY : 0);
    if (!state) return TRUE;
    memset(state, 0, sizeof(*state));
    state->fCtsHold = (status.HoldReasons & SERIAL_TX_WAITING_FOR_CTS) != 0;
    state->fDsrHold = (status.HoldReasons & SERIAL_TX_WAITING_FOR_DSR) != 0;
    state->fRlsdHold = (status.HoldReasons & SERIAL_TX_WAITING_FOR_DCD) != 0;
    state->fXoffHold = (status.HoldReasons & SERIAL_TX_WAITING_FOR_XON) != 0;
    state->fXoffSent = (status.HoldReasons & SERIAL_TX_WAITING_XOFF_SENT) != 0;
    state->fEof = status.EofReceived != 0;
    state->fTxim = status.WaitForImmediate != 0;
    state->cbInQue = status.AmountInInQueue;
    state->cbOutQue = status.AmountInOutQueue;
    return TRUE;
}

HOTPATCH BOOL WINAPI GetCommModemStatus(HANDLE port, DWORD *status)
{
    return get(port, IOCTL_SERIAL_GET_MODEMSTATUS, status, sizeof(*status));
}

HOTPATCH BOOL WINAPI PurgeComm(HANDLE port, DWORD flags)
{
    return set(port, IOCTL_SERIAL_PURGE, &flags, sizeof(flags));
}

HOTPATCH BOOL WINAPI TransmitCommChar(HANDLE port, char c)
{
    return set(port, IOCTL_SERIAL_IMMEDIATE_CHAR, &c, sizeof(c));
}

HOTPATCH BOOL WINAPI EscapeCommFunction(HANDLE port, DWORD function)
{
    static const ULONG codes[] = {
        [SETXOFF] = IOCTL_SERIAL_SET_XOFF,       [SETXON] = IOCTL_SERIAL_SET_XON,
        [SETRTS] = IOCTL_SERIAL_SET_RTS,         [CLRRTS] = IOCTL_SERIAL_CLR_RTS,
        [SETDTR] = IOCTL_SERIAL_SET_DTR,         [CLRDTR] = IOCTL_SERIAL_CLR_DTR,
        [RESETDEV] = IOCTL_SERIAL_RESET_DEVICE,  [SETBREAK] = IOCTL_SERIAL_SET_BREAK_ON,
        [CLRBREAK] = IOCTL_SERIAL_SET_BREAK_OFF,
    };
    if (function >= ARRAY_LENGTH(codes) || !codes[function]) return fail_with(ERROR_INVALID_PARAMETER);
    return set(port, codes[function], NULL, 0);
}

HOTPATCH BOOL WINAPI SetCommBreak(HANDLE port)
{
    return EscapeCommFunction(port, SETBREAK);
}

HOTPATCH BOOL WINAPI ClearCommBreak(HANDLE port)
{
    return EscapeCommFunction(port, CLRBREAK);
}

// ---- events ----

HOTPATCH BOOL WINAPI GetCommMask(HANDLE port, DWORD *mask)
{
    return get(port, IOCTL_SERIAL_GET_WAIT_MASK, mask, sizeof(*mask));
}

HOTPATCH BOOL WINAPI SetCommMask(HANDLE port, DWORD mask)
{
    return set(port, IOCTL_SERIAL_SET_WAIT_MASK, &mask, sizeof(mask));
}

HOTPATCH BOOL WINAPI WaitCommEvent(HANDLE port, DWORD *events, OVERLAPPED *overlapped)
{
    return DeviceIoControl(port, IOCTL_SERIAL_WAIT_ON_MASK, NULL, 0, events, sizeof(*events), NULL,
                           overlapped);
}

// ---- configurations: a DCB in a frame ----

HOTPATCH BOOL WINAPI GetCommConfig(HANDLE port, COMMCONFIG *config, DWORD *size)
{
    if (!config || !size) return fail_with(ERROR_INVALID_PARAMETER);
    bool fits = *size >= sizeof(*config);
    *size = sizeof(*config);
    if (!fits) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    memset(config, 0, sizeof(*config));
    config->dwSize = sizeof(*config);
    config->wVersion = 1;
    config->dwProviderSubType = PST_RS232;
    return GetCommState(port, &config->dcb);
}

HOTPATCH BOOL WINAPI SetCommConfig(HANDLE port, COMMCONFIG *config, DWORD size)
{
    if (!config || size < sizeof(*config)) return fail_with(ERROR_INVALID_PARAMETER);
    return SetCommState(port, &config->dcb);
}

static HANDLE open_port(const WCHAR *name)
{
    WCHAR path[MAX_PATH] = L"\\\\.\\";
    SIZE_T length = wide_length(name);
    if (length + 5 > MAX_PATH) return INVALID_HANDLE_VALUE;
    memcpy(path + 4, name, (length + 1) * sizeof(WCHAR));
    return CreateFileW(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
}

// A port's default is the state that it is in.
HOTPATCH BOOL WINAPI GetDefaultCommConfigW(const WCHAR *name, COMMCONFIG *config, DWORD *size)
{
    if (!name || !config || !size) return fail_with(ERROR_INVALID_PARAMETER);
    HANDLE port = open_port(name);
    if (port == INVALID_HANDLE_VALUE) return fail_with(ERROR_INVALID_PARAMETER);
    BOOL result = GetCommConfig(port, config, size);
    DWORD error = GetLastError();
    NtClose(port);
    SetLastError(error);
    return result;
}

HOTPATCH BOOL WINAPI GetDefaultCommConfigA(const char *name, COMMCONFIG *config, DWORD *size)
{
    AUTO_FREE WCHAR *wide = wide_from_ansi(name);
    return !conversion_failed(name, wide) && GetDefaultCommConfigW(wide, config, size);
}
