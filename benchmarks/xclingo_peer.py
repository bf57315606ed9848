"""Run by benchmarks/explain.py with the interpreter of xclingo's own environment: explain one program.

    python xclingo_peer.py PROGRAM EXPLANATIONS SECONDS

PROGRAM is a file, EXPLANATIONS how many are asked for (0: all), SECONDS after how long enumerating ends. Prints what
was found and how long it took, as JSON; starting Python and importing xclingo are not counted.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from xclingo import XclingoControl
from xclingo.extensions import load_xclingo_extension


def main(program: str, wanted: str, limit: float) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    control = XclingoControl(n_explanations=wanted)
    control.add("base", [], program)
    # Facts are part of an explanation: without labels they would not show in it.
    control.extend_explainer("base", [], load_xclingo_extension("autotrace_facts.lp"))
    control.ground([("base", [])])
    explanations, shown, nodes, done = 0, 0, 0, True
    for model in control.solve():
        for graph in model.explain_model():
            explanations += 1
            if explanations == 1:
                symbols = graph.symbols(shown=True)
                shown = sum(symbol.name == "_xclingo_show_trace" for symbol in symbols)
                nodes = sum(symbol.name == "_xclingo_attr" for symbol in symbols)
            if time.perf_counter() - wall > limit:
                done = False
                break
    print(
        json.dumps(
            {
                "wall": time.perf_counter() - wall,
                "cpu": time.process_time() - cpu,
                "explanations": explanations,
                "shown": shown,
                "nodes": nodes,
                "done": done,
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]).read_text(encoding="utf-8"), sys.argv[2], float(sys.argv[3]))
