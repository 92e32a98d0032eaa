// SPDX-License-Identifier: EUPL-1.2
//
// Looks at a page in a real browser, from phone to desktop, light and dark:
//
//   node .ci/look.mjs <page.html or URL> <folder for screenshots>
//
// Fails on any violation of WCAG 2.2 AA that axe finds, on a console error, a
// breach of the content security policy, a request beyond the page itself, or a
// page that scrolls sideways. A file is served with the policy of the house: no
// source but its own <style>. Needs playwright-core, axe-core and a Chromium
// (CHROMIUM, by default /usr/bin/chromium).
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { chromium } from "playwright-core";

const [target, folder] = process.argv.slice(2);
if (!folder) {
  console.error("usage: node look.mjs <page.html or URL> <folder>");
  process.exit(2);
}
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
// The width to which WCAG wants a page to reflow, a phone, the narrowest screen
// that gets the table as a table, a desktop.
const widths = [320, 360, 1100, 1280];
const isURL = /^https?:/.test(target);
const address = isURL ? target : "http://page.invalid/";
const name = isURL ? "page" : basename(target, ".html");

/** The policy that allows a page its own style sheet and nothing else. */
function policyOf(html) {
  const hash = createHash("sha256").update(html.match(/<style>([\s\S]*?)<\/style>/)?.[1] ?? "").digest("base64");
  return `default-src 'none'; style-src 'sha256-${hash}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;
}

/** All faults of the page at one width and colour scheme. */
async function look(browser, width, colorScheme) {
  const faults = [];
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && faults.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (!request.isNavigationRequest()) faults.push(`request: ${request.url()}`);
  });
  if (!isURL) {
    const body = readFileSync(target, "utf8");
    const headers = { "Content-Security-Policy": policyOf(body) };
    await page.route("**/*", (route) => route.fulfill({ body, headers, contentType: "text/html; charset=utf-8" }));
  }
  await page.goto(address);
  await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`), fullPage: true });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (wide > 0) faults.push(`scrolls sideways: ${wide} px too wide`);
  await page.evaluate(axe);
  const { violations } = await page.evaluate((values) => window.axe.run({ runOnly: { type: "tag", values } }), rules);
  for (const { id, help, nodes } of violations) {
    faults.push(`${id}: ${help}: ${nodes.map((node) => `${node.html} (${node.failureSummary})`).slice(0, 3).join(" | ")}`);
  }
  await context.close();
  return faults;
}

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
let failed = false;
try {
  for (const width of widths) {
    for (const colorScheme of ["light", "dark"]) {
      const faults = await look(browser, width, colorScheme);
      console.log(`${target} ${width} px ${colorScheme}: ${faults.length === 0 ? "ok" : `${faults.length} faults`}`);
      for (const fault of faults) console.error(`  ${fault}`);
      failed ||= faults.length > 0;
    }
  }
} finally {
  await browser.close();
}
process.exit(failed ? 1 : 0);
