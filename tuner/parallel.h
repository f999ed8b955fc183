/* SPDX-License-Identifier: GPL-3.0-or-later */
/* parallel.h: one piece of work for each of many items, spread over threads; private to the room. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Works on ITEM in thread WORKER. Threads share nothing through this interface: what FUNC writes is
 * its worker's or its item's own, so that the order in which threads finish decides nothing. */
typedef gboolean (*FettleParallelFunc) (guint worker, guint item, gpointer user_data,
                                        GError **error);
typedef void (*FettleParallelProgress) (double fraction, gpointer user_data);

/* How many threads fettle_parallel_run uses for N_ITEMS: one per core, or what the environment
 * variable FETTLE_THREADS says; at least 1. */
guint fettle_parallel_count_workers (guint n_items);

/* Runs FUNC for items 0 to N_ITEMS - 1. Of several errors, the one of the lowest item is reported.
 * PROGRESS (may be NULL) is called in the calling thread. */
gboolean fettle_parallel_run (guint n_items, guint n_workers, FettleParallelFunc func,
                              gpointer user_data, FettleParallelProgress progress,
                              gpointer progress_data, GCancellable *cancellable,
                              GError **error);

G_END_DECLS
