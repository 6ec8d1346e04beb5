import { describe, expect, it } from "vitest";
import { directiveIn } from "../../../src/simulator/directive.ts";

describe("directiveIn", () => {
  it("is null for a prompt without one", () => {
    expect(directiveIn("a [[cat]] (sim: fail)")).toEqual({ ok: true, value: null });
    expect(directiveIn("[[sim: ]]")).toEqual({ ok: true, value: null });
  });

  it("reads names, values and groups, over several directives", () => {
    const prompt = "a [[sim: fail, delay=30s]] cat [[sim:webhook.copies=2,webhook.late=1m, poll.http=503]]";
    expect(directiveIn(prompt)).toEqual({
      ok: true,
      value: {
        fail: 1405,
        delay: 30_000,
        webhook: { copies: 2, late: 60_000 },
        poll: { http: 503 },
      },
    });
  });

  it.each([
    ["[[sim: nonsense]]", "nonsense"],
    ["[[sim: http=200]]", "http"],
    ["[[sim: drop=never]]", "drop: must be before or after"],
    ["[[sim: delay=40d]]", "at most 30 days"],
    ["[[sim: poll.fail]]", "fail"],
    ["[[sim: nsfw=maybe]]", "nsfw"],
    ["[[sim: __proto__=1]]", "__proto__"],
  ])("refuses %s and says why", (prompt, reason) => {
    const result = directiveIn(prompt);
    expect(result.ok ? "accepted" : result.error).toContain(reason);
  });
});
