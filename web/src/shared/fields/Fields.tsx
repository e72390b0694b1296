/** The form fields of every form: label, control, one line of help, and an error in its place. */
import {
  FormGroup,
  FormHelperText,
  FormSelect,
  FormSelectOption,
  HelperText,
  HelperTextItem,
  Switch,
  TextArea,
  TextInput,
  type TextInputProps,
} from '@patternfly/react-core';
import { useId, type ReactNode } from 'react';

interface FieldProps {
  label: string;
  help?: ReactNode;
  error?: string;
  isRequired?: boolean;
}

interface FrameProps extends FieldProps {
  id: string;
  children: ReactNode;
}

function Frame({ id, label, help, error, isRequired, children }: FrameProps) {
  return (
    <FormGroup label={label} fieldId={id} isRequired={isRequired}>
      {children}
      {(error ?? help) && (
        <FormHelperText>
          <HelperText id={`${id}-help`}>
            <HelperTextItem variant={error ? 'error' : 'default'}>{error ?? help}</HelperTextItem>
          </HelperText>
        </FormHelperText>
      )}
    </FormGroup>
  );
}

interface TextFieldProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  type?: TextInputProps['type'];
  placeholder?: string;
  autoComplete?: string;
  inputMode?: TextInputProps['inputMode'];
  autoFocus?: boolean;
  /** Texts the browser offers while typing. */
  suggestions?: readonly string[];
}

export function TextField({ value, onChange, suggestions, label, help, error, isRequired, ...input }: TextFieldProps) {
  const id = useId();
  return (
    <Frame id={id} label={label} help={help} error={error} isRequired={isRequired}>
      <TextInput
        {...input}
        id={id}
        value={value}
        isRequired={isRequired}
        validated={error ? 'error' : 'default'}
        aria-describedby={help || error ? `${id}-help` : undefined}
        list={suggestions && `${id}-list`}
        onChange={(_, text) => onChange(text)}
      />
      {suggestions && (
        <datalist id={`${id}-list`}>
          {suggestions.map((text) => (
            <option key={text} value={text} />
          ))}
        </datalist>
      )}
    </Frame>
  );
}

interface NumberFieldProps extends FieldProps {
  value: number | null;
  onChange: (value: number | null) => void;
  placeholder?: string;
}

/** A whole number, or nothing. */
export function NumberField({ value, onChange, ...field }: NumberFieldProps) {
  return (
    <TextField
      {...field}
      inputMode="numeric"
      value={value === null ? '' : String(value)}
      onChange={(text) => {
        const digits = text.replace(/\D/g, '');
        onChange(digits === '' ? null : Number(digits));
      }}
    />
  );
}

interface MoneyFieldProps extends FieldProps {
  value: string | null;
  onChange: (value: string | null) => void;
  placeholder?: string;
}

/** An amount as an exact decimal text, or nothing. A decimal comma is taken for a point. */
export function MoneyField({ value, onChange, ...field }: MoneyFieldProps) {
  return (
    <TextField
      {...field}
      inputMode="decimal"
      value={value ?? ''}
      onChange={(text) => {
        const amount = text.replace(',', '.').replace(/[^\d.]/g, '').replace(/(\..*)\./g, '$1');
        onChange(amount === '' ? null : amount);
      }}
    />
  );
}

interface SelectFieldProps<T extends string> extends FieldProps {
  value: T;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
}

export function SelectField<T extends string>({ value, options, onChange, label, help, error, isRequired }: SelectFieldProps<T>) {
  const id = useId();
  return (
    <Frame id={id} label={label} help={help} error={error} isRequired={isRequired}>
      <FormSelect
        id={id}
        value={value}
        aria-describedby={help || error ? `${id}-help` : undefined}
        onChange={(_, chosen) => onChange(chosen as T)}
      >
        {options.map((option) => (
          <FormSelectOption key={option.value} value={option.value} label={option.label} />
        ))}
      </FormSelect>
    </Frame>
  );
}

interface AreaFieldProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  rows?: number;
  placeholder?: string;
}

export function AreaField({ value, onChange, rows = 3, placeholder, label, help, error, isRequired }: AreaFieldProps) {
  const id = useId();
  return (
    <Frame id={id} label={label} help={help} error={error} isRequired={isRequired}>
      <TextArea
        id={id}
        value={value}
        rows={rows}
        placeholder={placeholder}
        isRequired={isRequired}
        resizeOrientation="vertical"
        aria-describedby={help || error ? `${id}-help` : undefined}
        onChange={(_, text) => onChange(text)}
      />
    </Frame>
  );
}

interface SwitchFieldProps {
  label: string;
  help?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export function SwitchField({ label, help, checked, onChange }: SwitchFieldProps) {
  const id = useId();
  return (
    <div>
      <Switch
        id={id}
        label={label}
        isChecked={checked}
        aria-describedby={help ? `${id}-help` : undefined}
        onChange={(_, on) => onChange(on)}
      />
      {help && (
        <div id={`${id}-help`} className="lm-subtle lm-switch-help">
          {help}
        </div>
      )}
    </div>
  );
}
