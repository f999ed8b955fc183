/* SPDX-License-Identifier: GPL-3.0-or-later */
/* output-error.h: how far a model's output is from the float model's. */
#pragma once

#include "tuner/error-sums.h"

G_BEGIN_DECLS

/* What the values of a model's output 0 mean. */
typedef enum
{
  FETTLE_OUTPUT_DISTRIBUTION,  /* of a SOFTMAX: each row sums up to 1 */
  FETTLE_OUTPUT_PROBABILITIES, /* of a LOGISTIC: each for itself */
  FETTLE_OUTPUT_SCORES,        /* one per class; their softmax is a distribution */
  FETTLE_OUTPUT_VALUES, /* no classes: a single number, or as many as the input has */
} FettleOutputKind;

/* From the layers that write output 0 of GRAPH. */
FettleOutputKind fettle_output_get_kind (FettleGraph *graph);

/* TRUE if output 0 of GRAPH has the shape of input 0, dimensions of 1 apart. */
gboolean fettle_output_is_like_input (FettleGraph *graph);

typedef struct
{
  FettleErrorSums errors;
  double divergence;
  guint64 n_agreeing;
  guint64 n;
} FettleOutputSums;

/* One sample's output, N values, rows of WIDTH; see FettleErrorSums for the rest. */
void fettle_output_sums_add (FettleOutputSums *sums, FettleOutputKind kind,
                             const float *expected, const float *actual, gsize n,
                             gsize width, double lowest, double highest);
void fettle_output_sums_merge (FettleOutputSums *sums, const FettleOutputSums *other);

typedef struct
{
  FettleErrorFigures error;
  double
      divergence; /* Kullback-Leibler, float to quantized, in nats, mean over samples; NaN for VALUES */
  double agreement; /* 0..1: samples with the same class; NaN for VALUES */
} FettleOutputFigures;

FettleOutputFigures fettle_output_sums_finish (const FettleOutputSums *sums,
                                               FettleOutputKind kind);

/* Kullback-Leibler divergence of ACTUAL from EXPECTED in nats, mean over rows of WIDTH; 0 for VALUES.
 * Probabilities count as at least 2^-16, half a step of int16: an int8 softmax says 0 of all below 1/512. */
double fettle_output_divergence (FettleOutputKind kind, const float *expected,
                                 const float *actual, gsize n, gsize width);

/* The class that one sample's output stands for: the index of the largest value; of a single probability,
 * whether it is above a half. */
guint fettle_output_get_class (FettleOutputKind kind, const float *values, gsize n);

/* The index of the largest of N values, ties to the lowest. */
guint fettle_argmax (const float *values, gsize n);

G_END_DECLS
