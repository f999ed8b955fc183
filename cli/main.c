/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main.c: fettle-cli, the whole job without a display. */
#include "config.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/output.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <stdlib.h>

#define EXIT_USAGE 2

typedef struct
{
  const char *name;
  const char *summary;
  gboolean (*run) (int argc, char **argv, GError **error);
} Command;

static const Command commands[] = {
  { "inspect", N_ ("Show a model's layers and what they cost"), fettle_cli_inspect },
  { "tune", N_ ("Make a model smaller without retraining"), fettle_cli_tune },
  { "run", N_ ("Run a model on data, here or on a board"), fettle_cli_run },
  { "eval", N_ ("Measure a model's accuracy on labelled data"), fettle_cli_eval },
  { "error", N_ ("Measure what quantization costs in each layer"), fettle_cli_error },
  { "histogram", N_ ("Show how values are spread, in float and as integers"),
    fettle_cli_histogram },
  { "sensitivity", N_ ("Rank layers by what they cost, and try other types"),
    fettle_cli_sensitivity },
  { "profile", N_ ("Measure each layer on a board"), fettle_cli_profile },
  { "runs", N_ ("List, show, tag and export the runs that were kept"), fettle_cli_runs },
  { "export", N_ ("Write a model as a C header for the runtime"), fettle_cli_export },
  { "boards", N_ ("List the boards"), fettle_cli_boards },
};

static void
print_help (void)
{
  fettle_cli_print (_ ("Usage: fettle-cli COMMAND [OPTION…]\n\nCommands:\n"));
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    fettle_cli_print ("  %-11s  %s\n", commands[i].name, _ (commands[i].summary));
  fettle_cli_print (_ ("\n“fettle-cli COMMAND --help” lists a command's options.\n"));
}

static const Command *
find_command (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].name, name))
      return &commands[i];
  return NULL;
}

/* A full disk or a closed pipe must not look like success. */
static int
finish (void)
{
  if (fettle_cli_flush ())
    return EXIT_SUCCESS;
  fettle_cli_print_error (_ ("The output could not be written completely."));
  return EXIT_FAILURE;
}

static int
run_command (const Command *command, int argc, char **argv)
{
  g_autofree char *program = g_strconcat ("fettle-cli ", command->name, NULL);
  g_autoptr (GError) error = NULL;

  g_set_prgname (program);
  if (command->run (argc, argv, &error))
    return finish ();
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      && fettle_cli_interrupt_get_status () != 0)
    {
      fettle_cli_print_error (_ ("Cancelled; nothing was written."));
      return fettle_cli_interrupt_get_status ();
    }
  if (error->domain == G_OPTION_ERROR)
    {
      fettle_cli_print_error (_ ("%s: %s (see “%s --help”)."), command->name,
                              error->message, program);
      return EXIT_USAGE;
    }
  /* GLib's own messages are sentences without a full stop. */
  fettle_cli_print_error ("%s%s", error->message,
                          g_str_has_suffix (error->message, ".") ? "" : ".");
  return EXIT_FAILURE;
}

int
main (int argc, char *argv[])
{
  const Command *command;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, FETTLE_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  if (argc < 2)
    {
      fettle_cli_print_error (_ ("No command given (see “fettle-cli --help”)."));
      return EXIT_USAGE;
    }
  if (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h"))
    {
      print_help ();
      return finish ();
    }
  if (g_str_equal (argv[1], "--version"))
    {
      fettle_cli_print ("fettle-cli %s\n", FETTLE_VERSION);
      return finish ();
    }
  command = find_command (argv[1]);
  if (command == NULL)
    {
      fettle_cli_print_error (_ ("There is no command “%s” (see “fettle-cli --help”)."),
                              argv[1]);
      return EXIT_USAGE;
    }
  return run_command (command, argc - 1, argv + 1);
}
