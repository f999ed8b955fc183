/* SPDX-License-Identifier: GPL-3.0-or-later */
/* locate.c: where the boards' programs and firmware lie. */
#include "profiler/locate.h"

#include "config.h"

/* Programs of the build lie in cli/, app/ or tests/SUITE/ROOM/. */
#define DEEPEST 4

static char *
find_in (const char *directory, const char *folder, const char *name)
{
  char *path = g_build_filename (directory, folder, name, NULL);

  if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return path;
  g_free (path);
  return NULL;
}

static char *
find_in_build_tree (const char *folder, const char *name)
{
  g_autofree char *directory = g_file_read_link ("/proc/self/exe", NULL);
  char *path = NULL;

  for (int depth = 0; directory != NULL && path == NULL && depth < DEEPEST; depth++)
    {
      char *parent = g_path_get_dirname (directory);

      g_free (directory);
      directory = parent;
      path = find_in (directory, folder, name);
    }
  return path;
}

char *
fettle_locate (const char *folder, const char *name)
{
  const char *chosen = g_getenv ("FETTLE_LIBEXECDIR");
  char *path;

  if (chosen != NULL)
    return find_in (chosen, "", name);
  path = find_in_build_tree (folder, name);
  return path != NULL ? path : find_in (FETTLE_LIBEXECDIR, "", name);
}
