/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graphs.h: small float graphs and data for them, built in memory. */
#pragma once

#include "model/project-file.h"
#include "tuner/samples.h"
#include "tuner/tune.h"

/* A graph under construction: each layer takes the output of the one before, unless told otherwise. */
typedef struct
{
  FettleGraph *graph;
  gint32 last; /* the tensor that the next layer reads */
} TestGraph;

/* One input of shape 1×HEIGHT×WIDTH×CHANNELS. */
TestGraph test_graph_new (gint32 height, gint32 width, gint32 channels);
/* Makes the last tensor the output, validates, and hands the graph over. */
FettleGraph *test_graph_finish (TestGraph *self);

/* Appends a layer with output shape SHAPE that reads the last tensor and those of EXTRA; returns it. */
FettleOperator *test_graph_add (TestGraph *self, FettleOpcode opcode, const char *name,
                                guint rank, const gint32 *shape, const gint32 *extra,
                                guint n_extra);
gint32 test_graph_add_floats (TestGraph *self, const char *name, guint rank,
                              const gint32 *shape, const float *values);
gint32 test_graph_add_integers (TestGraph *self, const char *name, guint n,
                                const gint32 *values);

/* A 1×1 convolution without activation; BIAS may be NULL. */
FettleOperator *test_graph_add_conv (TestGraph *self, const char *name,
                                     gint32 channels_out, const float *weights,
                                     const float *bias);

/* N samples for GRAPH, in VALUES one after the other. */
FettleSamples *test_samples_new (FettleGraph *graph, guint n, const float *values);
/* N samples of reproducible noise from MINIMUM to MAXIMUM. */
FettleSamples *test_samples_new_noise (FettleGraph *graph, guint n, float minimum,
                                       float maximum);

/* Tunes GRAPH with the JSON steps STEPS (NULL: calibrate and quantize, no
 * more). */
FettleProject *test_tune (FettleGraph *graph, const char *steps, FettleSamples *samples,
                          GError **error);

/* All outputs of GRAPH, one after the other, for inputs that SEED decides: noise of the whole range of
 * integers, of -4 to 4 for float; some seeds give nothing but the ends of the range. */
GBytes *test_run (FettleGraph *graph, guint32 seed);
/* Output 0 of GRAPH for one of SAMPLES, real numbers. */
void test_run_sample (FettleGraph *graph, FettleSamples *samples, guint sample,
                      float *output);
/* TRUE if the two float graphs' outputs differ by no more than TOLERANCE times the largest of them. */
gboolean test_computes_same (FettleGraph *a, FettleGraph *b, guint32 seed,
                             float tolerance);
/* Makes TENSOR int8 with one scale. */
void test_set_int8 (FettleGraph *graph, guint tensor, float scale, gint32 zero_point);

/* The tensor called NAME, which must exist. */
FettleTensor *test_find_tensor (FettleGraph *graph, const char *name);
