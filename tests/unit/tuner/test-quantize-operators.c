/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-quantize-operators.c: each operator as integers, against the float one on the same numbers. */
#include "graphs.h"
#include "model/graph-private.h"
#include "model/runner.h"
#include "tuner/quantize-weights.h"

#include <math.h>

#define SIDE       4
#define N_CHANNELS 4

/* --- graphs --- */

/* Operators of one input that need nothing else. */
static const FettleOpcode plain[] = {
  FETTLE_OPCODE_ABS,
  FETTLE_OPCODE_NEG,
  FETTLE_OPCODE_SQUARE,
  FETTLE_OPCODE_FLOOR,
  FETTLE_OPCODE_CEIL,
  FETTLE_OPCODE_ROUND,
  FETTLE_OPCODE_SIN,
  FETTLE_OPCODE_COS,
  FETTLE_OPCODE_RELU,
  FETTLE_OPCODE_RELU6,
  FETTLE_OPCODE_RELU_N1_TO_1,
  FETTLE_OPCODE_LEAKY_RELU,
  FETTLE_OPCODE_HARD_SWISH,
  FETTLE_OPCODE_LOGISTIC,
  FETTLE_OPCODE_TANH,
  FETTLE_OPCODE_ELU,
  FETTLE_OPCODE_GELU,
  FETTLE_OPCODE_SOFTMAX,
  FETTLE_OPCODE_LOG_SOFTMAX,
  FETTLE_OPCODE_L2_NORMALIZATION,
  FETTLE_OPCODE_AVERAGE_POOL_2D,
  FETTLE_OPCODE_MAX_POOL_2D,
  FETTLE_OPCODE_SPACE_TO_DEPTH,
  FETTLE_OPCODE_DEPTH_TO_SPACE,
};

/* Of two: the second is the layer before, or a constant. */
static const FettleOpcode pairs[] = {
  FETTLE_OPCODE_ADD,           FETTLE_OPCODE_SUB,     FETTLE_OPCODE_MUL,
  FETTLE_OPCODE_MINIMUM,       FETTLE_OPCODE_MAXIMUM, FETTLE_OPCODE_SQUARED_DIFFERENCE,
  FETTLE_OPCODE_CONCATENATION, FETTLE_OPCODE_PACK,
};

/* With constants of their own. */
static const FettleOpcode others[] = {
  FETTLE_OPCODE_CONV_2D,
  FETTLE_OPCODE_DEPTHWISE_CONV_2D,
  FETTLE_OPCODE_TRANSPOSE_CONV,
  FETTLE_OPCODE_FULLY_CONNECTED,
  FETTLE_OPCODE_BATCH_MATMUL,
  FETTLE_OPCODE_PRELU,
  FETTLE_OPCODE_MEAN,
  FETTLE_OPCODE_SUM,
  FETTLE_OPCODE_REDUCE_MAX,
  FETTLE_OPCODE_REDUCE_MIN,
  FETTLE_OPCODE_PAD,
  FETTLE_OPCODE_TRANSPOSE,
  FETTLE_OPCODE_RESIZE_BILINEAR,
  FETTLE_OPCODE_RESIZE_NEAREST_NEIGHBOR,
};

/* Of positive numbers. */
static const FettleOpcode positive[] = {
  FETTLE_OPCODE_SQRT,
  FETTLE_OPCODE_RSQRT,
  FETTLE_OPCODE_LOG,
  FETTLE_OPCODE_EXP,
};

static const FettleTensor *
get_last (const TestGraph *builder)
{
  return fettle_graph_get_tensor (builder->graph, (guint)builder->last);
}

static gint32
add_noise (TestGraph *builder, GRand *random, guint rank, const gint32 *shape)
{
  gsize n = 1;
  g_autofree float *values = NULL;

  for (guint i = 0; i < rank; i++)
    n *= (gsize)shape[i];
  values = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    values[i] = (float)g_rand_double_range (random, -1.0, 1.0);
  return test_graph_add_floats (builder, "noise", rank, shape, values);
}

