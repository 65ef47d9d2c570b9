// What a directory's open keeps of being watched for changes.
#ifndef LOWLAND_NOTIFY_H
#define LOWLAND_NOTIFY_H

struct file;
struct file_node;

// Ends the watch that an open has, if any. No call uses it any more.
void notify_end(struct file *file);

// This process has just changed something in some directory: calls that wait for it end now, not when the
// service thread gets to it, as programs that watch what they do themselves expect. Costs one load when
// nothing is watched. Call without locks.
void notify_changed(void);

// A directory is to be deleted: calls that watch it end with STATUS_DELETE_PENDING. Call without locks.
void notify_deleted(const struct file_node *node);

#endif
