/* SPDX-License-Identifier: GPL-3.0-or-later */
/* board.c: the boards of this machine: simulated and virtual ones. */
#include "profiler/board.h"

#include "profiler/link-simulated.h"
#include "profiler/link-virtual.h"
#include "profiler/locate.h"

typedef struct
{
  const char *id, *name, *link, *core;
  FettleTarget target;
  const char *machine; /* of QEMU; NULL: not a virtual board */
  const char *folder;  /* of the build tree */
  const char *program; /* or firmware */
} BoardKind;

static const BoardKind kinds[] = {
  { "simulated", "Simulated board (a process of this computer)", "socket", "desktop",
    FETTLE_TARGET_PORTABLE, NULL, "target-agent/boards/simulated",
    "fettle-simulated-board" },
  { "virtual-m4", "Virtual Cortex-M4 (QEMU mps2-an386)", "pipe", "Cortex-M4",
    FETTLE_TARGET_CORTEX_M4, "mps2-an386", "target-agent/boards/mps",
    "fettle-agent-virtual-m4.elf" },
  { "virtual-m7", "Virtual Cortex-M7 (QEMU mps2-an500)", "pipe", "Cortex-M7",
    FETTLE_TARGET_CORTEX_M7, "mps2-an500", "target-agent/boards/mps",
    "fettle-agent-virtual-m7.elf" },
  { "virtual-m55", "Virtual Cortex-M55 (QEMU mps3-an547)", "pipe", "Cortex-M55",
    FETTLE_TARGET_CORTEX_M55, "mps3-an547", "target-agent/boards/mps",
    "fettle-agent-virtual-m55.elf" },
};

struct _FettleBoard
{
  GObject parent_instance;

  const BoardKind *kind;
  char *path; /* of the program or firmware; NULL: missing */
  char *problem;
};

G_DEFINE_TYPE (FettleBoard, fettle_board, G_TYPE_OBJECT)

static void
fettle_board_finalize (GObject *object)
{
  FettleBoard *self = FETTLE_BOARD (object);

  g_free (self->path);
  g_free (self->problem);
  G_OBJECT_CLASS (fettle_board_parent_class)->finalize (object);
}

static void
fettle_board_class_init (FettleBoardClass *class)
{
  G_OBJECT_CLASS (class)->finalize = fettle_board_finalize;
}

static void
fettle_board_init (FettleBoard *self)
{
}

static char *
find_problem (FettleBoard *self)
{
  g_autofree char *qemu = NULL;

  if (self->kind->machine != NULL)
    {
      qemu = g_find_program_in_path ("qemu-system-arm");
      if (qemu == NULL)
        return g_strdup ("The program qemu-system-arm is missing; install the package "
                         "qemu-system-arm.");
      if (self->path == NULL)
        return g_strdup_printf (
            "The board's firmware %s is missing; install the packages "
            "gcc-arm-none-eabi and libnewlib-arm-none-eabi and build "
            "Fettle again.",
            self->kind->program);
    }
  if (self->path == NULL)
    return g_strdup_printf ("The program %s is missing; install Fettle completely.",
                            self->kind->program);
  return NULL;
}

static FettleBoard *
board_new (const BoardKind *kind)
{
  FettleBoard *self = g_object_new (FETTLE_TYPE_BOARD, NULL);

  self->kind = kind;
  self->path = fettle_locate (kind->folder, kind->program);
  self->problem = find_problem (self);
  return self;
}

GPtrArray *
fettle_board_list (void)
{
  GPtrArray *boards = g_ptr_array_new_with_free_func (g_object_unref);

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    g_ptr_array_add (boards, board_new (&kinds[i]));
  return boards;
}

FettleBoard *
fettle_board_lookup (const char *id, GError **error)
{
  g_autoptr (GString) known = g_string_new (NULL);

  g_return_val_if_fail (id != NULL, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (g_str_equal (kinds[i].id, id))
        return board_new (&kinds[i]);
      g_string_append_printf (known, "%s%s", i > 0 ? ", " : "", kinds[i].id);
    }
  g_set_error (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_UNAVAILABLE,
               "There is no board \"%s\"; the boards are: %s.", id, known->str);
  return NULL;
}

const char *
fettle_board_get_id (FettleBoard *self)
{
  g_return_val_if_fail (FETTLE_IS_BOARD (self), NULL);
  return self->kind->id;
}

const char *
fettle_board_get_name (FettleBoard *self)
{
  g_return_val_if_fail (FETTLE_IS_BOARD (self), NULL);
  return self->kind->name;
}

const char *
fettle_board_get_link (FettleBoard *self)
{
  g_return_val_if_fail (FETTLE_IS_BOARD (self), NULL);
  return self->kind->link;
}

const char *
fettle_board_get_core (FettleBoard *self)
{
  g_return_val_if_fail (FETTLE_IS_BOARD (self), NULL);
  return self->kind->core;
}

FettleTarget
fettle_board_get_target (FettleBoard *self)
{
  g_return_val_if_fail (FETTLE_IS_BOARD (self), FETTLE_TARGET_PORTABLE);
  return self->kind->target;
}

const char *
fettle_board_get_problem (FettleBoard *self)
{
  g_return_val_if_fail (FETTLE_IS_BOARD (self), NULL);
  return self->problem;
}

FettleLink *
fettle_board_create_link (FettleBoard *self)
{
  g_return_val_if_fail (FETTLE_IS_BOARD (self), NULL);
  if (self->kind->machine != NULL)
    return fettle_link_virtual_new (self->kind->machine, self->path ? self->path : "");
  return fettle_link_simulated_new (self->path ? self->path : "");
}