static gint32
add_integers (TestGraph *builder, guint rank, gint32 rows, gint32 columns,
              const gint32 *values)
{
  gint32 number = test_graph_add_integers (
      builder, "integers", (guint)(rows * (rank == 2 ? columns : 1)), values);
  FettleTensor *tensor = fettle_graph_get_tensor (builder->graph, (guint)number);

  tensor->rank = rank;
  tensor->shape[0] = rows;
  tensor->shape[1] = columns;
  return number;
}

static void
set_options (FettleOptions *options, FettleOpcode opcode, FettleActivation activation)
{
  options->activation = activation;
  options->padding = FETTLE_PADDING_VALID;
  options->stride_height = options->stride_width = 1;
  options->dilation_height = options->dilation_width = 1;
  options->depth_multiplier = 1;
  options->filter_height = options->filter_width = 2;
  options->beta = 1.0f;
  options->alpha = 0.1f;
  options->block_size = 2;
  options->keep_dims = TRUE;
  options->axis = opcode == FETTLE_OPCODE_PACK ? 0 : 3;
}

/* INPUTS in their order; the shape of the output follows from them. */
static void
append (TestGraph *builder, FettleOpcode opcode, const char *name, const gint32 *inputs,
        guint n_inputs, FettleActivation activation)
{
  /* FULLY_CONNECTED takes what fits; the others say what they need. */
  const FettleTensor *first = fettle_graph_get_tensor (builder->graph, (guint)inputs[0]);
  const gint32 rows[] = { first->shape[0], first->shape[1], first->shape[2], 3 };
  g_autoptr (GError) error = NULL;
  gint32 output = (gint32)fettle_graph_add_tensor (builder->graph, name,
                                                   FETTLE_TYPE_FLOAT32, 4, rows);
  guint layer = fettle_graph_add_operator (builder->graph, opcode, name, inputs, n_inputs,
                                           &output, 1);
  FettleOperator *operator_ = fettle_graph_get_operator (builder->graph, layer);
  FettleTensor *tensor = fettle_graph_get_tensor (builder->graph, (guint)output);

  set_options (&operator_->options, opcode, activation);
  fettle_graph_infer_shape (builder->graph, operator_, 0, &tensor->rank, tensor->shape,
                            &error);
  g_assert_no_error (error);
  builder->last = output;
}

static void
add_weighted (TestGraph *builder, GRand *random, FettleOpcode opcode, const char *name)
{
  gint32 channels = get_last (builder)->shape[3];
  const gint32 conv[] = { 3, 2, 2, channels }, depthwise[] = { 1, 2, 2, channels };
  const gint32 *shape = opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D ? depthwise : conv;
  const gint32 bias[] = { opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D ? channels : 3 };
  const gint32 dense[] = { 3, channels };
  const gint32 wider[] = { 1, get_last (builder)->shape[1] + 1,
                           get_last (builder)->shape[2] + 1, 3 };
  gboolean is_dense = opcode == FETTLE_OPCODE_FULLY_CONNECTED;
  gint32 weights = is_dense ? add_noise (builder, random, 2, dense)
                            : add_noise (builder, random, 4, shape);
  gint32 inputs[] = { builder->last, weights, add_noise (builder, random, 1, bias), -1 };

  if (opcode == FETTLE_OPCODE_TRANSPOSE_CONV)
    {
      inputs[3] = inputs[2];
      inputs[2] = inputs[0];
      inputs[0] = add_integers (builder, 1, 4, 0, wider);
    }
  append (builder, opcode, name, inputs, inputs[3] < 0 ? 3 : 4,
          opcode != FETTLE_OPCODE_TRANSPOSE_CONV && g_rand_boolean (random)
              ? FETTLE_ACTIVATION_RELU
              : FETTLE_ACTIVATION_NONE);
}

