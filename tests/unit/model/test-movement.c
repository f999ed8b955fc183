/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-movement.c: operators that move data, lowered and run, against results found by hand.
 *
 * The input's elements are 0, 1, 2 and so on: results say where each element comes from. */
#include "model/runner.h"

#include <string.h>

#define LONGEST 24
#define SHAPE(...)                                                                       \
  G_N_ELEMENTS (((gint32[]){ __VA_ARGS__ })),                                            \
  {                                                                                      \
    __VA_ARGS__                                                                          \
  }
#define NUMBERS(...) SHAPE (__VA_ARGS__)

typedef struct
{
  guint rank;
  gint32 shape[FETTLE_MAX_RANK];
} Shape;

/* Int32 constants. */
typedef struct
{
  guint n;
  gint32 values[LONGEST];
} Numbers;

typedef struct
{
  const char *name;
  FettleOpcode opcode;
  Shape input;
  Numbers constants[3];
  FettleOptions options;
  Shape output;
  float expected[LONGEST];
} Case;

static const Case cases[] = {
  { "slice-rest",
    FETTLE_OPCODE_SLICE,
    { SHAPE (3, 4) },
    { { NUMBERS (1, 2) }, { NUMBERS (-1, 1) } },
    { 0 },
    { SHAPE (2, 1) },
    { 6, 10 } },
  { "stride-backwards",
    FETTLE_OPCODE_STRIDED_SLICE,
    { SHAPE (6) },
    { { NUMBERS (-1) }, { NUMBERS (0) }, { NUMBERS (-2) } },
    { 0 },
    { SHAPE (3) },
    { 5, 3, 1 } },
  { "stride-masks",
    FETTLE_OPCODE_STRIDED_SLICE,
    { SHAPE (2, 3) },
    { { NUMBERS (1, 1) }, { NUMBERS (1, 2) }, { NUMBERS (-1, -1) } },
    { .begin_mask = 3, .end_mask = 3 },
    { SHAPE (2, 3) },
    { 5, 4, 3, 2, 1, 0 } },
  { "stride-clamped",
    FETTLE_OPCODE_STRIDED_SLICE,
    { SHAPE (5) },
    { { NUMBERS (-9) }, { NUMBERS (99) }, { NUMBERS (3) } },
    { 0 },
    { SHAPE (2) },
    { 0, 3 } },
  { "stride-ellipsis",
    FETTLE_OPCODE_STRIDED_SLICE,
    { SHAPE (2, 2, 3) },
    { { NUMBERS (0, 1) }, { NUMBERS (0, 2) }, { NUMBERS (1, 1) } },
    { .ellipsis_mask = 1, .shrink_axis_mask = 2 },
    { SHAPE (2, 2) },
    { 1, 4, 7, 10 } },
  { "stride-new-axis",
    FETTLE_OPCODE_STRIDED_SLICE,
    { SHAPE (2, 3) },
    { { NUMBERS (1, 0, 1) }, { NUMBERS (2, 0, 3) }, { NUMBERS (1, 1, 1) } },
    { .new_axis_mask = 2 },
    { SHAPE (1, 1, 2) },
    { 4, 5 } },
  { "stride-few-places",
    FETTLE_OPCODE_STRIDED_SLICE,
    { SHAPE (3, 2) },
    { { NUMBERS (2) }, { NUMBERS (0) }, { NUMBERS (-1) } },
    { 0 },
    { SHAPE (2, 2) },
    { 4, 5, 2, 3 } },
  { "stride-relative",
    FETTLE_OPCODE_STRIDED_SLICE,
    { SHAPE (6) },
    { { NUMBERS (-4) }, { NUMBERS (3) }, { NUMBERS (1) } },
    { .is_end_relative = TRUE },
    { SHAPE (3) },
    { 2, 3, 4 } },
  { "transpose",
    FETTLE_OPCODE_TRANSPOSE,
    { SHAPE (2, 3) },
    { { NUMBERS (-1, 0) } },
    { 0 },
    { SHAPE (3, 2) },
    { 0, 3, 1, 4, 2, 5 } },
  { "transpose-six",
    FETTLE_OPCODE_TRANSPOSE,
    { SHAPE (1, 2, 1, 2, 1, 2) },
    { { NUMBERS (5, 4, 3, 2, 1, 0) } },
    { 0 },
    { SHAPE (2, 1, 2, 1, 2, 1) },
    { 0, 4, 2, 6, 1, 5, 3, 7 } },
  { "reflect",
    FETTLE_OPCODE_MIRROR_PAD,
    { SHAPE (1, 3) },
    { { NUMBERS (0, 0, 2, 2) } },
    { .mirror = FETTLE_MIRROR_REFLECT },
    { SHAPE (1, 7) },
    { 2, 1, 0, 1, 2, 1, 0 } },
  { "symmetric",
    FETTLE_OPCODE_MIRROR_PAD,
    { SHAPE (1, 3) },
    { { NUMBERS (1, 0, 3, 1) } },
    { .mirror = FETTLE_MIRROR_SYMMETRIC },
    { SHAPE (2, 7) },
    { 2, 1, 0, 0, 1, 2, 2, 2, 1, 0, 0, 1, 2, 2 } },
  { "space-to-depth",
    FETTLE_OPCODE_SPACE_TO_DEPTH,
    { SHAPE (1, 2, 4, 1) },
    { { 0 } },
    { .block_size = 2 },
    { SHAPE (1, 1, 2, 4) },
    { 0, 1, 4, 5, 2, 3, 6, 7 } },
  { "depth-to-space",
    FETTLE_OPCODE_DEPTH_TO_SPACE,
    { SHAPE (1, 1, 2, 4) },
    { { 0 } },
    { .block_size = 2 },
    { SHAPE (1, 2, 4, 1) },
    { 0, 1, 4, 5, 2, 3, 6, 7 } },
  { "gather-negative",
    FETTLE_OPCODE_GATHER,
    { SHAPE (2, 3) },
    { { NUMBERS (-1, 0) } },
    { .axis = -1 },
    { SHAPE (2, 2) },
    { 2, 0, 5, 3 } },
  { "nearest",
    FETTLE_OPCODE_RESIZE_NEAREST_NEIGHBOR,
    { SHAPE (1, 1, 3, 1) },
    { { NUMBERS (2, 5) } },
    { 0 },
    { SHAPE (1, 2, 5, 1) },
    { 0, 0, 1, 1, 2, 0, 0, 1, 1, 2 } },
  { "bilinear-aligned",
    FETTLE_OPCODE_RESIZE_BILINEAR,
    { SHAPE (1, 1, 3, 1) },
    { { NUMBERS (1, 5) } },
    { .align_corners = TRUE },
    { SHAPE (1, 1, 5, 1) },
    { 0, 0.5f, 1, 1.5f, 2 } },
  { "bilinear-half-pixel",
    FETTLE_OPCODE_RESIZE_BILINEAR,
    { SHAPE (1, 2, 1, 1) },
    { { NUMBERS (4, 1) } },
    { .half_pixel_centers = TRUE },
    { SHAPE (1, 4, 1, 1) },
    { 0, 0.25f, 0.75f, 1 } },
  { "expand-dims",
    FETTLE_OPCODE_EXPAND_DIMS,
    { SHAPE (2, 2) },
    { { NUMBERS (-1) } },
    { 0 },
    { SHAPE (2, 2, 1) },
    { 0, 1, 2, 3 } },
  { "pad-zero",
    FETTLE_OPCODE_PAD,
    { SHAPE (2) },
    { { NUMBERS (1, 2) } },
    { 0 },
    { SHAPE (5) },
    { 0, 0, 1, 0, 0 } },
};

