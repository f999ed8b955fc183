/* SPDX-License-Identifier: GPL-3.0-or-later */
/* header-writer.c: a model as one C header. */
#include "model/header-writer.h"
#include "model/graph-private.h"
#include "model/runner.h"
#include "config.h"
#include "runtime/frt_format.h"

#include <string.h>

#define BYTES_PER_LINE 16

/* In the order of frt_all_kernels: both are sorted by id. */
static const char *const kernel_names[] = {
#define FRT_KERNEL_OBJECT(name) #name,
#include "runtime/frt_kernels.h"
#undef FRT_KERNEL_OBJECT
};

static const char *const type_constants[] = {
  [FETTLE_TYPE_FLOAT32] = "FRT_FLOAT32", [FETTLE_TYPE_INT8] = "FRT_INT8",
  [FETTLE_TYPE_INT16] = "FRT_INT16",     [FETTLE_TYPE_INT32] = "FRT_INT32",
  [FETTLE_TYPE_INT64] = "FRT_INT64",     [FETTLE_TYPE_UINT8] = "FRT_UINT8",
  [FETTLE_TYPE_BOOL] = "FRT_BOOL",
};

typedef struct
{
  FettleProject *project;
  FettleLowered *lowered;
  FettleTarget target;
  FettleRounding rounding;
  const char *symbol;
  char *macro; /* SYMBOL in capitals */
  guint32 golden;
  GString *text;
} Header;

/* Letters, digits and single underscores; not beginning with a digit. */
static char *
make_identifier (const char *text)
{
  g_autoptr (GString) result = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++)
    if (g_ascii_isalnum (*p))
      g_string_append_c (result, *p);
    else if (result->len > 0 && result->str[result->len - 1] != '_')
      g_string_append_c (result, '_');
  if (result->len > 0 && result->str[result->len - 1] == '_')
    g_string_truncate (result, result->len - 1);
  if (result->len == 0 || g_ascii_isdigit (*result->str))
    g_string_prepend (result, result->len == 0 ? "model" : "model_");
  return g_string_free (g_steal_pointer (&result), FALSE);
}

char *
fettle_header_symbol (const char *file_name)
{
  g_autofree char *base = NULL;
  char *dot;

  g_return_val_if_fail (file_name != NULL, NULL);
  base = g_path_get_basename (file_name);
  dot = strrchr (base, '.');
  if (dot != NULL && dot != base)
    *dot = '\0';
  return make_identifier (base);
}

static gboolean
is_stateful (Header *header)
{
  FettleGraph *graph = header->project->graph;

  for (guint i = 0; i < fettle_graph_get_n_tensors (graph); i++)
    if (fettle_graph_get_tensor (graph, i)->is_variable)
      return TRUE;
  return FALSE;
}

/* Expands $S to the symbol, $M to it in capitals. */
static void
append (Header *header, const char *template)
{
  for (const char *p = template; *p != '\0'; p++)
    if (p[0] == '$' && (p[1] == 'S' || p[1] == 'M'))
      g_string_append (header->text, *++p == 'S' ? header->symbol : header->macro);
    else
      g_string_append_c (header->text, *p);
}

static const char usage[] =
    " *\n"
    " * Complete example; link with the Fettle runtime:\n"
    " *\n"
    " *   $M_ARENA (arena);\n"
    " *   frt_image model;\n"
    " *   if ($S_open (&model) != FRT_OK) stop ();\n"
    " *   frt_image_reset (&model, arena);\n"
    " *   memcpy (frt_image_input (&model, arena, 0), sample, $M_INPUT_0_SIZE);\n"
    " *   frt_image_run (&model, arena, sizeof arena, NULL);\n"
    " *   use (frt_image_output (&model, arena, 0), $M_OUTPUT_0_SIZE);\n"
    " *\n"
    " * real value = scale * (element - zero point), where a scale is given.\n"
    " * Inputs may be overwritten by a run: write all of them before each.\n";

