/* SPDX-License-Identifier: GPL-3.0-or-later */
/* property.h: random operators, lowered to an image and run, for comparison with their definition.
 *
 * A case is one operator with random tensors and options. It goes the way of a user's model: a graph,
 * fettle_lower, frt_image_open, frt_image_run between guard bytes. What must come out is computed by the test
 * from the graph alone, so that multipliers and tables that the lowering makes are tested too. */
#pragma once

#include "model/graph.h"
#include "random.h"
#include "runtime/frt_format.h"

#define PROPERTY_MAX_ELEMENTS 4096
#define PROPERTY_MAX_CHANNELS 128
#define PROPERTY_MAX_INPUTS   24
#define PROPERTY_MAX_OUTPUTS  6

typedef enum
{
  PROPERTY_INPUT, /* of the model */
  PROPERTY_CONSTANT,
  PROPERTY_STATE, /* a variable */
  PROPERTY_OUTPUT,
} PropertyRole;

/* Integers of any type, one int64 each. */
typedef struct
{
  PropertyRole role;
  FettleType type;
  guint rank;
  gint32 shape[FETTLE_MAX_RANK];
  gint32 n; /* elements */
  guint n_scales, axis;
  float scales[PROPERTY_MAX_CHANNELS];
  gint32 zero_point; /* of all channels */
  gint64 values[PROPERTY_MAX_ELEMENTS];
} PropertyTensor;

/* The case at hand. */
typedef struct
{
  FettleOpcode opcode;
  FettleOptions options;
  guint n_inputs, n_outputs;
  PropertyTensor *inputs[PROPERTY_MAX_INPUTS]; /* NULL: absent */
  PropertyTensor *outputs[PROPERTY_MAX_OUTPUTS];
} PropertyCase;

/* One property: TRY_CASE makes a random case, lowers and runs it, and compares. FALSE if the lowering refused it or
 * chose another kernel than KERNEL; such a case does not count. */
typedef struct
{
  const char *name;
  enum frt_kernel_id kernel;
  gboolean (*try_case) (void);
  int n_values; /* how many values each case tries; the cases are that much fewer */
} Property;

/* Registers PROPERTIES and runs them. Options and environment: see CONTRIBUTING.md. */
int property_main (int argc, char **argv, const Property *properties, gsize n);

/* --- making a case --- */
PropertyCase *property_start (FettleOpcode opcode);
/* Appends an operand; its values are 0. SHAPE has RANK entries. */
PropertyTensor *property_add (PropertyRole role, FettleType type, guint rank,
                              const gint32 *shape);
/* The next input is absent. */
void property_add_absent (void);
/* A constant int32 vector. */
PropertyTensor *property_add_integers (const gint32 *values, gint32 n);
/* Whether the elements fit PROPERTY_MAX_ELEMENTS. */
gboolean property_shape_fits (guint rank, const gint32 *shape);

/* Random values of the tensor's type: all over the range, at its ends, around the zero point, or equal. */
void property_fill (PropertyTensor *tensor);
void property_set_scale (PropertyTensor *tensor, float scale, gint32 zero_point);
/* A power of two, a usual one, seldom a very large or small one. */
float property_random_scale (void);
/* A scale for a result whose steps are PRODUCT before they are rounded: mostly coarser, so that rounding and
 * saturation both happen. */
float property_output_scale (double product);
/* Of the type's range, often its ends and 0. */
gint32 property_random_zero_point (FettleType type);
FettleActivation property_random_activation (void);

/* --- running it --- */

/* Builds the graph and lowers it. FALSE if that was refused or another kernel was chosen. */
gboolean property_lower (void);
/* Runs the image once, with the values that inputs have now; afterwards those of the outputs are what came out. States
 * are reset by property_lower. */
void property_run (void);
/* Compares output K with EXPECTED; on a difference the test fails and prints the case. */
void property_expect (guint k, const gint64 *expected);

/* --- floats, whose values are their 32 bits --- */
float property_to_float (gint64 bits);
gint64 property_from_float (float value);
/* Random values of either sign, from about 2^-20 to 4; neighbours are of like size. */
void property_fill_floats (PropertyTensor *tensor);
/* Compares output K, element by element, with EXPECTED; the difference must not exceed BOUNDS. */
void property_expect_near (guint k, const double *expected, const double *bounds);

/* --- ranges of types --- */
gint64 property_lowest (FettleType type);
gint64 property_highest (FettleType type);
