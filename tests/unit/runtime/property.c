/* SPDX-License-Identifier: GPL-3.0-or-later */
/* property.c: random operators, lowered to an image and run. */
#include "property.h"
#include "model/lower.h"

#include <math.h>
#include <string.h>

#define DEFAULT_CASES 100000
#define SEED          0x5EED0001u
#define GUARD         64u
#define GUARD_BYTE    0xA5
#define MAX_ARENA     (1u << 20)

/* A property whose cases are mostly refused tests little. */
#define MOST_REFUSED 5 /* per case that counts */

static const Property *current;
static guint attempt;
static guint64 n_results, n_saturated; /* results at an end of their type's range */
static PropertyCase the_case;
static PropertyTensor tensors[PROPERTY_MAX_INPUTS + PROPERTY_MAX_OUTPUTS];
static guint n_tensors;

static _Alignas(FRT_ALIGNMENT) guint8 memory[GUARD + MAX_ARENA + GUARD];
static guint8 *const arena = memory + GUARD;
static FettleLowered *lowered;
static frt_image image;

gint64
property_lowest (FettleType type)
{
  switch (type)
    {
    case FETTLE_TYPE_INT4:
      return -8;
    case FETTLE_TYPE_INT8:
      return G_MININT8;
    case FETTLE_TYPE_INT16:
      return G_MININT16;
    case FETTLE_TYPE_INT32:
      return G_MININT32;
    case FETTLE_TYPE_INT64:
      return G_MININT64;
    default:
      return 0;
    }
}

gint64
property_highest (FettleType type)
{
  return type == FETTLE_TYPE_UINT8  ? G_MAXUINT8
         : type == FETTLE_TYPE_BOOL ? 1
                                    : -(property_lowest (type) + 1);
}

static gsize
element_size (FettleType type)
{
  return type == FETTLE_TYPE_INT4 ? 1 : fettle_type_get_size (type);
}

/* --- making a case --- */

PropertyCase *
property_start (FettleOpcode opcode)
{
  the_case = (PropertyCase){ .opcode = opcode };
  n_tensors = 0;
  return &the_case;
}

gboolean
property_shape_fits (guint rank, const gint32 *shape)
{
  gint64 n = 1;

  for (guint i = 0; i < rank; i++)
    n *= shape[i];
  return n <= PROPERTY_MAX_ELEMENTS;
}

PropertyTensor *
property_add (PropertyRole role, FettleType type, guint rank, const gint32 *shape)
{
  PropertyTensor *tensor = &tensors[n_tensors++];

  g_assert (n_tensors <= G_N_ELEMENTS (tensors));
  tensor->role = role;
  tensor->type = type;
  tensor->rank = rank;
  tensor->n = 1;
  tensor->n_scales = 0;
  tensor->zero_point = 0;
  for (guint i = 0; i < rank; i++)
    tensor->n *= tensor->shape[i] = shape[i];
  g_assert (tensor->n <= PROPERTY_MAX_ELEMENTS);
  memset (tensor->values, 0, (gsize)tensor->n * sizeof *tensor->values);
  if (role == PROPERTY_OUTPUT)
    the_case.outputs[the_case.n_outputs++] = tensor;
  else
    the_case.inputs[the_case.n_inputs++] = tensor;
  return tensor;
}

void
property_add_absent (void)
{
  the_case.inputs[the_case.n_inputs++] = NULL;
}

PropertyTensor *
property_add_integers (const gint32 *values, gint32 n)
{
  PropertyTensor *tensor = property_add (PROPERTY_CONSTANT, FETTLE_TYPE_INT32, 1, &n);

  for (gint32 i = 0; i < n; i++)
    tensor->values[i] = values[i];
  return tensor;
}

void
property_fill (PropertyTensor *tensor)
{
  const gint32 low = (gint32)MAX (property_lowest (tensor->type), G_MININT32);
  const gint32 high = (gint32)MIN (property_highest (tensor->type), G_MAXINT32);
  const gint32 middle = tensor->n_scales > 0 ? tensor->zero_point : 0;
  const int kind = random_between (0, 9);

  for (gint32 i = 0; i < tensor->n; i++)
    {
      gint64 value = random_between (low, high);

      if (kind == 0)
        value = random_once_in (2) ? low : high;
      else if (kind <= 2)
        value = (gint64)middle + random_between (-3, 3);
      else if (kind == 3 && i > 0)
        value = tensor->values[0];
      tensor->values[i] = CLAMP (value, low, high);
    }
}

