/* SPDX-License-Identifier: GPL-3.0-or-later */
/* file-users.c: which program has a file open. */
#include "profiler/file-users.h"

#include <stdlib.h>
#include <unistd.h>

static gboolean
has_open (const char *process, const char *path)
{
  g_autofree char *folder = g_build_filename ("/proc", process, "fd", NULL);
  g_autoptr (GDir) descriptors = g_dir_open (folder, 0, NULL);
  const char *descriptor;

  while (descriptors != NULL && (descriptor = g_dir_read_name (descriptors)) != NULL)
    {
      g_autofree char *link = g_build_filename (folder, descriptor, NULL);
      g_autofree char *target = g_file_read_link (link, NULL);

      if (g_strcmp0 (target, path) == 0)
        return TRUE;
    }
  return FALSE;
}

char *
fettle_file_users_find (const char *path, gboolean *is_own)
{
  g_autoptr (GDir) processes = g_dir_open ("/proc", 0, NULL);
  const char *process;

  *is_own = FALSE;
  while (processes != NULL && (process = g_dir_read_name (processes)) != NULL)
    {
      g_autofree char *file = g_build_filename ("/proc", process, "comm", NULL);
      char *name;

      if (!g_ascii_isdigit (*process) || !has_open (process, path)
          || !g_file_get_contents (file, &name, NULL, NULL))
        continue;
      *is_own = atoi (process) == getpid ();
      return g_strchomp (name);
    }
  return NULL;
}
