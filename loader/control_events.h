// Host signals that the guest sees as console control events.
#ifndef LOWLAND_CONTROL_EVENTS_H
#define LOWLAND_CONTROL_EVENTS_H

// Blocks SIGINT, SIGQUIT, SIGHUP and SIGTERM (those not ignored already) for this and all later threads and
// has the service thread turn them into console control events. Before the first guest thread.
void control_events_init(void);

#endif
