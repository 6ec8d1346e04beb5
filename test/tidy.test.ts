import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";

/** Style is a test: what the house rules say of src/ is checked here, file by file. */
const ROOT = join(import.meta.dirname, "..");
const files = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && name !== "console/built.ts")
  .map((name) => ({ name, text: readFileSync(join(ROOT, "src", name), "utf8") }));

/** The room of a file: the first folder under src/, or the file itself at the top. */
const roomOf = (name: string): string => name.split("/", 1)[0] ?? name;

/** Which rooms a room may import from: data goes one way. Files at the top wire everything. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  storage: [],
  money: ["errors", "catalog"],
  catalog: ["errors"],
  keys: ["errors"],
  observability: ["settings"],
  settings: ["errors", "catalog", "money"],
  sync: ["errors", "catalog", "money", "settings", "upstream", "observability"],
  upstream: ["ledger", "storage", "config.ts"],
  accounts: ["ledger", "jobs", "upstream", "settings", "keys", "observability", "storage", "config.ts"],
  ledger: [
    "errors",
    "money",
    "catalog",
    "keys",
    "storage",
    "observability",
    "jobs",
    "reporting",
    "webhooks",
    "config.ts",
  ],
  timing: [],
  jobs: [
    "timing",
    "accounts",
    "errors",
    "settings",
    "ledger",
    "upstream",
    "keys",
    "catalog",
    "storage",
    "observability",
    "webhooks",
    "config.ts",
  ],
  webhooks: ["errors", "ledger", "observability", "storage", "config.ts"],
  reporting: ["errors", "ledger", "settings"],
  gateway: [
    "timing",
    "errors",
    "catalog",
    "money",
    "keys",
    "ledger",
    "jobs",
    "accounts",
    "upstream",
    "settings",
    "reporting",
    "observability",
    "webhooks",
    "config.ts",
  ],
  management: [
    "accounts",
    "errors",
    "catalog",
    "money",
    "keys",
    "ledger",
    "jobs",
    "settings",
    "reporting",
    "sync",
    "observability",
    "webhooks",
    "people",
    "audit-log",
    "export",
    "export",
    "config.ts",
  ],
  people: ["errors", "keys", "settings", "config.ts"],
  export: [],
  "audit-log": ["export", "errors", "keys"],
  console: ["errors", "money", "catalog", "management", "people"],
  simulator: ["catalog", "errors"],
};

/** Files that decide and do nothing else: no clock, chance, storage or network. */
const isPure = (name: string): boolean =>
  /^people\/(roles|session-token|[a-z]+-rules|relying-party)\.ts$/.test(name) ||
  /^(money|catalog|jobs\/machine)\//.test(name) ||
  /^(gateway\/(rate-limit-fields|submit-bound)|keys\/(job-id|ip-allow-list|quote-token))\.ts$/.test(name) ||
  /^webhooks\/(url-rule|webhook-param|retry-schedule|endpoint-health|lanes|delivery-machine)\.ts$/.test(name) ||
  /^accounts\/(allowance|fair-turn|circuit|choose-accounts)\.ts$/.test(name) ||
  /^sync\/(priced-models|read-listed-model)\.ts$/.test(name) ||
  /^reporting\/(calendar|forecast|group-usage|replay-budget|summarize-days|result-times)\.ts$/.test(name) ||
  /^reporting\/(day-hours|local-days)\.ts$/.test(name) ||
  /^settings\/(plan-enabling|find-model)\.ts$/.test(name) ||
  /^ledger\/(windows|scope|admission|limits|gcra|passed-thresholds|check-key|price-job|offer-rates)\.ts$/.test(name) ||
  /(^|\/)(rules|machine|timeline|notice|pace|reconciliation|answers|read-[a-z-]+-answer|compare-input)\.ts$/.test(name);

const IMPURE =
  /Date\.now|new Date\(\)|Math\.random|randomBytes|getRandomValues|\bfetch\(|cloudflare:|from "hono|SqlStorage/;

function importsOf(file: { name: string; text: string }): string[] {
  const found = [...file.text.matchAll(/from "(\.[^"]+)"/g)].map((match) => match[1] ?? "");
  const folder = dirname(join(ROOT, "src", file.name));
  return found.map((path) => relative(join(ROOT, "src"), resolve(folder, path)));
}

describe.each(files)("$name", (file) => {
  test("imports only what its room may", () => {
    const room = roomOf(file.name);
    const allowed = MAY_IMPORT[room];
    if (!file.name.includes("/")) return;
    expect(allowed, `room ${room} is not in the table of directions`).toBeDefined();
    const strangers = importsOf(file).filter((path) => roomOf(path) !== room && !allowed?.includes(roomOf(path)));
    expect(strangers).toEqual([]);
  });

  test("is of a size that can be read", () => {
    expect(file.text.split("\n").length).toBeLessThanOrEqual(300);
  });

  test("logs through the log, and leaves no marks", () => {
    if (file.name !== "observability/log.ts") expect(file.text).not.toMatch(/console\.\w+\(/);
    expect(file.text).not.toMatch(/\b(TODO|FIXME|XXX)\b|\bas any\b|: any[;,)\]]|@ts-(ignore|expect-error)/);
  });

  test("has no clock, chance or storage in it, if it is pure", () => {
    if (isPure(file.name)) expect(file.text).not.toMatch(IMPURE);
  });
});

test("every file is imported by another, or is an entry", () => {
  const entries = new Set(["index.ts", "simulator/index.ts"]);
  const imported = new Set(files.flatMap(importsOf));
  // What browsers load is bundled by scripts/console/build.ts.
  const isEntry = (name: string) => entries.has(name) || /^console\/client\/[^/]+\.tsx?$/.test(name);
  expect(files.map((file) => file.name).filter((name) => !imported.has(name) && !isEntry(name))).toEqual([]);
});

test("no folder is called by what it is not", () => {
  expect(files.filter((file) => /(^|\/)(utils?|helpers?|common)(\/|\.)/.test(file.name))).toEqual([]);
});
