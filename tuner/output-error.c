/* SPDX-License-Identifier: GPL-3.0-or-later */
/* output-error.c: how far a model's output is from the float model's. */
#include "config.h"
#include "tuner/output-error.h"

#include <math.h>

#define LEAST_PROBABILITY 0x1p-16

guint
fettle_argmax (const float *values, gsize n)
{
  gsize best = 0;

  for (gsize i = 1; i < n; i++)
    if (values[i] > values[best])
      best = i;
  return (guint)best;
}

/* The layer that computes TENSOR, looking through those that only pass values on; NULL for an input. */
static const FettleOperator *
find_origin (FettleGraph *graph, gint32 tensor)
{
  for (guint i = fettle_graph_get_n_operators (graph); i-- > 0;)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);

      if (fettle_operator_get_output (operator_, 0) != tensor)
        continue;
      switch (operator_->opcode)
        {
        case FETTLE_OPCODE_RESHAPE:
        case FETTLE_OPCODE_SQUEEZE:
        case FETTLE_OPCODE_EXPAND_DIMS:
        case FETTLE_OPCODE_QUANTIZE:
        case FETTLE_OPCODE_DEQUANTIZE:
          tensor = fettle_operator_get_input (operator_, 0);
          break;
        default:
          return operator_;
        }
    }
  return NULL;
}

static guint
squeeze (const FettleTensor *tensor, gint32 *shape)
{
  guint rank = 0;

  for (guint i = 0; i < tensor->rank; i++)
    if (tensor->shape[i] != 1)
      shape[rank++] = tensor->shape[i];
  return rank;
}

gboolean
fettle_output_is_like_input (FettleGraph *graph)
{
  gint32 input[FETTLE_MAX_RANK], output[FETTLE_MAX_RANK];
  guint rank =
      squeeze (fettle_graph_get_tensor (graph, fettle_graph_get_input (graph, 0)), input);

  if (squeeze (fettle_graph_get_tensor (graph, fettle_graph_get_output (graph, 0)),
               output)
      != rank)
    return FALSE;
  for (guint i = 0; i < rank; i++)
    if (input[i] != output[i])
      return FALSE;
  return TRUE;
}

FettleOutputKind
fettle_output_get_kind (FettleGraph *graph)
{
  guint output = fettle_graph_get_output (graph, 0);
  const FettleOperator *origin = find_origin (graph, (gint32)output);

  if (origin != NULL && origin->opcode == FETTLE_OPCODE_SOFTMAX)
    return FETTLE_OUTPUT_DISTRIBUTION;
  if (origin != NULL && origin->opcode == FETTLE_OPCODE_LOGISTIC)
    return FETTLE_OUTPUT_PROBABILITIES;
  if (fettle_output_is_like_input (graph)
      || fettle_tensor_get_n_elements (fettle_graph_get_tensor (graph, output)) == 1)
    return FETTLE_OUTPUT_VALUES;
  return FETTLE_OUTPUT_SCORES;
}

/* Of two distributions that are to be scaled to sums of 1. */
static double
diverge_row (const double *expected, const double *actual, gsize n)
{
  double expected_sum = 0.0, actual_sum = 0.0, divergence = 0.0;

  for (gsize i = 0; i < n; i++)
    {
      expected_sum += MAX (expected[i], LEAST_PROBABILITY);
      actual_sum += MAX (actual[i], LEAST_PROBABILITY);
    }
  for (gsize i = 0; i < n; i++)
    {
      double p = MAX (expected[i], LEAST_PROBABILITY) / expected_sum;
      double q = MAX (actual[i], LEAST_PROBABILITY) / actual_sum;

      divergence += p * log (p / q);
    }
  return divergence;
}

static double
diverge_probabilities (const float *expected, const float *actual, gsize n)
{
  double divergence = 0.0;

  for (gsize i = 0; i < n; i++)
    {
      const double p[] = { (double)expected[i], 1.0 - (double)expected[i] };
      const double q[] = { (double)actual[i], 1.0 - (double)actual[i] };

      divergence += diverge_row (p, q, 2);
    }
  return divergence / (double)n;
}

static void
find_distribution (FettleOutputKind kind, const float *values, double *distribution,
                   gsize n)
{
  double largest = (double)values[fettle_argmax (values, n)];

  for (gsize i = 0; i < n; i++)
    distribution[i] = kind == FETTLE_OUTPUT_SCORES ? exp ((double)values[i] - largest)
                                                   : (double)values[i];
}

/* The least probability is one of a sum of 1. */
static void
normalize (double *distribution, gsize n)
{
  double sum = 0.0;

  for (gsize i = 0; i < n; i++)
    sum += distribution[i];
  for (gsize i = 0; i < n && sum > 0.0; i++)
    distribution[i] /= sum;
}

double
fettle_output_divergence (FettleOutputKind kind, const float *expected,
                          const float *actual, gsize n, gsize width)
{
  g_autofree double *p = NULL;
  g_autofree double *q = NULL;
  double divergence = 0.0;

  g_return_val_if_fail (width > 0 && n % width == 0, 0.0);

  if (kind == FETTLE_OUTPUT_VALUES)
    return 0.0;
  if (kind == FETTLE_OUTPUT_PROBABILITIES)
    return diverge_probabilities (expected, actual, n);
  p = g_new (double, width);
  q = g_new (double, width);
  for (gsize i = 0; i < n; i += width)
    {
      find_distribution (kind, expected + i, p, width);
      find_distribution (kind, actual + i, q, width);
      normalize (p, width);
      normalize (q, width);
      divergence += diverge_row (p, q, width);
    }
  return divergence * (double)width / (double)n;
}

guint
fettle_output_get_class (FettleOutputKind kind, const float *values, gsize n)
{
  if (kind == FETTLE_OUTPUT_PROBABILITIES && n == 1)
    return values[0] > 0.5f;
  return fettle_argmax (values, n);
}

void
fettle_output_sums_add (FettleOutputSums *sums, FettleOutputKind kind,
                        const float *expected, const float *actual, gsize n, gsize width,
                        double lowest, double highest)
{
  fettle_error_sums_add (&sums->errors, expected, actual, n, lowest, highest);
  sums->divergence += fettle_output_divergence (kind, expected, actual, n, width);
  sums->n_agreeing += fettle_output_get_class (kind, expected, n)
                      == fettle_output_get_class (kind, actual, n);
  sums->n++;
}

void
fettle_output_sums_merge (FettleOutputSums *sums, const FettleOutputSums *other)
{
  fettle_error_sums_merge (&sums->errors, &other->errors);
  sums->divergence += other->divergence;
  sums->n_agreeing += other->n_agreeing;
  sums->n += other->n;
}

FettleOutputFigures
fettle_output_sums_finish (const FettleOutputSums *sums, FettleOutputKind kind)
{
  gboolean has_classes = kind != FETTLE_OUTPUT_VALUES;
  double n = (double)sums->n;

  return (FettleOutputFigures){
    .error = fettle_error_sums_finish (&sums->errors),
    .divergence = has_classes ? sums->divergence / n : (double)NAN,
    .agreement = has_classes ? (double)sums->n_agreeing / n : (double)NAN,
  };
}
