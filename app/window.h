/* SPDX-License-Identifier: GPL-3.0-or-later */
/* window.h: one document, its pages, its board. */
#pragma once

#include "app/content.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_WINDOW (fettle_window_get_type ())
G_DECLARE_FINAL_TYPE (FettleWindow, fettle_window, FETTLE, WINDOW, GtkApplicationWindow)

GtkWidget *fettle_window_new (GtkApplication *application);

/* TRUE if nothing was opened in it yet. */
gboolean fettle_window_is_empty (FettleWindow *self);
void fettle_window_open (FettleWindow *self, const char *path);
/* Offers unsaved work that was left behind, if there is some. */
void fettle_window_offer_recovery (FettleWindow *self);

/* What the command line asks for, done as soon as it can be. */
typedef struct
{
  const FettleData *calibration; /* tune on it; NULL: do not */
  const char *board;             /* connect to it; NULL: do not */
  gboolean run;                  /* run live once connected */
} FettleStartup;

void fettle_window_start (FettleWindow *self, const FettleStartup *startup);

G_END_DECLS
