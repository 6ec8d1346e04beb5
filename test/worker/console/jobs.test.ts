import { beforeAll, expect, test } from "vitest";
import { newTenant, reserve, tenantWithKey } from "../management/api.ts";
import { signedIn, type SignedIn } from "../management/signed-in.ts";
import { post, see } from "./browse.ts";

const HOSTILE = "<img src=x onerror=alert(1)>";

let operator: SignedIn;
let tenant: string;
let job: string;
let owner: SignedIn;
let viewer: SignedIn;

beforeAll(async () => {
  operator = await signedIn({ operator: true });
  const made = await tenantWithKey(operator.call, { name: HOSTILE, team: "film" });
  tenant = made.tenant;
  await operator.call("PUT", `${made.at}/budgets/all`, { scope: { tenant: true }, window: "total", limit: "10" });
  job = await reserve(tenant, made.key);
  owner = await signedIn({ places: [{ tenant, role: "owner" }] });
  viewer = await signedIn({ places: [{ tenant, role: "viewer" }] });
});

test("a job is listed as soon as it is admitted, and the list follows what happens", async () => {
  const { status, html } = await see(`/console/t/${tenant}/jobs`, viewer.cookie);
  expect(status).toBe(200);
  expect(html).toContain(`href="/console/t/${tenant}/jobs/${job}"`);
  expect(html).toMatch(/id="jobs"[^>]*data-live="3"/);
});

test("names are text, whatever they are", async () => {
  const { html } = await see(`/console/t/${tenant}/jobs`, owner.cookie);
  expect(html).not.toContain("<img");
  expect(html).toContain("&lt;img src=x onerror=alert(1)&gt;");
});

test("cost is shown to operators alone", async () => {
  for (const path of [`/console/t/${tenant}/jobs`, `/console/t/${tenant}/jobs/${job}`]) {
    expect((await see(path, owner.cookie)).html).not.toMatch(/Cost|Margin|Id at WaveSpeed/);
    expect((await see(path, operator.cookie)).html).toContain("Cost");
  }
});

test("filters are in the address, and one that is wrong is said beside it", async () => {
  const found = await see(`/console/t/${tenant}/jobs?q=${job}&status=running&team=film`, owner.cookie);
  expect(found.html).toContain(`jobs/${job}"`);
  const none = await see(`/console/t/${tenant}/jobs?status=failed`, owner.cookie);
  expect(none.html).toContain("No job is as the filters say");
  expect(none.html).toMatch(/<option value="failed" selected/);
  const past = await see(`/console/t/${tenant}/jobs?to=2020-01-01`, owner.cookie);
  expect(past.html).toContain("No job is as the filters say");
  for (const [name, value] of Object.entries({ q: "zz", from: "soon", status: "odd", mode: "half" })) {
    const wrong = await see(`/console/t/${tenant}/jobs?${name}=${value}`, owner.cookie);
    expect([name, wrong.status]).toEqual([name, 400]);
    expect(wrong.html).toMatch(/aria-invalid="true"/);
  }
});

test("days are those of the tenant's own time zone, and said to be", async () => {
  const { body } = await operator.call("POST", "/v1/tenants", { name: "far east", time_zone: "Pacific/Auckland" });
  const { html } = await see(`/console/t/${String(body["id"])}/jobs`, operator.cookie);
  expect(html).toContain("From (Pacific/Auckland)");
  expect((await see(`/console/t/${tenant}/jobs`, owner.cookie)).html).toContain("From (UTC)");
});

test("tasks at WaveSpeed are looked for by operators alone", async () => {
  expect((await see(`/console/t/${tenant}/jobs`, owner.cookie)).html).not.toContain("WaveSpeed");
  expect((await see(`/console/t/${tenant}/jobs?upstream_id=x`, owner.cookie)).status).toBe(403);
  const none = await see(`/console/t/${tenant}/jobs?upstream_id=nobodys`, operator.cookie);
  expect(none.html).toContain("No job is as the filters say");
  const wrong = await see(`/console/t/${tenant}/jobs?upstream_id=none:${job}`, operator.cookie);
  expect(wrong.html).toContain('id="upstream_id-wrong"');
});

test("a tenant without jobs is told what to do next", async () => {
  const fresh = await newTenant(operator.call);
  const someone = await signedIn({ places: [{ tenant: fresh, role: "member", team: "film" }] });
  const { html } = await see(`/console/t/${fresh}/jobs`, someone.cookie);
  expect(html).toContain(`href="/console/t/${fresh}/playground"`);
});

test("a job's page has its money, and a viewer cannot stop it", async () => {
  const { status, html } = await see(`/console/t/${tenant}/jobs/${job}`, viewer.cookie);
  expect(status).toBe(200);
  expect(html).toContain("Held: set aside from the budgets");
  expect(html).toContain("$1.30");
  expect(html).not.toContain("Cancel job");
  const sent = await post(`/console/t/${tenant}/jobs/${job}/cancel`, { csrf: viewer.csrf }, { cookie: viewer.cookie });
  expect(sent.status).toBe(403);
  const replay = await post(
    `/console/t/${tenant}/jobs/${job}/replay`,
    { csrf: viewer.csrf, delivery: "x" },
    { cookie: viewer.cookie },
  );
  expect(replay.status).toBe(403);
});

test("what the API refuses to do is said on the job's page; without the form's token nothing is done", async () => {
  const path = `/console/t/${tenant}/jobs/${job}`;
  const form = { csrf: owner.csrf, delivery: "none" };
  const replay = await post(`${path}/replay`, form, { cookie: owner.cookie });
  expect(replay.status).toBeGreaterThanOrEqual(400);
  expect(await replay.text()).toContain('role="alert"');
  expect((await post(`${path}/cancel`, {}, { cookie: owner.cookie })).status).toBe(403);
});

test("another tenant's jobs are nowhere", async () => {
  const other = await newTenant(operator.call);
  const stranger = await signedIn({ places: [{ tenant: other, role: "owner" }] });
  const paths = [
    `${tenant}/jobs`,
    `${tenant}/jobs/${job}`,
    `${other}/jobs/${job}`,
    `${other}/jobs/none`,
    "no-one/jobs",
  ];
  for (const path of paths) {
    expect([path, (await see(`/console/t/${path}`, stranger.cookie)).status]).toEqual([path, 404]);
  }
});
