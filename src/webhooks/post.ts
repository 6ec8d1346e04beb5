import { retryAfterOf } from "./retry-schedule.ts";
import type { AttemptOutcome } from "./types.ts";

/** Of an answer, this much is kept; more of it is not read. */
const REPLY_BYTES_MAX = 1_000;

const ERROR_CHARS_MAX = 300;

/** Makes one attempt. Does not throw; nothing of it lasts longer than `msMax`. */
export async function post(
  url: string,
  headers: Record<string, string>,
  body: string,
  msMax: number,
): Promise<AttemptOutcome> {
  const begun = Date.now();
  const signal = AbortSignal.timeout(msMax);
  try {
    const response = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal });
    const reply = await firstBytes(response);
    const delivered = response.status >= 200 && response.status < 300;
    return {
      delivered,
      gone: response.status === 410,
      status: response.status,
      ms: Date.now() - begun,
      error: delivered ? null : errorOf(response),
      reply,
      retryAfterMs: retryAfterOf(response.headers.get("retry-after"), Date.now()),
    };
  } catch (error) {
    const text = signal.aborted ? `no answer within ${msMax} ms` : `no answer: ${textOf(error)}`;
    const ms = Date.now() - begun;
    return { delivered: false, gone: false, status: null, ms, error: text, reply: "", retryAfterMs: null };
  }
}

function errorOf({ status, headers }: Response): string {
  if (status < 300 || status >= 400) return `answered ${status}; only 2xx is success`;
  const location = (headers.get("location") ?? "nowhere").slice(0, 200);
  return `answered ${status}, a redirect to ${location}: redirects are not followed, give the final URL`;
}

/** The status has said all that counts: an answer that breaks off, or never ends, is cut. */
async function firstBytes(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return "";
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    while (bytes < REPLY_BYTES_MAX) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value as Uint8Array);
      bytes += (value as Uint8Array).byteLength;
    }
    await reader.cancel();
  } catch {
    // Cut off: what came is shown.
  }
  const text = Buffer.concat(chunks).subarray(0, REPLY_BYTES_MAX).toString("utf8");
  return text.replaceAll(/[\p{Cc}\uFFFD]+/gu, " ").trim();
}

const textOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, ERROR_CHARS_MAX);
