import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { keepAuditLog, listEntries } from "../../../src/audit-log/index.ts";
import { auditChanges } from "../../../src/management/audit-changes.ts";
import { refuse } from "../../../src/management/problem.ts";
import { jsonOf } from "../../../src/management/responses.ts";
import type { ManagementEnv, Services } from "../../../src/management/services.ts";
import { control, migrate, random, secrets } from "./api.ts";
import { count, run } from "./audit-log.ts";

/** The one place that writes entries, around operations made up for it: what no real one can be made to do. */
const services = { control, secrets, random, now: () => Date.now(), localClientIp: "127.0.0.1" } as unknown as Services;

beforeAll(migrate);
beforeEach(async () => {
  for (const table of ["entries", "chains", "intents"]) await run(`DELETE FROM audit_${table}`);
});

type Does = (c: Context<ManagementEnv>) => Response | Promise<Response>;

/** Calls `POST /things` of somebody with a key, or of anybody. */
function post(access: "operator" | "public", does: Does): Promise<Response> {
  const app = new OpenAPIHono<ManagementEnv>();
  app.use(async (c, next) => {
    c.set("services", services);
    if (access === "operator") c.set("principal", { kind: "operator", keyId: "b".repeat(16) });
    await next();
  });
  auditChanges(app);
  const responses = { 200: jsonOf(z.unknown(), "Done") };
  const route = createRoute({ method: "post", path: "/things", "x-access": access, responses });
  app.openapi(route, (c) => does(c) as never);
  app.onError((_, c) => c.text("failed", 500));
  return Promise.resolve(app.request("/things", { method: "POST" }));
}

const entries = async () =>
  (await listEntries(control, { chain: "", before: null, limit: 10, hidesOperators: false })).entries;
const intents = () => count("SELECT count(*) AS n FROM audit_intents");

test("whom a call without a key has let in is its actor, and what it answered is kept without what lets in", async () => {
  const signIn: Does = (c) => {
    c.set("signedIn", { id: "abcd", name: "Ann" });
    return c.json({ csrf: "x", person: { name: "Ann" } }, 200);
  };
  expect((await post("public", signIn)).status).toBe(200);
  const after = '{"csrf":"[redacted]","person":{"name":"Ann"}}';
  expect(await entries()).toMatchObject([{ actor: "person:abcd", actorName: "Ann", ip: "127.0.0.1", after }]);
});

test("a call without a key that lets nobody in writes nothing at all", async () => {
  await post("public", (c) => c.json({}, 200));
  await post("public", (c) => refuse(c, { code: "invalid_key", message: "no" }));
  expect([await entries(), await intents()]).toEqual([[], 0]);
});

test("an operation that throws, or answers that it failed, is told as unknown later", async () => {
  const throws: Does = () => {
    throw new Error("died on the way");
  };
  expect((await post("operator", throws)).status).toBe(500);
  expect((await post("operator", (c) => refuse(c, { code: "gateway_unavailable", message: "try again" }))).status).toBe(
    503,
  );
  expect([await entries(), await intents()]).toEqual([[], 2]);
  await keepAuditLog(control, secrets, Date.now() + 301_000);
  expect((await entries()).map(({ outcome }) => outcome)).toEqual(["unknown", "unknown"]);
  expect(await intents()).toBe(0);
});

test("a call that answers after the cron told it as unknown is told again, with the same id", async () => {
  await post("operator", async (c) => {
    await keepAuditLog(control, secrets, Date.now() + 301_000);
    return c.json({}, 200);
  });
  const [done, unknown, ...more] = await entries();
  expect([done?.outcome, unknown?.outcome, more.length]).toEqual(["done", "unknown", 0]);
  expect(done?.id).toBe(unknown?.id);
  expect(await intents()).toBe(0);
});

test("what is too long is kept as its hash", async () => {
  await post("operator", (c) => c.json({ text: "x".repeat(20_000) }, 200));
  const [entry] = await entries();
  expect(JSON.parse(entry?.after ?? "")).toEqual({ too_long: 20_011, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
});
