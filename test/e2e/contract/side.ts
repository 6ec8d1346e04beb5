import { expect, vi } from "vitest";

export const T2V = "kwaivgi/kling-v2.0-t2v-master";

/** What is sent. `key` null: no key; `body` is sent as JSON unless it is a text or a form. */
export interface Request {
  method: string;
  path: string;
  body?: unknown;
  key?: string | null;
}

export interface Answer {
  status: number;
  /** Those that matter to a client. */
  headers: Record<string, string | null>;
  body: unknown;
}

/** WaveSpeed's API at one address: a completed job, a failed one, and some to delete. */
export class Side {
  readonly base: string;
  readonly key: string;
  done = "";
  failed = "";
  encoded = "";
  readonly spare: string[] = [];

  private constructor(base: string, key: string) {
    this.base = base;
    this.key = key;
  }

  static async prepare(base: string, key: string): Promise<Side> {
    const side = new Side(base, key);
    side.done = await side.submit("a calm sea");
    side.failed = await side.submit("[[sim: fail=1405, fail_message=the dancer left]]");
    side.encoded = await side.submit("a calm sea", { enable_base64_output: true });
    for (const _ of ["by list", "by path"]) side.spare.push(await side.submit("[[sim: delay=1h]]"));
    await side.until(`/api/v3/predictions/${side.done}`, { data: { status: "completed" } });
    await side.until(`/api/v3/predictions/${side.encoded}`, { data: { status: "completed" } });
    await side.until(`/api/v3/predictions/${side.failed}`, { data: { status: "failed" } });
    const now = Date.now();
    const usage = {
      start_time: new Date(now - 86_400_000).toISOString(),
      end_time: new Date(now + 86_400_000).toISOString(),
    };
    await side.until("/api/v3/user/usage_stats", { data: { summary: { success_requests: 2 } } }, usage);
    return side;
  }

  async submit(prompt: string, more: object = {}): Promise<string> {
    const request = { method: "POST", path: `/api/v3/${T2V}`, body: { prompt, ...more } };
    const { status, body } = await answerOf(this, request);
    expect(status, JSON.stringify(body)).toBe(200);
    return (body as { data: { id: string } }).data.id;
  }

  private async until(path: string, wanted: object, body?: unknown): Promise<void> {
    const request = { method: body ? "POST" : "GET", path, body };
    const look = async () => expect(await answerOf(this, request)).toMatchObject({ body: wanted });
    await vi.waitFor(look, { timeout: 20_000, interval: 100 });
  }
}

export async function answerOf(side: Side, request: Request): Promise<Answer> {
  const response = await send(side, request);
  return {
    status: response.status,
    headers: {
      "content-type": response.headers.get("content-type")?.split(";", 1)[0] ?? null,
      location: response.headers.get("location"),
      "content-encoding": response.headers.get("content-encoding"),
    },
    body: await response.json(),
  };
}

async function send(side: Side, { method, path, body, key = side.key }: Request): Promise<Response> {
  const isSentAsIs = body === undefined || typeof body === "string" || body instanceof FormData;
  const headers = new Headers(key === null ? {} : { authorization: `Bearer ${key}` });
  if (!isSentAsIs) headers.set("content-type", "application/json");
  return fetch(side.base + path, {
    method,
    headers,
    body: isSentAsIs ? ((body as string | FormData | undefined) ?? null) : JSON.stringify(body),
    redirect: "manual",
  });
}
