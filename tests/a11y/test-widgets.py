# SPDX-License-Identifier: GPL-3.0-or-later
"""test-widgets.py DEMO: reads and drives the charts of widgets/demo.c through the accessibility bus."""
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "gui"))
from display import INSIDE, enter_display, skip, wait_for_display  # noqa: E402

TIMEOUT = 20

if INSIDE not in os.environ:
    enter_display()
try:
    import gi
    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi, GLib
except (ImportError, ValueError) as error:
    skip("the accessibility bindings are not installed (%s)" % error)
wait_for_display()


def wait_for(what, condition):
    """Polls CONDITION until it gives something true, and returns that."""
    deadline = time.monotonic() + TIMEOUT
    context = GLib.MainContext.default()
    while time.monotonic() < deadline:
        while context.iteration(False):
            pass
        result = condition()
        if result:
            return result
        time.sleep(0.05)
    raise AssertionError("waited %d s in vain for %s" % (TIMEOUT, what))


def check(name, actual, expected):
    assert actual == expected, "%s is %r, not %r" % (name, actual, expected)


def children(accessible):
    return [accessible.get_child_at_index(i) for i in range(accessible.get_child_count())]


def find(accessible, role, name):
    # A program that is still starting may have been read, and kept by libatspi, without its children.
    accessible.clear_cache()
    for child in children(accessible):
        if child is None:
            continue
        if child.get_role() == role and child.get_name() == name:
            return child
        found = None if child.get_role() == Atspi.Role.CHART else find(child, role, name)
        if found:
            return found
    return None


def find_application(pid):
    for application in children(Atspi.get_desktop(0)):
        if application is not None and application.get_process_id() == pid:
            return application
    return None


def has_state(accessible, state):
    accessible.clear_cache()
    return accessible.get_state_set().contains(state)


def check_tree(chart):
    """Roles, names, descriptions, values: what a screen reader says."""
    items = children(chart)
    check("number of items", len(items), 8)
    first = items[0]
    check("role", first.get_role(), Atspi.Role.LIST_ITEM)
    check("name", first.get_name(), "conv1 · Conv2D")
    check("description", first.get_description(), "Median 1\u202f642\u202f310 cycles of 20 runs")
    check("value", Atspi.Value.get_current_value(first), 1642310)
    check("smallest value", Atspi.Value.get_minimum_value(first), 0)
    check("largest value", Atspi.Value.get_maximum_value(first), 2500000)
    check("unknown item", items[7].get_description(), "Not measured yet")
    check("number of actions", Atspi.Action.get_n_actions(first), 1)
    check("action", Atspi.Action.get_action_name(first, 0), "select")
    assert first.get_parent() == chart, "the parent of an item is not its chart"
    check("index", items[3].get_index_in_parent(), 3)
    assert has_state(first, Atspi.StateType.SHOWING), "the first item is not showing"
    assert has_state(chart, Atspi.StateType.MANAGES_DESCENDANTS), "the chart owns no items"


def check_extents(chart):
    """Items lie in their chart, one below the other, where a click hits them."""
    outer = Atspi.Component.get_extents(chart, Atspi.CoordType.SCREEN)
    bottom = outer.y
    for item in children(chart):
        area = Atspi.Component.get_extents(item, Atspi.CoordType.SCREEN)
        assert area.width > 0 and area.height > 0, "an item has no area"
        assert area.x >= outer.x and area.x + area.width <= outer.x + outer.width, "item beside chart"
        assert area.y >= bottom, "items overlap"
        bottom = area.y + area.height
    assert bottom <= outer.y + outer.height, "items reach below the chart"


def check_action(chart):
    items = children(chart)
    assert Atspi.Action.do_action(items[2], 0)
    wait_for("the third item to be selected", lambda: has_state(items[2], Atspi.StateType.SELECTED))
    check("number of selected items", Atspi.Selection.get_n_selected_children(chart), 1)
    check("selected item", Atspi.Selection.get_selected_child(chart, 0).get_name(), "pointwise2 · Conv2D")
    assert Atspi.Selection.select_child(chart, 4)
    wait_for("the fifth item to be selected", lambda: has_state(items[4], Atspi.StateType.SELECTED))
    assert not has_state(items[2], Atspi.StateType.SELECTED), "two items are selected"