static guint
add_constant (FettleGraph *graph, const Numbers *numbers)
{
  gint32 n = (gint32)numbers->n;
  guint index = fettle_graph_add_tensor (graph, "constant", FETTLE_TYPE_INT32, 1, &n);

  fettle_graph_get_tensor (graph, index)->data =
      g_bytes_new (numbers->values, numbers->n * sizeof (gint32));
  return index;
}

static FettleGraph *
make_graph (const Case *of)
{
  FettleGraph *graph = fettle_graph_new ();
  gint32 inputs[4], output;
  guint n = 1, operator_;

  inputs[0] = (gint32)fettle_graph_add_tensor (graph, "input", FETTLE_TYPE_FLOAT32,
                                               of->input.rank, of->input.shape);
  output = (gint32)fettle_graph_add_tensor (graph, "output", FETTLE_TYPE_FLOAT32,
                                            of->output.rank, of->output.shape);
  for (guint i = 0; i < G_N_ELEMENTS (of->constants) && of->constants[i].n > 0; i++)
    inputs[n++] = (gint32)add_constant (graph, &of->constants[i]);
  operator_ =
      fettle_graph_add_operator (graph, of->opcode, of->name, inputs, n, &output, 1);
  fettle_graph_get_operator (graph, operator_)->options = of->options;
  fettle_graph_set_inputs (graph, inputs, 1);
  fettle_graph_set_outputs (graph, &output, 1);
  return graph;
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
test_case (gconstpointer data)
{
  const Case *of = data;
  g_autoptr (FettleGraph) graph = make_graph (of);
  g_autoptr (FettleRunner) runner = make_runner (graph);
  gsize size;
  float *input = fettle_runner_get_input (runner, 0, &size);
  const float *output;

  for (gsize i = 0; i < size / sizeof *input; i++)
    input[i] = (float)i;
  g_assert_true (fettle_runner_run (runner, NULL, NULL, NULL, NULL));
  output = fettle_runner_get_output (runner, 0, &size);
  for (gsize i = 0; i < size / sizeof *output; i++)
    g_assert_cmpfloat (output[i], ==, of->expected[i]);
}

static void
assert_refused (const Case *of, const char *reason)
{
  g_autoptr (FettleGraph) graph = make_graph (of);
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleLowered) lowered = fettle_lower (graph, NULL, &error);

  g_assert_null (lowered);
  g_assert_nonnull (error);
  if (strstr (error->message, reason) == NULL)
    g_error ("“%s” does not say “%s”", error->message, reason);
}

