/** One or several of many: a button that says what is chosen, a menu with checkboxes and a search that narrows it. */
import {
  Badge,
  FormGroup,
  FormHelperText,
  HelperText,
  HelperTextItem,
  MenuSearch,
  MenuSearchInput,
  MenuToggle,
  SearchInput,
  Select,
  SelectList,
  SelectOption,
} from '@patternfly/react-core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';

export interface Choice {
  value: string;
  label: string;
  description?: string;
}

interface MultiSelectProps {
  /** Names the choice; with `isFilter` it stands on the button, else above it. */
  label: string;
  help?: string;
  value: readonly string[];
  choices: readonly Choice[];
  /** Asks for other choices by what is typed; without it, the search narrows those that are here. */
  onSearch?: (text: string) => void;
  onChange: (value: string[]) => void;
  isFilter?: boolean;
  /** How many can be chosen; a further choice takes the place of the oldest. */
  most?: number;
  isRequired?: boolean;
  placeholder?: string;
}

const SEARCH_FROM = 8;

export function MultiSelect({ label, help, value, choices, onSearch, onChange, isFilter, most = Infinity, isRequired, placeholder }: MultiSelectProps) {
  const { t } = useTranslation();
  const id = useId();
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState('');
  // What was chosen keeps its name when a further search finds others.
  const [chosen, setChosen] = useState<readonly Choice[]>([]);
  const known = new Set(choices.map((choice) => choice.value));
  const nameOf = (one: string) => chosen.find((choice) => choice.value === one)?.label ?? one;
  const others: Choice[] = value.filter((one) => !known.has(one)).map((one) => ({ value: one, label: nameOf(one) }));
  const narrowed = (some: readonly Choice[]) => some.filter((choice) => choice.label.toLowerCase().includes(search.toLowerCase()));
  const shown = [...(onSearch ? choices : narrowed(choices)), ...narrowed(others)];
  const names = value.map((one) => choices.find((choice) => choice.value === one)?.label ?? nameOf(one));
  const remember = (names: readonly string[]) => setChosen([...chosen, ...choices.filter((choice) => names.includes(choice.value))]);
  const look = (text: string) => {
    remember(value);
    setSearch(text);
    onSearch?.(text);
  };
  const isSingle = most === 1;
  const toggle = (one: string) => {
    remember([one]);
    onChange(value.includes(one) ? value.filter((other) => other !== one) : [...value, one].slice(-most));
    if (isSingle) setOpen(false);
  };
  const picked = names.length <= 2 ? names.join(', ') : t('nChosen', { count: names.length });
  const menu = (
    <Select
      isOpen={open}
      isScrollable
      role={isSingle ? undefined : 'menu'} // options with checkboxes are items of a menu
      selected={[...value]}
      onOpenChange={setOpen}
      onSelect={(_, chosen) => toggle(String(chosen))}
      maxMenuHeight="20rem"
      popperProps={{ appendTo: 'inline', maxWidth: '28rem' }}
      toggle={(ref) => (
        <MenuToggle
          ref={ref}
          id={id}
          isExpanded={open}
          isFullWidth={!isFilter}
          aria-label={`${label}: ${names.length ? picked : (placeholder ?? t('any'))}`}
          badge={isFilter && !isSingle && value.length > 0 ? <Badge isRead>{value.length}</Badge> : undefined}
          onClick={() => setOpen(!open)}
        >
          {isFilter ? (isSingle && names.length ? `${label}: ${picked}` : label) : names.length ? picked : (placeholder ?? t('choose'))}
        </MenuToggle>
      )}
    >
      {(choices.length >= SEARCH_FROM || search !== '') && (
        <MenuSearch>
          <MenuSearchInput>
            <SearchInput value={search} aria-label={t('search')} onChange={(_, text) => look(text)} onClear={() => look('')} />
          </MenuSearchInput>
        </MenuSearch>
      )}
      <SelectList aria-label={label}>
        {shown.map((choice) => (
          <SelectOption key={choice.value} value={choice.value} hasCheckbox={!isSingle} isSelected={value.includes(choice.value)} description={choice.description}>
            {choice.label}
          </SelectOption>
        ))}
        {shown.length === 0 && <SelectOption isDisabled>{t('nothingFound')}</SelectOption>}
      </SelectList>
    </Select>
  );
  if (isFilter) return menu;
  return (
    <FormGroup label={label} fieldId={id} isRequired={isRequired}>
      {menu}
      {help && (
        <FormHelperText>
          <HelperText>
            <HelperTextItem>{help}</HelperTextItem>
          </HelperText>
        </FormHelperText>
      )}
    </FormGroup>
  );
}
