/* SPDX-License-Identifier: GPL-3.0-or-later */
/* window.c: one document, its pages, its board. */
#include "config.h"

#include "app/window.h"

#include "app/arena-page.h"
#include "app/board-bar.h"
#include "app/chart-actions.h"
#include "app/compare-page.h"
#include "app/cycles-page.h"
#include "app/document.h"
#include "app/export-page.h"
#include "app/file-choosing.h"
#include "app/graph-page.h"
#include "app/history-popover.h"
#include "app/layers-page.h"
#include "app/overview-page.h"
#include "app/permission-bar.h"
#include "app/quantization-page.h"
#include "app/recent-menu.h"
#include "app/recovery-bar.h"
#include "app/recovery.h"
#include "app/recipe-panel.h"
#include "app/run-recorder.h"
#include "app/summary-bar.h"
#include "app/target-image.h"
#include "app/window-state.h"

#include <glib/gi18n.h>

#define PROJECT_SUFFIX ".fettle"

struct _FettleWindow
{
  GtkApplicationWindow parent_instance;

  FettleDocument *document;
  FettleBoardControl *control;
  FettleTargetImage *image;
  FettleRecovery *recovery;
  FettleRunRecorder *recorder;
  FettleWindowState state; /* size and so on, as last seen */

  /* From the command line; done and cleared when the model is there. */
  FettleData *startup_calibration;
  gboolean startup_run;

  GtkHeaderBar *header_bar;
  GtkMenuButton *recent_button;
  FettleRecipePanel *recipe_panel;
  GtkMenuButton *history_button;
  FettlePermissionBar *permission_bar;
  FettleRecoveryBar *recovery_bar;
  GtkInfoBar *info_bar;
  GtkLabel *info_label;
  GtkStack *main_stack;
  GtkStack *page_stack;
  FettleSummaryBar *summary_bar;
  FettleOverviewPage *overview_page;
  FettleGraphPage *graph_page;
  FettleLayersPage *layers_page;
  FettleArenaPage *arena_page;
  FettleQuantizationPage *quantization_page;
  FettleCyclesPage *cycles_page;
  FettleComparePage *compare_page;
  FettleExportPage *export_page;
  FettleBoardBar *board_bar;
  GtkWidget *activity_box;
  GtkProgressBar *activity_bar;
};

G_DEFINE_FINAL_TYPE (FettleWindow, fettle_window, GTK_TYPE_APPLICATION_WINDOW)

/* Messages of GLib, unlike ours, have no full stop. */
static void
show_error (FettleWindow *self, const char *message)
{
  g_autofree char *text =
      g_strconcat (message, g_str_has_suffix (message, ".") ? NULL : ".", NULL);

  gtk_info_bar_set_message_type (self->info_bar, GTK_MESSAGE_ERROR);
  gtk_label_set_text (self->info_label, text);
  gtk_info_bar_set_revealed (self->info_bar, TRUE);
}

static void
hide_message (FettleWindow *self)
{
  gtk_info_bar_set_revealed (self->info_bar, FALSE);
}

static void
chart_failed (const char *text, gpointer self)
{
  show_error (self, text);
}

