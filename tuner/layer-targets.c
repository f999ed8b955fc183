/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-targets.c: what the layers of a quantized graph should compute, from the float graph. */
#include "config.h"
#include "tuner/layer-targets.h"
#include "tuner/matrix.h"
#include "tuner/observe.h"
#include "tuner/quantize-weights.h"

#include <math.h>

/* Columns that a layer's moments are taken from, or so many for each of their entries. With 8 bits there is
 * less to choose, and less to gain. */
#define MIN_COLUMNS            2048u
#define COLUMNS_PER_ENTRY      2u
#define INT4_MIN_COLUMNS       4096u
#define INT4_COLUMNS_PER_ENTRY 16u
/* Bytes that the columns of a layer may take, or of a block of them. */
#define MAX_COLUMNS_SIZE (96u << 20)
/* Bytes that the sums of all layers may take. */
#define MAX_SUMS (gsize) (96 << 20)

typedef struct
{
  FettleGraph *reference;
  GPtrArray *targets;
  GArray *inputs; /* gint32 per target: its input in the reference, -1 if not observed */
} Collection;

void
fettle_layer_target_free (FettleLayerTarget *target)
{
  if (target == NULL)
    return;
  g_free (target->weights);
  g_free (target->bias);
  g_free (target->sums);
  g_free (target->mean_sums);
  g_free (target);
}

gsize
fettle_layer_target_get_position (const FettleLayerTarget *target, guint item, gsize k)
{
  guint32 place;

  if (target->n_per_item == target->columns.n_positions)
    return k;
  /* Multiples of the golden ratio spread evenly, however many are taken. */
  place = (guint32)((item * target->n_per_item + k + 1) * 2654435769u);
  return (gsize)((guint64)place * target->columns.n_positions >> 32);
}

static float *
find_sums (const FettleLayerTarget *target, guint item, gsize k)
{
  return target->sums
         + (item * target->n_per_item + k)
               * fettle_layer_columns_count_channels (&target->columns);
}

const float *
fettle_layer_target_get_sums (const FettleLayerTarget *target, guint item, gsize k)
{
  return find_sums (target, item, k);
}

void
fettle_layer_columns_mean_sums (const FettleLayerColumns *columns, const double *weights,
                                const float *input, double *sums)
{
  g_autofree float *column = g_new (float, columns->n_columns);
  g_autofree double *mean = g_new (double, columns->n_columns);

  for (guint group = 0; group < columns->n_groups; group++)
    {
      for (guint k = 0; k < columns->n_columns; k++)
        mean[k] = 0.0;
      for (gsize position = 0; position < columns->n_positions; position++)
        {
          fettle_layer_columns_read (columns, input, group, position, column);
          fettle_add_scaled_float (mean, 1.0, column, columns->n_columns);
        }
      for (guint row = 0; row < columns->n_rows; row++)
        {
          guint channel = group * columns->n_rows + row;

          sums[channel] = fettle_dot (weights + (gsize)channel * columns->n_columns, mean,
                                      columns->n_columns)
                          / (double)columns->n_positions;
        }
    }
}

static const float *
get_floats (FettleGraph *graph, gint32 index)
{
  const FettleTensor *tensor =
      index >= 0 ? fettle_graph_get_tensor (graph, (guint)index) : NULL;

  return tensor != NULL && tensor->data != NULL && tensor->type == FETTLE_TYPE_FLOAT32
             ? g_bytes_get_data (tensor->data, NULL)
             : NULL;
}

/* FALSE if the float layer LAYER is not one that computes what TARGET's does. */
static gboolean
read_reference (FettleLayerTarget *target, FettleGraph *reference, guint layer)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (reference, layer);
  guint n = fettle_layer_columns_count_channels (&target->columns);
  FettleLayerColumns columns;
  const float *weights, *bias;

  if (!fettle_layer_columns_init (&columns, reference, layer)
      || columns.n_weights != target->columns.n_weights
      || columns.n_columns != target->columns.n_columns
      || columns.n_positions != target->columns.n_positions)
    return FALSE;
  weights = get_floats (reference, fettle_operator_get_input (operator_, 1));
  bias = get_floats (reference, fettle_operator_get_input (operator_, 2));
  if (weights == NULL)
    return FALSE;
  target->weights = g_new (double, columns.n_weights);
  target->bias = g_new (double, n);
  for (guint c = 0; c < n; c++)
    {
      target->bias[c] = bias != NULL ? (double)bias[c] : 0.0;
      for (guint k = 0; k < columns.n_columns; k++)
        target->weights[(gsize)c * columns.n_columns + k] =
            (double)weights[fettle_layer_columns_get_weight (&columns, c, k)];
    }
  return TRUE;
}

static gint32
find_layer (FettleGraph *graph, const char *name)
{
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    if (g_str_equal (fettle_graph_get_operator (graph, i)->name, name))
      return (gint32)i;
  return -1;
}

static gboolean
is_observed (FettleGraph *graph, gint32 tensor)
{
  if (fettle_graph_get_input (graph, 0) == (guint)tensor)
    return TRUE;
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    if (fettle_operator_get_output (fettle_graph_get_operator (graph, i), 0) == tensor)
      return TRUE;
  return FALSE;
}

