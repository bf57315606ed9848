"""What kernels are to run for a report: a function of this package, with a request and plain arguments."""

from __future__ import annotations

from pyreport.reporting.execute import Run
from pyreport.reporting.page_request import PageRequest

__all__ = ["run_of"]

_SOURCE = """\
from pyreport.reporting.page_request import PageRequest
from pyreport.reporting.{module} import {function}

{function}(request=PageRequest.of_parameters(**{request!r}), **{arguments!r})
"""


def run_of(name: str, module: str, function: str, request: PageRequest, **arguments: object) -> Run:
    """The run of a function of a module of ``pyreport.reporting``.

    Args:
        name: Its name in messages.
        module: The module.
        function: The function; it takes the request as ``request``.
        request: What the pages are asked for. Paths are made absolute, since kernels run elsewhere.
        arguments: The others, whose ``repr`` Python reads back.
    """
    return Run(
        name,
        _SOURCE.format(module=module, function=function, request=request.parameters(), arguments=arguments),
    )
