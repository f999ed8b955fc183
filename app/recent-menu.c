/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recent-menu.c: the models opened lately, as a menu of "win.open-path" items. */
#include "config.h"

#include "app/recent-menu.h"

#include <glib/gi18n.h>

#define MAXIMUM_ITEMS 10

static int
compare_age (gconstpointer a, gconstpointer b)
{
  time_t first = gtk_recent_info_get_modified ((GtkRecentInfo *)a);
  time_t second = gtk_recent_info_get_modified ((GtkRecentInfo *)b);

  return (first < second) - (first > second);
}

/* An underscore in a file name is not a mnemonic. */
static char *
escape_label (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "_", -1);

  return g_strjoinv ("__", parts);
}

static void
append_item (GMenu *menu, const char *path)
{
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *label = escape_label (name);
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, "win.open-path", "^ay", path);
  g_menu_append_item (menu, item);
}

void
fettle_recent_menu_fill (GMenu *menu)
{
  GtkRecentManager *manager = gtk_recent_manager_get_default ();
  GList *items = g_list_sort (gtk_recent_manager_get_items (manager), compare_age);

  g_return_if_fail (G_IS_MENU (menu));

  g_menu_remove_all (menu);
  for (GList *l = items; l != NULL; l = l->next)
    {
      g_autofree char *path = NULL;

      if (!gtk_recent_info_has_application (l->data, g_get_application_name ())
          || !gtk_recent_info_exists (l->data)
          || g_menu_model_get_n_items (G_MENU_MODEL (menu)) >= MAXIMUM_ITEMS)
        continue;
      path = g_filename_from_uri (gtk_recent_info_get_uri (l->data), NULL, NULL);
      if (path != NULL)
        append_item (menu, path);
    }
  if (g_menu_model_get_n_items (G_MENU_MODEL (menu)) == 0)
    g_menu_append (menu, _ ("No recent models"), NULL);
  g_list_free_full (items, (GDestroyNotify)gtk_recent_info_unref);
}

void
fettle_recent_menu_add (const char *path)
{
  g_autofree char *uri = NULL;

  g_return_if_fail (path != NULL);

  uri = g_filename_to_uri (path, NULL, NULL);
  if (uri != NULL)
    gtk_recent_manager_add_item (gtk_recent_manager_get_default (), uri);
}