/* Of the last tensor, which has four dimensions, and SECOND, of the same shape. */
static void
add_operator (TestGraph *builder, GRand *random, FettleOpcode opcode, const char *name,
              gint32 second)
{
  static const gint32 axes[] = { 1, 2 }, order[] = { 0, 2, 3, 1 }, larger[] = { 7, 5 };
  static const gint32 paddings[] = { 0, 0, 1, 0, 0, 2, 1, 1 };
  const gint32 *shape = get_last (builder)->shape;
  const gint32 matrix[] = { 1, shape[1], shape[3], 3 };
  gint32 inputs[] = { builder->last, second };
  guint n_inputs = 2;

  switch (opcode)
    {
    case FETTLE_OPCODE_CONV_2D:
    case FETTLE_OPCODE_DEPTHWISE_CONV_2D:
    case FETTLE_OPCODE_TRANSPOSE_CONV:
    case FETTLE_OPCODE_FULLY_CONNECTED:
      add_weighted (builder, random, opcode, name);
      return;
    case FETTLE_OPCODE_BATCH_MATMUL:
      inputs[1] = add_noise (builder, random, 4, matrix);
      break;
    case FETTLE_OPCODE_PRELU:
      inputs[1] = add_noise (builder, random, 1, &shape[3]);
      break;
    case FETTLE_OPCODE_MEAN:
    case FETTLE_OPCODE_SUM:
    case FETTLE_OPCODE_REDUCE_MAX:
    case FETTLE_OPCODE_REDUCE_MIN:
      inputs[1] = add_integers (builder, 1, 2, 0, axes);
      break;
    case FETTLE_OPCODE_PAD:
      inputs[1] = add_integers (builder, 2, 4, 2, paddings);
      break;
    case FETTLE_OPCODE_TRANSPOSE:
      inputs[1] = add_integers (builder, 1, 4, 0, order);
      break;
    case FETTLE_OPCODE_RESIZE_BILINEAR:
    case FETTLE_OPCODE_RESIZE_NEAREST_NEIGHBOR:
      inputs[1] = add_integers (builder, 1, 2, 0, larger);
      break;
    default:
      n_inputs = 1;
      for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
        if (pairs[i] == opcode)
          n_inputs = 2;
      break;
    }
  append (builder, opcode, name, inputs, n_inputs,
          opcode == FETTLE_OPCODE_ADD && g_rand_boolean (random)
              ? FETTLE_ACTIVATION_RELU
              : FETTLE_ACTIVATION_NONE);
}

/* --- comparison --- */

/* The real numbers that each tensor of a graph held in one run; NULL where unknown. */
typedef struct
{
  FettleGraph *graph;
  float **values;
} Trace;

static void
keep_values (guint layer, gconstpointer output, gsize size, gpointer user_data)
{
  Trace *trace = user_data;
  gint32 number =
      fettle_operator_get_output (fettle_graph_get_operator (trace->graph, layer), 0);
  const FettleTensor *tensor = fettle_graph_get_tensor (trace->graph, (guint)number);
  gsize n = fettle_tensor_get_n_elements (tensor);

  trace->values[number] = g_new (float, n);
  fettle_tensor_decode (tensor, output, trace->values[number], n);
}

static FettleRunner *
make_runner (FettleGraph *graph)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleLowered) lowered = fettle_lower (graph, NULL, &error);
  FettleRunner *runner;

  g_assert_no_error (error);
  runner = fettle_runner_new (lowered->image, &error);
  g_assert_no_error (error);
  return runner;
}

static void
run_on_noise (Trace *trace, GRand *random, double minimum, double maximum)
{
  guint input = fettle_graph_get_input (trace->graph, 0);
  const FettleTensor *tensor = fettle_graph_get_tensor (trace->graph, input);
  gsize n = fettle_tensor_get_n_elements (tensor), size;
  g_autoptr (FettleRunner) runner = make_runner (trace->graph);
  g_autofree float *given = g_new (float, n);
  gpointer raw = fettle_runner_get_input (runner, 0, &size);

  for (gsize i = 0; i < n; i++)
    given[i] = (float)g_rand_double_range (random, minimum, maximum);
  fettle_tensor_encode (tensor, given, raw, n);
  trace->values[input] = g_new (float, n);
  fettle_tensor_decode (tensor, raw, trace->values[input], n);
  g_assert_true (fettle_runner_run (runner, keep_values, trace, NULL, NULL));
}

