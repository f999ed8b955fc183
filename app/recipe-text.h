/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recipe-text.h: a recipe in one line. */
#pragma once

#include "tuner/recipe.h"

G_BEGIN_DECLS

/* "fold → equalize → quantize (weights int8, activations int8)": steps in order, with those choices that are
 * not the step's defaults, and the types. Free with g_free. */
char *fettle_recipe_describe (FettleRecipe *recipe);

G_END_DECLS
