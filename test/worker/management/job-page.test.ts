import { beforeAll, expect, test } from "vitest";
import { ledgerOf } from "../../../src/ledger/ledger-of.ts";
import { replayJournal } from "../../../src/reporting/index.ts";
import { testEnv } from "../../support/test-env.ts";
import { age, finish, ring } from "../jobs/world.ts";
import {
  callerWith,
  migrate,
  newTenant,
  operatorKey,
  report,
  reserve,
  tenantWithKey,
  type Call,
  type Json,
} from "./api.ts";
import { signedIn } from "./signed-in.ts";

let operator: Call;
beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

const T2V = "kwaivgi/kling-v2.0-t2v-master";

async function customer(asked: Json = {}) {
  const made = await tenantWithKey(operator, asked);
  await operator("PUT", `${made.at}/budgets/main`, { scope: { tenant: true }, limit: "50", window: "total" });
  await operator("PUT", `${made.at}/pricing`, { markup_bps: 1_000 });
  const submit = async (fate: string): Promise<string> => {
    const input = { prompt: `a fox [[sim: ${fate}]]`, duration: "5" };
    const { body } = await made.asTenant("POST", `/api/v3/${T2V}`, input);
    return String((body["data"] as Json)["id"]);
  };
  return { ...made, submit };
}

const idsOf = (body: Json): string[] => (body["data"] as { id: string }[]).map(({ id }) => id);

test("a job's page has its money, outputs, input and webhooks; cost and the id upstream are the operator's", async () => {
  const { at, tenant, submit } = await customer({ team: "red" });
  await operator("PATCH", at, { keep_inputs_days: 7 });
  const hook = { url: "https://hooks.example.com/x", events: ["job.completed"] };
  await operator("POST", `${at}/webhooks`, hook);
  const id = await submit("delay=0s");
  await finish(id);
  const { status, body } = await operator("GET", `${at}/jobs/${id}`);
  expect(status).toBe(200);
  expect(body).toMatchObject({ id, status: "completed", team: "red", price: "1.430000", held: "1.430000" });
  expect(body).toMatchObject({ cost: "1.300000", margin: "0.130000", deleted: false });
  expect(body["upstream_id"]).toMatch(/\S/);
  expect(body["prediction"]).toMatchObject({ status: "completed", outputs: [expect.stringMatching(/^http/)] });
  expect(body["input"]).toMatchObject({ input: { duration: 5 }, dropped_for_room: false });
  const events = body["timeline"] as { event: string; amount: string | null }[];
  expect(events.filter(({ amount }) => amount !== null).map(({ event, amount }) => [event, amount])).toEqual([
    ["held", "1.430000"],
    ["captured", "1.430000"],
  ]);
  const member = await signedIn({ places: [{ tenant, role: "member", team: "red" }] });
  const own = await member.call("GET", `${at}/jobs/${id}`);
  expect(own.body).toMatchObject({ id, price: "1.430000", timeline: events });
  expect(own.text).not.toMatch(/"(cost|margin|upstream_id)"|hooks\.example/);
});

test("operators are told what was written off and lost of a job that was given up; its tenant is not", async () => {
  const { at, tenant, submit } = await customer();
  const id = await submit("delay=0s, poll.http=503, poll.times=1");
  await age(id, "created_at", 8 * 86_400_000 + 1_000);
  await ring(id);
  await ring(id);
  const amounts = (body: Json) =>
    (body["timeline"] as { event: string; amount: string | null }[])
      .filter(({ amount }) => amount !== null)
      .map(({ event, amount }) => `${event} ${amount}`)
      .toSorted();
  const seen = await operator("GET", `${at}/jobs/${id}`);
  const own = ["held 1.430000", "released 1.430000"];
  expect(amounts(seen.body)).toEqual([...own, "loss 1.300000", "written_off 1.300000"].toSorted());
  const owner = await signedIn({ places: [{ tenant, role: "owner" }] });
  expect(amounts((await owner.call("GET", `${at}/jobs/${id}`)).body)).toEqual(own);
});

