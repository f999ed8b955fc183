/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-type-boundaries.c: QUANTIZE and DEQUANTIZE where layers of different types meet. */
#include "model/runner.h"
#include "model/type-boundaries.h"

#include <string.h>

#define WIDTH 4

static const gint32 shape[] = { 1, WIDTH };
static const FettleForm float32 = { .type = FETTLE_TYPE_FLOAT32 };
static const FettleForm narrow = { FETTLE_TYPE_INT8, 0.5f, 3 };
static const FettleForm other = { FETTLE_TYPE_INT8, 0.25f, 0 };
static const FettleForm wide = { FETTLE_TYPE_INT16, 0.125f, 0 };

static gint32
add_tensor (FettleGraph *graph, const char *name, const FettleForm *form)
{
  guint number = fettle_graph_add_tensor (graph, name, form->type, 2, shape);

  if (form->type != FETTLE_TYPE_FLOAT32)
    fettle_tensor_set_quantization (fettle_graph_get_tensor (graph, number), 1, 0,
                                    &form->scale, &form->zero_point);
  return (gint32)number;
}

/* One ABS after the other, the output of layer k in form FORMS[k + 1], the model's input in FORMS[0]. */
static FettleGraph *
make_chain (const FettleForm *forms, guint n_layers)
{
  FettleGraph *graph = fettle_graph_new ();
  gint32 first = add_tensor (graph, "in", &forms[0]), input = first;

  for (guint i = 0; i < n_layers; i++)
    {
      g_autofree char *name = g_strdup_printf ("layer%u", i);
      gint32 output = add_tensor (graph, name, &forms[i + 1]);

      fettle_graph_add_operator (graph, FETTLE_OPCODE_ABS, name, &input, 1, &output, 1);
      input = output;
    }
  fettle_graph_set_inputs (graph, &first, 1);
  fettle_graph_set_outputs (graph, &input, 1);
  return graph;
}

static void
insert (FettleGraph *graph, const FettleReading *readings, guint n_readings)
{
  g_autoptr (GError) error = NULL;

  fettle_graph_insert_conversions (graph, readings, n_readings, &error);
  g_assert_no_error (error);
  fettle_graph_drop_unused_tensors (graph);
  fettle_graph_validate (graph, &error);
  g_assert_no_error (error);
}

static void
assert_layers (FettleGraph *graph, const char *expected)
{
  g_autoptr (GString) found = g_string_new (NULL);

  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);

      g_string_append_printf (found, "%s%s:%s", i > 0 ? " " : "", operator_->name,
                              fettle_opcode_get_name (operator_->opcode));
    }
  g_assert_cmpstr (found->str, ==, expected);
}

static void
run (FettleGraph *graph, const float *in, float *out)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleLowered) lowered = fettle_lower (graph, NULL, &error);
  g_autoptr (FettleRunner) runner = NULL;
  guint first = fettle_graph_get_input (graph, 0);
  guint last = fettle_graph_get_output (graph, 0);

  g_assert_no_error (error);
  runner = fettle_runner_new (lowered->image, &error);
  g_assert_no_error (error);
  fettle_tensor_encode (fettle_graph_get_tensor (graph, first), in,
                        fettle_runner_get_input (runner, 0, NULL), WIDTH);
  fettle_runner_run (runner, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  fettle_tensor_decode (fettle_graph_get_tensor (graph, last),
                        fettle_runner_get_output (runner, 0, NULL), out, WIDTH);
}

static void
assert_runs (FettleGraph *graph, const float *expected)
{
  static const float in[WIDTH] = { -2, 0, 1.5f, 4 };
  float out[WIDTH];

  run (graph, in, out);
  for (guint i = 0; i < WIDTH; i++)
    g_assert_cmpfloat (out[i], ==, expected[i]);
}

static const float absolute[WIDTH] = { 2, 0, 1.5f, 4 };

static void
test_island (void)
{
  const FettleForm forms[] = { narrow, narrow, float32, narrow };
  const FettleReading readings[] = { { 0, 0, narrow },
                                     { 1, 0, float32 },
                                     { 2, 0, narrow } };
  g_autoptr (FettleGraph) graph = make_chain (forms, 3);

  insert (graph, readings, G_N_ELEMENTS (readings));
  assert_layers (graph, "layer0:ABS layer0/float32:DEQUANTIZE layer1:ABS "
                        "layer1/int8:QUANTIZE layer2:ABS");
  assert_runs (graph, absolute);
}

static void
test_types_and_scales (void)
{
  const FettleForm forms[] = { narrow, wide, other, other };
  const FettleReading readings[] = { { 0, 0, wide },
                                     { 1, 0, other },
                                     { 2, 0, narrow },
                                     { FETTLE_READ_AS_OUTPUT, 0, float32 } };
  g_autoptr (FettleGraph) graph = make_chain (forms, 3);

  insert (graph, readings, G_N_ELEMENTS (readings));
  assert_layers (graph, "in/int16:QUANTIZE layer0:ABS layer0/int8:QUANTIZE layer1:ABS "
                        "layer1/int8:QUANTIZE layer2:ABS layer2/float32:DEQUANTIZE");
  assert_runs (graph, absolute);
}