static void
enable_action (FettleWindow *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

static void
update_actions (FettleWindow *self)
{
  FettleContent *content = fettle_document_get_content (self->document);
  FettleBoardState state = fettle_board_control_get_state (self->control);
  FettleBoard *board = fettle_board_control_get_board (self->control);
  gboolean busy = fettle_document_is_busy (self->document);
  gboolean runs = state == FETTLE_BOARD_PREPARING || state == FETTLE_BOARD_RUNNING;

  enable_action (self, "tune", content != NULL && !busy);
  enable_action (self, "show-recipe", content != NULL);
  enable_action (self, "save", content != NULL);
  enable_action (self, "save-as", content != NULL);
  enable_action (self, "export", content != NULL);
  enable_action (self, "show-page", content != NULL);
  enable_action (self, "show-nth-page", content != NULL);
  enable_action (self, "undo",
                 fettle_history_can_undo (fettle_document_get_history (self->document)));
  enable_action (self, "redo",
                 fettle_history_can_redo (fettle_document_get_history (self->document)));
  gtk_widget_set_sensitive (GTK_WIDGET (self->history_button), content != NULL);
  enable_action (self, "run",
                 runs || (content != NULL && state == FETTLE_BOARD_CONNECTED));
  enable_action (self, "connect",
                 state != FETTLE_BOARD_DISCONNECTED
                     || (board != NULL && fettle_board_get_problem (board) == NULL));
}

/* --- the document --- */

/* With the data that the user names for a project which was tuned before. */
static void
compare_project (FettleWindow *self, const FettleData *data)
{
  fettle_document_edit (self->document, fettle_document_get_recipe (self->document), data,
                        _ ("Choose calibration data"), NULL);
  fettle_document_compare (self->document, data);
}

static void
do_startup_work (FettleWindow *self)
{
  g_autoptr (FettleData) calibration = NULL;
  FettleContent *content = fettle_document_get_content (self->document);

  if (content == NULL || fettle_document_is_busy (self->document))
    return;
  calibration = g_steal_pointer (&self->startup_calibration);
  if (calibration != NULL && content->kind == FETTLE_CONTENT_TUNED)
    compare_project (self, calibration);
  else if (calibration != NULL && content->kind == FETTLE_CONTENT_FLOAT)
    fettle_document_tune (self->document, calibration);
  else if (calibration != NULL)
    show_error (self,
                _ ("This model is quantized already; --calibrate needs a float model."));
  else if (self->startup_run
           && fettle_board_control_get_state (self->control) == FETTLE_BOARD_CONNECTED)
    {
      self->startup_run = FALSE;
      gtk_stack_set_visible_child_name (self->page_stack, "cycles");
      fettle_board_control_run (self->control);
    }
}

/* The dot says that there is something to save, as in other programs. */
static void
show_title (FettleWindow *self)
{
  const char *path = fettle_document_get_path (self->document);
  gboolean is_saved = fettle_document_is_saved (self->document);
  g_autofree char *name = NULL, *marked = NULL, *title = NULL;

  if (path == NULL)
    return;
  name = g_filename_display_basename (path);
  marked = g_strconcat (is_saved ? "" : "• ", name, NULL);
  title = g_strdup_printf (_ ("%s – Fettle"), marked);
  gtk_window_set_title (GTK_WINDOW (self), title);
  gtk_header_bar_set_title (self->header_bar, marked);
  if (is_saved)
    fettle_recent_menu_add (path);
}

static void
content_changed (FettleWindow *self)
{
  gtk_stack_set_visible_child_name (self->main_stack, "model");
  update_actions (self);
}

static void
activity_changed (FettleWindow *self)
{
  double fraction = -1;
  g_autofree char *activity = fettle_document_get_activity (self->document, &fraction);

  gtk_widget_set_visible (self->activity_box, activity != NULL);
  update_actions (self);
  if (activity == NULL)
    {
      do_startup_work (self);
      return;
    }
  gtk_progress_bar_set_text (self->activity_bar, activity);
  if (fraction >= 0)
    gtk_progress_bar_set_fraction (self->activity_bar, CLAMP (fraction, 0, 1));
  else
    gtk_progress_bar_pulse (self->activity_bar);
}

gboolean
fettle_window_is_empty (FettleWindow *self)
{
  g_return_val_if_fail (FETTLE_IS_WINDOW (self), FALSE);

  return fettle_document_get_content (self->document) == NULL
         && !fettle_document_is_busy (self->document);
}

void
fettle_window_open (FettleWindow *self, const char *path)
{
  g_return_if_fail (FETTLE_IS_WINDOW (self) && path != NULL);

  hide_message (self);
  fettle_document_open (self->document, path);
}

void
fettle_window_offer_recovery (FettleWindow *self)
{
  g_return_if_fail (FETTLE_IS_WINDOW (self));

  fettle_recovery_bar_offer (self->recovery_bar);
}

static void
recover (FettleWindow *self, const char *path)
{
  GtkWidget *window = GTK_WIDGET (self);

  if (!fettle_window_is_empty (self))
    window = fettle_window_new (gtk_window_get_application (GTK_WINDOW (self)));
  gtk_window_present (GTK_WINDOW (window));
  self = FETTLE_WINDOW (window);
  fettle_recovery_adopt (self->recovery, path);
  fettle_document_recover (self->document, path);
}

/* --- how the window is left --- */

static void
show_recipe_panel (FettleWindow *self, gboolean is_shown)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "show-recipe");

  gtk_widget_set_visible (GTK_WIDGET (self->recipe_panel), is_shown);
  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_boolean (is_shown));
}

