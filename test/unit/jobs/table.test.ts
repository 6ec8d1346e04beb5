import { describe, expect, it } from "vitest";
import { rowFor } from "../../../src/jobs/machine.ts";
import { answerOf } from "../../../src/jobs/machine/event.ts";
import { ROWS } from "../../../src/jobs/machine/table.ts";
import type { JobState } from "../../../src/jobs/job.ts";
import { PACE, T0, jobIn } from "./job-fixture.ts";
import { EVENTS_OF } from "./every-event.ts";

const STATES = [...new Set(ROWS.map((row) => row.state))] as JobState[];
const KINDS = Object.keys(EVENTS_OF) as (keyof typeof EVENTS_OF)[];

describe("the table of states", () => {
  it("names no row twice", () => {
    const ids = ROWS.map((row) => row.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("has nine states, and for each of them every event", () => {
    expect(STATES).toHaveLength(9);
    for (const state of STATES) {
      const kinds = ROWS.filter((row) => row.state === state).map((row) => row.event);
      expect([...new Set(kinds)].toSorted(), state).toEqual(KINDS.toSorted());
    }
  });

  it("is asked here about every answer that it has a row for", () => {
    const asked = new Set(Object.values(EVENTS_OF).flatMap((events) => events.map(answerOf)));
    expect(ROWS.filter(({ answer }) => !asked.has(answer))).toEqual([]);
  });

  it("has a row for every answer, whatever the conditions of others say", () => {
    for (const state of STATES) {
      for (const event of Object.values(EVENTS_OF).flat()) {
        const { id } = rowFor(jobIn({ state, sentAt: T0 }), event, T0, PACE);
        expect(id.startsWith(`${state}/${event.kind}`), id).toBe(true);
      }
    }
  });

  it("says in words what each row does, or why nothing", () => {
    for (const { id, row, when, words } of ROWS) {
      expect("ignored" in row ? row.ignored : row.effect, id).not.toBe("");
      expect(when === null || words !== "", id).toBe(true);
    }
  });
});