/* Three layers and an output read one tensor, in two forms: two conversions. */
static void
test_shared (void)
{
  const FettleForm forms[] = { narrow, narrow };
  const FettleReading readings[] = { { 1, 0, float32 },
                                     { 2, 0, wide },
                                     { 2, 1, wide },
                                     { 3, 0, float32 },
                                     { FETTLE_READ_AS_OUTPUT, 1, float32 } };
  g_autoptr (FettleGraph) graph = make_chain (forms, 1);
  gint32 source = (gint32)fettle_graph_get_output (graph, 0);
  gint32 first = add_tensor (graph, "first", &float32);
  gint32 second = add_tensor (graph, "second", &wide);
  gint32 third = add_tensor (graph, "third", &float32);
  const gint32 twice[] = { source, source }, ends[] = { third, source, first, second };

  fettle_graph_add_operator (graph, FETTLE_OPCODE_ABS, "a", &source, 1, &first, 1);
  fettle_graph_add_operator (graph, FETTLE_OPCODE_ADD, "b", twice, 2, &second, 1);
  fettle_graph_add_operator (graph, FETTLE_OPCODE_NEG, "layer0/float32", &source, 1,
                             &third, 1);
  fettle_graph_set_outputs (graph, ends, G_N_ELEMENTS (ends));
  insert (graph, readings, G_N_ELEMENTS (readings));
  assert_layers (graph, "layer0:ABS layer0/float32_2:DEQUANTIZE a:ABS "
                        "layer0/int16:QUANTIZE b:ADD layer0/float32:NEG");
  assert_runs (graph, (const float[]){ -2, 0, -1.5f, -4 });
}

/* The float layer reads what was dequantized; the int8 layer behind it finds the int8 original. */
static void
test_bypass (void)
{
  const FettleForm forms[] = { narrow, narrow };
  const FettleReading reading = { 2, 0, narrow };
  g_autoptr (FettleGraph) graph = make_chain (forms, 1);
  gint32 source = (gint32)fettle_graph_get_output (graph, 0);
  gint32 real = add_tensor (graph, "real", &float32);
  gint32 last = add_tensor (graph, "last", &narrow);

  fettle_graph_insert_operator (graph, 1,
                                fettle_operator_new (FETTLE_OPCODE_DEQUANTIZE, "real"));
  g_array_append_val (fettle_graph_get_operator (graph, 1)->inputs, source);
  g_array_append_val (fettle_graph_get_operator (graph, 1)->outputs, real);
  fettle_graph_add_operator (graph, FETTLE_OPCODE_ABS, "last", &real, 1, &last, 1);
  fettle_graph_set_outputs (graph, &last, 1);
  insert (graph, &reading, 1);
  assert_layers (graph, "layer0:ABS last:ABS");
  assert_runs (graph, absolute);
}

static void
test_constant (void)
{
  static const float values[WIDTH] = { 1, -1, 0.125f, 100 };
  const FettleForm forms[] = { wide, wide };
  const FettleReading readings[] = { { 1, 1, wide } };
  g_autoptr (FettleGraph) graph = make_chain (forms, 1);
  gint32 constant = add_tensor (graph, "constant", &float32);
  gint32 sum = add_tensor (graph, "sum", &wide);
  const gint32 operands[] = { (gint32)fettle_graph_get_output (graph, 0), constant };

  fettle_graph_get_tensor (graph, (guint)constant)->data =
      g_bytes_new_static (values, sizeof values);
  fettle_graph_add_operator (graph, FETTLE_OPCODE_ADD, "sum", operands, 2, &sum, 1);
  fettle_graph_set_outputs (graph, &sum, 1);
  insert (graph, readings, 1);
  assert_layers (graph, "layer0:ABS sum:ADD");
  assert_runs (graph, (const float[]){ 3, -1, 1.625f, 104 });
}

static void
assert_refused (const FettleForm *from, const FettleForm *to, gboolean is_state,
                const char *words)
{
  const FettleForm forms[] = { *from, *from, *from };
  g_autoptr (FettleGraph) graph = make_chain (forms, 2);
  g_autoptr (GError) error = NULL;

  fettle_graph_get_tensor (graph, 1)->is_variable = is_state;
  g_assert_false (
      fettle_graph_insert_conversions (graph, &(FettleReading){ 1, 0, *to }, 1, &error));
  g_assert_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_INVALID);
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” does not say “%s”", error->message, words);
}

static void
test_refused (void)
{
  const FettleForm flags = { .type = FETTLE_TYPE_BOOL };
  const FettleForm scaleless = { .type = FETTLE_TYPE_INT8 };

  assert_refused (&narrow, &float32, TRUE, "The state “layer0” is int8");
  assert_refused (&narrow, &scaleless, FALSE, "to int8 of scale 0");
  assert_refused (&scaleless, &float32, FALSE, "int8 of scale 0");
  assert_refused (&float32, &flags, FALSE, "to bool");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/type-boundaries/island", test_island);
  g_test_add_func ("/type-boundaries/types-and-scales", test_types_and_scales);
  g_test_add_func ("/type-boundaries/shared", test_shared);
  g_test_add_func ("/type-boundaries/bypass", test_bypass);
  g_test_add_func ("/type-boundaries/constant", test_constant);
  g_test_add_func ("/type-boundaries/refused", test_refused);
  return g_test_run ();
}
