/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph-moments.c: means and variances of a float graph's activations, found without data. */
#include "config.h"
#include "tuner/graph-moments.h"
#include "tuner/layer-columns.h"
#include "tuner/layer-runner.h"
#include "tuner/matrix.h"
#include "tuner/normal-moments.h"
#include "tuner/random-numbers.h"

#include <math.h>
#include <string.h>

/* Elements of a layer's inputs to draw, in so many runs at least and at most. Each draw is used a second time
 * with all signs turned, so that the means of what is linear are exact. */
#define N_DRAWS  (gsize) (1 << 21)
#define MIN_RUNS 16
#define MAX_RUNS 1024

/* Deviations between the ends of a range. */
#define DEVIATIONS 6.0f

typedef struct
{
  FettleGraph *graph;
  GArray *ranges;
  GArray *moments; /* FettleTensorMoments per tensor */
} Propagation;

static void
clear_moments (gpointer data)
{
  FettleTensorMoments *moments = data;

  g_free (moments->means);
  g_free (moments->variances);
}

static FettleTensorMoments *
get_moments (Propagation *self, gint32 tensor)
{
  return &g_array_index (self->moments, FettleTensorMoments, tensor);
}

static FettleTensorMoments *
add_moments (Propagation *self, gint32 tensor)
{
  FettleTensorMoments *moments = get_moments (self, tensor);

  moments->n =
      fettle_tensor_get_n_elements (fettle_graph_get_tensor (self->graph, (guint)tensor));
  moments->means = g_new0 (float, moments->n);
  moments->variances = g_new0 (float, moments->n);
  return moments;
}

static FettleRange
get_range (Propagation *self, gint32 tensor)
{
  return g_array_index (self->ranges, FettleRange, tensor);
}

static gboolean
is_float (Propagation *self, gint32 tensor)
{
  return fettle_graph_get_tensor (self->graph, (guint)tensor)->type
         == FETTLE_TYPE_FLOAT32;
}

static void
fill (FettleTensorMoments *moments, float mean, float deviation)
{
  for (gsize i = 0; i < moments->n; i++)
    {
      moments->means[i] = mean;
      moments->variances[i] = deviation * deviation;
    }
}

/* What is taken for true of a tensor of which only the range is known. Signed data usually have been normalized,
 * their mean is nearer to 0 than to the middle between two outliers. */
static void
assume (Propagation *self, gint32 tensor)
{
  FettleRange range = get_range (self, tensor);
  gboolean is_signed = range.minimum < 0.0f && range.maximum > 0.0f;

  if (!isfinite (range.minimum) || !isfinite (range.maximum))
    fill (add_moments (self, tensor), 0.0f, 1.0f);
  else
    fill (add_moments (self, tensor),
          is_signed ? 0.0f : (range.minimum + range.maximum) / 2.0f,
          (range.maximum - range.minimum) / DEVIATIONS);
}

static void
set_element (FettleTensorMoments *to, gsize i, FettleMoments moments,
             const FettleRange *range)
{
  double minimum = (double)range->minimum, maximum = (double)range->maximum;

  moments.mean = CLAMP (moments.mean, minimum, maximum);
  /* The inequality of Bhatia and Davis. */
  moments.variance =
      MIN (moments.variance, (maximum - moments.mean) * (moments.mean - minimum));
  to->means[i] = (float)moments.mean;
  to->variances[i] = (float)MAX (moments.variance, 0.0);
}

/* --- Clamps --- */

static void
find_clamp (FettleActivation activation, double *lower, double *upper)
{
  *lower = activation == FETTLE_ACTIVATION_NONE           ? -INFINITY
           : activation == FETTLE_ACTIVATION_RELU_N1_TO_1 ? -1.0
                                                          : 0.0;
  *upper = activation == FETTLE_ACTIVATION_RELU6          ? 6.0
           : activation == FETTLE_ACTIVATION_RELU_N1_TO_1 ? 1.0
                                                          : INFINITY;
}

