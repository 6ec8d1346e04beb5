import { describe, expect, it } from "vitest";
import { WaveSpeed } from "../../../src/upstream/wavespeed.ts";

const MODEL = "kwaivgi/kling-v2.0-t2v-master";
const AT = 1_800_000_000_000;

interface Asked {
  page: number;
  page_size: number;
}

/** WaveSpeed with so many tasks, whose answers are as long as told for a page of a size. */
function upstream(tasks: number, bytesOf: (pageSize: number) => number) {
  const asked: Asked[] = [];
  let reading = 0;
  let peak = 0;
  const link = {
    baseUrl: "http://wavespeed.test",
    apiKey: "sim_test_key",
    headers: {},
    fetch: async (url: string, init: RequestInit) => {
      const query = (await new Request(url, init).json()) as Asked;
      asked.push(query);
      const ids = Array.from({ length: tasks }, (_, index) => index).slice(
        (query.page - 1) * query.page_size,
        query.page * query.page_size,
      );
      const items = ids.map((id) => ({
        id: `u${id}`,
        model: MODEL,
        created_at: new Date(AT).toISOString(),
        input: {},
      }));
      const padding = " ".repeat(bytesOf(ids.length === 0 ? 0 : query.page_size));
      return new Response(JSON.stringify({ code: 200, message: "success", data: { items } }) + padding);
    },
  };
  const within = async <T>(read: () => Promise<T>): Promise<T> => {
    reading += 1;
    peak = Math.max(peak, reading);
    try {
      return await read();
    } finally {
      reading -= 1;
    }
  };
  const walk = () => new WaveSpeed(link).list({ model: MODEL, from: AT - 1, to: AT + 1 }, within);
  return { asked, walk, peak: () => peak };
}

const MIB = 1024 * 1024;

describe("a walk of the list", () => {
  it("takes a connection for a page at a time, and ends at a page without anything new", async () => {
    const { asked, walk, peak } = upstream(150, () => 0);
    expect(await walk()).toHaveLength(150);
    expect(asked.map(({ page, page_size }) => [page, page_size])).toEqual([
      [1, 100],
      [2, 100],
      [3, 100],
    ]);
    expect(peak()).toBe(1);
  });

  it("whose pages get too long, since images are in them, begins anew with smaller ones", async () => {
    const { asked, walk } = upstream(12, (pageSize) => (pageSize === 100 ? 33 * MIB : 0));
    expect(await walk()).toHaveLength(12);
    expect(asked.map(({ page_size }) => page_size)).toEqual([100, 10, 10, 10]);
  });

  it("that is longer than 5,000 tasks is not whole, and ends", async () => {
    const { asked, walk } = upstream(6_000, () => 0);
    expect(await walk()).toBeNull();
    expect(asked).toHaveLength(50);
  });
});
