/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tflite-builder.h: makes small .tflite files for tests, right and wrong ones. */
#pragma once

#include <gio/gio.h>

#define BUILDER_MAX_NUMBERS 24

typedef struct
{
  const char *name;
  int type; /* TFLITE_TYPE_* */
  guint rank;
  gint32 shape[8];
  guint n_scales;
  const float *scales;
  gint64 zero_point; /* of all scales */
  gint32 axis;
  gconstpointer data; /* NULL: an activation */
  gsize size;
  gboolean is_sparse;
  gboolean is_variable;
  guint64 external_offset;
} BuilderTensor;

typedef struct
{
  guint field;
  char kind; /* 'b' int8, 'i' int32, 'f' float */
  double value;
} BuilderOption;

typedef struct
{
  int builtin;
  guint n_inputs;
  gint32 inputs[BUILDER_MAX_NUMBERS];
  gint32 output;
  guint n_more_outputs;
  gint32 more_outputs[BUILDER_MAX_NUMBERS];
  int options_type;
  guint n_options;
  BuilderOption options[8];
} BuilderOperator;

typedef struct
{
  gint32 version;    /* 0: the right one */
  guint n_subgraphs; /* 0: one */
  guint n_tensors;
  const BuilderTensor *tensors;
  guint n_operators;
  const BuilderOperator *operators;
  guint n_inputs;
  gint32 inputs[BUILDER_MAX_NUMBERS];
  guint n_outputs;
  gint32 outputs[BUILDER_MAX_NUMBERS];
} BuilderModel;

GBytes *builder_make (const BuilderModel *model);
