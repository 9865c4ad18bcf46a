"""The browser decides conditions by the same truth table as the server."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "formtypes" / "condition_cases.json"
SCRIPT = """
import { readFileSync } from "node:fs";
import { holds, shownKeys } from %(module)s;
const cases = JSON.parse(readFileSync(0, "utf8"));
const decided = cases.map((one) => holds(one.condition, one.values));
const chain = [
  { key: "has", show: null },
  { key: "what", show: { field: "has", is: true } },
  { key: "more", show: { field: "what", is: "乙" } },
];
const hidden = [...shownKeys(chain, { has: false, what: "乙", more: "x" })];
const shown = [...shownKeys(chain, { has: true, what: "乙" })];
const known = [...shownKeys(chain.slice(1), { what: "乙" }, { has: true })];
console.log(JSON.stringify({ decided, hidden, shown, known }));
"""


def in_node(script: str, text: str) -> str:
    """Run an ES module in node."""
    command = [str(shutil.which("node")), "--input-type=module", "--eval", script]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True, timeout=30).stdout


def in_chromium(script: str, text: str) -> str:
    """Run it in the browser itself, where there is no node."""
    from playwright.sync_api import sync_playwright

    source = (ROOT / "static/js/conditions.js").read_text("utf-8").replace("export function", "function")
    body = script.split("%(module)s;\n")[1].replace('JSON.parse(readFileSync(0, "utf8"))', text)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--headless=new"]
        )
        answer = browser.new_page().evaluate(
            "() => {" + source + body.replace("console.log(", "return (") + "}"
        )
        browser.close()
    return str(answer)


@pytest.mark.skipif(not (shutil.which("node") or shutil.which("chromium")), reason="no JavaScript here")
def test_conditions_in_the_browser_decide_as_the_shared_table_says() -> None:
    text = CASES.read_text("utf-8")
    module = json.dumps((ROOT / "static/js/conditions.js").as_uri())
    run = in_node(SCRIPT % {"module": module}, text) if shutil.which("node") else in_chromium(SCRIPT, text)
    said = json.loads(run)
    cases = json.loads(text)
    assert {case["why"]: decided for case, decided in zip(cases, said["decided"], strict=True)} == {
        case["why"]: case["holds"] for case in cases
    }
    assert said["hidden"] == ["has"]
    assert said["shown"] == ["has", "what", "more"]
    assert said["known"] == ["what", "more"]
