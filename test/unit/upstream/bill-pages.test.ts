import { describe, expect, it } from "vitest";
import { WaveSpeed } from "../../../src/upstream/wavespeed.ts";

const PAGE = 100;

/** A bill of so many records of one task at 0.01 USD each; page `broken` cannot be read. */
function billOf(records: number, broken = 0): { upstream: WaveSpeed; pages: number[] } {
  const pages: number[] = [];
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const { page, page_size: size } = await new Request(url, init).json<{ page: number; page_size: number }>();
    pages.push(page);
    if (page === broken) return new Response("{}", { status: 503 });
    const count = Math.max(0, Math.min(size, records - (page - 1) * size));
    const item = { billing_type: "deduct", price: 0.01, prediction: { uuid: "u1" } };
    return Response.json({ code: 200, message: "success", data: { page, items: Array<object>(count).fill(item) } });
  };
  const link = { baseUrl: "https://wavespeed.test", apiKey: "a-key-of-a-test", fetch, headers: {} };
  return { upstream: new WaveSpeed(link), pages };
}

describe("the bill of many tasks", () => {
  it.each([
    [0, [1]],
    [PAGE - 1, [1]],
    [PAGE, [1, 2]],
    [2 * PAGE + 50, [1, 2, 3]],
  ])("of %d records is read to its last page", async (records, pages) => {
    const bill = billOf(records);
    const read = await bill.upstream.bill(["u1"], (page) => page());
    expect(read?.get("u1") ?? 0).toBe(records * 10_000);
    expect(bill.pages).toEqual(pages);
  });

  it("is not read in part: a page that cannot be read, or too many of them, is no bill", async () => {
    expect(await billOf(2 * PAGE, 2).upstream.bill(["u1"], (page) => page())).toBeNull();
    expect(await billOf(100 * PAGE).upstream.bill(["u1"], (page) => page())).toBeNull();
  });

  it("takes a connection for each page, not for all of them", async () => {
    let taken = 0;
    await billOf(PAGE).upstream.bill(["u1"], (page) => {
      taken += 1;
      return page();
    });
    expect(taken).toBe(2);
  });
});
