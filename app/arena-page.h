/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arena-page.h: the plans of the activation buffer, side by side and as a map. */
#pragma once

#include "app/target-image.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_ARENA_PAGE (fettle_arena_page_get_type ())
G_DECLARE_FINAL_TYPE (FettleArenaPage, fettle_arena_page, FETTLE, ARENA_PAGE, GtkBox)

/* Once. */
void fettle_arena_page_set_document (FettleArenaPage *self, FettleDocument *document,
                                     FettleTargetImage *image);

G_END_DECLS