static const char portability[] =
    "#ifndef $M_H\n"
    "#define $M_H\n\n"
    "#include \"frt.h\"\n\n"
    "#ifdef __cplusplus\n"
    "#define $M_ALIGNED alignas (FRT_ALIGNMENT)\n"
    "#define $M_STATIC_ASSERT(condition, text) static_assert (condition, text)\n"
    "#else\n"
    "#define $M_ALIGNED _Alignas (FRT_ALIGNMENT)\n"
    "#define $M_STATIC_ASSERT(condition, text) _Static_assert (condition, text)\n"
    "#endif\n\n";

static const char stateful_usage[] = " * The model keeps state in the arena from one "
                                     "frt_image_run to the next: leave the arena alone\n"
                                     " * between them. Call frt_image_reset before the "
                                     "first run and whenever a new, unrelated sequence\n"
                                     " * begins.\n"
                                     " */\n";

static const char arena_macros[] =
    "/* Defines an arena for this model. */\n"
    "#define $M_ARENA(name) $M_ALIGNED static uint8_t name[$M_ARENA_SIZE]\n"
    "/* Fails to compile if ARENA, an array of your own, is too small for this model. "
    "*/\n"
    "#define $M_CHECK_ARENA(arena)  \\\n"
    "  $M_STATIC_ASSERT (sizeof (arena) >= $M_ARENA_SIZE,  \\\n"
    "    \"the arena is smaller than $M_ARENA_SIZE\")\n\n";

static const char functions[] =
    "/* Validates the image and gets MODEL ready. FRT_OK or an error of frt.h. */\n"
    "static inline int\n"
    "$S_open (frt_image *model)\n"
    "{\n"
    "  return frt_image_open (model, $S_image, sizeof $S_image, $S_kernels,\n"
    "                         sizeof $S_kernels / sizeof *$S_kernels);\n"
    "}\n\n"
    "/* Runs the model once on inputs of zero points. *CRC becomes the CRC-32 of its "
    "outputs,\n"
    " * one after the other, which is $M_GOLDEN_CRC32 if all is well. (Outputs\n"
    " * of type float32 may differ in the last bit between mathematics libraries.) */\n"
    "static inline int\n"
    "$S_golden_run (const frt_image *model, void *arena, size_t arena_size,\n"
    "               uint32_t *crc)\n"
    "{\n"
    "  static const int8_t fill[$M_INPUT_COUNT] = { $M_INPUT_FILL };\n"
    "  int status;\n\n"
    "  if (arena_size < $M_ARENA_SIZE)\n"
    "    return FRT_E_ARENA;\n"
    "  frt_image_reset (model, arena);\n"
    "  for (uint32_t i = 0; i < $M_INPUT_COUNT; i++)\n"
    "    {\n"
    "      int8_t *input = (int8_t *) frt_image_input (model, arena, i);\n\n"
    "      for (size_t k = 0; k < frt_image_input_size (model, i); k++)\n"
    "        input[k] = fill[i];\n"
    "    }\n"
    "  status = frt_image_run (model, arena, arena_size, NULL);\n"
    "  *crc = 0;\n"
    "  for (uint32_t i = 0; i < $M_OUTPUT_COUNT; i++)\n"
    "    *crc = frt_crc32 (*crc, frt_image_output (model, arena, i),\n"
    "                      frt_image_output_size (model, i));\n"
    "  return status;\n"
    "}\n\n"
    "#endif /* $M_H */\n";

/* The byte that an input at its zero point consists of: real 0 also for float32. */
static gint8
fill_byte (const FettleTensor *tensor)
{
  gint32 zero_point;

  fettle_tensor_get_scale (tensor, NULL, &zero_point);
  return tensor->type == FETTLE_TYPE_INT8 ? (gint8)zero_point : 0;
}