void
property_set_scale (PropertyTensor *tensor, float scale, gint32 zero_point)
{
  tensor->n_scales = 1;
  tensor->axis = 0;
  tensor->scales[0] = scale;
  tensor->zero_point = zero_point;
}

float
property_random_scale (void)
{
  const int kind = random_between (0, 15);

  if (kind == 0)
    return ldexpf ((float)random_between (1 << 20, 1 << 24), random_between (-60, -18));
  if (kind <= 5)
    return ldexpf (1.0f, -random_between (0, 14));
  return ldexpf ((float)random_between (1 << 23, 1 << 24), -random_between (24, 36));
}

float
property_output_scale (double product)
{
  if (random_once_in (24))
    return property_random_scale ();
  if (random_once_in (3)) /* ties */
    return (float)ldexp (product, random_between (0, 10));
  return (float)ldexp (product * random_between (1 << 19, 1 << 20),
                       random_between (-20, -8));
}

gint32
property_random_zero_point (FettleType type)
{
  const gint32 low = (gint32)property_lowest (type);
  const gint32 high = (gint32)property_highest (type);

  switch (random_between (0, 5))
    {
    case 0:
      return low;
    case 1:
      return high;
    case 2:
      return 0;
    default:
      return random_between (low, high);
    }
}

FettleActivation
property_random_activation (void)
{
  return random_once_in (2) ? FETTLE_ACTIVATION_NONE
                            : (FettleActivation)random_between (FETTLE_ACTIVATION_RELU,
                                                                FETTLE_ACTIVATION_RELU6);
}

float
property_to_float (gint64 bits)
{
  const guint32 narrow = (guint32)bits;
  float value;

  memcpy (&value, &narrow, sizeof value);
  return value;
}

gint64
property_from_float (float value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);
  return bits;
}

void
property_fill_floats (PropertyTensor *tensor)
{
  const int exponent = random_between (-30, -22);

  for (gint32 i = 0; i < tensor->n; i++)
    tensor->values[i] =
        property_from_float (ldexpf ((float)random_between (-(1 << 24), 1 << 24),
                                     exponent - (random_once_in (8) ? 14 : 0)));
}

/* --- bytes --- */

/* Little-endian, as the machines that this runs on. */
static void
pack (const PropertyTensor *tensor, guint8 *bytes)
{
  const gsize size = element_size (tensor->type);

  if (tensor->type == FETTLE_TYPE_INT4)
    {
      memset (bytes, 0, (gsize)(tensor->n + 1) / 2);
      for (gint32 i = 0; i < tensor->n; i++)
        bytes[i / 2] |= (guint8)((tensor->values[i] & 0xF) << (i % 2 * 4));
      return;
    }
  for (gint32 i = 0; i < tensor->n; i++)
    memcpy (bytes + (gsize)i * size, &tensor->values[i], size);
}

static void
unpack (PropertyTensor *tensor, const guint8 *bytes)
{
  const gsize size = element_size (tensor->type);
  const gboolean is_signed = property_lowest (tensor->type) < 0;

  for (gint32 i = 0; i < tensor->n; i++, bytes += size)
    {
      tensor->values[i] = is_signed && bytes[size - 1] & 0x80 ? -1 : 0;
      memcpy (&tensor->values[i], bytes, size);
    }
}

static GBytes *
constant_bytes (const PropertyTensor *tensor)
{
  const gsize size = tensor->type == FETTLE_TYPE_INT4
                         ? (gsize)(tensor->n + 1) / 2
                         : (gsize)tensor->n * element_size (tensor->type);
  guint8 *bytes = g_malloc (size);

  pack (tensor, bytes);
  return g_bytes_new_take (bytes, size);
}

/* --- lowering --- */

static gint32
add_to_graph (FettleGraph *graph, const PropertyTensor *tensor)
{
  gint32 zero_points[PROPERTY_MAX_CHANNELS];
  gint32 index;
  FettleTensor *added;
  char name[8];

  if (tensor == NULL)
    return -1;
  g_assert (tensor->n_scales <= PROPERTY_MAX_CHANNELS);
  g_snprintf (name, sizeof name, "t%u", fettle_graph_get_n_tensors (graph));
  index = (gint32)fettle_graph_add_tensor (graph, name, tensor->type, tensor->rank,
                                           tensor->shape);
  added = fettle_graph_get_tensor (graph, (guint)index);
  added->is_variable = tensor->role == PROPERTY_STATE;
  if (tensor->role == PROPERTY_CONSTANT)
    added->data = constant_bytes (tensor);
  for (guint i = 0; i < tensor->n_scales; i++)
    zero_points[i] = tensor->zero_point;
  if (tensor->n_scales > 0)
    fettle_tensor_set_quantization (added, tensor->n_scales, tensor->axis, tensor->scales,
                                    zero_points);
  return index;
}

