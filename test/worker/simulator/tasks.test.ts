import { describe, expect, it } from "vitest";
import { type Envelope, fetchSimulator, newAccount, ORIGIN, T2V } from "./account-client.ts";

const ID = /^[0-9a-f]{32}$/;

describe("submit", () => {
  it("answers a created prediction in WaveSpeed's envelope", async () => {
    const account = newAccount();
    const data = await data200(await account.submit("a cat", { duration: 10 }));
    expect(data).toMatchObject({
      model: T2V,
      outputs: [],
      has_nsfw_contents: [],
      status: "created",
      error: "",
    });
    expect(data["id"]).toMatch(ID);
    expect(data["urls"]).toEqual({
      get: `${ORIGIN}/api/v3/predictions/${String(data["id"])}/result`,
    });
    expect(data["timings"]).toEqual({ inference: 0 });
  });

  it("builds every URL on the base that the gateway states", async () => {
    const account = newAccount();
    const base = { "x-simulator-public-base": "https://gw.example/sandbox/" };
    const data = await data200(
      await account.call("POST", `/api/v3/${T2V}`, { prompt: "[[sim: delay=0s]]", enable_sync_mode: true }, base),
    );
    expect(data["urls"]).toEqual({
      get: `https://gw.example/sandbox/api/v3/predictions/${String(data["id"])}/result`,
    });
    expect(String((data["outputs"] as string[])[0])).toMatch(
      /^https:\/\/gw\.example\/sandbox\/media\/[0-9a-f]{32}\/[0-9a-f]{32}\.mp4$/,
    );
  });

  it.each([
    ["a field that is missing", {}, 1400, 'field "prompt"'],
    ["a duration that is not offered", { prompt: "x", duration: 7 }, 1401, 'field "duration" must be 5 or 10'],
    ["a field that the model does not have", { prompt: "x", fps: 30 }, 1401, 'field "fps"'],
    ["a flag that is no boolean", { prompt: "x", enable_sync_mode: "yes" }, 1401, "enable_sync_mode"],
    ["a directive that does not exist", { prompt: "[[sim: explode]]" }, 1401, "explode"],
    [
      "a directive with a wrong value",
      { prompt: "[[sim: delay=soon]]" },
      1401,
      'delay: must be a time such as 250ms, 30s, 5m or 24h, at most 30 days; was "soon"',
    ],
  ])("refuses %s with 400 and creates nothing", async (_name, body, code, text) => {
    const account = newAccount();
    const response = await account.call("POST", `/api/v3/${T2V}`, body);
    expect(response.status).toBe(400);
    const envelope: Envelope = await response.json();
    expect(envelope.code).toBe(code);
    expect(envelope.message).toContain(text);
    expect((await account.bill()).tasks).toBe(0);
  });

  it("refuses an unknown model, and does not take reserved paths for models", async () => {
    const account = newAccount();
    const unknown = await account.call("POST", "/api/v3/nobody/nothing", { prompt: "x" });
    expect([unknown.status, ((await unknown.json()) as Envelope).message]).toEqual([
      400,
      'model "nobody/nothing" not found',
    ]);
    expect((await account.call("POST", "/api/v3/webhook/secret", {})).status).toBe(404);
    expect((await account.call("POST", "/api/v3/one", {})).status).toBe(404);
  });

  it("takes a three-segment model with escaped slashes", async () => {
    const account = newAccount();
    const path = encodeURIComponent("kwaivgi/kling-v2.1-i2v-pro/start-end-frame");
    const images = {
      image: "https://x.test/a.png",
      end_image: "https://x.test/b.png",
      prompt: "x",
    };
    const response = await account.call("POST", `/api/v3/${path}`, images);
    expect(((await response.json()) as Envelope).data).toMatchObject({
      model: "kwaivgi/kling-v2.1-i2v-pro/start-end-frame",
    });
  });

  it("refuses base64 together with a webhook, without an envelope", async () => {
    const response = await newAccount().call("POST", `/api/v3/${T2V}?webhook=https://x.test/`, {
      prompt: "x",
      enable_base64_output: true,
    });
    expect(response.status).toBe(400);
    expect(Object.keys(await response.json())).toEqual(["error"]);
  });

  it("refuses a missing key and a bad_ key with 401", async () => {
    for (const headers of [{}, { authorization: "Bearer bad_key" }]) {
      const response = await fetchSimulator("/api/v3/balance", { headers });
      expect([response.status, await response.json()]).toEqual([401, { code: 401, message: "Invalid API key" }]);
    }
  });
});

