import { describe, expect, it } from "vitest";
import { readBillAnswer } from "../../../src/upstream/read-bill-answer.ts";

const record = (billing_type: string, uuid = "u1") => ({ billing_type, prediction: { uuid } });

describe("what the bill says of a task", () => {
  it.each([
    ["no list", null, "unreachable"],
    ["an empty list", [], "nothing"],
    ["a deduct", [record("deduct")], "charged"],
    ["a deduct and a refund", [record("deduct"), record("refund")], "refunded"],
    ["the refund first", [record("refund"), record("deduct")], "refunded"],
    ["a top-up", [record("top_up")], "nothing"],
    ["another task's deduct", [record("deduct", "u2")], "nothing"],
    ["another task's refund", [record("deduct"), record("refund", "u2")], "charged"],
    ["records of no task", [{ billing_type: "deduct" }, { billing_type: "refund", prediction: null }], "nothing"],
    ["a record without a type", [{ prediction: { uuid: "u1" } }], "nothing"],
  ])("%s: %j is %s", (_name, items, kind) => {
    expect(readBillAnswer(items, "u1")).toBe(kind);
  });
});