test("another team's job, another tenant's and none at all answer the same", async () => {
  const { at, tenant, submit } = await customer({ team: "red" });
  const other = await customer();
  const id = await submit("delay=1h");
  const theirs = await other.submit("delay=1h");
  const none = `${tenant}${"0".repeat(20)}`;
  const blue = await signedIn({ places: [{ tenant, role: "member", team: "blue" }] });
  const answers = [
    await blue.call("GET", `${at}/jobs/${id}`),
    await operator("GET", `${at}/jobs/${theirs}`),
    await operator("GET", `${at}/jobs/${none}`),
  ];
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  const said = answers.map(({ text }, index) => text.replaceAll([id, theirs, none][index] ?? "", "J"));
  expect(new Set(said.map((text) => text.replace(/"instance":"[^"]*"/, ""))).size).toBe(1);
});

test("a job is listed, and has a page, as soon as its submit was answered; the list has an ETag", async () => {
  const { at, submit } = await customer();
  const id = await submit("delay=1h");
  const first = await operator("GET", `${at}/jobs`);
  expect(idsOf(first.body)).toEqual([id]);
  expect((await operator("GET", `${at}/jobs/${id}`)).body).toMatchObject({ id, status: "admitted", price: null });
  const tag = { "if-none-match": String(first.headers.get("etag")) };
  expect((await operator("GET", `${at}/jobs`, undefined, tag)).status).toBe(304);
  const second = await submit("delay=0s");
  const changed = await operator("GET", `${at}/jobs`, undefined, tag);
  expect([changed.status, idsOf(changed.body)]).toEqual([200, [second, id]]);
  expect(idsOf((await operator("GET", `${at}/jobs?state=running`)).body)).toEqual([second, id]);
  await finish(second);
  expect(idsOf((await operator("GET", `${at}/jobs?state=running`)).body)).toEqual([id]);
  expect(idsOf((await operator("GET", `${at}/jobs?state=ended`)).body)).toEqual([second]);
});

test("ids are found by how they begin, and a span of time is kept to", async () => {
  const { at, tenant, submit } = await customer();
  const ids = [await submit("delay=1h"), await submit("delay=1h")];
  await replayJournal(report, tenant, ledgerOf(testEnv, tenant), 100);
  const found = async (query: string) => idsOf((await operator("GET", `${at}/jobs?${query}`)).body);
  expect(await found(`q=${ids[0]}`)).toEqual([ids[0]]);
  expect(await found(`q=${ids[0]?.slice(0, 24)}`)).toEqual([ids[0]]);
  expect((await found(`q=${ids[0]?.slice(0, 13)}`)).length).toBeGreaterThan(0);
  expect(await found("from=2026-01-01T00:00:00Z")).toHaveLength(2);
  expect(await found("to=2026-01-01T00:00:00Z")).toEqual([]);
  const elsewhere = await operator("GET", `/v1/tenants/${await newTenant(operator)}/jobs?q=${ids[0]}`);
  expect(elsewhere.body["data"]).toEqual([]);
});

test.each(["q=abc", "q=nothexadecimal", "state=lost", "from=2026-01-32", "to=soon"])(
  "jobs refuses %s",
  async (query) => {
    const answer = await operator("GET", `/v1/tenants/${await newTenant(operator)}/jobs?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body["errors"]).toMatchObject([{ field: query.split("=")[0] }]);
  },
);

test("operators find a job by its task at WaveSpeed, exactly, in its own tenant; nobody else may ask", async () => {
  const { at, tenant, submit, asTenant } = await customer();
  const other = await customer();
  const [id] = [await submit("delay=0s"), await submit("delay=0s")];
  await finish(id ?? "");
  const task = String((await operator("GET", `${at}/jobs/${id}`)).body["upstream_id"]);
  const found = await operator("GET", `${at}/jobs?upstream_id=${task}`);
  expect([found.status, idsOf(found.body)]).toEqual([200, [id]]);
  expect(found.text).not.toContain(task);
  const nothing = [
    `${at}/jobs?upstream_id=${task.slice(0, -1)}`,
    `${at}/jobs?upstream_id=${task}0`,
    `${at}/jobs?upstream_id=${task}&status=failed`,
    `${at}/jobs?upstream_id=${task}&q=${tenant}f`,
    `${other.at}/jobs?upstream_id=${task}`,
  ];
  for (const path of nothing) expect([path, (await operator("GET", path)).body["data"]]).toEqual([path, []]);
  expect((await operator("GET", `${at}/jobs?upstream_id=a:b`)).body["errors"]).toMatchObject([
    { field: "upstream_id" },
  ]);
  const owner = await signedIn({ places: [{ tenant, role: "owner" }] });
  for (const path of [`${at}/jobs?upstream_id=${task}`, `${at}/jobs?upstream_id=nobodys`]) {
    expect((await owner.call("GET", path)).status).toBe(403);
  }
  expect((await asTenant("GET", `/v1/me/jobs?upstream_id=${task}`)).status).toBe(400);
});

test("a sandbox job is found by its task, too", async () => {
  const { at } = await customer();
  const { body } = await operator("POST", `${at}/keys`, { name: "sandbox", mode: "test" });
  const input = { prompt: "a fox [[sim: delay=0s]]", duration: "5" };
  const submitted = await callerWith(String(body["key"]))("POST", `/api/v3/${T2V}`, input);
  const id = String((submitted.body["data"] as Json)["id"]);
  await finish(id);
  const task = String((await operator("GET", `${at}/jobs/${id}`)).body["upstream_id"]);
  expect(idsOf((await operator("GET", `${at}/jobs?upstream_id=${task}`)).body)).toEqual([id]);
});

test("jobs are listed by the tenant's local days, or by instants", async () => {
  const { body: made } = await operator("POST", "/v1/tenants", { name: "far", time_zone: "Pacific/Kiritimati" });
  const at = `/v1/tenants/${String(made["id"])}`;
  await operator("PUT", `${at}/budgets/main`, { scope: { tenant: true }, limit: "50", window: "total" });
  const { body } = await operator("POST", `${at}/keys`, { name: "app" });
  const id = await reserve(String(made["id"]), String(body["key"]));
  // 14 hours ahead of UTC.
  const local = (days: number) => new Date(Date.now() + 14 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);
  const ask = async (query: string) => await operator("GET", `${at}/jobs?${query}`);
  const own = await ask(`from=${local(0)}&to=${local(0)}`);
  expect([idsOf(own.body), own.body["time_zone"]]).toEqual([[id], "Pacific/Kiritimati"]);
  expect(idsOf((await ask(`to=${local(-1)}`)).body)).toEqual([]);
  expect(idsOf((await ask(`from=${local(1)}`)).body)).toEqual([]);
  const hour = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
  expect(idsOf((await ask(`from=${hour(-1)}&to=${hour(1)}`)).body)).toEqual([id]);
  for (const wrong of ["from=soon", "to=2026-02-30", "to=2026-02-03T10:00"])
    expect((await ask(wrong)).status).toBe(400);
});