static gboolean
window_configured (FettleWindow *self)
{
  if (!self->state.is_maximized)
    gtk_window_get_size (GTK_WINDOW (self), &self->state.width, &self->state.height);
  return GDK_EVENT_PROPAGATE;
}

static void
maximized_changed (FettleWindow *self)
{
  self->state.is_maximized = gtk_window_is_maximized (GTK_WINDOW (self));
}

static void
restore_state (FettleWindow *self)
{
  fettle_window_state_load (&self->state);
  if (self->state.width > 0 && self->state.height > 0)
    gtk_window_set_default_size (GTK_WINDOW (self), self->state.width,
                                 self->state.height);
  if (self->state.is_maximized)
    gtk_window_maximize (GTK_WINDOW (self));
  if (self->state.page != NULL
      && gtk_stack_get_child_by_name (self->page_stack, self->state.page) != NULL)
    gtk_stack_set_visible_child_name (self->page_stack, self->state.page);
  show_recipe_panel (self, self->state.shows_recipe);
  g_signal_connect_after (self, "configure-event", G_CALLBACK (window_configured), NULL);
  g_signal_connect (self, "notify::is-maximized", G_CALLBACK (maximized_changed), NULL);
}

static void
keep_state (FettleWindow *self)
{
  g_free (self->state.page);
  self->state.page = g_strdup (gtk_stack_get_visible_child_name (self->page_stack));
  self->state.shows_recipe = gtk_widget_get_visible (GTK_WIDGET (self->recipe_panel));
  fettle_window_state_save (&self->state);
  fettle_window_state_clear (&self->state);
}

/* --- the board --- */

static void
state_changed (FettleWindow *self)
{
  update_actions (self);
  do_startup_work (self);
}

static void
board_failed (FettleWindow *self, const char *text)
{
  self->startup_run = FALSE;
  show_error (self, text);
}

void
fettle_window_start (FettleWindow *self, const FettleStartup *startup)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (FETTLE_IS_WINDOW (self) && startup != NULL);

  if (startup->calibration != NULL)
    self->startup_calibration = fettle_data_copy (startup->calibration);
  self->startup_run = startup->run;
  if (startup->board != NULL
      && !fettle_board_bar_choose (self->board_bar, startup->board, &error))
    show_error (self, error->message);
  else if (startup->board != NULL || startup->run)
    fettle_board_control_connect (self->control);
}

/* --- actions --- */

static void
open_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FettleWindow *self = data;
  g_autofree char *path = fettle_choose_model (GTK_WINDOW (self));

  if (path != NULL)
    fettle_window_open (self, path);
}

static void
save_as (FettleWindow *self)
{
  g_autofree char *path =
      fettle_choose_save_path (GTK_WINDOW (self), _ ("Save Project"),
                               fettle_document_get_path (self->document), PROJECT_SUFFIX);

  if (path != NULL)
    fettle_document_save (self->document, path);
}

static void
save_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FettleWindow *self = data;
  const char *path = fettle_document_get_path (self->document);

  if (g_str_has_suffix (path, PROJECT_SUFFIX))
    fettle_document_save (self->document, path);
  else
    save_as (self);
}

static void
save_as_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  save_as (data);
}

static void
export_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FettleWindow *self = data;

  gtk_stack_set_visible_child_name (self->page_stack, "export");
}

static void
show_recipe_changed (GSimpleAction *action, GVariant *state, gpointer data)
{
  FettleWindow *self = data;
  gboolean is_shown = g_variant_get_boolean (state);

  show_recipe_panel (self, is_shown);
  if (is_shown)
    fettle_recipe_panel_focus (self->recipe_panel);
}

