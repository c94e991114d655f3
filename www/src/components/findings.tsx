import type { Finding } from 'markmonitor-certs';
import { Icon, type IconName } from './icon.js';

const severities: { severity: Finding['severity']; title: string; icon: IconName; tone: string }[] = [
  { severity: 'error', title: 'Will be refused', icon: 'error', tone: 'bad' },
  { severity: 'warning', title: 'May surprise you', icon: 'alert', tone: 'attention' },
  { severity: 'info', title: 'Worth knowing', icon: 'info', tone: 'active' },
];

/** What the rules found, the gravest first, each with its source. */
export function Findings({ findings }: { findings: readonly Finding[] }) {
  if (findings.length === 0) return null;
  return (
    <section class="card findings" aria-label="Findings">
      {severities.map(({ severity, title, icon, tone }) => {
        const own = findings.filter((finding) => finding.severity === severity);
        if (own.length === 0) return null;
        return (
          <div key={severity}>
            <h3>{title}</h3>
            <ul>
              {own.map(({ code, message, field, source }) => (
                <li key={`${code} ${field}`} class={`tone-${tone}`}>
                  <Icon name={icon} />
                  <div>
                    <bdi>{message}</bdi>
                    <p class="muted">{[field, source, code].filter(Boolean).join(' · ')}</p>
                  </div>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </section>
  );
}
