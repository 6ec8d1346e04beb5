import type { Answer, Problem } from "./api.ts";

const SLUG = /^[a-z0-9_-]{1,64}$/;
const RULE = "must be 1 to 64 characters of a-z, 0-9, _ and -";

/**
 * A name that a form gives becomes part of an address in the API, where one of the wrong form is like one that there is not:
 * this says what is wrong with it. `isHere`: the tenant is one that the reader may be told of.
 */
export function refusalOf<T>(
  answer: Extract<Answer<T>, { ok: false }>,
  { field, id, isHere }: { field: string; id: string; isHere: boolean },
): { status: number; problem: Problem } {
  if (answer.status !== 404 || !isHere || SLUG.test(id)) return answer;
  const problem = { code: "invalid_request", detail: `The name ${RULE}.`, errors: [{ field, rule: RULE, value: id }] };
  return { status: 400, problem: { ...problem, details: {} } };
}
