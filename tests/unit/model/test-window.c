/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-window.c: explicit padding of convolutions and pools, against a padding layer in front. */
#include "model/runner.h"

#include <string.h>

#define N_CASES 400

typedef struct
{
  FettleOpcode opcode;
  FettleType type;
  FettleTarget target;
  gint32 input[4], output[4];
  gint32 filter[2], stride[2], dilation[2];
  gint32 before[2], after[2];
} Case;

static gint32
between (gint32 low, gint32 high)
{
  return g_test_rand_int_range (low, high + 1);
}

static gint32
add_tensor (FettleGraph *graph, const Case *c, const char *name, const gint32 *shape)
{
  const float scale = 0.25f;
  const gint32 zero_point = -7;
  guint number = fettle_graph_add_tensor (graph, name, c->type, 4, shape);

  if (c->type == FETTLE_TYPE_INT8)
    fettle_tensor_set_quantization (fettle_graph_get_tensor (graph, number), 1, 0, &scale,
                                    &zero_point);
  return (gint32)number;
}

static gint32
add_data (FettleGraph *graph, const char *name, FettleType type, guint rank,
          const gint32 *shape, gconstpointer data)
{
  guint number = fettle_graph_add_tensor (graph, name, type, rank, shape);
  FettleTensor *tensor = fettle_graph_get_tensor (graph, number);

  tensor->data = g_bytes_new (data, fettle_tensor_get_size (tensor));
  return (gint32)number;
}

static gint32
add_weights (FettleGraph *graph, const Case *c)
{
  gboolean is_depthwise = c->opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D;
  const gint32 shape[] = { is_depthwise ? 1 : c->output[3], c->filter[0], c->filter[1],
                           c->input[3] };
  const float scale = 0.125f;
  const gint32 zero_point = 0;
  gsize n = (gsize)shape[0] * (gsize)shape[1] * (gsize)shape[2] * (gsize)shape[3];
  g_autofree float *values = g_new (float, n);
  g_autofree gint8 *quantized = g_new (gint8, n);
  gint32 number;

  for (gsize i = 0; i < n; i++)
    {
      quantized[i] = (gint8)between (-127, 127);
      values[i] = (float)between (-8, 8);
    }
  if (c->type == FETTLE_TYPE_FLOAT32)
    return add_data (graph, "weights", FETTLE_TYPE_FLOAT32, 4, shape, values);
  number = add_data (graph, "weights", FETTLE_TYPE_INT8, 4, shape, quantized);
  fettle_tensor_set_quantization (fettle_graph_get_tensor (graph, (guint)number), 1, 0,
                                  &scale, &zero_point);
  return number;
}

/* What a pool must not see, or what a convolution takes for 0. */
static gint32
add_fill (FettleGraph *graph, const Case *c)
{
  static const gint32 one[] = { 1 };
  gboolean is_pool = c->opcode == FETTLE_OPCODE_MAX_POOL_2D;
  const float real = is_pool ? -1e9f : 0.0f;
  const gint8 quantized = is_pool ? G_MININT8 : -7;

  return c->type == FETTLE_TYPE_FLOAT32
             ? add_data (graph, "fill", c->type, 1, one, &real)
             : add_data (graph, "fill", c->type, 1, one, &quantized);
}

static void
add_window (FettleGraph *graph, const Case *c, const char *name, gint32 input,
            gint32 weights, gint32 output, FettlePadding padding)
{
  const gint32 inputs[] = { input, weights };
  gboolean is_pool = c->opcode == FETTLE_OPCODE_MAX_POOL_2D;
  FettleOptions *options =
      &fettle_graph_get_operator (
           graph, fettle_graph_add_operator (graph, c->opcode, name, inputs,
                                             is_pool ? 1 : 2, &output, 1))
           ->options;

  options->padding = padding;
  options->stride_height = c->stride[0];
  options->stride_width = c->stride[1];
  if (is_pool)
    {
      options->filter_height = c->filter[0];
      options->filter_width = c->filter[1];
    }
  else
    {
      options->dilation_height = c->dilation[0];
      options->dilation_width = c->dilation[1];
    }
  if (padding == FETTLE_PADDING_EXPLICIT)
    {
      options->padding_top = c->before[0];
      options->padding_left = c->before[1];
      options->padding_bottom = c->after[0];
      options->padding_right = c->after[1];
    }
}

