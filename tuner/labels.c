/* SPDX-License-Identifier: GPL-3.0-or-later */
/* labels.c: the right class of each sample. */
#include "config.h"
#include "tuner/labels.h"
#include "tuner/step.h"

#include <glib/gi18n.h>
#include <math.h>

guint *
fettle_labels_read (FettleNpy *npy, guint n_samples, guint n_classes, GError **error)
{
  g_autofree guint *classes = NULL;

  g_return_val_if_fail (npy != NULL && n_classes > 0, NULL);

  if (fettle_npy_get_n_elements (npy) != n_samples)
    {
      g_autofree char *shape = fettle_npy_format_shape (npy);

      g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
                   _ ("The labels have the shape %s, but there are %u samples; give one "
                      "label per sample."),
                   shape, n_samples);
      return NULL;
    }
  classes = g_new (guint, n_samples);
  for (guint i = 0; i < n_samples; i++)
    {
      double label = fettle_npy_get (npy, i);

      if (!(label >= 0.0 && label < n_classes) || label != floor (label))
        {
          g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
                       _ ("The label of sample %u is %g, but the labels must be whole "
                          "numbers from 0 to %u."),
                       i, label, n_classes - 1);
          return NULL;
        }
      classes[i] = (guint)label;
    }
  return g_steal_pointer (&classes);
}
