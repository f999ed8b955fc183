/* SPDX-License-Identifier: GPL-3.0-or-later */
/* desktop-speed.c: how long 500 samples take on one thread, with the portable kernels and with the desktop's.
 *
 *   desktop-speed MODEL
 *
 * Prints both, in seconds of the processor's time, so that other programs count for little. Samples are
 * random: no kernel takes longer for one than for another. */
#include "model/model-file.h"
#include "model/runner.h"

#include <time.h>

#define N_SAMPLES 500
/* Of these, so many are run with the portable kernels: in turns with the others, so that both see the same
 * machine. */
#define N_PORTABLE 50

static FettleRunner *
prepare (FettleGraph *graph, FettleTarget target, GError **error)
{
  const FettleLowerOptions options = { .target = target };
  g_autoptr (FettleLowered) lowered = fettle_lower (graph, &options, error);

  return lowered == NULL ? NULL : fettle_runner_new (lowered->image, error);
}

static void
fill_inputs (FettleRunner *runner, FettleGraph *graph, GRand *random)
{
  for (guint i = 0; i < fettle_runner_get_n_inputs (runner); i++)
    {
      const FettleTensor *tensor =
          fettle_graph_get_tensor (graph, fettle_graph_get_input (graph, i));
      gsize size;
      gpointer input = fettle_runner_get_input (runner, i, &size);

      if (tensor->type == FETTLE_TYPE_FLOAT32)
        for (gsize k = 0; k < size / sizeof (float); k++)
          ((float *)input)[k] = (float)g_rand_double (random);
      else
        for (gsize k = 0; k < size; k++)
          ((guint8 *)input)[k] = (guint8)g_rand_int (random);
    }
}

static double
processor_seconds (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Adds what COUNT samples take to SECONDS. */
static gboolean
run (FettleRunner *runner, FettleGraph *graph, GRand *random, int count, double *seconds,
     GError **error)
{
  for (int i = 0; i < count; i++)
    {
      double before;

      fill_inputs (runner, graph, random);
      before = processor_seconds ();
      if (!fettle_runner_run (runner, NULL, NULL, NULL, error))
        return FALSE;
      *seconds += processor_seconds () - before;
    }
  return TRUE;
}

static gboolean
measure (const char *path, GError **error)
{
  g_autoptr (FettleProject) project = fettle_model_file_load (path, error);
  g_autoptr (FettleRunner) portable = NULL;
  g_autoptr (FettleRunner) desktop = NULL;
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  double portable_seconds = 0, desktop_seconds = 0;

  if (project == NULL)
    return FALSE;
  portable = prepare (project->graph, FETTLE_TARGET_PORTABLE, error);
  if (portable == NULL)
    return FALSE;
  desktop = prepare (project->graph, FETTLE_TARGET_DESKTOP, error);
  if (desktop == NULL)
    return FALSE;
  for (int i = 0; i < N_PORTABLE; i++)
    if (!run (portable, project->graph, random, 1, &portable_seconds, error)
        || !run (desktop, project->graph, random, N_SAMPLES / N_PORTABLE,
                 &desktop_seconds, error))
      return FALSE;
  g_print ("%.4f %.4f\n", portable_seconds * N_SAMPLES / N_PORTABLE, desktop_seconds);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (argc != 2)
    {
      g_printerr ("Usage: desktop-speed MODEL\n");
      return 2;
    }
  if (!measure (argv[1], &error))
    {
      g_printerr ("desktop-speed: %s\n", error->message);
      return 1;
    }
  return 0;
}
