/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graphs.c: small float graphs and data for them, built in memory. */
#include "graphs.h"
#include "model/runner.h"

#include <math.h>

#define PLAIN_STEPS "[{\"step\":\"calibrate\"},{\"step\":\"quantize\"}]"

TestGraph
test_graph_new (gint32 height, gint32 width, gint32 channels)
{
  const gint32 shape[] = { 1, height, width, channels };
  TestGraph self = { fettle_graph_new (), 0 };

  self.last = (gint32)fettle_graph_add_tensor (self.graph, "input", FETTLE_TYPE_FLOAT32,
                                               4, shape);
  fettle_graph_set_inputs (self.graph, &self.last, 1);
  return self;
}

FettleGraph *
test_graph_finish (TestGraph *self)
{
  g_autoptr (GError) error = NULL;

  fettle_graph_set_outputs (self->graph, &self->last, 1);
  fettle_graph_validate (self->graph, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&self->graph);
}

FettleOperator *
test_graph_add (TestGraph *self, FettleOpcode opcode, const char *name, guint rank,
                const gint32 *shape, const gint32 *extra, guint n_extra)
{
  gint32 inputs[4] = { self->last };
  gint32 output = (gint32)fettle_graph_add_tensor (self->graph, name, FETTLE_TYPE_FLOAT32,
                                                   rank, shape);
  guint index;

  g_assert_cmpuint (n_extra, <, G_N_ELEMENTS (inputs));
  for (guint i = 0; i < n_extra; i++)
    inputs[1 + i] = extra[i];
  index = fettle_graph_add_operator (self->graph, opcode, name, inputs, 1 + n_extra,
                                     &output, 1);
  self->last = output;
  return fettle_graph_get_operator (self->graph, index);
}

gint32
test_graph_add_floats (TestGraph *self, const char *name, guint rank, const gint32 *shape,
                       const float *values)
{
  guint index =
      fettle_graph_add_tensor (self->graph, name, FETTLE_TYPE_FLOAT32, rank, shape);
  FettleTensor *tensor = fettle_graph_get_tensor (self->graph, index);

  tensor->data =
      g_bytes_new (values, fettle_tensor_get_n_elements (tensor) * sizeof (float));
  return (gint32)index;
}

gint32
test_graph_add_integers (TestGraph *self, const char *name, guint n, const gint32 *values)
{
  const gint32 shape[] = { (gint32)n };
  guint index = fettle_graph_add_tensor (self->graph, name, FETTLE_TYPE_INT32, 1, shape);

  fettle_graph_get_tensor (self->graph, index)->data =
      g_bytes_new (values, n * sizeof (gint32));
  return (gint32)index;
}

FettleOperator *
test_graph_add_conv (TestGraph *self, const char *name, gint32 channels_out,
                     const float *weights, const float *bias)
{
  const FettleTensor *input = fettle_graph_get_tensor (self->graph, (guint)self->last);
  const gint32 weight_shape[] = { channels_out, 1, 1, input->shape[3] };
  const gint32 bias_shape[] = { channels_out };
  const gint32 shape[] = { 1, input->shape[1], input->shape[2], channels_out };
  g_autofree char *weight_name = g_strconcat (name, "/weights", NULL);
  g_autofree char *bias_name = g_strconcat (name, "/bias", NULL);
  gint32 extra[2] = { test_graph_add_floats (self, weight_name, 4, weight_shape, weights),
                      -1 };
  FettleOperator *operator_;

  if (bias != NULL)
    extra[1] = test_graph_add_floats (self, bias_name, 1, bias_shape, bias);
  operator_ = test_graph_add (self, FETTLE_OPCODE_CONV_2D, name, 4, shape, extra, 2);
  operator_->options.padding = FETTLE_PADDING_VALID;
  operator_->options.stride_height = operator_->options.stride_width = 1;
  operator_->options.dilation_height = operator_->options.dilation_width = 1;
  return operator_;
}

FettleSamples *
test_samples_new (FettleGraph *graph, guint n, const float *values)
{
  const FettleTensor *input =
      fettle_graph_get_tensor (graph, fettle_graph_get_input (graph, 0));
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  FettleSamples *samples;
  gsize full[1 + FETTLE_MAX_RANK] = { n };

  for (guint i = 0; i < input->rank; i++)
    full[1 + i] = (gsize)input->shape[i];
  bytes = fettle_npy_write_float32 (full, 1 + input->rank, values);
  samples = fettle_samples_new (fettle_npy_parse (bytes, "samples.npy", &error), graph,
                                NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fettle_samples_get_n (samples), ==, n);
  return samples;
}

FettleSamples *
test_samples_new_noise (FettleGraph *graph, guint n, float minimum, float maximum)
{
  const FettleTensor *input =
      fettle_graph_get_tensor (graph, fettle_graph_get_input (graph, 0));
  gsize n_values = n * fettle_tensor_get_n_elements (input);
  g_autofree float *values = g_new (float, n_values);
  guint32 state = 0x5EED0001u;

  for (gsize i = 0; i < n_values; i++)
    {
      state ^= state << 13;
      state ^= state >> 17;
      state ^= state << 5;
      values[i] = minimum + (maximum - minimum) * (float)(state >> 8) / 16777215.0f;
    }
  return test_samples_new (graph, n, values);
}

