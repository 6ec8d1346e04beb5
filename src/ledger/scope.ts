import type { JobFacts } from "./journal-entry.ts";
import type { BudgetScope } from "./types.ts";

/** What of a job decides which budgets it counts against. */
export type ScopeFacts = Pick<JobFacts, "team" | "keyId" | "model" | "tags">;

/** A scope as one text: what a budget is found by. */
export function scopeKey(scope: BudgetScope): string {
  switch (scope.kind) {
    case "tenant":
      return "tenant";
    case "team":
      return `team:${scope.team}`;
    case "key":
      return `key:${scope.key}`;
    case "model":
      return `model:${scope.model}`;
    case "tag":
      return `tag:${scope.name}=${scope.value}`;
  }
}

/** Every scope that a job falls under, the widest first. No hand-kept list elsewhere. */
export function scopesOf(facts: ScopeFacts): string[] {
  const scopes: BudgetScope[] = [{ kind: "tenant" }];
  if (facts.team !== null) scopes.push({ kind: "team", team: facts.team });
  scopes.push({ kind: "key", key: facts.keyId }, { kind: "model", model: facts.model });
  for (const [name, value] of Object.entries(facts.tags)) scopes.push({ kind: "tag", name, value });
  return scopes.map(scopeKey);
}

/** A scope in words, for refusals. */
export function describeScope(scope: BudgetScope): string {
  switch (scope.kind) {
    case "tenant":
      return "tenant";
    case "team":
      return `team ${scope.team}`;
    case "key":
      return `key ${scope.key}`;
    case "model":
      return `model ${scope.model}`;
    case "tag":
      return `tag ${scope.name}=${scope.value}`;
  }
}
