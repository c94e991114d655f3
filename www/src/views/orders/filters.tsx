import { organizations } from '../../state/orders.js';
import { setQuery } from '../../state/route.js';
import { certTypes, knownStatuses, statusWords, typeWords } from '../../words.js';
import type { Filter } from './filter.js';

/** The fields that narrow the list. */
export function Filters({ filter }: { filter: Filter }) {
  const names = [...organizations.value].map(([id, { name = id }]) => [id, name] as const);
  return (
    <search class="filters">
      <input
        type="search"
        aria-label="Search"
        placeholder="Name, serial number or id"
        value={filter.text}
        onInput={({ currentTarget }) => setQuery({ text: currentTarget.value })}
      />
      <Choice name="organization" label="Organization" value={filter.organization} options={names} />
      <Choice name="type" label="Type" value={filter.type} options={certTypes.map((type) => [type, typeWords(type)])} />
      <Choice
        name="status"
        label="Status"
        value={filter.status}
        options={knownStatuses.map((status) => [status, labelOf(status)])}
      />
      <Choice name="days" label="Expires" value={filter.days} options={spans} />
    </search>
  );
}

const spans: [string, string][] = [
  ['7', 'Within 7 days'],
  ['30', 'Within 30 days'],
  ['90', 'Within 90 days'],
];

/** Two statuses share their words. */
function labelOf(status: string): string {
  const { label } = statusWords(status);
  return status === 'REISSUE_PENDING' ? `${label} (old)` : label;
}

interface ChoiceProps {
  name: string;
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
}

function Choice({ name, label, value, options }: ChoiceProps) {
  return (
    <select
      aria-label={label}
      class={value && 'chosen'}
      value={value}
      onChange={({ currentTarget }) => setQuery({ [name]: currentTarget.value })}
    >
      <option value="">{label}: all</option>
      {options.map(([key, text]) => (
        <option key={key} value={key}>
          {text}
        </option>
      ))}
    </select>
  );
}
