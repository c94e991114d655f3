/** On or off. */
export function Switch({ label, isOn, onChange }: { label: string; isOn: boolean; onChange: () => void }) {
  return (
    <button type="button" class="switch" role="switch" aria-checked={isOn} onClick={onChange}>
      <i aria-hidden="true" />
      {label}
    </button>
  );
}
