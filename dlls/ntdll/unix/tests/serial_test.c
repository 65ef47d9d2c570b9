// Serial ports over a pseudo-terminal: finding and opening, settings, timeouts, events, purging.
#include "test_files.h"
#include "loader/service.h"
#include "dlls/ntdll/unix/serial_line.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static int line = -1; // the other end of COM7

static void *service(void *arg)
{
    (void)arg;
    service_run();
}

// COM7 is a link of the prefix to a pseudo-terminal.
static int setup(void **state)
{
    pthread_t thread;
    char link[PATH_MAX + 16];
    if (test_files_setup(state) != 0) return -1;
    line = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (line < 0 || grantpt(line) != 0 || unlockpt(line) != 0) return -1;
    snprintf(link, sizeof link, "%s/../com7", test_drive);
    if (symlink(ptsname(line), link) != 0) return -1;
    return pthread_create(&thread, NULL, service, NULL);
}

static HANDLE32 open_port(uint32_t options)
{
    HANDLE32 port = 0;
    IO_STATUS_BLOCK32 io;
    OBJECT_ATTRIBUTES32 attributes = test_name("\\??\\COM7", 0);
    assert_status(NtCreateFile(&port, GENERIC_READ | GENERIC_WRITE | SYNCHRONIZE, &attributes, &io, NULL, 0,
                               0, FILE_OPEN, options, 0, 0),
                  0);
    return port;
}

// A control code with a structure in or out.
static NTSTATUS set(HANDLE32 port, uint32_t code, const void *data, uint32_t size)
{
    gptr in = test_low(size + 1), block = test_low(8);
    memcpy((void *)(uintptr_t)in, data, size);
    return NtDeviceIoControlFile(port, 0, 0, 0, block, code, in, size, 0, 0);
}

static NTSTATUS get(HANDLE32 port, uint32_t code, void *data, uint32_t size)
{
    gptr out = test_low(size), block = test_low(8);
    NTSTATUS status = NtDeviceIoControlFile(port, 0, 0, 0, block, code, 0, 0, out, size);
    memcpy(data, (void *)(uintptr_t)out, size);
    return status;
}

static void settings(void **state)
{
    (void)state;
    test_low_reset();
    HANDLE32 port = open_port(FILE_SYNCHRONOUS_IO_NONALERT), other;
    assert_status(test_create(&other, "\\??\\com7", GENERIC_READ, FILE_OPEN, 0), STATUS_ACCESS_DENIED);
    assert_status(test_create(&other, "\\??\\COM99", GENERIC_READ, FILE_OPEN, 0),
                  STATUS_OBJECT_NAME_NOT_FOUND);
    uint32_t baud = 57600;
    assert_status(set(port, IOCTL_SERIAL_SET_BAUD_RATE, &baud, sizeof baud), 0);
    baud = 0;
    assert_status(get(port, IOCTL_SERIAL_GET_BAUD_RATE, &baud, sizeof baud), 0);
    assert_int_equal(baud, 57600);
    struct termios tio;
    assert_int_equal(tcgetattr(line, &tio), 0); // both ends of a pseudo-terminal have one state
    assert_int_equal(tio.c_lflag & (ICANON | ECHO), 0);
    SERIAL_LINE_CONTROL32 control = {STOP_BITS_2, EVEN_PARITY, 7};
    assert_status(set(port, IOCTL_SERIAL_SET_LINE_CONTROL, &control, sizeof control), 0);
    control.WordLength = 9;
    assert_status(set(port, IOCTL_SERIAL_SET_LINE_CONTROL, &control, sizeof control),
                  STATUS_INVALID_PARAMETER);
    assert_status(get(port, IOCTL_SERIAL_GET_LINE_CONTROL, &control, sizeof control), 0);
    assert_int_equal(control.WordLength, 7);
    assert_int_equal(control.Parity, EVEN_PARITY);
    assert_status(get(port, IOCTL_SERIAL_GET_LINE_CONTROL, &control, 1), STATUS_BUFFER_TOO_SMALL);
    NtClose(port);
}