static gboolean
golden_run (Header *header, GError **error)
{
  g_autoptr (FettleRunner) runner = fettle_runner_new (header->lowered->image, error);
  FettleGraph *graph = header->project->graph;

  if (runner == NULL)
    return FALSE;
  for (guint i = 0; i < fettle_runner_get_n_inputs (runner); i++)
    {
      gsize size;
      gpointer input = fettle_runner_get_input (runner, i, &size);

      memset (
          input,
          fill_byte (fettle_graph_get_tensor (graph, fettle_graph_get_input (graph, i))),
          size);
    }
  if (!fettle_runner_run (runner, NULL, NULL, NULL, error))
    return FALSE;
  header->golden = 0;
  for (guint i = 0; i < fettle_runner_get_n_outputs (runner); i++)
    {
      gsize size;
      gconstpointer output = fettle_runner_get_output (runner, i, &size);

      header->golden = frt_crc32 (header->golden, output, size);
    }
  return TRUE;
}

static void
append_title (Header *header)
{
  g_autofree char *name = g_strdup (fettle_graph_get_name (header->project->graph));

  /* Nothing in a name may end the comment. */
  g_strdelimit (name, "*/\\\n\r", '_');
  g_string_append_printf (header->text,
                          "/* %s, for %s, made by Fettle %s. Generated: do not edit.\n",
                          name, fettle_target_get_name (header->target), FETTLE_VERSION);
  append (header, usage);
  append (header, is_stateful (header) ? stateful_usage : " */\n");
}

static void
append_string_macro (Header *header, const char *suffix, const char *value)
{
  g_autofree char *escaped = g_strescape (value, NULL);

  g_string_append_printf (header->text, "#define %s_%s \"%s\"\n", header->macro, suffix,
                          escaped);
}

static void
append_origin (Header *header)
{
  g_string_append_printf (header->text, "#define %s_ABI %d\n", header->macro, FRT_ABI);
  append (header,
          "$M_STATIC_ASSERT (FRT_ABI == $M_ABI,\n"
          "  \"the runtime is not of the version that this header was made for\");\n\n");
  append_string_macro (header, "FETTLE_VERSION", FETTLE_VERSION);
  append_string_macro (header, "TARGET", fettle_target_get_name (header->target));
  append_string_macro (header, "ROUNDING", fettle_rounding_get_name (header->rounding));
  append_string_macro (header, "MODEL_SHA256",
                       fettle_graph_get_source_hash (header->project->graph));
  append_string_macro (header, "RECIPE_SHA256", header->project->recipe_hash);
  g_string_append_printf (header->text, "#define %s_GOLDEN_CRC32 0x%08xu\n\n",
                          header->macro, header->golden);
  g_string_append_printf (
      header->text, "#define %s_STATEFUL %d /* 1: state is kept from run to run */\n",
      header->macro, is_stateful (header));
  g_string_append_printf (header->text, "#define %s_ARENA_SIZE %" G_GSIZE_FORMAT "u\n",
                          header->macro, header->lowered->arena.size);
  append (header, arena_macros);
}

static void
append_tensor (Header *header, const char *kind, guint index, guint number)
{
  const FettleTensor *tensor = fettle_graph_get_tensor (header->project->graph, number);
  g_autofree char *prefix = g_strdup_printf ("%s_%s_%u", header->macro, kind, index);
  char scale_text[G_ASCII_DTOSTR_BUF_SIZE];
  float scale;
  gint32 zero_point;

  fettle_tensor_get_scale (tensor, &scale, &zero_point);
  g_ascii_formatd (scale_text, sizeof scale_text, "%.9g", (double)scale);
  g_string_append_printf (header->text, "#define %s_TYPE %s\n", prefix,
                          type_constants[tensor->type]);
  g_string_append_printf (header->text, "#define %s_RANK %u\n", prefix, tensor->rank);
  g_string_append_printf (header->text, "#define %s_SHAPE { ", prefix);
  for (guint i = 0; i < MAX (tensor->rank, 1); i++)
    g_string_append_printf (header->text, "%s%d", i > 0 ? ", " : "",
                            i < tensor->rank ? tensor->shape[i] : 1);
  g_string_append (header->text, " }\n");
  g_string_append_printf (header->text, "#define %s_ELEMENTS %" G_GSIZE_FORMAT "u\n",
                          prefix, fettle_tensor_get_n_elements (tensor));
  g_string_append_printf (header->text,
                          "#define %s_SIZE %" G_GSIZE_FORMAT "u /* bytes */\n", prefix,
                          fettle_tensor_get_size (tensor));
  g_string_append_printf (header->text, "#define %s_SCALE %s%sf\n", prefix, scale_text,
                          strpbrk (scale_text, ".e") != NULL ? "" : ".0");
  g_string_append_printf (header->text, "#define %s_ZERO_POINT (%d)\n\n", prefix,
                          zero_point);
}

