/* SPDX-License-Identifier: GPL-3.0-or-later */
/* link-process.h: a link to an agent in a process that the link itself starts.
 *
 * The process belongs to the thread that opened the link: it is killed when that thread ends, however
 * it ends, and when the link is closed. Nothing here blocks: both pipes are non-blocking and served
 * by sources of the link's context. */
#pragma once

#include "profiler/link.h"

G_BEGIN_DECLS

#define FETTLE_TYPE_LINK_PROCESS (fettle_link_process_get_type ())
G_DECLARE_DERIVABLE_TYPE (FettleLinkProcess, fettle_link_process, FETTLE, LINK_PROCESS,
                          FettleLink)

struct _FettleLinkProcessClass
{
  FettleLinkClass parent_class;

  /* How sentences name the process: "The virtual board's QEMU". */
  const char *subject;

  /* Makes the pipes and calls fettle_link_process_launch. */
  gboolean (*start) (FettleLinkProcess *self, GError **error);
};

/* Starts ARGV; LAUNCHER carries the child's ends. Takes READ_FD and WRITE_FD, the ends of this
 * process, also on failure; they may be the same. */
gboolean fettle_link_process_launch (FettleLinkProcess *self,
                                     GSubprocessLauncher *launcher,
                                     const char *const *argv, int read_fd, int write_fd,
                                     GError **error);

/* The process id, or 0 when it does not run. */
GPid fettle_link_process_get_pid (FettleLinkProcess *self);

G_END_DECLS
