import { beforeAll, expect, test } from "vitest";
import { appendEntry } from "../../../src/audit-log/index.ts";
import { begun, run } from "../management/audit-log.ts";
import { control, newTenant, secrets } from "../management/api.ts";
import { signedIn } from "../management/signed-in.ts";
import { browserOf, ESCAPED, HOSTILE } from "./browse.ts";
import { hasNoForm, newPlace, type Place } from "./place.ts";

let place: Place;
let path: string;
beforeAll(async () => {
  place = await newPlace();
  path = place.page("audit-log");
  const budget = (limit: string) => ({ scope: { tenant: true }, limit, window: "total" });
  await place.operator("PUT", `${place.at}/budgets/main`, budget("13"));
  await place.operator("PUT", `${place.at}/budgets/main`, budget("14"));
  await place.operator("POST", `${place.at}/keys`, { name: HOSTILE });
});

test("a change is told with who made it and what it changed, and hostile names are text", async () => {
  const { status, html } = await place.admin.see(path);
  expect(status).toBe(200);
  expect(html).toContain("PUT /tenants/{tenant}/budgets/{budget_id}");
  expect(html).toContain("<del>13.000000</del>");
  expect(html).toContain("<ins>14.000000</ins>");
  expect([html.includes(ESCAPED), html.includes(HOSTILE)]).toEqual([true, false]);
  // A key's beginning is no secret; the rest is.
  expect(html).not.toMatch(/wg_(live|test|mgmt)_[\w-]{21}/);
  expect(html).toContain("[redacted]");
});

test("filters are in the address; a wrong one is told beside its field", async () => {
  const action = "POST /tenants/{tenant}/keys";
  const filtered = await place.owner.see(`${path}?${new URLSearchParams({ action })}`);
  expect([filtered.html.includes(ESCAPED), filtered.html.includes("<del>13.000000</del>")]).toEqual([true, false]);
  const today = new Date().toISOString().slice(0, 10);
  const span = await place.owner.see(`${path}?from=2020-01-01&to=${today}&actor=&action=`);
  expect([span.status, span.html.includes("<ins>14.000000</ins>")]).toEqual([200, true]);
  const past = await place.owner.see(`${path}?to=2020-01-01`);
  expect(past.html).toContain("No change is told here");
  const wrong = await place.owner.see(`${path}?from=yesterday&cursor=x`);
  expect([wrong.status, wrong.html.includes('id="from-wrong"')]).toEqual([400, true]);
});

test("the log is verified, as far as one press goes, then from there; what was changed from outside is found", async () => {
  const tenant = await newTenant(place.operator);
  const own = `/console/t/${tenant}/audit-log`;
  for (let n = 1; n <= 5; n++) {
    const end = { outcome: "done", after: null } as const;
    await appendEntry(control, secrets, { change: begun(tenant), end }, Date.now());
  }
  const good = await place.asOperator.send(own, { do: "verify" });
  expect(good.html).toMatch(/All [56] entries are as they were written/);
  const [, seq = "", hash = ""] = /entry (\d+), hash <code>([0-9a-f]{64})/.exec(good.html) ?? [];
  const noted = await place.asOperator.send(own, { do: "verify", seq, hash });
  expect(noted.html).toMatch(/All [56] entries/);
  const other = await place.asOperator.send(own, { do: "verify", seq, hash: "0".repeat(64) });
  expect(other.html).toContain(`Changed from outside, at entry ${seq}`);
  const wrong = await place.asOperator.send(own, { do: "verify", seq: "x", hash });
  expect([wrong.status, wrong.html.includes('id="seq-wrong"')]).toEqual([400, true]);
  await run("UPDATE audit_entries SET actor = 'person:evil' WHERE chain = ? AND seq = 3", tenant);
  expect((await place.asOperator.send(own, { do: "verify" })).html).toContain("Changed from outside, at entry 3");
});

test("both exports are the API's, as files with a name", async () => {
  for (const format of ["csv", "ndjson"]) {
    const { cookie, call } = await signedIn({ places: [{ tenant: place.tenant, role: "admin" }] });
    const shown = await browserOf({ cookie } as Parameters<typeof browserOf>[0]).see(`${path}/export?format=${format}`);
    const { text } = await call("GET", `${place.at}/audit-log/export?format=${format}`);
    expect([shown.status, shown.html]).toEqual([200, text]);
  }
  expect((await place.owner.see(path)).html).toContain(`${path}/export?format=csv`);
});

test("an owner says how long it is kept; an admin reads it", async () => {
  expect((await place.owner.send(path, { do: "keep", days: "90" })).location).toBe(`${path}?done=saved`);
  expect((await place.operator("GET", `${place.at}/audit-log/retention`)).body).toEqual({ days: 90 });
  for (const days of ["29", "many", "3651", "1.5"]) {
    const { status, html } = await place.owner.send(path, { do: "keep", days });
    expect([days, status, html.includes('id="days-wrong"')]).toEqual([days, 400, true]);
  }
  const { html } = await place.admin.see(path);
  expect([html.includes("90 days old"), html.includes('name="days"')]).toEqual([true, false]);
  expect((await place.admin.send(path, { do: "keep", days: "30" })).status).toBe(403);
  await place.owner.send(path, { do: "keep", days: "" });
  expect((await place.operator("GET", `${place.at}/audit-log/retention`)).body).toEqual({ days: null });
});

test("the gateway's log is the operators', a tenant's of who manages it, and another's is nowhere", async () => {
  const gateway = await place.asOperator.see("/console/audit-log");
  expect([gateway.status, gateway.html.includes("POST /tenants")]).toEqual([200, true]);
  expect((await place.asOperator.see(path)).status).toBe(200);
  for (const who of [place.member, place.viewer]) {
    const { status, html } = await who.see(path);
    expect([status, hasNoForm(html), html.includes("14.000000")]).toEqual([403, true, false]);
    expect((await who.send(path, { do: "keep", days: "30" })).status).toBe(403);
    expect((await who.see(`${path}/export`)).status).toBe(403);
  }
  expect((await place.stranger.see(path)).status).toBe(404);
  expect((await place.stranger.see(`${path}/export`)).status).toBe(404);
  expect((await place.stranger.send(path, { do: "verify" })).status).toBe(404);
  for (const who of [place.owner, place.stranger]) {
    expect((await who.see("/console/audit-log")).status).toBe(403);
    expect((await who.send("/console/audit-log", { do: "keep", days: "30" })).status).toBe(403);
  }
});