/* Output 0: padded by a layer; output 1: by the window itself. */
static FettleGraph *
make_graph (const Case *c)
{
  FettleGraph *graph = fettle_graph_new ();
  const gint32 paddings[] = { 0, 0, c->before[0], c->after[0], c->before[1], c->after[1],
                              0, 0 };
  const gint32 pairs[] = { 4, 2 };
  const gint32 padded_shape[] = { c->input[0], c->input[1] + c->before[0] + c->after[0],
                                  c->input[2] + c->before[1] + c->after[1], c->input[3] };
  gint32 input = add_tensor (graph, c, "input", c->input);
  gint32 padded = add_tensor (graph, c, "padded", padded_shape);
  gint32 weights = add_weights (graph, c);
  const gint32 outputs[] = { add_tensor (graph, c, "by layer", c->output),
                             add_tensor (graph, c, "by window", c->output) };
  const gint32 operands[] = {
    input, add_data (graph, "paddings", FETTLE_TYPE_INT32, 2, pairs, paddings),
    add_fill (graph, c)
  };

  fettle_graph_add_operator (graph, FETTLE_OPCODE_PADV2, "pad", operands, 3, &padded, 1);
  add_window (graph, c, "valid", padded, weights, outputs[0], FETTLE_PADDING_VALID);
  add_window (graph, c, "explicit", input, weights, outputs[1], FETTLE_PADDING_EXPLICIT);
  fettle_graph_set_inputs (graph, &input, 1);
  fettle_graph_set_outputs (graph, outputs, 2);
  return graph;
}

static void
draw_case (Case *c)
{
  static const FettleOpcode opcodes[] = { FETTLE_OPCODE_CONV_2D,
                                          FETTLE_OPCODE_DEPTHWISE_CONV_2D,
                                          FETTLE_OPCODE_MAX_POOL_2D };

  c->opcode = opcodes[between (0, 2)];
  c->type = between (0, 2) > 0 ? FETTLE_TYPE_INT8 : FETTLE_TYPE_FLOAT32;
  c->target = between (0, 1) ? FETTLE_TARGET_CORTEX_M4 : FETTLE_TARGET_PORTABLE;
  c->input[0] = between (1, 2);
  c->input[3] = between (0, 1) ? between (1, 5) : 4;
  c->output[0] = c->input[0];
  c->output[3] = c->opcode == FETTLE_OPCODE_CONV_2D ? between (1, 5) : c->input[3];
  for (guint i = 0; i < 2; i++)
    {
      gint32 reach;

      c->filter[i] = between (1, 4);
      c->stride[i] = between (1, 3);
      c->dilation[i] = c->opcode == FETTLE_OPCODE_MAX_POOL_2D ? 1 : between (1, 2);
      reach = (c->filter[i] - 1) * c->dilation[i] + 1;
      c->before[i] = between (0, reach - 1);
      c->after[i] = between (0, reach - 1);
      c->input[1 + i] = between (reach, reach + 5);
      c->output[1 + i] =
          (c->input[1 + i] + c->before[i] + c->after[i] - reach) / c->stride[i] + 1;
    }
}

static void
fill_input (FettleRunner *runner, const Case *c)
{
  gsize size;
  gpointer input = fettle_runner_get_input (runner, 0, &size);

  for (gsize i = 0; i < size / fettle_type_get_size (c->type); i++)
    if (c->type == FETTLE_TYPE_FLOAT32)
      ((float *)input)[i] = (float)between (-100, 100);
    else
      ((gint8 *)input)[i] = (gint8)between (G_MININT8, G_MAXINT8);
}

static void
test_explicit (void)
{
  for (guint i = 0; i < N_CASES; i++)
    {
      g_autoptr (FettleGraph) graph = NULL;
      g_autoptr (FettleLowered) lowered = NULL;
      g_autoptr (FettleRunner) runner = NULL;
      g_autoptr (GError) error = NULL;
      gconstpointer outputs[2];
      gsize size;
      Case c;

      draw_case (&c);
      graph = make_graph (&c);
      lowered = fettle_lower (graph, &(FettleLowerOptions){ .target = c.target }, &error);
      g_assert_no_error (error);
      runner = fettle_runner_new (lowered->image, &error);
      g_assert_no_error (error);
      fill_input (runner, &c);
      g_assert_true (fettle_runner_run (runner, NULL, NULL, NULL, NULL));
      outputs[0] = fettle_runner_get_output (runner, 0, &size);
      outputs[1] = fettle_runner_get_output (runner, 1, &size);
      g_assert_cmpmem (outputs[0], size, outputs[1], size);
    }
}

static void
test_refused (void)
{
  static const gint32 wrong[] = { -1, 3 };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      Case c = { .opcode = FETTLE_OPCODE_MAX_POOL_2D,
                 .type = FETTLE_TYPE_INT8,
                 .input = { 1, 5, 5, 1 },
                 .output = { 1, 5, 5, 1 },
                 .filter = { 3, 3 },
                 .stride = { 1, 1 },
                 .before = { 1, 1 },
                 .after = { 1, 1 } };
      g_autoptr (FettleGraph) graph = make_graph (&c);
      g_autoptr (GError) error = NULL;

      fettle_graph_get_operator (graph, 2)->options.padding_left = wrong[i];
      g_assert_false (fettle_graph_validate (graph, &error));
      g_assert_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, "Layer 2 (explicit, MAX_POOL_2D): its "
                                                "padding is negative, or as wide"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/window/explicit", test_explicit);
  g_test_add_func ("/window/refused", test_refused);
  return g_test_run ();
}
