import { describe, expect, it } from "vitest";
import { compareInput } from "../../../src/upstream/compare-input.ts";

const SENT = { prompt: "a fox", duration: "5", guidance_scale: 0.5 };

const FIELDS = ["prompt", "image", "duration", "guidance_scale", "negative_prompt"];

describe("whether a listed task could be ours", () => {
  it("is the same when all that was sent is there, in whatever type, with fields of WaveSpeed's own", () => {
    expect(compareInput({ ...SENT, duration: 5, seed: 7 }, SENT, FIELDS)).toBe("same");
  });

  it("is another as soon as one field differs", () => {
    expect(compareInput({ ...SENT, prompt: "a fox " }, SENT, FIELDS)).toBe("different");
    expect(compareInput({ prompt: "a wolf" }, SENT, FIELDS)).toBe("different");
  });

  it("is another where a field of the model is filled that we did not send", () => {
    expect(compareInput({ ...SENT, negative_prompt: "blur" }, SENT, FIELDS)).toBe("different");
    expect(compareInput({ ...SENT, negative_prompt: "" }, SENT, FIELDS)).toBe("same");
  });

  it("is unclear where the list does not show the input, or not all of it", () => {
    expect(compareInput(undefined, SENT, FIELDS)).toBe("unclear");
    expect(compareInput({}, SENT, FIELDS)).toBe("unclear");
    expect(compareInput({ ...SENT, duration: null }, SENT, FIELDS)).toBe("unclear");
  });

  it("is unclear where a data URI or a long text may have been replaced", () => {
    const image = "data:image/png;base64,AAAA";
    expect(compareInput({ image: "https://cdn.test/a.png" }, { image }, FIELDS)).toBe("unclear");
    expect(compareInput({ image }, { image }, FIELDS)).toBe("same");
    expect(compareInput({ prompt: "x..." }, { prompt: "x".repeat(1_001) }, FIELDS)).toBe("unclear");
    expect(compareInput({ prompt: "x..." }, { prompt: "x".repeat(1_000) }, FIELDS)).toBe("different");
  });

  it("compares lists and objects by what is in them, and never takes two for different that may have been completed", () => {
    const loras = [{ path: "a", scale: 1 }];
    expect(compareInput({ loras: [{ scale: "1", path: "a" }] }, { loras }, null)).toBe("same");
    expect(compareInput({ loras: [{ path: "b", scale: 1 }] }, { loras }, null)).toBe("unclear");
  });

  it("is unclear where a seed was drawn, and where a model's fields are not known and one more is filled", () => {
    expect(compareInput({ prompt: "a", seed: 77 }, { prompt: "a", seed: -1 }, null)).toBe("unclear");
    expect(compareInput({ prompt: "a", seed: 77 }, { prompt: "a", seed: 5 }, null)).toBe("different");
    expect(compareInput({ prompt: "a", strength: 1 }, { prompt: "a" }, null)).toBe("unclear");
    expect(compareInput({ prompt: "a", enable_sync_mode: true, size: "" }, { prompt: "a" }, null)).toBe("same");
  });
});
