// SPDX-License-Identifier: EUPL-1.2
//
// Makes html.css and theme.css: the parts of two NL Design System packages that
// the council's page needs, so that the page stays small and loads nothing.
//
//   npm install --ignore-scripts @utrecht/component-library-css@9.0.4 \
//     @nl-design-system-unstable/voorbeeld-design-tokens@7.4.1
//   node trim.mjs node_modules/@utrecht/component-library-css/dist/html.css \
//     node_modules/@nl-design-system-unstable/voorbeeld-design-tokens/dist/theme.css
//
// A municipality gives its own theme file as the second argument. Run it again
// when page.css or the template starts to use another element or token.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const [htmlSource, themeSource] = process.argv.slice(2).map((file) => readFileSync(file, "utf8"));
if (!themeSource) throw new Error("usage: node trim.mjs <html.css> <theme.css>");

const page = readFileSync(join(here, "page.css"), "utf8");
const template = readdirSync(here).filter((name) => name.endsWith(".html")).map((name) => readFileSync(join(here, name), "utf8")).join("\n");
const elements = new Set([...template.matchAll(/<([a-z][a-z0-9]*)/g)].map((match) => match[1]));
const classes = new Set(["utrecht-html", ...template.match(/[\w-]+/g)]);

/** The top-level rules of a style sheet, as [selector, block with braces]. */
function rules(css) {
  const found = [];
  const plain = css.replace(/\/\*[\s\S]*?\*\//g, "").replace(/@charset[^;]*;/, "");
  let depth = 0;
  let start = 0;
  let open = 0;
  for (let i = 0; i < plain.length; i++) {
    if (plain[i] === "{" && depth++ === 0) open = i;
    if (plain[i] === "}" && --depth === 0) {
      found.push([plain.slice(start, open).trim(), plain.slice(open, i + 1)]);
      start = i + 1;
    }
  }
  return found;
}

/** Whether the page has every element and class that a selector names. */
function used(selector) {
  if (/[[*@]|:lang|:has/.test(selector)) return false;
  if ([...selector.matchAll(/\.([\w-]+)/g)].some(([, name]) => !classes.has(name))) return false;
  const names = selector.replace(/[.:][\w-]+(\([^)]*\))?/g, "").match(/[a-z][a-z0-9]*/g) ?? [];
  return names.every((name) => elements.has(name));
}

const kept = rules(htmlSource)
  .map(([selectors, block]) => [selectors.split(",").map((s) => s.trim()).filter(used), block])
  .filter(([selectors]) => selectors.length > 0)
  .map(([selectors, block]) => `${selectors.join(",\n")} ${block}\n`)
  .join("");

const [themeSelector, themeBlock] = rules(themeSource)[0];
const tokens = new Map([...themeBlock.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value]));
const needed = new Set();
function need(css) {
  for (const [name] of css.matchAll(/--[\w-]+/g)) {
    if (!tokens.has(name) || needed.has(name)) continue;
    needed.add(name);
    need(tokens.get(name));
  }
}
need(kept);
need(page);
const theme = [...tokens].filter(([name]) => needed.has(name)).map(([name, value]) => `  ${name}: ${value};\n`);

const note = "Trimmed by trim.mjs to what the page uses; do not edit.";
writeFileSync(join(here, "html.css"), `/*
 * @license EUPL-1.2
 * Copyright (c) 2020-2024 Frameless B.V.
 * Copyright (c) 2021-2024 Gemeente Utrecht
 * From @utrecht/component-library-css 9.0.4, dist/html.css. ${note}
 */
${kept}`);
writeFileSync(join(here, "theme.css"), `/*
 * @license EUPL-1.2
 * Copyright (c) 2021 NL Design System Community
 * From @nl-design-system-unstable/voorbeeld-design-tokens 7.4.1, dist/theme.css. ${note}
 */
${themeSelector} {
${theme.join("")}}
`);