FettleProject *
test_tune (FettleGraph *graph, const char *steps, FettleSamples *samples, GError **error)
{
  g_autofree char *json = g_strdup_printf ("{\"fettle-recipe\":1,\"steps\":%s}",
                                           steps != NULL ? steps : PLAIN_STEPS);
  g_autoptr (FettleRecipe) recipe = fettle_recipe_parse (json, error);
  g_autoptr (FettleProject) project = fettle_project_new (graph);

  g_assert_nonnull (recipe);
  return fettle_tune (project, recipe, samples, NULL, NULL, NULL, NULL, NULL, error);
}

static void
fill_floats (float *values, gsize n, GRand *random, gboolean is_extreme)
{
  for (gsize i = 0; i < n; i++)
    values[i] = is_extreme ? (g_rand_boolean (random) ? 4.0f : -4.0f)
                           : (float)g_rand_double_range (random, -4.0, 4.0);
}

static void
fill_bytes (guint8 *bytes, gsize n, GRand *random, gboolean is_extreme)
{
  for (gsize i = 0; i < n; i++)
    bytes[i] = is_extreme ? (g_rand_boolean (random) ? 0x7F : 0x80)
                          : (guint8)g_rand_int_range (random, 0, 256);
}

GBytes *
test_run (FettleGraph *graph, guint32 seed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleLowered) lowered = fettle_lower (graph, NULL, &error);
  g_autoptr (FettleRunner) runner = NULL;
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  g_autoptr (GByteArray) outputs = g_byte_array_new ();
  gsize size;

  g_assert_no_error (error);
  runner = fettle_runner_new (lowered->image, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < fettle_runner_get_n_inputs (runner); i++)
    {
      gpointer input = fettle_runner_get_input (runner, i, &size);

      if (fettle_graph_get_tensor (graph, fettle_graph_get_input (graph, i))->type
          == FETTLE_TYPE_FLOAT32)
        fill_floats (input, size / sizeof (float), random, seed % 4 == 3);
      else
        fill_bytes (input, size, random, seed % 4 == 3);
    }
  fettle_runner_run (runner, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < fettle_runner_get_n_outputs (runner); i++)
    {
      const guint8 *output = fettle_runner_get_output (runner, i, &size);

      g_byte_array_append (outputs, output, (guint)size);
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&outputs));
}

void
test_run_sample (FettleGraph *graph, FettleSamples *samples, guint sample, float *output)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleLowered) lowered = fettle_lower (graph, NULL, &error);
  g_autoptr (FettleRunner) runner = NULL;
  g_autofree float *input = g_new (float, fettle_samples_get_size (samples));
  const FettleTensor *tensor =
      fettle_graph_get_tensor (graph, fettle_graph_get_output (graph, 0));
  gsize size;

  g_assert_no_error (error);
  runner = fettle_runner_new (lowered->image, &error);
  g_assert_no_error (error);
  fettle_samples_read (samples, sample, input);
  fettle_tensor_encode (
      fettle_graph_get_tensor (graph, fettle_graph_get_input (graph, 0)), input,
      fettle_runner_get_input (runner, 0, &size), fettle_samples_get_size (samples));
  fettle_runner_run (runner, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  fettle_tensor_decode (tensor, fettle_runner_get_output (runner, 0, &size), output,
                        fettle_tensor_get_n_elements (tensor));
}

gboolean
test_computes_same (FettleGraph *a, FettleGraph *b, guint32 seed, float tolerance)
{
  g_autoptr (GBytes) expected = test_run (a, seed);
  g_autoptr (GBytes) actual = test_run (b, seed);
  gsize size, actual_size;
  const float *x = g_bytes_get_data (expected, &size);
  const float *y = g_bytes_get_data (actual, &actual_size);
  float largest = 0.0f, difference = 0.0f;

  g_assert_cmpuint (size, ==, actual_size);
  for (gsize i = 0; i < size / sizeof *x; i++)
    {
      g_assert_true (isfinite (x[i]) && isfinite (y[i]));
      largest = MAX (largest, fabsf (x[i]));
      difference = MAX (difference, fabsf (x[i] - y[i]));
    }
  return difference <= tolerance * largest;
}

void
test_set_int8 (FettleGraph *graph, guint tensor, float scale, gint32 zero_point)
{
  FettleTensor *changed = fettle_graph_get_tensor (graph, tensor);

  changed->type = FETTLE_TYPE_INT8;
  fettle_tensor_set_quantization (changed, 1, 0, &scale, &zero_point);
}

FettleTensor *
test_find_tensor (FettleGraph *graph, const char *name)
{
  for (guint i = 0; i < fettle_graph_get_n_tensors (graph); i++)
    {
      FettleTensor *tensor = fettle_graph_get_tensor (graph, i);

      if (g_str_equal (tensor->name, name))
        return tensor;
    }
  g_error ("There is no tensor “%s”.", name);
}
