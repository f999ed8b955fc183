/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arena-map-render.h: draws an arena map with cairo, on the screen and to files. */
#pragma once

#include "widgets/arena-map-layout.h"

G_BEGIN_DECLS

typedef struct
{
  const char *label;
  guint first, last; /* steps, both included */
  guint64 offset;    /* bytes */
  guint64 size;      /* bytes */
  int layer;         /* that writes it; -1: none (a model input) */
  gboolean scratch;
  const char *description; /* what it is and why it is there; may be NULL */
} FettleArenaItem;

/* The words of the legend, so that a translated caller can give its own. */
typedef struct
{
  const char *tensor;
  const char *scratch;
  const char *high_water;
  const char *lower_bound;
  const char *budget;
  const char *steps; /* title of the lower axis */
} FettleArenaWords;

/* All that is to be seen. Strings may be NULL; the caller owns everything. */
typedef struct
{
  const char *title;
  const char *empty_text;
  FettleArenaWords words;
  const FettleArenaItem *items;
  guint n_items;
  guint n_steps;
  guint64 high_water, lower_bound, budget; /* bytes; 0: not drawn */
  int selected;                            /* layer, -1: none */
  int hovered;                             /* item, -1: none */
  int cursor;                              /* item that has the focus, -1: none */
} FettleArenaContents;

/* English words. */
const FettleArenaWords *fettle_arena_map_get_default_words (void);

void fettle_arena_map_init_layout (const FettleArenaContents *contents,
                                   PangoContext *context, double width, double height,
                                   FettleArenaLayout *layout);

/* Only what is inside of CR's clip. */
void fettle_arena_map_draw (cairo_t *cr, PangoContext *context,
                            const FettleArenaContents *contents,
                            const FettleArenaLayout *layout,
                            const FettlePalette *palette);

/* At CR's origin, for files. */
void fettle_arena_map_render (cairo_t *cr, PangoContext *context,
                              const FettleArenaContents *contents,
                              const FettlePalette *palette, double width, double height);

cairo_surface_t *fettle_arena_map_render_to_surface (const FettleArenaContents *contents,
                                                     PangoContext *context,
                                                     const FettlePalette *palette,
                                                     double width, double height,
                                                     double scale);

G_END_DECLS
