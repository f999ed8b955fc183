/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph-view-render.h: draws a laid out graph with cairo, on the screen and to files. */
#pragma once

#include "widgets/graph-layout.h"

G_BEGIN_DECLS

typedef struct
{
  const char *title;       /* what it does: the first line */
  const char *name;        /* the second one */
  const char *detail;      /* the third one, such as a shape */
  const char *description; /* for tooltip and screen reader; may be NULL */
  gboolean is_terminal;    /* where the graph begins or ends: another outline */
} FettleGraphNode;

/* What a node costs, by the measure that is shown. */
typedef struct
{
  gboolean known; /* FALSE: the rest is not read */
  double value;   /* not negative */
} FettleGraphValue;

/* All that is to be seen. Strings may be NULL; the caller owns everything. */
typedef struct
{
  const FettleGraphNode *nodes;
  guint n_nodes;
  const FettleGraphEdge *edges;
  guint n_edges;
  const FettleGraphValue *values; /* n_nodes; NULL: nothing is measured */
  const char *measure;            /* what VALUES are, for the legend */
  FettleNumberFormat format;      /* of VALUES */
  const gboolean *matches;        /* n_nodes: the others are dimmed; NULL: all */
  const char *empty_text;
  int selected; /* -1: none */
  int hovered;  /* -1: none */
  gboolean focused;
} FettleGraphContents;

/* Texts that were shaped before, so that they are not shaped for each frame. Of one context, and of one set of nodes
 * and values. */
typedef struct _FettleGraphTexts FettleGraphTexts;

FettleGraphTexts *fettle_graph_texts_new (guint n_nodes);
void fettle_graph_texts_free (FettleGraphTexts *texts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleGraphTexts, fettle_graph_texts_free)

/* Width and height that every node gets. */
void fettle_graph_view_measure (const FettleGraphContents *contents,
                                PangoContext *context, double *width, double *height);

/* The part of the drawing that begins at X and Y (in its own units), ZOOM times as large, in WIDTH × HEIGHT units of
 * CR, with the legend in a corner. Draws only what is inside of CR's clip; small nodes without text. LAYOUT may be
 * NULL: only the empty text. TEXTS may be NULL. */
typedef struct
{
  double x, y, zoom;
  double width, height;
} FettleGraphViewport;

void fettle_graph_view_draw (cairo_t *cr, PangoContext *context,
                             const FettleGraphContents *contents,
                             const FettleGraphLayout *layout, FettleGraphTexts *texts,
                             const FettlePalette *palette,
                             const FettleGraphViewport *viewport);

/* The whole drawing at CR's origin, for files, and how large it is. */
void fettle_graph_view_render (cairo_t *cr, PangoContext *context,
                               const FettleGraphContents *contents,
                               const FettleGraphLayout *layout,
                               const FettlePalette *palette);
void fettle_graph_view_get_full_size (const FettleGraphContents *contents,
                                      PangoContext *context,
                                      const FettleGraphLayout *layout, double *width,
                                      double *height);

/* The largest known value, 0 if there is none. */
double fettle_graph_view_get_maximum (const FettleGraphContents *contents);

/* What a node of VALUE is filled with. */
FettleColor fettle_graph_view_get_shade (const FettleGraphValue *value, double maximum,
                                         const FettlePalette *palette);

G_END_DECLS