/* FALSE if OPERATOR_ is not a clamp by itself. */
static gboolean
get_clamp (const FettleOperator *operator_, FettleActivation *activation)
{
  switch (operator_->opcode)
    {
    case FETTLE_OPCODE_RELU:
      *activation = FETTLE_ACTIVATION_RELU;
      return TRUE;
    case FETTLE_OPCODE_RELU6:
      *activation = FETTLE_ACTIVATION_RELU6;
      return TRUE;
    case FETTLE_OPCODE_RELU_N1_TO_1:
      *activation = FETTLE_ACTIVATION_RELU_N1_TO_1;
      return TRUE;
    default:
      return FALSE;
    }
}

/* Makes of the MOMENTS of tensor OUTPUT before ACTIVATION those after it. */
static void
clamp_all (Propagation *self, FettleTensorMoments *moments, gint32 output,
           FettleActivation activation)
{
  FettleRange range = get_range (self, output);
  double lower, upper;

  find_clamp (activation, &lower, &upper);
  for (gsize i = 0; i < moments->n; i++)
    {
      FettleMoments before = { (double)moments->means[i], (double)moments->variances[i] };

      set_element (moments, i, fettle_normal_clamp (before, lower, upper), &range);
    }
}

static void
clamp_input (Propagation *self, const FettleOperator *operator_,
             FettleActivation activation)
{
  gint32 output = fettle_operator_get_output (operator_, 0);
  const FettleTensorMoments *from =
      get_moments (self, fettle_operator_get_input (operator_, 0));
  FettleTensorMoments *to = add_moments (self, output);

  memcpy (to->means, from->means, to->n * sizeof *to->means);
  memcpy (to->variances, from->variances, to->n * sizeof *to->variances);
  clamp_all (self, to, output, activation);
}

/* --- Layers with weights --- */

static const float *
get_constant (Propagation *self, const FettleOperator *operator_, guint k)
{
  const FettleTensor *tensor =
      fettle_graph_get_operator_input (self->graph, operator_, k);

  return tensor != NULL && tensor->data != NULL && tensor->type == FETTLE_TYPE_FLOAT32
             ? g_bytes_get_data (tensor->data, NULL)
             : NULL;
}

/* The weights of output channel C, in the order of its column, and their squares. */
static void
read_row (const FettleLayerColumns *columns, const float *weights, guint c, double *row,
          double *squares)
{
  for (guint k = 0; k < columns->n_columns; k++)
    {
      row[k] = (double)weights[fettle_layer_columns_get_weight (columns, c, k)];
      squares[k] = row[k] * row[k];
    }
}

static void
sum_channel (Propagation *self, const FettleOperator *operator_,
             const FettleLayerColumns *columns, const double *row, const double *squares,
             guint c)
{
  const FettleTensorMoments *from =
      get_moments (self, fettle_operator_get_input (operator_, 0));
  FettleTensorMoments *to = get_moments (self, fettle_operator_get_output (operator_, 0));
  const float *bias = get_constant (self, operator_, 2);
  g_autofree float *means = g_new (float, columns->n_columns);
  g_autofree float *variances = g_new (float, columns->n_columns);
  guint n_channels = fettle_layer_columns_count_channels (columns);

  for (gsize position = 0; position < columns->n_positions; position++)
    {
      gsize i = position * n_channels + c;

      fettle_layer_columns_read (columns, from->means, c / columns->n_rows, position,
                                 means);
      fettle_layer_columns_read (columns, from->variances, c / columns->n_rows, position,
                                 variances);
      to->means[i] = (float)((bias != NULL ? (double)bias[c] : 0.0)
                             + fettle_dot_float (row, means, columns->n_columns));
      to->variances[i] = (float)fettle_dot_float (squares, variances, columns->n_columns);
    }
}