static void transfers(void **state)
{
    (void)state;
    char text[16];
    uint32_t n;
    test_low_reset();
    HANDLE32 port = open_port(FILE_SYNCHRONOUS_IO_NONALERT);
    assert_status(test_write(port, "AT\r", 3, NULL, &n), 0);
    assert_int_equal(read(line, text, sizeof text), 3);
    assert_memory_equal(text, "AT\r", 3);
    // Nothing comes: the time is up, and that is no error.
    SERIAL_TIMEOUTS32 timeouts = {.ReadTotalTimeoutConstant = 20};
    assert_status(set(port, IOCTL_SERIAL_SET_TIMEOUTS, &timeouts, sizeof timeouts), 0);
    assert_status(test_read(port, text, 8, NULL, &n), STATUS_TIMEOUT);
    assert_int_equal(n, 0);
    // What there is, at once.
    timeouts = (SERIAL_TIMEOUTS32){.ReadIntervalTimeout = UINT32_MAX};
    assert_status(set(port, IOCTL_SERIAL_SET_TIMEOUTS, &timeouts, sizeof timeouts), 0);
    assert_status(test_read(port, text, 8, NULL, &n), 0);
    assert_int_equal(n, 0);
    assert_int_equal(write(line, "OK", 2), 2);
    SERIAL_STATUS32 status = {0};
    for (int i = 0; i < 1000 && status.AmountInInQueue < 2; i++) {
        usleep(1000);
        assert_status(get(port, IOCTL_SERIAL_GET_COMMSTATUS, &status, sizeof status), 0);
        test_low_reset();
    }
    assert_int_equal(status.AmountInInQueue, 2);
    assert_status(test_read(port, text, 8, NULL, &n), 0);
    assert_int_equal(n, 2);
    // The gap between bytes ends a read.
    timeouts = (SERIAL_TIMEOUTS32){.ReadIntervalTimeout = 30};
    assert_status(set(port, IOCTL_SERIAL_SET_TIMEOUTS, &timeouts, sizeof timeouts), 0);
    assert_int_equal(write(line, "xyz", 3), 3);
    assert_status(test_read(port, text, 8, NULL, &n), STATUS_TIMEOUT);
    assert_int_equal(n, 3);
    NtClose(port);
}

static bool signalled(HANDLE32 event)
{
    return NtWaitForSingleObject(event, 0, &(LARGE_INTEGER32){.QuadPart = -20000000}) == STATUS_SUCCESS;
}

static void events(void **state)
{
    (void)state;
    const LARGE_INTEGER32 start = {.QuadPart = 0};
    HANDLE32 event;
    test_low_reset();
    HANDLE32 port = open_port(0);
    assert_status(NtCreateEvent(&event, EVENT_ALL_ACCESS, NULL, NotificationEvent, 0), 0);
    gptr block = test_low(8), out = test_low(8), text = test_low(8), second = test_low(8);
    volatile IO_STATUS_BLOCK32 *io = (void *)(uintptr_t)block;
    volatile uint32_t *got = (void *)(uintptr_t)out;
    assert_status(NtDeviceIoControlFile(port, event, 0, 0, block, IOCTL_SERIAL_WAIT_ON_MASK, 0, 0, out, 4),
                  STATUS_INVALID_PARAMETER); // for nothing
    uint32_t mask = SERIAL_EV_RXCHAR;
    assert_status(set(port, IOCTL_SERIAL_SET_WAIT_MASK, &mask, sizeof mask), 0);
    assert_status(NtDeviceIoControlFile(port, event, 0, 0, block, IOCTL_SERIAL_WAIT_ON_MASK, 0, 0, out, 4),
                  STATUS_PENDING);
    assert_status(NtDeviceIoControlFile(port, 0, 0, 0, second, IOCTL_SERIAL_WAIT_ON_MASK, 0, 0, out, 4),
                  STATUS_INVALID_PARAMETER); // one at a time
    assert_int_equal(write(line, "!", 1), 1);
    assert_true(signalled(event));
    assert_int_equal(*got, SERIAL_EV_RXCHAR);
    assert_int_equal(io->Information, 4);
    // What has come already is no event; a new mask ends the wait without one.
    *got = 77;
    assert_status(NtDeviceIoControlFile(port, event, 0, 0, block, IOCTL_SERIAL_WAIT_ON_MASK, 0, 0, out, 4),
                  STATUS_PENDING);
    mask = SERIAL_EV_TXEMPTY;
    assert_status(set(port, IOCTL_SERIAL_SET_WAIT_MASK, &mask, sizeof mask), 0);
    assert_true(signalled(event));
    assert_int_equal(*got, 0);
    // A read under way is aborted by a purge, which also clears what came.
    mask = SERIAL_PURGE_RXCLEAR;
    assert_status(set(port, IOCTL_SERIAL_PURGE, &mask, sizeof mask), 0);
    assert_status(NtReadFile(port, event, 0, 0, block, text, 4, NULL, NULL), STATUS_INVALID_PARAMETER);
    io->Status = STATUS_PENDING;
    assert_status(NtReadFile(port, event, 0, 0, block, text, 4, &start, NULL), STATUS_PENDING);
    mask = SERIAL_PURGE_RXABORT;
    assert_status(set(port, IOCTL_SERIAL_PURGE, &mask, sizeof mask), 0);
    assert_true(signalled(event));
    assert_status(io->Status, STATUS_CANCELLED);
    // Data ends a read, and the loss of the line.
    io->Status = STATUS_PENDING;
    assert_status(NtReadFile(port, event, 0, 0, block, text, 2, &start, NULL), STATUS_PENDING);
    assert_int_equal(write(line, "ab", 2), 2);
    assert_true(signalled(event));
    assert_int_equal(io->Information, 2);
    assert_status(NtReadFile(port, event, 0, 0, block, text, 2, &start, NULL), STATUS_PENDING);
    close(line);
    assert_true(signalled(event));
    assert_status(io->Status, STATUS_IO_DEVICE_ERROR);
    NtClose(port);
    NtClose(event);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings),
        cmocka_unit_test(transfers),
        cmocka_unit_test(events),
    };
    return cmocka_run_group_tests(tests, setup, test_files_teardown);
}
