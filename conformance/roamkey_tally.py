"""A pytest plugin: counts cases by their outcome, and skips by their reason, into the JSON file that ROAMKEY_TALLY names."""

import json
import os
from collections import Counter

outcomes = {}
reasons = {}


def pytest_runtest_logreport(report):
    # A case has three phases: it passed if none failed, and is skipped if one was.
    if report.failed or report.nodeid not in outcomes or outcomes[report.nodeid] == "passed":
        outcomes[report.nodeid] = report.outcome
    if report.skipped:
        reasons[report.nodeid] = report.longrepr[2].removeprefix("Skipped: ")


def pytest_sessionfinish():
    count = Counter(outcomes.values())
    tally = {name: count[name] for name in ["passed", "failed", "skipped"]}
    skipped = Counter(reasons[case] for case, outcome in outcomes.items() if outcome == "skipped")
    with open(os.environ["ROAMKEY_TALLY"], "w") as file:
        json.dump(tally | {"reasons": skipped}, file)
