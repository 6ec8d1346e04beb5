import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { LoadOrder } from "../../../bench/load/order.ts";
import { runOrder } from "../../../bench/load/patterns.ts";
import { makeFakeWaveSpeed, TASK_MICROS } from "../../../bench/upstream/fake-wavespeed.ts";

const open: { closeAllConnections(): void; close(): void }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(server: ReturnType<typeof createServer>): Promise<string> {
  open.push(server.listen(0, "127.0.0.1"));
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const serve = (answer: RequestListener): Promise<string> => listen(createServer(answer));

const order = (url: string, given: Partial<LoadOrder>): LoadOrder => ({
  calls: [{ method: "GET", url, headers: {} }],
  pattern: { kind: "closed", connections: 2 },
  forMs: 50,
  timeoutMs: 1_000,
  keepBodies: false,
  ...given,
});

test("a refusal keeps its status, its retry-after and its text; an answer keeps its text only where it is wanted", async () => {
  const refusing = await serve((_, response) => response.writeHead(503, { "retry-after": "7" }).end("busy"));
  const { replies } = await runOrder(order(refusing, {}));
  expect(replies[0]).toMatchObject({ status: 503, sent: true, retryAfter: "7", text: "busy" });
  const answering = await serve((_, response) => response.end("well"));
  expect((await runOrder(order(answering, {}))).replies[0]).toMatchObject({ status: 200, text: "" });
  expect((await runOrder(order(answering, { keepBodies: true }))).replies[0]?.text).toBe("well");
});

test("closed: never more calls under way than connections", async () => {
  let [underWay, most] = [0, 0];
  const url = await serve((_, response) => {
    most = Math.max(most, ++underWay);
    setTimeout(() => {
      underWay -= 1;
      response.end();
    }, 3);
  });
  const { replies } = await runOrder(order(url, { pattern: { kind: "closed", connections: 3 } }));
  expect(replies.length).toBeGreaterThan(3);
  expect(most).toBe(3);
});

test("open: the rate is kept, and a call that no connection came free for is told from one that was not answered", async () => {
  const silent = await serve(() => {});
  const pattern = { kind: "open", perSecond: 200, connections: 1 } as const;
  const { replies } = await runOrder(order(silent, { pattern, forMs: 15, timeoutMs: 60 }));
  expect(replies.map(({ status }) => status)).toEqual([0, 0, 0]);
  // The first holds the connection until it has given up, and then the second does.
  expect(replies.map(({ sent }) => sent)).toContain(true);
  expect(replies.map(({ sent }) => sent)).toContain(false);
});

test("clients: each call has a client of its own, at its interval", async () => {
  const paths: string[] = [];
  const url = await serve((request, response) => response.end(paths.push(request.url ?? "").toString()));
  const calls = ["/a", "/b"].map((path) => ({ method: "GET" as const, url: url + path, headers: {} }));
  await runOrder(order(url, { calls, pattern: { kind: "clients", everyMs: 20 }, forMs: 30 }));
  expect(paths.filter((path) => path === "/a").length).toBeLessThanOrEqual(2);
  expect(new Set(paths)).toEqual(new Set(["/a", "/b"]));
});

test("the fake WaveSpeed bills each task that it made, and completes it", async () => {
  const url = await listen(makeFakeWaveSpeed({ replyMs: 0, taskMs: 0 }));
  const call = async (path: string, body?: object): Promise<Record<string, unknown>> => {
    const sent = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    return ((await (await fetch(url + path, sent)).json()) as { data: Record<string, unknown> }).data;
  };
  const { id, status } = await call("/api/v3/some/model", { prompt: "a" });
  expect(status).toBe("created");
  expect(await call(`/api/v3/predictions/${String(id)}/result`)).toMatchObject({ status: "completed", id });
  const listed = await call("/api/v3/predictions", {
    model: "some/model",
    created_after: new Date(0).toISOString(),
    created_before: new Date(Date.now() + 60_000).toISOString(),
  });
  expect(listed["items"]).toMatchObject([{ id, input: { prompt: "a" } }]);
  expect(await call("/api/v3/billings/search", { prediction_uuids: [id, "none"] })).toMatchObject({ total: 1 });
  // What the gateway asks beside its jobs makes no task.
  expect(await call("/api/v3/models")).toEqual([]);
  expect(await call("/api/v3/model/price", {})).toBeUndefined();
  expect(await call("/api/v3/balance")).toBeUndefined();
  expect(await call("/bill")).toEqual({ tasks: 1, micros: TASK_MICROS });
});
