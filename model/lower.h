/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower.h: Graph to Image. */
#pragma once

#include "model/arena-plan.h"
#include "model/graph.h"

G_BEGIN_DECLS

typedef enum
{
  FETTLE_TARGET_PORTABLE,
  FETTLE_TARGET_CORTEX_M4,
  FETTLE_TARGET_CORTEX_M7,
  FETTLE_TARGET_CORTEX_M55,
  FETTLE_TARGET_DESKTOP, /* this program's own runs: many times faster, same bytes */
} FettleTarget;

/* "cortex-m4"; static. */
const char *fettle_target_get_name (FettleTarget target);
/* FALSE with an error that lists the known names. */
gboolean fettle_target_from_name (const char *name, FettleTarget *target, GError **error);

/* Of integer results, where the reference can be built to round either way. */
typedef enum
{
  FETTLE_ROUNDING_DOUBLE, /* the default of TensorFlow Lite Micro: product and shift, one after the other */
  FETTLE_ROUNDING_SINGLE, /* once, ties upwards: its TFLITE_SINGLE_ROUNDING */
} FettleRounding;

/* "double"; static. */
const char *fettle_rounding_get_name (FettleRounding rounding);
/* FALSE with an error that lists the known names. */
gboolean fettle_rounding_from_name (const char *name, FettleRounding *rounding,
                                    GError **error);

typedef struct
{
  FettleTarget target;
  FettleRounding rounding;
  gboolean strip_names;
  /* Give every layer's output a place of its own until the end of the run, so that all of them can
   * be read afterwards (calibration, comparison of layers). The arena grows. */
  gboolean keep_all_tensors;
} FettleLowerOptions;

/* The desktop's own runs of a graph: FETTLE_TARGET_DESKTOP. */
extern const FettleLowerOptions fettle_lower_for_desktop;

/* One buffer of the arena and why it is there. The output of a RESHAPE whose input dies there lies in
 * the input's buffer and has no entry of its own. */
typedef struct
{
  FettleArenaBuffer buffer;
  gint32 tensor; /* graph tensor number; -1: scratch */
  gint32 layer;  /* that writes it; -1: model input */
} FettleArenaEntry;

/* A lowered model. Image layers are the graph's operators, one for one, in the same order. */
typedef struct
{
  GBytes *image;
  FettleArenaSummary arena;
  GArray *entries;      /* FettleArenaEntry */
  GArray *tensor_index; /* gint32 per graph tensor: number in the image, or -1 */
} FettleLowered;

void fettle_lowered_free (FettleLowered *lowered);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleLowered, fettle_lowered_free)

/* OPTIONS may be NULL: portable, names kept, smallest arena. The image passes frt_image_open (it is
 * checked here). ERROR names the layer that cannot be lowered and why. Runs in any thread. */
FettleLowered *fettle_lower (FettleGraph *graph, const FettleLowerOptions *options,
                             GError **error);

G_END_DECLS