/* The first time, the user is asked for data; after that the steps run as soon as there is something new in them. */
static void
tune_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FettleWindow *self = data;
  FettleEditState *state = fettle_document_get_state (self->document);

  show_recipe_panel (self, TRUE);
  if (state->data != NULL && !fettle_document_is_applied (self->document))
    fettle_document_apply (self->document);
  else
    fettle_recipe_panel_focus (self->recipe_panel);
}

static void
connect_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FettleWindow *self = data;

  hide_message (self);
  if (fettle_board_control_get_state (self->control) == FETTLE_BOARD_DISCONNECTED)
    fettle_board_control_connect (self->control);
  else
    fettle_board_control_disconnect (self->control);
}

static void
run_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FettleWindow *self = data;

  hide_message (self);
  if (fettle_board_control_get_state (self->control) == FETTLE_BOARD_CONNECTED)
    fettle_board_control_run (self->control);
  else
    fettle_board_control_stop (self->control);
}

static void
show_page_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FettleWindow *self = data;

  gtk_stack_set_visible_child_name (self->page_stack,
                                    g_variant_get_string (parameter, NULL));
}

/* Pages count from 1, as the keys do; a number beyond the last does nothing. */
static void
show_nth_page_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FettleWindow *self = data;
  g_autoptr (GList) pages = gtk_container_get_children (GTK_CONTAINER (self->page_stack));
  GtkWidget *page = g_list_nth_data (pages, (guint)g_variant_get_int32 (parameter) - 1);

  if (page != NULL)
    gtk_stack_set_visible_child (self->page_stack, page);
}

static void
undo_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FettleWindow *self = data;

  fettle_document_undo (self->document);
}

static void
redo_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FettleWindow *self = data;

  fettle_document_redo (self->document);
}

/* The search entry of WIDGET's page; NULL if it has none. */
static GtkWidget *
find_search_entry (GtkWidget *widget)
{
  g_autoptr (GList) children = NULL;
  GtkWidget *found = NULL;

  if (GTK_IS_SEARCH_ENTRY (widget))
    return widget;
  if (!GTK_IS_CONTAINER (widget))
    return NULL;
  children = gtk_container_get_children (GTK_CONTAINER (widget));
  for (GList *l = children; l != NULL && found == NULL; l = l->next)
    found = find_search_entry (l->data);
  return found;
}

static void
find_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FettleWindow *self = data;
  GtkWidget *entry = find_search_entry (gtk_stack_get_visible_child (self->page_stack));

  if (entry != NULL)
    gtk_widget_grab_focus (entry);
}

static void
cancel_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FettleWindow *self = data;

  fettle_document_cancel (self->document);
}

static void
open_path_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  fettle_window_open (data, g_variant_get_bytestring (parameter));
}

static void
file_dropped (GtkWidget *widget, GdkDragContext *context, int x, int y,
              GtkSelectionData *selection, guint info, guint time, gpointer data)
{
  FettleWindow *self = FETTLE_WINDOW (widget);
  g_auto (GStrv) uris = gtk_selection_data_get_uris (selection);
  g_autofree char *path =
      uris != NULL && uris[0] != NULL ? g_filename_from_uri (uris[0], NULL, NULL) : NULL;

  if (path != NULL)
    fettle_window_open (self, path);
  else
    show_error (self, _ ("Only files on this computer can be dropped here."));
}

/* --- the object --- */

static const GActionEntry actions[] = {
  { .name = "open", .activate = open_activated },
  { .name = "open-path", .activate = open_path_activated, .parameter_type = "ay" },
  { .name = "save", .activate = save_activated },
  { .name = "save-as", .activate = save_as_activated },
  { .name = "export", .activate = export_activated },
  { .name = "tune", .activate = tune_activated },
  { .name = "show-recipe", .state = "false", .change_state = show_recipe_changed },
  { .name = "connect", .activate = connect_activated },
  { .name = "run", .activate = run_activated },
  { .name = "cancel", .activate = cancel_activated },
  { .name = "undo", .activate = undo_activated },
  { .name = "redo", .activate = redo_activated },
  { .name = "show-page", .activate = show_page_activated, .parameter_type = "s" },
  { .name = "find", .activate = find_activated },
  { .name = "show-nth-page", .activate = show_nth_page_activated, .parameter_type = "i" },
};

