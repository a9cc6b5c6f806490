// Tables that sort by a click on a heading, and filters by workload and strategy. Without it the page is whole: it only
// adds controls.
"use strict";
(() => {
    const tables = [...document.querySelectorAll("table")];

    // ---- sorting: by a cell's data-value where it has one, else by its text; cells without a value come last

    const valueOf = (cell) => {
        if (cell.dataset.value !== undefined) return Number(cell.dataset.value);
        return cell.textContent;
    };
    const compare = (a, b) => {
        if (typeof a === "number" && typeof b === "number") return a - b;
        if (typeof a === "number") return -1;
        if (typeof b === "number") return 1;
        return a.localeCompare(b, "en", {numeric: true});
    };
    const sortBy = (table, column) => {
        const heading = table.tHead.rows[0].cells[column];
        const descending = heading.getAttribute("aria-sort") === "ascending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
        const rows = [...table.tBodies[0].rows].map((row) => [valueOf(row.cells[column]), row]);
        const empty = ([value]) => value === "";
        rows.sort((a, b) => empty(a) - empty(b) || (descending ? -1 : 1) * compare(a[0], b[0]));
        table.tBodies[0].append(...rows.map(([, row]) => row));
    };
    const addSorting = (table) => {
        [...table.tHead.rows[0].cells].forEach((heading, column) => {
            if (!heading.textContent) return;
            const button = document.createElement("button");
            button.type = "button";
            button.append(...heading.childNodes);
            button.addEventListener("click", () => sortBy(table, column));
            heading.append(button);
        });
    };

    // ---- filters. A workload is the first word of a cell under `workload`: the rest are its parameters. A strategy
    // stands under `contender`, or, in a matrix, in the headings.

    const columnOf = (table, name) => [...table.tHead.rows[0].cells].findIndex((cell) => cell.textContent === name);
    const shape = (table) => ({
        table,
        matrix: table.classList.contains("matrix"),
        workload: columnOf(table, "workload"),
        contender: columnOf(table, "contender"),
    });
    const workloadOf = (text) => text.split(" ")[0];
    const shapes = tables.map(shape).filter((s) => s.workload >= 0);

    const collect = () => {
        const found = {workload: new Set(), strategy: new Set()};
        for (const s of shapes) {
            if (s.matrix) [...s.table.tHead.rows[0].cells].slice(1).forEach((c) => found.strategy.add(c.textContent));
            for (const row of s.table.tBodies[0].rows) {
                found.workload.add(workloadOf(row.cells[s.workload].textContent));
                if (s.contender >= 0) found.strategy.add(row.cells[s.contender].textContent);
            }
        }
        return found;
    };
    const apply = (shown, output) => {
        let visible = 0, all = 0;
        for (const s of shapes) {
            const headings = [...s.table.tHead.rows[0].cells];
            const columns = headings.map((c, i) => !s.matrix || i === 0 || shown.strategy.has(c.textContent));
            headings.forEach((cell, i) => { cell.hidden = !columns[i]; });
            for (const row of s.table.tBodies[0].rows) {
                row.hidden = !shown.workload.has(workloadOf(row.cells[s.workload].textContent)) ||
                    (s.contender >= 0 && !shown.strategy.has(row.cells[s.contender].textContent));
                [...row.cells].forEach((cell, i) => { cell.hidden = !columns[i]; });
                visible += !row.hidden;
                all++;
            }
        }
        output.textContent = visible === all ? "" : `${visible} of ${all} rows of the tables are shown`;
    };
    const choice = (name, value, changed) => {
        const label = document.createElement("label");
        const box = document.createElement("input");
        box.type = "checkbox";
        box.checked = true;
        box.name = name;
        box.value = value;
        box.addEventListener("change", changed);
        label.append(box, " ", value);
        return label;
    };
    const addFilters = () => {
        const found = collect();
        const bar = document.createElement("div");
        const output = document.createElement("output");
        bar.id = "filters";
        const boxes = (name) => [...bar.querySelectorAll(`input[name=${name}]`)];
        const changed = () => {
            const chosen = (name) => new Set(boxes(name).filter((box) => box.checked).map((box) => box.value));
            apply({workload: chosen("workload"), strategy: chosen("strategy")}, output);
        };
        for (const [name, title] of [["workload", "Workloads"], ["strategy", "Strategies"]]) {
            const fold = document.createElement("details");
            const summary = document.createElement("summary");
            const list = document.createElement("fieldset");
            const none = document.createElement("button");
            summary.textContent = title;
            none.type = "button";
            none.textContent = "all or none";
            none.addEventListener("click", () => {
                const some = boxes(name).some((box) => box.checked);
                boxes(name).forEach((box) => { box.checked = !some; });
                changed();
            });
            list.append(none, ...[...found[name]].map((value) => choice(name, value, changed)));
            fold.append(summary, list);
            bar.append(fold);
        }
        document.addEventListener("click", (event) => {
            for (const fold of bar.querySelectorAll("details[open]"))
                if (!fold.contains(event.target)) fold.open = false;
        });
        bar.append(output);
        const place = document.getElementById("tables");
        if (place) place.after(bar);
    };

    if (shapes.length) addFilters();
    tables.filter((table) => table.tBodies[0].rows.length > 1).forEach(addSorting);
})();
