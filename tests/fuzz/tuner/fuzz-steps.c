/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz-steps.c: steps that need no data, on whatever graph the reader of .tflite accepts. What they make can
 * be lowered wherever the graph before could. */
#include "fuzz.h"
#include "model/lower.h"
#include "model/tflite-reader.h"
#include "seed-models.h"
#include "tiny-models.h"
#include "tuner/tune.h"

#include <string.h>

/* The tuner runs each layer some hundred times; larger ones take longer, and show nothing new. */
#define MAX_ELEMENTS 4000
#define MAX_WORK     1000000

#define RECIPE                                                                           \
  "{\"fettle-recipe\":1,\"steps\":[{\"step\":\"fold\"},{\"step\":\"remove-dead\"},"      \
  "{\"step\":\"fold\"}]}"

static void (*const networks[]) (TinyModel *) = { tiny_net_f32, tiny_dense_s8 };

static GBytes *
make_seed (unsigned index)
{
  TinyModel tiny;

  if (index >= G_N_ELEMENTS (networks))
    return seed_models_make (index - (guint)G_N_ELEMENTS (networks));
  networks[index](&tiny);
  return tiny_make (&tiny);
}

size_t
fuzz_seed (unsigned index, uint8_t *buffer, size_t capacity)
{
  g_autoptr (GBytes) bytes = NULL;
  gsize size;

  if (index >= G_N_ELEMENTS (networks) + seed_models_count ())
    return 0;
  bytes = make_seed (index);
  size = g_bytes_get_size (bytes);
  g_assert (size <= capacity);
  memcpy (buffer, g_bytes_get_data (bytes, NULL), size);
  return size;
}

static guint64
count_work (FettleGraph *graph, guint layer)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  const FettleOptions *options = &operator_->options;

  return fettle_graph_count_macs (graph, layer)
         + fettle_tensor_get_n_elements (
               fettle_graph_get_operator_output (graph, operator_, 0))
               * (guint64)MAX (options->filter_height, 1)
               * (guint64)MAX (options->filter_width, 1);
}

static gboolean
is_small (FettleGraph *graph)
{
  for (guint i = 0; i < fettle_graph_get_n_tensors (graph); i++)
    if (fettle_tensor_get_n_elements (fettle_graph_get_tensor (graph, i)) > MAX_ELEMENTS)
      return FALSE;
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    if (count_work (graph, i) > MAX_WORK)
      return FALSE;
  return TRUE;
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  g_autoptr (GBytes) file = g_bytes_new_static (bytes, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleGraph) graph = fettle_tflite_read (file, "fuzz", NULL);
  g_autoptr (FettleProject) project = NULL;
  g_autoptr (FettleProject) tuned = NULL;
  g_autoptr (FettleRecipe) recipe = NULL;
  g_autoptr (FettleLowered) before = NULL;
  g_autoptr (FettleLowered) after = NULL;

  if (graph == NULL || !is_small (graph))
    return 0;
  project = fettle_project_new (graph);
  recipe = fettle_recipe_parse (RECIPE, NULL);
  tuned = fettle_tune (project, recipe, NULL, NULL, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  before = fettle_lower (graph, NULL, NULL);
  after = fettle_lower (tuned->graph, NULL, &error);
  if (before != NULL)
    g_assert_no_error (error);
  return 0;
}
