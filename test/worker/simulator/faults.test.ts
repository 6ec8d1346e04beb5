import { describe, expect, it } from "vitest";
import { type AccountClient, type Envelope, newAccount, T2V } from "./account-client.ts";

const OVER_BINDING = { "x-simulator-public-base": "https://gw.example/sandbox" };

describe("faults of a submit's answer, scripted in the prompt", () => {
  it.each([
    ["http=429, retry_after=7", 429, 429, "You have reached your rate limit"],
    ["http=503", 503, 503, "Service unavailable"],
    ["http=400, code=1407, message=insufficient credits", 400, 1407, "insufficient credits"],
    ["http=401", 401, 401, "Invalid API key"],
    ["http=402", 402, 402, "Insufficient credits"],
    ["http=403", 403, 403, "Account is not active"],
    ["refuse=1402", 400, 1402, "The request was refused"],
  ])("[[sim: %s]] refuses in the envelope and creates nothing", async (directive, status, code, message) => {
    const account = newAccount();
    const response = await account.submit(`[[sim: ${directive}]]`);
    expect([response.status, await response.json()]).toEqual([status, { code, message }]);
    expect(response.headers.get("retry-after")).toBe(directive.includes("retry_after") ? "7" : null);
    expect(await account.bill()).toMatchObject({ tasks: 0, submits: 1, net_micros: 0 });
  });

  it.each([500, 502, 503, 504])("[[sim: http=%i, bare]] has no envelope", async (status) => {
    const response = await newAccount().submit(`[[sim: http=${status}, bare]]`);
    expect([response.status, response.headers.get("content-type")]).toEqual([status, "text/html"]);
  });

  it("[[sim: http=504, created]] refuses, and the task exists all the same", async () => {
    const account = newAccount();
    expect((await account.submit("[[sim: http=504, created]]")).status).toBe(504);
    expect(await account.bill()).toMatchObject({ tasks: 1, net_micros: 1_300_000 });
  });

  it("times=n strikes the first n submits of that prompt only", async () => {
    const account = newAccount();
    const prompt = "[[sim: http=503, times=2, delay=0s, fail]]";
    const statuses = [await account.submit(prompt), await account.submit(prompt), await account.submit(prompt)];
    expect(statuses.map((response) => response.status)).toEqual([503, 503, 200]);
    expect((await account.submit(`${prompt} other`)).status).toBe(503);
    const { data }: Envelope = await statuses[2]!.json();
    expect(await account.result(String(data["id"]))).toMatchObject({ status: "failed" });
  });

  it("no_id, malformed and status spoil a 200 whose task exists", async () => {
    const account = newAccount();
    const noId: Envelope = await (await account.submit("[[sim: no_id]]")).json();
    expect(noId.code).toBe(200);
    expect(noId.data).not.toHaveProperty("id");
    const malformed = await account.submit("[[sim: malformed]]");
    expect(malformed.status).toBe(200);
    const text = await malformed.text();
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
    const odd: Envelope = await (await account.submit("[[sim: status=pending]]")).json();
    expect(odd.data["status"]).toBe("pending");
    expect((await account.bill()).tasks).toBe(3);
  });

  it.each([
    ["before", 0],
    ["after", 1],
  ])("drop=%s gives no answer and leaves %i tasks", async (moment, tasks) => {
    const account = newAccount();
    const body = { prompt: `[[sim: drop=${moment}]]` };
    // Over a binding the call itself throws ...
    expect(await thrown(async () => account.call("POST", `/api/v3/${T2V}`, body, OVER_BINDING))).toContain("dropped");
    expect((await account.bill()).tasks).toBe(tasks);
    // ... over HTTP the answer breaks off.
    const response = await account.submit(body.prompt);
    expect(await thrown(async () => response.text())).toContain("cut");
    expect((await account.bill()).tasks).toBe(2 * tasks);
  });

  it.each([
    ["before", 0],
    ["after", 1],
  ])("cut=%s breaks the body off and leaves %i tasks", async (moment, tasks) => {
    const account = newAccount();
    const response = await account.submit(`[[sim: cut=${moment}]]`);
    expect(response.status).toBe(200);
    expect(await thrown(async () => response.text())).toContain("cut");
    expect((await account.bill()).tasks).toBe(tasks);
  });

  it("slow answers late, slow_after with the task already there", async () => {
    const account = newAccount();
    const began = Date.now();
    await account.create("[[sim: slow=60ms]]");
    expect(Date.now() - began).toBeGreaterThanOrEqual(55);
    const answer = account.submit("[[sim: slow_after=20s]]");
    // Seen while the answer is still outstanding.
    await expect.poll(async () => (await account.bill()).tasks).toBe(2);
    void answer.catch(() => undefined);
  });
});

describe("faults of polls", () => {
  it("strike the first n polls of the task", async () => {
    const account = newAccount();
    const id = await account.create("[[sim: delay=0s, poll.http=503, poll.retry_after=2, poll.times=2]]");
    const statuses: number[] = [];
    for (let poll = 0; poll < 3; poll += 1) statuses.push((await poll1(account, id)).status);
    expect(statuses).toEqual([503, 503, 200]);
    expect((await account.stats()).polls).toEqual([{ prediction_id: id, polls: 3 }]);
  });

  it("poll.status shows an unknown word and then the truth", async () => {
    const account = newAccount();
    const id = await account.create("[[sim: delay=0s, poll.status=weird, poll.times=1]]");
    expect(await account.result(id)).toMatchObject({ status: "weird", outputs: [] });
    expect((await account.result(id))["status"]).toBe("completed");
  });
});

