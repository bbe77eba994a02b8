"""A small integer program, solved by HiGHS."""

from collections.abc import Iterable
from typing import Any

import highspy
import numpy as np

Term = tuple[int, float]
"""A variable and what it is multiplied by."""
INFINITE = highspy.kHighsInf
FOUND = {highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kTimeLimit}


class NoSolutionError(Exception):
    """Nothing fulfils all conditions, or the time was over before anything was found."""


class Program:
    """Variables that are whole numbers from 0 on unless they are told to be `whole=False`; the cost is made small."""

    def __init__(self, *, gap: float = 0.0) -> None:
        """`gap`: what a solution may cost more than the best and count as the best."""
        self.solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        self.solver.setOptionValue("output_flag", False)
        self.solver.setOptionValue("threads", 1)
        self.solver.setOptionValue("mip_rel_gap", 0.0)
        self.solver.setOptionValue("mip_abs_gap", gap)
        self.count = 0

    def add(
        self, cost: float = 0.0, *, least: float = 0.0, most: float = 1.0, whole: bool = True
    ) -> int:
        """A variable; answers with its number."""
        self.solver.addCol(cost, least, most, 0, np.array([], np.int32), np.array([], np.float64))
        if whole:
            self.solver.changeColIntegrality(self.count, highspy.HighsVarType.kInteger)
        self.count += 1
        return self.count - 1

    def require(
        self, terms: Iterable[Term], *, least: float = -INFINITE, most: float = INFINITE
    ) -> None:
        """That a sum lies between two bounds. A variable that stands there twice is counted twice."""
        sums: dict[int, float] = {}
        for variable, factor in terms:
            sums[variable] = sums.get(variable, 0.0) + factor
        keys = np.fromiter(sums.keys(), np.int32, len(sums))
        values = np.fromiter(sums.values(), np.float64, len(sums))
        self.solver.addRow(least, most, len(sums), keys, values)

    def solve(self, *, seconds: float) -> list[float]:
        """The values of the best that was found in this time. Raises NoSolutionError."""
        self.solver.setOptionValue("time_limit", self.solver.getRunTime() + seconds)
        self.solver.run()
        is_found = self.solver.getModelStatus() in FOUND
        solution = self.solver.getSolution()
        if not is_found or not solution.value_valid:
            raise NoSolutionError(str(self.solver.getModelStatus()))
        return list(solution.col_value)

    @property
    def is_best(self) -> bool:
        """Whether nothing better exists than what was found."""
        return bool(self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)
