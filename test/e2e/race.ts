import type { StartedInfo } from "../support/started-gateway.ts";

export const T2V = "kwaivgi/kling-v2.0-t2v-master";

export interface Answer {
  status: number;
  headers: Headers;
  body: {
    code: number;
    message: string;
    data?: { id: string };
    error?: { code: string; details?: Record<string, unknown> };
  };
}

export interface Submit {
  prompt?: string;
  headers?: Record<string, string>;
}

/** One submit of a $1.30 job over HTTP. */
export async function submit(info: StartedInfo, key: string, given: Submit = {}): Promise<Answer> {
  const response = await fetch(`${info.gateway}/api/v3/${T2V}`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...given.headers },
    body: JSON.stringify({ prompt: given.prompt ?? "a racer", duration: 5 }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer["body"] };
}

/** That many submits at once; `keys` take turns. */
export const race = (
  info: StartedInfo,
  keys: readonly string[],
  count: number,
  given: Submit = {},
): Promise<Answer[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => submit(info, keys[n % keys.length] ?? "", given)));

/** How many answers there were of each kind: "200", or the status with the refusal's code. */
export function tally(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const name = body.error ? `${status} ${body.error.code}` : String(status);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
