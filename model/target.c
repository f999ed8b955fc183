/* SPDX-License-Identifier: GPL-3.0-or-later */
/* target.c: names of the cores that a model can be lowered for. */
#include "model/lower.h"

static const char *const names[] = {
  [FETTLE_TARGET_PORTABLE] = "portable",   [FETTLE_TARGET_CORTEX_M4] = "cortex-m4",
  [FETTLE_TARGET_CORTEX_M7] = "cortex-m7", [FETTLE_TARGET_CORTEX_M55] = "cortex-m55",
  [FETTLE_TARGET_DESKTOP] = "desktop",
};

const char *
fettle_target_get_name (FettleTarget target)
{
  g_return_val_if_fail ((guint)target < G_N_ELEMENTS (names), "");
  return names[target];
}

gboolean
fettle_target_from_name (const char *name, FettleTarget *target, GError **error)
{
  g_autoptr (GString) list = g_string_new (NULL);

  g_return_val_if_fail (name != NULL && target != NULL, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (g_str_equal (names[i], name))
        {
          *target = i;
          return TRUE;
        }
      g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", names[i]);
    }
  g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
               "“%s” is not a target; known targets are: %s.", name, list->str);
  return FALSE;
}
