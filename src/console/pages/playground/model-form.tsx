import type { Problem } from "../../api.ts";
import type { InputField } from "./input-fields.ts";

interface ModelFieldProps {
  field: InputField;
  value: string;
  problem: Problem | null;
}

/** One field of the model's form, with what the API said of it. */
export const ModelField = ({ field, value, problem }: ModelFieldProps) => {
  const wrong = problem?.errors.find((error) => error.field === field.name || error.field === `input.${field.name}`);
  const id = `input-${field.name}`;
  const shared = {
    id,
    name: `input.${field.name}`,
    ...(field.required && { required: true }),
    ...(wrong && { "aria-invalid": "true" as const }),
    ...((wrong || field.hint) && { "aria-describedby": `${id}-told` }),
  };
  return (
    <div class="field">
      <label for={id}>
        {field.label}
        {field.required && <span class="muted"> (needed)</span>}
      </label>
      <Control field={field} value={value} shared={shared} />
      {wrong ? (
        <small id={`${id}-told`} class="wrong">
          {wrong.rule}
        </small>
      ) : (
        field.hint && <small id={`${id}-told`}>{field.hint}</small>
      )}
    </div>
  );
};

type Shared = { id: string; name: string };

const Control = ({ field, value, shared }: { field: InputField; value: string; shared: Shared }) => {
  switch (field.kind) {
    case "text":
    case "json":
      return (
        <textarea {...shared} rows={field.name === "prompt" ? 4 : 2}>
          {value}
        </textarea>
      );
    case "choice":
      return (
        <select {...shared}>
          {field.choices.map((choice) => (
            <option value={choice} {...(choice === value && { selected: true })}>
              {choice}
            </option>
          ))}
        </select>
      );
    case "switch":
      return (
        <select {...shared}>
          <option value="false">No</option>
          <option value="true" {...(value === "true" && { selected: true })}>
            Yes
          </option>
        </select>
      );
    case "number":
      return <input {...shared} type="number" step={field.isWhole ? "1" : "any"} value={value} />;
    case "line":
      return <input {...shared} type="text" value={value} autocomplete="off" />;
  }
};
