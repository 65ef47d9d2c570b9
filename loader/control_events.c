// Host signals that the guest sees as console control events: Ctrl-C, Ctrl-\, a closed terminal, a polite
// end. Each starts a guest thread at kernelbase's CtrlRoutine, as Windows does.
#include "loader/control_events.h"
#include "dlls/ntdll/unix/thread_object.h"
#include "guest_constants.h"
#include "loader/modules.h"
#include "loader/process.h"
#include "loader/service.h"
#include "loader/thread.h"
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

static const struct {
    int number;
    uint32_t event;
} events[] = {{SIGINT, CTRL_C_EVENT},
              {SIGQUIT, CTRL_BREAK_EVENT},
              {SIGHUP, CTRL_CLOSE_EVENT},
              {SIGTERM, CTRL_SHUTDOWN_EVENT}};
enum { EVENTS = sizeof events / sizeof *events };

static _Atomic uint32_t delivered;

uint32_t control_events_count(void)
{
    return delivered;
}

static bool is_kernelbase(const struct module *module, void *context)
{
    if (strcasecmp(module->name, "kernelbase.dll") != 0) return false;
    *(gptr *)context = module_export(module->base, "CtrlRoutine");
    return true;
}

// Without kernelbase, or without memory for a thread, nobody can handle the event: it ends the process.
void control_event_deliver(uint32_t event)
{
    gptr routine = 0;
    delivered++;
    modules_for_each(is_kernelbase, &routine);
    struct thread_object *object = routine ? thread_object_create(routine) : NULL;
    struct thread_options options = {.start = routine, .argument = event, .object = object};
    if (object && NT_SUCCESS(thread_create(&options))) return;
    process_exit(STATUS_CONTROL_C_EXIT);
}

static void signals_came(struct service_watch *watch, uint32_t ready)
{
    struct signalfd_siginfo info;
    (void)ready;
    while (read(watch->fd, &info, sizeof info) == sizeof info)
        for (unsigned i = 0; i < EVENTS; i++)
            if ((uint32_t)events[i].number == info.ssi_signo) control_event_deliver(events[i].event);
}

void control_events_init(void)
{
    static struct service_watch watch;
    struct sigaction action;
    sigset_t set;
    sigemptyset(&set);
    for (unsigned i = 0; i < EVENTS; i++)
        if (sigaction(events[i].number, NULL, &action) == 0 && action.sa_handler != SIG_IGN)
            sigaddset(&set, events[i].number);
    int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd < 0) return; // the signals keep ending the process
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    service_watch_add(&watch, fd, EPOLLIN, signals_came);
}
