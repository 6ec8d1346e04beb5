import { fieldRows, told, type FieldRow } from "./field-rows.ts";
import type { Call, OpenApi, Operation, Schema } from "./open-api.ts";

/** Who may call, in words; the guards' names are `x-access` in the document. */
const WHO: Readonly<Record<string, string>> = {
  operator: "Operators, by key or session",
  tenant: "A tenant's key",
  both: "An operator, a tenant's key, a person",
  session: "A person who is signed in",
  read: "Operators; everybody of the tenant (a member: the own team)",
  run: "Operators; owner, admin, member of the tenant",
  manage: "Operators; owner and admin of the tenant",
  own: "Operators; owner of the tenant",
  public: "Anybody",
};

const whoOf = ({ "x-access": access, security = [] }: Operation): string =>
  (access && WHO[access]) ?? (security.some((one) => "tenantKey" in one) ? "A tenant's key" : "Anybody");

/** One call: who, what it takes, what it answers, and a line to paste. */
export const CallArticle = ({ call, api, gateway }: { call: Call; api: OpenApi; gateway: string }) => {
  const { operation } = call;
  const schemas = api.components?.schemas ?? {};
  const body = schemaOf(operation.requestBody?.content);
  const parameters = (operation.parameters ?? []).map((parameter) => ({
    name: parameter.name,
    required: parameter.required ?? false,
    ...told(parameter.schema ?? {}, schemas),
    description: [`in ${parameter.in}`, parameter.description ?? parameter.schema?.description ?? ""]
      .filter(Boolean)
      .join("; "),
  }));
  return (
    <article id={call.id}>
      <h3>
        <a href={`#${call.id}`} class="mono">
          {call.method} {call.path}
        </a>
      </h3>
      <p>
        <strong>{operation.summary}</strong>
      </p>
      {operation.description && <p>{operation.description}</p>}
      <p class="muted">{whoOf(operation)}</p>
      <Fields caption="Parameters" rows={parameters} />
      {body && <Fields caption="Body" rows={fieldRows(body, schemas)} />}
      <Answers operation={operation} schemas={schemas} />
      <pre class="scroll" tabindex={0}>
        <code>{curlOf(call, gateway, body !== null)}</code>
      </pre>
    </article>
  );
};

const schemaOf = (content: Record<string, { schema?: Schema }> | undefined): Schema | null =>
  content?.["application/json"]?.schema ?? null;

const Fields = ({ caption, rows }: { caption: string; rows: readonly FieldRow[] }) =>
  rows.length === 0 ? null : (
    <div class="scroll" tabindex={0}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Type</th>
            <th scope="col">Rules</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, type, required, rules, description }) => (
            <tr>
              <th scope="row">
                <code>{name}</code>
                {required && <span class="muted"> needed</span>}
              </th>
              <td>
                <code>{type}</code>
              </td>
              <td>{[...rules, description].filter(Boolean).join("; ")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );

type Schemas = NonNullable<NonNullable<OpenApi["components"]>["schemas"]>;

const Answers = ({ operation, schemas }: { operation: Operation; schemas: Schemas }) => (
  <>
    {Object.entries(operation.responses ?? {}).map(([status, { description, content }]) => {
      const schema = schemaOf(content);
      const rows = schema ? fieldRows(schema, schemas) : [];
      const title = status === "default" ? "Refused" : status;
      return rows.length === 0 || status === "default" ? (
        <p>
          <code>{title}</code> {description}
        </p>
      ) : (
        <details>
          <summary>
            <code>{title}</code> {description}
          </summary>
          <Fields caption="Answer" rows={rows} />
        </details>
      );
    })}
  </>
);

function curlOf({ method, path, operation }: Call, gateway: string, hasBody: boolean): string {
  const key = operation["x-access"] === "tenant" || path.startsWith("/api/") ? "$WAVEGATE_KEY" : "$OPERATOR_KEY";
  const lines = [`curl -sS -X ${method} '${gateway}${path}'`, `  -H "Authorization: Bearer ${key}"`];
  if (hasBody) lines.push(`  -H 'Content-Type: application/json'`, `  -d '{ ... }'`);
  return lines.join(" \\\n");
}
