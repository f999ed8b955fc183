/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recipe-builtin.h: recipes that need no file. */
#pragma once

#include "tuner/recipe-default.h"

G_BEGIN_DECLS

typedef struct
{
  const char *name;
  const char *description; /* one line, translatable */
  const char *steps;       /* JSON; NULL: those for GOAL */
  FettleRecipeGoal goal;
} FettleBuiltinRecipe;

/* All of them; static. */
const FettleBuiltinRecipe *fettle_recipe_builtins (guint *n_recipes);

/* The built-in recipe called NAME; else the one in the file of that name. */
FettleRecipe *fettle_recipe_open (const char *name, GError **error);

G_END_DECLS
