import { beforeAll, expect, test } from "vitest";
import { callerWith, migrate, operatorKey, tenantWithKey, type Answer, type Call } from "./api.ts";
import { signedIn } from "./signed-in.ts";

/**
 * Every operation of the API's description, called by every kind of caller. What each access means is written here once more, on
 * purpose: a change of the guards alone fails.
 */
const MAY: Readonly<Record<string, readonly Caller[]>> = {
  operator: ["operator key", "operator"],
  tenant: ["tenant key"],
  session: ["viewer", "member", "admin", "owner", "other owner", "operator"],
  both: ["tenant key", "viewer", "member", "admin", "owner", "other owner", "operator", "operator key"],
  read: ["viewer", "member", "admin", "owner", "operator", "operator key"],
  run: ["member", "admin", "owner", "operator", "operator key"],
  manage: ["admin", "owner", "operator", "operator key"],
  own: ["owner", "operator", "operator key"],
};

const CALLERS = [
  "nobody",
  "tenant key",
  "viewer",
  "member",
  "admin",
  "owner",
  "other owner",
  "operator",
  "operator key",
] as const;
type Caller = (typeof CALLERS)[number];

/** Calls that anybody may make, and no others: a new one is added here on purpose. */
const PUBLIC: readonly string[] = [
  "GET /v1/sign-in/ways",
  "POST /v1/sign-in",
  "POST /v1/sign-in/access",
  "POST /v1/sign-in/links",
  "POST /v1/sign-in/passkey",
  "POST /v1/sign-in/passkey/options",
];

interface Operation {
  method: string;
  path: string;
  access: string;
}

let operations: Operation[];
let callers: Record<Caller, Call>;
let bare: Record<"owner" | "operator", Call>;
let tenant: string;

beforeAll(async () => {
  await migrate();
  const { key } = await operatorKey();
  const operator = callerWith(key);
  const { body } = await callerWith(null)("GET", "/openapi.json");
  const paths = body["paths"] as Record<string, Record<string, { "x-access"?: string }>>;
  operations = Object.entries(paths)
    .filter(([path]) => path.startsWith("/v1/"))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        access: operation["x-access"] ?? "",
      })),
    );
  const made = await tenantWithKey(operator);
  const other = await tenantWithKey(operator);
  tenant = made.tenant;
  const person = (role: "viewer" | "member" | "admin" | "owner") => signedIn({ places: [{ tenant, role }] });
  const owner = await person("owner");
  const asOperator = await signedIn({ operator: true });
  callers = {
    nobody: callerWith(null),
    "tenant key": made.asTenant,
    viewer: (await person("viewer")).call,
    member: (await person("member")).call,
    admin: (await person("admin")).call,
    owner: owner.call,
    "other owner": (await signedIn({ places: [{ tenant: other.tenant, role: "owner" }] })).call,
    operator: asOperator.call,
    "operator key": operator,
  };
  const anonymous = callerWith(null);
  bare = {
    owner: (method, path, sent) => anonymous(method, path, sent, { cookie: owner.cookie }),
    operator: (method, path, sent) => anonymous(method, path, sent, { cookie: asOperator.cookie }),
  };
});

/** Values of the right form that are nobody's. */
function addressOf(path: string): string {
  const given: Record<string, string> = { tenant, key_id: "f".repeat(16), person: "f".repeat(16), job: "f".repeat(32) };
  return path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => given[name] ?? "f".repeat(16));
}

const isRefusal = ({ status, text }: Answer): boolean =>
  status === 401 || status === 403 || (status === 404 && text.includes(`tenant ${tenant} does not exist`));

test("every operation says who may call it", () => {
  expect(operations.length).toBeGreaterThan(60);
  const known = new Set([...Object.keys(MAY), "public"]);
  expect(operations.filter(({ access }) => !known.has(access))).toEqual([]);
  const open = operations.filter(({ access }) => access === "public").map(({ method, path }) => `${method} ${path}`);
  expect(open.toSorted()).toEqual(PUBLIC.toSorted());
});

test("each caller is let in where it may be, and nowhere else", async () => {
  const wrong: string[] = [];
  for (const { method, path, access } of operations) {
    if (access === "public") continue;
    for (const caller of CALLERS) {
      const answer = await callers[caller](method, addressOf(path), method === "GET" ? undefined : {});
      const may = MAY[access]?.includes(caller) ?? false;
      // A management key cannot run jobs, which its call says itself.
      const runsNothing = caller === "operator key" && path === "/v1/tenants/{tenant}/jobs" && method === "POST";
      if (isRefusal(answer) === may && !runsNothing) {
        wrong.push(`${method} ${path} (${access}) as ${caller}: ${answer.status} ${answer.text.slice(0, 120)}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

test("no change is made by a cookie alone", async () => {
  const wrong: string[] = [];
  for (const { method, path, access } of operations) {
    if (method === "GET" || access === "public") continue;
    for (const who of ["owner", "operator"] as const) {
      const { status } = await bare[who](method, addressOf(path), {});
      if (status !== 403) wrong.push(`${method} ${path} as ${who}: ${status}`);
    }
  }
  expect(wrong).toEqual([]);
});
