/* SPDX-License-Identifier: GPL-3.0-or-later */
/* commands.h: the commands of fettle-cli, one file each.
 *
 * ARGV begins with the command's name. An error of G_OPTION_ERROR is a mistake in the arguments. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean fettle_cli_inspect (int argc, char **argv, GError **error);
gboolean fettle_cli_tune (int argc, char **argv, GError **error);
gboolean fettle_cli_run (int argc, char **argv, GError **error);
gboolean fettle_cli_eval (int argc, char **argv, GError **error);
gboolean fettle_cli_error (int argc, char **argv, GError **error);
gboolean fettle_cli_histogram (int argc, char **argv, GError **error);
gboolean fettle_cli_sensitivity (int argc, char **argv, GError **error);
gboolean fettle_cli_profile (int argc, char **argv, GError **error);
gboolean fettle_cli_export (int argc, char **argv, GError **error);
gboolean fettle_cli_runs (int argc, char **argv, GError **error);
gboolean fettle_cli_boards (int argc, char **argv, GError **error);

G_END_DECLS
