/* SPDX-License-Identifier: GPL-3.0-or-later */
/* target-image.h: the document's model as the chosen board would get it, and what that board offers. */
#pragma once

#include "app/board-control.h"

G_BEGIN_DECLS

#define FETTLE_TYPE_TARGET_IMAGE (fettle_target_image_get_type ())
G_DECLARE_FINAL_TYPE (FettleTargetImage, fettle_target_image, FETTLE, TARGET_IMAGE,
                      GObject)

/* Signal "changed": another model, core or board, a lowering that is done, limits that became known.
 *
 * Lowering for the board's core runs in a thread; a late result is dropped. */

FettleTargetImage *fettle_target_image_new (FettleDocument *document,
                                            FettleBoardControl *control);

/* Portable while no board is chosen. */
FettleTarget fettle_target_image_get_target (FettleTargetImage *self);

/* The content that was lowered, with the result; valid until "changed". NULL: no model, or not done yet. */
const FettleLowered *fettle_target_image_get_lowered (FettleTargetImage *self);
/* The same with a place of its own for every layer's output, as it is run to compare layers; NULL while not known. */
const FettleLowered *fettle_target_image_get_kept (FettleTargetImage *self);
/* Why there will be no lowered model: a sentence; NULL if there is one or will be. */
const char *fettle_target_image_get_problem (FettleTargetImage *self);

typedef struct
{
  gsize image_bytes;
  gsize arena_bytes;
} FettleTargetSize;

/* What the model took on this core before it was tuned; 0: not known, or not tuned. */
FettleTargetSize fettle_target_image_get_source_size (FettleTargetImage *self);

/* What the chosen board announced when it was last connected. */
typedef struct
{
  const char *board;   /* name of the chosen board; NULL: none chosen */
  guint64 image_bytes; /* for the image; 0: not known yet */
  guint64 arena_bytes; /* for the arena; 0: not known yet */
  guint32 clock_hz;    /* 0: not known, or without a meaning */
} FettleTargetLimits;

FettleTargetLimits fettle_target_image_get_limits (FettleTargetImage *self);

G_END_DECLS
