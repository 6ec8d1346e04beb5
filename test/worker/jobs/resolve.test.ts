import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../src/config.ts";
import { hashKey, mintKey, NO_TENANT, verifyKey } from "../../../src/keys/key.ts";
import { insertManagementKey } from "../../../src/settings/index.ts";
import { testEnv } from "../../support/test-env.ts";
import * as w from "./world.ts";

interface Answer {
  status: number;
  body: Record<string, unknown> & { data?: { id: string; tenant: string; reason: string | null }[] };
}

/** An operator over HTTP. */
async function operator() {
  const { secrets } = parseConfig(testEnv);
  const id = w.hex(8);
  const key = mintKey({ kind: "mgmt", tenant: NO_TENANT, keyId: id, secrets, random: randomBytes(16) });
  const parsed = verifyKey(key, secrets);
  if (!parsed) throw new Error("the key does not verify");
  await insertManagementKey(testEnv.CONTROL, { id, hash: hashKey(key, parsed, secrets), name: "t", createdAt: 1 });
  const call = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await w.gateway(path, {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };
  return { id, call };
}

/** A lost job whose task the list shows twice: nobody can tell which is its own. */
async function unclear() {
  const world = await w.newWorld();
  const text = w.prompt("drop=after");
  const id = await w.submit(world, text);
  await makeUnclear({ id, text });
  return { world, id };
}

async function makeUnclear({ id, text }: { id: string; text: string }): Promise<void> {
  await w.simulator("POST", `/api/v3/${w.T2V}`, { prompt: text }).catch(() => null);
  await w.nextWalk(id);
}

/** The lists are D1's, which hears of a job by the queue. */
const WAIT = { timeout: 10_000 };

const kindsOf = async (world: w.World, id: string) => (await w.entriesOf(world, id)).map(({ kind }) => kind);

describe("POST /v1/jobs/{id}/resolve", () => {
  it.each([
    ["released", "release", "failed", 0],
    ["captured", "capture", "cancelled", w.PRICE],
  ])(
    "%s: the hold ends so, once, with who decided it and why in the journal",
    async (outcome, kind, state, captured) => {
      const { world, id } = await unclear();
      const { id: keyId, call } = await operator();
      const body = { outcome, reason: "seen on WaveSpeed's dashboard" };
      expect(await call("POST", `/v1/jobs/${id}/resolve`, body)).toMatchObject({ status: 200, body: { id, ...body } });
      expect(await w.rowOf(id)).toMatchObject({ state, settlement: null, nextAt: null });
      expect(await w.balance(world)).toEqual({ captured, held: 0 });
      expect((await kindsOf(world, id)).slice(-2)).toEqual(["resolved", kind]);
      const entries = await w.entriesOf(world, id);
      expect(entries.at(-2)).toMatchObject({ actor: `operator:${keyId}`, reason: body.reason });

      expect((await call("POST", `/v1/jobs/${id}/resolve`, body)).status).toBe(409);
      expect(await w.balance(world)).toEqual({ captured, held: 0 });
    },
  );

  it("a job whose task was found is not for people any more, until the machine asks anew", async () => {
    const { world, id } = await unclear();
    expect(await w.rowOf(id)).toMatchObject({ state: "unknown", needsOperator: true });
    const made = await w.simulator<{ id: string }>("POST", `/api/v3/${w.T2V}`, { prompt: w.prompt("delay=1h") });
    await w.tracker(id).hint(id, w.hook(made.id));
    expect(await w.rowOf(id)).toMatchObject({ state: "running", needsOperator: false });
    const { call } = await operator();
    const body = { outcome: "released", reason: "x" };
    expect((await call("POST", `/v1/jobs/${id}/resolve`, body)).status).toBe(409);
    expect(await w.balance(world)).toEqual({ captured: 0, held: w.PRICE });
  });

  it("a job that runs is not for people to decide; one that is not there is 404", async () => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("delay=1h"));
    const { call } = await operator();
    const body = { outcome: "captured", reason: "x" };
    expect((await call("POST", `/v1/jobs/${id}/resolve`, body)).status).toBe(409);
    expect((await call("POST", `/v1/jobs/${id.slice(0, -4)}0000/resolve`, body)).status).toBe(404);
    expect((await call("POST", "/v1/jobs/nonsense/resolve", body)).status).toBe(404);
    const wrong = await call("POST", `/v1/jobs/${id}/resolve`, { outcome: "free", reason: " " });
    expect(wrong).toMatchObject({ status: 400, body: { errors: [{ field: "outcome" }, { field: "reason" }] } });
    expect(await kindsOf(world, id)).toEqual(["hold"]);
  });
});

describe("GET /v1/jobs", () => {
  it("lists the jobs of all tenants whose outcome is unknown, then those that ask for people, until they are decided", async () => {
    const world = await w.newWorld();
    const text = w.prompt("drop=after");
    const id = await w.submit(world, text);
    const { call } = await operator();
    const listed = async (state: "unknown" | "needs_operator") => {
      const { body } = await call("GET", `/v1/jobs?state=${state}&limit=100`);
      return body.data?.find((job) => job.id === id);
    };
    // A job is in one list at a time: it is not made unclear before it was seen in the first.
    await expect.poll(() => listed("unknown"), WAIT).toMatchObject({ tenant: world.tenant });
    await makeUnclear({ id, text });
    await expect
      .poll(() => listed("needs_operator"), WAIT)
      .toMatchObject({
        tenant: world.tenant,
        reason: "which task is this job's could not be told",
      });
    expect(await listed("unknown")).toBeUndefined();
    await call("POST", `/v1/jobs/${id}/resolve`, { outcome: "released", reason: "nothing on the bill" });
    await expect.poll(() => listed("needs_operator"), WAIT).toBeUndefined();
    expect(await listed("unknown")).toBeUndefined();
    expect((await call("GET", "/v1/jobs?state=running")).status).toBe(400);
  });
});