/* FALSE if LAYER is not one with constant float weights. */
static gboolean
sum_products (Propagation *self, guint layer)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (self->graph, layer);
  gint32 output = fettle_operator_get_output (operator_, 0);
  const float *weights;
  g_autofree double *row = NULL;
  g_autofree double *squares = NULL;
  FettleLayerColumns columns;

  if (!fettle_layer_columns_init (&columns, self->graph, layer)
      || get_moments (self, fettle_operator_get_input (operator_, 0))->n == 0)
    return FALSE;
  weights = get_constant (self, operator_, 1);
  if (weights == NULL
      || (fettle_operator_get_input (operator_, 2) >= 0
          && get_constant (self, operator_, 2) == NULL))
    return FALSE;
  add_moments (self, output);
  row = g_new (double, columns.n_columns);
  squares = g_new (double, columns.n_columns);
  for (guint c = 0; c < fettle_layer_columns_count_channels (&columns); c++)
    {
      read_row (&columns, weights, c, row, squares);
      sum_channel (self, operator_, &columns, row, squares, c);
    }
  clamp_all (self, get_moments (self, output), output, operator_->options.activation);
  return TRUE;
}

/* --- Other layers, on random numbers --- */

typedef struct
{
  Propagation *propagation;
  const FettleOperator *operator_;
  FettleLayerRunner *runner;
  FettleRandom random;
  float **draws;   /* per operand, or NULL: standard normal numbers */
  gsize n_outputs; /* elements of output 0 */
  double *sums, *squares;
} Drawing;

