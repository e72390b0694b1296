/** A small menu in the masthead that picks one of a few. */
import { Dropdown, DropdownItem, DropdownList, MenuToggle } from '@patternfly/react-core';
import { useState, type ReactElement, type ReactNode } from 'react';

interface ChooserProps<T extends string> {
  label: string;
  icon?: ReactElement;
  text?: ReactNode;
  value?: T;
  choices: readonly { value: T; label: string; description?: string }[];
  onChoose: (value: T) => void;
}

export function Chooser<T extends string>({ label, icon, text, value, choices, onChoose }: ChooserProps<T>) {
  const [open, setOpen] = useState(false);
  return (
    <Dropdown
      isOpen={open}
      onOpenChange={setOpen}
      onSelect={(_, chosen) => {
        setOpen(false);
        onChoose(chosen as T);
      }}
      popperProps={{ position: 'right' }}
      shouldFocusToggleOnSelect
      toggle={(ref) => (
        <MenuToggle ref={ref} variant="plainText" icon={icon} isExpanded={open} aria-label={label} onClick={() => setOpen(!open)}>
          {text}
        </MenuToggle>
      )}
    >
      <DropdownList>
        {choices.map((choice) => (
          <DropdownItem key={choice.value} value={choice.value} isSelected={choice.value === value} description={choice.description}>
            {choice.label}
          </DropdownItem>
        ))}
      </DropdownList>
    </Dropdown>
  );
}
