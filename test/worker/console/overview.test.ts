import { beforeAll, expect, test } from "vitest";
import { newTenant, report, reserve, tenantWithKey } from "../management/api.ts";
import { signedIn, type SignedIn } from "../management/signed-in.ts";
import { see } from "./browse.ts";

let operator: SignedIn;

beforeAll(async () => {
  operator = await signedIn({ operator: true });
});

test("a new tenant is led to its first video; a viewer is shown the steps without their doors", async () => {
  const tenant = await newTenant(operator.call);
  const admin = await signedIn({ places: [{ tenant, role: "admin" }] });
  const viewer = await signedIn({ places: [{ tenant, role: "viewer" }] });
  const led = (await see(`/console/t/${tenant}/overview`, admin.cookie)).html;
  expect(led).toContain("Three steps");
  const doors = (html: string) => /<ol class="steps">.*<\/ol>/s.exec(html)?.[0].match(/href="[^"]+"/g) ?? [];
  expect(doors(led)).toHaveLength(3);
  expect(doors((await see(`/console/t/${tenant}/overview`, viewer.cookie)).html)).toEqual([]);
});

test("who ran something in the last 30 days is led no more, whichever day of the month it is", async () => {
  const tenant = await newTenant(operator.call);
  const viewer = await signedIn({ places: [{ tenant, role: "viewer" }] });
  const day = new Date(Date.now() - 20 * 86_400_000).toISOString().slice(0, 10);
  await report
    .prepare(
      `INSERT INTO usage_days (tenant, mode, local_day, team, key_id, model, jobs, seconds, cost_micros, price_micros, results_15s)
     VALUES (?1, 'live', ?2, '', 'k', 'm', 1, 5, 1, 1, 1)`,
    )
    .bind(tenant, day)
    .run();
  const { html } = await see(`/console/t/${tenant}/overview`, viewer.cookie);
  expect(html).not.toContain("Three steps");
  expect(html).toContain("under 15 s");
  expect(html).toContain("Last month by this day");
});

test("what runs and what it holds are there at once, with the budget that it is held against", async () => {
  const { tenant, key, at } = await tenantWithKey(operator.call, { name: "<b>key</b>" });
  const made = await operator.call("PUT", `${at}/budgets/month`, {
    mode: "live",
    scope: { tenant: true },
    window: "month",
    limit: "10",
  });
  expect(made.status).toBeLessThan(300);
  await reserve(tenant, key);
  const viewer = await signedIn({ places: [{ tenant, role: "viewer" }] });
  const { status, html } = await see(`/console/t/${tenant}/overview`, viewer.cookie);
  expect(status).toBe(200);
  expect(html).not.toContain("Three steps");
  expect(html).toContain("$1.30 held");
  expect(html).toContain("$8.70 left of $10.00");
  expect(html).toContain("Resets");
  expect(html).not.toContain("Margin");
  expect((await see(`/console/t/${tenant}/overview`, operator.cookie)).html).toContain("Margin this month");
});

test("mode and chart are the address's to choose; a wrong day is said beside its field", async () => {
  const tenant = await newTenant(operator.call);
  const viewer = await signedIn({ places: [{ tenant, role: "viewer" }] });
  const path = `/console/t/${tenant}/overview`;
  const team = await see(`${path}?by=team&mode=test`, viewer.cookie);
  expect(team.html).toContain("Spend by team");
  expect(team.html).toContain("Sandbox: nothing of it is billed");
  for (const query of ["from=soon", "from=2001-01-01", "mode=half"]) {
    const wrong = await see(`${path}?${query}`, viewer.cookie);
    expect([query, wrong.status]).toEqual([query, 400]);
    expect(wrong.html).toContain('aria-invalid="true"');
  }
});

test("another tenant's overview is nowhere, and the gateway's is for operators", async () => {
  const tenant = await newTenant(operator.call);
  const other = await newTenant(operator.call);
  const stranger = await signedIn({ places: [{ tenant: other, role: "owner" }] });
  expect((await see(`/console/t/${tenant}/overview`, stranger.cookie)).status).toBe(404);
  expect((await see("/console/t/no-one/overview", stranger.cookie)).status).toBe(404);
  expect((await see("/console/gateway", stranger.cookie)).status).toBe(403);
  const gateway = await see("/console/gateway", operator.cookie);
  expect(gateway.status).toBe(200);
  for (const text of ["Margin this month", "Open alerts", "WaveSpeed accounts", "Spend by model", "margin by tenant"]) {
    expect(gateway.html).toContain(text);
  }
});
