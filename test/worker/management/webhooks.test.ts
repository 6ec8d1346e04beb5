import { beforeAll, describe, expect, test } from "vitest";
import { callerWith, migrate, newTenant, operatorKey, tenantWithKey, type Call, type Json } from "./api.ts";
import { deskOf } from "../../../src/webhooks/desk-of.ts";
import { testEnv } from "../../support/test-env.ts";

let operator: Call;
beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

const URL_OF = "https://hooks.acme.dev/x";

async function withEndpoint(input: Json = {}) {
  const tenant = await newTenant(operator);
  const at = `/v1/tenants/${tenant}/webhooks`;
  const made = await operator("POST", at, { url: URL_OF, ...input });
  expect(made.status).toBe(201);
  return { tenant, at, id: String(made.body["id"]), made: made.body };
}

/** Ends of jobs, as a tracker tells them; newest last. */
async function tell(tenant: string, jobIds: readonly string[], event: "job.completed" | "job.failed" = "job.failed") {
  const notices = jobIds.map((jobId) => ({
    eventId: jobId,
    event,
    jobId,
    mode: "live" as const,
    url: null,
    body: "{}",
  }));
  await deskOf(testEnv, tenant).accept(tenant, notices);
}

const jobId = (n: number): string => n.toString(16).padStart(32, "0");

describe("standing endpoints", () => {
  test("are made with sensible defaults, shown, listed, changed and deleted", async () => {
    const { at, id, made } = await withEndpoint();
    expect(made).toMatchObject({
      url: URL_OF,
      events: ["job.completed", "job.failed", "job.cancelled", "job.expired"],
      mode: null,
      signature: "standard",
      description: "",
      enabled: true,
      disabled_reason: null,
      failing_since: null,
    });
    expect((await operator("GET", `${at}/${id}`)).body).toEqual(made);
    expect((await operator("GET", at)).body).toEqual({ data: [made], next_cursor: null });
    const off = await operator("PATCH", `${at}/${id}`, { enabled: false, events: ["job.failed"] });
    expect(off.body).toMatchObject({
      enabled: false,
      disabled_reason: "operator",
      events: ["job.failed"],
      url: URL_OF,
    });
    expect((await operator("PATCH", `${at}/${id}`, { enabled: true })).body).toMatchObject({ enabled: true });
    expect((await operator("DELETE", `${at}/${id}`)).status).toBe(204);
    expect((await operator("DELETE", `${at}/${id}`)).status).toBe(404);
    expect((await operator("GET", `${at}/${id}`)).status).toBe(404);
    expect((await operator("PATCH", `${at}/${id}`, { enabled: true })).status).toBe(404);
    expect((await operator("POST", `${at}/${id}/test`)).status).toBe(404);
  });

  test.each([
    [{ url: "http://acme.dev/" }, "url"],
    [{ url: "https://127.0.0.1/" }, "url"],
    [{ url: "http://localhost:3000/" }, "url"],
    [{ url: URL_OF, events: [] }, "events"],
    [{ url: URL_OF, events: ["job.failed", "job.failed"] }, "events"],
    [{ url: URL_OF, events: ["job.done"] }, "events.0"],
    [{ url: URL_OF, signature: "v3" }, "signature"],
    [{ url: URL_OF, mode: "both" }, "mode"],
    [{ url: URL_OF, secret: "mine" }, "secret"],
    [{}, "url"],
  ])("%j is refused with 400, naming %s", async (body, field) => {
    const tenant = await newTenant(operator);
    const refused = await operator("POST", `/v1/tenants/${tenant}/webhooks`, body);
    expect(refused.status).toBe(400);
    expect((refused.body["errors"] as Json[])[0]?.["field"]).toBe(field);
  });

  test("cannot be moved to where none may be", async () => {
    const { at, id } = await withEndpoint();
    expect((await operator("PATCH", `${at}/${id}`, { url: "https://10.0.0.1/" })).status).toBe(400);
    expect((await operator("PATCH", `${at}/${id}`, {})).status).toBe(400);
    expect((await operator("GET", `${at}/${id}`)).body).toMatchObject({ url: URL_OF });
  });

  test("are 20 at most of a tenant, and a call with the same Idempotency-Key makes one", async () => {
    const tenant = await newTenant(operator);
    const at = `/v1/tenants/${tenant}/webhooks`;
    const once = { "idempotency-key": "k" };
    const [one, two] = [
      await operator("POST", at, { url: URL_OF }, once),
      await operator("POST", at, { url: URL_OF }, once),
    ];
    expect(two.body).toEqual(one.body);
    expect(two.headers.get("idempotency-replayed")).toBe("true");
    expect((await operator("POST", at, { url: `${URL_OF}/y` }, once)).status).toBe(409);
    for (let n = 1; n < 20; n++) expect((await operator("POST", at, { url: `${URL_OF}/${n}` })).status).toBe(201);
    expect((await operator("POST", at, { url: URL_OF })).status).toBe(409);
    const page = await operator("GET", `${at}?limit=15`);
    const rest = await operator("GET", `${at}?limit=15&cursor=${String(page.body["next_cursor"])}`);
    expect([page.body["data"], rest.body["data"]].map((rows) => (rows as Json[]).length)).toEqual([15, 5]);
  });

  test("of another tenant are not there, nor is its desk made for a tenant that is not", async () => {
    const { id } = await withEndpoint();
    const other = await newTenant(operator);
    expect((await operator("GET", `/v1/tenants/${other}/webhooks/${id}`)).status).toBe(404);
    expect((await operator("GET", `/v1/tenants/${"f".repeat(12)}/webhooks`)).status).toBe(404);
    const { at, asTenant } = await tenantWithKey(operator);
    expect((await asTenant("GET", `${at}/webhooks`)).status).toBe(403);
  });
});

