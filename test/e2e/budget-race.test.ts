import { afterAll, beforeAll, expect, test } from "vitest";
import { startGateway, type StartedGateway } from "../support/started-gateway.ts";
import { Books } from "./books.ts";

const MODEL = "kwaivgi/kling-v2.0-t2v-master";
const SUBMITS = 50;

let gateway: StartedGateway;
beforeAll(async () => {
  gateway = await startGateway({ env: { SIMULATOR_TASK_MS: "500", POLL_MS_MIN: "100", POLL_MS_MAX: "300" } });
});
afterAll(() => gateway?.kill9());

interface Answer {
  status: number;
  body: { code: number; message: string; error?: { code: string; details?: Record<string, unknown> } };
}

async function submit(key: string, prompt: string): Promise<Answer> {
  const response = await fetch(`${gateway.info.gateway}/api/v3/${MODEL}`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ prompt, duration: 5 }),
  });
  return { status: response.status, body: (await response.json()) as Answer["body"] };
}

const race = (key: string): Promise<Answer[]> =>
  Promise.all(Array.from({ length: SUBMITS }, (_, n) => submit(key, `racer ${n}`)));

test("50 parallel submits of a $1.30 job against $13.00: 10 are admitted, 40 refused with the numbers", async () => {
  const { books, key } = await Books.open(gateway.info, "13.00");

  const answers = await race(key);
  expect(answers.filter((answer) => answer.status === 200)).toHaveLength(10);
  const refused = answers.filter((answer) => answer.status === 402);
  expect(refused).toHaveLength(40);
  for (const { body } of refused) {
    expect(body).toMatchObject({ code: 402, error: { code: "budget_exceeded" } });
    expect(body.message).toContain("limit 13.000000");
    expect(body.message).toContain("price 1.300000");
    const [captured, held] = [/captured (\d+\.\d{6})/, /held (\d+\.\d{6})/].map((n) =>
      Number(n.exec(body.message)?.[1]),
    );
    expect((captured ?? 0) + (held ?? 0)).toBeCloseTo(13, 6);
  }

  expect(await books.expectAgreement()).toEqual({ captured: "13.000000" });
  expect(await books.budget()).toMatchObject({ captured: "13.000000", held: "0.000000", remaining: "0.000000" });
  expect((await books.usage()).jobs).toBe(10);
  expect(await books.bill()).toEqual({ tasks: 10, net: "13.000000" });

  const again = await race(key);
  expect(again.every((answer) => answer.status === 402)).toBe(true);
  expect((await books.bill()).tasks).toBe(10);
});

test("one cent too little admits none of 50, and the upstream does not hear of them", async () => {
  const { books, key } = await Books.open(gateway.info, "1.29");
  const before = await books.bill();
  expect((await race(key)).every((answer) => answer.status === 402)).toBe(true);
  expect(await books.bill()).toEqual(before);
  expect(await books.jobs()).toEqual([]);
});
