/* SPDX-License-Identifier: GPL-3.0-or-later */
/* count-instructions.c: a plugin of QEMU that counts the instructions of each layer, and of each address.
 *
 *   qemu-system-arm ... -plugin /ABSOLUTE/count-instructions.so,out=FILE
 *
 * The firmware marks what is to be counted with the hint DBG, which ARMv7-M and later execute as NOP; see
 * firmware/mark.h. Markers are not counted; every other instruction counts 1, also one whose IT condition
 * failed. FILE gets, for each layer in order, "layer INSTRUCTIONS" and then "ADDRESS COUNT" of all that it
 * executed; at the end the same with "region", for what the region executed outside of layers.
 *
 * One virtual processor is assumed: nothing is synchronized. */
#include <glib.h>
#include <stdio.h>

/* What is used of version 1 of the interface, since Debian packages no header for it; QEMU has the symbols. */
typedef guint64 qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_info_t;

enum
{
  QEMU_PLUGIN_CB_NO_REGS = 0,
  QEMU_PLUGIN_INLINE_ADD_U64 = 0,
};

typedef void (*TranslationFunc) (qemu_plugin_id_t id, struct qemu_plugin_tb *block);
typedef void (*ExecutionFunc) (unsigned int cpu, void *user);

void qemu_plugin_register_vcpu_tb_trans_cb (qemu_plugin_id_t id,
                                            TranslationFunc function);
void qemu_plugin_register_vcpu_insn_exec_cb (struct qemu_plugin_insn *instruction,
                                             ExecutionFunc function, int flags,
                                             void *user);
void qemu_plugin_register_vcpu_insn_exec_inline (struct qemu_plugin_insn *instruction,
                                                 int operation, void *counter,
                                                 guint64 operand);
size_t qemu_plugin_tb_n_insns (const struct qemu_plugin_tb *block);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn (const struct qemu_plugin_tb *block,
                                                  size_t index);
const void *qemu_plugin_insn_data (const struct qemu_plugin_insn *instruction);
guint64 qemu_plugin_insn_vaddr (const struct qemu_plugin_insn *instruction);

int qemu_plugin_version = 1;
int qemu_plugin_install (qemu_plugin_id_t id, const struct qemu_info_t *info, int argc,
                         char **argv);

/* Operands of DBG; the same in firmware/mark.h. */
enum
{
  REGION_BEGIN = 1,
  REGION_END,
  LAYER_BEGIN,
  LAYER_END,
};

typedef struct
{
  guint64 address;
  guint64 executed; /* QEMU's code adds to it */
  guint64 outside;  /* the same within the region, but in no layer */
} Counter;

static GHashTable *counters; /* guint64 address to Counter; both in the Counter */
static FILE *results;

static gint
compare_addresses (gconstpointer a, gconstpointer b)
{
  const Counter *const *left = a, *const *right = b;

  return (*left)->address < (*right)->address ? -1 : 1;
}

static void
clear (gboolean with_outside)
{
  GHashTableIter iterator;
  gpointer counter;

  g_hash_table_iter_init (&iterator, counters);
  while (g_hash_table_iter_next (&iterator, NULL, &counter))
    {
      Counter *entry = counter;

      entry->outside = with_outside ? 0 : entry->outside + entry->executed;
      entry->executed = 0;
    }
}

/* Writes and clears what was executed. */
static void
write_counters (const char *name)
{
  g_autoptr (GPtrArray) executed = g_ptr_array_new ();
  GHashTableIter iterator;
  gpointer counter;
  guint64 total = 0;

  g_hash_table_iter_init (&iterator, counters);
  while (g_hash_table_iter_next (&iterator, NULL, &counter))
    if (((Counter *)counter)->executed > 0)
      {
        total += ((Counter *)counter)->executed;
        g_ptr_array_add (executed, counter);
      }
  g_ptr_array_sort (executed, compare_addresses);
  fprintf (results, "%s %" G_GUINT64_FORMAT "\n", name, total);
  for (guint i = 0; i < executed->len; i++)
    {
      Counter *entry = g_ptr_array_index (executed, i);

      fprintf (results, "%" G_GINT64_MODIFIER "x %" G_GUINT64_FORMAT "\n", entry->address,
               entry->executed);
      entry->executed = 0;
    }
}

static void
end_region (void)
{
  GHashTableIter iterator;
  gpointer counter;

  clear (FALSE);
  g_hash_table_iter_init (&iterator, counters);
  while (g_hash_table_iter_next (&iterator, NULL, &counter))
    ((Counter *)counter)->executed = ((Counter *)counter)->outside;
  write_counters ("region");
  fflush (results);
}

static void
reach_marker (unsigned int cpu, void *marker)
{
  switch (GPOINTER_TO_UINT (marker))
    {
    case REGION_BEGIN:
      clear (TRUE);
      break;
    case REGION_END:
      end_region ();
      break;
    case LAYER_BEGIN:
      clear (FALSE);
      break;
    case LAYER_END:
      write_counters ("layer");
      break;
    default:
      break;
    }
}

static Counter *
get_counter (guint64 address)
{
  Counter *counter = g_hash_table_lookup (counters, &address);

  if (counter == NULL)
    {
      counter = g_new0 (Counter, 1);
      counter->address = address;
      g_hash_table_insert (counters, &counter->address, counter);
    }
  return counter;
}

/* The operand of a DBG, else 0: F3AF 80Fn, as two little-endian halfwords. The first halfword says whether
 * there is a second: QEMU's own size of an instruction is wrong at the end of a page. */
static guint
get_marker (const guint8 *code)
{
  if (code[0] != 0xAF || code[1] != 0xF3 || (code[2] & 0xF0) != 0xF0 || code[3] != 0x80)
    return 0;
  return code[2] & 15u;
}

static void
instrument (qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
  for (size_t i = 0; i < qemu_plugin_tb_n_insns (block); i++)
    {
      struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn (block, i);
      guint marker = get_marker (qemu_plugin_insn_data (instruction));

      if (marker != 0)
        qemu_plugin_register_vcpu_insn_exec_cb (
            instruction, reach_marker, QEMU_PLUGIN_CB_NO_REGS, GUINT_TO_POINTER (marker));
      else
        qemu_plugin_register_vcpu_insn_exec_inline (
            instruction, QEMU_PLUGIN_INLINE_ADD_U64,
            &get_counter (qemu_plugin_insn_vaddr (instruction))->executed, 1);
    }
}

int
qemu_plugin_install (qemu_plugin_id_t id, const struct qemu_info_t *info, int argc,
                     char **argv)
{
  if (argc != 1 || !g_str_has_prefix (argv[0], "out="))
    return -1;
  results = fopen (argv[0] + strlen ("out="), "w");
  if (results == NULL)
    return -1;
  counters = g_hash_table_new (g_int64_hash, g_int64_equal);
  qemu_plugin_register_vcpu_tb_trans_cb (id, instrument);
  return 0;
}