static void
test_refusals (void)
{
  static const struct
  {
    Case of;
    const char *reason;
  } refusals[] = {
    { { "empty",
        FETTLE_OPCODE_STRIDED_SLICE,
        { SHAPE (4) },
        { { NUMBERS (2) }, { NUMBERS (2) }, { NUMBERS (1) } },
        { 0 },
        { SHAPE (1) },
        { 0 } },
      "takes no elements" },
    { { "still",
        FETTLE_OPCODE_STRIDED_SLICE,
        { SHAPE (4) },
        { { NUMBERS (0) }, { NUMBERS (2) }, { NUMBERS (0) } },
        { 0 },
        { SHAPE (1) },
        { 0 } },
      "strides is 0" },
    { { "two",
        FETTLE_OPCODE_STRIDED_SLICE,
        { SHAPE (4) },
        { { NUMBERS (0, 0) }, { NUMBERS (2, 0) }, { NUMBERS (1, 1) } },
        { .ellipsis_mask = 3 },
        { SHAPE (4) },
        { 0 } },
      "more than one ellipsis" },
    { { "outside",
        FETTLE_OPCODE_GATHER,
        { SHAPE (3) },
        { { NUMBERS (3) } },
        { 0 },
        { SHAPE (1) },
        { 0 } },
      "index 3 is outside an axis of 3" },
    { { "twice",
        FETTLE_OPCODE_TRANSPOSE,
        { SHAPE (2, 2) },
        { { NUMBERS (1, 1) } },
        { 0 },
        { SHAPE (2, 2) },
        { 0 } },
      "names an axis twice" },
    { { "far",
        FETTLE_OPCODE_MIRROR_PAD,
        { SHAPE (3) },
        { { NUMBERS (3, 0) } },
        { 0 },
        { SHAPE (6) },
        { 0 } },
      "far too large" },
    { { "uneven",
        FETTLE_OPCODE_SPACE_TO_DEPTH,
        { SHAPE (1, 3, 2, 1) },
        { { 0 } },
        { .block_size = 2 },
        { SHAPE (1, 1, 1, 4) },
        { 0 } },
      "does not divide into blocks" },
    { { "both",
        FETTLE_OPCODE_RESIZE_BILINEAR,
        { SHAPE (1, 1, 1, 1) },
        { { NUMBERS (2, 2) } },
        { .align_corners = TRUE, .half_pixel_centers = TRUE },
        { SHAPE (1, 2, 2, 1) },
        { 0 } },
      "both aligned corners and half-pixel centers" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    assert_refused (&refusals[i].of, refusals[i].reason);
}

/* x, y -> PACK -> SPLIT_V with a rest -> three outputs, of int16 */
static void
test_several_outputs (void)
{
  static const gint32 pair[] = { 2 }, packed[] = { 2, 2 }, column[] = { 2, 1 };
  static const Numbers sizes = { NUMBERS (1, -1) }, axis = { NUMBERS (1) };
  g_autoptr (FettleGraph) graph = fettle_graph_new ();
  gint32 x = (gint32)fettle_graph_add_tensor (graph, "x", FETTLE_TYPE_INT16, 1, pair);
  gint32 y = (gint32)fettle_graph_add_tensor (graph, "y", FETTLE_TYPE_INT16, 1, pair);
  gint32 both =
      (gint32)fettle_graph_add_tensor (graph, "p", FETTLE_TYPE_INT16, 2, packed);
  gint32 left =
      (gint32)fettle_graph_add_tensor (graph, "l", FETTLE_TYPE_INT16, 2, column);
  gint32 right =
      (gint32)fettle_graph_add_tensor (graph, "r", FETTLE_TYPE_INT16, 2, column);
  gint32 ends[] = { left, right, both };
  gint32 split[] = { both, (gint32)add_constant (graph, &sizes),
                     (gint32)add_constant (graph, &axis) };
  g_autoptr (FettleRunner) runner = NULL;
  gsize size;

  fettle_graph_add_operator (graph, FETTLE_OPCODE_PACK, "pack", (gint32[]){ x, y }, 2,
                             &both, 1);
  fettle_graph_add_operator (graph, FETTLE_OPCODE_SPLIT_V, "split", split, 3, ends, 2);
  fettle_graph_set_inputs (graph, (gint32[]){ x, y }, 2);
  fettle_graph_set_outputs (graph, ends, 3);
  runner = make_runner (graph);
  memcpy (fettle_runner_get_input (runner, 0, NULL), (gint16[]){ 1, -2 }, 4);
  memcpy (fettle_runner_get_input (runner, 1, NULL), (gint16[]){ 300, -400 }, 4);
  g_assert_true (fettle_runner_run (runner, NULL, NULL, NULL, NULL));
  g_assert_cmpuint (fettle_runner_get_n_outputs (runner), ==, 3);
  g_assert_cmpmem (fettle_runner_get_output (runner, 0, &size), 4, ((gint16[]){ 1, 300 }),
                   size);
  g_assert_cmpmem (fettle_runner_get_output (runner, 1, &size), 4,
                   ((gint16[]){ -2, -400 }), size);
  g_assert_cmpmem (fettle_runner_get_output (runner, 2, &size), 8,
                   ((gint16[]){ 1, -2, 300, -400 }), size);
}

static void
test_values (void)
{
  static const float real[] = { -1000.0f, 0.26f, 1000.0f }, scale = 0.5f;
  static const gint32 three[] = { 3 }, zero_point = 10;
  static const struct
  {
    FettleType type;
    float expected[3];
  } types[] = {
    { FETTLE_TYPE_INT16, { -1000.0f, 0.5f, 1000.0f } },
    { FETTLE_TYPE_UINT8, { -5.0f, 0.5f, 122.5f } },
    { FETTLE_TYPE_INT64, { -1000.0f, 0.5f, 1000.0f } },
    { FETTLE_TYPE_BOOL, { 1.0f, 1.0f, 1.0f } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (FettleGraph) graph = fettle_graph_new ();
      FettleTensor *tensor = fettle_graph_get_tensor (
          graph, fettle_graph_add_tensor (graph, "t", types[i].type, 1, three));
      gint64 raw[3];
      float back[3];

      fettle_tensor_set_quantization (tensor, 1, 0, &scale, &zero_point);
      fettle_tensor_encode (tensor, real, raw, 3);
      fettle_tensor_decode (tensor, raw, back, 3);
      for (guint k = 0; k < 3; k++)
        g_assert_cmpfloat (back[k], ==, types[i].expected[k]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/model/movement/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/model/movement/refusals", test_refusals);
  g_test_add_func ("/model/movement/several-outputs", test_several_outputs);
  g_test_add_func ("/model/movement/values", test_values);
  return g_test_run ();
}
