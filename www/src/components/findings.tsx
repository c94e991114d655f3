import type { Finding } from 'markmonitor-certs';
import { Icon } from './icon.js';

const severities = [
  { severity: 'error', title: 'Will be refused', icon: 'error', tone: 'bad' },
  { severity: 'warning', title: 'Warnings', icon: 'alert', tone: 'attention' },
  { severity: 'info', title: 'Worth knowing', icon: 'info', tone: 'active' },
] as const;

/** What the rules found, the gravest first, each with its source. */
export function Findings({ findings }: { findings: readonly Finding[] }) {
  const groups = severities.map((group) => ({
    ...group,
    own: findings.filter(({ severity }) => severity === group.severity),
  }));
  const shown = groups.filter(({ own }) => own.length > 0);
  if (shown.length === 0) return null;
  return (
    <section class="card" aria-label="Findings">
      {shown.map(({ severity, title, icon, tone, own }) => (
        <div key={severity} class="findings">
          <h3>{title}</h3>
          <ul>
            {own.map(({ code, message, field, source }) => (
              <li key={`${code} ${field}`} class={`tone-${tone}`}>
                <Icon name={icon} />
                <div>
                  <p dir="auto">{message}</p>
                  <p class="muted">{[field, source, code].filter(Boolean).join(' · ')}</p>
                </div>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
