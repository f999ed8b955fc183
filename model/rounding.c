/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rounding.c: names of the rounding modes. */
#include "model/lower.h"

static const char *const names[] = {
  [FETTLE_ROUNDING_DOUBLE] = "double",
  [FETTLE_ROUNDING_SINGLE] = "single",
};

const char *
fettle_rounding_get_name (FettleRounding rounding)
{
  g_return_val_if_fail ((guint)rounding < G_N_ELEMENTS (names), "");
  return names[rounding];
}

gboolean
fettle_rounding_from_name (const char *name, FettleRounding *rounding, GError **error)
{
  g_return_val_if_fail (name != NULL && rounding != NULL, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i], name))
      {
        *rounding = i;
        return TRUE;
      }
  g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
               "“%s” is not a rounding mode; known modes are: double, single.", name);
  return FALSE;
}