static FettleGraph *
build_graph (void)
{
  FettleGraph *graph = fettle_graph_new ();
  gint32 inputs[PROPERTY_MAX_INPUTS], outputs[PROPERTY_MAX_OUTPUTS];
  gint32 ends[PROPERTY_MAX_INPUTS];
  guint n_ends = 0, number;

  for (guint i = 0; i < the_case.n_inputs; i++)
    {
      inputs[i] = add_to_graph (graph, the_case.inputs[i]);
      if (the_case.inputs[i] != NULL && the_case.inputs[i]->role == PROPERTY_INPUT)
        ends[n_ends++] = inputs[i];
    }
  for (guint i = 0; i < the_case.n_outputs; i++)
    outputs[i] = add_to_graph (graph, the_case.outputs[i]);
  number = fettle_graph_add_operator (graph, the_case.opcode, "layer", inputs,
                                      the_case.n_inputs, outputs, the_case.n_outputs);
  fettle_graph_get_operator (graph, number)->options = the_case.options;
  fettle_graph_set_inputs (graph, ends, n_ends);
  fettle_graph_set_outputs (graph, outputs, the_case.n_outputs);
  return graph;
}

/* That has KERNEL. */
static FettleTarget
target_of (enum frt_kernel_id kernel)
{
  return kernel >= FRT_KERNEL_CONV2D_S8_BLOCKED  ? FETTLE_TARGET_DESKTOP
         : kernel >= FRT_KERNEL_CONV2D_S8_HELIUM ? FETTLE_TARGET_CORTEX_M55
         : kernel >= FRT_KERNEL_CONV2D_S8_PACKED ? FETTLE_TARGET_CORTEX_M4
                                                 : FETTLE_TARGET_PORTABLE;
}

gboolean
property_lower (void)
{
  const FettleLowerOptions options = { .target = target_of (current->kernel) };
  g_autoptr (FettleGraph) graph = build_graph ();
  gsize size;
  gconstpointer bytes;

  g_clear_pointer (&lowered, fettle_lowered_free);
  lowered = fettle_lower (graph, &options, NULL);
  if (lowered == NULL)
    return FALSE;
  bytes = g_bytes_get_data (lowered->image, &size);
  g_assert_cmpint (
      frt_image_open (&image, bytes, size, frt_all_kernels, frt_all_kernels_count), ==,
      FRT_OK);
  if (image.operators[0].kernel != current->kernel)
    return FALSE;
  g_assert_cmpuint (frt_image_arena_size (&image), <=, MAX_ARENA);
  memset (memory, GUARD_BYTE, frt_image_arena_size (&image) + 2 * GUARD);
  frt_image_reset (&image, arena);
  return TRUE;
}

static char *
describe_tensor (const PropertyTensor *tensor)
{
  GString *text;

  if (tensor == NULL)
    return g_strdup ("absent");
  text = g_string_new (fettle_type_get_name (tensor->type));
  for (guint i = 0; i < tensor->rank; i++)
    g_string_append_printf (text, "%s%d", i == 0 ? " " : "x", tensor->shape[i]);
  for (guint i = 0; i < tensor->n_scales; i++)
    g_string_append_printf (text, "%s%.9g", i == 0 ? ", scale " : " ",
                            (double)tensor->scales[i]);
  if (tensor->n_scales > 0)
    g_string_append_printf (text, ", zero point %d", tensor->zero_point);
  for (gint32 i = 0; i < MIN (tensor->n, 16); i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i == 0 ? ": " : " ",
                            tensor->values[i]);
  return g_string_free (text, FALSE);
}

/* Everything that repeats the case, and what it was. */
static char *
describe_case (void)
{
  const FettleOptions *o = &the_case.options;
  GString *text = g_string_new (NULL);

  g_string_append_printf (
      text,
      "%s, case %u; repeat it with FETTLE_PROPERTY_CASE=%u.\n  %s activation %d padding "
      "%d "
      "stride %dx%d dilation %dx%d filter %dx%d",
      current->name, attempt, attempt, fettle_opcode_get_name (the_case.opcode),
      o->activation, o->padding, o->stride_height, o->stride_width, o->dilation_height,
      o->dilation_width, o->filter_height, o->filter_width);
  for (guint i = 0; i < the_case.n_inputs + the_case.n_outputs; i++)
    {
      const PropertyTensor *tensor = i < the_case.n_inputs
                                         ? the_case.inputs[i]
                                         : the_case.outputs[i - the_case.n_inputs];
      g_autofree char *described = describe_tensor (tensor);

      g_string_append_printf (text, "\n  %s %s", i < the_case.n_inputs ? "from" : "to",
                              described);
    }
  return g_string_free (text, FALSE);
}