/* The real numbers that a quantized constant stands for. */
static float *
decode_constant (const FettleTensor *tensor)
{
  const FettleQuantization *quantization = &tensor->quantization;
  gsize n = fettle_tensor_get_n_elements (tensor);
  g_autofree gint8 *steps = NULL;
  gconstpointer data = g_bytes_get_data (tensor->data, NULL);
  float *values = g_new (float, n);

  if (tensor->type == FETTLE_TYPE_FLOAT32 || tensor->type == FETTLE_TYPE_INT16)
    {
      fettle_tensor_decode (tensor, data, values, n);
      return values;
    }
  if (tensor->type == FETTLE_TYPE_INT8 || tensor->type == FETTLE_TYPE_INT4)
    steps = fettle_weights_unpack (tensor);
  for (gsize i = 0; i < n; i++)
    {
      gsize channel = quantization->n_channels == 1 ? 0
                      : quantization->axis == 0     ? i / (n / quantization->n_channels)
                                                    : i % quantization->n_channels;
      gint64 step = steps != NULL                       ? steps[i]
                    : tensor->type == FETTLE_TYPE_INT64 ? ((const gint64 *)data)[i]
                                                        : ((const gint32 *)data)[i];

      values[i] = (float)((double)quantization->scales[channel]
                          * (double)(step - quantization->zero_points[channel]));
    }
  return values;
}

/* Adds input NUMBER of TRACE's graph to FLOAT_GRAPH, as real numbers; TRUE if it has to be given. */
static gboolean
add_input (const Trace *trace, gint32 number, FettleGraph *float_graph, gint32 *copy)
{
  const FettleTensor *tensor = fettle_graph_get_tensor (trace->graph, (guint)number);
  gboolean is_integer = tensor->data != NULL && tensor->quantization.n_channels == 0
                        && tensor->type != FETTLE_TYPE_FLOAT32;
  FettleTensor *added;

  *copy = (gint32)fettle_graph_add_tensor (
      float_graph, tensor->name, is_integer ? tensor->type : FETTLE_TYPE_FLOAT32,
      tensor->rank, tensor->shape);
  added = fettle_graph_get_tensor (float_graph, (guint)*copy);
  if (is_integer)
    added->data = g_bytes_ref (tensor->data);
  else if (tensor->data != NULL)
    added->data = g_bytes_new_take (
        decode_constant (tensor), fettle_tensor_get_n_elements (tensor) * sizeof (float));
  return tensor->data == NULL;
}

/* LAYER as a float graph of its own; GIVEN receives the tensors of TRACE's graph that are its inputs. */
static FettleGraph *
make_float_layer (const Trace *trace, guint layer, GArray *given)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (trace->graph, layer);
  const FettleTensor *output = fettle_graph_get_tensor (
      trace->graph, (guint)fettle_operator_get_output (operator_, 0));
  FettleGraph *graph = fettle_graph_new ();
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (gint32));
  g_autoptr (GArray) inputs = g_array_new (FALSE, FALSE, sizeof (gint32));
  gint32 result;
  guint index;

  for (guint k = 0; k < operator_->inputs->len; k++)
    {
      gint32 number = fettle_operator_get_input (operator_, k), copy = -1;

      if (number >= 0 && add_input (trace, number, graph, &copy))
        {
          g_array_append_val (inputs, copy);
          g_array_append_val (given, number);
        }
      g_array_append_val (numbers, copy);
    }
  result = (gint32)fettle_graph_add_tensor (graph, "result", FETTLE_TYPE_FLOAT32,
                                            output->rank, output->shape);
  fettle_graph_set_inputs (graph, (const gint32 *)inputs->data, inputs->len);
  fettle_graph_set_outputs (graph, &result, 1);
  index =
      fettle_graph_add_operator (graph, operator_->opcode, operator_->name,
                                 (const gint32 *)numbers->data, numbers->len, &result, 1);
  fettle_graph_get_operator (graph, index)->options = operator_->options;
  return graph;
}

/* In steps of the output. Functions of int16 are interpolated in tables; a difference of int16 is halved
 * before it is squared. */
static double
find_tolerance (FettleOpcode opcode, FettleType type)
{
  if (type == FETTLE_TYPE_INT8)
    return 1.0;
  switch (opcode)
    {
    case FETTLE_OPCODE_SOFTMAX:
    case FETTLE_OPCODE_LOGISTIC:
    case FETTLE_OPCODE_TANH:
    case FETTLE_OPCODE_RSQRT:
    case FETTLE_OPCODE_SQUARED_DIFFERENCE:
      return 4.0;
    default:
      return 2.0; /* a multiplier has 15 bits */
    }
}

