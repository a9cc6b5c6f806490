// Clicks what a reader clicks, and writes what came of it where --dump-dom shows it: a line for each check.
"use strict";
(() => {
    const lines = [];
    const check = (name, holds, seen) => lines.push(`${holds ? "ok" : "NOT OK"}: ${name}${holds ? "" : `: ${seen}`}`);
    const visible = (elements) => [...elements].filter((element) => element.offsetParent !== null);
    const matrix = document.querySelector("table.matrix");
    const values = () => [...matrix.tBodies[0].rows].map((row) => row.cells[1].dataset.value);
    const isSorted = (list, sign) => list.every((value, i) => i === 0 || sign * (value - list[i - 1]) >= 0);
    const heading = matrix.tHead.rows[0].cells[1];

    const before = values();
    heading.querySelector("button").click();
    check("one click sorts by the figure, smallest first", isSorted(values(), 1), values());
    check("and says so", heading.getAttribute("aria-sort") === "ascending", heading.outerHTML);
    check("no row is lost", values().slice().sort().join() === before.slice().sort().join(), values());
    heading.querySelector("button").click();
    check("the next turns it round", isSorted(values(), -1) && !isSorted(values(), 1), values());
    matrix.tHead.rows[0].cells[0].querySelector("button").click();
    const names = [...matrix.tBodies[0].rows].map((row) => row.cells[0].textContent);
    check("texts sort too", names.join() === names.slice().sort().join(), names);
    check("one column at a time is the sorted one", matrix.querySelectorAll("[aria-sort]").length === 1, "");

    const rows = () => visible(document.querySelectorAll("tbody tr")).map((row) => row.textContent);
    const box = (name, value) => document.querySelector(`#filters input[name=${name}][value=${value}]`);
    const all = rows().length;
    box("workload", "rings").click();
    check("a workload goes, with all its variants", !rows().some((text) => text.startsWith("rings")), rows());
    check("the others stay", rows().some((text) => text.startsWith("linked_list")), rows());
    const told = document.querySelector("#filters output").textContent;
    check("how many are shown is told", /^\d+ of \d+ rows/.test(told), told);
    box("workload", "rings").click();
    check("it comes back", rows().length === all, rows().length);

    box("strategy", "refcount").click();
    const headings = visible(matrix.querySelectorAll("th")).map((cell) => cell.textContent);
    check("a strategy's column goes", !headings.includes("refcount") && headings.includes("malloc"), headings);
    const widths = [...matrix.tBodies[0].rows].map((row) => visible(row.cells).length);
    check("with its cells", widths.every((width) => width === headings.length), widths);
    const leaks = rows().filter((text) => /^rings.*refcount/.test(text));
    check("and its rows in lists", leaks.length === 0, leaks);
    const button = document.querySelectorAll("#filters fieldset button")[1];
    button.click();
    check("none", visible(matrix.querySelectorAll("th")).length === 1, "");
    button.click();
    check("all", rows().length === all, rows().length);

    const result = document.createElement("pre");
    result.textContent = `${lines.join("\n")}\ndriven: ${lines.length} checks\n`;
    document.body.append(result);
})();
