import type { Context } from "hono";
import { SANDBOX_ORIGIN, SANDBOX_PREFIX } from "../accounts/account-of.ts";
import { parseConfig, type Env } from "../config.ts";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import type { JobView } from "../jobs/types.ts";
import { log } from "../observability/log.ts";
import { refusePrivateHost } from "../webhooks/url-rule.ts";
import type { GatewayEnv } from "./gateway-env.ts";

/** The largest output that is given as base64; a larger one is read by its address. */
export const OUTPUT_BYTES_MAX = 24 * 1024 * 1024;

/** From its first byte to its last, at the pace of whoever reads the answer. */
const FETCH_MS_MAX = 120_000;

/** An output's host may send on to another: each is looked at as the first was. */
const REDIRECTS_MAX = 3;

/** Of the six connections that a Worker may have open, one is left for everything else. */
const OPEN_MAX = 5;

/** An output whose bytes are on their way, or one that is no address and is given as it is. */
export type OpenOutput = { kind: "bytes"; body: ReadableStream<Uint8Array> } | { kind: "value"; value: unknown };

/** Gives the next output. Throws if it cannot be had: the answer has begun by then, and is broken off. */
export type NextOutput = () => Promise<OpenOutput | null>;

/**
 * Opens the outputs of a completed job that wants them as base64: the first five before anything is answered, so that
 * trouble with them is a refusal (503, or 413 for what is too large) and not a broken answer.
 */
export async function openOutputs(c: Context<GatewayEnv>, view: JobView): Promise<Result<NextOutput, Refusal>> {
  const outputs = view.result?.outputs ?? [];
  const opened = await Promise.all(outputs.slice(0, OPEN_MAX).map((output) => open(c.env, output)));
  const failed = opened.findIndex((output) => output === "unreachable" || output === "too_large");
  if (failed >= 0) {
    opened.forEach(dropped);
    return err(opened[failed] === "too_large" ? tooLarge(failed, outputs) : unreachable(failed));
  }
  let next = 0;
  return ok(async () => {
    if (next >= outputs.length) return null;
    const output = opened[next] ?? (await open(c.env, outputs[next]));
    next += 1;
    if (typeof output === "object") return output;
    throw new Error(`output ${next} is ${output}`);
  });
}

/** What was opened for nothing; its own trouble is nobody's any more. */
function dropped(output: OpenOutput | string): void {
  if (typeof output === "object" && output.kind === "bytes") output.body.cancel().catch(() => undefined);
}

async function open(env: Env, output: unknown): Promise<OpenOutput | "unreachable" | "too_large"> {
  if (typeof output !== "string" || !/^https?:\/\//i.test(output)) return { kind: "value", value: output };
  try {
    const response = await fetchOutput(env, output);
    const length = Number(response?.headers.get("content-length") ?? 0);
    if (response?.ok && response.body && length <= OUTPUT_BYTES_MAX) return { kind: "bytes", body: response.body };
    await response?.body?.cancel();
    // Its address may be signed: only the host is told.
    log.warn("an output was not given", { host: new URL(output).host, status: response?.status, length });
    return response?.ok && length > OUTPUT_BYTES_MAX ? "too_large" : "unreachable";
  } catch (error) {
    log.warn("an output was not fetched", { host: URL.parse(output)?.host, error });
    return "unreachable";
  }
}

/** Null: an address that nothing is fetched from, or one that leads there. */
async function fetchOutput(env: Env, output: string): Promise<Response | null> {
  const signal = AbortSignal.timeout(FETCH_MS_MAX);
  const sandbox = SANDBOX_ORIGIN + SANDBOX_PREFIX;
  if (output.startsWith(`${sandbox}/`)) {
    const path = output.slice(sandbox.length);
    return env.SIMULATOR.fetch(new Request(`https://simulator.invalid${path}`, { signal }));
  }
  let url: URL | null = new URL(output);
  for (let hop = 0; hop <= REDIRECTS_MAX && url && isFetched(env, url); hop++) {
    const response = await fetch(url.href, { signal, redirect: "manual" });
    const next = response.status >= 300 && response.status < 400 ? response.headers.get("location") : null;
    if (next === null) return response;
    await response.body?.cancel();
    url = URL.parse(next, url.href);
  }
  return null;
}

/** A public server by https, or wherever the operator's own WaveSpeed is: an output may name what lies inside. */
const isFetched = (env: Env, url: URL): boolean =>
  parseConfig(env).accounts.some(({ baseUrl }) => new URL(baseUrl).origin === url.origin) ||
  (url.protocol === "https:" && refusePrivateHost(url) === null);

const unreachable = (index: number): Refusal => ({
  code: "upstream_unavailable",
  message: `output ${index + 1} could not be fetched; the job is completed, so ask again`,
  retryAfterSeconds: 5,
});

const tooLarge = (index: number, outputs: readonly unknown[]): Refusal => ({
  code: "body_too_large",
  message: `output ${index + 1} has more than ${OUTPUT_BYTES_MAX} bytes, which is the most that is given as base64`,
  details: { outputs: outputs.filter((output) => typeof output === "string" && !output.startsWith(SANDBOX_ORIGIN)) },
});
