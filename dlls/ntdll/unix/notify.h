// What a directory's open keeps of being watched for changes.
#ifndef LOWLAND_NOTIFY_H
#define LOWLAND_NOTIFY_H

struct notify;

// Ends the watch; NULL is fine. No call uses it any more.
void notify_free(struct notify *notify);

#endif