static void
check_guard (const guint8 *guard)
{
  for (gsize i = 0; i < GUARD; i++)
    if (guard[i] != GUARD_BYTE)
      {
        g_autofree char *description = describe_case ();

        g_error ("Bytes outside the arena were written: %s", description);
      }
}

void
property_run (void)
{
  guint32 k = 0;

  for (guint i = 0; i < the_case.n_inputs; i++)
    if (the_case.inputs[i] != NULL && the_case.inputs[i]->role == PROPERTY_INPUT)
      pack (the_case.inputs[i], frt_image_input (&image, arena, k++));
  g_assert_cmpint (frt_image_run (&image, arena, frt_image_arena_size (&image), NULL), ==,
                   FRT_OK);
  for (guint i = 0; i < the_case.n_outputs; i++)
    unpack (the_case.outputs[i], frt_image_output (&image, arena, i));
  check_guard (memory);
  check_guard (arena + frt_image_arena_size (&image));
}

void
property_expect (guint k, const gint64 *expected)
{
  const PropertyTensor *output = the_case.outputs[k];
  const gint64 low = property_lowest (output->type);
  const gint64 high = property_highest (output->type);

  n_results += (guint64)output->n;
  for (gint32 i = 0; output->type != FETTLE_TYPE_BOOL && i < output->n; i++)
    n_saturated += expected[i] == low || expected[i] == high;
  for (gint32 i = 0; i < output->n; i++)
    if (output->values[i] != expected[i])
      {
        g_autofree char *description = describe_case ();

        g_error ("Element %d of output %u is %" G_GINT64_FORMAT
                 " instead of %" G_GINT64_FORMAT ": %s",
                 i, k, output->values[i], expected[i], description);
      }
}

void
property_expect_near (guint k, const double *expected, const double *bounds)
{
  const PropertyTensor *output = the_case.outputs[k];

  n_results += (guint64)output->n;
  for (gint32 i = 0; i < output->n; i++)
    {
      const double value = (double)property_to_float (output->values[i]);

      if (!(fabs (value - expected[i]) <= bounds[i]))
        {
          g_autofree char *description = describe_case ();

          g_error (
              "Element %d of output %u is %.9g instead of %.9g, further than %.3g: %s", i,
              k, value, expected[i], bounds[i], description);
        }
    }
}

/* --- all cases --- */

static gboolean
try_attempt (guint number)
{
  attempt = number;
  /* Neighbouring cases differ in all bits, and properties in their sequences. */
  random_seed ((SEED ^ g_str_hash (current->name)) + number * 0x9E3779B9u);
  for (int i = 0; i < 4; i++)
    random_bits ();
  return current->try_case ();
}

static void
try_property (gconstpointer data)
{
  const char *only = g_getenv ("FETTLE_PROPERTY_CASE");
  guint wanted, counted = 0, tried = 0;

  current = data;
  n_results = n_saturated = 0;
  if (only != NULL)
    {
      g_test_message ("case %s %s", only,
                      try_attempt ((guint)g_ascii_strtoull (only, NULL, 10))
                          ? "passed"
                          : "was refused");
      return;
    }
  wanted = (guint)MAX (property_cases (DEFAULT_CASES) / current->n_values, 1);
  while (counted < wanted)
    {
      counted += try_attempt (tried++) ? 1 : 0;
      if (tried - counted > MOST_REFUSED * wanted + 100)
        g_error ("%s: %u of %u cases were refused.", current->name, tried - counted,
                 tried);
    }
  g_test_message ("seed 0x%08X: %u cases, %u refused; %.0f %% of %" G_GUINT64_FORMAT
                  " results saturated",
                  SEED, counted, tried - counted,
                  100.0 * (double)n_saturated / (double)n_results, n_results);
  g_clear_pointer (&lowered, fettle_lowered_free);
}

int
property_main (int argc, char **argv, const Property *properties, gsize n)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *path =
          g_strdup_printf ("/runtime/property/%s", properties[i].name);

      g_test_add_data_func (path, &properties[i], try_property);
    }
  return g_test_run ();
}
