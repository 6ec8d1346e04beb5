import { exports } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { callerWith, operatorKey } from "../management/api.ts";
import { call, envelope, newTenant } from "./api.ts";

const MIB = 1024 * 1024;
const worker = exports as unknown as { default: { fetch: (request: Request) => Promise<Response> } };

const formOf = (bytes: number, type = "image/png"): FormData => {
  const form = new FormData();
  form.append("file", new File([new Uint8Array(bytes)], "a.png", { type }));
  return form;
};

/** Sent in chunks, without a content-length. */
async function sendChunked(key: string, form: FormData, path = "/api/v3/media/upload/binary"): Promise<Response> {
  const whole = new Response(form);
  const request = new Request(`http://gateway.test${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": whole.headers.get("content-type") ?? "" },
    body: whole.body,
  });
  expect(request.headers.get("content-length")).toBeNull();
  return worker.default.fetch(request);
}

const ticket = (key: string, body: unknown): Promise<Response> => call(key, "POST", "/api/v3/media/uploads", body);

describe("a ticket", () => {
  test("is WaveSpeed's, untouched: its address takes the bytes and gives them back", async () => {
    const { key } = await newTenant();
    const bytes = crypto.getRandomValues(new Uint8Array(100));
    const { data } = await envelope(await ticket(key, { filename: "a.png", size: 100, content_type: "image/png" }));
    const { url, method, headers } = data["upload"] as { url: string; method: string; headers: Record<string, string> };
    expect((await fetch(url, { method, headers, body: bytes })).ok).toBe(true);
    const stored = await fetch(String(data["download_url"]));
    expect(new Uint8Array(await stored.arrayBuffer())).toEqual(bytes);
  });

  test.each([
    [{ size: 1 }, "filename", "missing"],
    [{ filename: "", size: 1 }, "filename", '""'],
    [{ filename: "a", size: 0 }, "size", "0"],
    [{ filename: "a", size: "many" }, "size", '"many"'],
    [{ filename: "a", size: 1.5 }, "size", "1.5"],
    [{ filename: "a", size: 1, content_type: "png" }, "content_type", '"png"'],
  ])("of %j is refused, naming field, rule and value", async (body, field, value) => {
    const { key } = await newTenant();
    const response = await ticket(key, body);
    expect(response.status).toBe(400);
    const { error, message } = await envelope(response);
    expect(error?.issues).toEqual([{ field, value, rule: expect.stringMatching(/^must be/) as string }]);
    expect(message).toContain(`"${field}" must be`);
  });

  test("of more than 200 MiB is 413, and the limit is named", async () => {
    const { key } = await newTenant();
    expect((await ticket(key, { filename: "a", size: 200 * MIB })).status).toBe(200);
    const response = await ticket(key, { filename: "a", size: 200 * MIB + 1 });
    expect(response.status).toBe(413);
    expect((await envelope(response)).message).toBe(`"size" must be at most 209715200 bytes, was 209715201`);
  });
});

describe("the multipart form", () => {
  test.each(["v3", "v2"])("is taken in %s, in chunks or whole", async (edition) => {
    const { key } = await newTenant();
    const path = `/api/${edition}/media/upload/binary`;
    const chunked = await sendChunked(key, formOf(1_000), path);
    expect(await envelope(chunked)).toMatchObject({
      code: 200,
      data: { type: "image", filename: "a.png", size: 1_000 },
    });
    const request = new Request(`http://gateway.test${path}`, { method: "POST", body: formOf(10) });
    request.headers.set("authorization", `Bearer ${key}`);
    expect((await worker.default.fetch(request)).status).toBe(200);
  });

  test("is read no further than 28 MiB, whatever it says of its length", async () => {
    const { key } = await newTenant();
    expect((await sendChunked(key, formOf(29 * MIB))).status).toBe(413);
    expect((await sendChunked(key, formOf(27 * MIB))).status).toBe(200);
  });

  test("without a file, or of another kind, is 400 and says why", async () => {
    const { key } = await newTenant();
    const form = new FormData();
    form.append("file", "a text");
    const noFile = await sendChunked(key, form);
    expect(await envelope(noFile)).toMatchObject({ code: 400, message: '"file" must be a file, was "a text"' });
    const json = await call(key, "POST", "/api/v3/media/upload/binary", {});
    expect(await envelope(json)).toMatchObject({ code: 400, error: { issues: [{ field: "content-type" }] } });
    const broken = await call(key, "POST", "/api/v3/media/upload/binary", "x", {
      "content-type": "multipart/form-data; boundary=b",
    });
    expect(await envelope(broken)).toMatchObject({ code: 400, error: { issues: [{ field: "body" }] } });
  });
});

