import { createHash, randomBytes } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { makeJobId } from "../../../src/keys/job-id.ts";
import { armFailPoint } from "../../../src/observability/fail-point.ts";
import { noteStart } from "../../../src/gateway/start-times.ts";
import { spyFetch } from "../../support/spy-fetch.ts";
import * as w from "./world.ts";

afterEach(() => {
  armFailPoint("after_post", null);
  vi.restoreAllMocks();
});

const sha256 = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex");

describe("reads", () => {
  it("10 clients and any number of reads cost one upstream poll per interval", async () => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("delay=1h"));
    const { upstreamId } = await w.rowOf(id);
    const read = async () => {
      const response = await w.gateway(`/api/v3/predictions/${id}/result`, {
        headers: { authorization: `Bearer ${world.key}` },
      });
      const { data } = await response.json<{ data: { status: string } }>();
      return data.status;
    };
    for (let interval = 1; interval <= 3; interval++) {
      await w.ring(id);
      const reads = await Promise.all(
        Array.from({ length: 10 }, async () => [await read(), await read(), await read()]),
      );
      expect(reads.flat().every((status) => ["created", "processing"].includes(status))).toBe(true);
      expect(await w.pollsOf(upstreamId)).toBe(interval);
    }
    expect(await w.moneyOf(world, id)).toEqual(["hold"]);
  });
});

describe("a 10 MB image as a data URI", () => {
  /** The head of a PNG of 512 x 512, and noise. */
  function image(): string {
    // workerd gives at most 64 KiB of randomness at once.
    const bytes = Buffer.concat(Array.from({ length: 159 }, () => randomBytes(65_536)));
    Buffer.from("89504e470d0a1a0a0000000d49484452000002000000020008060000", "hex").copy(bytes);
    return `data:image/png;base64,${bytes.toString("base64")}`;
  }

  it("survives the chunked storage byte for byte, and is dropped after the POST", async () => {
    const world = await w.newWorld();
    const sent: string[] = [];
    spyFetch(async (request, real) => {
      if (!request.url.includes("/kling-")) return real(request);
      const copy = request.clone();
      sent.push(sha256(new Uint8Array(await copy.arrayBuffer())));
      return real(request);
    });
    const given = image();
    const response = await w.send(
      world,
      { image: given, prompt: w.prompt("delay=1h, http=429, times=1") },
      "kwaivgi/kling-v2.1-i2v-master",
    );
    expect(response.status).toBe(200);
    const { data } = await response.json<{ data: { id: string } }>();
    const stored = await w.inTracker(data.id, (sql) => {
      const parts = sql
        .exec<{ bytes: ArrayBuffer }>("SELECT bytes FROM payloads WHERE job_id = ? ORDER BY part", data.id)
        .toArray();
      return parts.map(({ bytes }) => bytes.slice(0));
    });
    expect(stored.length).toBeGreaterThan(1);
    expect(stored.every((part) => part.byteLength < 2_000_000)).toBe(true);
    const whole = Buffer.concat(stored.map((part) => new Uint8Array(part)));
    const kept = JSON.parse(whole.toString()) as { image: string };
    expect(sha256(kept.image)).toBe(sha256(given));

    await w.crash();
    expect(await w.ring(data.id)).toMatchObject({ state: "running" });
    expect(sent).toEqual([sha256(whole), sha256(whole)]);
    const left = await w.inTracker(
      data.id,
      (sql) => sql.exec("SELECT COUNT(*) AS n FROM payloads WHERE job_id = ?", data.id).one()["n"],
    );
    expect(left).toBe(0);
  });
});

describe("an object's outgoing connections", () => {
  /** So that jobs are not spread over trackers for the sake of their POSTs. */
  function startsAreFast(): void {
    for (let times = 0; times < 100; times++) noteStart("live", 0);
  }

  /** How many requests of a kind were on their way at once, at most. */
  function watch(kind: (request: Request) => boolean): () => number {
    let now = 0;
    let peak = 0;
    spyFetch(async (request, real) => {
      if (!kind(request)) return real(request);
      peak = Math.max(peak, (now += 1));
      try {
        const response = await real(request);
        // The connection is taken until the body has come.
        return new Response(await response.text(), response);
      } finally {
        now -= 1;
      }
    });
    return () => peak;
  }

  it("at most 4 for POSTs with 20 jobs, and every job is sent once", async () => {
    startsAreFast();
    const world = await w.newWorld();
    const posts = await w.postsSoFar();
    const peak = watch((request) => request.method === "POST" && request.url.includes("/kling-"));
    const prompts = Array.from({ length: 20 }, () => w.prompt("slow=150ms, delay=1h"));
    const replies = await Promise.all(prompts.map((prompt) => w.send(world, { prompt })));
    expect(replies.map(({ status }) => status)).toEqual(prompts.map(() => 200));
    for (const reply of replies) await reply.body?.cancel();
    expect(peak()).toBe(4);
    expect((await w.postsSoFar()) - posts).toBe(20);
  });

  it("at most 2 for reads with 20 jobs, each of which is polled", async () => {
    const world = await w.newWorld();
    const jobs: string[] = [];
    for (let job = 0; job < 20; job++) {
      startsAreFast();
      jobs.push(await w.submit(world, w.prompt("delay=0s, poll.slow=30ms")));
    }
    const peak = watch((request) => request.method === "GET");
    const [first] = jobs;
    if (first === undefined) throw new Error("there is no job");
    await w.inTracker(first, (sql) =>
      sql.exec("UPDATE jobs SET next_at = next_at % 1000 + 1 WHERE next_at IS NOT NULL"),
    );
    await w.ring(first);
    for (const id of jobs) expect((await w.rowOf(id)).state).toBe("completed");
    expect(peak()).toBe(2);
    expect(await w.balance(world)).toEqual({ captured: 20 * w.PRICE, held: 0 });
  });
});

describe("a made-up job id", () => {
  it("reads as no job, and makes no tracker's database", async () => {
    const world = await w.newWorld();
    const jobId = makeJobId({ tenant: world.tenant, shard: 7 }, w.hex(8));
    const response = await w.gateway(`/api/v3/predictions/${jobId}/result`, {
      headers: { authorization: `Bearer ${world.key}` },
    });
    expect(response.status).toBe(404);
    const tables = await w.inTracker(jobId, (sql) => sql.exec("SELECT name FROM sqlite_master").toArray());
    expect(tables).toEqual([]);
  });
});
