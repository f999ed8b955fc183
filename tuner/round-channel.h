/* SPDX-License-Identifier: GPL-3.0-or-later */
/* round-channel.h: whole numbers and scale for the weights of one output channel; private to the room. */
#pragma once

#include "tuner/round-row.h"
#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  FETTLE_ROUNDING_AUTO,    /* successive, or exact where that can be done */
  FETTLE_ROUNDING_DESCENT, /* nearest, improved one weight at a time */
  FETTLE_ROUNDING_GPTQ,    /* successive, improved one weight at a time */
  FETTLE_ROUNDING_EXACT, /* the best for the scale, searched for as long as is sensible */
  FETTLE_ROUNDING_NEAREST, /* as it was quantized */
} FettleRoundingMethod;

typedef struct
{
  FettleRoundingMethod method;
  gboolean is_scale_fixed;
  double smallest_scale, largest_scale;
  GCancellable
      *cancellable; /* may be NULL; cancelled: the search ends with what it has */
} FettleRoundingOptions;

/* ROUNDING holds the present scale and steps; they are replaced by the best ones found for the row
 * WEIGHTS, if those are better. Not for NEAREST. */
void fettle_round_channel (const FettleRowProblem *problem, const double *weights,
                           const FettleRoundingOptions *options,
                           FettleRounding *rounding);

G_END_DECLS