static void
fettle_window_dispose (GObject *object)
{
  FettleWindow *self = FETTLE_WINDOW (object);

  if (self->document != NULL)
    {
      keep_state (self);
      g_signal_handlers_disconnect_by_data (self->document, self);
      fettle_document_cancel (self->document);
    }
  if (self->control != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->control, self);
      fettle_board_control_disconnect (self->control);
    }
  g_clear_object (&self->image);
  g_clear_object (&self->recorder);
  g_clear_object (&self->control);
  if (self->recovery != NULL)
    g_object_run_dispose (G_OBJECT (self->recovery));
  g_clear_object (&self->recovery);
  g_clear_object (&self->document);
  g_clear_pointer (&self->startup_calibration, fettle_data_free);
  G_OBJECT_CLASS (fettle_window_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, FettleWindow, header_bar);
  gtk_widget_class_bind_template_child (widget_class, FettleWindow, recent_button);
  gtk_widget_class_bind_template_child (widget_class, FettleWindow, recipe_panel);
  gtk_widget_class_bind_template_child (widget_class, FettleWindow, history_button);
  gtk_widget_class_bind_template_child (widget_class, FettleWindow, permission_bar);
  gtk_widget_class_bind_template_child (widget_class, FettleWindow, recovery_bar);
  gtk_widget_class_bind_template_child (widget_class, FettleWindow, info_bar);
  gtk_widget_class_bind_template_child (widget_class, FettleWindow, info_label);
  gtk_widget_class_bind_template_child (widget_class, FettleWindow, main_stack);
  gtk_widget_class_bind_template_child (widget_class, FettleWindow, page_stack);
  gtk_widget_class_bind_template_child (widget_class, FettleWindow, summary_bar);
  gtk_widget_class_bind_template_child (widget_class, FettleWindow, overview_page);
  gtk_widget_class_bind_template_child (widget_class, FettleWindow, graph_page);
  gtk_widget_class_bind_template_child (widget_class, FettleWindow, layers_page);
  gtk_widget_class_bind_template_child (widget_class, FettleWindow, arena_page);
  gtk_widget_class_bind_template_child (widget_class, FettleWindow, quantization_page);
  gtk_widget_class_bind_template_child (widget_class, FettleWindow, cycles_page);
  gtk_widget_class_bind_template_child (widget_class, FettleWindow, compare_page);
  gtk_widget_class_bind_template_child (widget_class, FettleWindow, export_page);
  gtk_widget_class_bind_template_child (widget_class, FettleWindow, board_bar);
  gtk_widget_class_bind_template_child (widget_class, FettleWindow, activity_box);
  gtk_widget_class_bind_template_child (widget_class, FettleWindow, activity_bar);
}

static void
fettle_window_class_init (FettleWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fettle_window_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/fettle/Fettle/window.ui");
  bind_children (widget_class);
}

static void
ensure_types (void)
{
  g_type_ensure (FETTLE_TYPE_SUMMARY_BAR);
  g_type_ensure (FETTLE_TYPE_OVERVIEW_PAGE);
  g_type_ensure (FETTLE_TYPE_GRAPH_PAGE);
  g_type_ensure (FETTLE_TYPE_LAYERS_PAGE);
  g_type_ensure (FETTLE_TYPE_ARENA_PAGE);
  g_type_ensure (FETTLE_TYPE_QUANTIZATION_PAGE);
  g_type_ensure (FETTLE_TYPE_CYCLES_PAGE);
  g_type_ensure (FETTLE_TYPE_COMPARE_PAGE);
  g_type_ensure (FETTLE_TYPE_EXPORT_PAGE);
  g_type_ensure (FETTLE_TYPE_BOARD_BAR);
  g_type_ensure (FETTLE_TYPE_PERMISSION_BAR);
  g_type_ensure (FETTLE_TYPE_RECIPE_PANEL);
  g_type_ensure (FETTLE_TYPE_RECOVERY_BAR);
}

