import { expect, test, describe } from "vitest";
import { call, envelope, newTenant, T2V } from "./api.ts";

const submit = (key: string | null, body: unknown, headers?: Record<string, string>): Promise<Response> =>
  call(key, "POST", `/api/v3/${T2V}`, body, headers);

describe("the order of refusals", () => {
  test("401 before anything: no key, another gateway's key, a forged one", async () => {
    const { key } = await newTenant();
    const forged = `${key.slice(0, -4)}AAAA`;
    for (const wrong of [null, "wsk_abc", forged, `${key}x`]) {
      const response = await submit(wrong, "not json");
      expect(response.status).toBe(401);
      expect(await envelope(response)).toMatchObject({ code: 401, error: { source: "wavegate", code: "invalid_key" } });
    }
  });

  test("400 at the edge before 401 of a revoked key in the ledger", async () => {
    const { key, keyId, ledger } = await newTenant();
    await ledger.change("revoke_key", { id: keyId });
    expect((await submit(key, {})).status).toBe(400);
    expect((await submit(key, { prompt: "x" })).status).toBe(401);
  });

  test("403 and 409 before 402", async () => {
    const { key } = await newTenant(1_300_000);
    const headers = { "idempotency-key": "one" };
    expect((await submit(key, { prompt: "x" }, headers)).status).toBe(200);
    expect((await submit(key, { prompt: "y" }, headers)).status).toBe(409);
    const replay = await submit(key, { prompt: "x", duration: "5" }, headers);
    expect(replay.status).toBe(200);
    expect(replay.headers.get("idempotency-replayed")).toBe("true");
    expect((await submit(key, { prompt: "x" })).status).toBe(402);
  });
});

describe("bad input", () => {
  test("names every wrong field, and nothing is held or sent", async () => {
    const { key, ledger } = await newTenant();
    const response = await submit(key, { duration: 7, aspect_ratio: "4:3", seed: 1 });
    const body = await envelope(response);
    expect(response.status).toBe(400);
    expect(body.error?.issues?.map((issue) => issue.field).sort()).toEqual([
      "aspect_ratio",
      "duration",
      "prompt",
      "seed",
    ]);
    for (const field of ["prompt", "duration", "aspect_ratio", "seed"]) expect(body.message).toContain(field);
    expect(await ledger.entries(0, 1)).toMatchObject({ headSeq: 0 });
  });

  test.each(["", "{", "[]", "null", '"x"', "1"])("a body of %j is 400 in the envelope", async (text) => {
    const { key } = await newTenant();
    const response = await submit(key, text);
    expect(response.status).toBe(400);
    expect(await envelope(response)).toMatchObject({ code: 400 });
  });

  test("an unknown model, two or three segments, is refused by name", async () => {
    const { key } = await newTenant();
    for (const model of ["kwaivgi/kling-v9", "a/b/c", "x"]) {
      const response = await call(key, "POST", `/api/v3/${model}`, { prompt: "x" });
      expect(response.status).toBe(400);
      expect((await envelope(response)).message).toContain(model);
    }
  });

  test("a reserved path is never a model", async () => {
    const { key } = await newTenant();
    for (const path of ["predictions/x", "model/other", "billings/x", "webhook/x", "balance", "models"]) {
      expect((await call(key, "POST", `/api/v3/${path}`, {})).status).toBe(404);
    }
  });

  test("a body above 28 MiB is 413", async () => {
    const { key } = await newTenant();
    const response = await submit(key, JSON.stringify({ prompt: "x".repeat(29 * 1024 * 1024) }));
    expect(response.status).toBe(413);
  });

  test("what the gateway does not serve is refused, not dropped", async () => {
    const { key } = await newTenant();
    expect((await submit(key, { prompt: "x", enable_base64_output: "yes" })).status).toBe(400);
    expect((await submit(key, { prompt: "x", enable_sync_mode: "yes" })).status).toBe(400);
    expect((await submit(key, { prompt: "x" }, { "x-wavegate-tags": "a=1,a=2" })).status).toBe(400);
  });
});

test("the model's own id in the body, as one client repeats it, says nothing; another's is refused", async () => {
  const { key } = await newTenant();
  const body = { prompt: "[[sim: delay=1h]]" };
  const first = await envelope(await submit(key, { ...body, model: T2V }, { "idempotency-key": "one" }));
  const again = await envelope(await submit(key, body, { "idempotency-key": "one" }));
  expect(again.data["id"]).toBe(first.data["id"]);
  const other = await submit(key, { prompt: "x", model: "kwaivgi/kling-v9" });
  expect(other.status).toBe(400);
  expect((await envelope(other)).message).toContain("model");
});

describe("invariant 7: a tenant sees only its own jobs", () => {
  test("another tenant's job answers exactly like one that does not exist", async () => {
    const [mine, other] = await Promise.all([newTenant(), newTenant()]);
    const made = await envelope(await submit(mine.key, { prompt: "[[sim: delay=1h]]" }));
    const id = String(made.data["id"]);
    expect((await call(mine.key, "GET", `/api/v3/predictions/${id}/result`)).status).toBe(200);
    const none = `${other.id}${id.slice(12, 16)}${"0".repeat(16)}`;
    const answers = await Promise.all(
      [id, none, "junk"].map(async (job) => {
        const response = await call(other.key, "GET", `/api/v3/predictions/${job}`);
        return { status: response.status, body: await response.text() };
      }),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 404 });
  });

  test("reads make no entries", async () => {
    const { key, ledger } = await newTenant();
    const made = await envelope(await submit(key, { prompt: "[[sim: delay=1h]]" }));
    const { headSeq } = await ledger.entries(0, 1);
    for (let i = 0; i < 5; i++) await call(key, "GET", `/api/v3/predictions/${String(made.data["id"])}/result`);
    for (const path of ["balance", "models"]) await call(key, "GET", `/api/v3/${path}`);
    expect(await ledger.entries(0, 1)).toMatchObject({ headSeq });
  });
});

describe("the sandbox's media route", () => {
  test("reaches nothing else of the simulator", async () => {
    const { key } = await newTenant();
    const paths = [
      "/sandbox/control/bill",
      "/sandbox/media/../control/bill",
      "/sandbox/media/%2e%2e/control/bill",
      "/sandbox/media/..%2fcontrol%2fbill",
      "/sandbox//control/bill",
      "/sandbox%2fmedia%2fzzz@x/control/bill",
      "/%2fsandbox%2fmedia%2fz@x/control/stats",
      "/sandbox%2fmedia/x",
    ];
    for (const path of paths) {
      const response = await call(key, "GET", path);
      expect(await response.text()).not.toContain("deducted_micros");
      expect(response.status).toBe(404);
    }
  });
});
