// Host signals that the guest sees as console control events.
#ifndef LOWLAND_CONTROL_EVENTS_H
#define LOWLAND_CONTROL_EVENTS_H

#include <stdint.h>

// Blocks SIGINT, SIGQUIT, SIGHUP and SIGTERM (those not ignored already) for this and all later threads and
// has the service thread turn them into console control events. Before the first guest thread.
void control_events_init(void);

// Starts a guest thread that runs the handlers of a control event (CTRL_C_EVENT and so on). Ends the process
// where nobody could handle it. Any thread.
void control_event_deliver(uint32_t event);
// How many there have been. Any thread.
uint32_t control_events_count(void);

#endif