def check_click(chart, events):
    area = Atspi.Component.get_extents(children(chart)[1], Atspi.CoordType.SCREEN)
    Atspi.generate_mouse_event(area.x + area.width // 2, area.y + area.height // 2, "b1c")
    wait_for("the clicked item to be selected",
             lambda: has_state(children(chart)[1], Atspi.StateType.SELECTED))
    wait_for("the clicked item to be the active descendant",
             lambda: "depthwise2 · DepthwiseConv2D" in events)


def press(keysym):
    Atspi.generate_keyboard_event(keysym, None, Atspi.KeySynthType.SYM)


def check_keyboard(chart):
    """After the click, the keyboard is in the chart."""
    down, home, end = 0xFF54, 0xFF50, 0xFF57
    for key, index in ((down, 2), (down, 3), (end, 7), (home, 0)):
        press(key)
        wait_for("item %d to be selected by key" % index,
                 lambda: has_state(children(chart)[index], Atspi.StateType.SELECTED))
    assert has_state(children(chart)[0], Atspi.StateType.FOCUSED), "the item has no focus"


def check_linked_map(application, chart):
    """What is selected in the chart is selected in the map."""
    arena = find(application, Atspi.Role.CHART, "Arena")
    assert arena is not None, "there is no arena map"
    check("number of buffers", arena.get_child_count(), 11)
    assert Atspi.Action.do_action(children(chart)[3], 0)
    buffer = next(item for item in children(arena) if item.get_name() == "depthwise3")
    wait_for("the layer's output to be selected", lambda: has_state(buffer, Atspi.StateType.SELECTED))
    check("bytes of the buffer", Atspi.Value.get_current_value(buffer), 16384)
    check("why it is there", buffer.get_description(), "Output of depthwise3")


def check_bullets(application):
    """Each row is a value between 0 and its limit."""
    chart = find(application, Atspi.Role.CHART, "What it needs")
    assert chart is not None, "there is no bullet chart"
    flash, ram, macs, time_ = children(chart)
    check("name", flash.get_name(), "Flash")
    check("description", flash.get_description(), "Image of the model: 176 KiB of 512 KiB")
    check("value", Atspi.Value.get_current_value(flash), 180000)
    check("limit", Atspi.Value.get_maximum_value(flash), 524288)
    assert Atspi.Value.get_current_value(ram) > Atspi.Value.get_maximum_value(ram), "it fits"
    check("value without a limit", Atspi.Value.get_current_value(macs), 12500000)
    check("unknown value", time_.get_description(), "Not measured yet")
    assert Atspi.Action.do_action(ram, 0)
    wait_for("the second row to be selected", lambda: has_state(ram, Atspi.StateType.SELECTED))


def check_graph(application):
    """Nodes are read by name; arrow keys follow edges."""
    graph = find(application, Atspi.Role.CHART, "Graph")
    assert graph is not None, "there is no graph"
    notebook = graph
    while notebook.get_role() != Atspi.Role.PAGE_TAB_LIST:
        notebook = notebook.get_parent()
    assert Atspi.Selection.select_child(notebook, 7)
    wait_for("the graph on the screen", lambda: has_state(graph, Atspi.StateType.SHOWING))
    nodes = children(graph)
    check("name", nodes[1].get_name(), "depthwise2 · DepthwiseConv2D")
    check("value", Atspi.Value.get_current_value(nodes[1]), 8192)
    check("largest value", Atspi.Value.get_maximum_value(nodes[1]), 16384)
    wait_for("the layout", lambda: Atspi.Component.get_extents(
        nodes[0], Atspi.CoordType.SCREEN).width > 10)
    assert Atspi.Component.grab_focus(nodes[1])
    wait_for("the second node", lambda: has_state(nodes[1], Atspi.StateType.SELECTED))
    down, up, end = 0xFF54, 0xFF52, 0xFF57
    for key, index in ((down, 2), (down, 3), (up, 2), (up, 1), (up, 0), (up, 0), (end, 7)):
        press(key)
        wait_for("node %d to be selected by key" % index,
                 lambda: has_state(nodes[index], Atspi.StateType.SELECTED))


def check_empty(application):
    empty = find(application, Atspi.Role.CHART, "Nothing")
    assert empty is not None, "there is no empty chart"
    check("number of items", empty.get_child_count(), 0)
    check("description", empty.get_description(), "No measurements yet")


def main():
    demo = subprocess.Popen([sys.argv[1]])
    events = []
    listener = Atspi.EventListener.new(
        lambda event: events.append(event.any_data.get_name()
                                    if isinstance(event.any_data, Atspi.Accessible) else ""))
    listener.register("object:active-descendant-changed")
    try:
        application = wait_for("the program on the bus", lambda: find_application(demo.pid))
        chart = wait_for("the chart", lambda: find(application, Atspi.Role.CHART, "Time per layer"))
        wait_for("the chart on the screen", lambda: has_state(chart, Atspi.StateType.SHOWING))
        check_tree(chart)
        check_extents(chart)
        check_action(chart)
        check_click(chart, events)
        check_keyboard(chart)
        check_linked_map(application, chart)
        check_bullets(application)
        check_empty(application)
        check_graph(application)
        assert demo.poll() is None, "the program has ended with status %s" % demo.poll()
    finally:
        demo.terminate()
        demo.wait()
    print("ok")


main()
