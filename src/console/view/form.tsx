import type { Child } from "hono/jsx";
import type { Problem } from "../api.ts";

interface FieldProps {
  name: string;
  label: string;
  value?: string;
  type?: string;
  hint?: string;
  required?: boolean;
  placeholder?: string;
  /** What the API said of the form's values; a field shows what is about it. */
  problem?: Problem | null;
  /** The field's name in the API's body, where it differs. */
  field?: string;
  options?: readonly { value: string; label: string }[];
  /** The id of a datalist: what may be typed is offered. */
  list?: string;
  /** As many lines as this; none: one, in which return sends the form. */
  rows?: number;
}

/** A labelled field, with what is wrong with it below. */
export const Field = (props: FieldProps) => {
  const {
    name,
    label,
    value = "",
    type = "text",
    hint,
    required = false,
    placeholder,
    problem,
    options,
    rows,
    list,
  } = props;
  const wrong = problem?.errors.find(({ field }) => field === (props.field ?? name));
  const told = wrong ? `${name}-wrong` : hint ? `${name}-hint` : null;
  const shared = {
    name,
    id: `field-${name}`,
    ...(required && { required: true }),
    ...(wrong && { "aria-invalid": "true" as const }),
    ...(told && { "aria-describedby": told }),
  };
  return (
    <div class="field">
      <label for={shared.id}>{label}</label>
      {rows !== undefined ? (
        <textarea {...shared} rows={rows}>
          {value}
        </textarea>
      ) : options ? (
        <select {...shared}>
          {options.map((option) => (
            <option value={option.value} {...(option.value === value && { selected: true })}>
              {option.label}
            </option>
          ))}
        </select>
      ) : (
        <input
          {...shared}
          type={type}
          value={value}
          {...(placeholder && { placeholder })}
          {...(list && { list })}
          autocomplete="off"
        />
      )}
      {wrong ? (
        <small id={`${name}-wrong`} class="wrong">
          {wrong.rule}
        </small>
      ) : (
        hint && <small id={`${name}-hint`}>{hint}</small>
      )}
    </div>
  );
};

/** A form that changes something. `confirm`: a question that is asked first. */
export const Form = (props: { action: string; csrf: string; confirm?: string; class?: string; children?: Child }) => (
  <form
    method="post"
    action={props.action}
    {...(props.class && { class: props.class })}
    {...(props.confirm && { "data-confirm": props.confirm })}
  >
    <input type="hidden" name="csrf" value={props.csrf} />
    {props.children}
  </form>
);
