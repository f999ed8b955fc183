/* SPDX-License-Identifier: GPL-3.0-or-later */
/* application.c: the one running Fettle: command line, menus, style. */
#include "config.h"

#include "app/application.h"
#include "app/chart-actions.h"
#include "app/window-state.h"
#include "app/window.h"
#include "widgets/style.h"

#include <glib/gi18n.h>

struct _FettleApplication
{
  GtkApplication parent_instance;

  gboolean has_offered_recovery;
};

G_DEFINE_FINAL_TYPE (FettleApplication, fettle_application, GTK_TYPE_APPLICATION)

static const GOptionEntry options[] = {
  { "board", 'b', 0, G_OPTION_ARG_STRING, NULL,
    N_ ("Connect to this board at start; fettle-cli boards lists them"), N_ ("ID") },
  { "run", 'r', 0, G_OPTION_ARG_NONE, NULL,
    N_ ("Run the model live as soon as the board is connected"), NULL },
  { "calibrate", 'c', 0, G_OPTION_ARG_FILENAME, NULL,
    N_ ("Quantize the model to int8 with these sample inputs"), N_ ("X.npy") },
  { "scale", 0, 0, G_OPTION_ARG_DOUBLE, NULL,
    N_ ("Model input = scale × sample + offset (default 1)"), N_ ("S") },
  { "offset", 0, 0, G_OPTION_ARG_DOUBLE, NULL,
    N_ ("Model input = scale × sample + offset (default 0)"), N_ ("O") },
  { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version and exit"), NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, NULL, NULL, N_ ("[MODEL…]") },
  { NULL }
};

static GtkWidget *
find_empty_window (GtkApplication *application)
{
  for (GList *l = gtk_application_get_windows (application); l != NULL; l = l->next)
    if (FETTLE_IS_WINDOW (l->data) && fettle_window_is_empty (l->data))
      return l->data;
  return fettle_window_new (application);
}

static FettleWindow *
open_window (GtkApplication *application, const char *path)
{
  GtkWidget *window = find_empty_window (application);

  gtk_window_present (GTK_WINDOW (window));
  if (!FETTLE_APPLICATION (application)->has_offered_recovery)
    fettle_window_offer_recovery (FETTLE_WINDOW (window));
  FETTLE_APPLICATION (application)->has_offered_recovery = TRUE;
  if (path != NULL)
    fettle_window_open (FETTLE_WINDOW (window), path);
  return FETTLE_WINDOW (window);
}

/* The caller's folder counts, not that of the process that has been running all day. */
static char *
resolve_path (GApplicationCommandLine *command_line, const char *name)
{
  g_autoptr (GFile) file =
      g_application_command_line_create_file_for_arg (command_line, name);

  return g_file_get_path (file);
}

static void
start_window (FettleWindow *window, GApplicationCommandLine *command_line,
              GVariantDict *dict)
{
  FettleStartup startup = { NULL };
  g_autoptr (FettleData) data = NULL;
  const char *calibrate = NULL;
  double scale = 1;
  double offset = 0;

  g_variant_dict_lookup (dict, "board", "&s", &startup.board);
  g_variant_dict_lookup (dict, "run", "b", &startup.run);
  g_variant_dict_lookup (dict, "scale", "d", &scale);
  g_variant_dict_lookup (dict, "offset", "d", &offset);
  if (g_variant_dict_lookup (dict, "calibrate", "^&ay", &calibrate))
    {
      g_autofree char *path = resolve_path (command_line, calibrate);

      data = fettle_data_new (path, scale, offset);
      startup.calibration = data;
    }
  fettle_window_start (window, &startup);
}

static int
fettle_application_command_line (GApplication *application,
                                 GApplicationCommandLine *command_line)
{
  GVariantDict *dict = g_application_command_line_get_options_dict (command_line);
  g_autofree const char **names = NULL;

  g_variant_dict_lookup (dict, G_OPTION_REMAINING, "^a&ay", &names);
  if (names == NULL || names[0] == NULL)
    start_window (open_window (GTK_APPLICATION (application), NULL), command_line, dict);
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      g_autofree char *path = resolve_path (command_line, names[i]);

      start_window (open_window (GTK_APPLICATION (application), path), command_line,
                    dict);
    }
  return 0;
}

static int
fettle_application_handle_local_options (GApplication *application, GVariantDict *dict)
{
  if (!g_variant_dict_contains (dict, "version"))
    return -1;
  g_print ("fettle %s\n", FETTLE_VERSION);
  return 0;
}

static void
fettle_application_activate (GApplication *application)
{
  open_window (GTK_APPLICATION (application), NULL);
}

/* --- actions --- */