describe("the log of deliveries", () => {
  test("is paged, newest first, and filtered by endpoint, job and state", async () => {
    const { tenant, id } = await withEndpoint();
    const at = `/v1/tenants/${tenant}/webhook-deliveries`;
    await tell(tenant, [1, 2, 3, 4, 5].map(jobId));
    const first = await operator("GET", `${at}?limit=3`);
    const jobs = (answer: { body: Json }) =>
      (answer.body["data"] as Json[]).map((row) => Number(`0x${String(row["job"])}`));
    expect(jobs(first)).toEqual([5, 4, 3]);
    const second = await operator("GET", `${at}?limit=3&cursor=${String(first.body["next_cursor"])}`);
    expect([jobs(second), second.body["next_cursor"]]).toEqual([[2, 1], null]);
    expect(jobs(await operator("GET", `${at}?job=${jobId(2)}`))).toEqual([2]);
    expect(jobs(await operator("GET", `${at}?endpoint=${id}`))).toHaveLength(5);
    expect(jobs(await operator("GET", `${at}?endpoint=${"0".repeat(16)}`))).toEqual([]);
    expect(jobs(await operator("GET", `${at}?state=dropped`))).toEqual([]);
    for (const wrong of ["cursor=zzz", "cursor=YWJj", "state=lost", "job=1", "endpoint=x", "limit=0", "from=1"]) {
      expect((await operator("GET", `${at}?${wrong}`)).status, wrong).toBe(400);
    }
  });

  test("shows one with what it says, and sends it again by hand", async () => {
    const { tenant } = await withEndpoint();
    const at = `/v1/tenants/${tenant}/webhook-deliveries`;
    await tell(tenant, [jobId(7)], "job.completed");
    const { body } = await operator("GET", at);
    const id = String((body["data"] as Json[])[0]?.["id"]);
    expect((await operator("GET", `${at}/${id}`)).body).toMatchObject({
      id,
      event: "job.completed",
      event_id: jobId(7),
      job: jobId(7),
      url: URL_OF,
      body: "{}",
    });
    expect((await operator("POST", `${at}/${id}/replay`)).body).toMatchObject({ id, state: "pending" });
    expect((await operator("GET", `${at}/${"0".repeat(16)}`)).status).toBe(404);
    expect((await operator("POST", `${at}/${"0".repeat(16)}/replay`)).status).toBe(404);
  });
});

test("the secret is rotated without being shown; the tenant reads it with its own key", async () => {
  const { tenant, asTenant } = await tenantWithKey(operator);
  const read = async () => (await asTenant("GET", "/api/v3/webhook/secret")).body["data"] as Json;
  const before = await read();
  const at = `/v1/tenants/${tenant}/webhook-secret/rotate`;
  const rotated = await operator("POST", at, { overlap_seconds: 60 });
  expect(rotated.status).toBe(200);
  expect(rotated.text).not.toContain("whsec_");
  expect(Date.parse(String(rotated.body["previous_until"]))).toBeGreaterThan(Date.now() + 50_000);
  expect(await read()).not.toEqual(before);
  expect((await operator("POST", at, { overlap_seconds: -1 })).status).toBe(400);
  expect((await operator("POST", at, {})).status).toBe(400);
});
