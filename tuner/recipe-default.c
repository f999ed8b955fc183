/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recipe-default.c: the recipe that is sensible for a kind of result, by what was measured
 * (docs/accuracy.md). */
#include "config.h"
#include "tuner/recipe-default.h"
#include "tuner/recipe-reader.h"

#include <glib/gi18n.h>

typedef struct
{
  const char *step; /* JSON members */
  const char *reason;
} Choice;

/* How far apart channels may be before the four bits of weights that balancing takes are worth it. */
#define INT4_SPREAD "20"

static const Choice equalize_weights = {
  "\"step\":\"equalize\",\"method\":\"weights\"",
  N_ ("All weights of a layer share a scale: channels that are small beside the others "
      "would "
      "be rounded to nothing."),
};
static const Choice equalize_activations = {
  "\"step\":\"equalize\",\"method\":\"activations\"",
  N_ ("Each output channel of the weights has its own scale, but all channels of an "
      "activation "
      "share one: that is the weak point, so activations are balanced."),
};
static const Choice equalize_outliers = {
  "\"step\":\"equalize\",\"method\":\"weights\",\"spread\":" INT4_SPREAD,
  N_ ("Only where channels are more than 20 times apart: else balancing costs weights of "
      "4 "
      "bits more than it gains."),
};

/* NULL: nothing that is out of balance matters. */
static const Choice *
choose_equalization (const FettleRecipeGoal *goal)
{
  if (goal->is_per_tensor)
    return &equalize_weights;
  if (goal->weights == FETTLE_TYPE_INT4)
    return &equalize_outliers;
  return goal->activations == FETTLE_TYPE_INT8 ? &equalize_activations : NULL;
}

static const Choice fold = {
  "\"step\":\"fold\"",
  N_ ("Exact: layers that fold into others need not be quantized by themselves."),
};
static const Choice remove_dead = {
  "\"step\":\"remove-dead\"",
  N_ ("Exact: channels that can only hold one value cost flash and time and change "
      "nothing."),
};
static const Choice calibrate = {
  "\"step\":\"calibrate\",\"method\":\"min-max\"",
  N_ ("The whole range that was seen: at 8 bits, clipping rare large values gains little "
      "and "
      "may cost predictions."),
};
static const Choice quantize = {
  NULL,
  N_ ("Turns weights and activations into the types that were asked for, in every "
      "layer."),
};
static const Choice round_weights = {
  "\"step\":\"round\",\"method\":\"auto\"",
  N_ ("Chooses the integers for the least error of each layer's output instead of the "
      "least "
      "error of the weights: little at 8 bits, decisive at 4."),
};
static const Choice correct_bias = {
  "\"step\":\"correct-bias\"",
  N_ ("Takes out, last, what mean error is left; costs nothing on the board."),
};

/* Returns how many there are; CHOICES has place for eight. */
static guint
choose (const FettleRecipeGoal *goal, const Choice *choices[8])
{
  const Choice *equalization = choose_equalization (goal);
  guint n = 0;

  choices[n++] = &fold;
  choices[n++] = &remove_dead;
  if (equalization != NULL)
    choices[n++] = equalization;
  choices[n++] = &calibrate;
  choices[n++] = &quantize;
  choices[n++] = &round_weights;
  /* Beside the errors of 4 bits it gains; at 8, what "round" does for biases is enough. */
  if (goal->weights == FETTLE_TYPE_INT4)
    choices[n++] = &correct_bias;
  return n;
}

FettleRecipe *
fettle_recipe_new_for_goal (const FettleRecipeGoal *goal)
{
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  const Choice *choices[8];
  guint n = choose (goal, choices);
  FettleRecipe *recipe;

  g_return_val_if_fail (goal != NULL, NULL);

  g_string_printf (json, "{\"%s\":%d,\"steps\":[", FETTLE_RECIPE_KEY,
                   FETTLE_RECIPE_VERSION);
  for (guint i = 0; i < n; i++)
    {
      g_string_append (json, i > 0 ? ",{" : "{");
      if (choices[i] == &quantize)
        g_string_append_printf (
            json,
            "\"step\":\"quantize\",\"weights\":\"%s\",\"granularity\":\"%s\","
            "\"activations\":\"%s\"",
            fettle_type_get_name (goal->weights),
            goal->is_per_tensor ? "per-tensor" : "per-channel",
            fettle_type_get_name (goal->activations));
      else
        g_string_append (json, choices[i]->step);
      g_string_append_c (json, '}');
    }
  g_string_append (json, "]}");
  recipe = fettle_recipe_parse (json->str, &error);
  g_assert_no_error (error);
  return recipe;
}

const char *
fettle_recipe_goal_explain (const FettleRecipeGoal *goal, guint index)
{
  const Choice *choices[8];
  guint n = choose (goal, choices);

  g_return_val_if_fail (index < n, NULL);
  return _ (choices[index]->reason);
}
