import { explain } from '../explain.js';
import { Icon } from './icon.js';

/** In place of what is still being loaded. */
export function Skeleton({ lines = 3, label }: { lines?: number; label: string }) {
  return (
    <div class="skeleton" role="status">
      <span class="visually-hidden">{label}</span>
      {Array.from({ length: lines }, (_, index) => (
        <i key={index} aria-hidden="true" />
      ))}
    </div>
  );
}

/** In place of what is not there. */
export function Empty({ title, children }: { title: string; children?: preact.ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** What went wrong, and what to do. */
export function ErrorNote({ error, retry }: { error: unknown; retry?: () => void }) {
  const { title, advice, details } = explain(error);
  return (
    <div class="note tone-bad" role="alert">
      <Icon name="error" />
      <div>
        <strong>{title}</strong>
        {details.length > 0 && (
          <ul>
            {details.map((detail) => (
              <li key={detail}>{detail}</li>
            ))}
          </ul>
        )}
        <p>{advice}</p>
      </div>
      {retry && (
        <button type="button" class="button small" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}