static void
drawing_clear (Drawing *drawing)
{
  for (guint k = 0; drawing->draws != NULL && k < drawing->operator_->inputs->len; k++)
    g_free (drawing->draws[k]);
  g_free (drawing->draws);
  g_free (drawing->sums);
  g_free (drawing->squares);
  g_clear_pointer (&drawing->runner, fettle_layer_runner_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Drawing, drawing_clear)

/* FALSE if the moments of an operand that varies are not known. Returns how many elements vary. */
static gboolean
prepare (Drawing *drawing, guint layer, gsize *n_varying)
{
  Propagation *self = drawing->propagation;

  drawing->runner = fettle_layer_runner_new (self->graph, layer, NULL);
  if (drawing->runner == NULL)
    return FALSE;
  drawing->draws = g_new0 (float *, drawing->operator_->inputs->len);
  *n_varying = 0;
  for (guint k = 0; k < drawing->operator_->inputs->len; k++)
    {
      const FettleTensorMoments *moments;

      if (fettle_layer_runner_get_input (drawing->runner, k, NULL) == NULL)
        continue;
      moments = get_moments (self, fettle_operator_get_input (drawing->operator_, k));
      if (moments->n == 0)
        return FALSE;
      drawing->draws[k] = g_new (float, moments->n);
      *n_varying += moments->n;
    }
  drawing->n_outputs = fettle_tensor_get_n_elements (
      fettle_graph_get_operator_output (self->graph, drawing->operator_, 0));
  drawing->sums = g_new0 (double, drawing->n_outputs);
  drawing->squares = g_new0 (double, drawing->n_outputs);
  return *n_varying > 0;
}

static void
run_once (Drawing *drawing, float sign)
{
  Propagation *self = drawing->propagation;
  const float *output;

  for (guint k = 0; k < drawing->operator_->inputs->len; k++)
    {
      gint32 tensor = fettle_operator_get_input (drawing->operator_, k);
      const FettleTensorMoments *moments;
      float *place;
      FettleRange range;

      if (drawing->draws[k] == NULL)
        continue;
      place = fettle_layer_runner_get_input (drawing->runner, k, NULL);
      moments = get_moments (self, tensor);
      range = get_range (self, tensor);
      for (gsize i = 0; i < moments->n; i++)
        place[i] =
            CLAMP (moments->means[i]
                       + sign * drawing->draws[k][i] * sqrtf (moments->variances[i]),
                   range.minimum, range.maximum);
    }
  fettle_layer_runner_reset (drawing->runner);
  fettle_layer_runner_run (drawing->runner);
  output = fettle_layer_runner_get_output (drawing->runner, 0, NULL);
  for (gsize i = 0; i < drawing->n_outputs; i++)
    {
      drawing->sums[i] += (double)output[i];
      drawing->squares[i] += (double)output[i] * (double)output[i];
    }
}

static gboolean
store (Drawing *drawing, guint n_runs)
{
  Propagation *self = drawing->propagation;
  gint32 tensor = fettle_operator_get_output (drawing->operator_, 0);
  FettleRange range = get_range (self, tensor);
  FettleTensorMoments *to;

  for (gsize i = 0; i < drawing->n_outputs; i++)
    if (!isfinite (drawing->squares[i]))
      return FALSE;
  to = add_moments (self, tensor);
  for (gsize i = 0; i < to->n; i++)
    {
      double mean = drawing->sums[i] / n_runs;
      FettleMoments moments = { mean, drawing->squares[i] / n_runs - mean * mean };

      set_element (to, i, moments, &range);
    }
  return TRUE;
}

/* FALSE if that is not possible. */
static gboolean
draw_runs (Propagation *self, guint layer)
{
  g_auto (Drawing)
      drawing = { .propagation = self,
                  .operator_ = fettle_graph_get_operator (self->graph, layer),
                  .random = { 0x2545F491u + layer } };
  gsize n_varying;
  guint n_runs;

  if (drawing.operator_->opcode == FETTLE_OPCODE_READ_VARIABLE
      || !prepare (&drawing, layer, &n_varying))
    return FALSE;
  n_runs = (guint)CLAMP (N_DRAWS / n_varying, MIN_RUNS, MAX_RUNS) / 2 * 2;
  for (guint run = 0; run < n_runs; run += 2)
    {
      for (guint k = 0; k < drawing.operator_->inputs->len; k++)
        if (drawing.draws[k] != NULL)
          for (gsize i = 0;
               i
               < get_moments (self, fettle_operator_get_input (drawing.operator_, k))->n;
               i++)
            drawing.draws[k][i] = (float)fettle_random_normal (&drawing.random);
      run_once (&drawing, 1.0f);
      run_once (&drawing, -1.0f);
    }
  return store (&drawing, n_runs);
}

/* --- The graph --- */

static void
propagate (Propagation *self, guint layer)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (self->graph, layer);
  gint32 output = fettle_operator_get_output (operator_, 0);
  FettleActivation activation;

  if (output < 0 || !is_float (self, output))
    return;
  if (get_clamp (operator_, &activation)
      && get_moments (self, fettle_operator_get_input (operator_, 0))->n > 0)
    clamp_input (self, operator_, activation);
  else if (!sum_products (self, layer) && !draw_runs (self, layer))
    assume (self, output);
  /* Of further outputs nothing better is known. */
  for (guint k = 1; k < operator_->outputs->len; k++)
    {
      output = fettle_operator_get_output (operator_, k);
      if (output >= 0 && is_float (self, output))
        assume (self, output);
    }
}

GArray *
fettle_graph_moments_new (FettleGraph *graph, GArray *ranges, const FettleMoments *inputs,
                          GCancellable *cancellable, GError **error)
{
  guint n_tensors = fettle_graph_get_n_tensors (graph);
  g_autoptr (GArray) moments =
      g_array_sized_new (FALSE, TRUE, sizeof (FettleTensorMoments), n_tensors);
  Propagation self = { .graph = graph, .ranges = ranges, .moments = moments };

  g_assert (ranges->len == n_tensors);

  g_array_set_clear_func (moments, clear_moments);
  g_array_set_size (moments, n_tensors);
  for (guint i = 0; i < fettle_graph_get_n_inputs (graph); i++)
    {
      gint32 input = (gint32)fettle_graph_get_input (graph, i);

      if (is_float (&self, input) && inputs != NULL)
        fill (add_moments (&self, input), (float)inputs->mean,
              sqrtf ((float)inputs->variance));
      else if (is_float (&self, input))
        assume (&self, input);
    }
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      propagate (&self, i);
    }
  return g_steal_pointer (&moments);
}
