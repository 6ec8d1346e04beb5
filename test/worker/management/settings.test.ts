import { beforeAll, expect, test } from "vitest";
import { raiseAlert } from "../../../src/observability/alerts.ts";
import {
  forgetSettings,
  insertVersion,
  loadSettings,
  readVersions,
  writeModelEnabled,
} from "../../../src/settings/index.ts";
import { control, migrate } from "./api.ts";

beforeAll(migrate);

/** The database, until `away` is set; a binding of its own, so that it has a copy of its own. */
function database() {
  const state = { away: false, reads: 0 };
  const db = new Proxy(control, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        state.reads++;
        if (state.away) throw new Error("D1 is away");
        return Reflect.apply(value, target, args) as unknown;
      };
    },
  });
  return { db, state };
}

const NOW = 1_800_000_000_000;

test("settings are read once in 30 s, then again", async () => {
  const { db, state } = database();
  await loadSettings(db, NOW);
  const once = state.reads;
  await loadSettings(db, NOW + 29_999);
  expect(state.reads).toBe(once);
  const later = await loadSettings(db, NOW + 30_000);
  expect(state.reads).toBeGreaterThan(once);
  expect(later.ok && later.value.loadedAt).toBe(NOW + 30_000);
});

test("when D1 fails the copy serves until it is 10 minutes old, then nothing is admitted", async () => {
  const { db, state } = database();
  await loadSettings(db, NOW);
  state.away = true;
  const old = await loadSettings(db, NOW + 599_999);
  expect(old.ok && old.value.loadedAt).toBe(NOW);
  const stale = await loadSettings(db, NOW + 600_000);
  expect(stale).toMatchObject({ ok: false, error: { code: "settings_stale" } });
  state.away = false;
  expect((await loadSettings(db, NOW + 600_000)).ok).toBe(true);
});

test("after a failure D1 is left alone for 5 s", async () => {
  const { db, state } = database();
  await loadSettings(db, NOW);
  state.away = true;
  await loadSettings(db, NOW + 30_000);
  const tried = state.reads;
  await loadSettings(db, NOW + 34_999);
  expect(state.reads).toBe(tried);
  await loadSettings(db, NOW + 35_000);
  expect(state.reads).toBeGreaterThan(tried);
});

test("without a copy and without D1 nothing is admitted", async () => {
  const { db, state } = database();
  state.away = true;
  expect(await loadSettings(db, NOW)).toMatchObject({ ok: false, error: { code: "settings_stale" } });
});

test("a change is seen at once after forgetting, and by others within 30 s", async () => {
  const [here, there] = [database().db, database().db];
  const model = `test/${crypto.randomUUID()}`;
  await loadSettings(here, NOW);
  await loadSettings(there, NOW);
  await writeModelEnabled(control, { model, enabled: false, updatedAt: NOW });
  forgetSettings(here);
  const disabled = async (db: D1Database, now: number) => {
    const settings = await loadSettings(db, now);
    return settings.ok && settings.value.disabledModels.has(model);
  };
  expect(await disabled(here, NOW + 1)).toBe(true);
  expect(await disabled(there, NOW + 1)).toBe(false);
  expect(await disabled(there, NOW + 30_000)).toBe(true);
});

test("a version's number is written once; the version in force is read also under many that wait", async () => {
  const model = `test/${crypto.randomUUID()}`;
  const rate = { model, unit: "second", unitMicros: 1, confirmed: false, source: "test" } as const;
  for (let version = 2; version <= 45; version++) {
    const effectiveFrom = version <= 35 ? NOW - 1 : NOW + version;
    expect(await insertVersion(control, { ...rate, version, effectiveFrom }, NOW)).toBe(true);
  }
  expect(await insertVersion(control, { ...rate, version: 45, effectiveFrom: 0 }, NOW)).toBe(false);
  const settings = await loadSettings(database().db, NOW);
  if (!settings.ok) throw new Error("refused");
  const versions = settings.value.rates.get(model)?.map(({ version }) => version) ?? [];
  expect(versions).toContain(35);
  expect(versions.at(-1)).toBe(45);
  expect(versions.length).toBeLessThanOrEqual(32);
  expect((await readVersions(control, model)).map(({ version }) => version)).toEqual(versions);
});

test("the same alert again raises its count and keeps the first time; one that cannot be stored does not throw", async () => {
  const subject = crypto.randomUUID();
  expect(await raiseAlert(control, { kind: "unknown_status", subject, message: "first" })).toBe(true);
  await raiseAlert(control, { kind: "unknown_status", subject, message: "second" });
  await raiseAlert(control, { kind: "other", subject, message: "third" });
  const { results } = await control.prepare("SELECT * FROM alerts WHERE subject = ? ORDER BY kind").bind(subject).all();
  expect(results).toMatchObject([
    { kind: "other", count: 1 },
    { kind: "unknown_status", count: 2, message: "second" },
  ]);
  const { db, state } = database();
  state.away = true;
  expect(await raiseAlert(db, { kind: "other", subject, message: "lost" })).toBe(false);
});