describe("faults of the control endpoint", () => {
  it("strike the operations that they match, oldest first, as often as told", async () => {
    const account = newAccount();
    await account.data("POST", "/control/faults", {
      match: { operation: "submit", prompt_contains: "dog" },
      fault: { http: 429, retry_after: 1 },
      times: 2,
    });
    expect((await account.submit("a cat")).status).toBe(200);
    expect((await account.submit("a dog")).status).toBe(429);
    expect((await account.submit("a dog")).status).toBe(429);
    expect((await account.submit("a dog")).status).toBe(200);
    const listed = await account.data("GET", "/control/faults");
    expect(listed["faults"]).toMatchObject([{ fault: { http: 429, retry_after: 1 }, times: 2, fired: 2 }]);
    await account.data("DELETE", "/control/faults");
    expect(await account.data("GET", "/control/faults")).toEqual({ faults: [] });
  });

  it("strike a poll by task, a list and the other calls", async () => {
    const account = newAccount();
    const [first, second] = [await account.create("x"), await account.create("y")];
    await account.data("POST", "/control/faults", {
      match: { operation: "poll", prediction_id: second },
      fault: { http: 404 },
    });
    expect([(await poll1(account, first)).status, (await poll1(account, second)).status]).toEqual([200, 404]);
    const calls = [
      ["list", "POST", "/api/v3/predictions"],
      ["balance", "GET", "/api/v3/balance"],
      ["models", "GET", "/api/v3/models"],
      ["billings", "POST", "/api/v3/billings/search"],
    ] as const;
    for (const [operation, method, path] of calls) {
      await account.data("POST", "/control/faults", {
        match: { operation },
        fault: { http: 500, bare: true },
      });
      expect([operation, (await account.call(method, path)).status]).toEqual([operation, 500]);
      expect([operation, (await account.call(method, path)).status]).toEqual([operation, 200]);
    }
  });

  it("script a task's course as the prompt can", async () => {
    const account = newAccount();
    await account.data("POST", "/control/faults", {
      fault: { delay: "0s", fail: 1403, "poll.http": 503 },
    });
    const id = await account.create("nothing special");
    expect((await poll1(account, id)).status).toBe(503);
    expect((await account.bill()).items).toMatchObject([
      { prediction_id: id, status: "failed", refund_micros: 1_300_000 },
    ]);
  });

  it.each([
    [{ fault: { htpp: 500 } }, "htpp"],
    [{ match: { operation: "poll" }, fault: { fail: true } }, "fail"],
    [{ match: { operation: "dance" }, fault: {} }, "match.operation"],
    [{ fault: { http: 200 } }, "fault.http"],
    [{ fault: {}, times: 0 }, "times"],
    [{ match: { prediction_id: "x" }, fault: { http: 500 } }, "prediction_id is for polls and webhooks"],
  ])("refuse %j and name the field", async (body, field) => {
    const response = await newAccount().call("POST", "/control/faults", body);
    expect(response.status).toBe(400);
    expect(((await response.json()) as Envelope).message).toContain(field);
  });

  it("belong to one account, and reset takes everything away", async () => {
    const [account, other] = [newAccount(), newAccount()];
    await account.data("POST", "/control/faults", { fault: { http: 503 }, times: 9 });
    expect((await other.submit("x")).status).toBe(200);
    expect((await account.submit("x")).status).toBe(503);
    await account.data("POST", "/control/reset");
    expect(await account.bill()).toMatchObject({ tasks: 0, submits: 0, items: [] });
    expect((await account.submit("x")).status).toBe(200);
  });
});

describe("limits", () => {
  it("bronze takes two tasks at once, and two a minute", async () => {
    const account = newAccount();
    await account.data("POST", "/control/limits", { tier: "bronze", videos_per_minute: 9 });
    const outcomes = await Promise.all(
      ["a", "b", "c"].map(async (prompt) => account.submit(`${prompt} [[sim: delay=1h]]`)),
    );
    expect(outcomes.map((response) => response.status).toSorted()).toEqual([200, 200, 429]);
    const refused = outcomes.find((response) => response.status === 429);
    expect(await refused?.json()).toEqual({
      code: 429,
      message: "You have reached your concurrency limit",
    });
    await account.data("POST", "/control/limits", { tier: "bronze", concurrent_tasks: 9 });
    expect(((await (await account.submit("d")).json()) as Envelope).message).toBe("You have reached your rate limit");
    await account.data("POST", "/control/clock", { advance: "1m" });
    expect((await account.submit("d")).status).toBe(200);
  });

  it("an account without credits is refused with 402", async () => {
    const account = newAccount();
    await account.data("POST", "/control/limits", { balance_usd: 1.3 });
    expect((await account.submit("x")).status).toBe(200);
    const refused = await account.submit("x");
    expect([refused.status, await refused.json()]).toEqual([402, { code: 402, message: "Insufficient credits" }]);
  });
});

const poll1 = (account: AccountClient, id: string): Promise<Response> =>
  account.call("GET", `/api/v3/predictions/${id}/result`);

async function thrown(act: () => Promise<unknown>): Promise<string> {
  try {
    await act();
  } catch (error) {
    return String(error);
  }
  return "nothing was thrown";
}
