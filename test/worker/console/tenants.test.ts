import { beforeAll, expect, test } from "vitest";
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