describe("a task's life", () => {
  it("goes from created over processing to completed by the account's clock alone", async () => {
    const account = newAccount();
    const id = await account.create("[[sim: delay=1h]]");
    expect((await account.result(id))["status"]).toBe("created");
    await account.data("POST", "/control/clock", { advance: "30m" });
    expect(await account.result(id)).toMatchObject({
      status: "processing",
      outputs: [],
      executionTime: 0,
    });
    await account.data("POST", "/control/clock", { advance: "30m" });
    expect(await account.result(id)).toMatchObject({
      status: "completed",
      has_nsfw_contents: [false],
      executionTime: 3_600_000,
    });
  });

  it.each([
    ["fail", { status: "failed", error: "Task failed", code: 1405, outputs: [] }],
    ["fail=1403, fail_message=out of memory", { status: "failed", error: "out of memory", code: 1403 }],
    ["moderated", { status: "failed", code: 1200 }],
    ["nsfw", { status: "completed", has_nsfw_contents: [true] }],
    ["end=cancelled", { status: "cancelled", outputs: [] }],
    ["end=timeout", { status: "timeout" }],
    ["end=deleted", { status: "deleted" }],
    ["end_status=archived", { status: "archived", outputs: [] }],
  ])("[[sim: %s]] ends as scripted, under HTTP 200", async (directive, expected) => {
    const account = newAccount();
    expect(await account.result(await account.create(`[[sim: delay=0s, ${directive}]]`))).toMatchObject(expected);
  });

  it("answers 404 for a task that is unknown, vanished, of another account, or past retention", async () => {
    const [account, other] = [newAccount(), newAccount()];
    const vanished = await account.create("[[sim: vanish]]");
    const foreign = await other.create("x");
    for (const id of ["0".repeat(32), vanished, foreign]) {
      const response = await account.call("GET", `/api/v3/predictions/${id}`);
      expect([response.status, await response.json()]).toEqual([404, { code: 404, message: "Prediction not found" }]);
    }
    await other.data("POST", "/control/clock", { advance: "7d" });
    expect((await other.call("GET", `/api/v2/predictions/${foreign}/result`)).status).toBe(404);
  });
});

describe("sync mode", () => {
  it("answers the final prediction, as base64 when asked", async () => {
    const account = newAccount();
    const more = { enable_sync_mode: true, enable_base64_output: true };
    const data = await data200(await account.submit("[[sim: delay=0s]]", more));
    expect(data["status"]).toBe("completed");
    expect(atob(String((data["outputs"] as string[])[0])).slice(4, 8)).toBe("ftyp");
  });

  it("answers 5004 with the task still processing past its limit", async () => {
    const account = newAccount();
    const data = await data200(await account.submit("[[sim: delay=1h, sync_limit=0s]]", { enable_sync_mode: true }));
    expect(data).toMatchObject({ status: "processing", code: 5004, outputs: [] });
    expect(data["error"]).toContain("Sync mode timed out");
  });
});

describe("list and delete", () => {
  it("pages newest first, filters, and counts all", async () => {
    const account = newAccount();
    const ids: string[] = [];
    for (const directive of ["fail", "nsfw", "delay=1h"]) {
      ids.push(await account.create(`[[sim: delay=0s]] [[sim: ${directive}]]`));
      await account.data("POST", "/control/clock", { advance: "1s" });
    }
    const first = await account.data("POST", "/api/v3/predictions", {
      page_size: 2,
      include_inputs: true,
    });
    expect([first["total"], idsOf(first)]).toEqual([3, [ids[2], ids[1]]]);
    expect((first["items"] as { input: unknown }[])[0]?.input).toMatchObject({ duration: 5 });
    expect(idsOf(await account.data("POST", "/api/v3/predictions", { page: 2, page_size: 2 }))).toEqual([ids[0]]);
    expect(idsOf(await account.data("POST", "/api/v3/predictions", { status: "failed" }))).toEqual([ids[0]]);
    expect(idsOf(await account.data("POST", "/api/v3/predictions", { model: "a/b" }))).toEqual([]);
    const since = String((first["items"] as { created_at: string }[])[0]?.created_at);
    expect(idsOf(await account.data("POST", "/api/v3/predictions", { created_after: since }))).toEqual([ids[2]]);
  });

  it("does both in their older editions, by GET and by DELETE", async () => {
    const account = newAccount();
    const ids = [await account.create("one"), await account.create("two")];
    const page = await account.data("GET", `/api/v3/predictions?page_size=1&include_inputs=true&model=${T2V}`);
    expect(page).toMatchObject({ page: 1, total: 2, has_more: true, items: [{ input: { duration: 5 } }] });
    expect((await account.call("GET", "/api/v3/predictions?page_size=0")).status).toBe(400);
    const path = `/api/v3/predictions/${ids[0]}`;
    expect(await account.data("DELETE", path)).toEqual({ id: ids[0], status: "deleted" });
    for (const gone of [path, "/api/v3/predictions/x"]) {
      expect((await account.call("DELETE", gone)).status).toBe(404);
    }
    expect(await account.data("POST", "/api/v3/predictions", {})).toMatchObject({ total: 1, has_more: false });
  });

  it("deletes own tasks only, once, and leaves the bill as it was", async () => {
    const [account, other] = [newAccount(), newAccount()];
    const id = await account.create("x");
    const foreign = await other.create("x");
    const path = "/api/v3/predictions/delete";
    expect(await account.data("POST", path, { ids: [id, foreign, "nothing"] })).toEqual({
      deleted_count: 1,
    });
    expect(await account.data("POST", path, { ids: [id] })).toEqual({ deleted_count: 0 });
    expect((await account.call("GET", `/api/v3/predictions/${id}`)).status).toBe(404);
    expect((await account.bill()).net_micros).toBe(1_300_000);
    expect((await other.result(foreign))["id"]).toBe(foreign);
  });
});

const idsOf = (page: Record<string, unknown>): string[] => (page["items"] as { id: string }[]).map((item) => item.id);

async function data200(response: Response): Promise<Record<string, unknown>> {
  expect(response.status).toBe(200);
  return ((await response.json()) as Envelope).data;
}
