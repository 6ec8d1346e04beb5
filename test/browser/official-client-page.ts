import { Client } from "wavespeed";

interface Given {
  gateway: string;
  key: string;
  model: string;
  image: string;
}

/** What the page that this is on was made with. */
declare const given: Given;

/** Runs in the browser: WaveSpeed's JavaScript client on somebody's web page. What came of it is posted to the page's own server. */
const { gateway, key, model, image } = given;

const said = (reason: unknown): string => `failed: ${reason instanceof Error ? reason.message : String(reason)}`;

async function raw(path: string, init: RequestInit = {}): Promise<unknown> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const response = await fetch(`${gateway}${path}`, { ...init, headers });
  const seen = Object.fromEntries(response.headers);
  return { status: response.status, headers: seen, body: (await response.json()) as unknown };
}

async function tell(): Promise<Record<string, unknown>> {
  const client = new Client(key, { baseUrl: gateway });
  const run = client.run(model, { image, prompt: "a chase at night" }, { pollInterval: 0.1 });
  const submit = { method: "POST", body: JSON.stringify({ image, prompt: "x" }) };
  return {
    outputs: await run.then(({ outputs }) => outputs, said),
    submit: await raw(`/api/v3/${model}`, submit).catch(said),
    refused: await raw(`/api/v3/${model}`, { method: "POST", body: "{}" }).catch(said),
    balance: await raw("/api/v3/balance").catch(said),
  };
}

const told = await tell().catch((reason: unknown) => ({ page: said(reason) }));
await fetch("/told", { method: "POST", body: JSON.stringify(told) });