/* LAYER of TRACE's graph, quantized, computed what the float one does of the same numbers, as far as
 * its output can hold that. */
static void
check_layer (const Trace *trace, guint layer)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (trace->graph, layer);
  gint32 number = fettle_operator_get_output (operator_, 0);
  const FettleTensor *output = fettle_graph_get_tensor (trace->graph, (guint)number);
  gsize n = fettle_tensor_get_n_elements (output), size;
  double scale = (double)output->quantization.scales[0];
  gint32 least = output->type == FETTLE_TYPE_INT8 ? G_MININT8 : G_MININT16;
  double low = scale * (least - output->quantization.zero_points[0]);
  double high = scale * (-least - 1 - output->quantization.zero_points[0]);
  double tolerance = scale * find_tolerance (operator_->opcode, output->type);
  g_autoptr (GArray) given = g_array_new (FALSE, FALSE, sizeof (gint32));
  g_autoptr (FettleGraph) graph = make_float_layer (trace, layer, given);
  g_autoptr (FettleRunner) runner = make_runner (graph);
  const float *expected;

  for (guint k = 0; k < given->len; k++)
    {
      const float *values = trace->values[g_array_index (given, gint32, k)];
      float *input = fettle_runner_get_input (runner, k, &size);

      for (gsize i = 0; i < size / sizeof *input; i++)
        input[i] = values[i];
    }
  g_assert_true (fettle_runner_run (runner, NULL, NULL, NULL, NULL));
  expected = fettle_runner_get_output (runner, 0, &size);
  for (gsize i = 0; i < n; i++)
    {
      double nearest = CLAMP ((double)expected[i], low, high);
      double found = (double)trace->values[number][i];

      if (!(fabs (found - nearest) <= tolerance))
        g_error ("%s of %s: element %u is %g where %g was expected, %g steps off.",
                 fettle_opcode_get_name (operator_->opcode),
                 fettle_type_get_name (output->type), (guint)i, found, nearest,
                 fabs (found - nearest) / scale);
    }
}

static void
check_layers (FettleGraph *graph, GRand *random, double minimum, double maximum)
{
  guint n_tensors = fettle_graph_get_n_tensors (graph);
  Trace trace = { graph, g_new0 (float *, n_tensors) };

  run_on_noise (&trace, random, minimum, maximum);
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);
      FettleType type = fettle_graph_get_tensor (
                            graph, (guint)fettle_operator_get_output (operator_, 0))
                            ->type;

      if ((type == FETTLE_TYPE_INT8 || type == FETTLE_TYPE_INT16)
          && operator_->opcode != FETTLE_OPCODE_QUANTIZE)
        check_layer (&trace, i);
    }
  for (guint i = 0; i < n_tensors; i++)
    g_free (trace.values[i]);
  g_free (trace.values);
}

/* --- tests --- */

static FettleProject *
tune (FettleGraph *graph, const char *parameters, float minimum, float maximum)
{
  g_autofree char *steps = g_strdup_printf (
      "[{\"step\":\"calibrate\"},{\"step\":\"quantize\",%s}]", parameters);
  g_autoptr (FettleSamples) samples =
      test_samples_new_noise (graph, 16, minimum, maximum);
  g_autoptr (GError) error = NULL;
  FettleProject *tuned = test_tune (graph, steps, samples, &error);

  g_assert_no_error (error);
  return tuned;
}

/* OPCODE between two convolutions, from numbers between MINIMUM and MAXIMUM. */
static void
check_operator (GRand *random, FettleOpcode opcode, double minimum, double maximum)
{
  static const char *const types[] = { "\"activations\":\"int8\"",
                                       "\"activations\":\"int16\"" };
  const float diagonal[] = { 0.5f, 0.0f, 0.0f, 0.0f, 0.0f, 0.7f, 0.0f, 0.0f,
                             0.0f, 0.0f, 0.8f, 0.0f, 0.0f, 0.0f, 0.0f, 1.0f };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      TestGraph builder = test_graph_new (SIDE, SIDE, N_CHANNELS);
      gint32 input = builder.last;
      g_autoptr (FettleGraph) graph = NULL;
      g_autoptr (FettleProject) tuned = NULL;

      test_graph_add_conv (&builder, "conv", N_CHANNELS, diagonal, NULL);
      add_operator (&builder, random, opcode, "operator", input);
      graph = test_graph_finish (&builder);
      tuned = tune (graph, types[i], (float)minimum, (float)maximum);
      check_layers (tuned->graph, random, minimum, maximum);
    }
}

