import { afterEach, describe, expect, it, vi } from "vitest";
import { Claims } from "../../../src/accounts/claims.ts";
import * as w from "./world.ts";

afterEach(() => vi.restoreAllMocks());

describe("two equal lost jobs, and a person's word on one of them", () => {
  async function two(cuts: readonly ["after" | "before", "after" | "before"]) {
    const text = w.prompt("delay=0s");
    const ids: string[] = [];
    for (const cut of cuts) {
      await w.simulator("POST", "/control/faults", { match: { prompt_contains: text }, fault: { cut }, times: 1 });
      ids.push(await w.submit(await w.newWorld(), text));
    }
    const [decided = "", other = ""] = ids;
    return { decided, other, text };
  }

  const release = (id: string) => w.tracker(id).resolve(id, { action: "release", reason: "x", actor: "operator:test" });

  it("before the account knew that it is lost: the other does not take its task", async () => {
    const enter = vi.spyOn(Claims.prototype, "enterUnknown").mockImplementation(() => {
      throw new Error("away");
    });
    const { decided, other } = await two(["after", "before"]);
    enter.mockRestore();
    expect(await release(decided)).toBe("resolved");
    for (let walks = 0; walks < 4; walks++) await w.nextWalk(other);
    expect(await w.rowOf(other)).toMatchObject({ state: "unknown", upstreamId: null });
  });

  it("and its task was named since: the other takes its own", async () => {
    const { decided, other, text } = await two(["after", "after"]);
    const [second = "", first = ""] = await w.tasksOf(text);
    expect(await release(decided)).toBe("resolved");
    await w.tracker(decided).hint(decided, w.hook(first));
    expect(await w.rowOf(decided)).toMatchObject({ state: "completed" });
    for (let walks = 0; walks < 3; walks++) await w.nextWalk(other);
    expect(await w.finish(other)).toMatchObject({ state: "completed", upstreamId: second });
  });
});
