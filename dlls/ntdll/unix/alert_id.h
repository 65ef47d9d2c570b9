// Threads as NtAlertThreadByThreadId finds them.
#ifndef LOWLAND_ALERT_ID_H
#define LOWLAND_ALERT_ID_H

#include "dlls/ntdll/unix/wait_thread.h"

// On the thread itself, at its start and at its end.
void alert_id_register(struct wait_thread *wait);
void alert_id_unregister(struct wait_thread *wait);

// wait->interrupted was set: ends a wait for an alert.
void alert_id_interrupt(struct wait_thread *wait);

#endif