static void
test_each (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (11);

  for (gsize i = 0; i < G_N_ELEMENTS (plain); i++)
    check_operator (random, plain[i], -4.0, 3.0);
  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    check_operator (random, pairs[i], -4.0, 3.0);
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    check_operator (random, others[i], -4.0, 3.0);
  for (gsize i = 0; i < G_N_ELEMENTS (positive); i++)
    check_operator (random, positive[i], 0.5, 2.0);
}

/* Eight layers of any type behind each other, all sides even, so that every operator can follow. */
static FettleGraph *
make_chain (GRand *random, GString *entries)
{
  static const FettleOpcode shape_keeping[] = {
    FETTLE_OPCODE_ABS,     FETTLE_OPCODE_SIN,      FETTLE_OPCODE_RELU,
    FETTLE_OPCODE_RELU6,   FETTLE_OPCODE_LOGISTIC, FETTLE_OPCODE_TANH,
    FETTLE_OPCODE_ELU,     FETTLE_OPCODE_SOFTMAX,  FETTLE_OPCODE_HARD_SWISH,
    FETTLE_OPCODE_ADD,     FETTLE_OPCODE_SUB,      FETTLE_OPCODE_MUL,
    FETTLE_OPCODE_MINIMUM, FETTLE_OPCODE_MAXIMUM,  FETTLE_OPCODE_CONV_2D,
    FETTLE_OPCODE_PRELU,   FETTLE_OPCODE_FLOOR,    FETTLE_OPCODE_LEAKY_RELU,
  };
  static const char *const types[] = { "int8", "int16", "float32" };
  TestGraph builder = test_graph_new (SIDE, SIDE, N_CHANNELS);
  gint32 second = builder.last;

  for (guint i = 0; i < 8; i++)
    {
      FettleOpcode opcode =
          shape_keeping[g_rand_int_range (random, 0, G_N_ELEMENTS (shape_keeping))];
      g_autofree char *name = g_strdup_printf ("layer%u", i);
      gint32 before = builder.last;
      float weights[N_CHANNELS * N_CHANNELS];

      for (gsize k = 0; k < G_N_ELEMENTS (weights); k++)
        weights[k] = (float)g_rand_double_range (random, -1.0, 1.0);
      if (opcode == FETTLE_OPCODE_CONV_2D)
        test_graph_add_conv (&builder, name, N_CHANNELS, weights, weights);
      else
        add_operator (&builder, random, opcode, name, second);
      second = before;
      g_string_append_printf (
          entries, "%s{\"match\":\"%s\",\"activations\":\"%s\",\"granularity\":\"%s\"}",
          i > 0 ? "," : "", name, types[g_rand_int_range (random, 0, 3)],
          g_rand_boolean (random) ? "per-channel" : "per-tensor");
    }
  return test_graph_finish (&builder);
}

static void
test_chains (void)
{
  static const char *const ends[] = { "same", "int8", "int16", "float32" };
  g_autoptr (GRand) random = g_rand_new_with_seed (23);

  for (guint i = 0; i < 60; i++)
    {
      g_autoptr (GString) entries = g_string_new (NULL);
      g_autoptr (FettleGraph) graph = make_chain (random, entries);
      g_autofree char *parameters =
          g_strdup_printf ("\"inputs\":\"%s\",\"outputs\":\"%s\",\"layers\":[%s]",
                           ends[i % 4], ends[i / 4 % 4], entries->str);
      g_autoptr (FettleProject) tuned = tune (graph, parameters, -2.0f, 2.0f);

      check_layers (tuned->graph, random, -2.0, 2.0);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tuner/operators/each", test_each);
  g_test_add_func ("/tuner/operators/chains", test_chains);
  return g_test_run ();
}
