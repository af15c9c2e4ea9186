/* Sorting and filtering of the report. The page says the same without it, in a shorter form. */
(function () {
	"use strict";
	var SLICE = 100;
	var RANKS = { critical: 4, high: 3, medium: 2, low: 1, none: 0 };
	var byId = function (id) { return document.getElementById(id); };
	var columns = { id: 0, component: 1, severity: 2, cvss: 3, epss: 4, exploited: 5, fixed: 6, status: 7, reason: 8, weakness: 9, vector: 10, version: 11, reachable: 12 };

	function element(name, className, text) {
		var made = document.createElement(name);
		if (className)
			made.className = className;
		if (text !== undefined && text !== null)
			made.textContent = text;
		return made;
	}

	/* Digits compare as numbers: CVE-2014-999 stands before CVE-2014-3153. */
	var collator = new Intl.Collator("en", { numeric: true });

	function vulnerabilities(data) {
		var all = data.vulnerabilities, shown = all, count = SLICE, key = null, descending = false;
		var body = byId("rows"), controls = byId("controls"), more = byId("more"), status = byId("shown");
		var find = byId("find"), component = byId("component"), severity = byId("severity"), state = byId("status");
		var exploited = byId("exploited");
		if (!body)
			return;
		var words = all.map(function (one) {
			return [one[columns.id], data.components[one[columns.component]], one[columns.status], one[columns.reason], one[columns.weakness],
				one[columns.fixed]].join(" ").toLowerCase();
		});
		all.forEach(function (one, index) { one.place = index; });

		function score(value) {
			return value === null ? "" : value.toFixed(1);
		}

		function row(one) {
			var tr = element("tr"), id = element("th", "keep", one[columns.id]), why = element("td", "quiet", one[columns.reason]);
			var level = element("td");
			id.scope = "row";
			if (one[columns.exploited]) {
				id.append(" ", element("span", "tag bad", "exploited"));
			}
			if (one[columns.reachable]) {
				var reached = element("span", "tag", one[columns.reachable]);
				reached.title = "A service that is started and listens runs it, and it is attacked through the network";
				id.append(" ", reached);
			}
			if (one[columns.weakness])
				why.append(" · " + one[columns.weakness]);
			level.append(element("span", "severity " + (one[columns.severity] || "unknown"), one[columns.severity] || "unknown"));
			tr.append(id, element("td", "", data.components[one[columns.component]]), level,
				element("td", "figure", score(one[columns.cvss]) + (one[columns.version] ? " (" + one[columns.version] + ")" : "")),
				element("td", "figure", one[columns.epss] === null ? "" : score(one[columns.epss] * 100)),
				element("td", "mono", one[columns.fixed]), element("td", "", one[columns.status]), why);
			tr.children[3].title = one[columns.vector] || "";
			return tr;
		}

		function draw() {
			var part = document.createDocumentFragment();
			shown.slice(0, count).forEach(function (one) { part.append(row(one)); });
			body.replaceChildren(part);
			more.hidden = shown.length <= count;
			more.textContent = "Show " + Math.min(SLICE, shown.length - count) + " more";
			status.textContent = shown.length === 0 ? "None of " + all.length.toLocaleString("en") + " fits." :
				Math.min(count, shown.length).toLocaleString("en") + " of " + shown.length.toLocaleString("en") +
				(shown.length < all.length ? " that fit, of " + all.length.toLocaleString("en") + " in all" : "") +
				(key ? "." : ", the most urgent first.");
		}

		function value(one) {
			var found = one[columns[key]];
			return key === "severity" ? (found in RANKS ? RANKS[found] : -1) : key === "component" ? data.components[found] : found;
		}

		/* What is not known stands last, whichever way it is sorted. */
		function compare(a, b) {
			var x = value(a), y = value(b), order;
			if (x === null || y === null)
				return x === y ? a.place - b.place : x === null ? 1 : -1;
			order = typeof x === "number" ? x - y : collator.compare(x, y);
			return (descending ? -order : order) || a.place - b.place;
		}

		function choose() {
			var terms = find.value.toLowerCase().split(/\s+/).filter(Boolean);
			shown = all.filter(function (one) {
				return (!component.value || String(one[columns.component]) === component.value) &&
					(!severity.value || (one[columns.severity] || "unknown") === severity.value) &&
					(!state.value || one[columns.status] === state.value) && (!exploited.checked || one[columns.exploited]) &&
					terms.every(function (term) { return words[one.place].indexOf(term) >= 0; });
			});
			if (key)
				shown.sort(compare);
			count = SLICE;
			draw();
		}

		function fill(select, values, label) {
			values.forEach(function (one) {
				var option = element("option", "", label ? label(one) : one);
				option.value = one;
				select.append(option);
			});
		}

		function distinct(column) {
			return Array.from(new Set(all.map(function (one) { return one[column] === null ? "unknown" : String(one[column]); })));
		}

		function sortBy(head, button) {
			var was = head.getAttribute("aria-sort");
			var numbers = ["severity", "cvss", "epss"].indexOf(head.dataset.key) >= 0;
			document.querySelectorAll("#table th[aria-sort]").forEach(function (other) { other.removeAttribute("aria-sort"); });
			descending = was ? was === "ascending" : numbers;
			key = head.dataset.key;
			head.setAttribute("aria-sort", descending ? "descending" : "ascending");
			choose();
			button.focus();
		}

		document.querySelectorAll("#table th[data-key]").forEach(function (head) {
			var button = element("button", "", head.textContent);
			button.type = "button";
			head.dataset.label = head.textContent; /* browsers do not print buttons of a repeated head */
			button.addEventListener("click", function () { sortBy(head, button); });
			head.replaceChildren(button);
		});
		fill(component, distinct(columns.component).sort(function (a, b) {
			return collator.compare(data.components[a], data.components[b]);
		}), function (one) { return data.components[one]; });
		fill(severity, ["critical", "high", "medium", "low", "none", "unknown"].filter(function (one) {
			return distinct(columns.severity).indexOf(one) >= 0;
		}));
		/* What applies is shown first; the rest is one choice away, and counted. */
		fill(state, distinct(columns.status), function (one) {
			return one + " (" + all.filter(function (row) { return row[columns.status] === one; }).length + ")";
		});
		Array.from(state.options).forEach(function (option) {
			if (option.value === "affected")
				option.defaultSelected = option.selected = true;
		});
		controls.hidden = false;
		controls.addEventListener("input", choose);
		controls.addEventListener("submit", function (event) { event.preventDefault(); });
		controls.addEventListener("reset", function () { setTimeout(choose); });
		more.addEventListener("click", function () { count += SLICE; draw(); });
		document.querySelectorAll("a[data-component]").forEach(function (link) {
			link.addEventListener("click", function () {
				controls.reset();
				component.value = link.dataset.component;
				setTimeout(choose);
			});
		});
		/* Paper gets the most urgent sixty, whatever was looked at on the screen. */
		window.addEventListener("beforeprint", function () {
			var kept = count;
			count = Math.min(count, 60);
			draw();
			count = kept;
		});
		window.addEventListener("afterprint", draw);
		choose();
	}

	/* The tally of a catalogue becomes its filter. */
	function requirements() {
		document.querySelectorAll(".tally").forEach(function (tally) {
			var table = tally.parentNode.querySelector(".tally ~ .wide table"), next = tally.nextElementSibling;
			table = next && next.querySelector("table") || table;
			tally.querySelectorAll("li").forEach(function (item) {
				var button = element("button"), verdict = item.querySelector(".verdict-mark").className.split(" ")[1];
				button.type = "button";
				button.setAttribute("aria-pressed", "false");
				button.append.apply(button, Array.from(item.childNodes));
				item.append(button);
				button.addEventListener("click", function () {
					var on = button.getAttribute("aria-pressed") !== "true";
					tally.querySelectorAll("button").forEach(function (other) { other.setAttribute("aria-pressed", "false"); });
					button.setAttribute("aria-pressed", String(on));
					table.querySelectorAll("tbody tr").forEach(function (row) {
						row.hidden = on && !row.classList.contains("row-" + verdict);
					});
				});
			});
		});
	}

	/* On paper, the places of a finding are not folded. */
	window.addEventListener("beforeprint", function () {
		document.querySelectorAll(".evidence details:not([open])").forEach(function (one) {
			one.open = true;
			one.dataset.opened = "";
		});
	});
	window.addEventListener("afterprint", function () {
		document.querySelectorAll("details[data-opened]").forEach(function (one) {
			one.open = false;
			delete one.dataset.opened;
		});
	});

	vulnerabilities(JSON.parse(byId("data").textContent));
	requirements();
}());
