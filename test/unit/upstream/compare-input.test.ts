import { describe, expect, it } from "vitest";
import { compareInput } from "../../../src/upstream/compare-input.ts";

const SENT = { prompt: "a fox", duration: "5", guidance_scale: 0.5 };

describe("whether a listed task could be ours", () => {
  it("is the same when all that was sent is there, in whatever type, with fields of WaveSpeed's own", () => {
    expect(compareInput({ ...SENT, duration: 5, seed: 7 }, SENT)).toBe("same");
  });

  it("is another as soon as one field differs", () => {
    expect(compareInput({ ...SENT, prompt: "a fox " }, SENT)).toBe("different");
    expect(compareInput({ prompt: "a wolf" }, SENT)).toBe("different");
  });

  it("is unclear where the list does not show the input, or not all of it", () => {
    expect(compareInput(undefined, SENT)).toBe("unclear");
    expect(compareInput({}, SENT)).toBe("unclear");
    expect(compareInput({ ...SENT, duration: null }, SENT)).toBe("unclear");
  });

  it("is unclear where a data URI or a long text may have been replaced", () => {
    const image = "data:image/png;base64,AAAA";
    expect(compareInput({ image: "https://cdn.test/a.png" }, { image })).toBe("unclear");
    expect(compareInput({ image }, { image })).toBe("same");
    expect(compareInput({ prompt: "x..." }, { prompt: "x".repeat(1_001) })).toBe("unclear");
    expect(compareInput({ prompt: "x..." }, { prompt: "x".repeat(1_000) })).toBe("different");
  });
});