static void
connect_document (FettleWindow *self)
{
  fettle_summary_bar_set_document (self->summary_bar, self->document, self->image);
  fettle_overview_page_set_document (self->overview_page, self->document, self->image);
  fettle_graph_page_set_document (self->graph_page, self->document);
  fettle_layers_page_set_document (self->layers_page, self->document);
  fettle_arena_page_set_document (self->arena_page, self->document, self->image);
  fettle_quantization_page_set_document (self->quantization_page, self->document);
  fettle_cycles_page_set_document (self->cycles_page, self->document);
  fettle_compare_page_set_document (self->compare_page, self->document);
  fettle_export_page_set_document (self->export_page, self->document, self->image);
  fettle_recipe_panel_set_document (self->recipe_panel, self->document);
  g_signal_connect_swapped (self->recipe_panel, "failed", G_CALLBACK (show_error), self);
  fettle_board_bar_set_control (self->board_bar, self->control);
  fettle_permission_bar_set_monitor (self->permission_bar,
                                     fettle_board_control_get_monitor (self->control));
  g_signal_connect_swapped (self->document, "content-changed",
                            G_CALLBACK (content_changed), self);
  g_signal_connect_swapped (self->document, "recipe-changed", G_CALLBACK (update_actions),
                            self);
  g_signal_connect_swapped (self->document, "activity-changed",
                            G_CALLBACK (activity_changed), self);
  g_signal_connect_swapped (self->document, "saved-changed", G_CALLBACK (show_title),
                            self);
  g_signal_connect_swapped (self->document, "failed", G_CALLBACK (show_error), self);
  g_signal_connect_swapped (self->control, "state-changed", G_CALLBACK (state_changed),
                            self);
  g_signal_connect_swapped (self->control, "failed", G_CALLBACK (board_failed), self);
}

static void
add_recent_menu (FettleWindow *self)
{
  g_autoptr (GMenu) menu = g_menu_new ();

  fettle_recent_menu_fill (menu);
  g_signal_connect_object (gtk_recent_manager_get_default (), "changed",
                           G_CALLBACK (fettle_recent_menu_fill), menu, G_CONNECT_SWAPPED);
  gtk_menu_button_set_menu_model (self->recent_button, G_MENU_MODEL (menu));
}

static void
fettle_window_init (FettleWindow *self)
{
  ensure_types ();
  gtk_widget_init_template (GTK_WIDGET (self));

  self->document = fettle_document_new ();
  self->control = fettle_board_control_new (self->document);
  self->recovery = fettle_recovery_new (self->document);
  self->recorder = fettle_run_recorder_new (self->document, self->control);
  g_signal_connect_swapped (self->recorder, "failed", G_CALLBACK (show_error), self);
  self->image = fettle_target_image_new (self->document, self->control);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions),
                                   self);
  gtk_menu_button_set_popover (
      self->history_button,
      fettle_history_popover_new (fettle_document_get_history (self->document)));
  connect_document (self);
  add_recent_menu (self);
  gtk_drag_dest_set (GTK_WIDGET (self), GTK_DEST_DEFAULT_ALL, NULL, 0, GDK_ACTION_COPY);
  gtk_drag_dest_add_uri_targets (GTK_WIDGET (self));
  g_signal_connect (self, "drag-data-received", G_CALLBACK (file_dropped), NULL);
  g_signal_connect_swapped (self->info_bar, "response", G_CALLBACK (hide_message), self);
  g_signal_connect_swapped (self->recovery_bar, "recover", G_CALLBACK (recover), self);
  restore_state (self);
  fettle_chart_actions_add (GTK_APPLICATION_WINDOW (self), self->page_stack, chart_failed,
                            self);
  update_actions (self);
}

GtkWidget *
fettle_window_new (GtkApplication *application)
{
  return g_object_new (FETTLE_TYPE_WINDOW, "application", application, NULL);
}