static guint
count_wanted (FettleGraph *graph, guint layer, guint n_columns)
{
  gint32 weights =
      fettle_operator_get_input (fettle_graph_get_operator (graph, layer), 1);
  guint n_entries = fettle_layer_columns_get_block (n_columns);
  guint n = fettle_graph_get_tensor (graph, (guint)weights)->type == FETTLE_TYPE_INT4
                ? MAX (INT4_MIN_COLUMNS, INT4_COLUMNS_PER_ENTRY * n_entries)
                : MAX (MIN_COLUMNS, COLUMNS_PER_ENTRY * n_entries);

  return MIN (n, MAX_COLUMNS_SIZE / (guint)sizeof (float) / n_entries);
}

FettleLayerTarget *
fettle_layer_target_new (FettleGraph *reference, FettleGraph *graph, guint layer,
                         gint32 *input)
{
  g_autoptr (FettleLayerTarget) target = g_new0 (FettleLayerTarget, 1);
  gint32 found = find_layer (reference, fettle_graph_get_operator (graph, layer)->name);

  if (!fettle_layer_columns_init (&target->columns, graph, layer) || found < 0
      || !read_reference (target, reference, (guint)found))
    return NULL;
  *input =
      fettle_operator_get_input (fettle_graph_get_operator (reference, (guint)found), 0);
  return g_steal_pointer (&target);
}

static void
add_target (Collection *collection, FettleGraph *graph, guint layer)
{
  gint32 input = -1;
  FettleLayerTarget *target =
      fettle_layer_target_new (collection->reference, graph, layer, &input);

  if (target != NULL)
    target->n_columns_wanted = count_wanted (graph, layer, target->columns.n_columns);
  if (input >= 0 && !is_observed (collection->reference, input))
    input = -1;
  g_ptr_array_add (collection->targets, target);
  g_array_append_val (collection->inputs, input);
}

/* How many columns each layer may look at, so that all sums together stay within bounds. */
static double
find_share (Collection *collection)
{
  double size = 0.0;

  for (guint i = 0; i < collection->targets->len; i++)
    {
      const FettleLayerTarget *target = g_ptr_array_index (collection->targets, i);

      if (target != NULL)
        size += (double)target->n_columns_wanted
                * fettle_layer_columns_count_channels (&target->columns) * sizeof (float);
    }
  return MIN (1.0, MAX_SUMS / MAX (size, 1.0));
}

static void
prepare_target (FettleLayerTarget *target, guint n_items, gboolean is_input_observed,
                double share, FettleTargetKind kind)
{
  gsize n = fettle_layer_columns_count_channels (&target->columns);
  double wanted = share * target->n_columns_wanted / n_items;

  target->n_items = n_items;
  target->n_per_item = (gsize)MAX (1.0, ceil (wanted));
  target->n_per_item = MIN (target->n_per_item, target->columns.n_positions);
  if (!is_input_observed)
    return;
  if (kind == FETTLE_TARGET_SUMS)
    target->sums = g_new (float, n_items * target->n_per_item * n);
  else
    target->mean_sums = g_new (double, n_items *n);
}

static void
collect_sums (FettleLayerTarget *target, guint item, const float *input)
{
  const FettleLayerColumns *columns = &target->columns;
  guint n = fettle_layer_columns_count_channels (columns);
  g_autofree float *column = g_new (float, columns->n_columns);

  for (gsize k = 0; k < target->n_per_item; k++)
    {
      float *sums = find_sums (target, item, k);

      for (guint channel = 0; channel < n; channel++)
        {
          if (channel % columns->n_rows == 0)
            fettle_layer_columns_read (columns, input, channel / columns->n_rows,
                                       fettle_layer_target_get_position (target, item, k),
                                       column);
          sums[channel] = (float)fettle_dot_float (
              target->weights + (gsize)channel * columns->n_columns, column,
              columns->n_columns);
        }
    }
}

static void
observe (guint worker, guint item, guint tensor, const float *values, gsize n,
         gpointer user_data)
{
  Collection *collection = user_data;

  for (guint i = 0; i < collection->targets->len; i++)
    {
      FettleLayerTarget *target = g_ptr_array_index (collection->targets, i);

      if (target == NULL
          || g_array_index (collection->inputs, gint32, i) != (gint32)tensor)
        continue;
      if (target->sums != NULL)
        collect_sums (target, item, values);
      else
        fettle_layer_columns_mean_sums (
            &target->columns, target->weights, values,
            target->mean_sums
                + (gsize)item * fettle_layer_columns_count_channels (&target->columns));
    }
}

GPtrArray *
fettle_layer_targets_new (const FettleTuning *tuning, FettleGraph *graph, guint n_items,
                          FettleTargetKind kind, GError **error)
{
  g_autoptr (GPtrArray) targets =
      g_ptr_array_new_with_free_func ((GDestroyNotify)fettle_layer_target_free);
  g_autoptr (GArray) inputs = g_array_new (FALSE, FALSE, sizeof (gint32));
  Collection collection = { tuning->reference, targets, inputs };
  double share;

  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    add_target (&collection, graph, i);
  share = find_share (&collection);
  for (guint i = 0; i < targets->len; i++)
    if (targets->pdata[i] != NULL)
      prepare_target (targets->pdata[i], n_items, g_array_index (inputs, gint32, i) >= 0,
                      share, kind);
  if (!fettle_observe_some (tuning, tuning->reference, n_items, observe, &collection,
                            error))
    return NULL;
  return g_steal_pointer (&targets);
}
