import { describe, expect, test } from "vitest";
import { call, envelope, newTenant, T2V } from "./api.ts";

const I2V = "kwaivgi/kling-v2.1-i2v-pro";

describe("prices", () => {
  test.each(["price", "pricing"])("model/%s says exactly what a submit holds", async (edition) => {
    const { key, ledger } = await newTenant();
    const quoted = await envelope(
      await call(key, "POST", `/api/v3/model/${edition}`, { model_id: I2V, inputs: { duration: "10" } }),
    );
    expect(quoted.data).toMatchObject({
      model_id: I2V,
      price: 0.9,
      discounted_price: 0.9,
      discount_rate: 100,
      unit_price: 0.9,
      currency: "USD",
    });
    const image = "https://example.com/a.png";
    const response = await call(key, "POST", `/api/v3/${I2V}`, { image, prompt: "[[sim: delay=1h]]", duration: 10 });
    expect(response.headers.get("x-wavegate-job-cost")).toBe("0.900000");
    expect(await ledger.budgets()).toMatchObject([{ heldMicros: 900_000 }]);
  });
});

describe("WaveSpeed's surface", () => {
  test("models carry a schema and point at the gateway", async () => {
    const { key } = await newTenant();
    const { data } = await envelope(await call(key, "GET", "/api/v3/models"));
    const models = data as unknown as {
      model_id: string;
      base_price: number;
      api_schema: { api_schemas: { server: string }[] };
    }[];
    expect(models.map((model) => model.model_id)).toContain(T2V);
    expect(models.find((model) => model.model_id === T2V)?.base_price).toBe(1.3);
    expect(models.every((model) => model.api_schema.api_schemas[0]?.server === "http://gateway.test")).toBe(true);
  });

  test("the balance is what the tenant may still spend", async () => {
    const { key } = await newTenant(2_600_000);
    await call(key, "POST", `/api/v3/${T2V}`, { prompt: "[[sim: delay=1h]]" });
    expect((await envelope(await call(key, "GET", "/api/v3/balance"))).data).toEqual({ balance: 1.3 });
  });

  test("double slashes, encoded slashes and the v2 twin reach the same job", async () => {
    const { key } = await newTenant();
    const first = await envelope(
      await call(key, "POST", `//api/v3/${T2V.replace("/", "%2F")}`, { prompt: "[[sim: delay=1h]]" }),
    );
    const id = String(first.data["id"]);
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    for (const path of [
      `/api/v3/predictions/${id}`,
      `/api/v3/predictions/${id}/result`,
      `/api/v2/predictions/${id}/result`,
      `/api/v3/api/v3/predictions/${id}/result`,
      `//api//v3//api/v3//predictions/${id}`,
    ]) {
      expect((await envelope(await call(key, "GET", path))).data).toMatchObject({ id, model: T2V });
    }
  });

  test("a prediction has the types that the strictest client insists on", async () => {
    const { key } = await newTenant();
    const { code, data } = await envelope(await call(key, "POST", `/api/v3/${T2V}`, { prompt: "[[sim: delay=1h]]" }));
    expect({ code, data }).toEqual({
      code: 200,
      data: {
        id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
        model: T2V,
        outputs: [],
        urls: { get: `http://gateway.test/api/v3/predictions/${String(data["id"])}/result` },
        has_nsfw_contents: [],
        status: "created",
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
        error: "",
        executionTime: 0,
        timings: { inference: 0 },
        code: 0,
      },
    });
  });

  test("a refusal of the input by WaveSpeed comes through with its own code, and costs nothing", async () => {
    const { key, ledger } = await newTenant();
    const response = await call(key, "POST", `/api/v3/${T2V}`, { prompt: "[[sim: refuse=1402]]" });
    expect(response.status).toBe(400);
    expect(await envelope(response)).toMatchObject({ code: 1402, error: { source: "wavespeed" } });
    expect(await ledger.budgets()).toMatchObject([{ heldMicros: 0, capturedMicros: 0 }]);
  });

  test.each(["http=401", "http=402", "http=403", "http=400, code=1407"])(
    "the account's fault (%s) is 503 and not told",
    async (fault) => {
      const { key, ledger } = await newTenant();
      const response = await call(key, "POST", `/api/v3/${T2V}`, {
        prompt: `[[sim: ${fault}, message=secret-account-text]]`,
      });
      expect(response.status).toBe(503);
      expect(response.headers.get("retry-after")).toBe("30");
      expect(await response.text()).not.toContain("secret-account-text");
      expect(await ledger.budgets()).toMatchObject([{ heldMicros: 0, capturedMicros: 0 }]);
    },
  );

  test("a slow upstream does not delay the answer: created, and the job goes on", async () => {
    const { key } = await newTenant();
    const response = await call(key, "POST", `/api/v3/${T2V}`, { prompt: "[[sim: slow=2500ms, delay=1h]]" });
    expect(response.status).toBe(200);
    expect((await envelope(response)).data).toMatchObject({ status: "created" });
  });
});

describe("bodies near the limit", () => {
  test("20 MB with a wide letter in it: started, though a text of it would count double on its way", async () => {
    const { key } = await newTenant();
    const wide = { prompt: "[[sim: delay=1h]]", negative_prompt: `漢${"x".repeat(20_000_000)}` };
    expect((await call(key, "POST", `/api/v3/${T2V}`, wide)).status).toBe(200);
  });

  test("an upload above 28 MiB is 413", async () => {
    const { key } = await newTenant();
    const form = { "content-type": "multipart/form-data; boundary=x" };
    const response = await call(key, "POST", "/api/v3/media/upload/binary", "x".repeat(29 * 1024 * 1024), form);
    expect(response.status).toBe(413);
  });
});

test("a path that there is not answers in the envelope", async () => {
  const { key } = await newTenant();
  const response = await call(key, "POST", "/api/v3/billings/nothing", {});
  expect(response.status).toBe(404);
  expect(await envelope(response)).toMatchObject({ code: 404, error: { code: "not_found" } });
});

test("the API's description has a submit for every model, with its schema", async () => {
  const api = (await (await call(null, "GET", "/openapi.json")).json()) as {
    openapi: string;
    paths: Record<string, { post?: { requestBody: { content: Record<string, { schema: { required: string[] } }> } } }>;
  };
  expect(api.openapi).toBe("3.1.0");
  expect(api.paths["/v1/tenants"]).toBeDefined();
  const schema = api.paths[`/api/v3/${I2V}`]?.post?.requestBody.content["application/json"]?.schema;
  expect(schema?.required.toSorted()).toEqual(["image", "prompt"]);
});