static void
new_window_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_window_present (GTK_WINDOW (fettle_window_new (GTK_APPLICATION (data))));
}

static void
about_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_show_about_dialog (
      gtk_application_get_active_window (GTK_APPLICATION (data)), "program-name",
      _ ("Fettle"), "version", FETTLE_VERSION, "logo-icon-name", FETTLE_APPLICATION_ID,
      "comments", _ ("Takes a trained network to a microcontroller without retraining"),
      "license-type", GTK_LICENSE_GPL_3_0, "modal", FALSE, NULL);
}

static void
quit_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkApplication *application = GTK_APPLICATION (data);
  GList *windows = g_list_copy (gtk_application_get_windows (application));

  g_list_free_full (windows, (GDestroyNotify)gtk_widget_destroy);
}

static void
dark_changed (GSimpleAction *action, GVariant *state, gpointer data)
{
  g_object_set (gtk_settings_get_default (), "gtk-application-prefer-dark-theme",
                g_variant_get_boolean (state), NULL);
  g_simple_action_set_state (action, state);
  fettle_window_state_save_dark (g_variant_get_boolean (state));
}

static void
restore_style (GApplication *application)
{
  if (fettle_window_state_load_dark ())
    g_action_group_change_action_state (G_ACTION_GROUP (application), "dark",
                                        g_variant_new_boolean (TRUE));
}

static const GActionEntry actions[] = {
  { .name = "new-window", .activate = new_window_activated },
  { .name = "about", .activate = about_activated },
  { .name = "quit", .activate = quit_activated },
  { .name = "dark", .state = "false", .change_state = dark_changed },
};

static const struct
{
  const char *action;
  const char *keys[4];
} accelerators[] = {
  { "win.open", { "<Primary>o" } },
  { "win.save", { "<Primary>s" } },
  { "win.save-as", { "<Primary><Shift>s" } },
  { "win.export", { "<Primary>e" } },
  { "win.tune", { "<Primary>t" } },
  { "win.show-recipe", { "F9" } },
  { "win.undo", { "<Primary>z" } },
  { "win.redo", { "<Primary><Shift>z", "<Primary>y" } },
  { "win.find", { "<Primary>f" } },
  { "win.copy-chart", { "<Primary><Shift>c" } },
  { "win.print-chart", { "<Primary>p" } },
  { "win.run", { "F5" } },
  { "win.cancel", { "<Primary>period" } },
  { "app.new-window", { "<Primary>n" } },
  { "app.quit", { "<Primary>q" } },
  { "window.close", { "<Primary>w" } },
};

/* Control with a digit shows that page, in the order in which the window lists them. */
static void
add_page_accelerators (GtkApplication *application)
{
  for (int page = 1; page <= 9; page++)
    {
      g_autofree char *action = g_strdup_printf ("win.show-nth-page(%d)", page);
      g_autofree char *key = g_strdup_printf ("<Primary>%d", page);

      gtk_application_set_accels_for_action (application, action,
                                             (const char *[]){ key, NULL });
    }
}

static void
load_style (void)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  fettle_style_install (gdk_screen_get_default ());
  gtk_css_provider_load_from_resource (provider, "/io/github/fettle/Fettle/style.css");
  gtk_style_context_add_provider_for_screen (gdk_screen_get_default (),
                                             GTK_STYLE_PROVIDER (provider),
                                             GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

static void
fettle_application_startup (GApplication *application)
{
  G_APPLICATION_CLASS (fettle_application_parent_class)->startup (application);

  g_action_map_add_action_entries (G_ACTION_MAP (application), actions,
                                   G_N_ELEMENTS (actions), application);
  for (guint i = 0; i < G_N_ELEMENTS (accelerators); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application),
                                           accelerators[i].action, accelerators[i].keys);
  add_page_accelerators (GTK_APPLICATION (application));
  gtk_window_set_default_icon_name (FETTLE_APPLICATION_ID);
  load_style ();
  restore_style (application);
  fettle_chart_actions_install_menu ();
}

static void
fettle_application_class_init (FettleApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->startup = fettle_application_startup;
  application_class->activate = fettle_application_activate;
  application_class->command_line = fettle_application_command_line;
  application_class->handle_local_options = fettle_application_handle_local_options;
}

static void
fettle_application_init (FettleApplication *self)
{
  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_summary (
      G_APPLICATION (self),
      _ ("Takes a trained network to a microcontroller without retraining."));
}

FettleApplication *
fettle_application_new (void)
{
  return g_object_new (FETTLE_TYPE_APPLICATION, "application-id", FETTLE_APPLICATION_ID,
                       "resource-base-path", "/io/github/fettle/Fettle", "flags",
                       G_APPLICATION_HANDLES_COMMAND_LINE, NULL);
}