static void
append_tensors (Header *header)
{
  FettleGraph *graph = header->project->graph;

  g_string_append_printf (header->text, "#define %s_INPUT_COUNT %u\n", header->macro,
                          fettle_graph_get_n_inputs (graph));
  g_string_append_printf (header->text, "#define %s_OUTPUT_COUNT %u\n", header->macro,
                          fettle_graph_get_n_outputs (graph));
  g_string_append_printf (header->text, "#define %s_INPUT_FILL ", header->macro);
  for (guint i = 0; i < fettle_graph_get_n_inputs (graph); i++)
    g_string_append_printf (
        header->text, "%s%d", i > 0 ? ", " : "",
        fill_byte (fettle_graph_get_tensor (graph, fettle_graph_get_input (graph, i))));
  g_string_append (header->text, " /* byte of each input at its zero point */\n\n");
  for (guint i = 0; i < fettle_graph_get_n_inputs (graph); i++)
    append_tensor (header, "INPUT", i, fettle_graph_get_input (graph, i));
  for (guint i = 0; i < fettle_graph_get_n_outputs (graph); i++)
    append_tensor (header, "OUTPUT", i, fettle_graph_get_output (graph, i));
}

static gboolean
uses_kernel (GBytes *bytes, guint16 id)
{
  const guint8 *image = g_bytes_get_data (bytes, NULL);
  const struct frt_image_header *header = (gconstpointer)image;
  const struct frt_operator *operators =
      (gconstpointer)(image + header->operators_offset);

  for (guint i = 0; i < header->operator_count; i++)
    if (operators[i].kernel == id)
      return TRUE;
  return FALSE;
}

static void
append_kernels (Header *header)
{
  append (header, "/* Only these are linked. */\n"
                  "static const struct frt_kernel *const $S_kernels[] = {\n");
  g_assert (frt_all_kernels_count == G_N_ELEMENTS (kernel_names));
  for (gsize i = 0; i < frt_all_kernels_count; i++)
    if (uses_kernel (header->lowered->image, frt_all_kernels[i]->id))
      g_string_append_printf (header->text, "  &%s,\n", kernel_names[i]);
  g_string_append (header->text, "};\n\n");
}

static void
append_image (Header *header)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (header->lowered->image, &size);

  append (header, "$M_ALIGNED static const uint8_t $S_image[] = {");
  for (gsize i = 0; i < size; i++)
    g_string_append_printf (header->text, "%s0x%02x,",
                            i % BYTES_PER_LINE == 0 ? "\n  " : " ", bytes[i]);
  g_string_append (header->text, "\n};\n\n");
}

static char *
write_text (Header *header)
{
  append_title (header);
  append (header, portability);
  append_origin (header);
  append_tensors (header);
  append_kernels (header);
  append_image (header);
  append (header, functions);
  return g_string_free (g_steal_pointer (&header->text), FALSE);
}

char *
fettle_header_write (FettleProject *project, FettleTarget target, FettleRounding rounding,
                     const char *symbol, GError **error)
{
  const FettleLowerOptions options = { .target = target, .rounding = rounding };
  g_autoptr (FettleLowered) lowered = NULL;
  g_autofree char *identifier = NULL;
  g_autofree char *capitals = NULL;
  Header header = { .project = project, .target = target, .rounding = rounding };

  g_return_val_if_fail (project != NULL && symbol != NULL, NULL);
  lowered = fettle_lower (project->graph, &options, error);
  if (lowered == NULL)
    return NULL;
  header.lowered = lowered;
  header.symbol = identifier = make_identifier (symbol);
  header.macro = capitals = g_ascii_strup (identifier, -1);
  if (!golden_run (&header, error))
    return NULL;
  header.text = g_string_new (NULL);
  return write_text (&header);
}