describe("the tenant's own limits", () => {
  test("hold for tickets and forms at once, and name themselves", async () => {
    const { key, ledger } = await newTenant();
    await ledger.change("set_uploads", { bytesMax: 1_000, types: ["image/*", "video/mp4"] });
    expect((await ticket(key, { filename: "a", size: 1_000, content_type: "IMAGE/png; x=y" })).status).toBe(200);
    expect((await sendChunked(key, formOf(1_000, "video/mp4"))).status).toBe(200);
    for (const response of [
      await ticket(key, { filename: "a", size: 1_001, content_type: "image/png" }),
      await sendChunked(key, formOf(1_001)),
    ]) {
      expect(response.status).toBe(413);
      expect((await envelope(response)).message).toMatch(/must be at most 1000 bytes, was 1001$/);
    }
    for (const response of [
      await ticket(key, { filename: "a", size: 1, content_type: "video/webm" }),
      await ticket(key, { filename: "a", size: 1 }),
      await sendChunked(key, formOf(1, "imagex/png")),
    ]) {
      expect(response.status).toBe(400);
      expect((await envelope(response)).message).toMatch(/must be one of image\/\*, video\/mp4, was /);
    }
    await ledger.change("set_uploads", { types: null });
    expect((await ticket(key, { filename: "a", size: 1 })).status).toBe(200);
  });

  test.each(["", "application/octet-stream"])(
    "go by the name of a file whose form says %j of its type",
    async (type) => {
      const { key, ledger } = await newTenant();
      await ledger.change("set_uploads", { types: ["image/*"] });
      expect((await sendChunked(key, formOf(1, type))).status).toBe(200);
      const video = new FormData();
      video.append("file", new File(["x"], "a.mp4", { type }));
      expect((await sendChunked(key, video)).status).toBe(400);
      const nameless = new FormData();
      nameless.append("file", new File(["x"], "a", { type }));
      expect((await sendChunked(key, nameless)).status).toBe(400);
    },
  );

  test("are nothing at all while the tenant is suspended: 403 with the reason", async () => {
    const { key, ledger } = await newTenant();
    await ledger.change("set_status", { status: "suspended", reason: "invoice 7 is unpaid" });
    for (const response of [await ticket(key, { filename: "a", size: 1 }), await sendChunked(key, formOf(1))]) {
      expect(response.status).toBe(403);
      expect(await envelope(response)).toMatchObject({
        message: expect.stringContaining("invoice 7 is unpaid") as string,
        error: { code: "tenant_suspended" },
      });
    }
  });

  test("hold for all that is passed on: a second file beside an allowed one does not come through", async () => {
    const { key, ledger } = await newTenant();
    await ledger.change("set_uploads", { bytesMax: 1_000, types: ["image/*"] });
    const form = formOf(10);
    form.append("file", new File([new Uint8Array(5_000)], "b.mp4", { type: "video/mp4" }));
    const { data } = await envelope(await sendChunked(key, form));
    expect(data).toMatchObject({ type: "image", filename: "a.png", size: 10 });
  });

  test("are an operator's to set, within bounds; what is not given stays", async () => {
    const operator = callerWith((await operatorKey()).key);
    const { body } = await operator("POST", "/v1/tenants", { name: "uploads" });
    const at = `/v1/tenants/${String(body["id"])}`;
    expect((await operator("GET", at)).body["uploads"]).toEqual({ max_bytes: 200 * MIB, types: null });
    const set = await operator("PATCH", at, { uploads: { max_bytes: 5, types: ["image/png"] } });
    expect(set.body["uploads"]).toEqual({ max_bytes: 5, types: ["image/png"] });
    const again = await operator("PATCH", at, { uploads: { types: null } });
    expect(again.body["uploads"]).toEqual({ max_bytes: 5, types: null });
    expect((await operator("PATCH", at, { queue_weight: 2 })).body["uploads"]).toEqual({ max_bytes: 5, types: null });
    for (const wrong of [{ max_bytes: 0 }, { max_bytes: 201 * MIB }, { types: [] }, { types: ["png"] }, { other: 1 }]) {
      expect((await operator("PATCH", at, { uploads: wrong })).status).toBe(400);
    }
  });
});
