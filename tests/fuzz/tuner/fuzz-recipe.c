/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz-recipe.c: hostile recipes. What is accepted must come back unchanged from its own text. */
#include "fuzz.h"
#include "tuner/recipe.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  g_autofree char *text = g_strndup ((const char *)bytes, size);
  g_autoptr (FettleRecipe) recipe = fettle_recipe_parse (text, NULL);
  g_autoptr (FettleRecipe) again = NULL;

  if (recipe == NULL)
    return 0;
  again = fettle_recipe_parse (fettle_recipe_to_json (recipe), NULL);
  g_assert_nonnull (again);
  g_assert_cmpstr (fettle_recipe_get_hash (recipe), ==, fettle_recipe_get_hash (again));
  return 0;
}

size_t
fuzz_seed (unsigned index, uint8_t *buffer, size_t capacity)
{
  static const char *const seeds[] = {
    "{\"fettle-recipe\":1,\"steps\":[{\"step\":\"calibrate\",\"method\":\"min-max\"},"
    "{\"step\":\"quantize\",\"granularity\":\"per-tensor\"}]}",
    "{\"fettle-recipe\":1,\"steps\":[{\"step\":\"quantize\",\"inputs\":\"float32\","
    "\"layers\":[{\"match\":\"a*\",\"weights\":\"int4\"},{\"match\":\"type:ADD\","
    "\"activations\":\"int16\"}]}]}",
    "{ \"steps\": [ ], \"fettle-recipe\": 1 }",
    "{\"fettle-recipe\":1,\"steps\":[[[{}]],null,true,1.5e3,\"\\u00e9\"]}",
  };
  size_t size;

  if (index >= sizeof seeds / sizeof *seeds)
    return 0;
  size = strlen (seeds[index]);
  memcpy (buffer, seeds[index], size);
  return size;
}
