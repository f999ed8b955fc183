# SPDX-License-Identifier: GPL-3.0-or-later
"""tables.py: what bench.py found, as text for a terminal and as a page for docs/."""

TOTAL_HEAD = ("model", "MACs", "board", "instructions", "per MAC", "ratio", "cycles", "ratio", "arena",
              "flash")
LAYER_HEAD = ("layer", "operator", "MACs", "instructions", "ratio", "cycles")
DESKTOP_HEAD = ("model", "samples", "seconds, portable", "seconds", "times as fast")
SHAPES_HEAD = ("board", "operator", "layers", "median", "worst")
LEFT = ("model", "board", "layer", "operator")

PAGE = """# Benchmarks

Made by `./bootstrap bench --report docs/benchmarks.md`: do not edit. {date}; {compiler}, -O2; {qemu}.

One inference on the virtual boards. *Instructions* are exact (a plugin of QEMU counts them), *cycles* an estimate for
a Cortex-M4 whose memory never waits, from the timings of its Technical Reference Manual. *Ratio* is Fettle's figure
over that of TensorFlow Lite Micro with CMSIS-NN, measured the same way (`tests/bench/peers.json`): less than 1 is
better. *Arena* is bytes of RAM, *flash* the runtime with the kernels that the model uses, without the model.
Tuning and evaluation on the desktop use kernels of their own: their seconds are the processor's, for 500 samples.
*Random shapes* are layers of 1 to 33 channels, one cell and more, strides to 3 and dilations to 2
(`tests/bench/random-layers.c`); 1 is a layer that lowering leaves to the portable kernel.
The public models are those of MLPerf Tiny and of TensorFlow Lite Micro; they are no part of the project.

{tables}
"""


def number(value):
    return f"{value:,}" if value else "-"


def share(value):
    return f"{value:.2f}" if value else "-"


def total_rows(model):
    """One row per board."""
    for board, result in model["boards"].items():
        if "error" in result:
            yield (model["model"], "-", board, result["error"], *["-"] * 6)
            continue
        macs = model.get("macs")
        flash = model.get("flash_bytes") if "cycles" in result else None
        yield (model["model"], number(macs), board, number(result["instructions"]),
               share(result["instructions"] / macs if macs else None), share(result["ratio"]),
               number(result.get("cycles")), share(result["cycle_ratio"]),
               number(result["arena_bytes"]), number(flash))


def layer_rows(result):
    for index, layer in enumerate(result["layers"]):
        yield (f"{index} {layer['name']}", layer["op"], number(layer["macs"]),
               number(layer["instructions"]), share(layer.get("ratio")), number(layer.get("cycles")))


def with_cycles(model):
    return [result for result in model["boards"].values() if "cycles" in result]


def desktop_rows(found):
    for result in found["desktop"]:
        yield (result["model"], "500", f"{result['portable_seconds']:.2f}", f"{result['seconds']:.2f}",
               f"{result['ratio']:.1f}")


def shapes_rows(found):
    for row in found["shapes"]:
        yield (row["board"], row["op"], str(row["layers"]), f"{row['median']:.2f}", f"{row['worst']:.2f}")


def text_table(head, rows):
    rows = [head, *rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    return "\n".join("  ".join(
        cell.ljust(width) if name in LEFT else cell.rjust(width)
        for name, cell, width in zip(head, row, widths)).rstrip() for row in rows)


def page_table(head, rows):
    marks = ["---" if name in LEFT else "---:" for name in head]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, marks, *rows))


def all_tables(found, table, heading):
    parts = [table(TOTAL_HEAD, [row for model in found["models"] for row in total_rows(model)]),
             heading("The desktop's own kernels, one thread"), table(DESKTOP_HEAD, desktop_rows(found)),
             heading("Random shapes, instructions packed over portable"), table(SHAPES_HEAD, shapes_rows(found))]
    for model in found["models"]:
        for result in with_cycles(model):
            parts += [heading(f"{model['model']}, layers on the virtual Cortex-M4"),
                      table(LAYER_HEAD, layer_rows(result))]
    return "\n\n".join(parts)


def as_text(found):
    return all_tables(found, text_table, str)


def as_page(found):
    return PAGE.format(date=found["date"], compiler=found["compiler"], qemu=found["qemu"],
                       tables=all_tables(found, page_table, lambda text: "## " + text)).rstrip() + "\n"
