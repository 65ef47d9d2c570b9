// Serial settings as text, and what the comm API says of what is no port. With a port's name as argument,
// that port's state is set and read back.
#include "tests/check.h"
#include <string.h>
#include <windows.h>

static DCB parse(const char *text, BOOL wanted)
{
    DCB dcb;
    memset(&dcb, 0, sizeof(dcb));
    SetLastError(77);
    CHECK(BuildCommDCBA(text, &dcb) == wanted, "%s", text);
    CHECK_EQUAL(GetLastError(), wanted ? 77 : ERROR_INVALID_PARAMETER);
    return dcb;
}

static void test_text(void)
{
    DCB dcb = parse("baud=9600 parity=E data=7 stop=2 xon=on octs=off dtr=on", TRUE);
    CHECK_EQUAL(dcb.BaudRate, 9600);
    CHECK_EQUAL(dcb.Parity, EVENPARITY);
    CHECK_EQUAL(dcb.ByteSize, 7);
    CHECK_EQUAL(dcb.StopBits, TWOSTOPBITS);
    CHECK(dcb.fOutX && dcb.fInX && !dcb.fOutxCtsFlow, "handshakes");
    CHECK_EQUAL(dcb.fDtrControl, DTR_CONTROL_ENABLE);
    dcb = parse("96, n ,8,1,p", TRUE);
    CHECK_EQUAL(dcb.BaudRate, 9600);
    CHECK_EQUAL(dcb.fRtsControl, RTS_CONTROL_HANDSHAKE);
    CHECK(dcb.fOutxCtsFlow && dcb.fOutxDsrFlow && !dcb.fOutX, "handshakes");
    CHECK_EQUAL(parse("baud=110", TRUE).StopBits, TWOSTOPBITS);
    CHECK_EQUAL(parse("baud=5000000000", FALSE).BaudRate, 0);
    parse("baud=9600,data=8", FALSE);
    parse("96,n,8,1,z", FALSE);
    parse("data=9", FALSE);
    parse("COM99:baud=9600", FALSE);

    COMMTIMEOUTS timeouts;
    memset(&timeouts, 0xFF, sizeof(timeouts));
    CHECK(BuildCommDCBAndTimeoutsA("to=on", &dcb, &timeouts), "error %lu", GetLastError());
    CHECK_EQUAL(timeouts.WriteTotalTimeoutConstant, 60000);
    CHECK_EQUAL(timeouts.ReadIntervalTimeout, 0);
}

static void test_no_port(void)
{
    DCB dcb;
    COMMCONFIG config;
    DWORD size = sizeof(config), errors;
    HANDLE null = CreateFileA("NUL", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(!GetCommState(null, &dcb) && GetLastError() == ERROR_INVALID_FUNCTION, "error %lu", GetLastError());
    CHECK(!ClearCommError(INVALID_HANDLE_VALUE, &errors, NULL) && GetLastError() == ERROR_INVALID_HANDLE,
          "error %lu", GetLastError());
    CHECK(!EscapeCommFunction(null, 99) && GetLastError() == ERROR_INVALID_PARAMETER, "error %lu",
          GetLastError());
    CHECK(!GetDefaultCommConfigA("COM99", &config, &size) && GetLastError() == ERROR_INVALID_PARAMETER,
          "error %lu", GetLastError());
    CHECK(CreateFileA("COM99", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL) == INVALID_HANDLE_VALUE &&
              GetLastError() == ERROR_FILE_NOT_FOUND,
          "error %lu", GetLastError());
    CloseHandle(null);
}

static void test_port(const char *name)
{
    DCB dcb;
    COMSTAT state;
    COMMTIMEOUTS timeouts = {.ReadTotalTimeoutConstant = 10}, read_back;
    DWORD errors, done, mask;
    char text[8], target[64];
    CHECK(QueryDosDeviceA(name, target, sizeof(target)), "error %lu", GetLastError());
    HANDLE port = CreateFileA(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(port != INVALID_HANDLE_VALUE, "error %lu", GetLastError());
    CHECK_EQUAL(GetFileType(port), FILE_TYPE_CHAR);
    CHECK(GetCommState(port, &dcb), "error %lu", GetLastError());
    CHECK(BuildCommDCBA("baud=19200 parity=o data=7 stop=1 xon=on", &dcb), "error %lu", GetLastError());
    CHECK(SetCommState(port, &dcb), "error %lu", GetLastError());
    memset(&dcb, 0, sizeof(dcb));
    CHECK(GetCommState(port, &dcb), "error %lu", GetLastError());
    CHECK_EQUAL(dcb.BaudRate, 19200);
    CHECK_EQUAL(dcb.Parity, ODDPARITY);
    CHECK_EQUAL(dcb.ByteSize, 7);
    CHECK(dcb.fOutX && dcb.fInX, "handshakes");
    CHECK(SetCommTimeouts(port, &timeouts) && GetCommTimeouts(port, &read_back), "error %lu", GetLastError());
    CHECK_EQUAL(read_back.ReadTotalTimeoutConstant, 10);
    CHECK(SetCommMask(port, EV_TXEMPTY) && GetCommMask(port, &mask) && mask == EV_TXEMPTY, "mask %lx", mask);
    CHECK(PurgeComm(port, PURGE_RXCLEAR | PURGE_TXCLEAR), "error %lu", GetLastError());
    CHECK(WriteFile(port, "x", 1, &done, NULL) && done == 1, "error %lu", GetLastError());
    CHECK(WaitCommEvent(port, &mask, NULL) && mask == EV_TXEMPTY, "events %lx", mask);
    CHECK(ReadFile(port, text, sizeof(text), &done, NULL) && !done, "%lu bytes", done);
    CHECK(ClearCommError(port, &errors, &state) && !state.cbOutQue, "error %lu", GetLastError());
    CloseHandle(port);
}

int main(int argc, char **argv)
{
    test_text();
    test_no_port();
    if (argc > 1) test_port(argv[1]);
    return check_summary();
}
