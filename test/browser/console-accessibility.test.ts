import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";
import { CONSOLE_PAGES, pageAddress } from "../../scripts/screenshots/console-pages.ts";
import { furnish } from "../../scripts/screenshots/furnish.ts";
import { openConsole, operatorLink, signIn, type Console } from "./console-browser.ts";

/** The text of axe, run on each page by the browser itself. */
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const VIEWS = { "wide and light": {}, "phone and dark": { dark: true, phone: true } };

/** Of what a browser loads first, compressed. */
const SCRIPT_BYTES_MAX = 60 * 1024;

/** By how much the brand is wider than its place, on pages with a bar. */
const COVERED = `(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector(".side .brand") ?? {}) || 0`;

let at: Console;
let about: Record<string, string>;

beforeAll(async () => {
  at = await openConsole({ SIMULATOR_TASK_MS: "200" });
  about = { ...(await furnish(at.url, at.manage)) };
}, 120_000);

test.each(Object.entries(VIEWS))(
  "every page, %s: axe finds nothing serious, nothing overflows, no script fails",
  async (view, options) => {
    const { page, problems } = await at.newPage(options);
    await signIn(page, await operatorLink(at, `${view.replaceAll(" ", "-")}@example.com`));
    const found: unknown[] = [];
    for (const [name, path] of Object.entries(CONSOLE_PAGES)) {
      const answer = await page.goto(at.url + pageAddress(path, about));
      if (answer?.status() !== 200) found.push([name, answer?.status()]);
      await page.evaluate(AXE);
      const { violations } = (await page.evaluate("axe.run()")) as {
        violations: { id: string; impact: string; nodes: { target: string[] }[] }[];
      };
      for (const { id, impact, nodes } of violations) {
        if (impact === "serious" || impact === "critical")
          found.push([name, id, nodes.map(({ target }) => target.join(" ")).slice(0, 3)]);
      }
      const width = Number(
        await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"),
      );
      if (width > 0) found.push([name, "is wider than the screen by", width]);
      const covered = Number(await page.evaluate(COVERED));
      if (covered > 0) found.push([name, "the brand has too little room by", covered]);
    }
    expect(found).toEqual([]);
    expect(problems).toEqual([]);
  },
);

test("no page loads more than 60 KB of compressed script", async () => {
  const { page } = await at.newPage();
  await signIn(page, await operatorLink(at, "bytes@example.com"));
  let bytes = 0;
  page.on("response", async (response) => {
    if (response.request().resourceType() === "script") bytes += gzipSync(await response.body()).length;
  });
  const sizes: Record<string, number> = {};
  for (const [name, path] of Object.entries(CONSOLE_PAGES)) {
    bytes = 0;
    await page.goto(at.url + pageAddress(path, about), { waitUntil: "load" });
    await page.waitForLoadState("networkidle");
    sizes[name] = bytes;
  }
  expect(Object.entries(sizes).filter(([, size]) => size > SCRIPT_BYTES_MAX)).toEqual([]);
});
