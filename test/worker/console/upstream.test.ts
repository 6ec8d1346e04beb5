import { beforeAll, expect, test } from "vitest";
import { raiseAlert } from "../../../src/observability/alerts.ts";
import { nextWalk, prompt, simulator, T2V } from "../jobs/world.ts";
import { control, tenantWithKey, type Json } from "../management/api.ts";
import { ESCAPED, HOSTILE } from "./browse.ts";
import { newPlace, type Place } from "./place.ts";

const PATH = "/console/upstream";
/** The lists are D1's, which hears of a job by the queue. */
const WAIT = { timeout: 10_000 };

let place: Place;
beforeAll(async () => {
  place = await newPlace();
});

/** A lost job whose task the list shows twice: nobody can tell which is its own. $1.30 are held for it. */
async function unclearJob() {
  const { at, tenant, asTenant } = await tenantWithKey(place.operator);
  await place.operator("PUT", `${at}/budgets/main`, { scope: { tenant: true }, limit: "50", window: "total" });
  const text = prompt("drop=after");
  const { body } = await asTenant("POST", `/api/v3/${T2V}`, { prompt: text, duration: "5" });
  const id = String((body["data"] as Json)["id"]);
  await simulator("POST", `/api/v3/${T2V}`, { prompt: text }).catch(() => null);
  await nextWalk(id);
  const budgets = async () => (await place.operator("GET", `${at}/balance`)).body["budgets"];
  return { id, tenant, page: `${PATH}/jobs/${tenant}/${id}`, budgets };
}

test("the accounts are shown with their circuit, and a balance is looked at when asked", async () => {
  const { status, html } = await place.asOperator.see(PATH);
  expect([status, html.includes("closed: jobs go"), html.includes("Nothing is paused")]).toEqual([200, true, true]);
  const { body } = await place.operator("GET", "/v1/accounts");
  const [account] = body["data"] as { name: string }[];
  const checked = await place.asOperator.send(PATH, { do: "check", account: account?.name ?? "" });
  expect([checked.status, checked.html.includes("Jobs go to it")]).toEqual([200, true]);
  expect((await place.asOperator.send(PATH, { do: "check", account: "nobody" })).status).toBe(404);
});

test("a pause is made, shown and ended; wrong values are told beside their fields", async () => {
  const { asOperator, operator } = place;
  const form = { do: "pause", kind: "model", model: T2V, account: "main", pause: "calm", reason: HOSTILE };
  for (const [wrong, field] of [
    [{ reason: " " }, "reason"],
    [{ model: "no model" }, "model"],
    [{ kind: "account", account: "nobody" }, "account"],
    [{ pause: "Not A Slug" }, "pause"],
  ] as const) {
    const { status, html } = await asOperator.send(PATH, { ...form, ...wrong });
    expect([status, field, html.includes(`id="${field}-wrong"`)]).toEqual([400, field, true]);
  }
  expect((await asOperator.send(PATH, form)).location).toBe(`${PATH}?done=paused`);
  expect((await operator("GET", "/v1/pauses")).body["data"]).toMatchObject([{ id: "calm", scope: { model: T2V } }]);
  const { html } = await asOperator.see(PATH);
  expect([html.includes(ESCAPED), html.includes(HOSTILE)]).toEqual([true, false]);
  expect((await asOperator.send(PATH, { do: "resume", pause: "calm" })).status).toBe(303);
  expect((await asOperator.send(PATH, { do: "resume", pause: "calm" })).status).toBe(404);
  expect((await operator("GET", "/v1/pauses")).body["data"]).toEqual([]);
});

test("an alert is seen to, but not one that was raised again since it was read", async () => {
  const alert = { kind: "odd_thing", subject: HOSTILE, message: "look" };
  await raiseAlert(control, alert);
  const { html } = await place.asOperator.see(PATH);
  expect([html.includes("odd thing"), html.includes(ESCAPED), html.includes(HOSTILE)]).toEqual([true, true, false]);
  const { body } = await place.operator("GET", "/v1/alerts?limit=100");
  const id = (body["data"] as { id: string; kind: string }[]).find(({ kind }) => kind === alert.kind)?.id ?? "";
  await raiseAlert(control, alert);
  const stale = await place.asOperator.send(PATH, { do: "seen", alert: id, count: "1" });
  expect([stale.status, stale.html.includes("was raised again")]).toEqual([404, true]);
  expect((await place.asOperator.send(PATH, { do: "seen", alert: id, count: "2" })).status).toBe(303);
});

test.each([
  ["captured", "1.300000"],
  ["released", "0.000000"],
])("an unclear job is %s, after its page said what that does to the money", async (outcome, captured) => {
  const { asOperator } = place;
  const { id, page, budgets } = await unclearJob();
  await expect.poll(async () => (await asOperator.see(PATH)).html.includes(page), WAIT).toBe(true);
  const { html } = await asOperator.see(page);
  expect(html).toContain("the tenant pays $1.30");
  expect(html).toContain("may spend the $1.30 again");
  const wrong = await asOperator.send(page, { outcome, reason: " " });
  expect([wrong.status, wrong.html.includes('id="reason-wrong"')]).toEqual([400, true]);
  expect(await budgets()).toMatchObject([{ captured: "0.000000", held: "1.300000" }]);
  expect((await asOperator.send(page, { outcome, reason: "seen on the dashboard" })).status).toBe(303);
  expect(await budgets()).toMatchObject([{ captured, held: "0.000000" }]);
  expect((await asOperator.send(page, { outcome: "released", reason: "again" })).status).toBe(409);
  expect(await budgets()).toMatchObject([{ captured, held: "0.000000" }]);
  expect(id).toMatch(/^[0-9a-f]{32}$/);
});

test("these pages are the operators' alone", async () => {
  const { tenant, page } = await unclearJob();
  for (const who of [place.owner, place.viewer]) {
    expect((await who.see(PATH)).status).toBe(403);
    expect((await who.see(page)).status).toBe(404);
    const sent = [
      who.send(PATH, { do: "pause", kind: "gateway", pause: "evil", reason: "x" }),
      who.send(PATH, { do: "check", account: "main" }),
      who.send(PATH, { do: "seen", alert: "x", count: "1" }),
    ];
    expect((await Promise.all(sent)).map(({ status }) => status)).toEqual([403, 403, 403]);
    expect([403, 404]).toContain((await who.send(page, { outcome: "captured", reason: "x" })).status);
  }
  const other = await place.asOperator.see(`${PATH}/jobs/${place.tenant}/${"0".repeat(32)}`);
  expect([other.status, tenant === place.tenant]).toEqual([404, false]);
});
