"""A kernel's messages, which are a stranger's data, as the outputs of a notebook's cell."""

import math
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from backprop_course.grading._markup import Budget, clean_formulas, clean_html, clean_markdown, without_code

KINDS = {"display": "display_data", "result": "execute_result"}
TEXT = ("text/plain", "text/markdown", "text/latex")
TOO_MUCH = "[left out: this notebook shows too much HTML]"
PICTURES = ("image/png", "image/jpeg", "image/gif")


def outputs_from(messages: list[dict[str, Any]], budget: Budget) -> list[NotebookNode]:
    """Put a cell's messages together as a notebook shows them; what is malformed is left out."""
    outputs: list[NotebookNode] = []
    by_id: dict[str, NotebookNode] = {}
    for message in messages:
        kind = message.get("out")
        if kind == "clear":
            outputs.clear()
        elif kind == "stream" and message.get("name") in ("stdout", "stderr"):
            _add_text(outputs, message["name"], str(message.get("text", "")))
        elif kind == "error":
            lines = message.get("traceback")
            traceback = [str(line) for line in lines] if isinstance(lines, list) else []
            name, said = str(message.get("ename", "")), str(message.get("evalue", ""))
            outputs.append(new_output("error", ename=name, evalue=said, traceback=traceback))
        elif kind in ("display", "result", "update"):
            data, name = _data(message.get("data"), budget), str(message.get("display_id", ""))
            if name in by_id and kind == "update":
                by_id[name]["data"] = data
            elif kind != "update":
                outputs.append(new_output(KINDS[str(kind)], data=data))
                by_id[name] = outputs[-1]
    return outputs


def _add_text(outputs: list[NotebookNode], name: str, text: str) -> None:
    if outputs and outputs[-1].output_type == "stream" and outputs[-1].name == name:
        outputs[-1].text += text
    else:
        outputs.append(new_output("stream", name=name, text=text))


def _data(said: Any, budget: Budget) -> dict[str, str]:
    """Keep what can be shown and cannot act: text, pictures, and HTML without scripts."""
    if not isinstance(said, dict):
        return {}
    kept = {k: v for k, v in said.items() if k in (*TEXT, *PICTURES) and isinstance(v, str)}
    if "text/latex" in kept:
        kept["text/latex"] = clean_formulas(kept["text/latex"])
    if "text/markdown" in kept:
        kept["text/markdown"] = clean_markdown(kept["text/markdown"])
    if isinstance(said.get("text/html"), str):
        page = without_code(said["text/html"])
        kept |= {"text/html": clean_html(page)} if budget.affords(page) else {"text/plain": TOO_MUCH}
    return kept


def error_output(name: str, message: str) -> NotebookNode:
    """Give an output that nbgrader counts as a failed test."""
    output: NotebookNode = new_output("error", ename=name, evalue=message, traceback=[f"{name}: {message}"])
    return output


def partial_credit(outputs: list[NotebookNode], points: float) -> list[NotebookNode]:
    """Make of an instructor's own test what nbgrader can count: a number from 0 to the points, or none.

    nbgrader gives all points for nan and for negative numbers, and fails for the whole notebook on numbers
    that are too large. None of that is a grade; here it is an error of the cell.
    """
    for output in outputs:
        if output.output_type == "execute_result":
            text = str(output.get("data", {}).get("text/plain", ""))
            try:
                number = float(text)
            except ValueError:
                output["data"] = {"text/plain": text or "[nothing]"}
                continue
            if math.isnan(number) or not 0 <= number <= points:
                said = f"the test's value is {text[:40]}; expected a number from 0 to {points:g}"
                return [*[o for o in outputs if o is not output], error_output("ValueError", said)]
    return outputs
