import { expect, it } from "vitest";
import { callerWith, operatorKey } from "../management/api.ts";
import * as w from "./world.ts";

it("operators see each account's load and circuit, never its key, and may have it looked at", async () => {
  const operator = callerWith((await operatorKey()).key);
  await w.pause("other");
  const world = await w.newWorld();
  const ids = [];
  for (let index = 0; index < 3; index++) ids.push(await w.submit(world, w.prompt("delay=0s")));
  const { status, body, text } = await operator("GET", "/v1/accounts");
  expect(status).toBe(200);
  expect(body["data"]).toMatchObject([
    { name: "live", concurrent_tasks: 2, videos_per_minute: null, in_use: 2, waiting: 1, circuit: "closed" },
    { name: "other", weight: 0, concurrent_tasks: null, in_use: 0, waiting: 0, circuit: "closed" },
  ]);
  expect(text).not.toMatch(/sim_(small|other)/);
  // A task is claimed a moment after its submit is answered.
  const posts = async () => (await operator("GET", "/v1/accounts")).body["data"];
  await expect.poll(posts).toMatchObject([{ posts: 2, posts_failed: 0 }, { posts: 0 }]);

  await w.upstream("live", "POST", "/control/limits", { balance_usd: 0 });
  const found = await operator("POST", "/v1/accounts/live/check");
  expect(found.body).toMatchObject({
    circuit: "open",
    circuit_reason: "its balance is used up",
    balance: "-2.600000",
  });
  await w.upstream("live", "POST", "/control/limits", { tier: "ultra", balance_usd: 1_000_000 });
  expect((await operator("POST", "/v1/accounts/live/check")).body).toMatchObject({
    circuit: "closed",
    balance: "999997.400000",
  });
  expect((await operator("POST", "/v1/accounts/nobody/check")).status).toBe(404);
  for (const id of ids) await w.end(id);
  await w.unpause("other");
});

it("a pause names an account that there is", async () => {
  const operator = callerWith((await operatorKey()).key);
  const put = (account: string) => operator("PUT", "/v1/pauses/p", { scope: { account }, reason: "test" });
  expect((await put("other")).status).toBe(200);
  const wrong = await put("nobody");
  expect(wrong.status).toBe(400);
  expect(wrong.text).toContain("must be one of live, other, sandbox");
  await operator("DELETE", "/v1/pauses/p");
});
