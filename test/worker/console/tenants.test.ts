import { beforeAll, expect, test } from "vitest";
import { MODEL } from "../management/api.ts";
import { ESCAPED, HOSTILE } from "./browse.ts";
import { newPlace, type Place } from "./place.ts";

let place: Place;
beforeAll(async () => {
  place = await newPlace();
});

test("a tenant is made with its first budget; the same form again makes no second one", async () => {
  const { asOperator, operator } = place;
  const form = { name: HOSTILE, time_zone: "Europe/Berlin", limit: "50.00", once: "same-form" };
  const made = await asOperator.send("/console/tenants", form);
  const id = /\/console\/t\/([0-9a-f]{12})\/budgets/.exec(made.location ?? "")?.[1] ?? "";
  expect((await asOperator.send("/console/tenants", form)).location).toBe(made.location);
  const { body } = await operator("GET", `/v1/tenants/${id}/balance`);
  expect(body["budgets"]).toMatchObject([{ limit: "50.000000", window: "month", time_zone: "Europe/Berlin" }]);
  const list = await asOperator.see("/console/tenants");
  const one = await asOperator.see(`/console/tenants/${id}`);
  for (const { status, html } of [list, one]) {
    expect([status, html.includes(ESCAPED), html.includes(HOSTILE)]).toEqual([200, true, false]);
  }
  expect(list.html).toContain(`/console/tenants/${place.tenant}`);
});

test("wrong values are told, and what was typed stays", async () => {
  const zone = await place.asOperator.send("/console/tenants", { name: "Typed", time_zone: "Nowhere", once: "z" });
  expect([zone.status, zone.html.includes('id="time_zone-wrong"'), zone.html.includes("Typed")]).toEqual([
    400,
    true,
    true,
  ]);
  const limit = await place.asOperator.send("/console/tenants", { name: "Typed", limit: "much", once: "l" });
  expect([limit.status, limit.html.includes('id="limit-wrong"')]).toEqual([400, true]);
});

test("a tenant is suspended with a reason, and goes on; its settings change", async () => {
  const { asOperator, operator, at, tenant } = place;
  const page = `/console/tenants/${tenant}`;
  expect((await asOperator.send(page, { do: "suspended", reason: "" })).html).toContain('id="reason-wrong"');
  await asOperator.send(page, { do: "suspended", reason: "unpaid" });
  expect((await operator("GET", at)).body).toMatchObject({ status: "suspended", reason: "unpaid" });
  expect((await asOperator.see(page)).html).toContain("Suspended: unpaid");
  await asOperator.send(page, { do: "active" });
  const settings = {
    queue_weight: "3",
    keep_inputs_days: "7",
    allowed_origins: "https://a.example, https://b.example",
  };
  expect((await asOperator.send(page, { do: "settings", ...settings })).status).toBe(303);
  expect((await operator("GET", at)).body).toMatchObject({
    status: "active",
    queue_weight: 3,
    keep_inputs_days: 7,
    allowed_origins: ["https://a.example", "https://b.example"],
  });
  const wrong = await asOperator.send(page, { do: "settings", ...settings, queue_weight: "many" });
  expect([wrong.status, wrong.html.includes('id="queue_weight-wrong"')]).toEqual([400, true]);
});

test("operators are invited with a link that is shown once, disabled and enabled", async () => {
  const { asOperator, operator } = place;
  const made = await asOperator.send("/console/people", { name: "Ops", email: "ops@example.com" });
  expect(made.html).toMatch(/sign-in\?code=/);
  const { body } = await operator("GET", "/v1/people?limit=100");
  const person = (body["data"] as { id: string; name: string }[]).find(({ name }) => name === "Ops")?.id ?? "";
  expect((await asOperator.send(`/console/people/${person}/link`, {})).html).toMatch(/sign-in\?code=/);
  expect((await asOperator.send(`/console/people/${person}`, { disabled: "yes" })).status).toBe(303);
  expect((await asOperator.send(`/console/people/${person}/link`, {})).status).toBe(409);
  expect((await asOperator.send(`/console/people/${person}`, {})).status).toBe(303);
  expect((await asOperator.see("/console/people")).html).not.toContain("sign-in?code=");
});

test("these pages are the operators' alone", async () => {
  const { owner, viewer, tenant } = place;
  for (const who of [owner, viewer]) {
    for (const path of ["/console/tenants", `/console/tenants/${tenant}`, "/console/people"]) {
      expect([403, 404]).toContain((await who.see(path)).status);
      expect((await who.send(path, { name: "x", email: "x@example.com", do: "suspended", reason: "x" })).status).toBe(
        403,
      );
    }
  }
});

test("what a tenant pays is said in percent and by model; wrong lines are told, and what was typed stays", async () => {
  const { asOperator, operator, at, tenant } = place;
  const page = `/console/tenants/${tenant}`;
  const models = `${MODEL}  12.5%\r\nkwaivgi/kling-v2.0-t2v-master $0.30\r\n`;
  expect((await asOperator.send(`${page}/pricing`, { markup: "15", models })).location).toBe(`${page}?done=saved`);
  expect((await operator("GET", `${at}/pricing`)).body).toMatchObject({
    markup_bps: 1_500,
    models: { [MODEL]: { markup_bps: 1_250 }, "kwaivgi/kling-v2.0-t2v-master": { unit_price: "0.300000" } },
  });
  const { html } = await asOperator.see(page);
  expect(html).toContain(`${MODEL} 12.5%\nkwaivgi/kling-v2.0-t2v-master 0.300000`);
  for (const [form, field] of [
    [{ markup: "1.234", models: "" }, "markup"],
    [{ markup: "15", models: `${MODEL} cheap` }, "models"],
    [{ markup: "15", models: MODEL }, "models"],
  ] as const) {
    const wrong = await asOperator.send(`${page}/pricing`, form);
    expect([wrong.status, wrong.html.includes(`id="${field}-wrong"`)]).toEqual([400, true]);
    expect(wrong.html).toContain(form.markup);
  }
  expect((await place.owner.send(`${page}/pricing`, { markup: "0" })).status).not.toBe(303);
  expect((await operator("GET", `${at}/pricing`)).body).toMatchObject({ markup_bps: 1_500 });
});

test("credit is given, limited and taken away; the books are checked", async () => {
  const { asOperator, operator, at, tenant } = place;
  const page = `/console/tenants/${tenant}`;
  expect((await asOperator.send(`${page}/credit`, { limit: "500" })).status).toBe(303);
  expect((await operator("GET", `${at}/credit`)).body).toMatchObject({ limit: "500.000000", balance: "0.000000" });
  const wrong = await asOperator.send(`${page}/credit`, { limit: "much" });
  expect([wrong.status, wrong.html.includes('id="limit-wrong"')]).toEqual([400, true]);
  expect((await asOperator.send(`${page}/credit/delete`, {})).status).toBe(303);
  expect((await operator("GET", `${at}/credit`)).status).toBe(404);
  expect((await asOperator.send(`${page}/audit`, {})).html).toContain("The books are right up to entry");
  const whole = await asOperator.send(`${page}/audit`, { full: "true" });
  const again = /href="([^"]+\?audit=[0-9a-f]{16})/.exec(whole.html)?.[1];
  expect([whole.status, again === undefined && !whole.html.includes("The books are right")]).toEqual([200, false]);
  if (again !== undefined) expect((await asOperator.see(again)).status).toBe(200);
  for (const what of ["credit", "credit/delete", "audit"]) {
    expect((await place.owner.send(`${page}/${what}`, { limit: "1" })).status).toBeGreaterThanOrEqual(400);
  }
});
