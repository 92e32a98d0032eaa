// SPDX-License-Identifier: EUPL-1.2
//
// Looks at pages in a real browser, as people with other eyes, hands and paper do:
//
//   node .ci/look.mjs <folder for screenshots and prints> <page.html or URL>...
//
// Fails on
//   - any violation of WCAG 2.2 AA that axe finds, from phone to desktop, in light
//     and dark, and in the colours that a reader forces;
//   - a page that scrolls sideways or cuts off what it holds, at the width of a
//     phone, at 200 % and 400 % zoom, and with the text spacing of WCAG 1.4.12;
//   - a link or control that the Tab key does not reach, reaches out of order,
//     reaches without showing it, or does not leave again;
//   - a print on A4 that is cut off, loses rows, has no tags or too many pages;
//   - a console error, a breach of the content security policy, or a request beyond
//     the page itself.
// A file is served with the policy of the house: no source but its own <style>.
// Needs playwright-core, axe-core and a Chromium (CHROMIUM, by default
// /usr/bin/chromium).
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { chromium } from "playwright-core";

const [folder, ...targets] = process.argv.slice(2);
if (targets.length === 0) {
  console.error("usage: node look.mjs <folder> <page.html or URL>...");
  process.exit(2);
}
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** The policy that allows a page its own style sheet and nothing else. */
function policyOf(html) {
  const hash = createHash("sha256").update(html.match(/<style>([\s\S]*?)<\/style>/)?.[1] ?? "").digest("base64");
  return `default-src 'none'; style-src 'sha256-${hash}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;
}

/** In the page: what is wider than its place. What can be scrolled is cut on paper only. */
function cut(onPaper) {
  const over = document.documentElement.scrollWidth - window.innerWidth;
  const faults = over > 0 ? [`scrolls sideways: ${over} px too wide`] : [];
  for (const element of document.querySelectorAll("body, body *")) {
    const how = getComputedStyle(element).overflowX;
    const hides = how === "hidden" || how === "clip" || (onPaper && how !== "visible");
    // What only a screen reader is meant to read is a pixel wide.
    if (hides && element.clientWidth > 1 && element.scrollWidth > element.clientWidth + 1) {
      faults.push(`cut off: ${element.scrollWidth - element.clientWidth} px of ${element.outerHTML.slice(0, 80)}`);
    }
  }
  return faults;
}

async function accessible(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate((values) => window.axe.run({ runOnly: { type: "tag", values } }), rules);
  return violations.map(({ id, help, nodes }) =>
    `${id}: ${help}: ${nodes.map((node) => `${node.html} (${node.failureSummary})`).slice(0, 3).join(" | ")}`);
}

const fitsScreen = (page) => page.evaluate(cut, false);

async function fitsWithSpacedText(page) {
  await page.evaluate(() => document.styleSheets[0].insertRule("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"));
  return fitsScreen(page);
}

/** In the page: marks what a keyboard must reach, in order, and keeps how it looks without focus. */
function findStops() {
  window.looks = (element) => {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow, backgroundColor } = getComputedStyle(element);
    return [outlineStyle === "none" ? "" : outlineWidth + outlineColor, boxShadow, backgroundColor].join();
  };
  const controls = "a[href], area[href], button, input, select, textarea, summary, iframe, [contenteditable], [tabindex]:not([tabindex^='-'])";
  window.stops = [...document.querySelectorAll(controls)].filter((element) => !element.disabled && element.checkVisibility());
  window.unfocused = window.stops.map(window.looks);
  return window.stops.map((element) => element.outerHTML.slice(0, 80));
}

/** In the page: which stop has the focus (-1: none), and whether one can see that. */
function whereIsFocus() {
  const element = document.activeElement;
  const index = window.stops.indexOf(element);
  if (index < 0) return { index, html: element === document.body ? "" : element?.outerHTML.slice(0, 80) };
  const [box] = element.getClientRects();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return { index, shown: window.looks(element) !== window.unfocused[index], covered: !element.contains(top) };
}

async function reachedByKeyboard(page) {
  const stops = await page.evaluate(findStops);
  const faults = [];
  for (const [i, html] of stops.entries()) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(whereIsFocus);
    if (focus.index !== i) return [...faults, `the Tab key comes at ${stops[focus.index] ?? (focus.html || "nothing")} instead of ${html}`];
    if (!focus.shown) faults.push(`focus does not show on ${html}`);
    if (focus.covered) faults.push(`something covers ${html} when it has focus`);
  }
  await page.keyboard.press("Tab");
  const after = await page.evaluate(whereIsFocus);
  if (stops.length > 1 && after.index === stops.length - 1) faults.push(`the Tab key does not leave ${stops.at(-1)}`);
  return faults;
}

// A4 within the margins of the house, in CSS pixels.
const paper = { width: Math.floor((210 - 2 * 14) / 25.4 * 96), height: Math.floor((297 - 2 * 14) / 25.4 * 96) };

async function printed(page, name) {
  const shown = () => [...document.querySelectorAll("tr, caption, h1, h2, h3, svg, dt, dd")].map((row) => row.checkVisibility() && row.getBoundingClientRect().height > 0);
  const onScreen = await page.evaluate(shown);
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize(paper);
  const faults = await page.evaluate(cut, true);
  const onPaper = await page.evaluate(shown);
  const lost = onScreen.filter((seen, i) => seen && !onPaper[i]).length;
  if (lost > 0) faults.push(`${lost} rows, headings or drawings are lost on paper`);
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  const pdf = (await page.pdf({ path: join(folder, `${name}.pdf`), preferCSSPageSize: true, tagged: true })).toString("latin1");
  const sheets = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  // Rows that stay whole leave white at the foot of a sheet.
  const most = Math.ceil(1.25 * height / paper.height);
  if (sheets < 1 || sheets > most) faults.push(`${sheets} sheets, want 1 to ${most}`);
  for (const [, width, length] of pdf.matchAll(/\/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]/g)) {
    if (Math.abs(width - 595) > 2 || Math.abs(length - 842) > 2) faults.push(`a sheet of ${width} by ${length} points is no A4`);
  }
  if (!pdf.includes("/StructTreeRoot")) faults.push("the print has no tags");
  return faults;
}

const desktop = 1280;
const looks = [
  // The narrowest screen that gets the table as a table comes after the phone.
  ...[360, 1100, desktop].map((width) => ({ what: `${width} px`, width, checks: [fitsScreen, accessible] })),
  ...[360, desktop].map((width) => ({ what: `${width} px, dark`, width, colorScheme: "dark", checks: [fitsScreen, accessible] })),
  { what: "forced colours", width: desktop, forcedColors: "active", checks: [accessible] },
  { what: "zoom 200 %", width: desktop / 2, checks: [fitsScreen] },
  { what: "zoom 400 %", width: desktop / 4, checks: [fitsScreen, accessible] },
  { what: "spaced text", width: 360, checks: [fitsWithSpacedText] },
  { what: "keyboard, phone", width: 360, checks: [reachedByKeyboard] },
  { what: "keyboard", width: desktop, checks: [reachedByKeyboard] },
  { what: "print", width: desktop, checks: [printed] },
];

/** All faults of a page at one look. */
async function look(browser, target, { what, width, checks, ...media }) {
  const faults = [];
  const context = await browser.newContext({ viewport: { width, height: 900 }, ...media });
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && faults.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (!request.isNavigationRequest()) faults.push(`request: ${request.url()}`);
  });
  const isURL = /^https?:/.test(target);
  if (!isURL) {
    const body = readFileSync(target, "utf8");
    const headers = { "Content-Security-Policy": policyOf(body) };
    await page.route("**/*", (route) => route.fulfill({ body, headers, contentType: "text/html; charset=utf-8" }));
  }
  await page.goto(isURL ? target : "http://page.invalid/");
  const name = isURL ? "page" : basename(target, ".html");
  if (checks.includes(accessible)) await page.screenshot({ path: join(folder, `${name} ${what}.png`), fullPage: true });
  for (const check of checks) faults.push(...await check(page, name));
  await context.close();
  return faults;
}

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
let failed = 0;
try {
  for (const target of targets) {
    const before = failed;
    for (const way of looks) {
      for (const fault of await look(browser, target, way)) {
        console.error(`${target}, ${way.what}: ${fault}`);
        failed++;
      }
    }
    if (failed === before) console.log(`${target}: ok, ${looks.length} ways`);
  }
} finally {
  await browser.close();
}
process.exit(failed > 0 ? 1 : 0);
