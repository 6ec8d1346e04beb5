import { describe, expect, it } from "vitest";
import { WaveSpeed } from "../../../src/upstream/wavespeed.ts";

const KEY = "wsk_secret_of_the_account";

function waveSpeed(answer: (request: Request) => Response) {
  const requests: Request[] = [];
  const fetcher = (url: string, init: RequestInit): Promise<Response> => {
    const request = new Request(url, init);
    requests.push(request);
    return Promise.resolve(answer(request));
  };
  const link = { baseUrl: "https://upstream.test", apiKey: KEY, fetch: fetcher, headers: {} };
  return { requests, client: new WaveSpeed(link) };
}

const json = (data: unknown, status = 200): Response => Response.json({ code: status, message: "", data }, { status });

describe("the list of models", () => {
  it("is asked for with the account's key, following no redirect", async () => {
    const { client, requests } = waveSpeed(() => json([{ model_id: "a/b" }]));
    expect(await client.models()).toEqual({ kind: "listed", entries: [{ model_id: "a/b" }] });
    expect(requests.map(({ url, redirect }) => [url, redirect])).toEqual([
      ["https://upstream.test/api/v3/models", "manual"],
    ]);
    expect(requests[0]?.headers.get("authorization")).toBe(`Bearer ${KEY}`);
  });

  it.each([
    ["another status", () => json([], 502)],
    ["a redirect", () => new Response(null, { status: 302, headers: { location: "https://elsewhere.test" } })],
    ["no list", () => json({ items: [] })],
    ["no JSON", () => new Response("<html>")],
    ["an envelope of a failure", () => Response.json({ code: 500, message: "", data: [] })],
    ["more than 8 MB", () => json([{ model_id: "a/b", description: "x".repeat(8 * 1024 * 1024) }])],
  ])("is unreadable with %s", async (_what, answer) => {
    expect(await waveSpeed(answer).client.models()).toMatchObject({ kind: "unreadable" });
  });

  it("never brings the key along, whatever the server repeats", async () => {
    const { client } = waveSpeed(() => json([{ model_id: "a/b", description: `your key is ${KEY}` }]));
    expect(JSON.stringify(await client.models())).not.toContain(KEY);
  });
});

describe("a quote", () => {
  it.each([
    [{ price: 1.3, discounted_price: 0.65, discount_rate: 50 }, 650_000],
    [{ price: 1.3 }, 1_300_000],
    [{ unit_price: 0.005 }, 5_000],
    [{ price: 0.1 + 0.2 }, 300_000],
  ])("of %j is %d micro-dollars", async (data, micros) => {
    expect(await waveSpeed(() => json(data)).client.quote("a/b", {})).toEqual({ kind: "quoted", micros });
  });

  it.each([[{}], [{ price: "1.3" }], [{ price: -1 }], [null]])("of %j says nothing", async (data) => {
    expect(await waveSpeed(() => json(data)).client.quote("a/b", {})).toMatchObject({ kind: "unreadable" });
  });
});
